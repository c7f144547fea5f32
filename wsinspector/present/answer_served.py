"""The sentence above the panes for a client that reached us: who it is, and how it was answered."""

from collections.abc import Sequence
from dataclasses import replace

from wsinspector.conversation.hand import hindrance
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind, Phase
from wsinspector.lab.manners import USUAL, refusing
from wsinspector.present.answer_line import Action, AnswerLine, Tone
from wsinspector.present.client_name import spoken_by
from wsinspector.present.numbers import duration
from wsinspector.present.plain import visible
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Response
from wsinspector.protocol.request_reader import is_http
from wsinspector.protocol.version import FIELD
from wsinspector.translate import translate
from wsinspector.verdicts.asking_http_rules import WHOLE
from wsinspector.verdicts.expected import within
from wsinspector.verdicts.finding import Finding, Severity

MOST_BEGINNING = 24
_STANDARD = b"13"


def of_served(snapshot: AttemptSnapshot, ended: AnswerLine | None) -> AnswerLine:
    """What has come of a client's connection. ``ended``: how it ended where it was open, else None."""
    if ended is not None:
        return _was_open(snapshot, ended)
    if snapshot.open:
        return _open(snapshot)
    if snapshot.live:
        return _under_way(snapshot)
    return _over(snapshot)


def must_refuse(snapshot: AttemptSnapshot) -> Finding | None:
    """The first reason why a conforming server must not accept the client; None where it may."""
    findings = snapshot.verdict.findings if snapshot.verdict is not None else ()
    if any(one.rule == WHOLE for one in findings):
        return None  # of half a request nobody knows what else was to come
    return next((one for one in findings if one.severity is Severity.BREAKS), None)


def _shown(values: Sequence[bytes]) -> str:
    return " + ".join(escape_value(value) or translate("ServedLine", "an empty value") for value in values)


def _lead(snapshot: AttemptSnapshot, *, it: bool = False) -> str:
    """A sentence on what is spoken; ``it``: of a client that was named already."""
    spoken = spoken_by(snapshot)
    if spoken and snapshot.dialect == RFC6455:
        # What a number that nobody ever spoke stands for, nobody knows.
        values = parse_request(snapshot.request).values(FIELD)
        if not values:
            return (
                translate("ServedLine", "It names no version.")
                if it
                else translate("ServedLine", "A client names no version.")
            )
        if values != (_STANDARD,):
            text = (
                translate("ServedLine", "It asks for version {0}.")
                if it
                else translate("ServedLine", "A client asks for version {0}.")
            )
            return text.format(_shown(values))
    if not spoken:
        return (
            translate("ServedLine", "What it sent is no HTTP.")
            if it
            else translate("ServedLine", "A client came.")
        )
    text = (
        translate("ServedLine", "It speaks {0}.") if it else translate("ServedLine", "A client speaks {0}.")
    )
    return text.format(spoken)


def _reason(snapshot: AttemptSnapshot) -> str:
    """A sentence on why a server must refuse, a blank behind it; or nothing."""
    found = must_refuse(snapshot)
    if found is None:
        return ""
    text = translate("ServedLine", "A conforming server must refuse it, because {0} ({1}).")
    return text.format(within(found.text), found.clause) + " "


def _answered(snapshot: AttemptSnapshot, status: object) -> str:
    """A clause on who answered with what."""
    if snapshot.by_hand:
        return translate("ServedLine", "You answered with {0}").format(status)
    if snapshot.answered_by:
        return translate("ServedLine", "The lab's scenario “{0}” answered with {1}").format(
            snapshot.answered_by, status
        )
    return translate("ServedLine", "The lab answered with {0}").format(status)


def _under_way(snapshot: AttemptSnapshot) -> AnswerLine:
    if snapshot.phase is Phase.TCP or not snapshot.request:
        if not snapshot.bytes_in:
            return AnswerLine(
                "busy",
                translate("ServedLine", "A client is connected."),
                translate("ServedLine", "It has sent nothing yet."),
            )
        text = translate("ServedLine", "{0} have come, its request is not whole.").format(
            _bytes(snapshot.bytes_in)
        )
        return AnswerLine("busy", translate("ServedLine", "A client asks."), text, snapshot.mono_ns)
    if snapshot.waits_since is not None:
        return _waits(snapshot)
    response = snapshot.response
    quiet = (
        Action(
            "let-go",
            translate("ServedLine", "End the connection"),
            tip=translate("ServedLine", "Let the client go ([key:request.disconnect])"),
        ),
    )
    if response is not None and response.complete and response.status != 101:
        line = _refused(snapshot, response)
        return replace(
            line, text=f"{line.text} {translate('ServedLine', 'The connection is still there.')}", quiet=quiet
        )
    status = response.status if response is not None else None
    text = translate("ServedLine", "Part of an answer has left.")
    if status is not None:
        text = translate("ServedLine", "{0}, which is not whole yet.").format(_answered(snapshot, status))
    return AnswerLine("busy", _lead(snapshot), text, snapshot.request_at, quiet=quiet)


def _waits(snapshot: AttemptSnapshot) -> AnswerLine:
    """The conforming answer is the loud one; the other is there as well."""
    reason = _reason(snapshot)
    since = snapshot.waits_since
    if not snapshot.by_hand:
        text = reason + translate("ServedLine", "No answer has left so far.")
        if snapshot.answered_by:
            text = reason + translate("ServedLine", "The lab's scenario “{0}” has not answered.").format(
                snapshot.answered_by
            )
        quiet: tuple[Action, ...] = (
            Action(
                "let-go",
                translate("ServedLine", "Look away"),
                tip=translate(
                    "ServedLine",
                    "Record no more; the lab goes on without being seen ([key:request.disconnect])",
                ),
            ),
        )
        return AnswerLine("busy", _lead(snapshot), text, since, quiet=quiet)
    spoken = spoken_by(snapshot)
    said = _lead(snapshot, it=True)
    accept = Action(
        "accept",
        translate("ServedLine", "Accept with 101"),
        tip=translate("ServedLine", "As a server of its dialect does, with the first subprotocol offered"),
    )
    status = refusing(USUAL).status.decode("ascii").split()[0]
    refuse = Action(
        "refuse",
        translate("ServedLine", "Refuse with {0}").format(status),
        USUAL,
        translate("ServedLine", "With a list of the versions the lab takes, and the end"),
    )
    lead = translate("ServedLine", "A client waits for an answer.")
    text = f"{said} {reason}".strip()
    if not spoken or hindrance(snapshot.request):
        quiet = (accept,) if spoken else ()
        return AnswerLine("busy", lead, text, since, primary=refuse, quiet=quiet)
    return AnswerLine("busy", lead, text, since, primary=accept, quiet=(refuse,))


def _open(snapshot: AttemptSnapshot) -> AnswerLine:
    quiet = (
        Action(
            "let-go",
            translate("ServedLine", "Disconnect"),
            tip=translate("ServedLine", "Close from the server's side ([key:request.disconnect])"),
        ),
    )
    reason = must_refuse(snapshot)
    if snapshot.phase is Phase.CLOSING:
        text = translate(
            "ServedLine", "A Close frame has travelled; its answer or the end of TCP is awaited."
        )
        return AnswerLine("ok", translate("ServedLine", "Closing."), text, snapshot.opened_at, quiet=quiet)
    text = f"{_answered(snapshot, 101)}."
    agreed = [visible(name) for name in (snapshot.subprotocol, *snapshot.extensions) if name]
    if agreed:
        text += " " + translate("ServedLine", "Agreed: {0}.").format(", ".join(agreed))
    if reason is None:
        return AnswerLine("ok", _lead(snapshot), text, snapshot.opened_at, quiet=quiet)
    lead = translate("ServedLine", "Open, but must be refused.")
    more = f"{text} {_reason(snapshot)}".strip()
    return AnswerLine("fault", lead, more, snapshot.opened_at, quiet=quiet)


def _was_open(snapshot: AttemptSnapshot, ended: AnswerLine) -> AnswerLine:
    who = f"{_lead(snapshot)} {_answered(snapshot, 101)}."
    if must_refuse(snapshot) is not None:
        who = f"{who} {_reason(snapshot)}".strip()
    return replace(ended, text=f"{ended.text} {who}", primary=None, quiet=())


def _over(snapshot: AttemptSnapshot) -> AnswerLine:
    if snapshot.network_error:
        return AnswerLine(
            "refused",
            translate("ServedLine", "A client did not get through TLS."),
            _sentence(visible(snapshot.network_error)),
        )
    if not is_http(snapshot.request):
        return _no_http(snapshot)
    response = snapshot.response
    if response is None or not response.head.complete:
        return _unanswered(snapshot)
    if response.status == 101:
        text = translate("ServedLine", "{0}, which was not whole.").format(_answered(snapshot, 101))
        return AnswerLine("refused", _lead(snapshot), text)
    return _refused(snapshot, response)


def _refused(snapshot: AttemptSnapshot, response: Response) -> AnswerLine:
    """Amber: a refusal; red only where the client obliged us to refuse it."""
    status = response.status
    told = _answered(snapshot, status)
    offered = [value.decode("latin-1") for value in response.head.values(FIELD)]
    if offered:
        told += translate("ServedLine", ", which offers {0}").format(visible(" + ".join(offered)))
    reason = _reason(snapshot)
    text = f"{told}."
    tone: Tone = "fault" if reason else "refused"
    if status is not None and status < 300:
        tone = "fault" if reason else "muted"
    return AnswerLine(tone, _lead(snapshot), f"{text} {reason}".strip())


def _unanswered(snapshot: AttemptSnapshot) -> AnswerLine:
    end = snapshot.end
    waited = ""
    if end is not None and snapshot.request_at is not None and end.at > snapshot.request_at:
        waited = " " + translate("ServedLine", "after {0}").format(
            duration((end.at - snapshot.request_at) / 1e9)
        )
    if end is not None and end.by is EndedBy.PEER:
        how = (
            translate("ServedLine", "It reset the connection")
            if end.kind is EndKind.RST
            else translate("ServedLine", "It ended the connection")
        )
        text = f"{how}{waited}."
    elif end is not None and end.kept and end.by is EndedBy.US:
        text = translate("ServedLine", "We ended the connection{0}.").format(waited)
    else:
        text = _sentence(
            visible(end.text)
            if end is not None and end.text
            else translate("ServedLine", "The connection broke")
        )
    if snapshot.request_at is None:
        text = (
            translate("ServedLine", "Its request never became whole: {0} came.").format(
                _bytes(snapshot.bytes_in)
            )
            + f" {text}"
        )
    elif snapshot.bytes_out:
        text = translate("ServedLine", "Half an answer left.") + f" {text}"
    lead = translate("ServedLine", "A client was not answered.")
    return AnswerLine("refused", lead, f"{text} {_reason(snapshot)}".strip())


def _no_http(snapshot: AttemptSnapshot) -> AnswerLine:
    if snapshot.hint:
        return AnswerLine(
            "fault", translate("ServedLine", "No HTTP request."), _sentence(visible(snapshot.hint))
        )
    begins = escape_value(snapshot.request[:MOST_BEGINNING])
    text = translate("ServedLine", "What the client sent begins with “{0}”, no HTTP request line.").format(
        begins
    )
    if not snapshot.request:
        text = translate("ServedLine", "The client left without a byte.")
    return AnswerLine("fault", translate("ServedLine", "No HTTP request."), text)


def _bytes(number: int) -> str:
    return translate("ServedLine", "%n byte(s)", "", number)


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?)" else f"{text}."
