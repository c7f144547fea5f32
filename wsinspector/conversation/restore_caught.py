"""A client that was caught, read back from a capture: the directions changed over."""

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.counting import counts_of
from wsinspector.conversation.doubt import doubted
from wsinspector.conversation.exchange import reader_for
from wsinspector.conversation.facts import end_from_json, stop_from_json, timings_from_json, tls_from_json
from wsinspector.conversation.handshake_loss import feed_answer, first_hole, handshake_lost
from wsinspector.conversation.options import inflate_limit
from wsinspector.conversation.progress import STEPS
from wsinspector.conversation.remains import (
    PIECE,
    cut_short,
    dropped,
    dropped_to,
    last_byte,
    left_out,
    losses,
    unfinished,
)
from wsinspector.conversation.serving import outcome_served
from wsinspector.conversation.snapshot import AttemptSnapshot, PendingView, Phase
from wsinspector.conversation.spoken import agreement, spoken_with
from wsinspector.conversation.state import options_from_json
from wsinspector.conversation.stepping_values import held_from_json
from wsinspector.conversation.traffic import notable
from wsinspector.protocol.http_reader import ReadPhase
from wsinspector.protocol.request_reader import RequestReader
from wsinspector.protocol.spans import Direction, Role
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.request_rules import judge_request


def restored_caught(reader: CaptureReader, row: AttemptRow) -> Attempt:
    """One attempt in the server's role. Raises CaptureError where the capture is damaged."""
    facts = row.facts
    options = options_from_json(facts.get("options", {}))
    end = end_from_json(facts.get("end"))
    request, whole = read_request(reader, row.id, facts.get("request_length") if end is not None else None)
    # As live: before the request is whole nothing is known of its dialect.
    spoken = spoken_with(request if whole else b"")
    answer = reader_for(request, spoken)
    fed = feed_answer(reader, row.id, Direction.OUT, answer)
    asked = facts.get("request_length")
    lost = handshake_lost(reader, row, Direction.IN, asked if isinstance(asked, int) else 0, answer, fed)
    if answer.phase is not ReadPhase.UPGRADED:
        answer.eof() if end is not None else answer.idle()
    response = answer.response
    start = answer.frames_start if response is not None and response.complete else None
    settled = None
    if start is not None and response is not None:
        settled = agreement(spoken, request, response, inflate_limit=inflate_limit(options))
    agreed = settled.agreed if settled is not None else spoken.before
    counts = counts_of(reader, row, notable(agreed))
    pending: tuple[PendingView, ...] = ()
    if end is None and start is not None:
        starts = {Direction.IN: len(request), Direction.OUT: start}
        pending = unfinished(reader, row.id, agreed, Role.SERVER, starts)
    faulty = sum(1 for frame in pending if not frame.outgoing and frame.anomalies & notable(agreed))
    last = facts.get("last_byte_at") if end is not None else last_byte(reader, row.id)
    end = end or cut_short(row, last)
    network_error = str(facts.get("network_error", ""))
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
        verdict=judge_request(request) if request and not lost else None,
        outcome=Outcome.NETWORK_ERROR
        if network_error
        else (None if lost else outcome_served(request, response, end.by)),
        network_error=network_error,
        end=end,
        timings=timings_from_json(facts.get("timings")),
        dialled=str(facts.get("dialled", "")),
        tls=tls_from_json(facts.get("tls")),
        opened_at=facts.get("opened_at"),
        policy=options.policy,
        subprotocol=settled.subprotocol if settled is not None else None,
        extensions=settled.extensions if settled is not None else (),
        deflate=agreed.deflate is not None,
        frames_in=counts["in"],
        frames_out=counts["out"],
        bytes_in=reader.stream_length(row.id, Direction.IN),
        bytes_out=reader.stream_length(row.id, Direction.OUT),
        frames=reader.frame_count(row.id),
        faults=counts["faults"] + faulty,
        pending=pending,
        would_stop=stop_from_json(facts.get("would_stop")),
        stopped=stop_from_json(facts.get("stopped")),
        round_trip_ms=facts.get("round_trip_ms"),
        last_byte_at=last,
        closed_by_peer=bool(facts.get("closed_by_peer")),
        dropped=dropped(reader, row.id),
        losses=losses(reader, row.id),
        left_out=left_out(reader, row.id),
        dropped_to=dropped_to(reader, row.id),
        hint=str(facts.get("hint", "")),
        role=Role.SERVER,
        dialect=spoken.proposed.name,
        agreed=agreed,
        fit=doubted(reader, row.id, agreed, Role.SERVER, len(request)) if settled else None,
        client=str(facts.get("client", "")),
        handshake_lost=lost,
        by_hand=bool(facts.get("by_hand")),
        answered_by=str(facts.get("answered_by", "")),
        held_steps=held_from_json(facts.get(STEPS)),
    )
    return Attempt(options, snapshot)


def read_request(reader: CaptureReader, attempt_id: int, kept: object) -> tuple[bytes, bool]:
    """The request's bytes and whether it is whole; ``kept``: how many bytes it had when it was over."""
    asked = RequestReader()
    at = 0
    most = first_hole(reader, attempt_id, Direction.IN)
    most = min(kept, most) if isinstance(kept, int) else most
    while not asked.complete and at < most:
        piece = reader.stream(attempt_id, Direction.IN, at, min(at + PIECE, most))
        taken = asked.feed(piece)
        at += len(piece)
        if not piece or taken < len(piece):
            break
    return asked.data, asked.complete
