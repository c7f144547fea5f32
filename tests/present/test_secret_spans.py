"""Properties of what is hidden, whatever the bytes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wsinspector.present.secrets import masked, masked_address, secret_spans, secret_spans_of_head
from wsinspector.protocol.spans import Span

NAMES = st.one_of(
    st.sampled_from(
        [
            b"", b"authorization", b"proxy-authorization", b"cookie", b"set-cookie",
            b"sec-websocket-protocol", b"referer", b"location", b"origin", b"host",
        ]
    ),
    st.binary(max_size=8),
)  # fmt: skip
# Bytes that are likely to be taken for a secret, mixed with any others.
PIECES = st.lists(
    st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            [
                b"?token=", b"&sig=", b"//", b"@", b"user:pw@", b"Bearer ", b"Basic ", b"; ", b",", b'"',
                b"\\", b"eyJhbGciOiJIUzI1NiJ9.e30.c2ln", b"auth-", b"a" * 40, b"=", b" ", b"#", b"\r\n",
                b"Cookie: a=b",
            ]
        ),
    ),
    max_size=8,
).map(b"".join)  # fmt: skip


def apart(spans: tuple[Span, ...], length: int) -> bool:
    """Whether the spans are within the bytes, in order, not empty, and do not overlap."""
    at = 0
    for span in spans:
        if not at <= span.start < span.end <= length:
            return False
        at = span.end
    return True


@settings(max_examples=500)
@given(NAMES, PIECES)
def test_spans_of_a_value_are_in_order_and_apart(name: bytes, value: bytes) -> None:
    assert apart(secret_spans(name, value), len(value))


@settings(max_examples=300)
@given(st.lists(st.tuples(NAMES, PIECES), max_size=4), PIECES, st.sampled_from([b"\r\n", b"\n", b""]))
def test_spans_of_a_head_are_in_order_and_apart(
    lines: list[tuple[bytes, bytes]], start: bytes, ending: bytes
) -> None:
    rows = b"".join(name + b": " + value + ending for name, value in lines)
    head = start + ending + rows + ending
    assert apart(secret_spans_of_head(head), len(head))


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(data: bytes) -> None:
    assert apart(secret_spans_of_head(data), len(data))


@given(NAMES, PIECES)
def test_no_hidden_byte_is_shown(name: bytes, value: bytes) -> None:
    shown = masked(name, value)
    kept, at = "", 0
    for span in secret_spans(name, value):
        kept += value[at : span.start].decode("latin-1")
        at = span.end
    kept += value[at:].decode("latin-1")
    for span in reversed(secret_spans(name, value)):
        assert f"({len(span)} bytes)" in shown
    if not secret_spans(name, value):
        assert shown == kept


@given(st.text(max_size=80))
def test_any_address_is_taken(text: str) -> None:
    masked_address(text)
