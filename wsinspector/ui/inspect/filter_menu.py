"""The menu beside the filter: saved filters, those used before, and what a filter can say."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import add_entry
from wsinspector.ui.inspect.filter_memory import FilterMemory

MOST_SHOWN = 12
MOST_LETTERS = 60


class FilterMenu(QObject):
    """Filled anew each time it opens."""

    picked = Signal(str)  # a filter
    save_asked = Signal()
    rename_asked = Signal(str)  # the name it has
    help_asked = Signal()

    def __init__(self, memory: FilterMemory, parent: QWidget) -> None:
        super().__init__(parent)
        self.memory = memory
        self._parent = parent

    def popup_below(self, widget: QWidget, in_force: str) -> None:
        """Open below ``widget``; ``in_force``: the filter that could be saved."""
        menu = self.build(in_force)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = widget.mapToGlobal(QPoint(widget.width() - menu.sizeHint().width(), widget.height()))
        menu.popup(at)

    def build(self, in_force: str) -> QMenu:
        """Everything that can be picked."""
        menu = QMenu(self._parent)
        menu.setToolTipsVisible(True)
        saved = self.memory.saved
        for name, text in saved:
            self._add(menu, f"{shown(name)}\t{shown(text, 40)}", text, partial(self.picked.emit, text))
        if saved:
            menu.addSeparator()
        known = self.memory.name_of(in_force) if in_force else None
        save = menu.addAction(translate("Filter", "Save this filter…"), self.save_asked.emit)
        save.setEnabled(bool(in_force) and known is None)
        if known is not None:
            save.setText(translate("Filter", "Saved as {name}").format(name=shown(known)))
        rename = menu.addMenu(translate("Filter", "Rename"))
        delete = menu.addMenu(translate("Filter", "Delete"))
        for name, text in saved:
            self._add(rename, shown(name), text, partial(self.rename_asked.emit, name))
            self._add(delete, shown(name), text, partial(self._delete, name))
        rename.setEnabled(bool(saved))
        delete.setEnabled(bool(saved))
        recent = self.memory.recent
        menu.addSeparator()
        if recent:
            menu.addAction(translate("Filter", "Used before (Up in the filter)")).setEnabled(False)
        for text in recent[:MOST_SHOWN]:
            self._add(menu, shown(text), text, partial(self.picked.emit, text))
        if len(recent) > MOST_SHOWN:
            older = menu.addMenu(translate("Filter", "Older"))
            for text in recent[MOST_SHOWN:]:
                self._add(older, shown(text), text, partial(self.picked.emit, text))
        forget = menu.addAction(translate("Filter", "Forget those used before"), self._forget)
        forget.setEnabled(bool(recent))
        menu.addSeparator()
        add_entry(menu, translate("Filter", "What a filter can say"), "filter.help", self.help_asked.emit)
        return menu

    def _add(self, menu: QMenu, text: str, tip: str, deed: Callable[[], object]) -> None:
        menu.addAction(text, deed).setToolTip(visible(tip))

    # The memory may be another one by then, so it is not bound when the menu is made.

    def _delete(self, name: str) -> None:
        self.memory.delete(name)

    def _forget(self) -> None:
        self.memory.forget_recent()


def shown(text: str, most: int = MOST_LETTERS) -> str:
    """``text`` in a menu: one line, not too long, no letter of it a key."""
    text = visible(text)
    return (text if len(text) <= most else text[: most - 1] + "…").replace("&", "&&")
