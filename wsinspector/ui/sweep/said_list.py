"""Sentences on a sweep as a list: complete, wrapped, each leading to the cells it speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
    QTextCharFormat,
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

from wsinspector.present.sweep_table import MARKS, ServerChanged, ServerSays
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.sweep.table_model import ROLES

Index = QModelIndex | QPersistentModelIndex
MARK_ROOM = 16  # px at zoom 1
HIGHEST = 4000  # px; higher lists are not measured to their end


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence on the answers of ``server`` to the requests ``ids``; ``role`` colours its mark."""

    mark: str
    role: str
    text: str
    clause: str
    server: int
    ids: tuple[str, ...]

    @property
    def spoken(self) -> str:
        return " ".join(part for part in (self.mark, self.text, self.clause) if part)


def of_findings(outs: Sequence[ServerSays]) -> tuple[Said, ...]:
    """What stands out, in the order in which it is given."""
    return tuple(
        Said(
            MARKS[each.said.tone],
            ROLES.get(each.said.tone, "muted"),
            each.said.text,
            each.said.clause,
            each.index,
            each.said.ids,
        )
        for each in outs
    )


def of_changes(changes: Sequence[ServerChanged]) -> tuple[Said, ...]:
    """What differs from an earlier sweep; a change accuses nobody."""
    return tuple(Said("•", "link", each.change.text, "", each.index, each.change.ids) for each in changes)


class SaidModel(QAbstractListModel):
    """The sentences given to :meth:`show`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Said, ...] = ()

    def show(self, lines: tuple[Said, ...]) -> None:
        if lines != self.lines:
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole and line.ids:
            return translate("SweepSaid", "Enter, or a click, shows the answers this is said of.")
        return None


class SaidDelegate(QStyledItemDelegate):
    """A mark, and beside it the sentence on as many lines as it needs, its clause muted behind it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        line = _line(index)
        high = _height(_laid(line, _room(width))) if line is not None else 0.0
        return QSize(width, round(high) + theme.SPACE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = _line(index)
        if line is None:
            return
        box, state = QRectF(option.rect), option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.color("hover"))
        top = box.top() + theme.SPACE / 2
        bold = QFont(theme.ui_font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(theme.color(line.role))
        ascent = QFontMetricsF(theme.ui_font()).ascent()
        painter.drawText(QPointF(box.left() + theme.MARGIN, top + ascent), line.mark)
        painter.setPen(theme.color("text"))
        left = box.left() + theme.MARGIN + MARK_ROOM * theme.zoom()
        _laid(line, _room(box.width())).draw(painter, QPointF(left, top))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()


def _line(index: Index) -> Said | None:
    model = index.model()
    return model.lines[index.row()] if isinstance(model, SaidModel) else None


def _room(width: float) -> float:
    return max(width - 2 * theme.MARGIN - MARK_ROOM * theme.zoom(), 80.0)


def _laid(line: Said, width: float) -> QTextLayout:
    text = f"{line.text} {line.clause}".strip()
    layout = QTextLayout(text, theme.ui_font())
    muted = QTextCharFormat()
    muted.setForeground(theme.color("muted"))
    plain = QTextCharFormat()
    plain.setForeground(theme.color("text"))
    layout.setFormats([_range(0, len(line.text), plain), _range(len(line.text), len(text), muted)])
    layout.beginLayout()
    high = 0.0
    while (row := layout.createLine()).isValid():
        row.setLineWidth(width)
        row.setPosition(QPointF(0, high))
        high += row.height()
    layout.endLayout()
    return layout


def _range(start: int, stop: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, stop - start, look
    return found


def _height(layout: QTextLayout) -> float:
    return sum(layout.lineAt(at).height() for at in range(layout.lineCount()))


class SaidList(QListView):
    """``picked(Said)``: by a click or Enter. As high as its sentences where there is room for that."""

    picked = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = SaidModel(self)
        self.setModel(self.said)
        self.setItemDelegate(SaidDelegate(self))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._pick)
        theme.watcher().changed.connect(self._lay_out)

    def show_lines(self, lines: tuple[Said, ...]) -> None:
        self.said.show(lines)
        self.updateGeometry()

    def content_height(self) -> int:
        """Height in px of its sentences at the present width."""
        delegate = self.itemDelegate()
        option = QStyleOptionViewItem()
        high = 2
        for row in range(self.said.rowCount()):
            high += delegate.sizeHint(option, self.said.index(row)).height()
            if high > HIGHEST:
                break  # no window shows more at once
        return high

    def sizeHint(self) -> QSize:
        return QSize(400, self.content_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, min(self.content_height(), 2 * theme.row_height()))

    def _lay_out(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText("\n".join(line.spoken for line in self.said.lines))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _pick(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self.said.lines[index.row()])
