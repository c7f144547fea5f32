"""Stretches of bytes divided down to the single byte, however many there are, as they are looked at."""

from collections.abc import Callable

from wsinspector.learn.pieces import Opens, Piece, Reads, Said, Works, piece
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate

ROW = 16
"""Bytes of a line."""

MOST = 64
"""Pieces into which a stretch is divided at most."""

Names = Callable[[int, bytes], Piece]
"""Makes the piece of one byte: its offset in the stream, and the byte."""

_CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip


def bytes_within(reads: Reads, start: int, end: int, names: "Names | None" = None) -> Opens:
    """Opens the bytes ``start`` to ``end - 1``: single bytes, or lines of 16, or ever larger stretches."""
    made = names or letter

    def opens() -> tuple[Piece, ...]:
        size = end - start
        if size <= ROW:
            data = reads(start, end)
            return tuple(
                made(start + at, data[at : at + 1]) if at < len(data) else _not_here(start + at)
                for at in range(size)
            )
        unit = ROW
        while -(-size // unit) > MOST:
            unit *= ROW
        return tuple(_stretch(reads, at, min(at + unit, end), start, made) for at in range(start, end, unit))

    return opens


def _stretch(reads: Reads, start: int, end: int, first: int, names: Names) -> Piece:
    text = translate("Explain", "bytes {first} to {last}")
    name = text.format(first=start - first, last=end - first - 1)
    if end - start == 1:
        name = translate("Explain", "byte {at}").format(at=start - first)
    said = Said(translate("Explain", "A stretch of these bytes, counted from 0."))
    return piece(name, start, end, said, role="bytes", opens=bytes_within(reads, start, end, names))


def _not_here(at: int) -> Piece:
    said = Said(translate("Explain", "This byte is not in the file, or has not come yet."))
    return piece(translate("Explain", "no byte"), at, at + 1, said, role="bytes")


def letter(at: int, byte: bytes) -> Piece:
    """One byte of text: its character in ASCII (RFC 20), or that it is none."""
    return piece(byte_name(byte[0]), at, at + 1, said_of(byte[0]), f"0x{byte[0]:02X}", role="bytes")


def raw(at: int, byte: bytes) -> Piece:
    """One byte that is no text: its value."""
    said = Said(
        translate("Explain", "One byte: {0} in decimal, {1} in binary.").format(byte[0], f"{byte[0]:08b}")
    )
    return piece(f"{byte[0]:02x}", at, at + 1, said, role="bytes")


def byte_name(value: int) -> str:
    """How a byte is called: its letter, or the name of a control character."""
    if value < 0x20:
        return _CONTROLS[value]
    if value == 0x20:
        return translate("Explain", "space")
    if value == 0x7F:
        return "DEL"
    return chr(value) if value < 0x7F else f"0x{value:02X}"


def said_of(value: int) -> Said:
    """What a byte is, read as text."""
    if value == 0x0D:
        return Said(
            translate("Explain", "Carriage return, the first half of the end of a line."),
            clause="RFC 9112 §2.2",
        )
    if value == 0x0A:
        return Said(translate("Explain", "Line feed, with which a line ends."), clause="RFC 9112 §2.2")
    if value < 0x20 or value == 0x7F:
        return Said(translate("Explain", "A control character of ASCII."), clause="RFC 20 §4")
    if value < 0x7F:
        return Said(translate("Explain", "One character, a byte of ASCII."), clause="RFC 20 §4")
    return Said(
        translate("Explain", "No ASCII: above 7F. What it stands for, HTTP does not say."),
        clause="RFC 9110 §5.5",
    )


def text_piece(
    reads: Reads,
    name: str,
    span: Span,
    said: Said,
    value: str = "",
    *,
    role: str = "text",
    works: Works | None = None,
) -> Piece:
    """A piece whose bytes are characters, each of which can be looked at."""
    opens = bytes_within(reads, span.start, span.end) if len(span) > 1 else None
    return piece(name, span.start, span.end, said, value, role=role, opens=opens, works=works)
