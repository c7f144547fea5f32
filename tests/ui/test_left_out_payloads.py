"""What a copy made to share lacks of a payload is shown as left out, whichever way one looks at it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.share.making import IN, compressed_talk
from tests.share.making import SECRET as HIDDEN
from tests.ui.filing import WAIT, Opener, connect, front, settle
from wsinspector.present.payload import View
from wsinspector.share.shared_copy import save_copy
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.head_section import BYTES, HEADERS, RAW
from wsinspector.ui.inspect.payload_pane import PayloadPane
from wsinspector.ui.inspect.role_label import RoleLabel

SECRET = "s3cr3t-of-a-cookie"


@pytest.fixture
def original(qtbot: QtBot, open_window: Opener) -> Path:
    """A conversation in which a cookie's value stands again in a message."""
    desk = open_window()
    page = front(desk)
    draft = page.tab.draft.to_bytes().replace(b"\r\n\r\n", f"\r\nCookie: sid={SECRET}\r\n\r\n".encode())
    page.tab.edit(type(page.tab.draft).from_bytes(draft))
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.attempts[0]
    attempt.send_message(f'{{"token": "{SECRET}", "n": 1}}')
    qtbot.waitUntil(lambda: attempt.snapshot.frames == 2, timeout=WAIT)
    path = page.tab.conversation.capture_path
    assert path is not None
    desk.close_tab(desk.pages.index(page))
    return path


def opened(qtbot: QtBot, desk: Desk, path: Path) -> PayloadPane:
    """The payload of the first frame of a file."""
    desk.open_file(path)
    settle(qtbot, desk)
    frames = front(desk).frames
    qtbot.waitUntil(lambda: frames.model is not None and frames.model.rowCount() >= 2, timeout=WAIT)
    frames.view.table.selectRow(0)
    pane = frames.detail.payload
    qtbot.waitUntil(lambda: "made without" in pane.fault.full_text(), timeout=WAIT)
    return pane


def test_a_secret_in_a_message_is_told_with_its_length(
    qtbot: QtBot, open_window: Opener, original: Path, tmp_path: Path
) -> None:
    target = tmp_path / "shared.wsi"
    save_copy(original, target)
    desk = open_window()
    pane = opened(qtbot, desk, target)
    assert pane.text.toPlainText() == f'{{"token": "⟨left out: {len(SECRET)} bytes⟩", "n": 1}}'
    pane.view_asked.emit(View.HEX)
    qtbot.waitUntil(lambda: pane.hex.isVisible(), timeout=WAIT)
    assert "•" in pane.hex.line_text(0)
    assert "*" not in "".join(pane.hex.line_text(at) for at in range(pane.hex.line_count()))
    pane.view_asked.emit(View.WIRE)
    assert "•" in "".join(pane.wire.line_text(at) for at in range(pane.wire.line_count()))
    masking = front(desk).frames.detail.bits.masking
    first = 6 + len('{"token": "')
    masking.set_lit(first - 1)
    assert "XOR" in masking.told()
    masking.set_lit(first)
    assert masking.told() == f"Byte {first}: this copy was made without it"
    assert "••" in masking.accessibleName()
    assert f"made without {len(SECRET)} bytes" in pane.fault.full_text()


def test_payloads_that_did_not_come_along_are_no_zeros(
    qtbot: QtBot, open_window: Opener, original: Path, tmp_path: Path
) -> None:
    target = tmp_path / "shared.wsi"
    save_copy(original, target, payloads=False)
    desk = open_window()
    pane = opened(qtbot, desk, target)
    size = len(SECRET) + 21
    model = front(desk).frames.model
    assert model is not None
    assert [model.cells(row).payload for row in (0, 1)] == [f"⟨left out: {size} bytes⟩"] * 2
    assert pane.text.toPlainText() == f"⟨left out: {size} bytes⟩"
    pane.view_asked.emit(View.HEX)
    qtbot.waitUntil(lambda: pane.hex.isVisible(), timeout=WAIT)
    assert "all of it left out" in pane.note.full_text()
    assert "00" not in pane.hex.line_text(0).split("  ", 1)[1]
    pane.view_asked.emit(View.JSON)
    qtbot.waitUntil(lambda: pane.text.isVisible(), timeout=WAIT)
    assert pane.text.toPlainText() == f"⟨left out: {size} bytes⟩"


def test_a_row_of_the_log_names_the_gap_in_its_place(
    qtbot: QtBot, open_window: Opener, original: Path, tmp_path: Path
) -> None:
    target = tmp_path / "shared.wsi"
    save_copy(original, target)
    desk = open_window()
    opened(qtbot, desk, target)
    model = front(desk).frames.model
    assert model is not None
    expected = f'{{"token": "⟨left out: {len(SECRET)} bytes⟩", "n": 1}}'
    assert [model.cells(row).payload for row in (0, 1)] == [expected] * 2


def test_a_compressed_message_stays_whole_and_the_next_is_shown(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    talk = compressed_talk(tmp_path / "a.wsi", [(IN, b"I am " + HIDDEN, ()), (IN, b"other words", ())])
    target = tmp_path / "shared.wsi"
    save_copy(talk, target)
    desk = open_window()
    pane = opened(qtbot, desk, target)
    frames = front(desk).frames
    model = frames.model
    assert model is not None
    qtbot.waitUntil(lambda: model.cells(1).payload == "other words", timeout=WAIT)
    size = model.cells(0).payload
    assert size.startswith("⟨left out: ")
    assert pane.text.toPlainText() == size
    assert not model.cells(0).remark
    assert not any("inflates to" in each.full_text() for each in frames.detail.bits.findChildren(RoleLabel))
    frames.view.table.selectRow(1)
    qtbot.waitUntil(lambda: pane.text.toPlainText() == "other words", timeout=WAIT)
    assert not pane.fault.isVisible()


def test_raw_and_bytes_of_a_head_say_how_long_each_gap_is(
    qtbot: QtBot, open_window: Opener, original: Path, tmp_path: Path
) -> None:
    target = tmp_path / "shared.wsi"
    save_copy(original, target)
    desk = open_window()
    opened(qtbot, desk, target)
    request = front(desk).handshake.request
    assert not request.gaps().strip()
    for view in (RAW, BYTES):
        request.show_view(view)
        assert request.gaps() == f"Left out of this copy, shown as •: Cookie, {len(SECRET) + 4} bytes."
    request.show_view(HEADERS)
    assert not request.gaps()
