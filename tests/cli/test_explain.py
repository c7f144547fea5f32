"""``wsinspector explain``: every byte told, of a capture and of what was just opened."""

import json
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.cli.lab_process import LabProcess


@pytest.fixture(scope="module")
def capture(lab: LabProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("explain") / "echo.wsi"
    headers = ("--header", "Cookie: id=verysecretvalue", "--header", "X-Odd: 1")
    done = run(
        "connect", lab.url("/echo?token=alsosecret"), *headers, "--send", "Hello", "--send-hex", "00ff",
        "--frames", "4", "--capture", str(path), "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    return str(path)


def test_the_whole_conversation(capture: str) -> None:
    done = run("explain", capture, "--json")
    assert (done.code, done.err) == (0, "")
    parts = done.lines
    keys = [part["part"] for part in parts]
    assert keys[:3] == ["opening", "request", "answer"]
    assert keys[3:] == [*(f"frame-{number}" for number in range(1, len(keys) - 3)), "end"]
    for direction in ("in", "out"):
        at = 0
        for part in sorted(
            (each for each in parts if each["direction"] == direction), key=lambda one: one["start"]
        ):
            assert part["start"] == at
            at = part["end"]
        assert at > 0


def test_no_secret_is_told(capture: str) -> None:
    for form in (("--json",), ()):
        done = run("explain", capture, "--bytes", *form)
        for secret in (b"verysecretvalue", b"alsosecret"):
            assert secret.decode() not in done.out
            assert secret.hex(" ") not in done.out
            assert secret.hex(" ")[:14] not in done.out


def test_one_frame_to_the_byte(capture: str) -> None:
    done = run("explain", capture, "--frame", "1", "--bytes", "--json")
    (part,) = done.lines
    names = [piece["name"] for piece in part["pieces"]]
    assert names == ["FIN", "RSV1", "RSV2", "RSV3", "opcode", "MASK", "length", "masking key", "payload"]
    assert "".join(each["name"] for each in part["pieces"][-1]["pieces"]) == "Hello"
    text = run("explain", capture, "--frame", "1").out
    assert text.startswith("↑ Frame 1: Text, 5 bytes")
    assert "0x85 AND 0x7f = 5" in text


def test_parts_and_what_cannot_be(capture: str, tmp_path: Path) -> None:
    only = run("explain", capture, "--part", "answer", "--json").lines
    assert [part["part"] for part in only] == ["answer"]
    assert "unknown here" in run("explain", capture, "--part", "request").out
    missing = run("explain", capture, "--frame", "99")
    assert (missing.code, "there is no frame 99" in missing.err) == (2, True)
    odd = tmp_path / "odd.wsi"
    odd.write_text("no capture")
    assert run("explain", str(odd)).code == 2
    assert run("explain").code == 2


def test_what_is_just_opened(lab: LabProcess) -> None:
    done = run("explain", lab.url("/echo"), "--send", "Hello", "--json")
    assert done.code == 0, done.err
    parts = {part["part"]: part for part in done.lines}
    assert {"request", "answer", "frame-1", "frame-4", "end"} <= set(parts)
    refused = run("explain", lab.url("/echo"), "--version", "999", "--json")
    assert refused.code == 1
    told = {part["part"]: part for part in refused.lines}
    lines = {piece["name"]: piece for piece in told["request"]["pieces"]}
    assert any(one["broken"] for one in lines["Sec-WebSocket-Version"]["wrong"])


def test_the_glossary() -> None:
    done = run("explain", "--glossary", "masking key")
    assert done.code == 0
    assert done.out.startswith("masking key\n")
    assert "RFC 6455 §5.3" in done.out
    every = json.loads(run("explain", "--glossary", "", "--json").out)
    assert len(every) > 50
    assert run("explain", "--glossary", "zzzz").code == 2


def test_a_message_of_several_frames(lab: LabProcess, tmp_path: Path) -> None:
    path = tmp_path / "parted.wsi"
    done = run("connect", lab.url("/fragments"), "--frames", "12", "--capture", str(path), "--json")
    assert done.code == 0, done.err
    parts = run("explain", str(path), "--part", "frames", "--json").lines
    below = [part["part"] for part in parts if part["message"] == "message-1"]
    assert below == ["frame-1", "frame-2", "whole-2"]
    whole = next(part for part in parts if part["part"] == "whole-2")
    assert (whole["summary"], whole["start"]) == ("Hello", None)
    text = run("explain", str(path), "--part", "frames").out
    assert text.startswith("↓ Message of 2 frames: Text, 5 bytes, frames 1 to 2\n  kind: Text\n")
    assert "\n  ↓ Frame 2: Cont., 2 bytes, 2 of 2\n    FIN: 1" in text
    assert "\n  ↓ The whole message: 9,90 €\n" in text
    assert run("explain", str(path), "--frame", "2").out.startswith("↓ Frame 2: Cont., 2 bytes, 2 of 2")
