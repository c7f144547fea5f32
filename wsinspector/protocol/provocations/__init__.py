"""Ready misbehaviours of a client, each with what the standard leaves a server to do about it."""

from wsinspector.protocol.provocations.catalogue import (
    KINDS,
    PROVOCATIONS,
    of_kind,
    provocation_called,
)
from wsinspector.protocol.provocations.provocation import Demand, Kind, Provocation, Then

__all__ = [
    "KINDS",
    "PROVOCATIONS",
    "Demand",
    "Kind",
    "Provocation",
    "Then",
    "of_kind",
    "provocation_called",
]
