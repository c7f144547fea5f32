"""Carries out a sequence: on the engine's thread, in bounded memory, to be stopped at any moment."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.caught import Caught
from wsinspector.conversation.connection import Connection
from wsinspector.conversation.conversation import Conversation, fresh_key
from wsinspector.conversation.options import Options
from wsinspector.conversation.sequences.connecting import begin
from wsinspector.conversation.sequences.doing import Bench, Outcome, carry_out, failed, ok, opened
from wsinspector.conversation.sequences.filling import Filler, UnknownVariableError, in_filter
from wsinspector.conversation.sequences.inbox import SECOND, FrameInbox
from wsinspector.conversation.sequences.ledger import Ledger
from wsinspector.conversation.sequences.messages import read_files
from wsinspector.conversation.sequences.model import (
    Connect,
    Expect,
    ExpectHandshake,
    ExpectNot,
    Handshake,
    Repeat,
    Sequence,
    Step,
    Wait,
    every_step,
)
from wsinspector.conversation.sequences.request import draft_for, options_for
from wsinspector.conversation.sequences.results import RunPhase, RunResults, StepState
from wsinspector.conversation.sequences.unready import files_outside, payloads_of, wrong_filters
from wsinspector.conversation.sequences.variables import RunVariables
from wsinspector.conversation.watching import Wanted
from wsinspector.filter import parse
from wsinspector.protocol.address import understand
from wsinspector.translate import translate

GRACE = 3.0
"""Seconds the closing handshake may take at the end of a run."""

IMPLIED = Step(Connect(), name="")
"""Begins every run that does not begin by connecting, or on an open connection."""


class SequenceRun:
    """One run of ``sequence`` in ``conversation``; :attr:`results` may be read from any thread.

    ``folder``: where the files lie that it names. ``values``: variables, over those of the file and of the
    conversation. ``url``: in place of the file's own. ``attempt``: an open connection to work on, None to
    connect. ``outside``: files outside ``folder`` may be read. ``clock``: monotonic ns, ``now``: wall clock
    in seconds.
    """

    def __init__(
        self,
        conversation: Conversation,
        sequence: Sequence,
        *,
        folder: Path | None = None,
        values: Mapping[str, str] | None = None,
        url: str = "",
        timeout: float | None = None,
        attempt: Attempt | None = None,
        outside: bool = False,
        clock: Callable[[], int] = time.monotonic_ns,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.conversation = conversation
        self.sequence = sequence
        self._folder = folder
        self._url = url
        self._limit = sequence.timeout if timeout is None else timeout
        self._given = attempt
        self._outside = outside
        own = dict(conversation.options.variables) | dict(sequence.variables) | dict(values or {})
        self._variables = RunVariables(conversation.environment, own, conversation.hidden())
        self._before: Options | None = None
        self._environment_before: Mapping[str, str] = {}
        self._clock = clock
        self._now = now
        self._plan = self._planned()
        self._ledger = Ledger(sequence, self._plan, clock)
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._bench: Bench | None = None
        self._listening: list[tuple[Attempt, Callable[[], None]]] = []

    def _planned(self) -> tuple[Step, ...]:
        """The steps, each an object of its own, as results are kept by step."""
        steps = _own(self.sequence.steps)
        begins = steps and isinstance(steps[0].action, Connect)
        return steps if begins or self._given is not None else (IMPLIED, *steps)

    # -- from any thread

    @property
    def results(self) -> RunResults:
        """The results as last published."""
        return self._ledger.results

    def start(self) -> "SequenceRun":
        """Begin; call it once."""
        engine = self.conversation.engine
        if not engine.call(lambda: engine.spawn(self._run(), f"sequence {self.sequence.name}")):
            self._finish(RunPhase.STOPPED, translate("Sequence", "The program is ending."))
        return self

    def stop(self) -> None:
        """Stop where it is; what it has connected is closed."""
        self.conversation.engine.call(self._stop)

    def wait_for(self, met: Callable[[RunResults], bool], timeout: float | None = None) -> RunResults | None:
        """The first results for which ``met`` is true, None where ``timeout`` (s) passes first.

        Never call it on the engine's thread.
        """
        return self._ledger.wait_for(met, timeout)

    def wait_ended(self, timeout: float | None = None) -> RunResults | None:
        """As :meth:`wait_for`, for the end."""
        return self.wait_for(lambda results: results.over, timeout)

    # -- on the engine's thread

    def _stop(self) -> None:
        self._stopping = True
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        self._task = asyncio.current_task()
        self._ledger.start()
        phase, text = RunPhase.STOPPED, ""
        try:
            if self._stopping:
                raise asyncio.CancelledError
            async with asyncio.timeout(self._limit) as limit:
                phase, text = await self._carry()
        except TimeoutError:
            if not limit.expired():
                raise
            text = translate("Sequence", "The run's {0:g} s were over.").format(self._limit)
            # A repetition without an end of its own is not late: this is its end.
            self._ledger.leave_off(StepState.OK if self._ledger.endless else StepState.FAILED, text)
            phase = self._ledger.phase()
        except asyncio.CancelledError:
            text = translate("Sequence", "Stopped.")
            self._ledger.leave_off(StepState.UNDECIDED, text)
            if not self._stopping or self._task is None:
                self._finish(RunPhase.STOPPED, text)
                raise
            self._task.uncancel()
        except Exception as error:  # a fault of ours: the run must not seem to go on for ever
            self._finish(RunPhase.STOPPED, f"This program failed: {error}")
            raise
        await self._tidy()
        self._finish(phase, text)

    async def _carry(self) -> tuple[RunPhase, str]:
        try:
            filler = Filler(self._variables.all, now=self._now)
        except UnknownVariableError as error:
            return RunPhase.FAILED, str(error)
        wrong = wrong_filters(self.sequence, self._variables.all, self._variables.not_shown)
        if wrong:
            return RunPhase.FAILED, " ".join(_at_line(line, text) for line, text in wrong)
        if not self._outside:
            away = await asyncio.to_thread(files_outside, self.sequence, self._folder)
            if away:
                return RunPhase.FAILED, " ".join(_at_line(each.line, each.text) for each in away)
        files, troubles = await asyncio.to_thread(
            read_files, [payload for _, payload in payloads_of(self.sequence)], self._folder
        )
        if troubles:
            return RunPhase.FAILED, " ".join(troubles.values())
        inbox = FrameInbox(self._clock)
        self._bench = Bench(filler, files, inbox, self._clock, self._variables.not_shown)
        if self._given is not None:
            self._adopt(self._given, self._bench)
        await self._each(self._plan, self._bench)
        return self._ledger.phase(), ""

    # -- steps

    async def _each(self, steps: tuple[Step, ...], bench: Bench) -> bool:
        """Do the steps in order; False where the run is not to go on."""
        for at, step in enumerate(steps):
            if step.after:
                self._ledger.begin(step)
                await asyncio.sleep(step.after)
            self._ledger.begin(step)
            began = self._clock()
            if isinstance(step.action, Repeat):
                if not await self._repeat(step, step.action, bench):
                    return False
                continue
            if isinstance(step.action, Connect):
                checked = at + 1 < len(steps) and isinstance(steps[at + 1].action, ExpectHandshake)
                outcome = await self._connect(step, step.action, bench, checked=checked)
            else:
                if _sends(step):
                    bench.filler.begin()
                outcome = await carry_out(step, bench)
                if bench.connection is not None:
                    await bench.connection.drained()
            self._ledger.note(step, outcome, began, bench.snapshot)
            good = outcome.state is StepState.OK
            if not good and (isinstance(step.action, Connect) or not (step.go_on or self.sequence.go_on)):
                return False
        return True

    async def _repeat(self, step: Step, action: Repeat, bench: Bench) -> bool:
        began = self._clock()
        number = 0
        while True:
            number += 1
            self._ledger.round(step, number)
            if not await self._each(action.steps, bench):
                text = translate("Sequence", "Ended in round {0}.").format(number)
                self._ledger.note(step, failed(text), began, bench.snapshot)
                return False
            if (action.times and number >= action.times) or (action.endless and bench.inbox.over):
                break
            due = began + int(number * action.every * SECOND)
            if action.during and max(due, self._clock()) >= began + int(action.during * SECOND):
                break
            await self._pause_until(due, bench, endless=action.endless)
            if action.endless and bench.inbox.over:
                break
        text = translate("Sequence", "{0} rounds.") if number != 1 else translate("Sequence", "1 round.")
        self._ledger.note(step, ok(text.format(number)), began, bench.snapshot)
        return True

    async def _pause_until(self, due: int, bench: Bench, *, endless: bool) -> None:
        if endless:
            await bench.inbox.happens(lambda: bench.inbox.over, due)
        # A round that waits for nothing still lets everybody else have a turn.
        await asyncio.sleep(max(0.0, (due - self._clock()) / SECOND))

    # -- connecting

    async def _connect(self, step: Step, action: Connect, bench: Bench, *, checked: bool) -> Outcome:
        await self._end_connection(bench)
        conversation, sequence = self.conversation, self.sequence
        try:
            text = bench.filler.fill(action.url or self._url or sequence.url)
            own = bool(text) or sequence.handshake != Handshake()
            address = understand(text) if text else conversation.address
            if address.error is not None:
                why = translate("Sequence", "The address is not understood: {0}")
                return failed(why.format(address.error))
            if own:
                draft = draft_for(sequence.handshake, address, bench.filler, fresh_key())
            else:
                draft = conversation.draft
        except UnknownVariableError as error:
            return failed(str(error))
        options = options_for(
            conversation.options,
            sequence,
            draft,
            bench.filler,
            bench.files,
            self._folder,
            self._variables.apart,
        )
        bench.inbox.clear()
        try:
            attempt, connection, _ = begin(
                conversation,
                address,
                draft,
                options,
                lab_authority=conversation.lab_authority,
                prepare=lambda made: self._watch(made, bench),
                name=sequence.name,
                environment=self._variables.environment,
            )
        except RuntimeError as error:  # the conversation was closed, or is another program's
            return failed(str(error))
        self._use(attempt, connection, bench)
        within = options.timeout + 1 if step.within is None else step.within
        until = self._clock() + int(within * SECOND)
        await bench.inbox.happens(lambda: not attempt.snapshot.undecided, until)
        outcome = opened(attempt.snapshot)
        response = attempt.snapshot.response
        if checked and response is not None and outcome.state is not StepState.OK:
            return ok(translate("Sequence", "Answered with {0}.").format(response.status))
        return outcome

    def _adopt(self, attempt: Attempt, bench: Bench) -> None:
        """Work on a connection that is open already."""
        connection = attempt.connection
        if connection is None:
            return
        self._watch(connection, bench)
        bench.inbox.used = connection.exchange.numbering.frames
        self._use(attempt, connection, bench)
        if self.sequence.rules or self.sequence.variables:
            self._before = attempt.options
            self._environment_before = attempt.environment
            attempt.environment = self._variables.environment
            connection.behave(
                options_for(
                    attempt.options,
                    self.sequence,
                    self.conversation.draft,
                    bench.filler,
                    bench.files,
                    None,
                    self._variables.apart,
                )
            )

    def _watch(self, connection: Connection | Caught, bench: Bench) -> None:
        connection.watch.begin(bench.inbox.came, contents=_about_contents(self._plan, bench.filler))

    def _use(self, attempt: Attempt, connection: Connection | Caught, bench: Bench) -> None:
        bench.attempt, bench.connection = attempt, connection
        engine, inbox = self.conversation.engine, bench.inbox

        def look() -> None:
            if bench.attempt is attempt:
                inbox.over = not attempt.live
                inbox.wake()

        def told() -> None:
            engine.call(look)

        attempt.listen(told)
        self._listening.append((attempt, told))
        look()

    async def _end_connection(self, bench: Bench) -> None:
        """Close what is open, in order."""
        attempt, connection = bench.attempt, bench.connection
        if attempt is None or connection is None:
            return
        if attempt.live:
            if attempt.snapshot.open:
                connection.close(1000, "")
                await bench.inbox.happens(lambda: not attempt.live, self._clock() + int(GRACE * SECOND))
            if attempt.live:
                connection.cancel()
                await bench.inbox.happens(lambda: not attempt.live, self._clock() + SECOND)
        connection.watch.end(bench.inbox.came)
        bench.attempt = bench.connection = None

    async def _tidy(self) -> None:
        bench = self._bench
        if bench is None or bench.connection is None or bench.attempt is None:
            return
        if bench.attempt is self._given:
            bench.connection.watch.end(bench.inbox.came)
            if self._before is not None:
                bench.attempt.environment = self._environment_before
                bench.connection.behave(self._before)
        else:
            await self._end_connection(bench)

    def _finish(self, phase: RunPhase, text: str) -> None:
        for attempt, told in self._listening:
            attempt.forget(told)
        self._listening.clear()
        self.conversation.save()
        self._ledger.finish(phase, text)


def _sends(step: Step) -> bool:
    """Whether a step is a message of its own to variables; what awaits an answer speaks of the last one."""
    return not isinstance(step.action, Wait | Expect | ExpectNot)


def _at_line(line: int, text: str) -> str:
    return translate("Sequence", "line {0}: {1}").format(line, text) if line else text


def _own(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    found = []
    for step in steps:
        action = step.action
        if isinstance(action, Repeat):
            action = replace(action, steps=_own(action.steps))
        found.append(replace(step, action=action))
    return tuple(found)


def _about_contents(steps: tuple[Step, ...], filler: Filler) -> bool:
    """Whether some step speaks of payloads, so that they have to be told of."""
    for step in every_step(steps):
        if isinstance(step.action, Wait | Expect | ExpectNot):
            try:
                condition = parse(filler.fill_again(step.action.filter, in_filter)).condition
            except UnknownVariableError:
                continue
            if condition is not None and Wanted(condition).contents:
                return True
    return False
