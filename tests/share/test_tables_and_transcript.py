"""CSV and the transcript: what stands in them; nothing that a spreadsheet or a terminal would obey."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
    leaving_of,
    request_of,
)
from wsinspector import __version__
from wsinspector.capture import CaptureReader
from wsinspector.share.formats import format_called, formats
from wsinspector.share.tables import COLUMNS


def exported(path: Path, name: str, **options: Any) -> str:
    with CaptureReader(path) as reader:
        stream = io.BytesIO()
        format_called(name).write(stream, leaving_of(reader, **options))
    return stream.getvalue().decode()


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def talked(path: Path) -> Path:
    making = Making(path)
    making.frame(OUT, 1, "=hëllo\u202e".encode())
    making.frame(IN, 1, b"part", fin=False)
    making.frame(IN, 9, b"ping")
    making.frame(IN, 0, b"end\nof it")
    making.frame(IN, 2, b"\x00\xff")
    making.frame(IN, 1, b"\xff")
    making.frame(OUT, 1, b"I am " + SECRET)
    making.frame(OUT, 8, b"\x03\xe8bye")
    making.attempt.gap(1000, "The disk was full.", IN)
    making.attempt.gap(7, "The disk was full.")
    return making.close()


def test_a_line_a_frame_in_rfc_4180(tmp_path: Path) -> None:
    text = exported(talked(tmp_path / "a.wsi"), "csv")
    assert text.startswith(",".join(COLUMNS) + "\r\n")
    lines = text.split("\r\n")
    assert lines[1] == (
        "1,out,2023-11-14T22:13:20.126456792Z,0.003000003,Text,1,1,0,1,37fa213e,6,10,16,1,0,10,,,text,"
        "'=hëllo‹U+202E›"
    )
    assert lines[5] == (
        "5,in,2023-11-14T22:13:20.130456796Z,0.007000007,Binary,2,1,0,0,,2,2,4,3,0,2,,,hex,00 ff"
    )
    rows = cells(text)
    assert [row["content"] for row in rows[1:4]] == ["part", "ping", "end␊of it"]
    assert (rows[5]["anomalies"], rows[5]["encoding"], rows[5]["content"]) == ("bad-utf8", "hex", "ff")
    assert (rows[8]["number"], rows[8]["type"], rows[8]["content"]) == (
        "9–15",
        "not kept",
        "The disk was full.",
    )
    assert (rows[9]["direction"], rows[9]["not_kept_bytes"]) == ("in", "1000")
    assert rows[-1]["type"] == "left out as secret"
    assert rows[-1]["content"].startswith("the payload of frame 7: 20 bytes")
    assert SECRET.decode() not in text
    assert SECRET.decode() in exported(tmp_path / "a.wsi", "csv", with_secrets=True)


def test_compressed_frames_are_inflated(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), agreed=DEFLATED)
    making.compressed(b"again and again and again")
    making.compressed(b"again and again and again")
    text = exported(making.close(), "csv")
    assert [(row["content"], row["content_bytes"]) for row in cells(text)[:2]] == [
        ("again and again and again", "25")
    ] * 2
    assert "[inflated]\n    again and again and again" in exported(tmp_path / "a.wsi", "text")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([IN, OUT]), st.integers(0, 15), st.binary(max_size=40)), max_size=6)
)
def test_any_traffic_makes_as_many_lines_and_no_formula(traffic: list[tuple[Any, int, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        making = Making(Path(folder) / "a.wsi")
        for side, opcode, payload in traffic:
            making.frame(side, opcode, payload)
        path = making.close()
        text = exported(path, "csv", with_secrets=True)
        told = exported(path, "text", with_secrets=True)
    rows = cells(text)
    assert len(rows) == len(traffic)
    assert not [row for row in rows if row["content"][:1] in ("=", "+", "-", "@", "\t")]
    for each in (text.replace("\r\n", ""), told.replace("\n", "").replace("\t", "")):
        assert each.isprintable() or not [c for c in each if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0]


def test_the_transcript_is_to_be_read(tmp_path: Path) -> None:
    text = exported(talked(tmp_path / "a.wsi"), "text")
    lines = text.splitlines()
    assert lines[0] == "ws://h.example:8080/chat?access_token=left-out-11-bytes&room=3 · attempt 1"
    assert lines[1] == f"2023-11-14T22:13:20.123456789Z · wsinspector {__version__}"
    assert "> Authorization: Bearer left-out-20-bytes" in lines
    assert "< Set-Cookie: sid=left-out-13-bytes; HttpOnly" in lines
    at = next(number for number, line in enumerate(lines) if " ↑ 1 Text 10 B" in line)
    assert lines[at + 1] == "    =hëllo‹U+202E›"
    assert any(" ↓ 2 Text 13 B [2 frames]" in line for line in lines)
    assert lines[lines.index("    partend") + 1] == "    of it"
    assert "    0000  00 ff                                            ·ÿ".replace("ÿ", "·") in lines
    assert "[7 frames from number 9 on were not kept: The disk was full.]" in lines
    assert "Not kept: 1\u2009000 bytes received (The disk was full.)" in lines
    assert "Left out as secret: Authorization of the request: 20 bytes (SECRET_2)" in lines


def test_every_format_has_its_own_name_and_suffix() -> None:
    rows = formats()
    assert [row.name for row in rows[:4]] == ["har", "jsonl", "csv", "text"]
    assert len({row.name for row in rows}) == len({row.suffix for row in rows}) == len(rows)


def test_every_format_writes_what_has_no_frames_and_no_answer(tmp_path: Path) -> None:
    path = Making(tmp_path / "a.wsi", answer=b"").close(ended=False)
    with CaptureReader(path) as reader:
        for form in formats():
            stream = io.BytesIO()
            form.write(stream, leaving_of(reader))
            assert stream.getvalue()
