"""Find in the log: the line to type into, the search in the background, and going from hit to hit."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from wsinspector.present.finding import Finder, Found, Hits, PayloadSearch
from wsinspector.present.needle import NOTHING, Needle
from wsinspector.present.numbers import count
from wsinspector.present.pattern_search import PatternSearch
from wsinspector.present.search import WordSearch
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_view import LogView
from wsinspector.ui.inspect.strip_bar import StripBar, flat_button
from wsinspector.ui.widgets.segmented import Segmented

LOOK_NS = 20_000_000
COUNT_NS = 3_000_000
SAY_NS = 150_000_000
TYPING_MS = 120


class FindBar(StripBar):
    """What is looked for, how many rows hold it, and the way to the next."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Find", "Find"),
            translate("Find", "text, a number, or a type such as ping"),
            translate(
                "Find",
                "Text in a payload in either case, a frame's number, or a type. Nothing is hidden."
                " Enter or [key:log.find-next] goes on, [key:log.find-previous] goes back, Escape "
                "puts it away ([key:log.find])",
            ),
            parent,
        )
        self.ways = Segmented([translate("Find", "Payloads only"), ".*"], several=True)
        self.ways.setAccessibleName(translate("Find", "How it is looked for"))
        self.ways.set_tip(0, translate("Find", "Look into payloads alone, not at numbers and types"))
        self.ways.set_tip(
            1,
            translate(
                "Find", "A regular expression, in either case; 50 ms for a payload, no numbers or types"
            ),
        )
        self.ways.segments[1].setAccessibleName(translate("Find", "Regular expression"))
        self.back = flat_button("↑", translate("Find", "The hit before ([key:log.find-previous])"))
        self.on = flat_button("↓", translate("Find", "The next hit ([key:log.find-next])"))
        at = self.row.indexOf(self.cross)
        for widget in (self.cross, self.on, self.back, self.ways):
            self.row.insertWidget(at, widget)
        self.row.setStretchFactor(self.said, 1)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self.ways.toggled.connect(lambda _at, _on: self.changed.emit())

    def settle(self) -> None:
        """Take what was typed at once."""
        if self._typing.isActive():
            self._typing.stop()
            self.changed.emit()


class Finding(QObject):
    """Drives ``bar`` over the rows of ``view``. Call :meth:`go_on` now and then: frames arrive."""

    lit_changed = Signal(object)  # the Needle to be lit

    def __init__(
        self, bar: FindBar, view: LogView, background: Background, model: Callable[[], LogModel | None]
    ) -> None:
        super().__init__(bar)
        self.bar = bar
        self._view = view
        self._background = background
        self._model = model
        self._finder: Finder | None = None
        self._hits: Hits | None = None
        self._needle = NOTHING
        self._pattern: PatternSearch | None = None
        self._from = 1  # the frame from which the nearest hit is looked for
        self._wanted: bool | None = None  # a hit is waited for; True: backwards
        self._include = False  # the row that is current counts as well
        self._wrapped = ""
        self._origin: int | None = None  # where typing began
        self._asked = False
        self._serial = 0
        self._said_ns = 0
        self._told = (0, False, 0)  # what was said last: hits, whether all was looked at, frames
        bar.changed.connect(self._changed)
        bar.entered.connect(self.step)
        bar.back.clicked.connect(lambda: self.step(True))
        bar.on.clicked.connect(lambda: self.step(False))
        bar.left.connect(self._left)
        view.current_changed.connect(self._say)

    # -- what the pane calls

    def open(self) -> None:
        """Show the line; what is typed is looked for from the current row on."""
        self._origin = self._here()
        self.bar.appear()

    def set_model(self) -> None:
        """Another attempt or reading: look again, and go nowhere by itself."""
        if not self.bar.isHidden():
            self._start(go=False)
        else:
            self._stop()

    def go_on(self) -> None:
        """Look at more, where there is more."""
        hits, model = self._hits, self._model()
        if hits is None or model is None:
            return
        until = time.perf_counter_ns() + COUNT_NS
        hits.count_on(self._from, bool(self._wanted), lambda: time.perf_counter_ns() < until)
        waited = self._wanted is not None
        self._try()
        if not self._asked:
            pieces = hits.plan(self._from, bool(self._wanted))
            if pieces:
                self._asked = True
                serial = self._serial
                self._background.ask("find", self._work(pieces), lambda result: self._came(serial, result))
        now = time.perf_counter_ns()
        state = (hits.total, hits.done, len(model.rows.index))
        if state == self._told and not waited:
            return
        if hits.done or now - self._said_ns > SAY_NS or (waited and self._wanted is None):
            self._told = state
            # Fifty times a second would cost more than the search.
            self._said_ns = now
            self._view.table.viewport().update()
            self._say()

    def is_hit(self, number: int) -> bool:
        return self._hits is not None and self._hits.is_hit(number)

    def step(self, backward: bool) -> None:
        """To the next hit or the one before, round the end where there is none."""
        if self.bar.isHidden():
            self.open()
            if not self.bar.field.text():
                return
        self.bar.settle()
        if self._hits is None and self.bar.field.text():
            self._start(go=False)
        if self._hits is None:
            return
        self._from = self._here() or 1
        self._include = False
        self._wrapped = ""
        self._wanted = backward
        self.go_on()

    # -- typing

    def _changed(self) -> None:
        if self._origin is None:
            self._origin = self._here()
        self._start(go=True)

    def _left(self) -> None:
        self._stop()
        self._origin = None
        self._view.table.setFocus()

    def _stop(self) -> None:
        self._serial += 1
        self._background.forget("find")
        self._asked = False
        self._finder = self._hits = self._pattern = None
        self._wanted = None
        self._told = (0, False, 0)
        self._said_ns = 0
        self._light(NOTHING)

    def _start(self, *, go: bool) -> None:
        self._stop()
        model = self._model()
        text = self.bar.field.text()
        if model is None or not text:
            self.bar.say("")
            return
        try:
            needle = Needle(text, pattern=self.bar.ways.is_on(1), payloads_only=self.bar.ways.is_on(0))
        except ValueError as error:
            self.bar.say(translate("Find", "No pattern: {why}").format(why=error), "note")
            return
        parts = (text, model.reading, model.rows.index, model.inflation)
        payloads: PayloadSearch
        if needle.pattern:
            payloads = self._pattern = PatternSearch(*parts)
        else:
            payloads = WordSearch(*parts)
        self._finder = Finder(needle, payloads, model.reading, model.rows)
        self._hits = Hits(model.rows)
        self._from = self._origin or self._here() or 1
        self._include = True
        self._wrapped = ""
        self._wanted = False if go else None
        self._light(needle)
        self.go_on()

    # -- the background

    def _work(self, pieces: list[tuple[int, int]]) -> Callable[[], list[Found]]:
        finder = self._finder

        def work() -> list[Found]:
            until = time.perf_counter_ns() + LOOK_NS
            found: list[Found] = []
            for start, stop in pieces:
                if finder is None or self._background.stopping:
                    break
                found.append(finder.look(start, stop))
                if time.perf_counter_ns() > until:
                    break
            return found

        return work

    def _came(self, serial: int, result: Any) -> None:
        if serial != self._serial or self._hits is None:
            return
        self._asked = False
        if isinstance(result, Exception):
            self._finder = self._hits = None
            self.bar.say(str(result), "note")
            return
        for found in result:
            self._hits.take(found)
        self.go_on()

    # -- going there

    def _here(self) -> int | None:
        """The frame at which the current row stands, or the first one in sight."""
        model, table = self._model(), self._view.table
        if model is None or not model.rowCount():
            return None
        row = table.currentIndex().row()
        if row < 0:
            row = max(table.rowAt(0), 0)
        return model.number_at(row)

    def _try(self) -> None:
        """Go to the hit that is waited for, where it is known by now."""
        hits, model = self._hits, self._model()
        if hits is None or model is None or self._wanted is None:
            return
        backward = self._wanted
        if backward:
            number, certain = hits.before(self._from)
        else:
            number, certain = hits.after(self._from - 1 if self._include else self._from)
        if not certain:
            return
        if not number:
            # Nothing from here to the end: go round, once.
            if self._wrapped:
                self._wanted, self._wrapped = None, ""
                return
            if backward:
                self._wrapped = translate("Find", "from the end")
                self._from = len(model.rows.index) + 1
            else:
                self._wrapped = translate("Find", "from the top")
                self._from = 1
                self._include = True
            self._try()
            return
        self._wanted = None
        row = model.rows.row_of_frame(number)
        if row is not None:
            self._view.show_row(row)

    # -- saying

    def _light(self, needle: Needle) -> None:
        if needle is self._needle:
            return
        self._needle = self._view.table.delegate.find = needle
        self._view.table.viewport().update()
        self.lit_changed.emit(needle)

    def _say(self) -> None:
        hits, model = self._hits, self._model()
        if hits is None or model is None:
            return
        done = hits.done
        total = count(hits.total) + ("" if done else "+")
        here = 0
        row = self._view.table.currentIndex().row()
        if 0 <= row < model.rowCount() and model.rows.frame_of(model.key_at(row)) is not None:
            here = hits.place_of(model.number_at(row))
        if not hits.total and done:
            text = translate("Find", "not found")
            if hits.any_hidden:
                text = translate("Find", "only in rows that are hidden")
            self.bar.say(text, "note")
            return
        if not hits.total:
            share = 100 * hits.searched // max(len(model.rows.index), 1)
            self.bar.say(translate("Find", "looking, {share} %").format(share=share))
            return
        if here:
            text = translate("Find", "{n} of {total}").format(n=count(here), total=total)
        else:
            text = translate("Find", "{total} found").format(total=total)
        if done and self._pattern is not None and self._pattern.undecided:
            text += translate("Find", ", {n} took too long").format(n=count(self._pattern.undecided))
        if self._wrapped and self._wanted is None:
            text += f", {self._wrapped}"
        elif self._wanted is not None:
            text += translate("Find", ", looking on")
        self.bar.say(text)
