"""The panel of a replay beside the log: how far it is, then each answer of then against that of now."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.replaying import Replayed
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.present.replay_comparing import Mark
from wsinspector.present.replay_told import (
    Line,
    heard_title,
    lines_of,
    mark_word,
    progress_text,
    summary_role,
    summary_text,
)
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, tell
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.compare_pane import ComparePane
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.replay.answers import AnswersTable
from wsinspector.ui.replay.run import ReplayRun
from wsinspector.ui.widgets.check import Check

EMPTY, RESULT = range(2)
PATIENCE_TICKS = 150
"""Looks for the last frames to be in the file; then what is there is compared."""


class ReplayView(QWidget):
    """``frame_asked(attempt, frame)``: of this tab. ``first_asked(place, frame)``: of the first time.

    ``again_asked``: the sheet is wanted. ``left``: Escape.
    """

    frame_asked = Signal(int, int)
    first_asked = Signal(object, int)
    again_asked = Signal()
    ended = Signal()
    left = Signal()

    def __init__(self, tab: TabState, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._background = background
        self._progress_role = "accent"
        self._lines: list[Line] = []
        self._comparing = False
        self._waited = 0
        self._attempts = 0
        self.run: ReplayRun | None = None
        self.trouble = ""
        self._build()
        self._place()
        self._wire()
        self._restyle()
        self._say()

    def _build(self) -> None:
        self.title = RoleLabel("", "text", bold=True)
        self.button = QPushButton(translate("Replay", "Replay…"))
        tell(
            self.button, translate("Replay", "Choose what is sent again, and where to ([key:frames.replay])")
        )
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName(translate("Replay", "How far the replay is"))
        self.state = RoleLabel("", "muted", wraps=True)
        self.notes = RoleLabel("", "note", wraps=True, size=0.95)
        self.only = Check(translate("Replay", "Only what differs"))
        tell(self.only, translate("Replay", "Leave out answers that are equal ([key:replay.only])"))
        self.first = QPushButton(translate("Replay", "The first time"))
        tell(self.first, translate("Replay", "Show the answer of the first time in its log (Shift+Enter)"))
        self.now = QPushButton(translate("Replay", "Now"))
        tell(self.now, translate("Replay", "Show the answer of now in the log (Enter)"))
        self.table = AnswersTable()
        self.compare = ComparePane()
        self.compare.back.hide()
        self.compare.run = lambda work, done: self._background.ask("replayed pair", work, done)
        self.compare.stopping = lambda: self._background.stopping
        self.pages = QStackedWidget()
        self.start = QPushButton(translate("Replay", "Replay…"))
        self.start.setProperty("kind", "primary")
        tell(self.start, translate("Replay", "Choose what is sent again, and where to ([key:frames.replay])"))

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.button)
        tools = QHBoxLayout()
        tools.setSpacing(theme.GAP)
        tools.addWidget(self.only, 1)
        tools.addWidget(self.first)
        tools.addWidget(self.now)
        top = QVBoxLayout()
        top.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, 0)
        top.setSpacing(theme.SPACE)
        top.addLayout(head)
        for widget in (self.progress, self.state, self.notes):
            top.addWidget(widget)
        top.addLayout(tools)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.table)
        self.split.addWidget(self.compare)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        result = QWidget()
        column = QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(top)
        column.addWidget(self.split, 1)
        self.pages.addWidget(self._empty())
        self.pages.addWidget(result)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)

    def _empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * theme.MARGIN, 2 * theme.MARGIN, 2 * theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.MARGIN)
        text = translate(
            "Replay",
            "A replay sends again what this side sent, to the same server or another one, and holds the "
            "answers against those of the first time. Press R on rows of the log, or begin with all of them.",
        )
        column.addWidget(RoleLabel(text, "muted", wraps=True))
        row = QHBoxLayout()
        row.addWidget(self.start)
        row.addStretch(1)
        column.addLayout(row)
        self.why = RoleLabel("", "muted", wraps=True)
        column.addWidget(self.why)
        column.addStretch(1)
        return page

    def _wire(self) -> None:
        self._tab.ticked.connect(self._look)
        self._tab.attempts_changed.connect(self._say)
        self.button.clicked.connect(self._pressed)
        self.start.clicked.connect(self.again_asked)
        self.only.toggled.connect(lambda _: self._show_lines())
        self.first.clicked.connect(self._to_first)
        self.now.clicked.connect(self._to_now)
        self.table.first_asked.connect(self._to_first)
        self.table.now_asked.connect(self._to_now)
        self.table.looked_at.connect(self._show_pair)
        self.table.left.connect(self.left)
        bind_inside("replay.only", self, self.only.toggle)
        bind_inside("replay.stop", self, self._escape)
        theme.watcher().changed.connect(self._restyle)

    # -- running

    @property
    def running(self) -> bool:
        """Whether something leaves, or is compared."""
        return self.run is not None and (not self.run.over or self._comparing)

    def take(self, run: ReplayRun) -> None:
        """Start ``run`` and follow it; what was shown before is gone."""
        self._let_go()
        self.run, self.trouble, self._waited = run, "", 0
        self._comparing = True
        self._attempts = len(self._tab.conversation.attempts)
        self._lines = []
        self.table.show_lines(())
        self.only.setChecked(False)
        self.compare.hide()
        self.pages.setCurrentIndex(RESULT)
        run.start()
        self._say()

    def stop_replay(self) -> None:
        """Send no more; what came is compared."""
        if self.run is not None:
            self.run.stop()

    def stop(self) -> None:
        """The conversation is about to be closed."""
        self._let_go()

    def first_gone(self) -> None:
        """The capture of the first time may be deleted now."""
        if self.run is not None and not self.running:
            self.run.close()

    def _let_go(self) -> None:
        run, self.run = self.run, None
        if run is not None:
            run.stop()
            run.close()

    def _pressed(self) -> None:
        if self.running:
            self.stop_replay()
        else:
            self.again_asked.emit()

    def _escape(self) -> None:
        if self.running:
            self.stop_replay()
        else:
            self.left.emit()

    def _look(self) -> None:
        """Thirty times a second: how far it is."""
        run = self.run
        if run is None or not self._comparing:
            return
        self._follow()
        run.look()
        if run.over:
            self._waited += 1
            if run.kept or self._waited > PATIENCE_TICKS:
                self._comparing = False
                self._compare(run)
        self._say()

    def _follow(self) -> None:
        """Show the attempt that it has begun."""
        attempts = len(self._tab.conversation.attempts)
        if attempts > self._attempts:
            self._attempts = attempts
            self._tab.attempts_changed.emit()
            self._tab.draft_changed.emit()
            self._tab.pick(attempts)

    def _compare(self, run: ReplayRun) -> None:
        self._comparing = True
        background = self._background

        def done(result: Any) -> None:
            if run is self.run:
                self._compared(run, result)

        background.ask("replayed", lambda: run.compared(lambda: background.stopping), done)

    def _compared(self, run: ReplayRun, result: Any) -> None:
        self._comparing = False
        self._waited = 0
        if isinstance(result, tuple):
            run.found, run.again = result
            self._lines = lines_of(run.found)
        elif result is not None:
            self.trouble = str(result)
        self._show_lines()
        self._say()
        self.ended.emit()
        if self.button.hasFocus() and self._lines:
            self.table.setFocus()

    # -- what is seen

    def _show_lines(self) -> None:
        only = self.only.isChecked()
        shown = [line for line in self._lines if not only or line.mark is not Mark.EQUAL]
        self.table.show_lines(shown)
        self._show_pair()

    def _show_pair(self) -> None:
        run, line = self.run, self.table.line()
        pair = line.pair if line is not None else None
        there = run is not None and run.found is not None
        self.first.setEnabled(there and pair is not None and pair.first is not None)
        self.now.setEnabled(there and pair is not None and pair.again is not None)
        if run is None or pair is None or pair.first is None or pair.again is None:
            self.compare.hide()
            return
        names = (
            translate("Replay", "first #{0}").format(count(pair.first.numbers[0])),
            translate("Replay", "now #{0}").format(count(pair.again.numbers[0])),
        )
        self.compare.compare_opened(lambda: run.opened(pair), names)
        self.compare.show()

    def _to_first(self) -> None:
        run, line = self.run, self.table.line()
        if run is not None and line is not None and line.pair is not None and line.pair.first is not None:
            self.first_asked.emit(run.first, line.pair.first.numbers[0])

    def _to_now(self) -> None:
        run, line = self.run, self.table.line()
        attempt = run.attempt if run is not None else None
        heard = line.pair.again if line is not None and line.pair is not None else None
        if attempt is not None and heard is not None:
            self.frame_asked.emit(attempt.number, heard.numbers[0])

    def _say(self) -> None:
        run = self.run
        if run is None:
            self.pages.setCurrentIndex(EMPTY)
            self._say_empty()
            return
        running = self.running
        text = translate("Replay", "Attempt {number} of {address}, again")
        address = visible(masked_address(run.first.address))
        self.title.set_text(text.format(number=count(run.first.attempt), address=address))
        self.button.setText(translate("Replay", "Stop") if running else translate("Replay", "Replay…"))
        tip = translate("Replay", "Choose what is sent again, and where to ([key:frames.replay])")
        tell(self.button, translate("Replay", "Send no more (Escape)") if running else tip)
        self.button.setAccessibleName(self.button.text())
        total = len(run.planned.plan.frames)
        self.progress.setMaximum(max(total, 1))
        self.progress.setValue(run.replay.sent if running or total else 1)
        done = run.done
        notes = (*run.planned.notes, *(done.notes if done is not None else ()))
        self.notes.set_text("\n".join(f"! {visible(note)}" for note in notes))
        self.notes.setVisible(bool(notes))
        for widget in (self.only, self.first, self.now):
            widget.setVisible(not running and bool(self._lines))
        if running:
            self._say_running(run)
        elif done is not None:
            self._say_done(run, done)

    def _say_empty(self) -> None:
        there = bool(self._tab.conversation.attempts)
        tip = translate("Replay", "Choose what is sent again, and where to ([key:frames.replay])")
        nothing = translate("Replay", "Nothing was sent yet: there is nothing to replay.")
        self.start.setEnabled(there)
        tell(self.start, tip if there else nothing)
        self.why.set_text("" if there else nothing)
        self.why.setVisible(not there)

    def _say_running(self, run: ReplayRun) -> None:
        current = self._tab.conversation.attempt(self._attempts)
        opened = run.into_open or (current is not None and current.snapshot.opened_at is not None)
        text = progress_text(run.planned, run.replay.sent, run.replay.came, opened=opened)
        if run.over:
            text = translate("Replay", "Comparing…")
        self.state.set_role("muted")
        self.state.set_text(text)
        self._colour("accent")

    def _say_done(self, run: ReplayRun, done: Replayed) -> None:
        role = summary_role(run.planned, done, run.found)
        sign = {"ok": "=", "fault": "✕"}.get(role, "≠")
        text = f"{sign} {summary_text(run.planned, done, run.found)}"
        if self.trouble:
            text += f" {visible(self.trouble)}"
        self.state.set_role(role)
        self.state.set_text(text)
        self._colour(role)

    def focus_first(self) -> None:
        """Put the focus where work goes on."""
        if self.run is None:
            self.start.setFocus()
        elif self.running or not self._lines:
            self.button.setFocus()
        else:
            self.table.setFocus()

    def spoken(self) -> str:
        """The picked row in words."""
        line = self.table.line()
        pair = line.pair if line is not None else None
        heard = pair.again or pair.first if pair is not None else None
        return "" if line is None or heard is None else f"{mark_word(line.mark)}: {heard_title(heard)}"

    def _restyle(self) -> None:
        for button in (self.button, self.first, self.now, self.start):
            button.setFixedHeight(theme.control_height())
        self._colour(self._progress_role, again=True)

    def _colour(self, role: str, *, again: bool = False) -> None:
        if role == self._progress_role and not again:
            return
        self._progress_role = role
        chunk, ground = theme.color(role).name(), theme.color("line").name()
        self.progress.setStyleSheet(
            f"QProgressBar {{ background: {ground}; border: none; border-radius: 2px }}"
            f"QProgressBar::chunk {{ background: {chunk}; border-radius: 2px }}"
        )
