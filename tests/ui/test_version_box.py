"""The version box is a view of the version lines and changes nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.protocol.dialects import DIALECTS, Dialect
from wsinspector.protocol.draft import DraftLine
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.version_box import LINE, VersionBox, text_of, values_of
from wsinspector.ui.settings import RECENT_VERSIONS, Settings


@pytest.fixture
def tab(qtbot: QtBot) -> Iterator[TabState]:
    conversation = Conversation(Engine())
    conversation.set_address("ws://127.0.0.1:1/")
    made = TabState(conversation)
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "window.ini")


@pytest.fixture
def box(qtbot: QtBot, tab: TabState, settings: Settings) -> VersionBox:
    made = VersionBox(tab, settings)
    qtbot.addWidget(made)
    made.show()
    return made


def retype(box: VersionBox, text: str) -> None:
    box.edit.clear()
    box.edit.textEdited.emit("")
    QTest.keyClicks(box.edit, text)


def actions(menu: QMenu) -> dict[str, QMenu | None]:
    """Texts of a menu before the tab stop, with what opens beside them."""
    found: dict[str, QMenu | None] = {}
    for action in menu.actions():
        inner = action.menu()
        found[action.text().split("\t")[0]] = inner if isinstance(inner, QMenu) else None
    return found


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((b"13",), "13"),
        ((b"13", b"8"), f"13 {LINE} 8"),
        ((b" 13 ",), " 13 "),
        ((b"13\r\n\\",), "13\\r\\n\\\\"),
        ((b"\x00\xff",), "\\x00ÿ"),
    ],
)
def test_lines_become_a_text_and_come_back(values: tuple[bytes, ...], text: str) -> None:
    assert values_of(text_of(values)) == (values, ())
    assert values_of(text)[0] == values


def test_a_typed_value_changes_the_version_line_and_nothing_else(box: VersionBox, tab: TabState) -> None:
    before = tab.draft
    retype(box, "8")
    assert tab.draft.version_values() == (b"8",)
    assert tab.draft.to_bytes() == before.to_bytes().replace(b"Version: 13\r\n", b"Version: 8\r\n")
    assert "interim" in box.meaning.full_text()


def test_an_escape_that_is_none_is_kept_and_flagged(box: VersionBox, tab: TabState) -> None:
    retype(box, "1\\q\\t")
    assert tab.draft.version_values() == (b"1\\q\t",)
    assert "\\q" in box.meaning.full_text()


def test_shift_enter_begins_another_line(box: VersionBox, tab: TabState) -> None:
    box.edit.end(False)
    QTest.keyClick(box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(box.edit, "8")
    assert tab.draft.version_values() == (b"13", b"8")
    assert "2 lines" in box.meaning.full_text()


def test_absent_and_empty_are_two_things(box: VersionBox, tab: TabState) -> None:
    box.choose(())
    assert tab.draft.version_values() == ()
    assert box.edit.placeholderText() == "absent"
    box.choose((b"",))
    assert tab.draft.version_values() == (b"",)
    assert box.edit.placeholderText() == "empty"
    assert b"Sec-WebSocket-Version: \r\n" in tab.draft.to_bytes()


def test_an_edit_elsewhere_shows_in_the_box(box: VersionBox, tab: TabState) -> None:
    at = tab.draft.named(b"Sec-WebSocket-Version")[0]
    tab.edit(tab.draft.insert(at + 1, DraftLine(b"sec-websocket-version", b"7")))
    assert box.edit.text() == f"13 {LINE} 7"


def test_bytes_that_are_no_head_are_said_to_be_such(box: VersionBox, tab: TabState) -> None:
    tab.edit(tab.draft.with_bytes(b"\x00\x01\x02"))
    assert box.meaning.full_text() == "set by raw bytes"
    assert box.edit.isReadOnly()
    tab.undo()
    assert box.edit.text() == "13"
    assert not box.edit.isReadOnly()


def test_the_menu_groups_the_choices(box: VersionBox) -> None:
    menu = box.build_menu()
    found = actions(menu)
    assert list(found)[:4] == ["13", "8", "7", "Absent"]
    assert [text for text, inner in found.items() if inner is not None] == [
        "Older and other numbers",
        "Malformed",
        "Repeated",
        "Speak another version",
    ]
    assert all(inner.actions() for inner in found.values() if inner is not None)
    menu.deleteLater()


def test_a_choice_of_the_menu_is_taken(box: VersionBox, tab: TabState) -> None:
    menu = box.build_menu()
    repeated = next(inner for text, inner in actions(menu).items() if text == "Repeated")
    assert repeated is not None
    repeated.actions()[0].trigger()
    assert len(tab.draft.version_values()) > 1
    menu.deleteLater()


def test_the_last_five_used_are_offered(box: VersionBox, settings: Settings) -> None:
    for number in range(20, 28):
        box.choose((str(number).encode(),))
    assert settings.recent_versions == ["27", "26", "25", "24", "23"]
    assert len(settings.recent_versions) == RECENT_VERSIONS
    menu = box.build_menu()
    assert "27" in actions(menu)
    menu.deleteLater()


def speak(box: VersionBox, name: str) -> None:
    """Pick dialect ``name`` in the menu."""
    menu = box.build_menu()
    inner = actions(menu)["Speak another version"]
    assert inner is not None
    next(action for action in inner.actions() if action.text().startswith(f"{name}\t")).trigger()
    menu.deleteLater()


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_a_dialect_rewrites_the_whole_request_and_is_spoken(
    box: VersionBox, tab: TabState, dialect: Dialect
) -> None:
    speak(box, dialect.name)
    assert tab.spoken == dialect.name
    assert tab.draft.version_values() == ((dialect.version,) if dialect.version is not None else ())
    assert b"Host: 127.0.0.1:1" in tab.draft.to_bytes()


def test_the_box_says_what_is_spoken_where_no_header_tells(box: VersionBox) -> None:
    speak(box, "hixie-76")
    assert box.edit.placeholderText() == "absent"
    assert box.meaning.full_text() == "hixie-76"
    assert box.toolTip() == "hixie-76 is spoken"
    speak(box, "rfc6455")
    assert box.toolTip() == ""


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_in_a_small_window_there_is_room_for_what_is_spoken(box: VersionBox, dialect: Dialect) -> None:
    box.setFixedWidth(round(0.22 * 1024))
    speak(box, dialect.name)
    box.grab()  # lays it out
    shown, full = box.meaning.text(), box.meaning.full_text()
    if dialect.version is None:
        assert shown == full == dialect.name
    else:  # the value itself tells; how much of its meaning there is room for is the font's affair
        assert box.edit.text() == dialect.version.decode()
        assert full


def test_undo_takes_a_dialect_back_and_never_an_old_key(box: VersionBox, tab: TabState) -> None:
    before = tab.draft
    speak(box, "hixie-76")
    speak(box, "hybi-05")
    assert tab.undo()
    assert tab.spoken == "hixie-76"
    assert tab.undo()
    assert tab.spoken == "rfc6455"
    assert [line.name for line in tab.draft.lines] == [line.name for line in before.lines]
    assert tab.draft.key() != before.key()


def test_a_value_alone_rewrites_nothing(box: VersionBox, tab: TabState) -> None:
    before = tab.draft
    box.choose((b"5",))
    assert tab.spoken == "hybi-05"
    assert tab.draft == before.with_version_values([b"5"])
    box.choose((b"25",))
    assert tab.spoken == "rfc6455"


def test_the_menu_leads_to_what_each_version_is(qtbot: QtBot, box: VersionBox) -> None:
    menu = box.build_menu()
    with qtbot.waitSignal(box.about_asked) as asked:
        menu.actions()[-1].trigger()
    assert asked.args == ["rfc6455"]
    menu.deleteLater()
