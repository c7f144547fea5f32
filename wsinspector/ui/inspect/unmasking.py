"""A frame whose header is masked too: what travelled, the key, and the figure of what that gives."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from wsinspector.present.bitmap import Unmasked
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.bit_map import BitFigure
from wsinspector.ui.inspect.role_label import RoleLabel

LABEL_GAP = 10


class _Sum(QWidget):
    """Three rows of bytes, one below the other: travelled, key, plain."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, bytes, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_sum(self, found: Unmasked) -> None:
        self._rows = (
            (translate("Bits", "travelled"), found.wire, "muted"),
            (translate("Bits", "XOR key"), found.key, "key"),
            (translate("Bits", "gives"), found.plain, "text"),
        )
        self.setAccessibleName("; ".join(f"{name} {data.hex(' ')}" for name, data, _ in self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(theme.mono_font(0.9)).height() + 2
        return QSize(200, round(line * len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        names, bytes_font = theme.ui_font(0.9), theme.mono_font(0.9)
        left = max((QFontMetricsF(names).horizontalAdvance(name) for name, _, _ in self._rows), default=0)
        metrics = QFontMetricsF(bytes_font)
        step = metrics.horizontalAdvance("00 ")
        room = max(1, int((self.width() - left - LABEL_GAP) // step))
        height = metrics.height() + 2
        for at, (name, data, role) in enumerate(self._rows):
            base = at * height + metrics.ascent() + 1
            painter.setFont(names)
            painter.setPen(theme.color("muted"))
            painter.drawText(0, round(base), name)
            painter.setFont(bytes_font)
            painter.setPen(theme.color(role))
            shown = data if len(data) <= room else data[: room - 1]
            text = shown.hex(" ") + (" …" if len(shown) < len(data) else "")
            painter.drawText(round(left + LABEL_GAP), round(base), text)
        painter.end()


class Unmasking(QWidget):
    """Hidden where the header travels as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = RoleLabel("", "muted", wraps=True, size=0.95)
        self.sum = _Sum()
        self.figure = BitFigure()
        self.figure.setAccessibleName(translate("Bits", "Bits of the header after unmasking"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        for part in (self.note, self.sum, self.figure):
            column.addWidget(part)
        self.hide()

    def show_unmasked(self, found: Unmasked | None) -> None:
        """Show how the frame is unmasked; None hides everything."""
        self.setVisible(found is not None)
        if found is not None:
            self.note.set_text(found.note)
            self.sum.show_sum(found)
        self.figure.set_map(found.figure if found is not None else None)
