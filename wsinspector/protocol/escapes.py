"""Bytes as text that can be read, typed and turned back into the same bytes.

Two ways of writing: *escapes*, for one value in a text field, and *Raw*, for a whole head in
a text editor. In Raw every byte is one visible character:

=============  ==================================================================
byte           character
=============  ==================================================================
00 to 1F       the control picture U+2400 + byte (CR ``␍``, LF ``␊``, tab ``␉``)
0A             in addition a line break for display follows, which carries no byte
20 to 7E       itself
7F             U+2421 ``␡``
80 to 9F       the Braille pattern U+2800 + byte: as Latin-1 these are C1 controls,
A0, AD         a no-break space and a soft hyphen, which an editor hides or alters
other          the Latin-1 character
=============  ==================================================================
"""

from dataclasses import dataclass

CR_SIGN = "\u240d"
LF_SIGN = "\u240a"
LINE_BREAK = CR_SIGN + LF_SIGN + "\n"
"""What the Enter key stands for in Raw."""

_HIDDEN = (*range(0x80, 0xA0), 0xA0, 0xAD)


def _raw_character(byte: int) -> str:
    if byte < 0x20:
        return chr(0x2400 + byte)
    if byte == 0x7F:
        return "\u2421"
    return chr(0x2800 + byte) if byte in _HIDDEN else chr(byte)


_RAW = tuple(_raw_character(byte) for byte in range(256))
_RAW_TABLE = dict(enumerate(_RAW)) | {0x0A: LF_SIGN + "\n"}
_BYTE_OF = {character: byte for byte, character in enumerate(_RAW)}


@dataclass(frozen=True, slots=True)
class EscapeFlag:
    """A remark on the characters ``[start, end)`` of a text (code points)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Unescaped:
    """The bytes a text stands for, and what was odd about the text."""

    data: bytes
    flags: tuple[EscapeFlag, ...] = ()


_ESCAPES = {0x5C: "\\\\", 0x0D: "\\r", 0x0A: "\\n", 0x09: "\\t"}
_SIMPLE = {"\\": 0x5C, "r": 0x0D, "n": 0x0A, "t": 0x09}
_HEX = frozenset("0123456789abcdefABCDEF")


def _escaped_character(byte: int) -> str:
    if byte in _ESCAPES:
        return _ESCAPES[byte]
    if byte < 0x20 or byte == 0x7F or byte in _HIDDEN:
        return f"\\x{byte:02X}"
    return chr(byte)


_ESCAPED = {byte: _escaped_character(byte) for byte in range(256)}


def escape_value(data: bytes) -> str:
    """Write bytes with ``\\\\ \\r \\n \\t \\xNN``; :func:`unescape_value` gives the same bytes back."""
    return data.decode("latin-1").translate(_ESCAPED)


def unescape_value(text: str) -> Unescaped:
    """Read escapes. An unknown one is kept as typed and flagged.

    A character up to U+00FF is one byte, above it UTF-8, flagged.
    """
    data = bytearray()
    flags: list[EscapeFlag] = []
    at = 0
    while at < len(text):
        character = text[at]
        following = text[at + 1 : at + 2]
        if character != "\\":
            _append(character, at, data, flags)
            at += 1
        elif following in _SIMPLE and following:
            data.append(_SIMPLE[following])
            at += 2
        elif following == "x" and len(text) >= at + 4 and _HEX.issuperset(text[at + 2 : at + 4]):
            data.append(int(text[at + 2 : at + 4], 16))
            at += 4
        else:
            written = f"\\{following}" if following else "\\ at the end"
            flags.append(
                EscapeFlag(at, min(at + 2, len(text)), f"{written} is no escape and is sent as typed.")
            )
            data.append(0x5C)
            at += 1
    return Unescaped(bytes(data), tuple(flags))


def _append(character: str, at: int, data: bytearray, flags: list[EscapeFlag]) -> None:
    if ord(character) <= 0xFF:
        data.append(ord(character))
        return
    encoded = character.encode("utf-8", "surrogatepass")
    data += encoded
    flags.append(EscapeFlag(at, at + 1, f"U+{ord(character):04X} is sent as {len(encoded)} bytes of UTF-8."))


def raw_text(data: bytes) -> str:
    """Bytes as Raw text; the display line break stands after every ``␊``."""
    return data.decode("latin-1").translate(_RAW_TABLE)


def raw_bytes(text: str) -> tuple[bytes, tuple[EscapeFlag, ...]]:
    """The bytes of Raw text, and flags on characters that are not one byte.

    A line break carries no byte; where none is due, after anything but ``␊``, it is flagged.
    """
    data = bytearray()
    flags: list[EscapeFlag] = []
    before = ""
    for at, character in enumerate(text):
        if character == "\n":
            if before != LF_SIGN:
                flags.append(
                    EscapeFlag(at, at + 1, "A line break without ␊ is only shown; no byte is sent for it.")
                )
        elif character in _BYTE_OF:
            data.append(_BYTE_OF[character])
        else:
            _append(character, at, data, flags)
        before = character
    return bytes(data), tuple(flags)


def raw_offset_to_byte(text: str, pos: int) -> int:
    """How many bytes stand before position ``pos`` (code points) of Raw text."""
    count = 0
    for character in text[:pos]:
        if character == "\n":
            continue
        if character in _BYTE_OF or ord(character) <= 0xFF:
            count += 1
        else:
            count += len(character.encode("utf-8", "surrogatepass"))
    return count


def byte_to_raw_offset(data: bytes, n: int) -> int:
    """The position of byte ``n`` of ``data`` in its Raw text (code points)."""
    n = max(0, min(n, len(data)))
    return n + data.count(b"\n", 0, n)
