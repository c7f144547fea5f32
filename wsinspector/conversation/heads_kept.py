"""The heads of an attempt in a capture, without restoring it: much less work where nothing is judged."""

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.conversation.exchange import reader_for
from wsinspector.conversation.handshake_loss import feed_answer
from wsinspector.conversation.restore_caught import read_request
from wsinspector.conversation.spoken import spoken_with
from wsinspector.protocol.http import Head
from wsinspector.protocol.http_reader import ReadPhase
from wsinspector.protocol.spans import Direction, Role


def heads_kept(reader: CaptureReader, row: AttemptRow) -> tuple[bytes, tuple[Head, ...]]:
    """The request's bytes, also of one that never left, and the heads of the answers, interim ones first.

    As far as they are there, whatever was noted of them. Raises CaptureError where the capture is damaged.
    """
    facts = row.facts
    length, unsent = facts.get("request_length"), facts.get("unsent")
    asked = length if isinstance(length, int) and length > 0 else 0
    if facts.get("role") == Role.SERVER.value:
        answering = Direction.OUT
        request, _ = read_request(reader, row.id, asked if facts.get("end") and asked else None)
        spoken = spoken_with(request)
    else:
        answering = Direction.IN
        request = str(unsent).encode("latin-1", "replace") if unsent else b""
        request = request or reader.stream(row.id, Direction.OUT, 0, asked)
        spoken = spoken_with(request, proposed=str(facts.get("dialect", "")))
    answer = reader_for(request, spoken)
    feed_answer(reader, row.id, answering, answer)
    if answer.phase is not ReadPhase.UPGRADED:
        answer.eof()
    final = (answer.response,) if answer.response is not None else ()
    return request, tuple(each.head for each in (*answer.interim, *final))
