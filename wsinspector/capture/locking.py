"""Who writes a capture: asked of the lock that every writer holds, without disturbing its readers."""

import fcntl
import os
from pathlib import Path


class WriterWatch:
    """Tells whether some writer holds ``path``. Raises OSError where it cannot be opened.

    To be made before SQLite opens the file in this process and closed after it was closed there:
    closing any descriptor of a file drops the locks SQLite holds on it.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

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
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
