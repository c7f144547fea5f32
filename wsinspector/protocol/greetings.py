"""Knows the first bytes of what often answers where HTTP was expected."""

import re

# Facts of the wire only: what is matched here can be nothing else by chance, or hardly.
_GREETINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x15\x03[\x00-\x04]"), "a TLS alert record"),
    (re.compile(rb"\x16\x03[\x00-\x04]"), "a TLS handshake record"),
    (re.compile(rb"\x00\x00.\x04[\x00\x01]\x00\x00\x00\x00", re.DOTALL), "an HTTP/2 SETTINGS frame"),
    (re.compile(rb"SSH-[12]\."), "an SSH greeting"),
    (re.compile(rb"220[ -]"), "an FTP or SMTP greeting"),
    (re.compile(rb"-ERR "), "an error line of Redis or POP3"),
    (re.compile(rb"\s*<(?:!DOCTYPE|html)", re.IGNORECASE), "HTML without a head"),
    (re.compile(rb"(?:GET|POST|PUT|HEAD|OPTIONS|CONNECT) "), "an HTTP request"),
)


def recognise(data: bytes) -> str | None:
    """What ``data`` begins with, in words that follow "is"; None where nothing is known."""
    for pattern, name in _GREETINGS:
        if pattern.match(data):
            return name
    return None
