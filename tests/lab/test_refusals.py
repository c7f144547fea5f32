"""The lab's scenarios that do not open, byte for byte."""

import asyncio
import socket

import pytest

from tests.lab.wire import ACCEPT, KEY, Wire, request, with_lab
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab

LISTED_426 = (
    b"HTTP/1.1 426 Upgrade Required\r\n"
    b"Upgrade: websocket\r\n"
    b"Connection: Upgrade, close\r\n"
    b"Sec-WebSocket-Version: 13\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 56\r\n"
    b"Server: lab\r\n\r\n"
    b"This server speaks version 13 of the WebSocket protocol."
)
SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\nServer: lab\r\n\r\n"
)


def whole_answer(data: bytes) -> bytes:
    """What the lab answers to ``data`` until it ends its side."""

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, data)
        answer = await wire.rest()
        await wire.hang_up()
        return answer

    return with_lab(talk)


def first_head(data: bytes) -> bytes:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, data)
        answer = await wire.head()
        await wire.hang_up()
        return answer

    return with_lab(talk)


def test_every_scenario_is_named_once_and_described_in_one_line() -> None:
    assert len({scenario.path for scenario in SCENARIOS}) == len(SCENARIOS)
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert scenario.path.startswith("/")
        assert scenario.description.endswith(".")
        assert "\n" not in scenario.description
        assert len(scenario.description) <= 110


def test_section_4_2_2_another_version_is_refused_with_426_and_the_list() -> None:
    assert whole_answer(request("/echo?versions=13", version=(b"8",))) == LISTED_426


@pytest.mark.parametrize("version", [b"0", b"3", b"9", b"12", b"14", b"25", b"255"])
def test_section_4_2_2_the_list_names_every_version_that_there_was(version: bytes) -> None:
    answer = whole_answer(request("/echo", version=(version,)))
    assert answer.startswith(b"HTTP/1.1 426 Upgrade Required\r\n")
    assert b"\r\nSec-WebSocket-Version: 13, 8, 7, 6, 5, 4\r\n" in answer
    assert answer.endswith(
        b"This server speaks version 13 or 8 or 7 or 6 or 5 or 4 "
        b"and hybi-03, hybi-02, hybi-01, hixie-76, hixie-75 of the WebSocket protocol."
    )


def test_section_4_2_2_version_13_is_answered_with_101() -> None:
    assert first_head(request("/echo")) == SWITCHING
    assert first_head(request("/")) == SWITCHING


@pytest.mark.parametrize(
    "version", [(), (b"",), (b"013",), (b"+13",), (b"256",), (b"13", b"13"), (b"13, 8",), (b"13", b"8")]
)
def test_section_4_2_1_a_version_that_is_none_is_refused_with_400(version: tuple[bytes, ...]) -> None:
    answer = whole_answer(request("/echo", version=version))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\nSec-WebSocket-Version: 13, 8, 7, 6, 5, 4\r\n" in answer


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (b"GET ", b"POST ", b"405"),
        (b"HTTP/1.1", b"HTTP/1.0", b"400"),
        (b"HTTP/1.1", b"HTTP/0.9", b"400"),
        (b"Host: 127.0.0.1\r\n", b"", b"400"),
        (b"Upgrade: websocket\r\n", b"", b"426"),
        (b"Upgrade: websocket\r\n", b"Upgrade: h2c\r\n", b"426"),
        (b"Connection: Upgrade\r\n", b"Connection: keep-alive\r\n", b"426"),
        (b"Sec-WebSocket-Key: " + KEY + b"\r\n", b"", b"400"),
        (KEY, b"c2hvcnQ=", b"400"),
        (KEY, b"not base64 at all!!!!!!!", b"400"),
        (b"/echo", b"/no-such-path", b"404"),
        (b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Version : 13", b"400"),
        (b"Upgrade: websocket", b"X-Odd\t: 1\r\nUpgrade: websocket", b"400"),
    ],
)
def test_section_4_2_1_each_missing_part_is_refused(old: bytes, new: bytes, status: bytes) -> None:
    answer = whole_answer(request("/echo").replace(old, new))
    assert answer.split(b" ")[1] == status


@pytest.mark.parametrize(
    "change",
    [
        (b"Upgrade: websocket", b"UPGRADE: h2c, WebSocket"),
        (b"Connection: Upgrade", b"connection: keep-alive, uPGRADE"),
        (b"\r\n", b"\n"),
        (b"Host: 127.0.0.1", b"X-Folded: a\r\n b\r\nHost: 127.0.0.1"),
        (b"/echo", b"http://127.0.0.1/echo"),
        (b"/echo", b"/%65cho?x=%zz&&="),
    ],
)
def test_what_is_odd_and_still_allowed_opens(change: tuple[bytes, bytes]) -> None:
    assert first_head(request("/echo").replace(*change)) == SWITCHING


def test_a_plain_request_for_the_root_gets_the_list_of_paths() -> None:
    answer = whole_answer(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    for scenario in SCENARIOS:
        assert scenario.path.encode() in answer
    assert b"\n?versions=13,8&refuse=400-list on any path" in answer


def test_426_list_offers_what_it_then_takes() -> None:
    refused = whole_answer(request("/426-list"))
    assert b"426 Upgrade Required" in refused
    assert b"\r\nSec-WebSocket-Version: 8, 7\r\n" in refused
    assert first_head(request("/426-list", version=(b"8",))) == SWITCHING


def test_426_without_a_list_names_no_version() -> None:
    answer = whole_answer(request("/426-no-list"))
    assert answer.startswith(b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n")
    assert b"Sec-WebSocket-Version" not in answer


def test_section_4_4_the_list_may_stand_on_two_lines() -> None:
    answer = whole_answer(request("/400-two-lines"))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Version: 7\r\n" in answer
    assert first_head(request("/400-two-lines", version=(b"7",))) == SWITCHING


def test_400_with_an_html_body() -> None:
    answer = whole_answer(request("/400-html"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: text/html" in head
    assert b"Content-Length: %d" % len(body) in head
    assert body.startswith(b"<!DOCTYPE html>")


def test_claims_13_and_takes_8() -> None:
    assert whole_answer(request("/claims-13-takes-8")).startswith(b"HTTP/1.1 426 ")
    assert b"\r\nSec-WebSocket-Version: 13\r\n" in whole_answer(request("/claims-13-takes-8"))
    assert first_head(request("/claims-13-takes-8", version=(b"8",))) == SWITCHING


@pytest.mark.parametrize("version", [(), (b"",), (b"8",), (b"013",), (b"255",), (b"x",), (b"13", b"8")])
def test_any_version_takes_whatever_is_said(version: tuple[bytes, ...]) -> None:
    assert first_head(request("/any-version", version=version)) == SWITCHING


def test_wrong_accept_is_the_accept_of_another_key() -> None:
    head = first_head(request("/wrong-accept"))
    assert b"\r\nSec-WebSocket-Accept: C/0nmHhBztSRGR1CwL6Tf4ZjwpY=\r\n" in head


def test_wrong_accept_is_wrong_for_the_example_key_too() -> None:
    head = first_head(request("/wrong-accept", key=b"AQIDBAUGBwgJCgsMDQ4PEA=="))
    assert b"\r\nSec-WebSocket-Accept: " + ACCEPT + b"\r\n" in head


def test_no_accept() -> None:
    head = first_head(request("/no-accept"))
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"Accept" not in head


def test_slow_head_arrives_whole() -> None:
    assert first_head(request("/slow-head?every=0")) == SWITCHING


def test_early_hints_come_before_the_101() -> None:
    assert first_head(request("/early-hints")).startswith(b"HTTP/1.1 103 Early Hints\r\n")


def test_close_without_a_byte() -> None:
    assert whole_answer(request("/close")) == b""


def test_reset_without_a_byte() -> None:
    with pytest.raises(ConnectionResetError):
        whole_answer(request("/reset"))


def test_http_1_0() -> None:
    answer = whole_answer(request("/http-1.0"))
    assert answer.startswith(b"HTTP/1.0 200 OK\r\n")
    assert b"Content-Length" not in answer


def test_redirect_is_an_ordinary_302() -> None:
    assert b"\r\nLocation: /echo\r\n" in whole_answer(request("/redirect"))


def test_garbage_is_no_http() -> None:
    assert not whole_answer(request("/garbage")).startswith(b"HTTP/")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/silence", b""),
        ("/half-head", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConn"),
        ("/length-lies", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 33\r\n"),
        ("/keeps-open", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"),
    ],
)
def test_what_stays_open_ends_only_when_the_client_does(path: str, expected: bytes) -> None:
    async def talk(lab: Lab) -> bytes:
        loop = asyncio.get_running_loop()
        with socket.create_connection((lab.host, lab.port)) as sock:
            sock.setblocking(False)
            await loop.sock_sendall(sock, request(path))
            got = await loop.sock_recv(sock, len(expected)) if expected else b""
            sock.shutdown(socket.SHUT_WR)
            while piece := await loop.sock_recv(sock, 4096):
                got += piece
            return got

    assert with_lab(talk).startswith(expected)


def test_half_a_request_is_not_answered() -> None:
    async def talk(lab: Lab) -> bytes:
        loop = asyncio.get_running_loop()
        with socket.create_connection((lab.host, lab.port)) as sock:
            sock.setblocking(False)
            await loop.sock_sendall(sock, request("/echo")[:-2])
            sock.shutdown(socket.SHUT_WR)
            return await loop.sock_recv(sock, 4096)

    assert with_lab(talk) == b""


def test_a_tls_client_on_the_plain_port_is_answered_and_not_kept_waiting() -> None:
    hello = bytes.fromhex("16030100050100000103")
    assert whole_answer(hello).startswith(b"HTTP/1.1 400 Bad Request\r\n")
