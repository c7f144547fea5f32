"""The log as Qt sees it: model checked by Qt itself, selection that never jumps, tail that follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QToolTip
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.present.recording import CLOSE, IN, PING, PONG, SECOND, TEXT, Recording
from wsinspector.capture.rows import Loss
from wsinspector.capture.trimming import SIZE
from wsinspector.conversation.snapshot import (
    AttemptSnapshot,
    End,
    EndedBy,
    EndKind,
    PendingView,
    Phase,
    Stop,
)
from wsinspector.present.rows import Mode, Shown
from wsinspector.present.rowtext import RowKind, TimeStyle
from wsinspector.ui import theme
from wsinspector.ui.inspect.log_columns import PAD, Column
from wsinspector.ui.inspect.log_menu import DEEDS
from wsinspector.ui.inspect.log_model import A_TURN, LogModel
from wsinspector.ui.inspect.log_view import LogView


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "one.wsi")
    yield made
    made.close()


def snapshot_of(recording: Recording, **more: object) -> AttemptSnapshot:
    fields: dict[str, object] = {"phase": Phase.OPEN, "frames": recording.frames, "opened_at": SECOND, **more}
    return AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=recording.attempt.attempt_id,
        url="ws://127.0.0.1/",
        wall_ns=1_700_000_000 * SECOND,
        mono_ns=SECOND,
        request=b"",
        **fields,  # type: ignore[arg-type]
    )


def model_of(recording: Recording, tester: ModelTester, mode: Mode = Mode.FRAMES) -> LogModel:
    model = LogModel(recording.source(), mode, Shown())
    tester.check(model)  # type: ignore[no-untyped-call]
    return model


def refresh(model: LogModel, recording: Recording, **more: object) -> int:
    recording.source()
    return model.refresh(snapshot_of(recording, **more))


@pytest.mark.parametrize("mode", [Mode.MESSAGES, Mode.FRAMES])
def test_where_there_is_never_time_every_row_still_comes(recording: Recording, mode: Mode) -> None:
    """An attempt that is over publishes nothing more: what is left over is behind, not forgotten."""
    count = 3 * A_TURN + 5
    for _ in range(count):
        recording.received(TEXT, b"x")
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 0.0, 1.0, 5 * SECOND)
    recording.source()
    snapshot = snapshot_of(recording, phase=Phase.ENDED, end=end)
    model = LogModel(recording.source(), mode, Shown())
    turns = 0
    while turns == 0 or model.behind:
        assert turns < 100
        model.refresh(snapshot, budget=lambda: False)
        turns += 1
        if model.behind:  # the end stands below the last row, not in the middle
            assert model.cells(model.rowCount() - 1).kind is not RowKind.END
    assert turns > 2
    assert model.rows.collected == count
    assert model.rowCount() == count + 1
    assert model.cells(count).kind is RowKind.END


def numbers(model: LogModel) -> list[str]:
    return [model.cells(row).number for row in range(model.rowCount())]


def some_frames(recording: Recording, count: int) -> None:
    for number in range(count):
        recording.received(TEXT, b"message %d" % number)


def test_rows_come_in_one_insertion_a_refresh(recording: Recording, qtmodeltester: ModelTester) -> None:
    model = model_of(recording, qtmodeltester)
    told: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: told.append((first, last)))
    some_frames(recording, 300)
    assert refresh(model, recording) == 300
    some_frames(recording, 50)
    assert refresh(model, recording) == 50
    assert told == [(0, 299), (300, 349)]
    assert refresh(model, recording) == 0
    assert model.columnCount() == 1
    assert model.rowCount(model.index(0, 0)) == 0


def test_messages_open_and_close(recording: Recording, qtmodeltester: ModelTester) -> None:
    model = model_of(recording, qtmodeltester, Mode.MESSAGES)
    recording.received(TEXT, b"a", fin=False)
    recording.received(PING, b"p")
    recording.received(0, b"b")
    recording.received(TEXT, b"next")
    refresh(model, recording)
    assert numbers(model) == ["1", "2", "4"]
    assert model.open_row(0)
    assert numbers(model) == ["1", "1", "3", "2", "4"]
    assert model.cells(0).opened
    assert model.parent_row(2) == 0
    assert not model.open_row(0)
    assert not model.open_row(4)
    assert model.shut_row(0)
    assert numbers(model) == ["1", "2", "4"]


def test_a_frame_that_tells_in_an_earlier_row_paints_it_again(
    recording: Recording, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    for mode in Mode:
        model = model_of(recording, qtmodeltester, mode)
        recording.received(PING, b"1")
        refresh(model, recording)
        last = model.rowCount() - 1
        before = model.cells(last)
        with qtbot.waitSignal(model.dataChanged, timeout=1000):
            recording.sent(PONG, b"1")
            refresh(model, recording)
        assert model.cells(last) != before


def test_tail_rows_come_and_go(recording: Recording, qtmodeltester: ModelTester) -> None:
    model = model_of(recording, qtmodeltester)
    some_frames(recording, 2)
    pending = PendingView(False, 20, 2, 0x81, 50, 10, 0, 2 * SECOND)
    refresh(model, recording, pending=(pending,))
    assert model.cells(2).kind is RowKind.PENDING
    some_frames(recording, 1)
    refresh(model, recording)
    assert numbers(model) == ["1", "2", "3"]
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 61.0, 70.0, 71 * SECOND)
    refresh(model, recording, phase=Phase.ENDED, end=end)
    assert [model.cells(row).kind for row in range(3, 5)] == [RowKind.SILENCE, RowKind.END]
    assert model.cells(3).payload == "61.0 s without a byte in either direction"


def test_the_stop_line_stands_after_its_frame(recording: Recording, qtmodeltester: ModelTester) -> None:
    model = model_of(recording, qtmodeltester)
    some_frames(recording, 3)
    refresh(model, recording)
    refresh(model, recording, would_stop=Stop(2, 1002, "reserved opcode", 0))
    assert [model.cells(row).kind for row in range(4)] == [
        RowKind.FRAME,
        RowKind.FRAME,
        RowKind.STOP,
        RowKind.FRAME,
    ]


def test_the_stop_line_stands_below_a_frame_still_arriving(
    recording: Recording, qtmodeltester: ModelTester
) -> None:
    model = model_of(recording, qtmodeltester)
    some_frames(recording, 1)
    pending = PendingView(False, 20, 10, 0x82, 1 << 63, 3, 0, 2 * SECOND)
    refresh(model, recording, pending=(pending,), would_stop=Stop(2, 1002, "length", 0))
    assert [model.cells(row).kind for row in range(model.rowCount())] == [
        RowKind.FRAME,
        RowKind.PENDING,
        RowKind.STOP,
    ]
    some_frames(recording, 1)
    refresh(model, recording, pending=(pending,), would_stop=Stop(2, 1002, "length", 0))
    refresh(model, recording, pending=(pending,), would_stop=Stop(3, 1002, "length", 0))
    assert [model.cells(row).kind for row in range(model.rowCount())] == [
        RowKind.FRAME,
        RowKind.FRAME,
        RowKind.PENDING,
        RowKind.STOP,
    ]


def test_filters_lay_the_rows_out_again(recording: Recording, qtmodeltester: ModelTester) -> None:
    model = model_of(recording, qtmodeltester)
    some_frames(recording, 3)
    recording.sent(PING, b"")
    recording.received(PONG, b"")
    refresh(model, recording)
    model.show_rows(Mode.FRAMES, Shown(False, False, True, False), None)
    assert numbers(model) == ["4", "5"]
    model.show_rows(Mode.MESSAGES, Shown(), None)
    assert numbers(model) == ["1", "2", "3", "4"]


def test_a_row_has_a_spoken_name(recording: Recording, qtmodeltester: ModelTester) -> None:
    model = model_of(recording, qtmodeltester)
    recording.received(CLOSE, b"\x03\xe8")
    refresh(model, recording)
    said = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "received" in said
    assert "Close" in said
    assert "1000 normal closure" in said
    assert model.data(QModelIndex(), Qt.ItemDataRole.DisplayRole) is None


@pytest.fixture
def view(qtbot: QtBot) -> LogView:
    made = LogView()
    qtbot.addWidget(made)
    made.resize(870, 300)
    made.show()
    return made


def test_the_selection_never_jumps(recording: Recording, qtmodeltester: ModelTester, view: LogView) -> None:
    model = model_of(recording, qtmodeltester, Mode.MESSAGES)
    view.set_model(model)
    some_frames(recording, 10)
    refresh(model, recording)
    view.table.select_row(4)
    key = model.key_at(4)
    recording.received(TEXT, b"a", fin=False)
    recording.received(0, b"\xff")
    some_frames(recording, 100)
    refresh(model, recording)
    view.arrived(102)
    assert model.key_at(view.table.currentIndex().row()) == key
    model.show_rows(Mode.FRAMES, Shown(text=True, binary=False, control=False, faults=False), None)
    assert model.key_at(view.table.currentIndex().row()) == key
    assert view.table.selected_rows() == [4]


def test_the_tail_is_followed_until_the_user_scrolls(
    recording: Recording, qtmodeltester: ModelTester, view: LogView, qtbot: QtBot
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    some_frames(recording, 100)
    view.arrived(refresh(model, recording))
    bar = view.table.verticalScrollBar()
    assert (view.following, view.unseen) == (True, 0)
    assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    assert (view.following, view.unseen) == (False, 0)
    some_frames(recording, 7)
    view.arrived(refresh(model, recording))
    assert bar.value() == 10
    assert (view.following, view.unseen) == (False, 7)
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_End)
    assert (view.following, view.unseen) == (True, 0)
    assert bar.value() == bar.maximum()
    assert view.table.currentIndex().row() == 106


def test_a_filter_taken_away_leaves_the_place_and_the_pick(
    recording: Recording, qtmodeltester: ModelTester, view: LogView
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    some_frames(recording, 200)
    view.arrived(refresh(model, recording))
    bar = view.table.verticalScrollBar()
    bar.setValue(60)
    view.table.select_row(63)
    assert not view.following
    everything = Shown()
    model.show_rows(Mode.FRAMES, everything, bytearray(200))
    QApplication.processEvents()
    assert view.table.currentIndex().row() == -1
    assert not view.following
    model.show_rows(Mode.FRAMES, everything, None)
    QApplication.processEvents()
    assert view.table.selected_rows() == [63]
    assert bar.value() <= 63 < bar.value() + 12
    assert not view.following


def test_a_filter_keeps_the_place_where_no_row_is_picked(
    recording: Recording, qtmodeltester: ModelTester, view: LogView
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    some_frames(recording, 200)
    view.arrived(refresh(model, recording))
    bar = view.table.verticalScrollBar()
    bar.setValue(60)
    model.show_rows(Mode.FRAMES, Shown(), bytearray(b"\x01" * 200))
    model.show_rows(Mode.MESSAGES, Shown(), None)
    QApplication.processEvents()
    assert bar.value() == 60
    assert not view.following


def test_no_row_moves_while_the_button_is_down(
    recording: Recording, qtmodeltester: ModelTester, view: LogView
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    some_frames(recording, 100)
    view.arrived(refresh(model, recording))
    table = view.table
    # Whole rows only: Qt shows the last row whole at the very end, and shifts by the rest after it.
    view.resize(view.width(), view.height() - table.viewport().height() % table.rowHeight(0))
    QApplication.processEvents()
    view.follow()
    bar = table.verticalScrollBar()
    place = table.visualRect(model.index(bar.value() + 2, 0)).center()
    QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    pressed = table.currentIndex().row()
    some_frames(recording, 7)
    view.arrived(refresh(model, recording))
    QTest.mouseMove(table.viewport(), place + QPoint(1, 0))
    QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.selected_rows() == [pressed]
    assert bar.value() == bar.maximum()
    assert view.following


def test_right_and_left_open_and_close(
    recording: Recording, qtmodeltester: ModelTester, view: LogView, qtbot: QtBot
) -> None:
    model = model_of(recording, qtmodeltester, Mode.MESSAGES)
    view.set_model(model)
    recording.received(TEXT, b"a", fin=False)
    recording.received(0, b"b")
    refresh(model, recording)
    view.table.select_row(0)
    QTest.keyClick(view.table, Qt.Key.Key_Right)
    assert model.rowCount() == 3
    QTest.keyClick(view.table, Qt.Key.Key_Down)
    assert view.table.currentIndex().row() == 1
    QTest.keyClick(view.table, Qt.Key.Key_Left)
    assert view.table.currentIndex().row() == 0
    QTest.keyClick(view.table, Qt.Key.Key_Left)
    assert model.rowCount() == 1


def test_enter_opens_and_copy_asks(
    recording: Recording, qtmodeltester: ModelTester, view: LogView, qtbot: QtBot
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    some_frames(recording, 2)
    refresh(model, recording)
    view.table.select_row(1)
    with qtbot.waitSignal(view.table.row_chosen):
        QTest.keyClick(view.table, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.table.copy_asked) as asked:
        QTest.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == ["text"]
    menu = view.table.menu()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        "Copy text",
        "Copy frames as JSON",
        "Copy payload as hex",
        "Copy as a command that sends it again",
        "Show bits and payload",
        "Read frames as …",
        *(deed.text for deed in DEEDS),
    ]
    menu.deleteLater()


def test_columns_follow_the_width(view: LogView) -> None:
    QApplication.processEvents()
    lanes = view.header.lanes()
    assert all(lane.width > 0 for lane in lanes)
    view.resize(600, 300)
    QApplication.processEvents()
    lanes = view.header.lanes()
    assert lanes[Column.NUMBER].width == lanes[Column.SIZE].width == 0
    assert lanes[Column.PAYLOAD].width > 200


def test_columns_widen_for_long_numbers(
    recording: Recording, qtmodeltester: ModelTester, view: LogView, qtbot: QtBot
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    recording.received(2, bytes(1_048_576))
    refresh(model, recording)
    metrics = QFontMetricsF(theme.mono_font())
    wanted = metrics.horizontalAdvance(model.cells(0).size) + 2 * PAD - 1
    qtbot.waitUntil(lambda: view.header.lanes()[Column.SIZE].width >= wanted, timeout=5000)


def test_times_are_chosen_in_the_header(
    recording: Recording, qtmodeltester: ModelTester, view: LogView
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    some_frames(recording, 2)
    refresh(model, recording)
    menu = view.header.menu()
    assert [action.isChecked() for action in menu.actions()] == [True, False, False, False]
    menu.actions()[2].trigger()
    assert view.header.times is TimeStyle.DELTA
    assert model.cells(1).time == "+1.000 ms"
    menu.deleteLater()


def test_every_kind_of_row_paints(recording: Recording, qtmodeltester: ModelTester, view: LogView) -> None:
    model = model_of(recording, qtmodeltester, Mode.MESSAGES)
    view.set_model(model)
    recording.received(TEXT, ("ä" * 500).encode())
    recording.received(TEXT, b"a", fin=False)
    recording.received(0, b"b")
    recording.sent(PING, b"")
    recording.received(PONG, b"")
    recording.received(0xB, b"x", rsv=7, after=60 * SECOND)
    recording.wire(IN, b"\x82\xff" + b"\xff" * 8 + b"abc")
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 1.0, 70.0, 71 * SECOND)
    pending = PendingView(False, 20, 10, 0x82, 1 << 63, 3, 0, 2 * SECOND)
    stop = Stop(recording.frames, 1002, "reserved opcode", 0)
    refresh(model, recording, end=end, pending=(pending,), would_stop=stop)
    model.open_row(1)
    view.table.select_row(0)
    view.table.empty_text = "nothing"
    picture = view.grab().toImage()
    assert picture.width() == 870
    assert model.rowCount() == 10
    assert [model.cells(row).kind for row in range(8, 10)] == [RowKind.PENDING, RowKind.END]


def test_what_is_cut_is_told_as_plain_text(
    recording: Recording, qtmodeltester: ModelTester, view: LogView, qtbot: QtBot
) -> None:
    model = model_of(recording, qtmodeltester)
    view.set_model(model)
    recording.received(TEXT, b"<b>bold</b> <img src='file:///etc/hostname'> " + b"x" * 200)
    recording.received(TEXT, b"short")
    refresh(model, recording)
    table = view.table
    for row, shown in ((1, False), (0, True)):
        index = model.index(row, 0)
        at = table.visualRect(index).center()
        event = QHelpEvent(QEvent.Type.ToolTip, at, table.viewport().mapToGlobal(at))
        option = QStyleOptionViewItem()
        assert table.delegate.helpEvent(event, table, option, index)
        assert ("&lt;b&gt;bold" in QToolTip.text()) is shown
    QToolTip.hideText()


@pytest.mark.parametrize("mode", Mode)
def test_frames_that_a_limit_drops_leave_for_one_row(
    recording: Recording, qtmodeltester: ModelTester, mode: Mode
) -> None:
    for at in range(40):
        recording.received(TEXT, b"%d" % at)
    model = model_of(recording, qtmodeltester, mode)
    refresh(model, recording)
    kept = model.index(30, 0)
    picked = QPersistentModelIndex(kept)
    losses = (Loss(SIZE, frames=10),)
    refresh(model, recording, dropped_to=10, losses=losses)
    assert model.rowCount() == 31
    assert model.cells(0).kind is RowKind.DROPPED
    assert model.cells(0).payload == "10 frames dropped: size limit"
    assert picked.row() == 21
    refresh(model, recording, dropped_to=25, losses=(Loss(SIZE, frames=25),))
    assert model.rowCount() == 16
    assert model.cells(0).payload == "25 frames dropped: size limit"
    assert model.cells(1).number == "26"
    assert picked.row() == 6
    # More are gone than were ever looked at.
    for at in range(40, 60):
        recording.received(TEXT, b"%d" % at)
    recording.source()
    refresh(model, recording, dropped_to=50, losses=(Loss(SIZE, frames=50),))
    assert [model.cells(row).number for row in range(1, model.rowCount())] == [
        str(no) for no in range(51, 61)
    ]
    assert not picked.isValid()


def test_what_is_read_stays_in_sight_while_rows_above_it_go(recording: Recording, qtbot: QtBot) -> None:
    for at in range(400):
        recording.received(TEXT, b"%d" % at)
    model = LogModel(recording.source(), Mode.FRAMES, Shown())
    refresh(model, recording)
    view = LogView()
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.set_model(model)
    with qtbot.waitExposed(view):
        view.show()
    bar = view.table.verticalScrollBar()
    bar.setValue(200)
    assert not view.following
    top = model.key_at(view.table.rowAt(0))
    refresh(model, recording, dropped_to=100, losses=(Loss(SIZE, frames=100),))
    assert model.key_at(view.table.rowAt(0)) == top
    assert not view.following
