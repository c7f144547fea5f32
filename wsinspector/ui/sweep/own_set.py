"""Where a set of one's own is typed: one value a line, what cannot be read told in place, saved by name."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.sweep_own_sets import OwnSets
from wsinspector.present.plain import visible
from wsinspector.protocol.sweep_requests import OddRequest
from wsinspector.protocol.sweep_sets import SWEEP_SETS, named_ids
from wsinspector.protocol.sweep_texts import HELP, OwnSet, read_own_set
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.sweep.choices import titles

LINES = 8  # of the text in sight
TOLD = 4  # faults told at once; all are marked in the text


class OwnSetEditor(QWidget):
    """``changed``: the requests are others now. ``said(text)``: for the status bar."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, sets: OwnSets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sets = sets
        self.read: OwnSet = read_own_set("")
        self.edit = QPlainTextEdit()
        self.edit.setPlainText(HELP)
        self.edit.setTabChangesFocus(True)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.edit.setAccessibleName(translate("OwnSet", "Values to send, one a line"))
        self.edit.textChanged.connect(self._look)
        self.told = RoleLabel("", "muted", wraps=True)
        self.name = QComboBox()
        self.name.setEditable(True)
        self.name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.name.setMinimumContentsLength(14)
        self.name.setAccessibleName(translate("OwnSet", "Name of the set"))
        self.name.setToolTip(translate("OwnSet", "A saved set, or the name to save this one by"))
        field = self.name.lineEdit()
        if field is not None:
            field.setPlaceholderText(translate("OwnSet", "name"))
            field.setAccessibleName(translate("OwnSet", "Name of the set"))
        self.name.activated.connect(lambda _: self.take(self.name.currentText()))
        self.save = QPushButton(translate("OwnSet", "Save"))
        self.save.setToolTip(translate("OwnSet", "Keep this set under the name beside"))
        self.save.clicked.connect(self._save)
        self.remove = QPushButton(translate("OwnSet", "Delete"))
        self.remove.setToolTip(translate("OwnSet", "Delete the saved set of this name; the text stays"))
        self.remove.clicked.connect(self._remove)
        self.insert = QToolButton()
        self.insert.setText(translate("OwnSet", "Insert"))
        self.insert.setToolTip(
            translate("OwnSet", "Put a set of the program, or one of its requests, into the text")
        )
        self.insert.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.insert.setMenu(self._insert_menu())
        self._place()
        self.refresh()
        theme.watcher().changed.connect(self._fit)
        self._fit()
        self._look()

    def _place(self) -> None:
        self.stops: list[QWidget] = [self.edit, self.name, self.save, self.remove, self.insert]
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(RoleLabel(translate("OwnSet", "Name"), "muted"))
        for widget in self.stops[1:]:
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.edit)
        column.addWidget(self.told)
        column.addLayout(row)

    def _insert_menu(self) -> QMenu:
        menu = QMenu(self)
        called = titles()
        for each in SWEEP_SETS:
            title = called.get(each.name, each.name)
            menu.addAction(title, partial(self._put, each.requests))
        one = menu.addMenu(translate("OwnSet", "One request"))
        for name in named_ids():
            one.addAction(name, partial(self._put_text, name))
        return menu

    # -- what stands in it

    @property
    def requests(self) -> tuple[OddRequest, ...]:
        """What would be sent; lines that cannot be read send nothing."""
        return self.read.requests

    def set_text(self, text: str) -> None:
        self.edit.setPlainText(text)

    def set_ids(self, ids: tuple[str, ...]) -> None:
        """Show the requests with these ids as text."""
        self.set_text(HELP + "".join(f"{each}\n" for each in ids))

    def title(self) -> str:
        """The name, "own" without one."""
        return self.name.currentText().strip() or "own"

    def _put(self, requests: tuple[OddRequest, ...]) -> None:
        self._put_text("\n".join(request.odd.id for request in requests))

    def _put_text(self, text: str) -> None:
        cursor = self.edit.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        before = "" if not cursor.block().text() else "\n"
        cursor.insertText(before + text)
        self.edit.setTextCursor(cursor)
        self.edit.setFocus()

    def _look(self) -> None:
        """Read what stands there, and tell of it."""
        read = read_own_set(self.edit.toPlainText())
        ids = [request.odd.id for request in self.read.requests]
        self.read = read
        self._mark()
        if [request.odd.id for request in read.requests] != ids:
            self.changed.emit()

    def _mark(self) -> None:
        """Underline the lines that cannot be read, and say why below."""
        faults = self.read.faults
        marks = []
        for remark, role in (
            *((one, "fault") for one in faults),
            *((one, "note") for one in self.read.notes),
        ):
            block = self.edit.document().findBlockByNumber(remark.line - 1)
            if not block.isValid():
                continue
            mark = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(theme.color(role))
            look.setBackground(theme.color(f"{role}_soft"))
            mark.format = look
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            marks.append(mark)
        self.edit.setExtraSelections(marks)
        self.told.set_role("fault" if faults else "note" if self.read.notes else "muted")
        self.told.set_text(self._sentence())

    def _sentence(self) -> str:
        count = translate("OwnSet", "%n request(s)", "", len(self.read.requests))
        remarks = [*self.read.faults, *self.read.notes]
        if not remarks:
            return translate("OwnSet", "{0} to each server.").format(count)
        told = " ".join(visible(str(each)) for each in remarks[:TOLD])
        more = len(remarks) - TOLD
        rest = translate("OwnSet", " And {0} more.").format(more) if more > 0 else ""
        return (
            translate("OwnSet", "✕ {0}{1} The rest is {2}.").format(told, rest, count)
            if self.read.faults
            else (translate("OwnSet", "! {0}{1} {2} to each server.").format(told, rest, count))
        )

    # -- kept by name

    def refresh(self) -> None:
        """Look which sets there are; what is typed as a name stays."""
        typed = self.name.currentText()
        self.name.clear()
        self.name.addItems(list(self._sets.names()))
        self.name.setEditText(typed)

    def take(self, name: str) -> bool:
        """Show the saved set called ``name``; False where it cannot be read."""
        try:
            text = self._sets.text(name)
        except (OSError, ValueError) as error:
            self.told.set_role("fault")
            self.told.set_text(translate("OwnSet", "✕ {0} could not be read: {1}").format(name, error))
            return False
        self.set_text(text)
        self.name.setEditText(name)
        return True

    def _save(self) -> None:
        name = self.name.currentText().strip()
        try:
            if not name:
                raise ValueError(translate("OwnSet", "A set is saved by a name. Type one beside Save."))
            self._sets.save(name, self.edit.toPlainText())
        except (OSError, ValueError) as error:
            self.told.set_role("fault")
            self.told.set_text(f"✕ {error}")
            self.name.setFocus()
            return
        self.refresh()
        self.name.setEditText(name)
        self.said.emit(translate("OwnSet", "The set is saved as {0}.").format(name))

    def _remove(self) -> None:
        name = self.name.currentText().strip()
        if name not in self._sets.names():
            self.said.emit(translate("OwnSet", "No set of this name is saved."))
            return
        try:
            self._sets.remove(name)
        except (OSError, ValueError) as error:
            self.told.set_role("fault")
            self.told.set_text(f"✕ {error}")
            return
        self.name.setEditText("")
        self.refresh()
        self.said.emit(translate("OwnSet", "The set {0} is deleted; its text is still here.").format(name))

    def _fit(self) -> None:
        field, line, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        # The sheet of the program takes every scroll area for a pane; this one is a field.
        self.edit.setStyleSheet(
            f"QPlainTextEdit {{ background: {field}; border: 1px solid {line};"
            f" border-radius: {theme.RADIUS}px }} QPlainTextEdit:focus {{ border-color: {focus} }}"
        )
        self.edit.setFont(theme.mono_font())
        self.name.setFont(theme.ui_font())
        self.edit.setFixedHeight(LINES * self.edit.fontMetrics().lineSpacing() + 4 * theme.SPACE)
        self._mark()
