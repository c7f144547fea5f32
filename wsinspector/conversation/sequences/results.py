"""What came of a sequence, step by step, with the evidence for each."""

import enum
from dataclasses import dataclass

from wsinspector.conversation.sequences.model import (
    Expect,
    ExpectClose,
    ExpectHandshake,
    ExpectNot,
    Repeat,
    Sequence,
    Step,
)


class StepState(enum.Enum):
    """How far a step is, and what came of it."""

    TO_COME = "to-come"
    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    UNDECIDED = "undecided"  # it cannot be told, or it was stopped
    NOT_RUN = "not-run"


class RunPhase(enum.Enum):
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a filter that was not met asked for, its variables filled in, and the peer's frames there were.

    ``nearest``: the frame that fitted most of it, 0 where none did. ``last``: those looked at last, in order;
    ``before``: none was, and this one a step had used up before.
    """

    looked_for: str
    nearest: int = 0
    last: tuple[int, ...] = ()
    before: bool = False

    @property
    def frames(self) -> tuple[int, ...]:
        """All of them, each once: the nearest first."""
        return tuple(dict.fromkeys((self.nearest, *self.last) if self.nearest else self.last))


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step. ``depth``: repetitions around it. ``text``: what happened, in a sentence.

    ``attempt`` and ``frame``: the evidence, 0 where there is none. ``at``: when (s since the attempt
    began) that frame came or left; ``took``: seconds. ``rounds``: how often it was done; ``failures``:
    how often of those it failed. Of a step done several times, the first failure stays, else the last.
    ``lacking``: why a filter was not met; None for all else.
    """

    step: Step
    depth: int
    state: StepState = StepState.TO_COME
    text: str = ""
    attempt: int = 0
    frame: int = 0
    at: float | None = None
    took: float = 0.0
    rounds: int = 0
    failures: int = 0
    lacking: Lacking | None = None

    @property
    def expects(self) -> bool:
        """Whether the step is a check, and not something that is merely done."""
        return isinstance(self.step.action, Expect | ExpectNot | ExpectClose | ExpectHandshake)


@dataclass(frozen=True, slots=True)
class RunResults:
    """A run as it stands. ``text``: why it ended as it did, where no step says so. ``current``: place of
    the step under way, -1 where none is."""

    serial: int
    sequence: Sequence
    phase: RunPhase
    steps: tuple[StepResult, ...]
    began_wall_ns: int
    seconds: float
    text: str = ""
    current: int = -1

    @property
    def over(self) -> bool:
        return self.phase is not RunPhase.RUNNING

    @property
    def done(self) -> int:
        """Steps that are behind it."""
        return sum(each.state not in (StepState.TO_COME, StepState.RUNNING) for each in self.steps)

    def counted(self, state: StepState) -> int:
        return sum(each.state is state for each in self.steps)

    @property
    def failed(self) -> tuple[StepResult, ...]:
        return tuple(each for each in self.steps if each.state is StepState.FAILED)


def blank_results(steps: tuple[Step, ...], depth: int = 0) -> list[StepResult]:
    """A result to come for each step, those of a repetition behind it."""
    found: list[StepResult] = []
    for step in steps:
        found.append(StepResult(step, depth))
        if isinstance(step.action, Repeat):
            found += blank_results(step.action.steps, depth + 1)
    return found
