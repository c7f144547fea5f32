"""The Sweep page on the real lab: asked, told, opened, compared, stopped, and asked before it goes out."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from wsinspector.conversation.filling_in import Values
from wsinspector.conversation.sweep_own_sets import OwnSets
from wsinspector.conversation.sweep_results import SweepPhase
from wsinspector.present.sweep_table import table_of
from wsinspector.ui import theme
from wsinspector.ui.settings import Settings
from wsinspector.ui.sweep.page import SweepPage
from wsinspector.ui.sweep.reading import SweepReading
from wsinspector.ui.sweep.reports import report_kinds
from wsinspector.ui.sweep.said_list import SaidModel
from wsinspector.ui.sweep.servers import TRIAL, hosts_elsewhere, read_servers, set_ups, split
from wsinspector.ui.sweep.table_model import SweepModel
from wsinspector.ui.workspace import Workspace

WAIT = 20_000
STRICT, ANY, SILENT = "lab/strict", "lab/any", "lab/silent"
Opener = Callable[[], SweepPage]


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(Settings(tmp_path / "window.ini"))
    made.start()
    qtbot.waitUntil(lambda: bool(made.scenarios()), timeout=WAIT)
    yield made
    made.stop()


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, workspace: Workspace, tmp_path: Path) -> Iterator[SweepPage]:
    theme.apply(qapp)
    made = SweepPage(workspace, OwnSets(tmp_path / "sets"))
    qtbot.addWidget(made)
    made.resize(1440, 860)
    with qtbot.waitActive(made, timeout=WAIT):
        made.show()
        made.activateWindow()
    yield made
    made.stop()


def swept(qtbot: QtBot, page: SweepPage, servers: str, *, name: str = "common") -> None:
    """Run a sweep to its end."""
    page.servers.set_text(servers)
    page.sets.choose(name)
    page.start()
    assert page.busy
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)


def texts(page: SweepPage) -> dict[str, list[str]]:
    """What stands in the table, by the titles of its rows."""
    model = page.results.model
    columns = range(model.columnCount())
    return {
        row.label: [model.text(model.index(at, column)) for column in columns]
        for at, row in enumerate(model.rows)
    }


def row_called(page: SweepPage, label: str) -> int:
    return next(at for at, row in enumerate(page.results.model.rows) if row.label == label)


# -- which servers


def lab_url(path: str) -> str:
    return f"ws://127.0.0.1:9{path}"


def test_variables_are_filled_in_but_no_secret_one() -> None:
    variables = Values({"host": "127.0.0.1:9", "token": "s3cr3t"}, frozenset({"token"}))
    read = read_servers(
        "ws://{{host}}/chat ws://a.test/?t={{token}} ws://{{none}}/", lambda _: "", variables=variables
    )
    assert [each.url for each in read.servers] == ["ws://127.0.0.1:9/chat"]
    secret, unknown = read.faults
    assert "{{token}} is secret" in secret
    assert "There is no variable {{none}}" in unknown
    assert "s3cr3t" not in repr(read)


def test_addresses_are_split_at_blanks_and_commas_but_not_within_a_query() -> None:
    found = split("ws://a/, ws://b/,ws://c/ lab/strict;lab/echo?versions=13,8&refuse=any,\n wss://d/?x=1,2")
    assert found == [
        *("ws://a/", "ws://b/", "ws://c/", "lab/strict", "lab/echo?versions=13,8&refuse=any"),
        "wss://d/?x=1,2",
    ]


def test_a_short_name_stands_for_a_set_up_of_the_lab() -> None:
    read = read_servers("lab/strict, lab/echo?versions=13,8&refuse=400-list, lab/close", lab_url)
    assert read.faults == ()
    assert [server.url for server in read.servers] == [
        "ws://127.0.0.1:9/echo?versions=13&refuse=426-list",
        "ws://127.0.0.1:9/echo?versions=13,8&refuse=400-list",
        "ws://127.0.0.1:9/close",
    ]
    assert [server.name for server in read.servers] == ["lab: strict", "lab: 13, 8, 400-list", "lab: close"]


def test_what_is_no_address_is_told_with_its_reason() -> None:
    read = read_servers("ws://127.0.0.1:99999/, lab/strict, ws://x/, ws://x/", lambda _: "")
    assert [server.url for server in read.servers] == ["ws://x/"]
    assert len(read.faults) == 2
    assert read.faults[0].startswith("ws://127.0.0.1:99999/: ")
    assert read.faults[1] == "lab/strict: the lab is not listening."


def test_every_set_up_is_one_that_the_lab_knows(workspace: Workspace, qtbot: QtBot, page: SweepPage) -> None:
    names = ", ".join(f"lab/{each.name}" for each in set_ups() if each.name != "silent")
    page.sets.choose("own")
    page.own.set_text("13\n14")
    swept(qtbot, page, names, name="own")
    assert [text.split()[-1] for text in texts(page)["13"]] == ["101"] * 5


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [
        ("ws://127.0.0.1:1/", ()),
        ("ws://127.9.8.7/", ()),
        ("ws://[::1]:9/", ()),
        ("ws://localhost/", ()),
        ("ws://sub.localhost/", ()),
        ("wss://example.com/", ("example.com",)),
        ("ws://127.0.0.1.example.com/", ("127.0.0.1.example.com",)),
        ("ws://10.0.0.1/", ("10.0.0.1",)),
        ("ws://0.0.0.0/", ("0.0.0.0",)),
    ],
)
def test_only_loopback_counts_as_this_computer(address: str, elsewhere: tuple[str, ...]) -> None:
    assert hosts_elsewhere(read_servers(address, lab_url).servers) == elsewhere


# -- before anything was asked


def test_the_empty_page_says_what_to_do_and_asks_nothing(page: SweepPage) -> None:
    assert page.stack.currentWidget() is page.empty
    QTest.mouseClick(page.empty.trial, Qt.MouseButton.LeftButton)
    assert split(page.servers.text()) == [f"lab/{name}" for name in TRIAL]
    assert page.go.hasFocus()
    assert not page.busy
    assert page.go.text() == "Run"
    assert not page.report.isEnabled()


def test_without_a_server_it_says_so_in_place(page: SweepPage) -> None:
    page.start()
    assert not page.busy
    assert page.trouble.isVisible()
    assert "No server is named" in page.trouble.full_text()
    assert page.servers.field.hasFocus()
    page.servers.field.setText("")
    QTest.keyClicks(page.servers.field, "x")
    assert not page.trouble.isVisible()


def test_other_hosts_are_asked_about_in_the_page_first(page: SweepPage) -> None:
    page.servers.set_text("wss://example.com/, ws://example.com/b, ws://127.0.0.1:9/, ws://other.example/")
    page.start()
    assert page.confirm.isVisible()
    assert page.confirm.text.full_text().split("\n") == [
        "This sends 46 odd requests to example.com.",
        "This sends 23 odd requests to other.example.",
    ]
    assert page.confirm.yes.hasFocus()
    assert page.go.property("kind") != "primary"
    assert not page.busy
    QTest.keyClick(page.confirm.yes, Qt.Key.Key_Escape)
    assert not page.confirm.isVisible()
    assert page.go.property("kind") == "primary"
    assert not page.busy
    assert page.run.results is None


def test_another_scheme_or_zoom_leaves_the_question_standing(page: SweepPage) -> None:
    page.servers.set_text("wss://example.com/")
    page.start()
    theme.set_scheme("light")
    theme.set_scheme("dark")
    assert page.confirm.isVisible()
    page.servers.set_text("wss://example.org/")
    assert not page.confirm.isVisible()  # it was asked of other servers


# -- asking


def test_the_lab_is_swept_and_what_stands_out_comes_first(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, f"{STRICT}, {ANY}")
    found = texts(page)
    assert found["13"] == ["101", "101"]
    assert found["9 – 12"] == ["426 → 13", "✕ 101"]
    lines = page.results.outs.list.said.lines
    assert lines[0].mark == "✕"
    assert lines[0].text.startswith(
        "lab: any version opens whatever version is sent, though it must refuse 9–12, "
    )
    assert lines[0].clause == "RFC 6455 §4.2.2"
    assert page.go.text() == "Run again"
    assert page.report.isEnabled()
    assert not page.progress.isVisible()


def test_colour_goes_by_verdict_and_never_alone(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, f"{STRICT}, {ANY}")
    model = page.results.model
    wrong, right = model.index(row_called(page, "256"), 1), model.index(row_called(page, "13"), 1)
    assert (model.role(wrong), model.role(right)) == ("fault", "ok")
    assert model.text(wrong).startswith("✕ ")
    assert model.role(model.index(row_called(page, "256"), 0)) == "muted"
    spoken = str(model.data(wrong, Qt.ItemDataRole.AccessibleTextRole))
    assert spoken.startswith("256, lab: any version: ✕ 101. ")
    assert "§" in spoken


def test_progress_is_told_while_it_runs_and_a_hung_server_is_seen_to_wait(
    qtbot: QtBot, page: SweepPage
) -> None:
    page.how.timeout.setValue(1.6)
    page.sets.choose("own")
    page.own.set_text("14\n13")
    page.servers.set_text(f"{STRICT}, {SILENT}")
    page.start()
    model = page.results.model
    qtbot.waitUntil(
        lambda: model.columnCount() == 2 and model.text(model.index(0, 1)).startswith("waiting"), timeout=WAIT
    )
    assert page.progress.isVisible()
    assert page.progress.text.full_text().startswith("2 of 4, 4 at a time, 1 under way")
    assert model.text(model.index(0, 0)) == "426 → 13"
    assert page.go.text() == "Stop"
    assert page.status()[1].startswith("saved as it happens: sweep-")
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    assert texts(page)["14"] == ["426 → 13", "✕ no answer"]
    assert not page.progress.isVisible()
    assert any("never answers" in line.text for line in page.results.outs.list.said.lines)


def test_it_stops_when_told_and_keeps_what_came(qtbot: QtBot, page: SweepPage) -> None:
    page.servers.set_text(f"{STRICT}, {SILENT}")
    page.how.timeout.setValue(30)
    page.start()
    qtbot.waitUntil(
        lambda: page.run.results is not None and page.run.results.servers[0].done == 23, timeout=WAIT
    )
    QTest.mouseClick(page.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.busy, timeout=5000)
    results = page.run.results
    assert results is not None
    assert results.phase is SweepPhase.CANCELLED
    assert results.servers[0].done == 23
    assert "the sweep was stopped" in page.results.outs.beside.full_text()


def test_a_page_that_goes_waits_for_no_server(qtbot: QtBot, page: SweepPage) -> None:
    page.servers.set_text(SILENT)
    page.how.timeout.setValue(200)
    page.start()
    qtbot.waitUntil(lambda: page.run.results is not None, timeout=WAIT)
    # The fixture stops the page while the server is asked.
    assert page.busy


# -- the table


def test_the_model_keeps_qts_rules_while_answers_come(
    qtbot: QtBot, page: SweepPage, qtmodeltester: ModelTester
) -> None:
    model = page.results.model
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    said = page.results.outs.list.said
    qtmodeltester.check(said)  # type: ignore[no-untyped-call]
    swept(qtbot, page, f"{STRICT}, {ANY}")
    assert model.rowCount() < 23
    model.fold(False)
    assert model.rowCount() == 23
    model.fold(True)
    model.toggle(row_called(page, "9 – 12"))
    model.toggle(row_called(page, "9 – 12"))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_a_model_without_a_sweep_is_empty(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(SweepModel())  # type: ignore[no-untyped-call]
    qtmodeltester.check(SaidModel())  # type: ignore[no-untyped-call]
    assert SweepModel().rowCount() == 0


def test_folding_keeps_the_rows_around_where_they_are(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, STRICT)
    model = page.results.model
    at = row_called(page, "9 – 12")
    moved: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: moved.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: moved.append(("out", first, last)))
    model.modelReset.connect(lambda: moved.append(("reset", 0, 0)))
    model.toggle(at)
    assert [row.label for row in model.rows[at : at + 5]] == ["9 – 12", "9", "10", "11", "12"]
    model.toggle(at + 2)
    assert moved == [("in", at + 1, at + 4), ("out", at + 1, at + 4)]


def test_space_opens_a_folded_row_and_the_cell_stays_current(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, f"{STRICT}, {ANY}")
    table, model = page.results.table, page.results.model
    at = row_called(page, "9 – 12")
    table.setFocus()
    table.setCurrentIndex(model.index(at, 1))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert model.rows[at + 1].label == "9"
    assert (table.currentIndex().row(), table.currentIndex().column()) == (at, 1)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert model.rows[at + 1].label == "13"


def test_a_click_on_a_title_opens_the_folded_row(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, STRICT)
    table, model = page.results.table, page.results.model
    at = row_called(page, "9 – 12")
    QTest.mouseClick(table.titles.viewport(), Qt.MouseButton.LeftButton, pos=table.title_at(at))
    assert [row.label for row in model.rows[at + 1 : at + 5]] == ["9", "10", "11", "12"]
    assert all(row.inner for row in model.rows[at + 1 : at + 5])


def test_the_menu_of_a_cell_names_what_keys_do(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, STRICT)
    table, model = page.results.table, page.results.model
    menu = QMenu(table)
    at = row_called(page, "9 – 12")
    table.fill_menu(menu, model.index(at, 0))
    texts = [action.text().split("\t") for action in menu.actions()]
    assert [key for _, key in texts] == ["Enter", "Space", "Ctrl+C"]
    menu.actions()[1].trigger()
    assert model.rows[at].open


def test_a_server_that_is_not_reached_is_told_and_accused_of_nothing(qtbot: QtBot, page: SweepPage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    swept(qtbot, page, f"ws://127.0.0.1:{port}/, {STRICT}")
    assert texts(page)["absent"] == ["not reached", "400 → 13"]
    model = page.results.model
    assert model.role(model.index(0, 0)) == "muted"
    line = next(line for line in page.results.outs.list.said.lines if line.server == 0)
    assert "was not reached" in line.text
    assert line.role == "muted"
    tip = str(model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
    assert "1 of 23 answers" in tip


def test_the_lab_over_tls_is_trusted_without_a_word(
    qtbot: QtBot, page: SweepPage, workspace: Workspace
) -> None:
    lab = workspace.lab
    assert lab is not None
    qtbot.waitUntil(lambda: bool(lab.url_of("/echo", "good")), timeout=WAIT)
    swept(qtbot, page, lab.url_of("/echo?versions=13", "good"))
    assert texts(page)["13"] == ["101"]


def test_a_sentence_leads_to_its_cells_and_opens_what_is_folded_with_others(
    qtbot: QtBot, page: SweepPage
) -> None:
    swept(qtbot, page, f"{STRICT}, lab/no-list")
    said = page.results.outs.list
    line = next(line for line in said.said.lines if "without naming a version it takes" in line.text)
    said.setCurrentIndex(said.said.index(said.said.lines.index(line)))
    said.setFocus()
    QTest.keyClick(said, Qt.Key.Key_Return)
    model, table = page.results.model, page.results.table
    assert table.hasFocus()
    chosen = table.selectedIndexes()
    assert {index.column() for index in chosen} == {line.server}
    odds = model.results.odds if model.results is not None else ()
    ids = {odds[place].id for index in chosen for place in model.rows[index.row()].places}
    assert ids == set(line.ids)
    part = [odds[place].id for place in model.rows[row_called(page, "9 – 12")].places][:2]
    indexes = model.indexes(1, part)
    assert [model.rows[index.row()].label for index in indexes] == ["9", "10"]


def test_enter_opens_the_answer_as_a_conversation_of_its_own(
    qtbot: QtBot, page: SweepPage, workspace: Workspace
) -> None:
    swept(qtbot, page, STRICT)
    source = page.run.path
    assert source is not None
    before = source.read_bytes()
    table, model = page.results.table, page.results.model
    table.setFocus()
    table.setCurrentIndex(model.index(row_called(page, "abc"), 0))
    with qtbot.waitSignal(page.cell_ready, timeout=WAIT) as ready:
        QTest.keyClick(table, Qt.Key.Key_Return)
    path, fresh = ready.args or (None, None)
    assert fresh is True
    opened = workspace.open_conversation(Path(str(path)))
    snapshot = opened.attempts[0].snapshot
    assert b"Sec-WebSocket-Version: abc\r\n" in snapshot.request
    assert snapshot.response is not None
    assert snapshot.response.status == 400
    assert snapshot.end is not None
    assert len(opened.attempts) == 1
    workspace.closed(opened)
    assert source.read_bytes() == before
    with qtbot.waitSignal(page.cell_ready, timeout=WAIT) as again:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert again.args == [path, False]


def test_an_answer_can_be_opened_while_others_are_awaited(
    qtbot: QtBot, page: SweepPage, workspace: Workspace
) -> None:
    page.servers.set_text(f"{STRICT}, {SILENT}")
    page.how.timeout.setValue(60)
    page.start()
    model = page.results.model
    qtbot.waitUntil(lambda: model.columnCount() == 2 and model.text(model.index(0, 0)) != "", timeout=WAIT)
    qtbot.waitUntil(lambda: model.cell(model.index(0, 0)) is not None, timeout=WAIT)
    with qtbot.waitSignal(page.cell_ready, timeout=WAIT) as ready:
        page.results.cell_opened.emit(0, 0)
    opened = workspace.open_conversation(Path(str((ready.args or [""])[0])))
    assert opened.attempts[0].snapshot.end is not None
    workspace.closed(opened)
    assert page.busy


def test_columns_scroll_where_they_have_no_room_and_are_told_in_full(qtbot: QtBot, page: SweepPage) -> None:
    page.resize(1024, 640)
    names = ", ".join(f"lab/echo?versions=13&refuse=400-list&n={number}" for number in range(9))
    page.sets.choose("own")
    page.own.set_text("13")
    swept(qtbot, page, names, name="own")
    table, model = page.results.table, page.results.model
    head = table.horizontalHeader()
    assert model.columnCount() == 9
    assert all(head.sectionSize(at) >= 150 for at in range(9))
    assert table.horizontalScrollBar().maximum() > 0
    tip = str(model.headerData(8, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
    assert "/echo?versions=13&refuse=400-list&n=8" in tip


# -- kept, opened again, compared, handed on


def test_a_kept_sweep_is_opened_again_as_it_was(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, f"{STRICT}, {ANY}")
    before, said = texts(page), page.results.outs.list.said.lines
    path = page.run.path
    assert path is not None
    page.how.timeout.setValue(9)
    swept(qtbot, page, STRICT)
    page.open_menu.fill()
    assert any(action.text().startswith(path.name) for action in page.open_menu.list.actions())
    with qtbot.waitSignal(page.run.ended, timeout=WAIT):
        page.open_file(path)
    assert texts(page) == before
    assert page.results.outs.list.said.lines == said
    assert page.how.timeout.value() == 5.0
    assert len(split(page.servers.text())) == 2
    assert page.sets.current() == 0
    assert page.status()[1] == f"saved: {path.name}"


def test_what_is_no_sweep_is_told_and_changes_nothing(qtbot: QtBot, page: SweepPage, tmp_path: Path) -> None:
    swept(qtbot, page, STRICT)
    other = tmp_path / "other.wsi"
    other.write_bytes(b"no capture")
    with qtbot.waitSignal(page.run.failed, timeout=WAIT):
        page.open_file(other)
    assert page.trouble.full_text().startswith("other.wsi could not be opened: ")
    assert texts(page)["13"] == ["101"]


def test_a_server_that_changed_is_told_above_the_table(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, STRICT)
    earlier = page.run.path
    assert earlier is not None
    swept(qtbot, page, "lab/echo?versions=13,14&refuse=426-list")
    with qtbot.waitSignal(page.run.differs, timeout=WAIT):
        page.run.compare(earlier)
    changes = page.results.changes
    assert changes.isVisible()
    assert changes.heading.full_text() == "Since a moment ago"
    assert any("14" in line.text and line.ids == ("14",) for line in changes.list.said.lines)
    QTest.mouseClick(page.results.close_changes, Qt.MouseButton.LeftButton)
    assert not changes.isVisible()
    assert page.run.earlier is None


# -- the lab at another port, settings, expectations, large files


def test_a_kept_sweep_of_the_lab_is_asked_again_where_the_lab_listens_by_now(
    qtbot: QtBot, page: SweepPage, workspace: Workspace, qapp: QApplication, tmp_path: Path
) -> None:
    lab = workspace.lab
    assert lab is not None
    qtbot.waitUntil(lambda: bool(lab.url_of("/", "good")), timeout=WAIT)
    swept(qtbot, page, f"{STRICT}, lab/mirror, {lab.url_of('/echo?versions=13', 'good')}")
    path, before, old = page.run.path, texts(page), lab.port
    assert path is not None
    with socket.create_server(("127.0.0.1", 0)) as taken:
        other = taken.getsockname()[1]
    settings = Settings(tmp_path / "other.ini")
    settings.lab_port = other
    elsewhere = Workspace(settings)
    elsewhere.start()
    made = SweepPage(elsewhere, OwnSets(tmp_path / "sets"))
    qtbot.addWidget(made)
    try:
        made.show()
        moved = elsewhere.lab
        assert moved is not None
        qtbot.waitUntil(lambda: bool(moved.url_of("/", "good")), timeout=WAIT)
        assert moved.port != old
        with qtbot.waitSignal(made.run.ended, timeout=WAIT):
            made.open_file(path)
        assert split(made.servers.text()) == [
            "lab/strict",
            "lab/mirror",
            moved.url_of("/echo?versions=13", "good"),
        ]
        assert made.trouble.full_text().endswith(f"Run again asks it there: {moved.url}")
        made.go.click()
        assert not made.trouble.isVisible()
        qtbot.waitUntil(lambda: not made.busy, timeout=WAIT)
        assert made.run.results is not None
        assert {f":{old}/" in each.url for each in made.run.results.servers} == {False}
        assert list(texts(made).values()) == list(before.values())
        with qtbot.waitSignal(made.run.differs, timeout=WAIT):
            made.run.compare(path)
        assert made.results.changes.beside.full_text() == f"nothing is different from {path.name}"
    finally:
        made.stop()
        elsewhere.stop()


def test_what_was_asked_last_is_there_at_the_next_start(
    qtbot: QtBot, page: SweepPage, workspace: Workspace, tmp_path: Path
) -> None:
    page.sets.segments[-1].click()
    page.own.set_text("13\n8⏎13")
    token = "ws://me:c2VjcmV0LXRva2Vu0123@127.0.0.1:9/?token=c2VjcmV0LXRva2Vu0123456789"
    swept(qtbot, page, f"{STRICT}, {token}, lab/echo?versions=13,8", name="own")
    workspace.settings.sync()
    assert "c2VjcmV0" not in (tmp_path / "window.ini").read_text()
    again = SweepPage(Workspace(Settings(tmp_path / "window.ini")), OwnSets(tmp_path / "sets"))
    qtbot.addWidget(again)
    assert split(again.servers.text()) == [STRICT, "lab/echo?versions=13,8"]
    assert again.own.isVisibleTo(again)
    assert [request.odd.id for request in again.own.requests] == ["13", "8⏎13"]
    assert not again.busy


def test_expectations_are_saved_held_and_shown_one_by_one(
    qtbot: QtBot, page: SweepPage, tmp_path: Path
) -> None:
    swept(qtbot, page, STRICT)
    target = tmp_path / "wanted.toml"
    with qtbot.waitSignal(page.run.said, timeout=WAIT):
        page.expect.save_asked.emit(target)
    with qtbot.waitSignal(page.expecting.held, timeout=WAIT):
        page.expect.asked.emit(target)
    box = page.results.expected
    assert box.isVisible()
    assert box.beside.full_text() == "all 23 met, by wanted.toml"
    assert {line.mark for line in box.list.said.lines} == {"✓"}
    assert "wanted.toml" in page.expect.text()
    target.write_text('["13"]\noutcome = "open"\n["14"]\nstatus = 101\n["(key missing)"]\nstatus = 400\n')
    with qtbot.waitSignal(page.expecting.held, timeout=WAIT):
        page.expecting.open(target)
    assert box.beside.full_text() == "2 of 3 not met, by wanted.toml"
    assert [line.text for line in box.list.said.lines] == [
        "lab: strict, 14: status 426, expected 101",
        "lab: strict, key missing: It was not asked.",
        "lab: strict, 13: as expected",
    ]
    with qtbot.waitSignal(page.run.ended, timeout=WAIT):
        page.start()  # asks what the file names besides
    qtbot.waitUntil(lambda: box.isVisible() and "1 of 3 not met" in box.beside.full_text(), timeout=WAIT)
    assert "key missing" in texts(page)
    box.list.setCurrentIndex(box.list.said.index(0))
    QTest.keyClick(box.list, Qt.Key.Key_Return)
    assert [page.results.model.rows[at.row()].label for at in page.results.table.selectedIndexes()] == ["14"]
    junit = tmp_path / "r.xml"
    with qtbot.waitSignal(page.run.said, timeout=WAIT):
        page.write_report(next(kind for kind in report_kinds() if kind.suffix == ".xml"), junit)
    assert 'tests="3" failures="1"' in junit.read_text()
    page.results.close_expected.click()
    assert not box.isVisible()
    assert page.expecting.requests() == ()


def test_a_file_that_holds_no_expectations_is_told_in_place(
    qtbot: QtBot, page: SweepPage, tmp_path: Path
) -> None:
    target = tmp_path / "wrong.toml"
    target.write_text('["13"]\noutcome = "nice"\n')
    with qtbot.waitSignal(page.expecting.failed, timeout=WAIT):
        page.expecting.open(target)
    assert page.trouble.full_text().startswith("wrong.toml cannot be used: [\"13\"]: 'nice' is no outcome")
    assert page.expecting.path is None


def test_opening_tells_how_far_it_is_and_is_given_up_by_escape(
    qtbot: QtBot, page: SweepPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept(qtbot, page, STRICT)
    before, path = texts(page), page.run.path
    assert path is not None
    swept(qtbot, page, STRICT)
    shown = page.run.path
    halfway, go_on = threading.Event(), threading.Event()
    step = SweepReading._step

    def waiting(reading: SweepReading, done: int, total: int) -> None:
        step(reading, done, total)
        if done == 23:
            halfway.set()
            go_on.wait(WAIT / 1000)

    monkeypatch.setattr(SweepReading, "_step", waiting)
    page.open_file(path)
    assert page.go.text() == "Stop"
    qtbot.waitUntil(halfway.is_set, timeout=WAIT)
    qtbot.waitUntil(lambda: page.progress.text.full_text() == f"Opening {path.name}: 50 %", timeout=WAIT)
    assert page.progress.isVisible()
    QTest.keyClick(page.results.table, Qt.Key.Key_Escape)
    with qtbot.waitSignal(page.run.said, timeout=WAIT):
        go_on.set()
    assert not page.busy
    assert not page.progress.isVisible()
    assert page.run.path == shown
    assert texts(page) == before
    monkeypatch.undo()
    with qtbot.waitSignal(page.run.ended, timeout=WAIT):
        page.open_file(path)
    assert page.run.path == path


def test_a_running_sweep_is_not_pushed_away_by_a_file(qtbot: QtBot, page: SweepPage, tmp_path: Path) -> None:
    page.servers.set_text(SILENT)
    page.how.timeout.setValue(200)
    page.start()
    page.open_file(tmp_path / "sweep-7.wsi")
    assert page.busy
    assert page.trouble.full_text() == "A sweep runs. Stop it (Escape), then open sweep-7.wsi."


@pytest.mark.parametrize("place", ["servers", "at once", "table", "own set", "said", "stop"])
def test_escape_stops_a_sweep_wherever_the_focus_is(qtbot: QtBot, page: SweepPage, place: str) -> None:
    page.sets.choose("own")
    page.own.set_text("13\n14")
    page.own.show()
    page.servers.set_text(f"{STRICT}, {SILENT}")
    page.how.timeout.setValue(200)
    page.start()
    qtbot.waitUntil(lambda: page.results.isVisible() and page.results.model.rowCount() == 2, timeout=WAIT)
    focus: dict[str, QWidget] = {
        "servers": page.servers.field,
        "at once": page.how.at_once,
        "table": page.results.table,
        "own set": page.own.edit,
        "said": page.results.outs.list,
        "stop": page.go,
    }
    focus[place].show()
    focus[place].setFocus()
    assert focus[place].hasFocus()
    QTest.keyClick(focus[place], Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    assert page.run.results is not None
    assert page.run.results.phase is SweepPhase.CANCELLED


# -- reports


@pytest.mark.parametrize("place", range(5))
def test_every_report_is_written(qtbot: QtBot, page: SweepPage, tmp_path: Path, place: int) -> None:
    swept(qtbot, page, f"{STRICT}, {ANY}")
    kind = report_kinds()[place]
    target = tmp_path / f"report{kind.suffix}"
    with qtbot.waitSignal(page.run.said, timeout=WAIT):
        page.write_report(kind, target)
    text = target.read_bytes().decode()
    assert page.run.results is not None
    assert text == kind.make(page.run.results, None, None)
    assert {".html": "<!doctype html>", ".csv": "server", ".json": "{", ".xml": "<?xml", ".toml": "#"}[
        kind.suffix
    ] in text.lower()[:200]
    if kind.suffix == ".json":
        assert len(json.loads(text)["servers"]) == 2


def test_a_report_that_cannot_be_written_is_told_in_place(
    qtbot: QtBot, page: SweepPage, tmp_path: Path
) -> None:
    swept(qtbot, page, STRICT)
    with qtbot.waitSignal(page.run.failed, timeout=WAIT):
        page.write_report(report_kinds()[0], tmp_path / "no such folder" / "x.html")
    assert page.trouble.isVisible()
    assert page.trouble.full_text().startswith("x.html could not be written: ")


# -- sets of one's own


def test_what_cannot_be_read_is_told_while_it_is_typed(page: SweepPage) -> None:
    page.sets.segments[-1].click()
    assert page.own.isVisible()
    page.own.set_text("")
    QTest.keyClicks(page.own.edit, "13")
    assert page.own.told.full_text() == "1 request to each server."
    QTest.keyClick(page.own.edit, Qt.Key.Key_Return)
    QTest.keyClicks(page.own.edit, "8\\q")
    assert "✕ Line 2: \\q is no escape" in page.own.told.full_text()
    assert len(page.own.edit.extraSelections()) == 1
    assert [request.odd.id for request in page.own.requests] == ["13"]


def test_a_set_is_saved_by_name_and_found_again(page: SweepPage, tmp_path: Path) -> None:
    page.sets.segments[-1].click()
    page.own.set_text("13\n0x0d\n")
    page.own.save.click()
    assert "saved by a name" in page.own.told.full_text()
    page.own.name.setEditText("common")
    page.own.save.click()
    assert page.own.told.full_text().startswith("✕ ")
    page.own.name.setEditText("odd bases")
    page.own.save.click()
    assert OwnSets(tmp_path / "sets").names() == ("odd bases",)
    page.own.set_text("")
    assert page.own.take("odd bases")
    assert [request.odd.id for request in page.own.requests] == ["13", "0x0d"]
    assert page.own.title() == "odd bases"
    page.own.remove.click()
    assert OwnSets(tmp_path / "sets").names() == ()


def test_a_set_of_ones_own_is_asked(qtbot: QtBot, page: SweepPage) -> None:
    page.sets.segments[-1].click()
    page.own.set_text("13\n8⏎13\n(key missing)\n")
    swept(qtbot, page, STRICT, name="own")
    assert list(texts(page)) == ["13", "two lines: 8, 13", "key missing"]
    assert page.run.results is not None
    assert page.run.results.sets == ("own",)


# -- by keyboard alone


def test_tab_goes_from_the_servers_to_run_and_on_to_the_table(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, STRICT)
    page.servers.field.setFocus()
    seen: list[QWidget] = []
    for _ in range(40):
        now = QApplication.focusWidget()
        assert now is not None
        if now in seen:
            break
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    for before, after in (
        (page.servers.field, page.go),
        (page.go, page.how.at_once),
        (page.how.at_once, page.open_menu),
        (page.open_menu, page.results.table),
    ):
        assert seen.index(before) < seen.index(after)
    for widget in seen:
        assert widget.accessibleName() or str(widget.property("text") or ""), widget


@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize("size", [(1440, 860), (1366, 650), (1024, 640)])
def test_nothing_is_cut_at_any_size(
    qtbot: QtBot, page: SweepPage, size: tuple[int, int], zoom: float
) -> None:
    theme.set_zoom(zoom)
    try:
        page.resize(*size)
        page.servers.set_text(STRICT)
        qtbot.waitUntil(lambda: page.width() == size[0], timeout=WAIT)
        QApplication.processEvents()
        shown: tuple[QWidget, ...] = (page.servers, page.sets, page.report, page.go, *page.how.stops)
        for widget in (*shown, page.folds, page.open_menu, page.compare_menu):
            corner = widget.mapTo(page, widget.rect().bottomRight())
            assert corner.x() <= page.width(), widget
            assert widget.width() >= widget.minimumSizeHint().width(), widget
    finally:
        theme.set_zoom(1.0)


def test_the_table_is_what_present_makes_of_it(qtbot: QtBot, page: SweepPage) -> None:
    swept(qtbot, page, f"{STRICT}, {ANY}", name="malformed")
    assert page.run.results is not None
    table = table_of(page.run.results)
    assert [row.label for row in table.rows] == [row.label for row in page.results.model.rows]
