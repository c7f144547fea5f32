"""The sheet of all keys, over the window."""

import contextlib
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab_order import laid_out

ELSEWHERE = (
    ("request", "Return", "Connect, in the address"),
    ("request", "Shift+Return", "Another header line, in the version"),
    ("request", "Alt+Up, Alt+Down", "Move a header line"),
    ("request", "Ins, Del", "Add or remove a header line"),
    ("request", "Space", "Switch a header line off or on"),
    ("request", "Ctrl+D", "Repeat a header line"),
    ("request", "Ctrl+Z, Ctrl+Shift+Z", "Undo, redo"),
    ("request", "Alt+A", "Write the request as another client does"),
    ("request", "Alt+D", "Back to the draft"),
    ("request", "Alt+PgUp, Alt+PgDown", "The attempt before, the next"),
    ("request", "Alt+S", "Two attempts side by side"),
    ("request", "Alt+U", "Make the attempt that is shown the draft"),
    ("request", "Alt+L", "The rule behind a line of the verdict, with examples"),
    ("request", "Alt+V, Alt+Shift+V", "Headers, Raw, Bytes of request, of response"),
    ("frames", "Ctrl+Return", "Send the message"),
    ("frames", "S", "Make a sequence of the selected rows, in the log"),
    ("frames", "R", "Replay what we sent of the selected rows, in the log"),
    ("frames", "Return, Shift+Return", "The answer of now, of the first time, in a replay"),
    ("frames", "F9, F8, Ctrl+S", "Run or stop, next fault, save, in a sequence"),
    ("frames", "Alt+G, Alt+H", "Steps or text, reference, in a sequence"),
    ("frames", "Alt+N, Alt+E", "New, file menu, in a sequence"),
    ("frames", "Ins, Space, F2", "Save from the send bar, put there, rename, in saved messages"),
    ("frames", "Alt+Up, Alt+Down", "Move a saved message"),
    ("frames", "Return", "Send, in the send bar; open the detail, in the log"),
    ("frames", "Shift+Return", "Break the line, in the send bar"),
    ("frames", "Up, Down", "Messages sent before, in the send bar"),
    ("frames", "Alt+M, Alt+F", "Messages, Frames"),
    ("frames", "Ctrl+Space, Tab", "Offer names, take one, in the filter"),
    ("frames", "Up, Alt+Down", "Filters used before, saved ones, in the filter"),
    ("frames", "Menu", "Filter by the row, or leave it out, in the log"),
    ("frames", "Alt+R", "Read the frames as another version's"),
    ("frames", "Alt+T, Alt+B, Alt+C, Alt+X", "Text, Binary, Control, Faults"),
    ("frames", "Alt+1, Alt+2, Alt+3, Alt+4", "The payload as Text, JSON, Hex, Wire"),
    ("frames", "Alt+5, Alt+6", "More views of the payload, the wire beside it"),
    ("frames", "/", "Find bytes, in Hex"),
    ("frames", "Ctrl+Alt+C", "Copy the frame as bytes, in its detail"),
    ("frames", "D", "Compare two rows, or with the pinned or marked one, in the log"),
    ("frames", "C", "Craft from the frame, in the log"),
    ("frames", "Ctrl+Shift+Return", "Send as several writes, on the craft sheet"),
    ("frames", "Alt+K", "What kind of message, or which answer, to send"),
    ("frames", "Escape", "Close the detail"),
    ("frames", "Right, Left", "Open or close a message's fragments, in the log"),
    ("frames", "Ctrl+C", "Copy the picked rows"),
    ("frames", "Ctrl+F, F3, Shift+F3", "Find in the log, the next hit, the one before"),
    ("frames", "Ctrl+G", "Go to a number or a time"),
    ("frames", "M, Shift+M", "Mark a row or take the mark off, name it, in the log"),
    ("frames", "Ctrl+., Ctrl+,", "Next mark, the mark before"),
    ("frames", "Ctrl+Shift+M", "All marks"),
    ("frames", "P, Shift+P", "Pin a row, pin it with its answer, in the log"),
    ("frames", "H, Shift+H", "Show from here, show what is above again, in the log"),
    ("frames", "T", "Next style of times, in the log"),
    ("frames", "Space, Shift+Space, Backspace", "Next unit, all that wait, the unit before, while stepping"),
    ("frames", "+, -, Backspace", "Look closer, wider, back, in a chart of the statistics"),
)


class Sheet(QWidget):
    """A rounded surface over its parent that Escape puts away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._leaving = True
        self.hide()
        self._before: QWidget | None = None
        theme.watcher().changed.connect(self._restyle)
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Put it into the middle of the parent, no larger than that."""
        parent = self.parentWidget()
        room = parent.rect() if parent is not None else self.rect()
        wanted = self.sizeHint()
        width, height = min(wanted.width(), room.width() - 24), wanted.height()
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(width)
        self.resize(width, min(height, room.height() - 24))
        self.move(room.center() - self.rect().center())

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
            and not ((proxy := each.focusProxy()) is not None and proxy.isAncestorOf(each))
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


class KeysSheet(Sheet):
    """``keys``: (group, keys, text) of the shortcuts that work everywhere."""

    def __init__(self, keys: Sequence[tuple[str, str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("KeysSheet", "All keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(RoleLabel(translate("KeysSheet", "All keys"), "text", bold=True, size=1.2))
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setStyleSheet("QScrollArea { background: transparent }")
        self._labels: list[RoleLabel] = []
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, theme.MARGIN, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        groups = (
            (0, "request", translate("KeysSheet", "Request")),
            (2, "frames", translate("KeysSheet", "Frames")),
            (2, "window", translate("KeysSheet", "Window")),
        )
        everything = [*keys, *ELSEWHERE]
        next_row = {0: 0, 2: 0}
        for at, group, title in groups:
            row = next_row[at]
            self._labels.append(RoleLabel(title, "link", bold=True))
            grid.addWidget(self._labels[-1], row, at, 1, 2)
            for name, shown, text in everything:
                if name == group:
                    row += 1
                    names = RoleLabel(shown.replace(", ", "  "), "muted", mono=True, size=0.9)
                    told = RoleLabel(text, "text", size=0.95)
                    grid.addWidget(names, row, at)
                    grid.addWidget(told, row, at + 1)
                    self._labels += [names, told]
            next_row[at] = row + 1
        grid.setRowStretch(max(next_row.values()), 1)
        self._inner = inner
        self._scroll.setWidget(inner)
        inner.setAutoFillBackground(False)  # the scroll area has just switched it on
        self._scroll.viewport().setAutoFillBackground(False)
        column.addWidget(self._scroll, 1)
        column.addWidget(RoleLabel(translate("KeysSheet", "Escape puts this away."), "muted"))
        self._widen()

    def _widen(self) -> None:
        """The sheet is for reading: no label in it is cut."""
        for label in self._labels:
            label.setMinimumWidth(label.sizeHint().width())

    def _restyle(self) -> None:
        self._widen()
        super()._restyle()

    def sizeHint(self) -> QSize:
        inner = self._inner.sizeHint()
        return QSize(inner.width() + 48 + 14, inner.height() + 110)

    def toggle(self) -> None:
        """Show it in front, or put it away."""
        if self.isVisible():
            self.leave()
        else:
            self.appear()
