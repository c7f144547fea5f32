"""Attempts read under another dialect: which, how far the bytes are scanned again, and what is found."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.decoded import DecodedSource, decoding_of
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background

SLICE_NS = 25_000_000
AGAIN_NS = 40_000_000
"""A commit is not farther off."""


@dataclass(slots=True)
class _Reading:
    source: DecodedSource
    note: str
    busy: bool = False
    looked_at: AttemptSnapshot | None = None  # whose bytes are scanned
    looked_ns: int = 0
    shown: AttemptSnapshot | None = None
    shown_for: tuple[object, ...] = ()


class Readings:
    """One a pane. The scanning runs on ``background``; everything else on the window's thread."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._readings: dict[int, _Reading] = {}
        self.trouble = ""

    def dialect(self, number: int) -> str:
        """What attempt ``number`` is read as; empty as agreed on."""
        reading = self._readings.get(number)
        return reading.source.agreed.dialect if reading is not None else ""

    def note(self, number: int) -> str:
        """What the handshake did not tell for this reading."""
        reading = self._readings.get(number)
        return reading.note if reading is not None else ""

    def source(self, number: int) -> DecodedSource | None:
        reading = self._readings.get(number)
        return reading.source if reading is not None else None

    def choose(self, snapshot: AttemptSnapshot, reader: CaptureReader, dialect: str) -> bool:
        """Read the attempt as ``dialect``, or as agreed where that is it; False where it cannot be.

        Raises CaptureError where the capture cannot be read.
        """
        self.trouble = ""
        before = self._readings.pop(snapshot.number, None)
        if before is not None:
            before.source.cancel()
        if dialect in ("", snapshot.agreed.dialect):
            return True
        decoding = decoding_of(reader, snapshot, dialect)
        if decoding is None:
            self.trouble = translate("Readings", "No frames can have travelled: there was no 101.")
            return False
        source = DecodedSource(reader, snapshot.attempt_id, decoding)
        self._readings[snapshot.number] = _Reading(source, decoding.note)
        return True

    def share(self, number: int) -> int:
        """Percent of the bytes scanned."""
        reading = self._readings.get(number)
        if reading is None or not reading.source.total:
            return 100
        return 100 * reading.source.done // reading.source.total

    def shown(self, snapshot: AttemptSnapshot) -> AttemptSnapshot:
        """``snapshot`` as this reading has it; the same object while nothing has changed."""
        reading = self._readings.get(snapshot.number)
        if reading is None:
            return snapshot
        key = (snapshot.serial, reading.source.frames, reading.source.pending)
        if reading.shown is None or key != reading.shown_for:
            reading.shown, reading.shown_for = reading.source.shown(snapshot), key
        return reading.shown

    def go_on(self, snapshot: AttemptSnapshot, done: Callable[[], None]) -> None:
        """Scan on where bytes have come since; ``done()`` follows each piece."""
        reading = self._readings.get(snapshot.number)
        if reading is None or reading.busy:
            return
        # Bytes may be counted a moment before they are in the capture: ask again, but not at once.
        soon = time.perf_counter_ns() - reading.looked_ns < AGAIN_NS
        if reading.looked_at is snapshot and (soon or not reading.source.behind(snapshot)):
            return
        source = reading.source
        reading.busy = True

        def work() -> bool:
            until = time.perf_counter_ns() + SLICE_NS
            while source.catch_up(snapshot=snapshot):
                if time.perf_counter_ns() > until:
                    return True
            return False

        def finished(left: Any) -> None:
            reading.busy = False
            if isinstance(left, Exception):
                self.trouble = str(left)
                reading.looked_at = snapshot
                source.cancel()  # what cannot be read is not asked for again
            elif not left:
                reading.looked_at, reading.looked_ns = snapshot, time.perf_counter_ns()
            done()

        self._background.ask("decode", work, finished)
