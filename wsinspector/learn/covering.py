"""Lays pieces beside each other over a stretch of bytes, so that not one byte is left without a piece."""

import itertools

from wsinspector.learn.byte_pieces import bytes_within, text_piece
from wsinspector.learn.pieces import Opens, Piece, Reads, Said, Works, piece
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate

MOST_PARTS = 2000
"""Pieces a stretch is taken apart into; what follows is told as bytes, so that no line is too long."""

BLANK = b" \t\r\n"


class Covering:
    """Pieces in rising order over ``data``, which begins at ``start`` of its stream.

    What is not named is filled in: blanks as blanks, anything else as text.
    """

    def __init__(self, data: bytes, start: int, reads: Reads) -> None:
        self.data = data
        self.start = start
        self.reads = reads
        self._at = 0
        self._pieces: list[Piece] = []

    @property
    def full(self) -> bool:
        """Whether as many pieces were made as are shown."""
        return len(self._pieces) >= MOST_PARTS

    def add(
        self,
        name: str,
        start: int,
        end: int,
        said: Said,
        value: str = "",
        *,
        role: str = "text",
        opens: Opens | None = None,
        works: Works | None = None,
    ) -> None:
        """The bytes ``start`` to ``end - 1`` of the data; nothing where there are none, or they were "
        "named."""
        end = min(end, len(self.data))
        if start < self._at or end <= start or self.full:
            return
        self._fill(start)
        at, stop = self.start + start, self.start + end
        if opens is not None:
            made = piece(name, at, stop, said, value, role=role, opens=opens, works=works)
        else:
            made = text_piece(self.reads, name, Span(at, stop), said, value, role=role, works=works)
        self._pieces.append(made)
        self._at = end

    def done(self) -> tuple[Piece, ...]:
        """All pieces, to the last byte."""
        end = len(self.data)
        if self.full and self._at < end:
            said = Said(translate("Explain", "The rest, not taken apart: there is too much of it."))
            at, stop = self.start + self._at, self.start + end
            opens = bytes_within(self.reads, at, stop)
            self._pieces.append(piece(translate("Explain", "rest"), at, stop, said, opens=opens))
            self._at = end
        self._fill(end)
        return tuple(self._pieces)

    def _fill(self, upto: int) -> None:
        if self._at >= upto:
            return
        here = self.data[self._at : upto]
        begin, end = len(here) - len(here.lstrip(BLANK)), len(here.rstrip(BLANK))
        marks = (0, len(here), len(here)) if begin >= end else (0, begin, end, len(here))
        for place, (first, last) in enumerate(itertools.pairwise(marks)):
            if first < last:
                self._plain(self._at + first, self._at + last, blank=place != 1)
        self._at = upto

    def _plain(self, start: int, end: int, *, blank: bool) -> None:
        data = self.data[start:end]
        if not blank:
            name, said = (
                translate("Explain", "text"),
                Said(translate("Explain", "Text that has no part of its own.")),
            )
        elif b"\n" in data:
            name = translate("Explain", "fold")
            said = Said(
                translate("Explain", "The value goes on in the next line, which begins with a blank."),
                translate("Explain", "Old HTTP allowed it. It stands for one blank."),
                translate(
                    "Explain", "A server may refuse it with 400, as proxies read it in different ways."
                ),
                "RFC 9112 §5.2",
            )
        else:
            name = translate("Explain", "blank")
            said = Said(
                translate("Explain", "Blanks around a part."),
                translate("Explain", "They make the line readable and are not of the value."),
                translate("Explain", "Without them the meaning is the same."),
                "RFC 9110 §5.6.3",
            )
        at, stop = self.start + start, self.start + end
        self._pieces.append(text_piece(self.reads, name, Span(at, stop), said))
