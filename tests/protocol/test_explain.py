"""A frame's header told field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.anomalies import FrameAnomaly as A
from wsinspector.protocol.explain import explain_frame
from wsinspector.protocol.spans import Role, Span


def test_a_masked_text_field_by_field() -> None:
    detail = explain_frame(bytes.fromhex("818537fa213d7f9f4d5158"), sender=Role.CLIENT)
    assert [(field.name, field.bits, field.value, field.role_key) for field in detail.fields] == [
        ("FIN", (0, 1), "1", "fin"),
        ("RSV1", (1, 2), "0", "rsv"),
        ("RSV2", (2, 3), "0", "rsv"),
        ("RSV3", (3, 4), "0", "rsv"),
        ("opcode", (4, 8), "0x1 text", "opcode"),
        ("MASK", (8, 9), "1", "mask"),
        ("length", (9, 16), "5", "length"),
        ("masking key", (16, 48), "37 fa 21 3d", "key"),
        ("payload", (48, 88), "5 bytes", "payload"),
    ]
    assert detail.anomalies == ()
    assert all(field.meaning and field.clause and field.present for field in detail.fields)


def test_a_64_bit_length_has_a_field_of_its_own() -> None:
    detail = explain_frame(bytes.fromhex("827f0000000000010000"), sender=Role.SERVER)
    fields = {field.name: field for field in detail.fields}
    assert (fields["length"].value, fields["length"].bits) == ("127", (9, 16))
    assert (fields["extended length"].value, fields["extended length"].bits) == ("65\u2009536", (16, 80))
    assert fields["extended length"].meaning == "65\u2009536 bytes of payload."
    assert fields["payload"].bits == (80, 80 + 8 * 65536)


@pytest.mark.parametrize(
    ("header", "meaning"),
    [("8100", "No payload."), ("8101", "1 byte of payload."), ("8102", "2 bytes of payload.")],
)
def test_lengths_in_words(header: str, meaning: str) -> None:
    fields = {field.name: field for field in explain_frame(bytes.fromhex(header), sender=Role.SERVER).fields}
    assert fields["length"].meaning == meaning


@pytest.mark.parametrize(
    ("header", "compressed", "meaning"),
    [
        ("8102", False, "Travels as it is."),
        ("c102", True, "Travels compressed."),
        ("818237fa213d", False, "Travels masked."),
        ("c18237fa213d", True, "Travels compressed, then masked."),
    ],
)
def test_how_a_payload_travels(header: str, compressed: bool, meaning: str) -> None:
    detail = explain_frame(bytes.fromhex(header), sender=Role.SERVER, compressed=compressed)
    assert detail.fields[-1].meaning == meaning


def test_what_has_not_come_is_said() -> None:
    detail = explain_frame(bytes.fromhex("81fe00"), sender=Role.CLIENT)
    present = {field.name: field.present for field in detail.fields}
    assert present["length"]
    assert not present["extended length"]
    assert not present["masking key"]
    assert "payload" not in present
    short = explain_frame(bytes.fromhex("8105"), sender=Role.SERVER, payload_available=2)
    assert short.fields[-1].meaning == "2 of 5 bytes are here."
    assert not short.fields[-1].present
    assert explain_frame(b"", sender=Role.SERVER).fields == ()


@pytest.mark.parametrize(
    ("wire", "code", "span"),
    [
        ("8300", A.RESERVED_OPCODE, Span(0, 1)),
        ("818500000000", A.MASKED, Span(1, 2)),
        ("817e0001", A.LENGTH_NOT_MINIMAL, Span(2, 4)),
        ("827f8000000000000000", A.LENGTH_TOP_BIT, Span(2, 10)),
        ("897e0100", A.CONTROL_TOO_LONG, Span(2, 4)),
        ("818500000000", A.ZERO_MASKING_KEY, Span(2, 6)),
        ("8105", A.BAD_UTF8, Span(2, 7)),
        ("8105", A.TRUNCATED, Span(0, 7)),
        ("82", A.TRUNCATED, Span(0, 1)),
    ],
)
def test_an_anomaly_names_its_bytes(wire: str, code: A, span: Span) -> None:
    detail = explain_frame(bytes.fromhex(wire), sender=Role.SERVER, anomalies=code)
    assert [(one.code, one.span) for one in detail.anomalies] == [(code, span)]


def test_every_anomaly_has_a_sentence_and_a_clause() -> None:
    every = A(0)
    for one in A:
        every |= one
    told = explain_frame(bytes.fromhex("818101020304ff"), sender=Role.CLIENT, anomalies=every).anomalies
    assert {one.code for one in told} == set(A) - {A.NONE}
    assert all(one.text.endswith(".") and one.clause.startswith(("RFC ", "draft-")) for one in told)


@given(st.binary(max_size=16), st.sampled_from(Role), st.booleans(), st.integers(0, (1 << 25) - 1))
def test_any_bytes_are_explained(head: bytes, sender: Role, compressed: bool, found: int) -> None:
    detail = explain_frame(head, sender=sender, compressed=compressed, anomalies=A(found))
    bit = 0
    for field in detail.fields:
        assert field.bits[0] == bit
        bit = field.bits[1]
