"""Presentation mode: the whole screen, large text, one pane, secrets hidden; and back to how it was."""

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.keys import Sheet
from wsinspector.ui.presenting.foot import Foot
from wsinspector.ui.presenting.panes import Pane, Panes
from wsinspector.ui.presenting.state import presenting

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

POINTS = 18.0
"""Size of the interface's text while presenting."""


class Presenting(QObject):
    """:meth:`toggle` is a key of the window. What was put aside comes back with :meth:`leave`."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._window = desk.window
        self._zoom = 1.0
        self._state = Qt.WindowState.WindowNoState
        self._hidden: list[QWidget] = []
        self._focus: QWidget | None = None
        self._panes: dict[InspectPage, Panes] = {}
        self._foot: Foot | None = None
        self._window.pages.currentChanged.connect(self._page_changed)
        self._window.whole.currentChanged.connect(self._page_changed)
        presenting().steps_changed.connect(self._look)
        presenting().pane_asked.connect(self._pane_asked)
        for name, pane in (("present.payload", Pane.PAYLOAD), ("present.explained", Pane.EXPLAINED)):
            bind(name, self._window, partial(self.show_pane, pane))
        bind("window.present", self._window, self.toggle)

    def _pane_asked(self, name: str) -> None:
        self.show_pane(Pane(name))  # not a lambda: the connection ends with the window

    @property
    def on(self) -> bool:
        return presenting().on

    @property
    def foot(self) -> Foot | None:
        """What stands at the bottom meanwhile; made with the first presentation."""
        return self._foot

    @property
    def panes(self) -> Panes | None:
        """Those of the conversation in front; None while not presenting, or on another page."""
        page = self._front()
        return self._panes.get(page) if page is not None else None

    def toggle(self) -> None:
        """Begin, or leave."""
        if self.on:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Large text on the whole screen, and nothing around what is shown."""
        if self.on:
            return
        window, desk = self._window, self._desk
        self._zoom = theme.zoom()
        self._state = window.windowState()
        self._focus = QApplication.focusWidget()
        presenting().set_on(True)
        self._hidden = [each for each in (window.tabs, desk.status) if not each.isHidden()]
        for each in self._hidden:
            each.hide()
        if self._foot is None:
            made = self._foot = Foot(window)
            made.pane_asked.connect(self.show_pane)
            made.step_asked.connect(lambda: self._step(1))
            made.back_asked.connect(lambda: self._step(-1))
            made.left.connect(self.leave)
            window.foot.addWidget(made)
        self._foot.show()
        theme.set_zoom(POINTS / (theme.ui_font().pointSizeF() / theme.zoom()))
        window.setWindowState(self._state | Qt.WindowState.WindowFullScreen)
        self._page_changed()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def leave(self) -> None:
        """Everything as it was."""
        if not self.on:
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        presenting().set_on(False)
        window = self._window
        if self._foot is not None:
            self._foot.hide()
        for each in self._hidden:
            each.show()
        self._hidden = []
        for panes in self._panes.values():
            panes.leave()
        if self._focus is not None:
            with contextlib.suppress(RuntimeError):  # its tab was closed meanwhile
                self._focus.setFocus()
        for panes in self._panes.values():
            panes.leave_row()
            panes.deleteLater()
        self._panes.clear()
        theme.set_zoom(self._zoom)
        window.settings.zoom = self._zoom
        window.setWindowState(self._state)

    def show_pane(self, pane: Pane) -> None:
        """Show ``pane`` of the conversation in front."""
        panes = self.panes
        if panes is not None:
            panes.show(pane)

    def forget(self, page: InspectPage) -> None:
        """``page`` is closed."""
        self._panes.pop(page, None)

    # -- inside

    def _front(self) -> InspectPage | None:
        window = self._window
        return self._desk.page if window.whole.currentWidget() is window.pages else None

    def _page_changed(self, *_: object) -> None:
        if not self.on:
            return
        page = self._front()
        if page is not None and page not in self._panes:
            made = self._panes[page] = Panes(page)
            made.changed.connect(self._look)
        self._look()

    def _look(self, *_: object) -> None:
        if self._foot is None or not self.on:
            return
        panes, page = self.panes, self._front()
        steps = page is not None and (page.stepping.on or page.stepping.active)
        self._foot.show_panes(
            panes.available if panes is not None else (),
            panes.shown if panes is not None else None,
            steps=steps,
        )

    def _step(self, by: int) -> None:
        page = self._front()
        if page is None:
            return
        if by > 0:
            page.stepping.step()
        else:
            page.stepping.back()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or self._put_away_first():
            return False
        if kind is QEvent.Type.ShortcutOverride:
            event.accept()  # no key of a pane: it comes back as a key press
            return True
        if isinstance(watched, QWidget):
            self.leave()
            return True
        return False

    def _put_away_first(self) -> bool:
        """Whether Escape has something nearer to put away: a menu, a dialogue, a sheet, the options."""
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return True
        page = self._front()
        if page is not None and page.options_open:
            return True
        widget = QApplication.focusWidget()
        while widget is not None:
            if isinstance(widget, Sheet):
                return True
            widget = widget.parentWidget()
        return False
