"""What the lab says: prices, a chat's history, a picture; the same at every start."""

import itertools
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any

EDGES = (0, 1, 125, 126, 127, 65535, 65536)
"""Payload sizes around every change of the length field's form (RFC 6455 §5.2)."""

_HISTORY = (
    ("ada", "good morning, is anyone in the blue room already?"),
    ("bob", "two of us. The projector needs the other cable."),
    ("ada", "it is in the drawer under the window — schönen Dank an Øyvind 👋"),
    ("bob", "found it. Is the blue room the one with the projector?"),
)


def as_json(value: Any) -> bytes:
    """Compact UTF-8 JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def history(room: str) -> bytes:
    """The first message of a chat, long enough to be worth fragments."""
    messages = [{"from": who, "text": text} for who, text in _HISTORY]
    return as_json({"event": "history", "room": room, "messages": messages})


def prices(room: str) -> Iterator[bytes]:
    """Price messages without end; ``seq`` counts from 1, the rest repeats every 40."""
    for number in itertools.count(1):
        step = number % 40
        items = [
            {"sku": f"A-{101 + step}", "eur": round(9.9 + step * 0.35, 2)},
            {"sku": f"A-{102 + step}", "eur": round(21.0 - step * 0.4, 2)},
        ]
        yield as_json({"event": "price", "room": room, "items": items, "seq": number})


def reply(room: str, said: bytes) -> bytes:
    """The answer to one message of the client; ``say`` of a JSON object is taken out of it."""
    text = said.decode("utf-8", "replace")
    if len(said) < 64 * 1024:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and isinstance(value.get("say"), str):
            text = value["say"]
    return as_json({"event": "said", "room": room, "from": "you", "text": text})


def pattern(size: int) -> bytes:
    """``size`` bytes that count up and wrap, so that a lost or moved byte shows."""
    whole, rest = divmod(size, 256)
    cycle = bytes(range(256))
    return cycle * whole + cycle[:rest]


def picture(side: int = 32) -> bytes:
    """A square PNG, 8-bit RGB, with a gradient."""
    rows = b"".join(
        b"\x00" + b"".join(bytes((8 * x & 0xFF, 8 * y & 0xFF, 160)) for x in range(side)) for y in range(side)
    )
    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
