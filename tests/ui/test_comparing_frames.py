"""Two rows of the log compared in the window: two selected, or one with the pinned or marked one."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.test_payload_views import connect, rows, send
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.lab.server import Lab
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState

WAIT = 10_000


@pytest.fixture
def pane(qtbot: QtBot, engine: Engine, lab: Lab) -> Iterator[FramePane]:
    """A connection that sent two messages and has their echoes."""
    conversation = Conversation(engine)
    conversation.set_options(Options(timeout=5.0, body_idle=0.3))
    tab = TabState(conversation)
    made = FramePane(tab)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(made.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, made, '{"price": 1.10, "tags": ["a"]}')
    qtbot.waitUntil(lambda: len(rows(made)) == 2, timeout=WAIT)
    send(qtbot, made, '{"price": 1.1, "tags": ["a", "b"]}')
    qtbot.waitUntil(lambda: len(rows(made)) == 4, timeout=WAIT)
    yield made
    made.stop()
    tab.stop()
    conversation.close()
    tab.deleteLater()


def labels(pane: FramePane) -> list[str]:
    return [row.label for row in pane.detail.compare.table.compare_model.rows]


def test_two_selected_rows_are_compared_by_path_by_line_and_by_byte(qtbot: QtBot, pane: FramePane) -> None:
    table, compare = pane.view.table, pane.detail.compare
    table.select_row(0)
    assert not pane.places.can("compare")
    model = table.log()
    assert model is not None
    table.selectionModel().select(
        model.index(2, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    )
    assert pane.places.can("compare")
    QTest.keyClick(table, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: len(labels(pane)) == 2, timeout=WAIT)
    assert compare.isVisible()
    assert labels(pane) == ["$.price, the same value written otherwise", "$.tags[1], only right"]
    assert (compare.title.full_text(), compare.told.full_text()) == ("#1 | #3", "2 values differ")
    compare.table.setFocus()
    compare.table.setCurrentIndex(compare.table.compare_model.index(0, 0))
    QTest.keyClick(compare.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"{labels(pane)[0]}\n< 1.10\n> 1.1"
    compare.kinds.segments[1].click()
    qtbot.waitUntil(lambda: labels(pane) == ["line 1"], timeout=WAIT)
    compare.kinds.segments[2].click()
    qtbot.waitUntil(lambda: "differ, 30 bytes against 34 bytes" in compare.told.full_text(), timeout=WAIT)
    compare.back.click()
    assert not compare.isVisible()
    assert pane.detail.bits.isVisible()


def test_a_row_is_compared_with_the_pinned_one_and_another_row_ends_it(qtbot: QtBot, pane: FramePane) -> None:
    table, compare = pane.view.table, pane.detail.compare
    table.select_row(1)
    QTest.keyClick(table, Qt.Key.Key_P)
    table.select_row(0)
    QTest.keyClick(table, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: compare.told.full_text() == "no value differs", timeout=WAIT)
    assert compare.title.full_text() == "#1 | #2"
    table.select_row(3)
    assert not compare.isVisible()
    assert pane.detail.bits.isVisible()


def test_without_a_pinned_one_the_nearest_marked_row_is_taken(qtbot: QtBot, pane: FramePane) -> None:
    table = pane.view.table
    table.select_row(0)
    pane.places.marking.toggle(1)
    table.select_row(2)
    pane.places.act("compare")
    qtbot.waitUntil(lambda: len(labels(pane)) == 2, timeout=WAIT)
    assert pane.detail.compare.title.full_text() == "#1 | #3"
