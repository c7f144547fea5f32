"""Requests that leave as a file, and requests that come out of a HAR."""

import io
import json
from typing import Any

import pytest

from wsinspector.conversation.options import Options
from wsinspector.library.request_file import read_requests
from wsinspector.library.requests import RequestFolder, SavedRequest
from wsinspector.protocol.draft import Draft, Generated
from wsinspector.share.importing import WrongFile
from wsinspector.share.request_har import requests_of_har
from wsinspector.share.shared_requests import shared_requests

REQUEST = (
    b"GET /chat?token=abcdefgh HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer very-secret-token\r\n"
    b"Cookie: {{cookie}}\r\nX: \xff\r\n\r\n"
)
SAVED = SavedRequest(
    "one",
    "wss://a.test/chat?token=abcdefgh",
    Draft.from_bytes(REQUEST),
    Options(variables=(("cookie", "sweet-value"),), ca_file="/people/ada/ca.pem", timeout=3.0),
    "For the demo",
)


def test_no_secret_leaves_and_each_is_listed() -> None:
    shared = shared_requests(RequestFolder("demo", (SAVED,)))
    for secret in ("abcdefgh", "very-secret-token", "sweet-value", "/home/ada"):
        assert secret not in shared.text
    assert shared.left_out == (
        "demo/one: a secret in the address",
        "demo/one: a secret in the request line",
        "demo/one: the value of Authorization",
        "demo/one: the values of its variables",
        "demo/one: the file of a certificate authority",
    )
    assert shared.text.startswith("# Saved requests")
    assert "# Variables to give values to: secret, cookie" in shared.text
    read = read_requests(shared.text)
    assert read.faults == ()
    found = read.whole.at((0, 0))
    assert isinstance(found, SavedRequest)
    assert found.draft.to_bytes() == REQUEST.replace(b"abcdefgh", b"{{secret}}").replace(
        b"very-secret-token", b"{{secret}}"
    )
    assert (found.notes, found.options.timeout) == ("For the demo", 3.0)


def test_with_secrets_everything_leaves_as_it_is() -> None:
    shared = shared_requests(SAVED, secrets=True)
    assert shared.left_out == ()
    assert read_requests(shared.text).whole == RequestFolder("", (SAVED,))


def _entry(url: str, key: str, **more: Any) -> dict[str, Any]:
    headers = [{"name": "Host", "value": "a.test"}, {"name": "Upgrade", "value": "websocket"}]
    headers.append({"name": "Sec-WebSocket-Key", "value": key})
    request = {"method": "GET", "url": url, "httpVersion": "HTTP/1.1", "headers": headers}
    return {"request": request, "response": {"status": 101}, **more}


def _har(*entries: dict[str, Any]) -> io.BytesIO:
    return io.BytesIO(json.dumps({"log": {"entries": list(entries)}}).encode())


def test_the_websockets_of_a_har_become_requests() -> None:
    messages = [{"type": "send", "time": 1.0, "opcode": 1, "data": "hi"}]
    plain = {"request": {"method": "GET", "url": "https://a.test/", "headers": []}, "response": {}}
    folder, notes = requests_of_har(
        _har(
            _entry("wss://a.test/chat?x=1", "dGhlIHNhbXBsZSBub25jZQ==", _webSocketMessages=messages),
            _entry("wss://a.test/chat?x=1", "AQIDBAUGBwgJCgsMDQ4PEA=="),
            _entry("wss://a.test/chat?x=2", "AQIDBAUGBwgJCgsMDQ4PEA=="),
            plain,
        ),
        "shop.har",
    )
    assert folder.name == "shop"
    assert [each.name for each in folder.nodes] == ["wss://a.test/chat", "wss://a.test/chat 2"]
    first = folder.nodes[0]
    assert isinstance(first, SavedRequest)
    assert first.draft.to_bytes() == (
        b"GET /chat?x=1 HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert [line.generated for line in first.draft.lines] == [Generated.HOST, None, Generated.KEY]
    assert first.follows
    assert any("1 message stayed behind" in note for note in notes)
    assert any("1 other entry" in note for note in notes)


def test_a_request_over_http_2_becomes_a_handshake_that_can_be_sent() -> None:
    headers = [
        {"name": ":method", "value": "CONNECT"},
        {"name": ":authority", "value": "a.test"},
        {"name": ":protocol", "value": "websocket"},
        {"name": "origin", "value": "https://a.test"},
        {"name": "sec-websocket-version", "value": "13"},
    ]
    request: dict[str, Any] = {
        "method": "CONNECT", "url": "wss://a.test/x?y", "httpVersion": "h2", "headers": headers,
        "postData": {"mimeType": "text/plain", "text": "left"},
    }  # fmt: skip
    folder, notes = requests_of_har(_har({"request": request}), "browser.har")
    (saved,) = folder.nodes
    assert isinstance(saved, SavedRequest)
    assert saved.draft.to_bytes() == (
        b"GET /x?y HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\norigin: https://a.test\r\n"
        b"sec-websocket-version: 13\r\n\r\n"
    )
    assert [line.generated for line in saved.draft.lines[:4]] == [Generated.HOST, None, None, Generated.KEY]
    told = " ".join(notes)
    assert "added: Host, Upgrade, Connection, Sec-WebSocket-Key." in told
    assert "The body of a request stayed behind" in told


def test_one_entry_that_is_of_no_use_leaves_the_others() -> None:
    good = _entry("wss://a.test/chat", "dGhlIHNhbXBsZSBub25jZQ==")
    nowhere = {"request": {"headers": []}, "_webSocketMessages": []}
    ftp = _entry("ftp://a.test/x", "AQIDBAUGBwgJCgsMDQ4PEA==")
    pseudo = _entry("wss://b.test/y", "AQIDBAUGBwgJCgsMDQ4PEA==")
    pseudo["request"]["headers"] = [{"name": ":authority", "value": "b.test"}]
    pseudo["_resourceType"] = "websocket"
    folder, notes = requests_of_har(_har(nowhere, ftp, good, pseudo), "mixed.har")
    saved = [each for each in folder.nodes if isinstance(each, SavedRequest)]
    assert [each.address for each in saved] == ["ftp://a.test/x", "wss://a.test/chat", "wss://b.test/y"]
    assert b"Upgrade: websocket\r\nConnection: Upgrade\r\n" in saved[2].draft.to_bytes()
    told = " ".join(notes)
    assert "An entry without a URL was left aside." in told
    assert "ftp://a.test/x" in told
    assert "added: Host, Upgrade" in told


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"log": {"entries": []}}', b'{"log": {"entries": [1]}}']
)
def test_another_file_is_refused_with_a_reason(text: bytes) -> None:
    with pytest.raises(WrongFile, match=r"x\.har"):
        requests_of_har(io.BytesIO(text), "x.har")
