"""The lab's menu offers every scenario once at every entrance, and is no higher than a small screen."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from wsinspector.conversation.engine import Engine
from wsinspector.lab.server import Lab
from wsinspector.ui.lab_menu import fill_lab_menu

SECONDS = 20.0


@pytest.fixture
def lab() -> Iterator[Lab]:
    engine = Engine().start()
    made = Lab()
    engine.run(made.start()).result(SECONDS)
    engine.run(made.ready()).result(SECONDS)
    yield made
    engine.run(made.stop()).result(SECONDS)
    engine.stop()


def offered(menu: QMenu) -> list[str]:
    """Texts of every action below ``menu`` that can be picked."""
    found = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found += offered(inner)
        elif action.text():
            found.append(action.text())
    return found


def test_every_scenario_once_at_every_entrance(qtbot: QtBot, lab: Lab) -> None:
    taken: list[str] = []
    menu = QMenu()
    qtbot.addWidget(menu)
    fill_lab_menu(menu, lab, taken.append, lambda: None)
    secure = [entrance for entrance in lab.entrances[1:] if entrance.kind != "peer"]
    for scenario in lab.scenarios:
        text = f"{scenario.name}\t{scenario.path}"
        assert offered(menu).count(text) == 1 + len(secure)
    assert len(menu.actions()) < 20
    menu.actions()[1].trigger()
    assert taken == [lab.url_of("/chat")]


def test_each_scenario_belongs_to_a_group(qtbot: QtBot, lab: Lab) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    fill_lab_menu(menu, lab, lambda _url: None, lambda: None)
    flat = [action.text().split("\t")[0] for action in menu.actions() if "\t" in action.text()]
    assert flat == ["conforming echo", "chat", "binary", "pings", "fragments", "mirror"]


def test_without_a_lab_the_menu_says_so(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    fill_lab_menu(menu, None, lambda _url: None, lambda: None)
    assert [action.text() for action in menu.actions()] == ["The lab is not listening"]
    assert not menu.actions()[0].isEnabled()
