"""How the bytes of an attempt in a capture were read while they came, found out without its frames."""

from collections.abc import Mapping
from typing import Any

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.capture.rescanning import Reading
from wsinspector.conversation.exchange import reader_for
from wsinspector.conversation.facts import end_from_json
from wsinspector.conversation.options import policy_settings
from wsinspector.conversation.remains import PIECE
from wsinspector.conversation.restore_caught import read_request
from wsinspector.conversation.spoken import agreement, spoken_with
from wsinspector.conversation.state import options_from_json
from wsinspector.conversation.sweep_capture import KEY as SWEEP
from wsinspector.conversation.traffic import READ_AS
from wsinspector.protocol.http_reader import ReadPhase
from wsinspector.protocol.spans import Direction, Role


def reading_of(reader: CaptureReader, row: AttemptRow) -> Reading | None:
    """How the frames of an attempt were read; None where none were: no 101, or a sweep's.

    Raises CaptureError where the capture cannot be read.
    """
    facts = row.facts
    if facts.get(SWEEP) is True:
        return None
    options = options_from_json(facts.get("options", {}))
    caught = facts.get("role") == Role.SERVER.value
    asking, answering = (Direction.IN, Direction.OUT) if caught else (Direction.OUT, Direction.IN)
    if caught:
        kept = facts.get("request_length")
        request, whole = read_request(reader, row.id, kept if facts.get("end") else None)
        spoken = spoken_with(request if whole else b"")
    else:
        length = _whole(facts.get("request_length")) or reader.stream_length(row.id, Direction.OUT)
        request = reader.stream(row.id, Direction.OUT, 0, min(length, PIECE << 6))
        spoken = spoken_with(request, options.speak, proposed=str(facts.get("dialect", "")))
    answer = reader_for(request, spoken)
    at = 0
    while answer.phase in (ReadPhase.HEAD, ReadPhase.BODY) and (
        piece := reader.stream(row.id, answering, at, at + PIECE)
    ):
        answer.feed(piece)
        at += len(piece)
    response = answer.response
    if response is None or answer.frames_start is None or not response.complete:
        return None
    starts = {asking: len(request), answering: answer.frames_start}
    settings = policy_settings(options)
    kept_facts = facts.get(READ_AS)
    as_kept: Mapping[str, Any] = kept_facts if isinstance(kept_facts, dict) else {}
    for direction, name in ((Direction.IN, "in"), (Direction.OUT, "out")):
        starts[direction] = _whole(as_kept.get(name), starts[direction])
    told = facts.get("imported")
    composed = isinstance(told, dict) and bool(told.get("unknown"))
    limit = 0 if composed else _whole(as_kept.get("max_message"), settings.max_message or 0)
    end = end_from_json(facts.get("end"))
    most = _whole(as_kept.get("inflate_limit"), settings.inflate_limit)
    return Reading(
        agreed=agreement(spoken, request, response, inflate_limit=most).agreed,
        role=Role.SERVER if caught else Role.CLIENT,
        starts=starts,
        max_message=limit or None,
        composed=composed,
        stop_at_fault=not composed and bool(as_kept.get("stop_at_fault", settings.fail)),
        ended_at=end.at if end is not None else None,
    )


def _whole(value: object, otherwise: int = 0) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 62 else otherwise
