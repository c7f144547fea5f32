"""The command ``lab`` as a process: which versions it takes, how it refuses, where it listens."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cli.command import PROGRAM, decoded, run
from tests.cli.lab_process import LabProcess
from tests.lab.wire import request
from wsinspector.cli.lab import at_start
from wsinspector.lab.manners import MANNERS, describe
from wsinspector.lab.server import Lab
from wsinspector.protocol.dialects import DIALECTS


@contextmanager
def running(*arguments: str) -> Iterator[dict[str, Any]]:
    """What ``lab --json`` says of itself; it must end with 0 and without another word."""
    process = subprocess.Popen(
        [*PROGRAM, "lab", "--json", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=60)
    assert (process.returncode, rest, err) == (0, b"", b"")


def answer(told: dict[str, Any], version: bytes, path: str = "/echo") -> bytes:
    """The head that comes back; the connection is ended then."""
    with socket.create_connection(("127.0.0.1", told["port"]), timeout=60) as sock:
        sock.sendall(request(path, version=(version,)))
        got = b""
        while b"\r\n\r\n" not in got:
            piece = sock.recv(4096)
            assert piece
            got += piece
        return got.partition(b"\r\n\r\n")[0]


def test_the_help_lists_every_manner_and_what_it_does() -> None:
    text = run("lab", "--help").out
    assert [manner for manner in MANNERS if f"{manner} " not in text] == []
    assert [manner for manner in MANNERS if describe(manner) not in text] == []
    assert "--versions LIST" in text
    assert "--beyond-loopback" in text


def test_chosen_versions_are_taken_and_the_others_refused_in_the_manner_asked_for() -> None:
    with running("--versions", "13, 8,7", "--refuse", "400-ascending-no-space") as told:
        assert told["versions"] == ["13", "8", "7"]
        assert told["refuse"] == "400-ascending-no-space"
        assert told["host"] == "127.0.0.1"
        for version in (b"13", b"8", b"7"):
            assert answer(told, version).startswith(b"HTTP/1.1 101 ")
        refused = answer(told, b"6")
        assert refused.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"\r\nSec-WebSocket-Version: 7,8,13\r\n" in refused
        assert answer(told, b"6", "/echo?versions=6").startswith(b"HTTP/1.1 101 ")


def test_without_a_choice_every_version_is_taken() -> None:
    with running() as told:
        assert told["versions"] is None
        assert told["refuse"] == "426-list"
        for version in (b"4", b"5", b"6", b"7", b"8", b"13"):
            assert answer(told, version).startswith(b"HTTP/1.1 101 ")
        assert b"\r\nSec-WebSocket-Version: 13, 8, 7, 6, 5, 4\r\n" in answer(told, b"14")


def test_it_says_at_its_start_what_is_taken() -> None:
    process = subprocess.Popen(
        [*PROGRAM, "lab", "--versions", "hixie-76,13", "--refuse", "silence"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    shown = b""
    while b"Ctrl-C stops it." not in shown:
        line = process.stdout.readline()
        assert line
        shown += line
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    expected = b"Taken: hixie-76, 13. Others get silence: Reads the request and never answers.\n"
    assert expected in shown
    assert b"other machines" not in shown


def test_a_manner_without_versions_to_refuse_is_said_to_do_little() -> None:
    process = subprocess.Popen(
        [*PROGRAM, "lab", "--json", "--refuse", "400-list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert b'"refuse": "400-list"' in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=60)[1]
    assert b"--refuse without --versions: every version that there was is taken" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--versions", "13,x"), "--versions 13,x: 'x' is neither a version value, 0 to 255, nor a dialect"),
        (("--versions", "300"), "'300' is neither"),
        (("--versions", ""), "--versions '': no version is named; a list is such as 13,8 or hixie-76"),
        (("--refuse", "politely"), "invalid choice: 'politely'"),
        (
            ("--host", "0.0.0.0"),
            "--host 0.0.0.0: the lab listens on loopback only, not on 0.0.0.0. "
            "--beyond-loopback allows it: other machines can then reach the lab.",
        ),
        (("--host", "192.0.2.1"), "the lab listens on loopback only"),
        (("--host", "example.com"), "--host example.com: 'example.com' is no IP address"),
        (("--beyond-loopback", "--host", "example.com"), "'example.com' is no IP address"),
    ],
)
def test_what_cannot_be_is_said_and_is_2(arguments: tuple[str, ...], words: str) -> None:
    done = run("lab", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_it_says_where_others_can_reach_it() -> None:
    assert at_start(Lab("0.0.0.0", beyond_loopback=True))[1:] == [
        "It listens on 0.0.0.0: other machines can reach it."
    ]
    assert at_start(Lab("127.0.0.2"))[1:] == []


def test_it_listens_where_it_is_told_to() -> None:
    with running("--host", "127.0.0.2", "--beyond-loopback") as told:
        assert told["host"] == "127.0.0.2"
        assert told["url"] == f"ws://127.0.0.2:{told['port']}"
        with socket.create_connection(("127.0.0.2", told["port"]), timeout=60) as sock:
            sock.sendall(request("/echo"))
            assert sock.recv(12) == b"HTTP/1.1 101"


@pytest.mark.parametrize("dialect", [dialect.name for dialect in DIALECTS])
def test_the_programs_own_client_converses_in_every_dialect(lab: LabProcess, dialect: str) -> None:
    done = run(
        "connect",
        lab.url(),
        "--dialect",
        dialect,
        "--send",
        "Hello",
        "--send",
        "ÄÖ",
        "--frames",
        "4",
        "--json",
    )
    assert (done.code, done.err) == (0, "")
    *frames, end = done.lines
    said = [(one["dir"], decoded(one["payload"]).decode()) for one in frames if one["opcode"] == 1]
    assert sorted(said) == [("in", "Hello"), ("in", "ÄÖ"), ("out", "Hello"), ("out", "ÄÖ")]
    assert [one["findings"] for one in frames] == [[]] * len(frames)
    assert end["dialect"] == dialect
    assert end["clean"] is True
