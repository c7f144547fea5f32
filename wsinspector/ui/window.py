"""The main window: places tabs, pages and status, nothing else. Light to import, so that it paints soon."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.settings import Settings
from wsinspector.ui.tabs import TabRow

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.workspace import Workspace

FIRST_SIZE = (1440, 900)
TITLE_BAR = 40  # px left for the window manager's frame


class MainWindow(QMainWindow):
    """An empty frame until :meth:`furnish` gives it a desk."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.desk: Desk | None = None
        self.setWindowTitle("wsinspector")
        self.setMinimumSize(640, 420)
        self.tabs = TabRow(self)
        self.pages = QStackedWidget(self)
        self.foot = QVBoxLayout()
        self.middle = QWidget(self)
        column = QVBoxLayout(self.middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        column.addLayout(self.foot)
        self.setCentralWidget(self.middle)
        if not self.restoreGeometry(settings.geometry):
            available = self.screen().availableGeometry()
            height = available.height() - TITLE_BAR
            self.resize(min(FIRST_SIZE[0], available.width()), min(FIRST_SIZE[1], height))

    def furnish(self, workspace: "Workspace", target: str | None = None, connect: bool = False) -> None:
        """Fill the frame: status, the tabs of last time or ``target``, the lab, the keys."""
        from wsinspector.ui.desk import Desk

        self.desk = Desk(self, workspace)
        self.desk.begin(target, connect)

    def add_key(self, keys: str, action: Callable[[], object]) -> None:
        """Bind ``keys`` in this window to ``action``."""
        QShortcut(QKeySequence(keys), self).activated.connect(action)

    def set_zoom(self, factor: float) -> None:
        """Scale every text."""
        theme.set_zoom(factor)
        self.settings.zoom = theme.zoom()
        if self.desk is not None:
            percent = round(theme.zoom() * 100)
            self.desk.status.say(translate("MainWindow", "Zoom {0} %").format(percent))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.geometry = self.saveGeometry()
        if self.desk is not None:
            self.desk.remember()
        super().closeEvent(event)

    def close_everything(self) -> None:
        """End every conversation; the window is of no use afterwards."""
        if self.desk is not None:
            self.desk.clear()
