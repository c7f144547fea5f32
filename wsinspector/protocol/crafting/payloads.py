"""Where the payload of a crafted frame comes from: typed, read by the caller, or generated piece by piece."""

import base64
import binascii
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import shake_128
from typing import Protocol

from wsinspector.translate import translate

MOST_BYTES = 1 << 34
"""Bytes that may be generated: 16 GiB."""

_BLOCK = 1 << 16
_BETWEEN_DIGITS = re.compile(r"0[xX]|[\s:,]+")


class CraftError(ValueError):
    """What was asked for cannot be made; the text is for the person who asked."""


class Source(enum.Enum):
    """What :attr:`Payload.value` is; the value is the member's name in a file."""

    TEXT = "text"
    HEX = "hex"
    BASE64 = "base64"
    FILE = "file"
    PATTERN = "pattern"
    RANDOM = "random"
    INVALID = "invalid"
    CLOSE = "code"


GENERATED = (Source.PATTERN, Source.RANDOM, Source.INVALID)

INVALID_UTF8: dict[str, bytes] = {
    "bad-byte": b"\xff",
    "lone-continuation": b"\x80",
    "overlong-2": b"\xc0\xaf",
    "overlong-3": b"\xe0\x80\xaf",
    "overlong-4": b"\xf0\x80\x80\xaf",
    "high-surrogate": b"\xed\xa0\x80",
    "low-surrogate": b"\xed\xb0\x80",
    "surrogate-pair": b"\xed\xa0\xbd\xed\xb8\x80",
    "beyond-10ffff": b"\xf4\x90\x80\x80",
    "broken-sequence": b"\xe2\x28\xa1",
    "incomplete": b"\xe2\x82",
}
"""Bytes that are no UTF-8 (RFC 3629 §3, §4), by the names that files use."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Where a payload comes from.

    ``value``: the text, hex or base64; the file's path; the text that a pattern repeats; a key of
    :data:`INVALID_UTF8`; the reason of a Close. ``size``: bytes generated (of ``INVALID``: 0 for the bad
    bytes alone, else letters go before them); of ``CLOSE`` the code. ``seed``: of ``RANDOM``.
    """

    source: Source = Source.TEXT
    value: str = ""
    size: int = 0
    seed: int = 0

    @property
    def generated(self) -> bool:
        return self.source in GENERATED


class Content(Protocol):
    """Bytes that need not exist all at once."""

    @property
    def size(self) -> int: ...

    def read(self, start: int, stop: int) -> bytes:
        """The bytes of ``[start, stop)``, which lie within the size."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that are there."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int, stop: int) -> bytes:
        return self.data[start:stop]


@dataclass(frozen=True, slots=True)
class Repeated:
    """``pattern``, not empty, over and over; then ``ending``."""

    pattern: bytes
    size: int
    ending: bytes = b""

    def read(self, start: int, stop: int) -> bytes:
        body = self.size - len(self.ending)
        upto = max(start, min(stop, body))
        turn = start % len(self.pattern)
        repeats = (turn + upto - start) // len(self.pattern) + 1
        data = (self.pattern * repeats)[turn : turn + upto - start]
        return data + self.ending[max(start, body) - body : max(stop, body) - body]


@dataclass(frozen=True, slots=True)
class Random:
    """What looks random and is the same for the same seed: SHAKE-128 of seed and block number."""

    seed: int
    size: int

    def read(self, start: int, stop: int) -> bytes:
        first, last = start // _BLOCK, -(-stop // _BLOCK)
        blocks = [
            shake_128(b"%d/%d" % (self.seed, number), usedforsecurity=False).digest(_BLOCK)
            for number in range(first, last)
        ]
        return b"".join(blocks)[start - first * _BLOCK : stop - first * _BLOCK]


def read_hex(text: str) -> bytes:
    """Hex digits in pairs; blanks, colons, commas and 0x between them mean nothing. Raises CraftError."""
    try:
        return bytes.fromhex(_BETWEEN_DIGITS.sub("", text))
    except ValueError:
        raise CraftError(translate("Craft", "Not hex: two digits a byte, blanks between them.")) from None


def content_of(payload: Payload, files: Mapping[str, bytes]) -> Content:
    """The bytes of ``payload``. ``files``: what the caller read, by path. Raises CraftError."""
    value = payload.value
    match payload.source:
        case Source.TEXT:
            # A lone surrogate in a text becomes its three bytes, which are no UTF-8 and may be meant.
            return Held(value.encode("utf-8", "surrogatepass"))
        case Source.HEX:
            return Held(read_hex(value))
        case Source.BASE64:
            return Held(_read_base64(value))
        case Source.FILE:
            if value not in files:
                raise CraftError(translate("Craft", "The file {path} was not read.").format(path=value))
            return Held(files[value])
        case Source.CLOSE:
            if not 0 <= payload.size <= 0xFFFF:
                raise CraftError(translate("Craft", "A close code has two bytes: at most 65535."))
            return Held(payload.size.to_bytes(2, "big") + value.encode("utf-8", "surrogatepass"))
        case _:
            return _generated(payload)


def _generated(payload: Payload) -> Content:
    if not 0 <= payload.size <= MOST_BYTES:
        raise CraftError(translate("Craft", "At most 16 GiB are generated."))
    if payload.source is Source.RANDOM:
        return Random(payload.seed, payload.size)
    if payload.source is Source.PATTERN:
        pattern = payload.value.encode("utf-8", "surrogatepass") or b"\x00"
        return Repeated(pattern, payload.size)
    bad = INVALID_UTF8.get(payload.value)
    if bad is None:
        text = translate("Craft", "No kind of invalid UTF-8: {name}. There are {known}.")
        raise CraftError(text.format(name=payload.value, known=", ".join(INVALID_UTF8)))
    return Repeated(b"a", max(payload.size, len(bad)), bad)


def _read_base64(text: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CraftError(translate("Craft", "Not base64: {why}.").format(why=error)) from None
