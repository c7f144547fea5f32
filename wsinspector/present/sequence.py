"""What happened on the way to no connection, as steps between two life lines with their times."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind
from wsinspector.present.numbers import milliseconds
from wsinspector.present.plain import visible
from wsinspector.protocol.arriving import NOTHING_AGREED
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

VERSION = b"Sec-WebSocket-Version"
MOST = 60


@dataclass(frozen=True, slots=True)
class Step:
    """``at``: ms since connecting began, None unknown. ``way``: ``out``, ``in`` or ``none``.

    ``role`` names the colour.
    """

    at: float | None
    text: str
    way: str
    role: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """The names of both life lines, and the steps from top to bottom."""

    here: str
    there: str
    steps: tuple[Step, ...]


def sequence_of(snapshot: AttemptSnapshot) -> Sequence:
    """The steps of an attempt as far as it came."""
    if snapshot.role is Role.SERVER:
        return _as_server(snapshot)
    steps: list[Step] = []
    times = snapshot.timings
    lookup = times.lookup or 0.0
    if times.tcp is not None:
        both = times.tls is not None
        spent = times.tcp + (times.tls or 0.0)
        name = translate("What happened", "TCP and TLS") if both else translate("What happened", "TCP")
        steps.append(Step(lookup, f"{name}, {milliseconds(spent)}", "out", "muted"))
    if snapshot.request_at is not None:
        steps.append(Step(_ms(snapshot, snapshot.request_at), _request_text(snapshot), "out", "out"))
    for early in snapshot.interim:
        status = early.status if early.status is not None else "?"
        steps.append(Step(None, f"{status} {visible(early.reason.decode('latin-1'))}".strip(), "in", "muted"))
    if snapshot.response_at is not None:
        at = _ms(snapshot, snapshot.response_at)
        steps.append(Step(at, _answer_text(snapshot), "in", _tone(snapshot)))
    elif snapshot.bytes_in:
        first = times.first_byte
        began = None
        if first is not None and snapshot.request_at is not None:
            began = _ms(snapshot, snapshot.request_at) + first
        steps.append(Step(began, translate("What happened", "half a head"), "in", "note"))
    end = snapshot.end
    if end is not None:
        steps.append(_end(snapshot))
    there = snapshot.dialled or _host(snapshot.url)
    return Sequence(translate("What happened", "this client"), there, tuple(steps))


def _as_server(snapshot: AttemptSnapshot) -> Sequence:
    """The steps of a connection that came to us."""
    steps: list[Step] = []
    if snapshot.timings.tls is not None:
        steps.append(Step(0.0, f"TLS, {milliseconds(snapshot.timings.tls)}", "in", "muted"))
    if snapshot.request_at is not None:
        steps.append(Step(_ms(snapshot, snapshot.request_at), _request_text(snapshot), "in", "in"))
    elif snapshot.bytes_in:
        steps.append(Step(None, translate("What happened", "half a request"), "in", "note"))
    if snapshot.response_at is not None and snapshot.response is not None:
        at = _ms(snapshot, snapshot.response_at)
        steps.append(Step(at, _answer_text(snapshot), "out", _tone(snapshot)))
    if snapshot.end is not None:
        steps.append(_end(snapshot))
    there = snapshot.client or translate("What happened", "a client")
    return Sequence(translate("What happened", "this server"), there, tuple(steps))


def _ms(snapshot: AttemptSnapshot, at: int) -> float:
    return max(0.0, (at - snapshot.mono_ns) / 1e6)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or url
    except ValueError:
        return url


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= MOST else shown[: MOST - 1] + "…"


def _request_text(snapshot: AttemptSnapshot) -> str:
    head = parse_request(snapshot.request)
    words = head.start_line.split(b" ")
    line = b" ".join(words[:2]).split(b"?")[0].decode("latin-1")
    values = head.values(VERSION)
    if values:
        said = _versions(values)
    elif snapshot.dialect != NOTHING_AGREED.dialect:
        # The dialects before hybi-04 had no such header.
        said = snapshot.dialect
    else:
        said = translate("What happened", "without a version")
    return _cut(f"{line} {said}")


def _versions(values: Iterable[bytes]) -> str:
    """One line as it stands; of several each, since two lines are no list in one."""
    shown = [value.decode("latin-1") for value in values]
    if len(shown) == 1:
        return f"Sec-WebSocket-Version: {shown[0]}"
    return translate("What happened", "Sec-WebSocket-Version in %n line(s): {0}", "", len(shown)).format(
        " | ".join(shown)
    )


def _answer_text(snapshot: AttemptSnapshot) -> str:
    response = snapshot.response
    if response is None:
        return translate("What happened", "bytes that are no answer")
    if response.status is None:
        return _cut(response.head.start_line.decode("latin-1")) or translate("What happened", "no HTTP")
    values = response.head.values(VERSION)
    if values and response.status != 101:
        return _cut(f"{response.status} {_versions(values)}")
    return _cut(f"{response.status} {response.reason.decode('latin-1')}".strip())


def _tone(snapshot: AttemptSnapshot) -> str:
    outcome = snapshot.outcome.value if snapshot.outcome is not None else ""
    return {"refused": "refused", "open": "ok"}.get(outcome, "fault")


def _end(snapshot: AttemptSnapshot) -> Step:
    end = snapshot.end
    assert end is not None
    at = _ms(snapshot, end.at)
    peer = end.by is EndedBy.PEER
    way = "in" if peer else "out" if end.by is EndedBy.US else "none"
    match end.kind:
        case EndKind.FIN:
            return Step(at, translate("What happened", "closes the connection"), way, "muted", True)
        case EndKind.RST:
            return Step(
                at,
                translate("What happened", "resets the connection"),
                way,
                "note" if peer else "muted",
                True,
            )
        case EndKind.TIMEOUT:
            spent = translate("What happened", "nothing more came; given up").format()
            return Step(at, end.text or spent, "none", "note", True)
        case EndKind.CANCELLED:
            return Step(at, translate("What happened", "cancelled here"), "out", "muted", True)
        case EndKind.RESPONSE_DONE:
            if snapshot.response is not None and not snapshot.response.complete:
                text = translate("What happened", "silence, taken as the end of the answer")
                return Step(at, text, "none", "note", True)
            if snapshot.closed_by_peer:
                return Step(at, translate("What happened", "closes the connection"), "in", "muted", True)
            return Step(
                at,
                translate("What happened", "the answer is whole; we end the connection"),
                "out",
                "muted",
                True,
            )
    text = snapshot.network_error or end.text or translate("What happened", "the connection failed")
    # Amber: no rule puts it on a side.
    return Step(at, visible(text), "none", "note", True)
