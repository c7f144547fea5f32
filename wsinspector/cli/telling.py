"""Speak to the person apart from the results; imports nothing more, as the window's start passes here."""

import os
import sys
from typing import TextIO


def say(text: str, *, by: str = "") -> None:
    """One line on standard error, of the command ``by``; where nobody can hear it, it is not said."""
    told(f"wsinspector {by}".rstrip() + f": {text}\n")


def told(text: str) -> None:
    """Write ``text`` to standard error; where nobody can hear it, it is not said."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def said_all() -> None:
    """Let go of what standard error still holds."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO | None) -> None:
    """Let ``stream`` take what it still holds, and whatever comes, without a word.

    The interpreter flushes it at its end, and must not find out again that it takes nothing.
    """
    if stream is None:
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
