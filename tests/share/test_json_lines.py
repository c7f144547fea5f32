"""JSON lines: every byte, time and frame goes out and comes back; what is broken is told with its line."""

import base64
import contextlib
import dataclasses
import io
import json
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
    Making,
    answer_of,
    columns_of,
    leaving_of,
    request_of,
    stream_of,
)
from wsinspector.capture import CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.protocol.arriving import Agreed
from wsinspector.share.importing import WrongFile, import_files
from wsinspector.share.json_lines import write_json_lines


def exported(path: Path, **options: Any) -> bytes:
    with CaptureReader(path) as reader:
        stream = io.BytesIO()
        write_json_lines(stream, leaving_of(reader, **options))
    return stream.getvalue()


def imported(folder: Path, data: bytes, name: str = "back.wsi") -> Path:
    source = folder / "some.jsonl"
    source.write_bytes(data)
    import_files([source], folder / name)
    return folder / name


def assert_equal(one: Path, other: Path) -> None:
    """The same bytes, times, frames, gaps, events and marks; the same facts, but for where they are from."""
    with CaptureReader(one) as before, CaptureReader(other) as after:
        (was,), (now,) = before.attempts(), after.attempts()
        for side in (IN, OUT):
            assert stream_of(after, 1, side) == stream_of(before, 1, side)
        assert columns_of(after, 1) == columns_of(before, 1)
        assert sorted(map(str, after.gaps(1))) == sorted(map(str, before.gaps(1)))
        assert after.events(1) == before.events(1)
        assert [(each.frame, each.name, each.note) for each in after.marks(1)] == [
            (each.frame, each.name, each.note) for each in before.marks(1)
        ]
        facts = dict(now.facts)
        facts.pop("imported")
        assert facts == was.facts
        assert (now.wall_ns, now.mono_ns, now.finished) == (was.wall_ns, was.mono_ns, was.finished)
        (draft,), (again,) = before.conversations(), after.conversations()
        assert (again.title, again.draft, again.state) == (draft.title, draft.draft, draft.state)
        (restored,), (attempt,) = restored_attempts(before, 1), restored_attempts(after, 1)
        assert _sorted(attempt.snapshot) == _sorted(restored.snapshot)


def _sorted(snapshot: AttemptSnapshot) -> AttemptSnapshot:
    """With what was dropped in an order that does not depend on that of its rows."""
    return dataclasses.replace(snapshot, dropped=tuple(sorted(snapshot.dropped)))


def talked(path: Path) -> Path:
    making = Making(path)
    making.frame(OUT, 1, "hëllo".encode())
    making.frame(IN, 2, b"\x00\xff" * 400)
    making.frame(IN, 1, b"part", fin=False)
    making.frame(IN, 9, b"ping")
    making.frame(IN, 0, b"end")
    making.wire(IN, b"".join(making.encoded(IN, 1, b"%d" % each) for each in range(50)))
    making.frame(OUT, 8, b"\x03\xe8bye")
    making.writer.set_mark(1, 2, "here", "look at this")
    return making.close()


def test_the_first_line_tells_of_the_attempt_and_each_frame_has_a_line(tmp_path: Path) -> None:
    lines = [
        json.loads(line) for line in exported(talked(tmp_path / "a.wsi"), with_secrets=True).splitlines()
    ]
    assert (lines[0]["kind"], lines[0]["dialect"], lines[0]["frames"]) == ("attempt", "rfc6455", 56)
    assert lines[0]["request"]["text"].encode() == request_of()
    assert lines[0]["end"]["code"] == 1000
    frames = [line for line in lines if line["kind"] == "frame"]
    assert [frame["no"] for frame in frames] == list(range(1, 57))
    first, second = frames[:2]
    assert (first["dir"], first["text"], first["key"], first["masked"]) == ("out", "hëllo", "37fa213e", True)
    assert (first["header"], first["length"], first["wire"]) == ("818637fa213e", 6, 12)
    assert (second["header"], second["opcode"], second["name"]) == ("827e0320", 2, "Binary")
    assert second["base64"].startswith("AP8A")
    assert lines[-1] == {"kind": "end", "frames": 56, "left_out": []}


def test_what_went_out_comes_back_the_same(tmp_path: Path) -> None:
    path = talked(tmp_path / "a.wsi")
    back = imported(tmp_path, exported(path, with_secrets=True))
    assert_equal(path, back)
    with CaptureReader(path) as one, CaptureReader(back) as other:
        assert [each.created_ns for each in one.conversations()] == [
            each.created_ns for each in other.conversations()
        ]


@pytest.mark.parametrize("dialect", ["hybi-01", "hybi-06", "hybi-07", "rfc6455"])
def test_masked_headers_of_drafts_come_back(tmp_path: Path, dialect: str) -> None:
    making = Making(tmp_path / "a.wsi", agreed=Agreed(dialect=dialect), more={"options": {"speak": dialect}})
    for side in (OUT, IN):
        making.frame(side, 1, b"text")
        making.frame(side, 2, bytes(range(256)))
    path = making.close()
    assert_equal(path, imported(tmp_path, exported(path, with_secrets=True)))


def test_gaps_come_back_with_their_lengths_and_reasons(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    making.frame(IN, 1, b"before")
    making.attempt.gap(1000, "The disk was full.", IN)
    making.attempt.gap(7, "The disk was full.")
    path = making.close()
    lines = exported(path, with_secrets=True)
    assert b'"stop":9' in lines
    assert_equal(path, imported(tmp_path, lines))


def test_a_choice_of_frames_comes_back_with_the_rest_as_gaps(tmp_path: Path) -> None:
    path = talked(tmp_path / "a.wsi")
    back = imported(tmp_path, exported(path, with_secrets=True, numbers=[2, 3, 56]))
    with CaptureReader(path) as before, CaptureReader(back) as after:
        was, now = columns_of(before, 1), columns_of(after, 1)
        assert [now.offset[at - 1] for at in (2, 3, 56)] == [was.offset[at - 1] for at in (2, 3, 56)]
        assert after.frame_bytes(1, 2) == before.frame_bytes(1, 2)
        assert after.frame_bytes(1, 56) == before.frame_bytes(1, 56)
        for no in (2, 56):
            side = OUT if was.flags[no - 1] & 1 else IN
            assert after.time_at(1, side, was.offset[no - 1]) == before.time_at(1, side, was.offset[no - 1])
        assert [(gap.start, gap.stop) for gap in after.gaps(1) if gap.kind == "frames"] == [(1, 2), (4, 56)]


def test_long_payloads_lie_in_lines_of_bounded_length(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    making.frame(OUT, 2, bytes(range(256)) * 6000)
    path = making.close()
    data = exported(path)
    assert max(map(len, data.splitlines())) < 600_000
    assert sum(b'"kind":"payload"' in line for line in data.splitlines()) >= 5
    with CaptureReader(path) as before, CaptureReader(imported(tmp_path, data)) as after:
        assert after.frame_bytes(1, 1) == before.frame_bytes(1, 1)


def test_without_secrets_every_length_stays_and_no_secret_leaves(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(b"Cookie: c=c00kie-value"))
    making.frame(OUT, 1, b'{"auth":"' + SECRET + b'"}')
    making.frame(IN, 2, b"\0" + b"q-u-e-r-y-1")
    path = making.close()
    data = exported(path)
    back = imported(tmp_path, data)
    for secret in (SECRET, b"c00kie-value", b"set-by-server", b"q-u-e-r-y-1"):
        assert secret not in data
        assert secret not in back.read_bytes()
    listed = json.loads(data.splitlines()[-1])["left_out"]
    assert {each["where"] for each in listed} >= {
        "Authorization of the request",
        "Set-Cookie of the answer",
        "the payload of frame 1",
        "the payload of frame 2",
    }
    assert {each["length"] for each in listed if each["where"] == "the payload of frame 1"} == {len(SECRET)}
    with CaptureReader(path) as before, CaptureReader(back) as after:
        for side in (IN, OUT):
            assert after.stream_length(1, side) == before.stream_length(1, side)
        assert columns_of(after, 1) == columns_of(before, 1)


def test_a_message_with_a_secret_in_compressed_data_is_zeros(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), agreed=DEFLATED)
    making.compressed(b"you are " + SECRET)
    making.compressed(b"harmless")
    data = exported(making.close())
    lines = [json.loads(line) for line in data.splitlines()]
    first, second = [line for line in lines if line["kind"] == "frame"]
    assert first["left_out"] == [[0, first["length"]]]
    assert base64.b64decode(first["base64"]) == bytes(first["length"])
    assert base64.b64decode(first["window"]) == b"you are " + b"*" * len(SECRET)
    assert "left_out" not in second
    (told,) = [each for each in lines[-1]["left_out"] if "whole payload" in each["where"]]
    assert (told["length"], told["removed"]) == (first["length"], True)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([IN, OUT]), st.binary(max_size=90)),
        max_size=12,
    ),
    st.booleans(),
)
def test_any_traffic_comes_back_the_same(traffic: list[tuple[Any, bytes]], ended: bool) -> None:
    with TemporaryDirectory() as folder:
        making = Making(Path(folder) / "a.wsi")
        for side, data in traffic:
            making.wire(side, data)
        path = making.close(ended=ended)
        assert_equal(path, imported(Path(folder), exported(path, with_secrets=True)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[1:], "line 1: this is no export of wsinspector"),
        (lambda lines: [b'{"event": 1}', b'{"event": 2}'], "this is no export of wsinspector"),
        (lambda lines: [b'{"kind": "log", "n": 1}', b'{"kind": "log"}'], "no export of wsinspector"),
        (lambda lines: [b'{"kind": "attempt", "n": 1}'], "line 1: this is no export of wsinspector"),
        (
            lambda lines: [lines[0].replace(b'"dialect":"rfc6455"', b'"dialect":"foo"', 1), *lines[1:]],
            "line 1: “dialect” names “foo”, which is no dialect that is known.",
        ),
        (
            lambda lines: [lines[0].replace(b'"speak":""', b'"speak":"foo"'), *lines[1:]],
            "line 1: “speak” names “foo”",
        ),
        (lambda lines: [lines[0][:-10]], "line 1, column"),
        (lambda lines: [*lines[:5], b"[1]"], "line 6: this is no JSON object"),
        (lambda lines: [lines[0], *lines[2:4], *lines[2:4]], "within those of an earlier line"),
        (lambda lines: [*lines[:5], lines[4]], "line 6: frame 1 does not follow frame 1"),
        (lambda lines: [lines[0].replace(b'"version":1', b'"version":9')], "a newer version"),
        (
            lambda lines: [lines[0].replace(b'"speaks":"rfc6455"', b'"speaks":"x"')],
            "line 1: “speaks” names “x”",
        ),
        (lambda lines: [*lines[:2], b'{"kind":"bytes","dir":"up"}'], "line 3: “dir” should be in or out"),
        (lambda lines: [*lines[:2], b'{"kind":"bytes","dir":{}}'], "line 3: “dir” should be in or out"),
        (lambda lines: [*lines[:4], b'{"kind":"bytes","dir":"in","offset":-1}'], "whole number"),
        (
            lambda lines: [lines[0].replace(b'"request_length":', b'"request_length":"x","y":')],
            "cannot be read",
        ),
        (lambda lines: [], "is empty"),
    ],
)
def test_a_broken_file_is_told_with_its_line(change: Any, said: str, tmp_path: Path) -> None:
    lines = exported(talked(tmp_path / "a.wsi")).splitlines()
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(WrongFile) as raised:
        imported(folder, b"\n".join(change(lines)))
    assert said in str(raised.value)
    assert [each.name for each in folder.iterdir()] == ["some.jsonl"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines, []),
        (lambda lines: lines[:-1], ["some.jsonl: its end line is missing; the file may have been cut off."]),
        (
            lambda lines: lines[:-5],
            ["some.jsonl: 3 of 56 frames are missing, and the end line: the file was cut off."],
        ),
        (lambda lines: [*lines[:8], *lines[10:]], ["some.jsonl: 2 of 56 frames are missing."]),
        (
            lambda lines: [*lines[:-5], *lines],
            ["some.jsonl: 3 of 56 frames are missing, and the end line: the file was cut off."],
        ),
    ],
)
def test_what_is_missing_from_a_file_is_told(change: Any, said: list[str], tmp_path: Path) -> None:
    whole = exported(talked(tmp_path / "a.wsi"), with_secrets=True).splitlines(keepends=True)
    source = tmp_path / "some.jsonl"
    source.write_bytes(b"".join(change(whole)))
    assert list(import_files([source], tmp_path / "back.wsi").notes) == said


def test_frames_that_were_not_chosen_or_not_kept_are_not_missing(tmp_path: Path) -> None:
    path = talked(tmp_path / "a.wsi")
    source = tmp_path / "some.jsonl"
    whole = exported(path, with_secrets=True, numbers=[2, 3, 7]).splitlines(keepends=True)
    source.write_bytes(b"".join(whole))
    assert import_files([source], tmp_path / "b.wsi").notes == ()
    source.write_bytes(b"".join(whole[:-3]))
    (note,) = import_files([source], tmp_path / "c.wsi").notes
    assert note.startswith("some.jsonl: 1 of 3 frames are missing") or "end line" in note


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file that is only read, the same for every example."""
    return exported(talked(tmp_path_factory.mktemp("whole") / "a.wsi"))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_change_of_a_file_is_either_read_or_told(whole: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        at = data.draw(st.integers(0, len(whole) - 1))
        changed = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 3)) :]
        with contextlib.suppress(WrongFile), CaptureReader(imported(Path(folder), changed)) as reader:
            assert len(reader.attempts()) >= 1
