"""A secret within compressed data leaves in no export, however it was cut, and what follows stays."""

import base64
import csv
import io
import json
import sqlite3
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.command import run
from tests.share import pcapng_reading as pcap
from tests.share.making import (
    DEFLATE_LINE,
    DEFLATED,
    IN,
    OUT,
    SECRET,
    Making,
    Said,
    answer_of,
    compressed_talk,
    leaving_of,
    request_of,
)
from wsinspector.capture import CaptureReader
from wsinspector.conversation.decoded import DecodedSource, decoding_of
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.opened import fault_text, open_message
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import WINDOW, DeflateParameters, Deflater, InflateFault, Inflater
from wsinspector.protocol.spans import Direction
from wsinspector.share import compressed_secrets, shared_capture
from wsinspector.share.formats import format_called
from wsinspector.share.importing import import_files

ON_THE_WIRE = ("jsonl", "pcapng", "python", "wsi")
EVERY = ("har", "csv", "text", "html", *ON_THE_WIRE)


def written(path: Path, form: str, **options: Any) -> tuple[bytes, list[str]]:
    with CaptureReader(path) as reader:
        leaving = leaving_of(reader, **options)
        stream = io.BytesIO()
        format_called(form).write(stream, leaving)
        return stream.getvalue(), [each.text for each in leaving.left_out]


def reading_of(reader: CaptureReader) -> FrameReading:
    snapshot = leaving_of(reader).snapshot
    return FrameReading(AttemptSource(reader, snapshot.attempt_id), snapshot.agreed, snapshot.role)


def texts_of(path: Path) -> list[tuple[bytes, InflateFault | None]]:
    """What the messages of a capture say, as the window works it out; read backwards, as one may scroll."""
    with CaptureReader(path) as reader:
        reading = reading_of(reader)
        messages: dict[int, list[int]] = {}
        for number in range(1, reader.frame_count(reading_attempt(reader)) + 1):
            facts = reading.facts(number)
            assert facts is not None
            if facts.message:
                messages.setdefault(facts.message, []).append(number)
        found = []
        inflation = Inflation(reading)
        for numbers in reversed(messages.values()):
            facts = reading.facts(numbers[0])
            assert facts is not None
            one = inflation.message(facts.direction, numbers[0], numbers[-1], 1 << 20)
            found.append((b"".join(one.parts), one.fault))
        return found[::-1]


def reading_attempt(reader: CaptureReader) -> int:
    (attempt,) = reader.attempt_ids()
    return attempt


def inflated(payloads: list[tuple[Direction, int, bytes]], windows: list[bytes]) -> Iterator[bytes]:
    """All that anybody can make of the payloads of messages: on from the start, and with any window."""
    joined: dict[tuple[Direction, int], bytes] = {}
    for side, message, data in payloads:
        joined[side, message] = joined.get((side, message), b"") + data
    flowing = {side: Inflater() for side in Direction}
    for (side, _), data in joined.items():
        yield b"".join(flowing[side].pieces(data, final=True))
        flowing[side].end_message()
        for window in [b"", bytes(1 << 15), *windows]:
            yield b"".join(Inflater(restore=window).pieces(data, final=True))


def of_capture(path: Path) -> Iterator[bytes]:
    """Every value in the file's tables, the payloads without their masks, and these inflated."""
    connection = sqlite3.connect(path)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f"SELECT * FROM {table}"):
            yield from (each if isinstance(each, bytes) else str(each).encode() for each in row)
    windows = [row[0] for row in connection.execute("SELECT window FROM checkpoint")]
    connection.close()
    with CaptureReader(path) as reader:
        reading = reading_of(reader)
        frames = [reading.facts(at) for at in range(1, reader.frame_count(reading_attempt(reader)) + 1)]
        payloads = [
            (each.direction, each.message, reading.payload(each, 0, 1 << 20))
            for each in frames
            if each is not None and each.message
        ]
    yield from (data for _, _, data in payloads)
    yield from inflated(payloads, windows)


def of_lines(data: bytes) -> Iterator[bytes]:
    payloads, windows = [], []
    for line in map(json.loads, data.splitlines()):
        found = line["text"].encode() if "text" in line else base64.b64decode(line.get("base64", ""))
        yield found
        if line["kind"] == "frame" and line["message"]:
            payloads.append((IN if line["dir"] == "in" else OUT, line["message"], found))
        if "window" in line:
            windows.append(base64.b64decode(line["window"]))
    yield from windows
    yield from inflated(payloads, windows)


def undone(form: str, data: bytes, folder: Path) -> Iterator[bytes]:
    """An export, and whatever can be made of what is in it."""
    yield data
    if form == "wsi":
        path = folder / "read.wsi"
        path.write_bytes(data)
        yield from of_capture(path)
    elif form == "jsonl":
        yield from of_lines(data)
    elif form == "pcapng":
        copy = folder / "read.wsi"
        with CaptureReader(copy) as reader:
            flows = {bytes(flow.data) for flow in pcap.flows(pcap.segments(pcap.read(data)))}
            attempt = reading_attempt(reader)
            # The same bytes as in the copy, which was looked through.
            assert flows == {
                reader.stream(attempt, side, 0, reader.stream_length(attempt, side)) for side in Direction
            }
    elif form == "python":
        script: dict[str, Any] = {"__name__": "script"}
        exec(data.decode(), script)
        yield b"".join(
            part if isinstance(part, bytes) else b"" for _, parts in script["STEPS"] for part in parts
        )


TEXT = st.sampled_from(
    (
        b"nothing to hide, said at length",
        b"you are " + SECRET + b", are you not",
        b"proof-of-concept, tokens and ours",
        b"s3cr3t-t0 in part",
        SECRET,
    )
)
MESSAGES = st.lists(
    st.tuples(st.sampled_from((IN, OUT)), TEXT, st.lists(st.integers(0, 9), max_size=3).map(tuple)),
    min_size=1,
    max_size=7,
)


@given(MESSAGES, st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_compressed_secret_leaves_nowhere_and_the_rest_stays_readable(said: Said, takeover: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = compressed_talk(folder / "a.wsi", said, takeover=takeover)
        hides = any(SECRET in text for _, text, _ in said)
        for form in ("wsi", *(each for each in EVERY if each != "wsi")):
            data, listed = written(path, form)
            assert not [each for each in undone(form, data, folder) if SECRET in each], form
            whole = [line for line in listed if "the whole payload of message" in line]
            sent = any(SECRET in text for side, text, _ in said if side is OUT)
            wanted = sent if form == "python" else hides and form in ON_THE_WIRE
            assert bool(whole) >= wanted, (form, listed)
            assert not any("not searched" in line for line in listed)
        (folder / "a.jsonl").write_bytes(written(path, "jsonl")[0])
        import_files([folder / "a.jsonl"], folder / "b.wsi")
        for copy in (folder / "read.wsi", folder / "b.wsi"):
            for (_, text, _), (shown, fault) in zip(said, texts_of(copy), strict=True):
                if SECRET in text:
                    assert (shown, fault) == (b"", InflateFault.LEFT_OUT)
                else:  # left out whole where it refers back to bytes of the secret, never changed
                    assert (shown, fault) in ((text, None), (b"", InflateFault.LEFT_OUT))


def test_what_follows_is_as_it_was_said(tmp_path: Path) -> None:
    said: Said = [
        (IN, b"hello hello hello", ()),
        (IN, b"you are " + SECRET, (3, 4)),
        (IN, b"hello again, you are welcome", ()),
        (IN, b"and again", ()),
    ]
    path = compressed_talk(tmp_path / "a.wsi", said)
    data, listed = written(path, "wsi")
    (whole,) = [line for line in listed if "the whole payload" in line]
    with CaptureReader(path) as reader:
        reading = reading_of(reader)
        frames = [facts for number in (2, 4, 6) if (facts := reading.facts(number)) is not None]
        size = sum(each.length for each in frames)
    assert whole == (
        f"the whole payload of message 2, frame 2, as the secret is within compressed data: {size} bytes"
        " (SECRET_2)"
    )
    (tmp_path / "b.wsi").write_bytes(data)
    assert texts_of(tmp_path / "b.wsi") == [
        (said[0][1], None),
        (b"", InflateFault.LEFT_OUT),
        (said[2][1], None),
        (said[3][1], None),
    ]
    with CaptureReader(tmp_path / "b.wsi") as reader:
        reading = reading_of(reader)
        for facts in frames:
            again = reading.facts(facts.number)
            assert again == facts
            assert reading.header(facts)
            assert reading.payload(facts, 0, 99) == bytes(facts.length)
        gaps = [
            gap for gap in leaving_of(reader).gaps if gap.kind == "left-out" and "whole payload" in gap.reason
        ]
        assert [(gap.start, gap.stop) for gap in gaps] == [
            (each.payload_start, each.payload_end) for each in frames
        ]


@pytest.mark.parametrize("takeover", [True, False])
def test_no_peer_is_blamed_for_what_was_left_out(tmp_path: Path, takeover: bool) -> None:
    said: Said = [(side, text, ()) for text in (b"it is " + SECRET, b"and so on") for side in (IN, OUT)]
    data, _ = written(compressed_talk(tmp_path / "a.wsi", said, takeover=takeover), "wsi")
    path = tmp_path / "b.wsi"
    path.write_bytes(data)
    with CaptureReader(path) as reader:
        assert not any(reader.columns(1, 1, 4).anomalies)
        decoding = decoding_of(reader, leaving_of(reader).snapshot, "rfc6455")
        assert decoding is not None
        source = DecodedSource(reader, 1, decoding)
        while source.catch_up():
            pass
        assert source.frames == 4
        assert not any(source.columns(1, 4).anomalies)
    done = run("check", str(path))
    assert "repairable" not in done.out
    assert "Left out on purpose: PAYLOAD_1, the whole payload of message 1" in done.out
    done = run("judge", str(path))
    assert done.code == 0, done.out
    assert "What was left out when the file was made to be shared is not judged" in done.out


def test_what_is_made_of_a_copy_says_where_something_was_left_out(tmp_path: Path) -> None:
    said: Said = [(IN, b"it is " + SECRET, ()), (IN, b"more of other words", ())]
    path = tmp_path / "b.wsi"
    path.write_bytes(written(compressed_talk(tmp_path / "a.wsi", said), "wsi")[0])
    assert b"not inflated: bytes were left out when it was shared" in written(path, "html")[0]
    assert b"[not inflated: bytes were left out when it was shared]" in written(path, "text")[0]
    assert b'"data":"","_frame":1,"_inflated":"left-out"' in written(path, "har")[0]
    rows = list(csv.DictReader(io.StringIO(written(path, "csv")[0].decode())))
    assert [(row["encoding"], row["content_bytes"], row["content"]) for row in rows[:2]] == [
        ("left out", "", ""),
        ("text", "19", "more of other words"),
    ]
    first, second, _ = run("frames", str(path), "--messages", "--json").lines
    assert (first["payload"], first["inflated"]) == ("", "left-out")
    assert "inflated" not in second
    for form in ("jsonl", "wsi"):  # once more, and it is still known
        data, listed = written(path, form)
        assert not any("whole payload" in line or "not searched" in line for line in listed)
        again = tmp_path / f"again.{form}"
        again.write_bytes(data)
        if form == "jsonl":
            import_files([again], tmp_path / "c.wsi")
            again = tmp_path / "c.wsi"
        assert texts_of(again) == [(b"", InflateFault.LEFT_OUT), (said[1][1], None)]


def test_without_the_window_a_later_message_is_told_as_not_to_be_inflated_here(tmp_path: Path) -> None:
    said: Said = [(IN, b"it is " + SECRET, ()), (IN, b"it is more of it", ()), (IN, b"and so on", ())]
    path = tmp_path / "b.wsi"
    path.write_bytes(written(compressed_talk(tmp_path / "a.wsi", said), "wsi")[0])
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM checkpoint")
    connection.close()
    assert texts_of(path) == [(b"", InflateFault.LEFT_OUT)] * 3
    with CaptureReader(path) as reader:
        reading = reading_of(reader)
        opened = open_message(reading, Inflation(reading), array("Q", [3]), 100)
        assert opened is not None
        assert opened.payload.fault is InflateFault.LEFT_OUT
        assert fault_text(opened) == (
            "Not inflated: bytes that this needs were left out when the file was made to be shared."
        )


def test_a_message_that_refers_back_to_a_secret_is_left_out_too(tmp_path: Path) -> None:
    said: Said = [(OUT, SECRET, ()), (OUT, SECRET[:14], ()), (OUT, b"something else", ())]
    path = compressed_talk(tmp_path / "a.wsi", said)
    data, listed = written(path, "wsi")
    assert any("message 2" in line and "refers back" in line for line in listed)
    (tmp_path / "b.wsi").write_bytes(data)
    assert texts_of(tmp_path / "b.wsi")[2] == (b"something else", None)


@pytest.mark.parametrize("form", ON_THE_WIRE)
def test_asked_for_secrets_all_is_there(tmp_path: Path, form: str) -> None:
    path = compressed_talk(tmp_path / "a.wsi", [(OUT, b"I am " + SECRET, ()), (OUT, b"I am still here", ())])
    data, listed = written(path, form, with_secrets=True)
    assert listed == []
    with CaptureReader(path) as reader:
        reading = reading_of(reader)
        facts = reading.facts(1)
        assert facts is not None
        payload = reading.payload(facts, 0, 99)
    if form == "jsonl":
        assert payload in list(of_lines(data))
    elif form == "wsi":
        (tmp_path / "b.wsi").write_bytes(data)
        assert texts_of(tmp_path / "b.wsi") == [(b"I am " + SECRET, None), (b"I am still here", None)]


def test_beyond_the_most_that_is_kept_nobody_is_blamed_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressed_secrets, "MOST_WINDOWS", 1)
    monkeypatch.setattr(shared_capture, "MOST_GAPS", 2)
    said: Said = [(IN, text, ()) for _ in range(3) for text in (b"I: " + SECRET, b"quite other words")]
    path = tmp_path / "b.wsi"
    path.write_bytes(written(compressed_talk(tmp_path / "a.wsi", said), "wsi")[0])
    gone = (b"", InflateFault.LEFT_OUT)
    assert texts_of(path) == [gone, (said[1][1], None), gone, gone, gone, gone]


@pytest.mark.parametrize("takeover", [True, False])
def test_a_packet_tells_of_zeros_and_of_what_they_do(tmp_path: Path, takeover: bool) -> None:
    said: Said = [(IN, b"it is " + SECRET, ())]
    data, _ = written(compressed_talk(tmp_path / "a.wsi", said, takeover=takeover), "pcapng")
    told = data.partition(b"Left out here, with zeros in its place")[2]
    assert told.startswith(
        b", so that this and later messages of this side may not" if takeover else b": the"
    )
    assert b"the whole payload of message 1, frame 1" in told[:300]


def test_a_script_asks_for_the_payload_that_was_left_out(tmp_path: Path) -> None:
    path = compressed_talk(tmp_path / "a.wsi", [(OUT, b"I am " + SECRET, (4,)), (OUT, b"no more of it", ())])
    data, _ = written(path, "python")
    script: dict[str, Any] = {"__name__": "script"}
    exec(data.decode(), script)
    assert {name: script["SECRETS"][name][1] for name in ("PAYLOAD_1", "PAYLOAD_3")} == {
        "PAYLOAD_1": True,
        "PAYLOAD_3": True,
    }
    with CaptureReader(path) as reader:
        reading = reading_of(reader)
        known = {each.name: each.value for each in leaving_of(reader).secrets.known}
        for number in (1, 3):
            facts = reading.facts(number)
            assert facts is not None
            known[f"PAYLOAD_{number}"] = reading.payload(facts, 0, 99)
        sent = reader.stream(
            reading_attempt(reader), OUT, 0, reader.stream_length(reading_attempt(reader), OUT)
        )
    assert b"".join(script["joined"](parts, known) for _, parts in script["STEPS"]) == sent


def test_an_unfinished_message_is_searched_too(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), DEFLATED)
    making.frame(IN, 1, Deflater().deflate(b"it is " + SECRET), fin=False, rsv=4)
    path = making.close()
    data, listed = written(path, "wsi")
    assert any("the whole payload of message 1" in line for line in listed)
    (tmp_path / "read.wsi").write_bytes(data)
    assert not [each for each in of_capture(tmp_path / "read.wsi") if SECRET in each]


def test_what_cannot_be_inflated_is_told_as_not_searched(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), DEFLATED)
    making.frame(IN, 1, b"\xff broken", rsv=4)
    data, listed = written(making.close(), "wsi")
    assert "the payload of frame 1, which does not inflate: 8 bytes, not searched for secrets" in listed
    (tmp_path / "b.wsi").write_bytes(data)
    assert texts_of(tmp_path / "b.wsi") == [(b"", InflateFault.FAILED)]


@pytest.mark.parametrize("plain", [True, False])
def test_where_each_frame_is_deflated_for_itself_no_part_stays(tmp_path: Path, plain: bool) -> None:
    line = b"Sec-WebSocket-Extensions: x-webkit-deflate-frame"
    agreed = Agreed(DeflateParameters(), per_frame=True)
    making = Making(tmp_path / "a.wsi", request_of(line), answer_of(line), agreed)
    one, other = SECRET[:10], SECRET[10:]
    making.compressed(b"before")
    making.frame(IN, 1, making.deflater.deflate(b"it is " + one), rsv=4, fin=False)
    making.frame(IN, 0, other if plain else making.deflater.deflate(other), rsv=0 if plain else 4)
    making.compressed(b"what follows")
    (tmp_path / "read.wsi").write_bytes(written(making.close(), "wsi")[0])
    assert not [each for each in of_capture(tmp_path / "read.wsi") if one in each or other in each]
    gone = (b"", InflateFault.LEFT_OUT)
    assert texts_of(tmp_path / "read.wsi") == [(b"before", None), gone, (b"what follows", None)]


@pytest.mark.parametrize("form", ON_THE_WIRE)
def test_a_frame_still_under_way_is_told_as_not_searched(tmp_path: Path, form: str) -> None:
    making = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), DEFLATED)
    making.frame(OUT, 1, Deflater().deflate(b"whole"), rsv=4)
    making.wire(OUT, making.encoded(OUT, 1, Deflater().deflate(b"it is " + SECRET), rsv=4)[:-3])
    _, listed = written(making.close(ended=False), form)
    (told,) = [line for line in listed if "not searched" in line]
    assert told.startswith("what was sent behind the last whole frame: ")


def test_a_stored_window_does_not_keep_a_part_of_a_secret(tmp_path: Path) -> None:
    between, part = b"and more", SECRET[-9:]
    dots = b"." * (WINDOW - len(between) - len(part))
    path = compressed_talk(
        tmp_path / "a.wsi", [(IN, SECRET + dots, ()), (IN, between, ()), (IN, b"the end", ())]
    )
    window = part + dots + between
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO checkpoint VALUES (1, 0, 2, ?)", (window,))
    connection.close()
    (tmp_path / "read.wsi").write_bytes(written(path, "wsi")[0])
    assert not [each for each in of_capture(tmp_path / "read.wsi") if part in each]
    assert texts_of(tmp_path / "read.wsi")[1:] == [(between, None), (b"the end", None)]


def test_what_the_index_knows_of_a_later_message_stays_known(tmp_path: Path) -> None:
    said: Said = [(IN, b"it is " + SECRET, ()), (IN, b"no text: \xff\xfe", ())]
    path = tmp_path / "b.wsi"
    path.write_bytes(written(compressed_talk(tmp_path / "a.wsi", said), "wsi")[0])
    assert "repairable" not in run("check", str(path)).out
    with CaptureReader(path) as reader:
        assert list(reader.columns(1, 1, 2).anomalies) == [0, int(FrameAnomaly.BAD_UTF8)]


def test_frames_that_were_chosen_are_left_out_alike(tmp_path: Path) -> None:
    path = compressed_talk(tmp_path / "a.wsi", [(OUT, b"I am " + SECRET, (5,)), (OUT, b"and so on", ())])
    for form in ON_THE_WIRE:
        data, listed = written(path, form, numbers=array("Q", [1]))
        assert any("the whole payload of message 1" in line for line in listed), form
        if form == "wsi":
            (tmp_path / "read.wsi").write_bytes(data)
            assert not [each for each in of_capture(tmp_path / "read.wsi") if b"s3cr3t" in each]
