"""Marks in the window: set and named in the log, listed, noted in the detail, and kept with the file."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from wsinspector.conversation.conversation import Conversation
from wsinspector.present.marks import MOST_NAME, Mark, Marks, one_line
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.marks_list import MarksList
from wsinspector.ui.inspect.strip_bar import StripBar

AGAIN_MS = 2000


class MarkBar(StripBar):
    """The name of the mark that was just made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Marks", "Mark"),
            translate("Marks", "a name, if you like"),
            translate(
                "Marks",
                "The name of the mark. Enter keeps it, Escape leaves it as it was ([key:log.name])",
            ),
            parent,
        )
        self.field.setMaxLength(MOST_NAME)
        self.title.setMinimumWidth(0)

    def name(self, number: int, mark: Mark) -> None:
        """Ask for the name of the mark on frame ``number``."""
        self.title.set_text(translate("Marks", "Mark on #{number}").format(number=count(number)))
        self.title.setMinimumWidth(self.title.sizeHint().width())
        self.field.setAccessibleName(self.title.full_text())
        self.field.setText(mark.name)
        self.appear()


class Marking(QObject):
    """The marks of the attempt that is shown; written on ``background``, which reads them too."""

    changed = Signal()  # a mark came, went, or reads otherwise
    focus_wanted = Signal()  # back to the log

    def __init__(self, background: Background, conversation: Callable[[], Conversation]) -> None:
        super().__init__(background)
        self.bar = MarkBar()
        self.list = MarksList()
        self.marks = Marks()
        self.trouble = ""
        self.lost = "", 0
        self._background = background
        self._conversation = conversation
        self._known: dict[tuple[int, str], Marks] = {}
        self._attempt_id: int | None = None
        self._own = True  # the frames are the attempt's own, not another reading of its bytes
        self._named = 0
        self._unkept: dict[tuple[int, int], tuple[str, str] | None] = {}  # not in the file yet
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._write_again)
        self.bar.entered.connect(self._name_entered)
        self.bar.left.connect(self.focus_wanted)
        self.list.left.connect(self.focus_wanted)
        self.list.taken_off.connect(self.take_off)

    def set_attempt(self, attempt_id: int | None, dialect: str) -> Marks:
        """Show the marks of an attempt; of one read as ``dialect`` they are for the time being only."""
        self._attempt_id, self._own = attempt_id, not dialect
        self.bar.leave()
        if attempt_id is None:
            self.marks = Marks()
        else:
            known = self._known.get((attempt_id, dialect))
            self.marks = known if known is not None else Marks()
            if known is None:
                self._known[attempt_id, dialect] = self.marks
                if self._own:
                    self._read(attempt_id, self.marks)
        self._tell()
        return self.marks

    def _read(self, attempt_id: int, marks: Marks) -> None:
        conversation = self._conversation()

        def done(result: Any) -> None:
            if isinstance(result, Exception):
                self.trouble = translate("Marks", "Marks cannot be read: {why}").format(why=result)
                return
            for row in result:
                if row.frame not in marks:  # one made meanwhile is newer
                    marks.set(row.frame, Mark(row.name, row.note))
            if marks is self.marks and result:
                self._tell()

        self._background.ask(f"marks {attempt_id}", lambda: conversation.marks(attempt_id), done)

    # -- what a person does

    def toggle(self, number: int) -> None:
        """Mark frame ``number`` and ask for a name, or take its mark off."""
        if number in self.marks:
            self.take_off(number)
            return
        # M by mistake, and M again: name and note are there as before.
        self._set(number, self.marks.removed(number))
        self.ask_name(number)

    def take_off(self, number: int) -> None:
        """Take the mark off frame ``number``."""
        if self._named == number:
            self.bar.leave()
        if self.marks.remove(number):
            self._keep(number, None)
            self._tell()

    def ask_name(self, number: int) -> None:
        """Let the mark on frame ``number`` be named; makes it where there is none."""
        mark = self.marks.get(number)
        if mark is None:
            mark = self.marks.removed(number)
            self._set(number, mark)
        self._named = number
        self.bar.name(number, mark)
        self._say()

    def set_name(self, number: int, name: str) -> None:
        mark = self.marks.get(number)
        if mark is not None and mark.name != one_line(name):
            self._set(number, Mark(one_line(name), mark.note))

    def set_note(self, number: int, note: str) -> None:
        mark = self.marks.get(number)
        if mark is not None and mark.note != note:
            self._set(number, Mark(mark.name, note))

    def _name_entered(self) -> None:
        self.set_name(self._named, self.bar.field.text())
        self.bar.leave()

    def _set(self, number: int, mark: Mark) -> None:
        self.marks.set(number, mark)
        self._keep(number, mark)
        self._tell()

    # -- keeping

    def _keep(self, number: int, mark: Mark | None) -> None:
        attempt_id = self._attempt_id
        if attempt_id is None:
            return
        if not self._own:
            self.trouble = translate("Marks", "Kept only until the frames are read as agreed again.")
            return
        self._unkept[attempt_id, number] = None if mark is None else (mark.name, mark.note)
        self._write(attempt_id, number)

    def _write(self, attempt_id: int, number: int) -> None:
        conversation, values = self._conversation(), self._unkept[attempt_id, number]

        def done(result: Any) -> None:
            if not result and self._unkept.get((attempt_id, number), False) == values:
                del self._unkept[attempt_id, number]
            self._kept(result)

        self._background.ask(
            f"mark {attempt_id} {number}",
            lambda: conversation.set_mark(attempt_id, number, values),
            done,
        )

    def _write_again(self) -> None:
        for attempt_id, number in list(self._unkept):
            self._write(attempt_id, number)

    def stop(self) -> None:
        """Keep what still waits to be written: the background ends, and the file is closed after it.

        ``lost`` is why marks cannot be kept, and of how many frames.
        """
        self._again.stop()
        why, lost = "", 0
        for (attempt_id, number), values in self._unkept.items():
            said = self._conversation().set_mark(attempt_id, number, values)
            if said:
                why, lost = said, lost + 1
        self._unkept.clear()
        self.lost = why, lost

    def _kept(self, result: Any) -> None:
        why = str(result) if result else ""
        if why:
            self._again.start()
            text = translate("Marks", "Not kept yet, only shown: {why} It is tried again every {n} s.")
            said = text.format(why=why, n=AGAIN_MS // 1000)
        else:
            said = self.trouble if self._unkept else ""
        if said != self.trouble:
            self.trouble = said
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        self.bar.say(
            self.trouble or translate("Marks", "Enter keeps the name"), "note" if self.trouble else "muted"
        )

    def _tell(self) -> None:
        self.list.show_marks(self.marks)
        self.changed.emit()
