"""Pinned pairs below the log: the time between two frames, as long as they are wanted."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.present.numbers import count
from wsinspector.present.pairs import Pair, Pins
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.strip_bar import flat_button


class _Chip(QWidget):
    """One pair, or the frame that waits for its second: a button that goes there, and a cross."""

    def __init__(self, text: str, tip: str, let_go: str) -> None:
        super().__init__()
        self.go = QPushButton(text)
        self.go.setProperty("kind", "chip")
        self.go.setToolTip(tip)
        self.go.setAccessibleName(text)
        self.go.setAutoDefault(False)
        self.cross = flat_button("✕", let_go, name=f"{let_go}: {text}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.go)
        row.addWidget(self.cross)


class PairsRow(QWidget):
    """Hidden while nothing is pinned."""

    go_to = Signal(int)  # a frame's number
    let_go = Signal(object)  # a Pair, or None for the frame that waits

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[Pair, ...], int] = ((), 0)
        self.chips: list[_Chip] = []
        self._row = FlowRow(spacing=theme.GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.SPACE // 2, theme.MARGIN, theme.SPACE // 2)
        layout.addWidget(self._row)
        self.setAccessibleName(translate("Pairs", "Pinned pairs"))
        self.hide()

    def show_pins(self, pins: Pins) -> None:
        """What is pinned now."""
        waiting = pins.waiting.number if pins.waiting is not None else 0
        shown = (tuple(pins.pairs), waiting)
        if shown == self._shown:
            return
        self._shown = shown
        for chip in self.chips:
            self._row.remove(chip)
        self.chips = []
        for at, pair in enumerate(pins.pairs, 1):
            text = pair.text()
            if len(pins.pairs) > 1:
                text = translate("Pairs", "{n}. {text}").format(n=at, text=text)
            self._add_pair(pair, text)
        if waiting:
            text = translate("Pairs", "#{number} pinned. P on another row shows the time between.")
            chip = _Chip(
                text.format(number=count(waiting)),
                translate("Pairs", "Go to the pinned row"),
                translate("Pairs", "Let go of it (P on its row)"),
            )
            chip.go.clicked.connect(lambda: self.go_to.emit(waiting))
            chip.cross.clicked.connect(lambda: self.let_go.emit(None))
            self._put(chip)
        self.setVisible(bool(self.chips))

    def _add_pair(self, pair: Pair, text: str) -> None:
        chip = _Chip(
            text,
            translate("Pairs", "Go to the first of the two, then to the second"),
            translate("Pairs", "Let go of this pair"),
        )
        ends = [pair.second, pair.first]

        def go() -> None:
            ends.reverse()
            self.go_to.emit(ends[0])

        chip.go.clicked.connect(go)
        chip.cross.clicked.connect(lambda: self.let_go.emit(pair))
        self._put(chip)

    def _put(self, chip: _Chip) -> None:
        self.chips.append(chip)
        self._row.add(chip)
