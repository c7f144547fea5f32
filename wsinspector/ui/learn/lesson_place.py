"""Where the panel of a lesson stands: beside the page, or over it where there is no room for both."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QPushButton, QSplitter, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind, fill, tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.presenting.state import presenting

if TYPE_CHECKING:
    from wsinspector.ui.learn.lesson_panel import LessonPanel
    from wsinspector.ui.learn.lesson_run import LessonRun
    from wsinspector.ui.window import MainWindow

WIDTH = 360  # px at zoom 1
ROOM = 800
"""px of the window's width at zoom 1 from which page and panel stand side by side."""

ROOM_PRESENTING = 480
"""The same while presenting, where a page has no address line."""


class LessonStrip(QWidget):
    """Below the page while the panel is not seen: which step it is, what came of it, and the way back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("LessonPanel", "Lesson"))
        self.text = RoleLabel("", "text", wraps=True)
        self.back = QPushButton(translate("LessonPanel", "Lesson"))
        tell(self.back, translate("LessonPanel", "Back to the text of the step ([key:window.lessons])"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        row.setSpacing(theme.GAP)
        row.addWidget(self.text, 1)
        row.addWidget(self.back)
        self.hide()

    def say(self, text: str, role: str) -> None:
        """Tell of the step."""
        self.text.set_role(role)
        self.text.set_text(text)


class LessonPlace(QObject):
    """``panel`` beside ``window.whole``, or over it. ``wanted``: the panel is asked for from the page."""

    wanted = Signal()

    def __init__(self, window: "MainWindow", panel: "LessonPanel", parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._panel = panel
        self._here = False
        self.at_page = False
        """Where there is no room for both: whether the page is seen and not the panel."""
        whole, column = window.whole, window.middle.layout()
        self._split = QSplitter(Qt.Orientation.Horizontal, window.middle)
        self.strip = LessonStrip(window.middle)
        if isinstance(column, QBoxLayout):
            column.replaceWidget(whole, self._split)
            column.insertWidget(column.indexOf(self._split) + 1, self.strip)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(whole)
        self._split.setStretchFactor(0, 1)
        self._beside()
        self.strip.back.clicked.connect(self.wanted)
        panel.page_asked.connect(self.to_page)
        bind("lesson.next", self.strip, self._go_on)
        bind("lesson.back", self.strip, self._go_back)
        bind("lesson.check", self.strip, panel.check_now)
        bind("lesson.show", self.strip, panel.show_now)
        bind("lesson.again", self.strip, panel.begin_again)
        self._split.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
        theme.watcher().changed.connect(self._place)

    def _beside(self) -> None:
        panel, window = self._panel, self._window
        self._split.addWidget(panel)
        self._split.setStretchFactor(1, 0)
        wide = round(WIDTH * theme.zoom()) if window.width() >= 1340 * theme.zoom() else panel.minimumWidth()
        self._split.setSizes([max(window.width() - wide, 100), wide])

    def follow(self, run: "LessonRun") -> None:
        """Tell of ``run`` in the strip."""
        run.step_changed.connect(self._tell_step)
        run.told.connect(self._tell)
        self._tell_step()

    def _tell_step(self) -> None:
        run = self._panel.run
        if run is not None:
            text = translate("LessonPanel", "Step {0} of {1}: {2}")
            self.strip.say(text.format(run.at + 1, len(run.lesson.steps), run.step.title), "text")

    def _tell(self, text: str, role: str) -> None:
        self.strip.say(fill(f"✕ {text}" if role == "note" else text), role)

    @property
    def over(self) -> bool:
        """Whether the panel lies over the page."""
        room = ROOM_PRESENTING if presenting().on else ROOM
        return self._window.width() < room * theme.zoom()

    def look(self, *, here: bool) -> None:
        """``here``: whether the lesson's own tab is in front."""
        self._here = here
        self._place()

    def to_page(self) -> None:
        """Let the page be seen."""
        self.at_page = True
        self._place()

    def to_panel(self) -> None:
        """Let the panel be seen."""
        self.at_page = False
        self._place()

    def _place(self) -> None:
        panel, over = self._panel, self.over
        beside = panel.parent() is self._split
        if over and beside:
            panel.setParent(self._window.middle)
        elif not over and not beside:
            self._beside()
        panel.show_way(over)
        if over:
            panel.setGeometry(self._split.geometry())
        panel.setVisible(self._here and not (over and self.at_page))
        if over:
            panel.raise_()
        self.strip.setVisible(self._here and over and self.at_page)
        if panel.run is not None:
            panel.run.pointing.veil(over and not self.at_page)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Who goes into the page, by whatever key, sees it."""
        if self._here and self.over and new is not None and self._window.whole.isAncestorOf(new):
            self.to_page()

    def _go_on(self) -> None:
        self._panel.go_on()
        self.wanted.emit()

    def _go_back(self) -> None:
        self._panel.go_back()
        self.wanted.emit()
