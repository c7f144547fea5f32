"""What tests of files in the window share: captures to open, and where the window says what came of it."""

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from wsinspector.capture import CaptureWriter
from wsinspector.protocol.spans import Direction
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage

WAIT = 15_000
Opener = Callable[..., Desk]


def settle(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.files.opening.busy and not desk.files.strip.busy, timeout=WAIT)


def front(desk: Desk) -> InspectPage:
    assert desk.page is not None
    return desk.page


def told(desk: Desk) -> list[str]:
    return [row.text.full_text() for row in desk.files.strip.rows]


def capture(path: Path, conversations: int = 1) -> Path:
    """A capture of ``conversations`` refusals, versions and addresses telling them apart."""
    writer = CaptureWriter.create(path)
    for number in range(1, conversations + 1):
        url = f"ws://host{number}.example:81/{path.stem}"
        version = 13 if number % 2 else 8
        request = (
            f"GET /{path.stem} HTTP/1.1\r\nHost: host{number}.example:81\r\n"
            f"Cookie: sid=s3cr3t{number}\r\nSec-WebSocket-Version: {version}\r\n\r\n"
        ).encode()
        status = 426 if number % 3 else 403
        answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()
        made = writer.new_conversation(url, {"address": url}, request)
        attempt = writer.new_attempt(
            made,
            1,
            wall_ns=number * 10**9,
            mono_ns=1000,
            facts={
                "url": url,
                "request_length": len(request),
                "request_at": 1001,
                "end": {
                    "kind": "response-done",
                    "by": "peer",
                    "clean": True,
                    "code": None,
                    "reason": "",
                    "sent_code": None,
                    "received_code": None,
                    "silence": 0.0,
                    "age": 0.1,
                    "at": 2000,
                    "text": "",
                },
            },
        )
        attempt.bytes(Direction.OUT, request, 1001)
        attempt.bytes(Direction.IN, answer, 1500)
        attempt.finish()
    writer.close()
    return path


def connect(qtbot: QtBot, desk: Desk, path: str) -> InspectPage:
    assert desk.workspace.lab is not None
    page = front(desk)
    page.tab.set_address(desk.workspace.lab.url_of(path))
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open, timeout=WAIT)
    return page
