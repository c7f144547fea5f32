"""The peer's frames as they come, for whoever waits for one: columns and payloads, without any I/O.

A frame is held against a condition exactly as the log's Messages do: what speaks of size or payload is
decided at a message's last frame, for the whole message.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wsinspector.filter.column_planes import ColumnPlanes
from wsinspector.filter.columns import Node, Slice, as_bytes, needs, planned
from wsinspector.filter.content import Content, about_content
from wsinspector.filter.rows import CONTINUES, UNKNOWN, FrameRow, Unknown, evaluate, is_fragment
from wsinspector.filter.syntax import And, Condition, leaves
from wsinspector.protocol.arriving import Agreed, Attention
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE, FrameColumns
from wsinspector.protocol.framings import Framing
from wsinspector.protocol.opcodes import CLOSE, CONTROL_BIT, TEXT


@dataclass(frozen=True, slots=True)
class Came:
    """Frames of the peer that one read completed.

    ``first_no``: number of the first. ``start``: when the attempt began (ns). ``before``: time of the
    frame before. ``messages``: of fragments, by their place: opcode and payload bytes of the message so
    far. ``contents``: payloads by frame number, as far as they are known.
    """

    first_no: int
    columns: FrameColumns
    start: int
    before: int | None
    messages: Mapping[int, tuple[int, int]]
    contents: Mapping[int, Content]

    def __len__(self) -> int:
        return len(self.columns)


Watcher = Callable[[Came], None]


class FrameWatch:
    """Collects what comes while somebody watches, and hands it out once a read has been answered.

    ``contents``: somebody asks for payloads too. ``start``: when the attempt began (ns).
    """

    def __init__(self, start: int = 0) -> None:
        self.start = start
        self._watchers: dict[Watcher, bool] = {}
        self._came: list[Came] = []
        self._open: tuple[int, int] | None = None
        self._before: int | None = None
        self.contents = False

    def begin(self, who: "Watcher", *, contents: bool) -> None:
        """``who`` is told from now on; ``contents``: what it waits for speaks of payloads."""
        self._watchers[who] = contents
        self.contents = any(self._watchers.values())

    def end(self, who: "Watcher") -> None:
        """``who`` is told no more; a second call does nothing."""
        self._watchers.pop(who, None)
        self.contents = any(self._watchers.values())

    @property
    def on(self) -> bool:
        return bool(self._watchers)

    def came(
        self,
        columns: FrameColumns,
        last_no: int,
        attention: list[Attention],
        framing: Framing,
        agreed: Agreed,
    ) -> None:
        """Frames became complete, the last of them with number ``last_no``."""
        first_no = last_no - len(columns) + 1
        messages = self._follow(columns)
        contents = {seen.number: _content(seen, framing, agreed) for seen in attention if _told(seen)}
        self._came.append(Came(first_no, columns, self.start, self._before, messages, contents))
        self._before = columns.time[-1]

    def tell(self) -> None:
        """Hand out what came since the last call."""
        while self._came:
            taken, self._came = self._came, []
            for each in taken:
                for who in list(self._watchers):
                    who(each)

    def _follow(self, columns: FrameColumns) -> dict[int, tuple[int, int]]:
        """Opcode and size so far of the messages that are in several frames, by their places."""
        found: dict[int, tuple[int, int]] = {}
        for place, (first, flags) in enumerate(zip(columns.first, columns.flags, strict=True)):
            if first & CONTROL_BIT or not is_fragment(first, flags):
                continue
            if flags & FLAG_STARTS_MESSAGE:
                self._open = (first & 0x0F, 0)
            opcode, size = self._open or (0, 0)
            self._open = (opcode, size + columns.length[place])
            found[place] = self._open
            if flags & FLAG_ENDS_MESSAGE:
                self._open = None
        return found


def _told(seen: Attention) -> bool:
    """Whether the payload that belongs to a frame is known."""
    if not seen.complete:
        return False
    return bool(seen.message_opcode) or (bool(seen.opcode & CONTROL_BIT) and seen.length == len(seen.payload))


def _content(seen: Attention, framing: Framing, agreed: Agreed) -> Content:
    if seen.opcode == CLOSE:
        code = framing.close_code(seen.payload, agreed=agreed)
        codes = framing.abilities(agreed).close_codes
        return Content(
            seen.payload, True, code, seen.payload[2:] if code is not None else b"" if codes else seen.payload
        )
    if seen.opcode & CONTROL_BIT:
        return Content(seen.payload)
    return Content(seen.message_payload, seen.message_opcode == TEXT)


@dataclass(frozen=True, slots=True)
class Hit:
    """The first frame that fits: its number and when (ns) it came."""

    number: int
    at: int


@dataclass(slots=True)
class Near:
    """The frame that fitted most parts of a condition, and the first part that it does not fit."""

    number: int
    fits: int
    of: int
    lacks: Condition


MOST_UNDECIDED = 20
"""Frames of which it could not be told, after which nothing more is read of payloads: each may have cost a
pattern's whole time, and the thread that looks carries every connection."""

MOST_MEASURED = 1000

LAST = 3
"""Frames that are remembered to be shown where none fitted."""


class Wanted:
    """One condition, ready to be held against what comes."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.contents = any(about_content(leaf) for leaf in leaves(condition))
        self._joins = self.contents or needs(condition, "size")
        self._plan: Node = planned(condition)
        self.seen = 0
        """Frames looked at."""
        self.undecided: list[int] = []
        """Frames of which it cannot be told, at most :data:`MOST_UNDECIDED` of them."""
        self.near: Near | None = None
        self.last: deque[int] = deque(maxlen=LAST)
        """Numbers of the frames looked at last."""

    def first_in(self, came: Came, after: int = 0, until: int | None = None) -> Hit | None:
        """The first frame behind number ``after`` that fits and came at ``until`` (ns) at the latest."""
        columns = came.columns
        types = bytes(first & 0x0F or CONTINUES for first in columns.first)
        for place, (opcode, _) in came.messages.items():
            if not columns.first[place] & 0x0F:
                types = types[:place] + bytes((CONTINUES | opcode,)) + types[place + 1 :]
        frames = Slice(ColumnPlanes(columns), came.first_no, came.start, came.before, lambda: types, apart=0)
        must, may = self._plan.decide(frames)
        fits, open_ = as_bytes(must, len(columns)), as_bytes(may, len(columns))
        for place in range(max(0, after + 1 - came.first_no), len(columns)):
            at = columns.time[place]
            if until is not None and at > until:
                return None
            number = came.first_no + place
            self.seen += 1
            self.last.append(number)
            joined = self._joins and place in came.messages
            if not joined:
                if fits[place] and not self.contents:
                    return Hit(number, at)
                if not open_[place]:
                    self._measure(came, place, types[place])
                    continue
            elif not columns.flags[place] & FLAG_ENDS_MESSAGE:
                continue  # decided with the last frame, for the whole
            if len(self.undecided) >= MOST_UNDECIDED:
                continue
            found = evaluate(self.condition, self._row(came, place, types[place]))
            if found:
                return Hit(number, at)
            if found is None:
                self.undecided.append(number)
                continue  # to measure it would cost as much again
            self._measure(came, place, types[place])
        return None

    def _row(self, came: Came, place: int, kind: int) -> FrameRow:
        columns = came.columns
        number = came.first_no + place
        before = columns.time[place - 1] if place else came.before
        size = came.messages[place][1] if place in came.messages else columns.length[place]

        def read() -> Content | Unknown | None:
            return came.contents.get(number, UNKNOWN)

        return FrameRow(
            number,
            columns.first[place],
            kind,
            columns.flags[place],
            columns.length[place],
            size,
            columns.time[place] - came.start,
            columns.time[place] - before if before is not None else None,
            columns.message[place],
            columns.anomalies[place],
            False,
            read,
        )

    def _measure(self, came: Came, place: int, kind: int) -> None:
        """Remember the frame that comes nearest, for whoever asks why none fitted."""
        if not isinstance(self.condition, And) or self.seen > MOST_MEASURED:
            return
        row = self._row(came, place, kind)
        parts = self.condition.parts
        lacking = [part for part in parts if not evaluate(part, row)]
        fits = len(parts) - len(lacking)
        if fits and lacking and (self.near is None or fits > self.near.fits):
            self.near = Near(row.number, fits, len(parts), lacking[0])
