"""``export`` into what needs more than one attempt's text: a capture to share, packets, a page, a script."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, run
from tests.cli.lab_process import LabProcess
from tests.share import pcapng_reading as pcap
from wsinspector.capture import CaptureReader

SECRET = "abcdef0123456789"


@pytest.fixture
def recorded(lab: LabProcess, tmp_path: Path) -> Path:
    path = tmp_path / "a.wsi"
    header = ("--header", f"Authorization: Bearer {SECRET}")
    done = run("connect", lab.url(), *header, "--send", "a payload", "--frames", "2", "--capture", str(path))
    assert done.code == 0
    assert SECRET.encode() in path.read_bytes()
    return path


def test_a_whole_capture_is_copied_without_its_secrets(recorded: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.wsi"
    done = run("export", str(recorded), "--format", "wsi", "--out", str(target))
    assert done.code == 0
    assert "left out as secret: Authorization of the request: 16 bytes (SECRET_1)" in done.err
    assert SECRET.encode() not in target.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600
    again = run("export", str(recorded), "--format", "wsi", "--out", str(target))
    assert again.code == 2
    assert "--force overwrites it" in again.err
    bare = run(
        "export", str(recorded), "--format", "wsi", "--without-payloads", "--force", "--out", str(target)
    )
    assert bare.code == 0
    assert "left out: the payloads of all frames" in bare.err
    assert b"a payload" not in target.read_bytes()
    with CaptureReader(recorded) as first, CaptureReader(target) as second:
        assert second.frame_count(1) == first.frame_count(1)


def test_one_attempt_can_go_to_a_pipe_and_the_whole_cannot(recorded: Path, tmp_path: Path) -> None:
    whole = run("export", str(recorded), "--format", "wsi")
    assert (whole.code, whole.out) == (2, "")
    assert "--out" in whole.err
    command = [*PROGRAM, "export", str(recorded), "--format", "wsi", "--attempt", "1"]
    done = subprocess.run(command, capture_output=True, timeout=50, check=True)
    target = tmp_path / "b.wsi"
    target.write_bytes(done.stdout)
    with CaptureReader(target) as reader:
        assert len(reader.attempts()) == 1


def test_payloads_are_left_out_of_captures_alone(recorded: Path) -> None:
    done = run("export", str(recorded), "--format", "pcapng", "--without-payloads", "--out", "x")
    assert done.code == 2
    assert "--without-payloads goes with --format wsi." in done.err


@pytest.mark.parametrize(
    ("name", "begins"), [("html", b"<!DOCTYPE html>"), ("python", b"#!/usr/bin/env python3")]
)
def test_a_page_and_a_script(recorded: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    target = tmp_path / "out"
    assert run("export", str(recorded), "--format", name, "--out", str(target)).code == 0
    data = target.read_bytes()
    assert data.startswith(begins)
    assert SECRET.encode() not in data


def test_packets_hold_the_frames(recorded: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.pcapng"
    assert run("export", str(recorded), "--format", "pcapng", "--out", str(target)).code == 0
    received, sent = pcap.flows(pcap.segments(pcap.read(target.read_bytes())))
    assert b"\x81\x09a payload" in received.data
    assert sent.fin
    assert SECRET.encode() not in sent.data


def test_help_tells_what_stands_in_the_place_of_secrets() -> None:
    told = run("export", "--help").out
    assert "X-Api-Key" in told
    assert "(*******2)" in told


@pytest.mark.parametrize("form", ["python", "pcapng", "jsonl", "wsi"])
def test_a_compressed_message_with_a_secret_is_left_out_and_said(
    lab: LabProcess, tmp_path: Path, form: str
) -> None:
    path, out = tmp_path / "a.wsi", tmp_path / f"b.{form}"
    header = ("--header", f"Authorization: Bearer {SECRET}", "--offer-deflate", "--compress")
    talk = ("--send", f"Bearer {SECRET} in a payload", "--frames", "2", "--capture", str(path))
    assert run("connect", lab.url(), *header, *talk).code == 0
    done = run("export", str(path), "--format", form, "--out", str(out))
    assert done.code == 0, done.err
    assert "left out as secret: Authorization of the request" in done.err
    assert "left out as secret: the whole payload of message 1, frame 1, as the secret is" in done.err
    assert "not left out" not in done.err
