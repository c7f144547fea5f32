"""The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian."""

import struct
from collections.abc import Sequence

LINK_RAW = 101
"""LINKTYPE_RAW: a packet begins with its IP header, of either version."""

SNAP_LENGTH = 65535 + 40

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_COMMENT = 1
_USER_APPLICATION = 4  # of a section header
_NAME, _DESCRIPTION, _RESOLUTION = 2, 3, 9  # of an interface
_FLAGS = 2  # of a packet
_NANOSECONDS = 9  # digits behind the second
_LONGEST = 0xFFFC  # bytes of an option

INBOUND, OUTBOUND = 1, 2

Option = tuple[int, bytes]


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _options(options: Sequence[Option]) -> bytes:
    if not options:
        return b""
    parts = [struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options]
    return b"".join((*parts, bytes(4)))


def _block(kind: int, body: bytes, options: Sequence[Option]) -> bytes:
    rest = body + _options(options)
    size = struct.pack("<I", 12 + len(rest))
    return b"".join((struct.pack("<I", kind), size, rest, size))


def _text(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if len(data) <= _LONGEST:
        return data
    return data[: _LONGEST - 3].decode("utf-8", "ignore").encode() + "…".encode()


def _comments(texts: Sequence[str]) -> list[Option]:
    return [(_COMMENT, _text(text)) for text in texts if text]


def section(program: str, comments: Sequence[str] = ()) -> bytes:
    """A section header; its length is not told, so that it can be written before what follows."""
    body = struct.pack("<IHHq", _BYTE_ORDER, 1, 0, -1)
    return _block(_SECTION, body, [*_comments(comments), (_USER_APPLICATION, _text(program))])


def interface(name: str, description: str) -> bytes:
    """An interface of IP packets whose times are nanoseconds."""
    options = [
        (_NAME, _text(name)),
        (_DESCRIPTION, _text(description)),
        (_RESOLUTION, bytes((_NANOSECONDS,))),
    ]
    return _block(_INTERFACE, struct.pack("<HHI", LINK_RAW, 0, SNAP_LENGTH), options)


def packet(data: bytes, wall_ns: int, way: int, comments: Sequence[str] = ()) -> bytes:
    """A packet of the first interface, at ``wall_ns`` since 1970. ``way``: INBOUND or OUTBOUND."""
    at = max(wall_ns, 0)
    size = len(data)
    head = struct.pack("<IIIII", 0, at >> 32 & 0xFFFFFFFF, at & 0xFFFFFFFF, size, size)
    return _block(_PACKET, head + _padded(data), [*_comments(comments), (_FLAGS, struct.pack("<I", way))])
