"""One cell of a sweep: what a server made of one odd request, judged from bytes and not by the status."""

import enum
from dataclasses import dataclass
from functools import cached_property

from wsinspector.protocol.dialects import recognise
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import ResponseReader
from wsinspector.protocol.sweep_requests import CONTROL, Odd
from wsinspector.protocol.version import FIELD, judge_value, list_members
from wsinspector.translate import translate
from wsinspector.verdicts.expected import Expectation, expected_of
from wsinspector.verdicts.finding import Finding, Severity, Verdict
from wsinspector.verdicts.outcome import Outcome, outcome_of
from wsinspector.verdicts.refusal import supported_versions
from wsinspector.verdicts.refused import Kind, understand_refusal
from wsinspector.verdicts.response_rules import judge_response


class Ended(enum.Enum):
    """How the reading of an answer ended."""

    DONE = "done"  # we had all of it and ended
    FIN = "fin"
    RST = "rst"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    NETWORK = "network"  # there was no connection to ask on


class Tone(enum.Enum):
    """How a cell is marked, and how weighty a sentence on a server is; worst first.

    FINDING: a clause is not met. REMARK: worth a look. OPENED: a 101 in order. QUIET: any other answer
    in order. UNKNOWN: nothing can be said, as there was no connection.
    """

    FINDING = "finding"
    REMARK = "remark"
    OPENED = "opened"
    QUIET = "quiet"
    UNKNOWN = "unknown"


def answer_reader(request: bytes) -> ResponseReader:
    """Reads the answer to ``request``; only one with a Key1 line can have a digest behind its 101."""
    tail = 0
    if b"-key1" in request.lower():
        tail = recognise(parse_request(request)).handshake.answer_tail
    return ResponseReader(method=request.partition(b" ")[0], answer_tail=tail)


@dataclass(frozen=True)
class Probe:
    """The evidence of one cell; whatever else it says is worked out from it when first asked for.

    ``number``: of the attempt in its conversation. ``answer``: the bytes that came. ``milliseconds``: from
    the dial to the end of the head, None without one. ``network_error``: why there was no connection.
    """

    odd: Odd
    number: int
    request: bytes
    answer: bytes
    ended: Ended
    network_error: str = ""
    milliseconds: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the request was sent."""
        return not self.network_error

    @cached_property
    def _reader(self) -> ResponseReader:
        reader = answer_reader(self.request)
        reader.feed(self.answer)
        if self.ended in (Ended.FIN, Ended.RST):
            reader.eof()
        elif self.ended is not Ended.CANCELLED:
            reader.idle()  # what is there by now is all there is
        return reader

    @cached_property
    def response(self) -> Response | None:
        """The final answer as far as it came; None before its first byte."""
        return self._reader.response

    @property
    def interim(self) -> tuple[Response, ...]:
        """The 1xx answers before it."""
        return self._reader.interim

    @cached_property
    def verdict(self) -> Verdict | None:
        """The client's checks on the answer; None where nothing was asked or the asking was cancelled."""
        cut = self.ended is Ended.CANCELLED and (self.response is None or not self.response.head.complete)
        if not self.reached or cut:
            return None
        return judge_response(self.request, self.response, interim=self.interim)

    @cached_property
    def expectation(self) -> Expectation:
        """What a conforming server owes the request."""
        return expected_of(self.request)

    @cached_property
    def outcome(self) -> Outcome | None:
        """As of an attempt; None where it was cancelled."""
        return outcome_of(
            self.verdict,
            self.response,
            network_error=bool(self.network_error),
            closed=self.ended in (Ended.FIN, Ended.RST),
            timed_out=self.ended is Ended.TIMEOUT,
        )

    @property
    def status(self) -> int | None:
        """Of a whole head."""
        whole = self.response is not None and self.response.head.complete
        return self.response.status if whole and self.response is not None else None

    @cached_property
    def listed(self) -> tuple[str, ...] | None:
        """The versions an error lists; None where it lists none."""
        return supported_versions(self.response) if self.status is not None else None

    @cached_property
    def said(self) -> tuple[bytes, ...]:
        """The version values as a server reads them, one a line."""
        return parse_request(self.request).values(FIELD)

    @cached_property
    def number_said(self) -> int | None:
        """The one version the request names, 0 to 255; None where it names none, several or no version."""
        judged = [judge_value(value) for value in self.said]
        return judged[0].number if len(judged) == 1 and judged[0].ok else None

    @property
    def opened(self) -> bool:
        """Whether the answer is a 101, whatever is wrong with it."""
        return self.status == 101

    @property
    def about_version(self) -> bool:
        """Whether the version lines are what is odd, or nothing is."""
        return self.odd.values is not None

    @property
    def is_control(self) -> bool:
        return self.odd.id == CONTROL

    @cached_property
    def _cells(self) -> dict[tuple[tuple[str, ...], int | None], "Cell"]:
        return {}

    def cell(self, listed: tuple[str, ...] = (), control: int | None = None) -> "Cell":
        """As :func:`judge_cell`, worked out once: a table is asked for many times while it fills."""
        known = (listed, control)
        if known not in self._cells:
            self._cells[known] = judge_cell(self, listed, control)
        return self._cells[known]

    def findings(self, *rules: str) -> tuple[Finding, ...]:
        """The findings of these rules on the answer."""
        found = self.verdict.findings if self.verdict is not None else ()
        return tuple(each for each in found if each.rule in rules)


@dataclass(frozen=True, slots=True)
class Cell:
    """``short``: for a table, without a mark: ``426 → 13, 8``. ``text``: one or two sentences.

    ``clause`` is empty where none is missed.
    """

    tone: Tone
    short: str
    text: str
    clause: str = ""


NOT_REACHED = "not reached"
"""What stands in a cell for want of a connection."""

MAY_REFUSE = (401, 403, 404, 407, 414, 421, 429, 431, 501, 505, 511)
"""Statuses by which a server refuses for reasons that no rule of the handshake speaks of."""


def may_open(probe: Probe) -> bool:
    """Whether a conforming server may answer with a 101."""
    return probe.odd.free or not probe.expectation.must_refuse


def may_refuse(probe: Probe) -> bool:
    """Whether something besides the version lines is odd, for which a server may or must refuse."""
    return not probe.about_version and (probe.odd.free or probe.expectation.must_refuse)


def judge_cell(probe: Probe, listed: tuple[str, ...] = (), control: int | None = None) -> Cell:
    """What the answer is worth. ``listed``: the versions that the server lists elsewhere, where it does.

    ``control``: the status with which it answers 13 in which nothing is odd; None where that is not known.
    """
    if not probe.reached:
        return Cell(
            Tone.UNKNOWN, NOT_REACHED, translate("SweepCells", "Not reached. {0}").format(probe.network_error)
        )
    if probe.ended is Ended.CANCELLED and probe.status is None:
        return Cell(
            Tone.UNKNOWN,
            "cancelled",
            translate("SweepCells", "The sweep was cancelled before an answer came."),
        )
    outcome = probe.outcome
    if outcome in (Outcome.NO_ANSWER, Outcome.CLOSED, Outcome.NOT_HTTP) or outcome is None:
        return _without_answer(probe, outcome)
    return _opened(probe, listed) if probe.opened else _refused(probe, control)


def short_of(probe: Probe) -> str:
    """The answer in a few characters, judged by nothing: ``101``, ``426 → 13``, ``400``."""
    if probe.status is None:
        return ""
    versions = _versions_line(probe)
    return f"{probe.status} → {versions}" if versions else str(probe.status)


def _versions_line(probe: Probe) -> str:
    if probe.response is None:
        return ""
    values = probe.response.head.values(FIELD)
    return ", ".join(member.decode("latin-1") for member in list_members(values))


def _must_answer(probe: Probe) -> str:
    """The clause on an HTTP answer to a handshake that is wrong, or on what one in order gets."""
    return "RFC 6455 §4.2.1" if probe.expectation.must_refuse else "RFC 6455 §4.2.2"


def _without_answer(probe: Probe, outcome: Outcome | None) -> Cell:
    if outcome is Outcome.NOT_HTTP:
        return Cell(
            Tone.FINDING,
            translate("SweepCells", "no HTTP"),
            translate("SweepCells", "What came is no HTTP answer."),
            _must_answer(probe),
        )
    early = any(b"\n" in value for value in probe.odd.values or ())
    waits = bool(probe.expectation.reasons) and not probe.expectation.must_refuse
    excused = waits or early
    tone = Tone.REMARK if excused else Tone.FINDING
    clause = "" if excused else _must_answer(probe)
    why = (
        translate("SweepCells", " The request is not whole, so the server may wait for the rest.")
        if waits
        else ""
    )
    if early:  # two things are odd to such a reader, and the second has no answer that HTTP fixes
        why = translate(
            "SweepCells",
            " A reader that takes a lone LF for the end of a line (RFC 9112 §2.2) sees a blank line behind "
            "it: the request ends there, and bytes follow that are none of it.",
        )
    half = probe.response is not None or bool(probe.interim)
    if outcome is Outcome.NO_ANSWER:
        text = (
            translate("SweepCells", "Half an answer came, then silence.")
            if half
            else translate("SweepCells", "Not a byte came within the time-out.")
        )
        return Cell(
            tone,
            translate("SweepCells", "half an answer") if half else translate("SweepCells", "no answer"),
            text + why,
            clause,
        )
    how = (
        translate("SweepCells", "reset the connection (RST)")
        if probe.ended is Ended.RST
        else translate("SweepCells", "ended the connection (FIN)")
    )
    short = "reset" if probe.ended is Ended.RST else "closed"
    before = (
        translate("SweepCells", "in the middle of its answer")
        if half
        else translate("SweepCells", "without an answer")
    )
    said = translate("SweepCells", "The server {0} {1}.").format(how, before)
    return Cell(tone, short, said + (why if early else ""), clause)


def _opened(probe: Probe, listed: tuple[str, ...]) -> Cell:
    short = short_of(probe)
    if not may_open(probe):
        return _must_not_open(probe)
    if breaks := _breaking(probe):
        return Cell(
            Tone.FINDING,
            short,
            translate("SweepCells", "A client must fail this 101. {0}").format(breaks[0].text),
            breaks[0].clause,
        )
    number = probe.number_said
    if listed and number is not None and str(number) not in listed:
        text = translate("SweepCells", "It answered 101 to {0}, and its refusals list {1} alone.").format(
            number, ", ".join(listed)
        )
        return Cell(Tone.FINDING, short, text, "RFC 6455 §4.2.2")
    if number is not None and number <= 3 and probe.about_version:
        text = translate(
            "SweepCells", "It answered 101 to {0}, a number registered for a draft that sent no such header."
        ).format(number)
        return Cell(Tone.REMARK, short, text, "RFC 6455 §11.6")
    violated = next(
        (each for each in _of_severity(probe, Severity.VIOLATES) if each.rule != "switched-unasked"), None
    )
    if violated is not None:
        return Cell(
            Tone.REMARK,
            short,
            translate("SweepCells", "A 101 that opens. {0}").format(violated.text),
            violated.clause,
        )
    return Cell(Tone.OPENED, short, translate("SweepCells", "A 101 in order."))


def _must_not_open(probe: Probe) -> Cell:
    short = short_of(probe)
    if looks_hixie(probe) and probe.said == ():
        text = translate(
            "SweepCells", "It took the absent version for hixie-75 and answered in the form of that draft."
        )
        return Cell(Tone.REMARK, short, text, "RFC 6455 §4.2.1")
    reason = probe.expectation.reasons[0]
    tone = Tone.FINDING
    if len(probe.said) > 1 and _any_spoken(probe):
        tone = Tone.REMARK  # one of the lines names a version that there is
    return Cell(
        tone,
        short,
        translate("SweepCells", "It answered 101 where a server must refuse. {0}").format(reason.text),
        reason.clause,
    )


def _any_spoken(probe: Probe) -> bool:
    rules = [each.rule for each in probe.expectation.reasons if each.rule != "request-version-once"]
    return set(rules) <= {"request-version", "request-version-form"} and len(rules) < len(probe.said)


def looks_hixie(probe: Probe) -> bool:
    """Whether a 101 has the lines of hixie-75 or 76 and no Sec-WebSocket-Accept."""
    if probe.response is None or not probe.opened or probe.response.head.named(b"Sec-WebSocket-Accept"):
        return False
    names = (b"WebSocket-Origin", b"WebSocket-Location", b"Sec-WebSocket-Origin", b"Sec-WebSocket-Location")
    return any(probe.response.head.named(name) for name in names)


def _breaking(probe: Probe) -> tuple[Finding, ...]:
    return tuple(each for each in _of_severity(probe, Severity.BREAKS) if each.rule != "status")


def _of_severity(probe: Probe, severity: Severity) -> tuple[Finding, ...]:
    found = probe.verdict.findings if probe.verdict is not None else ()
    return tuple(each for each in found if each.severity is severity)


def _refused(probe: Probe, control: int | None) -> Cell:
    status, short = probe.status or 0, short_of(probe)
    if status >= 500 and status not in MAY_REFUSE:
        text = translate(
            "SweepCells", "The server failed over the request with {0}, in place of refusing it."
        ).format(status)
        return Cell(Tone.REMARK, short, text, "RFC 9110 §15.6")
    if control != _SWITCHED and (lost := lost_on_the_way(probe)):
        return Cell(
            Tone.REMARK,
            short,
            translate("SweepCells", "It refused with {0}. {1}").format(status, lost),
            "RFC 9110 §7.6.1",
        )
    for finding in probe.findings("version-list", "version-list-members", "version-listed"):
        violates = finding.severity is Severity.VIOLATES
        if finding.rule == "version-list":
            if not probe.about_version or (status == control and not violates):
                continue  # something else was odd, or nothing was, and it may be that which was refused
            # Where 13 opens and only the version is another, it is the version that was refused.
            violates |= status == _UPGRADE_REQUIRED and control == _SWITCHED
            short += translate("SweepCells", ", no list")
        if finding.rule == "version-listed" and may_refuse(probe):
            continue  # some servers list their versions with every error
        tone = Tone.FINDING if violates and finding.rule == "version-list" else Tone.REMARK
        return Cell(tone, short, finding.text, finding.clause)
    if status < 400:
        return _neither(probe, status, short)
    in_order = probe.said == (b"13",) and not probe.expectation.must_refuse
    if in_order and not probe.odd.free and status not in MAY_REFUSE:
        what = (
            translate("SweepCells", "the request in which nothing is odd")
            if probe.is_control
            else translate("SweepCells", "a request that is in order")
        )
        return Cell(
            Tone.REMARK,
            short,
            translate("SweepCells", "It refused {0} with {1}.").format(what, status),
            "RFC 6455 §4.2.2",
        )
    return Cell(Tone.QUIET, short, translate("SweepCells", "It refused with {0}.").format(status))


_SWITCHED, _UPGRADE_REQUIRED = 101, 426


def lost_on_the_way(probe: Probe) -> str:
    """The sentence on what the answer misses though it was sent; empty where it misses nothing so."""
    if probe.status is None or not 400 <= probe.status < 600:
        return ""
    refusal = understand_refusal(probe.request, probe.response)
    wanted = refusal.guess and refusal.kind in (Kind.UPGRADE_LOST, Kind.DOWNGRADED)
    return refusal.sentence if wanted else ""


def _neither(probe: Probe, status: int, short: str) -> Cell:
    if 300 <= status < 400:
        return Cell(Tone.QUIET, short, translate("SweepCells", "It redirected with {0}.").format(status))
    rules = {each.rule for each in probe.expectation.reasons}
    if rules & {"request-upgrade", "request-connection", "request-method"}:
        # Whoever ignores Upgrade answers as to any other request (RFC 9110 §7.8).
        return Cell(
            Tone.QUIET,
            short,
            translate("SweepCells", "It answered {0}, as to an ordinary request.").format(status),
        )
    text = translate(
        "SweepCells", "It answered {0}, as to an ordinary request, though one for WebSocket was made."
    ).format(status)
    return Cell(Tone.REMARK, short, text, "RFC 6455 §4.2.1")
