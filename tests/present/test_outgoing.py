"""What is about to leave, and the answers that are due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.present.recording import CLOSE, PING, PONG, Recording, rows_of
from wsinspector.present.due import Due, due_answers
from wsinspector.present.frames import FrameReading, framing_of
from wsinspector.present.outgoing import SHOWN_BYTES, SendKind, offered_codes, outgoing
from wsinspector.present.rows import Mode
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.spans import Role


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
    deep = outgoing(SendKind.JSON, "[" * 100_000 + "]" * 100_000)
    assert (deep.problem, deep.warning) == ("", "Nested too deeply: sent without a check.")


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


def test_a_reason_that_is_too_long_is_told_in_bytes_and_leaves_whole() -> None:
    assert not outgoing(SendKind.CLOSE, "x" * 123).warning
    frame = outgoing(SendKind.CLOSE, "ä" * 62)
    assert frame.payload == b"\x03\xe8" + "ä".encode() * 62
    assert not frame.problem
    assert frame.warning.startswith("The reason is 124 bytes of UTF-8: a Close frame has room for 123")
    both = outgoing(SendKind.CLOSE, "x" * 124, code="1005")
    assert "124 bytes" in both.warning
    assert "must not be sent" in both.warning


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


@pytest.mark.parametrize(
    ("dialect", "shown", "size"),
    [
        ("hixie-75", "00  48 65 6c 6c 6f  ff", "1 + 5 + 1 bytes"),
        ("hixie-76", "00  48 65 6c 6c 6f  ff", "1 + 5 + 1 bytes"),
        ("hybi-02", "04 05  48 65 6c 6c 6f", "2 + 5 bytes"),
        ("hybi-04", "·· ·· ·· ··  84 05  48 65 6c 6c 6f", "4 + 2 + 5 bytes"),
        ("hybi-06", "·· ·· ·· ··  84 05  48 65 6c 6c 6f", "4 + 2 + 5 bytes"),
        ("hybi-07", "81 85  ·· ·· ·· ··  48 65 6c 6c 6f", "2 + 4 + 5 bytes"),
    ],
)
def test_each_layout_as_it_leaves(dialect: str, shown: str, size: str) -> None:
    frame = outgoing(SendKind.TEXT, "Hello", agreed=Agreed(dialect=dialect, connection_key=bytes(20)))
    assert frame.bytes_text(masked=True) == shown
    assert frame.size_text(masked=True) == size


def test_a_server_masks_in_no_dialect() -> None:
    for dialect, shown in (("hybi-05", "84 02  48 69"), ("rfc6455", "81 02  48 69")):
        frame = outgoing(SendKind.TEXT, "Hi", agreed=Agreed(dialect=dialect), role=Role.SERVER)
        assert frame.bytes_text(masked=True) == shown
        assert frame.size_text(masked=True) == "2 + 2 bytes"


def test_what_a_dialect_does_not_have_is_said() -> None:
    hixie = Agreed(dialect="hixie-76")
    assert outgoing(SendKind.PING, "", agreed=hixie).problem == "hixie-76 has no ping and no pong."
    binary = outgoing(SendKind.HEX, "00 01", agreed=hixie)
    assert binary.bytes_text(masked=True) == "80 02  00 01"
    assert binary.warning == "hixie-76 has no binary messages: a receiver skips these bytes."
    older = outgoing(SendKind.CLOSE, "", agreed=Agreed(dialect="hixie-75"))
    assert older.problem == "hixie-75 has no closing frame. End the TCP connection instead."
    assert older.bytes_text(masked=True) == ""


@pytest.mark.parametrize(
    ("dialect", "role", "reason", "payload", "warned"),
    [
        ("hixie-76", Role.CLIENT, "", b"", False),
        ("hixie-76", Role.CLIENT, "bye", b"", True),
        ("hybi-03", Role.CLIENT, "bye", b"bye", True),
        ("hybi-05", Role.CLIENT, "", b"C", False),
        ("hybi-05", Role.SERVER, "", b"S", False),
        ("hybi-06", Role.CLIENT, "bye", b"\x03\xe8bye", False),
    ],
)
def test_closing_in_every_form(dialect: str, role: Role, reason: str, payload: bytes, warned: bool) -> None:
    frame = outgoing(SendKind.CLOSE, reason, agreed=Agreed(dialect=dialect), role=role)
    assert (frame.problem, frame.payload, bool(frame.warning)) == ("", payload, warned)
    if dialect == "hixie-76":
        assert frame.bytes_text(masked=True) == "ff 00"


def test_codes_that_a_draft_did_not_have() -> None:
    old = Agreed(dialect="hybi-06")
    assert outgoing(SendKind.CLOSE, "", code="1011", agreed=old).warning == (
        "1011 internal error: hybi-06 does not have this code."
    )
    assert not outgoing(SendKind.CLOSE, "", code="1004", agreed=old).warning
    codes = [name for name, _ in offered_codes(old)]
    assert codes[:5] == [
        "1000 normal closure",
        "1001 going away",
        "1002 protocol error",
        "1003 unsupported data",
        "1004 too large",
    ]
    assert offered_codes(Agreed(dialect="hixie-76")) == ()


@given(
    st.sampled_from([dialect.name for dialect in DIALECTS]),
    st.sampled_from(Role),
    st.sampled_from(SendKind),
    st.text(max_size=40),
    st.sampled_from(("1000", "", "1005", "4000", "x")),
)
def test_what_is_shown_is_what_leaves(dialect: str, role: Role, kind: SendKind, text: str, code: str) -> None:
    agreed = Agreed(dialect=dialect, connection_key=bytes(20))
    frame = outgoing(kind, text, code=code, agreed=agreed, role=role)
    shown, size = frame.bytes_text(masked=False), frame.size_text(masked=False)
    assert size.endswith("bytes")
    if frame.problem or len(frame.payload) > SHOWN_BYTES:
        return
    wire = framing_of(agreed).encode(frame.opcode, frame.payload, sender=role, agreed=agreed)
    assert bytes.fromhex(shown.replace(" ", "")) == wire
    assert sum(int(part) for part in size.removesuffix(" bytes").split(" + ")) == len(wire)
