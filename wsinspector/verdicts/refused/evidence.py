"""Gathers what the bytes of an attempt say of a refusal, so that each rule reads and none parses."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.protocol.dialects import RFC6455, spoken_for
from wsinspector.protocol.head_reader import RequestLine, parse_request, request_parts
from wsinspector.protocol.http import Head, HeadLine, Response
from wsinspector.protocol.version import FIELD, LinesJudgement, judge_request_lines, judge_value, list_members
from wsinspector.verdicts.finding import Finding, Severity, Subject
from wsinspector.verdicts.refused.complaints import Aspect, Complaint, complaints_of
from wsinspector.verdicts.refused.telling import Before, Quote
from wsinspector.verdicts.request_rules import judge_request
from wsinspector.verdicts.rule import on_lines, on_status_line, shown

LONGEST_QUOTE = 120
"""Characters of a quote; a page is no evidence, a sentence of it is."""

MOST_QUOTED = 8
"""Lines of one name that are evidence; a mebibyte has room for a hundred thousand."""

_VERSION_RULES = frozenset({"request-version", "request-version-form", "request-version-once"})


@dataclass(frozen=True, slots=True)
class RefusedCase:
    """What the rules on a refusal look at.

    ``old_dialect``: the draft whose handshake has no Sec-WebSocket-Key, where the request is one of it.
    ``response``: None where no byte came. ``complaints``: what the answer's own words speak of.
    ``reasons``: what a server must refuse the request for, whatever it answered.
    ``certificates``: subject and issuer of each certificate shown, as text.
    """

    data: bytes
    request: Head
    line: RequestLine
    response: Response | None
    said: tuple[bytes, ...]
    judged: LinesJudgement
    listed: tuple[bytes, ...]
    complaints: tuple[Complaint, ...]
    reasons: tuple[Finding, ...]
    earlier: tuple[Before, ...]
    certificates: tuple[str, ...]
    old_dialect: str

    @property
    def status(self) -> int:
        """The status of a whole head; 0 where there is none."""
        response = self.response
        return response.status or 0 if response is not None and response.head.complete else 0

    @property
    def answer(self) -> Response:
        """The answer, for rules that apply only where there is one."""
        assert self.response is not None
        return self.response

    @property
    def asks_upgrade(self) -> bool:
        """Whether the request has both headers that ask for WebSocket."""
        upgrade = [member.lower() for member in self.request.members(b"Upgrade")]
        connection = [member.lower() for member in self.request.members(b"Connection")]
        return b"websocket" in upgrade and b"upgrade" in connection

    @property
    def one_listed(self) -> bool:
        """Whether the one version sent is in the list of the answer."""
        return len(self.said) == 1 and self.said[0] in self.listed

    @property
    def other_reasons(self) -> tuple[Finding, ...]:
        """What the request must be refused for apart from its version."""
        return tuple(each for each in self.reasons if each.rule not in _VERSION_RULES)

    @property
    def version_reasons(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.reasons if each.rule in _VERSION_RULES)

    def complaint(self, *aspects: Aspect) -> Complaint | None:
        """The first complaint about one of ``aspects``."""
        return next((each for each in self.complaints if each.aspect in aspects), None)

    def sent_text(self) -> str:
        """The version lines as a person reads them, what is no version in quotes; empty where none is."""
        return " + ".join(_readable(value) for value in self.said[:4])

    def listed_text(self) -> str:
        return shown(b", ".join(self.listed), 80)


def _readable(value: bytes) -> str:
    return shown(value) if judge_value(value).ok else f"“{shown(value, 40)}”"


def case_of(
    request: bytes,
    response: Response | None,
    earlier: Sequence[Before] = (),
    certificates: Sequence[str] = (),
) -> RefusedCase:
    """Read once what the rules ask for."""
    head = parse_request(request)
    said = head.values(FIELD)
    # Most servers know RFC 6455 alone: by its rules 8 is a reason to refuse, whatever draft it names.
    dialect = RFC6455 if head.named(b"Sec-WebSocket-Key") else spoken_for(request)
    usable = response is not None and response.head.complete
    listed = list_members(response.head.values(FIELD)) if usable and response is not None else ()
    return RefusedCase(
        request,
        head,
        request_parts(head),
        response,
        said,
        judge_request_lines(said),
        listed,
        complaints_of(response) if response is not None and response.status != 101 else (),
        _reasons(request, dialect),
        tuple(earlier),
        tuple(certificates),
        dialect if dialect != RFC6455 else "",
    )


@functools.lru_cache(maxsize=64)
def _reasons(request: bytes, dialect: str) -> tuple[Finding, ...]:
    verdict = judge_request(request, dialect=dialect)
    return tuple(each for each in verdict.findings if each.severity is Severity.BREAKS)


def on_version_sent(case: RefusedCase) -> tuple[Subject, ...]:
    return on_header(case, FIELD, "request")


def on_version_offered(case: RefusedCase) -> tuple[Subject, ...]:
    return on_header(case, FIELD)


def on_status(case: RefusedCase) -> tuple[Subject, ...]:
    return on_status_line(case.answer)


def on_header(case: RefusedCase, name: bytes, side: str = "response") -> tuple[Subject, ...]:
    head = case.request if side == "request" else case.answer.head
    return on_lines(side, head.named(name)[:MOST_QUOTED])


def on_body(case: RefusedCase) -> tuple[Subject, ...]:
    return (Subject("response", case.answer.body_span),) if case.answer.body else ()


def quoted(case: RefusedCase, subject: Subject) -> Quote:
    """The words of a subject: what complains, else the whole line it is in, else the body's beginning."""
    span = subject.span
    response = case.response
    if subject.side == "response":
        told = next((each for each in case.complaints if each.span == span), None)
        if told is not None:
            return Quote(subject, told.text)
    head = case.request if subject.side == "request" else response.head if response is not None else None
    if head is None:
        return Quote(subject, "")
    for line in head.lines:
        if line.span.start <= span.start and span.end <= line.span.end:
            return Quote(subject, _cut(line.name + line.between + line.value))
    start = head.span.start
    if start <= span.start <= start + len(head.start_line) and head.start_line:
        return Quote(subject, _cut(head.start_line))
    if subject.side == "request":
        return Quote(subject, _cut(case.data[span.start : span.end]))
    return Quote(subject, _cut(response.body) if response is not None else "")


def line_quote(line: HeadLine) -> Quote:
    """A whole line of the answer."""
    return Quote(Subject("response", line.span, line.name), _cut(line.name + line.between + line.value))


def _cut(data: bytes) -> str:
    return shown(data.strip(b" \t\r\n"), LONGEST_QUOTE)
