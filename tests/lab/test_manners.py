"""Every manner in which a version is refused, byte for byte, by path, by query and by the lab's own rule."""

import asyncio
import socket

import pytest

from tests.lab.test_refusals import SWITCHING, first_head, whole_answer
from tests.lab.wire import Wire, request, with_lab
from wsinspector.lab.manners import MANNERS, describe
from wsinspector.lab.server import Lab
from wsinspector.lab.versions import EVERY_VERSION, VersionRule, read_versions

SENTENCE = b"This server speaks version 13 or 8 or 7 of the WebSocket protocol."


def refused(code: int, *lines: bytes, body: bytes = SENTENCE) -> bytes:
    start = {
        426: b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n",
        400: b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n",
    }[code]
    listed = b"".join(b"Sec-WebSocket-Version: " + line + b"\r\n" for line in lines)
    about = b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nServer: lab\r\n\r\n" % len(
        body
    )
    return start + listed + about + body


FORMS: dict[str, tuple[bytes, ...]] = {
    "list": (b"13, 8, 7",),
    "list-no-space": (b"13,8,7",),
    "ascending": (b"7, 8, 13",),
    "ascending-no-space": (b"7,8,13",),
    "two-lines": (b"13", b"8, 7"),
}
GOLDEN: dict[str, bytes] = {
    **{f"{code}-{form}": refused(code, *lines) for code in (426, 400) for form, lines in FORMS.items()},
    **{f"{code}-no-list": refused(code, body=b"Another version is needed.") for code in (426, 400)},
    **{
        f"{code}-list-lies": refused(
            code, b"6, 5, 4", body=b"This server speaks version 6 or 5 or 4 of the WebSocket protocol."
        )
        for code in (426, 400)
    },
    "hixie-when-absent": refused(426, b"13, 8, 7"),
}


def test_every_manner_is_golden_or_answers_nothing_or_everything() -> None:
    assert set(MANNERS) == {*GOLDEN, "silence", "any"}
    assert len(set(MANNERS)) == len(MANNERS)


def test_every_manner_is_described_in_a_line() -> None:
    texts = [describe(manner) for manner in MANNERS]
    assert len(set(texts)) == len(texts)
    assert all(text.endswith(".") and "\n" not in text and "{" not in text for text in texts)
    with pytest.raises(KeyError):
        describe("no-such-manner")
    with pytest.raises(KeyError):
        describe("426-no-such-form")


@pytest.mark.parametrize("manner", GOLDEN)
def test_a_version_outside_the_set_is_refused_in_the_manner_of_the_query(manner: str) -> None:
    assert whole_answer(request(f"/echo?versions=13,8,7&refuse={manner}", version=(b"6",))) == GOLDEN[manner]


@pytest.mark.parametrize("manner", GOLDEN)
def test_a_version_outside_the_set_is_refused_in_the_manner_of_the_path(manner: str) -> None:
    assert whole_answer(request(f"/versions/13,8,7/{manner}", version=(b"25",))) == GOLDEN[manner]


@pytest.mark.parametrize("version", [b"13", b"8", b"7"])
@pytest.mark.parametrize("path", ["/versions/13,8,7", "/versions/7,13,8/400-list", "/echo?versions=8%2C7,13"])
def test_a_version_of_the_set_opens(path: str, version: bytes) -> None:
    assert first_head(request(path, version=(version,))) == SWITCHING


@pytest.mark.parametrize("manner", [manner for manner in GOLDEN if "list" in manner or "lines" in manner])
def test_section_4_2_1_lines_that_are_no_version_get_400_and_the_same_list(manner: str) -> None:
    answer = whole_answer(request(f"/versions/13,8,7/{manner}", version=(b"13", b"8")))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n")
    lines = [line for line in answer.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Version")]
    assert lines == [
        line for line in GOLDEN[manner].split(b"\r\n") if line.startswith(b"Sec-WebSocket-Version")
    ]


def test_silence_reads_and_never_answers() -> None:
    async def talk(lab: Lab) -> bytes:
        loop = asyncio.get_running_loop()
        with socket.create_connection((lab.host, lab.port)) as sock:
            sock.setblocking(False)
            await loop.sock_sendall(sock, request("/versions/8/silence"))
            sock.shutdown(socket.SHUT_WR)
            return await loop.sock_recv(sock, 4096)

    assert with_lab(talk) == b""
    assert first_head(request("/versions/8/silence", version=(b"8",))) == SWITCHING


@pytest.mark.parametrize("version", [(), (b"",), (b"13",), (b"25",), (b"013",), (b"13", b"8"), (b"x" * 50,)])
def test_any_answers_101_to_anything(version: tuple[bytes, ...]) -> None:
    assert first_head(request("/versions/8/any", version=version)) == SWITCHING
    assert first_head(request("/echo?refuse=any", version=version)) == SWITCHING


def test_where_the_version_is_absent_hixie_is_answered() -> None:
    answered = first_head(request("/versions/13/hixie-when-absent", b"Origin: http://a.example", version=()))
    assert answered == (
        b"HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
        b"WebSocket-Origin: http://a.example\r\n"
        b"WebSocket-Location: ws://127.0.0.1/versions/13/hixie-when-absent\r\n\r\n"
    )

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, request("/versions/13/hixie-when-absent", version=()) + b"\x00hello\xff")
        await wire.head()
        back = await wire.exactly(7)
        await wire.hang_up()
        return back

    assert with_lab(talk) == b"\x00hello\xff"


def test_a_value_that_nobody_ever_spoke_is_taken_where_it_is_named() -> None:
    assert first_head(request("/versions/25,0", version=(b"25",))) == SWITCHING
    assert first_head(request("/versions/25,0", version=(b"0",))) == SWITCHING
    refused = whole_answer(request("/versions/25,0"))
    assert b"\r\nSec-WebSocket-Version: 25, 0\r\n" in refused


def test_names_of_dialects_tell_apart_what_a_value_does_not() -> None:
    old, new = b"Sec-WebSocket-Origin: http://a.example", b"Origin: http://a.example"
    assert first_head(request("/versions/hybi-08", old, version=(b"8",))) == SWITCHING
    refused = whole_answer(request("/versions/hybi-08", new, version=(b"8",)))
    assert refused.startswith(b"HTTP/1.1 426 ")
    assert b"\r\nSec-WebSocket-Version: 8\r\n" in refused
    assert first_head(request("/versions/hybi-11", new, version=(b"8",))) == SWITCHING


def test_a_set_without_a_value_has_no_list() -> None:
    answer = whole_answer(request("/versions/hixie-76,hixie-75"))
    assert b"Sec-WebSocket-Version" not in answer
    assert answer.endswith(b"This server speaks hixie-76, hixie-75 of the WebSocket protocol.")


def test_a_list_that_lies_names_versions_that_are_refused() -> None:
    every = whole_answer(request("/echo?refuse=426-list-lies", version=(b"99",)))
    assert b"\r\nSec-WebSocket-Version: 12, 11, 10, 9\r\n" in every
    assert whole_answer(request("/echo?refuse=426-list-lies", version=(b"12",))) == every


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/versions/13,x", 404, b"'x' is neither a version value, 0 to 255, nor a dialect"),
        ("/versions/256", 404, b"'256' is neither"),
        ("/versions/013", 404, b"'013' is neither"),
        ("/versions/,", 404, b"no version is named"),
        ("/versions/13/politely", 404, b"'politely' is no manner of refusing"),
        ("/versions/13/any/more", 404, b"the path is /versions/LIST/MANNER"),
        ("/echo?versions=%ff", 400, b"is neither"),
        ("/echo?versions=&refuse=400-list", 400, b"no version is named"),
        ("/echo?versions=13&refuse=", 400, b"'' is no manner of refusing"),
        ("/pings?refuse=politely", 400, b"'politely' is no manner of refusing"),
    ],
)
def test_what_cannot_be_carried_out_is_said(path: str, status: int, words: bytes) -> None:
    answer = whole_answer(request(path))
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert words in answer


def test_the_labs_own_rule_changes_while_it_runs() -> None:
    async def ask(lab: Lab, version: bytes) -> bytes:
        wire = await Wire.dial(lab, request("/pings?every=0", version=(version,)))
        head = await wire.head()
        await wire.hang_up()
        return head.split(b"\r\n")[0]

    async def talk(lab: Lab) -> list[bytes]:
        assert lab.rule is EVERY_VERSION
        got = [await ask(lab, b"8")]
        lab.set_versions(("13",), "400-list")
        assert lab.rule == VersionRule(("13",), "400-list")
        got.append(await ask(lab, b"8"))
        lab.set_versions(None)
        return [*got, await ask(lab, b"8")]

    switched = b"HTTP/1.1 101 Switching Protocols"
    assert with_lab(talk) == [switched, b"HTTP/1.1 400 Bad Request", switched]


@pytest.mark.parametrize("versions", [("13", "014"), ("-1",), ("hixie",), ("", "13"), (" 13",), ("²",)])
def test_a_rule_that_cannot_be_is_an_error_and_changes_nothing(versions: tuple[str, ...]) -> None:
    lab = Lab()
    with pytest.raises(ValueError, match="neither a version value"):
        lab.set_versions(versions)
    with pytest.raises(ValueError, match="no manner"):
        lab.set_versions(None, "politely")
    assert lab.rule is EVERY_VERSION


def test_a_written_list_is_read_leniently() -> None:
    assert read_versions(" 13, 8,hixie-76 ,13,") == ("13", "8", "hixie-76")
    assert read_versions("hybi-09,hybi-10, HYBI-00") == ("hybi-08", "hixie-76")
    with pytest.raises(ValueError, match="no version is named"):
        read_versions(" , ")
