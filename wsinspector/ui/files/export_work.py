"""What is exported, gathered and written away from the window's thread."""

import io
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wsinspector.capture import CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.share.export import export, written
from wsinspector.share.formats import Format
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Cancelled
from wsinspector.share.left_out import LeftOut, Secrets
from wsinspector.share.pcapng import write_several
from wsinspector.share.shared_capture import Copying
from wsinspector.share.shared_copy import save_copy
from wsinspector.ui.files.gone_source import capture_file
from wsinspector.ui.files.task import Task
from wsinspector.ui.inspect.log_model import LogModel

PREVIEW_S = 2.0
FLUSH_S = 5.0
CAPTURE = "wsi"
PACKETS = "pcapng"

Numbers = Callable[[], list[int]]


@dataclass(frozen=True, slots=True)
class Part:
    """One attempt that leaves; ``numbers`` finds its frames on the worker's thread, None for all."""

    attempt: Attempt
    numbers: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for. ``whole``: the conversation with its draft, where the format has a place."""

    form: Format
    parts: tuple[Part, ...]
    whole: bool = False
    secrets: bool = False
    payloads: bool = True

    def targets(self, target: Path) -> list[Path]:
        """The files that come of it: ``target``, or numbered ones beside where one holds one attempt."""
        if self.form.together or len(self.parts) == 1:
            return [target]
        stem, suffix = target.stem, target.suffix
        return [target.with_name(f"{stem}-{at}{suffix}") for at in range(1, len(self.parts) + 1)]


@dataclass(frozen=True, slots=True)
class Written:
    """Files that were made, their bytes together, and what was left out of them."""

    paths: tuple[Path, ...]
    size: int
    left_out: tuple[LeftOut, ...]


def shown_frames(model: LogModel) -> Numbers:
    """The frames behind the rows that the log shows now."""
    rows = model.rows
    keys = array("Q", rows.keys)

    def gather() -> list[int]:
        return sorted({number for key in keys for number in rows.frames_of(key)})

    return gather


def picked_frames(model: LogModel, picked: list[int]) -> Numbers:
    """The frames behind the rows ``picked``."""
    rows = model.rows
    keys = [model.key_at(row) for row in picked]

    def gather() -> list[int]:
        return sorted({number for key in keys for number in rows.frames_of(key)})

    return gather


def leavings_of(
    conversation: Conversation, asked: Asked, task: Task, reader: CaptureReader, *, until: float = 0.0
) -> list[Leaving]:
    """Every part as it leaves; what takes longer than ``until`` (monotonic s) is given up, 0 for never.

    Raises CaptureError, OSError.
    """
    row = next((row for row in reader.conversations() if row.id == conversation.conversation_id), None)
    # All learn before one is written: a cookie of one attempt may stand in another.
    secrets = Secrets(keep=asked.secrets)
    return [
        Leaving(
            reader,
            part.attempt.snapshot,
            part.attempt.options,
            conversation=row,
            numbers=part.numbers() if part.numbers is not None else None,
            progress=task.progress,
            cancelled=_until(task, until),
            secrets=secrets,
        )
        for part in asked.parts
    ]


def _until(task: Task, until: float) -> Callable[[], bool]:
    return lambda: not task.wanted() or bool(until and time.monotonic() > until)


def _copied(asked: Asked) -> bool:
    """Whether a capture comes of it that is more, or less, than what leaves of one attempt."""
    return asked.form.name == CAPTURE and (asked.whole or not asked.payloads)


def _copying(conversation: Conversation, asked: Asked, task: Task, until: float = 0.0) -> Copying:
    """The conversation or, without its payloads, the one attempt as a capture."""
    number = conversation.conversation_id
    return Copying(
        asked.secrets,
        asked.payloads,
        None if number is None else [number],
        None if asked.whole else [part.attempt.snapshot.attempt_id for part in asked.parts],
        task.progress,
        _until(task, until),
    )


def write(conversation: Conversation, asked: Asked, target: Path, task: Task, *, overwrite: bool) -> Written:
    """Export what is asked for, each file whole or not at all.

    Raises FileExistsError, another OSError, CaptureError, sqlite3.Error or Cancelled.
    """
    conversation.flush(FLUSH_S)
    with _source(conversation, asked, task) as reader:
        return _write(conversation, asked, target, task, reader, overwrite=overwrite)


@contextmanager
def _source(conversation: Conversation, asked: Asked, task: Task) -> Iterator[CaptureReader]:
    """What is read; what becomes a capture is copied row by row, from a file that is there."""
    reader = conversation.reader()
    if reader is not None and asked.form.name != CAPTURE:
        yield reader
    else:
        with capture_file(conversation, task.wanted) as found:
            yield found


def _write(
    conversation: Conversation,
    asked: Asked,
    target: Path,
    task: Task,
    reader: CaptureReader,
    *,
    overwrite: bool,
) -> Written:
    form, number = asked.form, conversation.conversation_id
    if _copied(asked) and asked.whole:
        copy = save_copy(
            reader.path,
            target,
            with_secrets=asked.secrets,
            payloads=asked.payloads,
            conversations=None if number is None else [number],
            overwrite=overwrite,
            progress=task.progress,
            cancelled=_until(task, 0.0),
        )
        return Written((copy.path,), copy.size, copy.left_out)
    if _copied(asked):
        made = _copying(conversation, asked, task)
        source = reader.path
        size = written(
            target,
            lambda stream: made.into(stream, source, target.parent),
            overwrite=overwrite,
            sources=[source],
        )
        return Written((target,), size, made.secrets.left_out)
    leavings = leavings_of(conversation, asked, task, reader)
    left_out = leavings[0].secrets
    if form.name == PACKETS:
        size = written(
            target,
            lambda stream: write_several(stream, leavings),
            overwrite=overwrite,
            sources=[leaving.reader.path for leaving in leavings],
        )
        return Written((target,), size, left_out.left_out)
    done = [
        export(path, form, leaving, overwrite=overwrite)
        for path, leaving in zip(asked.targets(target), leavings, strict=True)
    ]
    return Written(tuple(each.path for each in done), sum(each.size for each in done), left_out.left_out)


class _Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        size = memoryview(data).nbytes  # type: ignore[arg-type]
        self._at += size
        return size

    def tell(self) -> int:
        return self._at


def foreseen(conversation: Conversation, asked: Asked, task: Task) -> tuple[tuple[LeftOut, ...], bool]:
    """What would be left out, and whether all was looked through in the time there is."""
    with _source(conversation, asked, task) as reader:
        return _foreseen(conversation, asked, task, reader)


def _foreseen(
    conversation: Conversation, asked: Asked, task: Task, reader: CaptureReader
) -> tuple[tuple[LeftOut, ...], bool]:
    until = time.monotonic() + PREVIEW_S
    nowhere = _Nowhere()
    if _copied(asked):
        made = _copying(conversation, asked, task, until)
        whole = _tried(lambda: made.into(nowhere, reader.path, None))  # type: ignore[arg-type]
        return made.secrets.left_out, whole
    leavings = leavings_of(conversation, asked, task, reader, until=until)
    if asked.form.name == PACKETS:
        whole = _tried(lambda: write_several(nowhere, leavings))  # type: ignore[arg-type]
    else:
        tried = [_tried(lambda: asked.form.write(nowhere, leaving)) for leaving in leavings]  # type: ignore[arg-type]  # noqa: B023
        whole = all(tried)
    return (leavings[0].secrets.left_out if leavings else ()), whole


def _tried(work: Callable[[], None]) -> bool:
    try:
        work()
    except Cancelled:
        return False
    return True
