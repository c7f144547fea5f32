"""The command line in dialects, as processes, between real servers and itself."""

import base64

import pytest

from tests.interop.running import frames, handshake, lab, peer, wsinspector
from wsinspector.protocol.dialects import DIALECTS

pytestmark = pytest.mark.interop


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("em-websocket", "hixie-75"),
        ("em-websocket", "hixie-76"),
        ("em-websocket", "hybi-03"),
        ("em-websocket", "hybi-05"),
        ("eventlet", "hixie-76"),
        ("gevent-websocket", "hybi-07"),
        ("aiohttp", "hybi-08"),
        ("ws", "hybi-11"),
    ],
)
def test_it_opens_and_echoes_in_the_dialect(name: str, dialect: str) -> None:
    with peer(name) as url:
        answer = handshake(url, "--dialect", dialect)
        assert (answer["outcome"], answer["speaks"]) == ("open", dialect)
        said = frames(url, "--dialect", dialect, "--send", "Grüße", "--frames", "2", "--for", "20")
    texts = [(frame["dir"], base64.b64decode(frame["payload"])) for frame in said if frame["opcode"] == 1]
    assert texts == [("out", "Grüße".encode()), ("in", "Grüße".encode())]


@pytest.mark.parametrize("version", ["4", "5", "6", "7", "99"])
def test_what_each_refuses_is_told_with_its_list(version: str) -> None:
    """By the lists they give, eventlet and gevent-websocket speak what the other tests speak with them."""
    with peer("eventlet") as url:
        answer = handshake(url, "--version", version)
        assert (answer["outcome"], answer["status"]) == ("refused", 426)
        assert answer["supported_versions"] == ["8", "13"]
    if version != "7":
        with peer("gevent-websocket") as url:
            answer = handshake(url, "--version", version)
            assert (answer["outcome"], answer["status"]) == ("refused", 400)
            assert answer["supported_versions"] == ["13", "8", "7"]


def test_the_lab_and_the_command_understand_each_other_in_every_dialect() -> None:
    """hybi-04 and the frames of hybi-05 and 06 have no other client: here both ends are the program's."""
    with lab() as urls:
        for dialect in DIALECTS:
            done = wsinspector(
                *("connect", urls["/echo"], "--dialect", dialect.name, "--json"),
                *("--send", "Grüße", "--frames", "2", "--for", "20"),
                # Without it the request is hixie-76's, and answered so.
                *(("--header", "Sec-WebSocket-Draft: 1") if dialect.name == "hybi-01" else ()),
            )
            assert done.returncode == 0, (dialect.name, done.stdout, done.stderr)
            encoded = base64.b64encode("Grüße".encode()).decode()
            assert done.stdout.count(f'"payload":"{encoded}"') == 2, (dialect.name, done.stdout)
