"""Every version of the protocol that was ever deployed: one table, one interface."""

from wsinspector.protocol.dialects.dialect import Asking, Challenge, Dialect, Handshake, Random
from wsinspector.protocol.dialects.table import DIALECTS, RFC6455, dialect_called, spoken_for

__all__ = [
    "DIALECTS",
    "RFC6455",
    "Asking",
    "Challenge",
    "Dialect",
    "Handshake",
    "Random",
    "dialect_called",
    "spoken_for",
]
