"""JSON's members one after the other, none decoded: exact numbers, duplicates, of any length."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from wsinspector.present.pages import HeldPages, Pages
from wsinspector.present.plain import decoded

TICK = 256
"""Steps after which a scan can be stopped."""

WINDOW = 256 << 10
"""Bytes held at once; one search through them is over within a millisecond or two."""

AHEAD = 4096
"""Bytes that stand in the window behind the place that is looked at, where there are so many."""

LONGEST_RUN = 64 << 10
LONGEST_KEY = 4096

# Nothing possessive around alternatives or repeats: Python's re before 3.11.5 does not match that rightly.
_INSIDE = rb'[^"\\]*+(?:\\.[^"\\]*+)*'  # of a string, up to its quote
_TOKEN = re.compile(rb'\s*+("' + _INSIDE + rb'"|[\[\]{},:]|[^\s\[\]{},:"]++|")', re.DOTALL)
_JUMP = re.compile(rb'[^"\[\]{}]*+(?:"' + _INSIDE + rb'"[^"\[\]{}]*+)*', re.DOTALL)
_STRING = re.compile(_INSIDE, re.DOTALL)
_BARE = re.compile(rb'[^\s\[\]{},:"]++')
_BLANK = re.compile(rb"\s*+")
_RUNS = (re.compile(rb"[\[{]+"), re.compile(rb"[\]}]+"))
_QUOTE, _BACKSLASH = b'"\\'
_OPENING, _CLOSING = b"[{", b"]}"


@dataclass(frozen=True, slots=True)
class Member:
    """A value at ``start`` to ``end``; ``key`` as it is written, with its quotes, "" in an array.

    ``at``: where the member begins, key included. ``whole``: it does not end with the bytes.
    """

    key: str
    start: int
    end: int
    whole: bool = True
    at: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands at byte ``at`` cannot stand there; ``ended``: nothing does, the bytes are over."""

    at: int
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """The bracket that closes what was scanned, and byte ``at`` behind it."""

    at: int


Found = Member | Broken | Closed | None
Step = Generator[None, None, int]


class Window:
    """A stretch of pages that moves with what is looked at."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.end = pages.length()
        self.base = 0
        self.data = b""

    def move(self, at: int) -> int:
        """Hold what is behind ``at``; its index in :attr:`data`."""
        stop = self.base + len(self.data)
        if not self.base <= at < stop or (stop < self.end and at + AHEAD > stop):
            self.base = at
            self.data = self._pages.read(at, min(at + WINDOW, self.end))
            if not self.data:
                self.end = at  # what was announced cannot be had
        return at - self.base

    def is_last(self) -> bool:
        return self.base + len(self.data) >= self.end

    def piece(self, start: int, end: int) -> bytes:
        """Some bytes that most likely are in the window."""
        if self.base <= start and end <= self.base + len(self.data):
            return self.data[start - self.base : end - self.base]
        return self._pages.read(start, end)


def members(window: Window, at: int, closing: int) -> Iterator[Found]:
    """The members behind ``at`` of what the byte ``closing`` closes: behind its bracket, or at a member.

    None now and then while a long one passes; :class:`Broken` or :class:`Closed` is the last.
    """
    while True:
        token = yield from _token(window, at)
        kind, start, end, whole = token
        if kind == closing:
            yield Closed(end)
            return
        if kind == ord(",") and whole:
            at = end
            continue
        begins, key = start, ""
        if closing == ord("}"):
            if kind != _QUOTE:
                yield Broken(start, kind == 0)
                return
            if not whole:
                yield Member(_key(window, start, end), end, end, False, start)
                return
            key = _key(window, start, end)
            kind, colon, end, whole = yield from _token(window, end)
            if kind != ord(":"):
                yield Broken(colon, kind == 0)
                return
            kind, start, end, whole = yield from _token(window, end)
        if kind == 0 or kind in b"]},:":
            yield Broken(start, kind == 0)
            return
        if kind in _OPENING:
            end = yield from _past(window, end)
            whole = end <= window.end
            end = min(end, window.end)
        yield Member(key, start, end, whole, begins)
        if not whole:
            return
        at = end


def _key(window: Window, start: int, end: int) -> str:
    cut = end - start > LONGEST_KEY
    return decoded(window.piece(start, min(end, start + LONGEST_KEY))) + ("…" if cut else "")


def _token(window: Window, at: int) -> Generator[None, None, tuple[int, int, int, bool]]:
    """``(first byte, start, end, whole)`` of the next token; the first byte is 0 where there is none."""
    while True:
        index = window.move(at)
        match = _TOKEN.match(window.data, index)
        if match is not None and (match.end() < len(window.data) or window.is_last()):
            start, end = match.start(1), match.end()
            kind = window.data[start]
            if kind == _QUOTE and end == start + 1:
                break  # a string that does not end within the window
            return kind, window.base + start, window.base + end, True
        blank = _BLANK.match(window.data, index)
        stop = blank.end() if blank is not None else index
        at = window.base + stop
        if at >= window.end:
            return 0, window.end, window.end, False
        if stop < len(window.data):
            break
        yield None
    index = window.move(at)
    blank = _BLANK.match(window.data, index)
    start = window.base + (blank.end() if blank is not None else index)
    index = window.move(start)
    kind = window.data[index]
    if kind == _QUOTE:
        end = yield from _string(window, start + 1)
        return kind, start, min(end, window.end), end <= window.end
    end = start + 1
    if kind not in b"[]{},:":
        end = yield from _bare(window, start)
    return kind, start, end, True


def _string(window: Window, at: int) -> Step:
    """The offset behind the quote that ends the string; behind the last byte where none does."""
    while True:
        index = window.move(at)
        match = _STRING.match(window.data, index)
        stop = match.end() if match is not None else index
        if stop < len(window.data) and window.data[stop] == _QUOTE:
            return window.base + stop + 1
        at = window.base + stop
        if stop < len(window.data):  # a backslash whose character stands in the next window
            if at + 1 >= window.end:
                return window.end + 1
            window.base, window.data = 0, b""
        if at >= window.end:
            return window.end + 1
        yield None


def _bare(window: Window, at: int) -> Step:
    while True:
        index = window.move(at)
        match = _BARE.match(window.data, index)
        stop = match.end() if match is not None else index
        at = window.base + stop
        if stop < len(window.data) or at >= window.end:
            return at
        yield None


def _past(window: Window, at: int) -> Step:
    """The offset behind the bracket that closes the one before ``at``; behind the last byte without it."""
    depth, steps = 1, 0
    while True:
        index = window.move(at)
        match = _JUMP.match(window.data, index)
        stop = match.end() if match is not None else index
        at = window.base + stop
        if stop >= len(window.data):
            if at >= window.end:
                return window.end + 1
            yield None
            continue
        byte = window.data[stop]
        if byte == _QUOTE:
            at = yield from _string(window, at + 1)
            if at > window.end:
                return at
            continue
        # Brackets side by side are counted at once: a value nested in nothing else would take a step a byte.
        closes = byte not in _OPENING
        run = _RUNS[closes].match(window.data, stop, stop + depth if closes else len(window.data))
        brackets = run.end() - stop if run is not None else 1
        at += brackets
        depth += -brackets if closes else brackets
        if not depth:
            return at
        steps += 1
        if steps % TICK == 0:
            yield None


def closing_of(opening: int) -> int:
    """The bracket that closes ``opening``."""
    return _CLOSING[_OPENING.index(opening)]


def fields(text: str) -> dict[str, str]:
    """The members of a small object by key without quotes, the first of each, values as written."""
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] != "{" or len(text) > LONGEST_RUN:
        return {}
    data = text.encode("utf-8", "surrogatepass")
    begins = len(text[:start].encode("utf-8", "surrogatepass"))
    found: dict[str, str] = {}
    for member in members(Window(HeldPages(data)), begins + 1, ord("}")):
        if isinstance(member, Member):
            value = data[member.start : member.end].decode("utf-8", "surrogatepass")
            found.setdefault(member.key.strip('"'), value)
    return found
