"""Which tabs are open, on the disk as it changes: what a program that was killed or crashed left open."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK, STATE, FAULT = ".lock", ".json", ".fault"
LARGEST = 16 << 20
"""Bytes of a note that are read."""

LARGEST_FAULT = 256 << 10
FRESH_SECONDS = 30
"""Seconds during which a note without contents may be one that is just being begun."""


@dataclass(frozen=True, slots=True)
class OpenTab:
    """A tab: the capture and number of its conversation, or its draft where it was never kept.

    ``state``: address, draft and options as :func:`~wsinspector.conversation.state.state_to_json` has
    them; None where ``path`` is set. ``title`` is what the tab is called.
    """

    title: str
    path: str = ""
    conversation_id: int | None = None
    state: dict[str, Any] | None = None


class OpenNote:
    """The note of this running program in ``folder``. Other programs see by its lock that it runs.

    A folder that cannot be written is no reason to stop: ``trouble`` then says why nothing is noted.
    """

    def __init__(self, folder: Path) -> None:
        self.trouble = ""
        self._lock: int | None = None
        self._stem = folder / f"{time.time_ns()}-{os.getpid()}"
        self._written = b""
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(_with(self._stem, LOCK), _NEW, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.trouble = str(error)

    @property
    def fault_path(self) -> Path:
        """Where a crash handler of this program may write what it sees."""
        return _with(self._stem, FAULT)

    def write(self, tabs: Sequence[OpenTab], front: int) -> None:
        """Note ``tabs`` and which of them is in front; as before, nothing is written."""
        if self._lock is None:
            return
        rows = [
            {"title": tab.title, "path": tab.path, "conversation": tab.conversation_id, "state": tab.state}
            for tab in tabs
        ]
        text = json.dumps({"front": front, "tabs": rows}).encode()
        if text == self._written:
            return
        fresh = _with(self._stem, ".fresh")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with open(descriptor, "wb") as file:
                file.write(text)
            fresh.replace(_with(self._stem, STATE))
            self._written, self.trouble = text, ""
        except OSError as error:
            self.trouble = str(error)

    def end(self) -> None:
        """The program ends as it should: nothing was left open."""
        if self._lock is not None:
            _remove(self._stem)
            os.close(self._lock)
            self._lock = None


@dataclass(slots=True)
class LeftOpen:
    """What one program left. It stays this program's to offer until :meth:`drop` or :meth:`release`.

    ``fault``: what its crash handlers wrote; empty after a kill. ``ended_ns``: about when, since the epoch.
    """

    tabs: tuple[OpenTab, ...]
    front: int
    fault: str
    ended_ns: int
    stem: Path
    lock: int | None

    def drop(self) -> None:
        """It was answered: it is not offered again."""
        if self.lock is not None:
            _remove(self.stem)
        self.release()

    def release(self) -> None:
        """Leave it for the next start."""
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None


def left_open(folder: Path, now_ns: int) -> list[LeftOpen]:
    """What programs that run no more left in ``folder``, the oldest first; ``now_ns`` since the epoch.

    A note that cannot be read counts as one without tabs. One without tabs and without a fault is removed.
    """
    found = []
    try:
        locks = sorted(path for path in folder.iterdir() if path.name.endswith(LOCK))
    except OSError:
        return []
    for path in locks:
        stem = path.with_name(path.name.removesuffix(LOCK))
        left = _take(path, stem, now_ns)
        if left is None:
            continue
        if left.tabs or left.fault:
            found.append(left)
        else:
            left.drop()
    return found


_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def _with(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def _take(path: Path, stem: Path, now_ns: int) -> LeftOpen | None:
    """What is behind the lock at ``path``, None where its program runs or another one offers it."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        began_ns = os.fstat(lock).st_mtime_ns
        kept = _with(stem, STATE)
        if not path.exists() or (not kept.exists() and now_ns - began_ns < FRESH_SECONDS * 10**9):
            os.close(lock)
            return None
    except OSError:
        os.close(lock)
        return None
    ended_ns = began_ns
    with contextlib.suppress(OSError):
        ended_ns = kept.stat().st_mtime_ns
    tabs, front = _read(kept)
    return LeftOpen(tabs, front, _read_fault(_with(stem, FAULT)), ended_ns, stem, lock)


def _read(path: Path) -> tuple[tuple[OpenTab, ...], int]:
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(LARGEST))
        front = data["front"]
        tabs = tuple(tab for row in data["tabs"] if (tab := _read_tab(row)) is not None)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return (), 0
    return tabs, front if isinstance(front, int) and 0 <= front < len(tabs) else 0


def _read_tab(row: Any) -> OpenTab | None:
    if not isinstance(row, dict):
        return None
    title, path, number, state = (row.get(name) for name in ("title", "path", "conversation", "state"))
    if not isinstance(path, str) or not (path or isinstance(state, dict)):
        return None
    return OpenTab(
        title if isinstance(title, str) else "",
        path,
        number if isinstance(number, int) else None,
        state if isinstance(state, dict) and not path else None,
    )


def _read_fault(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FAULT).decode("utf-8", "replace")
    except OSError:
        return ""


def _remove(stem: Path) -> None:
    """The lock last: as long as it is there, the rest belongs to somebody."""
    for ending in (".fresh", STATE, FAULT, LOCK):
        with contextlib.suppress(OSError):
            _with(stem, ending).unlink(missing_ok=True)
