"""Results that nobody can read any more: the outcome stays the exit code, and there is no traceback."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM
from tests.cli.lab_process import LabProcess

FULL = Path("/dev/full")


def into(output: int, *arguments: str) -> tuple[int, str]:
    """Exit code and what standard error says, with ``output`` as standard output."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
        timeout=50,
        check=False,
    )
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    assert "Exception" not in err, err
    return done.returncode, err


@pytest.fixture
def nobody_reads() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize(("path", "code"), [("/echo", 0), ("/426-list", 1), ("/wrong-accept", 1)])
@pytest.mark.parametrize("arguments", [("handshake",), ("handshake", "--json"), ("connect", "--for", "0.2")])
def test_a_reader_that_has_gone_changes_no_exit_code(
    lab: LabProcess, nobody_reads: int, path: str, code: int, arguments: tuple[str, ...]
) -> None:
    command, *rest = arguments
    try:
        assert into(nobody_reads, command, lab.url(path), *rest) == (code, "")
    finally:
        os.close(nobody_reads)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("command", ["handshake", "connect", "lab"])
def test_a_full_disk_is_said(lab: LabProcess, command: str) -> None:
    arguments = {"handshake": [lab.url("/echo")], "connect": [lab.url("/echo"), "--for", "0.2"]}
    with FULL.open("wb") as full:
        code, err = into(full.fileno(), command, *arguments.get(command, []))
    assert code == 1
    assert err.startswith("wsinspector: the results cannot be written: ")


@pytest.mark.parametrize("arguments", [("handshake",), ("connect", "--for", "0.2")])
def test_without_a_standard_output_the_exit_code_is_left(lab: LabProcess, arguments: tuple[str, ...]) -> None:
    command, *rest = arguments
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&- <&-', "sh", *PROGRAM, command, lab.url("/426-list"), *rest],
        stderr=subprocess.PIPE,
        timeout=50,
        check=False,
    )
    assert (closed.returncode, closed.stderr) == (1, b"")


def test_raw_from_a_standard_input_that_is_closed_is_a_wrong_argument(lab: LabProcess) -> None:
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *PROGRAM, "handshake", lab.url("/echo"), "--raw", "-"],
        capture_output=True,
        timeout=50,
        check=False,
    )
    assert closed.returncode == 2
    assert closed.stderr == b"wsinspector handshake: --raw -: there is no standard input.\n"
