"""A head as a table edited in place: switch off, reorder, duplicate, change case, add, delete."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from wsinspector.present.heads import HeadRow, RowKind, rows_within, shown_bytes
from wsinspector.protocol.dialects import fields
from wsinspector.protocol.draft import VERSION, Draft, DraftLine
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import Deeds, give_key
from wsinspector.ui.inspect.head_delegate import HeadDelegate, switch_box
from wsinspector.ui.inspect.head_model import Column, HeadModel

_OLD_LINES = (fields.DRAFT_NUMBER, fields.KEY1, fields.KEY2, fields.SEC_ORIGIN, fields.OLD_PROTOCOL)
TELLING = frozenset(name.lower() for name in (VERSION, *_OLD_LINES))
"""Lines that tell which version a request speaks."""

GUTTER = 38
NARROW_GUTTER = 30
MOST_ROWS = 80
"""Rows shown without an own scroll bar; the pane around the table scrolls."""

Index = QModelIndex | QPersistentModelIndex


class HeadTable(QTableView):
    """Shows rows of ``present.heads``; with a draft, every edit gives :attr:`edited` a new one."""

    edited = Signal(object)  # Draft
    flagged = Signal(str)
    undo_asked = Signal()
    redo_asked = Signal()
    about_asked = Signal()  # what the version is that the request speaks
    reveal_asked = Signal(bytes)  # secret key of a row, see HeadRow.secret_key
    hide_asked = Signal(bytes)
    row_clicked = Signal(object)  # HeadRow
    row_reached = Signal(object)  # HeadRow: the keys have come to it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head_model = HeadModel()
        self.head_model.setParent(self)
        self.deeds = Deeds(self, "headers", self._deeds(), self._can)
        self.head_model.edited.connect(self.edited)
        self.head_model.flagged.connect(self.flagged)
        self._delegate = HeadDelegate(self)
        self._details = False
        self._next_current: tuple[int, int] | None = None
        self.setModel(self.head_model)
        self.setItemDelegate(self._delegate)
        # The delegate frames the current cell while the table has the focus; a ground that stays
        # behind would look like a mark.
        self.setStyleSheet("QTableView { selection-background-color: transparent; }")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(8)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setDragDropOverwriteMode(False)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAccessibleName(translate("HeadTable", "Header lines"))

    # -- what is shown

    def show_rows(self, rows: tuple[HeadRow, ...], draft: Draft | None = None) -> None:
        """Show ``rows``, editable where the ``draft`` they were made from is given."""
        current = self.currentIndex()
        keep = self._next_current or (current.row(), current.column())
        self._next_current = None
        editable = draft is not None
        self.setDragDropMode(
            QAbstractItemView.DragDropMode.InternalMove
            if editable
            else QAbstractItemView.DragDropMode.NoDragDrop
        )
        self.head_model.show(rows, draft)
        if keep[0] >= 0 and rows:
            index = self.head_model.index(min(keep[0], len(rows) - 1), max(keep[1], 0))
            if index != self.currentIndex():
                self.setCurrentIndex(index)
        self._arrange()

    def set_lit(self, spans: Sequence[Span]) -> None:
        """Light the rows that hold a byte of ``spans``."""
        self._delegate.lit = tuple(spans)
        self.viewport().update()

    def lit_rows(self) -> tuple[int, ...]:
        rows = self.head_model.rows
        return tuple(sorted({at for span in self._delegate.lit for at in rows_within(rows, span)}))

    def row_rect(self, row: int) -> QRectF:
        """Where row ``row`` stands, in the table's coordinates."""
        return QRectF(0, self.rowViewportPosition(row), self.width(), theme.row_height())

    @property
    def details(self) -> bool:
        """Whether separators, line endings and the blank line are shown though they are ordinary."""
        return self._details

    def set_details(self, on: bool) -> None:
        self._details = on
        self._arrange()

    def details_shown(self) -> bool:
        return self._details or any(row.odd for row in self.head_model.rows)

    # -- geometry

    def _arrange(self) -> None:
        rows, details = self.head_model.rows, self.details_shown()
        self.clearSpans()
        self.verticalHeader().setDefaultSectionSize(theme.row_height())
        for at, row in enumerate(rows):
            self.setRowHidden(at, row.kind is RowKind.TERMINATOR and not details)
            if row.kind is not RowKind.HEADER:
                self.setSpan(at, Column.NAME, 1, 3)
        self.setColumnHidden(Column.BETWEEN, not details)
        self.setColumnHidden(Column.ENDING, not details)
        self._share_width()
        shown = sum(not self.isRowHidden(at) for at in range(len(rows)))
        many = shown > MOST_ROWS
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if many else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(min(shown, MOST_ROWS) * theme.row_height() + 1)

    def gutter(self) -> int:
        """Where the names begin, in px from the left."""
        return GUTTER if self.viewport().width() >= 440 else NARROW_GUTTER

    def _share_width(self) -> None:
        width = self.viewport().width()
        metrics = QFontMetricsF(theme.mono_font())
        gutter = self.gutter()
        names = (len(row.shown_name) for row in self.head_model.rows if row.kind is RowKind.HEADER)
        longest = min(max(names, default=0), 40)
        # The values of request and response begin at one height where the usual names fit.
        usual = max(longest, len("Sec-WebSocket-Extensions"))
        name = min(metrics.horizontalAdvance("0" * (usual + 2)), width * 0.44 - gutter / 2)
        between = ending = 0.0
        if self.details_shown():
            between, ending = metrics.horizontalAdvance("0000"), metrics.horizontalAdvance("000000")
            name = min(name, (width - gutter - between - ending) * 0.5)
        widths = {
            Column.SWITCH: float(gutter),
            Column.NAME: name,
            Column.BETWEEN: between,
            Column.ENDING: ending,
            Column.VALUE: width - gutter - name - between - ending,
        }
        for column, share in widths.items():
            self.setColumnWidth(column, max(8, int(share)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(self, "_details"):
            self._arrange()

    # -- pointer

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus() and current.isValid() and current.row() != previous.row():
            self.row_reached.emit(self.head_model.rows[current.row()])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        super().mousePressEvent(event)
        if not left or not index.isValid():
            return
        row = self.head_model.rows[index.row()]
        if index.column() == Column.SWITCH:
            box = switch_box(QRectF(self.visualRect(index))).adjusted(-4, -4, 4, 4)
            if box.contains(event.position()) and self.head_model.draft is not None:
                self._toggle(index)
            return
        if (
            row.hidden
            and not row.gone
            and index.column() in (Column.VALUE, Column.NAME)
            and self._over_secret(row, index)
        ):
            self.reveal_asked.emit(row.secret_key)
        if row.marked and self._over_version(index, event.position()):
            self.about_asked.emit()
            return
        self.row_clicked.emit(row)

    def _over_secret(self, row: HeadRow, index: QModelIndex) -> bool:
        return row.kind is not RowKind.HEADER or index.column() == Column.VALUE

    def _over_version(self, index: QModelIndex, point: QPointF) -> bool:
        chip = self._delegate.version_chips.get(index.row())
        return index.column() == Column.VALUE and chip is not None and chip.contains(point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._point_at(index.row())
        over = index.isValid() and self.head_model.rows[index.row()].marked
        if over and self._over_version(index, event.position()):
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(-1)

    def _point_at(self, row: int) -> None:
        if self._delegate.pointed_row != row:
            self._delegate.pointed_row = row
            self.viewport().update()

    # -- keys and menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_line()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.head_model.draft is not None:
            self.edit(self.currentIndex())
        elif not self.deeds.took(event):
            super().keyPressEvent(event)
            return
        event.accept()

    def _deeds(self) -> dict[str, Callable[[], None]]:
        return {
            "headers.switch": lambda: self._toggle(self.currentIndex()),
            "headers.up": lambda: self._move(-1),
            "headers.down": lambda: self._move(1),
            "headers.duplicate": self.duplicate_line,
            "headers.add": self.add_line,
            "headers.delete": self.delete_line,
        }

    def _can(self, name: str) -> bool:
        if self.head_model.draft is None:
            return False
        row = self.current_row()
        return name == "headers.add" or (row is not None and row.kind is RowKind.HEADER)

    def row_actions(self) -> list[tuple[str, str]]:
        """``(text, action)`` for the current row; empty where nothing can be edited."""
        row = self.current_row()
        off = row is not None and row.enabled
        texts = {
            "headers.switch": translate("HeadTable", "Switch off")
            if off
            else translate("HeadTable", "Switch on"),
            "headers.up": translate("HeadTable", "Move up"),
            "headers.down": translate("HeadTable", "Move down"),
            "headers.duplicate": translate("HeadTable", "Duplicate"),
            "headers.add": translate("HeadTable", "Add a line"),
            "headers.delete": translate("HeadTable", "Delete"),
        }
        return [(text, name) for name, text in texts.items() if self.deeds.can(name)]

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self.setCurrentIndex(index)
        self.menu().exec(event.globalPos())

    def menu(self) -> QMenu:
        """The menu of the current row."""
        menu = QMenu(self)
        row = self.current_row()
        for text, name in self.row_actions():
            _entry(menu, text, partial(self.deeds.carry_out, name), name)
        if self.head_model.draft is not None and row is not None and row.kind is RowKind.HEADER:
            cases = menu.addMenu(translate("HeadTable", "Letter case of the name"))
            for spelt in case_variants(row.name):
                _entry(cases, shown_bytes(spelt), lambda spelt=spelt: self.rename(spelt))  # type: ignore[misc]
        menu.addSeparator()
        if row is not None and row.kind is RowKind.HEADER and row.name.strip().lower() in TELLING:
            about = translate("HeadTable", "What this version is…")
            _entry(menu, about, self.about_asked.emit)
        _entry(menu, translate("HeadTable", "Copy line"), self.copy_line, "list.copy")
        if row is not None and row.kind is RowKind.HEADER and not row.hidden:
            _entry(menu, translate("HeadTable", "Copy value"), self.copy_value)
        if row is not None and row.gone:
            pass  # nothing can show it
        elif row is not None and row.hidden:
            _entry(
                menu,
                translate("HeadTable", "Show the hidden value"),
                lambda: self.reveal_asked.emit(row.secret_key),
            )
        elif row is not None:
            _entry(
                menu,
                translate("HeadTable", "Hide secrets again"),
                lambda: self.hide_asked.emit(row.secret_key),
            )
        details = menu.addAction(translate("HeadTable", "Separators and line endings"))
        details.setCheckable(True)
        details.setChecked(self.details_shown())
        details.toggled.connect(self.set_details)
        return menu

    # -- the acts

    def current_row(self) -> HeadRow | None:
        at = self.currentIndex().row()
        return self.head_model.rows[at] if 0 <= at < len(self.head_model.rows) else None

    def _toggle(self, index: QModelIndex) -> None:
        row = self.head_model.rows[index.row()]
        self.head_model.setData(
            self.head_model.index(index.row(), Column.SWITCH),
            Qt.CheckState.Unchecked if row.enabled else Qt.CheckState.Checked,
            Qt.ItemDataRole.CheckStateRole,
        )

    def _move(self, step: int) -> None:
        row, draft = self.current_row(), self.head_model.draft
        if row is None or draft is None or not 0 <= row.index + step < len(draft.lines):
            return
        self._next_current = (self.currentIndex().row() + step, self.currentIndex().column())
        self.head_model.move_line(row.index, row.index + 2 if step > 0 else row.index - 1)

    def duplicate_line(self) -> None:
        row, draft = self.current_row(), self.head_model.draft
        if row is not None and draft is not None and row.kind is RowKind.HEADER:
            self._next_current = (self.currentIndex().row() + 1, self.currentIndex().column())
            self.edited.emit(draft.duplicate(row.index))

    def delete_line(self) -> None:
        row, draft = self.current_row(), self.head_model.draft
        if row is not None and draft is not None and row.kind is RowKind.HEADER:
            self.edited.emit(draft.remove(row.index))

    def add_line(self) -> None:
        """Put a new line below the current one, else at the end, and open its name for typing."""
        draft = self.head_model.draft
        if draft is None or not draft.is_head:
            return
        row = self.current_row()
        at = row.index + 1 if row is not None and row.kind is RowKind.HEADER else len(draft.lines)
        self.edited.emit(draft.insert(at, DraftLine(b"X-Header", b"")))
        place = self.head_model.row_of_line(at)
        if place >= 0:
            self.setFocus()
            self.setCurrentIndex(self.head_model.index(place, Column.NAME))
            self.edit(self.currentIndex())

    def rename(self, name: bytes) -> None:
        index = self.head_model.index(self.currentIndex().row(), Column.NAME)
        self.head_model.setData(index, shown_bytes(name))

    def copy_line(self) -> None:
        """Put the current line on the clipboard as text; what is hidden stays hidden."""
        row = self.current_row()
        if row is None:
            return
        text = row.shown_value
        if row.kind is RowKind.HEADER:
            text = shown_bytes(row.name + row.between) + (
                row.shown_value if row.hidden else shown_bytes(row.value)
            )
        QGuiApplication.clipboard().setText(text)

    def copy_value(self) -> None:
        """Put the value of the current line on the clipboard, whole; one that is hidden stays where it is."""
        row = self.current_row()
        if row is not None and not row.hidden:
            QGuiApplication.clipboard().setText(shown_bytes(row.value))

    def open_menu_below(self, point: QPoint) -> None:
        self.menu().exec(point)


def case_variants(name: bytes) -> tuple[bytes, ...]:
    """The name in the letter cases servers are tried with, itself left out."""
    words = b"-".join(part[:1].upper() + part[1:].lower() for part in name.split(b"-"))
    found = dict.fromkeys((name.lower(), name.upper(), words, name.swapcase()))
    known = b"-".join({b"websocket": b"WebSocket"}.get(part.lower(), part) for part in words.split(b"-"))
    found[known] = None
    found.pop(name, None)
    return tuple(found)


def _entry(menu: QMenu, text: str, do: Callable[[], None], name: str = "") -> QAction:
    action = menu.addAction(text)
    if name:
        give_key(action, name)
    action.triggered.connect(lambda _checked=False: do())
    return action
