"""Saved requests: a tree to order by hand, and what the picked one is beside it."""

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.filling_in import named_in
from wsinspector.library.requests import Node, Path, RequestFolder, SavedRequest, free_name
from wsinspector.present.plain import visible
from wsinspector.present.request_told import told_request
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import Deeds, bind_inside, fill, tell
from wsinspector.ui.files.notices import Notice
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.library.requests_model import RequestsModel
from wsinspector.ui.library.shelf import Shelf

_DEEDS = ("open", "into", "save", "folder", "delete", "rename", "duplicate", "up", "down", "undo")
NOTES_MS = 600  # after a letter, until notes are kept


class _Tree(QTreeView):
    """Keys that Qt's own tree would take are told."""

    def __init__(self, act: Callable[[str], object]) -> None:
        super().__init__()
        self.deeds = Deeds(self, "requests", {f"requests.{name}": partial(act, name) for name in _DEEDS})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.deeds.took(event):
            super().keyPressEvent(event)


class RequestsView(QWidget):
    """``open_asked(request)``: in a tab of its own; ``into_asked(request)``: into the draft in front.

    ``held()`` gives the draft in front as a request to be saved, None where there is none.
    """

    open_asked = Signal(object)
    into_asked = Signal(object)
    share_asked = Signal(object)
    import_asked = Signal()
    said = Signal(str)

    def __init__(self, shelf: Shelf, held: Callable[[], SavedRequest | None]) -> None:
        super().__init__()
        self._shelf = shelf
        self._held = held
        self._shown: Path | None = None
        self.setAccessibleName(translate("Requests", "Saved requests"))
        self.model = RequestsModel(self)
        self.tree = self._tree()
        self.save = self._button(
            translate("Requests", "Save the draft in front"),
            translate("Requests", "Keep the draft of the conversation in front, whole ([key:requests.save])"),
            "save",
        )
        self.folder = self._button(
            translate("Requests", "New folder"),
            translate("Requests", "A folder ([key:requests.folder])"),
            "folder",
        )
        self.bring = QPushButton(translate("Requests", "Import…"))
        tell(self.bring, translate("Requests", "Requests out of a file of this program, or out of a HAR"))
        self.bring.clicked.connect(self.import_asked)
        self.open = self._button(
            translate("Requests", "Open"),
            translate("Requests", "In a tab of its own ([key:requests.open])"),
            "open",
        )
        self.open.setProperty("kind", "primary")
        self.into = self._button(
            translate("Requests", "Into the draft"),
            translate(
                "Requests", "In place of the draft in front, which Undo brings back ([key:requests.into])"
            ),
            "into",
        )
        self.again = self._button(
            translate("Requests", "Duplicate"),
            translate("Requests", "A copy below ([key:requests.duplicate])"),
            "duplicate",
        )
        self.rename = self._button(
            translate("Requests", "Rename"),
            translate("Requests", "Another name ([key:requests.rename])"),
            "rename",
        )
        self.share = QPushButton(translate("Requests", "Share…"))
        tell(self.share, translate("Requests", "Write what is picked to a file, without its secrets"))
        self.share.clicked.connect(self._share)
        self.delete = self._button(
            translate("Requests", "Delete"),
            translate("Requests", "[key:requests.delete]; [key:requests.undo] brings it back"),
            "delete",
        )
        self.undo = self._button(
            translate("Requests", "Undo"),
            translate("Requests", "Take the last change back ([key:requests.undo])"),
            "undo",
        )
        self.told = RoleLabel("", "fault", wraps=True)
        self.arrived = Notice(self)
        """What an import brought, and what it could not carry over."""
        self.empty = RoleLabel(
            fill(
                translate(
                    "Requests",
                    "Nothing is saved yet. “Save the draft in front” keeps the request of the conversation "
                    "that was in front: address, every header line byte for byte, and options. Folders keep "
                    "them in order; {{host}} in them is filled in from Variables.",
                )
            ),
            "muted",
            wraps=True,
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.title = RoleLabel("", "text", bold=True, wraps=True)
        self.address = RoleLabel("", "muted", wraps=True, mono=True)
        self.names = RoleLabel("", "muted", wraps=True)
        self.request = QPlainTextEdit()
        self.request.setReadOnly(True)
        self.request.setTabChangesFocus(True)
        self.request.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.request.setAccessibleName(translate("Requests", "The request"))
        self.notes = QPlainTextEdit()
        self.notes.setTabChangesFocus(True)
        self.notes.setPlaceholderText(translate("Requests", "Notes"))
        self.notes.setAccessibleName(translate("Requests", "Notes"))
        self.notes.setToolTip(translate("Requests", "What you want to remember of it; kept as you type"))
        self._noting = QTimer(self)
        self._noting.setSingleShot(True)
        self._noting.setInterval(NOTES_MS)
        self._noting.timeout.connect(self.keep_notes)
        self.notes.textChanged.connect(self._noting.start)
        self._place()
        self.model.moved.connect(self.shift)
        self.model.renamed.connect(self._renamed)
        shelf.requests_changed.connect(self.look)
        theme.watcher().changed.connect(self._dress)
        self._dress()
        self.look()

    def _tree(self) -> _Tree:
        tree = _Tree(self.act)
        tree.setModel(self.model)
        tree.setHeaderHidden(True)
        tree.setUniformRowHeights(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        tree.setDefaultDropAction(Qt.DropAction.MoveAction)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setExpandsOnDoubleClick(False)
        tree.setIndentation(16)
        tree.setAccessibleName(translate("Requests", "Saved requests"))
        tell(
            tree,
            translate(
                "Requests",
                "[key:requests.open] opens, [key:requests.up] and [key:requests.down] move, so does dragging",
            ),
        )
        tree.doubleClicked.connect(lambda _: self.act("open"))
        tree.selectionModel().currentChanged.connect(self._picked)
        bind_inside("requests.save", self, partial(self.act, "save"))
        return tree

    def _button(self, text: str, tip: str, deed: str) -> QPushButton:
        button = QPushButton(text)
        tell(button, tip)
        button.clicked.connect(lambda: self.act(deed))
        return button

    def _place(self) -> None:
        above, below = FlowRow(spacing=theme.GAP), FlowRow(spacing=theme.GAP)
        for widget in (self.save, self.folder, self.bring, self.undo):
            above.add(widget)
        for widget in (self.open, self.into, self.again, self.rename, self.share, self.delete):
            below.add(widget)
        detail = QWidget()
        right = QVBoxLayout(detail)
        right.setContentsMargins(theme.MARGIN, 0, 0, 0)
        right.setSpacing(theme.GAP)
        for label in (self.title, self.address, self.names):
            right.addWidget(label)
        right.addWidget(self.request, 3)
        right.addWidget(self.notes, 1)
        self.detail = detail
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.tree)
        self.split.addWidget(detail)
        self.split.setStretchFactor(0, 2)
        self.split.setStretchFactor(1, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(above)
        column.addWidget(self.told)
        column.addWidget(self.arrived)
        column.addWidget(self.empty)
        column.addWidget(self.split, 1)
        row = QHBoxLayout()
        row.addWidget(below, 1)
        column.addLayout(row)

    def _dress(self) -> None:
        self.request.setFont(theme.mono_font())
        field, line, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        for edit in (self.request, self.notes):
            edit.setStyleSheet(
                f"QPlainTextEdit {{ background: {field}; border: 1px solid {line};"
                f" border-radius: {theme.RADIUS}px }} QPlainTextEdit:focus {{ border-color: {focus} }}"
            )

    def focus_first(self) -> None:
        """The tree, or what fills it."""
        (self.tree if self._shelf.whole.nodes else self.save).setFocus()

    # -- what is shown

    def look(self) -> None:
        """Show what is kept now; what is open and picked stays so."""
        whole = self._shelf.whole
        if whole != self.model.whole:
            open_names, path = self._open_names(), self.path
            self.model.show(whole)
            self._open(open_names)
            self.pick(path)
        trouble = self._shelf.requests_trouble
        self.told.set_text(f"✕ {trouble}" if trouble else "")
        self.told.setVisible(bool(trouble))
        self.empty.setVisible(not whole.nodes and not trouble)
        self.split.setVisible(bool(whole.nodes))
        self._picked()

    def _open_names(self) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()

        def walk(index: QModelIndex) -> None:
            for row in range(self.model.rowCount(index)):
                child = self.model.index(row, 0, index)
                if self.tree.isExpanded(child):
                    found.add(self.model.whole.names(self.model.path_of(child)))
                    walk(child)

        walk(QModelIndex())
        return found

    def _open(self, names: set[tuple[str, ...]]) -> None:
        def walk(index: QModelIndex) -> None:
            for row in range(self.model.rowCount(index)):
                child = self.model.index(row, 0, index)
                if self.model.whole.names(self.model.path_of(child)) in names:
                    self.tree.expand(child)
                    walk(child)

        walk(QModelIndex())

    @property
    def path(self) -> Path:
        """The place of what is picked; () for nothing."""
        return self.model.path_of(self.tree.currentIndex())

    def pick(self, path: Path) -> None:
        """Pick what stands at ``path``, or what is nearest to it."""
        while path:
            try:
                self.model.whole.at(path)
                break
            except IndexError:
                path = (*path[:-1], path[-1] - 1) if path[-1] > 0 else path[:-1]
        if path:
            index = self.model.index_of(path)
            flags = QItemSelectionModel.SelectionFlag
            self.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.tree.scrollTo(index)

    def node(self) -> Node | None:
        """What is picked."""
        return self.model.whole.at(self.path) if self.path else None

    def _picked(self, *_: Any) -> None:
        if self._noting.isActive() and self._shown != self.path:
            self.keep_notes()
        node = self.node()
        request = node if isinstance(node, SavedRequest) else None
        writable = self._shelf.writable
        for button in (self.open, self.into):
            button.setEnabled(request is not None)
        for button in (self.again, self.rename, self.delete):
            button.setEnabled(node is not None and writable)
        self.share.setEnabled(node is not None)
        self.undo.setEnabled(self._shelf.can_undo)
        for button in (self.save, self.folder, self.bring):
            button.setEnabled(writable)
        self.detail.setVisible(node is not None)
        if node is None:
            self._shown = None
            return
        self.title.set_text(visible(node.name))
        shown = request is not None
        self.address.setVisible(shown)
        self.names.setVisible(shown)
        self.request.setVisible(shown)
        if request is not None:
            self.address.set_text(visible(masked_address(request.address)))
            names = ", ".join(named_in(request.address, request.draft))
            self.names.set_text(translate("Requests", "Variables: {0}").format(names) if names else "")
            self.names.setVisible(bool(names))
            text = told_request(request)
            if text != self.request.toPlainText():
                self.request.setPlainText(text)
        if self._shown != self.path or not self.notes.hasFocus():
            self._shown = self.path
            if self.notes.toPlainText() != node.notes:
                self.notes.setPlainText(node.notes)
            self._noting.stop()

    def keep_notes(self) -> None:
        """Keep what the notes say now."""
        self._noting.stop()
        path = self._shown
        if not path:
            return
        try:
            node = self._shelf.whole.at(path)
        except IndexError:
            return
        text = self.notes.toPlainText()
        if text != node.notes:
            self._shelf.change(self._shelf.whole.replaced(path, dataclasses.replace(node, notes=text)))

    # -- doing

    def act(self, deed: str) -> None:
        """Do what a key or a button asks."""
        node, path, whole = self.node(), self.path, self._shelf.whole
        match deed:
            case "open" if isinstance(node, SavedRequest):
                self.open_asked.emit(node)
            case "open" if node is not None:
                index = self.model.index_of(path)
                self.tree.setExpanded(index, not self.tree.isExpanded(index))
            case "into" if isinstance(node, SavedRequest):
                self.into_asked.emit(node)
            case "save":
                held = self._held()
                if held is None:
                    self.said.emit(translate("Requests", "Nothing was saved: no conversation is open."))
                else:
                    self.add(held)
            case "folder":
                self.add(RequestFolder(translate("Requests", "New folder")), rename=True)
            case "undo":
                self._shelf.undo()
            case _ if node is None:
                return
            case "delete":
                if self._shelf.change(whole.removed(path)):
                    self.said.emit(
                        fill(
                            translate("Requests", "Deleted {0}. [key:requests.undo] brings it back.")
                        ).format(visible(node.name))
                    )
            case "rename":
                self.tree.edit(self.tree.currentIndex())
            case "duplicate":
                folder = whole.at(path[:-1])
                assert isinstance(folder, RequestFolder)
                copy = dataclasses.replace(node, name=free_name(folder, node.name))
                self._insert((*path[:-1], path[-1] + 1), copy)
            case "up" if path[-1] > 0:
                self.shift(path, (*path[:-1], path[-1] - 1))
            case "down":
                self.shift(path, (*path[:-1], path[-1] + 2))

    def add(self, node: Node, *, rename: bool = False) -> None:
        """Put ``node`` into the picked folder, or behind what is picked; under a name nothing there has."""
        whole, path = self._shelf.whole, self.path
        picked = self.node()
        if isinstance(picked, RequestFolder):
            place = (*path, len(picked.nodes))
        else:
            place = (*path[:-1], path[-1] + 1) if path else (len(whole.nodes),)
        folder = whole.at(place[:-1])
        assert isinstance(folder, RequestFolder)
        self._insert(place, dataclasses.replace(node, name=free_name(folder, node.name)))
        if rename and self.path == place:
            self.tree.edit(self.tree.currentIndex())

    def _insert(self, place: Path, node: Node) -> None:
        if self._shelf.change(self._shelf.whole.inserted(place, node)):
            self.tree.expand(self.model.index_of(place[:-1]))
            self.tree.expand(self.model.index_of(place))
            self.pick(place)

    def shift(self, path: Path, before: Path) -> None:
        """Move what stands at ``path`` before what stands at ``before`` now."""
        whole = self._shelf.whole
        folder = whole.at(before[:-1])
        assert isinstance(folder, RequestFolder)
        before = (*before[:-1], max(0, min(before[-1], len(folder.nodes))))
        moved, at = whole.moved(path, before)
        if moved != whole and self._shelf.change(moved):
            self.pick(at)

    def _renamed(self, path: Path, name: str) -> None:
        # Later, as an editor of Qt's still holds the row that this replaces.
        QTimer.singleShot(0, self, lambda: self._shelf.change(self._shelf.whole.renamed(path, name)))

    def _share(self) -> None:
        node = self.node()
        if node is not None:
            self.share_asked.emit(node)
