"""The command ``dialects``: every version of the protocol side by side, or the card of one."""

import argparse
import json
import textwrap
from collections.abc import Iterator
from typing import Any

from wsinspector.cli.results import put
from wsinspector.protocol.dialects import Dialect
from wsinspector.protocol.dialects.cards import Card, Document, Fact, Source, Statement, card_of, cards

_WIDTH = 96
_HEADINGS = ("dialect", "drafts", "dated", "version", "origin", "challenge", "framing")


def run(arguments: argparse.Namespace) -> int:
    """Always 0: what can be asked for is checked with the arguments."""
    chosen = (card_of(arguments.dialect),) if arguments.dialect is not None else cards()
    if arguments.json:
        told: Any = [_as_json(card) for card in chosen]
        put([json.dumps(told[0] if arguments.dialect is not None else told)])
    elif arguments.dialect is not None:
        put(_card(chosen[0]))
    else:
        put((*_table(chosen), "", *_time_line(chosen)))
    return 0


# -- as text


def _table(chosen: tuple[Card, ...]) -> Iterator[str]:
    rows = [_HEADINGS, *(_row(card) for card in chosen)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(card: Card) -> tuple[str, ...]:
    dialect = card.dialect
    return (
        dialect.name,
        _span(dialect.drafts),
        dialect.dated,
        _said(dialect),
        dialect.origin_field.decode("ascii"),
        dialect.challenge.value,
        dialect.framing_name,
    )


def _span(names: tuple[str, ...]) -> str:
    """``hybi-13 to 17, RFC 6455``; names are shortened where they only count on."""
    counted = [name for name in names if name.startswith("hybi-")]
    rest = [name for name in names if name not in counted]
    if len(counted) > 2:
        counted = [f"{counted[0]} to {counted[-1].removeprefix('hybi-')}"]
    return ", ".join((*counted, *rest) if counted and counted[0] != "hybi-00" else names)


def _said(dialect: Dialect) -> str:
    """How the request names its version."""
    if dialect.version is not None:
        return dialect.version.decode("ascii")
    return "none" if dialect.draft_number is None else f"draft {dialect.draft_number.decode('ascii')}"


def _time_line(chosen: tuple[Card, ...]) -> Iterator[str]:
    """What each dialect did otherwise than the one before."""
    for card in chosen:
        yield f"{card.name}, {card.dialect.dated}"
        yield from _facts(card.differences)
        yield ""
    yield "`wsinspector dialects NAME` tells all of one."


def _card(card: Card) -> Iterator[str]:
    yield card.name
    yield from _item("Documents", ", ".join(map(_document, card.documents)))
    yield from _statements("Sent by", card.sent_by)
    yield from _facts(card.facts, changed=card.differences)
    yield from _statements("Note", card.changes)
    yield from _statements("Why", card.why)
    if card.differences and len(card.differences) < len(card.facts):
        yield ""
        yield "* not so in the dialect before"


def _document(document: Document) -> str:
    return f"{document.name} ({document.dated})" if document.dated else document.name


def _facts(facts: tuple[Fact, ...], changed: tuple[Fact, ...] = ()) -> Iterator[str]:
    all_new = len(facts) == len(changed)
    for fact in facts:
        mark = "*" if fact in changed and not all_new else " "
        yield from _item(fact.aspect.words, _with_source(fact.text, fact.source), mark)


def _statements(label: str, statements: tuple[Statement, ...]) -> Iterator[str]:
    for statement in statements:
        yield from _item(label, _with_source(statement.text, statement.source))


def _with_source(text: str, source: Source) -> str:
    """What is only recalled says so; the rest would tire the reader."""
    return f"{text} ({source.words})" if source is Source.RECALLED else text


def _item(label: str, text: str, mark: str = " ") -> list[str]:
    start = f"{mark} {label:<13} "
    return textwrap.wrap(
        text, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False
    )


# -- as JSON


def _as_json(card: Card) -> dict[str, Any]:
    dialect = card.dialect
    return {
        "name": dialect.name,
        "documents": [{"name": each.name, "dated": each.dated or None} for each in card.documents],
        "dated": dialect.dated,
        "version": dialect.version.decode("ascii") if dialect.version is not None else None,
        "draft": dialect.draft_number.decode("ascii") if dialect.draft_number is not None else None,
        "origin": dialect.origin_field.decode("ascii"),
        "challenge": dialect.challenge.value,
        "framing": dialect.framing_name,
        "request_tail": dialect.handshake.request_tail,
        "answer_tail": dialect.handshake.answer_tail,
        "sent_by": [_statement(each) for each in card.sent_by],
        "facts": [
            {
                "aspect": fact.aspect.value,
                "text": fact.text,
                "source": fact.source.value,
                "since": fact.since,
            }
            for fact in card.facts
        ],
        "changes": [_statement(each) for each in card.changes],
        "why": [_statement(each) for each in card.why],
    }


def _statement(statement: Statement) -> dict[str, str]:
    return {"text": statement.text, "source": statement.source.value}
