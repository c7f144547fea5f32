"""The rules in their groups as a model, filtered by words, and how a row of it is painted."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from wsinspector.present.rule_pages import RuleEntry, RuleGroup, rule_groups
from wsinspector.ui import theme

Index = QModelIndex | QPersistentModelIndex
NO_GROUP = 0  # the internal id of a group; a rule's is its group's row + 1


class RulesModel(QAbstractItemModel):
    """Groups at the top, their rules below them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: tuple[RuleGroup, ...] = rule_groups()

    def set_words(self, words: str) -> None:
        """Keep the rules in which all of ``words`` stand."""
        found = rule_groups(words)
        if found != self.groups:
            self.beginResetModel()
            self.groups = found
            self.endResetModel()

    def entry(self, index: Index) -> RuleEntry | None:
        """The rule at ``index``; None for a group."""
        if not index.isValid() or index.internalId() == NO_GROUP:
            return None
        return self.groups[index.internalId() - 1].entries[index.row()]

    def place_of(self, name: str) -> QModelIndex:
        """Where the rule called ``name`` stands; an index that is not valid where it does not."""
        for entry, index in self.places():
            if entry.name == name:
                return index
        return QModelIndex()

    def places(self) -> Iterator[tuple[RuleEntry, QModelIndex]]:
        """Every rule from the top, and its index."""
        for number, group in enumerate(self.groups):
            for row, entry in enumerate(group.entries):
                yield entry, self.createIndex(row, 0, number + 1)

    # -- as Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else NO_GROUP)

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]  # QObject's takes nothing
        if not child.isValid() or child.internalId() == NO_GROUP:
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, 0, NO_GROUP)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if not parent.isValid():
            return len(self.groups)
        if parent.internalId() != NO_GROUP or parent.column() > 0:
            return 0
        return len(self.groups[parent.row()].entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.entry(index) is None:
            return Qt.ItemFlag.NoItemFlags  # the arrow keys go over what is not enabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entry(index)
        if entry is None:
            return self.groups[index.row()].title if role == Qt.ItemDataRole.DisplayRole else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.what
            case Qt.ItemDataRole.AccessibleTextRole:
                return entry.spoken
            case Qt.ItemDataRole.ToolTipRole:
                return f"{entry.what}\n{entry.details}"
        return None


MARK = 22  # px at zoom 1


class RuleDelegate(QStyledItemDelegate):
    """A group as a heading; a rule as its mark, what it asks for, and below that its particulars."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if _entry(index) is None:
            return QSize(0, round(QFontMetricsF(_heading()).height() + 3 * theme.SPACE))
        height = QFontMetricsF(theme.ui_font()).height() + QFontMetricsF(_small()).height()
        return QSize(0, round(height + 2 * theme.SPACE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRectF(option.rect)
        entry = _entry(index)
        painter.save()
        if entry is None:
            inner = box.adjusted(theme.MARGIN, 2 * theme.SPACE, -theme.GAP, 0)
            _line(painter, inner, str(index.data()), "link", _heading())
        else:
            state = option.state
            if state & QStyle.StateFlag.State_Selected:
                painter.fillRect(box, theme.color("selection"))
            elif state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(box, theme.color("hover"))
            _rule(painter, box, entry)
        painter.restore()


def _entry(index: Index) -> RuleEntry | None:
    model = index.model()
    return model.entry(index) if isinstance(model, RulesModel) else None


def _rule(painter: QPainter, box: QRectF, entry: RuleEntry) -> None:
    strong = QFont(theme.ui_font())
    strong.setBold(True)
    top = box.adjusted(theme.MARGIN, theme.SPACE, -theme.GAP, 0)
    high = QFontMetricsF(theme.ui_font()).height()
    # Muted: a rule in a list is no fault of anybody's yet.
    sign = MARK * theme.zoom()
    _line(painter, QRectF(top.left(), top.top(), sign, high), entry.mark, "muted", strong)
    text = QRectF(top.left() + sign, top.top(), top.width() - sign, high)
    _line(painter, text, entry.what, "text", theme.ui_font())
    below = QRectF(text.left(), text.bottom(), text.width(), QFontMetricsF(_small()).height())
    _line(painter, below, entry.details, "muted", _small())


def _line(painter: QPainter, box: QRectF, text: str, role: str, font: QFont) -> None:
    painter.setFont(font)
    painter.setPen(theme.color(role))
    cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), cut)


def _small() -> QFont:
    return theme.ui_font(0.88)


def _heading() -> QFont:
    font = QFont(theme.ui_font(0.95))
    font.setBold(True)
    return font
