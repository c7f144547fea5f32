"""Output that nobody reads on, as with ``| head``: every command ends quietly, as any filter does."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM
from tests.cli.lab_process import LabProcess
from tests.conversation.recorded import recorded

BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""As for a person: what is printed leaves in pieces, the last one when the interpreter ends."""

READER_GONE = 141
"""What a shell reports of a process that a broken pipe ended: 128 and the number of SIGPIPE."""


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "a.wsi"
    recorded(path, ("rfc6455",), frames=60)
    return path


@pytest.fixture
def nobody_reads() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def told(output: int, *arguments: str, error: int = subprocess.PIPE) -> tuple[int, bytes]:
    done = subprocess.run(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=error,
        timeout=50,
        check=False,
        env=BUFFERED,
    )
    return done.returncode, done.stderr or b""


@pytest.mark.parametrize(
    "arguments",
    [
        ("info", "FILE"),
        ("info", "FILE", "--json"),
        ("frames", "FILE", "--attempt", "1"),
        ("judge", "FILE"),
        ("export", "FILE", "--conversation", "1", "--attempt", "1", "--format", "jsonl"),
        ("export", "FILE", "--conversation", "1", "--attempt", "1", "--format", "html"),
        ("rules",),
        ("rules", "--json"),
        ("rules", "accept"),
        ("dialects",),
        ("--help",),
        ("sweep", "--help"),
        ("--version",),
    ],
)
def test_a_command_whose_reader_has_gone_ends_as_a_filter_does(
    capture: Path, nobody_reads: int, arguments: tuple[str, ...]
) -> None:
    given = [str(capture) if each == "FILE" else each for each in arguments]
    assert told(nobody_reads, *given) == (READER_GONE, b"")


def test_what_is_known_before_it_is_printed_stays_the_exit_code(
    lab: LabProcess, capture: Path, nobody_reads: int
) -> None:
    assert told(nobody_reads, "check", str(capture)) == (0, b"")
    assert told(nobody_reads, "sweep", lab.url("/echo"), "--value", "13") == (0, b"")
    assert told(nobody_reads, "handshake", lab.url("/426-list")) == (1, b"")


def test_notes_that_nobody_hears_change_no_exit_code(lab: LabProcess, nobody_reads: int) -> None:
    nowhere = "http://127.0.0.1:9/"  # the note says that ws:// is meant; then nobody listens there
    assert told(nobody_reads, "handshake", nowhere, error=nobody_reads)[0] == 3
    assert told(nobody_reads, "handshake", "--no-such-option", error=nobody_reads)[0] == 2
    assert told(nobody_reads, "rules", "no-such-rule", error=nobody_reads)[0] == 2
    assert told(nobody_reads, "handshake", lab.url("/echo"), error=nobody_reads)[0] == 0


def test_with_head_the_first_line_comes_and_nothing_is_said(capture: Path) -> None:
    script = 'trap "" PIPE; "$@" | head -n 1'
    done = subprocess.run(
        ["sh", "-c", script, "sh", *PROGRAM, "info", str(capture)],
        capture_output=True,
        timeout=50,
        check=False,
        env=BUFFERED,
    )
    assert done.stdout.count(b"\n") == 1
    assert done.stdout.startswith(os.fsencode(capture))
    assert done.stderr == b""
