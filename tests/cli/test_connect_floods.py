"""``connect`` where more comes than can be printed or kept, and where nothing can be kept."""

import contextlib
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, Done, run
from tests.conversation.conftest import Peers
from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link

SMALL = b"\x81\x04tick" * 4096
LARGE = b"\x82\x7f" + (1 << 16).to_bytes(8, "big") + bytes(1 << 16)


async def _flood(link: Link, data: bytes) -> None:
    with contextlib.suppress(OSError):
        while not link.closed:
            link.write(data)
            await link.drained()


async def ticks(link: Link, inbox: Inbox, request: bytes) -> None:
    del inbox, request
    await _flood(link, SMALL)


async def blocks(link: Link, inbox: Inbox, request: bytes) -> None:
    del inbox, request
    await _flood(link, LARGE)


async def some(link: Link, inbox: Inbox, request: bytes) -> None:
    del inbox, request
    for _ in range(40):
        link.write(SMALL)
        await link.drained()
    link.end()


@pytest.fixture
def peers() -> Iterator[Peers]:
    made = Peers()
    yield made
    made.close()


def _limited() -> None:
    _, largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, largest))


def _talk(*arguments: str) -> "subprocess.Popen[str]":
    command = [*PROGRAM, "connect", *arguments, "--json"]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=_limited
    )


def _numbers(done: Done) -> list[int]:
    """Every number that was printed or told to be dropped, in the order of the lines."""
    found: list[int] = []
    for line in done.lines[:-1]:
        if "dropped" in line:
            assert line["dropped"] == line["last"] - line["first"] + 1
            assert line["reason"] == "frame limit"
            found += range(line["first"], line["last"] + 1)
        else:
            assert line["wire"], line
            assert line["at"] > 0
            found.append(line["no"])
    return found


def test_frames_that_a_limit_dropped_are_counted_and_not_invented(peers: Peers, tmp_path: Path) -> None:
    url = f"ws://127.0.0.1:{peers.upgraded(some)}/"
    done = run("connect", url, "--keep-frames", "100", "--capture", str(tmp_path / "a.wsi"), "--json")
    assert done.code == 0, done.err
    end = done.lines[-1]
    assert end["frames_in"] == 40 * 4096
    assert _numbers(done) == list(range(1, end["frames_in"] + end["frames_out"] + 1))


def test_printing_ends_soon_after_the_time_is_up(
    peers: Peers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wsinspector.cli.connect.GRACE", 0.5)  # the peer never answers our Close
    url = f"ws://127.0.0.1:{peers.upgraded(ticks)}/"
    path = tmp_path / "a.wsi"
    done = run("connect", url, "--for", "0.2", "--keep-frames", "1000", "--capture", str(path), "--json")
    numbers, end = _numbers(done), done.lines[-1]
    assert numbers == list(range(1, len(numbers) + 1))
    left = end["frames_in"] + end["frames_out"] - len(numbers)
    assert ("not printed" in done.err) == bool(left)
    with CaptureReader(path) as reader:
        assert reader.frame_count(1) == end["frames_in"] + end["frames_out"]


@pytest.mark.parametrize("end", ["--for", "interrupt"])
def test_a_full_disk_is_told_and_ended(peers: Peers, tmp_path: Path, end: str) -> None:
    url = f"ws://127.0.0.1:{peers.upgraded(blocks)}/"
    arguments = ("--for", "2") if end == "--for" else ()
    talk = _talk(url, "--capture", str(tmp_path / "a.wsi"), *arguments)
    assert talk.stderr is not None
    assert "The capture cannot be written: " in talk.stderr.readline()
    if end == "interrupt":
        talk.send_signal(signal.SIGINT)
    _, err = talk.communicate(timeout=60)
    assert talk.returncode == 5
    assert "The capture could not be written whole." in err
    assert "Traceback" not in err
    assert run("connect", "--help").out.count("  5  ") == 1


def test_a_capture_in_use_is_told_before_anything_is_sent(peers: Peers, tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    writer = CaptureWriter.create(path)
    try:
        asked: list[bytes] = []

        async def noting(link: Link, inbox: Inbox, request: bytes) -> None:
            del link, inbox
            asked.append(request)

        url = f"ws://127.0.0.1:{peers.upgraded(noting)}/"
        done = run("connect", url, "--for", "1", "--capture", str(path))
    finally:
        writer.close()
    assert (done.code, done.out, asked) == (2, "", [])
    assert "Another program is writing this capture." in done.err


def test_a_size_to_keep_needs_a_capture() -> None:
    done = run("connect", "ws://127.0.0.1:1/", "--keep-bytes", "4MiB")
    assert done.code == 2
    assert "--keep-bytes needs --capture" in done.err


def test_a_size_to_keep_has_a_least(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    done = run("connect", "ws://127.0.0.1:1/", "--keep-bytes", "1", "--capture", str(path))
    assert done.code == 2
    assert "4 MiB" in done.err
    assert not path.exists()
