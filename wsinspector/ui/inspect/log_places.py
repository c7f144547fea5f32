"""Places in the log: marks, pinned pairs, what is looked for, where to go, and from where rows show."""

from array import array
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from wsinspector.conversation.conversation import Conversation
from wsinspector.present.frames import FrameFacts
from wsinspector.present.jumping import Around, NoPlace, ToNumber, frame_at, place_of
from wsinspector.present.numbers import count
from wsinspector.present.pairs import Pair, Pins
from wsinspector.present.rows import Mode, sub_of
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import bind
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.detail_pane import DetailPane
from wsinspector.ui.inspect.log_area import LogArea
from wsinspector.ui.inspect.log_finding import Finding
from wsinspector.ui.inspect.log_marks import Marking
from wsinspector.ui.inspect.log_menu import ANYWHERE, add_deeds
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_view import LogView

Reading = tuple[int, str]  # attempt id, dialect where it is not the agreed one


class LogPlaces(QObject):
    """Carries out the deeds of ``log_menu`` for one pane; ``area`` is what the pane shows."""

    compare_asked = Signal(object, object)  # the frames of one row, and of the other
    craft_asked = Signal(int)  # the number of a frame
    sequence_asked = Signal()  # of the selected rows
    replay_asked = Signal()  # of the selected rows
    rows_asked = Signal()  # from here on, or from the start again: choose the rows anew

    def __init__(
        self,
        pane: QWidget,
        view: LogView,
        detail: DetailPane,
        background: Background,
        conversation: Callable[[], Conversation],
    ) -> None:
        super().__init__(pane)
        self._view = view
        self._detail = detail
        self._background = background
        self._model: LogModel | None = None
        self._reading: Reading | None = None
        self._pins: dict[Reading, Pins] = {}
        self._first: dict[Reading, int] = {}
        self._hidden_said = ""
        self.why_hidden: Callable[[int], str] = lambda _number: ""
        """Why a frame has no row; empty where that is not known."""
        self.marking = Marking(background, conversation)
        self.area = LogArea(view, self.marking.bar, self.marking.list)
        self.finding = Finding(self.area.seek, view, background, lambda: self._model)
        self._wire(pane)

    def _wire(self, pane: QWidget) -> None:
        table, area, box = self._view.table, self.area, self._detail.mark
        table.asked.connect(self.act)
        table.can = self.can
        table.delegate.is_hit = self.finding.is_hit
        table.put_away = area.put_away
        self.finding.lit_changed.connect(self._detail.payload.set_find)
        self.marking.changed.connect(self._marks_changed)
        self.marking.focus_wanted.connect(table.setFocus)
        self.marking.list.chosen.connect(self._to_mark)
        area.jump.entered.connect(self._jump)
        area.jump.left.connect(table.setFocus)
        area.hidden_above.shown_again.connect(lambda: self.act("from-start"))
        area.pairs.go_to.connect(self._to_mark)
        area.pairs.let_go.connect(self._let_go)
        self._view.current_changed.connect(self.show_row)
        box.named.connect(self.marking.set_name)
        box.noted.connect(self.marking.set_note)
        box.taken_off.connect(self.marking.take_off)
        box.left.connect(table.setFocus)
        self._detail.answer.pin.clicked.connect(lambda: self.act("pin-answer"))
        self._detail.answer.go.clicked.connect(self._to_answer)
        self._detail.part.go_to.connect(self._to_mark)
        for name in (*ANYWHERE, "find-next", "find-previous"):
            bind(f"log.{name}", pane, partial(self.act, name), can=partial(self.can, name))

    # -- what the pane tells

    @property
    def first(self) -> int:
        """Number of the first frame that shows."""
        return self.first_in(self._model.rows.mode) if self._model is not None else 1

    def first_in(self, mode: Mode) -> int:
        """Number of the first frame that shows in ``mode``."""
        model, reading = self._model, self._reading
        if model is None or reading is None:
            return 1
        first = self._first.get(reading, 1)
        if 1 < first <= len(model.rows.index) and mode is Mode.MESSAGES:
            # A run of pings that began before is one row, and is shown whole.
            return min(first, model.rows.index.head_of(first))
        return first

    def set_model(self, model: LogModel | None, reading: Reading | None) -> None:
        """Another attempt, or another reading of it."""
        self._model, self._reading = model, reading
        attempt_id, dialect = reading if reading is not None else (None, "")
        marks = self.marking.set_attempt(attempt_id if model is not None else None, dialect)
        if model is not None and reading is not None:
            model.rowsInserted.connect(self._look_for_answer)
            model.dataChanged.connect(self._look_for_answer)
            model.set_places(marks, self._pins.setdefault(reading, Pins()))
            self.area.pairs.show_pins(self._pins[reading])
        else:
            self.area.pairs.show_pins(Pins())
        self.area.hidden_above.show_first(self.first)
        self.finding.set_model()

    def rows_chosen(self) -> None:
        """Other rows are asked for: why a frame had none is true no more."""
        if self._hidden_said and self.area.jump.said.full_text() == self._hidden_said:
            self.area.jump.say("")
        self._hidden_said = ""

    def go_on(self) -> None:
        """Frames came, or rows were chosen anew."""
        self.finding.go_on()

    def stop(self) -> None:
        """Keep what was typed and not told yet."""
        self._detail.mark.tell()
        self.marking.stop()

    # -- deeds

    def can(self, name: str) -> bool:
        """Whether deed ``name`` is of use now."""
        if name in ("next-mark", "previous-mark"):
            return bool(len(self.marking.marks))
        if name == "from-start":
            return self.first > 1
        if name == "pin-answer":
            return self._answer() is not None
        if name == "compare":
            return self._two() is not None
        if name in ("mark", "name", "pin", "craft", "from-here"):
            return bool(self.number())
        return self._model is not None

    def fill_menu(self, menu: QMenu) -> None:
        """Put what can be done in the log into ``menu``."""
        add_deeds(menu, self.act, on_frame=bool(self.number()), can=self.can)

    def act(self, name: str) -> None:
        """Carry out deed ``name`` on the current row."""
        number = self.number()
        match name:
            case "mark" if number:
                self.area.only(self.marking.bar)
                self.marking.toggle(number)
            case "name" if number:
                self.area.only(self.marking.bar)
                self.marking.ask_name(number)
            case "next-mark":
                self._to_mark(self.marking.marks.after(self._here()))
            case "previous-mark":
                self._to_mark(self.marking.marks.before(self._here()))
            case "marks" if not self.marking.list.isHidden():
                self.marking.list.leave()
            case "marks":
                self.area.only(self.marking.list)
                self.marking.list.appear(self._here())
            case "pin" if number:
                self._pin(number)
            case "pin-answer":
                self._pin_answer()
            case "compare":
                two = self._two()
                if two is not None:
                    self.compare_asked.emit(*two)
            case "sequence":
                self.sequence_asked.emit()
            case "replay":
                self.replay_asked.emit()
            case "craft" if number:
                self.craft_asked.emit(number)
            case "from-here" if number:
                self._show_from(number)
            case "from-start":
                self._show_from(1)
            case "times":
                self._view.header.next_style()
            case "find":
                self.area.only(self.area.seek)
                self.finding.open()
            case "find-next" | "find-previous":
                self.finding.step(name == "find-previous")
            case "jump":
                self.area.only(self.area.jump)
                self.area.jump.say("")
                self.area.jump.appear()

    def number(self) -> int:
        """The frame of the current row; 0 where it is none."""
        model = self._model
        row = self._view.table.currentIndex().row()
        if model is None or not 0 <= row < model.rowCount():
            return 0
        return model.rows.frame_of(model.key_at(row)) or 0

    def _here(self) -> int:
        """The frame at which the current row stands; 0 where there is none."""
        model = self._model
        row = self._view.table.currentIndex().row()
        if model is None or not 0 <= row < model.rowCount():
            return 0
        return self.number() or model.number_at(row)

    def go_to(self, number: int | None) -> bool:
        """Make the row of frame ``number`` current, or the nearest where none shows it; False then."""
        model = self._model
        if model is None or number is None:
            return False
        row = model.row_showing(number)
        if row is not None:
            self._view.show_row(row)
            return True
        nearest = model.rows.nearest_frame(number)
        if nearest is not None:
            self._view.show_row(nearest)
        return False

    # -- marks

    def _to_mark(self, number: int | None) -> None:
        """To a frame that was marked or pinned, whose row may be hidden."""
        if number is not None and not self.go_to(number):
            self.area.jump.show()
            self._say_hidden(number)

    def _marks_changed(self) -> None:
        if self._model is not None:
            self._model.forget_texts()
        self.show_row()

    def show_row(self) -> None:
        """Tell of the current row's mark and of its answer in the detail."""
        number = self.number()
        marks = self.marking.marks
        self._detail.mark.show_mark(number, marks.get(number) if number else None, self.marking.trouble)
        self._detail.answer.show_answer(self._facts(number), self._answer())
        self._detail.part.show_part(self._part(number))

    # -- pairs

    def _look_for_answer(self) -> None:
        """Frames have come: one may answer the current row."""
        if self._detail.answer.waiting and self.sender() is self._model:
            self._detail.answer.show_answer(self._facts(self.number()), self._answer())

    def _facts(self, number: int) -> FrameFacts | None:
        return self._model.reading.facts(number) if self._model is not None and number else None

    def _answer(self) -> FrameFacts | None:
        facts = self._facts(self.number())
        return self._model.texts.counterpart(facts) if self._model is not None and facts else None

    def _part(self, number: int) -> "tuple[int, array[int]] | None":
        """Which fragment of which message the current row is; None where it stands for all of them."""
        model = self._model
        row = self._view.table.currentIndex().row()
        if model is None or not 0 < number <= len(model.rows.index):
            return None
        alone = model.rows.mode is Mode.FRAMES or sub_of(model.key_at(row))
        return model.rows.index.part_of(number) if alone else None

    def _pinned(self) -> Pins | None:
        return self._pins.get(self._reading) if self._reading is not None else None

    def _pin(self, number: int) -> None:
        facts, pins = self._facts(number), self._pinned()
        if facts is not None and pins is not None:
            pins.pin(facts)
            self._pins_changed(pins)

    def _pin_answer(self) -> None:
        facts, other, pins = self._facts(self.number()), self._answer(), self._pinned()
        if facts is not None and other is not None and pins is not None:
            pins.add(facts, other)
            self._pins_changed(pins)

    def _let_go(self, pair: Pair | None) -> None:
        pins = self._pinned()
        if pins is not None:
            if pair is None:
                pins.waiting = None
            else:
                pins.remove(pair)
            self._pins_changed(pins)

    def _pins_changed(self, pins: Pins) -> None:
        self.area.pairs.show_pins(pins)
        if self._model is not None:
            self._model.forget_texts()

    def _to_answer(self) -> None:
        other = self._answer()
        if other is not None:
            self.go_to(other.number)

    # -- comparing

    def _two(self) -> "tuple[array[int], array[int]] | None":
        """The frames of the two rows that can be compared: both selected, else the current and a pinned one.

        Where none is pinned, the nearest that is marked.
        """
        model, number, pinned = self._model, self.number(), self._pinned()
        if model is None or not number:
            return None
        if self._view.table.selected_count() == 2:
            both = [model.rows.frames_of(model.key_at(row)) for row in self._view.table.selected_rows(2)]
            return (both[0], both[1]) if all(both) else None
        marks = self.marking.marks
        other = pinned.waiting.number if pinned is not None and pinned.waiting is not None else 0
        other = other or marks.before(number) or marks.after(number) or 0
        if not other or other == number:
            return None
        low, high = sorted((number, other))
        return self._row_of(model, low), self._row_of(model, high)

    @staticmethod
    def _row_of(model: LogModel, number: int) -> "array[int]":
        if model.rows.mode is Mode.FRAMES or number > len(model.rows.index):
            return array("Q", (number,))
        return model.rows.index.members_of(model.rows.index.head_of(number))

    # -- from here

    def _show_from(self, number: int) -> None:
        model, reading = self._model, self._reading
        if model is None or reading is None:
            return
        self._first[reading] = max(number, 1)
        self.area.hidden_above.show_first(self.first)
        self.rows_asked.emit()
        self._view.table.setFocus()

    # -- going to a number or a time

    def _jump(self, _shift: bool) -> None:
        model, bar = self._model, self.area.jump
        snapshot = model.snapshot if model is not None else None
        if model is None or snapshot is None:
            bar.say(translate("Jump", "There is no frame yet."), "note")
            return
        frames = len(model.rows.index)
        here, last = self._facts(self._here()), self._facts(frames)
        around = Around(
            snapshot.wall_ns,
            snapshot.mono_ns,
            frames,
            here.number if here is not None else 0,
            here.time if here is not None else 0,
            last.time if last is not None else 0,
        )
        place = place_of(bar.field.text(), around)
        if isinstance(place, NoPlace):
            bar.say(place.why, "note")
        elif isinstance(place, ToNumber):
            self._arrive(place.number, None)
        elif not frames:
            bar.say(translate("Jump", "There is no frame yet."), "note")
        else:
            source, at = model.reading.source, place.at
            self._background.ask(
                "jump", lambda: frame_at(source, frames, at), lambda found: self._found(model, found, at)
            )

    def _found(self, model: LogModel, result: Any, at: int) -> None:
        if model is not self._model:
            return
        if isinstance(result, Exception):
            self.area.jump.say(str(result), "note")
        elif result:
            self._arrive(result, at)

    def _arrive(self, number: int, at: int | None) -> None:
        shown = self.go_to(number)
        bar, facts = self.area.jump, self._facts(number)
        if not shown:
            self._say_hidden(number)
        elif at is not None and facts is not None and facts.time < at:
            bar.say(translate("Jump", "Nothing came so late; this is the last frame."), "note")
        else:
            bar.leave()

    def _say_hidden(self, number: int) -> None:
        why = self.why_hidden(number)
        if not why:
            why = translate("Jump", "#{number} is hidden by the filter or the toggles").format(
                number=count(number)
            )
        near = self._here()
        text = translate("Jump", "Nearest is #{near}: {why}.") if near else translate("Jump", "{why}.")
        self._hidden_said = text.format(near=count(near), why=why)
        self.area.jump.say(self._hidden_said, "note")
