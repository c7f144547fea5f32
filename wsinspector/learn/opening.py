"""What happened before the first byte of the handshake, in short: name, TCP, TLS."""

from wsinspector.conversation.snapshot import AttemptSnapshot, TlsView
from wsinspector.learn.pieces import Piece, Said
from wsinspector.protocol.dialects import RFC6455, Dialect, dialect_called
from wsinspector.protocol.spans import Role, Span
from wsinspector.translate import translate

_DOCUMENT = {
    "hixie": "draft-hixie-thewebsocketprotocol-{0}",
    "hybi-": "draft-ietf-hybi-thewebsocketprotocol-{0}",
}
NOWHERE = Span(0, 0)
"""Of pieces that are no bytes of a stream."""


def opening_pieces(snapshot: AttemptSnapshot) -> tuple[Piece, ...]:
    """The steps before the request, each with what was measured; none of them is a byte of the streams."""
    pieces = []
    if snapshot.role is Role.SERVER:
        pieces.append(_reached(snapshot))
    else:
        pieces.append(_lookup(snapshot))
        pieces.append(_tcp(snapshot))
    if snapshot.tls is not None:
        pieces += _tls(snapshot.tls, snapshot)
    else:
        pieces.append(_no_tls())
    dialect = dialect_called(snapshot.dialect)
    if dialect.name != RFC6455:
        pieces.append(_draft(dialect))
    return tuple(pieces)


def _fact(name: str, value: str, said: Said) -> Piece:
    return Piece(name, NOWHERE, said, value, "muted")


def _draft(dialect: Dialect) -> Piece:
    """What is asked for is a draft: the clauses beside what follows are those of the standard."""
    documents = ", ".join(
        _DOCUMENT.get(name[:5], "{0}").format(name.partition("-")[2]) for name in dialect.drafts
    )
    return _fact(
        translate("Explain", "version"),
        dialect.name,
        Said(
            translate("Explain", "A draft of the protocol, {0}, first of {1}.").format(
                dialect.name, dialect.dated
            ),
            translate(
                "Explain",
                "Clauses of RFC 6455 beside what follows say where a matter stands in the standard; where "
                "the draft did otherwise, the words say so.",
            ),
            translate("Explain", "A peer that speaks the standard alone refuses it, or reads it wrongly."),
            documents,
            ("dialect",),
        ),
    )


def _after(value: str, milliseconds: float | None) -> str:
    if milliseconds is None:
        return value
    took = translate("Explain", "{0} ms").format(f"{milliseconds:.1f}")
    return f"{value}, {took}" if value else took


def _reached(snapshot: AttemptSnapshot) -> Piece:
    return _fact(
        translate("Explain", "TCP"),
        snapshot.client,
        Said(
            translate("Explain", "A client reached the lab: its address and port."),
            translate(
                "Explain", "Here we play the server: what the client sends comes in, what we answer goes out."
            ),
            clause="RFC 9293 §3.5",
            terms=("tcp", "lab"),
        ),
    )


def _lookup(snapshot: AttemptSnapshot) -> Piece:
    value = ", ".join(snapshot.addresses[:4])
    return _fact(
        translate("Explain", "name"),
        _after(value, snapshot.timings.lookup),
        Said(
            translate("Explain", "The host's name is looked up: which addresses it has."),
            translate("Explain", "Packets go to addresses and not to names."),
            translate(
                "Explain",
                "A name that is not found ends the attempt here; an address in the URL needs no look-up.",
            ),
            "RFC 6455 §4.1, RFC 1034 §5",
            ("host",),
        ),
    )


def _tcp(snapshot: AttemptSnapshot) -> Piece:
    return _fact(
        translate("Explain", "TCP"),
        _after(snapshot.dialled, snapshot.timings.tcp),
        Said(
            translate("Explain", "A TCP connection: two streams of bytes, one each way, whole and in order."),
            translate("Explain", "WebSocket is spoken on one connection of this kind, and ends with it."),
            translate(
                "Explain",
                "Where nobody listens or a filter stands between, it is refused or runs out of time.",
            ),
            "RFC 6455 §4.1, RFC 9293 §3.5",
            ("tcp", "stream"),
        ),
    )


def _no_tls() -> Piece:
    return _fact(
        "TLS",
        translate("Explain", "none"),
        Said(
            translate("Explain", "The address is ws, so the bytes travel as they are."),
            translate("Explain", "Everyone on the way can read and change them."),
            translate(
                "Explain", "With wss the same bytes travel inside TLS. More of them pass odd proxies then."
            ),
            "RFC 6455 §3, §10.6",
            ("tls",),
        ),
    )


def _tls(tls: TlsView, snapshot: AttemptSnapshot) -> list[Piece]:
    trust = translate("Explain", "verified") if tls.verified else translate("Explain", "not verified")
    pieces = [
        _fact(
            "TLS",
            _after(", ".join(part for part in (tls.version, tls.cipher) if part), snapshot.timings.tls),
            Said(
                translate("Explain", "Version and cipher of TLS, which both sides agreed on."),
                translate(
                    "Explain",
                    "What follows is encrypted, and changed bytes are noticed. All is shown here as it was "
                    "inside.",
                ),
                translate("Explain", "Where TLS fails, the client ends the connection and sends no request."),
                "RFC 6455 §4.1, §10.6, RFC 8446 §2",
                ("tls",),
            ),
        ),
        _fact(
            translate("Explain", "certificate"),
            trust,
            Said(
                translate(
                    "Explain",
                    "Whether the server's certificate was signed by someone trusted and names the host.",
                ),
                translate("Explain", "It is how the client knows that it speaks to the right server."),
                translate(
                    "Explain",
                    "A certificate that does not hold ends the attempt, unless any is accepted by choice.",
                ),
                "RFC 6455 §10.6, RFC 9110 §4.3.4",
                ("tls",),
            ),
        ),
        _fact(
            "SNI",
            tls.sni or translate("Explain", "none"),
            Said(
                translate("Explain", "The host's name as it is told to the server while TLS begins."),
                translate(
                    "Explain",
                    "One address may serve many names; the server must choose a certificate before any Host "
                    "came.",
                ),
                translate(
                    "Explain",
                    "Without it the server shows its usual certificate, which may name another host.",
                ),
                "RFC 6455 §4.1, RFC 6066 §3",
                ("sni",),
            ),
        ),
        _fact(
            "ALPN",
            tls.alpn or translate("Explain", "none"),
            Said(
                translate("Explain", "Which protocol is spoken inside TLS, agreed on while TLS begins."),
                translate("Explain", "A WebSocket of RFC 6455 begins as HTTP/1.1, so http/1.1 is what fits."),
                translate("Explain", "Were h2 agreed on, the handshake would be another: RFC 8441."),
                "RFC 7301 §3, RFC 8441 §1",
                ("alpn",),
            ),
        ),
    ]
    return pieces
