"""Captures kept by themselves must not fill the disk: which ones go, and how one is removed."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Container, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.reader import CaptureReader

SUFFIX = ".wsi"
BESIDE = ("-wal", "-shm", "-journal")
_DAY_NS = 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is kept: ``size`` in bytes of all files together, ``days`` since the last change."""

    size: int = 2 << 30
    days: int = 30


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One capture on disk. ``held``: pinned, in use, or not readable here, so never deleted."""

    path: Path
    size: int
    changed_ns: int
    held: bool


def files_in(folder: Path) -> list[KeptFile]:
    """The captures in ``folder`` by their names and sizes alone; whether one is held is not looked at."""
    found: list[KeptFile] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            facts = [part.stat() for part in (path, *_beside(path))]
        except FileNotFoundError:
            continue
        size = sum(fact.st_size for fact in facts)
        found.append(KeptFile(path, size, max(fact.st_mtime_ns for fact in facts), held=False))
    return found


def _always() -> bool:
    return True


def survey(
    folder: Path,
    in_use: Container[Path] = (),
    guard: AbstractContextManager[object] | None = None,
    wanted: Callable[[], bool] = _always,
) -> list[KeptFile]:
    """The captures in ``folder``. ``in_use`` must have every absolute path this process has open.

    On a thread of its own, ``in_use`` is asked for each file anew, within ``guard``: whoever opens one
    meanwhile adds it to ``in_use`` within the same. Where ``wanted()`` is false the rest is left out.
    """
    found: list[KeptFile] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if not wanted():
            break
        try:
            facts = [part.stat() for part in (path, *_beside(path))]
        except FileNotFoundError:
            continue  # another instance makes room at the same time
        with guard or nullcontext():
            held = path.absolute() in in_use or _written_elsewhere(path) or _pinned(path)
        size = sum(fact.st_size for fact in facts)
        found.append(KeptFile(path, size, max(fact.st_mtime_ns for fact in facts), held))
    return found


def surplus(kept: Iterable[KeptFile], limits: Limits, now_ns: int) -> list[KeptFile]:
    """Those to delete, oldest first: too old, or the oldest while all together are too large."""
    files = sorted(kept, key=lambda file: (file.changed_ns, file.path))
    total = sum(file.size for file in files)
    going: list[KeptFile] = []
    for file in files:
        if file.held:
            continue
        if now_ns - file.changed_ns > limits.days * _DAY_NS or total > limits.size:
            going.append(file)
            total -= file.size
    return going


def keep_within(
    folder: Path,
    limits: Limits,
    now_ns: int,
    in_use: Container[Path] = (),
    guard: AbstractContextManager[object] | None = None,
    wanted: Callable[[], bool] = _always,
) -> list[Path]:
    """Delete what is beyond ``limits`` at the wall-clock time ``now_ns``; the paths that are gone.

    ``in_use``, ``guard`` and ``wanted`` as in :func:`survey`.
    """
    gone: list[Path] = []
    for file in surplus(survey(folder, in_use, guard, wanted), limits, now_ns):
        if not wanted():
            break
        try:
            with guard or nullcontext():
                if file.path.absolute() in in_use:
                    continue
                delete(file.path)
        except OSError:
            continue  # it stays and is met again next time
        gone.append(file.path)
    return gone


def delete(path: Path) -> None:
    """Remove a capture nobody has open, with its journals. Raises OSError."""
    # The journals first: one left alone would be taken for that of a later file of the same name.
    for part in _beside(path):
        part.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _beside(path: Path) -> list[Path]:
    return [part for end in BESIDE if (part := path.with_name(path.name + end)).exists()]


def _written_elsewhere(path: Path) -> bool:
    """Another process holds the writer's lock, or the file cannot be opened to ask."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _pinned(path: Path) -> bool:
    # What cannot be read here, a newer format say, is not ours to delete.
    try:
        with CaptureReader(path) as reader:
            return reader.pinned()
    except (CaptureError, OSError, sqlite3.Error):
        return True
