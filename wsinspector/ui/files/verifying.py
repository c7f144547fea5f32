"""What opening a file takes on trust, held against the check sums behind the window's back."""

from functools import partial

from PySide6.QtCore import QObject

from wsinspector.capture.finding import Report
from wsinspector.conversation.checked import verify
from wsinspector.present.damage import damage_lead, damage_lines, damage_role
from wsinspector.translate import translate
from wsinspector.ui.files.task import Task
from wsinspector.ui.inspect.page import InspectPage

REST = 0.002  # s, between a few megabytes


class Verifying(QObject):
    """A task a page, which is over before its conversation is closed: see :meth:`give_up`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[InspectPage, Task] = {}

    @property
    def busy(self) -> bool:
        """Whether a file is still being looked at."""
        return bool(self._tasks)

    def begin(self, page: InspectPage) -> None:
        """Look at what the conversation of ``page`` was read from; what is found is told above its panes."""
        conversation = page.tab.conversation
        reader, number = conversation.reader(), conversation.conversation_id
        if reader is None or number is None:
            return
        attempts = [attempt.attempt_id for attempt in conversation.attempts]
        before = conversation.report

        def work(task: Task) -> object:
            return verify(reader, number, attempts, before, task.wanted, partial(task.pause, REST))

        task = Task(translate("Verifying", "Checking the file"), work, self)
        task.ended.connect(lambda task: self._ended(page, task))
        self._tasks[page] = task
        task.start()

    def give_up(self, page: InspectPage) -> None:
        """Look no more: the reader may be closed then."""
        task = self._tasks.pop(page, None)
        if task is not None:
            task.cancel()
            task.wait()

    def _ended(self, page: InspectPage, task: Task) -> None:
        task.deleteLater()
        if self._tasks.get(page) is not task:
            return  # its tab is gone
        del self._tasks[page]
        conversation, report = page.tab.conversation, task.result
        known = len(conversation.report.findings) if conversation.report is not None else 0
        # Where the file cannot be read any more, the panes say so.
        if report is not None and len(report.findings) > known:
            conversation.report = report
            show_damage(page, report)


def show_damage(page: InspectPage, report: Report) -> None:
    """Tell above the panes what is damaged, below whatever else is told of the file."""
    page.notices.show_notice(damage_lead(report), damage_lines(report), damage_role(report), kind="damage")
