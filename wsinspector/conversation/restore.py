"""Attempts read back from a capture: what bytes tell is worked out again, the rest was kept."""

from dataclasses import replace
from typing import Any

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.capture.finding import LOST, Finding
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.counting import counts_of
from wsinspector.conversation.doubt import doubted
from wsinspector.conversation.exchange import reader_for, waits_for_tail
from wsinspector.conversation.facts import end_from_json, stop_from_json, timings_from_json, tls_from_json
from wsinspector.conversation.handshake_loss import feed_answer, first_hole, handshake_lost
from wsinspector.conversation.options import inflate_limit
from wsinspector.conversation.progress import STEPS
from wsinspector.conversation.remains import CUT_SHORT as CUT_SHORT
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
from wsinspector.conversation.restore_caught import restored_caught
from wsinspector.conversation.snapshot import AttemptSnapshot, EndKind, PendingView, Phase
from wsinspector.conversation.spoken import agreement, spoken_with
from wsinspector.conversation.state import options_from_json
from wsinspector.conversation.stepping_values import held_from_json
from wsinspector.conversation.traffic import notable
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader
from wsinspector.protocol.spans import Direction, Role
from wsinspector.translate import translate
from wsinspector.verdicts.headers_alone import of_headers_alone
from wsinspector.verdicts.outcome import outcome_of
from wsinspector.verdicts.response_rules import judge_response

_ILL_FACTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def restored_attempts(reader: CaptureReader, conversation_id: int) -> list[Attempt]:
    """The attempts of a conversation, by number, none of them live."""
    return [restored_attempt(reader, row) for row in reader.attempts(conversation_id)]


def restored_attempt(reader: CaptureReader, row: AttemptRow) -> Attempt:
    """One attempt, in whichever role. Raises CaptureError where the capture is damaged."""
    role = restored_caught if row.facts.get("role") == Role.SERVER.value else restored
    try:
        return role(reader, row)
    except _ILL_FACTS:
        # What was noted is not what this program writes: the bytes still tell most of it.
        text = translate("Check", "What was noted of attempt {0} makes no sense; it is left out.")
        reader.findings.add(Finding("text", LOST, text.format(row.id), row.id))
        kept = {name: row.facts[name] for name in ("role", "url") if isinstance(row.facts.get(name), str)}
        return role(reader, replace(row, facts=kept))


def restored(reader: CaptureReader, row: AttemptRow) -> Attempt:
    """One attempt. Raises CaptureError where the capture is damaged."""
    facts = row.facts
    options = options_from_json(facts.get("options", {}))
    sent = reader.stream_length(row.id, Direction.OUT)
    unsent = str(facts.get("unsent", "")).encode("latin-1", "replace")
    request = unsent or reader.stream(row.id, Direction.OUT, 0, int(facts.get("request_length", 0)))
    spoken = spoken_with(request, options.speak, proposed=str(facts.get("dialect", "")))
    end = end_from_json(facts.get("end"))
    imported = imported_from(facts)
    over = end is not None or bool(imported)
    answer = reader_for(request, spoken)
    fed = feed_answer(reader, row.id, Direction.IN, answer)
    asked = 0 if unsent or facts.get("request_at") is None else int(facts.get("request_length", 0))
    lost = "" if imported else handshake_lost(reader, row, Direction.OUT, asked, answer, fed)
    _end_answer(reader, row.id, answer, fed, str(facts.get("answer_ended", "")), over=over)
    response = answer.response
    judged = answer.phase is not ReadPhase.HEAD or over
    reached = facts.get("request_at") is not None
    cancelled = end is not None and end.kind is EndKind.CANCELLED
    verdict = None
    headed = response is not None and response.head.complete
    if not lost and judged and (headed or (reached and not cancelled)):
        verdict = judge_response(
            request,
            response,
            interim=answer.interim,
            dialect=spoken.proposed.name,
            kept_open=bool(facts.get("kept_open")),
        )
    shown = of_headers_alone(verdict) if imported and verdict is not None else verdict
    settled = None
    if response is not None and answer.frames_start is not None and response.complete:
        settled = agreement(spoken, request, response, inflate_limit=inflate_limit(options))
    agreed = settled.agreed if settled is not None else spoken.before
    counts = counts_of(reader, row, notable(agreed))
    pending: tuple[PendingView, ...] = ()
    if not over and settled is not None and answer.frames_start is not None:
        starts = {Direction.IN: answer.frames_start, Direction.OUT: len(request)}
        pending = unfinished(reader, row.id, agreed, Role.CLIENT, starts)
    faulty = sum(1 for frame in pending if not frame.outgoing and frame.anomalies & notable(agreed))
    last_byte_at = facts.get("last_byte_at") if over else last_byte(reader, row.id)
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
        verdict=shown,
        outcome=None
        if lost or waits_for_tail(answer)
        else outcome_of(
            verdict,
            response,
            network_error=bool(facts.get("network_error")),
            closed=facts.get("answer_ended") == "eof",
            timed_out=bool(facts.get("timed_out")),
        ),
        network_error=str(facts.get("network_error", "")),
        end=end if over else cut_short(row, last_byte_at),
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
        dropped=dropped(reader, row.id),
        losses=losses(reader, row.id),
        left_out=left_out(reader, row.id),
        dropped_to=dropped_to(reader, row.id),
        hint=str(facts.get("hint", "")),
        unverified=bool(facts.get("unverified")),
        generated=tuple(facts.get("generated", ())),
        dialect=spoken.proposed.name,
        agreed=agreed,
        fit=doubted(reader, row.id, agreed, Role.CLIENT, answer.frames_start) if settled else None,
        handshake_lost=lost,
        imported=imported,
        held_steps=held_from_json(facts.get(STEPS)),
    )
    return Attempt(options, snapshot)


def imported_from(facts: dict[str, Any]) -> str:
    """The kind of file an attempt was imported from, of which not all is known; "" for any other."""
    told = facts.get("imported")
    return str(told.get("from", "")) if isinstance(told, dict) and told.get("unknown") else ""


def _end_answer(
    reader: CaptureReader, attempt_id: int, answer: ResponseReader, at: int, ended: str, *, over: bool
) -> None:
    """Tell the reader of an answer, fed up to ``at``, what the live one was told at its end."""
    stop = first_hole(reader, attempt_id, Direction.IN)
    while answer.phase is ReadPhase.DONE and (
        beyond := reader.stream(attempt_id, Direction.IN, at, min(at + PIECE, stop))
    ):
        # The live reader had what its last read brought beyond the end too.
        answer.feed(beyond)
        at += len(beyond)
    if ended == "eof":
        answer.eof()
    elif ended == "idle" or not over:
        answer.idle()
