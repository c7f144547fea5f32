"""A window whose capture finds no room for a while; what it says before, meanwhile and after goes to stdout.

Called as ``python -m tests.ui.full_disk_window SETTINGS``, with folders of its own in the environment.
"""

import asyncio
import dataclasses
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conversation.conftest import Peers
from tests.conversation.full_disk_connection import FRAMES, flood
from wsinspector.ui.app import run_window
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow

PATIENCE = 60.0


async def until(page: InspectPage, met: Callable[[], bool]) -> None:
    """Come back once ``met`` is true, looked at with each tick of the tab."""
    ticked = asyncio.Event()
    page.tab.ticked.connect(ticked.set)
    try:
        async with asyncio.timeout(PATIENCE):
            while not met():
                ticked.clear()
                await ticked.wait()
    finally:
        page.tab.ticked.disconnect(ticked.set)


async def _script(window: MainWindow, peers: Peers, told: dict[str, Any]) -> None:
    desk = window.desk
    assert desk is not None
    page = desk.page or desk.new_tab()
    tab, notices, status = page.tab, page.notices, desk.status

    def seen() -> dict[str, Any]:
        return {
            "shown": notices.isVisible(),
            "lead": notices.lead.full_text(),
            "lines": notices.text.full_text(),
            "status": status.dropped.full_text(),
            "tip": status.dropped.toolTip(),
        }

    tab.set_address(f"ws://127.0.0.1:{peers.upgraded(flood)}/")
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, largest))
    told["before"] = seen()
    tab.connect_now()
    await until(page, lambda: bool(page.writing_trouble) and tab.snapshot is not None and tab.snapshot.held)
    await until(page, lambda: "waits" in status.dropped.full_text())
    told["full"] = seen()
    attempt = tab.conversation.current
    assert attempt is not None
    attempt.publish(dataclasses.replace(attempt.snapshot, trouble=""))  # made before the writer failed
    status.look()
    told["behind"] = seen()
    told["waiting"] = tab.snapshot.bytes_in if tab.snapshot is not None else -1
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    await until(page, lambda: not page.writing_trouble)
    told["again"] = seen()
    await until(page, lambda: tab.snapshot is not None and not tab.snapshot.live)
    await until(page, lambda: tab.snapshot is not None and tab.snapshot.frames == FRAMES)
    told["after"] = seen()
    assert tab.snapshot is not None
    told["frames"], told["losses"] = tab.snapshot.frames, len(tab.snapshot.losses)
    told["capture"] = str(tab.conversation.capture_path)


def main() -> None:
    peers, told = Peers(), dict[str, Any]()
    settings = Settings(Path(sys.argv[1]))
    settings.welcomed = True
    settings.lab_at_start = False
    try:
        run_window(settings, script=lambda window: _script(window, peers, told))
    finally:
        peers.close()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
