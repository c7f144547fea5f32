"""The window's lessons: by keyboard alone, in tabs of their own, kept between starts, own ones too."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from tests.ui.lesson_learner import Learner
from wsinspector.learn.lessons.progress import Mark
from wsinspector.learn.lessons.prose import Paragraph, Picture, Span
from wsinspector.ui.desk import Desk
from wsinspector.ui.learn.lesson_text import LessonText, html_of
from wsinspector.ui.learn.lessons_page import LessonsPage

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
OWN = """+++
id = "mine"
title = "Mine"
+++
What it is about.

## Ask
```ask
question = "One and one?"
kind = "number"
answer = 2
[[wrong]]
answer = 3
hint = "That is one and two."
```

## End
Done.
"""


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, to whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def write(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def focus_is_in(part: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and part.isAncestorOf(focus)


def own_folder(desk: Desk) -> Path:
    folder = desk.switch.lessons.folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def lessons_page(desk: Desk) -> LessonsPage:
    learn = desk.switch.learn
    assert learn is not None
    page = learn.current()
    assert isinstance(page, LessonsPage)
    return page


def rows(page: LessonsPage) -> list[str]:
    return [page.list.item(at).text() for at in range(page.list.count())]


def test_a_lesson_is_solved_by_keyboard_alone(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    lessons = desk.switch.lessons
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QListWidget))
    qtbot.waitUntil(lambda: len(rows(lessons_page(desk))) == 12)
    for _ in range(4):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lessons.run is not None and lessons.run.ready)
    run, panel = lessons.run, lessons.panel
    assert run is not None
    assert panel is not None
    assert run.lesson.id == "strange-values"

    def solved() -> None:
        key = run.step.key
        qtbot.waitUntil(lambda: run.mark is Mark.SOLVED)
        press(Qt.Key.Key_F6)
        qtbot.waitUntil(lambda: run.step.key != key and run.ready and not run.acting.busy)

    press(Qt.Key.Key_F5)
    solved()
    for choice in (1, 2):  # the arrows go through the choices
        press(Qt.Key.Key_Down)
        assert panel.exercise.choices.buttons[choice].isChecked()
    press(Qt.Key.Key_Return)
    solved()
    press(Qt.Key.Key_V, CONTROL | SHIFT)
    write("013")
    press(Qt.Key.Key_F5)
    solved()
    write("426")
    press(Qt.Key.Key_Return)
    solved()
    for values in (["013"], ["13, 8"], ["13", "8"], ["255"]):
        press(Qt.Key.Key_V, CONTROL | SHIFT)
        write(values[0])
        for value in values[1:]:
            press(Qt.Key.Key_Return, SHIFT)
            write(value)
        press(Qt.Key.Key_F5)
        solved()
    press(Qt.Key.Key_V, CONTROL | SHIFT)
    # The platform without a screen hands no keys to a menu: its entry is triggered instead.
    menu = run.page.address.version.build_menu()
    next(each for each in menu.actions() if each.text().split("\t")[0] == "Absent").trigger()
    press(Qt.Key.Key_F5)
    solved()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: run.mark is Mark.SOLVED)
    assert QApplication.focusWidget() is panel.next
    press(Qt.Key.Key_Return)
    assert lessons.run is None
    assert lessons.progress.done(run.lesson)
    assert rows(lessons_page(desk))[4].startswith("✓ 5. Values that should not exist\nDone, 10 of 10")


def test_the_learners_other_tabs_are_not_touched(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    other = desk.page
    assert other is not None
    other.tab.set_address("ws://example.invalid/mine")
    before = other.tab.draft.to_bytes()
    learner = Learner(qtbot, desk, "version")
    learner.go_right()
    assert learner.page is not other
    assert other.tab.conversation.address_text == "ws://example.invalid/mine"
    assert other.tab.draft.to_bytes() == before
    assert other.tab.conversation.attempts == []
    assert desk.workspace.control.rule.taken is None  # nor is the lab, for whoever else uses it


def test_the_panel_is_seen_where_its_tab_is(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner = Learner(qtbot, desk, "version")
    bar = desk.window.tabs.bar
    qtbot.waitUntil(learner.panel.isVisible)
    bar.setCurrentIndex(0)
    assert not learner.panel.isVisible()
    desk.switch.lessons.toggle()
    assert learner.panel.isVisible()
    desk.show_learn("rules")
    assert not learner.panel.isVisible()
    desk.switch.lessons.toggle()
    assert learner.panel.isVisible()
    assert focus_is_in(learner.panel)
    desk.switch.lessons.toggle()
    assert focus_is_in(learner.page)


def test_closing_the_tab_ends_the_lesson(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner = Learner(qtbot, desk, "version")
    desk.close_tab(desk.pages.index(learner.page))
    assert desk.switch.lessons.run is None
    assert not learner.panel.isVisible()


def test_a_lesson_goes_on_where_it_was_at_the_next_start(qtbot: QtBot, open_window: Opener) -> None:
    learner = Learner(qtbot, open_window(), "version")
    learner.go_right()
    learner.go_right()
    key = learner.run.step.key
    again = Learner(qtbot, open_window(), "version")
    assert again.run.step.key == key
    assert again.run.progress.solved(again.run.lesson) == 2
    again.panel.go_back()
    qtbot.waitUntil(lambda: again.run.ready)
    assert "solved this before" in again.panel.exercise.result.full_text()


def test_what_was_shown_does_not_count_as_solved(qtbot: QtBot, open_window: Opener) -> None:
    learner = Learner(qtbot, open_window(), "version")
    learner.panel.show_me.click()
    qtbot.waitUntil(lambda: learner.run.mark is Mark.SHOWN)
    learner.hears("Shown.")
    assert learner.page.tab.conversation.attempts[-1].snapshot.opened_at is not None
    learner.panel.next.click()
    qtbot.waitUntil(lambda: learner.run.at == 1)
    learner.panel.show_me.click()
    qtbot.waitUntil(lambda: learner.run.mark is Mark.SHOWN)
    assert learner.panel.exercise.field.text() == "8"
    assert learner.run.progress.solved(learner.run.lesson) == 0


def test_an_answer_that_was_not_foreseen_gets_the_hints_in_turn(qtbot: QtBot, open_window: Opener) -> None:
    learner = Learner(qtbot, open_window(), "version")
    learner.go_right()
    exercise = learner.run.step.ask
    assert exercise is not None
    for hint in (*exercise.hints, exercise.hints[-1]):
        learner.answer(exercise, "77")
        learner.hears(hint)
    learner.answer(exercise, "nonsense")
    learner.hears("no whole number")
    learner.answer(exercise, "")
    learner.hears("Write an answer first.")


def test_a_task_that_is_not_done_yet_is_said_to_be_so(qtbot: QtBot, open_window: Opener) -> None:
    learner = Learner(qtbot, open_window(), "version")
    learner.panel.check.click()
    learner.hears("That is not done yet. F5 connects.")


def test_a_teachers_own_lesson_is_read_and_read_again(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    path = own_folder(desk) / "mine.md"
    path.write_text(OWN, "utf-8")
    desk.show_learn("lessons")
    qtbot.waitUntil(lambda: len(rows(lessons_page(desk))) == 13)
    assert rows(lessons_page(desk))[-1].startswith("Mine\n")
    learner = Learner(qtbot, desk, "mine")
    learner.go_wrong()
    path.write_text(OWN.replace("One and one?", "What is one and one?"), "utf-8")
    qtbot.waitUntil(lambda: learner.panel.exercise.task.full_text() == "What is one and one?")
    learner.go_right()
    assert learner.run.step.title == "End"


def test_a_broken_lesson_is_listed_with_line_and_reason(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    (own_folder(desk) / "bad.md").write_text(OWN.replace("answer = 2", "answr = 2"), "utf-8")
    desk.show_learn("lessons")
    page = lessons_page(desk)
    qtbot.waitUntil(lambda: len(rows(page)) == 13)
    page.list.setCurrentRow(12)
    assert page.title.full_text() == "bad.md"
    assert "line 11: There is no member “answr” here" in page.facts.full_text()
    assert page.start.isHidden()


def test_a_lesson_is_opened_from_a_file_anywhere(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    path = tmp_path / "elsewhere.md"
    path.write_text(OWN, "utf-8")
    desk.show_learn("lessons")
    qtbot.waitUntil(lambda: len(rows(lessons_page(desk))) == 12)
    desk.switch.lessons.open_file(path)
    qtbot.waitUntil(lambda: len(rows(lessons_page(desk))) == 13)


def test_how_to_write_one_is_shown(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    desk.show_learn("lessons")
    page = lessons_page(desk)
    page.how.click()
    assert page.writing.isVisible()
    assert "How to write a lesson" in page.writing.toPlainText()
    page.how.click()
    assert not page.writing.isVisible()


# -- texts


@pytest.mark.parametrize(
    "name", ["../a.png", "/etc/a.png", "file:///etc/a.png", "http://h/a.png", "sub/a.png"]
)
def test_a_picture_from_elsewhere_is_never_loaded(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    (tmp_path / "lessons" / "sub").mkdir(parents=True)
    for place in (tmp_path / "a.png", tmp_path / "lessons" / "a.png", tmp_path / "lessons" / "sub" / "a.png"):
        assert image.save(str(place))
    text = LessonText()
    qtbot.addWidget(text)
    text.show_blocks((Picture("a.png", "shown"),), tmp_path / "lessons")
    kind = QTextDocument.ResourceType.ImageResource.value
    assert text.loadResource(kind, "a.png").width() == 4
    assert text.loadResource(kind, name) is None
    (tmp_path / "lessons" / "b.png").symlink_to(tmp_path / "a.png")
    assert text.loadResource(kind, "b.png") is None
    assert text.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, "a.png") is None


def test_no_text_of_a_lesson_is_mark_up() -> None:
    made = html_of((Paragraph((Span("<img src=x onerror=y> & more"),)),), 300)
    assert "<img" not in made
    assert "&lt;img" in made


def test_a_text_is_as_tall_as_it_is(qtbot: QtBot) -> None:
    holder = QWidget()
    text = LessonText(holder)
    qtbot.addWidget(holder)
    holder.resize(400, 800)
    text.resize(400, 10)
    with qtbot.waitExposed(holder):
        holder.show()
    text.show_blocks(tuple(Paragraph((Span("word " * 40),)) for _ in range(5)), None)
    assert text.height() >= text.document().size().height()
    narrow = text.height()
    text.resize(200, text.height())
    qtbot.waitUntil(lambda: text.height() > narrow)
    assert text.height() >= text.document().size().height()
