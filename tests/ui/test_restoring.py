"""What a killed or crashed window had open is offered by the next one; errors inside it are told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.ui.crashing import Crashing
from wsinspector.ui.desk import Desk
from wsinspector.ui.files.strip import StripRow

ENDING = """
import asyncio, os, sys
from pathlib import Path
from wsinspector.ui.app import run_window
from wsinspector.ui.settings import Settings

folder, how = Path(sys.argv[1]), sys.argv[2]

async def until(true):
    while not true():
        await asyncio.sleep(0.01)

async def script(window):
    desk = window.desk
    await until(lambda: desk.workspace.scenarios())
    url = next(each.url for each in desk.workspace.scenarios() if each.path == "/echo")
    page = desk.pages[0]
    page.tab.set_address(url)
    page.tab.connect_now()
    attempts = page.tab.conversation.attempts
    await until(lambda: attempts and attempts[0].snapshot.response)
    page = desk.new_tab()
    page.tab.set_address("ws://draft.example/never?sent=1")
    page.tab.edit(page.tab.draft.with_version_values((b"8",)))
    secret = desk.new_tab()
    secret.tab.set_address("ws://not.kept.example/")
    import dataclasses
    secret.tab.set_options(dataclasses.replace(secret.tab.conversation.options, keep=False))
    desk.restoring.note()
    page.tab.conversation.save()
    if how == "close":
        return
    print("open", flush=True)
    if how == "fault":
        import faulthandler
        faulthandler._sigsegv()
    await asyncio.sleep(600)

settings = Settings(folder / "window.ini")
settings.welcomed = True
raise SystemExit(run_window(settings, script=script))
"""


def _run(folder: Path, how: str) -> None:
    """A window of its own with three tabs, ended in the manner ``how``: kill, fault or close."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    running = subprocess.Popen(
        [sys.executable, "-c", ENDING, str(folder), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert running.stdout is not None
    line = running.stdout.readline()
    if how != "close":
        assert line == b"open\n"
    if how == "kill":
        running.send_signal(signal.SIGKILL)
    assert running.wait() == {"kill": -signal.SIGKILL, "fault": -signal.SIGSEGV, "close": 0}[how]
    running.stdout.close()


def _button(row: StripRow, text: str) -> QPushButton:
    (found,) = (each for each in row.findChildren(QPushButton) if each.text() == text)
    return found


def _addresses(desk: Desk) -> list[str]:
    return [page.tab.conversation.address_text for page in desk.pages]


def test_after_a_kill_the_tabs_are_offered_and_come_back(
    tmp_path: Path, open_window: Opener, qtbot: QtBot
) -> None:
    _run(tmp_path, "kill")
    desk = open_window()
    (row,) = desk.files.strip.rows
    assert "killed" in row.text.full_text()
    assert "2 conversations" in row.text.full_text()  # the one that is not to be kept is not among them
    assert not any("draft.example" in each for each in _addresses(desk))  # nothing opens unasked
    _button(row, "Open again").setFocus()
    QTest.keyClick(_button(row, "Open again"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: sum("/echo" in each for each in _addresses(desk)) == 1)
    qtbot.waitUntil(lambda: not desk.files.opening.busy)
    page = next(page for page in desk.pages if "draft.example" in page.tab.conversation.address_text)
    assert b"Sec-WebSocket-Version: 8\r\n" in page.tab.draft.to_bytes()
    kept = next(page for page in desk.pages if "/echo" in page.tab.conversation.address_text)
    assert len(kept.tab.conversation.attempts) == 1
    assert len(desk.pages) == 2  # the tab that the start made was untouched
    assert desk.page in (page, kept)
    assert desk.files.strip.rows == []
    again = open_window()
    assert again.files.strip.rows == []  # asked once


def test_put_away_it_is_not_offered_again_and_the_captures_stay(tmp_path: Path, open_window: Opener) -> None:
    _run(tmp_path, "kill")
    desk = open_window()
    (row,) = desk.files.strip.rows
    row.away.click()
    assert desk.files.strip.rows == []
    assert list(desk.workspace.folder.glob("*.wsi"))
    assert open_window().files.strip.rows == []


def test_without_an_answer_it_is_offered_again(tmp_path: Path, open_window: Opener) -> None:
    _run(tmp_path, "kill")
    assert len(open_window().files.strip.rows) == 1
    assert len(open_window().files.strip.rows) == 1


def test_after_a_fault_its_report_can_be_read_and_copied(tmp_path: Path, open_window: Opener) -> None:
    _run(tmp_path, "fault")
    desk = open_window()
    (row,) = desk.files.strip.rows
    assert "crashed" in row.text.full_text()
    _button(row, "Crash report…").click()
    sheet = desk.restoring.sheet
    assert sheet is not None
    assert "Segmentation fault" in sheet.text.toPlainText()
    assert str(Path.home()) not in sheet.text.toPlainText()
    sheet.copy.click()
    assert QGuiApplication.clipboard().text() == sheet.text.toPlainText()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert len(desk.files.strip.rows) == 1  # the tabs are still offered


def test_a_window_that_was_closed_leaves_nothing_to_offer(tmp_path: Path, open_window: Opener) -> None:
    _run(tmp_path, "close")
    desk = open_window()
    assert desk.files.strip.rows == []
    assert list((desk.workspace.folder.parent / "running").glob("*.fault")) == []


def test_an_error_inside_is_told_once_and_its_report_leaves_secrets_out(
    open_window: Opener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_window()
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)  # else the test fails by it, as it should
    crashing = Crashing(desk)
    crashing.begin()
    desk.restoring.watch(crashing)
    for _ in range(3):
        try:
            raise ValueError("ws://ann:pass@host/ Authorization: Bearer abc.def")
        except ValueError as error:
            sys.excepthook(ValueError, error, error.__traceback__)
    crashing.stop()
    (row,) = desk.files.strip.rows
    assert "goes on" in row.text.full_text()
    _button(row, "Report…").click()
    assert desk.restoring.sheet is not None
    text = desk.restoring.sheet.text.toPlainText()
    assert "seen 3 times" in text
    assert "test_restoring.py" in text
    for secret in ("ann", "pass@", "abc.def"):
        assert secret not in text.replace("ann_", "")
    assert "PySide6" in text
