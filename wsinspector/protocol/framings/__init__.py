"""How frames lie on the wire, one module a family; which dialect uses which is a table elsewhere."""

from wsinspector.protocol.framings.framing import Abilities, Framing, Scanner

__all__ = ["FRAMINGS", "Abilities", "Framing", "Scanner", "framing_called"]

FRAMINGS: dict[str, Framing] = {}
"""By name; filled from the family modules below."""


def framing_called(name: str) -> Framing:
    """The framing ``name``; KeyError for a name that is none."""
    return FRAMINGS[name]
