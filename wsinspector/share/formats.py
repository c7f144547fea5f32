"""The one list of what an attempt can be written as, for the window and the command line alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from wsinspector.share.leaving import Leaving

Write = Callable[[BinaryIO, Leaving], None]
"""Writes an attempt, from its first byte to its last; the stream need not seek.

Raises what the stream raises, CaptureError, and Cancelled.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """``name``: as typed. ``suffix``: of files, with its dot. ``title``, ``about``: for a person."""

    name: str
    suffix: str
    title: str
    about: str
    write: Write


def formats() -> tuple[Format, ...]:
    """Every format, the most used first."""
    return ()


def format_called(name: str) -> Format:
    """Raises KeyError."""
    for each in formats():
        if each.name == name:
            return each
    raise KeyError(name)
