"""Speak to the person apart from the results; imports nothing, as the window's start passes here."""

import sys


def say(text: str) -> None:
    """One line on standard error."""
    print(f"wsinspector: {text}", file=sys.stderr, flush=True)
