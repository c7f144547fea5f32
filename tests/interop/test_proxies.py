"""What nginx, Apache and HAProxy make of a request, held against tables a person has read."""

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.interop.proxies import SET_UPS, proxy
from tests.interop.running import handshake, lab
from wsinspector.present.mirror import mirror_of
from wsinspector.protocol.http_reader import ResponseReader
from wsinspector.protocol.mirroring import mirrored

pytestmark = pytest.mark.interop

TABLES: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "proxies.json").read_text(encoding="utf-8")
)
"""By set-up and request: each change in words, or what the proxy answers itself."""

_KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
_ASKING = (b"Host: example.com", b"Upgrade: websocket", b"Connection: Upgrade", _KEY)
_13 = b"Sec-WebSocket-Version: 13"
_OLD = (
    *(b"Upgrade: WebSocket", b"Connection: Upgrade", b"Host: example.com"),
    *(b"Origin: http://example.com", b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5"),
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
)


def _request(*lines: bytes, tail: bytes = b"") -> bytes:
    return b"\r\n".join([b"GET /mirror HTTP/1.1", *lines]) + b"\r\n\r\n" + tail


def _swapped(line: bytes) -> bytes:
    """``line`` with the letter case of its name the other way round."""
    name, colon, value = line.partition(b":")
    return name.swapcase() + colon + value


REQUESTS = {
    "version 13": _request(*_ASKING, _13),
    "version 8 and 13 on two lines": _request(*_ASKING, b"Sec-WebSocket-Version: 8", _13),
    "two equal keys": _request(*_ASKING, _KEY, _13),
    "odd case": _request(*(_swapped(line) for line in (*_ASKING, _13))),
    "odd blanks": _request(*_ASKING, b"Sec-WebSocket-Version:   13  "),
    "folded": _request(*_ASKING, _13, b"X-Fold: one\r\n two"),
    "blank before the colon": _request(*_ASKING, _13, b"X-Odd : one"),
    "underscore": _request(*_ASKING, _13, b"X_Under: one"),
    "LF alone": _request(*_ASKING, _13).replace(b"\r\n", b"\n"),
    "hixie-76": _request(*_OLD, tail=b"^n:ds[4U"),
    "a line of 7000 bytes": _request(*_ASKING, _13, b"X-Large: " + b"a" * 7000),
    "a line of 64 KiB": _request(*_ASKING, _13, b"X-Large: " + b"a" * 65536),
}


@pytest.fixture(scope="module")
def mirror() -> Iterator[str]:
    """The mirror's URL, without a proxy."""
    with lab() as urls:
        yield urls["/mirror"]


def _answers(url: str) -> dict[str, list[str]]:
    return {name: _told(url, request) for name, request in REQUESTS.items()}


def _told(url: str, request: bytes) -> list[str]:
    """What became of ``request``: the changes the mirror saw, or the answer of who did not let it through."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    reader = ResponseReader()
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=20) as connection:
        with contextlib.suppress(ConnectionError):  # it may have answered before it has read all
            connection.sendall(request)
        while reader.response is None or not reader.response.complete:
            try:
                piece = connection.recv(1 << 16)
            except ConnectionResetError:
                piece = b""
            if not piece:
                reader.eof()
                break
            reader.feed(piece)
    response = reader.response
    assert response is not None
    found = mirrored(response)
    if found is None:
        return [f"{response.status} {response.reason.decode('ascii')}"]
    assert found.whole
    return [line.what for line in mirror_of(request, found).lines]


def test_the_tables_are_complete() -> None:
    assert set(TABLES) == {"directly", *SET_UPS}
    for table in TABLES.values():
        assert list(table) == list(REQUESTS)


def test_directly_nothing_changes(mirror: str) -> None:
    assert TABLES["directly"] == {name: [] for name in REQUESTS}
    assert _answers(mirror) == TABLES["directly"]


@pytest.mark.parametrize("set_up", SET_UPS)
def test_what_each_set_up_changes(mirror: str, set_up: str) -> None:
    with proxy(set_up, urlsplit(mirror).port or 0) as url:
        assert _answers(url) == TABLES[set_up]


@pytest.mark.parametrize("set_up", SET_UPS)
def test_the_command_line_tells_it(mirror: str, set_up: str) -> None:
    with proxy(set_up, urlsplit(mirror).port or 0) as url:
        report = handshake(url)
        echo = handshake(url.removesuffix("mirror") + "echo")
    assert [one["text"] for one in report["mirror"]["differences"]] == TABLES[set_up]["version 13"]
    # What the mirror shows is why it opens or does not.
    lost = "Upgrade removed" in TABLES[set_up]["version 13"]
    assert echo["outcome"] == ("refused" if lost else "open")
