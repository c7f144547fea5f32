"""A window in the false language, as a process: what it shows in every state, as JSON."""

import asyncio
import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QFontMetricsF
from PySide6.QtWidgets import QAbstractSpinBox, QPushButton, QWidget

from tests.ui.seen_texts import texts_of
from wsinspector.ui import translating
from wsinspector.ui.app import run_window
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 40.0  # seconds
LOOK_MS = 20
STILL = 4  # looks that see the same


async def _until(true: Callable[[], object]) -> None:
    """Wait for ``true()``, asked at every turn of the window's loop."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            turned = asyncio.Event()
            QTimer.singleShot(LOOK_MS, turned.set)
            await turned.wait()


async def _connected(desk: "Desk", path: str) -> None:
    url = next(each.url for each in desk.workspace.scenarios() if each.path == path)
    page = desk.new_tab()
    page.tab.set_address(url)
    page.tab.connect_now()
    await _until(lambda: page.tab.snapshot is not None and page.tab.snapshot.response is not None)


async def _frame(desk: "Desk") -> None:
    """A frame and its payload, laid out to the bit."""
    await _connected(desk, "/chat")
    page = desk.page
    assert page is not None
    table = page.frames.view.table
    await _until(lambda: table.model() is not None and table.model().rowCount() > 2)
    table.setFocus()
    table.selectRow(1)


def states() -> dict[str, Callable[["Desk"], Any]]:
    """What is shown, by name; each begins where the one before ended."""
    from wsinspector.ui.page_switch import INSPECT, LEARN, LIBRARY, PROVOKE, SWEEP

    def page(deed: Callable[[Any], object]) -> Callable[["Desk"], object]:
        def act(desk: "Desk") -> object:
            desk.show_page(INSPECT)
            return deed(desk.page)

        return act

    def topic(name: str) -> Callable[["Desk"], object]:
        return lambda desk: desk.show_learn(name)

    return {
        "welcome": lambda desk: desk.greeting.show(),
        "draft": lambda desk: (
            desk.greeting.end(),
            page(lambda it: it.tab.set_address("ws://h.example/c"))(desk),
        ),
        "options": page(lambda it: it.toggle_options()),
        "open": lambda desk: _connected(desk, "/chat"),
        "statistics": page(lambda it: it.toggle_statistics()),
        "refused": lambda desk: _connected(desk, "/400-html"),
        "426": lambda desk: _connected(desk, "/426-list"),
        "wrong accept": lambda desk: _connected(desk, "/wrong-accept"),
        "sequences": page(lambda it: it.workbench.toggle(0)),
        "messages": page(lambda it: it.workbench.toggle(1)),
        "sweep": lambda desk: desk.show_page(SWEEP),
        "provoke": lambda desk: desk.show_page(PROVOKE),
        "learn": lambda desk: desk.show_page(LEARN),
        "rules": topic("rules"),
        "versions": topic("versions"),
        "filter": topic("filter"),
        "library": lambda desk: desk.show_page(LIBRARY),
        "frame": _frame,
        "payload": page(lambda it: it.frames.view.follow()),
        "lab": lambda desk: (desk.show_page(INSPECT), desk.show_lab_sheet()),
        "keys": lambda desk: desk.toggle_sheet(),
    }


def _cut(window: MainWindow) -> list[tuple[str, int, float]]:
    found = []
    for button in window.findChildren(QPushButton):
        text = button.text().replace("&", "")
        needed = QFontMetricsF(button.font()).horizontalAdvance(text)
        if button.isVisible() and text and "…" not in text and button.width() < needed:
            found.append((text, button.width(), needed))
    return found


def _unclear(window: MainWindow) -> list[tuple[str, str, str]]:
    """Parts that take the focus and have no name for a screen reader, or no role."""
    vague = (QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Whitespace)
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        if isinstance(widget.parentWidget(), QAbstractSpinBox):
            continue  # the field within has no life of its own
        spoken = QAccessible.queryAccessibleInterface(widget)
        name = spoken.text(QAccessible.Text.Name)
        if spoken.role() in vague or not name.strip():
            found.append((type(widget).__name__, spoken.role().name, name))
    return found


def main(folder: Path) -> int:
    """Print one JSON object: by state its texts, the buttons that cut theirs and the parts a screen reader
    cannot tell; what no catalogue has."""
    os.environ[translating.VARIABLE] = translating.PSEUDO
    sys.path.insert(0, str(ROOT / "packaging"))
    texts, _ = importlib.import_module("translations").all_texts(ROOT / "wsinspector")
    known = {(text.context, text.text) for each in texts.values() for text in each}
    vain: set[tuple[str, str]] = set()
    plain = translating.pseudo

    def strict(context: str, text: str, comment: str, count: int) -> str:
        if text and (context, text) not in known:
            vain.add((context, text))
        return plain(context, text, comment, count)

    translating.pseudo = strict
    seen: dict[str, Any] = {}

    async def script(window: MainWindow) -> None:
        desk = window.desk
        assert desk is not None
        window.resize(1440, 900)
        await _until(lambda: desk.workspace.scenarios())
        for name, show in states().items():
            shown = show(desk)
            if asyncio.iscoroutine(shown):
                await shown
            before: list[set[tuple[str, str]]] = [set()] * STILL

            def still(before: list[set[tuple[str, str]]] = before) -> bool:
                before.append({(where, text) for where, text, _ in texts_of(window)})
                return bool(before[-1]) and all(each == before[-1] for each in before[-STILL:])

            await _until(still)
            seen[name] = {"texts": sorted(before[-1]), "cut": _cut(window), "unclear": _unclear(window)}

    code = run_window(Settings(folder / "window.ini"), script=script)
    sys.stdout.write(json.dumps({"states": seen, "vain": sorted(vain)}))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
