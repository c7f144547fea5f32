"""The proofs that a server read the request, from the two keys of hixie-76 to the key of hybi-04."""

import base64
import hashlib
from dataclasses import dataclass

from wsinspector.protocol.dialects.dialect import Random

KEY3_BYTES = 8
DIGEST_BYTES = 16
MOST = 0xFFFFFFFF
"""The greatest number a key can stand for: it travels as four bytes in the digest's input."""

CONNECTION_GUID = b"61AC5F19-FBBA-4540-B96F-6561F1AB40A8"
"""What hybi-04 appends to both sides' values for its connection key."""

_STRAY = (*range(0x21, 0x30), *range(0x3A, 0x7F))
_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class NumberedKey:
    """What a reader takes out of Sec-WebSocket-Key1 or Key2.

    ``digits``: all digits joined, without zeros in front where there are more than forty.
    ``spaces``: how many U+0020. ``number``: the digits divided by the spaces, None where that
    cannot be done without a rest or is more than four bytes hold; ``fault`` says why then.
    """

    digits: bytes
    spaces: int
    number: int | None
    fault: str


def read_numbered_key(value: bytes) -> NumberedKey:
    """Take a key apart as a server does; ``value`` is the field value, trimmed."""
    digits = bytes(byte for byte in value if 0x30 <= byte <= 0x39)
    spaces = value.count(b" ")
    if len(digits) > _MOST_DIGITS:
        digits = digits.lstrip(b"0") or b"0"
    if not digits:
        return NumberedKey(digits, spaces, None, "it holds no digit")
    if not spaces:
        return NumberedKey(digits, spaces, None, "it holds no space")
    if len(digits) > _MOST_DIGITS:
        return NumberedKey(digits, spaces, None, f"its {len(digits)} digits make too great a number")
    number, rest = divmod(int(digits), spaces)
    if rest:
        text = f"its digits make {int(digits)}, which {spaces} spaces do not divide without a rest"
        return NumberedKey(digits, spaces, None, text)
    if number > MOST:
        return NumberedKey(digits, spaces, None, f"{number} does not fit into four bytes")
    return NumberedKey(digits, spaces, number, "")


def numbered_key(random: Random) -> bytes:
    """A new Sec-WebSocket-Key1 or Key2: a number times its spaces, with one to twelve stray characters.

    A space never stands first or last.
    """
    spaces = 1 + _below(12, random)
    text = bytearray(b"%d" % (_below(MOST // spaces + 1, random) * spaces))
    for _ in range(1 + _below(12, random)):
        text.insert(_below(len(text) + 1, random), _STRAY[_below(len(_STRAY), random)])
    for _ in range(spaces):
        text.insert(1 + _below(len(text) - 1, random), 0x20)
    return bytes(text)


def _below(limit: int, random: Random) -> int:
    """A number from 0 to ``limit`` - 1. Eight bytes leave no bias worth the name."""
    return int.from_bytes(random(8), "big") % limit


def digest_input(key1: bytes, key2: bytes, key3: bytes) -> bytes | None:
    """The 16 bytes whose MD5 is the answer; None where a key stands for no number."""
    numbers = [read_numbered_key(key).number for key in (key1, key2)]
    if None in numbers or len(key3) != KEY3_BYTES:
        return None
    return b"".join(number.to_bytes(4, "big") for number in numbers if number is not None) + key3


def digest_for(key1: bytes, key2: bytes, key3: bytes) -> bytes | None:
    """The 16 bytes behind the answer's head; None where the request has no right answer."""
    data = digest_input(key1, key2, key3)
    return None if data is None else md5(data)


def digest_mistake(key1: bytes, key2: bytes, key3: bytes, came: bytes) -> str:
    """Which usual mistake gives the digest that came; empty where none does or it is right."""
    data = digest_input(key1, key2, key3)
    if data is None or came == md5(data):
        return ""
    first, second, third = data[:4], data[4:8], data[8:]
    digest = md5(data)
    as_utf8 = data.decode("latin-1").encode()
    mistakes = (
        (
            (md5(as_utf8),),
            "computed over UTF-8 text instead of bytes; ws 0.4.32 and 1.1.5 on Node 6 or newer do this",
        ),
        ((digest.hex().encode(), digest.hex().upper().encode()), "sent as hexadecimal text instead of bytes"),
        ((base64.b64encode(digest),), "sent as base64 instead of bytes"),
        ((md5(second + first + third),), "computed with the two keys the wrong way round"),
        ((md5(first[::-1] + second[::-1] + third),), "computed with the numbers' bytes in reverse order"),
        ((md5(data[:8]),), "computed without the eight bytes behind the request's head"),
        (
            (md5(b"%d%d" % (int.from_bytes(first, "big"), int.from_bytes(second, "big")) + third),),
            "computed with the numbers as decimal text",
        ),
        ((digest.decode("latin-1").encode(),), "sent as UTF-8 text instead of bytes"),
    )
    return next((text for forms, text in mistakes if any(form[:DIGEST_BYTES] == came for form in forms)), "")


def md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def connection_key(key: bytes, nonce: bytes) -> bytes:
    """The 20 bytes that hybi-04 mixes into each frame's mask, from both header values as they stand."""
    return hashlib.sha1(key + nonce + CONNECTION_GUID, usedforsecurity=False).digest()


def nonce_from(random16: bytes) -> bytes:
    """Sec-WebSocket-Nonce of 16 random bytes."""
    return base64.b64encode(random16)
