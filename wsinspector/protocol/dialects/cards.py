"""One card a dialect: its documents and dates, who sent it, how it works, what changed in it and why."""

import enum
from dataclasses import dataclass

from wsinspector.protocol.dialects.dialect import Dialect
from wsinspector.protocol.dialects.table import DIALECTS, dialect_called
from wsinspector.translate import translate


class Source(enum.Enum):
    """How far a statement can be relied on."""

    READ = "read"  # in the specification or the registry
    IMPLEMENTED = "implemented"  # in the source or the bytes of implementations
    RECALLED = "recalled"  # not confirmed against any text
    INFERRED = "inferred"  # a guess; the text says "Probably"

    @property
    def words(self) -> str:
        match self:
            case Source.READ:
                return translate("dialects", "from the specification")
            case Source.IMPLEMENTED:
                return translate("dialects", "as implementations have it")
            case Source.RECALLED:
                return translate("dialects", "recalled, not confirmed")
            case Source.INFERRED:
                return translate("dialects", "a guess")


class Aspect(enum.Enum):
    """What about a dialect a statement tells, in the order of a card."""

    VERSION = "version"
    HANDSHAKE = "handshake"
    ORIGIN = "origin"
    SUBPROTOCOLS = "subprotocols"
    CHALLENGE = "challenge"
    FRAMING = "framing"
    MASKING = "masking"
    CLOSING = "closing"
    EXTENSIONS = "extensions"

    @property
    def words(self) -> str:
        match self:
            case Aspect.VERSION:
                return translate("dialects", "Version")
            case Aspect.HANDSHAKE:
                return translate("dialects", "Handshake")
            case Aspect.ORIGIN:
                return translate("dialects", "Origin")
            case Aspect.SUBPROTOCOLS:
                return translate("dialects", "Subprotocols")
            case Aspect.CHALLENGE:
                return translate("dialects", "Challenge")
            case Aspect.FRAMING:
                return translate("dialects", "Framing")
            case Aspect.MASKING:
                return translate("dialects", "Masking")
            case Aspect.CLOSING:
                return translate("dialects", "Closing")
            case Aspect.EXTENSIONS:
                return translate("dialects", "Extensions")


@dataclass(frozen=True, slots=True)
class Statement:
    """Short sentences, and how far they can be relied on."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Fact:
    """How one thing is done. ``since``: the dialect that first did it so."""

    aspect: Aspect
    text: str
    source: Source
    since: str


@dataclass(frozen=True, slots=True)
class Document:
    """A draft or RFC. ``dated``: ISO, as exactly as it is known; empty where it is not."""

    name: str
    dated: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that is told of a dialect.

    ``facts``: one for each aspect, in their order. ``differences``: those of them that the dialect
    before did otherwise, all of them in the first. ``changes``: of single documents. ``why``: why it
    changed. ``sent_by``: the clients that are known to have sent it.
    """

    dialect: Dialect
    documents: tuple[Document, ...]
    sent_by: tuple[Statement, ...]
    facts: tuple[Fact, ...]
    differences: tuple[Fact, ...]
    changes: tuple[Statement, ...]
    why: tuple[Statement, ...]

    @property
    def name(self) -> str:
        return self.dialect.name

    def fact(self, aspect: Aspect) -> Fact:
        return next(fact for fact in self.facts if fact.aspect is aspect)


_DATES = {
    "hixie-75": "2010-02",
    "hixie-76": "2010-05",
    "hybi-00": "2010-05",
    "hybi-01": "2010-08-31",
    "hybi-02": "2010-09-24",
    "hybi-03": "2010-10-17",
    "hybi-04": "2011-01-11",
    "hybi-05": "2011-02-08",
    "hybi-06": "2011-02-25",
    "hybi-07": "2011-04-22",
    "hybi-08": "2011-06-07",
    "hybi-10": "2011-07-11",
    "hybi-11": "2011-08-23",
    "hybi-12": "2011-08-24",
    "hybi-13": "2011-08-31",
    "RFC 6455": "2011-12",
}


def cards() -> tuple[Card, ...]:
    """Every card, oldest first: read side by side they are the time line of the protocol."""
    # Here, as the texts are many and most callers want the types alone.
    from wsinspector.protocol.dialects.card_history import changes, sent_by, why
    from wsinspector.protocol.dialects.card_texts import facts

    found: list[Card] = []
    current: dict[Aspect, Fact] = {}
    told = facts()
    senders, changed, reasons = sent_by(), changes(), why()
    for dialect in DIALECTS:
        new = [fact for fact in told if fact.since == dialect.name]
        current |= {fact.aspect: fact for fact in new}
        found.append(
            Card(
                dialect,
                tuple(Document(name, _DATES.get(name, "")) for name in dialect.drafts),
                senders.get(dialect.name, ()),
                tuple(current[aspect] for aspect in Aspect if aspect in current),
                tuple(fact for aspect in Aspect for fact in new if fact.aspect is aspect),
                changed.get(dialect.name, ()),
                reasons.get(dialect.name, ()),
            )
        )
    return tuple(found)


def card_of(name: str) -> Card:
    """The card of the dialect ``name``; KeyError for a name that is none."""
    dialect = dialect_called(name)
    return next(card for card in cards() if card.dialect is dialect)
