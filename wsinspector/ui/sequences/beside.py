"""Puts sequences, saved messages and replays beside the log, in the place of the handshake, and back."""

from array import array
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.payload import COPY_LIMIT, read_payload
from wsinspector.present.sequence_making import Made, Row, sequence_of
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.opcodes import CLOSE
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.strip_bar import flat_button
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings
from wsinspector.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from wsinspector.ui.replay.view import ReplayView
    from wsinspector.ui.sequences.messages_view import MessagesView
    from wsinspector.ui.sequences.sequence_view import SequenceView

SEQUENCE, MESSAGES, REPLAY = range(3)
MOST_ROWS = 1000
"""Rows of the log that one sequence is made of."""

MOST_KEPT = 1 << 18
"""Characters of a sequence that are found again though it was not saved."""


class WorkbenchButton(QAbstractButton):
    """Three steps with marks; pressed while the panel is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("Workbench", "Sequences, saved messages and replay"))
        tell(
            self,
            translate(
                "Workbench",
                "Sequences ([key:sequences.show]), saved messages ([key:saved.show]) and replay, and back",
            ),
        )
        theme.watcher().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme.control_height() + theme.SPACE, theme.control_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "line"), 1))
        role = "selection" if self.isChecked() else "hover" if self.underMouse() else "raised"
        painter.setBrush(theme.color(role))
        painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text" if self.isChecked() else "muted"))
        wide, step = box.height() * 0.5, box.height() * 0.2
        left = box.center().x() - wide / 2
        for at in range(3):
            top = box.center().y() + (at - 1) * step
            painter.drawEllipse(QRectF(left, top - 1.5, 3, 3))
            painter.drawRect(QRectF(left + 6, top - 1, wide - 6, 2))


class Workbench(QWidget):
    """Sequence, saved messages and replay, one at a time."""

    closed = Signal()

    def __init__(self, sequence: "SequenceView", messages: "MessagesView", replay: "ReplayView") -> None:
        super().__init__()
        self.sequence = sequence
        self.messages = messages
        self.replay = replay
        self.setAccessibleName(translate("Workbench", "Sequences, saved messages and replay"))
        self.which = Segmented(
            [
                translate("Workbench", "Sequence"),
                translate("Workbench", "Saved messages"),
                translate("Workbench", "Replay"),
            ]
        )
        self.which.setAccessibleName(translate("Workbench", "Sequence, saved messages or replay"))
        self.which.set_tip(0, translate("Workbench", "A list of steps that is run ([key:sequences.show])"))
        self.which.set_tip(1, translate("Workbench", "Messages kept to be sent again ([key:saved.show])"))
        self.which.set_tip(2, translate("Workbench", "What was sent, sent again, and the answers compared"))
        self.cross = flat_button("✕", translate("Workbench", "Back to the handshake (Escape)"))
        self.pages = QStackedWidget()
        self.pages.addWidget(sequence)
        self.pages.addWidget(messages)
        self.pages.addWidget(replay)
        head = QHBoxLayout()
        head.setContentsMargins(theme.MARGIN, theme.GAP, theme.GAP, 0)
        head.addWidget(self.which)
        head.addStretch(1)
        head.addWidget(self.cross)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)
        self.which.picked.connect(self.show_page)
        self.cross.clicked.connect(self.closed)
        sequence.left.connect(self.closed)
        messages.left.connect(self.closed)
        replay.left.connect(self.closed)

    def show_page(self, page: int) -> None:
        self.which.set_current(page)
        self.pages.setCurrentIndex(page)
        if page == MESSAGES:
            self.messages.load()

    def focus_first(self) -> None:
        (self.sequence, self.messages, self.replay)[self.pages.currentIndex()].focus_first()


class Beside(QObject):
    """The workbench of one page; made when it is first asked for. ``shown_changed``: it came or went."""

    said = Signal(str)
    shown_changed = Signal()
    log_wanted = Signal()  # a step's frame is to be seen
    replay_asked = Signal()
    first_asked = Signal(object, int)  # where the first time of a replay is, and a frame of it

    def __init__(
        self,
        tab: TabState,
        frames: FramePane,
        splitter: QSplitter,
        handshake: QWidget,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(frames)
        self._settings = settings
        self._tab = tab
        self._frames = frames
        self._splitter = splitter
        self._handshake = handshake
        self._stack: QStackedWidget | None = None
        self.panel: Workbench | None = None
        self.lab: Callable[[], str] = lambda: ""
        self.button = WorkbenchButton()
        self.button.clicked.connect(lambda on: self.show(SEQUENCE) if on else self.leave())
        frames.tools.place_last(self.button)
        frames.places.sequence_asked.connect(self.make_of_rows)

    @property
    def left(self) -> QWidget:
        """What stands in the place of the handshake."""
        return self._handshake if self._stack is None else self._stack

    @property
    def shown(self) -> bool:
        return self._stack is not None and self._stack.currentIndex() == 1

    def show(self, page: int | None = None) -> None:
        """Show the panel at ``page``, where it was for None; the focus goes there."""
        panel = self.made()
        assert self._stack is not None
        if page is not None:
            panel.show_page(page)
        self._stack.setCurrentIndex(1)
        self._stack.show()
        self.button.setChecked(True)
        self.shown_changed.emit()
        panel.focus_first()

    def toggle(self, page: int) -> None:
        """Show ``page``; the handshake again where it is shown already."""
        if self.shown and self.panel is not None and self.panel.pages.currentIndex() == page:
            self.leave()
        else:
            self.show(page)

    def leave(self) -> None:
        """The handshake again."""
        self.button.setChecked(False)
        self._keep_last()
        if self._stack is not None:
            self._stack.setCurrentIndex(0)
            self.shown_changed.emit()
        self._frames.view.table.setFocus()

    def made(self) -> Workbench:
        if self.panel is None:
            from wsinspector.ui.replay.view import ReplayView
            from wsinspector.ui.sequences.messages_view import MessagesView
            from wsinspector.ui.sequences.sequence_view import SequenceView

            frames = self._frames
            sequence = SequenceView(self._tab, frames.background)
            sequence.lab = lambda: self.lab()
            messages = MessagesView(self._tab, frames.background)
            replay = ReplayView(self._tab, frames.background)
            replay.frame_asked.connect(self.go_to)
            replay.first_asked.connect(self.first_asked)
            replay.again_asked.connect(self.replay_asked)
            self.panel = Workbench(sequence, messages, replay)
            sizes = self._splitter.sizes()
            stack = self._stack = QStackedWidget()
            self._splitter.replaceWidget(0, stack)
            stack.addWidget(self._handshake)
            stack.addWidget(self.panel)
            self._handshake.show()
            stack.show()
            self._splitter.setStretchFactor(0, 38)
            self._splitter.setSizes(sizes)
            self.panel.closed.connect(self.leave)
            sequence.frame_asked.connect(self.go_to)
            sequence.said.connect(self.said)
            sequence.from_rows_asked.connect(self.make_of_rows)
            messages.said.connect(self.said)
            bar = frames.send_bar
            messages.held = lambda: (bar.kind, bar.edit.typed(), bar.code.currentText())
            messages.send_asked.connect(bar.send_asked)
            messages.edit_asked.connect(self.into_bar)
            self._take_last(sequence)
        return self.panel

    def _take_last(self, sequence: "SequenceView") -> None:
        """Go on with what was last worked on, saved or not."""
        text, path = self._settings.sequence if self._settings is not None else ("", "")
        if text.strip():
            sequence.take_again(text, Path(path) if path else None)

    def _keep_last(self) -> None:
        if self._settings is None or self.panel is None:
            return
        text, path = self.panel.sequence.kept
        if len(text) <= MOST_KEPT and (text, path) != self._settings.sequence:
            self._settings.sequence = (text, path)

    def look_again(self) -> None:
        """Variables are others."""
        if self.panel is not None:
            self.panel.sequence.look_again()
            self.panel.messages.look_again()

    def stop(self) -> None:
        """The conversation is about to be closed."""
        if self.panel is not None:
            self.panel.sequence.stop()
            self.panel.replay.stop()
            self._keep_last()

    # -- to and from the log

    def go_to(self, attempt: int, frame: int) -> None:
        """Show a frame in the log, such as a step's."""
        if self._tab.picked != attempt:
            self._tab.pick(attempt)
        if frame:
            self.log_wanted.emit()
            self._frames.places.go_to(frame)

    def open_sequence(self, path: Path, *, example: bool = False) -> None:
        """Show the sequences, and read ``path`` there."""
        self.show(SEQUENCE)
        self.made().sequence.file.open(path, example=example)

    def into_bar(self, kind: Any, text: str, code: str) -> None:
        """Put a message into the send bar, to be changed and sent."""
        bar = self._frames.send_bar
        bar.set_kind(kind)
        bar.edit.setPlainText(text)
        if code:
            bar.code.setEditText(code)
        bar.edit.setFocus()

    def make_of_rows(self) -> None:
        """Begin a sequence with the selected rows of the log, all of them where fewer than two are."""
        model = self._frames.model
        if model is None:
            self.said.emit(
                translate("Workbench", "The log is empty: there is nothing to make a sequence of.")
            )
            return
        selected = self._frames.view.table.selected_rows(MOST_ROWS)
        rows = selected if len(selected) > 1 else list(range(min(len(model.rows.keys), MOST_ROWS)))
        numbers = [model.rows.frames_of(model.key_at(row)) for row in rows]
        numbers = [each for each in numbers if each]
        self._frames.background.ask("make a sequence", lambda: _made_of(model, numbers), self._take_made)

    def _take_made(self, result: Any) -> None:
        if not isinstance(result, Made):
            self.said.emit(str(result))
            return
        from wsinspector.conversation.sequences.writing import sequence_text

        if not result.sequence.steps:
            self.said.emit(translate("Workbench", "None of these rows can be a step of a sequence."))
            return
        self.show(SEQUENCE)
        assert self.panel is not None
        self.panel.sequence.set_text(sequence_text(result.sequence), edit=True)
        steps = len(result.sequence.steps)
        text = translate("Workbench", "A sequence of %n step(s); nothing of it was sent.", "", steps)
        self.said.emit(" ".join((text, *result.notes[:2])))


def _made_of(model: LogModel, rows: "list[array[int]]") -> Made:
    """Read the rows; off the window's thread."""
    reading = model.reading
    found: list[Row] = []
    for numbers in rows:
        facts = reading.facts(numbers[0])
        if facts is None:
            continue
        members = numbers if facts.opcode in (1, 2) else numbers[:1]
        payload = read_payload(reading, model.inflation, members, COPY_LIMIT)
        data = payload.data if payload is not None else b""
        code = reading.framing.close_code(data, agreed=reading.agreed) if facts.opcode == CLOSE else None
        reason = data[2:].decode("utf-8", "replace") if code is not None else ""
        whole = payload is not None and not payload.left_out
        found.append(Row(bool(facts.flags & FLAG_OUT), facts.opcode, data, code, reason, whole))
    return sequence_of(found)
