"""What a lesson is once it was read: texts, steps, and what each of them does, asks or waits for."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from wsinspector.learn.lessons.prose import Block


@dataclass(frozen=True, slots=True)
class Sending:
    """One thing that is sent. ``kind``: text, hex, ping, pong, close or craft.

    ``text``: what it says; of hex the bytes, of close the reason. ``code``: of a close, None for none.
    ``craft``: frames bit by bit, as in a sequence.
    """

    kind: str
    text: str = ""
    code: int | None = None
    craft: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to the composer and the connection, in this order; what stands at its default is left.

    ``path``: of the lab, its query with it. ``secure``: over TLS. ``version``: escaped values, a header line
    each; () for no line, None leaves it. ``headers``: whole lines, set or added. ``without``: names of lines
    that are switched off. ``options``: names and values of the conversation's options. ``disconnect``: end
    what is live before all else, or behind all else where nothing is connected here.
    """

    path: str = ""
    secure: bool = False
    dialect: str = ""
    version: tuple[str, ...] | None = None
    headers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    connect: bool = False
    send: tuple[Sending, ...] = ()
    disconnect: bool = False


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be true of one attempt. Every member that is set must hold.

    ``version``: the version lines that were sent, escaped. ``offers``: versions that the answer lists.
    ``failed``, ``passed``: ids of rules. ``arrived`` and ``lost``: names of header lines that the lab's
    mirror did and did not receive. ``frames``, ``no_frames``: filters; at least ``at_least`` frames fit the
    first, none the second. ``attempts``: so many attempts since the step began must fit.
    """

    path: str = ""
    status: tuple[int, ...] = ()
    opened: bool | None = None
    ended: bool | None = None
    version: tuple[str, ...] | None = None
    offers: tuple[str, ...] | None = None
    dialect: str = ""
    request_has: tuple[str, ...] = ()
    request_lacks: tuple[str, ...] = ()
    response_has: tuple[str, ...] = ()
    response_lacks: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    frames: str = ""
    at_least: int = 1
    no_frames: str = ""
    close_code: int | None = None
    sent_code: int | None = None
    received_code: int | None = None
    clean: bool | None = None
    ended_by: str = ""
    attempts: int = 1

    @property
    def of_frames(self) -> bool:
        """Whether what comes after the handshake matters, so that an earlier connection will do."""
        return (
            bool(self.frames or self.no_frames or self.ended_by)
            or (self.ended, self.clean) != (None, None)
            or (self.close_code, self.sent_code, self.received_code) != (None, None, None)
        )


@dataclass(frozen=True, slots=True)
class Fact:
    """Something of the conversation itself that is asked for. ``name``: one of answers.FACTS.

    ``frame``: a filter; the last frame that fits it is meant, the first with ``first``.
    """

    name: str
    frame: str = ""
    first: bool = False


class Kind(Enum):
    """How a question is answered."""

    CHOICE = "choice"
    NUMBER = "number"
    HEX = "hex"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An answer that is foreseen, and what it says of who gave it."""

    hint: str
    answers: tuple[str, ...] = ()
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. The right answers are ``answers``, or what ``fact`` is in this conversation."""

    question: str
    kind: Kind
    answers: tuple[str, ...] = ()
    fact: Fact | None = None
    exact: bool = False
    choices: tuple[str, ...] = ()
    wrong: tuple[WrongAnswer, ...] = ()
    hints: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class WrongDeed:
    """Something that is done in place of the task; ``by`` does it, for whoever tries the lesson out."""

    hint: str
    expect: Expect
    by: Act | None = None


@dataclass(frozen=True, slots=True)
class Do:
    """A task, and how it is known to be done. ``show`` does it."""

    task: str
    expect: Expect
    show: Act
    wrong: tuple[WrongDeed, ...] = ()
    hints: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """What is lit in the window: one of these, ``field`` and ``byte`` (from 0) within the frame."""

    request: str = ""
    response: str = ""
    rule: str = ""
    frame: str = ""
    first: bool = False
    field: str = ""
    byte: int = -1
    control: str = ""


CONTROLS = (
    "address", "version", "connect", "options", "answer", "attempts", "verdict", "request", "response",
    "log", "filter", "send", "craft",
)  # fmt: skip
"""What of the page can be pointed at by name."""


@dataclass(frozen=True, slots=True)
class Step:
    """``key``: stable within its lesson. At most one of ``ask`` and ``do`` is there."""

    key: str
    title: str
    line: int
    text: tuple[Block, ...] = ()
    setup: Act | None = None
    point: Point | None = None
    ask: Ask | None = None
    do: Do | None = None

    @property
    def exercise(self) -> Ask | Do | None:
        return self.ask or self.do


@dataclass(frozen=True, slots=True)
class Lesson:
    """``path``: its file, None where it was read from a text. ``minutes``: how long it takes."""

    id: str
    title: str
    minutes: int
    order: int
    needs: tuple[str, ...]
    summary: tuple[Block, ...]
    steps: tuple[Step, ...]
    path: Path | None = None
    own: bool = False

    @property
    def exercises(self) -> int:
        """How many of the steps can be solved."""
        return sum(step.exercise is not None for step in self.steps)
