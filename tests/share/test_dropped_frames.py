"""What a limit dropped is named in every export, and nothing in its place is taken for a frame."""

import io
import json
from pathlib import Path

import pytest

from tests.share import pcapng_reading as pcap
from tests.share.making import IN, Making, leaving_of
from wsinspector.capture import CaptureReader
from wsinspector.capture.trimming import Limits
from wsinspector.share.formats import formats
from wsinspector.share.travelled import left_aside

EACH = 4000
TURNS = 6


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    making = Making(tmp_path_factory.mktemp("trimmed") / "a.wsi")
    making.writer.limits = Limits(frames=EACH)
    frame = making.encoded(IN, 1, b"a frame of the same few bytes")
    for _ in range(TURNS):
        making.wire(IN, frame * EACH)
        assert making.writer.flush(30)
    return making.close()


@pytest.mark.parametrize("name", [each.name for each in formats()])
def test_every_format_leaves_out_what_is_not_there(trimmed: Path, name: str) -> None:
    with CaptureReader(trimmed) as reader:
        (hole, *_) = [gap for gap in reader.gaps(1) if gap.kind == "frames"]
        assert hole.start == 1
        assert hole.stop > EACH
        there = EACH * TURNS + 1 - hole.stop
        stream = io.BytesIO()
        (format_,) = (each for each in formats() if each.name == name)
        leaving = leaving_of(reader)
        format_.write(stream, leaving)
        data = stream.getvalue()
        ((side, aside, reason),) = left_aside(leaving)
    if name == "jsonl":
        lines = [json.loads(line) for line in data.splitlines()]
        frames = [line for line in lines if line.get("kind", line.get("type")) == "frame"]
        assert frames, lines[:3]
        assert [line["no"] if "no" in line else line["number"] for line in frames] == list(
            range(hole.stop, EACH * TURNS + 1)
        )
    elif name == "har":
        (entry,) = json.loads(data)["log"]["entries"]
        assert len(entry["_webSocketMessages"]) == there
        assert all(each["data"] == "a frame of the same few bytes" for each in entry["_webSocketMessages"])
    elif name == "wsi":
        copy = trimmed.with_name("copy.wsi")
        copy.write_bytes(data)
        with CaptureReader(copy) as again:
            columns = again.columns(1, 1, EACH * TURNS)
            assert list(columns.header).count(0) == hole.stop - 1
    elif name == "pcapng":
        # Bytes stay longer than the frames that told of them; they would begin in the middle of one.
        received, _ = pcap.flows(pcap.segments(pcap.read(data)))
        frame = b"\x81\x1da frame of the same few bytes"
        ((_, behind),) = received.holes
        assert received.data[behind:] == frame * there
        assert b"left aside, being of frames that were not kept: limit: frames" in data
        assert (side, reason) == (IN, "limit: frames")
        assert 0 < aside < len(frame) * EACH * TURNS
    else:
        assert data.count(b"a frame of the same few bytes") <= there + 1
