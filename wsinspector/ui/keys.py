"""A sheet: what lies over the window until Escape puts it away."""

import contextlib

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QWidget,
)

from wsinspector.ui import theme
from wsinspector.ui.accessible_roles import Role
from wsinspector.ui.inspect.tab_order import laid_out


class Sheet(QWidget):
    """A rounded surface over its parent that Escape puts away."""

    ACCESSIBLE_ROLE = Role.Dialog

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._leaving = True
        self.hide()
        self._before: QWidget | None = None
        theme.watcher().changed.connect(self._restyle)
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A sheet may watch its own fields too, which are resized by being placed.
        if event.type() == QEvent.Type.Resize and watched is self.parent() and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Put it into the middle of the parent, no larger than that."""
        parent = self.parentWidget()
        room = parent.rect() if parent is not None else self.rect()
        wanted = self.sizeHint()
        width = min(wanted.width(), room.width() - 24)
        self.resize(width, min(self.height_at(width), room.height() - 24))
        self.move(room.center() - self.rect().center())

    def height_at(self, width: int) -> int:
        """How high it likes to be at ``width``: by its lines of text where they break."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return self.sizeHint().height()

    def appear(self) -> None:
        """Show it in front; the focus goes back to where it was when it is put away."""
        self._before = QApplication.focusWidget()
        self.place()
        self.show()
        self.raise_()
        self.setFocus()

    def leave(self) -> None:
        """Put it away."""
        self.hide()
        if self._before is not None:
            with contextlib.suppress(RuntimeError):  # its tab was closed meanwhile
                self._before.setFocus()

    def setVisible(self, visible: bool) -> None:
        self._leaving = not visible
        super().setVisible(visible)

    def _restyle(self) -> None:
        if self.isVisible():
            self.place()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # What lies below the sheet is not to be reached before it is put away. Qt asks this too while the
        # sheet is being hidden: the focus must not stay in it then.
        if self._leaving or not self.isVisible():
            return super().focusNextPrevChild(forward)
        stops = [
            each
            for each in laid_out(self)
            if each.isEnabled()
            and each.isVisible()
            and each.focusPolicy() & Qt.FocusPolicy.TabFocus
            # The field within a spin box hands the focus back to the box.
            and not isinstance(each.parent(), QAbstractSpinBox | QComboBox)
        ]
        if not stops:
            return False
        focused = self.focusWidget()
        at = stops.index(focused) if focused in stops else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("focus"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
