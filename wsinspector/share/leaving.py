"""One attempt as it leaves the program, for every export: heads, frames and messages as plain values.

Nothing is read before it is asked for, and of a payload no more than a piece at a time is held.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from wsinspector.capture import CaptureReader, ConversationRow, GapRow
from wsinspector.conversation.decoded import frame_starts
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.answer import of_attempt
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.rowlabels import anomaly_labels
from wsinspector.present.typenames import type_name
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_MASKED
from wsinspector.protocol.http import Head
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.compressed_secrets import Veil, Veils, veils_of
from wsinspector.share.leaving_values import Cancelled, Hole, LeavingFrame
from wsinspector.share.left_out import FILL, LeftOut, Piece, Secret, Secrets, spans_of
from wsinspector.share.reading_ahead import ReadingAhead
from wsinspector.share.split_secrets import SplitPart, split_parts
from wsinspector.translate import translate

PIECE = 1 << 20
"""Bytes of a payload or stream that are held together."""

TOGETHER = 1024  # frames read from the index together

InflatedSecrets = tuple[tuple[Direction, int], dict[int, list[tuple[int, int, Secret]]]]
"""Of one message, by direction and number: where secrets lie in what each of its frames says."""

_CODES = tuple((int(flag), (flag.name or "").lower().replace("_", "-")) for flag in FrameAnomaly)


def _nothing(done: int, total: int) -> None:
    del done, total


def _never() -> bool:
    return False


class Leaving:
    """What leaves of one attempt. Not thread-safe; not for the UI thread.

    ``numbers``: the frames that leave, in order; None for all. ``with_secrets`` leaves nothing out.
    ``progress(done, total)`` counts frames; where ``cancelled()`` is true, what iterates raises
    :class:`Cancelled`. ``snapshot``: of the window, or restored from the file. ``secrets``: shared by
    attempts that leave together, as a cookie of one may stand in another; in place of ``with_secrets``.
    """

    def __init__(
        self,
        reader: CaptureReader,
        snapshot: AttemptSnapshot,
        options: Options,
        *,
        conversation: ConversationRow | None = None,
        numbers: Sequence[int] | None = None,
        with_secrets: bool = False,
        progress: Callable[[int, int], None] = _nothing,
        cancelled: Callable[[], bool] = _never,
        secrets: Secrets | None = None,
    ) -> None:
        self.reader = reader
        self.snapshot = snapshot
        self.options = options
        self.conversation = conversation
        self.progress = progress
        self.cancelled = cancelled
        self.secrets = Secrets(keep=with_secrets) if secrets is None else secrets
        self.source = ReadingAhead(reader, snapshot.attempt_id)
        self.composed = bool(snapshot.imported)
        self.reading = FrameReading(self.source, snapshot.agreed, snapshot.role, composed=self.composed)
        self.inflation = Inflation(self.reading)
        self.frames_there = reader.frame_count(snapshot.attempt_id)
        self.all_frames = numbers is None
        self.numbers: Sequence[int] = range(1, self.frames_there + 1) if numbers is None else numbers
        self.gaps: tuple[GapRow, ...] = tuple(reader.gaps(snapshot.attempt_id))
        self._holes = sorted((gap.start, gap.stop, gap.reason) for gap in self.gaps if gap.kind == "frames")
        self._lost = {
            side: sorted(
                (gap.start, gap.stop, gap.reason)
                for gap in self.gaps
                if gap.kind == "bytes" and gap.direction is side
            )
            for side in Direction
        }
        self._split: dict[int, list[SplitPart]] | None = None
        self._veils: Veils | None = None
        self.inflated_secrets: InflatedSecrets | None = None
        self._learn()

    def _learn(self) -> None:
        snapshot, secrets = self.snapshot, self.secrets
        secrets.learn_head(snapshot.request)
        for response in self.responses:
            secrets.learn_parsed(response)
        secrets.learn_address(snapshot.url)
        if self.conversation is not None:
            learn_conversation(secrets, self.conversation)

    # -- the attempt

    @property
    def asking(self) -> Direction:
        """The direction in which the request travelled."""
        return Direction.IN if self.snapshot.role is Role.SERVER else Direction.OUT

    @property
    def answering(self) -> Direction:
        return Direction.OUT if self.snapshot.role is Role.SERVER else Direction.IN

    @property
    def responses(self) -> tuple[Head, ...]:
        """The heads that answered, interim ones first; their spans count from the stream's first byte."""
        final = (self.snapshot.response,) if self.snapshot.response is not None else ()
        return tuple(each.head for each in (*self.snapshot.interim, *final))

    @property
    def url(self) -> str:
        return self.secrets.address(self.snapshot.url, translate("Leaving", "the address"))

    @property
    def title(self) -> str:
        return (
            self.secrets.plain(self.conversation.title, translate("Leaving", "the title"))
            if self.conversation
            else ""
        )

    @property
    def answer(self) -> str:
        """The sentence above the panes."""
        return self.secrets.sentence(of_attempt(self.snapshot).spoken, translate("Leaving", "the verdict"))

    def request(self) -> list[Piece]:
        """The request's bytes in pieces, also of one that never left."""
        return self.secrets.head(self.snapshot.request, translate("Leaving", "the request"))

    def findings(self) -> list[dict[str, str]]:
        """What the rules say of the handshake, worst first: rule, severity, fault, clause, text."""
        verdict = self.snapshot.verdict
        return [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "fault": each.fault.value,
                "clause": each.clause,
                "text": self.secrets.sentence(each.text, translate("Leaving", "the verdict")),
            }
            for each in (verdict.findings if verdict is not None else ())
        ]

    def wall(self, mono_ns: int) -> int:
        """Wall-clock ns of a monotonic time of this attempt."""
        return self.snapshot.wall_ns + mono_ns - self.snapshot.mono_ns

    def plain(self, value: Any, where: str) -> Any:
        return self.secrets.plain(value, where)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What was left out so far; whole once everything was written."""
        return self.secrets.left_out

    # -- bytes

    def frame_starts(self) -> dict[Direction, int]:
        """Where frames begin each way; where there was no 101, behind the last byte."""
        starts = frame_starts(self.reader, self.snapshot)
        if starts is not None:
            return starts
        return {side: self.reader.stream_length(self.snapshot.attempt_id, side) for side in Direction}

    def stream(self, direction: Direction, start: int, end: int, where: str = "") -> Iterator[bytes]:
        """Bytes ``start`` to ``end - 1`` of a direction, secrets filled, with every length as it was."""
        spans = list(self._head_spans(direction))
        place = where or (
            translate("Leaving", "the request")
            if direction is self.asking
            else translate("Leaving", "the answer")
        )
        pieces = self._raw(direction, start, end)
        if not spans or self.secrets.keep:
            return self.secrets.stream(pieces, place)
        return self.secrets.stream(self._without(pieces, start, spans), place)

    def _raw(self, direction: Direction, start: int, end: int) -> Iterator[bytes]:
        at = start
        while at < end:
            self.look()
            data = self.reader.stream(self.snapshot.attempt_id, direction, at, min(end, at + PIECE))
            if not data:
                return
            yield data
            at += len(data)

    def _head_spans(self, direction: Direction) -> Iterator[tuple[int, int, str]]:
        """(start, stop, where) of the secrets that stand in heads, by their places in the stream."""
        if direction is self.asking:
            at = 0
            for piece in self.request():
                if not isinstance(piece, bytes):
                    yield at, at + len(piece), ""  # listed by request() already
                at += len(piece)
            return
        for head in self.responses:
            for shift, label, span in spans_of(head):
                yield (
                    span.start + shift,
                    span.end + shift,
                    f"{label} {translate('Leaving', 'of')} {translate('Leaving', 'the answer')}",
                )

    def _without(
        self, pieces: Iterable[bytes], start: int, spans: list[tuple[int, int, str]]
    ) -> Iterator[bytes]:
        at = start
        for piece in pieces:
            end = at + len(piece)
            data = bytearray(piece)
            for begin, stop, where in spans:
                low, high = max(begin, at), min(stop, end)
                if low < high:
                    if where and low == begin:
                        self.secrets.told(self._span(begin, stop), where)
                    data[low - at : high - at] = FILL * (high - low)
            yield bytes(data)
            at = end

    def _span(self, begin: int, stop: int) -> bytes:
        return self.reader.stream(self.snapshot.attempt_id, self.answering, begin, stop)

    def reads(self, direction: Direction, start: int, end: int) -> tuple["array[int]", "array[int]"]:
        """Where each read or write begins that brought a byte of this stretch, and its time (ns)."""
        return self.source.reads(direction, start, end)

    def lost(self, direction: Direction, start: int, end: int) -> tuple[tuple[int, int, str], ...]:
        """Stretches of ``start`` to ``end`` that were not kept, as stream offsets and why."""
        known = self._lost[direction]
        at = max(bisect_right(known, (start,)) - 1, 0)
        found = []
        for begin, stop, reason in known[at:]:
            if begin >= end:
                break
            if stop > start:
                found.append((max(begin, start), min(stop, end), reason))
        return tuple(found)

    # -- frames

    def frames(self) -> Iterator[LeavingFrame | Hole]:
        """The frames that leave, in the order of their numbers."""
        total = len(self.numbers)
        hole: Hole | None = None
        for done, number in enumerate(self.numbers):
            if done % TOGETHER == 0:
                self.progress(done, total)
                self.look()
            if hole is not None and hole.first <= number <= hole.last:
                continue
            hole = self.hole(number)
            if hole is not None:
                yield hole
                continue
            frame = self.frame(number)
            if frame is not None:
                yield frame
        self.progress(total, total)

    def frame(self, number: int) -> LeavingFrame | None:
        """One frame; None where it is not in the capture."""
        facts = self.reading.facts(number)
        if facts is None or self.hole(number) is not None:
            return None
        reading = self.reading
        end = (
            self.reader.stream_length(self.snapshot.attempt_id, facts.direction) if facts.anomalies else None
        )
        length = facts.length if end is None else max(0, min(facts.length, end - facts.payload_start))
        lost = self.lost(facts.direction, facts.payload_start, facts.payload_start + length)
        return LeavingFrame(
            number=number,
            out=facts.out,
            mono_ns=facts.time,
            wall_ns=self.wall(facts.time),
            offset=facts.offset,
            wire=facts.end - facts.offset,
            fin=facts.fin,
            rsv=facts.first >> 4 & 7,
            opcode=facts.opcode,
            name=type_name(reading, facts),
            masked=bool(facts.flags & FLAG_MASKED),
            key=reading.key(facts),
            compressed=facts.compressed,
            header=reading.header(facts),
            payload=facts.length,
            have=length,
            message=facts.message,
            anomalies=anomaly_codes(facts.anomalies),
            missing=tuple(
                (start - facts.payload_start, stop - facts.payload_start, why) for start, stop, why in lost
            ),
            facts=facts,
        )

    def labels(self, frame: LeavingFrame) -> tuple[str, ...]:
        """The frame's anomalies as the log says them."""
        return tuple(
            label.text for label in anomaly_labels(frame.facts.anomalies, self.snapshot.agreed.dialect)
        )

    def payload(self, frame: LeavingFrame, *, kept: bool = False) -> Iterator[bytes]:
        """The payload in pieces, unmasked, compressed where it travelled so, known secrets filled.

        Bytes that were not kept are zeros, and all of a compressed message that holds a secret.
        ``kept``: with secrets, as it travelled.
        """
        pieces = self.unmasked(frame)
        veil = None if kept else self.veil(frame)
        if veil is not None:
            self.tell_veil(veil)
            return (bytes(len(piece)) for piece in pieces)
        if kept or frame.compressed:
            return pieces
        return self._without_parts(frame, self.secrets.stream(pieces, self.where(frame)))

    def _without_parts(self, frame: LeavingFrame, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """``pieces`` of a payload, filled where a part of a secret lies that goes on in another frame."""
        parts = self._split_in(frame) if not (frame.starts and frame.ends) else []
        at = 0
        for piece in pieces:
            end = at + len(piece)
            data = bytearray(piece) if parts else piece
            for part in parts:
                low, high = max(part.at, at), min(part.at + part.size, end)
                if low < high and isinstance(data, bytearray):
                    if low == part.at:
                        self.secrets.told(part.secret.value, self.where(frame, part=True))
                    data[low - at : high - at] = FILL * (high - low)
            yield bytes(data)
            at = end

    def _split_in(self, frame: LeavingFrame) -> list[SplitPart]:
        if self._split is None:
            self._split = {}
            for part in split_parts(self.reading, self.frames_there, self.secrets):
                self._split.setdefault(part.number, []).append(part)
        return self._split.get(frame.number, [])

    def veils(self) -> Veils:
        """The compressed messages that do not leave, worked out when first asked for."""
        if self._veils is None:
            left_out_before = any(self.source.left_out(side) for side in Direction)
            wanted = self.secrets.longest > 0 and not self.secrets.keep
            there = self.snapshot.deflate and (wanted or left_out_before)
            frames = self.frames_there if there else 0
            self._veils = veils_of(self.reading, frames, self.secrets, self.look)
        return self._veils

    def veil(self, frame: LeavingFrame) -> Veil | None:
        """What is to be said of a frame whose payload does not leave."""
        return self.veils().of(frame.direction, frame.number) if frame.message else None

    def tell_veil(self, veil: Veil) -> None:
        if veil.names:
            self.secrets.told_whole(veil.names, veil.where, veil.size)

    def unmasked(self, frame: LeavingFrame) -> Iterator[bytes]:
        at = 0
        while at < frame.have:
            self.look()
            data = self.reading.payload(frame.facts, at, PIECE)
            if not data:
                return
            yield data
            at += len(data)

    def where(self, frame: LeavingFrame, *, part: bool = False) -> str:
        """In words; ``part``: only a part lies there, and the rest in other frames."""
        text = (
            translate("Leaving", "the payload of frame {0}, a part")
            if part
            else translate("Leaving", "the payload of frame {0}")
        )
        return text.format(frame.number)

    def hole(self, number: int) -> Hole | None:
        at = bisect_right(self._holes, (number + 1,)) - 1
        if at < 0 or not self._holes[at][0] <= number < self._holes[at][1]:
            return None
        start, stop, reason = self._holes[at]
        return Hole(start, stop - 1, reason)

    def look(self) -> None:
        if self.cancelled():
            raise Cancelled


def learn_conversation(secrets: Secrets, row: ConversationRow) -> None:
    """The secrets of what would be sent next: the draft with its switched-off lines, and the address."""
    secrets.learn_head(row.draft)
    address = row.state.get("address")
    if isinstance(address, str):
        secrets.learn_address(address)
    draft = row.state.get("draft")
    lines = draft.get("lines") if isinstance(draft, dict) else None
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict):
            parts = (str(line.get(name, "")) for name in ("name", "between", "value"))
            head = "GET / HTTP/1.1\r\n" + "".join(parts) + "\r\n\r\n"
            secrets.learn_head(head.encode("latin-1", "replace"))


def anomaly_codes(anomalies: int) -> tuple[str, ...]:
    """The rules' ids of what is wrong with a frame."""
    return tuple(name for bit, name in _CODES if anomalies & bit) if anomalies else ()
