"""Whether what a lesson waits for has happened, told from the bytes of the conversation and nothing else."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.filter import parse
from wsinspector.learn.lessons.model import Do, Expect, Fact, WrongDeed
from wsinspector.present.filtering import FilterRun
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.rows import Mode
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.escapes import unescape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Head
from wsinspector.protocol.mirroring import mirrored
from wsinspector.protocol.version import FIELD

MOST = 4096
"""Frames of an attempt that are looked at, the first ones: a lesson is no load."""

LONGEST = 1 << 16
"""Bytes of a payload that are asked for."""


@dataclass(frozen=True, slots=True)
class Since:
    """What there was when a step began: attempts, and frames of each that is still live."""

    attempts: int = 0
    frames: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, snapshots: Iterable[AttemptSnapshot]) -> "Since":
        known = list(snapshots)
        return cls(len(known), tuple((each.number, each.frames) for each in known if each.live))


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of looking: the task is done, or something that was foreseen was done in its place."""

    done: bool = False
    wrong: WrongDeed | None = None


Fitting = Callable[[AttemptSnapshot, str], Sequence[int]]
"""(attempt, filter) to the numbers of the frames that fit."""


def frames_fitting(reader: CaptureReader | None, snapshot: AttemptSnapshot, text: str) -> list[int]:
    """The numbers of the frames of an attempt that fit a filter, as far as they are in the capture."""
    condition = parse(text).condition
    if reader is None or condition is None or snapshot.opened_at is None:
        return []
    source = AttemptSource(reader, snapshot.attempt_id)
    reading = FrameReading(source, snapshot.agreed, snapshot.role, composed=bool(snapshot.imported))
    index = FrameIndex(source)
    upto = min(snapshot.frames, MOST)
    try:
        while index.grow(upto):
            pass
        run = FilterRun(
            condition, reading, index, Inflation(reading), mode=Mode.FRAMES, start_ns=snapshot.mono_ns
        )
        found = b""
        while part := run.step(len(index)):
            found += part
    except CaptureError:
        return []
    return [number for number, hit in enumerate(found, 1) if hit]


def look(task: Do, snapshots: Sequence[AttemptSnapshot], since: Since, fitting: Fitting) -> Seen:
    """Whether ``task`` was done by one of the attempts since the step began, else what was done wrongly."""
    if meets(task.expect, snapshots, since, fitting):
        return Seen(done=True)
    for wrong in reversed(task.wrong):
        newest = snapshots[-1:] if snapshots else []
        if meets(wrong.expect, newest, since, fitting):
            return Seen(wrong=wrong)
    return Seen()


def meets(expect: Expect, snapshots: Sequence[AttemptSnapshot], since: Since, fitting: Fitting) -> bool:
    """Whether enough attempts fit ``expect``."""
    begun = dict(since.frames)
    found = 0
    for snapshot in snapshots:
        earlier = snapshot.number <= since.attempts
        if earlier and not (expect.of_frames and snapshot.number in begun):
            continue
        found += fits(expect, snapshot, begun.get(snapshot.number, 0) if earlier else 0, fitting)
    return found >= expect.attempts


def fits(expect: Expect, snapshot: AttemptSnapshot, after: int, fitting: Fitting) -> bool:
    """Whether one attempt fits; only frames behind number ``after`` count."""
    if snapshot.undecided:
        return False
    if not (_path(expect, snapshot) and _heads(expect, snapshot) and _ending(expect, snapshot)):
        return False
    if not _verdict(expect, snapshot):
        return False
    if expect.frames:
        hits = [number for number in fitting(snapshot, expect.frames) if number > after]
        if len(hits) < expect.at_least:
            return False
    return not expect.no_frames or not any(n > after for n in fitting(snapshot, expect.no_frames))


def _path(expect: Expect, snapshot: AttemptSnapshot) -> bool:
    return not expect.path or urlsplit(snapshot.url).path == expect.path.split("?")[0]


def _heads(expect: Expect, snapshot: AttemptSnapshot) -> bool:
    request = parse_request(snapshot.request)
    response = snapshot.response.head if snapshot.response is not None else None
    status = snapshot.response.status if snapshot.response is not None else 0
    if expect.status and status not in expect.status:
        return False
    if expect.opened is not None and expect.opened != (snapshot.opened_at is not None):
        return False
    if expect.dialect and snapshot.dialect != expect.dialect:
        return False
    if expect.version is not None and request.values(FIELD) != _escaped(expect.version):
        return False
    if expect.offers is not None and (response is None or response.members(FIELD) != _escaped(expect.offers)):
        return False
    return (
        _has(request, expect.request_has, expect.request_lacks)
        and _has(response, expect.response_has, expect.response_lacks)
        and _arrived(expect, snapshot)
    )


def _escaped(values: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(unescape_value(each).data for each in values)


def _has(head: Head | None, there: tuple[str, ...], missing: tuple[str, ...]) -> bool:
    if head is None:
        return not there and not missing
    return all(head.named(name.encode()) for name in there) and not any(
        head.named(name.encode()) for name in missing
    )


def _arrived(expect: Expect, snapshot: AttemptSnapshot) -> bool:
    if not (expect.arrived or expect.lost):
        return True
    copy = mirrored(snapshot.response)
    return copy is not None and _has(parse_request(copy.received), expect.arrived, expect.lost)


def _ending(expect: Expect, snapshot: AttemptSnapshot) -> bool:
    end = snapshot.end
    wanted = (expect.close_code, expect.sent_code, expect.received_code, expect.clean, expect.ended_by)
    if expect.ended is not None and expect.ended == snapshot.live:
        return False
    if wanted == (None, None, None, None, ""):
        return True
    if end is None:
        return False
    return (
        expect.close_code in (None, end.code)
        and expect.sent_code in (None, end.sent_code)
        and expect.received_code in (None, end.received_code)
        and expect.clean in (None, end.clean)
        and expect.ended_by in ("", end.by.value)
    )


def _verdict(expect: Expect, snapshot: AttemptSnapshot) -> bool:
    if not (expect.failed or expect.passed):
        return True
    if snapshot.verdict is None:
        return False
    failed = {each.rule for each in snapshot.verdict.findings}
    passed = {each.rule for each in snapshot.verdict.passed}
    return set(expect.failed) <= failed and set(expect.passed) <= passed


# -- what is asked for


def answer_of(
    fact: Fact, snapshot: AttemptSnapshot, reader: CaptureReader | None, fitting: Fitting
) -> str | None:
    """The right answer to a question about this conversation; None where it has none yet."""
    if fact.frame:
        numbers = fitting(snapshot, fact.frame)
        if not numbers or reader is None:
            return None
        return _of_frame(fact.name, reader, snapshot, numbers[0] if fact.first else numbers[-1])
    request, response = parse_request(snapshot.request), snapshot.response
    keys = request.values(b"Sec-WebSocket-Key")
    match fact.name:
        case "key":
            return keys[0].decode("latin-1") if keys else None
        case "key-bytes":
            return _decoded(keys[0]) if keys else None
        case "accept":
            return accept_for(keys[0]).decode() if keys else None
        case "version":
            values = request.values(FIELD)
            return values[0].decode("latin-1") if values else None
    if response is None:
        return None
    if fact.name == "status":
        return str(response.status)
    if fact.name == "offers":
        return ", ".join(each.decode("latin-1") for each in response.head.members(FIELD))
    return None


def _decoded(key: bytes) -> str | None:
    try:
        return base64.b64decode(key, validate=True).hex()
    except binascii.Error:
        return None


def _of_frame(name: str, reader: CaptureReader, snapshot: AttemptSnapshot, number: int) -> str | None:
    source = AttemptSource(reader, snapshot.attempt_id)
    reading = FrameReading(source, snapshot.agreed, snapshot.role)
    try:
        facts = reading.facts(number)
        if facts is None:
            return None
        header = reading.header(facts)
        payload = reading.payload(facts, 0, LONGEST)
        wire = reading.wire(facts, facts.header + LONGEST)
        key = reading.key(facts)
    except CaptureError:
        return None
    match name:
        case "first-byte":
            return header[:1].hex()
        case "second-byte":
            return header[1:2].hex()
        case "header":
            return header.hex()
        case "mask-key":
            return key.hex() or None
        case "masked":
            return wire[facts.header : facts.header + facts.length].hex()
        case "payload":
            return payload.hex()
        case "payload-text":
            return payload.decode("utf-8", "replace")
        case "length":
            return str(facts.length)
    return str(int.from_bytes(payload[:2], "big")) if len(payload) >= 2 else None
