"""Every change made to a typed address is named; nothing raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.address import understand


@pytest.mark.parametrize(
    ("text", "scheme", "host", "port", "target", "header"),
    [
        ("ws://a.example/x?y", "ws", "a.example", 80, b"/x?y", b"a.example"),
        ("wss://a.example:8443", "wss", "a.example", 8443, b"/", b"a.example:8443"),
        ("ws://a.example:80/", "ws", "a.example", 80, b"/", b"a.example"),
        ("wss://a.example:443?q", "wss", "a.example", 443, b"/?q", b"a.example"),
        ("ws://[::1]:9000/", "ws", "::1", 9000, b"/", b"[::1]:9000"),
        ("WSS://A.example/%zz", "wss", "A.example", 443, b"/%zz", b"A.example"),
    ],
)
def test_addresses_that_need_no_change(
    text: str, scheme: str, host: str, port: int, target: bytes, header: bytes
) -> None:
    read = understand(text)
    assert (read.scheme, read.host, read.port, read.target, read.host_header) == (
        scheme, host, port, target, header,
    )  # fmt: skip
    assert read.changes == ()
    assert read.error is None


@pytest.mark.parametrize(
    ("text", "url", "change"),
    [
        ("localhost:8080", "ws://localhost:8080/", "ws:// was put in front."),
        ("example.com:443", "wss://example.com/", "wss:// was put in front."),
        ("http://example.com/a", "ws://example.com/a", "http:// was read as ws://."),
        ("https://example.com/a", "wss://example.com/a", "https:// was read as wss://."),
        ("ws://h/#part", "ws://h/", "The fragment #part was left out (RFC 6455 §3)."),
        ("ws://bücher.example/", "ws://xn--bcher-kva.example/",
         "bücher.example is dialled as xn--bcher-kva.example."),
        ("ws://h/ä b", "ws://h/%C3%A4%20b",
         "Characters that cannot stand in a request line were percent-encoded as UTF-8."),
        ("::1", "ws://[::1]/", "Brackets were put around the IPv6 address."),
        ("ws://[fe80::1%25eth0]/", "ws://[fe80::1%eth0]/",
         "The zone is used for dialling and is not sent in Host."),
        ("ws://h/\r\nx", "ws://h/x", "Line breaks and tabs within the address were left out."),
    ],
)  # fmt: skip
def test_changes_are_named(text: str, url: str, change: str) -> None:
    read = understand(text)
    assert read.url == url
    assert change in read.changes
    assert read.error is None


def test_user_and_password() -> None:
    read = understand("ws://ann:p%40ss@h/")
    assert read.userinfo == b"ann:p@ss"
    assert read.authorization == b"Basic YW5uOnBAc3M="
    assert read.url == "ws://h/"
    assert len(read.changes) == 1


def test_a_zone_is_dialled_and_not_sent() -> None:
    read = understand("ws://[fe80::1%25eth0]:81/")
    assert (read.host, read.host_header) == ("fe80::1%eth0", b"[fe80::1]:81")


@pytest.mark.parametrize(
    "text",
    ["", "  ", "ws://", "ftp://x", "a:b", "a:0", "a:99999", "[::1", "[::g]", "[::1]x", "ws://a..b",
     "ws://a b", "ws://" + "a" * 64, "ws://\u200d", "ws://[::1%25]/", "ws://a\x00b/"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text: str) -> None:
    read = understand(text)
    assert read.error
    assert read.host == ""


@given(st.one_of(st.text(max_size=40), st.text("ws:/[]@#?%.1a", max_size=20)))
def test_any_text_is_understood_or_refused(text: str) -> None:
    read = understand(text)
    if read.error is None:
        again = understand(read.url)
        assert (again.scheme, again.host, again.port, again.target) == (
            read.scheme, read.host, read.port, read.target,
        )  # fmt: skip
        assert read.host.isascii()
