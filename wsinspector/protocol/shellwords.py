"""Splits a pasted command into words as a shell would, and runs nothing."""

_ANSI = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_HEX = "0123456789abcdefABCDEF"
_ENDS = "|;&<>\n"


def shell_words(text: str) -> tuple[list[str], str] | None:
    """The words of the first command in ``text``, and what stands behind it.

    Quotes of all three kinds ('…', "…", $'…'), backslashes and continued lines are read.
    Nothing is expanded. None where a quote is not closed.
    """
    words: list[str] = []
    word: str | None = None
    at = 0
    while at < len(text):
        character = text[at]
        if character in "'\"" or text.startswith("$'", at):
            quoted = _quoted(text, at)
            if quoted is None:
                return None
            word = (word or "") + quoted[0]
            at = quoted[1]
        elif character == "\\" and text[at + 1 : at + 3] == "\r\n":
            at += 3
        elif character == "\\" and text[at + 1 : at + 2] == "\n":
            at += 2
        elif character == "\\" and at + 1 < len(text):
            word = (word or "") + text[at + 1]
            at += 2
        elif character in _ENDS or character in " \t\r":
            if word is not None:
                words.append(word)
                word = None
            if character in _ENDS and (words or character != "\n"):
                return words, text[at:].strip()
            at += 1
        else:
            word = (word or "") + character
            at += 1
    if word is not None:
        words.append(word)
    return words, ""


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """The content of the quote that opens at ``at`` and the place behind it."""
    if text[at] == "'":
        end = text.find("'", at + 1)
        return None if end < 0 else (text[at + 1 : end], end + 1)
    if text[at] == "$":
        return _ansi_quoted(text, at + 2)
    found = ""
    at += 1
    while at < len(text):
        character = text[at]
        if character == '"':
            return found, at + 1
        if character == "\\" and text[at + 1 : at + 2] in ("$", "`", '"', "\\", "\n"):
            found += "" if text[at + 1] == "\n" else text[at + 1]
            at += 2
        else:
            found += character
            at += 1
    return None


def _ansi_quoted(text: str, at: int) -> tuple[str, int] | None:
    found = ""
    while at < len(text):
        character = text[at]
        if character == "'":
            return found, at + 1
        if character != "\\":
            found += character
            at += 1
            continue
        kind = text[at + 1 : at + 2]
        if kind and kind in "xuU":
            most = {"x": 2, "u": 4, "U": 8}[kind]
            end = at + 2
            while end < min(at + 2 + most, len(text)) and text[end] in _HEX:
                end += 1
            code = int(text[at + 2 : end], 16) if end > at + 2 else -1
            found += chr(code) if 0 <= code <= 0x10FFFF else text[at:end]
            at = end
        elif kind in _ANSI:
            found += _ANSI[kind]
            at += 2
        else:
            found += text[at : at + 2]
            at += 2
    return None
