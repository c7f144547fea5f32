"""The one sentence above the panes: outcome, evidence, and at most one thing to do next."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from wsinspector.conversation.snapshot import AttemptSnapshot, EndKind, Fit, Phase
from wsinspector.present.answer_ended import ended_line, first_break, sentence, stopped_at
from wsinspector.present.answer_line import Action as Action
from wsinspector.present.answer_line import AnswerLine as AnswerLine
from wsinspector.present.answer_line import Tone as Tone
from wsinspector.present.answer_served import of_served
from wsinspector.present.heads import head_bytes
from wsinspector.present.imported import imported_line
from wsinspector.present.mirror import mirror_view
from wsinspector.present.numbers import duration
from wsinspector.present.plain import visible
from wsinspector.present.refused import told_in_line, understood
from wsinspector.present.secrets import masked_address, without_secrets
from wsinspector.present.stepping import held_sentence, told_while_stepping
from wsinspector.protocol.address import Address
from wsinspector.protocol.dialects import RFC6455, Challenge, dialect_called, spoken_for
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.protocol.spans import Role
from wsinspector.protocol.version import FIELD, Standing, judge_request_lines
from wsinspector.translate import translate
from wsinspector.verdicts.expected import Expectation, expected_of, within
from wsinspector.verdicts.finding import Fault, Severity
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.refusal import retry_candidate
from wsinspector.verdicts.refused import Kind


def of_draft(draft: Draft, address: Address, address_text: str) -> AnswerLine:
    """What is true before anything is sent."""
    if not address_text.strip():
        return AnswerLine(
            "muted",
            translate("AnswerLine", "Nowhere to connect to yet."),
            translate("AnswerLine", "Type an address, or pick one of the lab."),
        )
    if address.error is not None:
        return AnswerLine("refused", translate("AnswerLine", "This address cannot be used."), address.error)
    said = "".join(f" {sentence(change)}" for change in address.changes)
    if not draft.is_head:
        return AnswerLine(
            "muted",
            translate("AnswerLine", "Not sent yet."),
            translate("AnswerLine", "The bytes are no HTTP request; they go out as they are.") + said,
        )
    judged = judge_request_lines(draft.version_values())
    wrong = next((remark for remark in judged.remarks if not remark.ok), None)
    if wrong is not None and (draft.version_values() or spoken_for(draft.to_bytes()) == RFC6455):
        return AnswerLine(
            "muted",
            translate("AnswerLine", "Not sent yet."),
            f"{wrong.text.rstrip('.')} ({wrong.clause}).{said}",
        )
    standing = judged.judgements[0].standing if len(judged.judgements) == 1 else None
    if standing in (Standing.RESERVED, Standing.UNASSIGNED):
        text = translate(
            "AnswerLine",
            "The version is {0}, which is {1}: a conforming server must refuse it (RFC 6455 §4.2.2).",
        )
        number = judged.judgements[0].number
        return AnswerLine(
            "muted", translate("AnswerLine", "Not sent yet."), text.format(number, standing.value) + said
        )
    return AnswerLine(
        "muted",
        translate("AnswerLine", "Not sent yet."),
        translate("AnswerLine", "Connect sends these bytes as they stand.") + said,
    )


def of_comparison(first: AttemptSnapshot, second: AttemptSnapshot) -> AnswerLine:
    """What two attempts came to, in one line."""
    told = (f"#{each.number}: {of_attempt(each).spoken}" for each in (first, second))
    return AnswerLine("muted", translate("AnswerLine", "Side by side."), " ".join(told))


def of_attempt(snapshot: AttemptSnapshot, earlier: Sequence[AttemptSnapshot] = ()) -> AnswerLine:
    """What an attempt has come to, the secrets of both heads left out.

    ``earlier``: attempts of the same conversation, whose lists of versions are held against this one.
    """
    line = _not_judged(snapshot) if snapshot.handshake_lost else _of_attempt(snapshot, earlier)
    if held := held_sentence(snapshot):
        line = replace(line, text=f"{line.text} {held}".strip())
    if snapshot.imported:
        line = imported_line(snapshot, line)
    if snapshot.role is Role.CLIENT and snapshot.fit is not None:
        line = replace(line, quiet=(*line.quiet, _speaking(snapshot.fit)))
    heads = [snapshot.request, *([head_bytes(snapshot.response.head)] if snapshot.response else [])]
    return replace(line, text=without_secrets(line.text, heads))


def _not_judged(snapshot: AttemptSnapshot) -> AnswerLine:
    """Of a file that lacks what a judgement rests on: how it ended is all that is known."""
    if snapshot.end is not None and snapshot.opened_at is not None:
        ended = ended_line(snapshot, snapshot.end)
        return AnswerLine("muted", ended.lead, f"{ended.text} {snapshot.handshake_lost}".strip())
    return AnswerLine("muted", translate("AnswerLine", "Not judged."), snapshot.handshake_lost)


def _of_attempt(snapshot: AttemptSnapshot, earlier: Sequence[AttemptSnapshot]) -> AnswerLine:
    if snapshot.role is Role.SERVER:
        ended = snapshot.end if snapshot.opened_at is not None else None
        return of_served(snapshot, ended_line(snapshot, ended) if ended is not None else None)
    if snapshot.undecided:
        return _under_way(snapshot)
    if snapshot.open:
        return _open(snapshot)
    if snapshot.end is not None and snapshot.opened_at is not None:
        return ended_line(snapshot, snapshot.end)
    if snapshot.end is not None and snapshot.end.kind is EndKind.CANCELLED and snapshot.response is None:
        return AnswerLine(
            "muted", translate("AnswerLine", "Cancelled."), _before(snapshot), primary=_reconnect()
        )
    if (mirror := mirror_view(snapshot)) is not None:
        compare = Action("mirror", translate("AnswerLine", "Compare with what arrived"))
        if mirror.same:
            return AnswerLine("ok", translate("AnswerLine", "Mirrored."), mirror.text, quiet=(compare,))
        return AnswerLine("refused", translate("AnswerLine", "Mirrored."), mirror.text, primary=compare)
    match snapshot.outcome:
        case Outcome.REFUSED if snapshot.response is not None:
            return _refused(snapshot, snapshot.response, earlier)
        case Outcome.FAILED:
            return AnswerLine(
                "fault", translate("AnswerLine", "Failed."), first_break(snapshot), primary=_reconnect()
            )
        case Outcome.NOT_HTTP:
            other = _other_scheme(snapshot.url, snapshot.network_error)
            text = snapshot.network_error or _not_http(snapshot)
            return AnswerLine("fault", translate("AnswerLine", "Not HTTP."), sentence(text), primary=other)
        case Outcome.NO_ANSWER:
            return AnswerLine(
                _blame(snapshot),
                translate("AnswerLine", "No answer."),
                _silence(snapshot),
                primary=_reconnect(),
            )
        case Outcome.CLOSED:
            return AnswerLine(
                _blame(snapshot),
                translate("AnswerLine", "Closed without an answer."),
                _closed(snapshot),
                primary=_reconnect(),
            )
    text = snapshot.network_error or snapshot.trouble or (snapshot.end.text if snapshot.end else "")
    other = _other_scheme(snapshot.url, text)
    quiet = (
        (Action("trust", translate("AnswerLine", "Accept any certificate")),) if snapshot.unverified else ()
    )
    return AnswerLine(
        "refused",  # no rule puts it on a side
        translate("AnswerLine", "Could not connect."),
        sentence(visible(text)),
        primary=other or _reconnect(),
        quiet=quiet,
    )


def _other_scheme(url: str, trouble: str) -> Action | None:
    """Where TLS met plain text or the reverse: the same address the other way."""
    for said, mine, other in (("Try ws://", "wss://", "ws://"), ("Try wss://", "ws://", "wss://")):
        if said in trouble and url.startswith(mine):
            return Action(
                "address", translate("AnswerLine", "Use {0}").format(other), other + url.removeprefix(mine)
            )
    return None


def _reconnect() -> Action:
    return Action("reconnect", translate("AnswerLine", "Try again"))


def _speaking(fit: Fit) -> Action:
    """To connect again and speak what the peer seems to speak, whatever the request proposes."""
    text = translate("AnswerLine", "Reconnect speaking {0}").format(fit.dialect)
    return Action("speak", text, fit.dialect, tip=visible(fit.reason))


_STEPS = {
    Phase.LOOKUP: "Looking up the name.",
    Phase.TCP: "Opening TCP.",
    Phase.TLS: "Shaking hands over TLS.",
    Phase.SENT: "The request is sent; not a byte of the answer yet.",
    Phase.BODY: "Reading the body.",
}


def _under_way(snapshot: AttemptSnapshot) -> AnswerLine:
    cancel = (Action("cancel", translate("AnswerLine", "Cancel")),)
    response = snapshot.response
    if snapshot.step.next is not None:
        lead, text = told_while_stepping(snapshot.step)
        return AnswerLine("busy", lead, text, quiet=cancel)
    if snapshot.phase is Phase.BODY and response is not None:
        status = f"{response.status} {response.reason.decode('latin-1')}".strip()
        text = translate("AnswerLine", "The answer is {0}; reading its body.").format(visible(status))
        return AnswerLine("busy", translate("AnswerLine", "Answered."), text, snapshot.mono_ns, quiet=cancel)
    if snapshot.phase is Phase.HEAD:
        text = translate("AnswerLine", "{0} of the answer have come, the head is not whole.").format(
            translate("AnswerLine", "%n byte(s)", "", snapshot.bytes_in)
        )
        return AnswerLine(
            "busy", translate("AnswerLine", "Connecting."), text, snapshot.mono_ns, quiet=cancel
        )
    return AnswerLine(
        "busy",
        translate("AnswerLine", "Connecting."),
        translate("AnswerLine", _STEPS.get(snapshot.phase, "")),
        snapshot.mono_ns,
        quiet=cancel,
    )


def _before(snapshot: AttemptSnapshot) -> str:
    if snapshot.request_at is None:
        return translate("AnswerLine", "No request was sent.")
    if snapshot.bytes_in == 0:
        return translate("AnswerLine", "The request was sent, not a byte came back.")
    return translate("AnswerLine", "{0} of the answer had come.").format(
        translate("AnswerLine", "%n byte(s)", "", snapshot.bytes_in)
    )


def _open(snapshot: AttemptSnapshot) -> AnswerLine:
    since = snapshot.opened_at
    if snapshot.outcome is Outcome.FAILED:
        text = translate(
            "AnswerLine", "{0} A conforming client stops here; this one is set to go on ({1})."
        ).format(first_break(snapshot), snapshot.policy)
        return AnswerLine("fault", translate("AnswerLine", "Open, but must fail."), text, since)
    sent = sent_versions(snapshot.request)
    said = _accepted(snapshot, sent)
    agreed = [visible(name) for name in (snapshot.subprotocol, *snapshot.extensions) if name]
    if agreed:
        said += translate("AnswerLine", ", {0} agreed").format(
            f" {translate('AnswerLine', 'and')} ".join(agreed)
        )
    if snapshot.phase is Phase.CLOSING:
        return AnswerLine(
            "ok",
            translate("AnswerLine", "Closing."),
            translate("AnswerLine", "A Close frame has travelled; its answer or the end of TCP is awaited."),
            since,
        )
    owed = _owed(snapshot.request)
    if owed.must_refuse:
        reason = owed.reasons[0]
        text = translate("AnswerLine", "{0}. A conforming server must refuse it, because {1} ({2}).").format(
            said, within(reason.text), reason.clause
        )
        return AnswerLine(
            "fault",
            translate("AnswerLine", "Open, but must be refused."),
            f"{text}{stopped_at(snapshot)}",
            since,
        )
    return AnswerLine("ok", translate("AnswerLine", "Open."), f"{said}.{stopped_at(snapshot)}", since)


@lru_cache(maxsize=64)
def _owed(request: bytes) -> Expectation:
    """The line of an open connection is asked for with every frame; its request stays the same."""
    return expected_of(request)


def _accepted(snapshot: AttemptSnapshot, sent: str) -> str:
    """What was accepted, and what is spoken now where the version sent does not say it."""
    spoken = snapshot.agreed.dialect
    if sent:
        said = translate("AnswerLine", "Version {0} was accepted").format(sent)
        usual = dialect_called(spoken).version
        if usual is None or sent != usual.decode():
            said += translate("AnswerLine", ", with the frames of {0}").format(spoken)
        return said
    if spoken == RFC6455:
        return translate("AnswerLine", "No version was sent, and it was accepted")
    if dialect_called(snapshot.dialect).challenge is Challenge.KEYS:
        return translate("AnswerLine", "{0} was accepted, its challenge answered").format(spoken)
    return translate("AnswerLine", "{0} was accepted").format(spoken)


def sent_versions(request: bytes) -> str:
    """The version values of a request as a person reads them; empty where there is none."""
    values = parse_request(request).values(FIELD)
    return " + ".join(escape_value(value) or translate("AnswerLine", "an empty value") for value in values)


def _blame(snapshot: AttemptSnapshot) -> Tone:
    """Red where a rule that ends the handshake puts the fault on a side, else amber."""
    findings = snapshot.verdict.findings if snapshot.verdict is not None else ()
    blamed = any(
        finding.fault is not Fault.NOBODY and finding.severity is Severity.BREAKS for finding in findings
    )
    return "fault" if blamed else "refused"


def _refused(snapshot: AttemptSnapshot, response: Response, earlier: Sequence[AttemptSnapshot]) -> AnswerLine:
    status = response.status
    lead = translate("AnswerLine", "Refused with {0}.").format(status)
    tone = _blame(snapshot)
    location = next(iter(response.head.values(b"Location")), b"")
    if status is not None and 300 <= status < 400 and location:
        where = location.decode("latin-1")
        return AnswerLine(
            "refused",
            translate("AnswerLine", "Redirected with {0}.").format(status),
            translate("AnswerLine", "The answer points to {0}. Nothing was followed.").format(
                visible(masked_address(where))
            ),
            primary=Action("follow", translate("AnswerLine", "Follow"), where),
        )
    refusal = understood(snapshot, earlier)
    text = told_in_line(refusal, response) if refusal is not None else ""
    retry = retry_candidate(snapshot.request, response)
    action = (
        Action("retry", translate("AnswerLine", "Retry with {0}").format(retry.decode()), retry.decode())
        if retry
        else None
    )
    return AnswerLine(tone, lead, (text + _body_note(response)).strip(), primary=action)


def _body_note(response: Response) -> str:
    for seen in response.anomalies:
        if seen.code is HttpAnomaly.LENGTH_AWAITED:
            return " " + translate(
                "AnswerLine", "{0} of {1} of its body had come when we stopped waiting."
            ).format(
                len(response.body_span),
                translate("AnswerLine", "%n byte(s)", "", response.announced or 0),
            )
        if seen.code is HttpAnomaly.LENGTH_LIES:
            return " " + translate("AnswerLine", "Its body is shorter than announced: {0} of {1}.").format(
                len(response.body_span),
                translate("AnswerLine", "%n byte(s)", "", response.announced or 0),
            )
    return ""


def _not_http(snapshot: AttemptSnapshot) -> str:
    refusal = understood(snapshot)
    if refusal is not None and refusal.kind in (Kind.HTTP_2, Kind.TLS_MEANT):
        return refusal.sentence
    response = snapshot.response
    start = (response.head.start_line or response.body)[:24] if response is not None else b""
    return translate("AnswerLine", "What came back begins with {0}, no HTTP status line.").format(
        f"“{escape_value(start)}”"
    )


def _silence(snapshot: AttemptSnapshot) -> str:
    end = snapshot.end.at if snapshot.end is not None else None
    waited = (
        duration((end - snapshot.mono_ns) / 1e9)
        if end is not None
        else translate("AnswerLine", "the time allowed")
    )
    if snapshot.bytes_in == 0:
        return translate("AnswerLine", "The request was sent; not a byte came in {0}.").format(waited)
    if snapshot.interim and snapshot.response is None:
        early = ", ".join(str(each.status) for each in snapshot.interim)
        text = translate(
            "AnswerLine", "{0} came, which is no final answer, then silence; given up after {1}."
        )
        return text.format(early, waited)
    return translate("AnswerLine", "Half a head came, {0}, then silence; given up after {1}.").format(
        translate("AnswerLine", "%n byte(s)", "", snapshot.bytes_in), waited
    )


def _closed(snapshot: AttemptSnapshot) -> str:
    how = (
        translate("AnswerLine", "reset the connection (RST)")
        if snapshot.end and snapshot.end.kind is EndKind.RST
        else (translate("AnswerLine", "ended the connection (FIN)"))
    )
    if snapshot.bytes_in == 0:
        return translate("AnswerLine", "The peer {0} without one byte.").format(how)
    return translate("AnswerLine", "The peer {0} after {1}, before the head was whole.").format(
        how, translate("AnswerLine", "%n byte(s)", "", snapshot.bytes_in)
    )
