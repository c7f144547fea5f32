"""Each layout that ever travelled is drawn as it is, byte for byte."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.present.recording import BINARY, CLOSE, IN, OUT, PING, TEXT, Recording
from wsinspector.present.bitmap import Picture, picture_of
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.spans import Role

NAMES = [dialect.name for dialect in DIALECTS]
KEY4 = bytes.fromhex("41e14f78311e4c34283e6d8b363b8848d58591a7")

Speaking = Callable[..., Recording]


@pytest.fixture
def speaking(tmp_path: Path) -> Iterator[Speaking]:
    made: list[Recording] = []

    def make(dialect: str, **more: object) -> Recording:
        agreed = Agreed(dialect=dialect, connection_key=KEY4 if dialect == "hybi-04" else b"")
        made.append(Recording(tmp_path / f"{len(made)}.wsi", agreed=agreed, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def picture(recording: Recording, number: int = 1) -> Picture:
    reading = recording.reading()
    facts = reading.facts(number)
    assert facts is not None
    return picture_of(reading, facts)


def texts(shown: Picture) -> list[list[str]]:
    """The cells' texts, a list a row."""
    rows: list[list[str]] = [[] for _ in range(shown.figure.rows)]
    for cell in shown.figure.cells:
        rows[cell.row].append(cell.text)
    return rows


def names(shown: Picture) -> list[str]:
    return [field.name for field in shown.figure.fields]


def test_text_between_two_bytes(speaking: Speaking) -> None:
    recording = speaking("hixie-76")
    recording.received(TEXT, b"Hello")
    shown = picture(recording)
    assert texts(shown) == [["00", "48", "65", "6c"], ["6c", "6f", "ff"]]
    assert names(shown) == ["type", "payload", "sentinel"]
    assert shown.note == "1 + 5 + 1 bytes on the wire"
    assert shown.figure.left_out == 0
    assert shown.figure.fields[shown.figure.field_of_byte(6) or 0].name == "sentinel"
    assert shown.unmasked is None


def test_the_last_byte_of_a_long_text_is_drawn_too(speaking: Speaking) -> None:
    recording = speaking("hixie-75")
    recording.received(TEXT, b"x" * 300)
    shown = picture(recording)
    assert texts(shown) == [["00", "78", "78", "78"], ["78"] * 4, ["78"] * 4, ["…", "ff"]]
    assert shown.figure.left_out == 302 - 13
    ending = shown.figure.cells[-1]
    assert (ending.byte, shown.figure.fields[ending.field].name) == (301, "sentinel")
    middle = shown.figure.cells[-2]
    assert (middle.width, shown.figure.fields[middle.field].name) == (24, "payload")


@pytest.mark.parametrize("size", range(8, 15))
def test_no_byte_is_drawn_twice(speaking: Speaking, size: int) -> None:
    recording = speaking("hixie-76")
    recording.received(TEXT, b"x" * size)
    figure = picture(recording).figure
    single = [cell for cell in figure.cells if cell.text != "…"]
    assert len({cell.byte for cell in single}) == len(single)
    assert len(single) + figure.left_out == size + 2
    assert single[-1].text == "ff"


def test_a_length_in_groups_of_seven_bits(speaking: Speaking) -> None:
    recording = speaking("hixie-76")
    recording.wire(IN, b"\x80\x89\x05" + bytes(1157))
    shown = picture(recording)
    assert texts(shown)[0] == ["80", "1", "0001001", "0", "0000101", "00"]
    assert names(shown) == ["type", "more", "length", "more 2", "length 2", "payload"]
    assert shown.faults[0].name == "✕"


def test_the_closing_frame_of_two_bytes(speaking: Speaking) -> None:
    recording = speaking("hixie-76")
    recording.wire(IN, b"\xff\x00")
    assert texts(picture(recording)) == [["ff", "0", "0000000"]]


def test_a_bit_that_says_more_follows(speaking: Speaking) -> None:
    recording = speaking("hybi-03")
    recording.received(TEXT, b"Hel", fin=False)
    recording.received(PING, b"", rsv=8)
    shown = picture(recording)
    assert texts(shown)[0] == ["1", "0", "0", "0", "0100", "0", "0000011", "48", "65"]
    assert names(shown) == ["MORE", "RSV1–3", "opcode", "RSV4", "length", "payload"]
    assert not shown.faults
    fourth = picture(recording, 2)
    assert texts(fourth)[0] == ["0", "0", "0", "0", "0010", "1", "0000000"]
    assert [fault.start for fault in fourth.faults] == [8]


def test_a_frame_masked_as_a_whole_before_and_after(speaking: Speaking) -> None:
    recording = speaking("hybi-05")
    recording.wire(OUT, bytes.fromhex("37fa213db3ff69585b964e"))
    shown = picture(recording)
    assert texts(shown) == [["37", "fa", "21", "3d"], ["b3", "ff", "69", "58"], ["5b", "96", "4e"]]
    assert shown.figure.fields[shown.figure.field_of_byte(2) or 0].role == "key"
    unmasked = shown.unmasked
    assert unmasked is not None
    assert unmasked.prefix.hex() == "37fa213d"
    assert unmasked.wire.hex() == "b3ff69585b964e"
    assert unmasked.key.hex() == "37fa213d37fa21"
    assert unmasked.plain == bytes.fromhex("8405") + b"Hello"
    plain = [cell.text for cell in unmasked.figure.cells]
    assert plain == ["1", "0", "0", "0", "0100", "0", "0000101", "48", "65", "6c", "6c", "6f"]
    assert [cell.byte for cell in unmasked.figure.cells][-5:] == [6, 7, 8, 9, 10]
    assert unmasked.figure.fields is shown.figure.fields or unmasked.figure.fields == shown.figure.fields
    assert "the header too" in unmasked.note


def test_the_key_of_the_fourth_draft_has_twenty_bytes(speaking: Speaking) -> None:
    recording = speaking("hybi-04")
    recording.wire(OUT, bytes.fromhex("37fa213d06457dc9392a52"))
    unmasked = picture(recording).unmasked
    assert unmasked is not None
    assert unmasked.key.hex() == "824035ac55463d"
    assert unmasked.plain == bytes.fromhex("8405") + b"Hello"
    assert "SHA-1" in unmasked.note


def test_a_key_of_zeros_is_still_a_key(speaking: Speaking) -> None:
    recording = speaking("hybi-06")
    recording.wire(OUT, bytes.fromhex("00000000840548656c6c6f"))
    assert picture(recording).unmasked is not None


def test_a_server_masks_nothing(speaking: Speaking) -> None:
    recording = speaking("hybi-06")
    recording.received(TEXT, b"Hello")
    shown = picture(recording)
    assert shown.unmasked is None
    assert texts(shown)[0] == ["1", "0", "0", "0", "0100", "0", "0000101", "48", "65"]


def test_as_the_server_the_client_is_the_one_who_comes(speaking: Speaking) -> None:
    recording = speaking("hybi-05", role=Role.SERVER)
    recording.received(BINARY, bytes(70_000))
    shown = picture(recording)
    unmasked = shown.unmasked
    assert unmasked is not None
    assert unmasked.plain[:10].hex() == "857f0000000000011170"
    assert shown.note == "14 + 70\u2009000 bytes on the wire"
    recording.sent(CLOSE, b"S")
    assert picture(recording, 2).unmasked is None


@given(st.sampled_from(NAMES), st.sampled_from(Role), st.binary(min_size=1, max_size=80), st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_bytes_are_drawn_and_none_twice(
    tmp_path_factory: pytest.TempPathFactory, name: str, role: Role, data: bytes, out: bool
) -> None:
    agreed = Agreed(dialect=name, connection_key=KEY4)
    recording = Recording(tmp_path_factory.mktemp("any") / "one.wsi", agreed=agreed, role=role)
    try:
        recording.wire(OUT if out else IN, data)
        recording.end()
        reading = recording.reading()
        for number in range(1, recording.frames + 1):
            facts = reading.facts(number)
            assert facts is not None
            shown = picture_of(reading, facts)
            figures = [shown.figure] if shown.unmasked is None else [shown.figure, shown.unmasked.figure]
            for figure in figures:
                places = [
                    32 * cell.row + cell.column + bit for cell in figure.cells for bit in range(cell.width)
                ]
                assert places == sorted(set(places))
                assert all(cell.column + cell.width <= 32 for cell in figure.cells)
                assert all(cell.row < figure.rows for cell in figure.cells)
                assert figure.left_out >= 0
    finally:
        recording.close()
