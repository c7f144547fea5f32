"""A tree or a table of a payload's values; children are worked out when they are opened."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from wsinspector.present.views.contents import GOES_ON, Node, Table, Tree
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip

_TONES = {
    "string": "json_text",
    "number": "json_number",
    "literal": "json_word",
    "mark": "muted",
}
_NODE = Qt.ItemDataRole.UserRole
NAME, VALUE, MEANING = range(3)


class StructureView(QTreeWidget):
    """Name, value, meaning. Right opens, Left closes, Ctrl+C copies the value, Alt+C its path."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Tree | Table | None = None
        self._name = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderLabels(
            [
                translate("Payload", "Name"),
                translate("Payload", "Value"),
                translate("Payload", "Meaning"),
            ]
        )
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(MEANING, QHeaderView.ResizeMode.Interactive)
        self.copy_value = self._action(translate("Payload", "Copy value"), "Ctrl+C", VALUE)
        self.copy_path = self._action(translate("Payload", "Copy path"), "Alt+C", NAME)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setToolTip(
            translate("Payload", "Right opens a value, Left closes it, Ctrl+C copies it, Alt+C its path")
        )
        self.itemExpanded.connect(self._opened)
        self.currentItemChanged.connect(self._moved)
        theme.watcher().changed.connect(self._restyle)

    def _action(self, text: str, key: str, column: int) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self._copy(column))
        self.addAction(action)
        return action

    def show_nodes(self, shown: Tree | Table, name: str) -> None:
        """Show ``shown``, made by the view called ``name``."""
        self._shown, self._name = shown, name
        self.setAccessibleName(translate("Payload", "Payload as {view}").format(view=name))
        self.clear()
        nodes = shown.nodes if isinstance(shown, Tree) else shown.rows
        self.addTopLevelItems([_item(node) for node in nodes])
        self.setColumnHidden(MEANING, isinstance(shown, Tree) and not any(node.meaning for node in nodes))
        for at in range(self.topLevelItemCount() if isinstance(shown, Table) else len(nodes) == 1):
            self._unfold(self.topLevelItem(at))
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _unfold(self, item: QTreeWidgetItem | None) -> None:
        """Open ``item``, and what is alone in it."""
        while item is not None:
            item.setExpanded(True)
            item = item.child(0) if item.childCount() == 1 else None

    def _fit(self) -> None:
        most = self.fontMetrics().averageCharWidth()
        widest_of_all = self.viewport().width() * 2 // 5
        for column, widest in ((NAME, 24), (MEANING, 36)):
            self.resizeColumnToContents(column)
            self.setColumnWidth(
                column, min(self.columnWidth(column) + theme.GAP, widest * most, widest_of_all)
            )

    def _opened(self, item: QTreeWidgetItem) -> None:
        node: Node = item.data(NAME, _NODE)
        if node.inside is None or item.childCount():
            return
        made = [_item(each) for each in node.inside()]
        if node.name != GOES_ON:
            item.addChildren(made)
            if any(each.text(MEANING) for each in made):
                self.setColumnHidden(MEANING, False)
            return
        holder = item.parent() or self.invisibleRootItem()
        at = holder.indexOfChild(item)
        holder.takeChild(at)
        holder.insertChildren(at, made)
        if made:
            self.setCurrentItem(made[0])

    def _moved(self, item: QTreeWidgetItem | None) -> None:
        node: Node | None = item.data(NAME, _NODE) if item is not None else None
        self.copy_path.setEnabled(node is not None and bool(node.path))

    def _copy(self, column: int) -> None:
        item = self.currentItem()
        if item is not None:
            node: Node = item.data(NAME, _NODE)
            QGuiApplication.clipboard().setText(node.path if column == NAME else node.value)

    def _restyle(self) -> None:
        if self._shown is not None:
            self.show_nodes(self._shown, self._name)


def _item(node: Node) -> QTreeWidgetItem:
    item = QTreeWidgetItem([node.name, node.value, node.meaning])
    item.setData(NAME, _NODE, node)
    for column, text in ((NAME, node.name), (VALUE, node.value), (MEANING, node.meaning)):
        item.setToolTip(column, plain_tip(text))
    item.setFont(VALUE, theme.mono_font())
    item.setSizeHint(VALUE, QSize(0, QFontMetrics(theme.ui_font()).height() + theme.SPACE))
    item.setForeground(NAME, theme.color("text"))
    item.setForeground(VALUE, theme.color(_TONES.get(node.role, "text")))
    item.setForeground(MEANING, theme.color("muted"))
    if node.inside is not None:
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
    return item
