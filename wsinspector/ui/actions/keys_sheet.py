"""The sheet of all keys: found by typing, and changed where they stand."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.actions.action import FIXED, Action
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.actions.keys_model import GROUP, KEYS, TEXT, WHERE, KeysModel
from wsinspector.ui.actions.registry import key_text, pressed_key, registry
from wsinspector.ui.actions.scopes import told
from wsinspector.ui.actions.taking import why_not
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet

_HELD = (
    Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
    Qt.Key.Key_unknown,
    Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock,
)  # fmt: skip
_LEAVE = (Qt.Key.Key_Escape,)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeysSheet(Sheet):
    """Return on a row waits for its new key; one that belongs to another action is asked about before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("KeysSheet", "All keys"))
        self.model = KeysModel()
        self.waiting: Action | None = None
        """The action whose new key is waited for."""
        self.offered = ""
        """A key that others have, pressed for ``waiting`` and not agreed to yet."""
        self._make()
        self._lay_out()
        self._wire()
        self._dress()
        self._say()

    def _make(self) -> None:
        self.field = QLineEdit()
        self.field.setPlaceholderText(translate("KeysSheet", "Words, a key, a place"))
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(translate("KeysSheet", "Find an action or a key"))
        self.field.setToolTip(
            translate("KeysSheet", "Shows the rows in which every word stands; Down leads to them")
        )
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(translate("KeysSheet", "Actions and their keys"))
        self.table.setToolTip(
            translate(
                "KeysSheet", "Return changes the key, Del takes it away, Backspace gives the first one back"
            )
        )
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.table.setStyleSheet(f"QTableView::item {{ padding: 0 {theme.GAP - 3}px }}")
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.said = RoleLabel("", "muted", wraps=True)
        self.said.setAccessibleName(translate("KeysSheet", "What is known of the key"))
        self.change = QPushButton(translate("KeysSheet", "New key"))
        self.change.setProperty("kind", "primary")
        tell(self.change, translate("KeysSheet", "Press another key for the picked row (Return)"))
        self.none = QPushButton(translate("KeysSheet", "No key"))
        tell(self.none, translate("KeysSheet", "The picked action has no key (Del)"))
        self.first = QPushButton(translate("KeysSheet", "As at first"))
        tell(self.first, translate("KeysSheet", "The picked action has the key it had at first (Backspace)"))
        self.all = QPushButton(translate("KeysSheet", "All as at first"))
        tell(self.all, translate("KeysSheet", "Every key as it was before any was changed"))
        self.done = QPushButton(translate("KeysSheet", "Done"))
        tell(self.done, translate("KeysSheet", "Put this away (Escape); what is set stays"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(theme.GAP)
        column.addWidget(RoleLabel(translate("KeysSheet", "All keys"), "text", bold=True, size=1.2))
        column.addWidget(self.field)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for button in (self.change, self.none, self.first):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.all)
        row.addWidget(self.done)
        column.addLayout(row)

    def _wire(self) -> None:
        self._finding = QTimer(self)
        self._finding.setSingleShot(True)
        self._finding.timeout.connect(self.search)
        self.field.textEdited.connect(lambda _text: self.search())
        self.field.textChanged.connect(lambda text: None if text else self.search())
        self.field.installEventFilter(self)
        self.table.installEventFilter(self)
        self.table.doubleClicked.connect(lambda _index: self.wait_for_key())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._moved())
        self.change.clicked.connect(self.wait_for_key)
        self.none.clicked.connect(self.take_away)
        self.first.clicked.connect(self.as_at_first)
        self.all.clicked.connect(self._ask_all)
        self.done.clicked.connect(self.leave)
        registry().changed.connect(self._say)
        theme.watcher().changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        parent = self.parentWidget()
        room = parent.size() if parent is not None else QSize(1000, 700)
        return QSize(min(round(980 * theme.zoom()), room.width() - 48), room.height() - 80)

    def height_at(self, width: int) -> int:
        """As high as there is room: the line below the rows would have it made as low as it can be."""
        return self.sizeHint().height()

    def toggle(self) -> None:
        """Show it in front, or put it away."""
        if self.isVisible():
            self.leave()
        else:
            self.appear()
            if not self.table.currentIndex().isValid():
                self.table.selectRow(0)
            self.field.setFocus()
            self.field.selectAll()

    def leave(self) -> None:
        self._stop_waiting()
        super().leave()

    # -- finding

    def search(self) -> None:
        """Show the rows that fit what was typed."""
        picked = self.current()
        self.model.want(self.field.text())
        row = self.model.row_of(picked.id) if picked is not None else -1
        self.table.selectRow(max(row, 0))
        self._say()

    def current(self) -> Action | None:
        """The action of the current row."""
        return self.model.action(self.table.currentIndex().row())

    def show_action(self, name: str) -> None:
        """Make the row of an action current; what was typed is cleared where it hides it."""
        if self.model.row_of(name) < 0:
            self.field.clear()
        self.table.selectRow(self.model.row_of(name))

    # -- changing

    def wait_for_key(self) -> None:
        """Take the next key that is pressed for the current row, where that can be changed."""
        action = self.current()
        if action is None or action.fixed:
            self._say()
            return
        self.waiting, self.offered = action, ""
        self.table.setFocus()
        self._say()

    def take_away(self) -> None:
        """The current action has no key."""
        action = self.current()
        if action is not None and not action.fixed:
            self._stop_waiting()
            self._tell(registry().take(action.id, ()))

    def as_at_first(self) -> None:
        """The current action has the key it had at first."""
        action = self.current()
        if action is not None and not action.fixed:
            self._stop_waiting()
            self._tell(registry().reset(action.id))

    def _ask_all(self) -> None:
        question = QMessageBox(self.window())
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(translate("KeysSheet", "Give every action the key it had at first?"))
        yes = question.addButton(translate("KeysSheet", "All as at first"), QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        question.exec()
        if question.clickedButton() is yes:
            self._tell(registry().reset_all())

    def press(self, key: str) -> None:
        """``key``, in Qt's form, was pressed for the action that waits."""
        action = self.waiting
        if action is None:
            return
        reason = why_not(action, key)
        if reason:
            self.offered = ""
            self._tell(reason, "note")
            return
        others = registry().sharing(action.id, key)
        fixed = next((other for other in others if other.fixed), None)
        if fixed is not None:
            self.offered = ""
            text = translate("KeysSheet", "{0} is the key of “{1}”, {2}. {3}")
            reason = translate("KeyFixed", FIXED[fixed.fixed])
            self._tell(text.format(key_text(key), fixed.text, told(fixed.scope), reason), "note")
        elif others and self.offered != key:
            self.offered = key
            text = translate(
                "KeysSheet",
                "{0} is the key of {1}. Return takes it from there, another key is tried instead, "
                "Escape leaves "
                "all as it is.",
            )
            names = ", ".join(f"“{other.text}” ({told(other.scope)})" for other in others)
            self._tell(text.format(key_text(key), names), "note")
        else:
            self._take(key)

    def _take(self, key: str) -> None:
        action = self.waiting
        self._stop_waiting()
        if action is not None:
            trouble = registry().take(action.id, [key])
            text = translate("KeysSheet", "{0} is the key of “{1}” now.").format(key_text(key), action.text)
            self._tell(trouble or text, "fault" if trouble else "ok")

    def _stop_waiting(self) -> None:
        self.waiting, self.offered = None, ""
        self._say()

    # -- what is said

    def _moved(self) -> None:
        if self.waiting is not None and self.waiting is not self.current():
            self.waiting, self.offered = None, ""
        self._say()

    def _say(self) -> None:
        action = self.current()
        for button in (self.change, self.none, self.first):
            button.setEnabled(action is not None and not action.fixed)
        if action is None:
            said = (
                "" if self.model.rowCount() else translate("KeysSheet", "No action has all of these words.")
            )
            self._tell(said)
        elif self.waiting is not None:
            text = translate("KeysSheet", "Press the new key of “{0}”. Escape leaves it as it is.")
            self._tell(text.format(action.text), "link")
        elif action.fixed:
            self._tell(translate("KeyFixed", FIXED[action.fixed]))
        else:
            first = "  ".join(key_text(key) for key in action.keys) or translate("KeysSheet", "no key")
            text = translate("KeysSheet", "“{0}” works {1}. At first: {2}. Return changes its key.")
            self._tell(text.format(action.text, told(action.scope), first))

    def _tell(self, text: str, role: str = "muted") -> None:
        if text:
            self.said.set_role(role)
            self.said.set_text(text)
        elif not self.model.rowCount():
            self.said.set_text("")

    # -- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and watched in (self.field, self.table):
            if watched is self.table and self.waiting is not None:
                return self._waited(event)
            if event.type() == QEvent.Type.KeyPress:
                return self._pressed(watched, event)
        return super().eventFilter(watched, event)

    def _waited(self, event: QKeyEvent) -> bool:
        """Every key is for the action that waits: none is to reach a shortcut meanwhile."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and event.key() not in _HELD:
            if event.key() in _LEAVE:
                self._stop_waiting()
            elif event.key() in _ENTER and self.offered and not event.modifiers():
                self._take(self.offered)
            else:
                self.press(pressed_key(event))
        return True

    def _pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        key = event.key()
        if watched is self.field:
            if key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, *_ENTER):
                self.table.setFocus()
                if not self.table.currentIndex().isValid():
                    self.table.selectRow(0)
                return True
        elif key in _ENTER:
            self.wait_for_key()
            return True
        elif key == Qt.Key.Key_Delete:
            self.take_away()
            return True
        elif key == Qt.Key.Key_Backspace:
            self.as_at_first()
            return True
        elif key == Qt.Key.Key_Up and self.table.currentIndex().row() <= 0:
            self.field.setFocus()
            return True
        elif event.text().isalnum() and not event.modifiers():
            self.field.setFocus()
            self.field.setText(event.text())
            self.search()
            return True
        return False

    def _dress(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(theme.row_height() + 2)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        for column, width in ((KEYS, 200), (WHERE, 240), (GROUP, 120)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.table.setColumnWidth(column, round(width * theme.zoom()))
        self.updateGeometry()
