"""Expectations in the window: a file of them is opened, and held against whatever answers are shown."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.plain import visible
from wsinspector.present.sweep_table import MARKS
from wsinspector.protocol.sweep_requests import OddRequest
from wsinspector.protocol.sweep_texts import request_with_id
from wsinspector.share.sweep_expect import (
    Checked,
    Expectations,
    WrongExpectationsError,
    check,
    failures,
    read_expectations,
)
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.sweep.said_list import Said
from wsinspector.verdicts.sweep_cells import Tone

MET = "✓"
LONGEST = 24  # characters of a file's name in the button


class Expecting(QObject):
    """The file that is open, and what came of it.

    ``changed``: another file is open, or none. ``held``: :attr:`checked` is of other answers now.
    ``failed(text)``: a file cannot be used, and why.
    """

    changed = Signal()
    held = Signal()
    failed = Signal(str)

    def __init__(self, work: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._results: SweepResults | None = None
        self.expectations: Expectations | None = None
        self.path: Path | None = None
        self.checked: tuple[Checked, ...] | None = None
        """One an expectation and server; None where no file is open or no answers are shown."""

    @property
    def name(self) -> str:
        """Of the file; empty without one."""
        return visible(self.path.name) if self.path is not None else ""

    def requests(self) -> tuple[OddRequest, ...]:
        """What the file names, so that it can be asked."""
        ids = self.expectations.ids() if self.expectations is not None else ()
        return tuple(request for id in ids if (request := request_with_id(id)) is not None)

    def open(self, path: Path) -> None:
        """Hold the answers against the expectations in ``path`` from now on."""

        def work() -> Expectations:
            return read_expectations(path.read_text(encoding="utf-8"))

        def done(found: object) -> None:
            if not isinstance(found, Expectations):
                told = translate("Expecting", "{0} cannot be used: {1}")
                self.failed.emit(told.format(visible(path.name), _reason(found)))
                return
            self.expectations, self.path = found, path
            self.changed.emit()
            self._hold()

        self._work.ask("expectations", work, done)

    def close(self) -> None:
        """Expect nothing any more."""
        self.expectations = self.path = None
        self._hold()
        self.changed.emit()

    def show(self, results: SweepResults | None) -> None:
        """Hold these answers against the file, once they are all there."""
        self._results = results if results is not None and not results.running else None
        self._hold()

    def _hold(self) -> None:
        expectations, results = self.expectations, self._results
        if expectations is None or results is None:
            if self.checked is not None:
                self.checked = None
                self.held.emit()
            return

        def done(found: object) -> None:
            if self.expectations is expectations and self._results is results and isinstance(found, tuple):
                self.checked = found
                self.held.emit()

        self._work.ask("check", lambda: check(results, expectations), done)


def _reason(trouble: object) -> str:
    if isinstance(trouble, WrongExpectationsError):
        return visible(str(trouble))
    if isinstance(trouble, UnicodeDecodeError):
        return translate("Expecting", "it is no UTF-8 text.")
    return visible(str(trouble))


def lines_of(results: SweepResults, checked: Sequence[Checked]) -> tuple[Said, ...]:
    """A line an expectation, what was not met first."""
    found = []
    labels = {odd.id: odd.label for odd in results.odds}
    for each in sorted(checked, key=lambda one: not one.failed):
        server = visible(results.servers[each.server].name)
        unasked = request_with_id(each.id) if each.id not in labels else None
        asked = visible(unasked.odd.label if unasked is not None else labels.get(each.id, each.id))
        mark, role = (MARKS[Tone.FINDING], "fault") if each.failed else (MET, "ok")
        told = each.text or translate("Expecting", "as expected")
        found.append(Said(mark, role, f"{server}, {asked}: {told}", "", each.server, (each.id,)))
    return tuple(found)


def heading_of(checked: Sequence[Checked], name: str) -> tuple[str, str]:
    """The heading of the list, and what is said beside it."""
    wrong = len(failures(checked))
    if not checked:
        return translate("Expecting", "Expectations"), translate("Expecting", "{0} names none").format(name)
    if wrong:
        told = translate("Expecting", "{0} of {1} not met, by {2}").format(wrong, len(checked), name)
    else:
        told = translate("Expecting", "all {0} met, by {1}").format(len(checked), name)
    return translate("Expecting", "Expectations"), told


class ExpectButton(QToolButton):
    """``asked(path)``: hold the answers against that file. ``save_asked(path)``: write one of them."""

    asked = Signal(object)
    save_asked = Signal(object)

    def __init__(self, expecting: Expecting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._expecting = expecting
        self.stem = "sweep"
        self.setProperty("kind", "flat")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.list = QMenu(self)
        self.list.setToolTipsVisible(True)
        self.open_action = self.list.addAction(translate("Expecting", "Open a file…"), self._open)
        self.open_action.setToolTip(translate("Expecting", "Hold the answers against expectations (TOML)"))
        self.save_action = self.list.addAction(translate("Expecting", "Save these answers…"), self._save)
        self.save_action.setToolTip(translate("Expecting", "Make a file that expects the answers shown here"))
        self.close_action = self.list.addAction(translate("Expecting", "Expect nothing"), expecting.close)
        self.close_action.setToolTip(translate("Expecting", "Hold the answers against no file any more"))
        self.setMenu(self.list)
        expecting.changed.connect(self.look)
        self.can_save(False)
        self.look()

    def can_save(self, there: bool) -> None:
        """Whether there are answers to be saved."""
        self.save_action.setEnabled(there)

    def look(self) -> None:
        """Say which file is open."""
        name = self._expecting.name
        short = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
        text = (
            translate("Expecting", "Expect: {0} ▾").format(short)
            if name
            else translate("Expecting", "Expect ▾")
        )
        tip = translate("Expecting", "Hold the answers against a file of expectations, or save one")
        if name:
            tip = translate(
                "Expecting", "The answers are held against {0}; Run asks all that it names"
            ).format(name)
        self.setText(text)
        self.setAccessibleName(text.removesuffix(" ▾"))
        self.setToolTip(tip)
        self.close_action.setEnabled(bool(name))
        self.updateGeometry()

    def _open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            translate("Expecting", "A file of expectations"),
            "",
            translate("Expecting", "Expectations (*.toml);;All files (*)"),
        )
        if name:
            self.asked.emit(Path(name))

    def _save(self) -> None:
        title = translate("Expecting", "Save as a file of expectations")
        name, _ = QFileDialog.getSaveFileName(self, title, f"{self.stem}.toml")
        if name:
            self.save_asked.emit(Path(name))
