"""Ratios inside one run, with their spread: machines differ and are noisy, figures alone say nothing."""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, lowest and highest of what repetitions gave."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        found = sorted(values)
        return cls(statistics.median(found), found[0], found[-1])


@dataclass(frozen=True, slots=True)
class Once:
    """One repetition: CPU and wall seconds for ``amount`` of something."""

    amount: float
    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours against a peer, repetition by repetition.

    ``unit`` says what an amount is ("frames"); where it is "start", less time is better and the
    ratio is ours / peer, else more a second is better. ``decides``: the clock the goal is held
    against, "cpu" or "wall". ``goal`` None: reported, not judged.
    """

    row: int
    what: str
    case: str
    peer: str
    unit: str
    decides: str
    goal: float | None
    ours: tuple[Once, ...]
    peers: tuple[Once, ...]

    @property
    def costs_time(self) -> bool:
        return self.unit == "start"

    def figures(self, which: tuple[Once, ...], clock: str) -> Spread:
        """Units a second of ``clock``, or seconds where the unit is a start."""
        times = [(once.amount, getattr(once, clock)) for once in which]
        if self.costs_time:
            return Spread.of(seconds / amount for amount, seconds in times)
        return Spread.of(amount / max(seconds, 1e-9) for amount, seconds in times)

    def ratios(self, clock: str) -> Spread:
        """Ours / peer of each pair of repetitions that ran next to each other."""
        found = []
        for mine, other in zip(self.ours, self.peers, strict=True):
            cost = (getattr(mine, clock) / mine.amount) / (getattr(other, clock) / other.amount)
            found.append(cost if self.costs_time else 1 / cost)
        return Spread.of(found)

    @property
    def reached(self) -> bool | None:
        if self.goal is None:
            return None
        ratio = self.ratios(self.decides).median
        return ratio <= self.goal if self.costs_time else ratio >= self.goal

    def as_json(self) -> dict[str, Any]:
        clocks = ("cpu", "wall")
        return {
            "row": self.row,
            "what": self.what,
            "case": self.case,
            "peer": self.peer,
            "unit": "seconds" if self.costs_time else f"{self.unit} a second",
            "decides": self.decides,
            "goal": self.goal,
            "reached": self.reached,
            "repetitions": len(self.ours),
            "ours": {clock: asdict(self.figures(self.ours, clock)) for clock in clocks},
            "peer_figures": {clock: asdict(self.figures(self.peers, clock)) for clock in clocks},
            "ratio": {clock: asdict(self.ratios(clock)) for clock in clocks},
        }


@dataclass(frozen=True, slots=True)
class Held:
    """A figure held against a limit of its own, not against a peer; less is better.

    ``unit``: "ms", "bytes", "MB" … of ``values``, one a repetition. ``limit`` None: reported, not
    judged. ``beside``: what was measured with it and explains it, by name and in the same unit.
    """

    row: int
    what: str
    case: str
    unit: str
    limit: float | None
    values: tuple[float, ...]
    beside: tuple[tuple[str, float], ...] = ()

    @property
    def reached(self) -> bool | None:
        return None if self.limit is None else Spread.of(self.values).median <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "what": self.what,
            "case": self.case,
            "unit": self.unit,
            "limit": self.limit,
            "reached": self.reached,
            "repetitions": len(self.values),
            "values": asdict(Spread.of(self.values)),
            "beside": dict(self.beside),
        }


Measured = Comparison | Held


def alternate(repetitions: int, ours: Callable[[], Once], peer: Callable[[], Once]) -> dict[str, Any]:
    """Run both in turn, so that a busy moment of the machine meets both; arguments of Comparison."""
    mine, others = [], []
    for _ in range(repetitions):
        mine.append(ours())
        others.append(peer())
    return {"ours": tuple(mine), "peers": tuple(others)}


def child(
    module: str, *arguments: str, environment: dict[str, str] | None = None, patience: float = 120
) -> dict[str, Any]:
    """Run a module of this folder in a process of its own; the JSON it prints last."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=patience, env=environment
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def fresh_home(folder: Path) -> dict[str, str]:
    """An environment without a screen and without anything kept from earlier but compiled modules."""
    places = {
        "HOME": ".",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
        "XDG_CACHE_HOME": "cache",
        "XDG_RUNTIME_DIR": "run",
    }
    for name in places.values():
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    found = {name: str(folder / place) for name, place in places.items()}
    # Where a program is installed its modules are compiled once, not at each start.
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**outside, **found, "QT_QPA_PLATFORM": "offscreen"}


def machine() -> dict[str, str]:
    """What the figures belong to, as far as it matters."""
    return {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}


def _figure(value: float, costs_time: bool) -> str:
    if costs_time:
        return f"{value * 1000:.0f} ms"
    return f"{value / 1e6:.2f} M/s" if value >= 1e6 else f"{value / 1e3:.1f} k/s"


def table(measured: Iterable[Measured]) -> str:
    """What was measured as text, a line each: ratios against a peer, then figures against a limit."""
    found = list(measured)
    compared = [one for one in found if isinstance(one, Comparison)]
    held = [one for one in found if isinstance(one, Held)]
    parts = [_compared(compared)] if compared else []
    return "\n\n".join([*parts, *([_held(held)] if held else [])])


def _held(figures: Iterable[Held]) -> str:
    lines = [["row", "what", "median (lowest – highest)", "beside", "limit"]]
    for one in figures:
        spread = Spread.of(one.values)
        verdict = {True: " reached", False: " missed", None: ""}[one.reached]
        lines.append(
            [
                str(one.row),
                f"{one.what}, {one.case}" if one.case else one.what,
                f"{spread.median:.4g} {one.unit} ({spread.low:.4g} – {spread.high:.4g})",
                ", ".join(f"{name} {value:.4g}" for name, value in one.beside),
                "reported" if one.limit is None else f"≤ {one.limit:g}{verdict}",
            ]
        )
    return "\n".join(_laid_out(lines))


def _laid_out(lines: list[list[str]]) -> list[str]:
    """Cells in columns, a rule under the first line."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    text.insert(1, "  ".join("-" * width for width in widths))
    return text


def _compared(comparisons: list[Comparison]) -> str:
    """The comparisons, a line each; ratios as median (lowest – highest)."""
    figures = [f"{whose} {clock}" for whose in ("ours", "peer", "ratio") for clock in ("cpu", "wall")]
    head = ["row", "what", *figures, "goal"]
    lines = [head]
    for one in comparisons:
        cells = [str(one.row), f"{one.what}, {one.case}" if one.case else one.what]
        for which in (one.ours, one.peers):
            for clock in ("cpu", "wall"):
                cells.append(_figure(one.figures(which, clock).median, one.costs_time))
        for clock in ("cpu", "wall"):
            ratio = one.ratios(clock)
            mark = "*" if clock == one.decides else ""
            cells.append(f"{ratio.median:.2f}{mark} ({ratio.low:.2f} – {ratio.high:.2f})")
        sign = "≤" if one.costs_time else "≥"
        verdict = {True: " reached", False: " missed", None: ""}[one.reached]
        cells.append("reported" if one.goal is None else f"{sign} {one.goal:g}{verdict}")
        lines.append(cells)
    peers = sorted({(one.row, one.peer) for one in comparisons})
    notes = [f"row {row} against {peer}" for row, peer in peers]
    return "\n".join(
        [*_laid_out(lines), "", *notes, "* the clock the goal is held against; median (lowest – highest)"]
    )
