"""What the first paint shows, and what it does not wait for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from wsinspector.ui import theme
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow

NOT_YET = ("subprocess", "ctypes", "dataclasses", "asyncio", "ssl", "qasync", "sqlite3", "websockets",
           "wsinspector.cli.arguments", "wsinspector.ui.tabs", "wsinspector.conversation")  # fmt: skip

# Starts the program as it is, and ends it at the first paint.
PROGRAM = """
import json, os, sys
from wsinspector.__main__ import main
from wsinspector.ui import app

def painted(application, window):
    paint(application, window)
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)

paint, app.paint_first = app.paint_first, painted
main(["ws://127.0.0.1:1/"])
"""


def test_nothing_is_loaded_before_the_first_paint_that_it_does_not_show(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
    )
    loaded = json.loads(done.stdout)
    assert "wsinspector.ui.window" in loaded
    assert [name for name in NOT_YET if name in loaded] == []


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.5])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_paint_has_the_surfaces_of_the_finished_window(
    qapp: QApplication, tmp_path: Path, scheme: str, zoom: float
) -> None:
    def surfaces() -> tuple[str, str]:
        picture = window.grab().toImage()
        return picture.pixelColor(3, 2).name(), picture.pixelColor(3, picture.height() // 2).name()

    try:
        qapp.setStyleSheet("")
        theme.set_initial(scheme, zoom)
        theme.lay_ground(qapp, None)
        window = MainWindow(Settings(tmp_path / "window.ini"))
        window.show()
        assert surfaces() == (theme.color("window").name(), theme.color("pane").name())
        pages = window.pages.geometry()
        theme.apply(qapp)
        window.dress()
        qapp.processEvents()
        assert surfaces() == (theme.color("window").name(), theme.color("pane").name())
        assert abs(window.pages.geometry().top() - pages.top()) <= 4
        window.close()
        window.deleteLater()
    finally:
        theme.set_initial("system", 1.0)
        theme.apply(qapp)


@pytest.mark.parametrize(
    ("ground", "told", "dark"),
    [("#efefef", True, False), ("#efefef", False, True), ("#323232", True, True), ("#323232", False, True)],
)
def test_the_systems_scheme_is_known_without_asking_again(
    qapp: QApplication, ground: str, told: bool, dark: bool
) -> None:
    before = qapp.palette()
    try:
        theme.set_initial("system", 1.0)
        palette = QPalette(before)
        palette.setColor(QPalette.ColorRole.Window, ground)
        qapp.setPalette(palette)
        theme.lay_ground(qapp, told)
        assert theme.is_dark() is dark
    finally:
        qapp.setPalette(before)
        theme.apply(qapp)


def test_what_the_system_told_is_remembered(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "window.ini")
    assert settings.system_told is None
    for told in (False, True):
        settings.system_told = told
        settings.sync()
        assert Settings(tmp_path / "window.ini").system_told is told
