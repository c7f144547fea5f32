"""The command ``connect``: open, send, print every frame, and say how it ended."""

import argparse
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.trimming import LEAST_BYTES
from wsinspector.cli.answer_report import exit_code, outcome_name, sentence
from wsinspector.cli.crafting import Crafted, check_crafts, leave, read_craft, read_craft_file
from wsinspector.cli.frame_lines import (
    end_json,
    end_text,
    frame_json,
    frame_text,
    not_kept_json,
    not_kept_text,
)
from wsinspector.cli.frame_reading import PAGE, Frame, NotKept, read_rows
from wsinspector.cli.interrupts import Interrupts, counted_interrupts
from wsinspector.cli.request import WrongArgumentError, build, check_able, frames_of
from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.running import WRITTEN_WITHIN, connected, conversation_for
from wsinspector.cli.stepping import Steps
from wsinspector.cli.telling import say
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.outgoing import GONE, NOT_SENT
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.present.numbers import count
from wsinspector.protocol.opcodes import BINARY, PING, TEXT

GRACE = 6.0
"""Seconds the closing handshake may take once we want to end."""

PRINT_WITHIN = 2.0
"""Seconds printing may go on once we want to end; what it had not come to by then is not printed."""

NOT_WRITTEN = 5
"""The exit code where the capture could not be written whole."""

LOOK_AGAIN = 0.1
"""Seconds between looks where nothing is published: for Ctrl-C and the time."""

_OPCODES = {"text": TEXT, "binary": BINARY, "ping": PING}


def run(arguments: argparse.Namespace) -> int:
    """Print frames until the end; return the exit code. Raises WrongArgumentError."""
    request = build(arguments)
    sends = [(kind, _to_send(kind, value)) for kind, value in arguments.sends or ()]
    capture = _capture_path(arguments.capture)
    _check_size(arguments.keep_bytes, capture)
    as_lines = arguments.json or sys.stdout is None or not sys.stdout.isatty()
    interactive = not sends and sys.stdin is not None and sys.stdin.isatty()
    heard: list[str] = []
    check_able(request, [(kind, value) for kind, value in sends if isinstance(value, bytes)], heard)
    check_crafts([value for _, value in sends if isinstance(value, Crafted)], frames_of(request))
    for note in (*request.notes, *heard):
        say(note)
    with counted_interrupts() as interrupts, conversation_for(request, capture) as conversation:
        if capture is not None:
            conversation.save()  # makes or opens the file: whoever asked for it does not want to go without
            if conversation.store_trouble:
                raise WrongArgumentError(conversation.store_trouble)
        attempt = connected(conversation)
        run = _Run(conversation, attempt, interrupts, as_lines, sends, arguments.frames, arguments.seconds)
        if attempt.options.step:
            run.steps = Steps(conversation, attempt, closes=interactive)
            run.steps.begin()
            interactive = False  # standard input is for the steps, and for texts among them
        try:
            snapshot = run.to_its_end(interactive=interactive)
        except ReaderGoneError:
            # Nobody reads on; whether it opened is known, as there was something to print.
            return exit_code(attempt.snapshot)
        unsent = snapshot.trouble.startswith(NOT_SENT) and snapshot.trouble != GONE
        if unsent or (capture is not None and snapshot.trouble and not run.told):
            say(snapshot.trouble)
        if run.left and not snapshot.live:
            say(_left_text(run.left, capture))
    lost = bool(attempt.snapshot.dropped or conversation.store_trouble)
    if lost:
        say("The capture could not be written whole." if capture else "Not everything could be kept.")
    with contextlib.suppress(ReaderGoneError):
        put([end_json(snapshot, outcome_name(snapshot)) if as_lines else _last_text(snapshot)])
    if snapshot.network_error and as_lines:
        say(snapshot.network_error)
    if snapshot.hint:
        say(snapshot.hint)
    if snapshot.fit is not None:
        say(f"{snapshot.fit.reason} Try --speak {snapshot.fit.dialect}.")
    return NOT_WRITTEN if lost else exit_code(snapshot)


def _left_text(left: int, capture: Path | None) -> str:
    frames = "1 frame was" if left == 1 else f"{count(left)} frames were"
    where = f" What is kept of them is in {capture}." if capture is not None else ""
    return f"{frames} not printed, as printing was behind when the end was asked for.{where}"


def _last_text(snapshot: AttemptSnapshot) -> str:
    end = snapshot.end
    opened = end is not None and end.code is not None
    return f"{sentence(snapshot)}. {end_text(snapshot)}" if opened else sentence(snapshot)


def _to_send(kind: str, value: str | bytes) -> bytes | Crafted:
    if isinstance(value, str) and kind in ("craft", "craft-file"):
        return read_craft(value) if kind == "craft" else read_craft_file(value)
    return _payload(value)


def _payload(value: str | bytes) -> bytes:
    # What the shell handed over is sent as it is, also where it is no UTF-8.
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")


def _check_size(size: int, capture: Path | None) -> None:
    if size and capture is None:
        raise WrongArgumentError("--keep-bytes needs --capture FILE: it limits that file.")
    if 0 < size < LEAST_BYTES:
        raise WrongArgumentError(f"--keep-bytes {size}: at least {LEAST_BYTES >> 20} MiB.")


def _capture_path(name: str | None) -> Path | None:
    if name is None:
        return None
    path = Path(name)
    if not path.parent.is_dir():
        raise WrongArgumentError(f"--capture {name}: the folder does not exist.")
    if path.exists() and not path.is_file():
        raise WrongArgumentError(f"--capture {name}: not a file.")
    if path.exists():
        try:
            CaptureReader(path).close()
        except (CaptureError, OSError) as error:
            raise WrongArgumentError(f"--capture {name}: {error}") from None
    return path


class _Run:
    """One attempt from its start to its end, frames printed as the capture has them."""

    def __init__(
        self,
        conversation: Conversation,
        attempt: Attempt,
        interrupts: Interrupts,
        as_lines: bool,
        sends: list[tuple[str, bytes | Crafted]],
        frames: int | None,
        seconds: float | None,
    ) -> None:
        self._conversation = conversation
        self._attempt = attempt
        self._interrupts = interrupts
        self._interrupts_seen = 0
        self._shown: Callable[[Frame], str] = frame_json if as_lines else frame_text
        self._not_kept: Callable[[NotKept, list[str]], str] = not_kept_json if as_lines else not_kept_text
        options = attempt.options
        self._limited = bool(options.keep_bytes or options.keep_frames or options.keep_seconds)
        self._gone: NotKept | None = None
        self._sends = sends
        self._frames = frames
        self._until = time.monotonic() + seconds if seconds is not None else None
        self._printed = 0
        self._was_open = False
        self._ending_since: float | None = None
        self._given_up = False
        self.steps: Steps | None = None
        self.left = 0
        """Frames that were not printed, as there was no time for them."""
        self.told = ""
        """Why the capture could not be written, as it was last said."""

    def to_its_end(self, *, interactive: bool) -> AttemptSnapshot:
        """The last snapshot. Ctrl-C closes, a second one gives up."""
        waits_to_send = bool(self._sends) or interactive
        waiting_since = 0.0
        while True:
            self._attempt.wait_for(self._has_news, self._next_look())
            snapshot = self._attempt.snapshot
            if waits_to_send and snapshot.open:
                waits_to_send = False
                self._send(interactive=interactive)
            self._tell_of_the_capture()
            if self.steps is not None:
                self.steps.tell(snapshot)
            before = self._printed
            if not self._is_late():
                self._print(snapshot)
            if self._is_over(snapshot):
                self._print_gone(snapshot)
                return snapshot
            if not snapshot.live and (self._is_late() or self._conversation.capture_trouble):
                self._print_gone(snapshot)
                self.left = snapshot.frames_in + snapshot.frames_out - self._printed
                return snapshot
            if not snapshot.live:
                # Frames of a busy connection may take long to print; only a standstill is a fault.
                if self._printed > before or not waiting_since:
                    waiting_since = time.monotonic()
                if time.monotonic() - waiting_since > WRITTEN_WITHIN:
                    say("Not every frame could be read back from the capture.")
                    self._print_gone(snapshot)
                    return snapshot
            self._end_where_due()

    def _tell_of_the_capture(self) -> None:
        trouble = self._conversation.capture_trouble
        if trouble and trouble != self.told:
            say(f"The capture cannot be written: {trouble}")
        elif self.told and not trouble:
            say("The capture is written again.")
        self.told = trouble

    def _is_late(self) -> bool:
        """Whether printing has had its time since the end was asked for."""
        since = self._ending_since
        return self._given_up or (since is not None and time.monotonic() - since > PRINT_WITHIN)

    def _send(self, *, interactive: bool) -> None:
        if any(isinstance(value, Crafted) for _, value in self._sends):
            # What follows a craft waits until it has left, and frames are printed meanwhile.
            threading.Thread(target=self._send_all, name="sending", daemon=True).start()
        else:
            self._send_all()
        if interactive:
            say("Connected. A line sends a text, Ctrl-D closes.")
            threading.Thread(target=self._read_lines, name="standard input", daemon=True).start()

    def _send_all(self) -> None:
        for kind, value in self._sends:
            if isinstance(value, bytes):
                self._attempt.say(_OPCODES[kind], value)
            elif not leave(self._attempt, value, say):
                return

    def _end_where_due(self) -> None:
        pressed = self._interrupts.count > self._interrupts_seen
        self._interrupts_seen = self._interrupts.count
        enough = self._frames is not None and self._printed >= self._frames
        if self._ending_since is None:
            if pressed or enough or self._time_is_up():
                self._finish()
        elif pressed or time.monotonic() - self._ending_since > GRACE:
            self._given_up = True
            self._attempt.cancel()

    def _read_lines(self) -> None:
        # Not sys.stdin: its lock, held by a thread that waits, would keep the interpreter from ending.
        rest = b""
        while data := os.read(sys.stdin.fileno(), 65536):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._attempt.say(TEXT, line.removesuffix(b"\r"))
        if rest:
            self._attempt.say(TEXT, rest)
        self._attempt.close()

    def _has_news(self, snapshot: AttemptSnapshot) -> bool:
        opened = snapshot.open and not self._was_open
        self._was_open = self._was_open or opened
        late = self._is_late()
        behind = snapshot.frames > self._printed and not late
        waits = self.steps is not None and self.steps.is_news(snapshot)
        return opened or behind or waits or self._is_over(snapshot) or (late and not snapshot.live)

    def _is_over(self, snapshot: AttemptSnapshot) -> bool:
        return not snapshot.live and self._printed >= snapshot.frames_in + snapshot.frames_out

    def _print(self, snapshot: AttemptSnapshot) -> None:
        if snapshot.frames <= self._printed:
            return
        reader = self._conversation.reader()
        if reader is None:
            return
        put(self._lines(reader, snapshot))

    def _print_gone(self, snapshot: AttemptSnapshot) -> None:
        if self._gone is not None:
            put([self._gone_line(snapshot)])

    def _gone_line(self, snapshot: AttemptSnapshot) -> str:
        gone, self._gone = self._gone, None
        assert gone is not None
        return self._not_kept(gone, [loss.reason for loss in snapshot.losses if loss.frames])

    def _lines(self, reader: CaptureReader, snapshot: AttemptSnapshot) -> Iterator[str]:
        """The next frames, few enough to look at Ctrl-C, the time and the count between two calls."""
        last = min(snapshot.frames, self._printed + PAGE)
        if self._frames is not None and self._printed < self._frames:
            last = min(last, self._frames)
        for row in read_rows(reader, snapshot, self._printed + 1, last, limited=self._limited):
            if isinstance(row, NotKept):
                # Told once the run is known to its end.
                self._gone = NotKept(self._gone.first if self._gone is not None else row.first, row.last)
                self._printed = row.last
                continue
            if self._gone is not None:
                yield self._gone_line(self._attempt.snapshot)
            yield self._shown(row)
            self._printed = row.no

    def _time_is_up(self) -> bool:
        return self._until is not None and time.monotonic() >= self._until

    def _next_look(self) -> float:
        if self._until is None or self._ending_since is not None:
            return LOOK_AGAIN
        return min(LOOK_AGAIN, max(0.0, self._until - time.monotonic()))

    def _finish(self) -> None:
        """End in order: by a Close frame where the connection is open, else by giving up."""
        self._ending_since = time.monotonic()
        if self.steps is not None:
            self.steps.end()
        phase = self._attempt.snapshot.phase
        watching = self._attempt.options.policy == "watch"
        if self._conversation.capture_trouble:
            self._attempt.cancel()  # nothing is read, so that no answer to a Close frame would be
        elif phase is Phase.OPEN or (watching and phase is Phase.CLOSING):
            # Only watching leaves a Close frame of the peer unanswered until now.
            self._attempt.close()
        elif phase is not Phase.CLOSING:
            self._attempt.cancel()
