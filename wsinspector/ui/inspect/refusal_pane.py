"""The right pane when nothing opened: what the body says, what happened when, and what can be done now."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from wsinspector.capture.migrate import CaptureError
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.present.jsontext import looks_like_json
from wsinspector.present.nextsteps import NextStep, next_steps
from wsinspector.present.payload import Payload, View, content_of, size_text
from wsinspector.present.plain import mostly_readable, visible
from wsinspector.present.refused import where_lost
from wsinspector.present.sequence import sequence_of
from wsinspector.present.served_texts import body_note, steps_after_client
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.protocol.spans import Direction, Role
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import fill, tell
from wsinspector.ui.inspect.hex_view import HexView
from wsinspector.ui.inspect.lost_box import LostBox
from wsinspector.ui.inspect.retrying import retry_with
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.sequence_view import SequenceView
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.text_view import TextView
from wsinspector.ui.tips import plain_tip
from wsinspector.ui.widgets.segmented import Segmented

VIEWS = (View.TEXT, View.JSON, View.HEX)
MOST_LINES = 16
OPCODE_TEXT = 0x1
RAW_TRIES = 20
RAW_WAIT_MS = 30
_MOST_FITTED = 8192  # characters measured: they fill more than MOST_LINES


class RefusalPane(QWidget):
    """Shows an attempt that did not open; what it offers acts on the draft and connects."""

    options_asked = Signal()
    about_asked = Signal(str)  # a dialect's name
    sweep_asked = Signal(str)  # an address
    lab_asked = Signal()

    def __init__(self, tab_state: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = tab_state
        self._shown: tuple[int, int] | None = None
        self._chosen = False  # the view was picked by hand
        self._whole = False  # every byte that came is shown, not the body alone
        self._payload: Payload | None = None
        self._steps: tuple[NextStep, ...] = ()
        self._snapshot: AttemptSnapshot | None = None
        self.title = RoleLabel(translate("Refusal", "Body"), "text", bold=True)
        self.note = RoleLabel("", "muted")
        self.views = Segmented(
            [translate("Refusal", "Text"), translate("Refusal", "JSON"), translate("Refusal", "Hex")]
        )
        self.views.setAccessibleName(translate("Refusal", "How the body is shown"))
        for at, tip in enumerate(
            (
                translate("Refusal", "As it came, as plain text; never rendered"),
                translate("Refusal", "Checked and laid out"),
                translate("Refusal", "Byte by byte"),
            )
        ):
            self.views.set_tip(at, tip)
        self.text = TextView()
        self.text.setAccessibleName(translate("Refusal", "Body of the answer"))
        self.hex = HexView()
        self.hex.fit_to_lines(MOST_LINES)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.text)
        self._stack.addWidget(self.hex)
        self._fault = RoleLabel("", "note", wraps=True)
        self._box = QFrame()
        self._box.setObjectName("body_box")
        box = QVBoxLayout(self._box)
        box.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        box.addWidget(self._stack)
        self.lost = LostBox()
        self.sequence = SequenceView()
        self._next_title = RoleLabel(translate("Refusal", "Next"), "text", bold=True)
        self._next = QVBoxLayout()
        self._next.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        head.addWidget(self.views)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.MARGIN)
        layout.setSpacing(theme.GAP)
        layout.addLayout(head)
        layout.addWidget(self._box)
        layout.addWidget(self._fault)
        layout.addSpacing(theme.GAP)
        layout.addWidget(self.lost)
        layout.addWidget(RoleLabel(translate("Refusal", "What happened"), "text", bold=True))
        layout.addWidget(self.sequence)
        layout.addSpacing(theme.GAP)
        layout.addWidget(self._next_title)
        layout.addLayout(self._next)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setAccessibleName(translate("Refusal", "The answer, and what may follow"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.views.picked.connect(self._choose)
        theme.watcher().changed.connect(self._restyle)
        tab_state.snapshot_changed.connect(self.show_attempt)
        tab_state.picked_changed.connect(self._pick)
        self._restyle()
        self._pick()

    def _pick(self) -> None:
        snapshot = self._state.snapshot
        if snapshot is not None:
            self.show_attempt(snapshot)

    def _restyle(self) -> None:
        field, radius = theme.color("field").name(), theme.RADIUS
        self._box.setStyleSheet(f"#body_box {{ background: {field}; border-radius: {radius}px; }}")
        self.text.restyle()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- what is shown

    def show_attempt(self, snapshot: AttemptSnapshot) -> None:
        """Show ``snapshot``; the same one again costs nothing."""
        key = (snapshot.number, snapshot.serial)
        if key == self._shown or snapshot.opened_at is not None:
            return
        fresh = self._shown is None or self._shown[0] != snapshot.number
        self._shown = key
        self._snapshot = snapshot
        self._whole = False
        self._chosen = self._chosen and not fresh
        response = snapshot.response
        body = response.body if response is not None else b""
        before = self._payload
        self._payload = Payload(body, len(body), len(body), 1, OPCODE_TEXT)
        self.note.set_text(_note(snapshot, response))
        json = looks_like_json(body)
        self.views.segments[1].setVisible(json)
        self.views.setVisible(bool(body))
        self.title.set_text(
            translate("Refusal", "Body") if response is not None else translate("Refusal", "No answer")
        )
        if fresh or before is None or before.data != body:
            view = VIEWS[self.views.current()]
            if fresh or not self._chosen or (view is View.JSON and not json):
                view = View.JSON if json else View.TEXT if mostly_readable(body) else View.HEX
            self._show_body(view)
        ours = not snapshot.undecided and snapshot.role is Role.CLIENT
        self.lost.show_lost(where_lost(snapshot) if ours else None)
        self.sequence.set_sequence(sequence_of(snapshot))
        self._offer(self._steps_now())

    def _choose(self, at: int) -> None:
        self._chosen = True
        self._show_body(VIEWS[at])

    def _show_body(self, view: View) -> None:
        payload = self._payload
        if payload is None:
            return
        self.views.set_current(VIEWS.index(view))
        self._box.setVisible(bool(payload.data))
        content = content_of(payload, view)
        self._fault.set_text(content.fault)
        self._fault.setVisible(bool(content.fault))
        if view is View.HEX:
            self.hex.set_bytes(payload.data)
            self._stack.setCurrentWidget(self.hex)
        else:
            self.text.set_content(content)
            self._stack.setCurrentWidget(self.text)
        self._fit()

    def _fit(self) -> None:
        """As high as the body, up to a number of lines: what happened stays in sight."""
        if self._stack.currentWidget() is self.hex:
            self._stack.setFixedHeight(self.hex.sizeHint().height())
            return
        lines = min(max(self.text.document().blockCount(), 1), MOST_LINES)
        advance = QFontMetricsF(theme.mono_font()).horizontalAdvance("0")
        # The pane's own width: that of the text is not known before it is first shown.
        columns = max(20, int((self.width() - 4 * theme.MARGIN) / advance))
        wraps = sum(
            -(-max(len(line), 1) // columns) for line in self.text.toPlainText()[:_MOST_FITTED].split("\n")
        )
        lines = min(max(lines, wraps), MOST_LINES)
        height = QFontMetricsF(theme.mono_font()).lineSpacing() * lines
        margins = 2 * self.text.document().documentMargin()
        self._stack.setFixedHeight(round(height + margins + 4))

    # -- what can be done

    def _steps_now(self) -> tuple[NextStep, ...]:
        snapshot = self._snapshot
        if snapshot is None:
            return ()
        if snapshot.role is Role.SERVER:
            steps = steps_after_client(snapshot)
        else:
            steps = next_steps(snapshot, self._state.conversation.options, snapshot.bytes_in)
        if not self._whole:
            return steps
        back = translate("Refusal", "Show the body alone")
        return tuple(replace(step, text=back, tip="") if step.kind == "raw" else step for step in steps)

    def _offer(self, steps: tuple[NextStep, ...]) -> None:
        if steps == self._steps:
            return
        self._steps = steps
        while (item := self._next.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._next_title.setVisible(bool(steps))
        for step in steps:
            link = QPushButton(step.text.replace("&", "&&"))
            link.setProperty("kind", "link")
            link.setCursor(Qt.CursorShape.PointingHandCursor)
            tell(link, plain_tip(step.tip))
            link.setAccessibleDescription(fill(step.tip))
            link.clicked.connect(lambda _checked=False, wanted=step: self.take(wanted))
            self._next.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def take(self, step: NextStep) -> None:
        """Do what a line under Next says."""
        actions: dict[str, Callable[[str], object]] = {
            "retry": self._retry,
            "follow": self._follow,
            "trust": self._trust,
            "wait": self._wait,
            "direct": self._direct,
            "mirror": lambda _value: self.lab_asked.emit(),
            "without": self._without,
            "sweep": self.sweep_asked.emit,
            "about": self._about,
            "again": lambda _value: self._state.connect_now(),
            "draft": lambda _value: self._state.use_as_draft(self._state.picked),
            "raw": self._show_raw,
        }
        actions[step.kind](step.value)

    def _retry(self, version: str) -> None:
        retry_with(self._state, version)

    def _direct(self, _value: str) -> None:
        self.options_asked.emit()

    def _about(self, dialect: str) -> None:
        self.about_asked.emit(dialect)

    def _without(self, name: str) -> None:
        """Switch the lines ``name`` off and connect."""
        draft = self._state.draft
        for row in draft.named(name.encode("ascii")):
            draft = draft.with_line(row, replace(draft.lines[row], enabled=False))
        self._state.edit(draft)
        self._state.connect_now()

    def _follow(self, where: str) -> None:
        self._state.set_address(where)
        self._state.pick(0)

    def _trust(self, _value: str) -> None:
        self._change(verify=False)
        self._state.connect_now()

    def _wait(self, seconds: str) -> None:
        self._change(timeout=float(seconds))
        self._state.connect_now()

    def _change(self, *, verify: bool | None = None, timeout: float | None = None) -> None:
        options = self._state.conversation.options
        if verify is not None:
            options = replace(options, verify=verify)
        if timeout is not None:
            options = replace(options, timeout=timeout)
        self._state.set_options(options)

    def _show_raw(self, _value: str) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        if self._whole:
            self._shown = None
            self.show_attempt(snapshot)
            return
        self._look_for_raw(snapshot.attempt_id, RAW_TRIES)

    def _look_for_raw(self, attempt_id: int, tries: int) -> None:
        """Show every byte once all are in the capture; what there is, where no more is on its way."""
        snapshot, conversation = self._snapshot, self._state.conversation
        reader = conversation.reader()
        if snapshot is None or reader is None or snapshot.attempt_id != attempt_id or self._whole:
            return
        waits = conversation.being_written  # asked before: what is written from here on is not seen
        source = AttemptSource(reader, snapshot.attempt_id)
        wanted = min(snapshot.bytes_in, 1 << 20)
        try:
            length = source.stream_length(Direction.IN)
            if length < wanted and (waits or tries):
                if not tries:
                    late = translate("Refusal", "The last bytes are on their way into the capture.")
                    self.note.set_text(late)
                left = max(tries - 1, 0)
                QTimer.singleShot(RAW_WAIT_MS, self, lambda: self._look_for_raw(attempt_id, left))
                return
            data = source.stream(Direction.IN, 0, min(length, 1 << 20))
        except CaptureError as error:
            self.note.set_text(str(error))
            return
        self._whole = True
        self._offer(self._steps_now())
        self._payload = Payload(data, len(data), len(data), 1, OPCODE_TEXT)
        self.title.set_text(translate("Refusal", "Every byte that came"))
        self.note.set_text(size_text(len(data)))
        self.views.setVisible(True)
        self._show_body(View.HEX)


def _note(snapshot: AttemptSnapshot, response: Response | None) -> str:
    """Size and type of the body and what is odd about it; or why there is none."""
    if response is None:
        if snapshot.role is Role.SERVER:
            return body_note(snapshot)
        if snapshot.network_error:
            return snapshot.network_error
        if snapshot.phase is not Phase.ENDED:
            return translate("Refusal", "nothing has come yet")
        return translate("Refusal", "not one byte came")
    codes = {seen.code for seen in response.anomalies}
    if HttpAnomaly.NOT_HTTP in codes:
        return translate("Refusal", "{size}, no HTTP").format(size=size_text(len(response.body)))
    if not response.head.complete:
        return translate("Refusal", "the head itself is not whole")
    parts = [size_text(len(response.body))]
    types = response.head.values(b"Content-Type")
    if types:
        parts.append(visible(types[0].decode("latin-1")).partition(";")[0])
    if response.announced is not None and response.announced != len(response.body):
        text = translate("Refusal", "{size} announced")
        parts.append(text.format(size=size_text(response.announced)))
    if HttpAnomaly.BODY_LIMIT in codes:
        parts.append(translate("Refusal", "the rest was not read"))
    elif not response.complete and snapshot.phase is not Phase.ENDED:
        parts.append(translate("Refusal", "still arriving"))
    return ", ".join(parts)
