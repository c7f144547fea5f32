"""One frame out of the capture as it is to be told: whole, cut off, or still arriving."""

from dataclasses import replace

from wsinspector.conversation.snapshot import PendingView
from wsinspector.learn.frames import FrameToTell
from wsinspector.learn.pieces import Piece
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_MASKED, FLAG_STARTS_MESSAGE
from wsinspector.translate import translate

_ENDLESS = int(FrameAnomaly.TRUNCATED | FrameAnomaly.LENGTH_TOP_BIT | FrameAnomaly.TOO_BIG)
_LONGEST_HEADER = 255


def may_be_cut(facts: FrameFacts) -> bool:
    """Whether fewer bytes of a frame may be there than it declares."""
    return bool(facts.anomalies & _ENDLESS or facts.length >> 32)


def frame_of(reading: FrameReading, facts: FrameFacts, inflation: Inflation | None = None) -> FrameToTell:
    """A frame by its columns. ``inflation``: what it has walked over is told, nothing is inflated here."""
    direction = facts.direction
    have = facts.length
    if may_be_cut(facts):
        length = reading.source.stream_length(direction)
        have = max(0, min(facts.length, length - facts.payload_start))

    def inflated() -> tuple[bytes, int] | None:
        seen = inflation.seen(facts.number) if inflation is not None else None
        return None if seen is None or seen.fault is not None else (seen.beginning, seen.size)

    return FrameToTell(
        offset=facts.offset,
        header=reading.header(facts),
        length=facts.length,
        have=have,
        sentinel=facts.sentinel,
        opcode=facts.opcode,
        fin=facts.fin,
        masked=bool(facts.flags & FLAG_MASKED),
        compressed=facts.compressed,
        starts=bool(facts.flags & FLAG_STARTS_MESSAGE),
        sender=reading.sender(facts),
        anomalies=FrameAnomaly(facts.anomalies),
        reads=lambda start, end: reading.source.stream(direction, start, end),
        plain=lambda start, end: reading.payload(facts, start, end - start),
        agreed=reading.agreed,
        inflated=inflated,
    )


def arriving_frame(reading: FrameReading, view: PendingView, come: int) -> FrameToTell:
    """A frame of which ``come`` bytes are here; a header that is not whole yet has no length."""
    size = view.header or come
    have = come - size if view.header else 0
    unending = not view.length  # a frame that ends with a byte tells no length
    facts = FrameFacts(
        0, view.offset, min(size, _LONGEST_HEADER), (view.length or have) if view.header else 0, view.first,
        view.flags, 0, 0, view.anomalies,
    )  # fmt: skip
    made = frame_of(reading, facts)
    return replace(
        made,
        length=have if unending else max(view.length, have),
        have=have if unending else min(have, view.length),
        sentinel=False,
        unfinished=True,
    )


def as_composed(pieces: tuple[Piece, ...], note: str) -> tuple[Piece, ...]:
    """The pieces of a frame that was made up around a message, of whose header ``note`` says that.

    What a file of messages tells stays: the opcode, and the payload, but for how that travelled.
    """
    return tuple(_as_composed(each, note) for each in pieces)


def _as_composed(piece: Piece, note: str) -> Piece:
    if piece.role == "opcode":
        return piece
    if piece.role == "payload":
        what = translate("Explain", "How it travelled is not known.")
        return replace(piece, said=replace(piece.said, what=what))
    return replace(
        piece,
        value=translate("Explain", "unknown"),
        works=None,
        said=replace(piece.said, what=note, otherwise=""),
    )
