"""A sequence as values: what a person wrote, read and checked, before anything of it is carried out."""

from dataclasses import dataclass, field
from typing import Any

from wsinspector.protocol.opcodes import BINARY, TEXT

WITHIN = 5.0
"""Seconds that a wait or an expectation has where nothing else is said."""

RUN_SECONDS = 300.0
"""Seconds that a whole run has where nothing else is said."""

MOST_TIMES = 1_000_000
"""Rounds of a repetition."""

KINDS = ("text", "json", "hex", "base64", "file")
"""How a payload may be written."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What a message holds, as it is written: ``kind`` one of :data:`KINDS`, ``source`` text in that kind.

    ``opcode``: that of the message. ``file`` names a file, relative to the sequence's.
    """

    kind: str
    source: str
    opcode: int = TEXT

    @property
    def usual(self) -> bool:
        """Whether the opcode is the one that this kind has by itself."""
        return self.opcode == usual_opcode(self.kind)


def usual_opcode(kind: str) -> int:
    """Text for text and JSON, binary for everything else."""
    return TEXT if kind in ("text", "json") else BINARY


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message or, by its opcode, a ping or a pong."""

    payload: Payload


@dataclass(frozen=True, slots=True)
class Craft:
    """Send crafted frames; ``table``: as it is written, values of TOML."""

    table: dict[str, Any]

    def __hash__(self) -> int:
        return hash(repr(self.table))


@dataclass(frozen=True, slots=True)
class Close:
    """Send a Close frame; ``code`` None sends an empty body."""

    code: int | None = 1000
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HalfClose:
    """End our side of TCP and go on reading."""


@dataclass(frozen=True, slots=True)
class Reset:
    """End the connection with RST."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Send the request; what is still open is ended first. ``url``: "" for the sequence's own."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing for ``seconds``."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Go on once a frame of the peer fits ``filter``; that it comes is demanded, but no check of its own."""

    filter: str


@dataclass(frozen=True, slots=True)
class Expect:
    """A frame of the peer must fit ``filter``."""

    filter: str


@dataclass(frozen=True, slots=True)
class ExpectNot:
    """No frame of the peer may fit ``filter``."""

    filter: str


@dataclass(frozen=True, slots=True)
class ExpectClose:
    """The connection must be closed: with one of ``codes``, any where there is none.

    1005: a Close frame without a code. 1006: an end without a Close frame.
    """

    codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectHandshake:
    """The answer must have one of ``statuses`` and the header values (name, value); a value None: none such.

    ``subprotocol``: what must be agreed on; None where it is not looked at, "" for none.
    """

    statuses: tuple[int, ...] = ()
    headers: tuple[tuple[str, str | None], ...] = ()
    subprotocol: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Do ``steps`` again: ``times`` rounds (0: without end), one beginning every ``every`` s at the earliest.

    ``during``: seconds after which no further round begins, 0 for no limit.
    """

    steps: "tuple[Step, ...]"
    times: int = 0
    every: float = 0.0
    during: float = 0.0

    @property
    def endless(self) -> bool:
        """Whether only the end of the connection or of the run ends it."""
        return not self.times and not self.during


Action = (
    Send
    | Craft
    | Close
    | HalfClose
    | Reset
    | Connect
    | Pause
    | Wait
    | Expect
    | ExpectNot
    | ExpectClose
    | ExpectHandshake
    | Repeat
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a sequence.

    ``after``: seconds before it begins. ``within``: of a wait or expectation, None where nothing is said.
    ``fresh``: only frames count that come once it has begun. ``go_on``: the run goes on where it fails.
    ``line``: in the file, from 1; 0 where there is no file.
    """

    action: Action
    name: str = ""
    after: float = 0.0
    within: float | None = None
    fresh: bool = False
    go_on: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """An auto-answer: when a frame of the peer fits ``filter``, ``answers`` are done, in order.

    ``a_second`` and ``in_all``: how often at most.
    """

    filter: str
    answers: tuple[Action, ...]
    a_second: int = 20
    in_all: int = 1000
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the request says otherwise than usual. ``versions`` None: as the standard has it.

    ``headers``: added, in order. ``without``: names left out. ``dialect``: as which draft the whole
    request is written, "" for RFC 6455.
    """

    versions: tuple[str, ...] | None = None
    subprotocols: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    dialect: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A whole file. ``options``: names of :class:`~wsinspector.conversation.options.Options` and values."""

    name: str = ""
    url: str = ""
    timeout: float = RUN_SECONDS
    go_on: bool = False
    handshake: Handshake = Handshake()
    options: tuple[tuple[str, Any], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def own_request(self) -> bool:
        """Whether it says itself how to connect, so that an open connection will not do."""
        return bool(self.url or self.options or self.handshake != Handshake())


def every_step(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """All steps, those within repetitions behind them, in the order of the file."""
    found: list[Step] = []
    for step in steps:
        found.append(step)
        if isinstance(step.action, Repeat):
            found += every_step(step.action.steps)
    return tuple(found)
