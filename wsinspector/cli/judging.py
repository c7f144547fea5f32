"""The command ``judge``: recorded bytes held against today's rules."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wsinspector.capture import CaptureReader
from wsinspector.capture.untold import Untold
from wsinspector.cli.answer_report import finding_json, outcome_name
from wsinspector.cli.captures import conversations, opened
from wsinspector.cli.frame_findings import frame_findings
from wsinspector.cli.results import put
from wsinspector.cli.telling import say
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.checked import look_and_mend
from wsinspector.conversation.checked import opened as looked_over
from wsinspector.conversation.decoded import frame_starts
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.damage import damage_lines
from wsinspector.present.heads import head_bytes
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address, without_secrets
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Numbering
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.travelled import travelled

_GRAVE = ("breaks", "violates")
_MARKS = {"breaks": "✕", "violates": "✕"}
_FIRST = 5
"""Numbers of frames that are named of one finding."""

_SIDE = {Direction.IN: "received", Direction.OUT: "sent"}
_HEADER = 32
"""Bytes that hold any header."""


@dataclass(slots=True)
class _Seen:
    """One finding on one side's frames: how often, and in which frames first."""

    finding: dict[str, str]
    sender: Role
    count: int = 0
    numbers: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return self.finding | {"sender": self.sender.value, "count": self.count, "frames": self.numbers}


@dataclass(slots=True)
class _Judged:
    """One attempt. ``note``: why it was judged in part or not at all; ``framed``: its frames were."""

    conversation: int
    attempt: Attempt
    frames: int = 0
    seen: list[_Seen] = field(default_factory=list)
    note: str = ""
    framed: bool = False

    @property
    def handshake(self) -> list[dict[str, str]]:
        snapshot = self.attempt.snapshot
        heads = [snapshot.request, *([head_bytes(snapshot.response.head)] if snapshot.response else [])]
        found = [finding_json(each) for each in snapshot.verdict.findings] if snapshot.verdict else []
        return [each | {"text": without_secrets(each["text"], heads)} for each in found]

    @property
    def grave(self) -> bool:
        every = [*self.handshake, *(each.finding for each in self.seen)]
        return any(each["severity"] in _GRAVE for each in every)


def run(arguments: argparse.Namespace) -> int:
    """Print what today's rules say; return the exit code. Raises WrongArgumentError."""
    grave = False
    with opened(arguments.file) as reader:
        look_and_mend(reader, reader.attempt_ids())
        rows = conversations(reader, arguments.conversation)
        places = range(1, len(rows) + 1) if arguments.conversation is None else [arguments.conversation]
        for place, row in zip(places, rows, strict=True):
            for attempt in restored_attempts(reader, row.id):
                judged = _judge(reader, place, attempt)
                grave = grave or judged.grave
                damage = _damage(reader, attempt)
                put([json.dumps(_as_json(judged, damage))] if arguments.json else _as_text(judged))
        for line in damage_lines(looked_over(reader)):
            say(visible(line))
    return 1 if grave else 0


def _judge(reader: CaptureReader, place: int, attempt: Attempt) -> _Judged:
    snapshot = attempt.snapshot
    judged = _Judged(place, attempt)
    if snapshot.imported:
        name = snapshot.imported.upper()
        heads = f"of the handshake, {name} tells headers alone; its bytes are not judged either."
        judged.note = f"Imported from {name}: framing is not known, and not judged; {heads}"
        return judged
    if snapshot.handshake_lost:
        judged.note = f"{snapshot.handshake_lost} Its frames are not judged, as what was agreed is not known."
        return judged
    starts = frame_starts(reader, snapshot)
    if starts is None or snapshot.opened_at is None:
        return judged
    judged.framed = True
    _Frames(reader, snapshot, judged, starts).run()
    return judged


class _Frames:
    """Scans the streams again, holding a piece at a time, and gathers what is wrong."""

    def __init__(
        self,
        reader: CaptureReader,
        snapshot: AttemptSnapshot,
        judged: _Judged,
        starts: dict[Direction, int],
    ) -> None:
        self._reader = reader
        self._snapshot = snapshot
        self._judged = judged
        self._starts = starts
        self._found: dict[tuple[str, Role], _Seen] = {}
        self._untold = Untold(reader, snapshot.attempt_id)
        other = Role.SERVER if snapshot.role is Role.CLIENT else Role.CLIENT
        self._senders = {Direction.OUT: snapshot.role, Direction.IN: other}
        numbering = Numbering()
        framing = dialect_called(snapshot.agreed.dialect).framing
        self._scanners = {
            side: framing.scanner(
                side, sender, agreed=snapshot.agreed, numbering=numbering, start=starts[side]
            )
            for side, sender in self._senders.items()
        }

    def run(self) -> None:
        if any(self._untold.reaches(side, start) for side, start in self._starts.items()):
            self._say(
                "What was left out when the file was made to be shared is not judged, nor what compressed"
                " messages behind it say."
            )
        lost: set[Direction] = set()
        altered = {side: at for side in Direction if (at := self._first_altered(side)) is not None}
        now = 0
        for piece in travelled(self._reader, self._snapshot.attempt_id):
            side, now = piece.direction, piece.at
            data = piece.data[max(self._starts[side] - piece.offset, 0) :]
            if side in lost:
                continue
            if piece.lost and piece.end > self._starts[side]:
                # Where the next frame begins behind a gap nobody knows.
                lost.add(side)
                self._say(
                    f"{piece.lost} bytes were not kept; what followed them in that direction is not judged."
                )
                continue
            if data and side in altered and piece.end > altered[side]:
                lost.add(side)
                self._say(
                    f"Bytes {_SIDE[side]} from {altered[side]} on are not as they were written; from there on"
                    " that direction is not judged."
                )
                continue
            if data:
                self._scanners[side].feed(data, now)
                self._take(side)
        for side, scanner in self._scanners.items():
            if side not in lost and self._snapshot.end is not None:
                scanner.end(now)
                self._take(side)
        self._judged.seen = sorted(
            self._found.values(), key=lambda each: (each.finding["severity"] not in _GRAVE, each.numbers)
        )

    def _first_altered(self, side: Direction) -> int | None:
        """The offset of the first frame byte that is not known to be as it was written."""
        attempt, start = self._snapshot.attempt_id, self._starts[side]
        found = self._reader.changed(attempt, side, start, self._reader.stream_length(attempt, side))
        return max(start, found[0][0]) if found else None

    def _say(self, note: str) -> None:
        self._judged.note = f"{self._judged.note} {note}".strip()

    def _take(self, side: Direction) -> None:
        scanner = self._scanners[side]
        scanner.drain()
        columns = scanner.take()
        if self._untold:
            self._untold.clear(columns)
        first = self._judged.frames + 1
        self._judged.frames += len(columns)
        if not any(columns.anomalies):
            return
        code = FrameAnomaly.CLOSE_CODE_FORBIDDEN
        for at, anomalies in enumerate(columns.anomalies):
            if not anomalies:
                continue
            offset = columns.offset[at]
            header = self._reader.stream(
                self._snapshot.attempt_id, side, offset, offset + min(columns.header[at], _HEADER)
            )
            found = frame_findings(
                header,
                self._senders[side],
                anomalies,
                agreed=self._snapshot.agreed,
                length=columns.length[at],
                payload=self._code(side, offset + columns.header[at], header) if code & anomalies else b"",
            )
            for each in found:
                self._note(each, self._senders[side], first + at)

    def _code(self, side: Direction, offset: int, header: bytes) -> bytes:
        """The two bytes of a close code, unmasked."""
        data = self._reader.stream(self._snapshot.attempt_id, side, offset, offset + 2)
        masked = len(header) > 5 and header[1] & 0x80
        return bytes(each ^ key for each, key in zip(data, header[-4:], strict=False)) if masked else data

    def _note(self, finding: dict[str, str], sender: Role, number: int) -> None:
        seen = self._found.setdefault((finding["rule"], sender), _Seen(finding, sender))
        seen.count += 1
        if len(seen.numbers) < _FIRST:
            seen.numbers.append(number)


def _damage(reader: CaptureReader, attempt: Attempt) -> list[dict[str, Any]]:
    """What is known to be wrong with the file, of an attempt or of the whole."""
    own = (None, attempt.snapshot.attempt_id)
    return [each.as_json() for each in looked_over(reader).findings if each.attempt in own]


def _as_json(judged: _Judged, damage: list[dict[str, Any]]) -> dict[str, Any]:
    snapshot = judged.attempt.snapshot
    verdict = snapshot.verdict
    return {
        "conversation": judged.conversation,
        "attempt": snapshot.number,
        "url": masked_address(snapshot.url),
        "role": snapshot.role.value,
        "dialect": snapshot.agreed.dialect,
        "outcome": outcome_name(snapshot),
        "findings": judged.handshake,
        "passed": [each.rule for each in verdict.passed] if verdict is not None else [],
        "frames": judged.frames,
        "frame_findings": [each.as_json() for each in judged.seen],
        "note": judged.note or None,
        "damage": damage,
    }


def _as_text(judged: _Judged) -> Iterator[str]:
    snapshot = judged.attempt.snapshot
    address = visible(masked_address(snapshot.url))
    yield f"conversation {judged.conversation}, attempt {snapshot.number}: {address}"
    for each in judged.handshake:
        yield f"  {_line(each)}"
    verdict = snapshot.verdict
    passed = len(verdict.passed) if verdict is not None else 0
    if not snapshot.handshake_lost:
        yield f"  {passed} check{'' if passed == 1 else 's'} of the handshake passed."
    for seen in judged.seen:
        more = ", …" if seen.count > len(seen.numbers) else ""
        numbers = ", ".join(map(str, seen.numbers)) + more
        word = "frame" if seen.count == 1 else f"{seen.count} frames:"
        yield f"  {_line(seen.finding)}  {seen.sender.value}, {word} {numbers}"
    if judged.framed:
        yield f"  {judged.frames} frame{'' if judged.frames == 1 else 's'} judged."
    if judged.note:
        yield f"  {judged.note}"


def _line(finding: dict[str, str]) -> str:
    mark = _MARKS.get(finding["severity"], "!")
    return f"{mark} {visible(finding['text'])}  {finding['clause']}"
