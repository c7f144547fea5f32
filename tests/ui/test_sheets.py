"""Keys sheet and welcome: nothing is cut at any size of text, and the focus goes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from wsinspector.ui import theme
from wsinspector.ui.actions.keys_sheet import KeysSheet
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.welcome import Welcome


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[QWidget]:
    theme.apply(qapp)
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    QLineEdit(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    theme.set_zoom(1.0)


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.4])
def test_the_welcome_shows_every_word(window: QWidget, zoom: float) -> None:
    welcome = Welcome(window)
    theme.set_zoom(zoom)
    welcome.place()
    welcome.show()
    for label in welcome.findChildren(RoleLabel):
        if label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width())
            assert label.height() <= label.heightForWidth(label.width()) + 4
    assert window.rect().contains(welcome.geometry())


def test_the_sheet_cuts_no_label_after_a_zoom(window: QWidget) -> None:
    sheet = KeysSheet(window)
    sheet.toggle()
    theme.set_zoom(1.4)
    QApplication.processEvents()
    assert all(label.text() == label.full_text() for label in sheet.findChildren(RoleLabel))


def test_escape_gives_the_focus_back(window: QWidget) -> None:
    field = window.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setFocus()
    sheet = KeysSheet(window)
    sheet.toggle()
    assert sheet.field.hasFocus()
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert field.hasFocus()
