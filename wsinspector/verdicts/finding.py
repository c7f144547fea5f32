"""What a rule says of recorded bytes."""

import enum
from dataclasses import dataclass

from wsinspector.protocol.spans import Span


class Severity(enum.Enum):
    """BREAKS: no conforming client opens. VIOLATES: a clause is not met. Worst first."""

    BREAKS = "breaks"
    VIOLATES = "violates"
    UNUSUAL = "unusual"
    NOTE = "note"


class Fault(enum.Enum):
    """The side a finding blames. A refusal in itself is nobody's fault."""

    CLIENT = "client"
    SERVER = "server"
    EITHER = "either"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Subject:
    """Bytes a finding speaks of.

    ``side`` is "request" or "response"; ``span`` counts from that side's first byte. ``header``
    is the name as it stands there, None for bytes that are no header.
    """

    side: str
    span: Span
    header: bytes | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """``text``: one sentence, what was found and what was expected. ``why``: two sentences."""

    rule: str
    severity: Severity
    fault: Fault
    clause: str
    text: str
    why: str
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that was checked and is met."""

    rule: str
    clause: str
    text: str


_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings, worst first, otherwise in the order of the rules; and what was met."""

    findings: tuple[Finding, ...]
    passed: tuple[Passed, ...]

    @classmethod
    def of(cls, findings: list[Finding], passed: list[Passed]) -> "Verdict":
        return cls(tuple(sorted(findings, key=lambda each: _ORDER[each.severity])), tuple(passed))

    @property
    def breaks(self) -> bool:
        """Whether a conforming client ends without an open connection."""
        return any(finding.severity is Severity.BREAKS for finding in self.findings)
