"""Ctrl-C as something to look at between two steps, so that it never tears one in two."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """How often Ctrl-C was pressed since :func:`counted_interrupts` began."""

    def __init__(self) -> None:
        self.count = 0

    def pressed(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


@contextmanager
def counted_interrupts() -> Iterator[Interrupts]:
    """Count Ctrl-C instead of raising KeyboardInterrupt; only on the main thread."""
    interrupts = Interrupts()
    before = signal.signal(signal.SIGINT, interrupts.pressed)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)
