"""The bytes that answer a client by hand, made without a connection."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conversation.catching import KEYS, request
from wsinspector.conversation.hand import accepting, hindrance, refusing


def test_the_bytes_made_by_hand() -> None:
    digest = base64.b64encode(
        hashlib.sha1(b"dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
    )
    made = accepting(
        request("/", b"Sec-WebSocket-Protocol: a"),
        secure=True,
        local="127.0.0.1:1",
        random=bytes,
        subprotocol=None,
        extensions=["permessage-deflate"],
    )
    assert b"Sec-WebSocket-Accept: " + digest in made
    assert b"Sec-WebSocket-Protocol" not in made
    assert b"Sec-WebSocket-Extensions: permessage-deflate\r\n" in made
    with pytest.raises(ValueError, match="line break"):
        refusing(400, ["13\r\nX: y"])
    assert refusing(599).startswith(b"HTTP/1.1 599 \r\n")
    assert refusing(426).count(b"Upgrade: websocket\r\n") == 1


@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=60).map(lambda junk: request("/").replace(b"dGhlIHNhbXBsZSBub25jZQ==", junk)),
        st.binary(max_size=60).map(lambda junk: KEYS.replace(b"12998 5 Y3 1  .P00", junk)),
        st.binary(max_size=8).map(lambda junk: request("/", version=junk)),
    )
)
def test_any_request_is_accepted_or_it_is_said_why_not(asked: bytes) -> None:
    assert isinstance(hindrance(asked), str)
    try:
        made = accepting(asked, secure=False, local="127.0.0.1:1", random=bytes)
    except ValueError as error:
        made = str(error).encode()
        assert made
        return
    assert made.startswith(b"HTTP/1.1 101 ")
