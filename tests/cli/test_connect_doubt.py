"""``connect`` says where the frames are another dialect's, and where they are none at all."""

import os
import pty
import subprocess

import pytest

from tests.cli.command import PROGRAM, run
from tests.conversation.conftest import Peers
from tests.conversation.conftest import peers as peers
from tests.conversation.dialect_peer import DialectPeer, Said
from tests.conversation.test_answered_in_http import ANSWER, HINT, FailingPeer
from tests.conversation.test_doubt import ignoring_the_draft
from wsinspector.protocol.opcodes import TEXT

FIT = "The frames begin with 00 and end with FF, as hixie-76's do; hybi-02's would begin with 04."
TRY = "Try --speak hixie-76."


def on_a_terminal(*arguments: str) -> tuple[str, str]:
    """What is printed as text, and what is said beside it."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [*PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE
        )
        os.close(theirs)
        printed = b""
        try:
            while piece := os.read(ours, 65536):
                printed += piece
        except OSError:
            pass  # how a terminal ends once nobody has its other side
        _, said = process.communicate(timeout=60)
    finally:
        os.close(ours)
    return printed.decode(), said.decode()


def test_a_dialect_that_fits_is_named(peers: Peers) -> None:
    url = f"ws://127.0.0.1:{peers.listen(ignoring_the_draft)}/"
    arguments = ("connect", url, "--dialect", "hybi-02", "--send", "again")
    _, said = on_a_terminal(*arguments)
    assert said.strip().splitlines()[-1].startswith(f"wsinspector: {FIT}")
    assert said.strip().endswith(TRY)
    done = run(*arguments, "--json")
    assert done.lines[-1]["fits"]["dialect"] == "hixie-76"
    assert done.lines[-1]["hint"] is None
    again = run("connect", url, "--dialect", "hybi-02", "--speak", "hixie-76", "--send", "again", "--json")
    assert again.lines[-1]["fits"] is None


@pytest.mark.parametrize("name", ["hybi-02", "rfc6455"])
def test_a_server_that_failed_is_told_of_and_did_not_close(name: str, peers: Peers) -> None:
    url = f"ws://127.0.0.1:{peers.listen(FailingPeer(name, (ANSWER,)).handle)}/"
    printed, said = on_a_terminal("connect", url, "--dialect", name)
    assert said.strip().splitlines()[-1] == f"wsinspector: {HINT}"
    assert "cleanly" not in printed
    done = run("connect", url, "--dialect", name, "--json")
    last = done.lines[-1]
    assert (last["hint"], last["clean"], last["received_code"], last["reason"]) == (HINT, False, None, "")


def test_nothing_is_said_of_frames_that_fit(peers: Peers) -> None:
    url = f"ws://127.0.0.1:{peers.listen(DialectPeer('hybi-03', [Said(TEXT, b'one')]).handle)}/"
    done = run("connect", url, "--dialect", "hybi-03", "--frames", "1", "--json")
    assert (done.lines[-1]["fits"], done.lines[-1]["hint"]) == (None, None)
    assert done.lines[-1]["dialect"] == "hybi-03"
