"""What is drawn and laid out anew while frames arrive: the rows and the counts, and nothing around them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.present.recording import TEXT, Recording
from tests.ui.test_log import refresh
from wsinspector.present.rows import Mode, Shown
from wsinspector.ui import theme
from wsinspector.ui.inspect.count_label import CountLabel
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_view import LogView


class Events(QObject):
    """Which kinds of event a widget gets."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.kinds: list[QEvent.Type] = []
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.kinds.append(event.type())
        return False


@pytest.fixture
def row(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = QHBoxLayout(widget)
    layout.addWidget(CountLabel("pane"))
    layout.addStretch(1)
    widget.resize(400, 40)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def count_of(row: QWidget) -> CountLabel:
    label = row.findChild(CountLabel)
    assert isinstance(label, CountLabel)
    return label


def test_a_count_that_goes_up_is_laid_out_only_where_it_gets_wider(row: QWidget) -> None:
    label = count_of(row)
    label.set_text("100 frames")
    QApplication.processEvents()
    events = Events(row)
    label.set_text("999 frames")
    QApplication.processEvents()
    assert label.text() == label.accessibleName() == "999 frames"
    assert not {QEvent.Type.LayoutRequest, QEvent.Type.Paint} & set(events.kinds)
    width = label.width()
    label.set_text("1 000 frames")
    QApplication.processEvents()
    assert QEvent.Type.LayoutRequest in events.kinds
    assert label.width() > width
    assert label.text() == "1 000 frames"


def test_a_count_without_room_is_cut_and_whole_in_its_tooltip(row: QWidget) -> None:
    label = count_of(row)
    label.set_text("123 456 789 frames")
    label.setMaximumWidth(60)
    QApplication.processEvents()
    assert label.text().endswith("…")
    assert "123 456 789 frames" in label.toolTip()
    label.setMaximumWidth(1000)
    QApplication.processEvents()
    assert label.text() == "123 456 789 frames"
    assert label.toolTip() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_count_stands_on_the_ground_it_is_told(row: QWidget, scheme: str) -> None:
    before = theme.scheme()
    theme.set_scheme(scheme)
    label = count_of(row)
    label.set_text("8888")
    QApplication.processEvents()
    picture = label.grab().toImage()
    theme.set_scheme(before)
    places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
    colours = {QColor(picture.pixel(x, y)).name() for x, y in places}
    ground = "#ffffff" if scheme == "light" else "#1c1e25"
    assert ground in colours
    assert len(colours) > 1


@pytest.fixture
def view(tmp_path: Path, qtbot: QtBot) -> Iterator[LogView]:
    recording = Recording(tmp_path / "one.wsi")
    for at in range(40):
        recording.received(TEXT, b"%d" % at)
    model = LogModel(recording.source(), Mode.FRAMES, Shown())
    refresh(model, recording)
    made = LogView()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.set_model(model)
    with qtbot.waitExposed(made):
        made.show()
    QApplication.processEvents()
    yield made
    made.set_model(None)
    recording.close()


def ground_of(view: LogView, row: int) -> str:
    """The colour at the very right of a row, where nothing is written."""
    viewport = view.table.viewport()
    y = row * view.table.rowHeight(0) + 3
    return str(QColor(viewport.grab().toImage().pixel(viewport.width() - 3, y)).name())


def test_rows_are_drawn_without_what_lies_behind_them(view: LogView) -> None:
    events = Events(view)
    view.table.viewport().update()
    QApplication.processEvents()
    assert QEvent.Type.Paint not in events.kinds


def test_the_row_below_the_pointer_and_the_selected_one_stand_out(view: LogView) -> None:
    table = view.table
    view.table.verticalScrollBar().setValue(0)
    table.select_row(1)
    place = table.visualRect(table.model().index(3, 0)).center()
    QTest.mouseMove(table.viewport(), place + QPoint(5, 0))
    QTest.mouseMove(table.viewport(), place)
    QApplication.processEvents()
    found = [ground_of(view, at) for at in range(5)]
    calm, selected, hovered = (theme.color(role).name() for role in ("pane", "selection", "hover"))
    assert found == [calm, selected, calm, hovered, calm]


def test_a_row_is_selected_alone_while_ctrl_is_held(view: LogView) -> None:
    table = view.table
    table.select_row(0)
    QTest.keyPress(table, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        table.select_row(2)
        assert table.selected_rows() == [2]
    finally:
        QTest.keyRelease(table, Qt.Key.Key_Control)


def test_below_the_last_row_is_the_pane(view: LogView) -> None:
    model = view.table.log()
    assert model is not None
    model.show_rows(Mode.FRAMES, Shown(), bytearray([1] + 39 * [0]))
    QApplication.processEvents()
    assert ground_of(view, 4) == theme.color("pane").name()
