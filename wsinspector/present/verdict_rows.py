"""The verdict on an attempt as lines: failures first, notes that need more than one answer, passes folded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind
from wsinspector.present.clauses import short_clause
from wsinspector.present.closing import forbidden_code, forbidden_text, must_not_be_sent
from wsinspector.present.heads import head_bytes
from wsinspector.present.plain import visible
from wsinspector.present.refused import understood
from wsinspector.present.secrets import without_secrets
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.draft import VERSION
from wsinspector.protocol.ending import ABNORMAL
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.frame_facts import frame_facts, reported_code
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.spans import Role, Span
from wsinspector.protocol.version import list_members
from wsinspector.translate import translate
from wsinspector.verdicts.expected import Did, conformance
from wsinspector.verdicts.finding import Fault, Finding, Passed, Severity, Subject, Verdict
from wsinspector.verdicts.frame_rules import rule_name
from wsinspector.verdicts.refused import Kind
from wsinspector.verdicts.second_opinion import SecondOpinion

FAILED, NOTED, PASSED, SAID = "✕", "!", "✓", "="
LEAD = ""


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One line. ``tone`` is a role of the theme: ``fault`` only where a rule blames a side.

    ``mark``: SAID is beside the verdict and neither good nor bad, LEAD only introduces what follows.
    ``rule``: the id of the rule it comes from, empty where it is from none.
    """

    mark: str
    tone: str
    text: str
    clause: str
    why: str = ""
    subjects: tuple[Subject, ...] = ()
    rule: str = ""

    @property
    def short_clause(self) -> str:
        """The clause without the name of the RFC that is meant wherever none is named."""
        return short_clause(self.clause)

    def spoken(self) -> str:
        kind = {
            FAILED: translate("Verdict", "Fails"),
            NOTED: translate("Verdict", "Note"),
            PASSED: translate("Verdict", "Passed"),
            SAID: translate("Verdict", "Beside it"),
        }[self.mark]
        return f"{kind}: {self.text}, {self.clause}"


@dataclass(frozen=True, slots=True)
class Badge:
    """A count beside the heading; ``folds`` is True for the one that opens the passes."""

    text: str
    tone: str
    folds: bool = False


@dataclass(frozen=True, slots=True)
class VerdictLines:
    """Everything the verdict shows; ``empty`` says what would fill it where there is nothing yet."""

    badges: tuple[Badge, ...] = ()
    rows: tuple[VerdictRow, ...] = ()
    passed: tuple[VerdictRow, ...] = ()
    empty: str = ""


def verdict_lines(
    snapshot: AttemptSnapshot,
    earlier: Sequence[AttemptSnapshot] = (),
    opinion: SecondOpinion | None = None,
) -> VerdictLines:
    """The lines for one attempt; ``earlier`` attempts of the same conversation in order.

    ``opinion``: what another client makes of the answer, None while nobody knows.
    """
    if snapshot.handshake_lost:
        return VerdictLines(empty=snapshot.handshake_lost)
    if snapshot.verdict is None:
        if snapshot.network_error:
            return VerdictLines(empty=translate("Verdict", "Nothing to judge: no request was sent."))
        return VerdictLines(empty=translate("Verdict", "Judged as soon as the answer is there."))
    heads = [snapshot.request, *([head_bytes(snapshot.response.head)] if snapshot.response else [])]
    findings, beside = held_against_request(snapshot)
    findings = (*findings, *_forbidden_close(snapshot))
    rows = [finding_row(finding) for finding in findings]
    further = (_refused_before(snapshot, earlier), _list_lies(snapshot, earlier), _not_clean(snapshot))
    rows += [row for row in further if row is not None]
    rows += beside
    if opinion is not None:
        rows.append(_opinion_row(snapshot, opinion))
    rows = [replace(row, text=without_secrets(row.text, heads)) for row in rows]
    passed = tuple(passed_row(one, heads) for one in snapshot.verdict.passed)
    return VerdictLines(_badges(findings, rows, len(passed)), tuple(rows), passed)


def passed_row(one: Passed, heads: Sequence[bytes]) -> VerdictRow:
    """A rule that is met, without the secrets of ``heads``."""
    return VerdictRow(PASSED, "ok", without_secrets(visible(one.text), heads), one.clause, rule=one.rule)


def finding_row(finding: Finding, *, ours: bool = False) -> VerdictRow:
    """``ours``: we composed it, so that nobody is blamed: a tester does this on purpose."""
    fails = finding.severity in (Severity.BREAKS, Severity.VIOLATES)
    blames = fails and finding.fault is not Fault.NOBODY and not ours
    return VerdictRow(
        FAILED if fails else NOTED,
        "fault" if blames else "note",
        visible(finding.text),
        finding.clause,
        visible(finding.why),
        finding.subjects,
        finding.rule,
    )


def held_against_request(
    snapshot: AttemptSnapshot,
) -> tuple[tuple[Finding, ...], tuple[VerdictRow, ...]]:
    """What was found, with what a conforming server must have done to our request held against it.

    A request that had to be refused and was not is a finding; else it is a line beside the findings.
    """
    assert snapshot.verdict is not None
    found = snapshot.verdict.findings
    if snapshot.role is not Role.CLIENT or snapshot.request_at is None:
        return found, ()
    held = conformance(snapshot.request, snapshot.response, ended=not snapshot.live or snapshot.answered)
    reasons = held.expectation.reasons
    if not held.expectation.must_refuse or _told_already(found, reasons):
        return found, ()
    first = reasons[0]
    subjects = tuple(subject for reason in reasons for subject in reason.subjects)
    if held.did is not Did.OPENED:
        row = VerdictRow(
            SAID, "muted", visible(held.text), first.clause, visible(first.why), subjects, first.rule
        )
        return found, (row,)
    failure = Finding(
        first.rule, Severity.VIOLATES, Fault.SERVER, first.clause, held.text, first.why, subjects
    )
    return Verdict.of([*found, failure], []).findings, ()


def _told_already(found: Sequence[Finding], reasons: Sequence[Finding]) -> bool:
    """Whether a rule on the answer says the same: a 101 that no header of the request asked for."""
    asked = {"request-upgrade", "request-connection"}
    return any(one.rule == "switched-unasked" for one in found) and {one.rule for one in reasons} <= asked


def _opinion_row(snapshot: AttemptSnapshot, opinion: SecondOpinion) -> VerdictRow:
    """What a strict client would have done; marked as a note where it differs from what happened."""
    clause = translate("Verdict", "second opinion")
    text = visible(opinion.text)
    if not opinion.asked:
        if snapshot.dialect != RFC6455:
            text = translate("Verdict", "Not asked: {0}").format(snapshot.dialect)
        return VerdictRow(SAID, "muted", text, clause, visible(opinion.text))
    opened = snapshot.opened_at is not None and snapshot.verdict is not None and not snapshot.verdict.breaks
    differs = opinion.accepted is not None and opinion.accepted is not opened
    return VerdictRow(
        NOTED if differs else SAID,
        "note" if differs else "muted",
        text,
        clause,
        translate(
            "Verdict",
            "The recorded answer was given to another client, the library websockets, with the key and the "
            "offers of this request. It is strict and speaks RFC 6455 alone.",
        ),
    )


def passes_badge(passed: int) -> Badge:
    """The badge that opens the passes."""
    return Badge(translate("Verdict", "{0} passed").format(passed), "ok", folds=True)


def _badges(findings: Sequence[Finding], rows: Sequence[VerdictRow], passed: int) -> tuple[Badge, ...]:
    breaks = [one for one in findings if one.severity is Severity.BREAKS]
    violates = [one for one in findings if one.severity is Severity.VIOLATES]
    noted = sum(row.mark == NOTED for row in rows)
    badges = []
    if breaks:
        tone = "fault" if any(one.fault is not Fault.NOBODY for one in breaks) else "note"
        text = translate("Verdict", "1 ends the handshake")
        if len(breaks) > 1:
            text = translate("Verdict", "{0} end the handshake").format(len(breaks))
        badges.append(Badge(text, tone))
    if violates:
        tone = "fault" if any(one.fault is not Fault.NOBODY for one in violates) else "note"
        text = translate("Verdict", "1 violation")
        if len(violates) > 1:
            text = translate("Verdict", "{0} violations").format(len(violates))
        badges.append(Badge(text, tone))
    notes = []
    if noted:
        text = (
            translate("Verdict", "1 note") if noted == 1 else translate("Verdict", "{0} notes").format(noted)
        )
        notes.append(Badge(text, "note"))
    passes = [passes_badge(passed)] if passed else []
    return (*badges, *notes, *passes) if badges else (*passes, *notes)


def _refused_before(snapshot: AttemptSnapshot, earlier: Sequence[AttemptSnapshot]) -> VerdictRow | None:
    """A note on an opened attempt that says a version which a refusal of the same address offered."""
    if snapshot.response is None or snapshot.response.status != 101:
        return None
    now = parse_request(snapshot.request)
    for before in reversed(earlier):
        answer = before.response
        if before.number >= snapshot.number or answer is None or answer.status in (None, 101):
            continue
        offered = list_members(answer.head.values(VERSION))
        sent = parse_request(before.request).values(VERSION)
        if before.url != snapshot.url or not offered or any(one in offered for one in sent):
            continue
        if not any(one in offered for one in now.values(VERSION)):
            continue
        text = translate("Verdict", "The version was refused once before, as #{0}: {1} was sent, {2} offered")
        return VerdictRow(
            NOTED,
            "note",
            text.format(before.number, _listed(sent), _listed(offered)),
            "RFC 6455 §4.4",
            translate(
                "Verdict",
                "A server that does not speak a version names those it speaks. "
                "The client may then try again with one of them, which is what happened here.",
            ),
            tuple(Subject("request", line.span, line.name) for line in now.named(VERSION)),
        )
    return None


def _list_lies(snapshot: AttemptSnapshot, earlier: Sequence[AttemptSnapshot]) -> VerdictRow | None:
    """A note where a version was taken that an earlier refusal of the same address did not list."""
    if snapshot.response is None or snapshot.response.status != 101:
        return None
    refusal = understood(snapshot, earlier)
    if refusal is None or refusal.kind is not Kind.LIST_LIES:
        return None
    return VerdictRow(
        NOTED,
        "note",
        visible(refusal.sentence),
        refusal.clause,
        translate(
            "Verdict",
            "A refusal lists the versions a server takes. A client that believes the list would not "
            "have tried.",
        ),
        tuple(quote.subject for quote in refusal.evidence),
    )


def _listed(values: Sequence[bytes]) -> str:
    if not values:
        return translate("Verdict", "none")
    return ", ".join(escape_value(value[:20]) or translate("Verdict", "empty") for value in values[:8])


def _forbidden_close(snapshot: AttemptSnapshot) -> Iterator[Finding]:
    """A Close frame of the peer with a code that must not be sent."""
    found = forbidden_code(snapshot)
    if found is None:
        return
    why = translate(
        "Verdict",
        "The code only says locally how a connection ended. Some receivers fail the connection on it.",
    )
    severity = Severity.VIOLATES
    if not must_not_be_sent(snapshot):
        severity = Severity.UNUSUAL
        why = translate(
            "Verdict",
            "The text forbids nothing here, but a receiver cannot tell what is meant. Some fail on it.",
        )
    text = translate("Verdict", "The peer closed with {0}.").format(
        forbidden_text(snapshot).removesuffix(f" ({found[1]})")
    )
    rule = rule_name(FrameAnomaly.CLOSE_CODE_FORBIDDEN)
    fault = Fault.SERVER if snapshot.role is Role.CLIENT else Fault.CLIENT
    yield Finding(rule, severity, fault, found[1], text, why, ())


def _not_clean(snapshot: AttemptSnapshot) -> VerdictRow | None:
    """A note on a connection that was open and ended without the closing handshake."""
    end = snapshot.end
    if end is None or end.clean or snapshot.opened_at is None:
        return None
    if end.kind is EndKind.RESPONSE_DONE and end.by is EndedBy.US:
        return None  # a sweep asks for answers alone and has no frame to close with
    facts = frame_facts(snapshot.agreed.dialect)
    if snapshot.stopped is not None and snapshot.stopped.code is None:
        text = translate("Verdict", "Not closed cleanly: we failed the connection")
    elif snapshot.stopped is not None:
        # What arrives after failing is recorded and not counted, a Close frame included (§7.1.7).
        text = translate("Verdict", "Not closed cleanly: we failed the connection with {0}").format(
            snapshot.stopped.code
        )
    elif end.sent_code is None and end.received_code is None:
        text = translate("Verdict", "Not closed cleanly: no Close frame either way")
    elif end.received_code is None:
        text = translate("Verdict", "Not closed cleanly: our Close frame was not answered")
    else:
        text = translate("Verdict", "Not closed cleanly: the peer's Close frame was not answered")
    why = translate(
        "Verdict", "A connection is closed cleanly when a Close frame went each way before TCP ended."
    )
    told = reported_code(snapshot.agreed.dialect, ABNORMAL)
    if told is not None:
        why += " " + translate("Verdict", "Without that a program is told {0}, which never travels.").format(
            told
        )
    else:
        why += " " + translate("Verdict", "{0} has no code for any other end.").format(
            snapshot.agreed.dialect
        )
    clause = "RFC 6455 §7.1.4" if facts.document == "RFC 6455" else facts.document
    return VerdictRow(NOTED, "note", text, clause, why)


def lit_spans(subjects: Sequence[Subject], side: str) -> tuple[Span, ...]:
    """The stretches of ``side`` ("request" or "response") that ``subjects`` speak of."""
    return tuple(subject.span for subject in subjects if subject.side == side)
