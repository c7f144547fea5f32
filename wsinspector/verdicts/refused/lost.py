"""Where a handshake was lost on its way, and the setting that would have kept it."""

from collections.abc import Sequence

from wsinspector.translate import translate
from wsinspector.verdicts.refused.boxes import BOXES, Box, box_called, server_named
from wsinspector.verdicts.refused.complaints import Aspect
from wsinspector.verdicts.refused.evidence import RefusedCase
from wsinspector.verdicts.refused.pages import own_page
from wsinspector.verdicts.refused.telling import Kind, Lost, Quote, Setting, Spoke

_USUAL = ("nginx", "apache")
"""Whose settings are named where nobody signed: what most often stands between."""


def where_lost(case: RefusedCase, kind: Kind, spoke: Sequence[Spoke]) -> Lost | None:
    """None where the evidence does not tell, or where nothing was lost."""
    if kind is Kind.TLS_MEANT:
        return None  # it came where it was sent to
    between = tuple(box for box in map(box_called, (each.box for each in spoke)) if box.passes_on)
    carries = _carries(case, spoke)
    if kind is Kind.UPGRADE_LOST:
        told = case.complaint(Aspect.UPGRADE, Aspect.CONNECTION)
        says = (
            translate("Lost", "the answer says “{words}”, and both were sent").format(words=told.text)
            if told
            else translate("Lost", "the answer asks for an upgrade, and Upgrade and Connection were sent")
        )
        return Lost(
            translate("Lost", "Probably something in between removed Upgrade and Connection."),
            _evidence(says, carries),
            translate(
                "Lost", "These two headers end at each hop, so a proxy passes them on only when told to."
            ),
            _settings(between),
        )
    if kind is Kind.DOWNGRADED:
        told = case.complaint(Aspect.HTTP_VERSION)
        says = translate("Lost", "HTTP/1.1 was sent, and the answer has status {status}").format(
            status=case.status
        )
        if told is not None:
            says = translate("Lost", "HTTP/1.1 was sent, and the answer says “{words}”").format(
                words=told.text
            )
        sentence = translate("Lost", "Probably something in between asked on in another HTTP version.")
        if told is not None and "1.0" in told.text:
            sentence = translate("Lost", "Probably something in between asked on in HTTP/1.0.")
        elif told is not None and "1.1" in told.text:
            sentence = translate("Lost", "Probably something in between asked on in an older HTTP version.")
        return Lost(
            sentence,
            _evidence(says, carries),
            translate(
                "Lost",
                "HTTP/1.0 knows no Upgrade. A proxy that speaks it to the server behind loses the handshake, "
                "and most often Upgrade and Connection as well.",
            ),
            _settings(between),
        )
    if kind is Kind.HTTP_2:
        return Lost(
            translate("Lost", "At the port itself: it takes HTTP/2 and no HTTP/1.1."),
            translate("Lost", "Evidence: the first bytes are a frame of HTTP/2."),
            translate(
                "Lost",
                "The handshake of RFC 6455 needs HTTP/1.1. Over TLS the client's ALPN list decides; "
                "without TLS "
                "the listener must take HTTP/1.1 too.",
            ),
            (Setting("nginx", ("listen 80;   # without http2",)),),
        )
    if kind in (Kind.GATEWAY, Kind.OWN_PAGE):
        return _at_the_box(case, kind, between, carries)
    if kind in (Kind.PLAIN_PAGE, Kind.HEALTH_PAGE) and case.asks_upgrade and not case.other_reasons:
        if case.answer.head.named(b"Sec-WebSocket-Accept"):
            return None  # it came to something that speaks WebSocket
        return Lost(
            translate(
                "Lost",
                "Probably the request went to another place than meant, or Upgrade was dropped before it.",
            ),
            _evidence(
                translate("Lost", "Upgrade was sent, and an ordinary {what} came with {status}").format(
                    what=translate("Lost", "page")
                    if case.answer.body
                    else translate("Lost", "answer without a page"),
                    status=case.status,
                ),
                carries,
            ),
            translate(
                "Lost",
                "Whoever knows no WebSocket at a path ignores Upgrade and answers as to any GET "
                "(RFC 9110 §7.8).",
            ),
            _settings(between) if between else (),
        )
    if kind is Kind.FORBIDDEN and any(box.key == "envoy" for box in between) and not case.answer.body:
        return Lost(
            translate(
                "Lost", "Probably at Envoy: an upgrade that its configuration does not name is forbidden."
            ),
            _evidence(translate("Lost", "the status is 403 and the answer has no body"), carries),
            translate("Lost", "Upgrades are named for the listener, and may be switched for a route."),
            _settings([box for box in between if box.key == "envoy"]),
        )
    if kind is Kind.BROWSER_PAGE or own_page(case.answer.body if case.response is not None else b""):
        return _at_the_box(case, kind, between, carries)
    return None


def _at_the_box(case: RefusedCase, kind: Kind, between: Sequence[Box], carries: str) -> Lost:
    page = own_page(case.answer.body)
    name = page or (between[0].name if between else "")
    says = translate("Lost", "the status is {status}").format(status=case.status)
    if page:
        says = translate("Lost", "the page is the one {box} makes itself, with {status}").format(
            box=page, status=case.status
        )
    sentence = translate("Lost", "At whatever stands in front of the server.")
    if name:
        sentence = translate("Lost", "Probably at {box}: it answered by itself.").format(box=name)
    why = translate(
        "Lost", "The server behind is down, not reachable from there, or ended the connection itself."
    )
    if kind is Kind.BROWSER_PAGE and not name:
        sentence = translate("Lost", "Probably at a proxy or web server in front.")
        says = translate("Lost", "the page is HTML titled with the status, {status}").format(
            status=case.status
        )
    if kind is not Kind.GATEWAY:
        why = translate(
            "Lost", "A page of its own says that it took the request for its own affair, or found it wrong."
        )
    if kind is Kind.GATEWAY and not name and case.status == 503:
        sentence = translate("Lost", "At whoever answered; the bytes do not say who.")
    return Lost(sentence, _evidence(says, carries), why)


def _carries(case: RefusedCase, spoke: Sequence[Spoke]) -> str:
    """Who signed, as a clause with its quote."""
    signed = [each.quote for each in spoke if each.quote is not None]
    if not signed:
        named: Quote | None = server_named(case.response)
        signed = [named] if named is not None else []
    if signed:
        return translate("Lost", "the answer carries {line}").format(line=signed[0].text)
    shows = next((each.certificate for each in spoke if each.certificate), "")
    return translate("Lost", "the certificate is {name}").format(name=shows) if shows else ""


def _evidence(*parts: str) -> str:
    return translate("Lost", "Evidence: {parts}.").format(parts="; ".join(part for part in parts if part))


def _settings(between: Sequence[Box]) -> tuple[Setting, ...]:
    """Of the boxes that signed; where none did, of those that most often stand between."""
    chosen = between or tuple(box for box in BOXES if box.key in _USUAL)
    return tuple(box.setting for box in chosen if box.setting is not None)
