"""What a server makes of a request that is not sent yet: must it refuse, and why."""

from collections.abc import Iterator
from dataclasses import replace

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.secrets import without_secrets
from wsinspector.present.verdict_rows import (
    LEAD,
    NOTED,
    Badge,
    VerdictLines,
    VerdictRow,
    finding_row,
    passed_row,
    passes_badge,
)
from wsinspector.protocol.dialects import RFC6455, spoken_for
from wsinspector.protocol.draft import VERSION
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.version import judge_value
from wsinspector.translate import translate
from wsinspector.verdicts.asking_http_rules import WHOLE
from wsinspector.verdicts.expected import Expectation, expectation
from wsinspector.verdicts.finding import Severity, Subject, Verdict
from wsinspector.verdicts.request_rules import judge_request

_VERSION_RULE = "request-version"
_STANDARD = 13
_MILD = (Severity.UNUSUAL, Severity.NOTE)


def draft_lines(request: bytes, *, ours: bool = True, judged: Verdict | None = None) -> VerdictLines:
    """The lines for the bytes of a draft, judged by the rules of what they propose.

    ``ours`` False: a client sent it to us, which is then to blame for what is wrong. ``judged``: the
    verdict where it is there already.
    """
    if not request:
        return VerdictLines(empty=translate("DraftVerdict", "The draft is empty: nothing would be sent."))
    dialect = spoken_for(request)
    verdict = judged if judged is not None else judge_request(request, dialect=dialect)
    wanted = expectation(verdict, dialect=dialect)
    findings = verdict.findings
    version = _other_version(request)
    whole = [one for one in wanted.reasons if one.rule == WHOLE]
    # Of half a request nobody knows what else is to come.
    reasons = whole or list(wanted.reasons)
    wrong = [one for one in findings if one.severity is Severity.VIOLATES]
    rest = [finding_row(one, ours=ours) for one in findings if one.severity in _MILD]
    rows = [_lead(_what_a_server_does(wanted, dialect, version, bool(wrong)))]
    rows += [finding_row(one, ours=ours) for one in reasons]
    if wanted.must_refuse and wrong:
        rows.append(_lead(translate("DraftVerdict", "Wrong too, though no reason to refuse:")))
    rows += [finding_row(one, ours=ours) for one in wrong]
    if version is not None and all(one.rule != _VERSION_RULE for one in findings):
        rest.insert(0, _version_row(request, version))
    elif version is None and dialect != RFC6455 and not reasons:
        rest.insert(0, _dialect_row(dialect))
    rows += rest
    passed = tuple(passed_row(one, [request]) for one in verdict.passed)
    shown = tuple(replace(row, text=without_secrets(row.text, [request])) for row in rows)
    badges = tuple(_badges(len(reasons), bool(whole), len(wrong), len(rest), len(passed), ours=ours))
    return VerdictLines(badges, shown, passed)


def asked_lines(snapshot: AttemptSnapshot) -> VerdictLines:
    """What a server must make of the request that reached us."""
    if snapshot.verdict is not None:
        return draft_lines(snapshot.request, ours=False, judged=snapshot.verdict)
    if snapshot.live:
        return VerdictLines(empty=translate("DraftVerdict", "Judged as soon as the request is whole."))
    return VerdictLines(empty=translate("DraftVerdict", "Nothing to judge: no request came."))


def _lead(text: str) -> VerdictRow:
    return VerdictRow(LEAD, "text", text, "")


def _what_a_server_does(wanted: Expectation, dialect: str, version: int | None, wrong: bool) -> str:
    if not wanted.must_refuse:
        if wanted.reasons:
            return wanted.text
        if version is not None:
            text = translate("DraftVerdict", "A server that speaks version {0} may accept this.")
            return text.format(version)
        if dialect != RFC6455:
            return translate("DraftVerdict", "A server that speaks {0} may accept this.").format(dialect)
        if wrong:
            return translate("DraftVerdict", "A conforming server may accept this, though this is wrong:")
        return translate("DraftVerdict", "A conforming server may accept this.")
    who = translate("DraftVerdict", "A conforming server")
    if dialect != RFC6455:
        who = translate("DraftVerdict", "A conforming server of {0}").format(dialect)
    if any(one.rule == _VERSION_RULE for one in wanted.reasons):
        text = translate(
            "DraftVerdict", "{0} must refuse this, with a list of the versions it takes, because:"
        )
        return text.format(who)
    return translate("DraftVerdict", "{0} must refuse this, because:").format(who)


def _other_version(request: bytes) -> int | None:
    """The one version asked for, where it has the right form and is not the standard's."""
    values = parse_request(request).values(VERSION)
    if len(values) != 1:
        return None
    judged = judge_value(values[0])
    return judged.number if judged.ok and judged.number != _STANDARD else None


def _version_row(request: bytes, version: int) -> VerdictRow:
    text = translate(
        "DraftVerdict", "A server that does not speak {0} must refuse, with a list of the versions it takes."
    )
    lines = parse_request(request).named(VERSION)
    return VerdictRow(
        NOTED,
        "note",
        text.format(version),
        "RFC 6455 §4.2.2",
        translate(
            "DraftVerdict",
            "A server of the standard knows 13 and need know no other. Its refusal names those it takes, so "
            "that a client can try again with one of them.",
        ),
        tuple(Subject("request", line.span, line.name) for line in lines),
        _VERSION_RULE,
    )


def _dialect_row(dialect: str) -> VerdictRow:
    text = translate("DraftVerdict", "A server that does not speak {0} must refuse, and owes no list.")
    return VerdictRow(
        NOTED,
        "note",
        text.format(dialect),
        "RFC 6455 §4.2.1",
        translate(
            "DraftVerdict",
            "A server of the standard looks for Sec-WebSocket-Version: 13 and does not find it here. It owes "
            "a list of versions only to one that it does not understand.",
        ),
        (),
        "request-version-form",
    )


def _badges(
    reasons: int, half: bool, wrong: int, notes: int, passed: int, *, ours: bool = True
) -> Iterator[Badge]:
    """Amber throughout where ``ours``: what is composed is composed on purpose."""
    tone = "note" if ours else "fault"
    if half:
        yield Badge(translate("DraftVerdict", "not whole"), "note")
    elif reasons == 1:
        yield Badge(translate("DraftVerdict", "1 reason to refuse"), tone)
    elif reasons:
        yield Badge(translate("DraftVerdict", "{0} reasons to refuse").format(reasons), tone)
    if wrong == 1:
        yield Badge(translate("DraftVerdict", "1 violation"), tone)
    elif wrong:
        yield Badge(translate("DraftVerdict", "{0} violations").format(wrong), tone)
    if notes == 1:
        yield Badge(translate("DraftVerdict", "1 note"), "note")
    elif notes:
        yield Badge(translate("DraftVerdict", "{0} notes").format(notes), "note")
    if passed:
        yield passes_badge(passed)
