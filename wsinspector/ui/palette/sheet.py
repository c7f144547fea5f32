"""The sheet of the palette: a field and what fits it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet
from wsinspector.ui.palette.delegate import PaletteDelegate
from wsinspector.ui.palette.model import PaletteModel
from wsinspector.ui.palette.row import Row
from wsinspector.ui.palette.used import Used

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_LINES = 14


class PaletteSheet(Sheet):
    """``collect()`` gives the rows each time it opens; ``used`` is told of the one that was taken."""

    def __init__(self, collect: Callable[[], Sequence[Row]], used: Used, parent: QWidget) -> None:
        super().__init__(parent)
        self._collect = collect
        self.used = used
        self.opened: Callable[[], None] = lambda: None
        """Called when it has opened: more rows may come with :meth:`add`."""
        self.setAccessibleName(translate("Palette", "Find anything by its name"))
        self.model = PaletteModel()
        self.field = QLineEdit()
        self.field.setPlaceholderText(
            translate("Palette", "Some letters of an action, a tab, a file, a lesson, a saved request…")
        )
        self.field.setAccessibleName(translate("Palette", "Some letters of what is wanted"))
        self.field.setToolTip(
            translate("Palette", "Up, Down, PgUp and PgDown move, Return takes, Escape puts this away")
        )
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field has it, and leads the list
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(translate("Palette", "What fits"))
        self.list.setStyleSheet("QListView { background: transparent; border: none }")
        self.list.viewport().setAutoFillBackground(False)
        self.said = RoleLabel("", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.said)
        self.field.installEventFilter(self)
        self.field.textEdited.connect(self.type)
        self.list.clicked.connect(lambda index: self.take(index.row()))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._say())

    def sizeHint(self) -> QSize:
        return QSize(round(720 * theme.zoom()), self._height(_LINES))

    def _height(self, lines: int) -> int:
        """The whole height with so many lines of the list in sight."""
        margins, line = self.contentsMargins(), theme.row_height() + theme.GAP
        layout = self.layout()
        if layout is not None:
            margins = layout.contentsMargins()
        others = self.field.sizeHint().height() + self.said.sizeHint().height() + 2 * theme.GAP
        return margins.top() + margins.bottom() + others + lines * line

    def place(self) -> None:
        """Put it near the top: what is read of it begins there."""
        super().place()
        lines = _LINES
        while lines > 3 and self._height(lines) > self.height():
            lines -= 1  # none of them is to be cut
        self.resize(self.width(), self._height(lines))
        self.move(QPoint(self.x(), min(self.y(), round(48 * theme.zoom()))))

    # -- opening

    def toggle(self) -> None:
        """Show it in front, or put it away."""
        if self.isVisible():
            self.leave()
            return
        self.model.typed = ""
        self.field.clear()
        self.model.set_rows(self._collect(), self.used.ids)
        self.appear()
        self.field.setFocus()
        self._to(0)
        self.opened()

    def add(self, rows: Sequence[Row]) -> None:
        """Offer more, of which was only heard after it had opened; the current row stays."""
        picked = self.model.row(self.list.currentIndex().row())
        self.model.set_rows([*self.model.rows, *rows], self.used.ids)
        at = next((at for at in range(self.model.rowCount()) if self.model.row(at) == picked), 0)
        self._to(at)

    def type(self, text: str) -> None:
        """Show what ``text`` means, the first of it picked."""
        self.model.type(text)
        self._to(0)

    # -- the list

    def _to(self, at: int) -> None:
        last = self.model.rowCount() - 1
        self.list.setCurrentIndex(self.model.index(min(max(at, 0), last), 0))
        self._say()

    def current(self) -> Row | None:
        """The picked row."""
        return self.model.row(self.list.currentIndex().row())

    def take(self, at: int) -> None:
        """Put the sheet away and do what line ``at`` stands for; one that cannot be done now stays."""
        row = self.model.row(at)
        if row is None:
            return
        if row.why_not:
            self._say()
            return
        self.used.use(row.id)
        self.leave()
        row.run()

    def _say(self) -> None:
        row = self.current()
        if row is None:
            self.said.set_role("note")
            self.said.set_text(translate("Palette", "Nothing has these letters in this order."))
        elif row.why_not:
            self.said.set_role("note")
            self.said.set_text(translate("Palette", "Not now. {0}").format(row.why_not))
        else:
            self.said.set_role("muted")
            self.said.set_text(translate("Palette", "Return takes it, Escape puts this away"))
        if row is not None:
            self.field.setAccessibleDescription(
                str(self.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole))
            )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _pressed(self, key: Qt.Key) -> bool:
        at, last = self.list.currentIndex().row(), self.model.rowCount() - 1
        page = max(self.list.viewport().height() // (theme.row_height() + theme.GAP) - 1, 1)
        if key in _STEPS and last >= 0:
            self._to((at + _STEPS[key]) % (last + 1))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._to(at + (page if key == Qt.Key.Key_PageDown else -page))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take(at)
        else:
            return False
        return True
