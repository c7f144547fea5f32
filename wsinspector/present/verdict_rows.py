"""The verdict as lines: failures first, notes that need more than one answer, passes folded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.heads import head_bytes
from wsinspector.present.plain import visible
from wsinspector.present.secrets import without_secrets
from wsinspector.protocol.draft import VERSION
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.spans import Span
from wsinspector.protocol.version import list_members
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Fault, Finding, Severity, Subject

FAILED, NOTED, PASSED = "✕", "!", "✓"


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One line. ``tone`` is a role of the theme: ``fault`` only where a rule blames a side."""

    mark: str
    tone: str
    text: str
    clause: str
    why: str = ""
    subjects: tuple[Subject, ...] = ()

    @property
    def short_clause(self) -> str:
        """The clause without the name of the RFC that is meant wherever none is named."""
        return self.clause.removeprefix("RFC 6455 ")

    def spoken(self) -> str:
        kind = {
            FAILED: translate("Verdict", "Fails"),
            NOTED: translate("Verdict", "Note"),
            PASSED: translate("Verdict", "Passed"),
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


def verdict_lines(snapshot: AttemptSnapshot | None, earlier: Sequence[AttemptSnapshot] = ()) -> VerdictLines:
    """The lines for one attempt; ``earlier`` attempts of the same conversation in order."""
    if snapshot is None:
        return VerdictLines(empty=translate("Verdict", "Connect sends the draft; its answer is judged here."))
    if snapshot.verdict is None:
        if snapshot.network_error:
            return VerdictLines(empty=translate("Verdict", "Nothing to judge: no request was sent."))
        return VerdictLines(empty=translate("Verdict", "Judged as soon as the answer is there."))
    heads = [snapshot.request, *([head_bytes(snapshot.response.head)] if snapshot.response else [])]
    rows = [_finding_row(finding) for finding in snapshot.verdict.findings]
    rows += [row for row in (_refused_before(snapshot, earlier), _not_clean(snapshot)) if row is not None]
    rows = [replace(row, text=without_secrets(row.text, heads)) for row in rows]
    passed = tuple(
        VerdictRow(PASSED, "ok", without_secrets(visible(one.text), heads), one.clause)
        for one in snapshot.verdict.passed
    )
    return VerdictLines(_badges(snapshot.verdict.findings, rows, len(passed)), tuple(rows), passed)


def _finding_row(finding: Finding) -> VerdictRow:
    fails = finding.severity in (Severity.BREAKS, Severity.VIOLATES)
    blames = fails and finding.fault is not Fault.NOBODY
    return VerdictRow(
        FAILED if fails else NOTED,
        "fault" if blames else "note",
        visible(finding.text),
        finding.clause,
        visible(finding.why),
        finding.subjects,
    )


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
    passes = [Badge(translate("Verdict", "{0} passed").format(passed), "ok", folds=True)] if passed else []
    return (*badges, *notes, *passes) if badges else (*passes, *notes)


def _refused_before(snapshot: AttemptSnapshot, earlier: Sequence[AttemptSnapshot]) -> VerdictRow | None:
    """A note on an opened attempt whose conversation was refused for its version before."""
    if snapshot.response is None or snapshot.response.status != 101:
        return None
    for before in reversed(earlier):
        answer = before.response
        if before.number >= snapshot.number or answer is None or answer.status in (None, 101):
            continue
        offered = list_members(answer.head.values(VERSION))
        sent = parse_request(before.request).values(VERSION)
        if not offered or any(one in offered for one in sent):
            continue
        now = parse_request(snapshot.request)
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


def _listed(values: Sequence[bytes]) -> str:
    if not values:
        return translate("Verdict", "none")
    return ", ".join(escape_value(value[:20]) or translate("Verdict", "empty") for value in values[:8])


def _not_clean(snapshot: AttemptSnapshot) -> VerdictRow | None:
    """A note on a connection that was open and ended without the closing handshake."""
    end = snapshot.end
    if end is None or end.clean or snapshot.opened_at is None:
        return None
    if snapshot.stopped is not None:
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
    return VerdictRow(
        NOTED,
        "note",
        text,
        "RFC 6455 §7.1.4",
        translate(
            "Verdict",
            "A connection is closed cleanly when a Close frame went each way before TCP ended. "
            "Without that a program is told 1006, which never travels.",
        ),
    )


def lit_spans(subjects: Sequence[Subject], side: str) -> tuple[Span, ...]:
    """The stretches of ``side`` ("request" or "response") that ``subjects`` speak of."""
    return tuple(subject.span for subject in subjects if subject.side == side)
