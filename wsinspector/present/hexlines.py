"""Bytes as lines of hex and text, so that every hex view and every copy lays them out alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

HEX_DIGITS = "0123456789abcdefABCDEF"
UNPRINTABLE = "·"
MASK = "•"


@dataclass(frozen=True, slots=True)
class HexLine:
    """One line: the offset of its first byte, two hex digits a byte, one character a byte."""

    offset: int
    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class HexLayout:
    """Where things stand in a line, in character columns.

    ``width``: bytes a line. ``digits``: hex digits of the offset. A gap of one column stands
    after every ``group`` bytes.
    """

    width: int
    digits: int
    group: int = 4

    @property
    def hex_start(self) -> int:
        return self.digits + 2

    @property
    def text_start(self) -> int:
        return self.hex_column(self.width - 1) + 4

    @property
    def columns(self) -> int:
        """Characters of a full line."""
        return self.text_start + self.width

    def hex_column(self, index: int) -> int:
        """Column of the first digit of byte ``index`` of a line."""
        return self.hex_start + 3 * index + index // self.group

    def text_column(self, index: int) -> int:
        """Column of the character of byte ``index`` of a line."""
        return self.text_start + index

    def hit(self, column: float) -> tuple[int, bool]:
        """``(index of the nearest byte in the line, whether in the text part)`` at a column."""
        if column >= self.text_start - 1:
            return min(max(int(column - self.text_start), 0), self.width - 1), True
        for index in range(self.width - 1, -1, -1):
            if column >= self.hex_column(index) - 0.5:
                return index, False
        return 0, False


def layout_for(columns: int, length: int, *, widest: int = 16) -> HexLayout:
    """The widest layout of a multiple of four bytes that fits ``columns``, four at the least."""
    digits = digits_for(length)
    for width in range(widest, 4, -4):
        layout = HexLayout(width, digits)
        if layout.columns <= columns:
            return layout
    return HexLayout(4, digits)


def digits_for(length: int) -> int:
    """Hex digits an offset needs: an even number, at least four."""
    digits = max(4, len(f"{max(length - 1, 0):x}"))
    return digits + digits % 2


def character(byte: int) -> str:
    """What stands in the text part for ``byte``: itself where it is printable ASCII."""
    return chr(byte) if 0x20 <= byte < 0x7F else UNPRINTABLE


def hex_line(data: bytes, offset: int, hidden: Sequence[tuple[int, int]] = ()) -> HexLine:
    """Lay out one line's ``data``; bytes within ``hidden`` ``[start, end)`` offsets stay unseen."""
    cells: list[str] = []
    text: list[str] = []
    for at, byte in enumerate(data, offset):
        if any(start <= at < end for start, end in hidden):
            cells.append(MASK * 2)
            text.append(MASK)
        else:
            cells.append(f"{byte:02x}")
            text.append(character(byte))
    return HexLine(offset, tuple(cells), "".join(text))


def hex_lines(data: bytes, *, width: int = 16, start: int = 0) -> list[HexLine]:
    """All lines of ``data``, whose first byte has the offset ``start``."""
    return [hex_line(data[at : at + width], start + at) for at in range(0, len(data), width)]


def dump(data: bytes, *, width: int = 16, start: int = 0) -> str:
    """A plain-text dump for the clipboard: offset, hex, text."""
    layout = HexLayout(width, digits_for(start + len(data)))
    lines = []
    for line in hex_lines(data, width=width, start=start):
        cells = "".join(
            (" " if index and index % layout.group == 0 else "") + cell + " "
            for index, cell in enumerate(line.cells)
        )
        padded = cells.ljust(layout.text_start - layout.hex_start)
        lines.append(f"{line.offset:0{layout.digits}x}  {padded}{line.text}".rstrip(" "))
    return "\n".join(lines)


def plain_hex(data: bytes) -> str:
    """``68 65 6c`` …: hex with blanks between the bytes, as :func:`read_hex` takes it back."""
    return data.hex(" ")


_READABLE = re.compile(r"(?:0x|\\x)?([0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})*)(?:[\s,:]+|$|(?=\\x|0x))")


def read_hex(text: str) -> bytes | None:
    """Bytes of hex text as people write it: ``6865``, ``68 65``, ``0x68, 0x65``, ``\\x68\\x65``.

    None where something else stands in it, an odd digit included.
    """
    at, found = 0, bytearray()
    stripped = text.strip()
    while at < len(stripped):
        match = _READABLE.match(stripped, at)
        if match is None:
            return None
        found += bytes.fromhex(match.group(1))
        at = match.end()
    return bytes(found)
