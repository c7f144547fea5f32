"""One sequence in a tab: opened, written, run, and each step led to its frame."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.sequences.model import Sequence
from wsinspector.conversation.sequences.reading import LONGEST, Read, read_sequence
from wsinspector.conversation.sequences.results import (
    RunPhase,
    RunResults,
    StepResult,
    blank_results,
)
from wsinspector.conversation.sequences.run import SequenceRun
from wsinspector.present.plain import visible
from wsinspector.present.sequence_reference import reference_text
from wsinspector.present.step_texts import phase_text
from wsinspector.resources import root
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.sequences.steps import StepsList
from wsinspector.ui.sequences.text_edit import SequenceEdit
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.widgets.segmented import Segmented

EMPTY, STEPS, TEXT, REFERENCE = range(4)
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


class SequenceView(QWidget):
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
        self.path: Path | None = None
        self.read = Read(None)
        self.run: SequenceRun | None = None
        self._saved = ""  # the text as it is in the file
        self._serial = -1
        self._attempts = 0
        self._progress_role = "accent"
        self._name = ""  # as the text had it when it was last in order
        self._asked = 0  # readings, so that an old one does not tell of a newer text
        self._build()
        self._place()
        self._wire()
        self._say()

    # -- parts

    def _build(self) -> None:
        self.title = RoleLabel("", "text", bold=True)
        self.file = QToolButton()
        self.file.setText(translate("Sequences", "File ▾"))
        self.file.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.file.setToolTip(translate("Sequences", "New, open, save, examples (Alt+E)"))
        self.file.setAccessibleName(translate("Sequences", "File of the sequence"))
        self.menu = QMenu(self.file)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.file.setMenu(self.menu)
        self.views = Segmented([translate("Sequences", "Steps"), translate("Sequences", "Text")])
        self.views.setAccessibleName(translate("Sequences", "How the sequence is shown"))
        self.views.set_tip(0, translate("Sequences", "The steps and what came of them (Alt+G)"))
        self.views.set_tip(1, translate("Sequences", "The file as text, to be written (Alt+G)"))
        self.reference = QPushButton(translate("Sequences", "Reference"))
        self.reference.setCheckable(True)
        self.reference.setToolTip(translate("Sequences", "What can be written in a sequence (Alt+H)"))
        self.here = Check(translate("Sequences", "On the open connection"))
        self.here.setToolTip(
            translate("Sequences", "Do the steps on the connection that is open, and leave it open")
        )
        self.button = QPushButton(translate("Sequences", "Run"))
        self.button.setProperty("kind", "primary")
        self.empty = QWidget()
        self.steps = StepsList()
        self.edit = SequenceEdit()
        self.told = RoleLabel("", "muted", wraps=True)
        self.pages = QStackedWidget()
        self.help = QPlainTextEdit()
        self.help.setReadOnly(True)
        self.help.setTabChangesFocus(True)
        self.help.setFont(theme.mono_font(0.95))
        self.help.setAccessibleName(translate("Sequences", "Reference of sequences"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName(translate("Sequences", "How far the run is"))
        self.state = RoleLabel("", "muted", wraps=True)
        self.new = QPushButton(translate("Sequences", "New"))
        self.open = QPushButton(translate("Sequences", "Open…"))
        self.from_rows = QPushButton(translate("Sequences", "From the log"))
        self.from_rows.setToolTip(
            translate("Sequences", "Make one of the selected rows of the log, of all where none are")
        )
        self.examples = QToolButton()
        self.examples.setText(translate("Sequences", "Examples ▾"))
        self.examples.setAccessibleName(translate("Sequences", "Examples"))
        self.examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.file)
        second = QHBoxLayout()
        second.setSpacing(theme.GAP)
        second.addWidget(self.views)
        second.addWidget(self.reference)
        second.addStretch(1)
        second.addWidget(self.button)
        text = QWidget()
        column = QVBoxLayout(text)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.edit, 1)
        column.addWidget(self.told)
        self._fill_empty()
        for page in (self.empty, self.steps, text, self.help):
            self.pages.addWidget(page)
        top = QVBoxLayout()
        top.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, 0)
        top.setSpacing(theme.GAP)
        top.addLayout(head)
        top.addLayout(second)
        top.addWidget(self.here)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.GAP)
        foot.setSpacing(theme.SPACE)
        foot.addWidget(self.progress)
        foot.addWidget(self.state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        layout.addLayout(foot)
        self._restyle()

    def _fill_empty(self) -> None:
        column = QVBoxLayout(self.empty)
        column.setContentsMargins(2 * theme.MARGIN, 2 * theme.MARGIN, 2 * theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.MARGIN)
        text = translate(
            "Sequences",
            "A sequence is a list of what is sent, waited for and expected. It is a text file that can be "
            "read, changed and run again, here or by “wsinspector run”.",
        )
        column.addWidget(RoleLabel(text, "muted", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for widget in (self.new, self.open, self.examples, self.from_rows):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.new.setToolTip(translate("Sequences", "Begin with one step of each kind (Alt+N)"))
        self.open.setToolTip(translate("Sequences", "Open a file of a sequence"))
        self.examples.setToolTip(translate("Sequences", "Sequences that run against the built-in lab"))
        menu = QMenu(self.examples)
        self._add_examples(menu)
        self.examples.setMenu(menu)

    def _wire(self) -> None:
        self.new.clicked.connect(lambda: self.set_text(NEW, edit=True))
        self.open.clicked.connect(self._ask_open)
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
        theme.watcher().changed.connect(self._restyle)
        for keys, deed in (
            ("F9", self.toggle_run),
            ("Alt+E", self.file.showMenu),
            ("Alt+G", self._other_view),
            ("Alt+N", lambda: self.set_text(NEW, edit=True)),
            ("Alt+H", self._toggle_reference),
            ("F8", self._next_fault),
            ("Ctrl+S", self.save),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def _restyle(self) -> None:
        buttons = (self.file, self.reference, self.button, self.new, self.open, self.examples, self.from_rows)
        for control in buttons:
            control.setFixedHeight(theme.control_height())
        self._colour_progress()
        field, line, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        self.help.setStyleSheet(
            f"QPlainTextEdit {{ background: {field}; border: none; border-top: 1px solid {line} }}"
            f"QPlainTextEdit:focus {{ border-top-color: {focus} }}"
        )
        self.help.setFont(theme.mono_font(0.95))

    def _colour_progress(self) -> None:
        chunk, ground = theme.color(self._progress_role).name(), theme.color("line").name()
        self.progress.setStyleSheet(
            f"QProgressBar {{ background: {ground}; border: none; border-radius: 2px }}"
            f"QProgressBar::chunk {{ background: {chunk}; border-radius: 2px }}"
        )

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
        self.path = path
        self._saved = text if path is not None else ""
        self.edit.setPlainText(text)
        self.edit.settle()
        self.show_page(TEXT if edit else STEPS)
        if edit:
            self.edit.setFocus()

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
        return ("lab", *(name for name, _ in self._tab.conversation.options.variables))

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
        self.read = read
        if read.sequence is not None or not read.faults:
            self._name = read.sequence.name if read.sequence is not None else ""
        self.edit.show_faults(read.faults)
        told = " ".join(visible(str(fault)) for fault in read.faults[:MOST_TOLD])
        more = len(read.faults) - MOST_TOLD
        if more > 0:
            told += translate("Sequences", " And {0} more.").format(more)
        self.told.set_role("fault" if read.faults else "muted")
        self.told.set_text(f"✕ {told}" if read.faults else "")
        self.told.setVisible(bool(read.faults))
        if not self.running:
            steps = read.sequence.steps if read.sequence is not None else ()
            self.run = None
            self.steps.show_steps(tuple(blank_results(steps)))
        self._say()

    # -- files

    def _fill_menu(self) -> None:
        menu = self.menu
        menu.clear()
        menu.addAction(translate("Sequences", "New\tAlt+N"), lambda: self.set_text(NEW, edit=True))
        menu.addAction(translate("Sequences", "Open…"), self._ask_open)
        self._add_examples(menu.addMenu(translate("Sequences", "Examples")))
        menu.addAction(translate("Sequences", "Make one of the selected rows"), self.from_rows_asked.emit)
        menu.addSeparator()
        save = menu.addAction(translate("Sequences", "Save\tCtrl+S"), self.save)
        save.setEnabled(bool(self.edit.typed().strip()))
        save_as = menu.addAction(translate("Sequences", "Save as…"), self._ask_save)
        save_as.setEnabled(bool(self.edit.typed().strip()))

    def _add_examples(self, menu: QMenu) -> None:
        folder = root() / "sequences"
        for path in sorted(folder.glob("*.toml")):
            name = path.stem.replace("-", " ").capitalize()
            menu.addAction(name, partial(self.load, path, example=True))

    def _ask_open(self) -> None:
        dialog = QFileDialog(self.window(), translate("Sequences", "Open a sequence"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Sequences", "Sequences (*.toml)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.load(Path(name)))
        dialog.open()

    def load(self, path: Path, *, example: bool = False) -> None:
        """Open the file ``path``; an example is a text of its own, which is saved elsewhere."""

        def read() -> str:
            with path.open("rb") as file:
                data = file.read(LONGEST + 1)
            if len(data) > LONGEST:
                raise OSError(translate("Sequences", "larger than 4 MiB"))
            return data.decode("utf-8-sig").replace("\r\n", "\n")

        def done(result: Any) -> None:
            if isinstance(result, str):
                self.set_text(result, path=None if example else path)
                self.focus_first()
            else:
                text = translate("Sequences", "{0} cannot be read: {1}")
                self.said.emit(text.format(path.name, visible(str(result))))

        self._background.ask("open sequence", read, done)

    def save(self) -> None:
        """Write the file; ask where to where there is none yet."""
        if self.path is None:
            self._ask_save()
        else:
            self.save_to(self.path)

    def _ask_save(self) -> None:
        name = self.read.sequence.name if self.read.sequence is not None else ""
        proposed = "".join(sign if sign.isalnum() else "-" for sign in name).strip("-").lower() or "sequence"
        dialog = QFileDialog(self.window(), translate("Sequences", "Save the sequence as"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(translate("Sequences", "Sequences (*.toml)"))
        dialog.setDefaultSuffix("toml")
        dialog.selectFile(str(self.path or f"{proposed}.toml"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write the text to ``path``, also where it has faults: it is the person's."""
        text = self.edit.typed()

        def done(result: Any) -> None:
            if isinstance(result, Exception):
                told = translate("Sequences", "{0} cannot be written: {1}")
                self.said.emit(told.format(path.name, visible(str(result))))
                return
            self.path, self._saved = path, text
            self.said.emit(translate("Sequences", "The sequence is saved as {0}.").format(path.name))
            self._say()

        self._background.ask("save sequence", lambda: path.write_text(text, encoding="utf-8"), done)

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
        conversation = self._tab.conversation
        values = {"lab": self.lab()} if self.lab() else {}
        folder = self.path.parent if self.path is not None else None
        attempt = conversation.current if self._on_open() else None
        self.run = SequenceRun(conversation, sequence, folder=folder, values=values, attempt=attempt)
        self._serial, self._attempts = -1, len(conversation.attempts)
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
                return translate("Sequences", "No connection is open. F5 connects.")
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
        shown = self._name or (self.path.name if self.path is not None else "")
        typed = bool(self.edit.typed().strip())
        if not typed:
            shown = translate("Sequences", "No sequence yet")
        elif not shown and self.read.faults:
            shown = translate("Sequences", "A sequence with faults")
        elif not shown:
            shown = translate("Sequences", "A sequence without a name")
        self.title.set_text(visible(shown) + (" •" if typed and self.unsaved else ""))
        unsaved = translate("Sequences", "Not saved. Ctrl+S saves it.")
        self.title.setToolTip(unsaved if typed and self.unsaved else str(self.path or ""))
        running = self.running
        why = self._hindrance()
        self.button.setText(translate("Sequences", "Stop") if running else translate("Sequences", "Run"))
        self.button.setEnabled(running or not why or bool(self.read.faults))
        tip = translate("Sequences", "Stop where it is (F9)") if running else why
        self.button.setToolTip(tip or translate("Sequences", "Carry it out (F9)"))
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
            bar = "accent" if results.phase is RunPhase.RUNNING else role
            if bar != self._progress_role:
                self._progress_role = bar
                self._colour_progress()
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
