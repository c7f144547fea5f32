"""The lab's menu offers every scenario once at every entrance, and is no higher than a small screen."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from wsinspector.conversation.engine import Engine
from wsinspector.lab.manners import MANNERS
from wsinspector.lab.server import Lab
from wsinspector.lab.versions import VersionRule
from wsinspector.present.lab_words import manner_text
from wsinspector.ui.lab_control import LabControl
from wsinspector.ui.lab_menu import add_settings, fill_lab_menu
from wsinspector.ui.lab_sheet import LabSheet
from wsinspector.ui.lab_status import LabStatus
from wsinspector.ui.settings import Settings

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


class Controlled:
    """A lab under a control, as in the window."""

    def __init__(self, folder: Path) -> None:
        self.engine = Engine().start()
        self.lab = Lab()
        self.settings = Settings(folder / "window.ini")
        self.control = LabControl(self.engine, self.settings, folder)
        self.control.watch(self.lab)
        self.engine.run(self.lab.start()).result(SECONDS)

    def again(self, folder: Path) -> LabControl:
        """The control of the next start."""
        self.settings.sync()
        return LabControl(self.engine, Settings(folder / "window.ini"), folder)


@pytest.fixture
def controlled(qapp: QApplication, tmp_path: Path) -> Iterator[Controlled]:
    made = Controlled(tmp_path)
    yield made
    made.control.close()
    made.engine.run(made.lab.stop()).result(SECONDS)
    made.engine.stop()


def answer_to(lab: Lab, version: bytes) -> bytes:
    """What the lab's echo answers to ``version``, up to the blank line."""
    with socket.create_connection(("127.0.0.1", lab.port), timeout=SECONDS) as one:
        one.sendall(
            b"GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: " + version + b"\r\n\r\n"
        )
        came = b""
        while b"\r\n\r\n" not in came:
            came += one.recv(65536)
    return came


def picked(menu: QMenu, *texts: str) -> QAction:
    """The entry at the end of a path of texts, each only begun."""
    for text in texts[:-1]:
        inner = next(one.menu() for one in menu.actions() if one.text().startswith(text))
        assert isinstance(inner, QMenu)
        menu = inner
    return next(one for one in menu.actions() if one.text().startswith(texts[-1]))


def settings_menu(qtbot: QtBot, control: LabControl) -> tuple[QMenu, list[str]]:
    menu, asked = QMenu(), list[str]()
    qtbot.addWidget(menu)
    add_settings(menu, control, asked.append)
    return menu, asked


def test_a_set_and_a_manner_take_effect_at_once_and_are_found_again(
    qtbot: QtBot, controlled: Controlled, tmp_path: Path
) -> None:
    control, lab = controlled.control, controlled.lab
    assert answer_to(lab, b"7").startswith(b"HTTP/1.1 101")
    menu, _ = settings_menu(qtbot, control)
    assert menu.actions()[0].text() == f"127.0.0.1:{lab.port} takes every version; others get 426 and a list"
    picked(menu, "Versions", "13").trigger()
    picked(menu, "How it refuses", "400-two-lines").trigger()
    assert control.rule == VersionRule(("13",), "400-two-lines")
    assert answer_to(lab, b"7").startswith(b"HTTP/1.1 400")
    assert answer_to(lab, b"13").startswith(b"HTTP/1.1 101")
    menu, _ = settings_menu(qtbot, control)
    assert menu.actions()[0].text().endswith("takes 13; others get 400 and a list on two lines")
    assert picked(menu, "Versions", "13").isChecked()
    assert picked(menu, "How it refuses", "400-two-lines").isChecked()
    assert controlled.again(tmp_path).rule == control.rule
    picked(menu, "Versions", "Every version").trigger()
    assert controlled.again(tmp_path).rule.taken is None


def test_settings_that_nobody_can_read_any_more_take_every_version(
    controlled: Controlled, tmp_path: Path
) -> None:
    controlled.settings.lab_rule = (("13", "no-such-dialect"), "426-list")
    assert controlled.again(tmp_path).rule == VersionRule()


def test_every_manner_stands_in_the_menu_with_what_it_does(qtbot: QtBot, controlled: Controlled) -> None:
    menu, _ = settings_menu(qtbot, controlled.control)
    inner = next(one.menu() for one in menu.actions() if one.text().startswith("How it refuses"))
    assert isinstance(inner, QMenu)
    texts = [action.text().split("\t") for action in inner.actions()]
    assert [name for name, _ in texts] == list(MANNERS)
    assert all(told for _, told in texts)
    assert len({manner_text(name) for name in MANNERS}) == len(MANNERS)


def test_clients_are_caught_at_every_start_and_answered_by_hand_only_when_asked(
    qtbot: QtBot, controlled: Controlled, tmp_path: Path
) -> None:
    control = controlled.control
    menu, asked = settings_menu(qtbot, control)
    assert picked(menu, "Outside", "Catch").isChecked()
    assert not picked(menu, "Outside", "Answer").isChecked()
    picked(menu, "Outside", "Catch").trigger()
    assert (control.catches, controlled.again(tmp_path).catches) == (False, False)
    picked(menu, "Outside", "Answer").trigger()
    # Nobody is answered by hand who is not caught.
    assert (control.by_hand, control.catches) == (True, True)
    assert not controlled.again(tmp_path).by_hand
    picked(menu, "Outside", "Listen beyond").trigger()
    assert not control.beyond_loopback  # what becomes reachable is read first
    assert asked == ["beyond"]


def test_the_sheet_says_below_the_field_what_is_wrong_with_a_set(
    qtbot: QtBot, controlled: Controlled
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    sheet = LabSheet(controlled.control, window)
    window.show()
    sheet.appear()
    sheet.focus_part("own")
    for typed in ("13, foo", "256", ","):
        sheet.own.clear()
        QTest.keyClicks(sheet.own, typed)
        assert sheet.wrong.full_text()
        assert sheet.own.accessibleDescription() == sheet.wrong.full_text()
        assert controlled.control.rule.taken in (None, ("13",), ("2",), ("25",))
    sheet.own.clear()
    QTest.keyClicks(sheet.own, "13, hixie-76")
    assert not sheet.wrong.full_text()
    assert controlled.control.rule.taken == ("13", "hixie-76")
    assert sheet.in_force.full_text() == "Takes 13, hixie-76; others get 426 and a list."
    sheet.sets.segments[0].click()
    assert controlled.control.rule == VersionRule()
    assert sheet.own.text() == ""
    assert window.rect().contains(sheet.geometry())


def test_the_status_tells_of_versions_that_are_refused(qtbot: QtBot, controlled: Controlled) -> None:
    status = LabStatus(controlled.control)
    qtbot.addWidget(status)
    assert status.versions.isHidden()
    controlled.control.take(("13", "8", "7"), "400-list")
    assert status.versions.text() == "lab: 13, 8, 7"
    assert "others get 400 and a list" in status.versions.toolTip()
    controlled.control.take(None, "any")
    assert status.versions.text() == "lab refuses with a 101 all the same"
