"""A payload that is gzip or zlib itself, inflated as far as a limit and then shown by what is in it."""

import zlib
from dataclasses import replace

from wsinspector.present.jsontext import Piece
from wsinspector.present.numbers import count
from wsinspector.present.plain import decoded, mostly_readable, visible
from wsinspector.present.views.contents import Budget, Hex, PayloadView, Sample, Shown, Source, Text
from wsinspector.translate import translate

TEXT_LIMIT = 256 << 10


class Compressed:
    """``inner``: the views that are tried on what came out; one layer is taken off, never two."""

    id = "compressed"
    reaches_all = False

    def __init__(self, inner: tuple[PayloadView, ...]) -> None:
        self._inner = inner

    @property
    def name(self) -> str:
        return translate("Views", "gzip or zlib")

    def fits(self, sample: Sample) -> int:
        if sample.data[:3] == b"\x1f\x8b\x08":
            return 95
        head = sample.data[:2]
        if len(head) == 2 and head[0] & 0x0F == 8 and head[0] >> 4 <= 7 and not head[1] & 0x20:
            return 55 if int.from_bytes(head, "big") % 31 == 0 and not sample.text and _begins(sample) else 0
        return 0

    def show(self, source: Source, budget: Budget) -> Shown | None:
        made = zlib.decompressobj(wbits=47)  # either header
        try:
            data = made.decompress(source.data, budget.size)
        except zlib.error:
            return None
        if not data and not made.eof:
            return None
        told = [translate("Views", "inflated to %n byte(s)", "", len(data))]
        if not made.eof:
            more = (
                translate("Views", "the rest not inflated")
                if made.unconsumed_tail or len(data) >= budget.size
                else translate("Views", "its end is not there")
            )
            told.append(more)
        elif made.unused_data:
            told.append(translate("Views", "%n byte(s) behind it", "", len(made.unused_data)))
        left = ", ".join(told)
        inside = Source(data, len(data), mostly_readable(data), source.subprotocol)
        sample = inside.sample()
        best = max(self._inner, key=lambda view: view.fits(sample), default=None)
        if best is not None and best.fits(sample) > 30:
            shown = best.show(inside, budget)
            if shown is not None and not isinstance(shown, Hex):
                return replace(shown, note="; ".join(filter(None, (left, shown.note))))
        if inside.text:
            text = visible(decoded(data[:TEXT_LIMIT]), lines=True)
            if len(data) > TEXT_LIMIT:
                left += translate("Views", ", the first {count} shown").format(count=count(TEXT_LIMIT))
            return Text((Piece(text, "plain"),), left)
        return Hex(data, left)


def _begins(sample: Sample) -> bool:
    try:
        return bool(zlib.decompressobj().decompress(sample.data, 64))
    except zlib.error:
        return False
