"""Where one conversation is kept: its capture file, made when there is something to keep."""

import contextlib
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wsinspector.capture import AttemptWriter, CaptureError, CaptureReader, CaptureWriter
from wsinspector.capture.rebuilt import Rebuilt
from wsinspector.capture.sharing import created_writer, give_back, shared_writer
from wsinspector.capture.trimming import Limits

State = dict[str, Any]
Another = Callable[[Path], Path]
"""The name to be tried next where a file of that name is there already."""


class Store:
    """The capture of one conversation; without ``path`` a private one that goes when closed.

    Opening is put off until :meth:`writer` is first asked for. A place that cannot be written
    is told by :attr:`trouble`, and a private file serves instead. Safe from any thread.
    """

    def __init__(
        self,
        path: Path | None,
        conversation_id: int | None = None,
        *,
        read_only: bool = False,
        another: Another | None = None,
    ) -> None:
        self.path = path
        self._another = another  # until the file is made; whoever takes the name meanwhile has it
        self.conversation_id = conversation_id
        self.read_only = read_only  # nothing is written, and :meth:`writer` must not be asked
        self.trouble = ""
        self._limits = Limits()
        self.rebuilt = Rebuilt()
        """Index blocks that the file lacks, worked out when it was opened."""
        self._private: tempfile.TemporaryDirectory[str] | None = None
        self._writer: CaptureWriter | None = None
        self._reader: CaptureReader | None = None
        self._lock = threading.RLock()
        self._closed = False
        self._made = False
        self._there = conversation_id is not None  # the file is, or was

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def named_only(self) -> bool:
        """True while the file is not made: one of that name would be somebody else's."""
        return self._another is not None

    @property
    def gone(self) -> bool:
        """True where the file was there and is not under its name any more: nothing more will be found
        again, and what is open of it can still be read."""
        return self._there and self.path is not None and not self.path.is_file()

    @property
    def private(self) -> bool:
        """True where the file goes with the conversation."""
        return self.path is None or self._private is not None

    def writer(self, title: str, state: State, draft: bytes) -> CaptureWriter:
        """The writer, with a row for this conversation in the file."""
        with self._lock:
            if self._closed:
                raise RuntimeError("this conversation was closed")
            if self.read_only:
                raise RuntimeError("this conversation is only read")
            if self._writer is None:
                if self.gone and self.path is not None:
                    # A new file of that name would be without all that was in the old one.
                    raise FileNotFoundError(f"The file {self.path.name} is gone.")
                self._writer = self._open_writer()
                self._there = True
                self._writer.limits = self._limits
                if self.conversation_id is None:
                    self.conversation_id = self._writer.new_conversation(title, state, draft)
            return self._writer

    def limit(self, limits: Limits) -> None:
        """Keep no more than this from now on."""
        with self._lock:
            self._limits = limits
            if self._writer is not None:
                self._writer.limits = limits

    @property
    def open_writer(self) -> CaptureWriter | None:
        """The writer where there is one already."""
        return self._writer

    def reader(self) -> CaptureReader | None:
        """A reader of what is kept so far, None where nothing is yet."""
        with self._lock:
            if self._another is not None:
                return None  # a file of that name would be another's
            if self._reader is None and not self._closed and self.path is not None and self.path.is_file():
                self._reader = CaptureReader(self.path, self.rebuilt)
            return self._reader

    def adding(self) -> CaptureWriter:
        """The writer of the file that is read, to put something beside what it holds.

        Raises CaptureError, OSError or sqlite3.Error where that file cannot be written: nothing
        is put into another one.
        """
        with self._lock:
            if self._closed:
                raise CaptureError("This conversation was closed.")
            if self.read_only:
                raise CaptureError("This capture is only read.")
            if self.trouble and self._private is not None:
                raise CaptureError(self.trouble)
            if self._writer is None:
                if self.path is None or self._another is not None:
                    raise FileNotFoundError("There is no capture yet.")
                if not self.path.is_file():
                    raise FileNotFoundError(f"The file {self.path.name} is gone.")
                self._writer = shared_writer(self.path)
            return self._writer

    def save(self, title: str, state: State, draft: bytes) -> None:
        """Keep title, draft and state; makes the file where there is none yet."""
        with self._lock:
            if self._closed or self.read_only or (self._writer is None and self.gone):
                return
            if self._writer is None and self._there and not self._taken_up():
                return  # what is in the file stays there; a new one would be without it
            writer = self.writer(title, state, draft)
            if self.conversation_id is not None:
                writer.update_conversation(self.conversation_id, title=title, state=state, draft=draft)

    def _taken_up(self) -> bool:
        """Whether the file that is there can be written; else :attr:`trouble` says why not."""
        assert self.path is not None
        try:
            self._writer = shared_writer(self.path)
        except (OSError, sqlite3.Error, CaptureError) as error:
            self.trouble = f"The capture {self.path.name} cannot be written: {error}"
            return False
        self._writer.limits = self._limits
        self.trouble = ""
        return True

    def close(self, *, keep: bool = True) -> None:
        """Close readers first, the writer last. A private file is removed, and one that was made
        here and is not to be kept."""
        with self._lock:
            self._closed = True
            if self._reader is not None:
                self._reader.close()
            if self._writer is not None:
                closed = give_back(self._writer)
                if closed is not None and closed.trouble:
                    self.trouble = closed.trouble
            if self._private is not None:
                self._private.cleanup()
            elif self._made and not keep and self.path is not None:
                for suffix in ("", "-wal", "-shm"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _open_writer(self) -> CaptureWriter:
        if self.path is not None:
            try:
                if self._another is None and self.path.is_file():
                    return shared_writer(self.path)
                self.path.parent.mkdir(parents=True, exist_ok=True)
                created = self._created(self.path)
                self._another, self._made = None, True
                return created
            except (OSError, sqlite3.Error, CaptureError) as error:
                self.trouble = f"The capture {self.path.name} cannot be written: {error}"
                self.conversation_id = None
                with contextlib.suppress(CaptureError):
                    if self._reader is not None:
                        self._reader.close()
                self._reader = None
        self._another = None
        self._private = tempfile.TemporaryDirectory(prefix="wsinspector-")
        self.path = Path(self._private.name) / "conversation.wsi"
        return created_writer(self.path)

    def _created(self, path: Path) -> CaptureWriter:
        """The writer of a file of a name that nobody had; making it is what takes the name."""
        while True:
            try:
                return created_writer(path)
            except FileExistsError:
                if self._another is None:
                    raise
                path = self.path = self._another(path)


__all__ = ["AttemptWriter", "Store"]
