"""The capture file: append, page, query, migrate, keep within bounds."""

from wsinspector.capture.appender import CaptureBusy
from wsinspector.capture.migrate import CaptureError, NewerCapture, NotACapture, OlderCapture
from wsinspector.capture.reader import AttemptRow, CaptureReader, ConversationRow, EventRow, GapRow
from wsinspector.capture.writer import AttemptWriter, CaptureWriter, Closed

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
    "NewerCapture",
    "NotACapture",
    "OlderCapture",
]
