"""The program against peers from npm and Debian, and their clients against the lab."""

import base64
import subprocess
from collections.abc import Iterator

import pytest

from tests.interop.running import PEERS, frames, handshake, lab, peer

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module", params=["ws", "em-websocket"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Name and URL of a running peer."""
    with peer(request.param) as url:
        yield request.param, url


@pytest.mark.parametrize("version", ["13", "8"])
def test_it_opens_and_echoes(server: tuple[str, str], version: str) -> None:
    name, url = server
    answer = handshake(url, "--version", version)
    assert (answer["outcome"], answer["accept_ok"]) == ("open", True), name
    seen = frames(url, "--version", version, "--send", "Hello", "--frames", "2", "--for", "20")
    said = [base64.b64decode(frame["payload"]) for frame in seen if frame["opcode"] == 1]
    assert said == [b"Hello", b"Hello"]
    assert all(frame["findings"] == [] for frame in seen)


def test_ws_refuses_99_and_says_what_it_speaks() -> None:
    with peer("ws") as url:
        answer = handshake(url, "--version", "99")
    assert (answer["outcome"], answer["status"], answer["supported_versions"]) == (
        "refused",
        400,
        ["13", "8"],
    )


def test_large_and_fragmented_answers_of_ws() -> None:
    with peer("ws") as url:
        seen = frames(url, "--send-hex", "ab" * 60000, "--frames", "2", "--for", "30")
    assert [frame["length"] for frame in seen if frame["opcode"] == 2] == [60000, 60000]


def ws_client(url: str, version: str = "13") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(PEERS / "ws_client.js"), url, version],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_lab_serves_npm_s_client() -> None:
    with lab() as urls:
        done = ws_client(urls["/echo"])
        assert (done.returncode, done.stdout.strip()) == (0, "Hello"), done.stderr
        older = ws_client(urls["/echo"], "8")
        assert (older.returncode, older.stdout.strip()) == (0, "Hello"), older.stderr
        refused = ws_client(urls["/echo"] + "?versions=13", "8")
        assert refused.returncode == 2
        assert "426" in refused.stdout
