"""The whole left pane over real conversations with the lab: three views of the same bytes, masks, undo."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.lab.server import Lab
from wsinspector.present.heads import RowKind, rows_of_request
from wsinspector.protocol.draft import DraftLine
from wsinspector.protocol.head_reader import parse_request
from wsinspector.ui.inspect.handshake_pane import HandshakePane
from wsinspector.ui.inspect.head_model import Column
from wsinspector.ui.inspect.head_section import BYTES, HEADERS, RAW
from wsinspector.ui.inspect.tab import TabState, draft_again

SECONDS = 10.0
SECRET = "verysecretvalue"


@pytest.fixture
def tab(qtbot: QtBot, engine: Engine, lab: Lab) -> Iterator[TabState]:
    conversation = Conversation(engine, lab_authority=lab.authority_for)
    conversation.set_options(Options(timeout=5.0, body_idle=0.3))
    conversation.set_address(lab.url_of("/echo"))
    made = TabState(conversation)
    yield made
    conversation.close()
    made.deleteLater()


@pytest.fixture
def pane(qtbot: QtBot, tab: TabState) -> Iterator[HandshakePane]:
    made = HandshakePane(tab)
    qtbot.addWidget(made)
    made.resize(547, 700)
    made.show()
    yield made
    made.stop()


def attempt(qtbot: QtBot, tab: TabState, path: str, lab: Lab, kind: str = "plain") -> None:
    """Connect to ``path`` and wait until the answer is judged."""
    tab.set_address(lab.url_of(path, kind))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.outcome is not None, timeout=10_000)
    qtbot.waitSignal(tab.ticked).wait()  # type: ignore[no-untyped-call]  # panes have seen it by then


def put(pane: HandshakePane, name: bytes, value: str) -> None:
    model = pane.request.table.head_model
    row = next(at for at, row in enumerate(model.rows) if row.name == name)
    model.setData(model.index(row, Column.VALUE), value)


def test_an_edit_in_each_view_shows_in_the_others(pane: HandshakePane, tab: TabState) -> None:
    put(pane, b"Upgrade", "WebSocket")
    pane.request.show_view(RAW)
    assert "Upgrade: WebSocket␍␊" in pane.request.raw.shown_text()
    pane.request.raw.setFocus()
    at = pane.request.raw.shown_text().index("WebSocket␍␊")
    cursor = pane.request.raw.textCursor()
    cursor.setPosition(at)
    pane.request.raw.setTextCursor(cursor)
    QTest.keyClicks(pane.request.raw, "X")
    assert b"Upgrade: XWebSocket\r\n" in tab.draft.to_bytes()
    pane.request.show_view(BYTES)
    data = pane.request.hex.data()
    assert data.read(0, data.length()) == tab.draft.to_bytes()
    where = tab.draft.to_bytes().index(b"XWebSocket")
    pane.request.hex.select(where, where)
    QTest.keyClicks(pane.request.hex, "59")
    pane.request.show_view(HEADERS)
    values = [row.shown_value for row in pane.request.table.head_model.rows]
    assert "YWebSocket" in values


def test_undo_and_redo_reach_edits_of_every_view(pane: HandshakePane, tab: TabState) -> None:
    start = tab.draft.to_bytes()
    put(pane, b"Connection", "close")
    pane.request.show_view(RAW)
    pane.request.raw.setFocus()
    QTest.keyClicks(pane.request.raw, "ab")
    assert tab.draft.to_bytes().startswith(b"abGET")
    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(pane.request.raw, *undo)
    assert tab.draft.to_bytes().startswith(b"GET")
    pane.request.show_view(HEADERS)
    QTest.keyClick(pane.request.table, *undo)
    assert tab.draft.to_bytes() == start
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(pane.request.table, Qt.Key.Key_Z, both)
    assert b"Connection: close" in tab.draft.to_bytes()


def test_undo_never_brings_a_sent_key_back(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    put(pane, b"Connection", "close, Upgrade")
    sent = tab.draft.key()
    attempt(qtbot, tab, "/echo", lab)
    fresh = tab.draft.key()
    assert fresh != sent
    tab.undo()
    assert tab.draft.key() == fresh


def test_a_draft_that_is_no_head_any_more_is_still_editable(pane: HandshakePane, tab: TabState) -> None:
    pane.request.show_view(RAW)
    pane.request.raw.selectAll()
    QTest.keyClick(pane.request.raw, Qt.Key.Key_Delete)
    assert tab.draft.to_bytes() == b""
    QTest.keyClicks(pane.request.raw, "x")
    assert tab.draft.to_bytes() == b"x"
    assert [row.kind for row in pane.request.table.head_model.rows] == [RowKind.NO_HEAD]
    tab.undo()
    tab.undo()
    assert tab.draft.is_head


def test_an_open_connection_shows_verdict_request_and_answer(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    attempt(qtbot, tab, "/echo", lab)
    qtbot.waitUntil(lambda: pane.response.isVisible() and bool(pane.response.table.head_model.rows))
    assert [badge.text().split()[-1] for badge in pane.verdict.badges()] == ["passed"]
    assert pane.response.table.head_model.rows[0].shown_value == "HTTP/1.1 101 Switching Protocols"
    assert pane.response.when.full_text().endswith("later")
    assert pane.accept.isVisible()
    assert not pane.tls.isVisible()
    assert pane.request.table.row_actions() == []
    assert pane.strip.state_text() == "draft unchanged"


def test_editing_while_an_attempt_is_there_edits_the_draft(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    attempt(qtbot, tab, "/echo", lab)
    tab.pick(0)
    put(pane, b"Upgrade", "WebSocket")
    assert pane.strip.state_text() == "not sent yet: 1 line differs"
    snapshot = tab.snapshot_of(1)
    assert snapshot is not None
    assert b"Upgrade: websocket" in snapshot.request


def test_a_click_on_a_finding_lights_what_it_speaks_of(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    attempt(qtbot, tab, "/wrong-accept", lab)
    qtbot.waitUntil(lambda: bool(pane.verdict.lines()))
    with qtbot.waitSignal(tab.subject_lit, check_params_cb=lambda subject: subject is not None):
        pane.verdict.lines()[0].toggle()
    rows = pane.response.table.head_model.rows
    lit = {rows[at].name for at in pane.response.table.lit_rows()}
    assert b"Sec-WebSocket-Accept" in lit
    pane.response.show_view(BYTES)
    assert pane.response.hex.lit()
    tab.pick(0)
    assert pane.request.table.lit_rows() == ()


def test_two_attempts_stand_side_by_side(pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot) -> None:
    attempt(qtbot, tab, "/echo", lab)
    tab.pick(0)
    put(pane, b"Upgrade", "WebSocket")
    attempt(qtbot, tab, "/echo", lab)
    tab.compare(1, 2)
    assert pane.compare.isVisible()
    assert not pane.request.isVisible()
    differing = [row for row in pane.compare.requests.compare_model.rows if row.differs]
    assert [row.label for row in differing] == ["value"]
    tab.pick(2)
    assert pane.request.isVisible()
    assert not pane.compare.isVisible()


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        ("/close", "The connection ended before a byte came."),
        ("/garbage", "This is not HTTP"),
    ],
)
def test_whatever_came_is_shown_for_what_it_is(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot, path: str, fact: str
) -> None:
    attempt(qtbot, tab, path, lab)
    qtbot.waitUntil(lambda: any(fact in one.text for one in pane.response.facts()), timeout=10_000)


def test_a_refusal_shows_its_whole_answer_in_bytes(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    attempt(qtbot, tab, "/400-html", lab)
    qtbot.waitUntil(lambda: tab.snapshot is not None and not tab.snapshot.live)
    pane.response.show_view(BYTES)
    snapshot = tab.snapshot
    assert snapshot is not None
    assert snapshot.response is not None
    data = pane.response.hex.data()
    shown = data.read(0, data.length())
    assert shown.startswith(b"HTTP/1.1 400")
    assert shown.endswith(snapshot.response.body)


def test_tls_is_shown_where_it_was_spoken(pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot) -> None:
    attempt(qtbot, tab, "/echo", lab, "good")
    qtbot.waitUntil(pane.tls.isVisible)
    assert any(label == "Subject" for label, _value in pane.tls.rows())


def test_certificates_are_read_on_request_where_verification_failed(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    tab.set_address(lab.url_of("/echo", "self-signed"))
    tab.connect_now()
    qtbot.waitUntil(pane.tls.offer.isVisible, timeout=10_000)
    assert [fact.text for fact in pane.response.facts()] == ["No request was sent, so no answer came."]
    pane.tls.offer.click()
    qtbot.waitUntil(lambda: any(label == "Subject" for label, _value in pane.tls.rows()), timeout=10_000)
    assert not pane.tls.offer.isVisible()


def _texts(widget: QWidget) -> str:
    """Every text the widget and its children give to eye, tooltip and screen reader."""
    found = []
    for each in [widget, *widget.findChildren(QWidget)]:
        found += [each.toolTip(), each.accessibleName(), each.accessibleDescription()]
        for name in ("text", "toPlainText"):
            if hasattr(each, name):
                found.append(str(getattr(each, name)()))
        interface = QAccessible.queryAccessibleInterface(each)
        if interface is not None:
            found += [
                (interface.child(at) or interface).text(QAccessible.Text.Name)
                for at in range(min(interface.childCount(), 80))
            ]
    return "\n".join(found)


def test_a_secret_is_nowhere_until_it_is_clicked(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    line = DraftLine(b"Authorization", b"Bearer " + SECRET.encode())
    tab.edit(tab.draft.insert(len(tab.draft.lines), line))
    attempt(qtbot, tab, "/echo", lab)
    for number in (0, 1):
        tab.pick(number)
        for view in (HEADERS, RAW, BYTES):
            pane.request.show_view(view)
            assert SECRET not in _texts(pane)
            hidden = pane.request.hex.line_text
            lines = "".join(hidden(at)[-16:] for at in range(pane.request.hex.line_count()))
            assert SECRET not in lines
    pane.request.show_view(RAW)
    pane.request.reveal_asked.emit(b"authorization")
    assert SECRET in pane.request.raw.shown_text()
    pane.request.hide_asked.emit(b"authorization")
    assert SECRET not in pane.request.raw.shown_text()


def test_every_control_has_a_name(pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot) -> None:
    attempt(qtbot, tab, "/echo", lab)
    for each in pane.findChildren(QWidget):
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible():
            interface = QAccessible.queryAccessibleInterface(each)
            assert interface is not None
            assert interface.text(QAccessible.Text.Name), each


def test_keys_reach_draft_attempts_views_and_comparison(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    attempt(qtbot, tab, "/echo", lab)
    attempt(qtbot, tab, "/echo", lab)
    alt = Qt.KeyboardModifier.AltModifier
    pane.activateWindow()
    QTest.keyClick(pane, Qt.Key.Key_PageUp, alt)
    assert tab.picked == 1
    QTest.keyClick(pane, Qt.Key.Key_PageDown, alt)
    assert tab.picked == 2
    with qtbot.waitSignal(pane.compare_changed, check_params_cb=bool):
        QTest.keyClick(pane, Qt.Key.Key_S, alt)
    assert (tab.picked, tab.compared) == (1, 2)
    QTest.keyClick(pane, Qt.Key.Key_S, alt)
    assert (tab.picked, tab.compared) == (2, None)
    QTest.keyClick(pane, Qt.Key.Key_V, alt)
    assert pane.request.view == RAW
    QTest.keyClick(pane, Qt.Key.Key_D, alt)
    assert tab.picked == 0


def test_an_attempt_becomes_the_draft_again_with_a_fresh_key(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    tab.edit(tab.draft.with_version_values([b"8"]))
    attempt(qtbot, tab, "/426-list", lab)
    sent = tab.snapshot
    assert sent is not None
    tab.set_address(lab.url_of("/echo"))
    tab.edit(tab.draft.with_version_values([b"13"]))
    before = tab.draft
    menu = pane.strip.menu_of(1)
    use = next(action for action in menu.actions() if action.text().startswith("Use as the draft"))
    use.trigger()
    assert tab.picked == 0
    assert tab.conversation.address_text == lab.url_of("/426-list")
    assert tab.draft.version_values() == (b"8",)
    assert tab.draft.target == b"/426-list"
    assert len(tab.draft.to_bytes()) == len(sent.request)
    assert tab.draft.key() not in (None, parse_request(sent.request).values(b"Sec-WebSocket-Key")[0])
    assert pane.strip.state_text() == "draft unchanged"
    tab.undo()
    assert tab.draft.version_values() == before.version_values()


@pytest.mark.parametrize("edited", [False, True])
def test_a_third_key_is_drawn_again_unless_it_was_typed(
    edited: bool, pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    tab.set_address(lab.url_of("/echo"))
    tab.conversation.set_dialect("hixie-76")
    if edited:
        tab.edit(tab.draft.with_tail(b"^n:ds[4U"))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.outcome is not None, timeout=10_000)
    sent = tab.snapshot
    assert sent is not None
    (row,) = [row for row in rows_of_request(sent.request, (), names_of(sent)) if row.kind is RowKind.TAIL]
    assert [chip.text for chip in row.chips] == ([] if edited else ["generated"])
    again = draft_again(sent, b"127.0.0.1")
    assert again.tail_generated is not edited
    assert (again.tail == b"^n:ds[4U") is edited
    keys = [parse_request(data).values(b"Sec-WebSocket-Key1") for data in (again.to_bytes(), sent.request)]
    assert keys[0] != keys[1]


def names_of(snapshot: AttemptSnapshot) -> list[bytes]:
    return [name.encode("latin-1") for name in snapshot.generated]


def test_the_draft_offers_recorded_clients_and_an_attempt_does_not(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    button = next(one for one in pane.request.stops() if one.accessibleName() == "Request as another client")
    with qtbot.waitSignal(pane.presets_asked, check_params_cb=lambda under: under is button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pane.presets_asked):
        QTest.keyClick(pane, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    attempt(qtbot, tab, "/426-list", lab)
    assert not button.isVisible()
    with qtbot.assertNotEmitted(pane.presets_asked):
        QTest.keyClick(pane, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)


def test_the_draft_of_the_strip_cannot_be_made_the_draft(pane: HandshakePane) -> None:
    assert all("draft" not in action.text() for action in pane.strip.menu_of(0).actions())


def test_tab_follows_the_eye(pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot) -> None:
    attempt(qtbot, tab, "/wrong-accept", lab)
    places = []
    at: QWidget | None = pane.strip.stops()[0]
    for _step in range(200):
        assert at is not None
        if at.isVisibleTo(pane) and at.focusPolicy() & Qt.FocusPolicy.TabFocus and pane.isAncestorOf(at):
            places.append(at.mapTo(pane, at.rect().topLeft()))
        at = at.nextInFocusChain()
        if at is pane.strip.stops()[0]:
            break
    rows = [(point.y() // 12, point.x()) for point in places]
    assert len(rows) > 8
    assert rows == sorted(rows)


@pytest.mark.parametrize("width", [360, 420, 480, 560])
def test_nothing_asks_for_more_width_than_there_is(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot, width: int
) -> None:
    attempt(qtbot, tab, "/wrong-accept", lab)
    pane.resize(width, 700)
    qtbot.wait(0)
    inner = pane.area.widget()
    assert inner is not None
    assert inner.width() <= pane.area.viewport().width()
    for view in (HEADERS, RAW, BYTES):
        pane.request.show_view(view)
        assert inner.minimumSizeHint().width() <= width


def version(tab: TabState, value: bytes) -> None:
    tab.edit(tab.draft.with_version_values([value]))


def judged(qtbot: QtBot, pane: HandshakePane) -> list[str]:
    """The lines of the verdict once nothing is under way any more."""
    qtbot.waitUntil(lambda: pane.work.idle, timeout=10_000)
    return [line.row.text for line in pane.verdict.lines()]


def test_the_draft_is_judged_before_it_is_sent(pane: HandshakePane, tab: TabState, qtbot: QtBot) -> None:
    assert judged(qtbot, pane) == []
    assert pane.verdict.leads() == ["A conforming server may accept this."]
    version(tab, b"14")
    assert judged(qtbot, pane) == ["The version is 14, which is unassigned, expected 13."]
    assert "must refuse" in pane.verdict.leads()[0]
    assert "fault" not in {line.row.tone for line in pane.verdict.lines()}
    version(tab, b"13")
    assert judged(qtbot, pane) == []


def test_a_line_on_the_draft_lights_its_header_until_it_is_edited(
    pane: HandshakePane, tab: TabState, qtbot: QtBot
) -> None:
    version(tab, b"14")
    judged(qtbot, pane)
    QTest.mouseClick(pane.verdict.lines()[0], Qt.MouseButton.LeftButton)
    (row,) = pane.request.table.lit_rows()
    assert pane.request.table.head_model.rows[row].name == b"Sec-WebSocket-Version"
    version(tab, b"15")
    assert pane.request.table.lit_rows() == ()
    judged(qtbot, pane)
    assert not pane.verdict.lines()[0].is_open


def test_a_large_draft_is_judged_beside_the_window(pane: HandshakePane, tab: TabState, qtbot: QtBot) -> None:
    tab.edit(tab.draft.insert(1, DraftLine(b"X-Long", b"a" * 70_000)))
    tab.pick(0)
    assert not pane.work.idle
    assert any("Long" in text or "bytes" in text for text in judged(qtbot, pane))


def test_the_answer_is_held_against_what_was_owed_and_another_client_is_asked(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    version(tab, b"14")
    attempt(qtbot, tab, "/echo", lab)
    qtbot.waitUntil(lambda: len(pane.verdict.lines()) == 3, timeout=10_000)
    status, held, opinion = [line.row for line in pane.verdict.lines()]
    assert status.text.startswith("Status 426")
    assert held.text.endswith("It did, with 426.")
    assert opinion.clause == "second opinion"
    assert "would not have opened" in opinion.text


def test_a_server_that_took_what_it_must_refuse_is_told_of(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    version(tab, b"14")
    attempt(qtbot, tab, "/any-version", lab)
    qtbot.waitUntil(lambda: len(pane.verdict.lines()) == 2, timeout=10_000)
    held, opinion = [line.row for line in pane.verdict.lines()]
    assert (held.mark, held.tone) == ("✕", "fault")
    assert held.text.endswith("It did not: it answered 101.")
    assert "would have opened" in opinion.text


def test_no_other_client_is_asked_about_an_old_dialect(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    tab.write_in("hixie-76")
    attempt(qtbot, tab, "/echo", lab)
    qtbot.waitUntil(lambda: len(pane.verdict.lines()) == 1, timeout=10_000)
    assert pane.verdict.lines()[0].row.text == "Not asked: hixie-76"


def test_a_key_leads_to_the_rule_behind_a_line(pane: HandshakePane, tab: TabState, qtbot: QtBot) -> None:
    version(tab, b"14")
    judged(qtbot, pane)
    with qtbot.waitActive(pane):
        pane.activateWindow()
    with qtbot.waitSignal(pane.rule_asked) as asked:
        QTest.keyClick(pane, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert asked.args == ["request-version"]


def test_an_example_becomes_the_draft_byte_for_byte_and_can_be_taken_back(
    pane: HandshakePane, tab: TabState, qtbot: QtBot
) -> None:
    names = [line.name for line in tab.draft.lines]
    request = b"GET /chat HTTP/1.0\r\nHost: server.example\r\n\r\n"
    tab.take_example("request-http-version", request)
    assert tab.draft.to_bytes() == request
    assert "request-http-version" in tab.note
    assert not tab.conversation.attempts
    assert any("HTTP/1.0" in text for text in judged(qtbot, pane))
    tab.undo()
    assert [line.name for line in tab.draft.lines] == names
    assert tab.draft.to_bytes().startswith(b"GET /echo HTTP/1.1")


def test_keys_lead_into_the_draft_and_to_how_the_accept_value_comes_about(
    pane: HandshakePane, tab: TabState, lab: Lab, qtbot: QtBot
) -> None:
    attempt(qtbot, tab, "/echo", lab)
    for opened in (True, False):
        QTest.keyClick(pane, Qt.Key.Key_J, Qt.KeyboardModifier.AltModifier)
        assert pane.accept.arrow.isChecked() is opened
        qtbot.waitUntil(pane.accept.arrow.hasFocus)
    table = pane.request.table
    row = next(at for at, row in enumerate(table.head_model.rows) if row.name == b"Sec-WebSocket-Key")
    table.setCurrentIndex(table.head_model.index(row, Column.NAME))
    copy = next(each for each in table.menu().actions() if each.text() == "Copy value")
    copy.trigger()
    assert QGuiApplication.clipboard().text().encode() == table.head_model.rows[row].value
    QTest.keyClick(pane, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert tab.picked == 0
    qtbot.waitUntil(table.hasFocus)
