"""How frames lie on the wire, one module a family; which dialect uses which is a table elsewhere."""

from wsinspector.protocol.framings.framing import Abilities, Framing, Scanner
from wsinspector.protocol.framings.more import MoreFraming
from wsinspector.protocol.framings.rfc6455 import Rfc6455Framing
from wsinspector.protocol.framings.sentinel import SentinelFraming
from wsinspector.protocol.framings.whole import WholeFraming

__all__ = ["FRAMINGS", "Abilities", "Framing", "Scanner", "framing_called"]

FRAMINGS: dict[str, Framing] = {
    framing.name: framing for framing in (SentinelFraming(), MoreFraming(), WholeFraming(), Rfc6455Framing())
}
"""By name, oldest first."""


def framing_called(name: str) -> Framing:
    """The framing ``name``; KeyError for a name that is none."""
    return FRAMINGS[name]
