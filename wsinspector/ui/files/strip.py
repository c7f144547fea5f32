"""The strip below the tabs that tells of files: what is being done, what came of it, what went wrong."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.files.task import Task
from wsinspector.ui.inspect.role_label import RoleLabel

SHOW_AFTER_MS = 300
LOOK_MS = 100
MOST = 4  # rows; the oldest that only tells something is folded away first
MOST_LINES = 8  # of what was folded away, seen at once


class Bar(QWidget):
    """How much is done; a full line in the muted colour where nobody knows how much there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, 6)

    def set_share(self, share: float | None) -> None:
        if share != self._share:
            self._share = share
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line"))
        whole = QRectF(self.rect())
        painter.drawRoundedRect(whole, 3, 3)
        if self._share is not None:
            painter.setBrush(theme.color("link"))
            painter.drawRoundedRect(QRectF(0, 0, whole.width() * min(self._share, 1.0), whole.height()), 3, 3)


class StripRow(QWidget):
    """One sentence with what can be done about it."""

    def __init__(self, text: str, role: str, strip: "FileStrip") -> None:
        super().__init__(strip)
        self._strip = strip
        self.role = role
        self.lasting = False
        self.on_leaving: Callable[[], object] | None = None
        self.text = RoleLabel(text, role, wraps=False)
        self.bar = Bar()
        self.bar.hide()
        self.copy = QPushButton(translate("FileStrip", "Copy path"))
        tell(self.copy, translate("FileStrip", "Put the file's whole path on the clipboard"))
        self.copy.hide()
        self.cancel = QPushButton(translate("FileStrip", "Cancel"))
        tell(self.cancel, translate("FileStrip", "Give up; nothing half done is left ([key:files.put-away])"))
        self.cancel.hide()
        self.away = QToolButton()
        self.away.setText("×")
        self.away.setProperty("kind", "flat")
        tell(self.away, translate("FileStrip", "Put this away ([key:files.put-away])"))
        self.away.setAccessibleName(translate("FileStrip", "Put this away"))
        self.away.clicked.connect(self.leave)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN + 2, theme.SPACE, theme.MARGIN, theme.SPACE)
        row.setSpacing(theme.GAP + 2)
        row.addWidget(self.text, 1)
        for widget in (self.bar, self.copy, self.cancel, self.away):
            row.addWidget(widget)

    def offer_path(self, path: Path) -> None:
        """Let the whole path be copied."""
        self.copy.show()
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(path)))
        self.copy.setAccessibleName(translate("FileStrip", "Copy path {0}").format(path))

    def offer(self, text: str, tip: str, deed: Callable[[], object]) -> QPushButton:
        """A button for what can be done about it, behind those that are there."""
        button = QPushButton(text)
        tell(button, tip)
        button.clicked.connect(lambda: deed())
        self._row.insertWidget(self._row.indexOf(self.copy), button)
        return button

    def leave(self) -> None:
        """Put the row away, by the person's wish."""
        self._strip.drop(self)
        if self.on_leaving is not None:
            self.on_leaving()


class TaskRow(StripRow):
    """Tells how far ``task`` is; gone once it has ended."""

    def __init__(self, task: Task, strip: "FileStrip") -> None:
        super().__init__(task.title, "text", strip)
        self.task = task
        self.away.hide()
        self.bar.show()
        self.cancel.show()
        self.cancel.clicked.connect(self.leave)
        self.cancel.setAccessibleName(translate("FileStrip", "Cancel: {0}").format(task.title))

    def leave(self) -> None:
        self.task.cancel()
        self.cancel.setEnabled(False)
        self.text.set_text(translate("FileStrip", "{0} Giving up.").format(self.task.title))

    def look(self) -> None:
        """Say how far it is by now."""
        done, total = self.task.done, self.task.total
        self.bar.set_share(done / total if total else None)
        if not self.task.cancelled:
            percent = f" {100 * done // total} %" if total else ""
            self.text.set_text(f"{self.task.title}{percent}")


class OlderRow(StripRow):
    """How many notices made room for newer ones; all of them, the oldest first, as a text to be read and
    copied, once asked for."""

    def __init__(self, strip: "FileStrip") -> None:
        super().__init__("", "text", strip)
        self.told: list[str] = []
        self.list = QPlainTextEdit(strip)
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(translate("FileStrip", "Earlier notices"))
        tell(self.list, translate("FileStrip", "What made room for newer notices, the oldest first"))
        self.list.hide()
        self.all = self.offer("", "", self._turn)
        self.all.setCheckable(True)
        self._faults = 0
        tell(self.away, translate("FileStrip", "Put all of these away"))
        self.away.setAccessibleName(translate("FileStrip", "Put all of these away"))

    def take(self, row: StripRow) -> None:
        """Keep what ``row`` says."""
        self.told.append(row.text.full_text())
        self._faults += row.role == "fault"
        self.list.appendPlainText(self.told[-1])
        text = translate("FileStrip", "%n earlier notice(s) folded away.", "", len(self.told))
        if self._faults:
            text = translate(
                "FileStrip", "%n earlier notice(s), some of what went wrong.", "", len(self.told)
            )
        self.text.set_role("fault" if self._faults else "text")
        self.text.set_text(text)
        self._say()

    def _turn(self) -> None:
        self.list.setVisible(self.all.isChecked())
        self._say()

    def _say(self) -> None:
        on = self.all.isChecked()
        count = len(self.told)
        self.all.setText(
            translate("FileStrip", "Fold") if on else translate("FileStrip", "Show all %n", "", count)
        )
        tip = translate("FileStrip", "Read the %n earlier notice(s), one a line", "", count)
        if on:
            tip = translate("FileStrip", "Fold the earlier notices away again; none is lost")
        tell(self.all, tip)
        self.all.setAccessibleName(tip)
        line = self.list.fontMetrics().lineSpacing()
        self.list.setFixedHeight(line * min(max(count, 2), MOST_LINES) + 2 * theme.GAP)


class FileStrip(QWidget):
    """Rows of :class:`StripRow`; takes no room while there is nothing to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("FileStrip", "Files"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[StripRow] = []
        self.older: OlderRow | None = None
        self._tasks: list[Task] = []
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.hide()

    # -- what is told

    @property
    def rows(self) -> list[StripRow]:
        """What is told, the oldest first; without what is folded away in :attr:`older`."""
        return list(self._rows)

    def tell(
        self, text: str, role: str = "text", path: Path | None = None, *, lasting: bool = False
    ) -> StripRow:
        """Say ``text`` until it is put away; ``path`` can then be copied.

        ``lasting``: what is told later does not take its place; others are folded away then, oldest first.
        """
        row = StripRow(text, role, self)
        row.lasting = lasting
        if path is not None:
            row.offer_path(path)
        told = [each for each in self._rows if not isinstance(each, TaskRow) and not each.lasting]
        if len(told) >= MOST - 1:
            self._fold(told[0])
        self._add(row)
        return row

    def _fold(self, row: StripRow) -> None:
        older = self.older
        if older is None:
            older = self.older = OlderRow(self)
            self._column.insertWidget(0, older)
            self._column.insertWidget(1, older.list)
        older.take(row)
        self.drop(row)

    def drop(self, row: StripRow) -> None:
        """Take a row away."""
        if row is self.older:
            self.older.list.hide()
            self.older.list.deleteLater()
            self.older = None
        elif row in self._rows:
            self._rows.remove(row)
        else:
            return
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self._rows) or self.older is not None)

    def put_away(self) -> bool:
        """Put the newest row away, or cancel what it tells of; False where there is none."""
        newest = self._rows[-1] if self._rows else self.older
        if newest is None:
            return False
        newest.leave()
        return True

    def _add(self, row: StripRow) -> None:
        self._rows.append(row)
        self._column.addWidget(row)
        row.show()
        self.show()

    # -- what is done

    def follow(self, task: Task) -> Task:
        """Show ``task`` while it runs, where that takes long enough to be seen."""
        self._tasks.append(task)
        task.ended.connect(self._ended)
        QTimer.singleShot(SHOW_AFTER_MS, self, lambda: self._show(task))
        return task

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return bool(self._tasks)

    def stop(self) -> None:
        """Cancel all and wait for it; before the window goes."""
        self._timer.stop()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            task.wait()
        self._tasks.clear()

    def _show(self, task: Task) -> None:
        if task in self._tasks:
            self._add(TaskRow(task, self))
            self._timer.start()
            self._look()

    def _look(self) -> None:
        for row in self._rows:
            if isinstance(row, TaskRow):
                row.look()

    def _ended(self, task: Task) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        for row in self._rows[:]:
            if isinstance(row, TaskRow) and row.task is task:
                self.drop(row)
        if not self._tasks:
            self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
