"""Who writes a capture is asked of the lock that every writer holds, without disturbing its readers."""

import contextlib
import fcntl
import os
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

Key = tuple[int, int]
"""(device, inode) of a file."""

_lock = threading.RLock()


@dataclass(slots=True)
class _Held:
    descriptor: int
    users: int = 0


_held: dict[Key, _Held] = {}
_connected: Counter[Key] = Counter()  # connections of SQLite in this process
_waiting: dict[tuple[Key, int], list[int]] = {}  # descriptors to be closed, by file and how they were opened


def key_of(file: Path | int) -> Key:
    """The file of a path, or of an open descriptor. Raises OSError."""
    found = os.stat(file)
    return found.st_dev, found.st_ino


def connected(key: Key) -> None:
    """SQLite opens a connection to the file ``key`` in this process; :func:`disconnected` follows."""
    with _lock:
        _connected[key] += 1


def disconnected(key: Key) -> None:
    """A connection to the file was closed: with the last of them go the descriptors that wait for that."""
    with _lock:
        _connected[key] -= 1
        if _connected[key] > 0:
            return
        del _connected[key]
        for each in [each for each in _waiting if each[0] == key]:
            for descriptor in _waiting.pop(each):
                os.close(descriptor)


def open_beside(path: Path, flags: int) -> int:
    """A descriptor of a file that SQLite may have open too, to be closed by :func:`close_beside`.

    Raises OSError.
    """
    with _lock:
        with contextlib.suppress(OSError):
            waiting = _waiting.get((key_of(path), flags))
            if waiting:
                return waiting.pop()  # so that asking again and again keeps no more files open
        return os.open(path, flags | os.O_CLOEXEC)


def close_beside(descriptor: int, flags: int) -> None:
    """Close a descriptor, and let go of its lock at once.

    Closing any descriptor of a file drops the locks SQLite holds on it in this process: another program
    would then take the journal away beneath it. So where SQLite has the file, closing waits for that.
    """
    with _lock:
        key = key_of(descriptor)
        if _connected[key] > 0:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_UN)
            _waiting.setdefault((key, flags), []).append(descriptor)
        else:
            del _connected[key]
            os.close(descriptor)


class WriterWatch:
    """Tells whether some writer holds ``path``. Raises OSError where it cannot be opened.

    The watches of one file share a descriptor, which goes with the last of them.
    """

    def __init__(self, path: Path) -> None:
        with _lock:
            self._key = key_of(path)
            held = _held.get(self._key)
            if held is None:
                descriptor = open_beside(path, os.O_RDONLY)
                self._key = key_of(descriptor)  # another file may have come by that name
                held = _held[self._key] = _Held(descriptor)
            held.users += 1
            self._descriptor: int | None = held.descriptor

    @classmethod
    def another(cls, path: Path) -> "WriterWatch | None":
        """One more watch of a file that is watched already; None where nobody does, or it is gone."""
        try:
            key = key_of(path)
        except OSError:
            return None
        with _lock:
            if key not in _held:
                return None
        return cls(path)

    @property
    def written(self) -> bool:
        """Whether a writer, of this process or another, has the file now; False once closed."""
        if self._descriptor is None:
            return False
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False  # a file system without locks
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        return False

    def close(self) -> None:
        """Look no more."""
        with _lock:
            if self._descriptor is None:
                return
            held = _held[self._key]
            held.users -= 1
            if not held.users:
                del _held[self._key]
                close_beside(held.descriptor, os.O_RDONLY)
            self._descriptor = None
