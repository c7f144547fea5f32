"""Step on one page: lets units go, brings each into sight, and goes back to those before."""

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.translate import translate
from wsinspector.ui.presenting.state import presenting

if TYPE_CHECKING:
    from wsinspector.ui.inspect.page import InspectPage
    from wsinspector.ui.presenting.step_bar import StepBar

REQUEST, RESPONSE, END = "request", "response", "end"


class StepDesk(QObject):
    """``shown(unit, number)``: a unit came into sight: REQUEST, RESPONSE, END, or "frame" with its number.

    The units that are shown are the request, the response, each frame and the end. ``place`` is the one that
    is looked at; going back changes nothing of what has travelled.
    """

    shown = Signal(str, int)

    def __init__(self, page: "InspectPage") -> None:
        super().__init__(page)
        self._page = page
        self._tab = page.tab
        self._bar: StepBar | None = None
        self._seen: dict[int, int] = {}  # units that were brought into sight, by attempt
        self._place: int | None = None  # None: the newest
        self._wanted = 0  # a frame to be shown once the log has its row
        self._was_on = False
        self._tab.options_changed.connect(self.look)
        self._tab.picked_changed.connect(self._picked)
        self._tab.snapshot_changed.connect(self.look)
        self._tab.ticked.connect(self._tick)
        self.look()

    # -- what is stepped

    @property
    def attempt(self) -> Attempt | None:
        """The attempt that is shown; with the draft, the live one."""
        conversation = self._tab.conversation
        return conversation.attempt(self._tab.picked) if self._tab.picked else conversation.current

    @property
    def snapshot(self) -> AttemptSnapshot | None:
        attempt = self.attempt
        return None if attempt is None else attempt.snapshot

    @property
    def on(self) -> bool:
        """Whether this conversation steps."""
        return self._tab.conversation.options.step

    @property
    def active(self) -> bool:
        """Whether there is something to step through now."""
        snapshot = self.snapshot
        if snapshot is None:
            return False
        step = snapshot.step
        waits = step.next is not None or bool(step.never_left)
        return waits or (step.on and snapshot.live) or self._place is not None

    @property
    def bar(self) -> "StepBar | None":
        """The row that tells of it; made with the first step."""
        return self._bar

    def toggle(self) -> None:
        """Begin to step, or let everything go and stop."""
        options = self._tab.conversation.options
        self._tab.set_options(dataclasses.replace(options, step=not options.step))

    def step(self) -> None:
        """One unit forward: one that was shown before, where one looks back; else the next that waits."""
        newest = self._count_units() - 1
        if self._place is not None and self._place < newest:
            self._place += 1
            self._show(self._unit(self._place))
            if self._place == newest:
                self._place = None
            self.look()
            return
        attempt = self.attempt
        if attempt is not None:
            self._place = None
            attempt.step()

    def back(self) -> None:
        """Bring the unit before into sight."""
        place = (self._count_units() if self._place is None else self._place + 1) - 2
        if place >= 0:
            self._place = place
            self._show(self._unit(place))
            self.look()

    def let_all_go(self) -> None:
        """Show and send all that waits now."""
        attempt = self.attempt
        if attempt is not None:
            self._place = None
            attempt.let_all_go()

    # -- what is seen

    def look(self, *_: object) -> None:
        """Show the bar as it has to be, and what a step brought."""
        if self.on != self._was_on:
            self._was_on = self.on
            presenting().steps_changed.emit()
        snapshot = self.snapshot
        if not self.active or snapshot is None:
            if self._bar is not None:
                self._bar.hide()
            return
        bar = self._made()
        units = self._count_units()
        looking = "" if self._place is None else self._name(self._unit(min(self._place, units - 1)))
        bar.show_steps(snapshot, looking, can_go_back=bool(units) and self._place != 0)
        bar.show()
        # A frame is there to be seen only once it is committed, a little after its step.
        if units > self._seen.get(snapshot.number, 0):
            self._seen[snapshot.number] = units
            if self._place is None:
                self._show(self._unit(units - 1))

    def _made(self) -> "StepBar":
        if self._bar is None:
            from wsinspector.ui.presenting.step_bar import StepBar

            made = self._bar = StepBar(self._page)
            made.step_asked.connect(self.step)
            made.back_asked.connect(self.back)
            made.all_asked.connect(self.let_all_go)
            made.off_asked.connect(self.toggle)
            self._page.place_below_answer(made)
        return self._bar

    def _picked(self) -> None:
        self._place = None
        self._wanted = 0
        self.look()

    def _tick(self) -> None:
        if self._bar is not None and self._bar.isVisible():
            self._bar.tick()
        if self._wanted:
            model = self._page.frames.model
            if model is not None and len(model.rows.index) >= self._wanted:
                wanted, self._wanted = self._wanted, 0
                self._page.frames.places.go_to(wanted)

    # -- units

    def _count_units(self) -> int:
        snapshot = self.snapshot
        if snapshot is None:
            return 0
        frames = snapshot.frames - snapshot.dropped_to
        return len(_heads(snapshot)) + frames + (snapshot.end is not None)

    def _unit(self, place: int) -> tuple[str, int]:
        """Unit ``place``, from 0, with the number of a frame."""
        snapshot = self.snapshot
        assert snapshot is not None
        heads = _heads(snapshot)
        if place < len(heads):
            return heads[place], 0
        number = place - len(heads) + snapshot.dropped_to + 1
        return ("frame", number) if number <= snapshot.frames else (END, 0)

    def _name(self, unit: tuple[str, int]) -> str:
        kind, number = unit
        return {
            REQUEST: translate("StepDesk", "The request."),
            RESPONSE: translate("StepDesk", "The response."),
            END: translate("StepDesk", "How it ended."),
        }.get(kind) or translate("StepDesk", "Frame {0}.").format(number)

    def _show(self, unit: tuple[str, int]) -> None:
        kind, number = unit
        page = self._page
        self._wanted = 0
        if kind in (REQUEST, RESPONSE):
            page.show_head(kind)
        elif kind == "frame":
            self._wanted = number
            page.show_log()
        else:
            page.show_log()
            page.frames.view.follow()
        self.shown.emit(kind, number)


def _heads(snapshot: AttemptSnapshot) -> list[str]:
    heads = [REQUEST] if snapshot.request else []
    return [*heads, RESPONSE] if snapshot.response is not None else heads
