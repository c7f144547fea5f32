"""The versions of the protocol side by side: a column a dialect, a row an aspect, changes told apart."""

from dataclasses import dataclass

from wsinspector.protocol.dialects.cards import Aspect, Card, Source, Statement, cards
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` as it is shown; ``changed``: the dialect before did it otherwise."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect of every dialect, oldest first."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """``names`` and ``dates`` head the columns."""

    names: tuple[str, ...]
    dates: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: what it is of, the text, how far it can be relied on, and whether it is new."""

    title: str
    text: str
    remark: str
    changed: bool


def timeline() -> Timeline:
    """Everything that the cards tell, laid out once."""
    found = cards()
    rows = [
        Row(
            translate("Timeline", "Documents"),
            tuple(Cell(_documents(card), True) for card in found),
        ),
        Row(
            translate("Timeline", "Sent by"),
            tuple(Cell(_joined(card.sent_by) or _unknown(), bool(card.sent_by)) for card in found),
        ),
    ]
    for aspect in Aspect:
        cells = []
        for card in found:
            fact = card.fact(aspect)
            cells.append(Cell(_told(Statement(fact.text, fact.source)), fact in card.differences))
        rows.append(Row(aspect.words, tuple(cells)))
    rows.append(
        Row(
            translate("Timeline", "Why"),
            tuple(Cell(_joined(card.why), bool(card.why)) for card in found),
        )
    )
    return Timeline(
        tuple(card.name for card in found), tuple(card.dialect.dated for card in found), tuple(rows)
    )


def card_lines(card: Card) -> tuple[Line, ...]:
    """A card line by line, in the order in which it is read."""
    lines = [Line(translate("Timeline", "Documents"), _documents(card), "", False)]
    for at, statement in enumerate(card.sent_by):
        title = translate("Timeline", "Sent by") if at == 0 else ""
        lines.append(Line(title, statement.text, _remark(statement.source), False))
    for fact in card.facts:
        new = fact in card.differences
        lines.append(Line(fact.aspect.words, fact.text, _remark(fact.source), new))
    for title, statements in (
        (translate("Timeline", "Changes"), card.changes),
        (translate("Timeline", "Why"), card.why),
    ):
        for at, statement in enumerate(statements):
            lines.append(Line(title if at == 0 else "", statement.text, _remark(statement.source), False))
    return tuple(lines)


def _documents(card: Card) -> str:
    parts = [f"{each.name} ({each.dated})" if each.dated else each.name for each in card.documents]
    return ", ".join(parts)


def _remark(source: Source) -> str:
    return source.words if source is not Source.READ else ""


def _told(statement: Statement) -> str:
    remark = _remark(statement.source) if statement.source is Source.RECALLED else ""
    return f"{statement.text} ({remark})" if remark else statement.text


def _joined(statements: tuple[Statement, ...]) -> str:
    return " ".join(_told(statement) for statement in statements)


def _unknown() -> str:
    return translate("Timeline", "No client is known.")
