"""Who writes a capture: asked of the lock that every writer holds, without disturbing its readers."""

import fcntl
import os
import threading
from dataclasses import dataclass
from pathlib import Path

_lock = threading.Lock()


@dataclass(slots=True)
class _Held:
    descriptor: int
    users: int = 0


_held: dict[tuple[int, int], _Held] = {}  # by device and inode


class WriterWatch:
    """Tells whether some writer holds ``path``. Raises OSError where it cannot be opened.

    To be made before SQLite opens the file in this process and closed after it was closed there:
    closing any descriptor of a file drops the locks SQLite holds on it. So the watches of one file share
    a descriptor, which goes with the last of them.
    """

    def __init__(self, path: Path) -> None:
        with _lock:
            found = os.stat(path)
            self._key = found.st_dev, found.st_ino
            held = _held.get(self._key)
            if held is None:
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                found = os.fstat(descriptor)  # another file may have come by that name
                self._key = found.st_dev, found.st_ino
                held = _held[self._key] = _Held(descriptor)
            held.users += 1
            self._descriptor: int | None = held.descriptor

    @classmethod
    def another(cls, path: Path) -> "WriterWatch | None":
        """One more watch of a file that is watched already; None where nobody does, or it is gone."""
        try:
            found = os.stat(path)
        except OSError:
            return None
        with _lock:
            if (found.st_dev, found.st_ino) not in _held:
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
                os.close(held.descriptor)
            self._descriptor = None
