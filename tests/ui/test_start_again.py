"""What was open comes back at the next start, and never over what a person has chosen meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener, capture, front, settle
from wsinspector.ui import theme
from wsinspector.ui.desk import INSPECT, SWEEP, Desk
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace


@pytest.fixture
def closed(open_window: Opener, tmp_path: Path) -> list[Path]:
    """Three files that were open, the last of them in front."""
    files = [capture(tmp_path / f"{name}.wsi") for name in ("one", "two", "three")]
    desk = open_window(*(str(path) for path in files))
    desk.window.close()
    return files


@contextmanager
def started(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A window as it is while its files are still to be opened."""
    settings = Settings(tmp_path / "window.ini")
    theme.apply(qapp)
    window = MainWindow(settings)
    workspace = Workspace(settings)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.furnish(workspace)
    assert window.desk is not None
    try:
        yield window.desk
    finally:
        window.close()
        window.close_everything()
        workspace.stop()
        window.deleteLater()


def _files(desk: Desk) -> list[Path | None]:
    return [page.tab.conversation.capture_path for page in desk.pages]


def test_what_was_in_front_is_in_front_again(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, closed: list[Path]
) -> None:
    with started(qapp, qtbot, tmp_path) as desk:
        settle(qtbot, desk)
        assert _files(desk) == closed
        assert front(desk).tab.conversation.capture_path == closed[-1]


def test_a_page_that_was_chosen_meanwhile_stays(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, closed: list[Path]
) -> None:
    with started(qapp, qtbot, tmp_path) as desk:
        desk.show_page(SWEEP)
        settle(qtbot, desk)
        assert _files(desk) == closed
        assert desk.sweeping is not None
        desk.show_page(INSPECT)
        assert front(desk).tab.conversation.capture_path == closed[-1]


def test_a_tab_that_was_chosen_meanwhile_stays(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, closed: list[Path]
) -> None:
    with started(qapp, qtbot, tmp_path) as desk:
        mine = desk.new_tab()
        settle(qtbot, desk)
        assert set(_files(desk)) >= set(closed)
        assert front(desk) is mine
        assert mine.address.field.hasFocus()


def test_who_works_in_the_first_tab_is_left_alone(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, closed: list[Path]
) -> None:
    with started(qapp, qtbot, tmp_path) as desk:
        qtbot.waitUntil(lambda: bool(desk.pages))
        first = front(desk)
        first.address.field.setFocus()
        settle(qtbot, desk)
        assert _files(desk) == closed
        assert front(desk) is first
        assert first.address.field.hasFocus()


def test_a_page_stays_where_no_file_could_be_opened(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, closed: list[Path]
) -> None:
    for path in closed:
        path.write_bytes(b"no capture any more")
    with started(qapp, qtbot, tmp_path) as desk:
        desk.show_page(SWEEP)
        settle(qtbot, desk)
        assert len(desk.pages) == 1
        assert desk.sweeping is not None


def test_the_first_conversation_of_several_is_not_asked_about_again(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    path = capture(tmp_path / "many.wsi", 3)
    desk = open_window()
    desk.files.open(path, 1)
    settle(qtbot, desk)
    desk = open_window()
    assert desk.files.list is None
    assert path in _files(desk)
