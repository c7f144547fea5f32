"""The command ``connect`` as a process against the lab as a process."""

import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import PROGRAM, Done, decoded, run
from tests.cli.lab_process import LabProcess
from wsinspector.capture.reader import CaptureReader
from wsinspector.lab import content

FRAME_KEYS = ["no", "dir", "at", "fin", "rsv", "opcode", "name", "masked", "key", "length"]
FRAME_KEYS += ["payload", "wire", "findings"]


def connect(url: str, *arguments: str) -> Done:
    return run("connect", url, "--json", *arguments)


def frames(done: Done) -> list[dict[str, Any]]:
    return [line for line in done.lines if "no" in line]


def last(done: Done) -> dict[str, Any]:
    return done.lines[-1]


def coming(done: Done) -> list[tuple[int, bytes]]:
    """Opcode and payload of what the peer sent."""
    return [(one["opcode"], decoded(one["payload"])) for one in frames(done) if one["dir"] == "in"]


def rules(done: Done) -> list[str]:
    return [finding["rule"] for one in frames(done) for finding in one["findings"]]


def test_what_is_sent_leaves_in_the_order_given_and_comes_back(lab: LabProcess) -> None:
    done = connect(
        lab.url(), "--send", "héllo", "--ping", "--send-hex", "00 ff", "--send", "", "--frames", "8"
    )
    assert done.code == 0
    shown = frames(done)
    assert [one["no"] for one in shown] == list(range(1, len(shown) + 1))
    assert all(list(one) == FRAME_KEYS for one in shown)
    sent = [(one["opcode"], decoded(one["payload"])) for one in shown if one["dir"] == "out"]
    wanted = [(1, "héllo".encode()), (9, b""), (2, b"\x00\xff"), (1, b"")]
    assert sent[:4] == wanted
    answers = [(10 if opcode == 9 else opcode, payload) for opcode, payload in wanted]
    assert coming(done)[:4] == answers
    assert all(one["masked"] and len(one["key"]) == 8 for one in shown if one["dir"] == "out")
    assert all(not one["masked"] and one["key"] is None for one in shown if one["dir"] == "in")
    assert [one["at"] for one in shown] == sorted(one["at"] for one in shown)
    assert all(0 < one["at"] < 50 for one in shown)


def test_the_last_line_says_how_it_ended(lab: LabProcess) -> None:
    end = last(connect(lab.url(), "--send", "x", "--frames", "2"))
    assert end["ended"].startswith("Closed by us cleanly with 1000")
    assert (end["outcome"], end["status"], end["by"], end["clean"], end["code"]) == (
        "open", 101, "us", True, 1000,
    )  # fmt: skip
    assert (end["frames_in"], end["frames_out"]) == (2, 2)


def test_output_that_is_no_terminal_is_json_lines_without_asking(lab: LabProcess) -> None:
    done = run("connect", lab.url(), "--send", "x", "--frames", "2")
    assert "ended" in done.lines[-1]


@pytest.mark.parametrize(
    ("path", "outcome", "code"),
    [
        ("/wrong-accept", "failed", 1),
        ("/no-accept", "failed", 1),
        ("/426-list", "refused", 1),
        ("/garbage", "not-http", 1),
        ("/close", "closed", 1),
        ("/silence", "no-answer", 1),
        ("/echo", "open", 0),
    ],
)
@pytest.mark.parametrize("policy", ["tolerant", "conforming", "watch"])
def test_the_outcome_does_not_depend_on_the_policy(
    lab: LabProcess, path: str, outcome: str, code: int, policy: str
) -> None:
    done = connect(lab.url(path), "--policy", policy, "--for", "0.5", "--timeout", "0.4")
    assert (last(done)["outcome"], done.code) == (outcome, code)


def test_tolerant_goes_on_to_frames_after_a_wrong_accept_and_conforming_does_not(lab: LabProcess) -> None:
    tolerant = connect(lab.url("/wrong-accept"), "--send", "on", "--frames", "2")
    assert (1, b"on") in coming(tolerant)
    conforming = connect(lab.url("/wrong-accept"), "--send", "on", "--policy", "conforming", "--for", "5")
    assert frames(conforming) == []


@pytest.mark.parametrize(
    ("path", "rule", "code"),
    [
        ("/masked", "masked", 1002),
        ("/reserved-opcode", "reserved-opcode", 1002),
        ("/bad-utf8", "bad-utf8", 1007),
        ("/forbidden-close-code", "close-code-forbidden", 1002),
        ("/frame-2-63?every=5", "length-top-bit", 1002),
    ],
)
def test_each_fault_is_found_and_a_conforming_client_stops_there(
    lab: LabProcess, path: str, rule: str, code: int
) -> None:
    tolerant = connect(lab.url(path), "--for", "0.4")
    assert rule in rules(tolerant)
    assert last(tolerant)["conforming_stops"]["code"] == code
    conforming = connect(lab.url(path), "--policy", "conforming", "--for", "20")
    assert rule in rules(conforming)
    sent = [decoded(one["payload"])[:2] for one in frames(conforming) if one["dir"] == "out"]
    assert sent == [code.to_bytes(2, "big")]
    assert conforming.code == 0  # it had opened


@pytest.mark.parametrize("policy", ["tolerant", "conforming"])
@pytest.mark.parametrize("path", ["/forbidden-close-code", "/masked"])
def test_we_send_nothing_after_a_close_frame_of_ours(lab: LabProcess, path: str, policy: str) -> None:
    done = connect(lab.url(path), "--policy", policy, "--send", "hi", "--ping", "--for", "0.4")
    ours = [one for one in frames(done) if one["dir"] == "out"]
    assert ours[-1]["opcode"] == 8
    assert all(one["findings"] == [] for one in ours)


def test_no_frame_of_a_busy_connection_is_lost(lab: LabProcess) -> None:
    done = connect(lab.url("/pings?every=0&count=3000"), "--frames", "300", "--policy", "watch")
    seen = frames(done)
    assert [one["no"] for one in seen] == list(range(1, len(seen) + 1))
    assert last(done)["frames_in"] + last(done)["frames_out"] == len(seen)
    assert (done.code, done.err, last(done)["clean"]) == (0, "", True)


def test_watching_answers_the_peers_close_when_the_time_is_up(lab: LabProcess) -> None:
    done = connect(lab.url("/forbidden-close-code"), "--policy", "watch", "--for", "0.2")
    assert [(one["dir"], one["opcode"]) for one in frames(done)] == [("in", 8), ("out", 8)]
    assert last(done)["clean"]


def test_only_watching_answers_nothing(lab: LabProcess) -> None:
    done = connect(lab.url("/pings?every=0&count=3"), "--policy", "watch", "--frames", "3")
    assert coming(done)[:3] == [(9, b"lab 1"), (9, b"lab 2"), (9, b"lab 3")]
    assert [one["opcode"] for one in frames(done) if one["dir"] == "out"] == [8]
    tolerant = connect(lab.url("/pings?every=0&count=3"), "--frames", "6")
    assert [one["opcode"] for one in frames(tolerant) if one["dir"] == "out"][:3] == [10, 10, 10]


def test_binary_payloads_are_told_whole(lab: LabProcess) -> None:
    done = connect(lab.url("/binary"), "--frames", str(len(content.EDGES) + 1))
    assert [payload for _, payload in coming(done)[: len(content.EDGES)]] == [
        content.pattern(size) for size in content.EDGES
    ]


def test_fragments_keep_their_opcodes_and_fin(lab: LabProcess) -> None:
    done = connect(lab.url("/fragments"), "--frames", "6")
    shown = [(one["opcode"], one["fin"]) for one in frames(done) if one["dir"] == "in"][:6]
    assert shown == [(1, False), (0, True), (1, False), (9, True), (0, False), (0, True)]


def test_deflate_is_offered_only_when_asked(lab: LabProcess) -> None:
    plain = connect(lab.url("/chat?every=0&count=2"), "--frames", "6")
    assert {one["rsv"] for one in frames(plain)} == {0}
    deflated = connect(lab.url("/chat?every=0&count=2"), "--offer-deflate", "--frames", "6")
    assert [one["rsv"] for one in frames(deflated) if one["opcode"] == 1 and one["fin"]] == [4, 4]
    assert rules(deflated) == []


def test_echo_sends_messages_back(lab: LabProcess) -> None:
    done = connect(lab.url("/chat?count=1"), "--echo", "--frames", "9")
    sent = [
        decoded(one["payload"]) for one in frames(done) if one["dir"] == "out" and one["opcode"] in (1, 2)
    ]
    assert sent[0] == content.history("blue")
    assert sent[1] == content.picture()


def test_an_end_without_a_close_frame_is_told(lab: LabProcess) -> None:
    end = last(connect(lab.url("/idle?seconds=0.3")))
    assert (end["how"], end["by"], end["code"], end["clean"]) == ("fin", "peer", 1006, False)
    assert end["ended"].startswith("Ended by the peer without a Close frame (1006)")
    assert end["silence"] > 0.2


def test_a_capture_keeps_the_conversation(lab: LabProcess, tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    file = folder / "kept.wsi"
    for attempt in (1, 2):
        done = connect(lab.url(), "--send", "kept", "--frames", "2", "--capture", str(file))
        assert done.code == 0
        with CaptureReader(file) as reader:
            rows = reader.attempts()
            assert len(rows) == attempt
            assert reader.frame_count(rows[-1].id) == 4
    assert [path.name for path in folder.iterdir()] == ["kept.wsi"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody can write into")
def test_a_capture_that_cannot_be_made_is_a_wrong_argument(lab: LabProcess) -> None:
    done = connect(lab.url("/echo"), "--send", "hello", "--frames", "2", "--capture", "/proc/self/talk.wsi")
    assert (done.code, done.out) == (2, "")
    assert "wsinspector connect: The capture talk.wsi cannot be written: " in done.err


def test_a_capture_in_the_place_of_a_folder_is_a_wrong_argument(tmp_path: Path) -> None:
    done = connect("ws://127.0.0.1:1/", "--capture", str(tmp_path))
    assert (done.code, done.err) == (2, f"wsinspector connect: --capture {tmp_path}: not a file.\n")


def test_a_capture_that_is_none_is_left_alone(lab: LabProcess, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("not a capture")
    done = connect(lab.url(), "--capture", str(file), "--for", "1")
    assert (done.code, done.out) == (2, "")
    assert file.read_text() == "not a capture"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--frames", "0"),
        ("--frames", "x"),
        ("--for", "-1"),
        ("--send-hex", "0"),
        ("--send-hex", "zz"),
        ("--policy", "lenient"),
        ("--capture", "/no/such/folder/x.wsi"),
        ("--raw", "-", "--offer-deflate"),
    ],
)
def test_wrong_arguments_are_2(arguments: tuple[str, ...]) -> None:
    done = run("connect", "ws://127.0.0.1:1/", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err != ""


def test_no_one_listening_is_3() -> None:
    done = connect("ws://127.0.0.1:1/")
    assert done.code == 3
    assert last(done)["outcome"] == "network-error"
    assert last(done)["ended"] == "It did not open."


def test_over_tls(lab: LabProcess) -> None:
    url = lab.url(kind="good")
    done = connect(url, "--ca-file", str(lab.authority), "--send", "over TLS", "--frames", "2")
    assert coming(done)[0] == (1, b"over TLS")


def test_the_peer_made_with_websockets_echoes_and_closes(lab: LabProcess) -> None:
    done = connect(
        lab.url("/", kind="peer"), "--offer-deflate", "--send", "to the peer", "--ping", "--frames", "4"
    )
    # Its pong may overtake its echo: they come from two tasks.
    assert sorted(opcode for opcode, _ in coming(done)) == [1, 8, 10]
    assert last(done)["clean"] is True


def test_ctrl_c_closes_in_order_and_leaves_no_traceback(lab: LabProcess) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "connect", lab.url(), "--send", "ready"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out.splitlines()[-1])["ended"].startswith("Closed by us cleanly with 1000")


def test_a_reader_that_goes_away_ends_it_quietly(lab: LabProcess) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "connect", lab.url("/pings?every=1")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


class Terminal:
    """A program on a pseudo-terminal."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def until(self, met: Callable[[str], bool]) -> None:
        """Read what is shown until it is as wanted; fails where the program ends before."""
        while not met(self.shown):
            ready, _, _ = select.select([self._ours], [], [], 20)
            assert ready, self.shown
            try:
                data = os.read(self._ours, 4096)
            except OSError:  # Linux: the other side was closed
                data = b""
            assert data or met(self.shown), self.shown
            self.shown += data.decode()

    def leave(self) -> int:
        code = self.process.wait(timeout=60)
        try:
            while data := os.read(self._ours, 4096):
                self.shown += data.decode()
        except OSError:
            pass
        os.close(self._ours)
        return code


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_a_line_sends_and_ctrl_d_closes(lab: LabProcess) -> None:
    terminal = Terminal("connect", lab.url())
    terminal.until(lambda shown: "A line sends a text" in shown)
    terminal.type("hello there\n")
    terminal.until(lambda shown: "↓ text" in shown and shown.count("hello there") >= 3)
    terminal.type("\x04")
    terminal.until(lambda shown: "Closed by us cleanly with 1000" in shown)
    assert terminal.leave() == 0
    assert "Traceback" not in terminal.shown
    assert "open: 101 Switching Protocols" in terminal.shown


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_the_peer_may_end_while_we_type(lab: LabProcess) -> None:
    terminal = Terminal("connect", lab.url("/idle?seconds=0.5"))
    terminal.until(lambda shown: "without a Close frame (1006)" in shown)
    assert terminal.leave() == 0
    assert "Traceback" not in terminal.shown


@pytest.mark.parametrize("command", ["handshake", "connect"])
def test_ctrl_c_before_an_answer_is_1_and_leaves_no_traceback(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
        process = subprocess.Popen(
            [*PROGRAM, command, url, "--json", "--timeout", "40"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.recv(4096).startswith(b"GET / ")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, b"")
    assert json.loads(out.splitlines()[-1])["outcome"] == "no-answer"
