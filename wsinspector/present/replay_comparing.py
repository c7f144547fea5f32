"""The answers of a replay held against those of the first time."""

import difflib
import enum
from collections import defaultdict
from dataclasses import dataclass, replace

from wsinspector.present.differing.compared import Kind, Limits, Side
from wsinspector.present.differing.comparing_payloads import compare
from wsinspector.present.replaying import Closing, Heard, Recorded
from wsinspector.present.secrets import masked
from wsinspector.protocol.opcodes import OPCODES
from wsinspector.translate import translate

CELLS = 4_000_000
"""Pairs up to which answers are aligned; of more the rest is paired in order."""

MOST_COMPARED = 500
"""Pairs whose difference is looked for; of the others only that there is one is told."""

_GENERATED = {"date", "sec-websocket-accept", "sec-websocket-nonce", "age"}
_NAMING = {
    "server", "x-powered-by", "via", "x-served-by", "x-server", "x-backend", "x-request-id",
    "x-correlation-id", "x-amzn-trace-id", "x-amz-cf-id", "x-amz-cf-pop", "cf-ray", "fly-request-id",
    "traceparent",
    "server-timing", "x-response-time", "x-runtime", "x-envoy-upstream-service-time", "x-cache", "alt-svc",
    "nel", "report-to", "keep-alive",
}  # fmt: skip
"""Headers that name who answered, which request it was or how long it took; what was agreed is in none."""

_ANY_CASE = {"upgrade", "connection"}
"""Headers whose values mean the same in either case (RFC 6455 §4.1)."""

_BYTES = 64 << 20


class Mark(enum.Enum):
    """What became of an answer; the value is its word."""

    EQUAL = "equal"
    DIFFERS = "differs"
    MISSING = "missing"
    ADDITIONAL = "additional"
    MOVED = "other-order"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Pair:
    """``where``: the first places that differ, in words; ``byte``: the first that does, None for none."""

    mark: Mark
    first: Heard | None
    again: Heard | None
    where: str = ""
    byte: int | None = None

    @property
    def opcode(self) -> str:
        heard = self.again or self.first
        return OPCODES[heard.opcode].name if heard is not None else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of handshake or end: as it was and as it is.

    ``wording``: only who says it, or how it is put, is another: a header that names the software, the reason
    of a Close with the same code.
    """

    what: str
    first: str
    again: str
    wording: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """``handshake`` and ``end`` hold only what differs."""

    handshake: tuple[Difference, ...]
    pairs: tuple[Pair, ...]
    end: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether nothing differs, the wording among it."""
        return not self.handshake and not self.end and all(one.mark is Mark.EQUAL for one in self.pairs)

    @property
    def same(self) -> bool:
        """Whether nothing differs but the wording."""
        others = any(not each.wording for each in (*self.handshake, *self.end))
        return not others and all(one.mark is Mark.EQUAL for one in self.pairs)

    @property
    def wording(self) -> tuple[str, ...]:
        """What differs in wording alone."""
        return tuple(each.what for each in (*self.handshake, *self.end) if each.wording)

    def count(self, mark: Mark) -> int:
        return sum(pair.mark is mark for pair in self.pairs)


def compare_answers(first: Recorded, again: Recorded, *, whole: bool = True) -> Comparison:
    """What differs. ``whole``: all that was sent the first time was sent again, the end among it."""
    pairs = []
    looked = 0
    for mark, left, right in _paired(first.heard, again.heard):
        pair = Pair(mark, left, right)
        if mark is Mark.DIFFERS and left is not None and right is not None:
            looked += 1
            if looked <= MOST_COMPARED:
                pair = _where(first, again, left, right)
        pairs.append(pair)
    return Comparison(_handshake(first, again), tuple(pairs), _end(first.closing, again.closing, whole=whole))


_Made = tuple[Mark, Heard | None, Heard | None]


def _key(heard: Heard) -> tuple[int, bytes, int]:
    return heard.opcode, heard.digest, heard.size


def _paired(first: list[Heard], again: list[Heard]) -> list[_Made]:
    left, right = [_key(one) for one in first], [_key(one) for one in again]
    begin = 0
    while begin < min(len(left), len(right)) and left[begin] == right[begin]:
        begin += 1
    blocks = [("equal", 0, begin, 0, begin)]
    if (len(left) - begin) * (len(right) - begin) <= CELLS:
        matcher = difflib.SequenceMatcher(None, left[begin:], right[begin:], autojunk=False)
        blocks += [
            (tag, i + begin, j + begin, k + begin, m + begin) for tag, i, j, k, m in matcher.get_opcodes()
        ]
    else:
        blocks.append(("replace", begin, len(left), begin, len(right)))
    moved = _moved(left, right, blocks)
    taken = set(moved.values())
    made: list[_Made] = []
    for tag, i, j, k, m in blocks:
        if tag == "equal":
            made += [(Mark.EQUAL, first[i + at], again[k + at]) for at in range(j - i)]
            continue
        waiting = [at for at in range(k, m) if at not in taken]
        for at in range(i, j):
            if at in moved:
                made.append((Mark.MOVED, first[at], again[moved[at]]))
                continue
            if waiting and again[waiting[0]].opcode == first[at].opcode:
                other = again[waiting.pop(0)]
                same = left[at] == _key(other)
                made.append((Mark.EQUAL if same else Mark.DIFFERS, first[at], other))
            else:
                made.append((Mark.MISSING, first[at], None))
        made += [(Mark.ADDITIONAL, None, again[at]) for at in waiting]
    return made


def _moved(
    left: list[tuple[int, bytes, int]],
    right: list[tuple[int, bytes, int]],
    blocks: list[tuple[str, int, int, int, int]],
) -> dict[int, int]:
    """Answers that came in both, in another order: places of the first time to those of the second."""
    offered = defaultdict(list)
    for tag, _, _, k, m in blocks:
        if tag != "equal":
            for at in range(m - 1, k - 1, -1):
                offered[right[at]].append(at)
    found = {}
    for tag, i, j, _, _ in blocks:
        if tag != "equal":
            for at in range(i, j):
                if offered.get(left[at]):
                    found[at] = offered[left[at]].pop()
    return found


def _where(first: Recorded, again: Recorded, left: Heard, right: Heard) -> Pair:
    opened = first.opened(left.numbers), again.opened(right.numbers)
    if opened[0] is None or opened[1] is None:
        return Pair(Mark.DIFFERS, left, right)
    sides = [Side(each.pages, each.payload.data, left.opcode == 1) for each in opened if each is not None]
    byte = _first_byte(sides[0], sides[1])
    found = compare(sides[0], sides[1], limits=Limits(rows=200, seconds=1.0))
    where = ""
    if found.kind is Kind.JSON:
        places = [row.label for row in found.rows if row.differs and row.label]
        where = ", ".join(places[:3]) + (", …" if len(places) > 3 else "")
    return Pair(Mark.DIFFERS, left, right, where, byte)


def _first_byte(left: Side, right: Side) -> int | None:
    size = min(left.pages.length(), right.pages.length())
    for start in range(0, min(size, _BYTES), 1 << 16):
        one, other = (side.pages.read(start, min(size, start + (1 << 16))) for side in (left, right))
        if one != other:
            return start + next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return size if left.pages.length() != right.pages.length() else None


def _handshake(first: Recorded, again: Recorded) -> tuple[Difference, ...]:
    sides = first.snapshot.response, again.snapshot.response
    none = translate("Replay", "none")
    if sides[0] is None or sides[1] is None:
        if sides[0] is sides[1]:
            return ()
        told = [none if each is None else str(each.status) for each in sides]
        return (Difference(translate("Replay", "answer"), told[0], told[1]),)
    found = []
    if sides[0].status != sides[1].status:
        what = translate("Replay", "status")
        found.append(Difference(what, str(sides[0].status), str(sides[1].status)))
    fields: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for head, values in zip((sides[0].head, sides[1].head), fields, strict=True):
        for header in head.lines:
            name = header.name.strip().lower()
            values.setdefault(name.decode("latin-1"), []).append(masked(name, header.value.strip()))
    for text in dict.fromkeys((*fields[0], *fields[1])):
        if text not in _GENERATED and fields[0].get(text) != fields[1].get(text):
            told = [", ".join(each[text]) if text in each else none for each in fields]
            alike = text in _ANY_CASE and told[0].lower() == told[1].lower()
            found.append(Difference(text, told[0], told[1], alike or text in _NAMING))
    return tuple(found)


def closing_text(closing: Closing) -> str:
    """Who ended the connection, and how."""
    if closing.came:
        code = translate("Replay", "no code") if closing.code is None else str(closing.code)
        said = f"{code} “{closing.reason}”" if closing.reason else code
        if closing.peer_first:
            return translate("Replay", "the server closed with {0}").format(said)
        return translate("Replay", "the server answered our Close with {0}").format(said)
    if closing.peer_ended:
        return translate("Replay", "the server ended the connection without a Close")
    if closing.sent:
        return translate("Replay", "the server did not answer our Close")
    return translate("Replay", "we ended it")


def _end(first: Closing, again: Closing, *, whole: bool) -> tuple[Difference, ...]:
    def first_by_peer(each: Closing) -> bool:
        return each.peer_first or (each.peer_ended and not each.sent)

    both_ours = not first_by_peer(first) and not first_by_peer(again)
    if both_ours and (not first.sent or not whole):
        return ()  # our end, and ours alone; how it was done is no answer
    if not whole and not first_by_peer(again):
        return ()  # what was left out may have been why the server ended it
    told = closing_text(first), closing_text(again)
    if told[0] == told[1]:
        return ()
    plain = [closing_text(replace(each, reason="")) for each in (first, again)]
    return (Difference(translate("Replay", "end"), *told, wording=plain[0] == plain[1]),)
