"""How crafted bytes are handed to the connection: in one write, a frame each, or dribbled."""

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from wsinspector.protocol.crafting import CraftError, Cut, Writes
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.craft_fields import Choice, Line
from wsinspector.ui.inspect.craft_payload import number
from wsinspector.ui.inspect.role_label import RoleLabel


class CraftWrites(QWidget):
    """``changed`` tells of every change made by hand."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delays: tuple[float, ...] = ()
        self.cut = Choice(
            translate("Craft", "Writes"), translate("Craft", "How the bytes are handed to the connection")
        )
        self.cut.offer(
            [
                (translate("Craft", "In one write"), Cut.TOGETHER),
                (translate("Craft", "A write a frame"), Cut.EACH),
                (translate("Craft", "Each of"), Cut.SIZE),
                (translate("Craft", "Of these sizes"), Cut.CHUNKS),
            ]
        )
        self.sizes = Line(
            translate("Craft", "Bytes of a write"),
            translate("Craft", "Bytes of each write; of several sizes the last takes the rest"),
            7,
        )
        self.sizes.put("1")
        self.unit = RoleLabel(translate("Craft", "bytes"), "muted")
        self.every = RoleLabel(translate("Craft", "every"), "muted")
        self.delay = Line(
            translate("Craft", "Seconds between writes"),
            translate("Craft", "Seconds before each write but the first; several: before each of them"),
            5,
        )
        self.delay.put("0")
        self.seconds = RoleLabel(translate("Craft", "s"), "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for part in (self.cut, self.sizes, self.unit, self.every, self.delay, self.seconds):
            row.addWidget(part)
        for label in (self.unit, self.every, self.seconds):
            label.setMinimumWidth(label.sizeHint().width())
        row.addStretch(1)
        self.cut.currentIndexChanged.connect(self._by_hand)
        for line in (self.sizes, self.delay):
            line.textEdited.connect(self._by_hand)
        self._show_parts()

    def _by_hand(self) -> None:
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        cut = self.cut.word()
        for part in (self.sizes, self.unit):
            part.setVisible(cut in (Cut.SIZE, Cut.CHUNKS))
        for part in (self.every, self.delay, self.seconds):
            part.setVisible(cut is not Cut.TOGETHER)

    def put(self, writes: Writes) -> None:
        """Show ``writes``; no signal tells of it."""
        self.cut.pick(writes.cut)
        if writes.cut is Cut.CHUNKS:
            self.sizes.put(", ".join(map(str, writes.chunks)))
        elif writes.cut is Cut.SIZE:
            self.sizes.put(str(writes.size))
        if writes.delays:
            self.delay.put(", ".join(f"{one:g}" for one in writes.delays))
        else:
            self.delay.put(f"{writes.delay:g}")
        self._show_parts()

    def writes(self) -> Writes:
        """What the controls say. Raises CraftError."""
        cut = self.cut.word()
        if cut is Cut.TOGETHER or not isinstance(cut, Cut):
            return Writes()
        given = [_seconds(part) for part in re.split(r"[,;\s]+", self.delay.text().strip()) if part]
        delay = given[0] if len(given) == 1 else 0.0
        delays = tuple(given) if len(given) > 1 else ()
        if cut is Cut.EACH:
            return Writes(cut, delay=delay, delays=delays)
        sizes = [_size(part) for part in re.split(r"[,;\s]+", self.sizes.text().strip()) if part]
        if cut is Cut.SIZE:
            return Writes(cut, max(1, sizes[0]) if sizes else 1, delay=delay, delays=delays)
        return Writes(cut, chunks=tuple(sizes), delay=delay, delays=delays)


def _size(text: str) -> int:
    found = number(text)
    if not isinstance(found, int) or found < 0:
        raise CraftError(translate("Craft", "A write's size is a number of bytes: {text}").format(text=text))
    return found


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise CraftError(translate("Craft", "A delay is a number of seconds: {text}").format(text=text))
    return found
