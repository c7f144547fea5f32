"""JSON read a value at a time, so that a large file is never held whole."""

import codecs
import json
from collections.abc import Iterator
from decimal import Decimal
from json import JSONDecodeError
from typing import Any, BinaryIO

PIECE = 1 << 16
LARGEST_VALUE = 512 << 20
"""Characters of one value that is asked for whole."""

DEEPEST = 100

_BLANKS = " \t\r\n"
# A decoder tells of text that goes on with the place where it found nothing.
_NEAR_END = 16


class WrongJson(Exception):  # noqa: N818
    """``line`` and ``column`` count from 1."""

    def __init__(self, what: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {what}")
        self.line = line
        self.column = column


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


class JsonPull:
    """Walks a document: :meth:`members` and :meth:`items` go into an object or a list, :meth:`value`
    reads one whole, :meth:`skip` passes over it. Numbers with a fraction are Decimal.

    Each member or item must be read, walked or skipped before the next is asked for. Raises WrongJson.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
        self._text = ""
        self._at = 0
        self._over = False
        self._line = 1
        self._column = 1
        self.read = 0
        """Bytes of the file read so far."""

    def members(self) -> Iterator[str]:
        """The names in an object, in order."""
        yield from self._within("{", "}", names=True)

    def items(self) -> Iterator[int]:
        """The places in a list, from 0."""
        for at, _ in enumerate(self._within("[", "]", names=False)):
            yield at

    def opens(self) -> str:
        """The character that the next value begins with; empty at the end."""
        self._blank()
        return self._text[self._at : self._at + 1]

    def value(self) -> Any:
        """The next value whole."""
        self._blank()
        wanted = PIECE
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                whole = "Unterminated" in error.msg or error.pos >= len(self._text) - _NEAR_END
                if self._over or not whole:
                    raise self._wrong(error.msg.lower(), error.pos) from None
            except (ValueError, RecursionError) as error:
                raise self._wrong(str(error) or "nested too deeply") from None
            else:
                # A number may go on where the text ends.
                if end < len(self._text) or self._over:
                    self._forward(end)
                    return found
            if len(self._text) - self._at > LARGEST_VALUE:
                raise self._wrong(f"a value has more than {LARGEST_VALUE >> 20} million characters")
            self._more(wanted)
            wanted *= 2

    def skip(self, depth: int = 0) -> None:
        """Pass over the next value, holding no more than a piece of a list or an object."""
        begin = self.opens()
        if depth > DEEPEST:
            raise self._wrong("it is nested too deeply")
        if begin == "{":
            for _ in self.members():
                self.skip(depth + 1)
        elif begin == "[":
            for _ in self.items():
                self.skip(depth + 1)
        else:
            self.value()

    def end(self) -> None:
        """Nothing may follow."""
        if self.opens():
            raise self._wrong("more follows behind the end")

    def wrong(self, what: str) -> WrongJson:
        """What to raise for what stands here."""
        return self._wrong(what)

    def _within(self, begin: str, end: str, *, names: bool) -> Iterator[str]:
        if self.opens() != begin:
            raise self._wrong(f"“{begin}” is expected")
        self._forward(self._at + 1)
        first = True
        while True:
            found = self.opens()
            if found == end:
                self._forward(self._at + 1)
                return
            if not first:
                if found != ",":
                    raise self._wrong(f"“,” or “{end}” is expected")
                self._forward(self._at + 1)
                self._blank()
            first = False
            name = ""
            if names:
                if self.opens() != '"':
                    raise self._wrong("a name in quotes is expected")
                name = self.value()
                if self.opens() != ":":
                    raise self._wrong("“:” is expected")
                self._forward(self._at + 1)
            yield name

    def _blank(self) -> None:
        while True:
            at, text = self._at, self._text
            while at < len(text) and text[at] in _BLANKS:
                at += 1
            self._forward(at)
            if self._at < len(self._text) or self._over:
                return
            self._more(PIECE)

    def _more(self, wanted: int) -> None:
        data = self._stream.read(wanted)
        self.read += len(data)
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise self._wrong("from here on it is not UTF-8", len(self._text)) from None
        self._over = not data
        self._text = self._text[self._at :] + text
        self._at = 0

    def _forward(self, to: int) -> None:
        passed = self._text[self._at : to]
        lines = passed.count("\n")
        if lines:
            self._line += lines
            self._column = len(passed) - passed.rfind("\n")
        else:
            self._column += len(passed)
        self._at = to

    def _wrong(self, what: str, at: int | None = None) -> WrongJson:
        if at is not None:
            self._forward(min(at, len(self._text)))
        if self._over and self._at >= len(self._text):
            what = f"{what}; the file ends here"
        return WrongJson(what, self._line, self._column)
