"""Clients of other people, most of them old, against the lab: each speaks, hears itself and closes."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.interop.running import client, lab, pywebsocket
from tests.interop.tap import tap
from wsinspector.protocol.dialects import spoken_for

pytestmark = pytest.mark.interop

LONG = "x" * 3000
TALK = ("Hello", "Grüße", "", LONG)

CASES = [
    # name of the client, what it is told of the version, what that is
    ("websocket.gem", "75", "hixie-75"),
    ("websocket.gem", "76", "hixie-76"),
    ("websocket.gem", "3", "hybi-03"),
    ("websocket.gem", "7", "hybi-07"),
    ("websocket.gem", "8", "hybi-08"),
    ("websocket.gem", "13", "rfc6455"),
    ("Protocol::WebSocket", "draft-hixie-75", "hixie-75"),
    ("Protocol::WebSocket", "draft-ietf-hybi-00", "hixie-76"),
    ("Protocol::WebSocket", "draft-ietf-hybi-10", "hybi-08"),
    ("Protocol::WebSocket", "draft-ietf-hybi-17", "rfc6455"),
    ("netty", "V00", "hixie-76"),
    ("netty", "V07", "hybi-07"),
    ("netty", "V08", "hybi-08"),
    ("netty", "V13", "rfc6455"),
    ("autobahn", "10", "hybi-08"),
    ("autobahn", "11", "hybi-11"),
    ("autobahn", "12", "hybi-11"),
    ("autobahn", "18", "rfc6455"),
    ("websocket-client", "", "hixie-76"),
    ("ws-0.4", "13 Origin", "rfc6455"),
    ("websocket", "8 Origin", "hybi-08"),
    ("websocket", "13 Origin", "rfc6455"),
    ("ws", "8 Sec-WebSocket-Origin", "hybi-08"),
    ("ws", "8 Origin", "hybi-11"),
    ("faye-websocket", "13 Origin", "rfc6455"),
]


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    """URL of the lab's echo."""
    with lab() as urls:
        yield urls["/echo"]


def seen(done: subprocess.CompletedProcess[str]) -> str:
    return f"{done.returncode}: {[line[:80] for line in (done.stdout + done.stderr).splitlines()]}"


@pytest.mark.parametrize(("name", "version", "dialect"), CASES)
def test_it_opens_hears_itself_and_closes(echo: str, name: str, version: str, dialect: str) -> None:
    # Whatever the server, npm's websocket keeps an empty message to itself, and Netty's V00 loses
    # the beginning of a text that comes in two reads.
    talk = [text for text in TALK if text or name != "websocket"]
    if version == "V00":
        talk.remove(LONG)
    with tap(echo) as wire:
        done = client(name, wire.url, *version.split(), *talk)
    closing = [] if dialect == "hixie-75" else ["close"]
    assert done.stdout.splitlines() == ["open", *talk, *closing], seen(done)
    assert done.returncode == 0, seen(done)
    assert spoken_for(bytes(wire.sent)) == dialect


@pytest.mark.parametrize(
    ("version", "dialect"), [("hybi00", "hixie-76"), ("hybi08", "hybi-08"), ("hybi13", "rfc6455")]
)
def test_pywebsocket_s_own_client_is_content(echo: str, version: str, dialect: str) -> None:
    with tap(echo) as wire:
        done = pywebsocket(wire.url, version, "Hello,world")
    assert spoken_for(bytes(wire.sent)) == dialect
    assert done.returncode == 0, seen(done)
    assert "Recv: Hello" in done.stdout, seen(done)
    assert "Recv: world" in done.stdout, seen(done)


@pytest.mark.parametrize("version", ["1", "2", "4", "5", "6"])
def test_it_opens_where_the_client_frames_as_another_draft(echo: str, version: str) -> None:
    """The gem asks rightly for these, and then its frames are another draft's: only the handshake tells."""
    with tap(echo) as wire:
        done = client("websocket.gem", wire.url, version)
    assert done.stdout.splitlines() == ["open"], seen(done)
    assert spoken_for(bytes(wire.sent)) == f"hybi-0{version}"


def test_a_key_of_fifteen_bytes_is_refused_and_the_client_hears_why(echo: str) -> None:
    """ws 0.4 makes its key of its version and the time: one byte short where the version is 8."""
    done = client("ws-0.4", echo, "8", "Sec-WebSocket-Origin", "Hello")
    assert done.stdout.splitlines()[:1] == ["error unexpected server response (400)"], seen(done)
