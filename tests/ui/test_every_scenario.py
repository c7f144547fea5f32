"""Every scenario of the lab in a page: something is said of it, and the right pane fits what came."""

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import SECONDS
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab
from wsinspector.ui import theme
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings

QUERY = {"/slow-head": "?every=1"}  # opens in time
WAIT = int(SECONDS * 1000)
ANSWERED_CLOSE = 0.3  # s; a peer in the middle of a frame never answers one


@pytest.fixture(scope="module")
def page(
    qapp: QApplication, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[InspectPage]:
    """One page for all of them: as at work, an attempt comes after others that ended in every way."""
    theme.apply(qapp)
    conversation = Conversation(engine)
    conversation.set_options(dataclasses.replace(Options(), timeout=1.5, body_idle=0.3))
    tab = TabState(conversation)
    made = InspectPage(tab, Settings(tmp_path_factory.mktemp("every") / "window.ini"))
    made.resize(1440, 800)
    made.show()
    yield made
    tab.stop()
    made.stop()
    conversation.close()
    made.close()
    made.deleteLater()
    tab.deleteLater()


def disconnect(page: InspectPage, attempt: Attempt) -> None:
    """By a Close frame where the peer answers that, by force where it does not."""
    page.tab.conversation.disconnect()
    attempt.wait_ended(ANSWERED_CLOSE)
    attempt.abort()


@pytest.mark.parametrize("path", [scenario.path for scenario in SCENARIOS])
def test_a_scenario(qtbot: QtBot, page: InspectPage, lab: Lab, path: str) -> None:
    tab, answer = page.tab, page.answer

    def said() -> bool:
        return bool(answer.line.lead and answer.line.spoken and answer.lead.full_text())

    tab.set_address(lab.url_of(path) + QUERY.get(path, ""))
    assert said()
    tab.connect_now()
    attempt = tab.conversation.attempts[-1]
    qtbot.waitUntil(lambda: attempt.snapshot.open or not attempt.snapshot.live, timeout=WAIT)
    opened = attempt.snapshot.opened_at is not None
    if attempt.snapshot.open:
        # Those that say nothing by themselves send this back.
        attempt.send_message("Hello")
        log = page.frames.view.table

        def shown() -> bool:
            model = log.log()
            came = attempt.snapshot.frames_in or attempt.snapshot.pending or not attempt.snapshot.live
            return bool(came) and model is not None and model.rowCount() > 0

        qtbot.waitUntil(shown, timeout=WAIT)
        assert said()
        assert page.right.currentWidget() is page.frames
        disconnect(page, attempt)
    qtbot.waitUntil(lambda: not attempt.snapshot.live and answer.line.since is None, timeout=WAIT)
    assert said()
    wanted = page.frames if opened else page.refusal
    qtbot.waitUntil(lambda: page.right.currentWidget() is wanted, timeout=WAIT)
