"""The statistics in place of the log: charts, numbers, silences, of the whole attempt or a part of it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.numbers import size
from wsinspector.present.statistics import OPCODE, SENT, Figures, nothing
from wsinspector.present.statistics_leaving import as_csv, as_text
from wsinspector.present.statistics_numbers import NONE
from wsinspector.present.statistics_sentences import (
    compression_sentence,
    rate_sentence,
    silence_sentence,
    size_sentence,
    trip_sentence,
)
from wsinspector.present.statistics_silences import Silence, with_edges
from wsinspector.present.statistics_told import a_second, kind_name, octets, opcodes_of, rows, span
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import Deeds, give_button_key, tell
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.statistics.chart import Chart
from wsinspector.ui.statistics.charts import RateChart, SizeChart, TripChart, moment, short
from wsinspector.ui.statistics.counting import Counting
from wsinspector.ui.statistics.tables import FiguresTable, NumbersModel, SilencesModel
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.widgets.segmented import Segmented

THRESHOLDS_MS = (1, 100, 1000, 30_000)
SHORTEST_SPAN_NS = 4_000_000
NARROW = 520


class StatisticsPanel(QWidget):
    """Counts while it is seen. ``frame_asked``: the number of a frame to be shown in the log."""

    frame_asked = Signal(int)
    left = Signal()

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counting = Counting(background, self)
        self._spans: list[tuple[int, int]] = []
        self._kind: int | None = None  # the opcode whose sizes are shown
        self._drawn = nothing()
        self._narrow: bool | None = None
        self.setAccessibleName(translate("Statistics", "Statistics"))
        self.views = Segmented(
            [
                translate("Statistics", "Charts"),
                translate("Statistics", "Numbers"),
                translate("Statistics", "Silences"),
            ]
        )
        self.views.setAccessibleName(translate("Statistics", "What the statistics show"))
        tips = (
            ("statistics.charts", translate("Statistics", "Four charts ([key:statistics.charts])")),
            ("statistics.numbers", translate("Statistics", "Every number ([key:statistics.numbers])")),
            (
                "statistics.silences",
                translate("Statistics", "Times without a frame ([key:statistics.silences])"),
            ),
        )
        for at, (name, tip) in enumerate(tips):
            self.views.set_tip(at, tip)
            self.views.set_key(at, name)
        self.state = RoleLabel("", "muted")
        self.whole = QPushButton()
        self.whole.setProperty("kind", "chip")
        tell(
            self.whole,
            translate(
                "Statistics",
                "Back to the whole attempt ([key:statistics.whole]); [key:statistics.back] goes back one"
                " step",
            ),
        )
        self.halt = QPushButton()
        self.halt.setProperty("kind", "link")
        self.inflate = QPushButton(translate("Statistics", "Inflate all"))
        self.inflate.setProperty("kind", "link")
        tell(
            self.inflate,
            translate(
                "Statistics",
                "Only the first 16 MB were inflated for the ratio; look at all compressed frames "
                "([key:statistics.inflate])",
            ),
        )
        give_button_key(self.inflate, "statistics.inflate")
        self.filtered = Check(translate("Statistics", "Only what the filter shows"))
        tell(
            self.filtered,
            translate(
                "Statistics",
                "Count the frames that fit the filter, and no others ([key:statistics.filtered])",
            ),
        )
        give_button_key(self.filtered, "statistics.filtered")
        self.copy = QToolButton()
        self.copy.setText(translate("Statistics", "Copy"))
        tell(self.copy, translate("Statistics", "Copy the numbers as CSV or as text ([key:statistics.copy])"))
        give_button_key(self.copy, "statistics.copy")
        self.copy.setAccessibleName(translate("Statistics", "Copy the numbers"))
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy)
        menu.addAction(translate("Statistics", "Numbers as CSV"), lambda: self.copy_numbers(as_csv))
        menu.addAction(translate("Statistics", "Numbers as text"), lambda: self.copy_numbers(as_text))
        menu.addAction(translate("Statistics", "Silences as CSV"), self._copy_silences)
        self.copy.setMenu(menu)
        self._build()
        self._wire()
        self.deeds = Deeds(
            self,
            "panel",
            {
                "statistics.whole": self.show_whole,
                "statistics.back": self.go_back,
                "statistics.halt": self.halt.click,
            },
            lambda name: name != "statistics.halt" or not self.halt.isHidden(),
        )

    def _build(self) -> None:
        self.rate = RateChart(
            translate("Statistics", "Frames a second"),
            lambda number: translate("Statistics", "{n} frames/s").format(n=a_second(number)),
            lambda number: f"{short(number)} /s",
        )
        self.octets = RateChart(
            translate("Statistics", "Bytes a second"),
            lambda number: f"{octets(number)}/s",
            lambda number: f"{size(round(number))}/s",
        )
        self.sizes = SizeChart(translate("Statistics", "Payload sizes"))
        self.trips = TripChart(translate("Statistics", "Answers to pings"))
        self.charts: tuple[Chart, ...] = (self.rate, self.octets, self.sizes, self.trips)
        self.kinds = QToolButton(self.sizes)
        self.kinds.setProperty("kind", "flat")
        tell(self.kinds, translate("Statistics", "Which frames' sizes are shown ([key:statistics.kinds])"))
        give_button_key(self.kinds, "statistics.kinds")
        self.kinds.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.kinds.setMenu(QMenu(self.kinds))
        self.numbers = NumbersModel(self)
        self.table = FiguresTable(
            self.numbers, translate("Statistics", "Every number, received, sent and together")
        )
        self.compression = RoleLabel("", "muted", wraps=True)
        self.silences = SilencesModel(self)
        self.silence_table = FiguresTable(
            self.silences,
            translate(
                "Statistics", "Times without a frame, the longest first; Enter goes to the frame before"
            ),
        )
        self.thresholds = Segmented([f"≥ {span(ms * 1e6)}" for ms in THRESHOLDS_MS])
        self.thresholds.set_texts(["≥ 1 ms", "≥ 100 ms", "≥ 1 s", "≥ 30 s"])
        self.thresholds.setAccessibleName(translate("Statistics", "How long a silence is listed"))
        self.silence_text = RoleLabel("", "muted")
        grid_page, numbers_page, silence_page = QWidget(), QWidget(), QWidget()
        self._grid = QGridLayout(grid_page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        below = QVBoxLayout(numbers_page)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.table, 1)
        self.compression.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.GAP)
        below.addWidget(self.compression)
        column = QVBoxLayout(silence_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strip = QHBoxLayout()
        strip.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        strip.setSpacing(theme.GAP)
        strip.addWidget(self.thresholds)
        strip.addWidget(self.silence_text, 1)
        column.addLayout(strip)
        column.addWidget(self.silence_table, 1)
        self.stack = QStackedWidget()
        for page in (grid_page, numbers_page, silence_page):
            self.stack.addWidget(page)
        head = QHBoxLayout()
        head.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        head.setSpacing(theme.GAP)
        for widget in (self.views, self.whole, self.state, self.halt, self.inflate):
            head.addWidget(widget, 1 if widget is self.state else 0)
        head.addWidget(self.filtered)
        head.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.stack, 1)
        self._place()

    def _wire(self) -> None:
        self.counting.changed.connect(self._show)
        self.views.picked.connect(self.stack.setCurrentIndex)
        self.thresholds.picked.connect(lambda _at: self._list_silences())
        self.filtered.toggled.connect(self._filter)
        self.whole.clicked.connect(self.show_whole)
        self.halt.clicked.connect(lambda: self.counting.halt(not self.counting.halted))
        self.inflate.clicked.connect(self.counting.inflate_all)
        kinds = self.kinds.menu()
        kinds.aboutToShow.connect(self._fill_kinds)
        for chart in (self.rate, self.octets):
            chart.range_asked.connect(
                lambda first, last, chart=chart: self._look_closer(chart.at(first), chart.at(last + 1))
            )
            chart.picked.connect(
                lambda stop, chart=chart: self._go_to(self._drawn.counts.frame_near(chart.at(stop)))
            )
        self.trips.range_asked.connect(
            lambda first, last: self._look_closer(self.trips.at(first), self.trips.at(last) + 1_000_000)
        )
        self.trips.picked.connect(lambda stop: self._go_to(self.trips.ping(stop)))
        for each in self.charts:
            each.back_asked.connect(self.go_back)
        self.silence_table.chosen.connect(self._go_to_silence)
        theme.watcher().changed.connect(self._place_kinds)

    # -- what is shown

    def set_model(self, model: LogModel | None) -> None:
        """Another attempt, or another reading of one; None where nothing opened."""
        if model is self.counting.model:
            return
        self._spans.clear()
        self._kind = None
        self.counting.set_model(model)
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.counting.set_seen(True)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.counting.set_seen(False)

    @property
    def _origin(self) -> int:
        snapshot = self.counting.snapshot
        return snapshot.mono_ns if snapshot is not None else 0

    def _show(self) -> None:
        counting = self.counting
        figures = counting.figures
        if figures is None:
            figures = nothing()
        self._drawn = figures
        found = counting.compression if counting.whole else None
        counts = figures.counts.read_over() if figures.frames else nothing().counts
        self.rate.set_counts(counts, counts.frames_in, counts.frames_out, self._origin)
        self.octets.set_counts(counts, counts.bytes_in, counts.bytes_out, self._origin)
        self.rate.say(rate_sentence(figures))
        self.octets.say(rate_sentence(figures, octets_too=True))
        self.trips.set_time(counts.start, counts.span, self._origin)
        self.trips.set_trips(figures.trips)
        self.trips.say(trip_sentence(figures))
        self._show_sizes(figures)
        self.numbers.set_rows(rows(figures, found) if figures.frames else ())
        self.compression.set_text(compression_sentence(figures, found))
        self.compression.setVisible(any(figures.compressed) or figures.composed)
        self._list_silences()
        self._say_state(figures)

    def _show_sizes(self, figures: Figures) -> None:
        if self._kind is None:
            received, sent = figures.both[0], figures.both[1]
        else:
            received = figures.sizes.get(self._kind, NONE)
            sent = figures.sizes.get(self._kind | SENT, NONE)
        self.sizes.set_spreads(received, sent)
        self.sizes.say(size_sentence(received, sent))
        text = translate("Statistics", "all types") if self._kind is None else kind_name(self._kind)
        self.kinds.setText(f"{text} ▾")
        self.kinds.setAccessibleName(translate("Statistics", "Sizes of {which}").format(which=text))
        self._place_kinds()

    def _say_state(self, figures: Figures) -> None:
        counting = self.counting
        spanned = counting.span is not None
        self.whole.setVisible(spanned)
        if counting.span is not None:
            first, last = (moment(at - self._origin) for at in counting.span)
            self.whole.setText(translate("Statistics", "{first} to {last}  ✕").format(first=first, last=last))
            self.whole.setAccessibleName(
                translate("Statistics", "From {first} to {last}; show the whole attempt").format(
                    first=first, last=last
                )
            )
        share = counting.share
        busy = share < 1 and figures.done + 65536 < counting.frames
        there = translate("Statistics", "%n frame(s)", "", figures.frames)
        if counting.trouble:
            text = counting.trouble
        elif counting.halted:
            text = translate("Statistics", "Stopped at {share} %: {frames}").format(
                share=int(100 * share), frames=there
            )
        elif busy:
            text = translate("Statistics", "Counting, {share} %").format(share=int(100 * share))
        elif not counting.frames:
            text = translate("Statistics", "Statistics of frames appear here once they come.")
        else:
            text = there
        self.state.set_text(text)
        self.state.set_role("note" if counting.trouble else "muted")
        self.halt.setVisible((busy or counting.halted) and not counting.trouble)
        self.halt.setText(
            translate("Statistics", "Go on") if counting.halted else translate("Statistics", "Stop")
        )
        tell(self.halt, translate("Statistics", "Stop counting, or go on (Space)"))
        self.inflate.setVisible(counting.inflating_stopped and counting.whole)
        self.filtered.setEnabled(counting.can_filter or self.filtered.isChecked())
        self.filtered.setVisible(counting.can_filter or self.filtered.isChecked())
        self.copy.setEnabled(bool(figures.frames))

    def _list_silences(self) -> None:
        figures, counting = self._drawn, self.counting
        snapshot = counting.snapshot
        found = figures.silences
        if counting.whole and snapshot is not None and figures.last_at is not None:
            end = snapshot.end.at if snapshot.end is not None else None
            found = with_edges(
                found, figures.counts.start, figures.first_at, figures.last_at, figures.done, end
            )
        least = THRESHOLDS_MS[self.thresholds.current()] * 1_000_000
        self.silences.set_silences(tuple(each for each in found if each.length >= least), self._origin)
        self.silence_text.set_text(silence_sentence(found, self._origin) if figures.frames else "")

    # -- what is asked

    def _filter(self, on: bool) -> None:
        self.counting.set_filtered(on)

    def _look_closer(self, first: int, last: int) -> None:
        if last - first < SHORTEST_SPAN_NS:
            middle = (first + last) // 2
            first, last = middle - SHORTEST_SPAN_NS // 2, middle + SHORTEST_SPAN_NS // 2
        if self.counting.span is not None:
            self._spans.append(self.counting.span)
        self.counting.set_span((first, last))

    def go_back(self) -> None:
        """The range before this one."""
        if self.counting.span is not None:
            self.counting.set_span(self._spans.pop() if self._spans else None)

    def show_whole(self) -> None:
        """The whole attempt again."""
        self._spans.clear()
        if self.counting.span is not None:
            self.counting.set_span(None)

    def _go_to(self, number: int) -> None:
        if number:
            self.frame_asked.emit(number)

    def _go_to_silence(self, row: int) -> None:
        silence: Silence | None = self.silences.silence(row)
        if silence is not None:
            self._go_to(max(silence.number, 1))

    def copy_numbers(self, form: Callable[..., str]) -> None:
        """Put the numbers on the clipboard as ``form`` writes them."""
        QApplication.clipboard().setText(form(self.numbers.rows()))

    def _copy_silences(self) -> None:
        QApplication.clipboard().setText(self.silences.as_csv())

    def _fill_kinds(self) -> None:
        menu = self.kinds.menu()
        menu.clear()
        for opcode in (None, *opcodes_of(self._drawn)):
            text = translate("Statistics", "all types") if opcode is None else kind_name(opcode & OPCODE)
            action = menu.addAction(text, partial(self.show_kind, opcode))
            action.setCheckable(True)
            action.setChecked(opcode == self._kind)

    def show_kind(self, opcode: int | None) -> None:
        """Sizes of one type only; None for all."""
        self._kind = opcode
        self._show_sizes(self._drawn)

    # -- keys and places

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif not self.deeds.took(event):
            super().keyPressEvent(event)
            return
        event.accept()

    def focus_first(self) -> None:
        """To what is shown."""
        shown = (self.rate, self.table, self.silence_table)[self.stack.currentIndex()]
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._place_kinds()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place_kinds()

    def _place(self) -> None:
        """Two by two, below each other where that is too narrow."""
        narrow = self.width() / max(theme.zoom(), 0.1) < NARROW
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for at, chart in enumerate(self.charts):
            self._grid.removeWidget(chart)
            self._grid.addWidget(chart, *((at, 0) if narrow else divmod(at, 2)))
        for column in (0, 1):
            self._grid.setColumnStretch(column, 0 if narrow and column else 1)

    def _place_kinds(self) -> None:
        self.kinds.adjustSize()
        self.kinds.move(self.sizes.heading_end(), 0)
        self.sizes.taken = self.kinds.width()
