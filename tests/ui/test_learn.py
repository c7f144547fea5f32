"""The Learn page: the versions side by side, led to from wherever one is named."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from wsinspector.present.timeline import card_lines, timeline
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.dialects.cards import cards
from wsinspector.ui import theme
from wsinspector.ui.learn.page import LearnPage
from wsinspector.ui.learn.versions import TimelineModel, VersionsPage


@pytest.fixture
def page(qtbot: QtBot) -> LearnPage:
    made = LearnPage()
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def versions(page: LearnPage) -> VersionsPage:
    found = page.current()
    assert isinstance(found, VersionsPage)
    return found


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(TimelineModel(timeline()))  # type: ignore[no-untyped-call]


def test_every_version_stands_in_the_order_of_its_date() -> None:
    found = timeline()
    assert found.names == tuple(dialect.name for dialect in DIALECTS)
    assert list(found.dates) == sorted(found.dates)
    assert all(len(row.cells) == len(found.names) for row in found.rows)


def test_every_aspect_of_every_version_is_told() -> None:
    found = timeline()
    for row in found.rows:
        if row.title != "Why":
            assert all(cell.text for cell in row.cells), row.title


def test_a_card_tells_what_the_column_tells_and_how_sure_it_is() -> None:
    for card in cards():
        lines = card_lines(card)
        assert {fact.text for fact in card.facts} <= {line.text for line in lines}
        assert sum(line.changed for line in lines) == len(card.differences)


def test_a_version_that_is_asked_for_is_picked(page: LearnPage) -> None:
    page.show_topic("versions/hybi-05")
    assert versions(page).picked() == "hybi-05"
    assert versions(page).card.title.full_text() == "hybi-05"


def test_the_arrow_keys_go_through_time(page: LearnPage, qtbot: QtBot) -> None:
    page.show_topic("versions/hybi-05")
    with qtbot.waitActive(page):
        page.activateWindow()
    QTest.keyClick(versions(page).table, Qt.Key.Key_Left)
    assert versions(page).card.title.full_text() == "hybi-04"


def test_an_unknown_place_changes_nothing(page: LearnPage) -> None:
    page.show_topic("versions/hybi-05")
    page.show_topic("versions/hybi-99")
    assert versions(page).picked() == "hybi-05"


def test_a_request_is_written_in_the_version_that_is_shown(page: LearnPage, qtbot: QtBot) -> None:
    page.show_topic("versions/hixie-75")
    with qtbot.waitSignal(page.write_asked) as asked:
        versions(page).card.write.click()
    assert asked.args == ["hixie-75"]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_corner_of_the_time_line_has_the_themes_colour(
    qtbot: QtBot, qapp: QApplication, scheme: str
) -> None:
    theme.apply(qapp)
    before = theme.scheme()
    theme.set_scheme(scheme)
    try:
        page = VersionsPage()
        qtbot.addWidget(page)
        page.resize(1024, 700)
        with qtbot.waitExposed(page):
            page.show()
        shown = page.table.grab().toImage()
        assert shown.pixelColor(20, 10).name() == theme.color("pane").name()
    finally:
        theme.set_scheme(before)
