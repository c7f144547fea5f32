"""Text from the network as plain text in which nothing is invisible."""

import re

_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}

# C1 controls, soft hyphen, Arabic letter mark, Hangul and Khmer fillers, zero-width and
# bidirectional controls, line and paragraph separators, invisible operators, variation selectors,
# the byte order mark, interlinear marks, lone surrogates, tags.
_UNSEEN = re.compile(
    "[\u0080-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def _named(match: re.Match[str]) -> str:
    return f"‹U+{ord(match.group()):04X}›"


def visible(text: str, *, lines: bool = False) -> str:
    """``text`` with controls as control pictures and what cannot be seen as ‹U+202E›.

    ``lines`` keeps line feeds and tabs, a carriage return before a line feed is shown all the same.
    """
    if text.isascii() and text.isprintable():
        return text
    if lines:
        shown = "\n".join(
            "\t".join(part.translate(_PICTURES) for part in line.split("\t")) for line in text.split("\n")
        )
    else:
        shown = text.translate(_PICTURES)
    return _UNSEEN.sub(_named, shown)


def decoded(data: bytes) -> str:
    """UTF-8 where it is; a byte that is none stands as ``\\xNN``."""
    return data.decode("utf-8", "backslashreplace")


def preview(data: bytes, at_most: int = 400) -> str:
    """The beginning of ``data`` on one line, at most ``at_most`` characters."""
    cut = len(data) > at_most
    # A cut may fall into a character: its first bytes are then not shown as an error.
    text = _decoded_beginning(data[:at_most]) if cut else decoded(data)
    shown = visible(text)
    return shown[:at_most] + "…" if cut or len(shown) > at_most else shown


def _decoded_beginning(data: bytes) -> str:
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 == 0xC0:
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            if wanted > back:
                data = data[:-back]
            break
        if byte & 0x80 == 0:
            break
    return decoded(data)


def mostly_readable(data: bytes) -> bool:
    """Whether text says more of ``data`` than hex: at most one byte in ten is a control or no UTF-8."""
    text = data[:4096].decode("utf-8", "replace")
    odd = sum(1 for c in text if c == "\ufffd" or (c < " " and c not in "\t\r\n") or "\x7f" <= c < "\xa0")
    return odd * 10 <= len(text)
