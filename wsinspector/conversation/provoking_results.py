"""What a run of provocations is to do, and what it has found so far, in values that any thread may read."""

from dataclasses import dataclass, field

from wsinspector.conversation.sweep_plan import SweepServer
from wsinspector.conversation.sweep_results import CellPlace, SweepPhase
from wsinspector.protocol.draft import DraftLine
from wsinspector.protocol.provocations import Provocation
from wsinspector.verdicts.provoked import Observed, Provoked, Result

AT_ONCE = 4
TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class ProvokePlan:
    """``at_once``: connections to each server. ``pace``: seconds between the starts of two to one server.
    ``timeout``: seconds for each handshake, and again for what the server does. ``lines``: header lines
    that every handshake has besides, in place of its own of the same name.
    """

    servers: tuple[SweepServer, ...]
    provocations: tuple[Provocation, ...]
    at_once: int = AT_ONCE
    pace: float = 0.0
    timeout: float = TIMEOUT
    verify: bool = True
    ca_file: str = ""
    lines: tuple[DraftLine, ...] = ()

    @property
    def total(self) -> int:
        return len(self.servers) * len(self.provocations)


@dataclass(frozen=True, slots=True)
class ProvokedRow:
    """One provocation at one server. ``seconds``: the whole connection. ``conversation_id``: its place."""

    seen: Observed
    verdict: Provoked
    conversation_id: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ProvokedServer:
    """``rows``: a place a provocation, None where it was not run (yet). ``trouble``: why no more is run,
    as a sentence. ``reached``: a plain connection opened before anything else. ``pongs``: and answered a
    Ping; without that nobody can tell whether the server goes on. ``running``: places under way. ``lab``:
    as of the plan."""

    name: str
    url: str
    rows: tuple[ProvokedRow | None, ...]
    running: tuple[int, ...] = ()
    over: bool = False
    trouble: str = ""
    reached: bool = False
    pongs: bool = True
    lab: str = ""

    @property
    def done(self) -> int:
        return sum(row is not None for row in self.rows)

    def count(self, result: Result) -> int:
        """How many provocations came to ``result``."""
        return sum(row is not None and row.verdict.result is result for row in self.rows)


@dataclass(frozen=True, slots=True)
class ProvokeResults:
    """One immutable value, replaced as a whole. ``path``: the capture, a conversation a provocation."""

    serial: int
    phase: SweepPhase
    provocations: tuple[Provocation, ...]
    servers: tuple[ProvokedServer, ...]
    began_wall_ns: int
    seconds: float
    at_once: int
    timeout: float
    path: str
    trouble: str = ""
    pace: float = field(default=0.0, kw_only=True)

    @property
    def total(self) -> int:
        return len(self.provocations) * len(self.servers)

    @property
    def done(self) -> int:
        return sum(server.done for server in self.servers)

    @property
    def running(self) -> bool:
        return self.phase is SweepPhase.RUNNING

    @property
    def faults(self) -> int:
        """Rows that are not as the standard requires, or crashed."""
        return sum(server.count(Result.WRONG) + server.count(Result.CRASHED) for server in self.servers)

    def place(self, server: int, provocation: int) -> CellPlace | None:
        """Where a row, both counted from 0, is kept; None where it was not run."""
        row = self.servers[server].rows[provocation]
        return None if row is None else CellPlace(self.path, row.conversation_id, 1)
