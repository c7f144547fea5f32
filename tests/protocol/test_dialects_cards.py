"""The cards: whole, in order, told as differences, and honest about what is only recalled."""

import itertools

import pytest

from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.dialects.card_texts import facts
from wsinspector.protocol.dialects.cards import Aspect, Source, card_of, cards


def test_every_dialect_has_a_card_with_every_aspect_in_one_order() -> None:
    assert [card.dialect for card in cards()] == list(DIALECTS)
    for card in cards():
        assert [fact.aspect for fact in card.facts] == list(Aspect)
        assert [document.name for document in card.documents] == list(card.dialect.drafts)
        assert card.documents[0].dated == card.dialect.dated


def test_differences_are_what_the_card_before_says_otherwise() -> None:
    told = cards()
    assert told[0].differences == told[0].facts
    for before, card in itertools.pairwise(told):
        changed = [fact for fact in card.facts if fact.text != before.fact(fact.aspect).text]
        assert list(card.differences) == changed
        assert changed
        assert all(fact.since == card.name for fact in changed)


def test_nothing_is_told_of_a_dialect_that_is_not_there_and_nothing_twice() -> None:
    keys = [(fact.aspect, fact.since) for fact in facts()]
    assert len(keys) == len(set(keys))
    assert {since for _, since in keys} <= {dialect.name for dialect in DIALECTS}
    with pytest.raises(KeyError):
        card_of("hybi-09")


def test_the_card_says_the_version_that_the_table_has() -> None:
    for card in cards():
        if card.dialect.version is not None:
            said = f"Sec-WebSocket-Version: {card.dialect.version.decode()}"
            assert card.fact(Aspect.VERSION).text.startswith(said)
        if card.dialect.draft_number is not None:
            assert card.fact(Aspect.VERSION).text.startswith("Sec-WebSocket-Draft: 2")
        assert card.fact(Aspect.ORIGIN).text.startswith(card.dialect.origin_field.decode())


def test_what_is_a_guess_says_so_and_nothing_else_does() -> None:
    for card in cards():
        told = [*card.sent_by, *card.changes, *card.why]
        for statement in told:
            assert statement.text.startswith("Probably") == (statement.source is Source.INFERRED)
            assert statement.text.endswith(".")
        assert all(statement.source is Source.RECALLED for statement in card.sent_by)
        for fact in card.facts:
            assert fact.text.endswith(".")
            assert fact.source is not Source.INFERRED


def test_every_change_of_the_wire_has_a_reason() -> None:
    without = [card.name for card in cards() if not card.why]
    assert without == ["hixie-75", "hybi-03", "hybi-08"]


def test_sources_and_aspects_have_words() -> None:
    assert len({source.words for source in Source}) == len(Source)
    assert len({aspect.words for aspect in Aspect}) == len(Aspect)
