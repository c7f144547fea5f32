"""What a sweep can be handed on as: the choices of the Report menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.sweep_table import compared, since
from wsinspector.share.sweep_expect import Checked, expectations_text
from wsinspector.share.sweep_html import html_text
from wsinspector.share.sweep_tables import csv_text, json_text, junit_text
from wsinspector.translate import translate

Held = Sequence[Checked] | None


@dataclass(frozen=True, slots=True)
class ReportKind:
    """``make(results, earlier, checked)``: the text of the file. ``earlier``: a sweep to compare with, or
    None. ``checked``: expectations held against the results, None without a file of them."""

    title: str
    tip: str
    suffix: str
    make: Callable[[SweepResults, SweepResults | None, Held], str]


def _page(results: SweepResults, earlier: SweepResults | None, checked: Held) -> str:
    if earlier is None:
        return html_text(results, checked or ())
    told = since(earlier.began_wall_ns, results.began_wall_ns)
    return html_text(results, checked or (), changed=compared(earlier, results), since=told)


def report_kinds() -> tuple[ReportKind, ...]:
    """Every kind, in the order of the menu."""

    def t(text: str) -> str:
        return translate("SweepReport", text)

    return (
        ReportKind(t("HTML page…"), t("One page for people, with all in it"), ".html", _page),
        ReportKind(
            t("CSV…"), t("A line an answer, for a spreadsheet"), ".csv", lambda now, _, __: csv_text(now)
        ),
        ReportKind(
            t("JSON…"),
            t("All that is worked out, for programs"),
            ".json",
            lambda now, _, checked: json_text(now, checked or ()),
        ),
        ReportKind(
            t("JUnit…"),
            t("A test case an answer, for a build server"),
            ".xml",
            lambda now, _, checked: junit_text(now, checked),
        ),
        expectations_kind(),
    )


def expectations_kind() -> ReportKind:
    """A file that expects what was answered."""
    return ReportKind(
        translate("SweepReport", "Expectations…"),
        translate(
            "SweepReport", "A file that expects these answers, for Expect or wsinspector sweep --expect"
        ),
        ".toml",
        lambda now, _, __: expectations_text(now),
    )


class ReportButton(QToolButton):
    """``asked(kind, path)``: write that report there. ``stem``: how the file is called unless told."""

    asked = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stem = "sweep"
        self.setText(translate("SweepReport", "Report ▾"))
        self.setAccessibleName(translate("SweepReport", "Report"))
        self.setToolTip(translate("SweepReport", "Hand the answers on: HTML, CSV, JSON, JUnit, expectations"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for kind in report_kinds():
            menu.addAction(kind.title, partial(self._ask, kind)).setToolTip(kind.tip)
        self.setMenu(menu)

    def _ask(self, kind: ReportKind) -> None:
        title = translate("SweepReport", "Save the report")
        name, _ = QFileDialog.getSaveFileName(self, title, f"{self.stem}{kind.suffix}")
        if name:
            self.asked.emit(kind, Path(name))
