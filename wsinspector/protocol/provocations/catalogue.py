"""All provocations in the order in which they are shown and run."""

from wsinspector.protocol.provocations.controlling import CONTROLLING
from wsinspector.protocol.provocations.framing import FRAMING
from wsinspector.protocol.provocations.loading import LOADING
from wsinspector.protocol.provocations.messages import MESSAGES
from wsinspector.protocol.provocations.provocation import Kind, Provocation

KINDS = tuple(Kind)

PROVOCATIONS: tuple[Provocation, ...] = tuple(
    sorted((*FRAMING, *MESSAGES, *CONTROLLING, *LOADING), key=lambda each: KINDS.index(each.kind))
)

_BY_ID = {each.id: each for each in PROVOCATIONS}


def provocation_called(id: str) -> Provocation | None:
    """The provocation ``id``; None where there is none."""
    return _BY_ID.get(id)


def of_kind(kind: Kind) -> tuple[Provocation, ...]:
    """Those of one kind, in order."""
    return tuple(each for each in PROVOCATIONS if each.kind is kind)
