"""Sentences on a sweep as a list: complete, wrapped, each leading to the cells it speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from wsinspector.present.sweep_table import MARKS, ServerChanged, ServerSays
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.sweep.table_model import ROLES
from wsinspector.ui.widgets.told_list import Index, ToldDelegate, ToldList, draw_mark, height_of, lay_out

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


class SaidDelegate(ToldDelegate):
    """A mark, and beside it the sentence on as many lines as it needs, its clause muted behind it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self.width(option)
        line = _line(index)
        high = height_of(_laid(line, _room(width))) if line is not None else 0.0
        return QSize(width, round(high) + theme.SPACE)

    def draw(self, painter: QPainter, box: QRectF, index: Index) -> None:
        line = _line(index)
        if line is None:
            return
        top = box.top() + theme.SPACE / 2
        ascent = QFontMetricsF(theme.ui_font()).ascent()
        draw_mark(painter, line.mark, line.role, QPointF(box.left() + theme.MARGIN, top + ascent))
        painter.setPen(theme.color("text"))
        left = box.left() + theme.MARGIN + MARK_ROOM * theme.zoom()
        _laid(line, _room(box.width())).draw(painter, QPointF(left, top))


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
    return lay_out(layout, width)


def _range(start: int, stop: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, stop - start, look
    return found


class SaidList(ToldList):
    """``picked(Said)``: by a click or Enter. As high as its sentences where there is room for that."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, SaidDelegate(), parent)
        self.said = SaidModel(self)
        self.setModel(self.said)

    def value_at(self, row: int) -> Said:
        return self.said.lines[row]

    def copied(self) -> str:
        return "\n".join(line.spoken for line in self.said.lines)

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

    def lay_out_again(self) -> None:
        super().lay_out_again()
        self.updateGeometry()
