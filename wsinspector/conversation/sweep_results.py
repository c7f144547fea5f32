"""What a sweep found, in one shape, whether it is still running, has ended, or is read from a capture."""

import enum
from dataclasses import dataclass, field

from wsinspector.protocol.sweep_requests import Odd
from wsinspector.verdicts.sweep_cells import Probe


@dataclass(frozen=True, slots=True)
class SweptServer:
    """A server and its answers.

    ``probes``: one place a request of the sweep, in their order, None where there is no answer (yet).
    ``conversation_id``: where its attempts are in the capture; the attempt of a cell has the number
    :attr:`Probe.number`. ``running``: requests under way. ``over``: nothing more will be asked.
    ``trouble``: why it was given up, as a sentence; empty where it was not. ``lab``: as of the plan.
    """

    name: str
    url: str
    conversation_id: int
    probes: tuple[Probe | None, ...]
    running: int = 0
    over: bool = True
    trouble: str = ""
    lab: str = ""

    @property
    def done(self) -> int:
        return sum(probe is not None for probe in self.probes)

    @property
    def reached(self) -> bool:
        """Whether at least one request was sent."""
        return any(probe is not None and probe.reached for probe in self.probes)


class SweepPhase(enum.Enum):
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SweepResults:
    """One immutable value, replaced as a whole; safe to read from any thread.

    ``began_wall_ns``: the calendar's time; ``seconds`` from there to the last answer. ``path`` of the
    capture in which every cell can be opened: see :class:`CellPlace`.
    """

    serial: int
    phase: SweepPhase
    odds: tuple[Odd, ...]
    servers: tuple[SweptServer, ...]
    began_wall_ns: int
    seconds: float
    sets: tuple[str, ...] = ()
    at_once: int = 0
    pace: float = 0.0
    timeout: float = 0.0
    path: str = ""
    trouble: str = field(default="", kw_only=True)

    @property
    def total(self) -> int:
        return len(self.odds) * len(self.servers)

    @property
    def done(self) -> int:
        return sum(server.done for server in self.servers)

    @property
    def running(self) -> bool:
        return self.phase is SweepPhase.RUNNING

    def place(self, server: int, odd: int) -> "CellPlace | None":
        """Where the cell of a server and a request, both counted from 0, is kept; None without one."""
        probe = self.servers[server].probes[odd]
        if probe is None:
            return None
        return CellPlace(self.path, self.servers[server].conversation_id, probe.number)


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell as a full conversation: attempt ``attempt`` (from 1) of a conversation in the file ``path``."""

    path: str
    conversation_id: int
    attempt: int
