"""Opening a capture for reading wherever it lies, with a connection for each thread."""

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from wsinspector.capture.locking import Key, connected, disconnected, key_of
from wsinspector.capture.migrate import READABLE, CaptureError, OlderCapture, identify, migrate


class Rows:
    """What a query gave, read whole."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def fetchall(self) -> list[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None


class _Blob:
    """A blob that is open for one ``with``, in which its connection is not closed."""

    __slots__ = ("_blob", "_use")

    def __init__(self, blob: sqlite3.Blob, use: threading.RLock) -> None:
        self._blob = blob
        self._use = use

    def __enter__(self) -> sqlite3.Blob:
        return self._blob

    def __exit__(self, *raised: object) -> None:
        self._blob.close()
        self._use.release()


class _Connection:
    """A connection that can be opened anew beneath whoever has it.

    May be closed by any thread: SQLite crashes where that is done beneath a query, so it waits for one.
    ``file``: what it was opened from. ``changing``: another program may write that.
    Raises sqlite3.Error.
    """

    def __init__(self, address: str, text: Callable[[bytes], str], file: Key, *, changing: bool) -> None:
        self.use = threading.RLock()  # held by whoever reads by it
        self.file, self.changing = file, changing
        self.open = False
        self._address, self._text = address, text
        self.connect()

    def connect(self) -> None:
        """Open it, or open it anew once closed: who has it reads on."""
        self._made = sqlite3.connect(
            self._address, uri=True, isolation_level=None, check_same_thread=False, timeout=5
        )
        self._made.text_factory = self._text
        self.open = True
        connected(self.file)
        _living.add(self)

    def execute(self, sql: str, parameters: Any = (), /) -> Rows:
        with self.use:
            return Rows(self._made.execute(sql, parameters).fetchall())

    def blobopen(self, *given: Any, **named: Any) -> _Blob:
        self.use.acquire()
        try:
            return _Blob(self._made.blobopen(*given, **named), self.use)
        except BaseException:
            self.use.release()
            raise

    def reads(self) -> bool:
        """Whether something can be read by it."""
        try:
            self.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        except sqlite3.Error:
            return False
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)

    def backup(self, target: sqlite3.Connection, **named: Any) -> None:
        with self.use:
            self._made.backup(target, **named)

    def close(self) -> None:
        with self.use:
            self._made.close()
            if self.open:
                self.open = False
                _living.discard(self)
                disconnected(self.file)


_living: "weakref.WeakSet[_Connection]" = weakref.WeakSet()
_renewing = threading.Lock()


def renew_readers(file: Key) -> None:
    """Let every reader of ``file`` in this process go on by new connections, what is being read waited for.

    SQLite keeps the journal that it has open as long as one connection of the process has it, also where
    another program deleted that journal meanwhile.
    """
    with _renewing, contextlib.ExitStack() as stack:
        mine = sorted((each for each in list(_living) if each.file == file and each.changing), key=id)
        for each in mine:
            stack.enter_context(each.use)
        going = [each for each in mine if each.open]
        for each in going:
            each.close()
        for each in going:
            with contextlib.suppress(sqlite3.Error):  # its next query says so
                each.connect()


def warm_readers(file: Key) -> None:
    """Let every reader of ``file`` in this process open the journal now: once the file is deleted, SQLite
    opens none any more, and a reader that had not would read nothing of what is still there."""
    for each in list(_living):
        if each.file == file and each.changing:
            each.reads()


class Connections:
    """The read-only connections to one file, one a thread, made when first asked for.

    Raises FileNotFoundError and CaptureError (not a capture, newer, older and unwritable, damaged, not
    readable where it lies). ``unchanging``: opened as a file that nobody may write. ``ill_text`` is
    called where a text is not UTF-8; it comes with U+FFFD in it then.
    """

    def __init__(self, path: Path, ill_text: Callable[[], None] = lambda: None) -> None:
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder, not a capture.")
        if not path.is_file():
            raise FileNotFoundError(f"There is no file {path}.")
        self.path = path
        self._ill_text = ill_text
        self.unchanging = False
        self._closed = False
        self._file = _identity(path)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._made: list[tuple[weakref.ref[threading.Thread], sqlite3.Connection]] = []
        try:
            version = self._identify()
            # What can be read as it is stays as it is: only who adds to a file changes its format.
            if version < READABLE:
                self._bring_up_to_date(version)
        except BaseException:
            self.close()
            raise

    def mine(self) -> sqlite3.Connection:
        """The connection of the calling thread. Raises CaptureError once closed."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            return connection
        if self._closed:
            raise CaptureError("This capture was closed.")
        if self.gone and (connection := self._borrowed()) is not None:
            self._local.connection = connection
            return connection
        address = f"file:{quote(str(self.path.absolute()))}?mode=ro"
        if self.unchanging:
            address += "&immutable=1"
        try:
            file = self._file or (0, 0)
            # What is asked of it below here is what both have.
            made: Any = _Connection(address, self._text, file, changing=not self.unchanging)
            connection = made
        except sqlite3.Error as error:
            raise CaptureError(f"This file cannot be read: {error}.") from error
        self._local.connection = connection
        with self._lock:
            self._close_those_of_ended_threads()
            self._made.append((weakref.ref(threading.current_thread()), connection))
        return connection

    @property
    def gone(self) -> bool:
        """Whether the file is there no more under its name: only what is open of it can still be read."""
        return _identity(self.path) != self._file

    def _borrowed(self) -> sqlite3.Connection | None:
        """Another thread's connection, where the file went away beneath it: SQLite lets it be shared."""
        with self._lock:
            there: list[Any] = [connection for _, connection in reversed(self._made)]
            if not there:
                return None
            connection: sqlite3.Connection = next((each for each in there if each.reads()), there[0])
            self._made.append((weakref.ref(threading.current_thread()), connection))
            return connection

    def close(self) -> None:
        """Close those of all threads; what one of them is reading is waited for."""
        self._closed = True
        self._drop()

    def _text(self, data: bytes) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self._ill_text()
            return data.decode("utf-8", "replace")

    def _identify(self) -> int:
        try:
            return identify(self.mine())
        except sqlite3.OperationalError as error:
            return self._identify_without_writing(error)

    def _identify_without_writing(self, cause: sqlite3.OperationalError) -> int:
        # A reader of a file in WAL mode makes a file beside it; where it cannot, nobody else can
        # have anything unwritten either, unless a journal lies there.
        self._drop()
        if self.path.with_name(self.path.name + "-wal").exists():
            raise CaptureError(
                "This capture was not closed and lies where nothing can be written."
                " Copy it together with its -wal file to another folder and open the copy."
            ) from cause
        self.unchanging = True
        try:
            return identify(self.mine())
        except sqlite3.OperationalError as error:
            raise CaptureError(f"This file cannot be read: {error}.") from error

    def _bring_up_to_date(self, version: int) -> None:
        self._drop()
        if self.unchanging or not os.access(self.path, os.W_OK):
            raise OlderCapture(
                f"This capture has the older format {version} and cannot be written."
                " Copy it to another folder and open the copy."
            )
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            migrate(connection)

    def _close_those_of_ended_threads(self) -> None:
        living, ended = [], []
        for thread, connection in self._made:
            owner = thread()
            if owner is None or not owner.is_alive():
                ended.append(connection)
            else:
                living.append((thread, connection))
        for connection in ended:
            if not any(connection is other for _, other in living):
                connection.close()
        self._made = living

    def _drop(self) -> None:
        with self._lock:
            for _, connection in self._made:
                connection.close()
            self._made = []
        self._local = threading.local()


def _identity(path: Path) -> Key | None:
    try:
        return key_of(path)
    except OSError:
        return None
