"""An attempt as a person has stepped through it so far: what came and is not shown yet is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.conversation.stepping_values import Unit


@dataclass(frozen=True, slots=True)
class Unseen:
    """A unit of the peer that waits. Of frames: numbers ``first`` to ``last``, where the first begins in
    the stream, how many of them are at fault, and the opcode of the last."""

    unit: Unit
    first: int = 0
    last: int = 0
    offset: int = 0
    faults: int = 0
    opcode: int = 0


def veiled(
    snapshot: AttemptSnapshot, unseen: Sequence[Unseen], trip: float | None, *, closing: bool
) -> AttemptSnapshot:
    """``snapshot`` without the units in ``unseen``. ``trip``: the round trip as it was shown last.
    ``closing``: whether a Close frame is among what is shown, or left."""
    if not unseen:
        return snapshot
    shown = replace(
        snapshot,
        end=None,
        answered=False,
        closed_by_peer=False,
        fit=None,
        round_trip_ms=trip,
        pending=tuple(each for each in snapshot.pending if each.outgoing),
    )
    if unseen[0].unit is Unit.RESPONSE:
        return _unanswered(shown)
    return _up_to(shown, unseen, closing=closing)


def _unanswered(shown: AttemptSnapshot) -> AttemptSnapshot:
    """Nothing of the peer's answer is shown."""
    return replace(
        shown,
        phase=Phase.SENT,
        response=None,
        response_at=None,
        interim=(),
        verdict=None,
        outcome=None,
        network_error="",
        timings=replace(shown.timings, first_byte=None, total=None),
        opened_at=None,
        subprotocol=None,
        extensions=(),
        deflate=False,
        bytes_in=0,
        frames=0,
        frames_in=0,
        faults=0,
        would_stop=None,
        stopped=None,
        hint="",
    )


def _up_to(shown: AttemptSnapshot, unseen: Sequence[Unseen], *, closing: bool) -> AttemptSnapshot:
    """Everything before the first frame, or the end, in ``unseen``."""
    frames = [each for each in unseen if each.unit is Unit.FRAME]
    phase = shown.phase
    if shown.opened_at is not None:
        if phase in (Phase.CLOSING, Phase.ENDED):
            phase = Phase.CLOSING if closing else Phase.OPEN
    elif phase is Phase.ENDED:
        phase = Phase.TLS if shown.request_at is None else Phase.SENT if shown.bytes_in == 0 else Phase.BODY
    if not frames:
        return replace(shown, phase=phase)
    limit = frames[0].first - 1
    return replace(
        shown,
        phase=phase,
        frames=min(shown.frames, limit),
        frames_in=shown.frames_in - sum(each.last - each.first + 1 for each in frames),
        faults=shown.faults - sum(each.faults for each in frames),
        bytes_in=frames[0].offset,
        would_stop=shown.would_stop if shown.would_stop and shown.would_stop.number <= limit else None,
        stopped=shown.stopped if shown.stopped and shown.stopped.number <= limit else None,
    )
