"""What can be done next after an attempt that did not open: only what works from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, EndKind
from wsinspector.present.plain import visible
from wsinspector.present.refused import understood
from wsinspector.protocol.draft import VERSION
from wsinspector.protocol.head_reader import parse_request
from wsinspector.translate import translate
from wsinspector.verdicts.refusal import Retry, dialect_saying, in_old_form, retry_offer
from wsinspector.verdicts.refused import Kind

LONGER = 3.0
_OF_VERSIONS = (Kind.VERSION_LISTED, Kind.VERSION_UNLISTED, Kind.VERSION_LIKELY)
_MAY_HAVE_LOST = (Kind.UPGRADE_LOST, Kind.DOWNGRADED, Kind.PLAIN_PAGE, Kind.HEALTH_PAGE)
"""Kinds for which a proxy that passes Upgrade and Connection not on is among the reasons."""
_UNTRUSTED = ("The certificate", "The chain", "The issuer", "An authority")
"""How the sentences of live.tls_failure begin that speak of a verification."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """``kind``: ``retry``, ``follow``, ``trust``, ``wait``, ``direct``, ``mirror``, ``without``, ``sweep``,
    ``about``, ``again``, ``raw``; ``value`` belongs to it."""

    kind: str
    text: str
    tip: str
    value: str = ""


def next_steps(snapshot: AttemptSnapshot, options: Options, came: int) -> tuple[NextStep, ...]:
    """The steps in order of promise. ``came``: bytes received."""
    if snapshot.open or snapshot.undecided:
        return ()
    steps: list[NextStep] = []
    version = retry_offer(snapshot.request, snapshot.response)
    if version is not None:
        text = version.value.decode("ascii")
        steps.append(
            NextStep(
                "retry",
                translate("Next", "Retry with version {version}").format(version=text),
                _retry_tip(snapshot, options, version),
                text,
            )
        )
    where = redirect_of(snapshot)
    if where:
        steps.append(
            NextStep(
                "follow",
                translate("Next", "Follow to {where}").format(where=visible(where)),
                translate("Next", "Puts this address into the address bar; nothing connects yet"),
                where,
            )
        )
    if secure := _with_tls(snapshot):
        steps.append(
            NextStep(
                "follow",
                translate("Next", "Use {where}").format(where=visible(secure)),
                translate("Next", "Puts this address into the address bar; nothing connects yet"),
                secure,
            )
        )
    if options.verify and not_trusted(snapshot):
        steps.append(
            NextStep(
                "trust",
                translate("Next", "Accept any certificate and connect again"),
                translate("Next", "Shown as a chip under the address until it is removed"),
            )
        )
    if snapshot.end is not None and snapshot.end.kind is EndKind.TIMEOUT:
        longer = options.timeout * LONGER
        steps.append(
            NextStep(
                "wait",
                translate("Next", "Connect again and wait {seconds} s").format(seconds=f"{longer:g}"),
                translate("Next", "Sets the time-out in Options"),
                f"{longer:g}",
            )
        )
    steps += _past_the_proxy(snapshot)
    steps += _without_origin(snapshot)
    steps += _every_version(snapshot)
    steps += _what_differs(snapshot, version)
    steps.append(
        NextStep(
            "again",
            translate("Next", "Send the draft again"),
            translate("Next", "Connects ([key:request.connect])"),
        )
    )
    if came:
        steps.append(
            NextStep(
                "raw",
                translate("Next", "Show every byte that came"),
                translate("Next", "The whole answer as hex, head and body"),
            )
        )
    return tuple(steps)


def _with_tls(snapshot: AttemptSnapshot) -> str:
    """The same address with wss://, where the port said that it speaks TLS; else empty."""
    refusal = understood(snapshot)
    if refusal is None or refusal.kind is not Kind.TLS_MEANT or not snapshot.url.startswith("ws://"):
        return ""
    place, slash, path = snapshot.url.removeprefix("ws://").partition("/")
    port = place.rpartition("]")[2].rpartition(":")[2]  # a port behind a name or a literal address
    named = ":" in place.rpartition("]")[2] and port.isdigit()
    return f"wss://{place}{'' if named else ':80'}{slash}{path}"


def _past_the_proxy(snapshot: AttemptSnapshot) -> Iterator[NextStep]:
    """Where something in between is likely, the same bytes may go round it."""
    refusal = understood(snapshot)
    if refusal is not None and refusal.lost is not None and refusal.kind is not Kind.HTTP_2:
        yield NextStep(
            "direct",
            translate("Next", "Send the same bytes to the server directly, past the proxy…"),
            translate("Next", "Opens Options, where another address can be dialled for the same request"),
        )
        if refusal.kind in _MAY_HAVE_LOST:
            yield NextStep(
                "mirror",
                translate(
                    "Next", "See what it drops: point the proxy at the lab's /mirror, connect through it…"
                ),
                translate(
                    "Next",
                    "The mirror answers with the request as it arrived; the answer line names each change. "
                    "Opens the Lab menu, which has the mirror's address",
                ),
            )


def _without_origin(snapshot: AttemptSnapshot) -> Iterator[NextStep]:
    """A 403 may be for the Origin (RFC 6455 §4.2.2); sending none tells whether it is."""
    response = snapshot.response
    if response is None or response.status != 403:
        return
    names = [name for name in ("Origin", "Sec-WebSocket-Origin") if _has(snapshot, name)]
    if names:
        yield NextStep(
            "without",
            translate("Next", "Send it without {name}").format(name=names[0]),
            translate("Next", "Switches the line off in the draft and connects"),
            names[0],
        )


def _every_version(snapshot: AttemptSnapshot) -> Iterator[NextStep]:
    """Where a version was refused, what the server does with the others can be asked."""
    refusal = understood(snapshot)
    if refusal is not None and refusal.kind in _OF_VERSIONS:
        yield NextStep(
            "sweep",
            translate("Next", "Sweep every version against this server"),
            translate("Next", "Fills in the Sweep page; nothing is sent until Run is pressed"),
            snapshot.url,
        )


def _has(snapshot: AttemptSnapshot, name: str) -> bool:
    return bool(parse_request(snapshot.request).named(name.encode("ascii")))


def _what_differs(snapshot: AttemptSnapshot, offer: Retry | None) -> Iterator[NextStep]:
    """Where a dialect's version was refused: what is different in the one that is offered."""
    said = parse_request(snapshot.request).values(VERSION)
    dialect = dialect_saying(said[0]) if len(said) == 1 else None
    if offer is None or dialect is None:
        return
    text = translate("Next", "What is different between {0} and {1}?")
    yield NextStep(
        "about",
        text.format(said[0].decode("ascii"), offer.value.decode("ascii")),
        translate("Next", "Opens Learn at {0}").format(dialect),
        dialect,
    )


def _retry_tip(snapshot: AttemptSnapshot, options: Options, version: Retry) -> str:
    if in_old_form(snapshot.request):
        text = translate("Next", "Writes the whole request as {dialect} has it, and connects")
        return text.format(dialect=version.dialect)
    if options.speak:
        text = translate("Next", "Changes the version in the draft, speaks {dialect}, and connects")
        return text.format(dialect=version.dialect)
    return translate("Next", "Changes the version in the draft, nothing else, and connects")


def not_trusted(snapshot: AttemptSnapshot) -> bool:
    """Whether TLS failed because the peer's certificates could not be verified."""
    reached = snapshot.timings.tcp is not None and snapshot.timings.tls is None
    return reached and snapshot.request_at is None and snapshot.network_error.startswith(_UNTRUSTED)


def redirect_of(snapshot: AttemptSnapshot) -> str:
    """Where a 3xx points to as an address to connect to; empty where it points nowhere."""
    response = snapshot.response
    if response is None or response.status is None or not 300 <= response.status < 400:
        return ""
    values = response.head.values(b"Location")
    if not values:
        return ""
    # urljoin knows no ws: join as http and go back.
    base = snapshot.url.replace("ws", "http", 1) if snapshot.url.startswith("ws") else snapshot.url
    try:
        where = urljoin(base, values[0].decode("latin-1"))
    except ValueError:
        return ""
    return "ws" + where[4:] if where.startswith("http") else where
