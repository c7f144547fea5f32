"""What belongs together leads to one another: fragments to their message, a Close to its answer."""

from array import array
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.test_payload_views import connect, rows
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.lab.server import Lab
from wsinspector.present.frame_index import CLOSE, OUT, PING
from wsinspector.present.payload import read_payload
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState

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
    made.resize(900, 800)
    made.show()
    yield made
    made.stop()


def parts_of_first(pane: FramePane) -> list[int]:
    """The fragments, so far, of the first message that has any."""
    model = pane.view.table.log()
    index = model.rows.index if model is not None else ()
    for number in range(1, len(index) + 1):
        found = index.part_of(number) if not isinstance(index, tuple) else None
        if found is not None:
            return list(found[1])
    return []


def test_a_fragment_tells_its_place_and_leads_to_the_others(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/fragments")
    pane.tools.modes.segments[1].click()
    qtbot.waitUntil(lambda: len(parts_of_first(pane)) == 2, timeout=WAIT)
    parts = parts_of_first(pane)
    number = parts[1]
    part = pane.detail.part
    pane.places.go_to(number)
    qtbot.waitUntil(part.isVisible, timeout=WAIT)
    assert part.first.text().startswith("Fragment 2 of 2 ")
    assert part.first.text().endswith(f" of the message from #{parts[0]} on")
    part.first.click()
    assert pane.selected_numbers() == (parts[0],)
    assert not part.first.isEnabled()
    assert part.before.isHidden()
    part.after.click()
    assert pane.selected_numbers() == (number,)
    pane.tools.modes.segments[0].click()
    qtbot.waitUntil(lambda: ("in", "Cont.", "lo") not in rows(pane), timeout=WAIT)
    pane.places.go_to(parts[0])
    assert pane.selected_numbers() == tuple(parts)
    assert part.isHidden()


def test_a_close_leads_to_its_answer(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    tab.conversation.disconnect()
    qtbot.waitUntil(lambda: sum(row[1].startswith("Close") for row in rows(pane)) == 2, timeout=WAIT)
    model = pane.view.table.log()
    assert model is not None
    first = model.rows.index.frames.find(bytes((CLOSE | OUT,))) + 1
    second = model.rows.index.frames.find(bytes((CLOSE,))) + 1
    pane.places.go_to(first)
    answer = pane.detail.answer
    qtbot.waitUntil(answer.isVisible)
    assert answer.go.text().startswith(f"Answered by #{second} after ")
    answer.go.click()
    assert pane.selected_numbers() == (second,)
    assert answer.go.text().startswith(f"Answers #{first}, ")


def test_a_ping_that_nobody_answers_says_so_until_a_pong_comes(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    tab.set_options(Options(timeout=5.0, body_idle=0.3, answer_pings=False))
    connect(qtbot, tab, lab, "/pings")
    pane.tools.modes.segments[1].click()
    model = None

    def pinged() -> bool:
        nonlocal model
        model = pane.view.table.log()
        return model is not None and model.rows.index.frames.find(bytes((PING,))) >= 0

    qtbot.waitUntil(pinged, timeout=WAIT)
    assert model is not None
    number = model.rows.index.frames.find(bytes((PING,))) + 1
    pane.places.go_to(number)
    answer = pane.detail.answer
    qtbot.waitUntil(answer.none.isVisible, timeout=WAIT)
    assert answer.none.full_text().startswith("No Pong with these bytes so far")
    assert not answer.go.isVisible()
    carried = read_payload(model.reading, model.inflation, array("q", [number]), 125)
    attempt = tab.conversation.current
    assert carried is not None
    assert attempt is not None
    attempt.send_frame(0xA, carried.data)
    qtbot.waitUntil(answer.go.isVisible, timeout=WAIT)
    assert answer.go.text().startswith("Answered by #")
