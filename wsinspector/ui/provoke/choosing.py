"""What is chosen of the catalogue: a search, and ticks for many at once."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton

from wsinspector.protocol.provocations import KINDS, PROVOCATIONS, of_kind
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.provoke.model import ProvokeModel


class ProvokeSearch(QLineEdit):
    """Narrows the table; what is out of sight keeps its tick."""

    searched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setClearButtonEnabled(True)
        self.setPlaceholderText(translate("Provoke", "Search: close, §5.5, 1007"))
        self.setAccessibleName(translate("Provoke", "Search the provocations"))
        tell(
            self,
            translate(
                "Provoke",
                "Show only what speaks of these words ([key:provoke.find]); ticks out of sight stay",
            ),
        )
        self.setMinimumWidth(180)
        self.textChanged.connect(self.searched)


class TickButton(QToolButton):
    """All, none, those in sight, or a kind alone."""

    def __init__(self, model: ProvokeModel) -> None:
        super().__init__()
        self._model = model
        self.setText(translate("Provoke", "Choose ▾"))
        self.setAccessibleName(translate("Provoke", "Choose provocations"))
        tell(self, translate("Provoke", "Tick all, none, those in sight, or one kind alone"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.addAction(translate("Provoke", "All"), self.all)
        menu.addAction(translate("Provoke", "None"), self.none)
        menu.addAction(translate("Provoke", "Only those in sight"), self.in_sight)
        menu.addSeparator()
        for kind in KINDS:
            text = translate("Provoke", "Only: {0} ({1})").format(kind.title, len(of_kind(kind)))
            menu.addAction(text, partial(self.alone, [each.id for each in of_kind(kind)]))
        self.setMenu(menu)

    def all(self) -> None:
        """Tick every one."""
        self._model.choose([each.id for each in PROVOCATIONS], on=True)

    def none(self) -> None:
        """Tick none."""
        self._model.choose([each.id for each in PROVOCATIONS], on=False)

    def in_sight(self) -> None:
        """Tick what the search shows, and nothing else."""
        self.alone([each.id for each in self._model.rows])

    def alone(self, ids: list[str]) -> None:
        """Tick these and no others."""
        self._model.choose_alone(ids)
