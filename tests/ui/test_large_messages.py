"""Messages of any size opened in the window: nothing is held whole, and the window goes on answering.

The slow ones take the sizes that are promised, and measure stalls and memory; the others are the same, small.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tests.share.making import IN, Making, answer_of, request_of
from tests.ui.filing import Opener, front
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.structure_view import StructureView

MIB = 1 << 20
TEXT, BINARY = 1, 2
STALL = 0.1  # s
MEMORY = 96 * MIB
"""What opening one message may cost at most, whatever its size."""

BEAT_MS = 5
PIECE = MIB


class Watch(QObject):
    """Beats on the window's thread: the longest time between two beats, and how far the memory grew."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._before = self.most = resident()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
        self.most = max(self.most, resident())

    def begin(self) -> None:
        """Measure from here on."""
        self.longest, self._last = 0.0, time.perf_counter()
        self._before = self.most = resident()

    @property
    def grown(self) -> int:
        return self.most - self._before


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Large(Making):
    """A capture written in pieces, without ever holding a frame of it."""

    def large(self, opcode: int, size: int, pieces: Iterator[bytes]) -> None:
        """One frame of the server with ``size`` bytes of payload."""
        self.wire(IN, bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big"))
        for piece in pieces:
            self.wire(IN, piece)
            assert self.writer.flush(60)


def deflated(path: Path) -> Large:
    extension = b"Sec-WebSocket-Extensions: permessage-deflate"
    agreed = Agreed(DeflateParameters())
    return Large(path, request_of(extension), answer_of(extension), agreed)


def opened(qtbot: QtBot, open_window: Opener, path: str) -> FramePane:
    page = front(open_window(path))
    pane = page.frames
    qtbot.waitUntil(lambda: pane.view.table.log() is not None and pane.view.table.log().rowCount() > 0)  # type: ignore[union-attr]
    return pane


def settled(pane: FramePane) -> bool:
    return pane.background.idle


def json_pieces(size: int) -> Iterator[bytes]:
    """``[{...}, ...]`` of about ``size`` bytes, padded to it exactly."""
    have = 1
    yield b"["
    block = b",".join(
        b'{"id": %d, "price": 1.10, "name": "item %d", "tags": ["a", "b"]}' % (at, at) for at in range(9000)
    )
    while size - have > len(block) + 100:
        yield block + b","
        have += len(block) + 1
    yield b'"' + b"x" * (size - have - 3) + b'"]'


def newest(tree: StructureView) -> QTreeWidgetItem:
    """The last line of the tree."""
    found = tree.topLevelItem(tree.topLevelItemCount() - 1)
    while found is not None and found.childCount():
        found = found.child(found.childCount() - 1)
    assert found is not None
    return found


def said(item: QTreeWidgetItem) -> tuple[str, str]:
    return item.text(0), item.text(1)


def walk_json(qtbot: QtBot, pane: FramePane, size: int, watch: Watch) -> None:
    """Open a JSON message, a range in the middle of it, and a member of that."""
    watch.begin()
    payload = pane.detail.payload
    pane.view.table.select_row(0)
    tree = payload.structure
    qtbot.waitUntil(lambda: tree.isVisible() and tree.topLevelItemCount() > 500)
    qtbot.waitUntil(lambda: settled(pane))
    end = newest(tree)
    while not end.text(1).startswith('"'):
        before = said(end)
        end.setExpanded(True)  # a range, or where the scan stopped
        qtbot.waitUntil(lambda: settled(pane) and said(newest(tree)) != before)  # noqa: B023
        end = newest(tree)
    assert end.text(1).startswith('"xxx')
    payload.views.segments[2].click()
    qtbot.waitUntil(payload.hex.isVisible)
    assert payload.hex.data().length() == size
    payload.hex.show_byte(size - 1)
    qtbot.waitUntil(lambda: payload.hex.data().read(size - 2, size) == b'"]')
    payload.views.segments[0].click()
    qtbot.waitUntil(payload.text.isVisible)
    qtbot.waitUntil(lambda: settled(pane))


def report(name: str, watch: Watch) -> None:
    print(f"{name}: longest stall {watch.longest * 1000:.0f} ms, memory {watch.grown / MIB:.0f} MiB more")  # noqa: T201


def test_a_json_message_too_long_to_be_parsed_is_walked_through(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    large = Large(tmp_path / "json.wsi")
    size = 3 * MIB
    large.large(TEXT, size, json_pieces(size))
    walk_json(qtbot, opened(qtbot, open_window, str(large.close())), size, Watch())


@pytest.mark.slow
def test_100_mb_of_json_stall_nothing(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    large = Large(tmp_path / "json.wsi")
    size = 100_000_000
    large.large(TEXT, size, json_pieces(size))
    pane = opened(qtbot, open_window, str(large.close()))
    watch = Watch()
    walk_json(qtbot, pane, size, watch)
    report("100 MB of JSON", watch)
    assert watch.longest < STALL
    assert watch.grown < MEMORY


def walk_binary(qtbot: QtBot, pane: FramePane, size: int, watch: Watch) -> None:
    """Open a binary message, go to its end, find bytes there, look at the wire."""
    watch.begin()
    payload = pane.detail.payload
    pane.view.table.select_row(0)
    qtbot.waitUntil(payload.hex.isVisible)
    hexes = payload.hex
    qtbot.waitUntil(lambda: hexes.data().length() == size)
    hexes.setFocus()
    QTest.keyClick(hexes, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert hexes.data().read(size - 4, size) == b"last"
    hexes.show_byte(size // 2)
    pane.detail.menu.beside.trigger()
    qtbot.waitUntil(pane.detail.beside.isVisible)
    assert pane.detail.beside.told.full_text().startswith("1 frame")
    pane.detail.menu.beside.trigger()
    payload.views.segments[3].click()
    qtbot.waitUntil(payload.wire.isVisible)
    qtbot.waitUntil(lambda: settled(pane))


def binary_pieces(size: int) -> Iterator[bytes]:
    piece = random.Random(1).randbytes(PIECE)
    for _ in range(size // PIECE - 1):
        yield piece
    yield piece[:-4] + b"last"


def test_a_binary_message_is_read_where_it_is_looked_at(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    large = Large(tmp_path / "binary.wsi")
    large.large(BINARY, 4 * MIB, binary_pieces(4 * MIB))
    walk_binary(qtbot, opened(qtbot, open_window, str(large.close())), 4 * MIB, Watch())


@pytest.mark.slow
def test_1_gib_of_binary_stalls_nothing(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    large = Large(tmp_path / "binary.wsi")
    size = 1 << 30
    large.large(BINARY, size, binary_pieces(size))
    pane = opened(qtbot, open_window, str(large.close()))
    watch = Watch()
    walk_binary(qtbot, pane, size, watch)
    report("1 GiB of binary", watch)
    assert watch.longest < STALL
    assert watch.grown < MEMORY


def fragments(path: Path, count: int) -> str:
    large = Large(path)
    large.frame(IN, TEXT, b"0", fin=False)
    middle = large.encoded(IN, 0, b"x", fin=False)
    left = count - 2
    while left:
        now = min(left, 20_000)
        large.wire(IN, middle * now)
        assert large.writer.flush(60)
        left -= now
    large.frame(IN, 0, b"z")
    return str(large.close())


def walk_fragments(qtbot: QtBot, pane: FramePane, count: int, watch: Watch) -> None:
    """Open a message of many fragments, its last frame beside it, and its frames as rows."""
    watch.begin()
    payload = pane.detail.payload
    pane.view.table.select_row(0)
    qtbot.waitUntil(lambda: payload.text.toPlainText().startswith("0xxx"))
    pane.detail.menu.beside.trigger()
    beside = pane.detail.beside
    qtbot.waitUntil(beside.isVisible)
    assert beside.model.rowCount() == count
    beside.frames.selectRow(count - 1)
    share = beside.model.share(count - 1)
    assert share is not None
    assert (share.number, share.start, share.end) == (count, count - 1, count)
    payload.views.segments[2].click()
    qtbot.waitUntil(lambda: payload.hex.isVisible() and payload.hex.data().length() == count)
    payload.hex.show_byte(count - 1)
    assert payload.hex.data().read(count - 2, count) == b"xz"
    pane.tools.modes.segments[1].click()
    model = pane.view.table.log()
    assert model is not None
    qtbot.waitUntil(lambda: model.rowCount() >= count)
    pane.places.go_to(count)
    qtbot.waitUntil(lambda: settled(pane) and pane.selected_numbers() == (count,))


def test_a_message_of_many_fragments_is_joined_where_it_is_looked_at(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    pane = opened(qtbot, open_window, fragments(tmp_path / "parts.wsi", 3000))
    walk_fragments(qtbot, pane, 3000, Watch())


@pytest.mark.slow
def test_a_million_fragments_stall_nothing(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    count = 1_000_000
    pane = opened(qtbot, open_window, fragments(tmp_path / "parts.wsi", count))
    qtbot.waitUntil(lambda: len(pane.model.rows.index) == count if pane.model is not None else False)
    qtbot.waitUntil(lambda: settled(pane))
    watch = Watch()
    walk_fragments(qtbot, pane, count, watch)
    report("a million fragments", watch)
    assert watch.longest < STALL
    assert watch.grown < MEMORY


def bomb(path: Path, size: int) -> str:
    large = deflated(path)
    large.frame(IN, BINARY, Deflater().deflate(bytes(size)), rsv=4)
    return str(large.close())


def walk_bomb(qtbot: QtBot, pane: FramePane, least: int, watch: Watch) -> None:
    """Open what inflates to a thousand times its size, and read it at its end."""
    watch.begin()
    payload = pane.detail.payload
    pane.view.table.select_row(0)
    qtbot.waitUntil(lambda: payload.hex.isVisible() and payload.hex.data().length() >= least)
    qtbot.waitUntil(lambda: settled(pane))
    size = payload.hex.data().length()
    payload.hex.show_byte(size - 1)
    qtbot.waitUntil(lambda: payload.hex.data().read(size - 9, size) == bytes(9))
    pane.detail.menu.beside.trigger()
    qtbot.waitUntil(pane.detail.beside.isVisible)
    assert pane.detail.beside.told.full_text().startswith("1 frame: ")
    qtbot.waitUntil(lambda: settled(pane))


def test_a_small_bomb_is_inflated_where_it_is_looked_at(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    pane = opened(qtbot, open_window, bomb(tmp_path / "bomb.wsi", 3 * MIB))
    walk_bomb(qtbot, pane, 3 * MIB, Watch())


@pytest.mark.slow
def test_a_bomb_of_a_gib_stalls_nothing_and_stops_at_the_limit(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    pane = opened(qtbot, open_window, bomb(tmp_path / "bomb.wsi", 1 << 30))
    watch = Watch()
    walk_bomb(qtbot, pane, 32 * MIB, watch)
    assert "stopped at the limit of" in pane.detail.payload.note.full_text()
    report("a deflate bomb of 1 GiB", watch)
    assert watch.longest < STALL
    assert watch.grown < MEMORY
