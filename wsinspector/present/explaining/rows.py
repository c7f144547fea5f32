"""The parts of an attempt as rows of a list: closed, they cost nothing; opened, each shows what it holds."""

import enum
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from wsinspector.learn.pieces import BIT, Piece, at_bit
from wsinspector.present.explaining.part import Kind, Part
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.explaining.shown import Shown, arrow, hidden_in, shown, summary, title
from wsinspector.protocol.spans import Direction, Span

Path = tuple[int, ...]
KEPT_WORDS = 4096


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``piece``: None for the part itself. ``path``: its place at each level within the part.

    ``opens``: whether it can be opened; ``opened``: whether it is.
    """

    part: Part
    path: Path
    piece: Piece | None
    opens: bool
    opened: bool

    @property
    def depth(self) -> int:
        return len(self.path) + self.part.level


@dataclass(slots=True)
class _Opened:
    """A part that is open: its rows, itself left out, and which of its pieces are open."""

    rows: list[tuple[Path, Piece]] = field(default_factory=list)
    pieces: set[Path] = field(default_factory=set)
    hidden: tuple[Span, ...] = ()


class Taken(enum.Enum):
    """What growing has changed of the rows."""

    NOTHING = enum.auto()
    SOME = enum.auto()
    ALL = enum.auto()


Changing = Callable[[int, int], None]
"""Told before rows come or go: the first and the last of them."""


class Rows:
    """Rows by number.

    ``inserting`` and ``removing`` are told before, ``changed`` after each change; ``resetting`` and ``reset``
    before and after all rows may be others.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._open: dict[str, _Opened] = {}
        self._places: list[int] = []  # of open parts, rising
        self._before: list[int] = []  # rows of open parts before each of them
        self._keys: list[str] = []
        self._words: dict[tuple[str, Path], tuple[object, Shown]] = {}
        self.inserting: Changing = lambda _first, _last: None
        self.removing: Changing = lambda _first, _last: None
        self.changed: Callable[[], None] = lambda: None
        self.resetting: Callable[[], None] = lambda: None
        self.reset: Callable[[], None] = lambda: None

    def __len__(self) -> int:
        return len(self.parts) + (self._before[-1] + self._size(-1) if self._places else 0)

    def _size(self, at: int) -> int:
        return len(self._open[self._keys[at]].rows)

    def _order(self) -> None:
        """Work out again where open parts stand; those that are gone are closed."""
        found = []
        for key in list(self._open):
            place = self.parts.place_of(key)
            if place is None:
                del self._open[key]
            else:
                found.append((place, key))
        found.sort()
        self._places = [place for place, _ in found]
        self._keys = [key for _, key in found]
        self._before = []
        total = 0
        for key in self._keys:
            self._before.append(total)
            total += len(self._open[key].rows)

    # -- rows

    def _find(self, row: int) -> tuple[int, int]:
        """Place of the part that holds ``row``, and the row within it; 0 is the part itself."""
        low, high = 0, len(self._places)
        while low < high:
            middle = (low + high) // 2
            if self._places[middle] + self._before[middle] <= row:
                low = middle + 1
            else:
                high = middle
        if not low:
            return row, 0
        at = low - 1
        inside = row - self._places[at] - self._before[at]
        size = self._size(at)
        if inside <= size:
            return self._places[at], inside
        return row - self._before[at] - size, 0

    def row(self, number: int) -> Row:
        """Row ``number`` from 0."""
        place, inside = self._find(number)
        part = self.parts.part(place)
        opened = self._open.get(part.key)
        if not inside or opened is None:
            can = part.kind is not Kind.GONE
            return Row(part, (), None, can, opened is not None)
        path, piece = opened.rows[inside - 1]
        return Row(part, path, piece, piece.opens is not None, path in opened.pieces)

    def row_of(self, key: str, path: Path = ()) -> int | None:
        """The number of a row; of its nearest open parent where it is not shown."""
        place = self.parts.place_of(key)
        if place is None:
            return None
        number = self._rows_before(place)
        opened = self._open.get(key)
        if opened is None or not path:
            return number
        wanted = path
        known = {one: where for where, (one, _) in enumerate(opened.rows)}
        while wanted and wanted not in known:
            wanted = wanted[:-1]
        return number + 1 + known[wanted] if wanted else number

    def words(self, row: Row) -> Shown:
        """What a piece's row shows, secrets hidden; kept for as long as the part is open."""
        assert row.piece is not None
        opened = self._open.get(row.part.key)
        hidden = opened.hidden if opened is not None else ()
        key = (row.part.key, row.path)
        kept = self._words.get(key)
        if kept is not None and kept[0] is row.piece:
            return kept[1]
        made = shown(self.parts, self.parts.located(row.part), row.piece, hidden)
        if len(self._words) >= KEPT_WORDS:
            self._words.clear()
        self._words[key] = row.piece, made
        return made

    def hidden(self, part: Part) -> tuple[Span, ...]:
        """The secrets of a part."""
        opened = self._open.get(part.key)
        return opened.hidden if opened is not None else hidden_in(self.parts, self.parts.located(part))

    def title(self, part: Part) -> tuple[str, str, str]:
        """Arrow, name and a few words of a part."""
        return arrow(self.parts, part), title(self.parts, part), summary(self.parts, part)

    # -- opening

    def toggle(self, number: int) -> bool:
        """Open a closed row, close an open one; False where it holds nothing."""
        row = self.row(number)
        if row.opened:
            self.close(number)
            return True
        return self.open(number)

    def open(self, number: int) -> bool:
        """Show what a row holds; False where that is nothing."""
        row = self.row(number)
        if row.opened or not row.opens:
            return False
        if row.piece is None:
            part = self.parts.located(row.part)
            pieces = self.parts.pieces(part)
            if not pieces:
                return False
            made = _Opened(
                [((at,), each) for at, each in enumerate(pieces)], set(), hidden_in(self.parts, part)
            )
            self.inserting(number + 1, number + len(made.rows))
            self._open[row.part.key] = made
        else:
            opened = self._open[row.part.key]
            inner = row.piece.inside()
            if not inner:
                return False
            at = 1 + next(where for where, (path, _) in enumerate(opened.rows) if path == row.path)
            self.inserting(number + 1, number + len(inner))
            opened.rows[at:at] = [((*row.path, place), each) for place, each in enumerate(inner)]
            opened.pieces.add(row.path)
        self._order()
        self.changed()
        return True

    def close(self, number: int) -> bool:
        """Hide what a row holds."""
        row = self.row(number)
        if not row.opened:
            return False
        opened = self._open[row.part.key]
        if row.piece is None:
            self.removing(number + 1, number + len(opened.rows))
            del self._open[row.part.key]
        else:
            depth = len(row.path)
            inside = [
                at
                for at, (path, _) in enumerate(opened.rows)
                if len(path) > depth and path[:depth] == row.path
            ]
            if inside:
                self.removing(number + 1, number + len(inside))
                del opened.rows[inside[0] : inside[-1] + 1]
            opened.pieces = {path for path in opened.pieces if path[:depth] != row.path}
        self._order()
        self.changed()
        return True

    def reveal(self, key: str, path: Path) -> int | None:
        """Open whatever stands above a piece; the number of its row."""
        number = self.row_of(key)
        if number is None or not path:
            return number
        self.open(number)
        for depth in range(1, len(path)):
            above = self.row_of(key, path[:depth])
            if above is not None:
                self.open(above)
        return self.row_of(key, path)

    def parent_of(self, number: int) -> int | None:
        """The row in which a row stands; None for a part that is in no other."""
        row = self.row(number)
        if row.path:
            return self.row_of(row.part.key, row.path[:-1])
        above = self.parts.above(row.part)
        return None if above is None else self.row_of(above)

    # -- growing

    def take(self, grown: Callable[[], None]) -> Taken:
        """Let the parts grow by ``grown``; whoever shows the rows is told of each change before and after."""
        taken = self._taken(grown)
        if taken is Taken.SOME:
            self._renew_messages()
        return taken

    def _renew_messages(self) -> None:
        """Messages that are open may have more frames by now."""
        for key, opened in list(self._open.items()):
            number = self.row_of(key) if key.startswith(Kind.MESSAGE.value) else None
            if number is None:
                continue
            pieces = self.parts.pieces(self.row(number).part)
            if len(pieces) == len(opened.rows):
                opened.rows = [((at,), each) for at, each in enumerate(pieces)]
            else:
                self.close(number)
                self.open(number)

    def _taken(self, grown: Callable[[], None]) -> Taken:
        parts = self.parts
        old = parts.state
        grown()
        new = parts.state
        more = len(new.middle) - len(old.middle)
        if old.head != new.head or new.middle.last < old.middle.last or old.middle.first != new.middle.first:
            parts.state = old
            self.resetting()
            parts.state = new
            self._words.clear()
            self._again()
            self.reset()
            return Taken.ALL
        spans = {part.key: part.span for part in old.tail}
        moved = {part.key for part in new.tail if spans.get(part.key, part.span) != part.span}
        if old.keys == new.keys and not (moved & self._open.keys()):
            if more:
                parts.state = old
                at = self._rows_before(len(old.head) + len(old.middle))
                self.inserting(at, at + more - 1)
                parts.state = new
                self._order()
                self.changed()
            return Taken.SOME if more else Taken.NOTHING
        parts.state = old
        at, end = self._rows_before(len(old.head) + len(old.middle)), len(self)
        if end > at:
            self.removing(at, end - 1)
            for key in old.keys:
                self._open.pop(key, None)
            parts.state = replace(old, tail=())
            self._order()
            self.changed()
        coming = more + len(new.tail)
        if coming:
            self.inserting(at, at + coming - 1)
            parts.state = new
            self._order()
            self.changed()
        parts.state = new
        return Taken.SOME

    def _rows_before(self, place: int) -> int:
        """How many rows stand before the part at ``place``."""
        at = bisect_left(self._places, place)
        return place + (self._before[at - 1] + self._size(at - 1) if at else 0)

    def _again(self) -> None:
        """Make the rows of open parts anew: their bytes may be others."""
        for key, opened in list(self._open.items()):
            place = self.parts.place_of(key)
            if place is None:
                del self._open[key]
                continue
            part = self.parts.located(self.parts.part(place))
            opened.hidden = hidden_in(self.parts, part)
            wanted, opened.pieces = opened.pieces, set()
            opened.rows = []
            self._fill(opened, (), self.parts.pieces(part), wanted)
            if not opened.rows:
                del self._open[key]
        self._order()

    def _fill(self, opened: _Opened, above: Path, pieces: tuple[Piece, ...], wanted: set[Path]) -> None:
        for at, each in enumerate(pieces):
            path = (*above, at)
            opened.rows.append((path, each))
            if path in wanted:
                inner = each.inside()
                if inner:
                    opened.pieces.add(path)
                    self._fill(opened, path, inner, wanted)

    # -- from elsewhere

    def path_at(self, part: Part, byte: int, bit: int = 0, *, to_byte: bool = False) -> Path:
        """The way to the smallest piece of a part that holds a byte of its stream.

        ``to_byte``: also where that is one byte of many alike.
        """
        pieces = self.parts.pieces(self.parts.located(part))
        return at_bit(pieces, BIT * byte + bit, to_byte=to_byte)

    def part_at(self, direction: Direction, byte: int) -> Part | None:
        """The part of the handshake that holds a byte of a stream."""
        for place in range(self.parts.frames_at):
            part = self.parts.part(place)
            if (
                part.direction is direction
                and part.span is not None
                and part.span.start <= byte < part.span.end
            ):
                return part
        return None
