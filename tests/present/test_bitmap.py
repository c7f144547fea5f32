"""The figure covers every bit of the header once, and says which field it is."""

from hypothesis import given
from hypothesis import strategies as st

from tests.present.recording import BINARY, TEXT, Recording
from wsinspector.present.bitmap import Picture, picture_of
from wsinspector.present.frames import FrameReading


def picture(recording: Recording, number: int = 1) -> Picture:
    reading = FrameReading(recording.source())
    facts = reading.facts(number)
    assert facts is not None
    return picture_of(reading, facts)


def test_a_short_frame(recording: Recording) -> None:
    recording.received(TEXT, b"Hello")
    shown = picture(recording)
    assert shown.title == "Frame 1"
    assert shown.note == "2 + 5 bytes on the wire"
    assert [cell.text for cell in shown.figure.cells if cell.row == 0] == [
        *("1", "0", "0", "0", "0001", "0", "0000101"),
        *("48", "65"),
    ]
    assert shown.figure.left_out == 0
    assert [field.name for field in shown.figure.fields] == [
        "FIN",
        "RSV1–3",
        "opcode",
        "MASK",
        "length",
        "payload",
    ]


def test_set_reserved_bits_have_their_own_lines(recording: Recording) -> None:
    recording.received(TEXT, b"", rsv=2)
    shown = picture(recording)
    assert [(field.name, field.value) for field in shown.figure.fields][1:4] == [
        ("RSV1", "0"),
        ("RSV2", "1"),
        ("RSV3", "0"),
    ]
    assert shown.faults
    assert shown.faults[0].clause


def test_a_masked_frame_with_a_long_length(recording: Recording) -> None:
    recording.sent(BINARY, bytes(70_000))
    figure = picture(recording).figure
    assert figure.rows == 4
    assert figure.left_out == 14 + 70_000 - 16
    assert figure.fields[figure.field_of_byte(10) or 0].role == "key"
    assert figure.fields[figure.field_of_byte(5) or 0].role == "length"
    assert figure.fields[figure.field_of_byte(15) or 0].role == "payload"
    assert figure.field_of_byte(1_000_000) is None


@given(st.integers(0, 200), st.booleans(), st.integers(0, 15), st.integers(0, 7), st.booleans())
def test_every_bit_once(
    tmp_path_factory: object, length: int, out: bool, opcode: int, rsv: int, fin: bool
) -> None:
    recording = Recording(tmp_path_factory.mktemp("bits") / "one.wsi")  # type: ignore[attr-defined]
    try:
        (recording.sent if out else recording.received)(opcode, bytes(length), fin=fin, rsv=rsv)
        figure = picture(recording).figure
    finally:
        recording.close()
    covered = [cell.row * 32 + cell.column + bit for cell in figure.cells for bit in range(cell.width)]
    assert covered == list(range(len(covered)))
    assert all(cell.column + cell.width <= 32 for cell in figure.cells)
    header = 2 + (2 if length > 125 else 0) + (4 if out else 0)
    assert len(covered) >= 8 * header
    assert len(covered) // 8 + figure.left_out == header + length
