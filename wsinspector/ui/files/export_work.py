"""What is exported, gathered and written away from the window's thread."""

import io
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.share.export import export
from wsinspector.share.formats import Format
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Cancelled
from wsinspector.share.left_out import LeftOut
from wsinspector.translate import translate
from wsinspector.ui.files.task import Task
from wsinspector.ui.inspect.log_model import LogModel

PREVIEW_S = 2.0
FLUSH_S = 5.0

Numbers = Callable[[], list[int]]


@dataclass(frozen=True, slots=True)
class Part:
    """One attempt that leaves; ``numbers`` finds its frames on the worker's thread, None for all."""

    attempt: Attempt
    numbers: Numbers | None = None


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


def leaving_of(
    conversation: Conversation, part: Part, task: Task, *, secrets: bool, until: float = 0.0
) -> Leaving:
    """``part`` as it leaves; what takes longer than ``until`` (monotonic s) is given up, 0 for never.

    Raises CaptureError, OSError.
    """
    reader = conversation.reader()
    if reader is None:
        raise FileNotFoundError(translate("Export", "Nothing is kept yet."))
    row = next((row for row in reader.conversations() if row.id == conversation.conversation_id), None)
    return Leaving(
        reader,
        part.attempt.snapshot,
        part.attempt.options,
        conversation=row,
        numbers=part.numbers() if part.numbers is not None else None,
        with_secrets=secrets,
        progress=task.progress,
        cancelled=lambda: not task.wanted() or bool(until and time.monotonic() > until),
    )


def target_of(target: Path, at: int, parts: int) -> Path:
    """Where part ``at`` of ``parts`` goes: one has the name itself, several are numbered."""
    return target if parts == 1 else target.with_name(f"{target.stem}-{at + 1}{target.suffix}")


def write(
    conversation: Conversation,
    parts: tuple[Part, ...],
    form: Format,
    target: Path,
    task: Task,
    *,
    secrets: bool,
    overwrite: bool,
) -> Written:
    """Export every part, each whole or not at all.

    Raises FileExistsError, another OSError, CaptureError or Cancelled.
    """
    conversation.flush(FLUSH_S)
    done: list[Path] = []
    size = 0
    left_out: list[LeftOut] = []
    for at, part in enumerate(parts):
        leaving = leaving_of(conversation, part, task, secrets=secrets)
        made = export(target_of(target, at, len(parts)), form, leaving, overwrite=overwrite)
        done.append(made.path)
        size += made.size
        left_out += [each for each in made.left_out if each not in left_out]
    return Written(tuple(done), size, tuple(left_out))


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


def foreseen(
    conversation: Conversation, parts: tuple[Part, ...], form: Format, task: Task
) -> tuple[tuple[LeftOut, ...], bool]:
    """What would be left out, and whether all was looked through in the time there is."""
    until = time.monotonic() + PREVIEW_S
    found: list[LeftOut] = []
    whole = True
    for part in parts:
        leaving = leaving_of(conversation, part, task, secrets=False, until=until)
        try:
            form.write(_Nowhere(), leaving)  # type: ignore[arg-type]
        except Cancelled:
            whole = False
        found += [each for each in leaving.left_out if each not in found]
    return tuple(found), whole
