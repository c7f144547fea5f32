"""What looking a capture over has found: values, so that a person, a window and a program read the same."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from wsinspector.protocol.spans import Direction

REPAIRED = "repaired"
LOST = "lost"
CHANGED = "changed"
NOTED = "noted"

MOST = 1000
"""Findings that are kept one by one; of a file in worse condition the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    ``kind``: "file", "row", "text", "bytes", "frames" or "checkpoint". ``outcome``: REPAIRED (worked out
    again from the bytes), LOST, CHANGED (there, but not as it was written) or NOTED (no damage).
    ``start`` to ``stop - 1``: byte offsets of ``direction``, or frame numbers. ``earlier``: damage that a
    repair has noted.
    """

    kind: str
    outcome: str
    text: str
    attempt: int | None = None
    direction: Direction | None = None
    start: int | None = None
    stop: int | None = None
    earlier: bool = False

    @property
    def damage(self) -> bool:
        return self.outcome != NOTED

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        if self.direction is not None:
            found["direction"] = "in" if self.direction is Direction.IN else "out"
        if not self.earlier:
            del found["earlier"]
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Report:
    """How a capture was found. ``whole``: every byte and block was looked at, not only how they lie.

    ``counts``: what there is ("conversations", "attempts", "frames", "bytes_in", "bytes_out", "compared":
    frames held against their bytes). ``more``: findings beyond those listed. ``written``: the file itself
    was repaired; otherwise what is repaired holds for the reader that was looked through.
    """

    path: str
    whole: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    more: int = 0
    written: bool = False

    @property
    def fine(self) -> bool:
        return not any(finding.damage for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "whole": self.whole,
            "fine": self.fine,
            "written": self.written,
            "counts": dict(self.counts),
            "findings": [finding.as_json() for finding in self.findings],
            "more": self.more,
        }


class Findings:
    """Collects findings, each once."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}
        self.more = 0

    def add(self, finding: Finding) -> None:
        if finding in self._found:
            return
        if len(self._found) >= MOST:
            self.more += 1
            return
        self._found[finding] = None

    def extend(self, findings: "Findings") -> None:
        for finding in findings.listed():
            self.add(finding)
        self.more += findings.more

    def listed(self) -> tuple[Finding, ...]:
        return tuple(self._found)

    def __len__(self) -> int:
        return len(self._found)
