"""Brings the filter line, the toggles and the rows of one pane together."""

from PySide6.QtCore import QObject, Signal

from wsinspector.filter.patterns import compiled
from wsinspector.filter.syntax import Matches, leaves
from wsinspector.present.filter_cells import CellCondition, cell_conditions
from wsinspector.present.numbers import count
from wsinspector.present.rows import Mode
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.filter_rows import RowChoice, asks_for_marks
from wsinspector.ui.inspect.frame_tools import FrameTools
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_places import LogPlaces
from wsinspector.ui.inspect.log_view import LogView
from wsinspector.ui.inspect.log_words import LONGEST_BRIEF, count_text, shortened


class FilterDesk(QObject):
    """Chooses the rows anew whenever toggles, filter, marks or the first frame change."""

    changed = Signal()  # there is something else to say of the rows

    def __init__(self, tools: FrameTools, view: LogView, places: LogPlaces, background: Background) -> None:
        super().__init__(tools)
        self.choice = RowChoice(background, view, self)
        self._tools = tools
        self._view = view
        self._places = places
        self._model: LogModel | None = None
        self._marks: tuple[int, ...] = ()
        self._trouble = ""
        line = tools.filter
        tools.rows_asked.connect(self.lay_out)
        places.rows_asked.connect(self.lay_out)
        places.marking.changed.connect(self._marks_changed)
        places.why_hidden = self.why_hidden
        line.applied.connect(self.lay_out)
        line.stop_asked.connect(self.choice.stop)
        line.go_on_asked.connect(self.choice.resume)
        # Patterns come with a large package; the first one typed should not wait for it.
        line.field.focused.connect(
            lambda: background.ask("patterns", lambda: compiled("a", ""), lambda _done: None)
        )
        view.table.conditions = self.conditions
        view.table.filter_asked.connect(lambda text, without: line.add(text, without=without))
        self.choice.changed.connect(self.changed)
        self.choice.laid_out.connect(places.go_on)
        self.choice.failed.connect(self._failed)

    def set_model(self, model: LogModel | None) -> None:
        """Another attempt, or another reading of it."""
        self.choice.forget()
        self._model = model
        if model is not None:
            self.lay_out()
        else:
            self._tools.show_count("")
            self._tools.filter.tell("")

    def go_on(self) -> None:
        """Frames came, or a piece of work is done."""
        self.choice.go_on()

    def lay_out(self) -> None:
        """Choose the rows again."""
        model, tools = self._model, self._tools
        if model is None:
            return
        self._trouble = ""
        self._places.rows_chosen()
        self._marks = tuple(self._places.marking.marks.numbers)
        first = self._places.first_in(tools.mode)
        self.choice.choose(model, tools.mode, tools.shown, tools.filter.condition, first, self._marks)
        self.changed.emit()

    def _marks_changed(self) -> None:
        numbers = tuple(self._places.marking.marks.numbers)
        if numbers != self._marks and asks_for_marks(self._tools.filter.condition):
            self.lay_out()

    def _failed(self, why: str) -> None:
        self._trouble = why
        self.say()

    # -- what is said

    @property
    def looking(self) -> bool:
        """Whether frames that may fit are still looked for."""
        choice = self.choice
        return choice.filtered and not choice.stopped and not choice.whole

    def say(self) -> None:
        """Say how many frames fit, and what keeps rows from being shown."""
        model, choice = self._model, self.choice
        if model is None or model.snapshot is None:
            self._tools.show_count("")
            return
        if choice.waiting and choice.filtered and not choice.slow:
            return  # the rows in sight are those of before, and so is what is said of them
        looking = choice.filtered and not choice.stopped and choice.done < len(model.rows.index)
        # What takes no time needs no button to stop it.
        busy = looking and (choice.slow or self._tools.filter.halting)
        self._tools.show_count(count_text(model, model.snapshot, choice), busy=busy, stopped=choice.stopped)
        self._say_rows(model)

    def _say_rows(self, model: LogModel) -> None:
        line, choice = self._tools.filter, self.choice
        if self._trouble:
            line.tell(translate("Filter", "Not looked through: {why}").format(why=self._trouble), role="note")
        elif not choice.filtered or choice.waiting:
            if not choice.filtered:
                line.tell("")
        elif choice.undecided and choice.done >= len(model.rows.index):
            line.tell(self._undecided(), role="note")
        elif not choice.hits_shown and choice.whole and not model.end_shows and len(model.rows.index):
            hidden = translate("Filter", "No frame fits; %n (is|are) hidden.", "", len(model.rows.index))
            line.tell(f"{hidden} {line.doubt}".strip(), act=translate("Filter", "Clear filter"))
        elif choice.hits_shown and choice.whole and not self._tools.shown.everything and not model.rows.keys:
            line.tell(
                translate("Filter", "What fits is of a kind that is not pressed."),
                act=translate("Filter", "Show all kinds"),
                does="kinds",
            )
        else:
            line.tell(line.doubt)

    def _undecided(self) -> str:
        n = self.choice.undecided
        text = translate("Filter", "%n frame(s) (was|were) not decided", "", n)
        why = translate("Filter", "a payload is too large or not whole")
        if untold := self.choice.untold:
            why = translate("Filter", "the imported file does not tell how they travelled")
            if untold < n:
                text = translate("Filter", "{why}, or payloads are too large or took too long")
                why = text.format(why=why)
        elif any(isinstance(leaf, Matches) for leaf in leaves(self._tools.filter.condition)):
            why = translate(
                "Filter", "the pattern took longer than 50 ms (try a simpler one), or a payload is too large"
            )
        return translate("Filter", "{what}, and not shown: {why}.").format(what=text, why=why)

    def why_hidden(self, number: int) -> str:
        """Why frame ``number`` has no row; empty where it has one, or where it is not known."""
        model = self._model
        if model is None or not 0 < number <= len(model.rows.index):
            return ""
        rows, tools = model.rows, self._tools
        if rows.row_of_frame(number) is not None:
            return ""
        if number < rows.first:
            return fill(translate("Filter", "#{n} is hidden above ([key:log.from-start])")).format(
                n=count(number)
            )
        head = rows.index.head_of(number) if rows.mode is Mode.MESSAGES else number
        classes = rows.index.messages if rows.mode is Mode.MESSAGES else rows.index.frames
        if not tools.shown.mask()[classes[head - 1]]:
            return translate("Filter", "#{n} is hidden by the toggles: its kind is not pressed").format(
                n=count(number)
            )
        if not self.choice.filtered:
            return ""
        if number > self.choice.done:
            return translate("Filter", "#{n} was not looked at yet").format(n=count(number))
        text = translate("Filter", "#{n} is hidden by the filter {filter}")
        return text.format(n=count(number), filter=shortened(tools.filter.in_force, LONGEST_BRIEF))

    # -- cells

    def conditions(self, row: int) -> tuple[CellCondition, ...]:
        """What ``row`` can be filtered by."""
        model = self._model
        if model is None or not 0 <= row < model.rowCount():
            return ()
        numbers = model.rows.frames_of(model.key_at(row))
        return cell_conditions(model.reading, model.rows.index, model.inflation, numbers)
