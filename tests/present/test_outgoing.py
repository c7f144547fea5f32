"""What is about to leave, and the answers that are due."""

import pytest

from tests.present.recording import CLOSE, PING, PONG, Recording, rows_of
from wsinspector.present.due import Due, due_answers
from wsinspector.present.frames import FrameReading
from wsinspector.present.outgoing import SendKind, offered_codes, outgoing
from wsinspector.present.rows import Mode


def test_text_as_bytes() -> None:
    frame = outgoing(SendKind.TEXT, "Hello")
    assert (frame.opcode, frame.payload, frame.problem) == (1, b"Hello", "")
    assert frame.bytes_text(masked=True) == "81 85  ·· ·· ·· ··  48 65 6c 6c 6f"
    assert frame.bytes_text(masked=False) == "81 05  48 65 6c 6c 6f"
    assert frame.size_text(masked=True) == "2 + 4 + 5 bytes"


def test_long_payloads_show_their_beginning_and_the_longer_header() -> None:
    frame = outgoing(SendKind.TEXT, "a" * 300)
    assert frame.bytes_text(masked=False).startswith("81 7e 01 2c  61 61")
    assert frame.bytes_text(masked=False).endswith("…")
    assert frame.size_text(masked=False) == "4 + 300 bytes"


def test_json_is_checked_but_not_changed() -> None:
    assert outgoing(SendKind.JSON, '{ "a":1.50 }').payload == b'{ "a":1.50 }'
    broken = outgoing(SendKind.JSON, '{"a":}')
    assert broken.problem.startswith("No JSON: Expecting value (line 1, column 6)")


@pytest.mark.parametrize("text", ["48656c6c6f", "48 65 6c 6c 6f", "0x48 0x65 0x6c 0x6c 0x6f"])
def test_hex(text: str) -> None:
    assert outgoing(SendKind.HEX, text).payload == b"Hello"


def test_bad_hex_and_base64_are_said() -> None:
    assert outgoing(SendKind.HEX, "4").problem
    assert outgoing(SendKind.BASE64, "SGVsbG8=").payload == b"Hello"
    assert outgoing(SendKind.BASE64, "S G V s bG8=\n").payload == b"Hello"
    assert outgoing(SendKind.BASE64, "SGVsbG8").problem.startswith("Not base64")


def test_a_file_is_one_message() -> None:
    assert outgoing(SendKind.FILE, "name").problem
    assert outgoing(SendKind.FILE, "name", file=b"\x00\x01").payload == b"\x00\x01"


def test_control_frames_over_125_bytes_are_warned_of_and_sent() -> None:
    frame = outgoing(SendKind.PING, "x" * 126)
    assert not frame.problem
    assert "126" in frame.warning
    assert not outgoing(SendKind.PONG, "x" * 125).warning


def test_close_codes() -> None:
    assert outgoing(SendKind.CLOSE, "bye", code="1000 normal closure").payload == b"\x03\xe8bye"
    assert outgoing(SendKind.CLOSE, "", code="").payload == b""
    assert outgoing(SendKind.CLOSE, "", code="(no code)").payload == b""
    assert outgoing(SendKind.CLOSE, "why", code="").problem
    assert outgoing(SendKind.CLOSE, "", code="abc").problem
    assert outgoing(SendKind.CLOSE, "", code="70000").problem
    never = outgoing(SendKind.CLOSE, "", code="1005")
    assert never.payload == b"\x03\xed"
    assert "must not be sent" in never.warning


def test_the_box_offers_the_registry() -> None:
    codes = dict(offered_codes())
    assert codes["1000 normal closure"]
    assert "1006 abnormal closure" in codes


def due(recording: Recording) -> tuple[Due, ...]:
    rows = rows_of(recording, Mode.FRAMES)
    return due_answers(rows.index, FrameReading(recording.source()))


def test_unanswered_pings_and_closes_are_due(recording: Recording) -> None:
    recording.received(PING, b"one")
    recording.received(PING, b"two")
    assert due(recording) == (Due(PONG, b"two", 2), Due(PONG, b"one", 1))
    recording.sent(PONG, b"two")
    assert due(recording) == ()
    recording.received(CLOSE, b"\x03\xe9")
    assert due(recording) == (Due(CLOSE, b"\x03\xe9", 4),)
    recording.sent(CLOSE, b"\x03\xe9")
    assert due(recording) == ()
