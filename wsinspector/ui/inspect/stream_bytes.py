"""A direction of an attempt, or its answer, as the capture holds it, read only where it is in sight."""

from dataclasses import dataclass

from wsinspector.capture import CaptureError, CaptureReader
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.heads import head_bytes
from wsinspector.protocol.http import Response
from wsinspector.protocol.spans import Direction, Role
from wsinspector.ui.inspect.hex_view import HeldBytes, HexData


class StreamBytes:
    """The first ``end`` bytes of one direction's stream, as far as they are written."""

    def __init__(self, reader: CaptureReader, attempt_id: int, direction: Direction, end: int) -> None:
        self._reader, self._attempt, self._direction = reader, attempt_id, direction
        try:
            self._length = min(end, reader.stream_length(attempt_id, direction))
        except CaptureError:  # closed with its tab, or damaged: what was read before is still shown
            self._length = 0

    def length(self) -> int:
        return self._length

    def read(self, start: int, end: int) -> bytes:
        try:
            return self._reader.stream(self._attempt, self._direction, start, min(end, self._length))
        except CaptureError:
            return b""


@dataclass(frozen=True, slots=True)
class AnswerBytes:
    """An answer to a handshake, from its first byte.

    ``waits``: the capture will have it in a moment. ``exact``: every byte is as it travelled.
    """

    data: HexData
    waits: bool = False
    exact: bool = False


def answer_bytes(reader: CaptureReader | None, snapshot: AttemptSnapshot) -> AnswerBytes:
    """The answer from the capture where there is one, else from what is known of it."""
    response = snapshot.response
    if response is None:
        return AnswerBytes(HeldBytes())
    end = max(response.body_span.end, response.head.span.end)
    waits = False
    if reader is not None:
        stream = StreamBytes(reader, snapshot.attempt_id, _way(snapshot), end)
        if stream.length() >= end:
            return AnswerBytes(stream, exact=True)
        waits = snapshot.trouble == "" and snapshot.dropped == ()
    pieced = bool(response.head.named(b"Transfer-Encoding"))  # its body is known without the chunks
    return AnswerBytes(HeldBytes(_as_far_as_known(snapshot, response)), waits, not waits and not pieced)


def _way(snapshot: AttemptSnapshot) -> Direction:
    """Which way the answer travels."""
    return Direction.OUT if snapshot.role is Role.SERVER else Direction.IN


def _as_far_as_known(snapshot: AttemptSnapshot, response: Response) -> bytes:
    """The answer from its parts, where the capture does not have it: heads in their places, then the body."""
    heads = [*(one.head for one in snapshot.interim), response.head]
    data = bytearray(b"\n" * response.head.span.start)  # blank lines are all that can stand between
    for head in heads:
        data[head.span.start : head.span.end] = head_bytes(head)
    return bytes(data) + response.body
