"""Which files an export must never replace, whatever was allowed: what it reads, and what is in use."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from wsinspector.capture.locking import WriterWatch

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a capture; without them the last frames are gone."""


class InUseError(OSError):
    """A target that must not be replaced; the text says why, in a sentence."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(None, text.removesuffix("."), str(path))
        self.text = text

    def __str__(self) -> str:
        return self.text


def refuse_in_use(target: Path, sources: Sequence[Path] = ()) -> None:
    """Raise InUseError where replacing ``target`` would lose a file of ``sources`` or one in use."""
    for source in sources:
        if any(_same(target, each) for each in (source, *_companions(source))):
            raise InUseError(target, f"{target.name} is what is read from; name another file.")
    captures = [target]
    for suffix in _BESIDE:
        if target.name.endswith(suffix) and target.name != suffix:
            captures.append(target.with_name(target.name.removesuffix(suffix)))
    for path in captures:
        if _open_here(path):
            raise InUseError(target, f"{target.name} is open in this program; name another file.")
        if _written(path):
            raise InUseError(target, f"{target.name} is being written by another program; name another file.")


def _companions(source: Path) -> Iterator[Path]:
    for suffix in _BESIDE:
        yield source.with_name(source.name + suffix)


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        # Also where one is not there at the moment: the last reader takes the WAL away.
        return os.path.abspath(one) == os.path.abspath(other)


def _open_here(path: Path) -> bool:
    """Whether this process holds the file; to be known before it is opened, as closing drops its locks."""
    try:
        wanted = path.stat()
        numbers = [int(name) for name in os.listdir("/dev/fd") if name.isdigit()]
    except OSError:
        return False
    for number in numbers:
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(number), wanted):
                return True
    return False


def _written(path: Path) -> bool:
    if not path.is_file():
        return False  # opening a pipe would wait for its other end
    try:
        watch = WriterWatch(path)
    except OSError:
        return False
    try:
        return watch.written
    finally:
        watch.close()
