"""One writer a file: several conversations of a capture may be open in this process at once."""

import os
import threading
from pathlib import Path

from wsinspector.capture.writer import CaptureWriter, Closed

_lock = threading.RLock()
_open: dict[tuple[int, int], tuple[CaptureWriter, int]] = {}


def _key(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def shared_writer(path: Path, *, size_limit: int | None = None) -> CaptureWriter:
    """The writer of an existing capture: the one there is already, else a new one.

    To be given back by :func:`give_back`, once a call. Raises as :meth:`CaptureWriter.open` does.
    """
    with _lock:
        key = _key(path)
        writer, users = _open.get(key) or (CaptureWriter.open(path, size_limit=size_limit), 0)
        _open[key] = (writer, users + 1)
        return writer


def created_writer(path: Path, *, size_limit: int | None = None) -> CaptureWriter:
    """The writer of a new capture, to be shared and given back. Raises as :meth:`CaptureWriter.create`."""
    with _lock:
        writer = CaptureWriter.create(path, size_limit=size_limit)
        _open[_key(path)] = (writer, 1)
        return writer


def give_back(writer: CaptureWriter) -> Closed | None:
    """Close the writer with its last user: how that went, None while others write on."""
    with _lock:
        for key, (known, users) in _open.items():
            if known is writer:
                if users > 1:
                    _open[key] = (writer, users - 1)
                    return None
                del _open[key]
                break
        return writer.close()
