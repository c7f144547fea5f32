"""What a conversation says and changes of the file in which it is kept."""

import sqlite3
from pathlib import Path

from wsinspector.capture import CaptureError, CaptureReader, MarkRow
from wsinspector.conversation.store import Store


class Kept:
    """The part of a conversation that speaks of its capture."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pinned = False

    @property
    def read_only(self) -> bool:
        """Whether the capture is another's, or may not be written: it is followed, nothing is added."""
        return self._store.read_only

    def take_over(self) -> None:
        """Whoever wrote the capture is done with it: from now on it may be added to."""
        self._store.read_only = False

    @property
    def capture_trouble(self) -> str:
        """Why the capture cannot be written at the moment; empty where it can, or nothing writes it."""
        writer = self._store.open_writer
        return (writer.trouble or "") if writer is not None else ""

    @property
    def being_written(self) -> bool:
        """Whether something handed over is not in the file yet, and may still come to be."""
        writer = self._store.open_writer
        return writer is not None and writer.backlog > 0

    @property
    def pinned(self) -> bool:
        """Whether the file is never deleted to make room."""
        return self._pinned

    def pin(self, on: bool) -> str:
        """Keep the file whatever else is deleted, or no more: why that cannot be, empty where it can."""
        try:
            writer = self._store.adding()
        except (CaptureError, OSError, sqlite3.Error) as error:
            return str(error)
        if self._store.conversation_id is not None:
            writer.update_conversation(self._store.conversation_id, pinned=on)
            self._pinned = on
        return ""

    def flush(self, seconds: float) -> None:
        """Wait until what was handed over is in the file, ``seconds`` at most; off the window's thread."""
        writer = self._store.open_writer
        if writer is not None:
            writer.flush(seconds)

    @property
    def store_trouble(self) -> str:
        """Why the capture cannot be kept where it should be; empty where it is."""
        return self._store.trouble

    @property
    def capture_path(self) -> Path | None:
        return self._store.path

    @property
    def named_only(self) -> bool:
        """Whether the capture is a name so far: a file that has it is another program's."""
        return self._store.named_only

    @property
    def gone(self) -> bool:
        """Whether the capture was deleted or moved away beneath this conversation."""
        return self._store.gone

    @property
    def conversation_id(self) -> int | None:
        return self._store.conversation_id

    def reader(self) -> CaptureReader | None:
        """A reader of what is kept so far, None where nothing is yet."""
        return self._store.reader()

    def marks(self, attempt_id: int) -> list[MarkRow]:
        """The marks on frames of an attempt. Raises CaptureError; not for the window's thread."""
        reader = self.reader()
        return [] if reader is None else reader.marks(attempt_id)

    def set_mark(self, attempt_id: int, frame: int, mark: tuple[str, str] | None) -> str:
        """Keep a mark's (name, note) on a frame, or for None keep that there is none.

        Why it is not kept, empty where it is. From any thread; opens the file where it must.
        """
        try:
            writer = self._store.adding()
        except (CaptureError, OSError, sqlite3.Error) as error:
            return str(error)
        if mark is None:
            writer.remove_mark(attempt_id, frame)
        else:
            writer.set_mark(attempt_id, frame, *mark)
        return ""
