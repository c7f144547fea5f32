"""The request as it will leave: an ordered list of header lines, kept as bytes and immutable."""

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from wsinspector.protocol.head_reader import HeadScanner, RequestLine, parse_request, request_parts
from wsinspector.protocol.http import OWS, Head
from wsinspector.protocol.spans import Span

VERSION = b"Sec-WebSocket-Version"
KEY = b"Sec-WebSocket-Key"
PROTOCOL = b"Sec-WebSocket-Protocol"
EXTENSIONS = b"Sec-WebSocket-Extensions"

_START = re.compile(rb"[!-~]+[ \t]+[^ \t]")
_MATCH_LIMIT = 400  # lines compared one by one when an edit is matched with the rows before it


class Generated(enum.Enum):
    """What a generated value is drawn from; the mark goes once a person edits the value.

    KEY1, KEY2 and KEY3 are of hixie-76 to hybi-03: two header values and the bytes behind the head.
    """

    HOST = "host"
    KEY = "key"
    ORIGIN = "origin"
    KEY1 = "key1"
    KEY2 = "key2"
    KEY3 = "key3"


DRAWN = frozenset({Generated.KEY, Generated.KEY1, Generated.KEY2, Generated.KEY3})
"""Drawn at random for every attempt; the others follow from the address."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One row. ``name + between + value + ending`` are its bytes, whatever they are.

    A row that is not ``enabled`` keeps its place and sends nothing.
    """

    name: bytes
    value: bytes
    between: bytes = b": "
    ending: bytes = b"\r\n"
    enabled: bool = True
    generated: Generated | None = None

    def to_bytes(self) -> bytes:
        """The line as it stands, also while switched off."""
        return self.name + self.between + self.value + self.ending

    def is_named(self, name: bytes) -> bool:
        """Whether a server would read the row as the field ``name``."""
        return b":" in self.between and self.name.strip(OWS).lower() == name.lower()


@dataclass(frozen=True, slots=True)
class Offers:
    """What a request offers: subprotocols and extensions (with parameters), in order."""

    protocols: tuple[bytes, ...]
    extensions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A request in rows. Every change gives a new draft, so that undo is a list of drafts.

    Bytes that are no HTTP head stand wholly in ``request_line``; then ``is_head`` is False.
    ``tail``: what follows the blank line; ``tail_generated`` marks it as a :attr:`Generated.KEY3`.
    """

    request_line: bytes = b"GET / HTTP/1.1"
    request_ending: bytes = b"\r\n"
    lines: tuple[DraftLine, ...] = ()
    terminator: bytes = b"\r\n"
    tail: bytes = b""
    tail_generated: bool = False

    def to_bytes(self) -> bytes:
        """Exactly what will be sent."""
        rows = b"".join(line.to_bytes() for line in self.lines if line.enabled)
        return self.request_line + self.request_ending + rows + self.terminator + self.tail

    @property
    def is_head(self) -> bool:
        """Whether the rows still mean something: a request line with a method and a target."""
        return bool(self.request_ending) and _START.match(self.request_line) is not None

    @property
    def parts(self) -> RequestLine:
        return request_parts(Head(self.request_line, self.request_ending, (), b"", Span(0, 0), False))

    @property
    def method(self) -> bytes:
        return self.parts.method

    @property
    def target(self) -> bytes:
        return self.parts.target

    @property
    def http_version(self) -> bytes:
        return self.parts.version

    def with_target(self, target: bytes) -> "Draft":
        """Replace the target alone; a draft that is no head stays as it is."""
        if not self.is_head:
            return self
        parts = self.parts
        # Searched behind the method, so that a target equal to the method is not mistaken for it.
        at = self.request_line.index(parts.method) + len(parts.method)
        at = self.request_line.index(parts.target, at)
        line = self.request_line[:at] + target + self.request_line[at + len(parts.target) :]
        return replace(self, request_line=line)

    def with_request_line(self, line: bytes) -> "Draft":
        return replace(self, request_line=line)

    def with_line(self, index: int, line: DraftLine) -> "Draft":
        """Put ``line`` in place of row ``index``."""
        return replace(self, lines=(*self.lines[:index], line, *self.lines[index + 1 :]))

    def with_edited_value(self, index: int, value: bytes) -> "Draft":
        """Replace a value as a person does: it is generated no more."""
        return self.with_line(index, replace(self.lines[index], value=value, generated=None))

    def insert(self, index: int, line: DraftLine) -> "Draft":
        """Put a new row before row ``index``; ``len(lines)`` appends."""
        return replace(self, lines=(*self.lines[:index], line, *self.lines[index:]))

    def remove(self, index: int) -> "Draft":
        return replace(self, lines=(*self.lines[:index], *self.lines[index + 1 :]))

    def move(self, index: int, to: int) -> "Draft":
        """Take row ``index`` out and put it back so that it becomes row ``to``."""
        line = self.lines[index]
        return self.remove(index).insert(to, line)

    def duplicate(self, index: int) -> "Draft":
        """Repeat a row below itself; the copy is not generated."""
        return self.insert(index + 1, replace(self.lines[index], generated=None))

    def switched(self, index: int, enabled: bool) -> "Draft":
        return self.with_line(index, replace(self.lines[index], enabled=enabled))

    def named(self, name: bytes) -> tuple[int, ...]:
        """The numbers of the rows that are on and named ``name``."""
        return tuple(at for at, line in enumerate(self.lines) if line.enabled and line.is_named(name))

    def version_values(self) -> tuple[bytes, ...]:
        """The values of the version lines that are on, as typed; () where there is none."""
        return tuple(self.lines[at].value for at in self.named(VERSION)) if self.is_head else ()

    def with_version_values(self, values: Sequence[bytes]) -> "Draft":
        """Say other versions: one line a value, at the place of the lines that were there.

        Nothing but version lines changes. With no value the first version line is switched
        off rather than removed, so that a value picked later comes to the same place.
        """
        if not self.is_head or tuple(values) == self.version_values():
            return self
        rows = self.named(VERSION)
        if not values:
            kept = [line for at, line in enumerate(self.lines) if at not in rows[1:]]
            kept[rows[0]] = replace(kept[rows[0]], enabled=False)
            return replace(self, lines=tuple(kept))
        off = tuple(at for at, line in enumerate(self.lines) if line.is_named(VERSION)) if not rows else ()
        reused = (rows or off[:1])[: len(values)]
        draft = self
        for at, value in zip(reused, values, strict=False):
            draft = draft.with_line(at, replace(draft.lines[at], value=value, enabled=True))
        for at in reversed(rows[len(values) :]):
            draft = draft.remove(at)
        if reused:
            model, place = draft.lines[reused[-1]], reused[-1] + 1
        else:
            keys = self.named(KEY)
            model, place = DraftLine(VERSION, b""), keys[-1] + 1 if keys else len(self.lines)
        for offset, value in enumerate(values[len(reused) :]):
            draft = draft.insert(place + offset, replace(model, value=value))
        return draft

    def with_generated(
        self, *, host: bytes | None = None, key: bytes | None = None, origin: bytes | None = None
    ) -> "Draft":
        """Draw the marked values anew; what a person edited stays."""
        fresh = {Generated.HOST: host, Generated.KEY: key, Generated.ORIGIN: origin}
        return self.with_values({mark: value for mark, value in fresh.items() if value is not None})

    def with_values(self, fresh: Mapping[Generated, bytes]) -> "Draft":
        """As :meth:`with_generated`, for any marks; those without a value stay as they are."""
        lines = []
        for line in self.lines:
            value = fresh.get(line.generated) if line.generated is not None else None
            lines.append(line if value is None else replace(line, value=value))
        tail = fresh.get(Generated.KEY3, self.tail) if self.tail_generated else self.tail
        return replace(self, lines=tuple(lines), tail=tail)

    def generated_values(self) -> dict[Generated, bytes]:
        """The marked values as they are now; of a repeated mark the last."""
        values = {line.generated: line.value for line in self.lines if line.generated is not None}
        return values | ({Generated.KEY3: self.tail} if self.tail_generated else {})

    def with_tail(self, tail: bytes) -> "Draft":
        """Replace the bytes behind the blank line as a person does: they are generated no more."""
        return self if tail == self.tail else replace(self, tail=tail, tail_generated=False)

    def fresh_names(self) -> frozenset[bytes]:
        """Lower-case names of the rows whose value is new in every attempt: for comparisons.

        A key that a person typed is not among them, so that its change is seen. The bytes behind
        the head have no name; whether they are drawn anew is :attr:`tail_generated`.
        """
        rows = (line for line in self.lines if line.generated in DRAWN)
        return frozenset(line.name.strip(OWS).lower() for line in rows)

    def key(self) -> bytes | None:
        """The first Sec-WebSocket-Key as a server would read it out of the bytes."""
        values = parse_request(self.to_bytes()).values(KEY)
        return values[0] if values else None

    def offers(self) -> Offers:
        head = parse_request(self.to_bytes())
        return Offers(head.members(PROTOCOL), head.members(EXTENSIONS))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Draft":
        """Rows made of bytes alone: nothing is generated, nothing switched off."""
        return cls().with_bytes(data)

    def with_bytes(self, data: bytes) -> "Draft":
        """Take over edited bytes; :meth:`to_bytes` gives exactly ``data`` afterwards.

        Rows that did not change keep their marks, and switched-off rows stay behind the row
        they stood behind. Bytes that are no head take everything with them.
        """
        return self if data == self.to_bytes() else self._read(data)

    def reread(self) -> "Draft":
        """The same bytes in the rows a reader makes of them.

        A value that holds a line break becomes two rows; otherwise nothing changes.
        """
        return self._read(self.to_bytes())

    def _read(self, data: bytes) -> "Draft":
        scanner = HeadScanner()
        taken = scanner.feed(data)
        head = scanner.head()
        read = Draft(head.start_line, head.start_ending, _rows_of(head), head.terminator, data[taken:])
        if head.span.start != 0 or not read.is_head or read.to_bytes() != data:
            return Draft(data, b"", (), b"", b"")
        marked = self.tail_generated and read.tail == self.tail
        return replace(read, lines=_carry_over(self.lines, read.lines), tail_generated=marked)


def _rows_of(head: Head) -> tuple[DraftLine, ...]:
    return tuple(DraftLine(line.name, line.value, line.between, line.ending) for line in head.lines)


def _carry_over(old: tuple[DraftLine, ...], new: tuple[DraftLine, ...]) -> tuple[DraftLine, ...]:
    """``new`` with the marks and the switched-off rows of ``old``."""
    was = [line for line in old if line.enabled]
    same, place = _matched_rows(was, new)
    lines = list(new)
    for old_row, new_row in same.items():
        lines[new_row] = replace(lines[new_row], generated=was[old_row].generated)
    behind: dict[int, list[DraftLine]] = {}
    row, anchor = -1, -1
    for line in old:
        if line.enabled:
            row += 1
            anchor = place.get(row, anchor)
        else:
            behind.setdefault(anchor, []).append(line)
    result = list(behind.get(-1, ()))
    for at, line in enumerate(lines):
        result.append(line)
        result.extend(behind.get(at, ()))
    return tuple(result)


def _matched_rows(
    old: Sequence[DraftLine], new: Sequence[DraftLine]
) -> tuple[dict[int, int], dict[int, int]]:
    """Old row to new row: those equal in bytes, and those of which only the place is known."""
    ours = [line.to_bytes() for line in old]
    theirs = [line.to_bytes() for line in new]
    first = 0
    while first < min(len(ours), len(theirs)) and ours[first] == theirs[first]:
        first += 1
    last = 0
    while last < min(len(ours), len(theirs)) - first and ours[-1 - last] == theirs[-1 - last]:
        last += 1
    same = {at: at for at in range(first)}
    same |= {len(ours) - 1 - at: len(theirs) - 1 - at for at in range(last)}
    place = dict(same)
    middle, other = ours[first : len(ours) - last], theirs[first : len(theirs) - last]
    if len(middle) > _MATCH_LIMIT or len(other) > _MATCH_LIMIT:
        return same, place
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
        for step in range(min(a1 - a0, b1 - b0)):
            place[first + a0 + step] = first + b0 + step
            if tag == "equal":
                same[first + a0 + step] = first + b0 + step
    # A row that was moved by hand keeps its mark too.
    free = {first + at for at in range(len(other))} - set(same.values())
    for row in range(first, first + len(middle)):
        if row in same:
            continue
        found = next((at for at in sorted(free) if theirs[at] == ours[row]), None)
        if found is not None:
            same[row] = place[row] = found
            free.discard(found)
    return same, place


def standard_draft(
    target: bytes,
    host: bytes,
    key: bytes,
    *,
    origin: bytes | None = None,
    deflate: bool = False,
    version: Sequence[bytes] = (b"13",),
) -> Draft:
    """The handshake of RFC 6455 §4.1 in the order of its example, generated values marked."""
    lines = [
        DraftLine(b"Host", host, generated=Generated.HOST),
        DraftLine(b"Upgrade", b"websocket"),
        DraftLine(b"Connection", b"Upgrade"),
        DraftLine(KEY, key, generated=Generated.KEY),
        *(DraftLine(VERSION, value) for value in version),
    ]
    if origin is not None:
        lines.append(DraftLine(b"Origin", origin, generated=Generated.ORIGIN))
    if deflate:
        lines.append(DraftLine(EXTENSIONS, b"permessage-deflate; client_max_window_bits"))
    return Draft(request_line=b"GET " + target + b" HTTP/1.1", lines=tuple(lines))
