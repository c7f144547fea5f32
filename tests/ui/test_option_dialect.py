"""The Dialect group: what the request is written in, and what the frames are read as."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.ui.inspect.option_dialect import DialectGroup
from wsinspector.ui.inspect.tab import TabState


@pytest.fixture
def tab(qtbot: QtBot) -> Iterator[TabState]:
    conversation = Conversation(Engine())
    conversation.set_address("ws://127.0.0.1:1/")
    made = TabState(conversation)
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def group(qtbot: QtBot, tab: TabState) -> DialectGroup:
    made = DialectGroup(tab)
    qtbot.addWidget(made)
    tab.options_changed.connect(made.look)
    tab.draft_changed.connect(made.look)
    made.look()
    return made


def pick(group: DialectGroup, text: str) -> None:
    menu = group.frames_menu()
    next(action for action in menu.actions() if action.text().startswith(text)).trigger()
    menu.deleteLater()


def test_every_dialect_can_be_spoken_after_any_request(group: DialectGroup, tab: TabState) -> None:
    before = tab.draft
    for dialect in DIALECTS:
        pick(group, dialect.name)
        assert tab.conversation.options.speak == dialect.name
        assert group.frames.text() == f"{dialect.name} ▾"
        assert tab.draft == before
    pick(group, "As the request says")
    assert tab.conversation.options.speak == ""


def test_what_is_said_and_what_is_spoken_are_told_apart(group: DialectGroup, tab: TabState) -> None:
    assert group.sentence.full_text() == "The request speaks rfc6455, and so will the frames."
    pick(group, "hybi-05")
    assert group.sentence.full_text() == "The request speaks rfc6455; the frames will be hybi-05's."
    tab.edit(tab.draft.with_version_values([b"8"]))
    assert group.sentence.full_text().startswith("The request speaks hybi-11;")


def test_the_card_of_what_would_be_spoken_is_asked_for(
    qtbot: QtBot, group: DialectGroup, tab: TabState
) -> None:
    tab.write_in("hixie-75")
    with qtbot.waitSignal(group.about_asked) as asked:
        group.about.click()
    assert asked.args == ["hixie-75"]
