"""Hooks for programs that are measured as they are started: they have no stopwatch of their own."""

from collections.abc import Callable
from typing import Any


def after(owner: Any, name: str, then: Callable[[Any], None]) -> None:
    """Have the function ``name`` of a module or class followed by ``then``, given what it returned."""
    before = getattr(owner, name)

    def both(*arguments: Any, **named: Any) -> Any:
        result = before(*arguments, **named)
        then(result)
        return result

    setattr(owner, name, both)
