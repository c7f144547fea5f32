"""Whether pieces cover a stretch bit by bit, at every level, and each says what it is."""

import itertools
from collections.abc import Sequence

from wsinspector.learn.pieces import Piece, over
from wsinspector.protocol.spans import Span

FAR_DOWN = 40
"""Levels that are gone down; no stretch is divided more often."""


def tile(pieces: Sequence[Piece], bits: Span, *, levels: int = FAR_DOWN) -> None:
    """Fail unless ``pieces`` lie side by side over ``bits``, and those within each over that one."""
    at = bits.start
    for each in pieces:
        assert each.bits.start == at, (each.name, each.bits, at)
        assert each.bits.end > at, (each.name, each.bits)
        at = each.bits.end
        told(each)
        inner = each.inside()
        if inner and levels:
            # A payload of megabytes is divided alike everywhere: its edges stand for the rest.
            chosen = inner if len(inner) <= 80 else (*inner[:8], *inner[-8:])
            assert inner[0].bits.start == each.bits.start
            assert inner[-1].bits.end == each.bits.end
            assert all(one.bits.end == two.bits.start for one, two in itertools.pairwise(inner))
            for one in chosen:
                tile((one,), one.bits, levels=levels - 1)
    assert at == bits.end


def tile_bytes(pieces: Sequence[Piece], start: int, end: int) -> None:
    """As :func:`tile`, for bytes of a stream."""
    tile(pieces, over(start, end))


def told(each: Piece) -> None:
    """Fail unless a piece has a name and says what it is, and its calculation can be made."""
    assert each.name
    assert each.said.what
    if each.works is not None:
        assert all(step.name for step in each.works())
