"""Frames read as another version's in the window: the rows change, the bytes never do."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import Phase
from wsinspector.lab.server import Lab
from wsinspector.protocol.dialects import DIALECTS, Dialect
from wsinspector.protocol.opcodes import TEXT
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.statusbar import StatusBar

WAIT = 10_000


@pytest.fixture
def tab(engine: Engine) -> Iterator[TabState]:
    conversation = Conversation(engine)
    conversation.set_options(Options(timeout=5.0, body_idle=0.3))
    made = TabState(conversation)
    yield made
    made.stop()
    conversation.close()
    made.deleteLater()


@pytest.fixture
def pane(qtbot: QtBot, tab: TabState) -> Iterator[FramePane]:
    made = FramePane(tab)
    qtbot.addWidget(made)
    made.resize(870, 800)
    made.show()
    yield made
    made.stop()


def payloads(pane: FramePane) -> list[str]:
    model = pane.view.table.log()
    if model is None:
        return []
    return [model.cells(row).payload for row in range(model.rowCount())]


def said(qtbot: QtBot, tab: TabState, pane: FramePane, lab: Lab, dialect: str) -> None:
    """Connect in ``dialect``, say hello and wait until it came back."""
    tab.set_address(lab.url_of("/echo"))
    tab.write_in(dialect)
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.phase is Phase.OPEN, timeout=WAIT)
    attempt = tab.conversation.current
    assert attempt is not None
    attempt.send_frame(TEXT, b"hello there")
    qtbot.waitUntil(lambda: payloads(pane).count("hello there") == 2, timeout=WAIT)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_every_dialect_is_spoken_with_the_lab_and_seen(
    qtbot: QtBot, tab: TabState, pane: FramePane, lab: Lab, dialect: Dialect
) -> None:
    said(qtbot, tab, pane, lab, dialect.name)
    snapshot = tab.snapshot
    assert snapshot is not None
    assert snapshot.agreed.dialect == dialect.name
    assert snapshot.verdict is not None
    assert not snapshot.verdict.breaks
    pane.view.table.select_row(0)
    qtbot.waitUntil(pane.detail.isVisible, timeout=WAIT)
    masked_as_a_whole = dialect.framing_name == "whole"
    assert pane.detail.bits.unmasking.isVisible() == masked_as_a_whole


def test_frames_are_read_as_another_version_and_back(
    qtbot: QtBot, tab: TabState, pane: FramePane, lab: Lab
) -> None:
    said(qtbot, tab, pane, lab, "hixie-76")
    as_agreed = payloads(pane)
    bar = pane.reading_bar
    assert bar.isVisible()
    bar.asked.emit("rfc6455")
    qtbot.waitUntil(lambda: len(payloads(pane)) > 0 and payloads(pane) != as_agreed, timeout=WAIT)
    assert bar.text.full_text().startswith("Read as rfc6455; agreed was hixie-76. The bytes are the same.")
    bar.back.click()
    assert payloads(pane) == as_agreed
    assert not bar.back.isVisible()


def test_a_reading_goes_on_while_frames_come(qtbot: QtBot, tab: TabState, pane: FramePane, lab: Lab) -> None:
    said(qtbot, tab, pane, lab, "hybi-07")
    pane.reading_bar.asked.emit("rfc6455")
    qtbot.waitUntil(lambda: payloads(pane).count("hello there") == 2, timeout=WAIT)
    attempt = tab.conversation.current
    assert attempt is not None
    attempt.send_frame(TEXT, b"and again")
    qtbot.waitUntil(lambda: payloads(pane).count("and again") == 2, timeout=WAIT)


def test_without_frames_the_menu_says_so(pane: FramePane) -> None:
    menu = pane.reading_bar.menu()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    menu.deleteLater()


def test_the_menu_tells_what_each_would_make_of_the_frames(
    qtbot: QtBot, tab: TabState, pane: FramePane, lab: Lab
) -> None:
    said(qtbot, tab, pane, lab, "hixie-76")
    menu = pane.reading_bar.menu()
    told = dict(action.text().split("\t") for action in menu.actions())
    assert told["Read as hixie-76"] == "as agreed, 2 frames, none at fault"
    assert "at fault" in told["Read as rfc6455"]
    assert "none at fault" not in told["Read as rfc6455"]
    menu.deleteLater()


def test_the_counts_below_are_those_of_the_reading(
    qtbot: QtBot, tab: TabState, pane: FramePane, lab: Lab
) -> None:
    status = StatusBar()
    qtbot.addWidget(status)
    said(qtbot, tab, pane, lab, "hixie-76")
    status.follow(tab)
    assert status.received.full_text().startswith("↓ 1 frame, ")
    pane.reading_bar.asked.emit("rfc6455")
    qtbot.waitUntil(lambda: pane.readings.share(1) == 100 and len(payloads(pane)) > 0, timeout=WAIT)
    snapshot = tab.snapshot
    assert snapshot is not None
    read = pane.readings.shown(snapshot)
    assert (read.frames_in, read.frames_out) != (snapshot.frames_in, snapshot.frames_out)
    status.look()
    for label, frames in ((status.received, read.frames_in), (status.sent, read.frames_out)):
        assert label.full_text()[2:].startswith(f"{frames} frame")
    status.follow(None)


def test_a_draft_written_anew_has_no_counts_of_the_attempt_before(
    qtbot: QtBot, tab: TabState, pane: FramePane, lab: Lab
) -> None:
    status = StatusBar()
    qtbot.addWidget(status)
    said(qtbot, tab, pane, lab, "hixie-76")
    pane.reading_bar.asked.emit("rfc6455")
    qtbot.waitUntil(lambda: pane.tools.kinds.segments[3].text() != "Faults", timeout=WAIT)
    tab.end_live()
    qtbot.waitUntil(lambda: tab.conversation.current is None, timeout=WAIT)
    status.follow(tab)
    tab.write_in("hybi-05")
    status.look()
    assert pane.tools.kinds.segments[3].text() == "Faults"
    assert pane.tools.count.full_text() == ""
    assert (status.received.full_text(), status.sent.full_text()) == ("", "")
    status.follow(None)
