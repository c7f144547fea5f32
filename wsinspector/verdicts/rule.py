"""The form every rule has, whatever bytes it speaks of, so that rules can be listed and run as a table."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.head_reader import RequestLine
from wsinspector.protocol.http import Head, HeadLine, HttpAnomaly, Response
from wsinspector.protocol.spans import Role, Span
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Fault, Finding, Passed, Severity, Subject


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules on an answer look at: the request as sent and the answer as far as it came.

    ``dialect``: what the handshake speaks.
    ``kept_open``: the server had not ended its side when the reading of a whole answer stopped.
    """

    request_bytes: bytes
    request: Head
    response: Response
    interim: tuple[Response, ...]
    kept_open: bool = False
    dialect: str = "rfc6455"


@dataclass(frozen=True, slots=True)
class RequestCase:
    """What the rules on a request look at.

    ``dialect``: the name of what it speaks, ``version`` that dialect's Sec-WebSocket-Version.
    ``tail``: bytes after the blank line that belong to the handshake. ``refusal``: why a server
    of an older draft must refuse it, empty where it may answer, None where RFC 6455's rules judge.
    """

    data: bytes
    head: Head
    line: RequestLine
    dialect: str
    version: bytes
    tail: int
    refusal: str | None


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """One frame of one side: where it begins, its header as it travelled, and what is wrong with it.

    ``length``: payload bytes as declared. ``anomalies``: the bits of FrameAnomaly, as a plain integer.
    ``close_body``: of a Close frame, unmasked; else None.
    """

    offset: int
    header: bytes
    length: int
    anomalies: int
    close_body: bytes | None = None


@dataclass(frozen=True, slots=True)
class FramesCase:
    """What the rules on frames look at: one side's bytes from the first after the handshake.

    ``frames``: those in which something is wrong, and every Close frame.
    """

    data: bytes
    sender: Role
    agreed: Agreed
    frames: tuple[SeenFrame, ...]


class Applies(enum.Enum):
    """Where a rule applies.

    Of answers: SWITCHED is a whole head with status 101, REFUSED any other whole head. Of requests:
    STANDARD are those of RFC 6455 and of the drafts that share its rules, DRAFT those of other drafts.
    """

    ALWAYS = enum.auto()
    SWITCHED = enum.auto()
    REFUSED = enum.auto()
    STANDARD = enum.auto()
    DRAFT = enum.auto()


class About(enum.Enum):
    """The bytes a rule speaks of; the values are the words shown."""

    RESPONSE = "response"
    REQUEST = "request"
    FRAMES = "frames"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Bad:
    """A rule is not met. What is set here replaces the rule's own."""

    text: str
    subjects: tuple[Subject, ...] = ()
    severity: Severity | None = None
    fault: Fault | None = None
    clause: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Good:
    """A rule is met."""

    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """Bytes that show a rule.

    ``before``: attempts made earlier on the same address. ``certificate``: the subject of the one shown.
    ``data``: what the rule speaks of: an answer, a request or one side's frames. ``request``: what
    an answer answers. ``sender``, ``agreed``: of frames. ``ended``: the stream ends behind ``data``;
    else it stays open in silence. ``limit``: bytes of a head, body or message that are read, 0 for
    the program's own limits.
    """

    data: bytes
    request: bytes = b""
    sender: Role = Role.CLIENT
    agreed: Agreed = NOTHING_AGREED
    ended: bool = True
    limit: int = 0
    before: "tuple[Example, ...]" = ()
    certificate: str = ""


MOST_FINDINGS = 20
"""Findings of one rule that are told; a head of a mebibyte has room for a hundred thousand."""

C = TypeVar("C")

Result = Iterator[Bad | Good]
Check = Callable[[Case], Result]
RequestCheck = Callable[[RequestCase], Result]


@dataclass(frozen=True, slots=True)
class Rule(Generic[C]):
    """``name`` is stable and goes into reports.

    ``why``: two sentences. ``what``: one, what is asked for. ``severity`` and ``fault``: what a
    finding has unless its bytes call for less. ``passing`` has no finding of this rule, ``failing`` one.
    ``fill``: names and values for ``what`` and ``why``, which then are patterns.
    """

    name: str
    clause: str
    applies: Applies
    why: str
    check: Callable[[C], Result]
    what: str = field(default="", kw_only=True)
    passing: Example = field(default=Example(b""), kw_only=True)
    failing: Example = field(default=Example(b""), kw_only=True)
    severity: Severity = field(default=Severity.BREAKS, kw_only=True)
    fault: Fault = field(default=Fault.SERVER, kw_only=True)
    about: About = field(default=About.RESPONSE, kw_only=True)
    fill: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    @property
    def told_what(self) -> str:
        """``what`` as it is shown."""
        return self.told(self.what)

    @property
    def told_why(self) -> str:
        """``why`` as it is shown."""
        return self.told(self.why)

    def told(self, text: str) -> str:
        """A sentence of this rule in the language of the program, what :attr:`fill` names filled in."""
        shown = translate("Rules", text) if text else text
        if not self.fill:
            return shown
        return shown.format(**dict(self.fill))

    def judge(self, case: C) -> tuple[list[Finding], list[Passed]]:
        findings: list[Finding] = []
        passed: list[Passed] = []
        for result in self.check(case):
            if isinstance(result, Good):
                passed.append(Passed(self.name, self.clause, result.text))
                continue
            if len(findings) == MOST_FINDINGS:
                break
            findings.append(
                Finding(
                    self.name,
                    result.severity or self.severity,
                    result.fault or self.fault,
                    result.clause or self.clause,
                    result.text,
                    self.told(result.why) if result.why else self.told_why,
                    result.subjects,
                )
            )
        return findings, passed


def on_lines(side: str, lines: tuple[HeadLine, ...]) -> tuple[Subject, ...]:
    """Subjects for whole header lines."""
    return tuple(Subject(side, line.span, line.name) for line in lines)


def on_status_line(response: Response) -> tuple[Subject, ...]:
    return on_start_line("response", response.head)


def on_start_line(side: str, head: Head) -> tuple[Subject, ...]:
    start = head.span.start
    return (Subject(side, Span(start, start + len(head.start_line))),)


def spans_of(response: Response, *codes: HttpAnomaly) -> list[Span]:
    """Where the reader saw one of ``codes``."""
    return [seen.span for seen in response.anomalies if seen.code in codes]


def shown(value: bytes, most: int = 60) -> str:
    """Bytes for a sentence: every odd one escaped, shortened, never empty."""
    text = escape_value(value[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 byte``, ``2 bytes``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def again(pattern: str, count: int) -> str:
    """How often a rule is broken, a blank before it; more than once.

    ``pattern``: the sentence before its places were filled in. One that names a place names the first.
    """
    if "{line}" not in pattern and "{name}" not in pattern and "{at}" not in pattern:
        return f" ({count} times)"
    return f" (and {count - 1} more)"
