"""Bytes looked for in pages of any length, a stretch at a time."""

from wsinspector.present.hexlines import read_hex
from wsinspector.present.pages import Pages

STRETCH = 1 << 20
"""Bytes looked through at once."""


def wanted_bytes(text: str) -> bytes:
    """What a person looks for: hex where it can be read so, else text; in quotes always text."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].encode("utf-8", "surrogatepass")
    return read_hex(text) or text.encode("utf-8", "surrogatepass")


def look(pages: Pages, wanted: bytes, start: int, *, back: bool = False) -> tuple[int, int | None]:
    """``(where found or -1, where to go on or None)``: the next place from ``start`` on, one stretch long.

    ``back``: the last place that begins before ``start``.
    """
    length = pages.length()
    if not wanted:
        return -1, None
    if back:
        begin = max(0, start - STRETCH)
        at = pages.read(begin, min(length, start + len(wanted) - 1)).rfind(wanted)
        return (begin + at, None) if at >= 0 else (-1, begin if begin else None)
    stop = min(length, start + STRETCH)
    at = pages.read(start, min(length, stop + len(wanted) - 1)).find(wanted)
    return (start + at, None) if at >= 0 else (-1, stop if stop < length else None)
