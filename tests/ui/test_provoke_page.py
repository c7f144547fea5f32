"""The Provoke page on the real lab and a real library: ticked, run, told, opened, stopped, asked before."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.interop.running import peer
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.sweep_results import SweepPhase
from wsinspector.present.provoked_texts import MARKS, ROLES, SIGN, WORDS
from wsinspector.protocol.draft import DraftLine
from wsinspector.protocol.provocations import PROVOCATIONS, Kind, of_kind
from wsinspector.ui import theme
from wsinspector.ui.desk import INSPECT, PROVOKE, Desk
from wsinspector.ui.provoke.model import FIXED, ProvokeModel
from wsinspector.ui.provoke.page import ProvokePage
from wsinspector.ui.provoke.reports import KINDS
from wsinspector.ui.provoke.servers_before import FILE
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace
from wsinspector.verdicts.provoked import Result

WAIT = 40_000


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(Settings(tmp_path / "window.ini"))
    made.start()
    qtbot.waitUntil(lambda: bool(made.scenarios()), timeout=WAIT)
    yield made
    made.stop()


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, workspace: Workspace) -> Iterator[ProvokePage]:
    theme.apply(qapp)
    made = ProvokePage(workspace)
    qtbot.addWidget(made)
    made.resize(1440, 860)
    with qtbot.waitActive(made, timeout=WAIT):
        made.show()
        made.activateWindow()
    yield made
    made.stop()


def ran(qtbot: QtBot, page: ProvokePage, servers: str, *ids: str) -> None:
    """Run these provocations to their end."""
    page.servers.set_text(servers)
    page.tick.alone(list(ids))
    page.start()
    assert page.busy
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)


def texts(page: ProvokePage, id: str) -> list[str]:
    model = page.model
    row = [each.id for each in model.rows].index(id)
    return [model.text(model.index(row, column)) for column in range(FIXED, model.columnCount())]


def test_before_a_run_the_catalogue_stands_there_with_what_must_happen(
    page: ProvokePage, qtmodeltester: ModelTester
) -> None:
    model = page.model
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    assert model.rowCount() == len(PROVOCATIONS)
    assert len(model.chosen()) == len(PROVOCATIONS)
    first = model.index(0, FIXED)
    assert model.text(first) == "Must close the connection; it may say 1002."
    assert page.sign.full_text() == f"! {SIGN}"
    assert page.sign.isVisible()
    assert page.trial.isVisible()
    assert "press Run" in page.told.what.full_text()
    assert page.status() == ("nothing provoked yet", "")


def test_the_lab_is_tried_and_each_row_opens_as_its_conversation(qtbot: QtBot, page: ProvokePage) -> None:
    page.try_lab()
    qtbot.waitUntil(lambda: not page.asked.read().faults, timeout=WAIT)
    ran(qtbot, page, page.servers.text(), "rsv1", "zero-key", "longer-than-sent")
    assert texts(page, "rsv1") == ["✓ closed 1002, as required"]
    assert texts(page, "zero-key") == ["✓ went on, as required"]
    assert texts(page, "longer-than-sent") == ["· waited, allowed"]
    assert texts(page, "opcode-3") == [""]
    assert page.go.text() == "Run again"
    assert page.status()[0].endswith(" s: 2 as required, 1 allowed")
    row = [each.id for each in page.model.rows].index("rsv1")
    page.table.setCurrentIndex(page.model.index(row, FIXED))
    assert page.told.what.full_text().endswith("(RFC 6455 §5.2)")
    assert page.told.done.full_text().startswith("lab: echo: Closed with 1002")
    with qtbot.waitSignal(page.row_ready) as opened:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    path, number = opened.args
    assert isinstance(path, Path)
    found = Conversation.open(page._workspace.engine, path, number, read_only=True)
    assert found.title == "RSV1 set (rsv1)"
    assert found.attempts[0].snapshot.frames == 4  # the frame, a Ping, and a Close each way
    found.close()


def test_verdicts_have_a_mark_and_a_word_beside_their_colour(
    qtbot: QtBot, page: ProvokePage, qtmodeltester: ModelTester
) -> None:
    # It watches the model while the run goes on.
    qtmodeltester.check(page.model)  # type: ignore[no-untyped-call]
    with peer("aiohttp") as url:
        ran(qtbot, page, f"lab/echo, {url}", "unmasked-text", "deflate-window")
    assert texts(page, "unmasked-text") == ["✓ closed 1002, as required", "✕ went on, not as required"]
    assert texts(page, "deflate-window")[1] == "– not agreed, does not apply"
    model = page.model
    cell = model.index(0, FIXED + 1)
    assert model.role(cell) == "fault"
    assert model.spoken(cell).endswith(
        "not as required. Went on, and answered the Ping behind it. It had to fail the connection. "
        "(RFC 6455 §5.1)"
    )
    assert len({*MARKS.values()}) == len(Result) - 1  # a crash and a fault have one mark, and two words
    assert set(WORDS) == set(ROLES) == set(Result)


def test_a_search_narrows_and_leaves_the_ticks(page: ProvokePage) -> None:
    page.search.setText("1005")
    assert [each.id for each in page.model.rows] == ["close-1005"]
    assert page.count.full_text() == f"{len(PROVOCATIONS)} chosen, 1 in sight"
    page.tick.in_sight()
    assert [each.id for each in page.model.chosen()] == ["close-1005"]
    page.search.setText("nothing speaks of this")
    assert page.told.what.full_text() == "No provocation speaks of this."
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    assert page.model.rowCount() == len(PROVOCATIONS)
    page.tick.alone([each.id for each in of_kind(Kind.CLOSE)])
    assert page.model.chosen() == of_kind(Kind.CLOSE)


def test_ticks_are_set_by_keyboard_and_by_mouse(page: ProvokePage) -> None:
    model: ProvokeModel = page.model
    page.table.setFocus()
    page.table.setCurrentIndex(model.index(1, 0))
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert not model.is_chosen(1)
    assert model.spoken(model.index(1, 0)).startswith("Ping without a mask, not chosen. ")
    box = page.table.visualRect(model.index(0, 0))
    at = box.topLeft()
    at.setX(at.x() + theme.GAP + 4)
    at.setY(box.center().y())
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert not model.is_chosen(0)
    menu = QMenu()
    page.table.fill_menu(menu, model.index(2, 0))
    menu.actions()[2].trigger()
    assert [each.id for each in model.chosen()] == ["unmasked-close"]


def test_another_host_is_asked_about_once_and_nothing_leaves_before(page: ProvokePage) -> None:
    page.servers.set_text("wss://test.invalid/")
    page.start()
    assert not page.busy
    assert page.confirm.isVisible()
    assert page.confirm.yes.hasFocus()
    said = page.confirm.text.full_text()
    assert said == (
        f"This sends {len(PROVOCATIONS)} provocations to test.invalid, which is not this computer. "
        "May you test it?"
    )
    QTest.keyClick(page.confirm.yes, Qt.Key.Key_Escape)
    assert page.confirm.isHidden()
    assert not page.busy
    assert page.results is None


def test_a_confirmed_host_is_provoked_and_told_where_it_is_not_reached(
    qtbot: QtBot, page: ProvokePage
) -> None:
    page.servers.set_text("ws://0.0.0.0:1/")
    page.start()
    page.confirm.yes.click()
    assert page.busy
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    assert "No TCP connection" in page.trouble.full_text()
    page.start()
    assert page.confirm.isHidden()
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)


def test_servers_are_offered_after_another_start_and_asked_about_again(
    qtbot: QtBot, page: ProvokePage, workspace: Workspace
) -> None:
    page.servers.set_text("ws://0.0.0.0:1/")
    page.start()
    assert not (workspace.folder / FILE).exists()  # not yet provoked
    page.confirm.yes.click()
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    later = ProvokePage(workspace)
    qtbot.addWidget(later)
    assert later.servers.text() == ""
    later.before.fill()
    later.before.list.actions()[0].trigger()
    assert later.servers.text() == "ws://0.0.0.0:1/"
    later.start()
    assert not later.confirm.isHidden()
    assert later.results is None
    later.stop()


def test_what_stands_against_a_start_is_said_in_place(page: ProvokePage) -> None:
    page.start()
    assert page.trouble.full_text().startswith("✕ No server is named.")
    page.servers.set_text("ws://127.0.0.1:99999/")
    page.start()
    assert "is no port" in page.trouble.full_text()
    page.servers.set_text("ws://127.0.0.1:1/")
    page.tick.none()
    page.start()
    assert page.trouble.full_text() == "✕ Nothing is ticked."


def test_a_run_is_stopped_by_escape_and_keeps_what_was_seen(qtbot: QtBot, page: ProvokePage) -> None:
    page.servers.set_text("lab/echo")
    page.how.at_once.setValue(1)
    page.start()
    qtbot.waitUntil(lambda: page.results is not None and page.results.done > 0, timeout=WAIT)
    QTest.keyClick(page.go, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    assert page.results is not None
    assert page.results.phase is SweepPhase.CANCELLED
    assert 0 < page.results.done < page.results.total


def test_a_report_of_every_kind_is_written(qtbot: QtBot, page: ProvokePage, tmp_path: Path) -> None:
    assert not page.report.isEnabled()
    ran(qtbot, page, "lab/echo", "rsv1")
    assert page.report.isEnabled()
    for _, _, suffix, make in KINDS:
        target = tmp_path / f"report{suffix}"
        with qtbot.waitSignal(page.said):
            page.write_report(make, target)
        assert "rsv1" in target.read_text(encoding="utf-8")


def test_a_kept_run_is_opened_again_as_the_same_table(
    qtbot: QtBot, page: ProvokePage, workspace: Workspace, tmp_path: Path
) -> None:
    page.open_menu.fill()
    assert page.open_menu.list.actions()[0].text() == "No other run is kept"
    page.how.pace.setValue(0.1)
    ran(qtbot, page, "lab/echo", "rsv1", "zero-key")
    kept = page.run.path
    assert kept is not None
    before = page.status()[0].partition(": ")[2]
    later = ProvokePage(workspace)
    qtbot.addWidget(later)
    page.stop()  # it lets go of the file
    later.open_menu.fill()
    first = later.open_menu.list.actions()[0]
    assert first.text().startswith(kept.name)
    first.trigger()
    qtbot.waitUntil(lambda: later.results is not None, timeout=WAIT)
    assert texts(later, "rsv1") == ["✓ closed 1002, as required"]
    assert texts(later, "opcode-3") == [""]
    assert later.status()[0].partition(": ")[2] == before
    assert later.status()[1] == f"saved: {kept.name}"
    assert later.servers.text() == "lab/echo"
    assert [each.id for each in later.model.chosen()] == ["zero-key", "rsv1"]
    assert later.how.pace.value() == 0.1
    assert later.go.text() == "Run again"
    assert kept in workspace.open_paths
    with qtbot.waitSignal(later.row_ready) as opened:
        later.open_row(0, 0)
    assert opened.args[0] == kept
    target = tmp_path / "again.csv"
    with qtbot.waitSignal(later.said):
        later.write_report(KINDS[0][3], target)
    assert ",rsv1," in target.read_text(encoding="utf-8")
    # What cannot be read leaves the table as it is.
    broken = tmp_path / "broken.wsi"
    broken.write_bytes(b"none")
    later.open_file(broken)
    qtbot.waitUntil(lambda: "broken.wsi could not be opened" in later.trouble.full_text(), timeout=WAIT)
    assert texts(later, "rsv1") == ["✓ closed 1002, as required"]
    later.start()
    later.open_file(kept)
    assert later.trouble.full_text().startswith("A run goes on.")
    qtbot.waitUntil(lambda: not later.busy, timeout=WAIT)
    assert later.run.path != kept
    assert kept not in workspace.open_paths
    later.stop()


def test_everything_is_reached_by_tab_and_has_a_name(page: ProvokePage) -> None:
    seen: list[QWidget] = []
    page.servers.field.setFocus()
    for _ in range(20):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in seen:
            break
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    for stop in (
        page.servers.lab,
        page.before,
        page.open_menu,
        page.go,
        page.search,
        page.tick,
        page.trial,
        page.table,
    ):
        assert stop in seen
        assert stop.accessibleName()
        assert stop.toolTip() or stop is page.table


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    settings = Settings(tmp_path / "window.ini")
    settings.welcomed = True
    theme.apply(qapp)
    window = MainWindow(settings)
    window.resize(1440, 900)
    workspace = Workspace(settings)
    with qtbot.waitActive(window, timeout=WAIT):
        window.show()
        window.activateWindow()
    window.furnish(workspace)
    assert window.desk is not None
    qtbot.waitUntil(lambda: bool(workspace.scenarios()), timeout=WAIT)
    yield window.desk
    window.close()
    window.close_everything()
    workspace.stop()
    window.deleteLater()


def test_the_page_is_reached_by_key_and_a_row_comes_to_the_front_in_a_tab(qtbot: QtBot, desk: Desk) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window, Qt.Key.Key_G, keys)
    page = desk.switch.provoking
    assert page is not None
    assert desk.window.tabs.switch.current() == PROVOKE
    page.servers.set_text("lab/echo")
    page.tick.alone(["rsv1"])
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert page.busy
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    page.open_row(0, 0)
    qtbot.waitUntil(lambda: desk.switch.provoking is None, timeout=WAIT)
    assert desk.page is not None
    assert desk.page.tab.conversation.title == "RSV1 set (rsv1)"
    kept = desk.page.tab.conversation.capture_path
    QTest.keyClick(desk.window, Qt.Key.Key_G, keys)
    assert desk.switch.provoking is page
    # Another run lets go of the file; the tab still has it.
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    assert kept in desk.workspace.open_paths
    assert page.run.path != kept
    desk.close_tab(desk.pages.index(desk.page))
    assert kept not in desk.workspace.open_paths
    assert page.run.path in desk.workspace.open_paths


def test_a_file_that_holds_a_run_opens_on_the_page(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = desk.switch.show_provoke()
    ran(qtbot, page, "lab/echo", "rsv1")
    assert page.run.path is not None
    copy = tmp_path / "elsewhere.wsi"
    copy.write_bytes(page.run.path.read_bytes())
    desk.show_page(INSPECT)
    desk.open_file(copy)
    qtbot.waitUntil(lambda: page.run.path == copy, timeout=WAIT)
    assert desk.switch.provoking is page
    assert texts(page, "rsv1") == ["✓ closed 1002, as required"]


def test_the_lines_of_the_draft_go_with_every_handshake_where_that_is_ticked(
    qtbot: QtBot, desk: Desk
) -> None:
    assert desk.page is not None
    tab = desk.page.tab
    line = DraftLine(b"Origin", b"https://one.example")
    tab.edit(tab.draft.insert(len(tab.draft.lines), line).with_version_values([b"99"]))
    page = desk.switch.show_provoke()
    assert page.with_lines.text() == "Lines of the draft: Origin"
    assert page.asked.plan(page.asked.read()).lines == ()
    page.with_lines.click()
    assert page.asked.plan(page.asked.read()).lines == (line,)
    page.servers.set_text("wss://test.invalid/")
    page.start()
    assert page.confirm.text.full_text().endswith("\nWith every handshake go: Origin.")
    page.give_up()
    ran(qtbot, page, "lab/echo", "rsv1")
    page.open_row(0, 0)
    qtbot.waitUntil(lambda: desk.switch.provoking is None, timeout=WAIT)
    assert b"\r\nOrigin: https://one.example\r\n" in desk.page.tab.conversation.attempts[0].snapshot.request


def test_a_variable_of_the_draft_is_filled_in_and_one_without_a_value_stops_the_run(
    qtbot: QtBot, desk: Desk
) -> None:
    assert desk.page is not None
    tab = desk.page.tab
    line = DraftLine(b"Authorization", b"Bearer {{token}}")
    tab.edit(tab.draft.insert(len(tab.draft.lines), line))
    page = desk.switch.show_provoke()
    page.with_lines.click()
    page.servers.set_text("lab/echo")
    page.start()
    assert page.results is None
    assert page.trouble.full_text().startswith("✕ There is no variable {{token}}.")
    assert "Authorization" in page.trouble.full_text()
    tab.set_options(replace(tab.conversation.options, variables=(("token", "abc"),)))
    assert page.asked.plan(page.asked.read()).lines == (replace(line, value=b"Bearer abc"),)
    page.start()
    assert page.busy
    page.stop_asking()
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)


def test_a_row_opens_while_others_still_run(qtbot: QtBot, desk: Desk) -> None:
    page = desk.switch.show_provoke()
    page.servers.set_text("lab/echo")
    page.tick.alone(["unmasked-text", "longer-than-sent", "half-header", "declared-1g"])
    page.how.at_once.setValue(1)
    page.start()
    qtbot.waitUntil(lambda: page.results is not None and page.results.done >= 1, timeout=WAIT)
    assert page.busy
    page.open_row(0, 0)
    qtbot.waitUntil(lambda: desk.switch.provoking is None, timeout=WAIT)
    assert desk.page is not None
    assert desk.page.tab.conversation.title == "Text without a mask (unmasked-text)"
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    assert page.results is not None
    assert page.results.done == page.results.total == 4


def test_a_window_that_closes_while_provocations_run_lets_go_of_them(qtbot: QtBot, desk: Desk) -> None:
    page = desk.switch.show_provoke()
    page.servers.set_text("lab/echo")
    page.start()
    assert page.busy  # the fixture closes the window now, and nothing may hang
