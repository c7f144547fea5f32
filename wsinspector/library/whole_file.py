"""A file of the library read with doubt, and written for its owner only: whole, or not at all."""

import contextlib
import os
import re
from pathlib import Path

from wsinspector.translate import translate

_LINE = re.compile(r"at line (\d+)")


def read_whole(path: Path, largest: int) -> tuple[str | None, str]:
    """The text of ``path``, None where there is no file or it cannot be read; and then why."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
        if len(data) > largest:
            return None, translate("Library", "{0} is larger than {1} MiB.").format(path.name, largest >> 20)
        return data.decode("utf-8"), ""
    except FileNotFoundError:
        return None, ""
    except UnicodeDecodeError:
        return None, translate("Library", "{0} is no text in UTF-8.").format(path.name)
    except OSError as error:
        said = translate("Library", "{0} cannot be read: {1}.")
        return None, said.format(path.name, error.strerror or type(error).__name__)


def not_written(trouble: str) -> str:
    """``trouble`` of reading a file, and that nothing is written over it; empty for none."""
    said = translate("Library", "{0} It is left as it is, and not written until that is mended.")
    return said.format(trouble) if trouble else ""


def line_of(error: Exception, text: str) -> int:
    """The line, from 1, at which ``text`` is no TOML; the last one where the reader names none."""
    found = _LINE.search(str(error))
    return int(found[1]) if found else text.rstrip("\n").count("\n") + 1


def write_whole(path: Path, text: str) -> str:
    """Write ``text`` in place of what is there; what went wrong, empty for nothing."""
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        said = translate("Library", "{0} cannot be written: {1}.")
        return said.format(path.name, error.strerror or type(error).__name__)
    return ""


def write_fresh(path: Path, text: str) -> str:
    """Write ``text`` to a name that nothing has yet; what went wrong, empty for nothing."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
    except FileExistsError:
        return translate("Library", "{0} is there already; it was left as it is.").format(path.name)
    except OSError as error:
        said = translate("Library", "{0} cannot be written: {1}.")
        return said.format(path.name, error.strerror or type(error).__name__)
    return ""


def stamp_of(path: Path) -> tuple[int, int]:
    """By which it is seen that another program wrote ``path`` meanwhile; (0, 0) where there is none."""
    try:
        told = path.stat()
    except OSError:
        return (0, 0)
    return (told.st_mtime_ns, told.st_ino)
