"""One sequence in a tab: opened, written, run, and each step led to its frame."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QMenu, QWidget

from wsinspector.conversation.sequences.filling import places
from wsinspector.conversation.sequences.model import Sequence
from wsinspector.conversation.sequences.reading import Read, read_sequence
from wsinspector.conversation.sequences.results import (
    RunPhase,
    RunResults,
    StepResult,
    blank_results,
)
from wsinspector.conversation.sequences.run import SequenceRun
from wsinspector.conversation.sequences.variables import RunVariables
from wsinspector.present.plain import visible
from wsinspector.present.sequence_reference import reference_text
from wsinspector.present.step_texts import phase_text
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import add_entry, bind_inside, fill, tell
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.sequences.sequence_file import SequenceFile
from wsinspector.ui.sequences.sequence_parts import EMPTY, REFERENCE, STEPS, TEXT, SequenceParts
from wsinspector.ui.sequences.starting import Starting

MOST_TOLD = 4
"""Faults listed below the text; all are marked in it."""

NEW = """\
name = "New sequence"

[[step]]
send = "Hello"

[[step]]
expect = 'type == text'
within = 5
"""


class SequenceView(SequenceParts):
    """``frame_asked(attempt, frame)``: show it. ``said``: for the status bar. ``left``: Escape.

    ``lab``: the lab's address, for ``{{lab}}`` in the bundled examples.
    """

    frame_asked = Signal(int, int)
    said = Signal(str)
    left = Signal()
    from_rows_asked = Signal()

    def __init__(self, tab: TabState, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._background = background
        self.lab: Callable[[], str] = lambda: ""
        self.file = SequenceFile(background, self)
        self.starting = Starting(background, self.outside, self)
        self.read = Read(None)
        self.run: SequenceRun | None = None
        self._saved = ""  # the text as it is in the file
        self._serial = -1
        self._attempts = 0
        self._name = ""  # as the text had it when it was last in order
        self._asked = 0  # readings, so that an old one does not tell of a newer text
        self._wire()
        self._say()

    def _wire(self) -> None:
        self.new.clicked.connect(lambda: self.set_text(NEW, edit=True))
        self.open.clicked.connect(self.file.ask_open)
        self.from_rows.clicked.connect(self.from_rows_asked)
        self.views.picked.connect(lambda at: self.show_page(TEXT if at else STEPS))
        self.reference.clicked.connect(self._toggle_reference)
        self.button.clicked.connect(self.toggle_run)
        self.edit.changed.connect(self._reread)
        self.steps.picked.connect(self._go_to)
        self.steps.left.connect(self.left)
        self.edit.left.connect(self.left)
        self.here.clicked.connect(self._say)
        self._tab.ticked.connect(self._look)
        self.menu.aboutToShow.connect(self._fill_menu)
        menu = QMenu(self.examples)
        self.file.add_examples(menu)
        self.examples.setMenu(menu)
        self.file.opened.connect(self._opened)
        self.file.saved.connect(self._was_saved)
        self.file.said.connect(self.said)
        self.starting.answered.connect(self.focus_first)
        for name, deed in (
            ("sequences.run", self.toggle_run),
            ("sequences.files", self.files.showMenu),
            ("sequences.view", self._other_view),
            ("sequences.new", lambda: self.set_text(NEW, edit=True)),
            ("sequences.reference", self._toggle_reference),
            ("sequences.fault", self._next_fault),
            ("sequences.save", self.save),
        ):
            bind_inside(name, self, deed)

    def focus_first(self) -> None:
        """To what is worked on."""
        shown = self.pages.currentIndex()
        (self.new, self.steps, self.edit, self.help)[shown].setFocus()

    # -- the text

    @property
    def sequence(self) -> Sequence | None:
        """What would be run; None while there are faults, or nothing."""
        return self.read.sequence

    @property
    def running(self) -> bool:
        return self.run is not None and not self.run.results.over

    @property
    def unsaved(self) -> bool:
        return self.edit.typed() != self._saved

    def set_text(self, text: str, *, path: Path | None = None, edit: bool = False) -> None:
        """Show another sequence; one that runs is stopped first."""
        if self.run is not None:
            self.run.stop()
            self.run = None
        self._serial = -1
        self.starting.another()
        self.file.path = path
        self._saved = text if path is not None else ""
        self.edit.setPlainText(text)
        self.edit.settle()
        self.show_page(TEXT if edit else STEPS)
        if edit:
            self.edit.setFocus()

    def take_again(self, text: str, path: Path | None) -> None:
        """Show what was last worked on; whether it is saved is not known before the file is read."""
        self.set_text(text)
        self.file.path = path

    @property
    def kept(self) -> tuple[str, str]:
        """The text, and the name of its file."""
        return self.edit.typed(), str(self.file.path or "")

    def show_page(self, page: int) -> None:
        """Steps, text, or the reference."""
        if page == STEPS and not self.edit.typed().strip():
            page = EMPTY
        if page == REFERENCE:
            sign = QFontMetricsF(self.help.font()).horizontalAdvance("0")
            self.help.setPlainText(reference_text(max(36, int(self.pages.width() / sign) - 6)))
        self.pages.setCurrentIndex(page)
        self.reference.setChecked(page == REFERENCE)
        self.views.set_current({STEPS: 0, EMPTY: 0, TEXT: 1}.get(page, self.views.current()))

    def _toggle_reference(self) -> None:
        if self.pages.currentIndex() == REFERENCE:
            self.show_page(TEXT if self.views.current() else STEPS)
        else:
            self.show_page(REFERENCE)
        self.focus_first()

    def _next_fault(self) -> None:
        """To the fault behind the cursor, the first one behind the last."""
        lines = sorted({fault.line for fault in self.read.faults})
        if lines:
            here = self.edit.textCursor().blockNumber() + 1
            self.show_page(TEXT)
            self.edit.go_to(next((line for line in lines if line > here), lines[0]))

    def _other_view(self) -> None:
        self.show_page(STEPS if self.pages.currentIndex() == TEXT else TEXT)
        self.focus_first()

    def _known(self) -> tuple[str, ...]:
        return ("lab", *self._tab.conversation.variables)

    def look_again(self) -> None:
        """Variables are others: what names them may be in order now, or no more."""
        if not self.running:
            self._reread()

    def _reread(self) -> None:
        """Read what stands there, off the window's thread: a large file takes its time."""
        self._asked += 1
        number, text, known = self._asked, self.edit.typed(), self._known()

        def done(result: Any) -> None:
            if number == self._asked and isinstance(result, Read):
                self._take(result)

        if not text.strip():
            self._take(Read(None))
        elif len(text) < 4000:
            self._take(read_sequence(text, known))
        else:
            self._background.ask("read sequence", lambda: read_sequence(text, known), done)

    def _take(self, read: Read) -> None:
        if read.sequence != self.read.sequence:
            self.starting.forget()
        self.read = read
        if read.sequence is not None or not read.faults:
            self._name = read.sequence.name if read.sequence is not None else ""
        self.edit.show_faults(read.faults)
        found = read.faults or read.remarks
        told = " ".join(visible(str(fault)) for fault in found[:MOST_TOLD])
        more = len(found) - MOST_TOLD
        if more > 0:
            told += translate("Sequences", " And {0} more.").format(more)
        self.told.set_role("fault" if read.faults else "note" if found else "muted")
        self.told.set_text(f"{'✕' if read.faults else '!'} {told}" if found else "")
        self.told.setVisible(bool(found))
        if not self.running:
            steps = read.sequence.steps if read.sequence is not None else ()
            self.run = None
            self.steps.show_steps(tuple(blank_results(steps)))
        self._say()

    # -- files

    def _fill_menu(self) -> None:
        menu = self.menu
        menu.clear()
        add_entry(menu, translate("Sequences", "New"), "sequences.new", lambda: self.set_text(NEW, edit=True))
        menu.addAction(translate("Sequences", "Open…"), self.file.ask_open)
        self.file.add_examples(menu.addMenu(translate("Sequences", "Examples")))
        menu.addAction(translate("Sequences", "Make one of the selected rows"), self.from_rows_asked.emit)
        menu.addSeparator()
        save = add_entry(menu, translate("Sequences", "Save"), "sequences.save", self.save)
        save.setEnabled(bool(self.edit.typed().strip()))
        save_as = menu.addAction(
            translate("Sequences", "Save as…"), lambda: self.file.ask_save(self.edit.typed(), self._name)
        )
        save_as.setEnabled(bool(self.edit.typed().strip()))

    def _opened(self, text: str, path: Path | None) -> None:
        self.set_text(text, path=path)
        self.focus_first()

    def _was_saved(self, text: str) -> None:
        self._saved = text
        self._say()

    def save(self) -> None:
        """Write the file; ask where to where there is none yet."""
        self.file.save(self.edit.typed(), self._name)

    # -- running

    def toggle_run(self) -> None:
        """Run it, or stop what runs."""
        if self.running and self.run is not None:
            self.run.stop()
            return
        self.edit.settle()
        sequence = self.read.sequence
        if sequence is None or self._hindrance():
            if self.read.faults:
                self.show_page(TEXT)
                self.edit.go_to(self.read.faults[0].line)
            return
        folder = self.file.path.parent if self.file.path is not None else None
        self.starting.start(
            sequence,
            folder,
            lambda outside: self._begin(sequence, folder, outside=outside),
            self._secrets(sequence) if sequence.url else (),
        )

    def _secrets(self, sequence: Sequence) -> list[str]:
        """The hidden variables of the Library that the text names, and those made of such."""
        conversation = self._tab.conversation
        own = dict(conversation.options.variables) | dict(sequence.variables)
        variables = RunVariables(conversation.environment, own, conversation.hidden())
        named = {place.name for place in places(self.edit.typed())}
        return sorted(named & variables.not_shown)

    def _begin(self, sequence: Sequence, folder: Path | None, *, outside: bool) -> None:
        if sequence != self.read.sequence or self.running:
            return  # it was changed while a question stood
        conversation = self._tab.conversation
        values = {"lab": self.lab()} if self.lab() else {}
        attempt = conversation.current if self._on_open() else None
        self.run = SequenceRun(
            conversation, sequence, folder=folder, values=values, attempt=attempt, outside=outside
        )
        self._serial, self._attempts = -1, len(conversation.attempts)
        self.steps.show_frames({})
        self.show_page(STEPS)
        self.steps.setFocus()
        self.run.start()
        self._look()

    def _on_open(self) -> bool:
        sequence = self.read.sequence
        return self.here.isChecked() and sequence is not None and not sequence.own_request

    def _hindrance(self) -> str:
        """Why it cannot be run now; empty where it can."""
        conversation = self._tab.conversation
        sequence = self.read.sequence
        if self.read.faults:
            count = len(self.read.faults)
            if count == 1:
                return translate("Sequences", "It has a fault in line {0}.").format(self.read.faults[0].line)
            return translate("Sequences", "It has {0} faults.").format(count)
        if sequence is None:
            return translate("Sequences", "There is nothing to run yet.")
        if conversation.read_only:
            return translate("Sequences", "This capture is only read; run it in a conversation of your own.")
        if self._on_open():
            if conversation.current is None or not conversation.current.snapshot.open:
                return fill(translate("Sequences", "No connection is open. [key:request.connect] connects."))
        elif not sequence.url and conversation.address.error is not None:
            return translate("Sequences", "Neither the sequence nor this tab says where to connect.")
        return ""

    def _look(self) -> None:
        """Thirty times a second: what has changed of a run, and of what can be run."""
        if not self.isVisible() and not self.running:
            return
        run = self.run
        if run is not None:
            results = run.results
            if results.serial != self._serial:
                self._serial = results.serial
                self.steps.show_steps(results.steps, results.current)
                self._follow(results)
        self._say()

    def _follow(self, results: RunResults) -> None:
        """Show the attempt that a step has just begun."""
        attempts = len(self._tab.conversation.attempts)
        if attempts > self._attempts:
            self._attempts = attempts
            self._tab.attempts_changed.emit()
            self._tab.pick(attempts)
        if results.over and results.phase is not RunPhase.PASSED:
            first = next((at for at, each in enumerate(results.steps) if each.failures), -1)
            if first >= 0:
                self.steps.setCurrentIndex(self.steps.steps.index(first))
        if results.over:
            self.steps.read_frames(self._background, self._tab.conversation, results)

    def _go_to(self, step: StepResult) -> None:
        if step.attempt:
            self.frame_asked.emit(step.attempt, step.frame)
        elif step.step.line and self.pages.currentIndex() == STEPS and not self.running:
            self.show_page(TEXT)
            self.edit.go_to(step.step.line)

    def stop(self) -> None:
        """The conversation is about to be closed."""
        if self.run is not None:
            self.run.stop()

    # -- what is said

    def _say(self) -> None:
        sequence = self.read.sequence
        shown = self._name or (self.file.path.name if self.file.path is not None else "")
        typed = bool(self.edit.typed().strip())
        if not typed:
            shown = translate("Sequences", "No sequence yet")
        elif not shown and self.read.faults:
            shown = translate("Sequences", "A sequence with faults")
        elif not shown:
            shown = translate("Sequences", "A sequence without a name")
        self.title.set_text(visible(shown) + (" •" if typed and self.unsaved else ""))
        unsaved = fill(translate("Sequences", "Not saved. [key:sequences.save] saves it."))
        tell(self.title, unsaved if typed and self.unsaved else str(self.file.path or ""))
        running = self.running
        why = self._hindrance()
        self.button.setText(translate("Sequences", "Stop") if running else translate("Sequences", "Run"))
        self.button.setEnabled(running or not why or bool(self.read.faults))
        tip = translate("Sequences", "Stop where it is ([key:sequences.run])") if running else why
        tell(self.button, tip or translate("Sequences", "Carry it out ([key:sequences.run])"))
        if sequence is not None or not typed:
            self.here.setVisible(sequence is not None and not sequence.own_request)
        self.here.setEnabled(not running)
        results = self.run.results if self.run is not None else None
        self.progress.setVisible(results is not None)
        if results is not None:
            self.progress.setMaximum(max(1, len(results.steps)))
            self.progress.setValue(results.done)
            role = {
                RunPhase.PASSED: "ok",
                RunPhase.FAILED: "fault",
                RunPhase.UNDECIDED: "note",
            }.get(results.phase, "muted")
            self.state.set_role(role)
            self.colour_progress("accent" if results.phase is RunPhase.RUNNING else role)
            said = phase_text(results)
            if (
                results.text
                and results.phase in (RunPhase.PASSED, RunPhase.FAILED)
                and results.text not in said
            ):
                said = f"{said} {results.text}"
            self.state.set_text(visible(said))
        else:
            self.state.set_role("muted")
            self.state.set_text(why if typed else "")
        self.state.setVisible(bool(self.state.full_text()))
