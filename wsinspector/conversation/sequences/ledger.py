"""Keeps what came of each step of a run, and publishes it: one immutable value, safe from any thread."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from wsinspector.conversation.sequences.doing import Outcome
from wsinspector.conversation.sequences.inbox import SECOND
from wsinspector.conversation.sequences.model import Repeat, Sequence, Step
from wsinspector.conversation.sequences.results import (
    RunPhase,
    RunResults,
    StepResult,
    StepState,
    blank_results,
)
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.translate import translate

PUBLISH_EVERY_NS = 20_000_000


class Ledger:
    """The results of ``steps``, each of them an object of its own. Written on the engine's thread alone."""

    def __init__(self, sequence: Sequence, steps: tuple[Step, ...], clock: Callable[[], int]) -> None:
        self.sequence = sequence
        self._clock = clock
        self._changed = threading.Condition(threading.Lock())
        self._steps = blank_results(steps)
        self._places = {id(each.step): place for place, each in enumerate(self._steps)}
        self._serial = 0
        self._phase = RunPhase.RUNNING
        self._text = ""
        self._current = -1
        self._began = clock()
        self._began_wall = time.time_ns()
        self._ended: int | None = None
        self._published = 0
        self._due: asyncio.TimerHandle | None = None
        self._results = self._made()

    # -- from any thread

    @property
    def results(self) -> RunResults:
        """The results as last published."""
        return self._results

    def wait_for(self, met: Callable[[RunResults], bool], timeout: float | None = None) -> RunResults | None:
        """The first results for which ``met`` is true, None where ``timeout`` (s) passes first."""
        with self._changed:
            if self._changed.wait_for(lambda: met(self._results), timeout):
                return self._results
            return None

    # -- on the engine's thread

    def start(self) -> None:
        """The run begins now."""
        self._began, self._began_wall = self._clock(), time.time_ns()

    def begin(self, step: Step) -> None:
        """``step`` is under way."""
        place = self._places[id(step)]
        self._current = place
        if self._steps[place].state is StepState.TO_COME:
            self._steps[place] = replace(self._steps[place], state=StepState.RUNNING)
        self._publish()

    def round(self, step: Step, number: int) -> None:
        """Round ``number`` of a repetition begins."""
        place = self._places[id(step)]
        text = translate("Sequence", "Round {0}.").format(number)
        self._steps[place] = replace(self._steps[place], state=StepState.RUNNING, text=text, rounds=number)
        self._publish()

    def note(self, step: Step, outcome: Outcome, began: int, snapshot: AttemptSnapshot | None) -> None:
        """What came of ``step``, begun at ``began`` (ns); ``snapshot``: of the attempt it worked on."""
        place = self._places[id(step)]
        before = self._steps[place]
        rounds = before.rounds if isinstance(step.action, Repeat) else before.rounds + 1
        failures = before.failures + (outcome.state is StepState.FAILED)
        if before.failures:  # the first failure stays
            self._steps[place] = replace(before, rounds=rounds, failures=failures)
        else:
            at = None
            if outcome.at is not None and snapshot is not None:
                at = (outcome.at - snapshot.mono_ns) / SECOND
            self._steps[place] = StepResult(
                step,
                before.depth,
                outcome.state,
                outcome.text,
                snapshot.number if snapshot is not None else 0,
                outcome.frame,
                at,
                (self._clock() - began) / SECOND,
                rounds,
                failures,
                outcome.lacking,
            )
        self._publish()

    @property
    def endless(self) -> bool:
        """Whether a repetition without an end of its own is under way."""
        return any(
            isinstance(each.step.action, Repeat)
            and each.step.action.endless
            and each.state is StepState.RUNNING
            for each in self._steps
        )

    def leave_off(self, state: StepState, text: str) -> None:
        """What is under way ends in ``state``."""
        for place, each in enumerate(self._steps):
            if each.state is StepState.RUNNING:
                failures = each.failures + (state is StepState.FAILED)
                self._steps[place] = replace(each, state=state, text=text, failures=failures)

    def phase(self) -> RunPhase:
        """What the steps come to together."""
        states = {each.state for each in self._steps}
        if StepState.FAILED in states:
            return RunPhase.FAILED
        return RunPhase.UNDECIDED if StepState.UNDECIDED in states else RunPhase.PASSED

    def finish(self, phase: RunPhase, text: str) -> None:
        """The run is over; what was not reached was not run."""
        for place, each in enumerate(self._steps):
            if each.state in (StepState.TO_COME, StepState.RUNNING):
                self._steps[place] = replace(each, state=StepState.NOT_RUN)
        self._phase, self._text, self._current = phase, text, -1
        self._ended = self._clock()
        if self._due is not None:
            self._due.cancel()
        self._publish_now()

    # -- inside

    def _publish(self) -> None:
        """Publish now, or soon where that was done a moment ago: rounds may be very quick."""
        if self._clock() - self._published >= PUBLISH_EVERY_NS:
            self._publish_now()
        elif self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_later(PUBLISH_EVERY_NS / SECOND, self._publish_now)

    def _publish_now(self) -> None:
        self._published = self._clock()
        if self._due is not None:
            self._due.cancel()
            self._due = None
        with self._changed:
            self._serial += 1
            self._results = self._made()
            self._changed.notify_all()

    def _made(self) -> RunResults:
        until = self._clock() if self._ended is None else self._ended
        return RunResults(
            self._serial,
            self.sequence,
            self._phase,
            tuple(self._steps),
            self._began_wall,
            (until - self._began) / SECOND,
            self._text,
            self._current,
        )
