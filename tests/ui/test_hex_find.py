"""Bytes found in a hex view: hex or text, forwards and backwards, over the ends of stretches."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from wsinspector.present import byte_search
from wsinspector.present.byte_search import STRETCH, look, wanted_bytes
from wsinspector.present.pages import HeldPages
from wsinspector.ui.inspect import hex_view
from wsinspector.ui.inspect.hex_find import HexFind
from wsinspector.ui.inspect.hex_view import HexView

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_hex_is_read_as_hex_and_text_as_text() -> None:
    assert wanted_bytes("68 69") == b"hi"
    assert wanted_bytes('"68"') == b"68"
    assert wanted_bytes("hé") == "hé".encode()
    assert wanted_bytes("") == b""


def test_places_across_stretches_are_found_both_ways() -> None:
    data = bytearray(2 * STRETCH + 10)
    for at in (STRETCH - 2, 2 * STRETCH + 6):
        data[at : at + 4] = b"here"
    pages = HeldPages(bytes(data))
    assert look(pages, b"here", 0) == (STRETCH - 2, None)
    assert look(pages, b"here", STRETCH - 1) == (-1, 2 * STRETCH - 1)
    assert look(pages, b"here", 2 * STRETCH - 1) == (2 * STRETCH + 6, None)
    assert look(pages, b"here", len(data), back=True) == (2 * STRETCH + 6, None)
    assert look(pages, b"here", 2 * STRETCH + 6, back=True) == (-1, STRETCH + 6)
    assert look(pages, b"here", STRETCH + 6, back=True) == (STRETCH - 2, None)
    assert look(pages, b"", 0) == (-1, None)


def test_enter_goes_on_and_begins_again_and_escape_leaves(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    view = HexView()
    find = HexFind(view)
    column = QVBoxLayout(window)
    column.addWidget(view)
    column.addWidget(find)
    window.show()
    qtbot.waitActive(window)
    pages = HeldPages(b"one two one two")
    view.set_bytes(pages.data)
    find.set_pages(pages)
    view.setFocus()
    QTest.keyClicks(view, "/")
    assert find.isVisible()
    find.field.setText("one")
    found = []
    for keys in (Qt.KeyboardModifier.NoModifier,) * 3 + (SHIFT,):
        QTest.keyClick(find.field, Qt.Key.Key_Return, keys)
        found.append((view.selection(), find.said.full_text()))
    assert [place for place, _ in found] == [(0, 3), (8, 11), (0, 3), (8, 11)]
    assert found[2][1] == "at byte 0, from the start again"
    find.field.setText("three")
    QTest.keyClick(find.field, Qt.Key.Key_Return)
    assert find.said.full_text() == "not in there"
    QTest.keyClick(find.field, Qt.Key.Key_Escape)
    assert find.isHidden()
    qtbot.waitUntil(view.hasFocus)


def test_of_a_large_selection_the_beginning_is_copied_and_that_is_said(qtbot: QtBot) -> None:
    view = HexView()
    qtbot.addWidget(view)
    view.set_bytes(bytes(hex_view.MOST_COPIED + 5))
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    with qtbot.waitSignal(view.cut_copied):
        QTest.keyClick(view, Qt.Key.Key_C, CTRL)
    assert len(QGuiApplication.clipboard().text()) == 3 * hex_view.MOST_COPIED - 1
    assert byte_search.STRETCH > hex_view.MOST_COPIED
