"""A direction of an attempt as the capture holds it, for views that read only what is in sight."""

from wsinspector.capture import CaptureError, CaptureReader
from wsinspector.protocol.spans import Direction


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
