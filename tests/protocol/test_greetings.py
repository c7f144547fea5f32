"""First bytes that are known, and those that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.greetings import recognise


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x15\x03\x01\x00\x02\x02\x46", "a TLS alert record"),
        (b"\x16\x03\x03\x00\x40", "a TLS handshake record"),
        (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", "an HTTP/2 SETTINGS frame"),
        (b"SSH-2.0-x\r\n", "an SSH greeting"),
        (b"220 mail ready\r\n", "an FTP or SMTP greeting"),
        (b"<!doctype html>", "HTML without a head"),
        (b"GET / HTTP/1.1\r\n", "an HTTP request"),
        (b"", None),
        (b"hello", None),
    ],
)
def test_first_bytes(data: bytes, name: str | None) -> None:
    assert recognise(data) == name


@given(st.binary(max_size=20))
def test_any_bytes(data: bytes) -> None:
    recognise(data)
