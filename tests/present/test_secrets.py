"""What is hidden and, as important, what is not."""

import pytest

from wsinspector.present.secrets import (
    DOTS,
    masked,
    masked_address,
    secret_spans,
    secret_spans_of_head,
    without_secrets,
)

JWT = b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


def hidden(name: bytes, value: bytes) -> list[bytes]:
    return [value[span.start : span.end] for span in secret_spans(name, value)]


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        (b"authorization", b"Bearer abc.def", [b"abc.def"]),
        (b"authorization", b"Basic dXNlcjpwYXNz", [b"dXNlcjpwYXNz"]),
        (b"authorization", b"just-a-token", [b"just-a-token"]),
        (b"authorization", b"Bearer \x01a\x0b \t", [b"\x01a\x0b"]),
        (b"authorization", b"Bearer \x0b\x01a", [b"\x0b\x01a"]),
        (b"x-api-key", b"Token \x0cabc", [b"\x0cabc"]),
        (b"", b"GET /?token=a\x0bb HTTP/1.1", [b"a\x0bb"]),
        (b"cookie", b" a=\x0c ", [b"a=\x0c"]),
        (b"proxy-authorization", b"Digest username=a, response=b", [b"username=a, response=b"]),
        (b"authorization", b"", []),
        (b"cookie", b"sid=1; theme=dark", [b"sid=1; theme=dark"]),
        (b"set-cookie", b"sid=12345; Path=/; HttpOnly", [b"12345"]),
        (b"set-cookie", b"sid=; Path=/", []),
        (b"sec-websocket-protocol", b"chat.v2, chat.v1", []),
        (b"sec-websocket-protocol", b"graphql-transport-ws", []),
        (b"sec-websocket-protocol", b"chat, bearer.abcdefgh", [b"abcdefgh"]),
        (b"sec-websocket-protocol", b"v1, " + JWT, [JWT]),
        (b"sec-websocket-protocol", b"a, 0123456789abcdef0123456789abcdef", [b"0123456789abcdef" * 2]),
        (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==", []),
        (b"sec-websocket-version", b"13", []),
        (b"host", b"token.example", []),
        (b"sec-websocket-key1", b"18x 6]8vM;54 *(5:  {   U1]8  z [  8", []),
        (b"sec-websocket-accept", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", []),
        (b"referer", b"https://a.example/?api_key=77", [b"77"]),
        (b"x-api-key", b" 12 34 ", [b"12 34"]),
        (b"x-auth-token", b"bearer abc", [b"abc"]),
        (b"x-auth-token", b"Bearer", [b"Bearer"]),
        (b"x-amz-security-token", b"IQoJ", [b"IQoJ"]),
        (b"x-csrf_token", b"c", [b"c"]),
        (b"client-secret", b"s", [b"s"]),
        (b"x-forwarded-authorization", b"Basic dTpw", [b"dTpw"]),
        (b"apikey", b"k", [b"k"]),
        (b"token", b"t", [b"t"]),
        (b"x-session-id", b"i", [b"i"]),
        (b"x-monkey", b"banana", []),
        (b"x-keys", b"3", []),
        (b"public-key-pins", b"pin", []),
        (b"x-tokens-left", b"3", []),
        (b"www-authenticate", b"Basic realm=a", []),
    ],
)
def test_header_values(name: bytes, value: bytes, secrets: list[bytes]) -> None:
    assert hidden(name, value) == secrets


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ws://host/chat?room=blue", "ws://host/chat?room=blue"),
        ("ws://host/?token=abc&room=1", f"ws://host/?token={DOTS}&room=1"),
        ("ws://host/?room=1&access_token=abc#x", f"ws://host/?room=1&access_token={DOTS}#x"),
        ("wss://user:pass@host/", f"wss://{DOTS}@host/"),
        ("ws://host/?tokens=3", "ws://host/?tokens=3"),
        ("ws://hôst/?token=ü", f"ws://hôst/?token={DOTS}"),
        ("", ""),
    ],
)
def test_addresses(address: str, shown: str) -> None:
    assert masked_address(address) == shown


def test_a_masked_value_says_how_long_it_is() -> None:
    assert masked(b"authorization", b"Bearer abc") == f"Bearer {DOTS} (3 bytes)"


def test_spans_of_a_head_cover_the_request_line_and_every_repetition() -> None:
    data = (
        b"GET /?token=one HTTP/1.1\r\nHost: a\r\nCOOKIE : two\r\n"
        b"Authorization: Bearer three\r\nauthorization:four\r\n\r\n"
    )
    spans = secret_spans_of_head(data)
    assert [data[span.start : span.end] for span in spans] == [b"one", b"two", b"three", b"four"]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b"no head at all", b"GET / HTTP/1.1\n\n", b":\r\n:::\r\n"]
)
def test_any_bytes_have_some_spans_or_none(data: bytes) -> None:
    assert secret_spans_of_head(data) == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Subprotocol {JWT.decode()} was offered.", f"Subprotocol {DOTS} was offered."),
        (f"expected one of chat, {JWT.decode()[:20]}…", f"expected one of chat, {DOTS}…"),
        (f"{JWT.decode()} and {JWT.decode()}", f"{DOTS} and {DOTS}"),
        ("Subprotocol chat was offered.", "Subprotocol chat was offered."),
    ],
)
def test_a_sentence_quotes_no_secret_of_the_heads(text: str, left: str) -> None:
    head = b"GET / HTTP/1.1\r\nSec-WebSocket-Protocol: chat, " + JWT + b"\r\n\r\n"
    assert without_secrets(text, [head]) == left
