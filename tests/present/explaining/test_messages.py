"""Frames of one message stand below it and their payloads together behind them, in every dialect."""

from array import array
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.present.explaining.streams import Streams
from wsinspector.present.explaining.grouping import Middle, Stands
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.explaining.rows import Rows, Taken
from wsinspector.present.explaining.shown import arrow, steps_of, summary, title
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading, framing_of
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.frame_facts import FRAME_FACTS
from wsinspector.protocol.opcodes import CONTINUATION, PING, TEXT
from wsinspector.protocol.spans import Direction, Role

KEY = bytes.fromhex("37fa213d")
# "Hé", "llo" in three frames, with a ping before the last; the é is cut in two.
PARTED = bytes.fromhex("0102 48c3  0004 a96c6c6f  8901 3f  8001 21".replace(" ", ""))


def agreed_in(dialect: str) -> Agreed:
    return Agreed(None, dialect, connection_key=b"k" * 20 if dialect == "hybi-04" else b"")


def told(parts: Parts) -> list[str]:
    """Every part in a line, two blanks before what stands below a message."""
    found = []
    for place in range(len(parts)):
        part = parts.part(place)
        lead = f"{arrow(parts, part)} {title(parts, part)}".strip()
        found.append(f"{'  ' * part.level}{lead}: {summary(parts, part)}")
    return found[1:]


def test_a_message_stands_above_its_frames_and_what_it_says_below() -> None:
    parts = Streams(PARTED, b"", NOTHING_AGREED, Role.CLIENT, ended=True).parts(grouped=True)
    assert told(parts) == [
        "↓ Message of 3 frames: Text, 7 bytes, frames 1 to 4",
        "  ↓ Frame 1: Text, 2 bytes, more follows, 1 of 3",
        "  ↓ Frame 2: Cont., 4 bytes, more follows, 2 of 3",
        "↓ Frame 3: Ping, 1 byte",
        "  ↓ Frame 4: Cont., 1 byte, 3 of 3",
        "  ↓ The whole message: Héllo!",
    ]
    head = {each.name: each.value for each in parts.pieces(parts.part(1))}
    assert head == {
        "kind": "Text", "frames": "1, 2, 4", "in between": "3 Ping", "length": "7 bytes",
        "end": "with frame 4",
    }  # fmt: skip
    (whole,) = parts.pieces(parts.part(6))
    assert [(step.name, step.value) for step in steps_of(whole)] == [
        ("frame 1", "H\\xc3"),
        ("frame 2", "\\xa9llo"),
        ("frame 4", "!"),
    ]


@pytest.mark.parametrize("dialect", FRAME_FACTS)
def test_in_every_dialect_that_has_them(dialect: str) -> None:
    agreed = agreed_in(dialect)
    framing = framing_of(agreed)
    able = framing.abilities(agreed)
    if not able.fragments:
        wire = framing.encode(TEXT, b"Hello", sender=Role.SERVER, agreed=agreed) * 2
        parts = Streams(wire, b"", agreed, Role.CLIENT, ended=True).parts(grouped=True)
        assert all(parts.part(place).level == 0 for place in range(len(parts)))
        assert parts.frame_count == 2
        return

    def said(opcode: int, payload: bytes, sender: Role, *, fin: bool = True) -> bytes:
        key = KEY if able.masked and sender is Role.CLIENT else None
        return framing.encode(opcode, payload, sender=sender, agreed=agreed, key=key, fin=fin)

    def message(sender: Role) -> bytes:
        return (
            said(TEXT, b"Hel", sender, fin=False)
            + said(CONTINUATION, b"lo ", sender, fin=False)
            + said(PING, b"?", sender)
            + said(CONTINUATION, b"you", sender)
            + said(TEXT, b"whole", sender)
        )

    streams = Streams(message(Role.SERVER), message(Role.CLIENT), agreed, Role.CLIENT, ended=True)
    parts = streams.parts(grouped=True)
    lines = told(parts)
    assert len(lines) == 14
    assert sum("Message of 3 frames: Text, 9 bytes" in each for each in lines) == 2
    assert sum(each.endswith("The whole message: Hello you") for each in lines) == 2
    assert sum(each.startswith("  ") for each in lines) == 8
    document = FRAME_FACTS[dialect].document
    clauses = {piece.said.clause for place in (1, 7) for piece in parts.pieces(parts.part(place))}
    assert all(clause.startswith(document) for clause in clauses)


def test_what_was_compressed_is_told_inflated() -> None:
    wire = bytes.fromhex("4103 f248cd  8004 c9c90700".replace(" ", ""))
    parts = Streams(wire, b"", Agreed(DeflateParameters()), Role.CLIENT, ended=True).parts(grouped=True)
    assert told(parts)[-1] == "  ↓ The whole message: compressed, not inflated yet"
    assert parts.inflation is not None
    parts.inflation.reach(Direction.IN, 2, 1)
    assert told(parts)[-1] == "  ↓ The whole message: Hello"
    assert "compressed" in [each.name for each in parts.pieces(parts.part(1))]


def test_what_a_copy_left_out_is_not_put_together() -> None:
    parts = Streams(PARTED, b"", NOTHING_AGREED, Role.CLIENT, ended=True).parts(grouped=True)
    parts.grow(replace(parts.snapshot, left_out=((Direction.IN, 5, 7),)))
    assert told(parts)[-1] == "  ↓ The whole message: left out of this copy"
    (whole,) = parts.pieces(parts.part(6))
    assert (whole.value, steps_of(whole)) == ("left out of this copy", ())


def test_a_message_that_grows() -> None:
    streams = Streams(PARTED, b"", NOTHING_AGREED, Role.CLIENT, ended=True)
    snapshot = replace(streams.snapshot(), frames=1, frames_in=4)
    reading = FrameReading(streams, NOTHING_AGREED, Role.CLIENT)
    index = FrameIndex(streams)
    index.grow(1)
    rows = Rows(Parts(snapshot, reading, None, index))
    assert told(rows.parts)[0] == "↓ Message of 1 frame: Text, 2 bytes, frames 1 to 1, not finished"
    assert rows.open(1)
    before = len(rows)
    changes: list[tuple[int, int]] = []
    rows.inserting = lambda first, last: changes.append((first, last))
    index.grow(2)
    snapshot = replace(snapshot, frames=4)
    assert rows.take(lambda: rows.parts.grow(snapshot)) is Taken.SOME
    assert changes == [(before, before)]
    behind = [rows.parts.behind]  # the index has not read them all
    index.grow(4)
    assert rows.take(lambda: rows.parts.grow(snapshot)) is Taken.SOME
    assert [*behind, rows.parts.behind] == [True, False]
    ended = rows.row_of("message-1", (4,))
    assert ended is not None
    assert rows.words(rows.row(ended)).value == "with frame 4"
    for number in range(len(rows)):
        row = rows.row(number)
        assert rows.row_of(row.part.key, row.path) == number
    last = rows.row_of("whole-4")
    assert last is not None
    assert rows.parent_of(last) == 1


def test_a_message_whose_beginning_was_dropped() -> None:
    streams = Streams(PARTED, b"", NOTHING_AGREED, Role.CLIENT, ended=True)
    parts = streams.parts(grouped=True)
    assert parts.messages is not None
    rows = Rows(parts)
    streams.all.header[0] = 0
    parts.messages.index.drop(1)
    assert rows.take(lambda: parts.grow(replace(parts.snapshot, dropped_to=1))) is Taken.ALL
    assert told(parts)[0].startswith("Frames 1 to 1")
    assert [each.split(":")[0] for each in told(parts)[1:]] == [
        "  ↓ Frame 2", "↓ Frame 3", "  ↓ Frame 4", "  ↓ The whole message",
    ]  # fmt: skip


@given(
    st.integers(1, 9),
    st.integers(0, 60),
    st.lists(st.integers(1, 60), unique=True).map(sorted),
    st.lists(st.integers(1, 60), unique=True).map(sorted),
)
def test_places_and_frames_lead_to_each_other(
    first: int, many: int, begun: list[int], ended: list[int]
) -> None:
    middle = Middle(first, first + many - 1, array("Q", begun), array("Q", ended))
    wanted = []
    for number in range(first, first + many):
        wanted += [(Stands.MESSAGE, number)] * (number in begun)
        wanted += [(Stands.FRAME, number)]
        wanted += [(Stands.WHOLE, number)] * (number in ended)
    assert [middle.at(place) for place in range(len(middle))] == wanted
    assert [middle.place_of(*each) for each in wanted] == list(range(len(wanted)))
