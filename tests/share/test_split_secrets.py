"""A secret that its sender cut over the frames of a message leaves in no export, nor do its parts."""

import base64
import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.share import pcapng_reading as pcap
from tests.share.making import (
    DEFLATE_LINE,
    DEFLATED,
    IN,
    OUT,
    SECRET,
    Making,
    answer_of,
    leaving_of,
    request_of,
)
from wsinspector.capture import CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.present.frames import FrameReading
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.spans import Direction
from wsinspector.share.formats import format_called

BEFORE, AFTER = b"message says ", b" and ends"
SHOWN = 5
"""Bytes of a secret that may stand somewhere by chance."""


def cut(path: Path, side: Direction, parts: list[bytes], opcode: int = 1) -> Path:
    """A message in fragments, and a ping of the same side between each two."""
    made = Making(path)
    for number, part in enumerate(parts):
        if number:
            made.frame(side, 9, b"between")
        made.frame(side, opcode if number == 0 else 0, part, fin=number == len(parts) - 1)
    made.frame(side, 1, b"whole: " + SECRET)
    return made.close()


def written(path: Path, name: str, numbers: list[int] | None = None) -> tuple[bytes, list[str]]:
    with CaptureReader(path) as reader:
        leaving = leaving_of(reader, numbers=numbers)
        stream = io.BytesIO()
        format_called(name).write(stream, leaving)
        return stream.getvalue(), [each.text for each in leaving.left_out]


def payloads(data: bytes, folder: Path, side: Direction) -> list[bytes]:
    """The payloads of one direction out of a capture's bytes."""
    path = folder / "read.wsi"
    path.write_bytes(data)
    with CaptureReader(path) as reader:
        (conversation,) = reader.conversations()
        (attempt,) = restored_attempts(reader, conversation.id)
        snapshot = attempt.snapshot
        reading = FrameReading(AttemptSource(reader, snapshot.attempt_id), snapshot.agreed, snapshot.role)
        frames = [reading.facts(number) for number in range(1, snapshot.frames + 1)]
        return [
            reading.payload(each, 0, 1 << 20)
            for each in frames
            if each is not None and each.direction is side
        ]


def of_lines(data: bytes) -> list[bytes]:
    lines = [json.loads(line) for line in data.splitlines()]
    return [
        line["text"].encode() if "text" in line else base64.b64decode(line["base64"])
        for line in lines
        if line["kind"] in ("frame", "payload")
    ]


def of_table(data: bytes) -> bytes:
    return data + bytes.fromhex(
        "".join(
            row.rsplit(",", 1)[1].replace(" ", "")
            for row in data.decode().splitlines()
            if ",hex," in row and row.rsplit(",", 1)[1].replace(" ", "").isalnum()
        )
    )


def holds(data: bytes, parts: list[bytes]) -> list[bytes]:
    """Stretches of the secret, as they were cut, that are in ``data``."""
    found, at = [], 0
    whole = b"".join(parts)
    start = whole.index(SECRET)
    for part in parts:
        low, high = max(at, start), min(at + len(part), start + len(SECRET))
        at += len(part)
        if high - low >= SHOWN and whole[low:high] in data:
            found.append(whole[low:high])
    return [*found, SECRET] if SECRET in data else found


def parts_of(cuts: list[int]) -> list[bytes]:
    whole = BEFORE + SECRET + AFTER
    ends = [*sorted(cuts), len(whole)]
    return [whole[low:high] for low, high in zip([0, *ends], ends, strict=False)]


LONG = len(BEFORE + SECRET + AFTER)


@given(
    st.lists(st.integers(1, LONG - 1), min_size=1, max_size=6),
    st.sampled_from((IN, OUT)),
    st.sampled_from((1, 2)),
)
@settings(max_examples=25, deadline=None)
def test_however_a_message_is_cut_its_secret_leaves_nowhere(
    cuts: list[int], side: Direction, opcode: int
) -> None:
    parts = parts_of(cuts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = cut(folder / "a.wsi", side, parts, opcode)
        for form in ("har", "jsonl", "csv", "text", "pcapng", "html", "python", "wsi"):
            data, listed = written(path, form)
            assert not holds(data, parts), form
            assert any(f"{len(SECRET)} bytes" in line for line in listed), form
            assert not any("still there" in line for line in listed)
            if form == "wsi":
                made = payloads(data, folder, side)
                assert [len(each) for each in made if each != b"between"][:-1] == [
                    len(each) for each in parts
                ]
                assert not holds(b"\n".join(made), parts)
                assert SECRET not in b"".join(each for each in made if each != b"between")
            if form == "jsonl":
                assert not holds(b"\n".join(of_lines(data)), parts)
            if form == "csv":
                assert not holds(of_table(data), parts)


def test_each_part_is_listed_and_what_lies_around_stays(tmp_path: Path) -> None:
    path = cut(tmp_path / "a.wsi", IN, [b"say s3cr3t-", b"t0ken-of-ours end"])
    for form in ("jsonl", "csv", "html"):
        data, listed = written(path, form)
        parts = [
            line for line in listed if line.startswith(("the payload of frame 1", "the payload of frame 3"))
        ]
        assert parts == [
            "the payload of frame 1, a part: 20 bytes (SECRET_2)",
            "the payload of frame 3, a part: 20 bytes (SECRET_2)",
        ]
        assert b"say *******" in data
        assert b"************* end" in data
    for form in ("wsi", "pcapng"):
        data, listed = written(path, form)
        assert b"s3cr3t" not in data
        assert b"t0ken" not in data
        assert {"frame 1, a part: 20 bytes (SECRET_2)", "frame 3, a part: 20 bytes (SECRET_2)"} <= set(listed)


def test_a_part_is_left_out_also_where_the_other_frame_was_not_chosen(tmp_path: Path) -> None:
    path = cut(tmp_path / "a.wsi", OUT, [b"say s3cr3t-", b"t0ken-of-ours end"])
    for form in ("jsonl", "csv", "html", "text"):
        data, _ = written(path, form, [1])
        assert b"s3cr3t" not in data, form


def test_a_packet_holds_the_part_under_its_mask(tmp_path: Path) -> None:
    parts = [b"say s3cr3t-", b"t0ken-of-ours end"]
    path = cut(tmp_path / "a.wsi", OUT, parts)
    data, _ = written(path, "pcapng")
    ours, theirs = pcap.flows(pcap.segments(pcap.read(data)))
    flow = ours if ours.data.startswith(b"GET ") else theirs
    copy, _ = written(path, "wsi")
    made = payloads(copy, tmp_path, OUT)
    with CaptureReader(tmp_path / "read.wsi") as reader:
        length = reader.stream_length(1, OUT)
        assert flow.data == reader.stream(1, OUT, 0, length)
    assert made[0] == b"say *******"
    assert made[2].endswith(b" end")


@pytest.mark.parametrize("form", ["csv", "jsonl", "html"])
def test_parts_of_a_compressed_message_are_not_shown(tmp_path: Path, form: str) -> None:
    made = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), DEFLATED)
    whole = made.deflater.deflate(BEFORE + SECRET + AFTER)
    for at in range(len(whole)):
        first, last = at == 0, at == len(whole) - 1
        made.frame(IN, 1 if first else 0, whole[at : at + 1], fin=last, rsv=4 if first else 0)
    path = made.close()
    data, listed = written(path, form)
    shown = data.decode()
    if form == "csv":
        rows = [
            row for row in csv.DictReader(io.StringIO(shown)) if row["direction"] == "in" and row["opcode"]
        ]
        contents = "".join(row["content"] for row in rows)
        assert contents == (BEFORE + b"*" * len(SECRET) + AFTER).decode()
        assert sum(1 for row in rows if "*" in row["content"]) > 1, "or the test would prove nothing"
    assert "s3cr3t-t0" not in shown
    told = "the whole payload of message 1, frame 1" if form == "jsonl" else f"{len(SECRET)} bytes"
    assert any(told in line for line in listed if "frame" in line)


def test_a_script_puts_a_cut_secret_together_again(tmp_path: Path) -> None:
    path = cut(tmp_path / "a.wsi", OUT, [b"say s3cr3t-", b"t0", b"ken-of-ours end"])
    data, _ = written(path, "python")
    script: dict[str, Any] = {"__name__": "script"}
    exec(data.decode(), script)
    with CaptureReader(path) as reader:
        known = {each.name: each.value for each in leaving_of(reader).secrets.known}
        sent = reader.stream(1, OUT, 0, reader.stream_length(1, OUT))
    assert b"".join(script["joined"](parts, known) for _, parts in script["STEPS"]) == sent
