"""Cuts a filter line into tokens, each with its place; nothing in a line is too odd to be one."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from wsinspector.translate import translate


class T(Enum):
    """What a token is."""

    WORD = auto()
    NUMBER = auto()  # digits with a unit, or hexadecimal
    BYTES = auto()  # 01:02:ff
    STRING = auto()
    PATTERN = auto()
    OPERATOR = auto()
    SIGN = auto()  # ( ) { } [ ] , ..
    STRANGE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """``text``: as written; ``value``: of a string or pattern what it holds. ``flags``: letters behind it.

    ``trouble``: what is wrong with it, in a sentence.
    """

    type: T
    text: str
    start: int
    stop: int
    value: str = ""
    flags: str = ""
    trouble: str = ""
    unclosed: bool = False


_BYTES = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+(?![\w:])", re.ASCII)
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]*|[-+]?[0-9]+(?:\.[0-9]+)?[\w\-]*|[-+]?\.[0-9]+[\w\-]*")
_WORD = re.compile(r"[^\W\d][\w\-$@]*(?:\.[\w\-$@]+)*\.?")
_OPERATOR = re.compile(r"==|!=|<=|>=|&&|\|\||<|>|=|!|~")
_SIGN = re.compile(r"\.\.|[(){}\[\],]")
_BLANK = re.compile(r"\s*")
_STRANGE = re.compile(r"[^\s\"'(){}\[\],<>=!&|~]+|.", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = re.compile(r"[a-zA-Z]*")
_QUOTE = translate("filter", "The closing quote is missing.")
_SLASH = translate("filter", "The closing / is missing.")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\", '"': '"', "'": "'", "/": "/"}


def tokens(text: str) -> list[Token]:
    """The tokens of ``text``, the last one of type END."""
    found: list[Token] = []
    at = 0
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if at >= len(text):
            found.append(Token(T.END, "", len(text), len(text)))
            return found
        token = _next(text, at, found[-1] if found else None)
        found.append(token)
        at = token.stop


def _next(text: str, at: int, before: Token | None) -> Token:
    sign = text[at]
    if sign in "\"'":
        return _string(text, at)
    if sign == "/" and before is not None and _wants_pattern(before):
        return _pattern(text, at)
    for kind, pattern in (
        (T.BYTES, _BYTES),
        (T.NUMBER, _NUMBER),
        (T.WORD, _WORD),
        (T.OPERATOR, _OPERATOR),
        (T.SIGN, _SIGN),
    ):
        match = pattern.match(text, at)
        if match:
            return Token(kind, match.group(), at, match.end())
    match = _STRANGE.match(text, at)
    stop = match.end() if match else at + 1
    return Token(T.STRANGE, text[at:stop], at, stop)


def _wants_pattern(before: Token) -> bool:
    return before.text == "~" or (before.type is T.WORD and before.text.lower() == "matches")


def _flags(text: str, at: int) -> str:
    match = _LETTERS.match(text, at)
    return match.group() if match else ""


def _string(text: str, at: int) -> Token:
    quote = text[at]
    stop = at + 1
    while stop < len(text) and text[stop] != quote:
        stop += 2 if text[stop] == "\\" else 1
    if stop >= len(text):
        return Token(T.STRING, text[at:], at, len(text), text[at + 1 :], "", _QUOTE, True)
    value, trouble = unescaped(text[at + 1 : stop])
    flags = _flags(text, stop + 1)
    stop += 1 + len(flags)
    return Token(T.STRING, text[at:stop], at, stop, value, flags, trouble)


def _pattern(text: str, at: int) -> Token:
    stop = at + 1
    while stop < len(text) and text[stop] != "/":
        stop += 2 if text[stop] == "\\" else 1
    if stop >= len(text):
        return Token(T.PATTERN, text[at:], at, len(text), text[at + 1 :], "", _SLASH, True)
    value = text[at + 1 : stop].replace("\\/", "/")
    flags = _flags(text, stop + 1)
    stop += 1 + len(flags)
    return Token(T.PATTERN, text[at:stop], at, stop, value, flags)


def unescaped(text: str) -> tuple[str, str]:
    r"""What a string holds, and what is wrong with it. ``\xNN`` above 7F is the byte (U+DCNN)."""
    trouble = ""

    def one(match: re.Match[str]) -> str:
        nonlocal trouble
        byte, short, long, plain = match.groups()
        if byte:
            value = int(byte, 16)
            return chr(value) if value < 0x80 else chr(0xDC00 + value)
        if short or long:
            number = int(short or long, 16)
            if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
                trouble = translate("filter", "There is no character {escape}.").format(escape=match.group())
                return ""
            return chr(number)
        if plain not in _PLAIN:
            trouble = translate("filter", "There is no escape {escape}.").format(escape=match.group())
        return _PLAIN.get(plain, "")

    return _ESCAPE.sub(one, text), trouble
