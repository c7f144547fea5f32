"""Opening files away from the window's thread: a capture, one of its conversations, a sweep, an import."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from wsinspector.capture.listing import conversation_count, listed_conversations
from wsinspector.capture.locking import WriterWatch
from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.following import Following
from wsinspector.conversation.provoking_kept import holds_provocations
from wsinspector.conversation.sweep_capture import KEY
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui.files.importing import importable, imported
from wsinspector.ui.files.strip import FileStrip
from wsinspector.ui.files.task import Task
from wsinspector.ui.workspace import Workspace

SQLITE = b"SQLite format 3\x00"


@dataclass(slots=True)
class Opened:
    """What a file came to: a conversation (``following`` while another writes it), or the number of
    ``many`` conversations to choose from, or a ``sweep``, or a run of provocations (``provoked``).
    ``notes``: what is to be said of it."""

    path: Path
    conversation: Conversation | None = None
    following: Following | None = None
    many: int = 0
    sweep: bool = False
    provoked: bool = False
    notes: list[str] = field(default_factory=list)
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A file to be opened; ``conversation_id`` None: the only one, or a choice where there are several.

    ``again``: it was open at the last end; nobody has asked for it now.
    """

    path: Path
    conversation_id: int | None = None
    front: bool = True
    then: Callable[[object], object] | None = None
    again: bool = False


class Opening(QObject):
    """``opened(wish, opened)``, ``failed(wish, sentence)``; ``settled`` once nothing is waited for.

    One file after the other, in the order of the wishes.
    """

    opened = Signal(object, object)
    failed = Signal(object, str)
    settled = Signal()

    def __init__(self, workspace: Workspace, strip: FileStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._strip = strip
        self._waiting: list[Wish] = []
        self._now: Wish | None = None

    @property
    def busy(self) -> bool:
        """Whether a file is still to come."""
        return self._now is not None or bool(self._waiting)

    def wants(self, path: Path, conversation_id: int | None) -> bool:
        """Whether that is being opened already."""
        wishes = [*self._waiting, *([self._now] if self._now is not None else [])]
        return any(each.path == path and each.conversation_id == conversation_id for each in wishes)

    def ask(self, wish: Wish) -> None:
        """Open a file soon."""
        self._waiting.append(wish)
        if self._now is None:
            self._next()

    def stop(self) -> None:
        """Open nothing more."""
        self._waiting.clear()

    def _next(self) -> None:
        if not self._waiting:
            self._now = None
            self.settled.emit()
            return
        wish = self._now = self._waiting.pop(0)
        title = translate("Opening", "Opening {0}.").format(wish.path.name)
        task = Task(title, lambda task: opened_file(self._workspace, wish, task), self)
        task.ended.connect(self._ended)
        self._strip.follow(task).start()

    def _ended(self, task: Task) -> None:
        wish = self._now
        if wish is None:
            return
        found = task.result
        if isinstance(found, Opened) and task.cancelled:
            release(found)
        elif isinstance(found, Opened):
            self.opened.emit(wish, found)
        elif not task.cancelled:
            text = translate("Opening", "{0} could not be opened: {1}")
            self.failed.emit(wish, text.format(wish.path.name, reason(task.error)))
        task.deleteLater()
        self._next()


def reason(error: Exception | None) -> str:
    """What went wrong, for a person."""
    if isinstance(error, FileNotFoundError):
        return translate("Opening", "there is no such file.")
    if isinstance(error, IsADirectoryError):
        return translate("Opening", "it is a folder. Open a file in it.")
    if isinstance(error, PermissionError):
        return translate("Opening", "it may not be read by you.")
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    if isinstance(error, KeyError):
        return translate("Opening", "it holds no conversation.")
    text = str(error) or type(error).__name__
    return text if text.endswith(".") else f"{text}."


def release(found: Opened) -> None:
    """Let go of a file that nobody wants any more."""
    if found.following is not None:
        found.following.stop()
    if found.conversation is not None:
        found.conversation.close()
    if found.following is not None:
        found.following.close()


def opened_file(workspace: Workspace, wish: Wish, task: Task) -> Opened:
    """Read what ``wish`` names, on the task's thread.

    Raises CaptureError, OSError or KeyError.
    """
    path = wish.path
    workspace.wait_until_closed(path)
    watch: WriterWatch | None
    if workspace.holds(path):
        # Looking at the file any other way would drop the locks that SQLite holds for this process.
        watch = WriterWatch.another(path)
    else:
        with path.open("rb") as file:
            head = file.read(len(SQLITE))
        if not head:
            raise CaptureError(translate("Opening", "the file is empty, so nothing was ever kept in it."))
        if head != SQLITE and importable(path):
            made, lead, notes = imported(path, workspace, task)
            opened = _capture(workspace, Wish(made, wish.conversation_id), None, task)
            opened.lead, opened.notes = lead, notes
            return opened
        watch = WriterWatch(path)
    followed = False
    try:
        opened = _capture(workspace, wish, watch, task)
        followed = opened.following is not None
    finally:
        if watch is not None and not followed:
            watch.close()
    return opened


def _capture(workspace: Workspace, wish: Wish, watch: WriterWatch | None, task: Task) -> Opened:
    path = wish.path
    written = watch is not None and watch.written
    if wish.conversation_id is None:
        number = conversation_count(path)
        if _is_sweep(path):
            return Opened(path, sweep=True)
        if number > 1 and _is_provoked(path):
            return Opened(path, provoked=True)
        if number > 1:
            return Opened(path, many=number)
    read_only = written or not os.access(path, os.W_OK)

    def progress(done: int, of: int) -> bool:
        task.progress(done, of)
        return task.wanted()

    conversation = workspace.open_conversation(
        path, wish.conversation_id, read_only=read_only, progress=progress
    )
    opened = Opened(path, conversation)
    opened.lead, opened.notes = _shared(conversation)
    if written and watch is not None:
        opened.following = Following(conversation, path, watch)
    return opened


def _shared(conversation: Conversation) -> tuple[str, list[str]]:
    """Of a copy made to share: that it is one, and what was left out of it."""
    from wsinspector.share.shared_capture import META

    reader = conversation.reader()
    kept = reader.meta().get(META, "") if reader is not None else ""
    try:
        told = json.loads(kept) if kept else {}
    except ValueError:
        return "", []
    if not isinstance(told, dict) or not (told.get("secrets") or told.get("payloads")):
        return "", []
    listed = told.get("list")
    notes = [visible(str(each)) for each in listed] if isinstance(listed, list) else []
    if told.get("secrets") and told.get("payloads"):
        lead = translate("Opening", "A copy made to share: its secrets and payloads were left out.")
    elif told.get("payloads"):
        lead = translate("Opening", "A copy made to share: its payloads were left out, its secrets were not.")
    else:
        lead = translate("Opening", "A copy made to share: its secrets were left out.")
    if told.get("payloads"):
        notes.insert(0, translate("Opening", "Payloads are zeros; their lengths are as they were."))
    return lead, notes


def _is_sweep(path: Path) -> bool:
    """Whether a sweep made the capture: one of its servers, each a conversation, is enough to tell."""
    batches = listed_conversations(path)
    try:
        return any((each.facts or {}).get(KEY) is True for each in next(batches, ()))
    finally:
        batches.close()


def _is_provoked(path: Path) -> bool:
    """Whether a run of provocations made the capture."""
    with CaptureReader(path) as reader:
        return holds_provocations(reader)


__all__ = ["CaptureError", "Opened", "Opening", "Wish", "opened_file", "release"]
