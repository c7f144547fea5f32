"""Every layout told in its own fields: as it travelled, and as it was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.layouts import DIALECTS, agreed_in, dialects, framing_of, roles, write
from wsinspector.protocol.anomalies import FrameAnomaly as A
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.explain import FieldDetail, FrameDetail
from wsinspector.protocol.frame_facts import FRAME_FACTS
from wsinspector.protocol.opcodes import BINARY, CLOSE, TEXT
from wsinspector.protocol.spans import Role, Span

CLIENT, SERVER = Role.CLIENT, Role.SERVER


def explain(dialect: str, wire: str, sender: Role = SERVER, **more: object) -> FrameDetail:
    more.setdefault("agreed", agreed_in(dialect))
    return framing_of(dialect).explain(bytes.fromhex(wire), sender=sender, **more)  # type: ignore[arg-type]


def values(detail: FrameDetail) -> list[tuple[str, tuple[int, int], str]]:
    return [(field.name, field.bits, field.value) for field in detail.fields]


def named(detail: FrameDetail, name: str) -> FieldDetail:
    return next(field for field in detail.fields if field.name == name)


def test_a_text_between_its_bytes() -> None:
    detail = explain("hixie-76", "00", length=5)
    assert values(detail) == [
        ("type", (0, 8), "0x00 text"),
        ("payload", (8, 48), "5 bytes"),
        ("sentinel", (48, 56), "0xFF"),
    ]
    coming = explain("hixie-76", "00", length=5, payload_available=5)
    assert not named(coming, "sentinel").present
    assert not named(explain("hixie-76", "00", length=5, anomalies=A.TRUNCATED), "sentinel").present
    assert values(explain("hixie-76", "00")) == [("type", (0, 8), "0x00 text")]


def test_a_length_in_groups_of_seven_bits() -> None:
    detail = explain("hixie-76", "808305", anomalies=A.RESERVED_OPCODE)
    assert values(detail) == [
        ("type", (0, 8), "0x80"),
        ("more", (8, 9), "1"),
        ("length", (9, 16), "3"),
        ("more 2", (16, 17), "0"),
        ("length 2", (17, 24), "5"),
        ("payload", (24, 24 + 8 * 389), "389 bytes"),
    ]
    assert "389 bytes" in named(detail, "length 2").meaning
    assert [(one.code, one.span) for one in detail.anomalies] == [(A.RESERVED_OPCODE, Span(0, 1))]
    huge = explain("hixie-76", "80" + "ff" * 20, anomalies=A.LENGTH_TOP_BIT)
    assert "more than nine bytes" in named(huge, "more 9").meaning
    assert len(huge.fields) == 1 + 2 * 9 + 1


def test_the_close_of_hixie() -> None:
    assert named(explain("hixie-76", "ff00"), "type").value == "0xFF close"
    (odd,) = explain("hixie-75", "ff00", anomalies=A.RESERVED_OPCODE).anomalies
    assert odd.text.startswith("The type is not defined: closing frames came with hixie-76.")
    assert not named(explain("hixie-76", "ff"), "length").present


def test_more_stands_where_fin_came() -> None:
    detail = explain("hybi-03", "840348")
    assert values(detail)[:7] == [
        ("MORE", (0, 1), "1"),
        ("RSV1", (1, 2), "0"),
        ("RSV2", (2, 3), "0"),
        ("RSV3", (3, 4), "0"),
        ("opcode", (4, 8), "0x4 text"),
        ("RSV4", (8, 9), "0"),
        ("length", (9, 16), "3"),
    ]
    assert named(detail, "MORE").meaning == "More frames of this message follow."
    assert "RFC 6455 numbers it 0x1" in named(detail, "opcode").meaning
    assert "disagree" not in named(detail, "opcode").meaning
    assert "disagree" in named(explain("hybi-01", "0403"), "opcode").meaning
    (odd,) = explain("hybi-03", "8200", anomalies=A.CONTROL_FRAGMENTED).anomalies
    assert (odd.span, odd.clause) == (Span(0, 1), "draft-ietf-hybi-thewebsocketprotocol-03")


def test_a_masked_header_says_what_travelled() -> None:
    detail = explain("hybi-05", "37fa213db3ff", CLIENT)
    assert values(detail) == [
        ("masking key", (0, 32), "37 fa 21 3d"),
        ("FIN", (32, 33), "1"),
        ("RSV1", (33, 34), "0"),
        ("RSV2", (34, 35), "0"),
        ("RSV3", (35, 36), "0"),
        ("opcode", (36, 40), "0x4 text"),
        ("RSV4", (40, 41), "0"),
        ("length", (41, 48), "5"),
        ("payload", (48, 88), "5 bytes"),
    ]
    assert detail.plain_header == bytes.fromhex("37fa213d8405")
    assert named(detail, "FIN").meaning.endswith("1 travelled, XORed with 0.")
    assert named(detail, "opcode").meaning.endswith("0x3 travelled, XORed with 0x7.")
    assert named(detail, "length").meaning.endswith("0x7F travelled, XORed with 0x7A.")
    assert explain("hybi-05", "8405").plain_header == b""


def test_hybi_04_calls_its_prefix_a_nonce() -> None:
    detail = explain("hybi-04", "37fa213d0645", CLIENT, anomalies=A.REPEATED_MASKING_KEY)
    assert values(detail)[0] == ("frame nonce", (0, 32), "37 fa 21 3d")
    assert detail.plain_header == bytes.fromhex("37fa213d8405")
    assert [(one.span, one.text.split(";")[0]) for one in detail.anomalies] == [
        (Span(0, 4), "The same nonce as the frame before")
    ]
    unknown = explain("hybi-04", "37fa213d0645", CLIENT, agreed=Agreed(dialect="hybi-04"))
    assert "not known" in named(unknown, "frame nonce").meaning


def test_a_long_length_that_travelled_masked() -> None:
    wire = write("hybi-06", BINARY, bytes(256), CLIENT)[:8]
    field = named(explain("hybi-06", wire.hex(), CLIENT), "extended length")
    assert (field.bits, field.value) == ((48, 64), "256")
    assert field.meaning.endswith("20 3d travelled, XORed with 21 3d.")
    assert not named(explain("hybi-06", wire[:7].hex(), CLIENT), "extended length").present


def test_rsv1_of_a_frame_that_is_compressed_for_itself() -> None:
    agreed = agreed_in("rfc6455", deflate=DeflateParameters(), per_frame=True)
    detail = explain("rfc6455", "4005", compressed=True, agreed=agreed)
    assert named(detail, "RSV1").meaning == "Compressed, this frame for itself."
    assert "perframe-deflate" in named(detail, "RSV1").clause


@pytest.mark.parametrize("dialect", ["hybi-03", "hybi-06", "hybi-08", "rfc6455"])
def test_what_cannot_be_inflated_is_told_of_the_extension_that_was_agreed(dialect: str) -> None:
    for per_frame, clause in (
        (True, "draft-tyoshino-hybi-websocket-perframe-deflate"),
        (False, "RFC 7692 §6.2"),
    ):
        agreed = agreed_in(dialect, deflate=DeflateParameters(), per_frame=per_frame)
        detail = explain(dialect, "c105", compressed=True, agreed=agreed, anomalies=A.INFLATE_FAILED)
        assert [one.clause for one in detail.anomalies] == [clause]


def test_rsv1_without_a_meaning_names_the_answer_that_agreed_on_nothing() -> None:
    agreed = agreed_in("rfc6455", void="x-webkit-deflate-frame")
    (told,) = explain("rfc6455", "c105", agreed=agreed, anomalies=A.RSV1).anomalies
    assert told.text.endswith("The answer to the offer of x-webkit-deflate-frame is not valid.")


@pytest.mark.parametrize("dialect", [one for one in DIALECTS if one != "rfc6455"])
def test_clauses_are_of_the_dialect_s_own_document(dialect: str) -> None:
    every = A(0)
    for one in A:
        every |= one
    for sender in Role:
        for opcode in (TEXT, BINARY) if dialect == "hixie-75" else (TEXT, BINARY, CLOSE):
            wire = write(dialect, opcode, b"", sender)
            detail = explain(dialect, wire.hex(), sender, length=0, anomalies=every)
            document = FRAME_FACTS[dialect].document
            assert {field.clause for field in detail.fields} == {document}
            assert {one.clause for one in detail.anomalies} == {document, "RFC 7692 §6.2"}


def test_what_a_dialect_does_not_fail_for_is_said_so() -> None:
    (old,) = explain("hybi-08", "8105", anomalies=A.BAD_UTF8).anomalies
    (new,) = explain("hybi-11", "8105", anomalies=A.BAD_UTF8).anomalies
    assert old.text == f"{new.text} No rule of hybi-08 is known that fails the connection for it."


@given(
    dialects(),
    roles(),
    st.binary(max_size=16),
    st.none() | st.integers(0, 1 << 40),
    st.none() | st.integers(0, 300),
    st.booleans(),
    st.booleans(),
    st.integers(0, (1 << 25) - 1),
)
def test_any_bytes_are_explained(
    dialect: str,
    sender: Role,
    head: bytes,
    length: int | None,
    available: int | None,
    compressed: bool,
    per_frame: bool,
    found: int,
) -> None:
    agreed = agreed_in(dialect, deflate=DeflateParameters(), per_frame=per_frame)
    detail = framing_of(dialect).explain(
        head,
        sender=sender,
        agreed=agreed,
        anomalies=A(found),
        payload_available=available,
        length=length,
        compressed=compressed,
    )
    at = 0
    for field in detail.fields:
        assert field.bits[0] == at
        at = field.bits[1]
        assert field.meaning.endswith(".")
        assert field.clause
        assert field.role_key in ("fin", "rsv", "opcode", "mask", "length", "key", "payload")
    assert at % 8 == 0
    for anomaly in detail.anomalies:
        assert 0 <= anomaly.span.start <= anomaly.span.end <= at // 8
        assert A(found) & anomaly.code
    if detail.plain_header:
        told = framing_of(dialect).plain_header(head, sender=sender, agreed=agreed)
        assert told.startswith(detail.plain_header) or detail.plain_header.startswith(told)
