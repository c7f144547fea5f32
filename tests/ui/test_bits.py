"""A frame's bits, its field lines and its bytes light one another, by the pointer and by the keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.present.recording import TEXT, Recording
from wsinspector.present.bitmap import Picture, picture_of
from wsinspector.ui.inspect.frame_detail import FrameDetail
from wsinspector.ui.inspect.payload_pane import PayloadPane, WireBytes
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.theme import SPACE


class Bench(QWidget):
    """The detail beside the bytes, joined as in the window."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        reading = recording.reading()
        facts = reading.facts(1)
        assert facts is not None
        self.picture: Picture = picture_of(reading, facts)
        self.bits = FrameDetail(self)
        self.payload = PayloadPane(self)
        self.bits.resize(460, 600)
        self.payload.setGeometry(470, 0, 460, 600)
        self.bits.bytes_lit.connect(self.payload.light)
        self.payload.byte_pointed.connect(self.bits.point_at_byte)
        picture = self.picture
        self.bits.show_frame(
            picture.title, picture.note, picture.figure, picture.faults, picture.unmasked, picture.masking
        )
        self.payload.show_wire(WireBytes(reading, facts), "")
        self.resize(940, 600)

    def lit_fields(self) -> list[str]:
        return [line.accessibleName().split(",")[0] for line in self.bits.lines if line.lit]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    recording = Recording(tmp_path / "bits.wsi")
    recording.sent(TEXT, b"Hello")
    made = Bench(recording)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
        made.activateWindow()
    yield made
    recording.close()


def key(bench: Bench, *keys: Qt.Key) -> None:
    for each in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, each)


def test_the_keyboard_walks_the_bits_and_lights_lines_and_bytes(qtbot: QtBot, bench: Bench) -> None:
    figure, wire = bench.bits.figure, bench.payload.wire
    figure.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(figure.hasFocus)
    assert (bench.lit_fields(), wire.lit()) == (["FIN 1"], ((0, 1),))
    key(bench, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert bench.lit_fields() == ["opcode 0x1 text"]
    assert "opcode 0x1 text" in figure.accessibleDescription()
    key(bench, Qt.Key.Key_Right)
    assert (bench.lit_fields(), wire.lit()) == (["MASK 1"], ((1, 2),))
    key(bench, Qt.Key.Key_Down, Qt.Key.Key_End)
    assert (bench.lit_fields(), wire.lit()) == (["payload 5 bytes"], ((10, 11),))
    assert bench.bits.masking.told().startswith("Byte 10: ")
    key(bench, Qt.Key.Key_Home)
    QTest.keyClick(figure, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("FIN 1: ")
    assert QGuiApplication.clipboard().text().endswith("(RFC 6455 §5.2)")


def test_tab_goes_from_the_bits_to_the_lines_and_up_and_down_step(qtbot: QtBot, bench: Bench) -> None:
    bench.bits.figure.setFocus(Qt.FocusReason.TabFocusReason)
    key(bench, Qt.Key.Key_Tab)
    assert bench.lit_fields() == ["FIN 1"]
    key(bench, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert bench.lit_fields() == ["opcode 0x1 text"]
    assert bench.payload.wire.lit() == ((0, 1),)
    key(bench, Qt.Key.Key_Up)
    assert bench.lit_fields() == ["RSV1–3 0"]
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("RSV1–3 0: ")


def test_the_cursor_among_the_bytes_lights_bits_and_lines(qtbot: QtBot, bench: Bench) -> None:
    wire = bench.payload.wire
    wire.setFocus(Qt.FocusReason.TabFocusReason)
    key(bench, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert bench.lit_fields() == ["masking key 37 fa 21 3e"]
    key(bench, Qt.Key.Key_End, Qt.Key.Key_Left)
    assert bench.lit_fields() == ["payload 5 bytes"]
    assert bench.bits.masking.told() == "Byte 10: 58 XOR 37 = 6f “o”"


def test_masking_is_shown_as_a_sum_and_its_columns_light_the_rest(qtbot: QtBot, bench: Bench) -> None:
    masking = bench.picture.masking
    assert masking is not None
    assert (masking.first, masking.plain, masking.left_out) == (6, b"Hello", 0)
    assert masking.key == bytes.fromhex("37fa213e37")
    assert bytes(a ^ b for a, b in zip(masking.wire, masking.key, strict=True)) == b"Hello"
    total = bench.bits.masking
    assert total.isVisible()
    assert total.told().startswith("Each byte is XORed")
    left, step, height, _ = total._geometry(masking)
    QTest.mouseMove(total, QPointF(left + 1.4 * step, height).toPoint())
    qtbot.waitUntil(lambda: bench.payload.wire.lit() == ((7, 8),))
    assert total.told() == "Byte 7: 9f XOR fa = 65 “e”"
    assert bench.lit_fields() == ["payload 5 bytes"]


def test_a_frame_of_a_server_has_no_sum(qtbot: QtBot, tmp_path: Path) -> None:
    recording = Recording(tmp_path / "in.wsi")
    recording.received(TEXT, b"x")
    made = Bench(recording)
    qtbot.addWidget(made)
    assert made.picture.masking is None
    assert made.bits.masking.isHidden()
    recording.close()


def test_the_menu_copies_a_field_or_asks_for_the_frame(qtbot: QtBot, bench: Bench) -> None:
    menu = bench.bits.menu(2)
    copy, frame = menu.actions()
    copy.trigger()
    assert QGuiApplication.clipboard().text().startswith("opcode 0x1 text: ")
    with qtbot.waitSignal(bench.bits.frame_copy_asked):
        frame.trigger()


@pytest.mark.parametrize("width", [460, 250, 200])
def test_the_clauses_stand_beside_the_scroll_bar(qtbot: QtBot, bench: Bench, width: int) -> None:
    bench.bits.resize(width, 190)
    scroll = bench.bits.findChild(QScrollArea)
    assert scroll is not None
    qtbot.waitUntil(scroll.verticalScrollBar().isVisible)
    clauses = [line.findChildren(RoleLabel)[-1] for line in bench.bits.lines]
    assert [clause.full_text() for clause in clauses][:3] == ["§5.2", "§5.2", "§5.6"]
    for clause in clauses:
        assert clause.text() == clause.full_text()
        right = clause.mapTo(scroll.viewport(), clause.rect().topRight()).x()
        assert right < scroll.viewport().width() - SPACE
