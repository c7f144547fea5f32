"""What the line at which a conforming endpoint stops means: for a reader who walked onto it by keys."""

from dataclasses import dataclass

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.bitmap import Field, picture_of
from wsinspector.present.closing import describe_code, meaning_of
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.jsontext import Piece
from wsinspector.present.numbers import count
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class StopTold:
    """``title`` and ``note`` above the rules broken by the frame, ``broken``; beside them ``pieces``."""

    title: str
    note: str
    broken: tuple[Field, ...]
    pieces: tuple[Piece, ...]


def stop_told(
    snapshot: AttemptSnapshot, reading: FrameReading, pending: FrameFacts | None = None
) -> StopTold | None:
    """Which frame, which rule, which close code; None where nothing stops.

    ``pending``: the frame, where it is still arriving.
    """
    stop = snapshot.stopped or snapshot.would_stop
    if stop is None:
        return None
    facts = (reading.facts(stop.number) if stop.number else None) or pending
    broken = picture_of(reading, facts).faults if facts is not None else ()
    if not broken:
        broken = (Field("✕", "", stop.text, "", "fault", 0, 0),)
    # Their bytes are not shown beside them, so none of them can be lit.
    broken = tuple(
        Field(each.name, each.value, each.meaning, each.clause, each.role, 0, 0, each.rule) for each in broken
    )
    note = translate("Stop", "at the frame that is arriving")
    if stop.number and (pending is None or facts is not pending):
        note = translate("Stop", "at frame {number}").format(number=count(stop.number))
    pieces = []
    if stop.code is not None:
        pieces.append(Piece(describe_code(stop.code, reading.agreed), "number"))
        pieces.append(Piece(f"\n{meaning_of(stop.code, reading.agreed)}\n\n", "plain"))
    pieces.append(Piece(_happens(snapshot, stop.code is not None), "plain"))
    return StopTold(_title(snapshot), note, broken, tuple(pieces))


def _title(snapshot: AttemptSnapshot) -> str:
    if snapshot.stopped is not None:
        return translate("Stop", "The connection was failed here")
    if snapshot.role is Role.SERVER:
        return translate("Stop", "A conforming server stops here")
    return translate("Stop", "A conforming client stops here")


def _happens(snapshot: AttemptSnapshot, codes: bool) -> str:
    if snapshot.stopped is not None:
        if codes:
            return translate(
                "Stop",
                "Because of this frame a Close frame with this code was due, and the end of the connection.",
            )
        return translate("Stop", "Because of this frame the connection was ended; there was no close code.")
    text = translate(
        "Stop",
        "It ends the connection without a close code, so it sees nothing of what stands below this line.",
    )
    if codes:
        text = translate(
            "Stop",
            "It sends a Close frame with this code and ends the connection, so it sees nothing of what"
            " stands below this line.",
        )
    goes_on = translate("Stop", "This one is set to go on ({policy}).").format(policy=snapshot.policy)
    return f"{text}\n{goes_on}"
