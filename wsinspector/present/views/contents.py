"""What a payload view is asked and what it may answer: a fixed set of contents, free of Qt."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from wsinspector.present.jsontext import Piece
from wsinspector.present.pages import HeldPages, Pages

SAMPLE = 4096
"""Bytes that a view is shown when it is asked whether it fits."""


GOES_ON = "…"
"""The name of a node in whose place those stand that it holds."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a message: ``data`` at most :data:`SAMPLE` bytes of ``total``."""

    data: bytes
    total: int
    text: bool
    subprotocol: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A message: ``data`` is the beginning of ``total`` bytes; ``pages`` is where all are read."""

    data: bytes
    total: int
    text: bool
    subprotocol: str = ""
    pages: Pages | None = None

    @property
    def whole(self) -> Pages:
        """All that can be read of it."""
        return self.pages if self.pages is not None else HeldPages(self.data)

    def sample(self) -> Sample:
        return Sample(self.data[:SAMPLE], self.total, self.text, self.subprotocol)


@dataclass(frozen=True, slots=True)
class Budget:
    """What one step may cost: ``size`` bytes made, ``items`` nodes, ``seconds`` by ``clock``."""

    size: int = 1 << 20
    items: int = 1000
    seconds: float = 0.05
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Node:
    """A line of a tree or a table; ``inside`` works out its children, once and only when opened.

    ``role`` colours the value as in :class:`Piece`, ``fault`` where it is wrong; ``path`` is what Copy path
    gives; ``copied`` works out what Copy value gives where ``value`` is only its beginning.
    """

    name: str
    value: str
    meaning: str = ""
    role: str = "plain"
    path: str = ""
    inside: Callable[[], "Sequence[Node]"] | None = None
    copied: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Text in coloured pieces; a ``note`` says what was made of the bytes and what is not shown."""

    pieces: tuple[Piece, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hex:
    """Bytes that no view knows."""

    data: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """Values within values."""

    nodes: tuple[Node, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A line a field, with what it means; a field may hold a tree."""

    rows: tuple[Node, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An encoded picture: ``kind`` as ``png``, its measures, and ``pages``, none of which was decoded."""

    kind: str
    width: int
    height: int
    pages: Pages
    note: str = ""


Shown = Text | Hex | Tree | Table | Image


class PayloadView(Protocol):
    """A format. Neither method raises, whatever the bytes are."""

    id: str
    """What is remembered."""

    reaches_all: bool
    """Whether it reads :attr:`Source.whole`, and not only the beginning."""

    @property
    def name(self) -> str:
        """What a person reads in the menu."""

    def fits(self, sample: Sample) -> int:
        """How sure it is, 0 (not at all) to 100; over 50 it is shown by itself."""

    def show(self, source: Source, budget: Budget) -> Shown | None:
        """The content; None where the bytes are not of this format from their first byte on."""


def in_slices(found: Iterator[Node | None], budget: Budget, more: Callable[[], str]) -> tuple[Node, ...]:
    """Nodes until the budget is spent, and behind them one that says ``more()`` and goes on from there.

    None from ``found`` is a place where it can be stopped.
    """
    end = budget.clock() + budget.seconds
    nodes: list[Node] = []
    for node in found:
        if node is not None:
            nodes.append(node)
        if len(nodes) > budget.items or budget.clock() >= end:
            follow = next(found, _OVER) if node is not None else None
            if follow is not _OVER:
                nodes.append(_going_on(_with_first(follow, found), budget, more))
            break
    return tuple(nodes)


_OVER = Node("", "")


def _going_on(rest: Iterator[Node | None], budget: Budget, more: Callable[[], str]) -> Node:
    return Node(GOES_ON, more(), role="mark", inside=lambda: in_slices(rest, budget, more))


def _with_first(first: Node | None, rest: Iterable[Node | None]) -> Iterator[Node | None]:
    yield first
    yield from rest
