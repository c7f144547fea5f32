"""How a connection ended, and what that is called: who, how, with which code."""

from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind
from wsinspector.learn.opening import NOWHERE
from wsinspector.learn.pieces import Piece, Said
from wsinspector.protocol.closecodes import describe
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts, reported_code
from wsinspector.translate import translate


def ending_pieces(snapshot: AttemptSnapshot) -> tuple[Piece, ...]:
    """What is known of the end; empty while there is none."""
    end = snapshot.end
    if end is None:
        return ()
    if not end.kept:
        said = Said(
            translate("Explain", "The file does not tell how the connection ended."),
            translate("Explain", "It was cut short, or comes from a program that does not note it."),
        )
        return (Piece(translate("Explain", "end"), NOWHERE, said, end.text, "muted"),)
    pieces = [Piece(translate("Explain", "how"), NOWHERE, _how(end), _name(end), "muted")]
    pieces.append(Piece(translate("Explain", "by"), NOWHERE, _by(end), _who(end), "muted"))
    opened = snapshot.opened_at is not None or end.code is not None
    if opened:
        pieces += _codes(snapshot, end)
    value = translate("Explain", "{0} s").format(f"{end.silence:.1f}")
    said = Said(
        translate("Explain", "How long no byte travelled before the end, either way."),
        translate(
            "Explain", "A round number, such as 60 s, is probably an idle limit of a machine in between."
        ),
        translate("Explain", "Pings within that time keep such a machine from ending it."),
        "RFC 6455 §5.5.2",
        ("ping",),
    )
    pieces.append(Piece(translate("Explain", "silence before"), NOWHERE, said, value, "muted"))
    return tuple(pieces)


def _name(end: End) -> str:
    return {
        EndKind.CLOSE_FRAME: translate("Explain", "closing handshake"),
        EndKind.FIN: "FIN",
        EndKind.RST: "RST",
        EndKind.CANCELLED: translate("Explain", "cancelled"),
        EndKind.TIMEOUT: translate("Explain", "out of time"),
        EndKind.RESPONSE_DONE: translate("Explain", "answer read"),
        EndKind.FAILED: translate("Explain", "failed"),
    }[end.kind]


def _how(end: End) -> Said:
    terms = ("closing-handshake", "tcp")
    texts = {
        EndKind.CLOSE_FRAME: Said(
            translate("Explain", "Both sides sent a Close frame; then TCP was ended."),
            translate(
                "Explain",
                "Each side knows that the other wanted to end, and that all it sent before its Close has "
                "come.",
            ),
            translate("Explain", "Ended by TCP alone, nobody could tell it from a broken line."),
            "RFC 6455 §1.4, §7.1.1, §7.1.2",
            terms,
        ),
        EndKind.FIN: Said(
            translate("Explain", "One side ended its stream by TCP, without the closing handshake."),
            translate("Explain", "A program ended, or a machine in between lost patience."),
            translate("Explain", "With a Close frame before it, the end would be clean."),
            "RFC 6455 §7.1.4, §7.1.5, RFC 9293 §3.6",
            terms,
        ),
        EndKind.RST: Said(
            translate("Explain", "The connection was torn down at once: bytes under way may be lost."),
            translate(
                "Explain", "A program crashed or gave up, or a machine in between forgot the connection."
            ),
            translate("Explain", "With a Close frame before it, the end would be clean."),
            "RFC 6455 §7.1.4, RFC 9293 §3.5.2",
            terms,
        ),
        EndKind.CANCELLED: Said(
            translate("Explain", "It was cancelled here."),
            translate("Explain", "A person or the program did not want to wait any longer."),
            clause="RFC 6455 §7.1.7",
        ),
        EndKind.TIMEOUT: Said(
            translate("Explain", "Nothing came in the time that was set."),
            translate("Explain", "Without a limit a silent server would be waited for for ever."),
        ),
        EndKind.RESPONSE_DONE: Said(
            translate("Explain", "The answer was read to its end. It opened no WebSocket."),
            translate("Explain", "There is nothing more to say on this connection."),
            clause="RFC 6455 §4.1",
            terms=("refusal",),
        ),
        EndKind.FAILED: Said(
            translate("Explain", "The connection never came to be, or it was failed over a fault."),
            translate("Explain", "An endpoint that cannot go on by the rules ends the connection."),
            clause="RFC 6455 §7.1.7",
            terms=("policy",),
        ),
    }
    return texts[end.kind]


def _who(end: End) -> str:
    return {
        EndedBy.PEER: translate("Explain", "the other side"),
        EndedBy.US: translate("Explain", "us"),
        EndedBy.NETWORK: translate("Explain", "the network"),
    }[end.by]


def _by(end: End) -> Said:
    del end
    return Said(
        translate("Explain", "Who ended it, as far as it can be seen from here."),
        translate(
            "Explain",
            "Once both Close frames are sent, the server ends TCP first, so that it and not the client "
            "keeps the old port for a while.",
        ),
        translate("Explain", "What a machine in between ends looks as if the other side had done it."),
        "RFC 6455 §7.1.1",
        ("closing-handshake", "proxy"),
    )


def _codes(snapshot: AttemptSnapshot, end: End) -> list[Piece]:
    dialect = snapshot.agreed.dialect
    if frame_facts(dialect).close is not CloseStyle.CODES:
        said = Said(
            translate("Explain", "This version of the protocol has no close codes."),
            translate("Explain", "They came with draft 06."),
            clause=frame_facts(dialect).document,
            terms=("close-code", "dialect"),
        )
        return [Piece(translate("Explain", "code"), NOWHERE, said, translate("Explain", "none"), "muted")]
    code = reported_code(dialect, end.code)
    clause = "RFC 6455 §7.1.5, §7.1.6, §7.4.1" if dialect == "rfc6455" else frame_facts(dialect).document
    said = Said(
        translate("Explain", "The code that an application is told."),
        translate(
            "Explain",
            "It comes from the Close frame that was received; 1005 stands for a Close without a code, "
            "1006 for no Close at all. These two never travel.",
        ),
        translate("Explain", "Another code, and the application may reconnect or give up."),
        clause,
        ("close-code",),
    )
    value = translate("Explain", "none") if code is None else describe(code)
    return [Piece(translate("Explain", "code"), NOWHERE, said, value, "muted")]
