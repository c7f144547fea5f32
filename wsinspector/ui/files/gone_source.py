"""A capture that was deleted can still be copied: as long as it is open here, its bytes are there."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from wsinspector.capture import CaptureReader
from wsinspector.capture.copying import copy_capture
from wsinspector.capture.migrate import CaptureError
from wsinspector.conversation.conversation import Conversation
from wsinspector.translate import translate

Progress = Callable[[int, int], None]


def copy_of_gone(
    conversation: Conversation, target: Path, progress: Progress, wanted: Callable[[], bool]
) -> None:
    """Write what is still open of a deleted capture to ``target``. Raises CaptureError or OSError."""
    source, reader = conversation.capture_path, conversation.reader()
    name = source.name if source is not None else ""
    unread = translate("Saving", "{0} is gone, and nothing of it was open any more. Its draft is still here.")
    if source is None or reader is None or not reader.gone:
        raise CaptureError(unread.format(name))
    try:
        held = reader.connection()
    except (CaptureError, OSError) as error:
        raise CaptureError(unread.format(name)) from error
    copy_capture(source, target, progress, wanted, held=held)


@contextlib.contextmanager
def capture_file(conversation: Conversation, wanted: Callable[[], bool]) -> Iterator[CaptureReader]:
    """A reader of a file that is there: the capture or, once that is deleted, a copy that goes behind it.

    Raises FileNotFoundError where nothing is kept yet, CaptureError or another OSError.
    """
    if not conversation.gone:
        reader = conversation.reader()
        if reader is None:
            raise FileNotFoundError(translate("Export", "Nothing is kept yet."))
        yield reader
        return
    with tempfile.TemporaryDirectory(prefix="wsinspector-") as folder:
        path = Path(folder) / "deleted.wsi"
        copy_of_gone(conversation, path, lambda *_: None, wanted)
        with CaptureReader(path) as copy:
            yield copy
