"""F1 tells something of its own of everything that can have the focus, and leads on to more."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener, connect, front
from wsinspector.present.payload import View
from wsinspector.ui.desk import Desk
from wsinspector.ui.explain.about import about
from wsinspector.ui.explain.about_desk import AboutDesk, explain_focus
from wsinspector.ui.explain.areas import AREAS
from wsinspector.ui.explain.panel import AboutPanel
from wsinspector.ui.inspect.frame_detail import FieldLine
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.verdict_view import VerdictLine
from wsinspector.ui.learn.glossary import GlossaryPage
from wsinspector.ui.learn.rules import RulesPage
from wsinspector.ui.page_switch import INSPECT, LEARN, LIBRARY, PROVOKE, SWEEP

TOPICS = ("lessons", "versions", "rules", "filter", "glossary")


AREA_TEXTS = {what for what, _, _ in AREAS.values()}
"""What is told of whole parts of the window: of a widget in it, it is not enough."""


def focusable(desk: Desk) -> Iterator[QWidget]:
    """Every widget in sight that can have the focus."""
    for widget in desk.window.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield widget


def explained(qtbot: QtBot, desk: Desk) -> AboutPanel:
    explain_focus(desk)
    panel = the_panel(desk)
    qtbot.waitUntil(panel.isVisible)
    return panel


def the_panel(desk: Desk) -> AboutPanel:
    found = desk.findChild(AboutDesk)
    assert isinstance(found, AboutDesk)
    return found.panel


def shown_places(qtbot: QtBot, desk: Desk) -> Iterator[str]:
    """Everything that can be brought into sight, one after the other."""
    page = front(desk)
    yield "draft"
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.attempts[-1]
    attempt.send_frame(0x2, b"x", rsv=2)
    qtbot.waitUntil(lambda: page.frames.model is not None and len(page.frames.model.rows.keys) > 0)
    page.frames.places.go_to(1)
    page.frames.opening.open()
    yield "frames"
    page.toggle_options()
    yield "options"
    page.toggle_options()
    for which in range(3):
        page.workbench.show(which)
        yield f"workbench {which}"
    page.workbench.leave()
    page.toggle_statistics()
    yield "statistics"
    page.toggle_statistics()
    page.frames.crafting.show()
    yield "crafting"
    page.explaining.show(True)
    yield "explaining"
    page.explaining.show(False)
    for place in (SWEEP, PROVOKE, LEARN, LIBRARY):
        desk.show_page(place)
        yield f"page {place}"
    for topic in TOPICS:
        desk.show_learn(topic)
        yield topic
    desk.show_page(INSPECT)
    desk.show_lab_sheet()
    yield "lab"
    desk.files.show_export()
    yield "export"
    desk.files.show_kept()
    yield "kept"
    desk.toggle_sheet()
    yield "keys"
    desk.toggle_sheet()
    desk.show_palette()
    yield "palette"


def test_everything_has_an_explanation_of_its_own(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    bare = []
    seen = 0
    for place in shown_places(qtbot, desk):
        for widget in focusable(desk):
            told = about(widget).told
            seen += 1
            if type(widget).__name__ in AREAS:
                continue  # the part itself has the focus
            generic = told.name == "This part of the window" or told.what in AREA_TEXTS
            if generic or not told.what or not told.why:
                bare.append((place, type(widget).__name__, widget.accessibleName(), told.what))
    assert seen > 300
    assert bare == []


def test_f1_opens_a_panel_that_escape_puts_away(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    field = front(desk).address.field
    field.setFocus()
    QTest.keyClick(desk.window, Qt.Key.Key_F1)
    panel = the_panel(desk)
    qtbot.waitUntil(panel.isVisible)
    assert panel.text.told is not None
    assert panel.text.told.name == field.accessibleName()
    QTest.keyClick(panel.text, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert field.hasFocus()


def _in_a_conversation(qtbot: QtBot, desk: Desk) -> InspectPage:
    page = connect(qtbot, desk, "/echo")
    page.tab.conversation.attempts[-1].send_message("Hello")
    qtbot.waitUntil(lambda: page.frames.model is not None and len(page.frames.model.rows.keys) >= 2)
    page.frames.places.go_to(1)
    page.frames.opening.open()
    return page


def test_a_header_is_told_and_leads_to_its_piece(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = _in_a_conversation(qtbot, desk)
    table = page.handshake.request.table
    names = [row.name for row in table.head_model.rows]
    table.setCurrentIndex(table.head_model.index(names.index(b"Upgrade"), 1))
    table.setFocus()
    panel = explained(qtbot, desk)
    told = panel.text.told
    assert told is not None
    assert (told.name, told.clause) == ("Upgrade", "RFC 6455 §4.1, §4.2.2, RFC 9110 §7.8")
    panel.piece.click()
    qtbot.waitUntil(page.explain.isVisible)
    assert page.explain.text.told is not None
    assert page.explain.text.told.name == "Upgrade"


def test_a_field_of_a_frame_is_told_and_leads_to_its_word(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = _in_a_conversation(qtbot, desk)
    lines = page.frames.detail.bits.findChildren(FieldLine)
    line = next(each for each in lines if each.accessibleName().startswith("masking key"))
    line.setFocus()
    panel = explained(qtbot, desk)
    told = panel.text.told
    assert told is not None
    assert told.name == "masking key"
    assert told.steps[0].value.endswith("= 48")
    panel.text.links[0].click()
    glossary = desk.window.findChildren(GlossaryPage)[0]
    qtbot.waitUntil(glossary.isVisible)


def test_a_byte_of_the_payload_is_told(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = _in_a_conversation(qtbot, desk)
    payload = page.frames.detail.payload
    payload.view_asked.emit(View.WIRE)
    qtbot.waitUntil(lambda: payload.wire.isVisible() and payload.wire.data().length() == 11)
    payload.wire.select(7, 8)
    told = about(payload.wire).told
    assert told.name == "e"
    assert told.steps[2].value == "65"
    payload.wire.select(0, 1)
    assert about(payload.wire).told.name == "FIN"


def test_a_rule_in_the_list_is_told(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    desk.show_learn("rules/request-method")
    page = desk.window.findChildren(RulesPage)[0]
    found = about(page.tree)
    assert (found.rule, found.told.clause) == ("request-method", "RFC 6455 §4.2.1")


def test_a_verdict_leads_to_its_rule(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = front(desk)
    assert desk.workspace.lab is not None
    page.tab.set_address(desk.workspace.lab.url_of("/echo"))
    page.address.version.setFocus()
    page.tab.edit(page.tab.draft.with_bytes(page.tab.draft.to_bytes().replace(b"n: 13", b"n: 999")))
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.verdict is not None)
    qtbot.waitUntil(lambda: any(line.row.rule for line in page.findChildren(VerdictLine)))
    line = next(each for each in page.findChildren(VerdictLine) if each.row.rule)
    found = about(line)
    assert found.rule == line.row.rule
    assert found.told.why


def test_a_button_tells_name_use_and_key(qtbot: QtBot) -> None:
    button = QPushButton("Connect")
    button.setToolTip("Send the draft (F5)")
    qtbot.addWidget(button)
    told = about(button).told
    assert (told.name, told.what) == ("Connect", "Send the draft (F5)")
    assert told.why == "Space or Enter presses it."


def test_a_table_tells_its_current_cell_as_plain_text(qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    model = QStandardItemModel(1, 1, view)
    item = QStandardItem("<b>x</b>")
    item.setToolTip("twice")
    model.setItem(0, 0, item)
    view.setModel(model)
    view.setCurrentIndex(model.index(0, 0))
    told = about(view).told
    assert (told.name, told.what) == ("<b>x</b>", "twice")


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Escape])
def test_the_panel_goes_by_either_key(qtbot: QtBot, open_window: Opener, key: Qt.Key) -> None:
    desk = open_window()
    front(desk).address.field.setFocus()
    panel = explained(qtbot, desk)
    QTest.keyClick(panel.text, key)
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert front(desk).address.field.hasFocus()


def test_what_was_told_may_go_away_meanwhile(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    table = front(desk).handshake.request.table
    table.setFocus()
    panel = explained(qtbot, desk)
    desk.close_tab(0)
    qtbot.waitUntil(lambda: not panel.isVisible())
    panel.place()
