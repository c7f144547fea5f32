"""A payload's bytes for a hex view: read at once where that is cheap, else fetched a piece at a time."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from wsinspector.present.pages import Pages

PIECE = 64 << 10
KEPT = 16

Run = Callable[[Callable[[], Any], Callable[[Any], None]], None]


class PagedBytes:
    """:class:`HexData` over pages; ``changed`` is called when bytes came that were asked for in vain."""

    def __init__(self, pages: Pages, run: Run, changed: Callable[[], None]) -> None:
        self.pages = pages
        self._run = run
        self._changed = changed
        self._known: OrderedDict[int, bytes] = OrderedDict()
        self._asked: set[int] = set()
        self._length = pages.length()

    def length(self) -> int:
        return self._length

    def read(self, start: int, end: int) -> bytes:
        """Bytes from ``start`` on, fewer than asked for where they are still being fetched."""
        if self.pages.quick:
            return self.pages.read(start, end)
        found: list[bytes] = []
        end = min(end, self._length)
        while start < end:
            piece = start // PIECE
            data = self._known.get(piece)
            if data is None:
                self._ask(piece)
                break
            self._known.move_to_end(piece)
            part = data[start - piece * PIECE : end - piece * PIECE]
            if not part:
                break
            found.append(part)
            start += len(part)
        return b"".join(found)

    def _ask(self, piece: int) -> None:
        if piece in self._asked:
            return
        self._asked.add(piece)
        pages = self.pages

        def work() -> bytes:
            return pages.read(piece * PIECE, (piece + 1) * PIECE)

        def done(result: Any) -> None:
            self._asked.discard(piece)
            self._known[piece] = result if isinstance(result, bytes) else b""
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
            self._changed()

        self._run(work, done)
