"""Lists whose rows are a mark and wrapped text, each leading somewhere: what all of them have in common."""

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from wsinspector.ui import theme

Index = QModelIndex | QPersistentModelIndex


class ToldDelegate(QStyledItemDelegate):
    """Paints ground and focus of a row; :meth:`draw` paints what stands in it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def width(self, option: QStyleOptionViewItem) -> int:
        """Width in px that a row has."""
        view = self.parent()
        return view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box, state = QRectF(option.rect), option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.color("hover"))
        self.draw(painter, box, index)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()

    def draw(self, painter: QPainter, box: QRectF, index: Index) -> None:
        """Paint the row within ``box``."""
        raise NotImplementedError


def draw_mark(painter: QPainter, mark: str, role: str, at: QPointF) -> None:
    """A row's mark, bold and in its colour; ``at``: where its base line begins."""
    bold = QFont(theme.ui_font())
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(theme.color(role))
    painter.drawText(at, mark)


def lay_out(layout: QTextLayout, width: float, most: int | None = None) -> QTextLayout:
    """``layout`` broken into lines of ``width`` px, at most ``most`` of them."""
    layout.beginLayout()
    high, lines = 0.0, 0
    while (most is None or lines < most) and (row := layout.createLine()).isValid():
        row.setLineWidth(width)
        row.setPosition(QPointF(0, high))
        high += row.height()
        lines += 1
    layout.endLayout()
    return layout


def height_of(layout: QTextLayout) -> float:
    """Height in px of what was laid out."""
    return sum(layout.lineAt(at).height() for at in range(layout.lineCount()))


class ToldList(QListView):
    """``picked``: the row's value, by a click, Enter or Space. ``left``: Escape was pressed."""

    picked = Signal(object)
    left = Signal()
    leaves = False
    """Whether Escape is this list's; else whoever stands around it has it."""

    def __init__(self, name: str, delegate: ToldDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(delegate)
        delegate.setParent(self)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._pick)
        theme.watcher().changed.connect(self.lay_out_again)

    def value_at(self, row: int) -> Any:
        """What :attr:`picked` tells of a row."""
        raise NotImplementedError

    def copied(self) -> str:
        """All rows as text."""
        raise NotImplementedError

    def lay_out_again(self) -> None:
        """Heights may be others."""
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.lay_out_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self.leaves:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _pick(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self.value_at(index.row()))
