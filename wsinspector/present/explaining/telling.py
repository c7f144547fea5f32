"""All that is told of one row: its words, bytes, reasons, calculation, faults and words to look up."""

from dataclasses import dataclass

from wsinspector.learn.glossary import term_called
from wsinspector.learn.pieces import Piece, Step, Wrong
from wsinspector.present.explaining.part import Kind, Part
from wsinspector.present.explaining.rows import Row, Rows
from wsinspector.present.explaining.shown import (
    left_out_of,
    printed_bits,
    sign,
    size_of,
    steps_of,
    summary,
    title,
    tone,
)
from wsinspector.present.hexlines import hex_line
from wsinspector.present.plain import visible
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.translate import translate

WIDTH = 16
LINES = 8
"""Lines of bytes that are shown beside a text; the payload's own views show all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, as a line. ``tone``: fault where a side is blamed, else note.

    ``rule``: its id, "" where none leads further.
    """

    text: str
    clause: str
    tone: str
    rule: str


@dataclass(frozen=True, slots=True)
class Told:
    """``size``: how many bytes or bits, and where. ``bytes``: lines of hex and text.

    ``terms``: (key, name) of words to look up. ``hidden``: why bytes of it are not shown, "" where all are.
    """

    name: str
    value: str
    size: str
    bytes: tuple[str, ...]
    what: str
    why: str
    otherwise: str
    clause: str
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]
    terms: tuple[tuple[str, str], ...]
    hidden: str = ""

    def as_text(self) -> str:
        """As it is copied, and read aloud."""
        head = f"{self.name}: {self.value}" if self.value else self.name
        lines = [head, self.size, *self.bytes, self.what, self.why, self.otherwise, self.clause]
        lines += [f"{step.name}: {step.value}  {step.note}".rstrip() for step in self.steps]
        lines += [f"{one.text} ({one.clause})" if one.clause else one.text for one in self.faults]
        return "\n".join(line for line in lines if line)


def told_of_row(rows: Rows, row: Row, wrong: tuple[Wrong, ...]) -> Told:
    """What the pane beside the list tells of ``row``."""
    faults = tuple(
        Fault(f"{sign(each)}: {visible(each.text)}", each.clause, tone(each), each.rule) for each in wrong
    )
    if row.piece is None:
        return _of_part(rows, row.part, faults)
    piece = row.piece
    seen = rows.words(row)
    hidden = rows.hidden(row.part)
    located = rows.parts.located(row.part)
    lines: list[str] = []
    if len(piece.bits) and located.direction is not None:
        stop = min(piece.span.end, piece.span.start + WIDTH * LINES)
        data = rows.parts.reads(located.direction, piece.span.start, stop)
        spans = tuple((one.start, one.end) for one in hidden)
        wide = 3 * min(len(data), WIDTH)
        for at in range(0, len(data), WIDTH):
            line = hex_line(data[at : at + WIDTH], piece.span.start + at, spans)
            lines.append(f"{' '.join(line.cells):<{wide}} {line.text}")
    size = size_of(piece)
    if len(piece.bits) and not piece.whole_bytes:
        size = f"{printed_bits(piece)}: {seen.bits}"
    elif len(piece.bits) and located.span is not None:
        place = translate("Explain", "from byte {0}").format(piece.span.start - located.span.start)
        size = f"{size}, {place}"
    if seen.left_out:
        size = f"{size}, {translate('Explain', 'the beginning is shown')}" if len(lines) == LINES else size
    said = piece.said
    return Told(
        seen.name,
        seen.value,
        size,
        tuple(lines),
        said.what,
        said.why,
        said.otherwise,
        said.clause,
        steps_of(piece, hidden),
        faults,
        _terms(said.terms),
        _why_hidden(rows, located, piece) if seen.hidden else "",
    )


def _why_hidden(rows: Rows, part: Part, piece: Piece) -> str:
    gone = left_out_of(rows.parts, part)
    if any(one.start < piece.span.end and piece.span.start < one.end for one in gone):
        return translate(
            "Explain", "Left out of this copy: other bytes stand in the place of those that travelled."
        )
    return translate("Explain", "Hidden, as it is a secret. Headers shows it at a click.")


def _terms(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = ((key, term_called(key)) for key in keys)
    return tuple((key, term.name) for key, term in found if term is not None)


def _of_part(rows: Rows, part: Part, faults: tuple[Fault, ...]) -> Told:
    what, why, clause, terms = _about(rows, part)
    return Told(
        title(rows.parts, part),
        summary(rows.parts, part),
        "",
        (),
        what,
        why,
        "",
        clause,
        (),
        faults,
        _terms(terms),
    )


def _about(rows: Rows, part: Part) -> tuple[str, str, str, tuple[str, ...]]:
    """What a part is, why it is there, its clause, words to look up."""
    match part.kind:
        case Kind.OPENING:
            return (
                translate(
                    "Explain", "What happens before a byte of WebSocket travels: a name, TCP, perhaps TLS."
                ),
                translate(
                    "Explain", "It is what every program on the network does; WebSocket begins behind it."
                ),
                "RFC 6455 §4.1",
                ("tcp", "tls"),
            )
        case Kind.REQUEST:
            return (
                translate(
                    "Explain", "The client's half of the handshake: an HTTP request that asks for WebSocket."
                ),
                translate("Explain", "So the same port and the same proxies serve pages and WebSockets."),
                "RFC 6455 §1.3, §4.1",
                ("handshake", "upgrade", "key"),
            )
        case Kind.ANSWER:
            return (
                translate(
                    "Explain", "The server's half of the handshake: 101 agrees, anything else refuses."
                ),
                translate(
                    "Explain",
                    "Before it sends a frame, the client checks the number, Upgrade, Connection, the accept "
                    "value, and what was chosen of its offers.",
                ),
                "RFC 6455 §1.3, §4.1, §4.2.2",
                ("handshake", "accept", "refusal"),
            )
        case Kind.INTERIM:
            return (
                translate("Explain", "A word in between; the answer proper follows."),
                translate("Explain", "A client passes it over."),
                "RFC 9110 §15.2",
                ("handshake",),
            )
        case Kind.FRAME | Kind.ARRIVING:
            return (
                translate("Explain", "A frame: a header that tells kind and length, then the payload."),
                translate("Explain", "TCP carries bytes without borders; frames give them borders."),
                _frames_clause(rows),
                ("frame", "message", "opcode"),
            )
        case Kind.MESSAGE:
            return (
                translate(
                    "Explain", "A message that came in several frames; they stand below, as they came."
                ),
                translate(
                    "Explain", "An application sends and is given messages; frames are how they travel."
                ),
                _frames_clause(rows, "§1.2, §5.4"),
                ("message", "fragmentation", "frame"),
            )
        case Kind.WHOLE:
            return (
                translate("Explain", "What the frames above say together."),
                translate("Explain", "This is what an application is given."),
                _frames_clause(rows, "§5.4"),
                ("message", "fragmentation"),
            )
        case Kind.GONE:
            return (
                translate("Explain", "These frames are not in the file any more: a limit let the oldest go."),
                translate("Explain", "Nothing can be told of their bytes."),
                "",
                ("capture",),
            )
        case Kind.REST:
            return (
                translate("Explain", "Bytes that belong to nothing before them."),
                translate("Explain", "They are kept and shown; an endpoint throws them away."),
                "RFC 6455 §7.1.7",
                ("closing-handshake",),
            )
        case _:
            return (
                translate("Explain", "How the connection ended."),
                translate("Explain", "Who ended it, and how, tells a wanted end from a broken line."),
                "RFC 6455 §7.1",
                ("closing-handshake", "close-code"),
            )


def _frames_clause(rows: Rows, of_standard: str = "§5.2") -> str:
    document = frame_facts(rows.parts.snapshot.agreed.dialect).document
    return f"RFC 6455 {of_standard}" if document == "RFC 6455" else document
