"""What could be typed next, below the filter: each with what it means; the focus stays in the field."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from wsinspector.filter import Completion
from wsinspector.translate import translate
from wsinspector.ui import theme

MOST_ROWS = 9
LEAST_WIDTH = 420  # px at zoom 1

Index = QModelIndex | QPersistentModelIndex


class CompletionModel(QAbstractListModel):
    """The choices, best first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.choices: list[Completion] = []

    def show_choices(self, choices: Sequence[Completion]) -> None:
        self.beginResetModel()
        self.choices = list(choices)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        choice = self.choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.text
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{choice.text}: {choice.meaning}"
        return None


class _Painter(QStyledItemDelegate):
    def __init__(self, model: CompletionModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(40, theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, state = option.rect, option.state
        choice = self._model.choices[index.row()]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        inner = rect.adjusted(theme.GAP, 0, -theme.GAP, 0)
        painter.setFont(theme.mono_font())
        painter.setPen(theme.color("text"))
        painter.drawText(inner, flags, choice.text)
        left = round(name_width(self._model.choices)) + 2 * theme.GAP
        inner.setLeft(inner.left() + left)
        painter.setFont(theme.ui_font(0.94))
        painter.setPen(theme.color("muted"))
        meaning = painter.fontMetrics().elidedText(
            choice.meaning, Qt.TextElideMode.ElideRight, max(inner.width(), 0)
        )
        painter.drawText(inner, flags, meaning)


def name_width(choices: Sequence[Completion]) -> float:
    """Px that the widest of the names takes."""
    metrics = QFontMetricsF(theme.mono_font())
    return max((metrics.horizontalAdvance(each.text) for each in choices), default=0.0)


class CompletionPopup(QFrame):
    """A list over the window, below ``field``. ``chosen``: a completion was clicked."""

    chosen = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self.setObjectName("completions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.model = CompletionModel(self)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Painter(self.model, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(translate("Filter", "What could be typed next"))
        self.list.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, theme.SPACE, 1, theme.SPACE)
        column.addWidget(self.list)
        theme.watcher().changed.connect(self._dress)
        field.destroyed.connect(self.deleteLater)  # once shown, it belongs to the window
        self.hide()

    def offer(self, choices: Sequence[Completion]) -> None:
        """Show ``choices``, none of them picked; hide where there are none."""
        if not choices:
            self.hide()
            return
        self.model.show_choices(choices)
        self.list.clearSelection()
        self.list.setCurrentIndex(QModelIndex())
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self._dress()
        self._place(window)
        self.show()
        self.raise_()

    def follow_field(self) -> None:
        """The field is elsewhere or of another width: stay below it, with what is picked."""
        if self.isVisible():
            self._place(self._field.window())

    def _dress(self) -> None:
        colours = (theme.color(role).name() for role in ("raised", "line"))
        back, line = colours
        self.setStyleSheet(
            f"QFrame#completions {{ background: {back}; border: 1px solid {line};"
            f" border-radius: {theme.RADIUS}px; }} QListView {{ background: {back}; }}"
        )

    def _place(self, window: QWidget) -> None:
        rows = min(len(self.model.choices), MOST_ROWS)
        height = rows * theme.row_height() + 2 * theme.SPACE + 2
        width = min(
            max(self._field.width(), round(LEAST_WIDTH * theme.zoom())), window.width() - 2 * theme.GAP
        )
        at = self._field.mapTo(window, QPoint(0, self._field.height() + 2))
        left = max(theme.GAP, min(at.x(), window.width() - width - theme.GAP))
        height = min(height, max(window.height() - at.y() - theme.GAP, 3 * theme.row_height()))
        self.setGeometry(left, at.y(), width, height)

    @property
    def picked(self) -> Completion | None:
        """The choice that Up and Down have come to."""
        index = self.list.currentIndex()
        return self.model.choices[index.row()] if self.isVisible() and index.isValid() else None

    def first(self) -> Completion | None:
        """The best choice."""
        return self.model.choices[0] if self.isVisible() and self.model.choices else None

    def step(self, by: int) -> None:
        """Pick the next choice or the one before; above the first none is picked."""
        row = self.list.currentIndex().row() + by
        if row < 0:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
        else:
            self.list.setCurrentIndex(self.model.index(min(row, len(self.model.choices) - 1)))

    def _clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.model.choices[index.row()])
