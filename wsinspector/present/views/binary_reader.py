"""Bytes read from the front under a budget of values and depth; what was read before a fault is kept."""

import struct
from collections.abc import Callable

from wsinspector.present.plain import decoded, visible
from wsinspector.present.views.contents import Node
from wsinspector.translate import translate

DEEPEST = 64
MOST_VALUES = 5000
LONGEST = 300
BREAK = "break"

Value = Callable[["BinaryReader", int], Node]


class _StopError(Exception):
    """Reading cannot go on; :attr:`BinaryReader.why` says why. Never leaves this module."""


class BinaryReader:
    """``at``: offset of the next byte. ``why``: what was left out, "" while nothing was."""

    def __init__(self, data: bytes, total: int | None = None) -> None:
        self.data = data
        self.at = 0
        self.why = ""
        self.ended = False
        self._total = len(data) if total is None else total
        self._left = MOST_VALUES

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        if size > len(self.data) - self.at:
            self.ended = True
            self.wrong(
                translate("Views", "what is behind byte {at} was not read").format(at=self.at)
                if len(self.data) < self._total
                else translate("Views", "the bytes end within the value at byte {at}").format(at=self.at)
            )
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int, *, signed: bool = False) -> int:
        """A big-endian integer."""
        return int.from_bytes(self.take(size), "big", signed=signed)

    def real(self, size: int) -> float:
        """An IEEE 754 number of 2, 4 or 8 bytes."""
        found: float = struct.unpack({2: ">e", 4: ">f", 8: ">d"}[size], self.take(size))[0]
        return found

    def wrong(self, why: str) -> None:
        """Stop: what follows cannot be read."""
        self.why = why
        raise _StopError

    def all_of(self, value: Value) -> tuple[Node, ...]:
        """Values one after the other until the end or a fault."""
        nodes: list[Node] = []
        while self.at < len(self.data) and not self.why:
            node = self._one(value, 0)
            if node is None:
                break
            nodes.append(node)
        return tuple(nodes)

    def sureness(self, value: Value, total: int) -> int:
        """80 where these bytes are one value to the last, 55 where they are the beginning of one, else 0."""
        nodes = self.all_of(value)
        if len(self.data) < total:
            return 55 if len(nodes) == 1 and self.ended else 0
        return 80 if len(nodes) == 1 and not self.why and nodes[0].role != BREAK else 0

    def nested(self, value: Value, size: int | None, depth: int, form: str, *, is_map: bool) -> Node:
        """``size`` values or pairs, None: until a break; those read before a fault are kept."""
        nodes: list[Node] = []
        if depth >= DEEPEST:
            self.why = translate("Views", "what is nested over {count} levels deep is not shown").format(
                count=DEEPEST
            )
        while not self.why and (size is None or len(nodes) < size):
            name = str(len(nodes))
            if is_map:
                key = self._one(value, depth + 1)
                if key is None or key.role == BREAK:
                    break
                name = key.value
            node = self._one(value, depth + 1)
            if node is None or node.role == BREAK:
                break
            nodes.append(Node(name, node.value, node.meaning, node.role, node.path, node.inside))
        held = tuple(nodes)
        told = str(len(held)) if size in (None, len(held)) else f"{len(held)}/{size}"
        shown = f"{{{told}}}" if is_map else f"[{told}]"
        return Node("", shown, form, "mark", inside=(lambda: held) if held else None)

    def _one(self, value: Value, depth: int) -> Node | None:
        self._left -= 1
        if self._left < 0:
            self.why = translate("Views", "only the first {count} values are shown").format(count=MOST_VALUES)
            return None
        try:
            return value(self, depth)
        except _StopError:
            return None


def text_of(data: bytes) -> str:
    """A string in quotes, cut where it is long."""
    shown = visible(decoded(data[:LONGEST]))
    return f'"{shown}"' if len(data) <= LONGEST else f'"{shown}…'


def hex_of(data: bytes) -> str:
    """Bytes as hex, cut where they are many."""
    return data[:32].hex(" ") + ("…" if len(data) > 32 else "")
