"""Where something stands in a stream, and who sent it."""

import enum
from dataclasses import dataclass


class Direction(enum.IntEnum):
    """Seen from this program: what arrives and what leaves."""

    IN = 0
    OUT = 1


class Role(enum.Enum):
    """The part this program plays on a connection."""

    CLIENT = "client"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of byte offsets ``[start, end)``."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def shifted(self, by: int) -> "Span":
        return Span(self.start + by, self.end + by)
