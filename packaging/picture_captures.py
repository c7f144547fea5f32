"""States of the window that find, keep and hand on: the log's tools, files and their sheets, replay."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Register = Callable[[str], Callable[[Callable[[Any], Awaitable[None]]], object]]
FOLDER = tempfile.TemporaryDirectory()


def register_captures(state: Register) -> None:
    """Register every state with ``state``."""
    for show in (
        statistics, filter_decided, filter_faults, filter_names, learn_filter, log_find, log_marks, log_jump,
        export, kept_captures, file_list, file_shared, file_damaged, replay_sheet, replay_done,
        deflate_offers, crash_report, library_shelf, library_values, view_not_utf8,
        log_compressed,
    ):  # fmt: skip
        state(show.__name__.replace("_", "-"))(show)


async def _chat(p: Any, frames: int = 24) -> None:
    """A conversation that goes on, with some frames of every kind."""
    await p.fresh("/chat?every=30")
    await p.connect(frames=4)
    current = p.page.tab.conversation.current
    for text in ('{"say": "hello", "n": 1}', "plain words", '{"say": "bye", "n": 2}'):
        current.send_message(text)
    current.send_message(bytes(range(40)))
    current.ping(b"up")
    await p.until(lambda: p.page.tab.snapshot.frames >= frames, "frames")


async def _ended(p: Any) -> Path:
    """The conversation's file, all of it there."""
    tab = p.page.tab
    tab.conversation.disconnect()
    await p.until(lambda: not tab.snapshot.live, "the end")
    await asyncio.sleep(0.3)
    return Path(tab.conversation.capture_path)


async def _open(p: Any, path: Path) -> None:
    p.desk.files.open_by_hand([path])
    await p.until(lambda: len(p.desk.pages) == 2, "the file's tab")
    p.desk.close_tab(0)
    await asyncio.sleep(0.6)


async def statistics(p: Any) -> None:
    await _chat(p, 60)
    p.page.toggle_statistics()
    await asyncio.sleep(1.5)


async def filter_decided(p: Any) -> None:
    await _chat(p)
    line = p.page.frames.tools.filter
    line.take('type == text and json.say contains "e"')
    await asyncio.sleep(0.6)


async def filter_faults(p: Any) -> None:
    await _chat(p)
    line = p.page.frames.tools.filter
    line.field.setText("type == txet and size > ")
    line.apply()
    await asyncio.sleep(0.4)


async def filter_names(p: Any) -> None:
    await _chat(p)
    line = p.page.frames.tools.filter
    line.focus()
    line.field.setText("type == ")
    line.field.offer()
    await asyncio.sleep(0.4)


async def learn_filter(p: Any) -> None:
    await p.fresh("/chat")
    p.desk.show_learn("filter")
    await asyncio.sleep(0.3)


async def log_find(p: Any) -> None:
    await _chat(p)
    places = p.page.frames.places
    places.act("find")
    places.area.seek.field.setText("say")
    await asyncio.sleep(0.5)
    places.act("find-next")
    await asyncio.sleep(0.4)


async def log_marks(p: Any) -> None:
    await _chat(p)
    places = p.page.frames.places
    for number, name in ((2, "first price"), (5, ""), (8, "after our hello")):
        places.marking.ask_name(number)
        places.marking.set_name(number, name)
    places.marking.set_note(8, "Compare with the capture of last week.")
    places.act("marks")
    await asyncio.sleep(0.4)


async def log_jump(p: Any) -> None:
    await _chat(p)
    p.page.frames.places.act("jump")
    await asyncio.sleep(0.3)


async def log_compressed(p: Any) -> None:
    from wsinspector.protocol.request_lines import with_deflate

    await p.fresh("/echo", compress=True)
    p.page.tab.edit(with_deflate(p.page.tab.draft, True))
    await p.connect()
    p.page.tab.conversation.current.send_message("the same words, the same words, the same words " * 8)
    await p.until(lambda: p.page.tab.snapshot.frames >= 2, "the echo")
    _look_at_first(p)
    await asyncio.sleep(0.5)


def _look_at_first(p: Any) -> None:
    p.page.frames.view.table.select_row(0)
    p.page.frames.opening.open()


async def export(p: Any) -> None:
    await _chat(p)
    p.desk.files.show_export()
    await asyncio.sleep(0.5)


async def kept_captures(p: Any) -> None:
    await _chat(p)
    p.desk.files.show_kept()
    await asyncio.sleep(0.5)


async def file_list(p: Any) -> None:
    await p.fresh("/chat")
    await p.connect()
    path = await _ended(p)
    p.desk.files.show_list(path)
    await asyncio.sleep(0.5)


async def file_shared(p: Any) -> None:
    from wsinspector.share.shared_copy import save_copy

    await p.fresh("/echo?token=not-a-real-token")
    await p.connect()
    p.page.tab.conversation.current.send_message('{"token": "not-a-real-token", "n": 1}')
    await p.until(lambda: p.page.tab.snapshot.frames >= 2, "the echo")
    target = Path(FOLDER.name) / "shared.wsi"
    target.unlink(missing_ok=True)
    save_copy(await _ended(p), target)
    await _open(p, target)
    _look_at_first(p)
    p.page.handshake.request.show_view(1)
    await asyncio.sleep(0.5)


async def file_damaged(p: Any) -> None:
    from wsinspector.capture.copying import copy_capture

    await _chat(p, 40)
    path = await _ended(p)
    target = Path(FOLDER.name) / "damaged.wsi"
    target.unlink(missing_ok=True)
    copy_capture(path, target)
    size = target.stat().st_size
    with target.open("r+b") as file:
        file.truncate(size - size // 12)
    await _open(p, target)


async def replay_sheet(p: Any) -> None:
    await _chat(p)
    await _ended(p)
    p.desk.replaying.ask(p.page)
    await asyncio.sleep(0.6)


async def replay_done(p: Any) -> None:
    await replay_sheet(p)
    p.desk.replaying.sheet.start()
    await p.until(lambda: p.page.workbench.panel is not None, "the replay's tab")
    view = p.page.workbench.panel.replay
    await p.until(lambda: view.run is not None and view.run.over, "the end of the replay")
    await asyncio.sleep(0.8)


async def deflate_offers(p: Any) -> None:
    await p.fresh("/chat")
    p.page.toggle_options()
    await asyncio.sleep(0.2)
    p.page.drawer.handshake.open_offers()
    await asyncio.sleep(0.3)


async def crash_report(p: Any) -> None:
    from wsinspector.present.crash_report import Troubles
    from wsinspector.ui.crash_sheet import CrashSheet
    from wsinspector.ui.crashing import report

    await p.fresh("/chat")
    troubles = Troubles()
    try:
        raise ValueError("an example, made for the picture")
    except ValueError as error:
        troubles.add("the picture", error, 12.5)
    sheet = CrashSheet(p.window)
    sheet.show_report(report(troubles))
    await asyncio.sleep(0.2)


def _filled(p: Any) -> None:
    from wsinspector.library.environments import Environments, Variable, VariableSet
    from wsinspector.library.requests import RequestFolder, SavedRequest
    from wsinspector.protocol.draft import Draft

    def request(name: str, path: str, notes: str = "") -> SavedRequest:
        draft = Draft.from_bytes(f"GET {path} HTTP/1.1\r\nHost: {{{{host}}}}\r\n\r\n".encode())
        return SavedRequest(name, f"ws://{{{{host}}}}{path}", draft, notes=notes)

    folder = RequestFolder(
        "Prices", (request("feed", "/feed", "Asks for every price."), request("one", "/one"))
    )
    shelf = p.desk.shelf
    shelf.change(RequestFolder(nodes=(folder, request("chat with two versions", "/chat"))))
    one = VariableSet(
        "at home", (Variable("host", "127.0.0.1:9001"), Variable("token", "x" * 12, secret=True))
    )
    shelf.change_environments(Environments((one, VariableSet("test", ())), "at home"))


async def library_shelf(p: Any) -> None:
    from wsinspector.ui.page_switch import LIBRARY

    await p.fresh("/chat")
    _filled(p)
    p.desk.show_page(LIBRARY)
    p.desk.switch.shelves.show_part(1)
    view = p.desk.switch.shelves.requests
    view.tree.expandAll()
    view.tree.setCurrentIndex(view.model.index_of((0, 0)))
    await asyncio.sleep(0.5)


async def library_values(p: Any) -> None:
    from wsinspector.ui.page_switch import LIBRARY

    await p.fresh("/chat")
    _filled(p)
    p.desk.show_page(LIBRARY)
    p.desk.switch.shelves.show_part(2)
    await asyncio.sleep(0.5)


async def _sent(p: Any, *messages: str | bytes) -> None:
    await p.fresh("/echo")
    await p.connect()
    for message in messages:
        p.page.tab.conversation.current.send_message(message)
    await p.until(lambda: p.page.tab.snapshot.frames >= 2 * len(messages), "the echo")
    await p.until(lambda: p.page.frames.view.table.log() is not None, "a log")
    await asyncio.sleep(0.3)
    _look_at_first(p)
    await asyncio.sleep(0.6)


async def view_not_utf8(p: Any) -> None:
    await _sent(p, b"caf\xe9 and \xf0\x9f\x98")
    p.page.frames.detail.payload.views.segments[0].click()
    await asyncio.sleep(0.3)
