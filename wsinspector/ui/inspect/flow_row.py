"""Widgets one behind the other, on as many lines as the width asks for."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FlowRow(QWidget):
    """Left to right, then down; each widget at its size hint, centred in its line. Hidden ones take no room.

    A widget and no layout of ours: layout items owned on both sides of the binding do not last.
    """

    def __init__(self, *, margin: int = 0, spacing: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._margin, self._spacing = margin, spacing
        self._widgets: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Put ``widget`` behind the others and show it."""
        widget.setParent(self)
        self._widgets.append(widget)
        widget.show()
        self._arrange_again()

    def remove(self, widget: QWidget) -> None:
        """Take ``widget`` out and delete it."""
        self._widgets.remove(widget)
        widget.hide()
        widget.deleteLater()
        self._arrange_again()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width, move=False)

    def sizeHint(self) -> QSize:
        widths = [widget.sizeHint().width() + self._spacing for widget in self._shown()]
        width = sum(widths) + 2 * self._margin
        return QSize(width, self.heightForWidth(self.width() if self.isVisible() else width))

    def minimumSizeHint(self) -> QSize:
        widest = max((widget.sizeHint().width() for widget in self._shown()), default=0)
        return QSize(widest + 2 * self._margin, self.heightForWidth(max(self.width(), widest)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width(), move=True)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange_again()
        return super().event(event)

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def arrange_again(self) -> None:
        """Widgets were shown or hidden, or have another size."""
        self._arrange_again()

    def _arrange_again(self) -> None:
        self._arrange(self.width(), move=True)
        self.updateGeometry()

    def _arrange(self, width: int, *, move: bool) -> int:
        """Place the widgets within ``width``, or only measure; the height used."""
        x, y, line = self._margin, 0, 0
        row: list[tuple[QWidget, int]] = []
        for widget in self._shown():
            size = widget.sizeHint()
            if row and x + size.width() > width - self._margin:
                _place(row, y, line, move)
                x, y, row, line = self._margin, y + line + 2, [], 0
            row.append((widget, x))
            x += size.width() + self._spacing
            line = max(line, size.height())
        _place(row, y, line, move)
        return y + line


def _place(row: list[tuple[QWidget, int]], y: int, line: int, move: bool) -> None:
    for widget, x in row if move else ():
        size = widget.sizeHint()
        widget.setGeometry(QRect(QPoint(x, y + (line - size.height()) // 2), size))
