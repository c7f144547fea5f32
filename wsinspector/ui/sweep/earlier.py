"""The menus of sweeps and other runs that were kept: one to look at, one to compare with."""

import re
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from wsinspector.present.numbers import clock
from wsinspector.translate import translate
from wsinspector.ui.sweep.kept import SWEEPS, kept_captures
from wsinspector.ui.workspace import Workspace


class EarlierButton(QToolButton):
    """``taken(path)``: a capture ``named`` so was picked from the menu, or a file of another place."""

    taken = Signal(object)

    def __init__(
        self,
        workspace: Workspace,
        text: str,
        tip: str,
        parent: QWidget | None = None,
        *,
        named: re.Pattern[str] = SWEEPS,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._named = named
        self.none = translate("SweepEarlier", "No other sweep is kept")
        """Said where the menu has nothing to pick."""
        self.title = translate("SweepEarlier", "A sweep that was kept")
        """Above the dialog for another file."""
        self.setText(text)
        self.setToolTip(tip)
        self.setProperty("kind", "flat")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.list = QMenu(self)
        self.list.aboutToShow.connect(self.fill)
        self.setMenu(self.list)

    def fill(self) -> None:
        """What is kept and not open, the newest first."""
        self.list.clear()
        for kept in kept_captures(self._workspace, self._named):
            text = f"{kept.path.name}\t{clock(kept.changed_ns, date=True)[:16]}"
            self.list.addAction(text, partial(self.taken.emit, kept.path))
        if self.list.isEmpty():
            self.list.addAction(self.none).setEnabled(False)
        self.list.addSeparator()
        self.list.addAction(translate("SweepEarlier", "Another file…"), self._ask)

    def _ask(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.title,
            str(self._workspace.folder),
            translate("SweepEarlier", "Captures (*.wsi);;All files (*)"),
        )
        if name:
            self.taken.emit(Path(name))
