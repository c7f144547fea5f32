"""Real servers swept: each is to answer as its table in ``expected`` says, and to be told for what it is.

A table is what ``wsinspector sweep --write-expect`` wrote and a person read; ``stands_out.txt`` beside it
has the sentences, each held against the bytes by that person.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.interop.proxies import proxy
from tests.interop.running import peer, wsinspector

pytestmark = pytest.mark.interop

EXPECTED = Path(__file__).parent / "expected"
SETS = ("common", "malformed", "handshake")
SILENCE = "2"  # seconds after which a server is taken to say nothing; the others answer in a few milliseconds

PEERS = (
    *("websockets", "aiohttp", "tornado", "uvicorn", "eventlet", "gevent-websocket", "autobahn"),
    *("ws", "ws-0.4", "websocket", "faye-websocket", "em-websocket", "netty"),
    *("gorilla", "x-net", "x-net-handler"),
)
PROXIED = {"nginx-ws": ("nginx websocket", "ws"), "apache-ws": ("apache websocket", "ws")}
"""A proxy as WebSocket needs it, and the server behind it."""

MARKS = {"finding": "✕", "remark": "!", "quiet": "·"}


@contextlib.contextmanager
def set_up(name: str) -> Iterator[str]:
    """Run the set-up ``name``; its ws URL."""
    if name not in PROXIED:
        with peer(name) as url:
            yield url
        return
    before, behind = PROXIED[name]
    with peer(behind) as url, proxy(before, urlsplit(url).port or 0) as front:
        yield front


def told() -> dict[str, list[str]]:
    """The sentences that are expected, by set-up: each stands under its name in brackets, one a line."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (EXPECTED / "stands_out.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return found


def test_every_set_up_has_its_table_and_its_sentences_and_no_other_has() -> None:
    names = {*PEERS, *PROXIED}
    assert {path.stem for path in EXPECTED.glob("*.toml")} == names
    assert set(told()) == names


@pytest.mark.parametrize("name", [*PEERS, *PROXIED])
def test_a_server_answers_as_its_table_says_and_is_told_for_what_it_is(name: str) -> None:
    sets = [argument for each in SETS for argument in ("--set", each)]
    with set_up(name) as url:
        table = str(EXPECTED / f"{name}.toml")
        done = wsinspector("sweep", url, *sets, "--timeout", SILENCE, "--json", "--expect", table)
    assert done.returncode in (0, 1), done.stderr
    result = json.loads(done.stdout)
    wrong = {each["id"]: each["failed"] for each in result["expectations"] if each["failed"]}
    assert wrong == {}
    expected = {each["id"] for each in result["expectations"]}
    assert expected == {each["id"] for each in result["requests"]}
    heard = result["servers"][0]["name"]
    sentences = [
        " ".join(
            [MARKS[each["mark"]], each["text"].removeprefix(heard).removeprefix(":").strip(), each["clause"]]
        ).strip()
        for each in result["stands_out"]
    ]
    assert sentences == told()[name]
