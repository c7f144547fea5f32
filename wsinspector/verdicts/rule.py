"""The form every rule on an answer has, so that the rules can be listed and run as a table."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.http import Head, HeadLine, HttpAnomaly, Response
from wsinspector.protocol.spans import Span
from wsinspector.verdicts.finding import Fault, Finding, Passed, Severity, Subject


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at: the request as sent and the answer as far as it came."""

    request_bytes: bytes
    request: Head
    response: Response
    interim: tuple[Response, ...]


class Applies(enum.Enum):
    """To which answers a rule applies; SWITCHED is a whole head with status 101."""

    ALWAYS = enum.auto()
    SWITCHED = enum.auto()
    REFUSED = enum.auto()


@dataclass(frozen=True, slots=True)
class Bad:
    """A rule is not met. ``clause`` and ``why`` replace the rule's own where they are set."""

    text: str
    subjects: tuple[Subject, ...] = ()
    severity: Severity = Severity.BREAKS
    fault: Fault = Fault.SERVER
    clause: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Good:
    """A rule is met."""

    text: str


Check = Callable[[Case], Iterator[Bad | Good]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` is stable and goes into reports. ``why`` is two sentences."""

    name: str
    clause: str
    applies: Applies
    why: str
    check: Check

    def judge(self, case: Case) -> tuple[list[Finding], list[Passed]]:
        findings: list[Finding] = []
        passed: list[Passed] = []
        for result in self.check(case):
            if isinstance(result, Good):
                passed.append(Passed(self.name, self.clause, result.text))
                continue
            clause, why = result.clause or self.clause, result.why or self.why
            findings.append(
                Finding(self.name, result.severity, result.fault, clause, result.text, why, result.subjects)
            )
        return findings, passed


def on_lines(side: str, lines: tuple[HeadLine, ...]) -> tuple[Subject, ...]:
    """Subjects for whole header lines."""
    return tuple(Subject(side, line.span, line.name) for line in lines)


def on_status_line(response: Response) -> tuple[Subject, ...]:
    start = response.head.span.start
    return (Subject("response", Span(start, start + len(response.head.start_line))),)


def spans_of(response: Response, *codes: HttpAnomaly) -> list[Span]:
    """Where the reader saw one of ``codes``."""
    return [seen.span for seen in response.anomalies if seen.code in codes]


def shown(value: bytes, most: int = 60) -> str:
    """Bytes for a sentence: every odd one escaped, shortened, never empty."""
    text = escape_value(value[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"
