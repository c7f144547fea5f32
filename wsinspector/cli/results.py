"""Print results, and notice where nobody can read them any more."""

import contextlib
import sys
from collections.abc import Iterable, Iterator

from wsinspector.cli.telling import silence


class ReaderGoneError(Exception):
    """Whoever read standard output has gone, as with ``| head``.

    No OSError, so that it cannot be taken for the trouble of a file that is read meanwhile.
    """


class ResultsLostError(Exception):
    """Standard output takes nothing any more, and not because its reader has gone; the text says why."""


def put(lines: Iterable[str]) -> None:
    """Print ``lines`` and flush them; raises as :func:`noticing`."""
    out = sys.stdout
    for line in lines:
        if out is None:
            continue
        try:  # no context manager: there may be very many lines
            out.write(line + "\n")
        except OSError as error:
            raise _lost(error) from None
    with noticing():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextlib.contextmanager
def noticing() -> Iterator[None]:
    """Around what writes to standard output.

    Raises ReaderGoneError where its reader has gone, and ResultsLostError where it cannot be written.
    Whatever is printed after that goes nowhere, in silence.
    """
    try:
        yield
    except OSError as error:
        raise _lost(error) from None


def _lost(error: OSError) -> Exception:
    silence(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return ReaderGoneError()
    return ResultsLostError(error.strerror or str(error))
