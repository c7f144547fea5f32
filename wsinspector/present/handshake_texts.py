"""What stands beside Request and Response: when, how far it came, what never came, and TLS."""

from dataclasses import dataclass

from wsinspector.conversation.snapshot import AttemptSnapshot, CertificateFacts, EndKind, Phase, TlsView
from wsinspector.conversation.stepping_values import Unit
from wsinspector.present.fact import Fact as Fact
from wsinspector.present.numbers import clock, duration, milliseconds
from wsinspector.present.plain import visible
from wsinspector.present.served_texts import answered_when, came_when, half_of_ours, no_answer_of_ours
from wsinspector.present.stepping import held_label
from wsinspector.protocol.dialects import Challenge, dialect_called, spoken_for
from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.verdicts.calculator import calculate


def request_when(snapshot: AttemptSnapshot) -> str:
    """When the request left, or how far dialling has come; when it came, in the server's role."""
    if snapshot.role is Role.SERVER:
        return came_when(snapshot)
    if snapshot.request_at is not None:
        sent = translate("Handshake", "sent {0}").format(
            clock(snapshot.wall_ns + snapshot.request_at - snapshot.mono_ns)
        )
        held = snapshot.held_steps.of(0)
        return f"{sent}, {held_label(held)}" if held else sent
    if snapshot.step.next is Unit.REQUEST:
        return translate("Handshake", "held, not sent yet")
    if snapshot.phase is Phase.ENDED:
        return translate("Handshake", "never sent")
    return {
        Phase.LOOKUP: translate("Handshake", "looking up the name"),
        Phase.TCP: translate("Handshake", "connecting"),
        Phase.TLS: translate("Handshake", "securing the connection"),
    }.get(snapshot.phase, translate("Handshake", "not sent yet"))


def response_when(snapshot: AttemptSnapshot) -> str:
    """``18.2 ms later``, or that nothing has come."""
    if snapshot.response_at is not None and snapshot.request_at is not None:
        gap = (snapshot.response_at - snapshot.request_at) / 1e6
        return translate("Handshake", "{0} later").format(milliseconds(gap))
    if snapshot.response is not None:
        return ""
    if snapshot.role is Role.SERVER:
        return answered_when(snapshot)
    if snapshot.phase is Phase.ENDED:
        return translate("Handshake", "none")
    return translate("Handshake", "waiting") if snapshot.request_at is not None else ""


def response_facts(snapshot: AttemptSnapshot) -> tuple[Fact, ...]:
    """What a reader must know of the answer beyond its lines."""
    facts = [
        Fact(
            translate("Handshake", "Before it came {0}.").format(
                visible((one.head.start_line[:200] or b"nothing").decode("latin-1"))
            )
        )
        for one in snapshot.interim
    ]
    response = snapshot.response
    if response is None:
        return (*facts, *_no_answer(snapshot))
    return (*facts, *_half(snapshot, response), *_body(response))


def _no_answer(snapshot: AttemptSnapshot) -> tuple[Fact, ...]:
    if snapshot.role is Role.SERVER:
        return no_answer_of_ours(snapshot)
    if snapshot.network_error and snapshot.request_at is not None:
        return (Fact(visible(snapshot.network_error), "text"),)
    if snapshot.phase is not Phase.ENDED:
        return (Fact(translate("Handshake", "Not a byte of the answer yet.")),)
    end = snapshot.end
    if end is None or snapshot.request_at is None:
        return (Fact(translate("Handshake", "No request was sent, so no answer came.")),)
    if end.kind is EndKind.TIMEOUT:
        text = translate("Handshake", "Not a byte came in {0}.").format(duration(end.age))
    elif end.kind is EndKind.CANCELLED:
        text = translate("Handshake", "Cancelled before a byte came.")
    else:
        text = translate("Handshake", "The connection ended before a byte came.")
    return (Fact(text, "text"),)


def _half(snapshot: AttemptSnapshot, response: Response) -> tuple[Fact, ...]:
    codes = {seen.code for seen in response.anomalies}
    if HttpAnomaly.NOT_HTTP in codes:
        count = len(response.body_span)
        return (Fact(translate("Handshake", "This is not HTTP: {0} came.").format(_bytes(count)), "text"),)
    if response.head.complete:
        return ()
    if snapshot.role is Role.SERVER:
        return half_of_ours(snapshot, response)
    count = len(response.head.span)
    if snapshot.phase is not Phase.ENDED:
        return (Fact(translate("Handshake", "{0} so far, the blank line is missing.").format(_bytes(count))),)
    end = snapshot.end
    if end is not None and end.kind in (EndKind.FIN, EndKind.RST):
        text = translate("Handshake", "Half a head: {0}, then the connection ended.")
    else:
        text = translate("Handshake", "Half a head: {0}, then silence.")
    return (Fact(text.format(_bytes(count)), "text"),)


def _body(response: Response) -> tuple[Fact, ...]:
    if not response.head.complete or response.status == 101:
        return ()
    got, announced = len(response.body), response.announced
    if announced is not None and got != announced:
        text = translate("Handshake", "Body: {0} of {1} announced.").format(got, _bytes(announced))
        return (Fact(text, "muted" if not response.anomalies else "text"),)
    if not len(response.body_span) and announced is None:
        return ()
    text = translate("Handshake", "Body: {0}.").format(_bytes(got))
    travelled = len(response.body_span)
    if travelled != got:
        text = translate("Handshake", "Body: {0}, {1} with its chunk framing.").format(_bytes(got), travelled)
    return (Fact(text),)


def _bytes(number: int) -> str:
    return translate("Handshake", "%n byte(s)", "", number)


# -- attempts


def attempt_label(snapshot: AttemptSnapshot) -> str:
    """What stands behind the number in the strip: the status, or why there is none.

    A client that reached us is called that, so that it is told from what we dialled.
    """
    response = snapshot.response
    if snapshot.role is Role.SERVER:
        status = response.status if response is not None else None
        if status is not None:
            return translate("Handshake", "client {0}").format(status)
        waits = snapshot.waits_since is not None
        return translate("Handshake", "client waits") if waits else translate("Handshake", "client")
    if response is not None and response.status is not None:
        return str(response.status)
    outcome = snapshot.outcome.value if snapshot.outcome is not None else ""
    words = {
        "not-http": translate("Handshake", "no HTTP"),
        "no-answer": translate("Handshake", "no answer"),
        "closed": translate("Handshake", "closed"),
        "network-error": translate("Handshake", "not reached"),
    }
    if outcome in words:
        return words[outcome]
    return "…" if snapshot.live else translate("Handshake", "none")


def attempt_tone(snapshot: AttemptSnapshot) -> str:
    """The role of an attempt's dot: open, refused (amber), fault, or muted."""
    outcome = snapshot.outcome.value if snapshot.outcome is not None else ""
    return {"open": "ok", "failed": "fault", "refused": "note"}.get(outcome, "muted")


def draft_state(last: AttemptSnapshot | None, differing: int, *, short: bool = False) -> str:
    """``draft unchanged`` or ``not sent yet: 2 lines differ``, against the last attempt."""
    if last is None:
        return translate("Handshake", "not sent yet")
    if differing == 0 and last.role is Role.SERVER:
        return (
            translate("Handshake", "as it came") if short else translate("Handshake", "as the client sent it")
        )
    if differing == 0:
        return translate("Handshake", "unchanged") if short else translate("Handshake", "draft unchanged")
    if differing == 1:
        count = translate("Handshake", "1 line differs")
    else:
        count = translate("Handshake", "{0} lines differ").format(differing)
    return count if short else translate("Handshake", "not sent yet: {0}").format(count)


# -- the accept value and TLS


@dataclass(frozen=True, slots=True)
class Proof:
    """How the proof in the answer comes about: ``rows`` of ``(label, value)``, a note for each.

    ``trust``: whether what came is right, in the role ``tone``.
    """

    title: str
    rows: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    trust: str
    tone: str


def proof_of(snapshot: AttemptSnapshot) -> Proof | None:
    """The calculation beside a 101; None where there is no challenge or no such answer."""
    response = snapshot.response
    if response is None or response.status != 101:
        return None
    found = calculate(snapshot.request, response)
    if found is None:
        return None
    digest = dialect_called(spoken_for(snapshot.request)).challenge is Challenge.KEYS
    title = translate("Handshake", "Digest behind the answer") if digest else "Sec-WebSocket-Accept"
    if found.keyed:
        title = translate("Handshake", "Accept and connection key")
    trust, tone = "", "muted"
    if found.right:
        trust, tone = translate("Handshake", "as computed"), "ok"
    elif found.right is not None:
        trust, tone = translate("Handshake", "not as computed"), "fault"
    rows = tuple((step.name, visible(step.value)) for step in found.steps)
    notes = tuple(step.note for step in found.steps)
    if found.mistake:
        rows += ((translate("Handshake", "mistake"), found.mistake),)
        notes += ("",)
    return Proof(title, rows, notes, trust, tone)


def tls_summary(tls: TlsView) -> str:
    """One line: version, cipher, ALPN answer."""
    parts = [tls.version, tls.cipher, tls.alpn or translate("Handshake", "no ALPN")]
    return ", ".join(visible(part) for part in parts if part)


def tls_trust(tls: TlsView) -> Fact:
    """Whether the certificate was verified; why not stands in :func:`tls_rows`."""
    if tls.verified and not tls.trouble:
        return Fact(translate("Handshake", "verified"), "ok")
    return Fact(translate("Handshake", "not verified"), "note")


def certificate_rows(certificate: CertificateFacts) -> tuple[tuple[str, str], ...]:
    """A certificate as ``(label, value)`` lines, values plain and visible."""
    rows = (
        (translate("Handshake", "Subject"), certificate.subject),
        (translate("Handshake", "Issuer"), certificate.issuer),
        (translate("Handshake", "Names"), ", ".join(certificate.names)),
        (translate("Handshake", "Valid"), f"{certificate.not_before} – {certificate.not_after}"),
        ("SHA-256", certificate.fingerprint),
    )
    return tuple((label, visible(value)) for label, value in rows if value.strip(" –"))


def tls_rows(tls: TlsView) -> tuple[tuple[str, str], ...]:
    """TLS facts and the first certificate as ``(label, value)`` lines."""
    rows: list[tuple[str, str]] = []
    if tls.trouble:
        rows.append((translate("Handshake", "Trouble"), visible(tls.trouble)))
    elif not tls.verified:
        rows.append((translate("Handshake", "Trust"), translate("Handshake", "any certificate is accepted")))
    if tls.sni:
        rows.append(("SNI", visible(tls.sni)))
    for certificate in tls.chain[:1]:
        rows += certificate_rows(certificate)
    rows += [(translate("Handshake", "Chain"), visible(certificate.subject)) for certificate in tls.chain[1:]]
    return tuple(rows)
