"""The right pane: the log of the picked attempt, a frame's bits and payload, and the send bar."""

import dataclasses
import time
from array import array
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from wsinspector.capture.migrate import CaptureError
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.decoding import offers
from wsinspector.present.source import AttemptSource
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind, bind_inside
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.craft_desk import CraftDesk
from wsinspector.ui.inspect.detail_opening import DetailOpening
from wsinspector.ui.inspect.detail_pane import DetailPane
from wsinspector.ui.inspect.filter_desk import FilterDesk
from wsinspector.ui.inspect.filter_memory import FilterMemory
from wsinspector.ui.inspect.frame_sending import FrameSending
from wsinspector.ui.inspect.frame_tools import FrameTools
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_places import LogPlaces
from wsinspector.ui.inspect.log_view import LogView
from wsinspector.ui.inspect.log_words import copied_text, empty_text
from wsinspector.ui.inspect.log_work import copying, reaching, scripting
from wsinspector.ui.inspect.reading_bar import ReadingBar
from wsinspector.ui.inspect.readings import Readings
from wsinspector.ui.inspect.send_bar import SendBar
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.view_memory import ViewMemory
from wsinspector.ui.settings import Settings

TICK_BUDGET_NS = 6_000_000
SLOW_PAINT_NS = 8_000_000
MOST_REPORTED = 100
SAID_MS = 2000


class FramePane(QWidget):
    """Follows the attempt that is picked in ``tab_state``; the draft shows the live one's frames.

    Call :meth:`stop` before the conversation is closed: a thread of its own reads the capture.
    """

    filter_help_asked = Signal()

    def __init__(
        self, tab_state: TabState, parent: QWidget | None = None, settings: Settings | None = None
    ) -> None:
        super().__init__(parent)
        self._state = tab_state
        self._attempt: Attempt | None = None
        self._models: dict[tuple[int, str], LogModel] = {}
        self._model: LogModel | None = None
        self._ticks = 0
        self._inflating = False
        self._faults = -1
        self._copying = (0, 0)  # rows that are copied, and that were selected
        self._holding = QTimer(self)  # what was said of copying stays so long
        self._holding.setSingleShot(True)
        self._holding.setInterval(SAID_MS)
        self._holding.timeout.connect(self._say_count)
        self.background = Background("frame pane", self)
        self.readings = Readings(self.background)
        tab_state.reading = self.readings.shown
        self.tools = FrameTools(self)
        self.tools.filter.use(FilterMemory(settings))
        self.tools.filter.help_asked.connect(self.filter_help_asked)
        self.reading_bar = ReadingBar(self)
        self.view = LogView(self)
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self.detail = DetailPane(self.background, ViewMemory(settings), self.split)
        self.send_bar = SendBar(self)
        self.send_bar.variables = self._variables
        self.send_bar.compress.clicked.connect(self._compress)
        self.sending = FrameSending(self.send_bar, lambda: self._attempt)
        self.crafting = CraftDesk(
            self, settings, lambda: self._attempt, lambda: self._model, lambda: tab_state.conversation
        )
        self.split.setObjectName("frames_detail")
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.places = LogPlaces(
            self, self.view, self.detail, self.background, lambda: self._state.conversation
        )
        self.filtering = FilterDesk(self.tools, self.view, self.places, self.background)
        self.split.addWidget(self.places.area)
        self.split.addWidget(self.detail)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.detail.hide()
        self.opening = DetailOpening(self.view, self.detail, self.split, lambda: self._model)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.tools, self.reading_bar, _line(), self.split, _line(), self.send_bar):
            layout.addWidget(widget, 1 if widget is self.split else 0)
        self._wire()
        self._pick()

    def _wire(self) -> None:
        state = self._state
        state.picked_changed.connect(self._pick)
        state.attempts_changed.connect(self._pick)
        state.ticked.connect(self._look)
        self.filtering.changed.connect(self._say_rows)
        self.tools.follow_asked.connect(self.view.follow)
        self.tools.left.connect(self.view.table.setFocus)
        self.view.following_changed.connect(self._say_following)
        self.view.current_changed.connect(self.opening.row_changed)
        self.view.table.row_chosen.connect(self.opening.open)
        self.view.table.released.connect(self.opening.released)
        self.view.table.copy_asked.connect(self._copy)
        self.view.table.reading_asked.connect(self.reading_bar.open_menu)
        self.places.compare_asked.connect(self._compare)
        self.places.craft_asked.connect(self.crafting.show_number)
        self.send_bar.craft_asked.connect(self.crafting.show)
        self.send_bar.opened.connect(self.crafting.set_open)
        self.crafting.about_asked.connect(self.detail.bits.about_asked)
        self.reading_bar.asked.connect(self._read_as)
        self.reading_bar.looks = self._looks_as
        self.view.table.left.connect(self.opening.close)
        self.view.header.lanes_changed.connect(lambda: self.tools.set_narrow(self.view.header.narrow))
        bind("frames.send", self, self._send_pressed)
        bind_inside("detail.close", self.detail, self.opening.close)
        bind("frames.reading", self, self.reading_bar.open_menu)
        theme.watcher().changed.connect(self._restyle)

    def _compress(self, on: bool) -> None:
        state = self._state
        state.set_options(dataclasses.replace(state.conversation.options, compress=on))

    def _variables(self) -> dict[str, str] | None:
        conversation = self._state.conversation
        return conversation.variables if conversation.fills else None

    def stop(self) -> None:
        """End the thread that reads, so that the capture can be closed."""
        self.places.stop()
        self.crafting.stop()
        self.background.stop()
        self._model = None
        self._attempt = None
        self.view.set_model(None)

    # -- which attempt

    def _shown_attempt(self) -> Attempt | None:
        conversation = self._state.conversation
        if self._state.picked:
            return conversation.attempt(self._state.picked)
        # The draft has no frames of its own: what is live goes on being seen while it is edited.
        return conversation.current

    def _pick(self) -> None:
        attempt = self._shown_attempt()
        if self.background.stopping or (attempt is self._attempt and attempt is not None):
            return
        self._attempt = attempt
        self.sending.forget_due()
        self._set_model(None if attempt is None else self._models.get(self._key_of(attempt)))
        self._look()
        self._say_empty()

    def _set_model(self, model: LogModel | None) -> None:
        if model is self._model:
            return
        if self._model is not None:
            self.view.forget_model(self._model)
        self._model = model
        self.view.set_model(model)
        attempt = self._attempt
        dialect = "" if attempt is None else self.readings.dialect(attempt.number)
        self.places.set_model(model, None if attempt is None else (attempt.attempt_id, dialect))
        self._faults = -1
        self.filtering.set_model(model)
        if model is None:
            self.tools.show_faults(0)

    def _make_model(self, attempt: Attempt, snapshot: AttemptSnapshot) -> LogModel | None:
        reader = self._state.conversation.reader()
        if reader is None:
            return None
        decoded = self.readings.source(attempt.number)
        model = LogModel(
            decoded or AttemptSource(reader, attempt.attempt_id),
            self.tools.mode,
            self.tools.shown,
            self,
            agreed=snapshot.agreed if decoded is None else decoded.agreed,
            role=snapshot.role,
            composed=bool(snapshot.imported),
        )
        self._models[self._key_of(attempt)] = model
        return model

    def _key_of(self, attempt: Attempt) -> tuple[int, str]:
        return attempt.number, self.readings.dialect(attempt.number)

    def _read_as(self, dialect: str) -> None:
        """Read the attempt's frames as ``dialect``, or as agreed where it is empty."""
        attempt = self._attempt
        reader = self._state.conversation.reader()
        if attempt is None or reader is None:
            return
        try:
            if not self.readings.choose(attempt.snapshot, reader, dialect):
                self.tools.show_count(self.readings.trouble)
                return
        except CaptureError as error:
            self.tools.show_count(str(error))
            return
        self.detail.show_nothing()
        self.detail.hide()
        if self.readings.source(attempt.number) is not None:
            self._models.pop(self._key_of(attempt), None)  # of an earlier reading, not so far
        self._set_model(self._models.get(self._key_of(attempt)))
        self._look()
        self.view.table.setFocus()

    def _looks_as(self, snapshot: AttemptSnapshot) -> dict[str, str]:
        reader = self._state.conversation.reader()
        try:
            return {} if reader is None else {each.dialect: each.text for each in offers(reader, snapshot)}
        except CaptureError:
            return {}

    # -- thirty times a second

    def _look(self) -> None:
        attempt = self._attempt if self._attempt is not None else self._shown_attempt()
        if attempt is None or self.background.stopping:
            self.sending.show_state(None)
            self.reading_bar.show_reading(None, "")
            return
        published = attempt.snapshot
        self._ticks += 1
        self.sending.show_state(published)
        self.readings.go_on(published, self._look)
        snapshot = self.readings.shown(published)
        number = attempt.number
        note = self.readings.trouble or self.readings.note(number)
        share = self.readings.share(number)
        self.reading_bar.show_reading(published, self.readings.dialect(number), note, share)
        if snapshot.opened_at is None:
            self._say_empty()
            return
        if self._model is None:
            self._set_model(self._make_model(attempt, snapshot))
        if self._model is None or (self.view.table.paint_ns > SLOW_PAINT_NS and self._ticks % 3):
            return
        self._refresh(self._model, snapshot)

    def _refresh(self, model: LogModel, snapshot: AttemptSnapshot) -> None:
        before = model.snapshot
        if self.filtering.choice.building or (before is snapshot and not model.behind):
            self._go_on(model)
            return
        until = time.perf_counter_ns() + TICK_BUDGET_NS
        try:
            added = model.refresh(snapshot, budget=lambda: time.perf_counter_ns() < until)
        except CaptureError as error:
            self.tools.show_count(str(error))
            return
        self.view.arrived(added)
        faults = model.rows.index.faults + sum(1 for one in snapshot.pending if one.anomalies)
        if faults != self._faults:
            self._faults = faults
            self.tools.show_faults(faults)
        self._say_count()
        if before is None or (before.live, before.undecided) != (snapshot.live, snapshot.undecided):
            self._say_following()
            self._say_empty()
        self.sending.look_for_due(model, snapshot)
        self._go_on(model)
        self.detail.refresh_if_growing()
        row = self.view.table.currentIndex().row()
        if self.detail.isVisible() and row >= len(model.rows.keys) and not self._ticks % 6:
            self.opening.show_tail(model, row)

    def _go_on(self, model: LogModel) -> None:
        """Hand the next piece of background work out, where one waits."""
        if model.texts.wanted and not self._inflating:
            wanted = dict(model.texts.wanted)
            model.texts.wanted.clear()
            self._inflating = True
            self.background.ask("inflate", reaching(model, wanted), self._inflated)
        self.filtering.go_on()
        self.places.go_on()

    def _inflated(self, _result: Any) -> None:
        self._inflating = False
        if self._model is not None:
            self.view.table.viewport().update()

    # -- rows

    def _say_rows(self) -> None:
        self._say_count()
        self._say_empty()

    def _say_count(self) -> None:
        if not self._holding.isActive():
            self.filtering.say()

    def _say_following(self) -> None:
        model = self._model
        ended = model is not None and model.snapshot is not None and not model.snapshot.live
        self.tools.show_following(self.view.following, self.view.unseen, ended)
        self.tools.follow.setVisible(model is not None)

    def _say_empty(self) -> None:
        """What an empty log says: what would fill it."""
        table = self.view.table
        snapshot = self._attempt.snapshot if self._attempt is not None else None
        text = empty_text(
            snapshot,
            self.tools.filter.in_force,
            everything=self.tools.shown.everything,
            looking=self.filtering.looking,
        )
        if text != table.empty_text:
            table.empty_text = text
            table.viewport().update()

    # -- what is selected

    @property
    def model(self) -> LogModel | None:
        """The rows that are shown; None where nothing opened."""
        return self._model

    def selected_numbers(self) -> tuple[int, ...]:
        """Numbers of the frames behind the selected rows, at most a hundred."""
        model = self._model
        if model is None:
            return ()
        numbers: list[int] = []
        for row in self.view.table.selected_rows(MOST_REPORTED):
            numbers.extend(model.rows.frames_of(model.key_at(row)))
            if len(numbers) >= MOST_REPORTED:
                break
        return tuple(numbers[:MOST_REPORTED])

    def _compare(self, left: "array[int]", right: "array[int]") -> None:
        """Compare two rows in the place of the detail."""
        if self._model is not None:
            self.opening.open()
            self.detail.show_comparison(self._model, left, right)

    def _send_pressed(self) -> None:
        if not self.crafting.send():
            self.send_bar.send()

    # -- copying

    def _copy(self, kind: str) -> None:
        model = self._model
        if model is None:
            return
        rows: list[array[int]] = []
        for row in self.view.table.selected_rows():
            numbers = model.rows.frames_of(model.key_at(row))
            if numbers:
                rows.append(numbers)
        if not rows:
            return
        if kind == "script" and self._attempt is not None:
            work = scripting(model, rows, self._attempt.options)
        else:
            work = copying(model, rows, kind)
        self._copying = len(rows), self.view.table.selected_count()
        self.background.ask("copy", work, self._copied)

    def _copied(self, result: Any) -> None:
        if isinstance(result, str):
            QGuiApplication.clipboard().setText(result)
            said = copied_text(*self._copying)
        else:
            said = translate("Log", "not copied: {why}").format(why=result)
        self.tools.show_count(said)
        # While frames arrive the count would be back with the next of them.
        self._holding.start()

    # -- looks

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.crafting.hide()

    def _restyle(self) -> None:
        self.view.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tools.set_narrow(self.view.header.narrow)
        QTimer.singleShot(0, self, self.opening.resized)  # once the whole window has its size

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.view.restyle()


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setAutoFillBackground(True)
    line.setBackgroundRole(line.palette().ColorRole.Mid)
    return line
