"""The main window: places tabs, pages and status, nothing else. Light to import, so that it paints soon."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from wsinspector.ui import theme
from wsinspector.ui.settings import Settings

# PySide makes a class with its enumerations when it is first named: what the first paint does not
# need is not named before it.
if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from wsinspector.ui.desk import Desk
    from wsinspector.ui.tabs import TabRow
    from wsinspector.ui.workspace import Workspace

FIRST_SIZE = (1440, 900)
TITLE_BAR = 40  # px left for the window manager's frame
TAB_ROW = (18, 13)  # px of padding and, times the zoom, of text: asking for its size would load the fonts


class MainWindow(QMainWindow):
    """Bare surfaces until :meth:`dress` adds the tab row, empty until :meth:`furnish` gives it a desk."""

    tabs: "TabRow"
    dropped = Signal(object)  # files that were dropped on it: a list of Path

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.desk: Desk | None = None
        self._dressed = False
        self.setWindowTitle("wsinspector")
        self.setMinimumSize(640, 420)
        self.pages = QStackedWidget(self)  # a page a conversation
        self.whole = QStackedWidget(self)  # the conversations, and what stands beside them
        self.whole.addWidget(self.pages)
        self.notes = QVBoxLayout()  # what is told of files, below the tabs
        self.foot = QVBoxLayout()
        self.middle = QWidget(self)
        self._tab_place = self._make_tab_place()
        self._column = QVBoxLayout(self.middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._tab_place)
        self._column.addLayout(self.notes)
        self._column.addWidget(self.whole, 1)
        self._column.addLayout(self.foot)
        self.setCentralWidget(self.middle)
        if not self.restoreGeometry(settings.geometry):
            available = self.screen().availableGeometry()
            height = available.height() - TITLE_BAR
            self.resize(min(FIRST_SIZE[0], available.width()), min(FIRST_SIZE[1], height))

    def _make_tab_place(self) -> QWidget:
        """What is seen of the tab row in the first paint: its surface."""
        place = QWidget(self)
        ground = place.palette()
        ground.setColor(ground.ColorRole.Window, theme.color("window"))
        place.setPalette(ground)
        place.setAutoFillBackground(True)
        place.setFixedHeight(round(TAB_ROW[0] + TAB_ROW[1] * theme.zoom()))
        return place

    def dress(self) -> None:
        """Put the tab row into its place; once."""
        if self._dressed:
            return
        self._dressed = True
        from wsinspector.ui.tabs import TabRow

        self.tabs = TabRow(self)
        self._column.replaceWidget(self._tab_place, self.tabs)
        self._tab_place.hide()
        self._tab_place.deleteLater()

    def furnish(self, workspace: "Workspace", targets: Sequence[str] = (), connect: bool = False) -> None:
        """Fill the frame: status, the tabs of last time or ``targets``, the lab, the keys."""
        from wsinspector.ui.desk import Desk

        self.dress()
        self.desk = Desk(self, workspace)
        self.setAcceptDrops(True)
        self.desk.begin(targets, connect)

    def set_zoom(self, factor: float) -> None:
        """Scale every text."""
        from wsinspector.translate import translate

        theme.set_zoom(factor)
        self.settings.zoom = theme.zoom()
        if self.desk is not None:
            percent = round(theme.zoom() * 100)
            self.desk.status.say(translate("MainWindow", "Zoom {0} %").format(percent))

    def dragEnterEvent(self, event: "QDragEnterEvent") -> None:
        from wsinspector.ui.files.dropping import dropped_files

        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: "QDropEvent") -> None:
        from wsinspector.ui.files.dropping import dropped_files

        paths = dropped_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def closeEvent(self, event: "QCloseEvent") -> None:
        self.settings.geometry = self.saveGeometry()
        if self.desk is not None:
            self.desk.remember()
        super().closeEvent(event)

    def close_everything(self) -> None:
        """End every conversation; the window is of no use afterwards."""
        if self.desk is not None:
            self.desk.clear()
