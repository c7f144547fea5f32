"""Masking as the sum it is: each byte that travelled, the key's byte of its turn, and what the two give."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from wsinspector.present.bitmap import Masking
from wsinspector.present.hexlines import MASK, character
from wsinspector.translate import translate
from wsinspector.ui import theme

LABEL_GAP = 10
_KEY = 1


def _cell(found: Masking, row: int, at: int) -> str:
    """Two digits of column ``at``; dots where the capture holds no byte to travel or to come out."""
    if row != _KEY and found.is_gone(at):
        return MASK * 2
    return f"{(found.wire, found.key, found.plain)[row][at]:02x}"


class MaskSum(QWidget):
    """Three rows, a column a byte, and the sum of the lit byte spelled out below them."""

    pointed_at = Signal(int)  # byte of the frame, -1 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sum: Masking | None = None
        self._lit = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.hide()

    def show_sum(self, found: Masking | None) -> None:
        """Show ``found``; None hides it."""
        self._sum, self._lit = found, -1
        self.setVisible(found is not None)
        if found is not None:
            self.setAccessibleName(
                "; ".join(
                    f"{name} {' '.join(_cell(found, name_at, at) for at in range(len(data)))}"
                    for name_at, (name, data, _) in enumerate(self._rows(found))
                )
            )
        self.updateGeometry()
        self.update()

    def set_lit(self, byte: int) -> None:
        """Light the column of ``byte`` of the frame."""
        if byte != self._lit:
            self._lit = byte
            self.setAccessibleDescription(self.told())
            self.update()

    def told(self) -> str:
        """The sum of the lit byte in words; of what all this is where none is."""
        found = self._sum
        at = self._lit - found.first if found is not None else -1
        if found is None or not 0 <= at < len(found.wire):
            return translate("Bits", "Each byte is XORed with the key's byte of its turn (RFC 6455 §5.3).")
        if found.is_gone(at):
            return translate("Bits", "Byte {at}: this copy was made without it").format(at=self._lit)
        wire, key, plain = found.wire[at], found.key[at], found.plain[at]
        said = f" “{chr(plain)}”" if 0x20 < plain < 0x7F else ""
        return translate("Bits", "Byte {at}: {wire} XOR {key} = {plain}{said}").format(
            at=self._lit, wire=f"{wire:02x}", key=f"{key:02x}", plain=f"{plain:02x}", said=said
        )

    @staticmethod
    def _rows(found: Masking) -> tuple[tuple[str, bytes, str], ...]:
        return (
            (translate("Bits", "travelled"), found.wire, "muted"),
            (translate("Bits", "XOR key"), found.key, "key"),
            (translate("Bits", "gives"), found.plain, "text"),
        )

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(theme.mono_font(0.9)).height() + 2
        return QSize(200, round(line * 4 + QFontMetricsF(theme.ui_font(0.95)).height() + 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def _geometry(self, found: Masking) -> tuple[float, float, float, int]:
        """``(x of the first column, width of a column, height of a row, columns in sight)``."""
        names, metrics = QFontMetricsF(theme.ui_font(0.9)), QFontMetricsF(theme.mono_font(0.9))
        left = max(names.horizontalAdvance(name) for name, _, _ in self._rows(found)) + LABEL_GAP
        step = metrics.horizontalAdvance("00 ")
        return left, step, metrics.height() + 2, max(1, int((self.width() - left) // step))

    def paintEvent(self, _event: QPaintEvent) -> None:
        found = self._sum
        if found is None:
            return
        painter = QPainter(self)
        left, step, height, room = self._geometry(found)
        metrics = QFontMetricsF(theme.mono_font(0.9))
        lit = self._lit - found.first
        if 0 <= lit < min(room, len(found.wire)):
            box = QRectF(left + lit * step - 3, 0.5, step, 4 * height - 1)
            painter.fillRect(box, theme.color("selection"))
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(box)
        for row, (name, data, role) in enumerate(self._rows(found)):
            base = row * height + metrics.ascent() + 1
            painter.setFont(theme.ui_font(0.9))
            painter.setPen(theme.color("muted"))
            painter.drawText(QPointF(0, base), name)
            painter.setFont(theme.mono_font(0.9))
            painter.setPen(theme.color(role))
            for at in range(min(room, len(data))):
                more = at == room - 1 and (len(data) > room or found.left_out)
                painter.drawText(QPointF(left + at * step, base), "…" if more else _cell(found, row, at))
        painter.setPen(theme.color("text"))
        for at, byte in enumerate(found.plain[:room]):
            if at < room - 1 or len(found.plain) <= room:
                x = left + at * step + metrics.horizontalAdvance("0") / 2
                said = MASK if found.is_gone(at) else character(byte)
                painter.drawText(QPointF(x, 3 * height + metrics.ascent() + 1), said)
        painter.setFont(theme.ui_font(0.95))
        painter.setPen(theme.color("text" if lit >= 0 else "muted"))
        bottom = QRectF(0, 4 * height + 2, self.width(), self.height() - 4 * height - 2)
        said = QFontMetricsF(painter.font()).elidedText(
            self.told(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(bottom, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), said)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._sum
        byte = -1
        if found is not None:
            left, step, height, room = self._geometry(found)
            at = int((event.position().x() - left + 3) // step)
            if 0 <= at < min(room, len(found.wire)) and event.position().y() < 4 * height:
                byte = found.first + at
        if byte != self._lit:
            self.pointed_at.emit(byte)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed_at.emit(-1)
