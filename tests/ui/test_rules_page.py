"""The rules to look up: found by words, shown whole, led to from a verdict and back into the draft."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from wsinspector.present.rule_pages import rule_page
from wsinspector.ui.learn.page import LearnPage
from wsinspector.ui.learn.rules import HEX, RulesPage
from wsinspector.ui.learn.rules_model import RulesModel
from wsinspector.verdicts.catalogue import ALL_RULES, rule_called


@pytest.fixture
def learn(qtbot: QtBot) -> LearnPage:
    made = LearnPage()
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.show_topic("rules")
    return made


@pytest.fixture
def page(learn: LearnPage) -> RulesPage:
    found = learn.current()
    assert isinstance(found, RulesPage)
    return found


def shown(model: RulesModel) -> list[str]:
    return [entry.name for entry, _ in model.places()]


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    model = RulesModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_words("version")
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_every_rule_is_in_the_list_below_its_group(page: RulesPage) -> None:
    model = page.model
    assert sorted(shown(model)) == sorted(rule.name for rule in ALL_RULES)
    for entry, index in model.places():
        assert model.entry(index) == entry
        assert model.entry(model.parent(index)) is None
        assert entry.what in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert model.parent(QModelIndex()) == QModelIndex()


def test_searching_keeps_what_fits_and_picks_one_of_it(page: RulesPage) -> None:
    page.show_place("accept")
    QTest.keyClicks(page.search, "reserved opcode")
    assert "accept" not in shown(page.model)
    assert page.picked() in shown(page.model)
    assert page.count.full_text().endswith(f"of {len(ALL_RULES)} rules")
    QTest.keyClicks(page.search, " nosuchword")
    assert shown(page.model) == []
    assert page.nothing.isVisible()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(shown(page.model)) == len(ALL_RULES)
    assert not page.nothing.isVisible()


def test_the_arrow_keys_go_from_rule_to_rule(page: RulesPage, learn: LearnPage, qtbot: QtBot) -> None:
    with qtbot.waitActive(learn):
        learn.activateWindow()
    names = shown(page.model)
    page.show_place(names[0])
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    assert page.tree.hasFocus()
    QTest.keyClick(page.tree, Qt.Key.Key_Down)
    assert page.picked() == names[1]
    last = page.model.groups[0].entries[-1].name
    page.show_place(last)
    QTest.keyClick(page.tree, Qt.Key.Key_Down)
    assert page.picked() == page.model.groups[1].entries[0].name


def test_a_rule_is_shown_whole(page: RulesPage) -> None:
    rule = rule_called("request-version")
    assert rule is not None
    page.show_place("request-version")
    card = page.card
    assert card.what.full_text() == rule.told_what
    assert card.why.full_text() == rule.told_why
    assert card.name.full_text() == rule.name
    assert card.chip_texts()[:3] == [rule.clause, "ends the connection", "client's fault"]
    failing, passing = card.examples
    assert failing.pieces[0].raw.data() == rule.failing.data
    assert passing.pieces[0].raw.data() == rule.passing.data
    (stretch,) = failing.pieces[0].raw.lit()
    assert rule.failing.data[slice(*stretch)].startswith(b"Sec-WebSocket-Version: 14")
    assert failing.pieces[0].hex.lit() == (stretch,)
    assert passing.pieces[0].raw.lit() == ()


def test_text_or_hex_holds_for_every_example_and_the_next_rule(page: RulesPage) -> None:
    page.show_place("accept")
    page.card.views.segments[HEX].click()
    pieces = [piece for example in page.card.examples for piece in example.pieces]
    assert len(pieces) == 4
    assert {(piece.hex.isHidden(), piece.raw.isHidden()) for piece in pieces} == {(False, True)}
    page.show_place("status")
    assert not any(p.hex.isHidden() for example in page.card.examples for p in example.pieces)


def test_frames_are_hex_alone(page: RulesPage) -> None:
    page.show_place("reserved-opcode")
    piece = page.card.examples[0].pieces[0]
    assert (piece.hex.isHidden(), piece.raw.isHidden()) == (False, True)
    assert page.card.views.isHidden()
    assert piece.hex.lit() == ((0, 1),)


def test_a_place_that_a_search_hides_is_shown_all_the_same(learn: LearnPage, page: RulesPage) -> None:
    page.search.setText("opcode")
    learn.show_topic("rules/request-key")
    assert page.picked() == "request-key"
    assert page.model.entry(page.tree.currentIndex()) is not None
    learn.show_topic("rules/no-such-rule")
    assert page.picked() == "request-key"


def test_a_failing_request_is_offered_for_the_draft(learn: LearnPage, page: RulesPage, qtbot: QtBot) -> None:
    rule = rule_called("request-key")
    assert rule is not None
    page.show_place("request-key")
    with qtbot.waitSignal(learn.example_asked) as asked:
        page.card.put.click()
    assert asked.args == ["request-key", rule.failing.data]
    page.show_place("accept")
    assert page.card.put.isHidden()


def shape(name: str) -> tuple[object, ...]:
    """What of a rule's page decides which widgets show it; what they say of each is held below the window."""
    made = rule_page(name)
    assert made is not None
    return (
        made.about,
        made.chips,
        *(
            (len(example.told), [(piece.text, bool(piece.data), bool(piece.lit)) for piece in example.pieces])
            for example in (made.failing, made.passing)
        ),
    )


def test_a_rule_of_every_shape_can_be_shown(page: RulesPage) -> None:
    shapes: dict[str, str] = {}
    for name in shown(page.model):
        shapes.setdefault(repr(shape(name)), name)
    assert len(shapes) > 10
    for name in shapes.values():
        page.show_place(name)
        assert page.picked() == name
        assert all(example.shown.told for example in page.card.examples)
