"""The window's tests run without a screen; engine and lab are shared within a file."""

import gc
import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from wsinspector.conversation.engine import Engine
from wsinspector.lab.server import Lab

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SECONDS = 10.0
MANY_WIDGETS = 200


@pytest.fixture(autouse=True)
def _no_widgets_of_earlier_tests() -> Iterator[None]:
    """Let go of what a test has closed: each widget left is styled again by every later test."""
    yield
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
