"""Attempts read back from a capture: what bytes tell is worked out again, the rest was kept."""

from bisect import bisect_right
from typing import Any

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.exchange import reader_for, waits_for_tail
from wsinspector.conversation.facts import end_from_json, stop_from_json, timings_from_json, tls_from_json
from wsinspector.conversation.progress import view_of
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, PendingView, Phase
from wsinspector.conversation.spoken import Agreement, Spoken, agreement, spoken_with
from wsinspector.conversation.state import options_from_json
from wsinspector.conversation.traffic import notable
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader
from wsinspector.protocol.spans import Direction, Role
from wsinspector.verdicts.outcome import outcome_of
from wsinspector.verdicts.response_rules import judge_response

_PIECE = 1 << 16
_FRAMES_AT_ONCE = 1 << 16

CUT_SHORT = "The program ended while this attempt was live."


def restored_attempts(reader: CaptureReader, conversation_id: int) -> list[Attempt]:
    """The attempts of a conversation, by number, none of them live."""
    return [restored(reader, row) for row in reader.attempts(conversation_id)]


def restored(reader: CaptureReader, row: AttemptRow) -> Attempt:
    """One attempt. Raises CaptureError where the capture is damaged."""
    facts = row.facts
    options = options_from_json(facts.get("options", {}))
    sent = reader.stream_length(row.id, Direction.OUT)
    unsent = str(facts.get("unsent", "")).encode("latin-1", "replace")
    request = unsent or reader.stream(row.id, Direction.OUT, 0, int(facts.get("request_length", 0)))
    spoken = spoken_with(request, options.speak, proposed=str(facts.get("dialect", "")))
    end = end_from_json(facts.get("end"))
    answer = _read_answer(
        reader, row.id, request, spoken, str(facts.get("answer_ended", "")), over=end is not None
    )
    response = answer.response
    judged = answer.phase is not ReadPhase.HEAD or end is not None
    reached = facts.get("request_at") is not None
    cancelled = end is not None and end.kind is EndKind.CANCELLED
    verdict = None
    if reached and judged and (not cancelled or (response is not None and response.head.complete)):
        verdict = judge_response(request, response, interim=answer.interim, dialect=spoken.proposed.name)
    settled = None
    if response is not None and answer.frames_start is not None and response.complete:
        settled = agreement(spoken, request, response)
    agreed = settled.agreed if settled is not None else spoken.before
    counts = _count(reader, row.id, notable(agreed))
    pending = (
        () if end is not None else _unfinished(reader, row.id, settled, len(request), answer.frames_start)
    )
    faulty = sum(1 for frame in pending if not frame.outgoing and frame.anomalies & notable(agreed))
    last_byte_at = facts.get("last_byte_at") if end is not None else _last_byte(reader, row.id)
    snapshot = AttemptSnapshot(
        serial=1,
        number=row.number,
        attempt_id=row.id,
        phase=Phase.ENDED,
        url=str(facts.get("url", "")),
        wall_ns=row.wall_ns,
        mono_ns=row.mono_ns,
        request=request,
        request_at=facts.get("request_at"),
        response=response,
        response_at=facts.get("response_at"),
        interim=answer.interim,
        verdict=verdict,
        outcome=None
        if waits_for_tail(answer)
        else outcome_of(
            verdict,
            response,
            network_error=bool(facts.get("network_error")),
            closed=facts.get("answer_ended") == "eof",
            timed_out=bool(facts.get("timed_out")),
        ),
        network_error=str(facts.get("network_error", "")),
        end=end or _cut_short(row, last_byte_at, opened=settled is not None),
        timings=timings_from_json(facts.get("timings")),
        addresses=tuple(facts.get("addresses", ())),
        dialled=str(facts.get("dialled", "")),
        tls=tls_from_json(facts.get("tls")),
        opened_at=facts.get("opened_at"),
        policy=options.policy,
        subprotocol=settled.subprotocol if settled is not None else None,
        extensions=settled.extensions if settled is not None else (),
        deflate=settled is not None and settled.agreed.deflate is not None,
        frames_in=counts["in"],
        frames_out=counts["out"],
        bytes_in=reader.stream_length(row.id, Direction.IN),
        bytes_out=sent,
        frames=reader.frame_count(row.id),
        faults=counts["faults"] + faulty,
        pending=pending,
        would_stop=stop_from_json(facts.get("would_stop")),
        stopped=stop_from_json(facts.get("stopped")),
        round_trip_ms=facts.get("round_trip_ms"),
        last_byte_at=last_byte_at,
        closed_by_peer=bool(facts.get("closed_by_peer")),
        dropped=_dropped(reader, row.id),
        hint=str(facts.get("hint", "")),
        unverified=bool(facts.get("unverified")),
        generated=tuple(facts.get("generated", ())),
        dialect=spoken.proposed.name,
        agreed=agreed,
    )
    return Attempt(options, snapshot)


def _read_answer(
    reader: CaptureReader, attempt_id: int, request: bytes, spoken: Spoken, ended: str, *, over: bool
) -> ResponseReader:
    """Read the answer out of the stream, as far as the live attempt did."""
    answer = reader_for(request, spoken)
    at = 0
    while answer.phase in (ReadPhase.HEAD, ReadPhase.BODY):
        piece = reader.stream(attempt_id, Direction.IN, at, at + _PIECE)
        if not piece:
            break
        answer.feed(piece)
        at += len(piece)
    while answer.phase is ReadPhase.DONE and (
        beyond := reader.stream(attempt_id, Direction.IN, at, at + _PIECE)
    ):
        # The live reader had what its last read brought beyond the end too.
        answer.feed(beyond)
        at += len(beyond)
    if ended == "eof":
        answer.eof()
    elif ended == "idle" or not over:
        answer.idle()
    return answer


def _count(reader: CaptureReader, attempt_id: int, faulty: FrameAnomaly) -> dict[str, int]:
    """Frames each way and frames of the peer at fault, from the index."""
    counts = {"in": 0, "out": 0, "faults": 0}
    faulty_bits = int(faulty)  # combining flags takes longer than integers
    total = reader.frame_count(attempt_id)
    for first in range(1, total + 1, _FRAMES_AT_ONCE):
        columns = reader.columns(attempt_id, first, _FRAMES_AT_ONCE)
        flags = columns.flags.tobytes()
        out = sum(flags.count(bits) for bits in range(1, 256, 2)) if any(flags) else 0
        counts["out"] += out
        counts["in"] += len(flags) - out
        if any(columns.anomalies):
            counts["faults"] += sum(
                1
                for flag, found in zip(flags, columns.anomalies, strict=True)
                if found & faulty_bits and not flag & FLAG_OUT
            )
    return counts


def _last_byte(reader: CaptureReader, attempt_id: int) -> int | None:
    times = []
    for direction in Direction:
        length = reader.stream_length(attempt_id, direction)
        at = reader.time_at(attempt_id, direction, length - 1) if length else None
        if at is not None:
            times.append(at)
    return max(times, default=None)


def _cut_short(row: AttemptRow, last_byte_at: int | None, *, opened: bool) -> End:
    at = last_byte_at or row.mono_ns
    began = row.facts.get("opened_at") or row.mono_ns
    return End(
        kind=EndKind.FAILED,
        by=EndedBy.US,
        clean=False,
        code=1006 if opened else None,
        reason="",
        sent_code=None,
        received_code=None,
        silence=0.0,
        age=max(0.0, (at - began) / 1e9),
        at=at,
        text=CUT_SHORT,
    )


def _unfinished(
    reader: CaptureReader,
    attempt_id: int,
    settled: Agreement | None,
    request_length: int,
    frames_start: int | None,
) -> tuple[PendingView, ...]:
    """The frames that were under way when the program died."""
    if settled is None or frames_start is None:
        return ()
    found = []
    framing = dialect_called(settled.agreed.dialect).framing
    starts = {Direction.IN: frames_start, Direction.OUT: request_length}
    for direction, first in starts.items():
        start = reader.indexed_to(attempt_id, direction)
        start = first if start is None else start
        end = reader.stream_length(attempt_id, direction)
        if start >= end:
            continue
        sender = Role.SERVER if direction is Direction.IN else Role.CLIENT
        scanner = framing.scanner(direction, sender, agreed=settled.agreed, start=start)
        offsets, times = reader.reads(attempt_id, direction, start, end)
        place = max(0, bisect_right(offsets, start) - 1)
        scanner.feed(
            reader.stream(attempt_id, direction, start, min(end, start + _PIECE)),
            times[place] if times else 0,
        )
        frame = scanner.pending
        if frame is not None:
            view = view_of(frame, outgoing=direction is Direction.OUT)
            found.append(view)
    return tuple(found)


def _dropped(reader: CaptureReader, attempt_id: int) -> tuple[tuple[str, int], ...]:
    counts: dict[str, Any] = {}
    for gap in reader.gaps(attempt_id):
        name = gap.kind
        if gap.direction is not None:
            name = "bytes_in" if gap.direction is Direction.IN else "bytes_out"
        counts[name] = counts.get(name, 0) + gap.stop - gap.start
    return tuple(counts.items())
