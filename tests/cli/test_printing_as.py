"""The command ``handshake --print-as``: nothing is sent, and what a tool cannot be told is said."""

import json

import pytest

from tests.cli.command import run
from wsinspector.share.copying_as import KINDS

URL = "ws://127.0.0.1:1/chat"  # nothing listens there: whoever connected would fail


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_each_tool_gets_its_text(name: str) -> None:
    done = run("handshake", URL, "--print-as", name)
    assert done.code == 0
    assert "127.0.0.1:1" in done.out
    told = json.loads(run("handshake", URL, "--version", "99", "--print-as", name, "--json").out)
    assert told["tool"] == name
    assert ("99" in told["text"]) == (name in ("curl", "websocat", "raw"))
    assert any("99" in each for each in told["not_carried"]) == (
        name in ("wscat", "python", "node", "browser")
    )


def test_what_is_lost_goes_to_standard_error() -> None:
    done = run("handshake", URL, "--version", "8", "--version", "13", "--print-as", "python")
    assert "not carried over: 2 version lines: this client sends one." in done.err
    assert "version lines" not in done.out


def test_secrets_stay_here_unless_asked_for() -> None:
    asked = ("handshake", URL, "--header", "Cookie: sid=topsecret", "--print-as", "curl")
    done = run(*asked)
    assert "topsecret" not in done.out
    assert "--with-secrets" in done.err
    assert "topsecret" in run(*asked, "--with-secrets").out


def test_bytes_that_are_no_head_have_one_way_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("raw") / "bytes"
    file.write_bytes(b"no head \xff")
    done = run("handshake", URL, "--raw", str(file), "--print-as", "curl")
    assert (done.code, done.out) == (1, "")
    assert "no HTTP head" in done.err
    assert r"\377" in run("handshake", URL, "--raw", str(file), "--print-as", "raw").out
