"""Rows open and close, stay where they are while frames come, and cost nothing while they are closed."""

from array import array
from dataclasses import replace

from tests.present.explaining.streams import Streams
from wsinspector.conversation.snapshot import End, EndedBy, EndKind
from wsinspector.learn.opening import opening_pieces
from wsinspector.present.explaining.part import Kind
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.explaining.rows import Rows, Taken
from wsinspector.present.frames import FrameReading
from wsinspector.protocol.arriving import NOTHING_AGREED
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction, Role

HELLO = bytes.fromhex("810548656c6c6f")


def made(count: int, *, ended: bool = True) -> Rows:
    return Rows(Streams(HELLO * count, b"", NOTHING_AGREED, Role.CLIENT, ended=ended).parts())


def keys(rows: Rows) -> list[tuple[str, tuple[int, ...]]]:
    return [(row.part.key, row.path) for row in map(rows.row, range(len(rows)))]


def test_of_a_draft_it_is_said_that_the_clauses_are_the_standards() -> None:
    parts = Streams(HELLO, b"", NOTHING_AGREED, Role.CLIENT, ended=True).parts()
    names = [piece.name for piece in opening_pieces(parts.snapshot)]
    assert "version" not in names
    draft = replace(parts.snapshot, dialect="hybi-08")
    said = next(piece.said for piece in opening_pieces(draft) if piece.name == "version")
    assert said is not None
    assert said.clause.startswith("draft-ietf-hybi-thewebsocketprotocol-08, ")
    assert "where a matter stands in the standard" in said.why


def test_opening_and_closing() -> None:
    rows = made(3)
    assert [key for key, _ in keys(rows)] == ["opening", "frame-1", "frame-2", "frame-3"]
    told: list[tuple[str, int, int]] = []
    rows.inserting = lambda first, last: told.append(("in", first, last))
    rows.removing = lambda first, last: told.append(("out", first, last))
    assert rows.open(2)
    inside = [path for key, path in keys(rows) if key == "frame-2"]
    assert inside == [(), (0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,)]
    payload = rows.row_of("frame-2", (7,))
    assert payload is not None
    assert rows.open(payload)
    assert [path for key, path in keys(rows) if len(path) == 2] == [(7, at) for at in range(5)]
    assert rows.words(rows.row(payload + 1)).name == "H"
    assert rows.parent_of(payload + 1) == payload
    assert rows.close(2)
    assert len(rows) == 4
    assert told == [("in", 3, 10), ("in", 11, 15), ("out", 3, 15)]


def test_rows_are_found_again() -> None:
    rows = made(40)
    for number in (3, 17, 30):
        place = rows.row_of(f"frame-{number}")
        assert place is not None
        assert rows.open(place)
    for at in range(len(rows)):
        row = rows.row(at)
        assert rows.row_of(row.part.key, row.path) == at


def test_a_byte_is_found_and_shown() -> None:
    rows = made(2)
    part = rows.parts.part(rows.parts.frames_at + 1)
    path = rows.path_at(part, len(HELLO) + 3)
    number = rows.reveal(part.key, path)
    assert number is not None
    assert rows.words(rows.row(number)).name == "payload"
    opcode = rows.reveal(part.key, rows.path_at(part, len(HELLO), 5))
    assert opcode is not None
    assert rows.row(opcode).piece is not None
    assert rows.words(rows.row(opcode)).name == "opcode"


def test_what_comes_is_added_below_what_is_open() -> None:
    streams = Streams(HELLO * 3, b"", NOTHING_AGREED, Role.CLIENT, ended=True)
    rows = Rows(streams.parts())
    whole = streams.snapshot()
    told: list[tuple[int, int]] = []
    rows.inserting = lambda first, last: told.append((first, last))
    assert rows.take(lambda: rows.parts.grow(whole, 1)) is Taken.ALL  # frames went
    assert rows.open(1)
    size = len(rows)
    told.clear()
    assert rows.take(lambda: rows.parts.grow(whole)) is Taken.SOME
    assert told == [(size, size + 1)]
    assert len(rows) == size + 2
    assert rows.row(1).opened
    assert rows.take(lambda: rows.parts.grow(whole)) is Taken.NOTHING


def test_the_end_comes_below_the_frames() -> None:
    streams = Streams(HELLO * 3, b"", NOTHING_AGREED, Role.CLIENT, ended=True)
    rows = Rows(streams.parts())
    told: list[str] = []
    rows.inserting = lambda _first, _last: told.append("in")
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 0.0, 1.0, 5)
    assert rows.take(lambda: rows.parts.grow(replace(streams.snapshot(), end=end))) is Taken.SOME
    assert [key for key, _ in keys(rows)][-2:] == ["frame-3", "end"]
    assert told == ["in"]


class Million(Streams):
    """A million frames of which only those that are looked at are ever made."""

    COUNT = 1_000_000

    def __init__(self) -> None:
        super().__init__(b"", b"", NOTHING_AGREED, Role.CLIENT, ended=True)
        self.asked = 0

    def columns(self, first_no: int, count: int) -> FrameColumns:
        found = FrameColumns()
        for number in range(first_no, min(first_no + count, self.COUNT + 1)):
            self.asked += 1
            for name, value in (
                ("offset", 7 * (number - 1)), ("header", 2), ("length", 5), ("first", 0x81), ("flags", 0x18),
                ("time", number), ("message", number), ("anomalies", 0),
            ):  # fmt: skip
                getattr(found, name).append(value)
        return found

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        turn = start % 7
        return (
            (HELLO * (2 + (end - start) // 7))[turn : turn + end - start]
            if direction is Direction.IN
            else b""
        )

    def stream_length(self, direction: Direction) -> int:
        return 7 * self.COUNT if direction is Direction.IN else 0

    def times(self, direction: Direction, start: int, end: int) -> "array[int]":
        return super().times(direction, start, end)


def test_a_million_frames_open_at_once() -> None:
    streams = Million()
    snapshot = replace(streams.snapshot(), frames=Million.COUNT, bytes_in=7 * Million.COUNT)
    rows = Rows(Parts(snapshot, FrameReading(streams, NOTHING_AGREED, Role.CLIENT)))
    assert len(rows) > Million.COUNT
    last = rows.row_of(f"frame-{Million.COUNT}")
    assert last is not None
    assert rows.open(last)
    assert rows.words(rows.row(last + 1)).name == "FIN"
    assert rows.row(5).part.kind is Kind.FRAME
    assert streams.asked < 4000
