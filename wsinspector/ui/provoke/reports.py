"""What a run of provocations can be handed on as: the choices of the Report menu."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton

from wsinspector.conversation.provoking_results import ProvokeResults
from wsinspector.share.provoked_reports import csv_text, json_text, junit_text
from wsinspector.translate import marked, translate

Make = Callable[[ProvokeResults], str]

KINDS: tuple[tuple[str, str, str, Make], ...] = (
    (
        marked("Provoke", "CSV…"),
        marked("Provoke", "A line a provocation, for a spreadsheet"),
        ".csv",
        csv_text,
    ),
    (marked("Provoke", "JSON…"), marked("Provoke", "All that was seen, for programs"), ".json", json_text),
    (
        marked("Provoke", "JUnit…"),
        marked("Provoke", "A test case a provocation, for a build server"),
        ".xml",
        junit_text,
    ),
)


class ProvokeReport(QToolButton):
    """``asked(make, path)``: write what ``make`` makes of the results there."""

    asked = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.stem = "provocations"
        self.setText(translate("Provoke", "Report ▾"))
        self.setAccessibleName(translate("Provoke", "Report"))
        self.setToolTip(translate("Provoke", "Hand the results on: CSV, JSON, JUnit"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for title, tip, suffix, make in KINDS:
            action = menu.addAction(translate("Provoke", title), partial(self._ask, suffix, make))
            action.setToolTip(translate("Provoke", tip))
        self.setMenu(menu)
        self.setEnabled(False)

    def _ask(self, suffix: str, make: Make) -> None:
        title = translate("Provoke", "Save the report")
        name, _ = QFileDialog.getSaveFileName(self, title, f"{self.stem}{suffix}")
        if name:
            self.asked.emit(make, Path(name))
