"""The statistics in the window: what they show of real conversations, their keys, their words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import Phase
from wsinspector.lab.server import Lab
from wsinspector.present.statistics import SENT
from wsinspector.present.statistics_series import Counts, Series
from wsinspector.present.statistics_trips import TripCounter
from wsinspector.ui import theme
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings
from wsinspector.ui.statistics.beside import Statistics
from wsinspector.ui.statistics.chart import Chart
from wsinspector.ui.statistics.charts import RateChart, TripChart, moment, short
from wsinspector.ui.statistics.panel import StatisticsPanel
from wsinspector.ui.statistics.tables import NumbersModel, SilencesModel

WAIT = 10_000
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
MS = 1_000_000


@pytest.fixture
def tab(qtbot: QtBot, engine: Engine, tmp_path: Path) -> Iterator[TabState]:
    conversation = Conversation(engine, tmp_path / "kept.wsi")
    conversation.set_options(Options(timeout=5.0, body_idle=0.3))
    made = TabState(conversation)
    yield made
    made.stop()
    made.conversation.close()
    made.deleteLater()


@pytest.fixture
def pane(qtbot: QtBot, tab: TabState, tmp_path: Path) -> Iterator[FramePane]:
    made = FramePane(tab, None, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    yield made
    made.stop()


@pytest.fixture
def beside(pane: FramePane, tab: TabState) -> Statistics:
    return Statistics(pane, tab)


def panel_of(beside: Statistics) -> StatisticsPanel:
    assert beside.panel is not None
    return beside.panel


def connect(qtbot: QtBot, tab: TabState, lab: Lab, path: str) -> None:
    tab.set_address(lab.url_of(path))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.phase is Phase.OPEN, timeout=WAIT)


def counted(qtbot: QtBot, panel: StatisticsPanel, frames: int) -> None:
    """Wait until at least so many frames are counted and shown."""
    qtbot.waitUntil(
        lambda: panel.counting.figures is not None and panel._drawn.frames >= frames, timeout=WAIT
    )


def chat(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, frames: int = 40) -> int:
    """A finished conversation; how many frames it has."""
    connect(qtbot, tab, lab, f"/chat?every=5&count={frames}")
    qtbot.waitUntil(lambda: pane.model is not None and len(pane.model.rows.index) >= frames, timeout=WAIT)
    tab.end_live()
    qtbot.waitUntil(lambda: tab.snapshot is not None and not tab.snapshot.live, timeout=WAIT)

    def whole() -> bool:
        model, ended = pane.model, tab.snapshot
        if model is None or ended is None:
            return False
        return len(model.rows.index) == ended.frames_in + ended.frames_out

    qtbot.waitUntil(whole, timeout=WAIT)
    assert pane.model is not None
    return len(pane.model.rows.index)


def test_an_empty_panel_says_what_would_fill_it(qtbot: QtBot, beside: Statistics) -> None:
    beside.toggle()
    panel = panel_of(beside)
    assert panel.isVisible()
    assert "once they come" in panel.state.full_text()
    for chart in panel.charts:
        assert "here once" in chart.empty
        assert chart.accessibleDescription() == chart.empty
        assert not chart.grab().isNull()
    assert not panel.copy.isEnabled()


def test_figures_follow_a_live_conversation(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, beside: Statistics
) -> None:
    connect(qtbot, tab, lab, "/chat?every=10&count=2000")
    beside.toggle()
    panel = panel_of(beside)
    counted(qtbot, panel, 5)
    before = panel._drawn.frames
    changes = []
    panel.counting.changed.connect(lambda: changes.append(panel._drawn.frames))
    counted(qtbot, panel, before + 20)
    assert "frames" in panel.state.full_text()
    assert panel.rate.stops
    assert panel.rate.accessibleDescription().startswith("↓")
    # Nothing is counted and nothing told while nobody looks.
    beside.toggle()
    assert not panel.isVisible()
    qtbot.waitUntil(lambda: not panel.counting.at_work, timeout=WAIT)  # a slice may be under way
    hidden = panel.counting.figures
    told = len(changes)
    snapshot = tab.snapshot
    assert snapshot is not None
    had = snapshot.frames
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.frames > had + 30, timeout=WAIT)
    assert panel.counting.figures is hidden
    assert len(changes) == told
    beside.toggle()
    counted(qtbot, panel, had + 30)


def test_what_is_shown_is_what_the_frames_come_to(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, beside: Statistics
) -> None:
    frames = chat(qtbot, tab, lab, pane)
    beside.toggle()
    panel = panel_of(beside)
    counted(qtbot, panel, frames)
    snapshot = tab.snapshot
    assert snapshot is not None
    figures = panel._drawn
    assert (figures.both[0].number, figures.both[1].number) == (snapshot.frames_in, snapshot.frames_out)
    table = {(row.group, row.name): row for row in panel.numbers.rows()}
    assert table["Traffic", "Frames"].numbers == (
        snapshot.frames_in,
        snapshot.frames_out,
        snapshot.frames_in + snapshot.frames_out,
    )
    assert all(row.unit or row.name == "Inflated to compressed" for row in table.values())
    panel.views.segments[1].click()
    assert panel.table.isVisible()
    index = panel.numbers.index(1, 0)
    spoken = panel.numbers.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Traffic, Frames: received ")
    right = panel.numbers.data(panel.numbers.index(1, 1), Qt.ItemDataRole.TextAlignmentRole)
    assert right & int(Qt.AlignmentFlag.AlignRight)
    QTest.keyClick(panel.table, Qt.Key.Key_C, CONTROL)
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[0] == "group,name,unit,received,sent,together"
    assert f"Traffic,Frames,frames,{snapshot.frames_in},{snapshot.frames_out},{frames}" in copied


def test_the_cursor_reads_values_and_goes_to_the_frame(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, beside: Statistics
) -> None:
    frames = chat(qtbot, tab, lab, pane)
    beside.toggle()
    panel = panel_of(beside)
    counted(qtbot, panel, frames)
    rate = panel.rate
    assert rate.hasFocus() or not pane.isActiveWindow()
    QTest.keyClick(rate, Qt.Key.Key_Home)
    QTest.keyClick(rate, Qt.Key.Key_Home)
    assert rate.cursor_at == 0
    assert "frames/s" in rate.accessibleDescription()
    QTest.keyClick(rate, Qt.Key.Key_End)
    assert rate.cursor_at == rate.stops - 1
    wanted = panel._drawn.counts.frame_near(rate.at(rate.stops - 1))
    assert wanted > 1
    QTest.keyClick(rate, Qt.Key.Key_Return)
    assert not beside.shown
    model = pane.model
    assert model is not None
    number = pane.places.number()
    assert model.rows.index.head_of(wanted) == model.rows.index.head_of(number)


def test_a_range_is_looked_at_closer_and_left_again(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, beside: Statistics
) -> None:
    frames = chat(qtbot, tab, lab, pane, 80)
    beside.toggle()
    panel = panel_of(beside)
    counted(qtbot, panel, frames)
    rate = panel.rate
    whole = panel._drawn
    first, last = rate.stops // 4, rate.stops // 2
    start, stop = rate.at(first), rate.at(last + 1)
    rate.move_to(first)
    for _ in range(last - first):
        QTest.keyClick(rate, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(rate, Qt.Key.Key_Return)
    assert panel.counting.span == (start, stop)
    qtbot.waitUntil(
        lambda: panel.counting.figures is not None and 0 < panel._drawn.frames < frames, timeout=WAIT
    )
    model = pane.model
    assert model is not None
    inside = sum(
        1
        for number in range(1, frames + 1)
        if (facts := model.reading.facts(number)) is not None and start <= facts.time < stop
    )
    qtbot.waitUntil(lambda: panel._drawn.frames == inside, timeout=WAIT)
    assert panel.whole.isVisible()
    assert panel.trips.start == panel.rate.start == start
    QTest.keyClick(rate, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: panel.counting.span is None, timeout=WAIT)
    counted(qtbot, panel, frames)
    assert panel._drawn == whole


def test_only_what_the_filter_shows(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, beside: Statistics
) -> None:
    frames = chat(qtbot, tab, lab, pane)
    beside.toggle()
    panel = panel_of(beside)
    counted(qtbot, panel, frames)
    assert not panel.filtered.isVisible()
    pane.tools.filter.take("dir == out")
    qtbot.waitUntil(lambda: panel.counting.can_filter, timeout=WAIT)
    qtbot.waitUntil(panel.filtered.isVisible, timeout=WAIT)
    panel.filtered.click()
    sent = panel._drawn.both[1].number or 1
    qtbot.waitUntil(lambda: 0 < panel._drawn.frames <= sent, timeout=WAIT)
    assert panel._drawn.both[0].number == 0
    assert all(kind & SENT for kind in panel._drawn.sizes)


def test_pings_are_told(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, beside: Statistics) -> None:
    connect(qtbot, tab, lab, "/echo")
    attempt = tab.conversation.current
    assert attempt is not None
    beside.toggle()
    panel = panel_of(beside)
    for at in range(3):
        attempt.ping(bytes((at,)))
    qtbot.waitUntil(lambda: panel._drawn.trips[1].answered == 3, timeout=WAIT)
    assert panel.trips.stops
    panel.trips.setFocus()
    QTest.keyClick(panel.trips, Qt.Key.Key_Home)
    QTest.keyClick(panel.trips, Qt.Key.Key_Home)
    assert "our ping #" in panel.trips.accessibleDescription()
    assert any(row.name == "Unanswered" and row.numbers == (0, 0, 0) for row in panel.numbers.rows())


def test_the_models_keep_to_the_rules(
    qtbot: QtBot, qtmodeltester: ModelTester, tab: TabState, lab: Lab, pane: FramePane, beside: Statistics
) -> None:
    numbers, silences = NumbersModel(), SilencesModel()
    qtmodeltester.check(numbers)  # type: ignore[no-untyped-call]
    qtmodeltester.check(silences)  # type: ignore[no-untyped-call]
    frames = chat(qtbot, tab, lab, pane)
    beside.toggle()
    panel = panel_of(beside)
    counted(qtbot, panel, frames)
    numbers.set_rows(panel.numbers.rows())
    silences.set_silences(panel._drawn.silences, 0)
    assert numbers.rowCount() > len(panel.numbers.rows())
    assert silences.rowCount() == len(panel._drawn.silences) > 0
    number = panel._drawn.silences[0].number
    panel.views.segments[2].click()
    longest = panel.silences.silence(0)
    assert longest is not None
    at = next(row for row in range(panel.silences.rowCount()) if panel.silences.silence(row).number == number)  # type: ignore[union-attr]
    panel.silence_table.selectRow(at)
    QTest.keyClick(panel.silence_table, Qt.Key.Key_Return)
    assert not beside.shown
    assert pane.places.number()


# -- the charts alone


def counts_of(values: list[int]) -> Counts:
    series = Series(0)
    series.reach(len(values) * MS - 1)
    for step, value in enumerate(values):
        series.add(step, step + 1, (value, 0), (value, 0))
    return series.counts()


def test_a_line_of_thousands_keeps_its_highest_and_lowest(qtbot: QtBot) -> None:
    values = [50] * 3000
    values[1234], values[2345] = 900, 0
    chart = RateChart("Rate", lambda number: f"{number} /s", lambda number: f"{number}")
    qtbot.addWidget(chart)
    counts = counts_of(values)
    chart.set_counts(counts, counts.frames_in, counts.frames_out, 0)
    box = QRectF(0, 0, 200, 100)
    points = chart.points([value / 0.001 for value in values], box, chart.highest())
    assert len(points) <= 400
    assert min(point.y() for point in points) == 0  # the highest value is at the top
    assert max(point.y() for point in points) == 100
    assert chart.highest() == 900_000


def test_a_sentence_is_broken_where_the_chart_is_narrow_and_the_plot_makes_room(qtbot: QtBot) -> None:
    chart = RateChart("Rate", lambda number: f"{number} /s", lambda number: f"{number}")
    qtbot.addWidget(chart)
    counts = counts_of(list(range(100)))
    chart.set_counts(counts, counts.frames_in, counts.frames_out, 0)
    chart.resize(1600, 300)
    chart.show()
    sentence = "↓ 48 000 a second on average, at most 52 000; ↑ 480, at most 520; counted over 100 ms each."
    chart.say(sentence)
    wide, least = chart.plot().top(), chart.minimumSizeHint().height()
    chart.resize(300, 300)
    narrow = chart.plot().top()
    metrics = QFontMetricsF(theme.ui_font(0.88))
    room = QRectF(0, 0, 300 - 2 * theme.MARGIN, 1000)
    lines = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), sentence).height() / metrics.height()
    assert lines > 1.5
    assert narrow - wide == pytest.approx((lines - 1) * metrics.height(), abs=2)
    assert chart.minimumSizeHint().height() > least
    chart.move_to(3)  # what the cursor reads leaves the plot where it is
    assert chart.plot().top() == narrow


def test_a_drag_asks_for_its_range_and_a_click_for_its_place(qtbot: QtBot) -> None:
    chart = RateChart("Rate", lambda number: f"{number} /s", lambda number: f"{number}")
    qtbot.addWidget(chart)
    counts = counts_of(list(range(100)))
    chart.set_counts(counts, counts.frames_in, counts.frames_out, 0)
    chart.resize(500, 220)
    chart.show()
    box = chart.plot()
    middle = round(box.center().y())
    ends = [QPoint(round(box.left() + share * box.width()), middle) for share in (0.25, 0.75)]
    asked: list[tuple[int, int]] = []
    picked: list[int] = []
    chart.range_asked.connect(lambda first, last: asked.append((first, last)))
    chart.picked.connect(picked.append)
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(chart, ends[1])
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=ends[1])
    assert len(asked) == 1
    assert abs(asked[0][0] - 25) <= 1
    assert abs(asked[0][1] - 75) <= 1
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=ends[0])
    assert picked
    assert abs(picked[0] - 25) <= 1
    QTest.keyClick(chart, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().startswith("seconds,received_a_second,sent_a_second\n")


def test_pings_are_found_by_their_place(qtbot: QtBot) -> None:
    ours, theirs = TripCounter(0), TripCounter(0)
    for at in range(5):
        ours.ping(bytes((at,)), at + 1, at * 1000 * MS)
        ours.pong(bytes((at,)), at * 1000 * MS + (at + 1) * MS)
    chart = TripChart("Pings")
    qtbot.addWidget(chart)
    chart.set_time(0, 5000 * MS, 0)
    chart.set_trips((theirs.trips(), ours.trips()))
    assert chart.stops == 5
    assert [chart.stop_at(chart.x_of(stop)) for stop in range(5)] == list(range(5))
    assert chart.ping(3) == 4
    assert "answered after 4.0 ms" in chart.words(3)


@pytest.mark.parametrize(
    ("ns", "text"),
    [(0, "0.000 s"), (1_234_000_000, "1.234 s"), (3_725_000_000_000, "3725.000 s")],
)
def test_moments(ns: int, text: str) -> None:
    assert moment(ns) == text


def test_moments_of_a_long_time() -> None:
    assert moment(3_725_000_000_000, 10**9) == "1 h 02 min 05 s"
    assert moment(120_000_000_000, 10**10) == "2 min"


def test_short_numbers() -> None:
    assert [short(value) for value in (0, 950, 1200, 10_000_000)] == ["0", "950", "1.2 k", "10 M"]


def test_every_chart_is_reached_by_keys(qtbot: QtBot, beside: Statistics) -> None:
    beside.toggle()
    panel = panel_of(beside)
    for chart in panel.charts:
        assert isinstance(chart, Chart)
        assert chart.focusPolicy() is Qt.FocusPolicy.StrongFocus
        assert chart.accessibleName()
        assert "Ctrl+C" in chart.toolTip() or not chart.sentence
