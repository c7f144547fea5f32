"""What ``--force`` must not reach: the file that is read, what lies beside it, and a file in use."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, run
from tests.cli.lab_process import LabProcess
from tests.share.making import IN, OUT, Making
from wsinspector.capture import CaptureReader


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    making = Making(tmp_path / "a.wsi")
    making.frame(OUT, 1, b"question")
    making.frame(IN, 1, b"answer")
    return making.close()


@pytest.mark.parametrize("form", ["har", "wsi", "jsonl", "html"])
def test_an_export_never_replaces_its_source(capture: Path, form: str) -> None:
    before = capture.read_bytes()
    done = run("export", str(capture), "--format", form, "--out", str(capture), "--force")
    assert done.code == 2
    assert "is what is read from" in done.err
    assert capture.read_bytes() == before
    assert not list(capture.parent.glob(".*.part"))


def test_nor_by_another_name(capture: Path, tmp_path: Path) -> None:
    before = capture.read_bytes()
    (tmp_path / "x").mkdir()
    hard, soft = tmp_path / "hard.wsi", tmp_path / "soft.wsi"
    os.link(capture, hard)
    soft.symlink_to(capture)
    names = (hard, soft, tmp_path / "." / "x" / ".." / "a.wsi-wal", tmp_path / "a.wsi-journal")
    for name in names:
        for form in ("har", "wsi"):
            done = run("export", str(capture), "--format", form, "--out", str(name), "--force")
            assert done.code == 2, name
            assert "is what is read from" in done.err
    assert capture.read_bytes() == before
    assert soft.is_symlink()


def test_an_import_never_replaces_its_source(capture: Path, tmp_path: Path) -> None:
    lines = tmp_path / "self.jsonl"
    assert run("export", str(capture), "--format", "jsonl", "--out", str(lines)).code == 0
    before = lines.read_bytes()
    done = run("import", str(lines), "--out", str(lines), "--force")
    assert done.code == 2
    assert "is what is read from" in done.err
    assert lines.read_bytes() == before
    over = tmp_path / "over.wsi"
    over.write_text("old")
    assert run("import", str(lines), "--out", str(over), "--force").code == 0
    with CaptureReader(over) as reader:
        assert reader.frame_count(1) == 2


def test_a_capture_that_another_program_writes_stays(capture: Path, lab: LabProcess, tmp_path: Path) -> None:
    live = tmp_path / "live.wsi"
    command = [*PROGRAM, "connect", lab.url("/echo"), "--send", "x", "--capture", str(live), "--json"]
    writing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert writing.stdout is not None
    assert '"no":1' in writing.stdout.readline()
    lines = tmp_path / "a.jsonl"
    assert run("export", str(capture), "--format", "jsonl", "--out", str(lines)).code == 0
    for name in (live, tmp_path / "live.wsi-wal"):
        for done in (
            run("export", str(capture), "--format", "har", "--out", str(name), "--force"),
            run("export", str(capture), "--format", "wsi", "--out", str(name), "--force"),
            run("import", str(lines), "--out", str(name), "--force"),
        ):
            assert done.code == 2, done
            assert "is being written by another program" in done.err
    writing.send_signal(signal.SIGINT)
    writing.communicate(timeout=60)
    assert run("check", str(live)).code == 0
    assert run("export", str(capture), "--format", "har", "--out", str(live), "--force").code == 0
