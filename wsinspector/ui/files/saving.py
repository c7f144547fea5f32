"""Save as: the capture of the tab in front, copied whole while it goes on."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from wsinspector.capture.copying import copy_capture
from wsinspector.conversation.conversation import Conversation
from wsinspector.present.numbers import size
from wsinspector.translate import translate
from wsinspector.ui.files.gone_source import copy_of_gone
from wsinspector.ui.files.opening import reason
from wsinspector.ui.files.task import Task

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

FLUSH_S = 5.0


class Saving(QObject):
    """Asks where to, copies, and says in the strip what came of it."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk

    def ask(self) -> None:
        """Let the person pick a place for a copy of the conversation in front."""
        page = self._desk.page
        if page is None:
            return
        path = page.tab.conversation.capture_path
        name = path.name if path is not None else "conversation.wsi"
        chosen, _ = QFileDialog.getSaveFileName(
            self._desk.window,
            translate("Saving", "Save a copy as"),
            str(Path.home() / name),
            translate("Saving", "Captures (*.wsi)"),
        )
        if chosen:
            target = Path(chosen)
            self.save_to(target if target.suffix else target.with_suffix(".wsi"))

    def save_to(self, target: Path) -> None:
        """Copy the conversation in front to ``target``, in a thread; it goes on meanwhile."""
        page = self._desk.page
        if page is None:
            return
        strip, conversation = self._desk.files.strip, page.tab.conversation
        if any(open_path == target for open_path in self._desk.workspace.open_paths):
            text = translate("Saving", "{0} is open in this window. Pick another name.")
            strip.tell(text.format(target.name), "fault")
            return
        conversation.save()  # a draft alone has no file yet
        source = conversation.capture_path
        if source is None:
            strip.tell(translate("Saving", "There is nothing to save yet."), "fault")
            return
        title = translate("Saving", "Saving a copy as {0}.").format(target.name)
        task = Task(title, lambda task: _copy(conversation, source, target, task), self)
        gone = source.name if conversation.gone else ""
        task.ended.connect(lambda task: self._ended(task, target, gone))
        strip.follow(task).start()

    def _ended(self, task: Task, target: Path, gone: str) -> None:
        strip = self._desk.files.strip
        if task.error is None:
            text = translate("Saving", "A copy is in {0}, {1}.").format(target, size(task.result))
            if gone:
                told = translate("Saving", "It holds what was in {0}, which is gone; this tab is not kept.")
                text = f"{text} {told.format(gone)}"
            strip.tell(text, "ok", target)
            self._desk.files.recent.used(target)
        elif task.cancelled:
            strip.tell(translate("Saving", "No copy was made: cancelled."), "muted")
        else:
            text = translate("Saving", "No copy was made as {0}: {1}")
            strip.tell(text.format(target.name, reason(task.error)), "fault")
        task.deleteLater()


def _copy(conversation: Conversation, source: Path, target: Path, task: Task) -> int:
    conversation.flush(FLUSH_S)
    if not conversation.gone:
        copy_capture(source, target, task.progress, task.wanted)
        return target.stat().st_size
    copy_of_gone(conversation, target, task.progress, task.wanted)
    return target.stat().st_size
