"""Every key of the window comes from the registry, and no two that can be meant at once are the same."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import wsinspector.ui
from tests.ui.filing import WAIT, Opener
from wsinspector.actions.action import FIXED, GROUPS
from wsinspector.actions.naming import ACTIONS, first_key
from wsinspector.learn.lessons.model import Act, Ask, Do, Expect, Kind
from wsinspector.learn.lessons.prose import plain
from wsinspector.learn.lessons.shelf import built_in, read_shelf
from wsinspector.resources import root
from wsinspector.ui.actions.binding import ACTION, TIP, Deeds, bind, retell, tell
from wsinspector.ui.actions.kept_keys import read_keys, write_keys
from wsinspector.ui.actions.registry import Registry, key_text, registry
from wsinspector.ui.actions.scopes import SCOPES, overlap
from wsinspector.ui.actions.taking import why_not
from wsinspector.ui.desk import Desk
from wsinspector.ui.learn.lesson_exercise import ExerciseBox
from wsinspector.ui.learn.lesson_text import LessonText
from wsinspector.ui.translating import pseudonym

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _keys_as_at_first() -> Iterator[None]:
    yield
    registry().load(None)


def pressed(key: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "") -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held, text)


def everything(qtbot: QtBot, desk: Desk) -> None:
    """Make every part that is only made when it is asked for."""
    page = desk.page
    assert page is not None
    page.workbench.made()
    page.toggle_options()
    page.toggle_options()
    page.toggle_statistics()
    page.toggle_statistics()
    page.frames.crafting.show()
    for index in range(4):
        desk.show_page(index)
    for topic in ("versions", "rules", "filter"):
        desk.show_learn(topic)
    desk.show_page(0)
    desk.show_lab_sheet()
    desk.toggle_sheet()
    desk.toggle_sheet()


# -- the table


def test_ids_are_of_one_form_and_belong_to_known_groups_and_scopes() -> None:
    assert len({action.id for action in registry().actions.values()}) == len(registry().actions)
    for action in registry().actions.values():
        assert re.fullmatch(r"[a-z-]+\.[a-z0-9-]+", action.id)
        assert action.group in GROUPS, action.id
        assert action.scope in SCOPES, action.id
        assert not action.fixed or action.fixed in FIXED, action.id
        assert not action.over or action.over in registry().actions, action.id
        assert action.text


def test_no_two_actions_that_can_be_meant_at_once_share_a_key() -> None:
    shared = {
        (key, *sorted((action.id, other.id)))
        for action in registry().actions.values()
        for key in registry().keys(action.id)
        for other in registry().sharing(action.id, key)
        if not (action.fixed and other.fixed)
    }
    assert shared == set()


def test_every_first_key_is_one_that_the_sheet_would_take() -> None:
    refused = {
        (action.id, key, why_not(action, key))
        for action in registry().actions.values()
        if not action.fixed
        for key in registry().keys(action.id)
        if why_not(action, key)
    }
    assert refused == set()


def test_scopes_overlap_both_ways_or_not_at_all() -> None:
    for one in SCOPES:
        for other in SCOPES:
            assert overlap(one, other) == overlap(other, one), (one, other)
    assert overlap("window", "log")
    assert overlap("frames", "log")
    assert not overlap("log", "send")
    assert not overlap("statistics", "payload")
    assert not overlap("sweep", "frames")
    assert overlap("request", "log")


# -- the window


def test_no_shortcut_is_bound_besides_the_registry(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    everything(qtbot, desk)
    registry().take("files.export", ["Ctrl+Alt+E"])
    found = 0
    for shortcut in desk.window.findChildren(QShortcut):
        name = str(shortcut.property(ACTION) or "")
        assert name in registry().actions, (shortcut.key().toString(), shortcut.parent())
        assert [key.toString() for key in list(shortcut.keys())] == list(registry().keys(name)), name
        found += 1
    for action in desk.window.findChildren(QAction):
        if action.shortcuts() and not _of_qt(action):
            name = str(action.property(ACTION) or "")
            assert name in registry().actions, action.text()
            assert [key.toString() for key in action.shortcuts()] == list(registry().keys(name)), name
    for button in desk.window.findChildren(QAbstractButton):
        if not button.shortcut().isEmpty() and "&" not in button.text():
            name = str(button.property(ACTION) or "")
            assert button.shortcut().toString() in registry().keys(name), button.text()
    assert found > 60
    for deeds in desk.window.findChildren(Deeds):
        for name in deeds.names():
            assert registry().actions[name].scope == deeds.scope


def _of_qt(action: QAction) -> bool:
    """Whether a field of Qt's own made it: cut, copy and paste of its menu."""
    return type(action) is QAction and action.objectName().startswith(("edit-", "select-", "_q_", "qt_"))


def test_every_action_that_works_everywhere_is_bound(open_window: Opener) -> None:
    desk = open_window()
    bound = {str(each.property(ACTION)) for each in desk.window.findChildren(QShortcut)}
    wanted = {action.id for action in registry().actions.values() if action.scope == "window"}
    assert wanted - bound == set()


def test_every_key_in_a_tooltip_is_the_one_of_now(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    everything(qtbot, desk)
    said = [widget for widget in desk.window.findChildren(QWidget) if widget.property(TIP)]
    assert len(said) > 50
    for widget in said:
        assert "[key:" not in widget.toolTip()
        assert widget.toolTip() == registry().fill(str(widget.property(TIP)))
    named = re.compile(r"\(((?:Ctrl\+|Alt\+|Shift\+)*(?:F\d+|[A-Z]|[0-9/.,]))\)")
    for widget in desk.window.findChildren(QWidget):
        for key in named.findall(widget.toolTip()):
            assert widget.property(TIP), (widget.toolTip(), key)


def test_no_text_names_a_key_that_can_be_changed() -> None:
    """A key in a text is written as ``[key:id]``, so that it is the one of now."""
    fixed = {key_text(key) for each in registry().actions.values() if each.fixed for key in each.keys}
    held = r"(?:Ctrl\+|Alt\+|Shift\+)+"
    named = re.compile(rf"(?<![\w+:])({held}(?:F\d+|[A-Z](?![a-z])|[\d/.,])|F[1-9]\d?)(?!\w)")
    strings = re.compile(r'translate\(\s*"\w+",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
    wrong = []
    for folder in ("ui", "present"):
        for path in sorted((Path(wsinspector.ui.__file__).parents[1] / folder).rglob("*.py")):
            for text in strings.findall(path.read_text(encoding="utf-8")):
                wrong += [(path.name, key) for key in named.findall(text) if key not in fixed]
    assert wrong == []


def test_every_id_that_a_text_names_is_an_action() -> None:
    named = re.compile(r"\[key:([a-z][a-z0-9.-]*)\]")
    for folder in ("ui", "present"):
        for path in sorted((Path(wsinspector.ui.__file__).parents[1] / folder).rglob("*.py")):
            if "actions" in path.parts:
                continue
            for name in named.findall(path.read_text(encoding="utf-8")):
                assert name in registry().actions, (path.name, name)


def test_no_letter_or_function_key_is_asked_for_in_code() -> None:
    """keyPressEvent knows keys that are fixed; letters and function keys are asked from the registry."""
    named = re.compile(r"Key\.Key_(F\d+|[A-Z]|Slash|Plus|Comma|Period)\b|QKeySequence\(\"")
    root = Path(wsinspector.ui.__file__).parent
    wrong = [
        (str(path.relative_to(root)), found)
        for path in sorted(root.rglob("*.py"))
        if "actions" not in path.parts
        for found in named.findall(path.read_text(encoding="utf-8"))
        if not (path.name == "filter_field.py" and found == "F1")  # a fixed key of the filter
    ]
    assert wrong == []


def test_a_changed_key_works_at_once_and_the_old_one_does_not(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    window = desk.window
    registry().take("window.new-tab", ["Ctrl+Shift+N"])
    QTest.keyClick(window, Qt.Key.Key_T, CTRL)
    QTest.keyClick(window, Qt.Key.Key_N, CTRL | SHIFT)
    qtbot.waitUntil(lambda: len(desk.pages) == 2, timeout=WAIT)
    assert "Ctrl+Shift+N" in window.tabs.more.toolTip()
    window.tabs.more_menu.aboutToShow.emit()
    assert window.tabs.more_menu.actions()[0].text().endswith("\tCtrl+Shift+N")
    log = desk.pages[0].frames.view.table
    assert "M marks" in log.accessibleDescription()
    registry().take("log.mark", ["B"])
    assert "B marks" in log.accessibleDescription()
    registry().take("window.new-tab", [])
    assert "Ctrl+Shift+N" not in window.tabs.more.toolTip()
    assert "()" not in window.tabs.more.toolTip()
    window.tabs.more_menu.aboutToShow.emit()
    assert "\t" not in window.tabs.more_menu.actions()[0].text()


def test_a_changed_letter_of_the_log_is_the_one_that_is_meant() -> None:
    keys = Registry()
    assert keys.meant(pressed(Qt.Key.Key_M, text="m"), "log") == "log.mark"
    assert keys.meant(pressed(Qt.Key.Key_M, SHIFT, "M"), "log") == "log.name"
    assert keys.meant(pressed(Qt.Key.Key_M, CTRL), "log") == ""
    keys.take("log.mark", ["B"])
    assert keys.meant(pressed(Qt.Key.Key_M, text="m"), "log") == ""
    assert keys.meant(pressed(Qt.Key.Key_B, text="b"), "log") == "log.mark"
    assert keys.meant(pressed(Qt.Key.Key_B, text="b"), "chart") == ""


@pytest.mark.parametrize(
    ("key", "held", "text"),
    [(Qt.Key.Key_Plus, SHIFT, "+"), (Qt.Key.Key_Plus, NONE, "+"), (Qt.Key.Key_Equal, NONE, "=")],
)
def test_a_sign_is_meant_with_and_without_the_shift_that_types_it(
    key: Qt.Key, held: Qt.KeyboardModifier, text: str
) -> None:
    assert Registry().meant(pressed(key, held, text), "chart") == "statistics.closer"


def test_a_key_of_the_keypad_is_the_same_key() -> None:
    event = pressed(Qt.Key.Key_Plus, Qt.KeyboardModifier.KeypadModifier, "+")
    assert Registry().meant(event, "chart") == "statistics.closer"
    assert (
        Registry().meant(pressed(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier), "saved")
        == "saved.send"
    )


# -- what a text says


def test_a_text_says_the_key_of_now_and_a_name_where_there_is_none() -> None:
    keys = Registry()
    assert keys.fill("Export ([key:files.export])") == "Export (Ctrl+E)"
    assert keys.fill("Not open. [key:request.connect] connects.") == "Not open. F5 connects."
    keys.take("files.export", [])
    keys.take("request.connect", [])
    assert keys.fill("Export ([key:files.export])") == "Export"
    name = keys.actions["request.connect"].text
    assert keys.fill("Not open. [key:request.connect] connects.") == f"Not open. “{name}” connects."
    assert keys.fill("[key:no.such]") == "[key:no.such]"
    assert keys.fill("{0} of {n}") == "{0} of {n}"


def test_a_tooltip_follows_a_change(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    tell(button, "Quit ([key:window.quit])")
    assert button.toolTip() == "Quit (Ctrl+Q)"
    registry().take("window.quit", ["Ctrl+Alt+Q"])
    retell()
    assert button.toolTip() == "Quit (Ctrl+Alt+Q)"
    tell(button, "Plain")
    retell()
    assert button.toolTip() == "Plain"


def test_a_bound_key_follows_a_change(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    taken: list[str] = []
    shortcut = bind("window.next-tab", window, lambda: taken.append("next"))
    assert [key.toString() for key in list(shortcut.keys())] == ["Ctrl+Tab", "Ctrl+PgDown"]
    registry().take("window.next-tab", ["Ctrl+Alt+N"])
    retell()
    assert shortcut.keys() == [QKeySequence("Ctrl+Alt+N")]
    shortcut.activated.emit()
    assert taken == ["next"]


# -- taking a key


def test_a_key_that_is_taken_is_taken_from_the_others() -> None:
    keys = Registry()
    assert [each.id for each in keys.sharing("files.open", "Ctrl+E")] == ["files.export"]
    keys.take("files.open", ["Ctrl+E"])
    assert keys.keys("files.open") == ("Ctrl+E",)
    assert keys.keys("files.export") == ()
    keys.reset("files.export")
    assert keys.keys("files.export") == ("Ctrl+E",)
    assert keys.keys("files.open") == ()
    keys.reset_all()
    assert keys.keys("files.open") == ("Ctrl+O",)
    assert not any(keys.is_changed(name) for name in keys.actions)


def test_a_key_may_be_the_same_where_both_are_never_in_sight() -> None:
    keys = Registry()
    assert keys.sharing("payload.text", "Alt+3") == [keys.actions["payload.hex"]]
    assert keys.sharing("statistics.charts", "Alt+4") == []


@pytest.mark.parametrize(
    ("name", "key", "why"),
    [
        ("files.export", "E", "typing"),
        ("files.export", "Shift+E", "typing"),
        ("frames.send", "Space", "fields and lists"),
        ("frames.send", "Return", "fields and lists"),
        ("log.mark", "Up", "fields and lists"),
        ("log.mark", "Tab", "control to control"),
        ("log.mark", "Esc", "control to control"),
        ("log.mark", "Ctrl+C", "every field"),
        ("list.copy", "Ctrl+B", "every program"),
        ("log.mark", "", "no such key"),
    ],
)
def test_a_key_that_is_needed_elsewhere_is_refused_with_the_reason(name: str, key: str, why: str) -> None:
    assert why in why_not(registry().actions[name], key)


@pytest.mark.parametrize(
    ("name", "key"),
    [("log.mark", "B"), ("log.mark", "Shift+B"), ("files.export", "Ctrl+Alt+B"), ("files.export", "F7")],
)
def test_a_key_that_nothing_needs_is_taken(name: str, key: str) -> None:
    assert why_not(registry().actions[name], key) == ""


def test_letters_are_refused_wherever_text_is_typed() -> None:
    for action in registry().actions.values():
        if action.fixed or not SCOPES[action.scope].typing:
            continue
        assert all(why_not(action, letter) for letter in string.ascii_uppercase), action.id


# -- the file


def test_changed_keys_are_kept_from_start_to_start(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = Registry()
    assert keys.load(path) == ""
    assert keys.take("files.export", ["Ctrl+Alt+E"]) == ""
    assert keys.take("files.open", []) == ""
    assert path.stat().st_mode & 0o777 == 0o600
    again = Registry()
    assert again.load(path) == ""
    assert again.keys("files.export") == ("Ctrl+Alt+E",)
    assert again.keys("files.open") == ()
    assert again.keys("files.save") == ("Ctrl+Shift+S",)
    assert [each.name for each in tmp_path.glob("keys*")] == ["keys.json"]


def test_what_another_version_kept_is_kept_on(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    assert write_keys(path, {"later.action": ("Ctrl+B",)}) == ""
    keys = Registry()
    keys.load(path)
    keys.take("files.export", ["Ctrl+Alt+E"])
    assert read_keys(path) == ({"later.action": ("Ctrl+B",), "files.export": ("Ctrl+Alt+E",)}, "")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"format": 2, "keys": {}}', b'{"format": 1, "keys": {"a.b": "Ctrl+B"}}',
     b"[" * 100_000, b"7" * 5000, b" " * (1 << 20) + b"{}"],
)  # fmt: skip
def test_a_broken_file_is_put_aside_and_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(data)
    keys = Registry()
    assert "keys.json.broken" in keys.load(path)
    assert keys.keys("files.export") == ("Ctrl+E",)
    assert not path.exists()
    assert (tmp_path / "keys.json.broken").read_bytes() == data


def test_a_key_that_qt_does_not_know_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_keys(path, {"files.export": ("Ctrl+NoSuchKey", "Ctrl+E, Ctrl+F")})
    keys = Registry()
    assert keys.load(path) == ""
    assert keys.keys("files.export") == ()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keys = Registry()
    keys.load(tmp_path / "file" / "keys.json")
    assert "cannot be kept" in keys.take("files.export", ["Ctrl+Alt+E"])
    assert keys.keys("files.export") == ("Ctrl+Alt+E",)


def test_a_broken_file_is_told_in_the_window(open_window: Opener, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    desk = open_window()
    assert "keys.json.broken" in desk.keys_said
    assert (tmp_path / "keys.json.broken").exists()


def in_sight(desk: Desk) -> dict[str, set[str]]:
    """Each key that can be pressed now wherever the focus is, and the actions it is bound to."""
    found: dict[str, set[str]] = {}
    anywhere = Qt.ShortcutContext.WindowShortcut
    for shortcut in desk.window.findChildren(QShortcut):
        parent = shortcut.parent()
        seen = isinstance(parent, QWidget) and parent.isVisible() and shortcut.isEnabled()
        if seen and shortcut.context() == anywhere:
            for key in list(shortcut.keys()):
                found.setdefault(key.toString(), set()).add(str(shortcut.property(ACTION)))
    for button in desk.window.findChildren(QAbstractButton):
        if button.isVisible() and button.isEnabled() and not button.shortcut().isEmpty():
            found.setdefault(button.shortcut().toString(), set()).add(str(button.property(ACTION)))
    return found


def test_no_key_in_sight_is_bound_twice(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = desk.page
    assert page is not None
    echo = next(each for each in desk.workspace.scenarios() if each.path == "/echo")
    page.tab.set_address(echo.url)
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.frames.send_bar.button.isEnabled(), timeout=WAIT)

    def looked(place: str) -> None:
        twice = {key: names for key, names in in_sight(desk).items() if len(names) > 1}
        assert twice == {}, place

    looked("the log")
    page.toggle_statistics()
    assert page.statistics.shown
    assert "Alt+K" in in_sight(desk)
    looked("the statistics")
    page.toggle_statistics()
    for part in range(3):
        page.workbench.show(part)
        looked(f"the workbench, {part}")
    page.workbench.leave()
    page.frames.detail.show()
    assert "payload.hex" in in_sight(desk)["Alt+3"]
    looked("the detail")
    for index in range(5):
        desk.show_page(index)
        looked(f"page {index}")
    for topic in ("versions", "rules", "filter", "glossary", "lessons"):
        desk.show_learn(topic)
        looked(topic)


def test_lessons_name_keys_by_their_actions() -> None:
    named = re.compile(r"(?<![\w+:])(?:(?:Ctrl|Alt|Shift)\+)+(?:F\d+|[A-Z](?![a-z])|[\d/.,])|\bF[1-9]\d?\b")
    for path in sorted((root() / "lessons").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"\[key:([^\]]*)\]", text):
            assert name in registry().actions, (path.name, name)
        assert not named.findall(text), path.name


def test_a_lesson_says_the_key_of_now(qtbot: QtBot) -> None:
    shelf = read_shelf(((built_in(), False),))
    lesson = shelf.called("strange-values")
    assert lesson is not None
    step = next(step for step in lesson.steps if "[key:request.connect]" in plain(step.text))
    text = LessonText()
    qtbot.addWidget(text)
    text.show_blocks(step.text, None)
    assert "F5" in text.toPlainText()
    assert "[key:" not in text.toPlainText() + text.accessibleDescription()
    registry().take("request.connect", ["Ctrl+Alt+F5"])
    assert "Ctrl+Alt+F5" in text.toPlainText()
    assert "Ctrl+Alt+F5" in text.accessibleDescription()


def test_an_exercise_says_the_key_of_now(qtbot: QtBot) -> None:
    box = ExerciseBox()
    qtbot.addWidget(box)
    box.show_exercise(Ask("Does [key:request.connect] connect?", Kind.TEXT, ("yes",)))
    box.say("Press [key:request.connect].", "note")
    registry().take("request.connect", ["Ctrl+Alt+F5"])
    seen = (box.task.full_text(), box.result.full_text(), box.field.accessibleName())
    assert all("Ctrl+Alt+F5" in each and "[key:" not in each for each in seen), seen
    box.show_exercise(Do("Press [key:request.connect].", Expect(opened=True), Act()))
    assert box.task.full_text() == "○ Press Ctrl+Alt+F5."
    box.show_done(True)
    assert (box.task.full_text(), box.task.accessibleName()) == (
        "✓ Press Ctrl+Alt+F5.",
        "Done: Press Ctrl+Alt+F5.",
    )


def test_a_false_language_leaves_the_places_of_keys() -> None:
    text = pseudonym("Export ([key:files.export])")
    assert "[key:files.export]" in text
    assert "(Ctrl+E)" in Registry().fill(text)
    assert "Export" not in text


def test_keys_are_called_alike_without_a_window() -> None:
    fresh = Registry()
    assert {name: first_key(name) for name in ACTIONS} == {name: fresh.shown(name) for name in fresh.actions}
