"""What the commands that read a capture share: the file, the conversation in it, the attempt."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from wsinspector.capture import CaptureError, CaptureReader, ConversationRow
from wsinspector.capture.keeping import SUFFIX
from wsinspector.capture.migrate import NotACapture
from wsinspector.cli.request import WrongArgumentError
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.restore import restored_attempts
from wsinspector.present.plain import visible


@contextlib.contextmanager
def opened(name: str) -> Iterator[CaptureReader]:
    """The capture ``name``; what is wrong with it, also later on, as WrongArgumentError."""
    try:
        with CaptureReader(Path(name)) as reader:
            yield reader
    except (CaptureError, OSError) as error:
        raise WrongArgumentError(unread(Path(name), error)) from error


def unread(path: Path, error: Exception) -> str:
    """Why the capture ``path`` cannot be read and what to do, in one line."""
    if wrong := no_file(path, f"*{SUFFIX}"):
        return wrong
    try:
        empty = path.stat().st_size == 0
    except OSError:
        empty = False
    if empty:
        return f"{path}: the file is empty, so nothing was ever kept in it. Name another file."
    if isinstance(error, NotACapture):
        return f"{path}: {error} A HAR file or JSON lines become one with the command import."
    return f"{path}: {getattr(error, 'strerror', None) or error}"


def no_file(path: Path, *fitting: str) -> str:
    """Why there is no file ``path`` and what to do, in one line; empty where there is one.

    ``fitting``: patterns of the names that are told of a folder.
    """
    if path.is_dir():
        try:
            there = sorted(each.name for pattern in fitting for each in path.glob(pattern))
        except OSError:
            there = []
        if not there:
            return f"{path}: this is a folder, and it holds no {' or '.join(fitting)}. Name a file."
        more = f" and {len(there) - 3} more" if len(there) > 3 else ""
        return f"{path}: this is a folder. Name a file in it: {visible(', '.join(there[:3]))}{more}."
    if path.exists():
        return ""
    if not path.parent.is_dir():
        return f"{path}: there is no folder {path.parent}. Look at the path again."
    return f"{path}: there is no such file. Look at the name again."


def no_place(out: Path, example: str) -> str:
    """Why nothing can be written to ``out`` and what to do, in one line; empty where it can be tried."""
    if out.is_dir():
        return f"--out {out}: this is a folder. Name a file in it, such as {out / example}."
    if not out.absolute().parent.is_dir():
        return f"--out {out}: there is no folder {out.parent}. Make it first, or name another."
    return ""


def conversations(reader: CaptureReader, place: int | None) -> list[ConversationRow]:
    """All, or number ``place`` from 1. Raises WrongArgumentError."""
    rows = reader.conversations()
    if place is None:
        return rows
    if place > len(rows):
        raise WrongArgumentError(f"there is no conversation {place}; the capture has {len(rows)}.")
    return rows[place - 1 : place]


def one_attempt(
    reader: CaptureReader, place: int | None, number: int | None
) -> tuple[ConversationRow, Attempt, int]:
    """The attempt that is meant, with its conversation, and how many others there would have been.

    Without ``place`` the only conversation, without ``number`` its last attempt. Raises WrongArgumentError.
    """
    rows = conversations(reader, place)
    if len(rows) != 1:
        count = f"{len(rows)} conversations" if rows else "no conversation"
        raise WrongArgumentError(f"the capture has {count}; say which with --conversation.")
    attempts = restored_attempts(reader, rows[0].id)
    if not attempts:
        raise WrongArgumentError("nothing was sent in this conversation yet.")
    if number is None:
        return rows[0], attempts[-1], len(attempts) - 1
    for attempt in attempts:
        if attempt.snapshot.number == number:
            return rows[0], attempt, 0
    raise WrongArgumentError(f"there is no attempt {number}; the last is {attempts[-1].snapshot.number}.")
