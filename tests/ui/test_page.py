"""The page of one tab without a connection: what is pasted, what fits, what is in sight at each width."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.present.nextsteps import NextStep
from wsinspector.ui import theme
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[InspectPage]:
    theme.apply(qapp)
    tab = TabState(Conversation(Engine()))
    tab.set_address("ws://127.0.0.1:1/")
    made = InspectPage(tab, Settings(tmp_path / "window.ini"))
    qtbot.addWidget(made)
    made.setMinimumSize(640, 420)  # as in the window
    made.resize(1440, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    tab.stop()
    made.stop()
    tab.deleteLater()


class Dressed(QObject):
    """Counts for each widget how often it is told of a style."""

    def __init__(self, qapp: QApplication) -> None:
        super().__init__(qapp)
        self.times: Counter[int] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            # Not by id(): what Python makes of a widget of Qt's own is gone with the call.
            self.times[shiboken6.getCppPointer(watched)[0]] += 1
        return False


def test_a_page_is_dressed_where_it_stays(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    theme.apply(qapp)
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    stack.show()
    tab = TabState(Conversation(Engine()))
    dressed = Dressed(qapp)
    qapp.installEventFilter(dressed)
    made = InspectPage(tab, Settings(tmp_path / "window.ini"), stack)
    qapp.removeEventFilter(dressed)
    told = {
        each: dressed.times[shiboken6.getCppPointer(each)[0]]
        for each in (made.handshake.request, made.frames.detail.payload)
    }
    assert max(told.values()) <= 1, told
    tab.stop()
    made.stop()
    tab.deleteLater()


def paste(page: InspectPage, text: str) -> list[str]:
    """Paste into the address; what was said of it."""
    said: list[str] = []
    page.said.connect(said.append)
    QGuiApplication.clipboard().setText(text)
    page.address.field.setFocus()
    QTest.keyClick(page.address.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    return [*said, page.answer.line.text]


def test_a_paste_says_once_what_was_left_out(page: InspectPage) -> None:
    said = paste(page, "curl --compressed wss://h.example/")
    assert said[-1].endswith("--compressed was not carried over.")
    assert said[-1].count("carried over") == 1


def test_a_pasted_message_waits_in_the_send_bar(page: InspectPage) -> None:
    said = paste(page, "wscat -c ws://h.example/ -x hello")
    assert page.frames.send_bar.edit.typed() == "hello"
    assert said[-1].endswith("Its message is in the send bar.")
    assert page.tab.conversation.attempts == []


def test_a_paste_with_an_unusable_address_leaves_the_draft(page: InspectPage) -> None:
    before = page.tab.draft
    said = paste(page, "curl 'ws://bad host/'")
    assert page.tab.draft == before
    assert page.address.field.text() == "ws://127.0.0.1:1/"
    assert said[0].startswith("Nothing was filled in.")


def test_the_context_menu_pastes_as_the_key_does(page: InspectPage) -> None:
    QGuiApplication.clipboard().setText("wscat -c ws://h.example/there")
    page.address.field.setFocus()
    QTest.keyClick(page.address.field, Qt.Key.Key_Menu)
    page.address.field._paste()
    assert page.address.field.text() == "ws://h.example/there"
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def test_a_plain_address_is_pasted_as_text(page: InspectPage) -> None:
    page.address.field.selectAll()
    paste(page, "ws://other.example/")
    assert page.tab.conversation.address_text.startswith("ws://other.example/")


def test_out_of_focus_the_beginning_of_the_address_is_seen(page: InspectPage) -> None:
    page.tab.set_address("ws://127.0.0.1:1/" + "a" * 400)
    field = page.address.field
    field.setFocus()
    field.setCursorPosition(300)
    page.address.button.setFocus()
    assert field.cursorPosition() == 0


@pytest.mark.parametrize("width", [640, 800, 1024, 1366, 1440])
def test_the_address_has_more_room_than_the_version(page: InspectPage, qtbot: QtBot, width: int) -> None:
    page.resize(width, 600)
    bar = page.address
    qtbot.waitUntil(lambda: bar.width() == width and bar.field.width() > bar.version.width())
    assert bar.button.geometry().right() < width


def test_chips_are_taken_back_one_after_the_other_by_keyboard(page: InspectPage) -> None:
    page.tab.set_options(Options(verify=False, policy="watch"))
    chips = [chip for chip in page.address._chips.findChildren(QPushButton) if not chip.isHidden()]
    chips[0].setFocus()
    QTest.keyClick(chips[0], Qt.Key.Key_Space)
    second = page.focusWidget()
    assert isinstance(second, QPushButton)
    assert second.text().startswith("only watches")
    QTest.keyClick(second, Qt.Key.Key_Space)
    assert page.tab.conversation.options == Options()
    assert page.focusWidget() is page.address.options


def test_escape_leaves_the_options(page: InspectPage) -> None:
    page.toggle_options()
    assert page.drawer.isVisible()
    assert page.address.options.isChecked()
    focused = page.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert not page.drawer.isVisible()
    assert not page.address.options.isChecked()
    assert page.focusWidget() is page.address.options


def test_narrow_shows_one_pane_also_after_a_comparison(page: InspectPage) -> None:
    page.resize(800, 600)
    page.switch.setCurrentIndex(1)
    assert page.right.isVisible()
    page.handshake.compare_changed.emit(True)
    assert page.handshake.isVisible()
    assert not page.right.isVisible()
    page.handshake.compare_changed.emit(False)
    assert page.handshake.isVisible()
    assert not page.right.isVisible()


def test_zoom_alone_makes_two_tabs_of_two_panes(page: InspectPage) -> None:
    page.resize(1100, 700)
    assert page.right.isVisible()
    theme.set_zoom(1.4)
    try:
        assert page.switch.isVisible()
        assert not page.right.isVisible()
    finally:
        theme.set_zoom(1.0)
    assert page.right.isVisible()


def at_rest(qtbot: QtBot, page: InspectPage) -> QImage:
    """What is seen once all is laid out: the same some looks in a row, with a turn of the loop between."""
    looks: list[QImage] = []

    def same() -> bool:
        looks.append(page.grab().toImage())
        return len(looks) > 3 and looks[-4] == looks[-3] == looks[-2] == looks[-1]

    qtbot.waitUntil(same)
    return looks[-1]


@pytest.mark.parametrize("zoom", [0.9, 1.4])
def test_a_zoom_looks_as_if_everything_were_dressed_anew(
    page: InspectPage, qapp: QApplication, qtbot: QtBot, zoom: float
) -> None:
    page.toggle_options()
    page.address.options.clearFocus()
    if (focused := page.focusWidget()) is not None:
        focused.clearFocus()  # its cursor blinks
    page.handshake.work.judge_now(page.tab.draft.to_bytes())  # else a moment after the last change
    flash = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    try:
        theme.set_zoom(zoom)
        seen = at_rest(qtbot, page)
        qapp.setStyleSheet("")
        theme.set_zoom(zoom)
        assert at_rest(qtbot, page) == seen
    finally:
        qapp.setCursorFlashTime(flash)
        theme.set_zoom(1.0)


def test_the_answer_line_keeps_its_height_and_the_age_follows_the_words(page: InspectPage) -> None:
    answer = page.answer
    height = answer.height()
    answer.report.show()
    answer.since.set_text("12 s")
    answer.since.show()
    QApplication.processEvents()
    assert answer.height() == height
    assert answer.since.x() - answer.text.geometry().right() < 30
    assert answer.since.x() < answer.width() / 2


def test_tab_goes_through_the_address_bar_from_the_left(page: InspectPage) -> None:
    bar = page.address
    at: QWidget | None = bar.field
    places = []
    while at is not None and bar.isAncestorOf(at):
        places.append(at.mapTo(bar, at.rect().center()).x())
        at = at.nextInFocusChain()
        while at is not None and not (at.isVisible() and at.focusPolicy() & Qt.FocusPolicy.TabFocus):
            at = at.nextInFocusChain()
    assert len(places) >= 5
    assert places == sorted(places)


def test_no_key_means_two_things(page: InspectPage) -> None:
    found = [each.shortcut() for each in page.findChildren(QAbstractButton) if not each.shortcut().isEmpty()]
    for each in page.findChildren(QShortcut):
        if each.context() is Qt.ShortcutContext.WindowShortcut:
            found.append(each.key())
    keys = [key.toString() for key in found]
    assert len(keys) > 10
    assert sorted(keys) == sorted(set(keys))


def test_an_unusable_address_is_nobodys_fault(page: InspectPage) -> None:
    page.tab.set_address("ws://bad host/")
    assert page.answer.line.tone == "refused"


def test_the_way_to_the_mirror_opens_the_lab_s_menu(qtbot: QtBot, page: InspectPage) -> None:
    with qtbot.waitSignal(page.lab_asked) as asked:
        page.refusal.take(NextStep("mirror", "", ""))
    assert asked.args == [page.address.lab]


def test_the_rule_behind_a_frame_s_fault_is_asked_for_by_the_page(qtbot: QtBot, page: InspectPage) -> None:
    with qtbot.waitSignal(page.rule_asked) as asked:
        page.frames.detail.bits.about_asked.emit("masked")
    assert asked.args == ["masked"]
