"""An export into a file: whole or not at all, readable by its owner alone, nothing overwritten unasked."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wsinspector.share.formats import Format
from wsinspector.share.leaving import Leaving
from wsinspector.share.left_out import LeftOut
from wsinspector.share.overwriting import refuse_in_use


@dataclass(frozen=True, slots=True)
class Exported:
    """``size``: bytes written. ``left_out``: what did not leave."""

    path: Path
    size: int
    left_out: tuple[LeftOut, ...]


def export(path: Path, form: Format, leaving: Leaving, *, overwrite: bool = False) -> Exported:
    """Write ``leaving`` to ``path``. Not for the UI thread.

    Raises FileExistsError, InUseError, another OSError, CaptureError, or Cancelled; then no file is left
    behind.
    """
    sources = [leaving.reader.path]
    size = written(path, lambda stream: form.write(stream, leaving), overwrite=overwrite, sources=sources)
    return Exported(path, size, leaving.left_out)


def written(
    path: Path,
    write: Callable[[BinaryIO], None],
    *,
    overwrite: bool = False,
    sources: Sequence[Path] = (),
) -> int:
    """Let ``write`` make the file ``path``, under another name until it is whole; its size in bytes.

    ``sources``: the files that ``write`` reads, which are never replaced. Raises FileExistsError,
    InUseError, another OSError, and what ``write`` raises.
    """
    refuse_in_use(path, sources)
    if not overwrite and os.path.lexists(path):
        raise FileExistsError(f"{path} is there already.")
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:  # mkstemp made it readable by its owner alone
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            size = stream.tell()
        refuse_in_use(path, sources)  # writing took its time
        _put_in_place(name, path, overwrite=overwrite)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return size


def _put_in_place(name: str, path: Path, *, overwrite: bool) -> None:
    if overwrite:
        os.replace(name, path)
        return
    try:
        os.link(name, path)  # fails where something is there by now, as a renaming does not
    except FileExistsError:
        raise FileExistsError(f"{path} is there already.") from None
    except OSError:
        # A file system without links.
        if os.path.lexists(path):
            raise FileExistsError(f"{path} is there already.") from None
        os.replace(name, path)
        return
    os.unlink(name)
