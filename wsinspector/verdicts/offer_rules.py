"""What a request offers: subprotocols and extensions in their right form (RFC 6455 §4.1, RFC 7692 §7)."""

from collections import Counter
from collections.abc import Callable, Iterator

from wsinspector.translate import translate
from wsinspector.verdicts.examples import asked
from wsinspector.verdicts.extensions import (
    FIELD,
    Extension,
    deflate_of,
    extensions_of,
    is_token,
    repeated_parameters,
    unknown_parameters,
    valued_flags,
    wrong_windows,
)
from wsinspector.verdicts.finding import Fault, Severity
from wsinspector.verdicts.rule import (
    About,
    Applies,
    Bad,
    Example,
    Good,
    RequestCase,
    RequestCheck,
    Result,
    Rule,
    on_lines,
    shown,
)

_PROTOCOL = b"Sec-WebSocket-Protocol"


def _subprotocols(case: RequestCase) -> Result:
    lines = case.head.named(_PROTOCOL)
    if not lines:
        return
    where = on_lines("request", lines)
    members = case.head.members(_PROTOCOL)
    wrong = [member for member in members if not is_token(member)]
    if not members:
        yield Bad(
            translate(
                "Rules", "The Sec-WebSocket-Protocol header names no subprotocol, expected at least one."
            ),
            where,
        )
    for member in wrong:
        yield Bad(translate("Rules", "The subprotocol {0} is no token.").format(shown(member)), where)
    if members and not wrong:
        yield Good(translate("Rules", "The subprotocols have the right form."))


def _subprotocols_unique(case: RequestCase) -> Result:
    for member, count in Counter(case.head.members(_PROTOCOL)).items():
        if count > 1:
            text = translate("Rules", "The subprotocol {0} stands {1} times, expected once.").format(
                shown(member), count
            )
            yield Bad(text, on_lines("request", case.head.named(_PROTOCOL)))


def _extensions(case: RequestCase) -> Result:
    lines = case.head.named(FIELD)
    if not lines:
        return
    where = on_lines("request", lines)
    offered = extensions_of(case.head)
    wrong = [each for each in offered if each.fault]
    if not offered:
        yield Bad(
            translate(
                "Rules", "The Sec-WebSocket-Extensions header names no extension, expected at least one."
            ),
            where,
        )
    for each in wrong:
        yield Bad(
            translate("Rules", "The extension {0} has no right form: {1}.").format(
                shown(each.text), each.fault
            ),
            where,
        )
    if offered and not wrong:
        yield Good(translate("Rules", "The extensions have the right form."))


def _deflate(faults: Callable[[Extension], Iterator[str]]) -> RequestCheck:
    def check(case: RequestCase) -> Result:
        for offer in deflate_of(case.head):
            for fault in faults(offer):
                yield Bad(
                    translate("Rules", "The offer of permessage-deflate must be declined: {0}.").format(
                        fault
                    ),
                    on_lines("request", case.head.named(FIELD)),
                )

    return check


def _offered_windows(offer: Extension) -> Iterator[str]:
    return (fault for _, fault in wrong_windows(offer, offer=True))


def _rule(
    name: str,
    clause: str,
    what: str,
    why: str,
    check: RequestCheck,
    passing: Example,
    failing: Example,
    severity: Severity = Severity.BREAKS,
) -> Rule[RequestCase]:
    return Rule(
        name,
        clause,
        Applies.STANDARD,
        why,
        check,
        what=what,
        passing=passing,
        failing=failing,
        severity=severity,
        fault=Fault.CLIENT,
        about=About.REQUEST,
    )


def _offer(value: bytes) -> Example:
    return asked({FIELD: value})


OFFER_RULES: tuple[Rule[RequestCase], ...] = (
    _rule(
        "request-subprotocols",
        "RFC 6455 §4.3",
        "Sec-WebSocket-Protocol, where it is there, names at least one subprotocol, each a token.",
        "A subprotocol is a name without blanks and separators. What has another form is malformed, and a "
        "malformed handshake is refused.",
        _subprotocols,
        asked({_PROTOCOL: b"chat, superchat"}),
        asked({_PROTOCOL: b"chat room"}),
    ),
    _rule(
        "request-subprotocols-unique",
        "RFC 6455 §4.1",
        "No subprotocol is offered twice.",
        "The names stand in the order of preference, each once. Servers take the first they know and rarely "
        "look for a second.",
        _subprotocols_unique,
        asked({_PROTOCOL: b"chat"}, extra=b"Sec-WebSocket-Protocol: superchat\r\n"),
        asked({_PROTOCOL: b"chat, chat"}),
        Severity.VIOLATES,
    ),
    _rule(
        "request-extensions",
        "RFC 6455 §9.1",
        "Sec-WebSocket-Extensions, where it is there, is a list of tokens with parameters.",
        "Extensions are tokens with parameters behind semicolons. Whoever receives another form fails the "
        "connection.",
        _extensions,
        _offer(b"permessage-deflate; client_max_window_bits, x-other"),
        _offer(b"permessage-deflate; client max window"),
    ),
    _rule(
        "offer-unknown-parameter",
        "RFC 7692 §7.1",
        "An offer of permessage-deflate has only the four parameters defined.",
        "A server must decline an offer with a parameter it does not know. The connection can open without "
        "compression.",
        _deflate(unknown_parameters),
        _offer(b"permessage-deflate; server_no_context_takeover"),
        _offer(b"permessage-deflate; level=9"),
        Severity.VIOLATES,
    ),
    _rule(
        "offer-repeated-parameter",
        "RFC 7692 §7.1",
        "An offer of permessage-deflate has each parameter once.",
        "A server must decline an offer that repeats a parameter. Several offers may differ in it instead.",
        _deflate(repeated_parameters),
        _offer(
            b"permessage-deflate; server_max_window_bits=10, permessage-deflate; server_max_window_bits=12"
        ),
        _offer(b"permessage-deflate; server_max_window_bits=10; server_max_window_bits=12"),
        Severity.VIOLATES,
    ),
    _rule(
        "offer-takeover-value",
        "RFC 7692 §7.1.1",
        "A takeover parameter of an offer has no value.",
        "The two takeover parameters say all by being there. A server must decline an offer that gives one "
        "a value.",
        _deflate(valued_flags),
        _offer(b"permessage-deflate; client_no_context_takeover"),
        _offer(b"permessage-deflate; client_no_context_takeover=true"),
        Severity.VIOLATES,
    ),
    _rule(
        "offer-window-bits",
        "RFC 7692 §7.1.2",
        "Window bits of an offer are 8 to 15 without a leading zero; only the client's may have no value.",
        "A server must decline an offer with any other value. Its own window needs a number, as nothing "
        "could be said without one.",
        _deflate(_offered_windows),
        _offer(b"permessage-deflate; client_max_window_bits; server_max_window_bits=15"),
        _offer(b"permessage-deflate; server_max_window_bits=16"),
        Severity.VIOLATES,
    ),
)
