"""Painting shared by the delegates of the handshake pane: chips, cut text, start lines in colours."""

import re
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from wsinspector.present.heads import Chip
from wsinspector.ui import theme

CHIP_PADDING = 8
PICTURE_SCALE = 1.35
_PICTURES = re.compile("([\u2400-\u2422\u2424-\u2426]+)")
CHIP_GAP = 8


def chip_font() -> QFont:
    """The interface font, small and bold."""
    font = QFont(theme.ui_font())
    font.setPointSizeF(font.pointSizeF() * 0.82)
    font.setBold(True)
    return font


def chip_width(chip: Chip) -> float:
    return QFontMetricsF(chip_font()).horizontalAdvance(chip.text) + 2 * CHIP_PADDING


def paint_chip(painter: QPainter, left: float, middle: float, chip: Chip, most: float) -> float:
    """Draw ``chip`` from ``left`` around the line ``middle``, cut to ``most`` pixels; its width."""
    font = chip_font()
    metrics = QFontMetricsF(font)
    if chip.short and chip_width(chip) > most:
        chip = replace(chip, text=chip.short)
    width = min(chip_width(chip), most)
    if width < 3 * CHIP_PADDING:
        return 0.0
    height = metrics.height() + 2
    box = QRectF(left + 0.5, middle - height / 2 + 0.5, width - 1, height - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if chip.tone == "muted":
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{chip.tone}_soft"))
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setFont(font)
    painter.setPen(theme.color(chip.tone))
    text = metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, width - 2 * CHIP_PADDING + 1)
    baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(left + CHIP_PADDING, baseline), text)
    painter.restore()
    return width


def baseline_of(painter: QPainter, rect: QRectF) -> float:
    metrics = QFontMetricsF(painter.font())
    return rect.center().y() + (metrics.ascent() - metrics.descent()) / 2


def paint_cut(
    painter: QPainter,
    rect: QRectF,
    text: str,
    role: str,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """Draw ``text`` in one line within ``rect``, cut with an ellipsis; the width drawn."""
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(text, mode, rect.width())
    painter.setPen(theme.color(role))
    place = QPointF(rect.left(), baseline_of(painter, rect))
    if not _PICTURES.search(shown):
        painter.drawText(place, shown)
        return metrics.horizontalAdvance(shown)
    return _paint_pictures(painter, place, shown, rect.right())


def _paint_pictures(painter: QPainter, place: QPointF, text: str, right: float) -> float:
    """Draw ``text`` with its control pictures larger: at the size of text nobody can read them."""
    plain = QFont(painter.font())
    large = QFont(plain)
    large.setPointSizeF(plain.pointSizeF() * PICTURE_SCALE)
    painter.save()
    painter.setClipRect(
        QRectF(place.x(), place.y() - 100, right - place.x(), 200), Qt.ClipOperation.IntersectClip
    )
    left = place.x()
    for part in _PICTURES.split(text):
        painter.setFont(large if _PICTURES.fullmatch(part) else plain)
        painter.drawText(QPointF(left, place.y()), part)
        left += QFontMetricsF(painter.font()).horizontalAdvance(part)
    painter.restore()
    return min(left, right) - place.x()


def paint_parts(painter: QPainter, rect: QRectF, parts: Sequence[tuple[str, str]]) -> float:
    """Draw ``(text, role)`` parts one behind the other; all but muted and plain ones are bold."""
    left = rect.left()
    plain = QFont(painter.font())
    for text, role in parts:
        font = QFont(plain)
        font.setBold(role not in ("text", "muted"))
        painter.setFont(font)
        room = QRectF(left, rect.top(), rect.right() - left, rect.height())
        if room.width() <= 0:
            break
        left += paint_cut(painter, room, text, "text" if role == "strong" else role)
    painter.setFont(plain)
    return left - rect.left()
