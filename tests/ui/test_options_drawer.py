"""The drawer of options: each control is one option or one line of the draft, both ways."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from wsinspector.conversation.address_table import AddressRow
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.presets import presets
from wsinspector.lab.server import Lab
from wsinspector.protocol.draft import EXTENSIONS
from wsinspector.protocol.request_lines import AUTHORIZATION, HOST, ORIGIN, value_of
from wsinspector.ui import theme
from wsinspector.ui.inspect.option_group import OptionField
from wsinspector.ui.inspect.option_handshake import about
from wsinspector.ui.inspect.options_drawer import OptionsDrawer
from wsinspector.ui.inspect.tab import TabState
from wsinspector.verdicts.outcome import Outcome

SECONDS = 10.0


@pytest.fixture
def tab(qtbot: QtBot, engine: Engine, lab: Lab) -> Iterator[TabState]:
    conversation = Conversation(engine)
    conversation.set_address(lab.url_of("/426-list"))
    made = TabState(conversation)
    yield made
    made.stop()
    conversation.close()
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1024, 700)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def drawer(qtbot: QtBot, window: QWidget, tab: TabState) -> OptionsDrawer:
    made = OptionsDrawer(tab, window)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(made)
    column.addStretch(1)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return made


def retype(field: OptionField, text: str) -> None:
    field.edit.setFocus()
    field.edit.selectAll()
    QTest.keyClick(field.edit, Qt.Key.Key_Delete)
    QTest.keyClicks(field.edit, text)


def options(tab: TabState) -> Options:
    return tab.conversation.options


# -- options


def test_fields_set_their_options(drawer: OptionsDrawer, tab: TabState) -> None:
    retype(drawer.network.dialled, "10.0.3.7:8443")
    retype(drawer.network.timeout, "2.5")
    retype(drawer.network.body_idle, "1")
    retype(drawer.tls.sni, "b.example")
    retype(drawer.tls.alpn, "h2, http/1.1")
    retype(drawer.behaviour.ping_every, "25")
    retype(drawer.behaviour.reconnect, "5")
    retype(drawer.behaviour.limit, "64 KiB")
    drawer.tls.accept_any.click()
    drawer.behaviour.echo.click()
    assert options(tab) == Options(
        connect_to="10.0.3.7:8443",
        timeout=2.5,
        body_idle=1.0,
        sni="b.example",
        alpn=("h2", "http/1.1"),
        ping_every=25.0,
        reconnect_every=5.0,
        max_message=65536,
        verify=False,
        echo=True,
    )
    assert drawer.behaviour.limit.edit.text() == "64 KiB"  # as typed, not rewritten under the fingers


def test_options_set_elsewhere_are_shown(drawer: OptionsDrawer, tab: TabState) -> None:
    made = Options(
        connect_to="10.0.0.1", timeout=4.0, ping_every=20.0, policy="watch", answer_pings=True, echo=True
    )
    tab.set_options(made)
    assert drawer.network.dialled.edit.text() == "10.0.0.1"
    assert drawer.network.timeout.edit.text() == "4"
    assert drawer.behaviour.ping_every.edit.text() == "20"
    assert drawer.behaviour.policy.current() == 2
    assert drawer.behaviour.pings.current() == 1
    assert drawer.behaviour.echo.isChecked()
    for name, _ in made.changed():
        tab.set_options(options(tab).without(name))
    assert drawer.network.dialled.edit.text() == ""
    assert drawer.network.timeout.edit.text() == "10"
    assert drawer.behaviour.ping_every.edit.text() == ""
    assert options(tab) == Options()


def test_a_wrong_text_is_said_in_its_place_and_changes_nothing(drawer: OptionsDrawer, tab: TabState) -> None:
    field = drawer.network.timeout
    retype(field, "soon")
    assert options(tab).timeout == 10.0
    assert field.trouble.isVisible()
    assert "Expected seconds" in field.trouble.full_text()
    assert "Expected seconds" in field.edit.accessibleDescription()
    tab.set_options(dataclasses.replace(options(tab), echo=True))  # something else changes meanwhile
    assert field.edit.text() == "soon"
    retype(field, "3")
    assert options(tab).timeout == 3.0
    assert not field.trouble.isVisible()


def test_a_message_moves_no_group_to_another_column(drawer: OptionsDrawer, qtbot: QtBot) -> None:
    groups = (drawer.network, drawer.tls, drawer.handshake, drawer.behaviour)
    before = [group.x() for group in groups]
    retype(drawer.network.dialled, "a b")
    retype(drawer.network.timeout, "x")
    retype(drawer.network.body_idle, "x")
    qtbot.waitUntil(lambda: drawer.network.body_idle.trouble.height() > 0)
    assert [group.x() for group in groups] == before


def test_each_policy_says_what_it_does(drawer: OptionsDrawer, tab: TabState) -> None:
    said = set()
    for at, name in enumerate(("tolerant", "conforming", "watch")):
        drawer.behaviour.policy.segments[at].click()
        assert options(tab).policy == name
        said.add(drawer.behaviour.sentence.full_text())
    assert len(said) == 3
    assert drawer.behaviour.pings.segments[0].text() == "Policy: no"
    drawer.behaviour.pings.segments[1].click()
    drawer.behaviour.close_frames.segments[2].click()
    assert (options(tab).answer_pings, options(tab).answer_close) == (True, False)
    drawer.behaviour.pings.segments[0].click()
    assert options(tab).answer_pings is None


def test_a_ca_file_is_checked(drawer: OptionsDrawer, tab: TabState, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\n")
    retype(drawer.tls.ca_file, str(file))
    assert options(tab).ca_file == str(file)
    drawer.tls.accept_any.click()
    assert not drawer.tls.ca_file.isEnabled()


# -- the draft


def test_switches_edit_the_draft_and_follow_it(drawer: OptionsDrawer, tab: TabState) -> None:
    before = tab.draft
    drawer.handshake.deflate.click()
    assert b"permessage-deflate" in (value_of(tab.draft, EXTENSIONS) or b"")
    drawer.handshake.origin.click()
    assert value_of(tab.draft, ORIGIN) == b"http://" + tab.conversation.address.host_header
    retype(drawer.handshake.protocols, "chat, x")
    assert b"Sec-WebSocket-Protocol: chat, x\r\n" in tab.draft.to_bytes()
    retype(drawer.handshake.protocols, "")
    drawer.handshake.origin.click()
    drawer.handshake.deflate.click()
    assert tab.draft.to_bytes() == before.to_bytes()
    tab.undo()
    assert drawer.handshake.deflate.isChecked()


def test_typing_is_undone_as_one(drawer: OptionsDrawer, tab: TabState) -> None:
    before = tab.draft
    retype(drawer.handshake.protocols, "chat")
    tab.undo()
    assert tab.draft == before
    assert drawer.handshake.protocols.edit.text() == ""


def test_host_apart_from_the_address(drawer: OptionsDrawer, tab: TabState) -> None:
    generated = value_of(tab.draft, HOST)
    retype(drawer.handshake.host, "b.example")
    assert value_of(tab.draft, HOST) == b"b.example"
    tab.set_address(tab.conversation.address_text + "?x")
    assert value_of(tab.draft, HOST) == b"b.example"
    drawer.handshake.host_back.click()
    assert value_of(tab.draft, HOST) == generated
    assert not drawer.handshake.host_back.isEnabled()


def test_credentials_of_the_address_are_sent_only_when_asked(drawer: OptionsDrawer, tab: TabState) -> None:
    assert not drawer.handshake.authorization.isEnabled()
    tab.set_address("ws://ada:pw@127.0.0.1:1/")
    assert value_of(tab.draft, AUTHORIZATION) is None
    drawer.handshake.authorization.click()
    assert value_of(tab.draft, AUTHORIZATION) == b"Basic YWRhOnB3"
    for widget in drawer.findChildren(QWidget):
        shown = widget.text() if isinstance(widget, QLabel | QLineEdit | QAbstractButton) else ""
        assert "YWRhOnB3" not in shown + widget.toolTip() + widget.accessibleName()
    drawer.handshake.authorization.click()
    assert value_of(tab.draft, AUTHORIZATION) is None


def test_a_token_among_the_subprotocols_is_dots_out_of_focus(drawer: OptionsDrawer, tab: TabState) -> None:
    field = drawer.handshake.protocols
    retype(field, "chat, bearer-abcdefgh")
    drawer.network.timeout.edit.setFocus()
    assert "abcdefgh" not in field.edit.text()
    assert field.edit.text().startswith("chat, bearer-•")
    tab.edit(tab.draft.switched(0, False))
    assert b"chat, bearer-abcdefgh" in tab.draft.to_bytes()
    field.edit.setFocus()
    assert field.edit.text() == "chat, bearer-abcdefgh"


def test_what_holds_later_is_said_while_a_connection_is_open(
    drawer: OptionsDrawer, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    tab.set_address(lab.url_of("/echo"))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.open, timeout=10_000)
    drawer.behaviour.policy.segments[1].click()
    assert not drawer.later.isVisible()
    drawer.behaviour.echo.click()
    assert drawer.later.isVisible()
    tab.conversation.disconnect()
    qtbot.waitUntil(lambda: not drawer.later.isVisible(), timeout=10_000)


def test_a_draft_that_is_no_head_disables_its_switches(drawer: OptionsDrawer, tab: TabState) -> None:
    tab.edit(tab.draft.with_bytes(b"\x00\x01"))
    handshake = drawer.handshake
    for control in (handshake.host, handshake.protocols, handshake.deflate, handshake.origin):
        assert not control.isEnabled()
    assert handshake.request_as.isEnabled()
    tab.undo()
    assert handshake.deflate.isEnabled()


def test_a_request_as_another_client_writes_it(drawer: OptionsDrawer, tab: TabState) -> None:
    menu = drawer.handshake.build_menu()
    titles = [action.text().partition("\t")[0] for action in menu.actions()]
    assert titles == [preset.title for preset in presets()]
    at = next(at for at, title in enumerate(titles) if title.startswith("Chromium"))
    menu.actions()[at].trigger()
    assert b"User-Agent: Mozilla/5.0" in tab.draft.to_bytes()
    assert tab.draft.target == b"/426-list"
    assert value_of(tab.draft, HOST) == tab.conversation.address.host_header
    preset = presets()[at]
    assert drawer.handshake.note.full_text() == preset.title
    assert preset.recorded in about(preset)
    drawer.handshake.origin.click()
    assert "edited since" in drawer.handshake.note.full_text()
    menu.deleteLater()


# -- every address


def test_every_address_fills_a_table_whose_rows_pick(
    drawer: OptionsDrawer, tab: TabState, qtbot: QtBot
) -> None:
    drawer.network.every.click()
    qtbot.waitUntil(lambda: bool(rows(drawer)) and rows(drawer)[0].outcome is not None, timeout=10_000)
    assert drawer.results.isVisible()
    row = rows(drawer)[0]
    assert (row.outcome, row.status, row.supported_versions) == (Outcome.REFUSED, 426, ("8", "7"))
    qtbot.waitUntil(lambda: drawer.network.progress.full_text() == "1 address")
    assert [cell(drawer, 1), cell(drawer, 2)] == ["refused, 426 Upgrade Required", "8, 7"]
    drawer.results.clicked.emit(drawer.results.model().index(0, 0))
    assert tab.picked == row.number
    drawer.network.put_away.click()
    assert not drawer.results.isVisible()
    assert len(tab.conversation.attempts) == 1


def rows(drawer: OptionsDrawer) -> tuple[AddressRow, ...]:
    return drawer.results.rows()


def cell(drawer: OptionsDrawer, column: int) -> str:
    item = drawer.results.item(0, column)
    return item.text() if item is not None else ""


def test_a_name_nobody_knows_is_said(drawer: OptionsDrawer, tab: TabState, qtbot: QtBot) -> None:
    tab.set_address("ws://no-such-name.invalid/")
    drawer.network.every.click()
    qtbot.waitUntil(lambda: "was not found" in drawer.network.progress.full_text(), timeout=10_000)
    assert not drawer.results.isVisible()
    assert drawer.network.every.isEnabled()


def test_without_an_address_there_is_nothing_to_send_to(drawer: OptionsDrawer, tab: TabState) -> None:
    tab.set_address("")
    assert not drawer.network.every.isEnabled()


# -- how it looks and is used


@pytest.mark.parametrize(("width", "height"), [(1024, 700), (1366, 696), (1440, 900), (700, 700)])
def test_it_fits(drawer: OptionsDrawer, window: QWidget, qtbot: QtBot, width: int, height: int) -> None:
    window.resize(width, height)
    qtbot.waitUntil(lambda: drawer.width() == width)
    qtbot.waitUntil(lambda: drawer.height() <= round(height * 0.4) + 1)
    assert drawer.area.horizontalScrollBar().maximum() == 0
    for group in (drawer.network, drawer.tls, drawer.handshake, drawer.behaviour):
        assert group.geometry().right() <= width
        assert group.minimumSizeHint().width() <= group.width()


def test_everything_is_named_and_explained(drawer: OptionsDrawer) -> None:
    controls = [
        widget
        for widget in drawer.findChildren(QWidget)
        if isinstance(widget, QLineEdit | QAbstractButton) and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert len(controls) > 20
    for control in controls:
        name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
        assert name, control
        assert control.toolTip(), name


def test_the_first_field_has_the_focus_and_tab_goes_on(drawer: OptionsDrawer, window: QWidget) -> None:
    drawer.focus_first()
    assert drawer.network.dialled.edit.hasFocus()
    seen = [window.focusWidget()]
    for _ in range(30):
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
        if window.focusWidget() is seen[0]:
            break
        seen.append(window.focusWidget())
    groups = [drawer.network, drawer.tls, drawer.handshake, drawer.behaviour]
    order = [at for widget in seen for at, group in enumerate(groups) if group.isAncestorOf(widget)]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}


def test_escape_asks_to_close(drawer: OptionsDrawer, qtbot: QtBot) -> None:
    drawer.focus_first()
    with qtbot.waitSignal(drawer.close_asked):
        QTest.keyClick(drawer.network.dialled.edit, Qt.Key.Key_Escape)


def test_a_zoom_reaches_it(drawer: OptionsDrawer, qtbot: QtBot) -> None:
    before = drawer.network.timeout.edit.width()
    theme.set_zoom(1.5)
    try:
        qtbot.waitUntil(lambda: drawer.network.timeout.edit.width() > before)
    finally:
        theme.set_zoom(1.0)
