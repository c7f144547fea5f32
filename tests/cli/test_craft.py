"""``connect --craft``: what leaves, what is said of it before, and what it cannot be."""

import json
from pathlib import Path

import pytest

from tests.cli.command import Done, decoded, run
from tests.cli.lab_process import LabProcess


def connect(url: str, *arguments: str) -> Done:
    return run("connect", url, "--json", *arguments)


def sent(done: Done) -> list[tuple[str, bytes]]:
    """Header and payload of what left, but for the Close at the end."""
    out = [line for line in done.lines if line.get("dir") == "out" and line["opcode"] != 8]
    return [(line["wire"], decoded(line["payload"])) for line in out]


def test_a_frame_leaves_as_it_was_asked_for(lab: LabProcess) -> None:
    spec = 'opcode = "binary", hex = "00ff", mask = "37fa213d", form = 16'
    done = connect(lab.url(), "--craft", spec, "--frames", "2")
    assert done.code == 0
    assert sent(done) == [("82fe000237fa213d", b"\x00\xff")]
    assert "shortest form" in done.err
    assert "--craft: 10 bytes. Usually fails the connection with 1002" in done.err


def test_json_and_several_frames_and_writes(lab: LabProcess) -> None:
    spec = {
        "frames": [{"text": "Hel", "fin": False}, {"opcode": "ping"}, {"opcode": 0, "text": "lo"}],
        "write": {"size": 1},
    }
    done = connect(lab.url(), "--craft", json.dumps(spec), "--frames", "6")
    assert [(int(wire[:2], 16), payload) for wire, payload in sent(done)] == [
        (0x01, b"Hel"),
        (0x89, b""),
        (0x80, b"lo"),
    ]
    echoed = [line for line in done.lines if line.get("dir") == "in" and line["opcode"] < 3]
    assert b"".join(decoded(line["payload"]) for line in echoed) == b"Hello"


def test_what_is_sent_after_a_craft_waits_for_its_end(lab: LabProcess) -> None:
    dribble = 'text = "Hello", mask = "zero", write = {size = 1, delay = 0.01}'
    done = connect(lab.url(), "--send", "before", "--craft", dribble, "--send", "after", "--frames", "6")
    assert [payload for _, payload in sent(done)] == [b"before", b"Hello", b"after"]


@pytest.mark.parametrize("name", ["craft.toml", "craft.json"])
def test_a_file_and_the_file_that_it_names(name: str, lab: LabProcess, tmp_path: Path) -> None:
    (tmp_path / "payload.bin").write_bytes(b"\x01\x02\x03")
    file = tmp_path / name
    if name.endswith("toml"):
        file.write_text('[[frames]]\nopcode = "binary"\nfile = "payload.bin"\nmask = "zero"\n')
    else:
        file.write_text('{"opcode": "binary", "file": "payload.bin", "mask": "zero"}')
    done = connect(lab.url(), "--craft-file", str(file), "--frames", "2")
    assert sent(done) == [("828300000000", b"\x01\x02\x03")]
    assert "Must take the binary message of 3 bytes" in done.err


def test_compressed_with_the_context_of_the_connection(lab: LabProcess) -> None:
    spec = 'text = "Hello", compression = "yes", mask = "zero"'
    done = connect(lab.url(), "--offer-deflate", "--craft", spec, "--craft", spec, "--frames", "4")
    wires = [line["wire"] for line in done.lines if line.get("dir") == "out" and line["opcode"] == 1]
    assert wires == ["c18700000000", "c18500000000"]
    echoed = [decoded(line["payload"]) for line in done.lines if line.get("dir") == "in"]
    assert len(echoed) >= 2


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--craft", "opcode = 16", "opcode: 0 to 15"),
        ("--craft", "opcode = ", "no TOML"),
        ("--craft", "[1", "no JSON"),
        ("--craft", 'hex = "0"', "Not hex"),
        ("--craft", 'file = "/nowhere/at/all"', "No such file"),
        ("--craft-file", "/nowhere/at/all", "No such file"),
        ("--craft", 'text = "x", length = 200, form = 7', "7-bit form"),
    ],
)
def test_what_cannot_leave_is_a_wrong_argument(option: str, value: str, words: str, lab: LabProcess) -> None:
    done = connect(lab.url(), option, value)
    assert done.code == 2
    assert option in done.err
    assert words in done.err


def test_what_a_dialect_cannot_hold_is_said_before_connecting(lab: LabProcess) -> None:
    done = connect(lab.url(), "--dialect", "hixie-76", "--craft", "opcode = 9")
    assert done.code == 2
    assert "hixie-76 has no frame for ping" in done.err


def test_a_peer_that_goes_away_ends_the_sending(lab: LabProcess) -> None:
    spec = 'opcode = 3, text = "x", write = {size = 1, delay = 3600, delays = [0, 0, 0, 0, 0, 0, 0]}'
    done = connect(lab.url(), "--craft", 'opcode = 3, text = "x"', "--craft", spec)
    assert done.lines[-1]["code"] == 1002
    assert "--craft: 7 bytes. Must fail the connection, usually with 1002" in done.err
