"""Saved messages in folders: sent by Enter, ordered by hand, with what leaves shown before it does."""

from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.sequences.filling import UnknownVariableError
from wsinspector.library.saved_messages import Book, Saved, SavedMessages
from wsinspector.present.outgoing import SendKind
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import Deeds, bind_inside, fill, give_key, tell
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.sequences.messages_leaving import Leaving
from wsinspector.ui.sequences.messages_model import MessagesModel, Place, title_of
from wsinspector.ui.sequences.variables_edit import VariablesEdit

_DEEDS = ("send", "rename", "delete", "save", "edit", "up", "down", "duplicate")


class _Tree(QTreeView):
    """Keys that Qt's own tree would take are told."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        deeds = {f"saved.{name}": partial(self.asked.emit, name) for name in _DEEDS}
        self.deeds = Deeds(self, "saved", deeds)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.asked.emit("leave")
        elif not self.deeds.took(event):
            super().keyPressEvent(event)


class MessagesView(QWidget):
    """``send_asked(Outgoing)``: it is to leave. ``edit_asked(kind, text, code)``: into the send bar.

    ``wanted()`` gives what the send bar holds, as (kind, text, code).
    """

    send_asked = Signal(object)
    edit_asked = Signal(object, str, str)
    said = Signal(str)
    left = Signal()

    def __init__(
        self,
        tab: TabState,
        background: Background,
        messages: SavedMessages | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tab = tab
        self._background = background
        self.messages = messages if messages is not None else SavedMessages()
        self.held: Any = lambda: (SendKind.TEXT, "", "")
        self._folded: set[str] = set()
        self._loaded = False
        self._leaving = Leaving(tab)
        self.model = MessagesModel(self)
        self.tree = _Tree()
        self.tree.setModel(self.model)
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.tree.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setIndentation(16)
        self.tree.setAccessibleName(translate("Saved", "Saved messages"))
        tell(
            self.tree,
            translate(
                "Saved",
                "Enter sends, Space puts it into the send bar, [key:saved.up] and [key:saved.down] move it",
            ),
        )
        self.save = QPushButton(translate("Saved", "Save from the send bar"))
        tell(
            self.save,
            translate("Saved", "Keep what the send bar holds, behind the picked row ([key:saved.save])"),
        )
        self.more = QToolButton()
        self.more.setText(translate("Saved", "Message ▾"))
        self.more.setAccessibleName(translate("Saved", "What can be done with the picked message"))
        tell(self.more, translate("Saved", "Rename, move, delete, folders ([key:saved.menu])"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self.menu)
        bind_inside("saved.menu", self, self.more.showMenu)
        self.button = QPushButton(translate("Saved", "Send"))
        self.leaves = RoleLabel("", "muted", wraps=True, mono=True, size=0.92)
        self.told = RoleLabel("", "muted", wraps=True)
        self.variables = VariablesEdit(tab)
        self.pages = QStackedWidget()
        empty = RoleLabel(
            fill(
                translate(
                    "Saved",
                    "Nothing is saved yet. Type a message into the send bar, then press "
                    "[key:saved.save] here, or "
                    "“Save from the send bar”. {{name}} in a message is filled in when it leaves.",
                )
            ),
            "muted",
            wraps=True,
        )
        empty.setContentsMargins(2 * theme.MARGIN, 2 * theme.MARGIN, 2 * theme.MARGIN, 0)
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.pages.addWidget(self.tree)
        self.pages.addWidget(empty)
        self._place()
        self._wire()
        self._fit()
        self._look()

    def _fit(self) -> None:
        for control in (self.save, self.more, self.button):
            control.setFixedHeight(theme.control_height())

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.save)
        head.addWidget(self.more)
        head.addStretch(1)
        head.addWidget(self.button)
        below = QVBoxLayout()
        below.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.GAP)
        below.setSpacing(theme.SPACE)
        below.addWidget(self.leaves)
        below.addWidget(self.told)
        below.addWidget(self.variables)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.GAP, 0, 0)
        layout.setSpacing(theme.GAP)
        top = QHBoxLayout()
        top.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        top.addLayout(head)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        layout.addLayout(below)

    def _wire(self) -> None:
        self.tree.asked.connect(self.act)
        self.tree.doubleClicked.connect(lambda _: self.act("send"))
        self.tree.customContextMenuRequested.connect(self._open_menu)
        self.tree.collapsed.connect(lambda index: self._fold(index, True))
        self.tree.expanded.connect(lambda index: self._fold(index, False))
        selection = self.tree.selectionModel()
        selection.currentChanged.connect(lambda *_: self._look())
        self.model.moved.connect(self._move)
        self.save.clicked.connect(lambda: self.act("save"))
        self.button.clicked.connect(lambda: self.act("send"))
        self.variables.changed.connect(self.look_again)
        self._tab.ticked.connect(self._look_again)
        theme.watcher().changed.connect(self._fit)

    # -- the book

    def load(self) -> None:
        """Read the file, off the window's thread, the first time; then show what is in it."""
        if self._loaded:
            return
        self._loaded = True
        self._background.ask("read saved messages", self.messages.load, self._take)

    def _take(self, result: Any) -> None:
        if isinstance(result, Book):
            self._show(result)
        if self.messages.trouble:
            self._tell(self.messages.trouble, "fault")
        self._look()

    def _show(self, book: Book, place: Place | None = None) -> None:
        self.model.show(book)
        for at, folder in enumerate(book.folders[1:], 1):
            self.tree.setExpanded(self.model.index_of((at, -1)), folder.name not in self._folded)
        self.pages.setCurrentIndex(1 if book.empty else 0)
        if place is None and self.model.rowCount():
            place = self.model.place_of(self.model.index(0, 0))
        if place is not None:
            self._pick(place)
        self._look()

    def _pick(self, place: Place) -> None:
        index = self.model.index_of(place)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.tree.selectionModel().setCurrentIndex(index, flag)

    def _change(self, book: Book, place: Place | None) -> None:
        """Show and keep a book that a person has changed."""
        if not self.messages.writable:
            self._tell(self.messages.trouble, "fault")
            return
        self._show(book, place)

        def done(result: Any) -> None:
            if result is not True:
                self._tell(self.messages.trouble or visible(str(result)), "fault")

        self._background.ask("keep saved messages", lambda: self.messages.save(book), done)

    def _fold(self, index: QModelIndex, folded: bool) -> None:
        folder = self.model.folder(index)
        if folder is not None:
            (self._folded.add if folded else self._folded.discard)(folder.name)

    # -- what can be done

    @property
    def place(self) -> Place | None:
        index = self.tree.currentIndex()
        return self.model.place_of(index) if index.isValid() else None

    def act(self, deed: str) -> None:
        """Carry out what a key or the menu asks for."""
        index, book, place = self.tree.currentIndex(), self.model.book, self.place
        message = self.model.message(index)
        match deed:
            case "leave":
                self.left.emit()
            case "save":
                self._save_held(book, place)
            case "folder":
                name = self._asked_name(translate("Saved", "New folder"), "")
                if name:
                    self._change(book.folder_added(name), (len(book.folders), -1))
            case "send" if message is None and index.isValid():
                self.tree.setExpanded(index, not self.tree.isExpanded(index))
            case "send" if message is not None:
                self._send(message)
            case "edit" if message is not None:
                self.edit_asked.emit(SendKind(message.kind), message.text, message.code)
            case "replace" if message is not None and place is not None:
                self._replace(book, place, message)
            case "rename" if place is not None:
                self._rename(book, place, message)
            case "duplicate" if message is not None and place is not None:
                self._change(book.added(place[0], message, place[1] + 1), (place[0], place[1] + 1))
            case "delete" if place is not None:
                self._delete(book, place)
            case "up" | "down" if place is not None:
                self._step(book, place, -1 if deed == "up" else 1)

    def _save_held(self, book: Book, place: Place | None) -> None:
        kind, text, code = self.held()
        if kind is SendKind.FILE:
            self._tell(translate("Saved", "A file is not saved: a sequence can send one."), "note")
            return
        if not text and kind is not SendKind.CLOSE:
            self._tell(translate("Saved", "The send bar is empty: there is nothing to save."), "note")
            return
        folder, at = place if place is not None else (0, -1)
        saved = Saved("", kind.value, text, code if kind is SendKind.CLOSE and code.isdigit() else "")
        room = len(book.folders[folder].messages)
        at = room if at < 0 else at + 1
        self._change(book.added(folder, saved, at), (folder, at))
        self._tell(fill(translate("Saved", "Saved. [key:saved.rename] names it.")), "ok")

    def _replace(self, book: Book, place: Place, message: Saved) -> None:
        kind, text, code = self.held()
        if kind is SendKind.FILE or not text:
            self._tell(translate("Saved", "The send bar is empty: there is nothing to save."), "note")
            return
        saved = Saved(
            message.name, kind.value, text, code if kind is SendKind.CLOSE and code.isdigit() else ""
        )
        self._change(book.replaced(*place, saved), place)

    def _rename(self, book: Book, place: Place, message: Saved | None) -> None:
        folder, at = place
        before = message.name if message is not None else book.folders[folder].name
        name = self._asked_name(translate("Saved", "Name"), before)
        if name is None or name == before:
            return
        if message is None:
            self._change(book.folder_renamed(folder, name), place)
        else:
            named = Saved(name, message.kind, message.text, message.code)
            self._change(book.replaced(folder, at, named), place)

    def _asked_name(self, title: str, before: str) -> str | None:
        name, good = QInputDialog.getText(self, title, translate("Saved", "Name:"), text=before)
        return name.strip() if good else None

    def _delete(self, book: Book, place: Place) -> None:
        folder, at = place
        if at >= 0:
            after = book.removed(folder, at)
            room = len(after.folders[folder].messages)
            self._change(after, (folder, min(at, room - 1)) if room else None)
        elif book.folders[folder].messages:
            self._tell(translate("Saved", "The folder is not empty: delete what is in it first."), "note")
        else:
            self._change(book.folder_removed(folder), None)

    def _step(self, book: Book, place: Place, by: int) -> None:
        """One place up or down; at the end of a folder into the next one."""
        folder, at = place
        if at < 0:
            to = folder + by
            if 1 <= to < len(book.folders):
                self._change(book.folder_moved(folder, to), (to, -1))
            return
        room = len(book.folders[folder].messages)
        if 0 <= at + by < room:
            self._change(book.moved(folder, at, folder, at + by), (folder, at + by))
        elif 0 <= folder + by < len(book.folders):
            to = len(book.folders[folder + by].messages) if by < 0 else 0
            self._change(book.moved(folder, at, folder + by, to), (folder + by, to))

    def _move(self, source: Place, to: Place) -> None:
        """By the mouse."""
        book = self.model.book
        if source[1] < 0:
            self._change(book.folder_moved(source[0], to[0]), (to[0], -1))
        else:
            self._change(book.moved(*source, *to), to)

    # -- the menu

    def _fill_menu(self) -> None:
        menu, index = self.menu, self.tree.currentIndex()
        menu.clear()
        on_message = self.model.message(index) is not None
        for text, key, deed, usable in (
            (translate("Saved", "Send"), "saved.send", "send", on_message),
            (translate("Saved", "Into the send bar"), "saved.edit", "edit", on_message),
            (translate("Saved", "Replace by what the send bar holds"), "", "replace", on_message),
            (translate("Saved", "Save from the send bar"), "saved.save", "save", True),
            (translate("Saved", "New folder…"), "", "folder", True),
            (translate("Saved", "Rename…"), "saved.rename", "rename", index.isValid()),
            (translate("Saved", "Repeat"), "saved.duplicate", "duplicate", on_message),
            (translate("Saved", "Up"), "saved.up", "up", index.isValid()),
            (translate("Saved", "Down"), "saved.down", "down", index.isValid()),
            (translate("Saved", "Delete"), "saved.delete", "delete", index.isValid()),
        ):
            action = menu.addAction(text)
            if key:
                give_key(action, key)
            action.setEnabled(usable)
            action.triggered.connect(lambda _checked=False, name=deed: self.act(name))

    def _open_menu(self, at: QPoint) -> None:
        self.menu.popup(self.tree.viewport().mapToGlobal(at))

    def focus_first(self) -> None:
        (self.save if self.model.book.empty else self.tree).setFocus()

    # -- what leaves

    def look_again(self) -> None:
        """Variables stand for something else."""
        self._leaving.look()
        self._look()

    def _send(self, message: Saved) -> None:
        if not self._leaving.open:
            self._tell(
                fill(
                    translate(
                        "Saved", "Nothing was sent: no connection is open. [key:request.connect] connects."
                    )
                ),
                "note",
            )
            return
        try:
            frame = self._leaving.frame(message)
        except UnknownVariableError as error:
            self._tell(f"✕ {error}", "fault")
            return
        if frame.problem:
            self._tell(f"✕ {visible(frame.problem)}", "fault")
            return
        self.send_asked.emit(frame)
        text = translate("Saved", "Sent: {0}, {1}.")
        self._tell(text.format(visible(title_of(message)), frame.size_text(masked=True)), "ok")

    def _look_again(self) -> None:
        if self.isVisible():
            self._look()

    def _look(self) -> None:
        """Show what the picked message would be, or why it cannot leave."""
        message = self.model.message(self.tree.currentIndex())
        self.leaves.setVisible(message is not None)
        if message is None:
            self.leaves.set_text("")
            self.button.setEnabled(False)
            tell(self.button, translate("Saved", "Pick a message to send it"))
            return
        preview = self._leaving.preview(message)
        trouble, is_open = visible(preview.trouble), self._leaving.open
        odd = visible(preview.warning)
        self.leaves.set_role("fault" if trouble else "note" if odd else "muted")
        self.leaves.set_text(
            f"✕ {trouble}" if trouble else f"{preview.text}\n! {odd}" if odd else preview.text
        )
        self.button.setEnabled(is_open and not trouble)
        if is_open:
            tell(self.button, trouble or translate("Saved", "Send it now (Enter)"))
        else:
            tell(self.button, translate("Saved", "No connection is open. [key:request.connect] connects."))

    def _tell(self, text: str, role: str) -> None:
        self.told.set_role(role)
        self.told.set_text(text)
