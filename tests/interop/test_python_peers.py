"""The program against the servers that Python's libraries make."""

import base64
from collections.abc import Iterator

import pytest

from tests.interop.running import PYTHON_PEERS, frames, handshake, peer

# What each answered to version 8, 7 and 99 when tried: its status and the list it gave.
REFUSALS: dict[str, dict[str, tuple[int, list[str] | None]]] = {
    "websockets": {"8": (400, None), "7": (400, None), "99": (400, None)},
    "aiohttp": {"8": (101, None), "7": (101, None), "99": (400, None)},
    "tornado": {"8": (426, ["13"]), "7": (426, ["13"]), "99": (426, ["13"])},
    "uvicorn": {"8": (426, ["13"]), "7": (426, ["13"]), "99": (426, ["13"])},
}


@pytest.fixture(scope="module", params=PYTHON_PEERS)
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Name and URL of a running peer."""
    with peer(request.param) as url:
        yield request.param, url


def test_13_opens(server: tuple[str, str]) -> None:
    answer = handshake(server[1])
    assert (answer["outcome"], answer["status"], answer["accept_ok"]) == ("open", 101, True)
    assert [finding for finding in answer["findings"] if finding["severity"] == "breaks"] == []


def test_other_versions_are_told_as_they_are(server: tuple[str, str]) -> None:
    name, url = server
    for version, (status, offered) in REFUSALS[name].items():
        answer = handshake(url, "--version", version)
        assert answer["status"] == status, (name, version)
        assert answer["supported_versions"] == offered, (name, version)
        assert answer["outcome"] == ("open" if status == 101 else "refused")


def test_what_is_sent_comes_back(server: tuple[str, str]) -> None:
    seen = frames(
        server[1], "--send", "Hello", "--send-hex", "00ff10", "--ping", "--frames", "6", "--for", "20"
    )
    came = {(frame["opcode"], base64.b64decode(frame["payload"])) for frame in seen if frame["dir"] == "in"}
    assert (1, b"Hello") in came
    assert (2, b"\x00\xff\x10") in came
    assert 10 in {opcode for opcode, _ in came}
    assert all(frame["masked"] == (frame["dir"] == "out") for frame in seen)
    assert all(frame["findings"] == [] for frame in seen)


def test_compressed_messages_are_inflated(server: tuple[str, str]) -> None:
    if server[0] == "tornado":
        pytest.skip("tornado offers compression only where its application asks for it")
    seen = frames(server[1], "--offer-deflate", "--send", "Hello " * 40, "--frames", "2", "--for", "20")
    back = next(frame for frame in seen if frame["dir"] == "in")
    assert back["rsv"] == 4
    assert back["length"] < 100
    assert back["findings"] == []
