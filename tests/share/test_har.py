"""HAR: as Chrome writes it, and back into a capture without inventing what it does not tell."""

import base64
import io
import json
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.share.making import (
    DEFLATE_LINE,
    DEFLATED,
    IN,
    OUT,
    SECRET,
    URL,
    WALL,
    Making,
    answer_of,
    columns_of,
    leaving_of,
    request_of,
    stream_of,
)
from wsinspector.capture import CaptureReader
from wsinspector.cli.frame_lines import frame_json, frame_text
from wsinspector.cli.frame_reading import read_frames
from wsinspector.conversation.checked import check_file
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.answer import of_attempt
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE, FrameColumns
from wsinspector.share.har import write_har
from wsinspector.share.html_report import write_html
from wsinspector.share.importing import WrongFile, import_files
from wsinspector.share.joining import content_of, messages_of
from wsinspector.share.json_lines import UNSEEN, write_json_lines
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Hole
from wsinspector.share.tables import rows_of


def exported(path: Path, **options: Any) -> str:
    with CaptureReader(path) as reader:
        stream = io.BytesIO()
        write_har(stream, leaving_of(reader, **options))
    return stream.getvalue().decode()


def log(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text, parse_float=Decimal)["log"]
    return found


def imported(folder: Path, data: str | bytes) -> Path:
    source = folder / "some.har"
    source.write_bytes(data if isinstance(data, bytes) else data.encode())
    import_files([source], folder / "back.wsi")
    return folder / "back.wsi"


def said(leaving: Leaving) -> list[tuple[bool, int, int, bytes]]:
    """(sent, wall-clock ns, opcode, content) of every message."""
    found = []
    for each in messages_of(leaving):
        assert not isinstance(each, Hole)
        content = b"".join(content_of(leaving, each).pieces)
        found.append((each.out, each.wall_ns, each.opcode, content))
    return found


def snapshot_of(path: Path) -> AttemptSnapshot:
    with CaptureReader(path) as reader:
        return restored_attempts(reader, 1)[0].snapshot


def talked(path: Path) -> Path:
    making = Making(path)
    making.frame(OUT, 1, "hëllo\u202e\x00".encode())
    making.frame(IN, 1, b"part", fin=False)
    making.frame(IN, 9, b"ping")
    making.frame(IN, 0, b"end")
    making.frame(IN, 2, b"\x00\xff")
    making.frame(OUT, 8, b"\x03\xe8bye")
    return making.close()


def test_messages_are_as_chrome_writes_them(tmp_path: Path) -> None:
    (entry,) = log(exported(talked(tmp_path / "a.wsi"), with_secrets=True))["entries"]
    start = Decimal(WALL) / 10**9
    step = Decimal("0.001000001")
    assert entry["_resourceType"] == "websocket"
    assert entry["_webSocketMessages"] == [
        {"type": "send", "time": start + 3 * step, "opcode": 1, "data": "hëllo\u202e\x00", "_frame": 1},
        {
            "type": "receive", "time": start + 6 * step, "opcode": 1, "data": "partend",
            "_frame": 2, "_frames": 2, "_lastFrame": 4,
        },
        {"type": "receive", "time": start + 7 * step, "opcode": 2, "data": "AP8=", "_frame": 5},
    ]  # fmt: skip
    assert [(each["opcode"], each["data"]) for each in entry["_webSocketControlFrames"]] == [
        (9, base64.b64encode(b"ping").decode()),
        (8, base64.b64encode(b"\x03\xe8bye").decode()),
    ]


def test_the_handshake_is_an_ordinary_entry(tmp_path: Path) -> None:
    found = log(exported(talked(tmp_path / "a.wsi"), with_secrets=True))
    (entry,) = found["entries"]
    assert found["version"] == "1.2"
    assert entry["startedDateTime"] == "2023-11-14T22:13:20.123Z"
    assert entry["request"]["url"] == URL
    assert entry["request"]["method"] == "GET"
    assert entry["request"]["queryString"][1] == {"name": "room", "value": "3"}
    assert entry["request"]["headers"][1] == {"name": "Upgrade", "value": "websocket"}
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (101, "Switching Protocols")
    assert entry["timings"] == {
        "blocked": -1, "dns": Decimal("0.5"), "connect": Decimal("1.25"), "ssl": -1, "send": 0,
        "wait": 2, "receive": Decimal("6.000"),
    }  # fmt: skip
    assert (entry["serverIPAddress"], entry["connection"]) == ("127.0.0.1", "8080")


def test_without_secrets_they_are_marked_with_their_lengths_and_listed(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(b"Cookie: c=c00kie-value"))
    making.frame(OUT, 1, b"I am " + SECRET)
    text = exported(making.close())
    for secret in (SECRET.decode(), "c00kie-value", "set-by-server", "q-u-e-r-y-1"):
        assert secret not in text
    found = log(text)
    (entry,) = found["entries"]
    headers = {each["name"]: each["value"] for each in entry["request"]["headers"]}
    assert headers["Authorization"] == "Bearer left-out-20-bytes"
    assert "access_token=left-out-11-bytes&room=3" in entry["request"]["url"]
    assert entry["_webSocketMessages"][0]["data"] == "I am " + "*" * len(SECRET)
    assert "Authorization of the request: 20 bytes" in found["comment"]
    assert {"SECRET_1", "SECRET_2"} <= {each["name"] for each in found["_leftOut"]}


def test_each_place_of_a_secret_counts_once(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    making.frame(IN, 1, b"you are " + SECRET)
    making.frame(IN, 2, SECRET + b" and " + SECRET)
    making.frame(OUT, 1, b"I am " + SECRET)
    making.frame(IN, 9, SECRET)
    found = log(exported(making.close()))["_leftOut"]
    times = {each["where"]: each["times"] for each in found if "payload" in each["where"]}
    assert times == {f"the payload of frame {no}": 2 if no == 2 else 1 for no in (1, 2, 3, 4)}


def test_compressed_messages_are_inflated_and_bad_text_is_base64(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), agreed=DEFLATED)
    making.compressed(b"again and again and again")
    making.compressed(b"again and again and again")
    making.frame(IN, 1, b"\xff\xfe")
    (entry,) = log(exported(making.close()))["entries"]
    first, second, third = entry["_webSocketMessages"]
    assert first["data"] == second["data"] == "again and again and again"
    assert (third["data"], third["_encoding"]) == ("//4=", "base64")


def test_gaps_are_told_with_their_lengths(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    making.frame(IN, 1, b"before")
    making.attempt.gap(1000, "The disk was full.", IN)
    making.attempt.gap(7, "The disk was full.")
    (entry,) = log(exported(making.close()))["entries"]
    assert entry["comment"] == (
        "Frames 2 to 8 were not kept: The disk was full."
        " 1\u2009000 bytes received were not kept: The disk was full."
    )


def with_gaps(path: Path) -> Path:
    """Frames 2 to 8 are gone with a thousand bytes, and of the payload of frame 9 the bytes 3 to 9."""
    making = Making(path)
    making.frame(IN, 1, b"before")
    at = len(making.answer) + len(making.encoded(IN, 1, b"before")) + 1000
    making.attempt.gap(1000, "The disk was full.", IN)
    making.attempt.gap(7, "The disk was full.")
    data = making.encoded(IN, 2, b"0123456789abcdef")
    making.attempt.bytes(IN, data[:5], making.now)
    making.attempt.gap(7, "limit: size", IN)
    making.attempt.bytes(IN, data[12:], making.now)
    columns = FrameColumns()
    whole = FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE
    for column, value in zip(FrameColumns.__slots__, (at, 2, 16, 0x82, whole, making.now, 2, 0), strict=True):
        getattr(columns, column).append(value)
    making.attempt.frames(columns)
    making.frame(OUT, 9, b"p")
    return making.close()


def test_gaps_come_back_with_their_lengths_and_reasons(tmp_path: Path) -> None:
    path = with_gaps(tmp_path / "a.wsi")
    text = exported(path, with_secrets=True)
    (entry,) = log(text)["entries"]
    assert entry["_gaps"] == [
        {"kind": "frames", "first": 2, "last": 8, "reason": "The disk was full."},
        {"kind": "bytes", "dir": "in", "length": 1000, "reason": "The disk was full."},
    ]
    assert entry["_webSocketMessages"][1]["_notKept"] == [{"at": 3, "length": 7, "reason": "limit: size"}]
    source = tmp_path / "b.har"
    source.write_text(text, "utf-8")
    done = import_files([source], tmp_path / "b.wsi")
    assert done.notes == (
        "b.har: not in it, as they had not been kept, and shown as gaps: 7 frames, 1\u2009007 bytes.",
    )
    assert {each.outcome for each in check_file(tmp_path / "b.wsi").findings} == {"noted"}
    with CaptureReader(tmp_path / "b.wsi") as reader:
        assert sorted((gap.kind, gap.stop - gap.start, gap.reason) for gap in reader.gaps(1)) == [
            ("bytes", 7, "limit: size"),
            ("bytes", 1000, "The disk was full."),
            ("frames", 7, "The disk was full."),
        ]
        leaving = leaving_of(reader)
        (frame,) = [each for each in leaving.frames() if not isinstance(each, Hole) and each.number == 9]
        assert frame.missing == ((3, 10, "limit: size"),)
        assert b"".join(leaving.payload(frame)) == b"012" + bytes(7) + b"abcdef"
    (again,) = log(exported(tmp_path / "b.wsi", with_secrets=True))["entries"]
    assert again["_gaps"] == entry["_gaps"]
    assert [each.get("_notKept") for each in again["_webSocketMessages"]] == [
        each.get("_notKept") for each in entry["_webSocketMessages"]
    ]


@pytest.mark.parametrize(
    "gaps",
    [
        7,
        [3],
        [{"kind": "frames", "first": 1, "last": 1 << 40, "reason": ""}],
        [{"kind": "frames", "first": 3, "last": 2, "reason": ""}],
        [{"kind": "frames", "first": 3, "last": 4}],
        [{"kind": "bytes", "dir": {}, "length": 3, "reason": ""}],
        [{"kind": "bytes", "dir": "in", "length": -3, "reason": ""}],
    ],
)
def test_gaps_that_make_no_sense_are_told(gaps: Any, tmp_path: Path) -> None:
    told = json.loads(exported(talked(tmp_path / "a.wsi")))
    told["log"]["entries"][0]["_gaps"] = gaps
    with pytest.raises(WrongFile, match=r"_gaps|of a gap"):
        imported(tmp_path, json.dumps(told))


def test_what_was_left_out_is_told_and_kept_with_its_lengths(tmp_path: Path) -> None:
    text = exported(talked(tmp_path / "a.wsi"))
    was = json.loads(text)["log"]["_leftOut"]
    assert {"name", "where", "length", "times"} <= set(was[0])
    source = tmp_path / "b.har"
    source.write_text(text, "utf-8")
    (note,) = import_files([source], tmp_path / "b.wsi").notes
    assert note.startswith("b.har: secrets had been left out of it; their places are filled with * or named:")
    assert f"{was[0]['length']} bytes" in note
    with CaptureReader(tmp_path / "b.wsi") as reader:
        assert reader.attempts()[0].facts["left_out_before"] == was
    again = json.loads(exported(tmp_path / "b.wsi", with_secrets=True))["log"]["_leftOut"]
    assert again == was


def test_no_bit_of_an_import_is_printed_as_seen(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    making.frame(IN, 1, b"no end", fin=False)
    back = imported(tmp_path, exported(making.close()))
    with CaptureReader(back) as reader:
        (frame,) = read_frames(reader, restored_attempts(reader, 1)[0].snapshot, [1])
    assert "not final" not in frame_text(frame)
    assert '"fin":null' in frame_json(frame)


def test_a_message_without_an_end_has_none_either_when_it_comes_back(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    making.frame(IN, 1, b"no end", fin=False)
    making.frame(IN, 9, b"p")
    back = imported(tmp_path, exported(making.close()))
    with CaptureReader(back) as reader:
        told = [each for each in messages_of(leaving_of(reader)) if not isinstance(each, Hole)]
        assert sorted((each.opcode, each.whole) for each in told) == [(1, False), (9, True)]
    assert check_file(back).findings == ()


def test_a_choice_takes_whole_messages(tmp_path: Path) -> None:
    path = talked(tmp_path / "a.wsi")
    (entry,) = log(exported(path, numbers=[4, 5]))["entries"]
    assert [each["data"] for each in entry["_webSocketMessages"]] == ["partend", "AP8="]
    assert entry["comment"] == "2 frames of 6 were chosen."


def test_long_messages_are_written_in_pieces_that_join(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    text = "äöü€😀" * 200_000
    making.frame(OUT, 1, text.encode())
    making.frame(IN, 2, bytes(range(256)) * 9000)
    (entry,) = log(exported(making.close()))["entries"]
    one, two = entry["_webSocketMessages"]
    assert one["data"] == text
    assert base64.b64decode(two["data"]) == bytes(range(256)) * 9000


# -- and back


def test_what_comes_back_says_what_is_not_known(tmp_path: Path) -> None:
    path = talked(tmp_path / "a.wsi")
    back = imported(tmp_path, exported(path, with_secrets=True))
    with CaptureReader(path) as before, CaptureReader(back) as after:
        assert sorted(said(leaving_of(after)), key=repr) == sorted(said(leaving_of(before)), key=repr)
        (row,) = after.attempts()
        assert row.facts["imported"]["from"] == "har"
        assert "masking keys" in row.facts["imported"]["unknown"]
        columns = after.columns(1, 1, 99)
        assert not any(columns.anomalies)
    snapshot = snapshot_of(back)
    assert snapshot.request == request_of()
    assert snapshot.response is not None
    assert snapshot.response.head.values(b"Upgrade") == (b"websocket",)
    assert snapshot.end is None
    assert not snapshot.live
    line = of_attempt(snapshot)
    assert line.lead == "Imported from HAR."
    assert line.text.startswith("It opened. Framing is not known")


def test_frames_of_one_moment_come_back_in_their_order(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    wanted = [
        (1, b"one"),
        (9, b"two"),
        (1, b"three"),
        (10, b"four"),
        (11, b"five"),
        (2, b"six"),
        (9, b"seven"),
    ]
    making.wire(IN, b"".join(making.encoded(IN, opcode, data) for opcode, data in wanted))
    fragments = [(1, b"a", False), (9, b"within", True), (0, b"b", True), (9, b"behind", True)]
    making.wire(IN, b"".join(making.encoded(IN, op, data, fin=fin) for op, data, fin in fragments))
    back = imported(tmp_path, exported(making.close()))
    with CaptureReader(back) as reader:
        told = [(opcode, data) for _, _, opcode, data in said(leaving_of(reader))]
    assert told == [*wanted, (9, b"within"), (1, b"ab"), (9, b"behind")]


def test_sizes_that_nobody_told_are_not_told_again(tmp_path: Path) -> None:
    back = imported(tmp_path, exported(talked(tmp_path / "a.wsi")))
    (entry,) = log(exported(back))["entries"]
    for side in ("request", "response"):
        assert (entry[side]["headersSize"], entry[side]["bodySize"]) == (-1, -1)
    with CaptureReader(back) as reader:
        names, *rows = rows_of(leaving_of(reader))
        stream = io.BytesIO()
        write_html(stream, leaving_of(reader))
    page = stream.getvalue().decode()
    assert page.count("not known: the file that was imported does not tell") == 2
    assert "not yet, when this was written" not in page
    for name in ("fin", "rsv", "masked", "key", "header_bytes", "wire_bytes", "compressed"):
        assert {row[names.index(name)] for row in rows} == {""}


def test_a_refusal_comes_back_with_its_body(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 4\r\n\r\nno\r\n"
    path = Making(tmp_path / "a.wsi", answer=answer).close()
    snapshot = snapshot_of(imported(tmp_path, exported(path)))
    assert snapshot.response is not None
    assert (snapshot.response.status, snapshot.response.body) == (426, b"no\r\n")
    assert "Imported from HAR. The exact bytes are not known." in of_attempt(snapshot).text


def test_a_body_that_came_in_chunks_is_read_and_found_no_fault_with(tmp_path: Path) -> None:
    answer = (
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nno\r\n5\r\n, no!\r\n0\r\n\r\n"
    )
    path = Making(tmp_path / "a.wsi", answer=answer).close()
    was = snapshot_of(path)
    now = snapshot_of(imported(tmp_path, exported(path)))
    assert was.response is not None
    assert now.response is not None
    assert now.response.body == was.response.body == b"no, no!"
    assert now.verdict is not None
    assert was.verdict is not None
    assert [each.rule for each in now.verdict.findings] == [each.rule for each in was.verdict.findings]
    assert "well-formed" in {each.rule for each in was.verdict.passed}
    assert "well-formed" not in {each.rule for each in now.verdict.passed}


CHROME = {
    "log": {
        "version": "1.2",
        "creator": {"name": "WebInspector", "version": "537.36"},
        "pages": [],
        "entries": [
            {"request": {"method": "GET", "url": "https://h/", "headers": []}, "response": {"status": 200}},
            {
                "_resourceType": "websocket",
                "_webSocketMessages": [
                    {"type": "send", "time": 1700000000.5, "opcode": 1, "data": "hi"},
                    {"type": "error", "time": 1700000001.0, "opcode": -1, "data": "broken"},
                ],
                "request": {
                    "method": "GET", "url": "wss://h/x", "httpVersion": "HTTP/1.1",
                    "headers": [{"name": "Host", "value": "h"}], "cookies": [], "queryString": [],
                    "headersSize": -1, "bodySize": 0,
                },
                "response": {"status": 101, "statusText": "Switching Protocols", "headers": []},
                "startedDateTime": "2023-11-14T23:13:20.123+01:00",
                "time": 12.5, "timings": {"blocked": 1.5, "dns": -1, "ssl": 2, "connect": 5, "wait": 3},
            },
        ],
    }
}  # fmt: skip


def test_messages_before_the_request_and_errors_among_them_are_read(tmp_path: Path) -> None:
    (tmp_path / "c.har").write_text("\ufeff" + json.dumps(CHROME))
    done = import_files([tmp_path / "c.har"], tmp_path / "c.wsi")
    assert done.attempts == 1
    assert done.notes == (
        "c.har: messages of type “error” were left aside, being neither sent nor received.",
        "c.har: 1 other entries were left aside.",
    )
    snapshot = snapshot_of(tmp_path / "c.wsi")
    assert snapshot.url == "wss://h/x"
    assert snapshot.wall_ns == 1_700_000_000_123_000_000
    assert (snapshot.timings.tcp, snapshot.timings.tls, snapshot.timings.first_byte) == (3, 2, 3)
    assert snapshot.frames_out == 1


HELLO = "hëllo".encode()
ECHOED = [
    (True, 1, HELLO), (False, 1, HELLO), (True, 2, b"\0\1\xff"), (False, 2, b"\0\1\xff"),
    (True, 1, b"x" * 300), (False, 1, b"x" * 300),
]  # fmt: skip


@pytest.mark.parametrize("name", ["chromium", "mitmproxy"])
def test_files_that_others_made_are_read(name: str, tmp_path: Path) -> None:
    source = Path(__file__).parent / "har" / f"{name}.har"
    done = import_files([source], tmp_path / "o.wsi")
    assert (done.attempts, done.notes) == (2, ())
    with CaptureReader(tmp_path / "o.wsi") as reader:
        opened, refused = (restored_attempts(reader, row.id)[0] for row in reader.conversations())
        leaving = Leaving(reader, opened.snapshot, opened.options)
        assert [(out, opcode, data) for out, _, opcode, data in said(leaving)] == ECHOED
    assert opened.snapshot.url.startswith("ws://127.0.0.1:")
    assert opened.snapshot.subprotocol == "chat"
    assert opened.snapshot.verdict is not None
    assert not opened.snapshot.verdict.breaks
    assert refused.snapshot.url.endswith("/426-list")
    line = of_attempt(refused.snapshot)
    assert "426" in line.lead + line.text
    assert "Imported from HAR." in line.text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "some.har: it is empty."),
        ("{", "line 1, column 2"),
        ("nothing", "“{” is expected"),
        ('{"a": 1}', "it has no “log”"),
        ('{"log": {"entries": []}}', "none of its 0 entries is a WebSocket"),
        ('{"log": {"entries": [\n {"request": {"url": "ws://h/"},}]}}', "line 2, column"),
        ('{"log": {"entries": [{"_webSocketMessages": []}]}}', "has no “request”"),
        ('{"log": {"entries": [{"_webSocketMessages": 1}]}}', "should be a list"),
        ('{"log": {"entries": [{"request": {"url": "ws://h/"}}]}}', "no date"),
        ('{"log": {"entries": [{"request": {"url": "ws://h:x/"}}]}} x', "more follows"),
        ('{"x": NaN}', "NaN"),
        ("[" * 100_000, "“{” is expected"),
        ('{"log":' * 5000, "deep"),
    ],
)
def test_a_broken_file_is_told_with_its_place(text: str, fault: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(WrongFile) as raised:
        imported(folder, text)
    assert fault in str(raised.value)
    assert [each.name for each in folder.iterdir()] == ["some.har"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_change_of_a_file_is_either_read_or_told(data: st.DataObject) -> None:
    whole = json.dumps(CHROME).encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 3)) :]
    with TemporaryDirectory() as folder:
        try:
            made = imported(Path(folder), changed)
        except WrongFile:
            return
        assert snapshot_of(made).number == 1


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([IN, OUT]), st.sampled_from([1, 2, 9, 10]), st.text(max_size=30)),
        max_size=12,
    )
)
def test_any_messages_come_back_the_same(traffic: list[tuple[Any, int, str]]) -> None:
    with TemporaryDirectory() as folder:
        making = Making(Path(folder) / "a.wsi")
        for side, opcode, text in traffic:
            making.frame(side, opcode, text.encode())
        path = making.close()
        back = imported(Path(folder), exported(path, with_secrets=True))
        with CaptureReader(path) as before, CaptureReader(back) as after:
            assert sorted(said(leaving_of(after))) == sorted(said(leaving_of(before)))


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([IN, OUT]), st.sampled_from([1, 2, 8, 9]), st.text(max_size=30)),
        min_size=1,
        max_size=8,
    ),
    st.booleans(),
)
def test_what_is_not_known_stays_so_through_json_lines(
    traffic: list[tuple[Any, int, str]], long: bool
) -> None:
    with TemporaryDirectory() as folder:
        making = Making(Path(folder) / "a.wsi")
        for side, opcode, text in traffic:
            making.frame(side, opcode, text.encode())
        if long:
            making.frame(OUT, 2, b"\x00\xff" * 300_000)
        back = imported(Path(folder), exported(making.close(), with_secrets=True))
        lines = as_lines(back)
        (Path(folder) / "some.jsonl").write_bytes(lines)
        import_files([Path(folder) / "some.jsonl"], Path(folder) / "again.wsi")
        told = [json.loads(line) for line in lines.splitlines()]
        assert told[0]["composed"] is True
        frames = [each for each in told if each["kind"] == "frame"]
        assert len(frames) == len(traffic) + long
        assert {each[name] for each in frames for name in UNSEEN} == {None}
        with CaptureReader(back) as before, CaptureReader(Path(folder) / "again.wsi") as after:
            (was,), (now,) = before.attempts(), after.attempts()
            assert now.facts == was.facts
            for side in (IN, OUT):
                assert stream_of(after, now.id, side) == stream_of(before, was.id, side)
            assert columns_of(after, now.id) == columns_of(before, was.id)
            assert restored_attempts(after, 1)[0].snapshot.imported == "har"
        # But for when the file itself was begun.
        assert as_lines(Path(folder) / "again.wsi").splitlines()[1:] == lines.splitlines()[1:]


def as_lines(path: Path) -> bytes:
    with CaptureReader(path) as reader:
        stream = io.BytesIO()
        write_json_lines(stream, leaving_of(reader, with_secrets=True))
    return stream.getvalue()


def test_a_composed_header_that_is_none_is_told(tmp_path: Path) -> None:
    back = imported(tmp_path, exported(talked(tmp_path / "a.wsi")))
    for wrong in ("", "8", "88", "8805", None):
        lines = [json.loads(line) for line in as_lines(back).splitlines()]
        frame = next(line for line in lines if line["kind"] == "frame")
        frame["composed_header"] = wrong
        (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, lines)))
        with pytest.raises(WrongFile, match="composed_header"):
            import_files([tmp_path / "b.jsonl"], tmp_path / "b.wsi")


@pytest.mark.parametrize("early", [0.0, 4.5])
def test_an_import_is_found_as_it_was_written(tmp_path: Path, early: float) -> None:
    told = json.loads(exported(talked(tmp_path / "a.wsi"), with_secrets=True))
    (entry,) = told["log"]["entries"]
    for number, message in enumerate(entry["_webSocketMessages"]):
        message["time"] -= early * (number < 2)
    (tmp_path / "b.har").write_text(json.dumps(told), "utf-8")
    done = import_files([tmp_path / "b.har"], tmp_path / "b.wsi")
    assert any("older than its connection" in note for note in done.notes) is (early > 0)
    report = check_file(tmp_path / "b.wsi")
    assert report.findings == ()
    assert report.counts["compared"] == report.counts["frames"] > 1
    with CaptureReader(tmp_path / "b.wsi") as reader:
        (row,) = reader.attempts()
        assert row.mono_ns <= min(reader.columns(row.id, 1, 99).time)
