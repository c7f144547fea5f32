"""The palette: what fits some letters, shown with its key, done by Return."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import WAIT, Opener
from wsinspector.library.requests import RequestFolder, SavedRequest
from wsinspector.library.saved_messages import Book, Folder, Saved, SavedMessages
from wsinspector.protocol.draft import Draft
from wsinspector.ui import theme
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.desk import Desk
from wsinspector.ui.palette.matching import MOST, Index, folded, matched
from wsinspector.ui.palette.model import MATCHED, PaletteModel
from wsinspector.ui.palette.opening import Palette
from wsinspector.ui.palette.row import Row
from wsinspector.ui.palette.sheet import PaletteSheet
from wsinspector.ui.palette.used import Used

CTRL = Qt.KeyboardModifier.ControlModifier

# -- matching


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("exp", "Export"),
        ("new conv", "New conversation"),
        ("nc", "New conversation"),
        ("take mark", "Mark, or take the mark off"),
        ("all k", "All keys"),
        ("ALL KEYS", "All keys"),
        ("keys all", "All keys"),
    ],
)
def test_the_best_comes_first(typed: str, best: str) -> None:
    texts = [action.text for action in registry().actions.values()]
    assert texts[Index(texts).find(typed)[0]] == best


def test_letters_must_stand_in_their_order() -> None:
    texts = ["abc", "acb", "xaybzc", "cba"]
    assert {texts[at] for at in Index(texts).find("abc")} == {"abc", "xaybzc"}
    assert Index(texts).find("abcd") == []


def test_what_was_used_last_is_first_where_nothing_is_typed() -> None:
    assert Index(["a", "b", "c"]).find("", (2, 1)) == [2, 1, 0]
    assert Index(["ab one", "ab two", "ab six"]).find("ab", (2,))[0] == 2


def test_letters_far_apart_are_no_name() -> None:
    rule = "The server answers with the list of all versions that it supports in that header line."
    texts = [rule, "Show all rows again on the pane", "Shop", "A shop that is closed", "Show options"]
    found = [texts[at] for at in Index(texts).find("shop")]
    assert found == ["Shop", "A shop that is closed", "Show options"]
    assert Index([rule]).find("list versions") == [0]


def test_a_kind_finds_all_of_it_below_those_that_are_called_so() -> None:
    texts, kinds = ["Ping and pong", "Lessons", "The key", "Rules"], ["Lesson", "Learn", "Lesson", "Learn"]
    assert Index(texts, kinds).find("lesson") == [1, 0, 2]
    assert Index(texts, kinds).find("lesson key") == [2]
    assert Index(texts, kinds).find("lear") == [1, 3]


def test_a_list_is_no_longer_than_somebody_reads() -> None:
    assert len(Index(["one"] * (MOST + 50)).find("o")) == MOST
    assert len(Index(["one"] * (MOST + 50)).find("")) == MOST


@given(st.text(max_size=40), st.text(max_size=8))
def test_whatever_fits_has_its_letters_shown(text: str, typed: str) -> None:
    places = matched(typed, text)
    assert places == sorted(set(places))
    assert all(0 <= place < len(text) for place in places)
    if Index([text]).find(typed) and typed.split():
        assert places
        shown = folded("".join(text[place] for place in places))
        assert all(letter in shown for letter in "".join(folded(typed).split()))
    elif typed.split():
        assert not Index([text]).find(typed)


@given(st.text(max_size=40))
def test_a_text_is_folded_letter_by_letter(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_accents_are_no_hindrance() -> None:
    assert Index(["Über alles", "Ansicht"]).find("uber") == [0]
    assert matched("uber", "Über alles") == [0, 1, 2, 3]


def test_the_letters_that_are_meant() -> None:
    assert matched("nc", "New conversation") == [0, 4]
    assert matched("conv", "New conversation") == [4, 5, 6, 7]
    assert matched("off", "Mark, or take the mark off") == [23, 24, 25]
    assert matched("zz", "Export") == []


# -- the model


def rows(*texts: str, **given: str) -> list[Row]:
    return [Row(f"id:{text}", "Thing", text, **given) for text in texts]  # type: ignore[arg-type]


def test_the_model_is_a_model(qtbot: QtBot) -> None:
    model = PaletteModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(rows("one", "two", "three"), ["id:two"])
    assert [model.index(at, 0).data() for at in range(3)] == ["two", "one", "three"]
    model.type("t")
    assert [model.index(at, 0).data() for at in range(model.rowCount())] == ["two", "three"]
    assert model.index(0, 0).data(MATCHED) == [0]
    model.type("nothing like it")
    assert model.rowCount() == 0
    model.set_rows([], [])


def test_a_row_says_all_of_itself_to_who_cannot_see_it() -> None:
    model = PaletteModel()
    model.set_rows(rows("one", key="Ctrl+B", where="in the log", why_not="Nothing is picked."), [])
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "one, Thing, Ctrl+B, Nothing is picked."


# -- what was used last


def test_what_was_used_last_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "palette.json"
    used = Used(path)
    for name in ("a", "b", "a"):
        used.use(name)
    assert Used(path).ids == ["a", "b"]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("data", [b"{", b"[1]", b'{"format": 1, "used": [1]}', b"\xff"])
def test_a_broken_list_is_put_aside_and_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "palette.json"
    path.write_bytes(data)
    used = Used(path)
    assert "palette.json.broken" in used.trouble
    assert used.ids == []
    used.use("a")
    assert json.loads(path.read_text())["used"] == ["a"]


# -- the sheet


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def sheet(qtbot: QtBot, qapp: QApplication, done: list[str]) -> Iterator[PaletteSheet]:
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 700)

    def collect() -> Sequence[Row]:
        found = [Row(f"id:{at}", "Thing", f"thing {at}", partial(done.append, str(at))) for at in range(60)]
        return [*found, Row("no", "Thing", "muted thing", lambda: done.append("no"), why_not="It sleeps.")]

    made = PaletteSheet(collect, Used(), window)
    with qtbot.waitExposed(window, timeout=WAIT):
        window.show()
    window.activateWindow()
    made.toggle()
    yield made
    window.close()


def test_the_keys_move_and_return_takes(sheet: PaletteSheet, done: list[str]) -> None:
    field = sheet.field
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(field, key)
    assert sheet.list.currentIndex().row() == 1
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    paged = sheet.list.currentIndex().row()
    assert paged > 5
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    assert sheet.list.currentIndex().row() == 1
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert sheet.list.currentIndex().row() == sheet.model.rowCount() - 1
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert done == ["0"]
    assert not sheet.isVisible()


def test_the_last_used_is_on_top_the_next_time(sheet: PaletteSheet, done: list[str]) -> None:
    QTest.keyClicks(sheet.field, "thing 42")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    sheet.toggle()
    assert sheet.field.text() == ""
    row = sheet.current()
    assert row is not None
    assert row.text == "thing 42"
    assert done == ["42"]


def test_what_cannot_be_done_now_says_why_and_stays(sheet: PaletteSheet, done: list[str]) -> None:
    QTest.keyClicks(sheet.field, "muted")
    assert "It sleeps." in sheet.said.full_text()
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    assert done == []
    assert sheet.isVisible()


def test_escape_puts_it_away_and_nothing_found_is_said(sheet: PaletteSheet) -> None:
    QTest.keyClicks(sheet.field, "qqq")
    assert "Nothing has these letters" in sheet.said.full_text()
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    QTest.keyClick(sheet.field, Qt.Key.Key_Down)
    assert sheet.isVisible()
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_rows_that_come_late_leave_the_picked_one_picked(sheet: PaletteSheet) -> None:
    QTest.keyClick(sheet.field, Qt.Key.Key_Down)
    before = sheet.current()
    sheet.add([Row("late", "Thing", "a late thing")])
    assert sheet.current() == before
    QTest.keyClicks(sheet.field, "late")
    assert sheet.current() == Row("late", "Thing", "a late thing") or sheet.current() is not None


# -- the window


def opened(qtbot: QtBot, desk: Desk) -> Palette:
    with qtbot.waitSignal(_complete(desk), timeout=WAIT):
        QTest.keyClick(desk.window, Qt.Key.Key_K, CTRL)
    palette = desk.palette
    assert palette is not None
    return palette


def _complete(desk: Desk):  # type: ignore[no-untyped-def]
    if desk.palette is None:
        desk.palette = Palette(desk)
    return desk.palette.complete


def texts(palette: Palette, kind: str) -> list[str]:
    return [row.text for row in palette.model.rows if row.kind == kind]


def test_everything_there_is_can_be_found(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    assert desk.page is not None
    desk.settings.saved_filters = [("errors", "type:close")]
    book = Book((Folder(), Folder("greetings", (Saved("hello", "text", "hi there"),))))
    assert SavedMessages().save(book)
    palette = opened(qtbot, desk)
    ids = {row.id for row in palette.model.rows}
    assert len(ids) == len(palette.model.rows)
    changeable = {f"action:{each.id}" for each in registry().actions.values() if not each.fixed} - {
        "action:window.palette"
    }
    assert changeable - ids == set()
    assert {"Rules", "Glossary", "Lessons"} <= set(texts(palette, "Learn"))
    assert len(texts(palette, "Rule")) > 50
    assert "accept" in {row.id.partition(":")[2] for row in palette.model.rows if row.kind == "Word"}
    assert texts(palette, "Lesson")
    assert texts(palette, "Tab")
    assert any("/chat" in each for each in texts(palette, "Lab"))
    assert "errors" in texts(palette, "Saved filter")
    assert "hello" in texts(palette, "Saved message")
    assert "Echo" in texts(palette, "Sequence")
    assert texts(palette, "Request as")
    assert texts(palette, "Payload view")


def test_an_action_is_done_and_shows_its_key_of_now(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    registry().take("window.new-tab", ["Ctrl+Shift+N"])
    palette = opened(qtbot, desk)
    QTest.keyClicks(palette.field, "new conversation")
    row = palette.current()
    assert row is not None
    assert row.key == "Ctrl+Shift+N"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert len(desk.pages) == 2
    registry().load(None)


def test_an_action_of_a_part_out_of_sight_says_where_it_works(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    palette = opened(qtbot, desk)
    by_id = {row.id: row for row in palette.model.rows}
    assert "statistics" in by_id["action:statistics.charts"].why_not
    assert by_id["action:log.next-mark"].why_not
    assert by_id["action:request.view"].why_not == ""
    palette.leave()
    desk.show_page(1)
    palette.toggle()
    by_id = {row.id: row for row in palette.model.rows}
    assert "conversation" in by_id["action:statistics.show"].why_not
    assert by_id["action:request.view"].why_not


def test_a_saved_filter_a_message_and_an_address_are_taken(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = desk.page
    assert page is not None
    desk.settings.saved_filters = [("only closes", "type:close")]
    assert SavedMessages().save(Book((Folder("", (Saved("my hello", "text", "hi there"),)),)))
    palette = opened(qtbot, desk)
    for typed in ("only closes", "my hello", "/chat"):
        if not palette.isVisible():
            with qtbot.waitSignal(palette.complete, timeout=WAIT):
                palette.toggle()
        QTest.keyClicks(palette.field, typed)
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert page.frames.tools.filter.field.text() == "type:close"
    assert page.frames.send_bar.edit.toPlainText() == "hi there"
    assert page.tab.conversation.address_text.endswith("/chat")


def test_a_sequence_and_a_topic_are_opened(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = desk.page
    assert page is not None
    palette = opened(qtbot, desk)
    row = next(row for row in palette.model.rows if row.id == "sequence:echo")
    palette.leave()
    row.run()
    assert page.workbench.panel is not None
    sequence = page.workbench.panel.sequence
    qtbot.waitUntil(lambda: bool(sequence.edit.typed().strip()), timeout=WAIT)
    row = next(row for row in palette.model.rows if row.id == "learn:rules")
    row.run()
    assert desk.switch.learn is not None
    assert desk.window.whole.currentWidget() is desk.switch.learn


def test_what_has_no_key_is_found_too(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    palette = opened(qtbot, desk)
    assert "Copy as curl" in texts(palette, "Copy as")
    assert "Add a line" in texts(palette, "Button")
    QTest.keyClicks(palette.field, "as curl")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text().startswith("curl ")
    palette = opened(qtbot, desk)
    QTest.keyClicks(palette.field, "share saved")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    shelves = desk.switch.shelves
    assert shelves is not None
    qtbot.waitUntil(shelves.requests.isVisible, timeout=WAIT)
    palette = opened(qtbot, desk)
    ids = [row.id for row in palette.model.rows]
    assert {"page:library.import", "page:library.new-set"} <= set(ids)
    assert len(ids) == len(set(ids))
    share = next(row for row in palette.model.rows if row.kind == "Button" and row.text == "Share…")
    assert share.why_not  # nothing is picked


def test_a_saved_request_is_opened_in_a_tab_of_its_own(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    draft = Draft.from_bytes(b"GET /kept HTTP/1.1\r\nHost: example.org\r\nX-Mine: 1\r\n\r\n")
    saved = SavedRequest("last week", "ws://127.0.0.1:1/kept", draft)
    qtbot.waitUntil(lambda: desk.shelf.loaded, timeout=WAIT)
    assert desk.shelf.change(RequestFolder("", (RequestFolder("ours", (saved,)),)))
    palette = opened(qtbot, desk)
    QTest.keyClicks(palette.field, "last week")
    row = palette.current()
    assert row is not None
    assert (row.kind, row.where) == ("Saved request", "ours")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert len(desk.pages) == 2
    assert desk.page is not None
    conversation = desk.page.tab.conversation
    assert conversation.address_text == "ws://127.0.0.1:1/kept"
    assert b"X-Mine: 1" in conversation.draft.to_bytes()
