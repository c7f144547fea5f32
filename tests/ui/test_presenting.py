"""Presentation mode: large, one pane at a time, secrets hidden, and everything as it was afterwards."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.present.head_rows import HeadRow
from wsinspector.ui import theme
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.head_model import Column, HeadModel
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.presenting.panes import Pane
from wsinspector.ui.presenting.presenting import POINTS
from wsinspector.ui.presenting.state import presenting

SECRET = "s3cr3tvalue"


@pytest.fixture
def desk(open_window: Opener) -> Desk:
    return open_window()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> InspectPage:
    """An open connection with four frames, a secret in its address."""
    lab = desk.workspace.lab
    assert lab is not None
    made = desk.new_tab()
    made.tab.set_address(lab.url_of(f"/echo?token={SECRET}"))
    made.tab.connect_now()
    qtbot.waitUntil(lambda: bool(made.tab.snapshot and made.tab.snapshot.open))
    attempt = made.tab.conversation.attempt(1)
    assert attempt is not None
    attempt.send_message('{"say":"hello"}')
    attempt.ping(b"up")
    qtbot.waitUntil(lambda: bool(made.frames.model and len(made.frames.model.rows.index) == 4))
    return made


@pytest.fixture(autouse=True)
def _ends(open_window: Opener) -> object:
    yield
    presenting().set_on(False)
    theme.set_zoom(1.0)


def state(desk: Desk, page: InspectPage) -> list[object]:
    """Everything that presenting changes."""
    frames = page.frames
    parts: list[QWidget] = [desk.window.tabs, desk.status, page.address, page.switch, page.splitter]
    parts += [page.workbench.left, page.right, frames.places.area, frames.tools, frames.tools.modes]
    parts += [frames.send_bar, frames.detail, frames.detail.bits, frames.detail.payload]
    return [
        theme.zoom(),
        desk.settings.zoom,
        desk.window.windowState(),
        frames.tools.mode,
        [part.isHidden() for part in parts],
        frames.view.table.currentIndex().row(),
    ]


def sizes(page: InspectPage) -> list[int]:
    return [*page.splitter.sizes(), *page.frames.split.sizes()]


def seen(page: InspectPage) -> set[str]:
    frames = page.frames
    parts = {
        "handshake": page.handshake,
        "frames": frames.view.table,
        "bits": frames.detail.bits,
        "payload": frames.detail.payload,
        "address": page.address,
    }
    return {name for name, part in parts.items() if part.isVisible()}


def test_one_pane_at_a_time_in_large_text(desk: Desk, page: InspectPage, qtbot: QtBot) -> None:
    desk.presenting.toggle()
    assert theme.ui_font().pointSizeF() == pytest.approx(POINTS)
    assert desk.window.isFullScreen()
    assert not desk.window.tabs.isVisible()
    assert seen(page) == {"frames"}
    for keys, name in ((Qt.Key.Key_1, "handshake"), (Qt.Key.Key_3, "bits"), (Qt.Key.Key_4, "payload")):
        QTest.keyClick(desk.window, keys, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(partial(_sees, page, name))
    foot = desk.presenting.foot
    assert foot is not None
    foot.panes[Pane.FRAMES].click()
    assert seen(page) == {"frames"}
    assert foot.panes[Pane.FRAMES].isChecked()


def _sees(page: InspectPage, name: str) -> bool:
    return seen(page) == {name}


@pytest.mark.parametrize("key", [Qt.Key.Key_F11, Qt.Key.Key_Escape])
def test_everything_is_as_it_was_afterwards(desk: Desk, page: InspectPage, qtbot: QtBot, key: Qt.Key) -> None:
    before, sized = state(desk, page), sizes(page)
    QTest.keyClick(desk.window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: desk.presenting.on)
    for pane in (Pane.BITS, Pane.HANDSHAKE, Pane.PAYLOAD, Pane.FRAMES):
        desk.presenting.show_pane(pane)
    page.frames.view.table.setFocus()
    QTest.keyClick(page.frames.view.table, key)
    qtbot.waitUntil(lambda: not desk.presenting.on)
    qtbot.waitUntil(lambda: state(desk, page) == before)
    qtbot.waitUntil(lambda: sizes(page) == pytest.approx(sized, abs=2))


def test_what_is_picked_is_told_below_every_pane(desk: Desk, page: InspectPage, qtbot: QtBot) -> None:
    desk.presenting.toggle()
    explained = page.explain

    def tells(words: str) -> None:
        qtbot.waitUntil(
            lambda: (
                explained.text.isVisible()
                and explained.text.told is not None
                and words in explained.text.told.as_text()
            )
        )

    page.frames.view.table.select_row(2)
    tells("Frame 3")
    assert not explained.table.isVisible()
    desk.presenting.show_pane(Pane.BITS)
    page.frames.detail.bits.field_picked.emit(4)
    tells("opcode")
    desk.presenting.show_pane(Pane.HANDSHAKE)
    table = page.handshake.request.table
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    rows = [row.name for row in table.head_model.rows]
    table.setCurrentIndex(table.head_model.index(rows.index(b"Connection"), 1))
    QTest.keyClick(table, Qt.Key.Key_Down)
    tells("Sec-WebSocket-Key")
    desk.presenting.show_pane(Pane.EXPLAINED)
    assert explained.table.isVisible()
    desk.presenting.leave()
    assert not explained.isVisible()


def test_zooming_while_presenting_is_not_kept(desk: Desk, page: InspectPage, qtbot: QtBot) -> None:
    desk.presenting.enter()
    large = theme.zoom()
    desk.zoom(1)
    qtbot.waitUntil(lambda: theme.zoom() > large)
    desk.presenting.leave()
    assert theme.zoom() == pytest.approx(1.0)
    assert desk.settings.zoom == pytest.approx(1.0)


def test_no_click_shows_a_secret(desk: Desk, page: InspectPage, qtbot: QtBot) -> None:
    rows = rows_of(page)
    key = next(row.secret_key for row in rows if row.hidden)
    page.handshake.request.reveal_asked.emit(key)
    assert SECRET in text_of(page)
    desk.presenting.enter()
    assert SECRET not in text_of(page)
    page.handshake.request.reveal_asked.emit(key)
    assert SECRET not in text_of(page)
    page.to_address()
    qtbot.waitUntil(page.address.field.hasFocus)
    assert SECRET not in page.address.field.text()
    QTest.keyClicks(page.address.field, "x")
    assert page.address.field.address() == page.tab.conversation.address_text
    desk.presenting.leave()
    assert SECRET in text_of(page)  # as it was shown before


def test_a_hidden_value_is_not_edited_while_presenting(desk: Desk, page: InspectPage) -> None:
    page.tab.pick(0)
    model = page.handshake.request.table.model()
    at = next(at for at, row in enumerate(rows_of(page)) if row.hidden)
    editable = Qt.ItemFlag.ItemIsEditable
    assert model.flags(model.index(at, Column.NAME)) & editable
    desk.presenting.enter()
    assert not model.flags(model.index(at, Column.NAME)) & editable
    desk.presenting.leave()
    assert model.flags(model.index(at, Column.NAME)) & editable


def rows_of(page: InspectPage) -> tuple[HeadRow, ...]:
    model = page.handshake.request.table.model()
    assert isinstance(model, HeadModel)
    return model.rows


def text_of(page: InspectPage) -> str:
    """The values of the request as they are seen."""
    seen = []
    for row in rows_of(page):
        value = bytearray(row.value)
        for each in row.hidden:
            start, stop = each.start, each.end
            value[start:stop] = b"*" * (stop - start)
        seen.append(value.decode("latin-1"))
    return " ".join(seen)


def test_a_sheet_is_put_away_before_the_mode(desk: Desk, page: InspectPage, qtbot: QtBot) -> None:
    desk.presenting.enter()
    desk.show_lab_sheet()
    sheet = desk.lab_sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.isVisible)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert desk.presenting.on


def test_steps_lead_from_pane_to_pane(desk: Desk, qtbot: QtBot) -> None:
    lab = desk.workspace.lab
    assert lab is not None
    page = desk.new_tab()
    page.tab.set_address(lab.url_of("/echo"))
    page.stepping.toggle()
    desk.presenting.enter()
    panes = desk.presenting.panes
    assert panes is not None
    assert panes.shown is Pane.HANDSHAKE
    page.tab.connect_now()
    wait(qtbot, page, lambda: page.tab.snapshot is not None and page.tab.snapshot.step.next is not None)
    page.stepping.step()
    wait(qtbot, page, lambda: bool(page.tab.snapshot and page.tab.snapshot.step.unseen))
    page.stepping.step()
    wait(qtbot, page, lambda: bool(page.tab.snapshot and page.tab.snapshot.open))
    assert panes.shown is Pane.HANDSHAKE
    attempt = page.tab.conversation.attempt(1)
    assert attempt is not None
    attempt.send_message("hello")
    wait(qtbot, page, lambda: bool(page.tab.snapshot and page.tab.snapshot.step.held_count))
    foot = desk.presenting.foot
    assert foot is not None
    foot.step.click()
    qtbot.waitUntil(lambda: panes.shown is Pane.BITS)
    qtbot.waitUntil(
        lambda: "FIN" in " ".join(line.accessibleName() for line in page.frames.detail.bits.lines)
    )
    foot.back.click()
    assert panes.shown is Pane.HANDSHAKE


@pytest.mark.parametrize("size", [(800, 600), (1024, 700), (1024, 768), (1920, 1080)])
def test_nothing_is_cut_on_a_projector(
    desk: Desk, page: InspectPage, qtbot: QtBot, size: tuple[int, int]
) -> None:
    desk.presenting.enter()
    desk.window.setWindowState(Qt.WindowState.WindowNoState)
    desk.window.resize(*size)
    for pane in (Pane.HANDSHAKE, Pane.FRAMES, Pane.BITS, Pane.PAYLOAD):
        desk.presenting.show_pane(pane)
        with qtbot.waitSignal(page.tab.ticked):
            pass
        assert desk.window.size().toTuple() == size
        for button in desk.window.findChildren(QAbstractButton):
            if button.isVisible() and button.text():
                assert button.width() >= button.minimumSizeHint().width() - 1, (pane, button.text())
                place = button.mapTo(desk.window, button.rect().bottomRight())
                assert place.x() <= size[0], (pane, button.text())


def wait(qtbot: QtBot, page: InspectPage, met: Callable[[], bool]) -> None:
    qtbot.waitUntil(met)
    with qtbot.waitSignal(page.tab.ticked):
        pass
