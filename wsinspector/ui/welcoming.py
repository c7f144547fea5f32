"""When the welcome is shown over the window, and what its two ways out lead to."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from wsinspector.ui.welcome import Welcome

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


class Welcoming(QObject):
    """``welcome`` is there while it is shown."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.welcome: Welcome | None = None
        desk.workspace.lab_ready.connect(self._lab_ready)
        desk.window.whole.currentChanged.connect(self.put_away)

    def _lab_ready(self) -> None:
        if self.welcome is not None:
            self.welcome.lab_listens(bool(self._desk.workspace.scenarios()))

    def show(self) -> None:
        """Show the welcome over the window."""
        if self.welcome is not None:
            self.welcome.focus_first()
            return
        self.welcome = Welcome(self._desk.window)
        self.welcome.try_lab.connect(self._try_lab)
        self.welcome.learn.connect(self._learn)
        self.welcome.dismissed.connect(self.end)
        self.welcome.lab_listens(bool(self._desk.workspace.scenarios()))
        self.welcome.place()
        self.welcome.show()
        self.welcome.raise_()
        self.welcome.focus_first()
        QTimer.singleShot(0, self.welcome, self.welcome.focus_first)  # a tab that opens takes it otherwise

    def end(self) -> None:
        """Put the welcome away, for good."""
        self._desk.settings.welcomed = True
        if self.welcome is not None:
            self.welcome.hide()
            self.welcome.deleteLater()
            self.welcome = None
        if self._desk.page is not None:
            self._desk.page.address.field.setFocus()

    def put_away(self) -> None:
        """Something was begun by key or palette: nothing is left to be welcomed to."""
        if self.welcome is not None:
            self.end()

    def _learn(self) -> None:
        self.end()
        self._desk.show_learn("lessons")

    def _try_lab(self) -> None:
        self.end()
        chat = next((each for each in self._desk.workspace.scenarios() if each.path == "/chat"), None)
        if chat is not None:
            page = self._desk.page or self._desk.new_tab()
            page.tab.set_address(chat.url)
            page.tab.connect_now()
