"""The key of a handshake and the answer that proves it was read (RFC 6455 §4.1, §4.2.2)."""

import base64
import binascii
import hashlib

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept_for(key: bytes) -> bytes:
    """Sec-WebSocket-Accept for a Sec-WebSocket-Key, given as it stands in the header, trimmed."""
    return base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())


def key_from(random16: bytes) -> bytes:
    """Sec-WebSocket-Key made of 16 random bytes; other lengths give a key that no server should take."""
    return base64.b64encode(random16)


def key_bytes(key: bytes) -> bytes | None:
    """The bytes a key stands for, None where it is not base64 (RFC 4648 §4, with padding)."""
    try:
        return base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return None
