"""Every version of the protocol that was ever deployed: one table, one interface."""

from wsinspector.protocol.dialects.dialect import Asking, Challenge, Dialect, Handshake, Random
from wsinspector.protocol.dialects.extensions import ExtensionNote, extension_note, opaque_extension
from wsinspector.protocol.dialects.fresh import refreshed
from wsinspector.protocol.dialects.switching import to_speak, with_dialect
from wsinspector.protocol.dialects.table import (
    DIALECTS,
    RFC6455,
    dialect_called,
    dialect_of,
    recognise,
    spoken_for,
)

__all__ = [
    "DIALECTS",
    "RFC6455",
    "Asking",
    "Challenge",
    "Dialect",
    "ExtensionNote",
    "Handshake",
    "Random",
    "dialect_called",
    "dialect_of",
    "extension_note",
    "opaque_extension",
    "recognise",
    "refreshed",
    "spoken_for",
    "to_speak",
    "with_dialect",
]
