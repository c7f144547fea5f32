"""The command ``handshake`` against the mirror: directly, and through something that changes the request."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.cli.command import decoded, handshake, run
from tests.cli.lab_process import LabProcess


class Changing:
    """A proxy of plain bytes: what comes from the client goes on with ``old`` as ``new``, once."""

    def __init__(self, to: str, old: bytes, new: bytes) -> None:
        host, _, port = to.rpartition(":")
        self._to, self._old, self._new = (host, int(port)), old, new
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}/mirror"
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self) -> None:
        client, _ = self._listener.accept()
        with client, socket.create_connection(self._to) as server:
            server.sendall(client.recv(1 << 20).replace(self._old, self._new))
            while piece := server.recv(1 << 16):
                client.sendall(piece)

    def close(self) -> None:
        self._thread.join(60)
        self._listener.close()


@pytest.fixture
def changing(lab: LabProcess) -> Iterator[Changing]:
    made = Changing(lab.address, b"Connection: Upgrade\r\n", b"Via: 1.1 box\r\n")
    yield made
    made.close()


def test_directly_nothing_changes(lab: LabProcess) -> None:
    report = handshake(lab.url("/mirror"), "--dialect", "hixie-76").json
    assert report["mirror"] == {
        "same": True,
        "whole": True,
        "received": report["request"],
        "differences": [],
    }
    assert decoded(report["request"])[-12:-8] == b"\r\n\r\n"
    assert handshake(lab.url("/426-list")).json["mirror"] is None
    told = run("handshake", lab.url("/mirror"))
    assert (told.code, told.out.splitlines().count("The mirror received exactly what was sent.")) == (1, 1)


def test_what_was_changed_is_named_with_its_clause(changing: Changing) -> None:
    report = handshake(changing.url).json["mirror"]
    removed, added = report["differences"]
    assert decoded(removed.pop("sent")[0]) == b"Connection: Upgrade"
    assert removed == {
        "change": "removed",
        "name": "Connection",
        "received": [],
        "text": "Connection removed",
        "why": "It holds for one hop; an intermediary removes or replaces it.",
        "clause": "RFC 9110 §7.6.1",
    }
    assert (added["change"], added["name"], added["clause"]) == ("added", "Via", "RFC 9110 §7.6.3")
    assert (report["same"], report["whole"]) == (False, True)


def test_what_was_changed_stands_in_lines(changing: Changing) -> None:
    told = run("handshake", changing.url).out.splitlines()
    at = told.index("Something on the way made 2 changes: Connection removed, Via added.")
    assert told[at + 1 : at + 6] == [
        "  Connection removed. It holds for one hop; an intermediary removes or replaces it. "
        "(RFC 9110 §7.6.1)",
        "    sent      Connection: Upgrade",
        "  Via added. A proxy names itself here. (RFC 9110 §7.6.3)",
        "    arrived   Via: 1.1 box",
        "  Without Connection: Upgrade a server behind it sees no opening handshake (RFC 6455 §4.2.1).",
    ]
