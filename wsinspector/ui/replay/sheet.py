"""The sheet that asks what is replayed, where to, and how fast; what would leave is told beforehand."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.capture import CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.replaying import Pace, can_take
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.present.replay_told import foreseen_text
from wsinspector.present.replaying import Asked
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.address import understand
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet
from wsinspector.ui.replay.asking import How, Ready, make_plan, selected_numbers
from wsinspector.ui.sweep.choices import PLAIN
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.widgets.segmented import Segmented

WIDTH = 660  # px at zoom 1
LOOK_MS = 150
ALL, ROWS = range(2)
NEW, PRESENT = range(2)
RECORDED, DRAFT = range(2)
PACES = (Pace.ANSWERS, Pace.RECORDED, Pace.FIXED)


class ReplaySheet(Sheet):
    """``start_asked(page, Ready, How)``: whoever takes the Ready closes its reader."""

    start_asked = Signal(object, object, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._background = Background("replay plan", self)
        self._page: InspectPage | None = None
        self._attempt: Attempt | None = None
        self._rows: frozenset[int] = frozenset()
        self._ready: Ready | None = None
        self._asked = 0
        self._start_when_ready = False
        self.setAccessibleName(translate("Replay", "Replay"))
        self._build()
        self._lay_out()
        self._wire()

    def _build(self) -> None:
        self.title = RoleLabel(translate("Replay", "Replay"), "text", bold=True, size=1.2)
        self.source = RoleLabel("", "muted", wraps=True)
        self.what = _choice(
            translate("Replay", "What"),
            (
                (translate("Replay", "All of ours"), translate("Replay", "Every frame that this side sent")),
                (
                    translate("Replay", "Selected rows"),
                    translate("Replay", "Those of ours among the selected rows of the log"),
                ),
            ),
        )
        self.into = _choice(
            translate("Replay", "Connection"),
            (
                (
                    translate("Replay", "A new one"),
                    translate("Replay", "In a tab of its own, with the request that opened it"),
                ),
                (
                    translate("Replay", "The open one"),
                    translate("Replay", "On the connection of this tab, which stays open"),
                ),
            ),
        )
        self.address = QLineEdit()
        self.address.setAccessibleName(translate("Replay", "Address"))
        self.address.setToolTip(translate("Replay", "The same server, or another one"))
        self.request = _choice(
            translate("Replay", "Request"),
            (
                (
                    translate("Replay", "As recorded"),
                    translate("Replay", "The recorded request with fresh keys"),
                ),
                (
                    translate("Replay", "As the draft"),
                    translate("Replay", "The draft of this tab, such as one with another token"),
                ),
            ),
        )
        self.pace = _choice(
            translate("Replay", "Pace"),
            (
                (
                    translate("Replay", "After answers"),
                    translate("Replay", "Each frame once as many answers came as the first time"),
                ),
                (translate("Replay", "As recorded"), translate("Replay", "With the same time in between")),
                (
                    translate("Replay", "At once"),
                    translate("Replay", "As fast as possible, one behind the other"),
                ),
            ),
        )
        self.speed = QDoubleSpinBox()
        self.speed.setRange(0.01, 1000.0)
        self.speed.setDecimals(2)
        self.speed.setValue(1.0)
        self.speed.setPrefix("× ")
        self.speed.setStyleSheet(PLAIN)
        self.speed.setAccessibleName(translate("Replay", "How many times as fast"))
        self.speed.setToolTip(translate("Replay", "2 takes half the time, 0.5 takes twice as long"))
        self.within = QDoubleSpinBox()
        self.within.setRange(0.1, 3600.0)
        self.within.setDecimals(1)
        self.within.setValue(10.0)
        self.within.setSuffix(" s")
        self.within.setStyleSheet(PLAIN)
        self.within.setAccessibleName(translate("Replay", "Seconds to wait for an answer"))
        self.within.setToolTip(translate("Replay", "How long an answer may take that came the first time"))
        self.masks = Check(translate("Replay", "Masking keys as recorded"))
        self.masks.setToolTip(translate("Replay", "Else each frame has a fresh one, as RFC 6455 §5.3 asks"))
        self.credentials = Check(translate("Replay", "Send secrets of the request there too"))
        self.credentials.setToolTip(
            translate("Replay", "Authorization, cookies and tokens; else they are left out of the request")
        )
        self.foreseen = RoleLabel("", "text", wraps=True)
        self.notes = RoleLabel("", "note", wraps=True, size=0.95)
        self.wrong = RoleLabel("", "fault", wraps=True)
        self.cancel = QPushButton(translate("Replay", "Cancel"))
        self.cancel.setToolTip(translate("Replay", "Put this away (Escape); nothing is sent"))
        self.go = QPushButton(translate("Replay", "Replay"))
        self.go.setProperty("kind", "primary")
        self.go.setToolTip(translate("Replay", "Send, and compare the answers (Return)"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(theme.GAP)
        column.addWidget(self.title)
        column.addWidget(self.source)
        column.addSpacing(theme.SPACE)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnStretch(1, 1)
        self._names: list[RoleLabel] = []
        pace = _beside(self.pace, self.speed)
        for row, (name, field) in enumerate(
            (
                (translate("Replay", "What"), _beside(self.what)),
                (translate("Replay", "Connection"), _beside(self.into)),
                (translate("Replay", "Address"), self.address),
                (translate("Replay", "Request"), _beside(self.request)),
                (translate("Replay", "Pace"), pace),
                (translate("Replay", "Wait"), _beside(self.within)),
            )
        ):
            label = RoleLabel(name, "muted")
            self._names.append(label)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        column.addLayout(grid)
        column.addWidget(self.masks)
        column.addWidget(self.credentials)
        column.addSpacing(theme.SPACE)
        for label in (self.foreseen, self.notes, self.wrong):
            column.addWidget(label)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.cancel)
        last.addWidget(self.go)
        column.addLayout(last)

    def _wire(self) -> None:
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_MS)
        self._soon.timeout.connect(self._plan)
        for choice in (self.what, self.into, self.request):
            choice.picked.connect(lambda at, choice=choice: self._pick(choice, at))
        self.pace.picked.connect(self._pick_pace)
        self.masks.toggled.connect(self._changed)
        self.credentials.toggled.connect(self._changed)
        self.address.textEdited.connect(self._changed)
        self.address.returnPressed.connect(self.start)
        self.go.clicked.connect(self.start)
        self.cancel.clicked.connect(self.leave)
        theme.watcher().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        for label in self._names:
            label.setMinimumWidth(label.sizeHint().width())
        for box in (self.speed, self.within):
            box.setFont(theme.ui_font())
            box.lineEdit().setTextMargins(theme.SPACE, 0, 0, 0)
            box.setFixedWidth(round(90 * theme.zoom()))

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * theme.zoom()), super().sizeHint().height())

    # -- showing

    def show_page(self, page: InspectPage, *, rows: bool) -> bool:
        """Offer what ``page`` has sent; ``rows``: what is selected first. False where it sent nothing."""
        tab = page.tab
        attempt = tab.conversation.attempt(tab.picked or len(tab.conversation.attempts))
        if attempt is None or tab.conversation.reader() is None:
            return False
        self._page, self._attempt = page, attempt
        self._rows = selected_numbers(page) if tab.picked == attempt.number else frozenset()
        snapshot = attempt.snapshot
        text = translate("Replay", "Attempt {number} of {address}: sent again, and its answers compared.")
        self.source.set_text(
            text.format(number=count(attempt.number), address=visible(masked_address(snapshot.url)))
        )
        self.what.segments[ROWS].setEnabled(bool(self._rows))
        self.what.set_current(ROWS if rows and self._rows else ALL)
        current = tab.conversation.current
        takes = current is not None and can_take(current) and not tab.conversation.read_only
        self.into.segments[PRESENT].setEnabled(takes)
        self.into.set_current(NEW)
        self.request.set_current(RECORDED)
        self.credentials.setChecked(False)
        self.address.setText(snapshot.url)
        self.address.setCursorPosition(0)
        self._show_choices()
        self._changed()
        self.appear()
        self.what.segments[self.what.current()].setFocus()
        return True

    def leave(self) -> None:
        """Put it away; nothing is sent."""
        super().leave()
        self._drop()

    def gone(self, page: InspectPage) -> None:
        """The tab of ``page`` is closed."""
        if page is self._page:
            self.leave()
            self._page = self._attempt = None

    def stop(self) -> None:
        """The window is about to go."""
        self._soon.stop()
        self._background.stop()
        self._drop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.focusWidget() is None:
            self.start()
            return
        super().keyPressEvent(event)

    # -- what is chosen

    def _pick(self, choice: Segmented, at: int) -> None:
        choice.set_current(at)
        self._show_choices()
        self._changed()

    def _pick_pace(self, at: int) -> None:
        self.pace.set_current(at)
        self._show_choices()

    def _show_choices(self) -> None:
        new = self.into.current() == NEW
        self.address.setEnabled(new)
        self.request.setEnabled(new)
        self.speed.setEnabled(PACES[self.pace.current()] is Pace.RECORDED)
        self.credentials.setEnabled(new and self._elsewhere() and self.request.current() == RECORDED)

    def _elsewhere(self) -> bool:
        attempt = self._attempt
        if attempt is None:
            return False
        there, here = understand(self.address.text().strip()), understand(attempt.snapshot.url)
        return (there.scheme, there.host.lower(), there.port) != (here.scheme, here.host.lower(), here.port)

    def _changed(self, *_: object) -> None:
        self._drop()
        self._show_choices()
        self._say(translate("Replay", "Reading what was sent…"), "muted")
        self._soon.start()

    def _drop(self) -> None:
        """Forget what was planned for other choices."""
        self._asked += 1
        self._start_when_ready = False
        ready, self._ready = self._ready, None
        if ready is not None:
            ready.reader.close()

    def _asking(self, page: InspectPage, attempt: Attempt) -> Asked:
        new = self.into.current() == NEW
        text = self.address.text().strip()
        return Asked(
            self._rows if self.what.current() == ROWS else None,
            text if new and text != attempt.snapshot.url else "",
            self.credentials.isChecked(),
            not self.masks.isChecked(),
            page.tab.conversation.draft if new and self.request.current() == DRAFT else None,
        )

    def _plan(self) -> None:
        page, attempt = self._page, self._attempt
        reader = page.tab.conversation.reader() if page is not None else None
        if page is None or attempt is None or reader is None or not self.isVisible():
            return
        asked, number = self._asking(page, attempt), self._asked
        theirs: CaptureReader = reader
        stopping: Callable[[], bool] = lambda: self._background.stopping or self._asked != number  # noqa: E731

        def done(result: Any) -> None:
            self._planned(result, number)

        self._background.ask("plan", lambda: make_plan(theirs, attempt, asked, stopping), done)

    def _planned(self, result: Any, number: int) -> None:
        if number != self._asked or not self.isVisible():
            if isinstance(result, Ready):
                result.reader.close()
            return
        if not isinstance(result, Ready):
            self._start_when_ready = False
            self._say(str(result), "fault")
            return
        self._ready = result
        planned = result.planned
        self._say(foreseen_text(planned), "text", planned.notes)
        if self._start_when_ready:
            self.start()

    def _say(self, text: str, role: str, notes: tuple[str, ...] = ()) -> None:
        wrong = role == "fault"
        self.foreseen.set_role("muted" if role == "muted" else "text")
        self.foreseen.set_text("" if wrong else text)
        self.foreseen.setVisible(not wrong)
        self.wrong.set_text(f"✕ {text}" if wrong else "")
        self.wrong.setVisible(wrong)
        self.notes.set_text("\n".join(f"! {visible(note)}" for note in notes))
        self.notes.setVisible(bool(notes))
        self.go.setEnabled(not wrong)
        if self.isVisible():
            self.place()

    # -- starting

    def start(self) -> None:
        """Replay as it is chosen, once it is known what that is."""
        page, ready = self._page, self._ready
        if page is None or not self.go.isEnabled():
            return
        if ready is None:
            self._start_when_ready = True
            return
        into = page.tab.conversation.current if self.into.current() == PRESENT else None
        if self.into.current() == PRESENT and (into is None or not can_take(into)):
            self._say(translate("Replay", "The connection is not open any more."), "fault")
            return
        how = How(PACES[self.pace.current()], self.speed.value(), self.within.value(), into)
        self._ready = None
        self.leave()
        self.start_asked.emit(page, ready, how)


def _choice(name: str, segments: tuple[tuple[str, str], ...]) -> Segmented:
    made = Segmented([text for text, _ in segments])
    made.setAccessibleName(name)
    for at, (_, tip) in enumerate(segments):
        made.set_tip(at, tip)
    return made


def _beside(*widgets: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GAP)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return made
