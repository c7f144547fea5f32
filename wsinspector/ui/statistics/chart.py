"""What all charts of the statistics share: title, sentence, axes, a cursor for pointer and keys, zoom."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from wsinspector.present.statistics_series import ticks
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.accessible_roles import Role
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.tips import plain_tip

DRAG_PX = 5
PAGE = 16
DASH = (4.0, 3.0)


class Chart(QWidget):
    """A place to draw in. A stop is what the cursor can stand on; subclasses say where each is.

    ``range_asked`` gives two stops, in order; ``picked`` the one that was clicked or chosen by Enter.
    """

    ACCESSIBLE_ROLE = Role.Chart

    range_asked = Signal(int, int)
    picked = Signal(int)
    back_asked = Signal()

    zooms = True

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.sentence = ""
        self.empty = ""
        self._said = 0  # px of height there were for the sentence
        self.taken = 0  # px behind the title that a control covers
        self.stops = 0
        self.cursor_at: int | None = None
        self._anchor: int | None = None  # where a range was begun
        self._pressed: QPointF | None = None
        self.legend: tuple[tuple[str, str], ...] = (
            ("in", translate("Statistics", "↓ received")),
            ("out", translate("Statistics", "↑ sent")),
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)
        theme.watcher().changed.connect(self.update)

    # -- what subclasses say

    def x_of(self, stop: int) -> float:
        """Where a stop is, from 0 at the left end of the axis to 1."""
        return (stop + 0.5) / max(self.stops, 1)

    def stop_at(self, share: float) -> int:
        """The stop nearest to that place."""
        return min(max(int(share * self.stops), 0), self.stops - 1)

    def words(self, stop: int) -> str:
        """What the cursor reads there."""
        raise NotImplementedError

    def highest(self) -> float:
        """The largest value that is drawn; 0 where there is none."""
        raise NotImplementedError

    def value_label(self, value: float) -> str:
        """A mark of the vertical axis."""
        raise NotImplementedError

    def x_labels(self, width: float) -> list[tuple[float, str]]:
        """Marks of the horizontal axis: (share of it, text)."""
        raise NotImplementedError

    def draw(self, painter: QPainter, box: QRectF, top: float) -> None:
        """Draw the values; ``top`` is the value at the upper end."""
        raise NotImplementedError

    def as_csv(self) -> str:
        """The values as they are."""
        raise NotImplementedError

    # -- state

    def say(self, sentence: str) -> None:
        """What the chart shows, in words."""
        self.sentence = sentence
        self._told()
        self._make_room()
        self.update()

    def set_stops(self, stops: int) -> None:
        self.stops = stops
        if self.cursor_at is not None and self.cursor_at >= stops:
            self.cursor_at = stops - 1 if stops else None
        if self._anchor is not None and self._anchor >= stops:
            self._anchor = None

    def reading(self) -> str:
        """What is said below the title: the value at the cursor, else the sentence."""
        if self.cursor_at is None or not self.stops:
            return self.sentence or self.empty
        if self._anchor is not None and self._anchor != self.cursor_at:
            first, last = sorted((self._anchor, self.cursor_at))
            return translate("Statistics", "{first} to {last} (Enter looks closer)").format(
                first=self.place_words(first), last=self.place_words(last)
            )
        return self.words(self.cursor_at)

    def place_words(self, stop: int) -> str:
        """The place of a stop without its value."""
        return self.words(stop).split(":")[0]

    def _told(self) -> None:
        self.setAccessibleDescription(self.reading())
        keys = translate("Statistics", "Left and Right read values, Ctrl+C copies them")
        if self.zooms:
            keys = translate(
                "Statistics",
                "Left and Right read values, Enter goes to the frame, Shift+Left and Shift+Right pick a"
                " range, [key:statistics.closer] and [key:statistics.back] look closer and wider, Ctrl+C"
                " copies the values",
            )
        tell(self, plain_tip(f"{self.title}\n{self.sentence}\n{keys}"))

    def move_to(self, stop: int | None) -> None:
        """Put the cursor there; None takes it away."""
        if stop is not None:
            stop = min(max(stop, 0), self.stops - 1) if self.stops else None
        if stop != self.cursor_at:
            self.cursor_at = stop
            self._told()
            self.update()

    def look_closer(self) -> None:
        """Ask for the middle half, around the cursor where there is one."""
        middle = self.stops // 2 if self.cursor_at is None else self.cursor_at
        self._ask(max(middle - self.stops // 4, 0), min(middle + self.stops // 4, self.stops - 1))

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.as_csv())
        elif key in _MOVES and self.stops:
            here = self.cursor_at
            start = self.stops // 2 if here is None else here
            to = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.stops - 1}.get(
                Qt.Key(key), start + _MOVES[Qt.Key(key)] if here is not None else start
            )
            self._anchor = (start if self._anchor is None else self._anchor) if shift and self.zooms else None
            self.move_to(to)
            self._told()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cursor_at is not None:
            if self._anchor is not None and self._anchor != self.cursor_at:
                self._ask(self._anchor, self.cursor_at)
            else:
                self.picked.emit(self.cursor_at)
        elif registry().meant(event, "chart") == "statistics.closer" and self.zooms and self.stops > 2:
            self.look_closer()
        elif registry().meant(event, "panel") == "statistics.back" and self.zooms:
            self.back_asked.emit()
        elif key == Qt.Key.Key_Escape and (self.cursor_at is not None or self._anchor is not None):
            self._anchor = None
            self.move_to(None)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _ask(self, one: int, other: int) -> None:
        self._anchor = None
        self.cursor_at = None
        self._told()
        self.range_asked.emit(min(one, other), max(one, other))

    # -- pointer

    def _share(self, x: float) -> float:
        box = self.plot()
        return (x - box.left()) / max(box.width(), 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.stops:
            return
        begun = self._pressed if self.zooms and self._anchor is None else None
        if begun is not None and abs(event.position().x() - begun.x()) >= DRAG_PX:
            self._anchor = self.stop_at(self._share(begun.x()))
        self.move_to(self.stop_at(self._share(event.position().x())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.stops:
            self._pressed, self._anchor = event.position(), None
            self.move_to(self.stop_at(self._share(event.position().x())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        anchor, self._pressed = self._anchor, None
        self._anchor = None
        if self.cursor_at is None:
            return
        if anchor is not None and anchor != self.cursor_at:
            self._ask(anchor, self.cursor_at)
        elif self.plot().contains(event.position()):
            self.picked.emit(self.cursor_at)

    def leaveEvent(self, event: object) -> None:
        if not self.hasFocus() and self._pressed is None:
            self.move_to(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._anchor = None
        self.move_to(None)

    # -- drawing

    def sizeHint(self) -> QSize:
        return QSize(380, 200)

    def minimumSizeHint(self) -> QSize:
        more = self._said_height() - self._small().height()
        return QSize(220, round(5.5 * QFontMetricsF(theme.ui_font()).height() + more) + 40)

    def _said_height(self) -> float:
        """px that the sentence takes, broken into as many lines as the width needs."""
        small = self._small()
        room = QRectF(0, 0, max(self.width() - 2 * theme.MARGIN, 1), 10_000)
        said = small.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.sentence or " ")
        return max(said.height(), small.height())

    def _make_room(self) -> None:
        high = round(self._said_height())
        if high != self._said:
            self._said = high
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _small(self) -> QFontMetricsF:
        return QFontMetricsF(theme.ui_font(0.88))

    def plot(self) -> QRectF:
        """The box within the axes."""
        small = self._small()
        above = QFontMetricsF(theme.ui_font()).height() + self._said_height() + 2.5 * theme.GAP
        left = theme.MARGIN + small.horizontalAdvance("000.0 MB/s") * 0.9
        below = small.height() + theme.GAP
        return QRectF(
            left, above, max(self.width() - left - theme.MARGIN, 1), max(self.height() - above - below, 1)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            frame = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
        self._draw_heads(painter)
        box = self.plot()
        top = self.highest()
        if not self.stops or top <= 0:
            painter.setFont(theme.ui_font(0.95))
            painter.setPen(theme.color("muted"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(-theme.MARGIN, 0, 0, 0), int(flags), self.empty)
            return
        top *= 1.04
        self._draw_axes(painter, box, top)
        if self._anchor is not None and self.cursor_at is not None:
            ends = sorted(box.left() + self.x_of(at) * box.width() for at in (self._anchor, self.cursor_at))
            painter.fillRect(
                QRectF(ends[0], box.top(), ends[1] - ends[0], box.height()), theme.color("selection")
            )
        self.draw(painter, box, top)
        if self.cursor_at is not None:
            x = box.left() + self.x_of(self.cursor_at) * box.width()
            painter.setPen(QPen(theme.color("text"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def heading_end(self) -> int:
        """px behind the title, where a control may stand."""
        font = theme.ui_font(0.95)
        font.setWeight(font.Weight.DemiBold)
        return round(theme.MARGIN + QFontMetricsF(font).horizontalAdvance(self.title)) + theme.SPACE

    def _draw_heads(self, painter: QPainter) -> None:
        font = theme.ui_font(0.95)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        line = QRectF(theme.MARGIN, theme.GAP, self.width() - 2 * theme.MARGIN, metrics.height())
        painter.setPen(theme.color("text"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft), self.title)
        small = self._small()
        painter.setFont(theme.ui_font(0.88))
        right = line.right()
        room = self.heading_end() + self.taken + theme.GAP
        legend = self.legend if self.stops else ()
        if right - sum(small.horizontalAdvance(text) + 24 + theme.MARGIN for _, text in legend) < room:
            legend = tuple((role, text[:1]) for role, text in legend)  # its sign alone
        for role, text in reversed(legend):
            wide = small.horizontalAdvance(text)
            painter.setPen(theme.color("muted"))
            painter.drawText(QPointF(right - wide, line.top() + metrics.ascent()), text)
            sample = QRectF(right - wide - 24, line.top(), 20, line.height())
            self.draw_sample(painter, sample, role)
            right -= wide + 24 + theme.MARGIN
        high = self._said_height()
        below = QRectF(line.left(), line.bottom() + theme.SPACE / 2, line.width(), high)
        painter.setFont(theme.ui_font(0.88))
        painter.setPen(theme.color("text" if self.cursor_at is not None else "muted"))
        told = self.reading() if self.sentence else ""
        flags = int(Qt.TextFlag.TextWordWrap)
        if small.boundingRect(QRectF(0, 0, below.width(), 10_000), flags, told).height() > high:
            # What the cursor reads must not move the chart below the pointer.
            lines = max(round(high / small.height()), 1)
            wide = below.width() * (lines if lines == 1 else lines - 0.3)  # a line ends where a word does
            told = small.elidedText(told, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(below, flags, told)

    def draw_sample(self, painter: QPainter, box: QRectF, role: str) -> None:
        """A piece of a line as the legend shows it: what is sent is dashed."""
        painter.setPen(line_pen(role))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))

    def _draw_axes(self, painter: QPainter, box: QRectF, top: float) -> None:
        small = self._small()
        painter.setFont(theme.ui_font(0.88))
        for value in ticks(0, top, max(int(box.height() / (small.height() * 1.7)), 2)):
            y = box.bottom() - value / top * box.height()
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme.color("muted"))
            text = self.value_label(value)
            where = QRectF(0, y - small.height() / 2, box.left() - theme.SPACE, small.height())
            painter.drawText(where, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
        painter.setPen(theme.color("muted"))
        behind = -1e9
        for share, text in self.x_labels(box.width()):
            x = box.left() + share * box.width()
            wide = small.horizontalAdvance(text)
            left = min(max(x - wide / 2, 0), self.width() - wide - 2)
            if left <= behind:
                continue
            behind = left + wide + theme.GAP
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 3))
            painter.drawText(QPointF(left, box.bottom() + 4 + small.ascent()), text)


_MOVES = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -PAGE,
    Qt.Key.Key_PageDown: PAGE,
    Qt.Key.Key_Home: 0,
    Qt.Key.Key_End: 0,
}


def line_pen(role: str) -> QPen:
    """Received is a whole line, sent a dashed one: not by colour alone."""
    pen = QPen(theme.color(role), 1.5)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if role == "out":
        pen.setDashPattern(list(DASH))
    return pen


def diamond(at: QPointF, reach: float) -> QPolygonF:
    """A square on its corner around ``at``."""
    x, y = at.x(), at.y()
    return QPolygonF(
        [QPointF(x, y - reach), QPointF(x + reach, y), QPointF(x, y + reach), QPointF(x - reach, y)]
    )
