"""Qt objects that only a cycle holds end on the window's thread."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from pytestqt.qtbot import QtBot

from wsinspector.ui.collecting import Collecting


@pytest.fixture
def collecting() -> Iterator[Collecting]:
    made = Collecting()
    yield made
    made.stop()
    gc.disable()  # as the tests of the window have it


def cycle(ended: list[QThread]) -> None:
    """A timer that nothing but itself holds."""
    timer = QTimer()
    timer.start(3_600_000)
    timer.destroyed.connect(lambda: ended.append(QThread.currentThread()))
    holder = QObject()
    holder.timer, timer.holder = timer, holder  # type: ignore[attr-defined]


def test_what_another_thread_makes_collects_no_timer_there(qtbot: QtBot, collecting: Collecting) -> None:
    ended: list[QThread] = []
    gc.collect()
    cycle(ended)

    def work() -> None:
        kept = [[] for _ in range(200_000)]  # type: ignore[var-annotated]  # far beyond every threshold
        assert kept

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == []
    kept = [[] for _ in range(2_000)]  # type: ignore[var-annotated]
    for _ in range(30):  # the oldest generation's turn
        collecting.look()
        kept += [[] for _ in range(2_000)]
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [QThread.currentThread()]


def test_every_generation_has_its_turn(collecting: Collecting) -> None:
    looked = set()
    kept: list[list[int]] = []
    for _ in range(400):
        kept += [[] for _ in range(2_000)]
        looked.add(collecting.look())
    assert looked == {1, 2, 3}
    gc.collect()
    assert collecting.look() == 0


def test_python_collects_again_afterwards() -> None:
    Collecting().stop()
    assert gc.isenabled()
    gc.disable()
