"""Print results, and notice where nobody can read them any more."""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from typing import NoReturn


class ResultsLostError(Exception):
    """Standard output takes nothing any more, and not because its reader has gone; the text says why."""


def put(lines: Iterable[str]) -> None:
    """Print ``lines`` and flush them.

    Raises BrokenPipeError where the reader has gone, as with ``| head``, and ResultsLostError where
    they cannot be written. Whatever is printed after that goes nowhere, in silence.
    """
    out = sys.stdout
    for line in lines:
        if out is None:
            continue
        try:  # no context manager: there may be very many lines
            out.write(line + "\n")
        except OSError as error:
            _lost(error)
    with _noticing():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextlib.contextmanager
def _noticing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _lost(error)


def _lost(error: OSError) -> NoReturn:
    # The interpreter must not find out again when it flushes at its end.
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        raise error
    raise ResultsLostError(error.strerror or str(error)) from None
