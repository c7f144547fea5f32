"""The end of a connection in the one sentence above the panes: who ended it, how, and what to do next."""

from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind
from wsinspector.present.answer_line import Action, AnswerLine, Tone
from wsinspector.present.closing import forbidden_text, must_not_be_sent
from wsinspector.present.numbers import duration
from wsinspector.present.plain import visible
from wsinspector.protocol.closecodes import close_code
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts, reported_code
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Severity
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.refused.idle import idle_limit

IDLE_SUSPECTED = 5.0  # s of silence before an end without a word from which an idle limit is likely
PING_WITHIN = 0.45  # of the silence that was met: less than half, so that one lost ping does no harm
LONGEST_PING = 25.0  # s; intermediaries that drop silent connections mostly wait 30 s or more


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?)" else f"{text}."


def first_break(snapshot: AttemptSnapshot) -> str:
    findings = snapshot.verdict.findings if snapshot.verdict is not None else ()
    for finding in findings:
        if finding.severity is Severity.BREAKS:
            return f"{finding.text.rstrip('.')} ({finding.clause})."
    return ""


def _named(code: int) -> str:
    entry = close_code(code)
    return f"{code} ({entry.name})" if entry is not None else str(code)


def ended_line(snapshot: AttemptSnapshot, end: End) -> AnswerLine:
    lasted = translate("AnswerLine", "It was open for {0}.").format(duration(end.age))
    reconnect = Action("reconnect", translate("AnswerLine", "Reconnect"))
    if snapshot.outcome is Outcome.FAILED:
        text = (
            first_break(snapshot)
            + " "
            + translate("AnswerLine", "Ended {0}").format(_how(end, snapshot.agreed.dialect))
        )
        return AnswerLine("fault", translate("AnswerLine", "Failed."), text.strip(), primary=reconnect)
    if snapshot.stopped is not None:
        where = (
            translate("AnswerLine", "frame {0}").format(snapshot.stopped.number)
            if snapshot.stopped.number
            else translate("AnswerLine", "a frame still arriving")
        )
        text = translate("AnswerLine", "{0} at {1}, failed with {2} as RFC 6455 demands.").format(
            sentence(_capital(snapshot.stopped.text))[:-1], where, snapshot.stopped.code
        )
        lead = (
            translate("AnswerLine", "Failed by this client.")
            if snapshot.role is Role.CLIENT
            else translate("AnswerLine", "Failed by us.")
        )
        return AnswerLine("fault", lead, text, primary=reconnect)
    if end.clean:
        who = translate("AnswerLine", "the peer") if end.by is EndedBy.PEER else translate("AnswerLine", "us")
        if frame_facts(snapshot.agreed.dialect).close is not CloseStyle.CODES:
            text = translate("AnswerLine", "by {0}, cleanly; {1} knows no close codes. {2}").format(
                who, snapshot.agreed.dialect, lasted
            )
            return AnswerLine("muted", translate("AnswerLine", "Closed"), text, primary=reconnect)
        reason = f" “{visible(end.reason)}”" if end.reason else ""
        if forbidden := forbidden_text(snapshot):
            text = translate("AnswerLine", "by {0} with {1}{2}. {3}").format(who, forbidden, reason, lasted)
            fault: Tone = "fault" if must_not_be_sent(snapshot) else "refused"
            return AnswerLine(
                fault, translate("AnswerLine", "Closed"), text + stopped_at(snapshot), primary=reconnect
            )
        code = _named(end.code) if end.code is not None else ""
        text = translate("AnswerLine", "by {0} with {1}{2}, cleanly. {3}").format(who, code, reason, lasted)
        return AnswerLine(
            "muted", translate("AnswerLine", "Closed"), text + stopped_at(snapshot), primary=reconnect
        )
    text = _how(end, snapshot.agreed.dialect)
    if forbidden := forbidden_text(snapshot):
        text += " " + translate("AnswerLine", "The peer's Close frame carries {0}.").format(forbidden)
    text += stopped_at(snapshot)
    text += f" {sentence(visible(snapshot.hint))}" if snapshot.hint else ""
    quiet: tuple[Action, ...] = ()
    by_peer = end.by is not EndedBy.US and end.received_code is None
    if by_peer and end.kind in (EndKind.FIN, EndKind.RST) and end.silence >= IDLE_SUSPECTED:
        text += " " + translate("AnswerLine", "Probably an idle limit in between.")
        limit = idle_limit(end.silence, snapshot.response)
        text += f" {limit.sentence}" if limit is not None and limit.sentence else ""
        every = min(LONGEST_PING, max(1.0, round(end.silence * PING_WITHIN)))
        quiet = (
            Action("ping", translate("AnswerLine", "Ping every {0} s").format(f"{every:g}"), f"{every:g}"),
        )
    tone: Tone = "muted" if end.by is EndedBy.US else "refused"
    return AnswerLine(tone, translate("AnswerLine", "Ended"), text, primary=reconnect, quiet=quiet)


def stopped_at(snapshot: AttemptSnapshot) -> str:
    """A sentence on where a conforming client would have stopped, a blank before it; or nothing."""
    stop = snapshot.would_stop
    if stop is None or not stop.text:
        return ""
    where = (
        translate("AnswerLine", "frame {0}").format(stop.number)
        if stop.number
        else translate("AnswerLine", "the frame that was arriving")
    )
    text = translate("AnswerLine", "A conforming client would have stopped at {0} with {1}: {2}.")
    if snapshot.role is Role.SERVER:
        text = translate("AnswerLine", "A conforming server would have stopped at {0} with {1}: {2}.")
    return " " + text.format(where, stop.code, stop.text)


def _how(end: End, dialect: str) -> str:
    """The end without the word "Ended" in front."""
    close = frame_facts(dialect).close
    told = reported_code(dialect, end.code)
    code = f" ({told})" if told is not None else ""
    if close is CloseStyle.NONE and end.kind is EndKind.FIN:
        who = (
            translate("AnswerLine", "by us")
            if end.by is EndedBy.US
            else translate("AnswerLine", "by the peer")
        )
        return translate("AnswerLine", "{0}, by the end of TCP alone: {1} has no closing frame.").format(
            who, dialect
        )
    after = (
        translate("AnswerLine", ", after {0} of silence").format(duration(end.silence))
        if end.silence >= 1
        else ""
    )
    match end.kind:
        case EndKind.CANCELLED if end.sent_code is not None:
            return translate(
                "AnswerLine", "by us: the connection was dropped after our Close frame ({0}), unanswered{1}."
            ).format(end.sent_code, code)
        case EndKind.CANCELLED:
            return translate(
                "AnswerLine", "by us: the connection was dropped without a Close frame{0}."
            ).format(code)
        case EndKind.RST:
            who = (
                translate("AnswerLine", "by us")
                if end.by is EndedBy.US
                else translate("AnswerLine", "by the peer")
            )
            return translate("AnswerLine", "{0} with a reset (RST){1}{2}.").format(who, code, after)
        case EndKind.FIN:
            who = (
                translate("AnswerLine", "by us")
                if end.by is EndedBy.US
                else translate("AnswerLine", "by the peer")
            )
            if end.received_code is not None or end.sent_code is not None:
                return translate("AnswerLine", "{0} with half a closing handshake{1}{2}.").format(
                    who, code, after
                )
            return translate("AnswerLine", "{0} without a Close frame{1}{2}.").format(who, code, after)
        case EndKind.TIMEOUT:
            return translate("AnswerLine", "by us: the peer did not answer in time{0}{1}.").format(
                code, after
            )
        case EndKind.RESPONSE_DONE if end.by is EndedBy.US:
            return translate("AnswerLine", "by us behind the answer, which was all that was asked for.")
        case EndKind.RESPONSE_DONE:
            return translate("AnswerLine", "by the peer behind its answer{0}.").format(code)
    return sentence(visible(end.text) or translate("AnswerLine", "by the network")) + (
        f" {code.strip()}" if code else ""
    )
