"""The lessons there are: how far one is in each, what was refused and why, and how to write one."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from wsinspector.learn.lessons.model import Lesson
from wsinspector.learn.lessons.progress import Progress
from wsinspector.learn.lessons.shelf import Refused, writing_page
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.lesson_desk import LessonDesk
from wsinspector.ui.learn.lesson_text import LessonText
from wsinspector.ui.learn.topic import TopicPage
from wsinspector.ui.learn.turning import TurningSplit

BESIDE = [420, 580]
ENTRY = int(Qt.ItemDataRole.UserRole)


def state_of(lesson: Lesson, progress: Progress) -> str:
    """How far the lesson is, in a few words."""
    solved, exercises = progress.solved(lesson), lesson.exercises
    if progress.done(lesson):
        text = translate("Lessons", "Done, {0} of {1} solved")
    elif progress.begun(lesson):
        text = translate("Lessons", "Begun, {0} of {1} solved")
    else:
        return translate("Lessons", "About %n minute(s)", "", lesson.minutes)
    return text.format(solved, exercises)


class LessonsPage(TopicPage):
    """A list of ``lessons`` and what is picked of it. ``started``: the page is left for a lesson."""

    started = Signal()

    def __init__(self, lessons: LessonDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lessons = lessons
        self._picked: Lesson | Refused | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(translate("Lessons", "Lessons"))
        self.list.setToolTip(translate("Lessons", "Enter starts the lesson, or goes on with it"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setStyleSheet(f"QListWidget::item {{ padding-left: {theme.MARGIN}px; }}")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title = RoleLabel("", "text", bold=True, size=1.25, wraps=True)
        self.facts = RoleLabel("", "muted", wraps=True)
        self.summary = LessonText()
        self.start = QPushButton()
        self.start.setProperty("kind", "primary")
        self.start.setToolTip(translate("Lessons", "In a tab of its own, with the built-in lab (Enter)"))
        self.anew = QPushButton(translate("Lessons", "Begin anew"))
        self.anew.setToolTip(translate("Lessons", "From the first step; what was solved is forgotten"))
        self.open = QPushButton(translate("Lessons", "Open a lesson…"))
        self.open.setToolTip(translate("Lessons", "Take a lesson from a file anywhere"))
        self.how = QPushButton(translate("Lessons", "How to write one"))
        self.how.setCheckable(True)
        self.how.setToolTip(translate("Lessons", "What a file of a lesson is made of, with an example"))
        self.writing = QTextBrowser()
        self.writing.setOpenLinks(False)
        self.writing.setFrameShape(QFrame.Shape.NoFrame)
        self.writing.setAccessibleName(translate("Lessons", "How to write a lesson"))
        self._lay_out()
        self._wire()
        self._show_list()
        lessons.read()

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2 * theme.MARGIN, theme.MARGIN, 2 * theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        self._buttons = FlowRow(spacing=theme.GAP)
        self._buttons.add(self.start)
        self._buttons.add(self.anew)
        for widget in (self.title, self.facts, self.summary, self._buttons):
            column.addWidget(widget)
        column.addStretch(1)
        about = QScrollArea()
        about.setWidgetResizable(True)
        about.setFrameShape(QFrame.Shape.NoFrame)
        about.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        about.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        about.setWidget(inner)
        self.pages = QStackedWidget()
        self.pages.addWidget(about)
        self.pages.addWidget(self.writing)
        left = QWidget()
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        tools = FlowRow(spacing=theme.GAP)
        tools.add(self.open)
        tools.add(self.how)
        foot.addWidget(tools, 1)
        beside.addLayout(foot)
        split = TurningSplit(BESIDE)
        split.hold(left, self.pages)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    def _wire(self) -> None:
        self.list.currentItemChanged.connect(self._show_picked)
        self.list.itemActivated.connect(self._activated)
        self.start.clicked.connect(lambda: self._begin(anew=False))
        self.anew.clicked.connect(lambda: self._begin(anew=True))
        self.open.clicked.connect(self._ask_file)
        self.how.toggled.connect(self._show_how)
        self._lessons.shelf_changed.connect(self._show_list)
        self._lessons.progress_changed.connect(self._show_list)
        theme.watcher().changed.connect(self._show_list)

    # -- the list

    def _show_list(self) -> None:
        shelf, progress = self._lessons.shelf, self._lessons.progress
        kept = self._key_of(self._picked)
        self.list.blockSignals(True)
        self.list.clear()
        row_height = round(1.9 * theme.row_height() + theme.GAP)
        row = 0
        for lesson in shelf.lessons:
            done = "✓ " if progress.done(lesson) else ""
            text = f"{done}{lesson.order}. {lesson.title}" if not lesson.own else f"{done}{lesson.title}"
            state = state_of(lesson, progress)
            if lesson.own and lesson.path is not None:
                state = f"{state} · {lesson.path.name}"
            self._add(f"{text}\n{state}", lesson, row_height)
        for refused in shelf.refused:
            text = translate("Lessons", "✕ {0}\nRefused: {1}")
            self._add(text.format(refused.path.name, refused.faults[0]), refused, row_height)
        for at in range(self.list.count()):
            if self._key_of(self.list.item(at).data(ENTRY)) == kept:
                row = at
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._show_picked()

    def _add(self, text: str, entry: Lesson | Refused, height: int) -> None:
        item = QListWidgetItem(text)
        item.setData(ENTRY, entry)
        item.setSizeHint(QSize(0, height))
        item.setToolTip(text)
        self.list.addItem(item)

    @staticmethod
    def _key_of(entry: object) -> str:
        if isinstance(entry, Lesson):
            return entry.id
        return str(entry.path) if isinstance(entry, Refused) else ""

    # -- what is picked

    def _show_picked(self) -> None:
        item = self.list.currentItem()
        self._picked = item.data(ENTRY) if item is not None else None
        entry = self._picked
        self.start.setVisible(isinstance(entry, Lesson))
        self.anew.setVisible(isinstance(entry, Lesson) and self._lessons.progress.begun(entry))
        self._buttons.arrange_again()
        if isinstance(entry, Lesson):
            self._show_lesson(entry)
        elif isinstance(entry, Refused):
            self.title.set_text(entry.path.name)
            lines = [translate("Lessons", "This file is no lesson:"), *map(str, entry.faults)]
            self.facts.set_text("\n".join(lines))
            self.summary.show_blocks((), None)
        else:
            self.title.set_text("")
            reading = self._lessons.reading
            text = translate("Lessons", "Reading the lessons…") if reading else ""
            self.facts.set_text(text or translate("Lessons", "There are no lessons."))
            self.summary.show_blocks((), None)

    def _show_lesson(self, lesson: Lesson) -> None:
        progress = self._lessons.progress
        self.title.set_text(lesson.title)
        facts = [
            translate("Lessons", "%n step(s)", "", len(lesson.steps)),
            translate("Lessons", "%n exercise(s)", "", lesson.exercises),
            state_of(lesson, progress),
        ]
        told = " · ".join(facts)
        titles = [
            found.title for name in lesson.needs if (found := self._lessons.shelf.called(name)) is not None
        ]
        if titles:
            told += "\n" + translate("Lessons", "Better after: {0}").format(", ".join(titles))
        self.facts.set_text(told)
        self.summary.show_blocks(lesson.summary, lesson.path.parent if lesson.path is not None else None)
        if progress.done(lesson):
            text = translate("Lessons", "Open again")
        elif progress.begun(lesson):
            text = translate("Lessons", "Go on")
        else:
            text = translate("Lessons", "Start")
        self.start.setText(text)
        self._buttons.arrange_again()

    def _activated(self, _item: QListWidgetItem) -> None:
        self._begin(anew=False)

    def _begin(self, *, anew: bool) -> None:
        if isinstance(self._picked, Lesson):
            self._lessons.start(self._picked, anew=anew)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self.window(), translate("Lessons", "Open a lesson"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Lessons", "Lessons (*.md)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._lessons.open_file(Path(name)))
        dialog.open()

    def _show_how(self, on: bool) -> None:
        if on and not self.writing.document().characterCount() > 1:
            self.writing.document().setMarkdown(
                writing_page(), self.writing.document().MarkdownFeature.MarkdownNoHTML
            )
        self.pages.setCurrentIndex(1 if on else 0)

    # -- as any topic

    def show_place(self, place: str) -> None:
        """Pick the lesson of this id."""
        for at in range(self.list.count()):
            entry = self.list.item(at).data(ENTRY)
            if isinstance(entry, Lesson) and entry.id == place:
                self.list.setCurrentRow(at)

    def focus_first(self) -> None:
        self.list.setFocus()
