"""The export sheet: several attempts, without payloads, what is not searched; and copies opened again."""

import json
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.filing import WAIT, Opener, connect, front, settle, told
from wsinspector.capture import CaptureReader
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.spans import Direction
from wsinspector.share.left_out import LeftOut
from wsinspector.share.shared_capture import META
from wsinspector.ui.desk import Desk
from wsinspector.ui.files.export_sheet import WHOLE, ExportSheet
from wsinspector.ui.files.export_words import left_out_text, unsearched_text, written_text
from wsinspector.ui.files.export_work import Written
from wsinspector.ui.inspect.page import InspectPage

COOKIE = b"sid=s3cr3tcookie"


def twice(qtbot: QtBot, desk: Desk) -> InspectPage:
    """Three attempts at the lab's echo, the later two with a cookie and a message."""
    page = connect(qtbot, desk, "/echo")
    page.tab.end_live()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and not page.tab.snapshot.live, timeout=WAIT)
    page.tab.edit(Draft.from_bytes(page.tab.draft.to_bytes()[:-2] + b"Cookie: " + COOKIE + b"\r\n\r\n"))
    for number in (2, 3):
        page.tab.connect_now()
        qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open, timeout=WAIT)
        attempt = page.tab.conversation.current
        assert attempt is not None
        attempt.send_message(f"message of {number}")
        qtbot.waitUntil(lambda attempt=attempt: attempt.snapshot.frames == 2, timeout=WAIT)  # type: ignore[misc]
    return page


def offered(desk: Desk, name: str) -> ExportSheet:
    """The sheet with the whole conversation in the format ``name`` picked."""
    desk.files.show_export()
    sheet = desk.files.exporting
    assert sheet is not None
    names = [form.name for form in sheet._forms]
    sheet.list.setCurrentRow(names.index(name))
    sheet.what.segments[WHOLE].click()
    return sheet


def test_a_whole_conversation_is_one_capture_with_its_draft(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window()
    twice(qtbot, desk)
    for bare in (False, True):
        sheet = offered(desk, "wsi")
        assert sheet.amount.full_text() == "3 attempts, 6 frames; in one file"
        assert sheet.bare.isVisible()
        sheet.bare.setChecked(bare)
        target = tmp_path / f"whole-{bare}.wsi"
        sheet.path.setText(str(target))
        sheet.export()
        settle(qtbot, desk)
        assert told(desk)[-1].startswith(f"Exported to {target}, ")
        assert list(tmp_path.glob("whole-*.wsi")) == [target] or bare
        data = target.read_bytes()
        assert COOKIE not in data
        with CaptureReader(target) as reader:
            (row,) = reader.conversations()
            attempts = reader.attempts(row.id)
            assert [attempt.number for attempt in attempts] == [1, 2, 3]
            length = reader.stream_length(attempts[2].id, Direction.IN)
            stream = reader.stream(attempts[2].id, Direction.IN, 0, length)
            assert (b"message of 3" in stream) is not bare
            assert json.loads(reader.meta()[META])["payloads"] is bare


def test_one_attempt_leaves_without_its_payloads(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    twice(qtbot, desk)
    sheet = offered(desk, "wsi")
    sheet.what.segments[0].click()
    sheet.bare.setChecked(True)
    target = tmp_path / "one.wsi"
    sheet.path.setText(str(target))
    sheet.export()
    settle(qtbot, desk)
    with CaptureReader(target) as reader:
        (attempt,) = reader.attempts()
        assert attempt.number == 3
        assert reader.frame_count(attempt.id) == 2
        length = reader.stream_length(attempt.id, Direction.IN)
        assert b"message of" not in reader.stream(attempt.id, Direction.IN, 0, length)
    sheet = offered(desk, "har")
    assert not sheet.bare.isVisible()  # it says nothing of what it cannot do


def test_a_name_that_no_file_can_have_is_told_in_its_place(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window()
    twice(qtbot, desk)
    sheet = offered(desk, "har")
    for name in ("~\0.har", f"{tmp_path}/a\0b.har", f"~nobody-{tmp_path.name}/a.har", "x" * 300 + "/a.har"):
        sheet.path.setText(name)
        sheet.export()
        assert sheet.isVisible()
        assert sheet.wrong.full_text()
    sheet.path.setText(f"{tmp_path}/{'x' * 300}.har")
    sheet.export()
    settle(qtbot, desk)
    assert told(desk)


def test_attempts_go_into_one_file_of_packets(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    twice(qtbot, desk)
    sheet = offered(desk, "pcapng")
    assert sheet.amount.full_text() == "3 attempts, 6 frames; in one file"
    target = tmp_path / "all.pcapng"
    sheet.path.setText(str(target))
    sheet.export()
    settle(qtbot, desk)
    assert [path.name for path in tmp_path.glob("*.pcapng")] == ["all.pcapng"]
    data = target.read_bytes()
    assert data.count(b"GET /echo") == 3
    assert data.count(b"message of 3") == 1  # what came back; what was sent is masked
    assert COOKIE not in data


def test_of_a_format_that_holds_one_attempt_it_is_said_before(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window()
    twice(qtbot, desk)
    sheet = offered(desk, "har")
    said = "3 attempts, 6 frames. HAR 1.2 holds one attempt: 3 files, numbered behind the name"
    assert sheet.amount.full_text() == said
    (tmp_path / "all-2.har").write_text("mine")
    target = tmp_path / "all.har"
    sheet.path.setText(str(target))
    sheet.export()
    assert sheet.wrong.full_text() == "all-2.har is there already. Replace it?"
    sheet.export()
    settle(qtbot, desk)
    assert sorted(path.name for path in tmp_path.glob("*.har")) == ["all-1.har", "all-2.har", "all-3.har"]
    assert "all-1.har and 2 more beside it" in told(desk)[-1]
    assert front(desk).tab.picked == 3


def test_what_could_not_be_searched_is_a_warning() -> None:
    gone = LeftOut("SECRET_1", "Cookie of the request", 24)
    unsearched = LeftOut("", "the payload of frame 3", 24, removed=False)
    assert "frame 3" not in left_out_text([gone, unsearched], whole=True)
    assert left_out_text([unsearched], whole=True) == ""
    assert unsearched_text([gone]) == ""
    assert unsearched_text([gone, unsearched]).splitlines() == [
        "! Not searched for secrets, and leaves as it travelled:",
        "• the payload of frame 3: 24 bytes, not searched for secrets",
    ]
    text, role = written_text(Written((Path("/made.wsi"),), 10, (gone, unsearched)), Path("/made.wsi"))
    assert role == "note"
    told = "1 secret left out. Not searched for secrets: the payload of frame 3."
    assert text.endswith(told)
    assert written_text(Written((Path("/made.wsi"),), 10, (gone,)), Path("/made.wsi"))[1] == "ok"


def test_messages_that_stay_whole_are_listed_before_the_list_is_cut() -> None:
    heads = [LeftOut(f"SECRET_{number}", "the draft", 24) for number in range(1, 9)]
    message = LeftOut("SECRET_1", "the whole payload of message 3", 812, whole=True)
    lines = left_out_text([*heads, message], whole=True).splitlines()
    assert lines[1] == "• the whole payload of message 3: 812 bytes (SECRET_1)"
    assert lines[-1] == "and 3 more"


def test_a_copy_to_share_says_what_it_lacks_and_reveals_nothing(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window()
    twice(qtbot, desk)
    sheet = offered(desk, "wsi")
    target = tmp_path / "shared.wsi"
    sheet.path.setText(str(target))
    sheet.export()
    settle(qtbot, desk)
    desk.files.open_by_hand([target])
    settle(qtbot, desk)
    page = front(desk)
    assert page.tab.conversation.capture_path == target
    assert page.notices.lead.full_text() == "A copy made to share: its secrets were left out."
    table = page.handshake.request.table
    row = next(row for row in table.head_model.rows if row.name == b"Cookie")
    assert row.gone
    assert [chip.text for chip in row.chips] == [f"left out, {len(COOKIE)} bytes"]
    page.handshake.request.reveal_asked.emit(row.secret_key)  # nothing is there to be revealed
    row = next(row for row in table.head_model.rows if row.name == b"Cookie")
    assert row.hidden
    assert b"*" in row.value
    assert "*" not in row.shown_value
