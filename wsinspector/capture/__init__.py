"""The capture file: append, page, query, migrate, keep within bounds."""

from wsinspector.capture.appender import CaptureBusy
from wsinspector.capture.attempt_writer import AttemptWriter
from wsinspector.capture.migrate import CaptureError, NewerCapture, NotACapture, OlderCapture
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.rows import AttemptRow, ConversationRow, EventRow, GapRow, MarkRow
from wsinspector.capture.writer import CaptureWriter, Closed

__all__ = [
    "AttemptRow",
    "AttemptWriter",
    "CaptureBusy",
    "CaptureError",
    "CaptureReader",
    "CaptureWriter",
    "Closed",
    "ConversationRow",
    "EventRow",
    "GapRow",
    "MarkRow",
    "NewerCapture",
    "NotACapture",
    "OlderCapture",
]
