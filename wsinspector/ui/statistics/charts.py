"""The four charts: frames and bytes over time, sizes of payloads, answers to pings."""

import csv
import io
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from wsinspector.present.numbers import count, size
from wsinspector.present.statistics_numbers import Spread, bin_bounds
from wsinspector.present.statistics_series import Counts, envelope, ticks
from wsinspector.present.statistics_told import span
from wsinspector.present.statistics_trips import Trip, Trips
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.statistics.chart import Chart, diamond, line_pen

NS = 1_000_000_000


def moment(ns: float, step_ns: float = 1e6) -> str:
    """A time since connecting began, as finely as ``step_ns`` asks."""
    seconds = ns / NS
    digits = 0 if step_ns >= NS else 1 if step_ns >= 1e8 else 2 if step_ns >= 1e7 else 3
    if seconds < 100 or digits:
        return f"{seconds:.{digits}f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min" + (f" {rest:02d} s" if rest else "")
    return f"{minutes} min" + (f" {rest:02d} s" if rest else "")


def table(heads: Iterable[str], lines: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(lines)
    return out.getvalue()


class _OverTime(Chart):
    """A chart whose horizontal axis is time, from ``start`` for ``length`` ns; ``origin`` reads 0 s."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.start = self.length = self.origin = 0

    def set_time(self, start: int, length: int, origin: int) -> None:
        self.start, self.length, self.origin = start, max(length, 1), origin

    def x_labels(self, width: float) -> list[tuple[float, str]]:
        low = self.start - self.origin
        found = ticks(low / NS, (low + self.length) / NS, max(int(width / 64), 2))
        step = (found[1] - found[0]) * NS if len(found) > 1 else self.length
        return [((at * NS - low) / self.length, moment(at * NS, step)) for at in found]

    def at(self, stop: int) -> int:
        """The time (ns) of a stop."""
        raise NotImplementedError


class RateChart(_OverTime):
    """Two lines, what is received whole and what is sent dashed."""

    def __init__(
        self,
        title: str,
        label: Callable[[float], str],
        mark: Callable[[float], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._label, self._mark = label, mark
        self._width = 1
        self._lines: tuple[list[float], list[float]] = ([], [])
        self.empty = translate("Statistics", "A line appears here once frames come.")

    def set_counts(self, counts: Counts, received: "array[int]", sent: "array[int]", origin: int) -> None:
        """Show two columns of ``counts`` as rates."""
        self._width = counts.width
        second = counts.width / NS
        self._lines = ([value / second for value in received], [value / second for value in sent])
        self.set_time(counts.start, counts.span, origin)
        self.set_stops(len(counts))

    def at(self, stop: int) -> int:
        return self.start + stop * self._width

    def words(self, stop: int) -> str:
        received, sent = (self._label(line[stop]) for line in self._lines)
        return f"{moment(self.at(stop) - self.origin, self._width)}: ↓ {received}, ↑ {sent}"

    def highest(self) -> float:
        return max((max(line, default=0.0) for line in self._lines), default=0.0)

    def value_label(self, value: float) -> str:
        return self._mark(value)

    def draw(self, painter: QPainter, box: QRectF, top: float) -> None:
        for line, role in zip(self._lines, ("in", "out"), strict=True):
            if any(line):
                painter.setPen(line_pen(role))
                painter.drawPolyline(QPolygonF(self.points(line, box, top)))

    def points(self, line: list[float], box: QRectF, top: float) -> list[QPointF]:
        """At most two points a column of pixels, its lowest and its highest value."""
        columns = envelope(line, max(int(box.width()), 1))
        found = []
        before = 0.0
        for at, (low, high) in enumerate(columns):
            x = box.left() + (at + 0.5) / len(columns) * box.width()
            # Towards what the line comes from first, so that it does not cross itself.
            ends = (low, high) if abs(before - low) < abs(before - high) else (high, low)
            for value in ends if low != high else (low,):
                found.append(QPointF(x, box.bottom() - value / top * box.height()))
            before = ends[-1]
        return found

    def as_csv(self) -> str:
        lines = (
            ((self.at(stop) - self.origin) / NS, received, sent)
            for stop, (received, sent) in enumerate(zip(*self._lines, strict=True))
        )
        return table(("seconds", "received_a_second", "sent_a_second"), lines)


class SizeChart(Chart):
    """A bar for each doubling of the size; what is sent is hatched."""

    zooms = False

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._bins: list[int] = []
        self._bars: tuple[tuple[int, ...], ...] = ((), ())
        self.empty = translate("Statistics", "Bars appear here once frames of this kind come.")

    def set_spreads(self, received: Spread, sent: Spread) -> None:
        used = [
            at for at, pair in enumerate(zip(received.histogram, sent.histogram, strict=True)) if any(pair)
        ]
        # Some room on both sides, so that one size alone is still seen as one of many.
        self._bins = list(range(max(used[0] - 1, 0), min(used[-1] + 2, 65))) if used else []
        self._bars = tuple(tuple(each.histogram[at] for at in self._bins) for each in (received, sent))
        self.set_stops(len(self._bins))

    def words(self, stop: int) -> str:
        low, high = bin_bounds(self._bins[stop])
        where = f"{count(low)} B" if low == high else f"{count(low)} to {count(high)} B"
        text = translate("Statistics", "{where}: ↓ {received}, ↑ {sent} frames")
        return text.format(where=where, received=count(self._bars[0][stop]), sent=count(self._bars[1][stop]))

    def highest(self) -> float:
        return float(max((max(bars, default=0) for bars in self._bars), default=0))

    def value_label(self, value: float) -> str:
        return short(value) if value == int(value) else ""

    def x_labels(self, width: float) -> list[tuple[float, str]]:
        labels = []
        for place, at in enumerate(self._bins):
            low = bin_bounds(at)[0]
            text = f"{low} B" if low < 1024 else size(low)
            labels.append((place / len(self._bins), text))
        return labels

    def draw(self, painter: QPainter, box: QRectF, top: float) -> None:
        wide = box.width() / len(self._bins)
        bar = min(max((wide - 4) / 2, 2), 28)
        for stop in range(len(self._bins)):
            middle = box.left() + (stop + 0.5) * wide
            for side, role in enumerate(("in", "out")):
                value = self._bars[side][stop]
                if not value:
                    continue
                tall = max(value / top * box.height(), 2)
                area = QRectF(middle - bar if not side else middle, box.bottom() - tall, bar - 1, tall)
                draw_bar(painter, area, role)

    def draw_sample(self, painter: QPainter, box: QRectF, role: str) -> None:
        draw_bar(painter, QRectF(box.left() + 6, box.top() + 3, 12, box.height() - 6), role)

    def as_csv(self) -> str:
        lines = (
            (*bin_bounds(at), received, sent)
            for at, received, sent in zip(self._bins, *self._bars, strict=True)
        )
        return table(("from_bytes", "to_bytes", "received_frames", "sent_frames"), lines)


class TripChart(_OverTime):
    """A mark a ping that was answered, or a stroke from quickest to slowest where they lie close."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._trips: list[tuple[Trip, str]] = []
        self.legend = (
            ("in", translate("Statistics", "◆ theirs")),
            ("out", translate("Statistics", "● ours")),
        )
        self.empty = translate("Statistics", "No ping was answered. Marks appear here once one is.")

    def set_trips(self, trips: tuple[Trips, Trips]) -> None:
        found = [(trip, role) for each, role in zip(trips, ("in", "out"), strict=True) for trip in each.steps]
        self._trips = sorted(found, key=lambda each: each[0].at)
        self.set_stops(len(self._trips))

    def at(self, stop: int) -> int:
        return self._trips[stop][0].at

    def ping(self, stop: int) -> int:
        """The frame of the ping at a stop, of the slowest answered where there are several."""
        return self._trips[stop][0].ping

    def x_of(self, stop: int) -> float:
        return (self.at(stop) - self.start) / self.length

    def stop_at(self, share: float) -> int:
        wanted = self.start + share * self.length
        at = bisect_left(self._trips, wanted, key=lambda each: each[0].at)
        near = [stop for stop in (at - 1, at) if 0 <= stop < self.stops]
        return min(near, key=lambda stop: abs(self.at(stop) - wanted))

    def words(self, stop: int) -> str:
        trip, role = self._trips[stop]
        who = (
            translate("Statistics", "our ping") if role == "out" else translate("Statistics", "a peer's ping")
        )
        took = span(trip.slowest)
        if trip.quickest != trip.slowest:
            took = translate("Statistics", "{quickest} to {slowest}").format(
                quickest=span(trip.quickest), slowest=span(trip.slowest)
            )
        text = translate("Statistics", "{at}: {who} #{number}, answered after {took}")
        return text.format(at=moment(trip.at - self.origin), who=who, number=count(trip.ping), took=took)

    def highest(self) -> float:
        return float(max((trip.slowest for trip, _ in self._trips), default=0))

    def value_label(self, value: float) -> str:
        return span(value) if value else "0"

    def draw(self, painter: QPainter, box: QRectF, top: float) -> None:
        columns: dict[tuple[int, str], tuple[int, int]] = {}
        for stop, (trip, role) in enumerate(self._trips):
            place = int(self.x_of(stop) * box.width())
            low, high = columns.get((place, role), (trip.quickest, trip.slowest))
            columns[place, role] = min(low, trip.quickest), max(high, trip.slowest)
        reach = 3.0 if len(columns) < box.width() / 6 else 1.5
        for (place, role), (low, high) in columns.items():
            x = box.left() + place
            upper, lower = (box.bottom() - value / top * box.height() for value in (high, low))
            painter.setPen(QPen(theme.color(role), 1))
            painter.drawLine(QLineF(x, upper, x, lower))
            painter.setBrush(theme.color(role))
            draw_mark(painter, QPointF(x, upper), reach, role)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def draw_sample(self, painter: QPainter, box: QRectF, role: str) -> None:
        """The legend's text has the mark itself."""

    def as_csv(self) -> str:
        lines = (
            ((trip.at - self.origin) / NS, "sent" if role == "out" else "received", trip.ping,
             trip.quickest, trip.slowest)
            for trip, role in self._trips
        )  # fmt: skip
        return table(("seconds", "ping", "frame", "quickest_ns", "slowest_ns"), lines)


def draw_bar(painter: QPainter, area: QRectF, role: str) -> None:
    """Whole for received, hatched within an outline for sent."""
    if role == "out":
        painter.setPen(QPen(theme.color(role), 1))
        painter.setBrush(QBrush(theme.color(role), Qt.BrushStyle.BDiagPattern))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(role))
    painter.drawRect(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_mark(painter: QPainter, at: QPointF, reach: float, role: str) -> None:
    if role == "out":
        painter.drawEllipse(at, reach, reach)
    else:
        painter.drawPolygon(diamond(at, reach + 1))


def short(number: float) -> str:
    """``1.2 k``, ``10 M``: for marks of an axis."""
    for unit, factor in ((" G", 1e9), (" M", 1e6), (" k", 1e3)):
        if number >= factor:
            return f"{number / factor:.3g}{unit}"
    return f"{number:.3g}"
