"""The Learn page: a list of topics on the left, the one that is picked beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.learn.filter_page import FilterPage
from wsinspector.ui.learn.glossary import GlossaryPage
from wsinspector.ui.learn.lesson_desk import LessonDesk
from wsinspector.ui.learn.lessons_page import LessonsPage
from wsinspector.ui.learn.rules import RulesPage
from wsinspector.ui.learn.topic import TopicPage
from wsinspector.ui.learn.versions import VersionsPage

LIST_WIDTH = 190  # px at zoom 1
QT_MOST = 16777215  # px, as Qt has it: no bound
NARROW = 620
"""px of width at zoom 1 below which the topics stand above the page and not beside it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``name`` is stable; ``make`` builds the page when it is first asked for."""

    name: str
    title: str
    tip: str
    make: Callable[[], TopicPage]


def topics(lessons: LessonDesk | None = None) -> tuple[Topic, ...]:
    """Every topic, in the order of the list; the lessons where there are any."""
    first = () if lessons is None else (_lessons(lessons),)
    return (
        *first,
        Topic(
            "versions",
            translate("Learn", "Versions"),
            translate("Learn", "Every version of the protocol, side by side"),
            VersionsPage,
        ),
        Topic(
            "rules",
            translate("Learn", "Rules"),
            translate("Learn", "Every rule that bytes are judged by, with examples"),
            RulesPage,
        ),
        Topic(
            "filter",
            translate("Learn", "Filter"),
            translate("Learn", "What the filter of the log can say, with examples"),
            FilterPage,
        ),
        Topic(
            "glossary",
            translate("Learn", "Glossary"),
            translate("Learn", "Every word, what it means and where that is laid down"),
            GlossaryPage,
        ),
    )


def _lessons(lessons: LessonDesk) -> Topic:
    return Topic(
        "lessons",
        translate("Learn", "Lessons"),
        translate("Learn", "The protocol step by step, with the real thing"),
        lambda: LessonsPage(lessons),
    )


class LearnPage(QWidget):
    """Makes the pages of :func:`topics` when they are first shown.

    ``write_asked(dialect)``: write the request of the conversation in front in it.
    ``example_asked(id, request)``: put the request that breaks the rule ``id`` there.
    ``filter_asked(text)``: filter its log by ``text``.
    """

    write_asked = Signal(str)
    example_asked = Signal(str, bytes)
    filter_asked = Signal(str)

    def __init__(self, lessons: LessonDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._topics = topics(lessons)
        self._made: dict[str, TopicPage] = {}
        self.list = QListWidget(self)
        self.list.setAccessibleName(translate("Learn", "Topics"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setStyleSheet(f"QListWidget::item {{ padding-left: {theme.MARGIN}px; }}")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        for topic in self._topics:
            item = QListWidgetItem(topic.title)
            item.setToolTip(topic.tip)
            self.list.addItem(item)
        self.stack = QStackedWidget(self)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.list)
        self._row.addWidget(self.stack, 1)
        self.list.currentRowChanged.connect(self._picked)
        theme.watcher().changed.connect(self._resize)
        self._resize()

    def show_topic(self, name: str) -> None:
        """Show ``name``, or ``name/place`` in it; empty shows what was last shown, else the first."""
        wanted, _, place = name.partition("/")
        names = [topic.name for topic in self._topics]
        row = names.index(wanted) if wanted in names else max(self.list.currentRow(), 0)
        self.list.setCurrentRow(row)
        page = self._page(row)
        self.stack.setCurrentWidget(page)
        if place:
            page.show_place(place)
        page.focus_first()

    def current(self) -> TopicPage | None:
        """The topic in sight."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, TopicPage) else None

    def _picked(self, row: int) -> None:
        if row >= 0:
            self.stack.setCurrentWidget(self._page(row))

    def _page(self, row: int) -> TopicPage:
        topic = self._topics[row]
        if topic.name not in self._made:
            page = self._made[topic.name] = topic.make()
            page.write_asked.connect(self.write_asked)
            page.example_asked.connect(self.example_asked)
            page.filter_asked.connect(self.filter_asked)
            self.stack.addWidget(page)
        return self._made[topic.name]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._resize()

    def _resize(self) -> None:
        """The topics beside the page, or above it, as there is room."""
        wide = self.width() >= NARROW * theme.zoom()
        flow = QListWidget.Flow.TopToBottom if wide else QListWidget.Flow.LeftToRight
        if self.list.flow() != flow:
            self.list.setFlow(flow)
            self.list.setWrapping(not wide)
            self._row.setDirection(
                QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
            )
        metrics = self.list.fontMetrics()
        height = theme.control_height()
        widths = [
            metrics.horizontalAdvance(topic.title) + 2 * theme.MARGIN + theme.GAP for topic in self._topics
        ]
        for row, width in enumerate(widths):
            self.list.item(row).setSizeHint(QSize(0 if wide else width, height))
        self.list.setMinimumSize(0, 0)
        self.list.setMaximumSize(QT_MOST, QT_MOST)
        if wide:
            self.list.setFixedWidth(max(LIST_WIDTH, max(widths) + theme.MARGIN))
        else:
            self.list.setFixedHeight(_lines(widths, max(self.width(), 1)) * height)


def _lines(widths: list[int], room: int) -> int:
    """How many lines things of these widths fill, one behind the other."""
    lines, used = 1, 0
    for width in widths:
        if used and used + width > room:
            lines, used = lines + 1, 0
        used += width
    return lines
