"""Regular expressions that a person wrote, run so that none can hold the program up."""

from functools import lru_cache
from typing import Any

LONGEST = 2000
"""Characters of a pattern."""

FLAGS = "imsx"


@lru_cache(64)
def compiled(pattern: str, flags: str) -> Any:
    """The pattern of the ``regex`` package. Raises ValueError with the reason."""
    # Here, as it takes a while to import and most filters need none.
    import regex

    if len(pattern) > LONGEST:
        raise ValueError(f"longer than {LONGEST} characters")
    number = regex.V0
    for letter in flags:
        number |= getattr(regex, letter.upper())
    try:
        return regex.compile(pattern, number)
    except regex.error as error:
        raise ValueError(str(error)) from None
    except (RecursionError, OverflowError, MemoryError, ValueError, TypeError, KeyError, IndexError) as error:
        raise ValueError(str(error) or "it cannot be used") from None


def search(pattern: str, flags: str, text: str, timeout: float) -> bool | None:
    """Whether it matches somewhere in ``text``; None where that took longer than ``timeout`` seconds.

    Other threads go on meanwhile.
    """
    try:
        return compiled(pattern, flags).search(text, timeout=timeout, concurrent=True) is not None
    except (TimeoutError, MemoryError, RecursionError):
        return None
