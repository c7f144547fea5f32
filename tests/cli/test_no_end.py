"""An attempt whose end was never written: no command makes one up."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, run
from tests.cli.lab_process import LabProcess
from tests.share import pcapng_reading as pcap


@pytest.fixture(scope="module")
def killed(lab: LabProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("killed") / "a.wsi"
    command = [*PROGRAM, "connect", lab.url("/echo"), "--send", "hello", "--capture", str(path), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as talking:
        assert talking.stdout is not None
        assert [json.loads(talking.stdout.readline())["no"] for _ in range(2)] == [1, 2]
        # What is printed is in the file.
        talking.send_signal(signal.SIGKILL)
        talking.wait(60)
    return str(path)


def test_frames_tells_of_no_end(killed: str) -> None:
    done = run("frames", killed)
    *frames, end = done.lines
    assert [each["no"] for each in frames][:2] == [1, 2]
    assert "has no end in this file" in done.err
    told = {name: end[name] for name in ("ended", "how", "by", "clean", "code", "sent_code", "received_code")}
    assert told == dict.fromkeys(told) | {"clean": False}
    assert run("frames", killed, "--filter", "close.code == 1006").out == ""
    assert run("frames", killed, "--filter", "has close").out == ""


@pytest.mark.parametrize("form", ["har", "jsonl", "html", "text", "csv", "pcapng"])
def test_no_export_invents_one(killed: str, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    done = run("export", killed, "--format", form, "--out", str(out))
    assert done.code == 0, done.err
    data = out.read_bytes()
    assert b"(1006" not in data.replace(b'code":1006', b"(1006")
    assert b"by us" not in data.lower()
    if form == "har":
        assert "_closeCode" not in json.loads(data)["log"]["entries"][0]
    if form == "jsonl":
        assert json.loads(data.splitlines()[0])["end"] is None
        again = tmp_path / "again.wsi"
        assert run("import", str(out), "--out", str(again)).code == 0
        assert run("frames", str(again)).lines[-1]["ended"] is None
    if form == "pcapng":
        flows = pcap.flows(pcap.segments(pcap.read(data)))
        assert not any(flow.fin for flow in flows)
