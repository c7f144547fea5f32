"""What masks a whole frame in hybi-04 to 06."""

from hashlib import sha1

from wsinspector.protocol.arriving import Agreed

PREFIX = 4
"""Bytes before a client's frame: the frame nonce of hybi-04, the masking key of 05 and 06."""

CONNECTION_KEY = 20
"""Bytes of hybi-04's key of the connection: a SHA-1."""


def frame_key(prefix: bytes, agreed: Agreed) -> bytes:
    """Repeated over the frame from its first byte on.

    In hybi-04 the SHA-1 of the frame's nonce and the connection's key, later the prefix itself.
    """
    if agreed.dialect == "hybi-04":
        return sha1(prefix + agreed.connection_key, usedforsecurity=False).digest()
    return prefix
