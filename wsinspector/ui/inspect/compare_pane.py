"""Two frames or messages compared, in the place of a frame's detail: by JSON path, by line, by byte."""

import math
import time
from array import array
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStyleOptionViewItem, QVBoxLayout, QWidget

from wsinspector.present.comparing import CompareRow
from wsinspector.present.differing.compared import Compared, Kind, Limits, Side
from wsinspector.present.differing.comparing_payloads import compare
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.numbers import count
from wsinspector.present.opened import Opened, open_message
from wsinspector.present.pages import Stopping
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.compare_view import CompareTable
from wsinspector.ui.inspect.paged_bytes import Run
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.strip_bar import flat_button
from wsinspector.ui.widgets.segmented import Segmented

KINDS = (Kind.JSON, Kind.TEXT, Kind.BYTES)
READ = 1 << 20
STEP = 200
"""Rows that are laid out at once; the button below shows as many more."""


class DifferenceTable(CompareTable):
    """Scrolls by itself; Ctrl+C copies the current row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(translate("Differing", "What differs"))
        self.setToolTip(translate("Differing", "Up and Down go through it, Ctrl+C copies a row"))

    def _arrange(self) -> None:
        width = self.viewport().width()
        self.setColumnWidth(0, width // 2)
        self.setColumnWidth(1, width - width // 2)
        option = QStyleOptionViewItem()
        for row in range(self.compare_model.rowCount()):
            sides = (self.compare_model.index(row, 0), self.compare_model.index(row, 1))
            self.setRowHeight(row, max(self._paints.sizeHint(option, side).height() for side in sides))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy) and row >= 0:
            QGuiApplication.clipboard().setText(row_text(self.compare_model.rows[row]))
            return
        super().keyPressEvent(event)


def row_text(row: CompareRow) -> str:
    """A row as it is copied: its label, and both sides a line each."""
    sides = [side.text if side is not None else "–" for side in (row.left, row.right)]
    return "\n".join(part for part in (row.label, f"< {sides[0]}", f"> {sides[1]}") if part)


class ComparePane(QWidget):
    """Compares on ``run``; shows what differs with a little around it."""

    left = Signal()  # back to the frame

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: Run = lambda work, done: done(work())
        self.stopping: Stopping = lambda: False
        self._both: tuple[Opened, Opened] | None = None
        self._found: Compared | None = None
        self._names = ("", "")
        self._serial = 0
        self._shown = STEP
        self.title = RoleLabel("", "text", bold=True)
        self.told = RoleLabel("", "muted")
        self.kinds = Segmented(
            [translate("Differing", "JSON"), translate("Differing", "Text"), translate("Differing", "Bytes")]
        )
        self.kinds.setAccessibleName(translate("Differing", "How the two are compared"))
        for at, tip in enumerate(
            (
                translate("Differing", "By path, numbers and duplicates as they came"),
                translate("Differing", "Line by line"),
                translate("Differing", "Byte by byte, as inflated and unmasked"),
            )
        ):
            self.kinds.set_tip(at, tip)
        self.back = flat_button("✕", translate("Differing", "Back to the frame"))
        self.table = DifferenceTable()
        self.more = QPushButton()
        self.more.setProperty("kind", "link")
        self.more.setAutoDefault(False)
        self.more.hide()
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title)
        head.addWidget(self.told, 1)
        head.addWidget(self.kinds)
        head.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.more)
        self.kinds.picked.connect(lambda at: self._compare(KINDS[at]))
        self.back.clicked.connect(self.left)
        self.more.clicked.connect(self._show_more)

    def compare(
        self, reading: FrameReading, inflation: Inflation, left: "array[int]", right: "array[int]"
    ) -> None:
        """Compare the messages (or frames) that these frames carry."""

        def both() -> tuple[Opened | None, Opened | None]:
            first = open_message(reading, inflation, left, READ, self.stopping)
            return first, open_message(reading, inflation, right, READ, self.stopping)

        self.compare_opened(both, (f"#{count(left[0])}", f"#{count(right[0])}"))

    def compare_opened(
        self, make: Callable[[], tuple[Opened | None, Opened | None]], names: tuple[str, str]
    ) -> None:
        """Compare what ``make`` opens, off the window's thread; ``names`` are what the sides are called."""
        self._serial += 1
        serial = self._serial
        self._both = None
        self._names = names
        self.title.set_text(" | ".join(self._names))
        self._say_busy()

        def work() -> tuple[Opened, Opened, Compared] | None:
            both = make()
            if both[0] is None or both[1] is None:
                return None
            return both[0], both[1], compare(_side(both[0]), _side(both[1]), None, self._limits())

        def done(result: Any) -> None:
            if serial != self._serial:
                return
            if isinstance(result, tuple):
                self._both = result[0], result[1]
            self._show(result[2] if isinstance(result, tuple) else result)

        self.run(work, done)

    def _compare(self, kind: Kind) -> None:
        both = self._both
        if both is None:
            return
        self._serial += 1
        serial = self._serial
        self._say_busy()

        def done(result: Any) -> None:
            if serial == self._serial:
                self._show(result)

        self.run(lambda: compare(_side(both[0]), _side(both[1]), kind, self._limits()), done)

    def _limits(self) -> Limits:
        """Limits by a clock that has run out once the pane is being closed."""
        return Limits(clock=lambda: math.inf if self.stopping() else time.monotonic())

    def _say_busy(self) -> None:
        self.told.set_text(translate("Differing", "comparing…"))
        self.table.show_rows((), self._names)
        self.more.hide()

    def _show(self, found: Any) -> None:
        if not isinstance(found, Compared):
            self.told.set_text(
                translate("Differing", "Cannot be compared: {why}").format(why=found)
                if found is not None
                else translate("Differing", "The capture does not hold both of them.")
            )
            return
        self._found = found
        self._shown = STEP
        self.kinds.set_current(KINDS.index(found.kind))
        self.told.set_text(found.told)
        self._show_rows()
        if found.rows:
            first = next((at for at, row in enumerate(found.rows) if row.differs), 0)
            self.table.setCurrentIndex(self.table.compare_model.index(min(first, STEP - 1), 0))

    def _show_rows(self) -> None:
        rows = self._found.rows if self._found is not None else ()
        self.table.show_rows(rows[: self._shown], self._names)
        left = len(rows) - self._shown
        self.more.setVisible(left > 0)
        text = translate("Differing", "Show {count} more of %n row(s)", "", len(rows))
        self.more.setText(text.format(count=count(min(left, STEP))))

    def _show_more(self) -> None:
        row = self._shown
        self._shown += STEP
        self._show_rows()
        index = self.table.compare_model.index(row, 0)
        self.table.setCurrentIndex(index)
        self.table.setFocus()


def _side(opened: Opened) -> Side:
    return Side(opened.pages, opened.payload.data, opened.payload.opcode == 1)
