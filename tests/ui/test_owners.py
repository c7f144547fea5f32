"""What Python holds of the window is what Qt holds: nothing of an open page ends with a collection.

Some of QWidget's questions turn a widget and its part round in PySide: the part is taken for the owner of
the whole, the two hold each other only, and the next collection ends them while the page still shows them.
"""

import gc
import re
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

import wsinspector
from tests.ui.filing import Opener, capture, front, settle
from tests.ui.test_tab_key import walked

ASKED = ("focusProxy", "nextInFocusChain", "previousInFocusChain", "buddy")


def turned_round() -> list[str]:
    """Widgets that Python takes for the owner of one in which they lie."""
    return [
        f"{type(part).__name__} of {type(whole).__name__}"
        for part in QApplication.allWidgets()
        for whole in gc.get_referents(part)
        if isinstance(whole, QWidget) and shiboken6.isValid(whole) and whole.isAncestorOf(part)
    ]


def test_a_refusal_behind_another_tab_outlives_a_collection(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window(str(capture(tmp_path / "one.wsi")))
    settle(qtbot, desk)
    page = front(desk)
    assert page.right.currentWidget() is page.refusal
    walked(page)
    desk.new_tab()
    assert turned_round() == []
    gc.collect()
    assert shiboken6.isValid(page.refusal.views.segments[0])
    assert page.refusal.findChild(QScrollArea) is not None


@pytest.mark.parametrize("question", ASKED)
def test_what_turns_owners_round_is_asked_nowhere(question: str) -> None:
    call = re.compile(rf"\.{question}\(")
    root = Path(wsinspector.__file__).parent
    sources = sorted((root / "ui").rglob("*.py"))
    assert len(sources) > 100
    assert [path.name for path in sources if call.search(path.read_text("utf-8"))] == []
