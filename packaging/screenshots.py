"""Render every state of the window from the real program on its real lab, in every look.

``screenshots.py [--out FOLDER] [--only NAME ...] [--variant V] [--readme]``: each state at each size,
dark, light and in high contrast (``plain``), in the false language that finds clipped texts (``pseudo``),
and at 200 % (``double``); all three where none is named. Without a display it starts Xvfb for itself.
``--readme`` writes the README's pictures instead.
"""

import argparse
import asyncio
import dataclasses
import gzip
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from picture_captures import register_captures
from picture_states import register_all

TOP = Path(__file__).parent.parent
LESSONS = TOP / "resources" / "lessons"
SIZES = ((1440, 900), (1366, 696), (1024, 700))
README = {"open": "inspect", "refused-version": "refused-version", "ended-after-silence": "ended"}
SCHEMES = ("dark", "light", "contrast")
VARIANTS: dict[str, tuple[dict[str, str], str]] = {
    # what it needs around it, and the size of its screen
    "plain": ({}, "1600x1000x24"),
    "pseudo": ({"WSINSPECTOR_LANGUAGE": "pseudo"}, "1600x1000x24"),
    "double": ({"QT_SCALE_FACTOR": "2"}, "3200x2000x24"),
}
PATIENCE = 60.0  # s


def on_a_screen(arguments: list[str], variant: str) -> int:
    """Run this script again below Xvfb for ``variant``; return its exit code."""
    around, screen = VARIANTS[variant]
    command = ["xvfb-run", "-a", "-s", f"-screen 0 {screen}", sys.executable, __file__, *arguments]
    return subprocess.run([*command, "--variant", variant], check=False, env=os.environ | around).returncode


class Photographer:
    """Drives the window to each state and takes its pictures."""

    def __init__(  # type: ignore[no-untyped-def]
        self, window, out: Path, only: set[str], readme: bool, variant: str
    ) -> None:
        self.window = window
        self.desk = window.desk
        self.out = out
        self.only = only
        self.readme = readme
        self.variant = variant
        self.taken = 0
        self.failures: list[str] = []
        self.clients: list[socket.socket] = []

    def wants(self, name: str) -> bool:
        """Whether the state ``name`` is asked for."""
        return (not self.only or name in self.only) and (not self.readme or name in README)

    async def until(self, met: Callable[[], object], what: str) -> None:
        """Wait until ``met`` is true; RuntimeError after a bounded time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not met():
            if loop.time() > end:
                raise RuntimeError(f"never came: {what}")
            await asyncio.sleep(0.03)

    @property
    def page(self):  # type: ignore[no-untyped-def]
        return self.desk.page

    def url(self, path: str, kind: str = "plain") -> str:
        return str(self.desk.workspace.lab.url_of(path, kind))

    async def fresh(self, path: str, kind: str = "plain", **options: object) -> None:
        """A new tab in place of the others, its draft for ``path``."""
        while len(self.desk.pages) > 1:
            self.desk.close_tab(0)
        self.desk.new_tab()
        self.desk.close_tab(0)
        tab = self.page.tab
        tab.set_options(dataclasses.replace(tab.conversation.options, **options))
        tab.set_address(self.url(path, kind))

    async def connect(
        self, *, version: tuple[bytes, ...] = (b"13",), frames: int = 0, ended: bool = False
    ) -> None:
        """Connect and wait for an answer, for ``frames`` or for the end."""
        tab = self.page.tab
        tab.edit(tab.draft.with_version_values(list(version)))
        tab.connect_now()
        number = tab.picked

        def settled() -> bool:
            snapshot = tab.snapshot_of(number)
            if snapshot is None:
                return False
            if ended or not snapshot.open:
                return not snapshot.live
            return bool(snapshot.frames >= frames)

        await self.until(settled, f"an answer of {tab.conversation.address_text}")
        await asyncio.sleep(0.4)

    def client(self, data: bytes) -> socket.socket:
        """Reach the lab as a program from elsewhere does, and send ``data``."""
        made = socket.create_connection(("127.0.0.1", self.desk.workspace.lab.port))
        made.sendall(data)
        self.clients.append(made)
        return made

    async def caught(self) -> None:
        """Wait for the client that came, and bring it to the front."""
        await self.until(lambda: len(self.desk.pages) > 1, "a client's tab")
        self.desk.caught.go()
        await asyncio.sleep(0.4)

    def let_clients_go(self) -> None:
        """End what reached the lab; scenarios answer again, every version is taken."""
        while self.clients:
            self.clients.pop().close()
        self.desk.workspace.control.set_by_hand(False)
        self.desk.workspace.control.take(None, "426-list")

    async def shoot(self, name: str) -> None:
        """Take the window as it is at every size, dark and light."""
        from PySide6.QtWidgets import QApplication

        from wsinspector.ui import theme

        plain = self.variant == "plain"
        sizes = SIZES if plain and not self.readme else SIZES[:1]
        schemes = SCHEMES[:2] if self.readme else SCHEMES if plain else SCHEMES[:1]
        for width, height in sizes:
            self.window.resize(width, height)
            for scheme in schemes:
                theme.set_scheme(scheme)
                await asyncio.sleep(0.15)
                QApplication.processEvents()
                look = scheme if plain else self.variant
                target = self.out / (
                    f"{README[name]}-{scheme}.png" if self.readme else f"{name}-{width}x{height}-{look}.png"
                )
                if not self.window.grab().save(str(target)):
                    raise RuntimeError(f"could not write {target}")
                self.taken += 1

    async def all(self) -> None:
        """Every state, one after the other."""
        from wsinspector.ui.keys import Sheet

        lab = self.desk.workspace.lab
        await self.until(lambda: lab is not None and lab.authority_pem, "the lab over TLS")
        if self.wants("welcome"):
            await self.shoot("welcome")
        self.desk.greeting.end()
        for name, state in STATES.items():
            if self.wants(name):
                try:
                    await state(self)
                except RuntimeError as error:
                    self.failures.append(f"{name}: {error}")
                await self.shoot(name)
                if self.page.drawer.isVisible():
                    self.page.toggle_options()
                desk = self.desk
                for sheet in self.window.findChildren(Sheet):
                    if sheet.isVisible():
                        sheet.leave()
                for row in list(desk.files.strip.rows):
                    desk.files.strip.drop(row)
                self.let_clients_go()
                desk.presenting.leave()
                self.page.tab.conversation.disconnect()


State = Callable[[Photographer], Awaitable[None]]
STATES: dict[str, State] = {}


def state(name: str) -> Callable[[State], State]:
    """Register what brings the window into the state ``name``."""

    def register(function: State) -> State:
        STATES[name] = function
        return function

    return register


@state("draft")
async def _draft(p: Photographer) -> None:
    await p.fresh("/chat")


@state("bad-address")
async def _bad_address(p: Photographer) -> None:
    await p.fresh("/chat")
    p.page.tab.set_address("ws://bad host/")


@state("pasted")
async def _pasted(p: Photographer) -> None:
    from wsinspector.protocol.pasted import read_paste

    await p.fresh("/chat")
    p.page.take_paste(read_paste("curl -k --compressed -H 'X-Trace: 7' https://127.0.0.1:9/feed"))


@state("draft-odd")
async def _draft_odd(p: Photographer) -> None:
    await p.fresh("/chat?token=very-secret-token")
    tab = p.page.tab
    tab.edit(tab.draft.with_version_values([b"13", b"08 "]).switched(1, False))


@state("draft-refused-before")
async def _draft_refused_before(p: Photographer) -> None:
    await p.fresh("/chat")
    tab = p.page.tab
    tab.edit(tab.draft.with_version_values([b"14"]).switched(1, False))
    work = p.page.handshake.work
    await p.until(
        lambda: work.idle and len(p.page.handshake.verdict.lines()) == 2, "the verdict on the draft"
    )
    p.page.handshake.verdict.lines()[1].toggle()


@state("learn-versions")
async def _learn_versions(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.show_learn("versions/hybi-05")


@state("learn-rules")
async def _learn_rules(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.show_learn("rules/request-version")


async def _sweep(p: Photographer, servers: str, set_name: str = "common"):  # type: ignore[no-untyped-def]
    """Begin to ask ``servers`` on the Sweep page; the page."""
    await p.fresh("/chat")
    p.desk.show_page(1)
    page = p.desk.switch.sweep
    page.stop_asking()
    await p.until(lambda: not page.busy, "the end of the sweep before")
    page.servers.set_text(servers)
    page.sets.choose(set_name)
    page.how.timeout.setValue(5)
    page.start()
    return page


@state("sweep-empty")
async def _sweep_empty(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.show_page(1)


@state("sweep")
async def _sweep_done(p: Photographer) -> None:
    page = await _sweep(p, "lab/strict, lab/lists, lab/no-list, lab/any, lab/lies")
    await p.until(lambda: not page.busy, "the answers of the lab")
    await asyncio.sleep(0.3)


@state("sweep-running")
async def _sweep_running(p: Photographer) -> None:
    page = await _sweep(p, "lab/strict, lab/lists, lab/silent")
    await p.until(lambda: page.run.results is not None and page.run.results.done >= 46, "the first answers")
    await asyncio.sleep(1.2)


@state("sweep-malformed")
async def _sweep_malformed(p: Photographer) -> None:
    page = await _sweep(p, "lab/strict, lab/lists, lab/any", "malformed")
    await p.until(lambda: not page.busy, "the answers of the lab")
    await asyncio.sleep(0.3)


@state("sweep-confirm")
async def _sweep_confirm(p: Photographer) -> None:
    await _sweep(p, "wss://one.example/, wss://two.example/chat")


async def _provoke(p: Photographer, servers: str):  # type: ignore[no-untyped-def]
    """The Provoke page with ``servers`` filled in and nothing run yet."""
    await p.fresh("/chat")
    page = p.desk.switch.show_provoke()
    page.stop_asking()
    await p.until(lambda: not page.busy, "the end of the run before")
    page.search.clear()
    page.tick.all()
    page.servers.set_text(servers)
    return page


@state("provoke-empty")
async def _provoke_empty(p: Photographer) -> None:
    await _provoke(p, "")


@state("provoke")
async def _provoke_done(p: Photographer) -> None:
    page = await _provoke(p, "lab/echo, lab/strict")
    page.start()
    await p.until(lambda: not page.busy, "what the lab does")
    await asyncio.sleep(0.3)


@state("provoke-confirm")
async def _provoke_confirm(p: Photographer) -> None:
    page = await _provoke(p, "wss://one.example/")
    page.start()


@state("draft-raw")
async def _draft_raw(p: Photographer) -> None:
    await p.fresh("/chat")
    p.page.handshake.request.show_view(1)


@state("draft-bytes")
async def _draft_bytes(p: Photographer) -> None:
    await p.fresh("/chat")
    p.page.handshake.request.show_view(2)


@state("options")
async def _options(p: Photographer) -> None:
    await p.fresh("/chat", verify=False, policy="watch", connect_to="127.0.0.1:8443")
    p.page.toggle_options()


@state("keys")
async def _keys(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.toggle_sheet()


@state("keys-asked")
async def _keys_asked(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.toggle_sheet()
    if p.desk.sheet is not None:
        p.desk.sheet.show_action("log.mark")
        p.desk.sheet.wait_for_key()
        p.desk.sheet.press("H")


@state("palette")
async def _palette(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.show_palette()
    if p.desk.palette is not None:
        p.desk.palette.field.setText("ma")
        p.desk.palette.type("ma")


@state("open")
async def _open(p: Photographer) -> None:
    from wsinspector.protocol.draft import DraftLine

    await p.fresh("/chat?room=blue&every=40", "good")
    tab = p.page.tab
    draft = tab.draft.insert(5, DraftLine(b"Sec-WebSocket-Protocol", b"chat.v2, chat.v1"))
    draft = draft.insert(
        6, DraftLine(b"Sec-WebSocket-Extensions", b"permessage-deflate; client_max_window_bits")
    )
    draft = draft.insert(7, DraftLine(b"Authorization", b"Bearer not-a-real-token-but-long-enough"))
    tab.edit(draft)
    await p.connect(version=(b"8",), ended=False)
    await p.connect(frames=12)
    tab.conversation.current.send_message('{"say":"hello"}')
    await asyncio.sleep(0.6)
    p.page.frames.view.table.select_row(6)
    p.page.frames.opening.open()
    await asyncio.sleep(0.3)


async def _stepped(p: Photographer, *, to: str) -> None:
    """Step as far as the request, our first frame (``held``) or the answer to it (``came``)."""
    await p.fresh("/echo?token=not-a-real-token", step=True)
    page = p.page
    tab = page.tab
    tab.connect_now()
    await p.until(lambda: tab.snapshot and tab.snapshot.step.next, "a held request")
    if to in ("held", "came"):
        page.stepping.step()
        await p.until(lambda: tab.snapshot.step.unseen, "the answer")
        page.stepping.step()
        await p.until(lambda: tab.snapshot.open, "an open connection")
        tab.conversation.current.send_message('{"say":"hello"}')
        tab.conversation.current.ping(b"up")
        await p.until(lambda: tab.snapshot.step.held_count == 2, "held frames")
    if to == "came":
        page.stepping.step()
        await p.until(lambda: tab.snapshot.step.unseen, "an answer")
        page.stepping.step()
        await p.until(lambda: tab.snapshot.frames == 2, "two frames")
    await asyncio.sleep(0.4)


async def _presented(p: Photographer) -> None:
    from PySide6.QtCore import Qt

    p.desk.presenting.enter()
    p.window.setWindowState(Qt.WindowState.WindowNoState)  # each size is to be seen
    await asyncio.sleep(0.4)


@state("step-request-held")
async def _step_request(p: Photographer) -> None:
    await _stepped(p, to="request")


@state("step-frame-held")
async def _step_frame(p: Photographer) -> None:
    await _stepped(p, to="held")


@state("presenting-handshake")
async def _presenting_handshake(p: Photographer) -> None:
    await _stepped(p, to="request")
    await _presented(p)


@state("presenting-bits")
async def _presenting_bits(p: Photographer) -> None:
    from wsinspector.ui.presenting.panes import Pane

    await _stepped(p, to="came")
    await _presented(p)
    p.desk.presenting.show_pane(Pane.BITS)
    await asyncio.sleep(0.4)


@state("presenting-explained")
async def _presenting_explained(p: Photographer) -> None:
    from wsinspector.ui.presenting.panes import Pane

    await _stepped(p, to="came")
    await _presented(p)
    p.desk.presenting.show_pane(Pane.EXPLAINED)
    await asyncio.sleep(0.4)


@state("open-frames")
async def _open_frames(p: Photographer) -> None:
    await p.fresh("/fragments")
    await p.connect(frames=8)
    p.page.frames.tools.modes.segments[1].click()


PAYLOADS = {
    "view-json-rpc": '{"jsonrpc": "2.0", "method": "less", "params": {"from": 42.10, "by": 23}, "id": 7}',
    "view-socket-io": '42/admin,456["project:delete",{"id":123}]',
    "view-messagepack": b"\x83\xa4name\xa5Gr\xc3\xbcn\xa5ratio\xcb\x3f\xf8"
    + bytes(6)
    + b"\xa3ids\x93\x01\xcd\x01\x00\xc0",
    "view-cbor": b"\xd9\xd9\xf7\xa2atx\x1a2013-03-21T20:04:00Z or soavI\x00\x01\x02\x03\x04\x05\x06\x07\x08",
    "view-gzip": gzip.compress(b'{"price": 1.10, "price": 12345678901234567890, "tags": ["a", "b"]}'),
}


def _viewed(name: str) -> None:
    @state(name)
    async def _taken(p: Photographer) -> None:
        await p.fresh("/echo")
        await p.connect()
        p.page.tab.conversation.current.send_message(PAYLOADS[name])
        frames = p.page.frames
        await p.until(lambda: frames.view.table.log() is not None, "a log")
        await asyncio.sleep(0.5)
        frames.view.table.select_row(0)
        frames.opening.open()
        await p.until(frames.detail.payload.structure.isVisible, name)


for _name in PAYLOADS:
    _viewed(_name)


def _picture() -> bytes:
    """A small picture in PNG, made by Qt."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QColor, QImage, QImageWriter, QLinearGradient, QPainter

    image = QImage(320, 200, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    shades = QLinearGradient(0, 0, 320, 200)
    shades.setColorAt(0, QColor(40, 90, 200))
    shades.setColorAt(1, QColor(230, 120, 60))
    painter.setBrush(shades)
    painter.drawEllipse(20, 10, 280, 180)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


async def _echoed(p: Photographer, *payloads: str | bytes):  # type: ignore[no-untyped-def]
    """Send ``payloads`` to the echo, wait for their echoes; the frame pane."""
    await p.fresh("/echo")
    tab = p.page.tab
    await p.connect()
    frames = p.page.frames
    for sent, payload in enumerate(payloads, 1):
        tab.conversation.current.send_message(payload)
        await p.until(lambda wanted=2 * sent: tab.snapshot.frames >= wanted, "the echo")  # type: ignore[misc]
    await p.until(lambda: frames.view.table.log() is not None, "a log")
    await asyncio.sleep(0.4)
    return frames


@state("view-image")
async def _view_image(p: Photographer) -> None:
    frames = await _echoed(p, _picture())
    frames.view.table.select_row(0)
    frames.opening.open()
    await p.until(lambda: frames.detail.payload.picture.image is not None, "a picture")


@state("view-xml")
async def _view_xml(p: Photographer) -> None:
    frames = await _echoed(
        p,
        '<?xml version="1.0"?><iq type="get" id="d1"><query xmlns="jabber:iq:roster"/>'
        "<note>5 &lt; 7 &amp; more</note><!-- as it came --></iq>",
    )
    frames.view.table.select_row(0)
    frames.opening.open()
    await asyncio.sleep(0.4)


@state("view-json-large")
async def _view_json_large(p: Photographer) -> None:
    items = ", ".join(f'{{"id": {at}, "price": 1.10, "name": "item {at}"}}' for at in range(40_000))
    frames = await _echoed(p, f'{{"total": 12345678901234567890, "items": [{items}], "done": true}}')
    frames.view.table.select_row(0)
    frames.opening.open()
    tree = frames.detail.payload.structure
    await p.until(lambda: tree.isVisible() and tree.topLevelItemCount() == 3, "the tree")
    tree.topLevelItem(1).setExpanded(True)
    await p.until(lambda: frames.background.idle and tree.topLevelItem(1).childCount() > 500, "its members")
    tree.scrollToItem(tree.topLevelItem(1).child(499))


@state("hex-find")
async def _hex_find(p: Photographer) -> None:
    frames = await _echoed(p, bytes(range(256)) * 40 + b"needle" + bytes(2000))
    frames.view.table.select_row(0)
    frames.opening.open()
    payload = frames.detail.payload
    await p.until(payload.hex.isVisible, "hex")
    payload.hex.find_asked.emit()
    payload.find_bytes.field.setText("needle")
    payload.find_bytes.entered.emit(False)
    await asyncio.sleep(0.3)


@state("bits-masked")
async def _bits_masked(p: Photographer) -> None:
    frames = await _echoed(p, "Hello, masked world")
    frames.view.table.select_row(0)
    frames.opening.open()
    detail = frames.detail
    detail.payload.views.segments[3].click()
    await asyncio.sleep(0.3)
    detail.payload.wire.select(9, 9)


async def _explained(p: Photographer, key: str, *names: str) -> None:
    """Explain mode at the piece that is reached by ``names`` within the part ``key``."""
    from wsinspector.ui.translating import pseudonym

    await _echoed(p, "Hello, masked world")
    page = p.page
    page.explaining.show(True)
    model = page.explain.model
    await p.until(lambda: model.rows.row_of(key) is not None, "the part")
    at = model.rows.row_of(key)
    for name in names:
        model.open(at)
        at += 1
        while model.rows.words(model.rows.row(at)).name not in (name, pseudonym(name)):
            at += 1
    page.explain.table.go_to(at)
    await asyncio.sleep(0.4)


@state("explained-key")
async def _explained_key(p: Photographer) -> None:
    await _explained(p, "request", "Sec-WebSocket-Key", "value", "base64 text")


@state("explained-mask")
async def _explained_mask(p: Photographer) -> None:
    await _explained(p, "frame-1", "masking key")


@state("about-header")
async def _about_header(p: Photographer) -> None:
    from wsinspector.ui.explain.about_desk import explain_focus

    await _echoed(p, "Hello")
    table = p.page.handshake.response.table
    table.setCurrentIndex(table.head_model.index(3, 1))
    table.setFocus()
    explain_focus(p.desk)
    await asyncio.sleep(0.2)


@state("learn-glossary")
async def _learn_glossary(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.show_learn("glossary/masking-key")


@state("beside")
async def _beside(p: Photographer) -> None:
    await p.fresh("/fragments")
    await p.connect(frames=8)
    frames = p.page.frames
    await p.until(lambda: frames.view.table.log() is not None, "a log")
    await asyncio.sleep(0.5)
    rows = [frames.view.table.log().cells(row).type for row in range(frames.view.table.log().rowCount())]
    frames.view.table.select_row(rows.index("Binary") if "Binary" in rows else 0)
    frames.opening.open()
    await asyncio.sleep(0.4)
    frames.detail.payload.views.segments[2].click()
    frames.detail.menu.beside.trigger()
    await asyncio.sleep(0.3)
    frames.detail.beside.frames.selectRow(1)


async def _compared(p: Photographer) -> None:
    """Wait for what differs, in whichever language it is told."""
    compare = p.page.frames.detail.compare
    await p.until(lambda: compare.isVisible() and any(map(str.isdigit, compare.told.full_text())), "a number")


@state("compare-frames")
async def _compare_frames(p: Photographer) -> None:
    frames = await _echoed(
        p,
        '{"price": 1.10, "currency": "EUR", "tags": ["new"], "stock": {"here": 4, "there": 0}}',
        '{"price": 1.1, "currency": "CHF", "tags": ["sale", "new"], "stock": {"here": 4}}',
    )
    frames.view.table.select_row(0)
    frames.places.act("pin")
    frames.view.table.select_row(2)
    frames.places.act("compare")
    await _compared(p)


@state("compare-bytes")
async def _compare_bytes(p: Photographer) -> None:
    data = bytes(range(200))
    frames = await _echoed(p, data, data[:50] + b"\xff\xff" + data[50:120] + b"?" + data[121:])
    frames.view.table.select_row(0)
    frames.places.act("pin")
    frames.view.table.select_row(2)
    frames.places.act("compare")
    await _compared(p)


@state("stop-line")
async def _stop_line(p: Photographer) -> None:
    await p.fresh("/reserved-opcode")
    await p.connect(frames=1)
    p.page.tab.conversation.current.send_message("still there?")
    await asyncio.sleep(0.4)
    p.page.frames.tools.modes.segments[1].click()
    await asyncio.sleep(0.2)


@state("failed-by-policy")
async def _failed(p: Photographer) -> None:
    await p.fresh("/bad-utf8", policy="conforming")
    await p.connect(ended=True)


@state("only-watch")
async def _watch(p: Photographer) -> None:
    await p.fresh("/pings?every=200", policy="watch")
    await p.connect(frames=3)


@state("wrong-accept")
async def _wrong_accept(p: Photographer) -> None:
    await p.fresh("/wrong-accept")
    await p.connect()


@state("frame-2-63")
async def _huge(p: Photographer) -> None:
    await p.fresh("/frame-2-63")
    await p.connect()
    await asyncio.sleep(0.5)


@state("refused-version")
async def _refused(p: Photographer) -> None:
    await p.fresh("/versions/13/426-list")
    await p.connect(version=(b"8",))


@state("refused-proxy")
async def _refused_proxy(p: Photographer) -> None:
    """What a server behind nginx says where nginx was not told to pass Upgrade on."""
    answer = (
        b"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: 71\r\nConnection: keep-alive\r\nSec-Websocket-Version: 13\r\n\r\n"
        b"Bad Request: 'upgrade' token not found in the 'Connection' header field"
    )

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    await p.fresh("/echo")
    p.page.tab.set_address(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/socket")
    await p.connect()
    server.close()


@state("refused-two-lines")
async def _two_lines(p: Photographer) -> None:
    await p.fresh("/400-two-lines")
    await p.connect(version=(b"13",))


@state("refused-html")
async def _html(p: Photographer) -> None:
    await p.fresh("/400-html")
    await p.connect()


@state("length-lies")
async def _length(p: Photographer) -> None:
    await p.fresh("/length-lies", body_idle=0.5)
    await p.connect()


@state("half-head")
async def _half(p: Photographer) -> None:
    await p.fresh("/half-head", timeout=1.0)
    await p.connect()


@state("silence")
async def _silence(p: Photographer) -> None:
    await p.fresh("/silence", timeout=1.0)
    await p.connect()


@state("connecting")
async def _connecting(p: Photographer) -> None:
    from wsinspector.conversation.snapshot import Phase

    await p.fresh("/silence", timeout=60.0)
    tab = p.page.tab
    tab.connect_now()
    await p.until(lambda: tab.snapshot.phase is Phase.SENT, "a request that waits")
    await asyncio.sleep(0.4)


@state("port-closed")
async def _port_closed(p: Photographer) -> None:
    await p.fresh("/chat")
    p.page.tab.set_address("ws://127.0.0.1:1/")
    await p.connect()


@state("reset")
async def _reset(p: Photographer) -> None:
    await p.fresh("/reset")
    await p.connect()


@state("http-1.0")
async def _http_1_0(p: Photographer) -> None:
    await p.fresh("/http-1.0")
    await p.connect()


@state("closed")
async def _closed(p: Photographer) -> None:
    await p.fresh("/close")
    await p.connect()


@state("garbage")
async def _garbage(p: Photographer) -> None:
    await p.fresh("/garbage")
    await p.connect()


@state("redirect")
async def _redirect(p: Photographer) -> None:
    await p.fresh("/redirect")
    await p.connect()


@state("tls-on-plain-port")
async def _tls_plain(p: Photographer) -> None:
    await p.fresh("/echo")
    p.page.tab.set_address(p.url("/echo").replace("ws://", "wss://"))
    await p.connect()


@state("tls-expired")
async def _expired(p: Photographer) -> None:
    await p.fresh("/echo", "expired")
    await p.connect()


@state("any-certificate")
async def _any(p: Photographer) -> None:
    await p.fresh("/echo", "expired", verify=False)
    await p.connect()


@state("ended-after-silence")
async def _ended(p: Photographer) -> None:
    await p.fresh("/idle?seconds=31")
    await p.connect()
    p.page.tab.conversation.current.send_message('{"say":"hello"}')
    tab = p.page.tab
    await p.until(lambda: not tab.snapshot.live, "the end")
    await asyncio.sleep(0.4)


@state("closed-cleanly")
async def _cleanly(p: Photographer) -> None:
    await p.fresh("/echo")
    await p.connect()
    tab = p.page.tab
    tab.conversation.current.send_message("good bye")
    await p.until(lambda: tab.snapshot.frames >= 2, "the echo")
    tab.conversation.disconnect()
    await p.until(lambda: not tab.snapshot.live, "the end")
    await asyncio.sleep(0.4)


@state("pings-folded")
async def _pings_folded(p: Photographer) -> None:
    await p.fresh("/pings?every=60")
    await p.connect(frames=8)
    tab = p.page.tab
    tab.conversation.current.send_message("still there?")
    before = tab.snapshot.frames
    await p.until(lambda: tab.snapshot.frames >= before + 10, "more pings")
    await asyncio.sleep(0.2)


@state("send-close")
async def _send_close(p: Photographer) -> None:
    from wsinspector.present.outgoing import SendKind

    await p.fresh("/echo")
    await p.connect()
    tab = p.page.tab
    tab.conversation.current.send_message("good bye")
    await p.until(lambda: tab.snapshot.frames >= 2, "the echo")
    bar = p.page.frames.send_bar
    bar.set_kind(SendKind.CLOSE)
    bar.edit.setPlainText("done here")
    await asyncio.sleep(0.3)


async def _craft(p: Photographer, plain: object, *, connected: bool = True) -> None:
    from wsinspector.protocol.crafting import craft_from_plain

    await p.fresh("/echo")
    if connected:
        await p.connect()
    crafting = p.page.frames.crafting
    crafting.preview = None
    crafting.show_craft(craft_from_plain(plain))
    await p.until(lambda: crafting.preview is not None, "the bytes")


@state("craft")
async def _craft_message(p: Photographer) -> None:
    between = [{"after": 1, "opcode": "ping"}]
    await _craft(p, {"text": "Hello, world", "fragments": [5], "between": between, "write": {"size": 4}})


@state("craft-fault")
async def _craft_fault(p: Photographer) -> None:
    frames = [{"text": "Hello", "rsv1": True, "mask": "37fa213d", "form": 64}, {"raw": "81 05 48"}]
    await _craft(p, {"frames": frames, "write": "each"})


@state("craft-unconnected")
async def _craft_unconnected(p: Photographer) -> None:
    await _craft(p, {"opcode": "binary", "invalid": "high-surrogate", "size": 40}, connected=False)


async def _sequence(p: Photographer, name: str, more: str = "", *, run: bool = True) -> None:
    """An example of a sequence in the panel, ``more`` behind it, and what came of it."""
    from wsinspector.resources import find

    await p.fresh("/echo")
    p.page.workbench.show(0)
    view = p.page.workbench.panel.sequence
    view.set_text(find("sequences", f"{name}.toml").read_text(encoding="utf-8") + more, edit=not run)
    if run:
        view.toggle_run()
        await p.until(lambda: view.run is not None and view.run.results.over, "the end of the run")
        await asyncio.sleep(0.3)


@state("sequence-empty")
async def _sequence_empty(p: Photographer) -> None:
    await p.fresh("/echo")
    p.page.workbench.show(0)


@state("sequence-passed")
async def _sequence_passed(p: Photographer) -> None:
    await _sequence(p, "echo")


@state("sequence-failed")
async def _sequence_failed(p: Photographer) -> None:
    more = (
        "\n[[step]]\nexpect = 'type == binary and size > 100'\nwithin = 0.2\n\n[[step]]\nsend = \"never\"\n"
    )
    await _sequence(p, "auto-answers", more)


@state("sequence-faults")
async def _sequence_faults(p: Photographer) -> None:
    more = '\n[[step]]\nexpect = "type == "\nwithn = 3\n\n[[step]]\nsend = "{{nobody}}"\n'
    await _sequence(p, "refused", more, run=False)


@state("sequence-reference")
async def _sequence_reference(p: Photographer) -> None:
    from wsinspector.ui.sequences.sequence_parts import REFERENCE

    await _sequence(p, "chat", run=False)
    p.page.workbench.panel.sequence.show_page(REFERENCE)


@state("saved-messages")
async def _saved_messages(p: Photographer) -> None:
    from wsinspector.library.saved_messages import Book, Folder, Saved, SavedMessages

    subscribe = '{\n  "type": "subscribe",\n  "id": {{counter}},\n  "user": "{{user}}"\n}'
    login = (Saved("subscribe", "json", subscribe), Saved("", "hex", "00 ff 00"))
    book = Book((Folder("", (Saved("Hello", "text", "Hello {{user}}"),)), Folder("Login", login)))
    await p.fresh("/echo", variables=(("user", "ada"),))
    await p.connect()
    panel = p.page.workbench.made()
    with tempfile.TemporaryDirectory() as folder:
        panel.messages.messages = SavedMessages(Path(folder) / "messages.toml")
        panel.messages.messages.save(book)
        p.page.workbench.show(1)
        await p.until(lambda: panel.messages.model.book == book, "the messages")
        panel.messages.tree.setCurrentIndex(panel.messages.model.index_of((1, 0)))
        panel.messages.act("send")
        await p.until(lambda: p.page.tab.snapshot.frames >= 2, "the echo")


@state("auto-answers")
async def _auto_answers(p: Photographer) -> None:
    rules = "[[auto]]\nwhen = 'type == text'\nsend = \"seen\"\nin_all = 100\n"
    await p.fresh("/echo", auto_answers=rules, pong_payload="other")
    await p.connect()
    p.page.toggle_options()


@state("restored")
async def _restored(p: Photographer) -> None:
    await p.fresh("/chat?every=40")
    await p.connect(frames=12)
    tab = p.page.tab
    tab.conversation.disconnect()
    await p.until(lambda: not tab.snapshot.live, "the end")
    p.desk.close_tab(0)  # an empty one takes its place
    p.desk.open_file(tab.conversation.capture_path)
    await p.until(lambda: len(p.desk.pages) == 2, "the file's tab")
    p.desk.close_tab(0)
    await p.until(lambda: p.page.frames.view.table.log() is not None, "the frames kept")
    await asyncio.sleep(0.4)


OLD_CLIENT = (
    b"GET /echo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nSec-WebSocket-Protocol: sample\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
)


@state("caught-open")
async def _caught_open(p: Photographer) -> None:
    await p.fresh("/chat")
    client = p.client(OLD_CLIENT)
    await p.caught()
    client.sendall(b"\x00hello\xff")
    await p.until(lambda: p.page.tab.snapshot.frames >= 2, "the echo")
    await asyncio.sleep(0.4)


@state("caught-waiting")
async def _caught_waiting(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.workspace.control.set_by_hand(True)
    p.client(
        b"GET /feed HTTP/1.1\r\nHost: old.example:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Origin: http://old.example\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 8\r\nUser-Agent: Mozilla/5.0 (X11) Gecko/20100101 Firefox/7.0\r\n\r\n"
    )
    await p.caught()


@state("lab-versions")
async def _lab_versions(p: Photographer) -> None:
    await p.fresh("/chat")
    p.desk.workspace.control.take(("13", "8", "7"), "400-list")
    p.desk.show_lab_sheet()
    await asyncio.sleep(0.2)


@state("compare")
async def _compare(p: Photographer) -> None:
    await p.fresh("/426-list")
    await p.connect(version=(b"13",))
    await p.connect(version=(b"08", b"8"))
    p.page.tab.compare(1, 2)


register_all(state, sorted(path.stem.partition("-")[2] for path in LESSONS.glob("[0-9]*.md")))
register_captures(state)


def main(argv: list[str]) -> int:
    """Take the pictures; return 0, or 1 where a state could not be reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TOP / "screenshots")
    parser.add_argument("--only", action="extend", nargs="+", default=[])
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--variant", choices=tuple(VARIANTS))
    arguments = parser.parse_args(argv)
    if not os.environ.get("DISPLAY") and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        wanted = ["plain"] if arguments.readme else list(VARIANTS)
        wanted = [arguments.variant] if arguments.variant else wanted
        return max(on_a_screen(argv, variant) for variant in wanted)
    variant = arguments.variant or "plain"
    out = TOP / "packaging" / "pictures" if arguments.readme else arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(XDG_DATA_HOME=home, XDG_CONFIG_HOME=home)
        sys.path.insert(0, str(TOP))
        from wsinspector.ui.app import run_window
        from wsinspector.ui.settings import Settings

        failures: list[str] = []

        async def script(window) -> None:  # type: ignore[no-untyped-def]
            only = set(arguments.only)
            photographer = Photographer(window, out, only, arguments.readme, variant)
            await photographer.all()
            failures.extend(photographer.failures)
            print(f"{photographer.taken} pictures in {out.name}/")

        run_window(Settings(Path(home) / "window.ini"), script=script)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
