"""The menu of payload views: by content, or one that is kept for messages of this kind."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from wsinspector.present.views.registry import VIEWS
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import give_key
from wsinspector.ui.widgets.segmented import Segmented


class ViewMenu(QObject):
    """``picked(id)`` of a view, "" for the one by content. Opens below the last button of ``beside``."""

    picked = Signal(str)
    beside_asked = Signal(bool)

    def __init__(self, beside: Segmented) -> None:
        super().__init__(beside)
        self._beside = beside
        self.menu = QMenu(beside)
        self.menu.setAccessibleName(translate("Payload", "Payload views"))
        self.by_content = self.menu.addAction(translate("Payload", "By content"))
        self.by_content.setCheckable(True)
        self.by_content.triggered.connect(lambda: self.picked.emit(""))
        self.menu.addSeparator()
        self.beside = QAction(translate("Payload", "Message and wire side by side"), self)
        self.beside.setCheckable(True)
        give_key(self.beside, "payload.beside")
        self.beside.triggered.connect(self.beside_asked)
        self.actions = {}
        for view in VIEWS:
            action = self.menu.addAction(view.name)
            action.setCheckable(True)
            action.triggered.connect(partial(self._pick, view.id))
            self.actions[view.id] = action
        self.menu.addSeparator()
        self.menu.addAction(self.beside)
        self.offer(None, "", True)

    def offer(self, fitting: tuple[str, ...] | None, current: str, by_content: bool) -> None:
        """``fitting`` views are marked so; None where no view can be picked. ``current`` is shown."""
        self.by_content.setChecked(by_content)
        self.by_content.setEnabled(fitting is not None)
        for view in VIEWS:
            action = self.actions[view.id]
            fits = fitting is not None and view.id in fitting
            action.setText(
                translate("Payload", "{view}, may fit").format(view=view.name) if fits else view.name
            )
            action.setEnabled(fitting is not None)
            action.setChecked(view.id == current)

    def show_none(self) -> None:
        """What is shown was picked outside of the menu."""
        for action in (self.by_content, *self.actions.values()):
            action.setChecked(False)

    def open(self) -> None:
        """Show the menu."""
        button = self._beside.segments[-1]
        self.menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _pick(self, name: str, _on: bool = False) -> None:
        self.picked.emit(name)
