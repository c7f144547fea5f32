"""One line of plain fact under a heading."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A line under a heading; ``tone`` is a role of the theme."""

    text: str
    tone: str = "muted"
