"""Saved messages as a tree of two levels: messages and folders, moved by hand."""

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)

from wsinspector.library.saved_messages import Book, Folder, Saved
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
Place = tuple[int, int]
"""Folder (0 for none) and place in it; the place -1 stands for the folder itself."""

MIME = "application/x-wsinspector-saved-message"
SHOWN = 200  # characters of a message in its tooltip


class MessagesModel(QAbstractItemModel):
    """Shows a :class:`Book`. ``moved(from, to)``: places, where ``to`` counts without what is moved."""

    moved = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.book = Book()

    def show(self, book: Book) -> None:
        self.beginResetModel()
        self.book = book
        self.endResetModel()

    # -- places

    def place_of(self, index: Index) -> Place:
        loose = len(self.book.folders[0].messages)
        inside = index.internalId()
        if inside:
            return int(inside), index.row()
        return (0, index.row()) if index.row() < loose else (index.row() - loose + 1, -1)

    def index_of(self, place: Place) -> QModelIndex:
        folder, at = place
        loose = len(self.book.folders[0].messages)
        if at < 0:
            return self.createIndex(loose + folder - 1, 0, 0)
        return self.createIndex(at, 0, folder)

    def message(self, index: Index) -> Saved | None:
        """The message at ``index``; None for a folder."""
        if not index.isValid():
            return None
        folder, at = self.place_of(index)
        messages = self.book.folders[folder].messages
        return messages[at] if 0 <= at < len(messages) else None

    def folder(self, index: Index) -> Folder | None:
        """The folder at ``index``; None for a message."""
        if not index.isValid():
            return None
        folder, at = self.place_of(index)
        return self.book.folders[folder] if at < 0 and folder < len(self.book.folders) else None

    # -- what Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if column or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, 0, self.place_of(parent)[0] if parent.isValid() else 0)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        inside = int(index.internalId()) if index.isValid() else 0
        return self.index_of((inside, -1)) if inside else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if not parent.isValid():
            return len(self.book.folders[0].messages) + len(self.book.folders) - 1
        found = self.folder(parent) if not parent.internalId() else None
        return len(found.messages) if found is not None else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        del parent
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        message, folder = self.message(index), self.folder(index)
        if message is None and folder is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(folder.name if folder is not None else title_of(message))
        if role == Qt.ItemDataRole.EditRole:
            return folder.name if folder is not None else message.name if message is not None else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if folder is not None:
                text = translate("Saved", "folder {0}, %n message(s)", "", len(folder.messages))
                return text.format(visible(folder.name))
            return f"{visible(title_of(message))}, {message.kind}" if message is not None else None
        if role == Qt.ItemDataRole.ToolTipRole and message is not None:
            return plain_tip(visible(message.text[:SHOWN])) or None
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(40, theme.row_height())
        if role == Qt.ItemDataRole.FontRole and folder is not None:
            font = theme.ui_font()
            font.setBold(True)
            return font
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        del index, value, role
        return False  # a name is changed by whoever keeps the book

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        found = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled
        return found | flag.ItemIsDropEnabled if self.folder(index) is not None else found

    # -- dragging

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        if indexes:
            folder, at = self.place_of(indexes[0])
            data.setData(MIME, QByteArray(f"{folder},{at}".encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        del column
        if action != Qt.DropAction.MoveAction or not data.hasFormat(MIME):
            return False
        folder, at = (int(part) for part in bytes(data.data(MIME).data()).split(b","))
        to = self._target((folder, at), row, parent)
        if to is not None and to != (folder, at):
            self.moved.emit((folder, at), to)
        return False  # the book was changed already; Qt must not take the row away

    def _target(self, source: Place, row: int, parent: Index) -> Place | None:
        loose = len(self.book.folders[0].messages)
        if source[1] < 0:  # a folder: only among folders
            if parent.isValid():
                return None
            wanted = (self.rowCount() if row < 0 else row) - loose + 1
            wanted = max(1, wanted)
            return (wanted - 1 if wanted > source[0] else wanted), -1
        if parent.isValid():
            folder = self.place_of(parent)[0]
            at = row if row >= 0 else len(self.book.folders[folder].messages)
        else:
            folder, at = 0, min(loose, row if row >= 0 else loose)
        if folder == source[0] and at > source[1]:
            at -= 1
        return folder, at


def title_of(message: Saved | None) -> str:
    """Its name; the beginning of its text where it has none."""
    if message is None:
        return ""
    first = message.text.strip().split("\n", 1)[0]
    return message.name or first[:60] or message.kind
