"""What happened to a request on its way: the bytes that were sent held against those that arrived."""

import base64
import binascii
import enum
import hashlib
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wsinspector.protocol.head_reader import parse_request, request_parts
from wsinspector.protocol.http import OWS, BodyFraming, Head, HeadLine, Response

CONTENT_TYPE = b"message/http"
"""A whole HTTP message as content (RFC 9112 §10.1)."""
MIRROR_FIELD = b"WSInspector-Mirror"
"""Names our own mirror: an answer to TRACE has the same content type (RFC 9110 §9.3.8)."""

_JOINTS = (b", ", b",", b"; ", b";", b" ")
_MOST_JOINED = 400  # lines of one name among which joined ones are looked for
_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]+")
_DIGEST = re.compile(rb"(?:^|,)[ \t]*sha-256=:([A-Za-z0-9+/=]*):")


class Change(enum.Enum):
    """One way in which a request can differ from what was sent."""

    METHOD = "method"
    TARGET = "target"
    HTTP_VERSION = "http-version"
    START_LINE = "start-line"  # other bytes, the same three parts
    REMOVED = "removed"
    ADDED = "added"
    JOINED = "joined"  # several lines of a name in one
    SPLIT = "split"  # one line in several
    VALUE = "value"
    CASE = "case"  # of the name
    UNFOLDED = "unfolded"  # a value over several lines in one, or the reverse
    BLANKS = "blanks"  # around colon and value
    ENDING = "ending"  # of a line
    MOVED = "moved"
    LEADING = "leading"  # blank lines before the request line
    TAIL_LOST = "tail-lost"  # bytes behind the head: none or not all arrived
    TAIL_ADDED = "tail-added"
    TAIL_CHANGED = "tail-changed"
    BYTES = "bytes"  # none of the above


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. ``name``: the field as sent, or as it arrived where it was added; empty outside the lines.

    ``sent`` and ``received``: the bytes it speaks of on either side, a line without its ending, several
    one after another; ``count``: bytes behind the head that are missing or too many.
    """

    change: Change
    name: bytes = b""
    sent: tuple[bytes, ...] = ()
    received: tuple[bytes, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A request as it arrived. ``whole``: whether the copy itself came back unchanged, as far as is told."""

    received: bytes
    whole: bool


def mirrored(response: Response | None) -> Mirrored | None:
    """The copy that an answer carries; None unless it is a mirror's and has come to its end."""
    if response is None or response.status != 200 or response.framing is BodyFraming.UPGRADED:
        return None
    head = response.head
    kinds = [value.partition(b";")[0].strip(OWS).lower() for value in head.values(b"Content-Type")]
    if not head.complete or kinds != [CONTENT_TYPE] or not head.named(MIRROR_FIELD):
        return None
    if not response.body:
        return None  # asked with HEAD, or the copy was lost
    return Mirrored(response.body, response.complete and _digest_fits(head, response.body))


def _digest_fits(head: Head, body: bytes) -> bool:
    """Whether the Content-Digest is that of ``body``; True where there is none to judge by."""
    for value in head.values(b"Content-Digest"):
        found = _DIGEST.search(value)
        if found is not None:
            try:
                return base64.b64decode(found[1], validate=True) == hashlib.sha256(body).digest()
            except binascii.Error:
                return False
    return True


def differences(sent: bytes, received: bytes) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the bytes sent; empty exactly where both are equal."""
    if sent == received:
        return ()
    ours, theirs = parse_request(sent), parse_request(received)
    found = [
        *_leading(sent[: ours.span.start], received[: theirs.span.start]),
        *_start_lines(ours, theirs),
        *_lines(ours.lines, theirs.lines),
    ]
    if ours.terminator != theirs.terminator:
        found.append(Difference(Change.ENDING, b"", (ours.terminator,), (theirs.terminator,)))
    found += _tails(sent[ours.span.end :], received[theirs.span.end :])
    return tuple(found) or (Difference(Change.BYTES),)


def _leading(sent: bytes, received: bytes) -> Iterable[Difference]:
    if sent != received:
        yield Difference(Change.LEADING, b"", (sent,), (received,), abs(len(sent) - len(received)))


def _start_lines(ours: Head, theirs: Head) -> Iterable[Difference]:
    if ours.start_line != theirs.start_line:
        both = (ours.start_line,), (theirs.start_line,)
        sent, received = request_parts(ours), request_parts(theirs)
        parts = (
            (Change.METHOD, sent.method != received.method),
            (Change.TARGET, sent.target != received.target),
            (Change.HTTP_VERSION, sent.version != received.version),
        )
        changed = [change for change, differs in parts if differs]
        yield from (Difference(change, b"", *both) for change in changed or [Change.START_LINE])
    if ours.start_ending != theirs.start_ending:
        yield Difference(Change.ENDING, b"", (ours.start_ending,), (theirs.start_ending,))


def _tails(sent: bytes, received: bytes) -> Iterable[Difference]:
    if sent == received:
        return
    lost = len(sent) - len(received)
    if lost > 0 and sent.startswith(received):
        yield Difference(Change.TAIL_LOST, b"", (sent,), (received,), lost)
    elif lost < 0 and received.startswith(sent):
        yield Difference(Change.TAIL_ADDED, b"", (sent,), (received,), -lost)
    else:
        yield Difference(Change.TAIL_CHANGED, b"", (sent,), (received,), abs(lost))


def _lines(ours: Sequence[HeadLine], theirs: Sequence[HeadLine]) -> list[Difference]:
    first, last = _untouched([_bytes(line) for line in ours], [_bytes(line) for line in theirs])
    ends = len(ours) - last, len(theirs) - last
    matched = [_Match((at,), (at,)) for at in range(first)]
    matched += [_Match((ends[0] + at,), (ends[1] + at,)) for at in range(last)]
    named: dict[bytes, tuple[list[int], list[int]]] = {}
    for side, lines in enumerate((ours, theirs)):
        for at in range(first, ends[side]):
            named.setdefault(_key(lines[at]), ([], []))[side].append(at)
    for here, there in named.values():
        matched += _match(ours, theirs, here, there)
    out_of_order = _moved([(one.ours[0], one.theirs[0]) for one in matched if one.ours and one.theirs])
    found: list[Difference] = []
    matched.sort(key=lambda one: (not one.ours, one.ours or one.theirs))
    for one in matched:
        sent = [ours[at] for at in one.ours]
        received = [theirs[at] for at in one.theirs]
        changes = list(_changes(sent, received))
        if one.ours and one.theirs and one.ours[0] in out_of_order:
            changes.append(Change.MOVED)
        name = _spelt((sent or received)[0])
        texts = tuple(_text(line) for line in sent), tuple(_text(line) for line in received)
        found += [Difference(change, name, *texts) for change in changes]
    return found


def _untouched(ours: Sequence[bytes], theirs: Sequence[bytes]) -> tuple[int, int]:
    """How many lines are the same at the beginning and, of the others, at the end."""
    least = min(len(ours), len(theirs))
    first = next((at for at in range(least) if ours[at] != theirs[at]), least)
    rest = least - first
    last = next((at for at in range(rest) if ours[-1 - at] != theirs[-1 - at]), rest)
    return first, last


@dataclass(frozen=True, slots=True)
class _Match:
    """Places of the lines that stand for each other; none on one side where it has none."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]


def _match(
    ours: Sequence[HeadLine], theirs: Sequence[HeadLine], here: list[int], there: list[int]
) -> list[_Match]:
    """Match the lines of one name: equal ones, then by value, joined and split ones, the rest in turn."""
    found: list[_Match] = []
    for by in (_bytes, _value):
        waiting: dict[bytes, deque[int]] = {}
        for at in there:
            waiting.setdefault(by(theirs[at]), deque()).append(at)
        left = []
        for at in here:
            same = waiting.get(by(ours[at]))
            if same:
                found.append(_Match((at,), (same.popleft(),)))
            else:
                left.append(at)
        here, there = left, sorted(at for places in waiting.values() for at in places)
    for whole, runs in _joined(ours, here, theirs, there):
        found.append(_Match(runs, (whole,)))
        here, there = [at for at in here if at not in runs], [at for at in there if at != whole]
    for whole, runs in _joined(theirs, there, ours, here):
        found.append(_Match((whole,), runs))
        there, here = [at for at in there if at not in runs], [at for at in here if at != whole]
    pairs = min(len(here), len(there))
    found += [_Match((a,), (b,)) for a, b in zip(here, there, strict=False)]
    found += [_Match((at,), ()) for at in here[pairs:]]
    found += [_Match((), (at,)) for at in there[pairs:]]
    return found


def _joined(
    parts: Sequence[HeadLine], places: list[int], wholes: Sequence[HeadLine], candidates: list[int]
) -> list[tuple[int, tuple[int, ...]]]:
    """Each of ``candidates`` whose value is that of two or more of ``places`` in a row, and those."""
    if len(places) < 2 or not candidates or max(len(places), len(candidates)) > _MOST_JOINED:
        return []
    values = [_value(parts[at]) for at in places]
    used: set[int] = set()
    found = []
    for candidate in candidates:
        run = _run(_value(wholes[candidate]), values, used)
        if run is not None:
            used.update(run)
            found.append((candidate, tuple(places[at] for at in run)))
    return found


def _run(whole: bytes, values: Sequence[bytes], used: set[int]) -> range | None:
    """The neighbours among ``values`` which, joined in one way, are ``whole``."""
    for joint in _JOINTS:
        for start in range(len(values) - 1):
            at = 0
            for stop in range(start, len(values)):
                if stop in used or not whole.startswith(values[stop], at):
                    break
                at += len(values[stop])
                if stop > start and at == len(whole):
                    return range(start, stop + 1)
                if not whole.startswith(joint, at):
                    break
                at += len(joint)
    return None


def _changes(sent: Sequence[HeadLine], received: Sequence[HeadLine]) -> Iterable[Change]:
    if not received:
        yield Change.REMOVED
    elif not sent:
        yield Change.ADDED
    elif len(sent) == len(received) == 1:
        yield from _within(sent[0], received[0])
    else:
        yield Change.JOINED if len(sent) > 1 else Change.SPLIT
        if {_spelt(line) for line in sent}.isdisjoint(map(_spelt, received)):
            yield Change.CASE


def _within(sent: HeadLine, received: HeadLine) -> Iterable[Change]:
    if _spelt(sent) != _spelt(received):
        yield Change.CASE
    if _value(sent) != _value(received) and not _refolded(sent, received):
        yield Change.VALUE
    elif sent.folded != received.folded or sent.trimmed != received.trimmed:
        yield Change.UNFOLDED
    if _edges(sent) != _edges(received):
        yield Change.BLANKS
    if sent.ending != received.ending:
        yield Change.ENDING


def _moved(pairs: list[tuple[int, int]]) -> set[int]:
    """Those of our places that left the order: as few as can be (all but a longest increasing row)."""
    pairs.sort()
    tops: list[int] = []  # the least last place of a row of each length
    at_top: list[int] = []
    before: list[int] = []
    for index, (_, there) in enumerate(pairs):
        length = bisect_left(tops, there)
        before.append(at_top[length - 1] if length else -1)
        tops[length : length + 1] = [there]
        at_top[length : length + 1] = [index]
    kept = set()
    index = at_top[-1] if at_top else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return {here for index, (here, _) in enumerate(pairs) if index not in kept}


def _spelt(line: HeadLine) -> bytes:
    return line.name.strip(OWS)


def _key(line: HeadLine) -> bytes:
    return _spelt(line).lower()


def _bytes(line: HeadLine) -> bytes:
    return line.name + line.between + line.value + line.ending


def _value(line: HeadLine) -> bytes:
    """The value with its folds as one blank each (RFC 9112 §5.2)."""
    return _FOLD.sub(b" ", line.trimmed) if line.folded else line.trimmed


def _refolded(sent: HeadLine, received: HeadLine) -> bool:
    """Whether only a fold differs: any number of blanks may stand for one (RFC 9112 §5.2)."""
    either = sent.folded or received.folded
    return either and sent.trimmed.split() == received.trimmed.split()


def _edges(line: HeadLine) -> tuple[bytes, bytes, bytes, bytes]:
    """The white space of a line that belongs neither to its name nor to its value."""
    name, value = line.name, line.value
    left, right = value.lstrip(OWS + b"\r\n"), value.rstrip(OWS + b"\r\n")
    return (
        name[: len(name) - len(name.lstrip(OWS))],
        line.between,
        value[: len(value) - len(left)],
        value[len(right) :],
    )


def _text(line: HeadLine) -> bytes:
    return line.name + line.between + line.value
