"""One word of the glossary."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """``key``: its stable name, which texts refer to. ``name``, ``text``: marked, not yet translated.

    ``source``: where it is laid down. ``see``: keys of other words.
    """

    key: str
    name: str
    text: str
    source: str
    see: tuple[str, ...] = ()
