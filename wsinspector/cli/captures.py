"""What the commands that read a capture share: the file, the conversation in it, the attempt."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from wsinspector.capture import CaptureError, CaptureReader, ConversationRow
from wsinspector.cli.request import WrongArgumentError
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.restore import restored_attempts


@contextlib.contextmanager
def opened(name: str) -> Iterator[CaptureReader]:
    """The capture ``name``; what is wrong with it, also later on, as WrongArgumentError."""
    try:
        with CaptureReader(Path(name)) as reader:
            yield reader
    except CaptureError as error:
        raise WrongArgumentError(f"{name}: {error}") from error
    except OSError as error:
        raise WrongArgumentError(f"{name}: {error.strerror or error}") from error


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
