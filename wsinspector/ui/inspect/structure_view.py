"""A tree or a table of a payload's values; children are worked out when they are opened."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from wsinspector.present.views.contents import GOES_ON, Node, Table, Tree
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import give_key, tell
from wsinspector.ui.tips import plain_tip

_TONES = {
    "string": "json_text",
    "number": "json_number",
    "literal": "json_word",
    "mark": "muted",
    "fault": "fault",
}
_NODE = Qt.ItemDataRole.UserRole
NAME, VALUE, MEANING = range(3)
SLICES = 40
"""Slices of a scan that follow one another by themselves; then it waits to be told to go on."""

UNFOLDED = 8
"""Levels that are opened unasked; each is scanned for itself, and a peer nests as deep as it likes."""

Run = Callable[[Callable[[], Any], Callable[[Any], None]], None]


class StructureView(QTreeWidget):
    """Name, value, meaning. Right opens, Left closes, Ctrl+C copies the value, Alt+C its path.

    ``run`` works out children and hands them over; by default at once.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: Run = lambda work, done: done(work())
        self._shown: Tree | Table | None = None
        self._name = ""
        self._serial = 0
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
        self.copy_value = self._action(translate("Payload", "Copy value"), "list.copy", VALUE)
        self.copy_path = self._action(translate("Payload", "Copy path"), "tree.path", NAME)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        tell(
            self,
            translate(
                "Payload", "Right opens a value, Left closes it, Ctrl+C copies it, [key:tree.path] its path"
            ),
        )
        self.itemExpanded.connect(self._opened)
        self.currentItemChanged.connect(self._moved)
        theme.watcher().changed.connect(self._restyle)

    def _action(self, text: str, name: str, column: int) -> QAction:
        action = give_key(QAction(text, self), name)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self._copy(column))
        self.addAction(action)
        return action

    def show_nodes(self, shown: Tree | Table, name: str) -> None:
        """Show ``shown``, made by the view called ``name``."""
        self._serial += 1
        self._shown, self._name = shown, name
        self.setAccessibleName(translate("Payload", "Payload as {view}").format(view=name))
        self.clear()
        nodes = shown.nodes if isinstance(shown, Tree) else shown.rows
        items = [_item(node) for node in nodes]
        self.addTopLevelItems(items)
        self.setColumnHidden(MEANING, isinstance(shown, Tree) and not any(node.meaning for node in nodes))
        for at in range(self.topLevelItemCount() if isinstance(shown, Table) else len(nodes) == 1):
            self._unfold(self.topLevelItem(at))
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)
        self._fit()
        self._go_on(items, SLICES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _unfold(self, item: QTreeWidgetItem | None) -> None:
        """Open ``item``, and what is alone in it, some levels deep."""
        for _ in range(UNFOLDED):
            if item is None:
                return
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
        if node.inside is None or item.childCount() or item.data(VALUE, _NODE):
            return
        self._work_out(item, node.inside, SLICES, True)

    def _work_out(
        self, item: QTreeWidgetItem, inside: Callable[[], Sequence[Node]], slices: int, asked: bool
    ) -> None:
        """Let the children of ``item`` be made; ``asked``: by a person, who looks at it."""
        serial = self._serial
        item.setData(VALUE, _NODE, True)  # asked for, and once only

        def done(result: Any) -> None:
            if serial != self._serial:
                return
            if isinstance(result, Exception):
                result = (Node("✕", str(result), role="fault"),)
            self._put(item, [_item(each) for each in result], slices - 1, asked)

        self.run(inside, done)

    def _put(self, item: QTreeWidgetItem, made: list[QTreeWidgetItem], slices: int, asked: bool) -> None:
        node: Node = item.data(NAME, _NODE)
        if node.name != GOES_ON:
            item.addChildren(made)
        else:
            here = self.currentItem() is item
            holder = item.parent() or self.invisibleRootItem()
            at = holder.indexOfChild(item)
            holder.takeChild(at)
            holder.insertChildren(at, made)
            if made and (asked or here):
                self.setCurrentItem(made[0])
        if any(each.text(MEANING) for each in made):
            self.setColumnHidden(MEANING, False)
        self._go_on(made, slices)

    def _go_on(self, made: Sequence[QTreeWidgetItem], slices: int) -> None:
        """Go on with a scan that ran out of its time, where it may."""
        last = made[-1] if made else None
        if last is None or not slices:
            return
        node: Node = last.data(NAME, _NODE)
        if node.name == GOES_ON and node.inside is not None:
            self._work_out(last, node.inside, slices, False)

    def _moved(self, item: QTreeWidgetItem | None) -> None:
        node: Node | None = item.data(NAME, _NODE) if item is not None else None
        self.copy_path.setEnabled(node is not None and bool(node.path))

    def _copy(self, column: int) -> None:
        item = self.currentItem()
        if item is None:
            return
        node: Node = item.data(NAME, _NODE)
        if column == VALUE and node.copied is not None:
            self.run(node.copied, _to_clipboard)
        else:
            _to_clipboard(node.path if column == NAME else node.value)

    def _restyle(self) -> None:
        waiting = [self.invisibleRootItem()]
        while waiting:
            item = waiting.pop()
            for at in range(item.childCount()):
                child = item.child(at)
                if child is not None:
                    _dress(child, child.data(NAME, _NODE))
                    waiting.append(child)
        self._fit()


def _to_clipboard(text: Any) -> None:
    if isinstance(text, str):
        QGuiApplication.clipboard().setText(text)


def _item(node: Node) -> QTreeWidgetItem:
    item = QTreeWidgetItem([node.name, node.value, node.meaning])
    item.setData(NAME, _NODE, node)
    for column, text in ((NAME, node.name), (VALUE, node.value), (MEANING, node.meaning)):
        item.setToolTip(column, plain_tip(text))
    _dress(item, node)
    if node.inside is not None:
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
    return item


def _dress(item: QTreeWidgetItem, node: Node) -> None:
    item.setFont(VALUE, theme.mono_font())
    item.setSizeHint(VALUE, QSize(0, QFontMetrics(theme.ui_font()).height() + theme.SPACE))
    fault = node.role == "fault"
    item.setForeground(NAME, theme.color("fault" if fault else "text"))
    item.setForeground(VALUE, theme.color(_TONES.get(node.role, "text")))
    item.setForeground(MEANING, theme.color("fault" if fault else "muted"))
