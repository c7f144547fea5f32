"""The form in which a header is told: its texts, and how its value is divided."""

import enum
from dataclasses import dataclass

from wsinspector.learn.pieces import Said


class Value(enum.Enum):
    """How a value is divided into parts."""

    WHOLE = enum.auto()
    LIST = enum.auto()  # members between commas
    PARAMETERS = enum.auto()  # members between commas, each with parameters behind semicolons
    SEMICOLONS = enum.auto()  # pairs between semicolons: Cookie, Set-Cookie
    WORDS = enum.auto()  # between blanks: User-Agent, the subprotocols of hixie-76
    HOST = enum.auto()
    ORIGIN = enum.auto()
    VERSION = enum.auto()
    KEY = enum.auto()
    ACCEPT = enum.auto()
    NUMBERED_KEY = enum.auto()  # Sec-WebSocket-Key1 and Key2
    SCHEME = enum.auto()  # a scheme and what follows it: Authorization


@dataclass(frozen=True, slots=True)
class Header:
    """One header. ``name``: as its text writes it. ``said``: texts of it, marked and not yet translated.

    ``member``: what one member of the value is called, marked.
    """

    name: str
    said: Said
    value: Value = Value.WHOLE
    member: str = ""
