"""Saved requests as a tree that is ordered by hand and by dragging."""

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

from wsinspector.library.requests import Node, Path, RequestFolder
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-wsinspector-saved-request"
SHOWN = 400  # characters of notes in a tooltip


class RequestsModel(QAbstractItemModel):
    """Shows a :class:`RequestFolder`. ``moved(from, before)``: places as they are now."""

    moved = Signal(object, object)
    renamed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.whole = RequestFolder()
        self._paths: list[Path] = [()]
        self._ids: dict[Path, int] = {(): 0}

    def show(self, whole: RequestFolder) -> None:
        """Show ``whole`` in place of what is shown."""
        self.beginResetModel()
        self.whole = whole
        self._paths = [()]
        self._gather(whole, ())
        self._ids = {path: at for at, path in enumerate(self._paths)}
        self.endResetModel()

    def _gather(self, folder: RequestFolder, path: Path) -> None:
        for at, node in enumerate(folder.nodes):
            self._paths.append((*path, at))
            if isinstance(node, RequestFolder):
                self._gather(node, (*path, at))

    def path_of(self, index: Index) -> Path:
        """The place of ``index``; () for none."""
        return self._paths[int(index.internalId())] if index.isValid() else ()

    def index_of(self, path: Path) -> QModelIndex:
        at = self._ids.get(path, 0)
        return self.createIndex(path[-1], 0, at) if at else QModelIndex()

    def node(self, index: Index) -> Node:
        """What stands at ``index``; the whole for none."""
        return self.whole.at(self.path_of(index))

    # -- what Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if column or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.index_of((*self.path_of(parent), row))

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        return self.index_of(self.path_of(index)[:-1]) if index.isValid() else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        node = self.node(parent)
        return len(node.nodes) if isinstance(node, RequestFolder) else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        del parent
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self.node(index)
        folder = isinstance(node, RequestFolder)
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(node.name) or translate("Requests", "(no name)")
        if role == Qt.ItemDataRole.EditRole:
            return node.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if isinstance(node, RequestFolder):
                told = translate("Requests", "folder {0}, %n item(s)", "", len(node.nodes))
                return told.format(visible(node.name))
            told = translate("Requests", "request {0}, {1}")
            return told.format(visible(node.name), visible(masked_address(node.address)))
        if role == Qt.ItemDataRole.ToolTipRole:
            told = "" if isinstance(node, RequestFolder) else visible(masked_address(node.address))
            notes = visible(node.notes[:SHOWN])
            return plain_tip("\n".join(each for each in (told, notes) if each)) or None
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(40, theme.row_height())
        if role == Qt.ItemDataRole.FontRole and folder:
            font = theme.ui_font()
            font.setBold(True)
            return font
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not name:
            return False
        if name != self.node(index).name:
            self.renamed.emit(self.path_of(index), name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        found = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled | flag.ItemIsEditable
        return found | flag.ItemIsDropEnabled if isinstance(self.node(index), RequestFolder) else found

    # -- dragging

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        if indexes:
            data.setData(MIME, QByteArray(",".join(str(step) for step in self.path_of(indexes[0])).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        del column
        if action != Qt.DropAction.MoveAction or not data.hasFormat(MIME):
            return False
        source = tuple(int(part) for part in bytes(data.data(MIME).data()).split(b","))
        folder = self.path_of(parent)
        self.moved.emit(source, (*folder, row if row >= 0 else self.rowCount(parent)))
        return False  # the tree was changed already; Qt must not take the row away
