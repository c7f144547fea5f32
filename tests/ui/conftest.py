"""The window's tests run without a screen; engine and lab are shared within a file."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import WAIT, Opener, settle
from wsinspector.conversation.engine import Engine
from wsinspector.lab.server import Lab
from wsinspector.ui import theme
from wsinspector.ui.desk import Desk
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SECONDS = 40.0
PATIENCE = 40_000
"""Milliseconds: no wait of a test ends before; a machine under load is given its time."""
MANY_WIDGETS = 200
NOTHING_HELD = Qt.KeyboardModifier.NoModifier


class PatientBot(QtBot):
    """A wait ends as soon as what is waited for is there, so its limit says nothing of how long it takes."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:
        super().waitUntil(callback, timeout=max(timeout, PATIENCE))

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **given: Any) -> Any:
        if given.get("raising") is not False:  # else nothing is meant to come
            timeout = max(timeout, PATIENCE)
        return super().waitSignal(signal, timeout=timeout, **given)

    def waitSignals(self, signals: list[Any], *, timeout: int = PATIENCE, **given: Any) -> Any:
        return super().waitSignals(signals, timeout=max(timeout, PATIENCE), **given)

    def waitActive(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitActive(widget, timeout=max(timeout, PATIENCE))

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitExposed(widget, timeout=max(timeout, PATIENCE))


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True, scope="module")
def _qt_objects_end_on_this_thread() -> Iterator[None]:
    """As in the program: no other thread collects a cycle that holds a widget or a timer."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _no_widgets_of_earlier_tests() -> Iterator[None]:
    """Let go of what a test has closed: each widget left is styled again by every later test."""
    yield
    if QGuiApplication.instance() is not None and QGuiApplication.keyboardModifiers() != NOTHING_HELD:
        QTest.keyRelease(QWidget(), Qt.Key.Key_Control)  # else the next test clicks with it
    if QApplication.instance() is not None and len(QApplication.allWidgets()) > MANY_WIDGETS:
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A running engine; at the end nothing may have failed on it unseen."""
    made = Engine().start()
    yield made
    made.stop()
    assert made.failures == []


@pytest.fixture(scope="module")
def lab(engine: Engine) -> Iterator[Lab]:
    """The lab with all its entrances."""
    made = Lab()
    engine.run(made.start()).result(SECONDS)
    engine.run(made.ready()).result(SECONDS)
    yield made
    engine.run(made.stop()).result(SECONDS)


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Opener]:
    """Opens windows one after the other, each with the same settings and captures."""
    opened: list[tuple[MainWindow, Workspace]] = []

    def close() -> None:
        while opened:
            window, workspace = opened.pop()
            window.close()
            window.close_everything()
            workspace.stop()
            workspace.settings.sync()
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def make(*targets: str) -> Desk:
        close()
        settings = Settings(tmp_path / "window.ini")
        settings.welcomed = True
        theme.apply(qapp)
        window = MainWindow(settings)
        window.resize(1440, 900)
        workspace = Workspace(settings)
        opened.append((window, workspace))
        with qtbot.waitActive(window, timeout=WAIT):
            window.show()
            window.activateWindow()
        window.furnish(workspace, targets)
        desk = window.desk
        assert desk is not None
        qtbot.waitUntil(lambda: bool(desk.workspace.scenarios()), timeout=WAIT)
        settle(qtbot, desk)
        return desk

    yield make
    close()
