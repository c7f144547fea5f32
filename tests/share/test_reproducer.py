"""The script is run as a person runs it, and a server sees the very bytes that were recorded."""

import ast
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.command import run
from tests.cli.lab_process import LabProcess
from tests.present.recording import BINARY, CLOSE, MS, PING, TEXT
from tests.share.crafted import Handshaken
from wsinspector.capture import CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share import reproducer
from wsinspector.share.leaving import Leaving
from wsinspector.share.reproducer import script

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
COOKIE = b"sid=deadbeefcafe"
REQUEST = (
    b"GET /chat?x='\\\" HTTP/1.1\r\nHost: another.example\r\nupgrade:  websocket\r\nConnection: Upgrade\r\n"
    b"Cookie: " + COOKIE + b"\r\nX-Raw: \xff\x00 \xe2\x80\xae\r\n"
    b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + accept_for(KEY) + b"\r\n\r\n"
)


class Recorder:
    """A server that answers once and keeps all that it was sent."""

    def __init__(self, answer: bytes = ANSWER) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.seen = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        sock, _ = self._listener.accept()
        with sock:
            answered = False
            while data := sock.recv(65536):
                self.seen += data
                if not answered and b"\r\n\r\n" in self.seen:
                    answered = True
                    sock.sendall(self._answer)
                if b"THE END" in self.seen:
                    break

    def everything(self) -> bytes:
        self._thread.join(20)
        assert not self._thread.is_alive()
        self._listener.close()
        return self.seen


def text_of(path: Path, *, with_secrets: bool = False, numbers: list[int] | None = None) -> str:
    with CaptureReader(path) as reader:
        row = reader.conversations()[0]
        attempt = restored_attempts(reader, row.id)[-1]
        leaving = Leaving(
            reader,
            attempt.snapshot,
            attempt.options,
            conversation=row,
            numbers=numbers,
            with_secrets=with_secrets,
        )
        return "".join(script(leaving))


def finished(recording: Handshaken) -> Path:
    recording.end()
    recording.close()
    return recording.path


def ran(source: str, *arguments: str, **secrets: str) -> "subprocess.CompletedProcess[str]":
    """The script in an interpreter of its own, which sees nothing of this program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECRET_")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "again.py"
        path.write_text(source, encoding="ascii")
        return subprocess.run(
            [sys.executable, "-I", "-W", "error", str(path), *arguments],
            capture_output=True,
            text=True,
            timeout=40,
            check=False,
            env=kept | secrets,
        )


def raw(path: Path, direction: Direction = Direction.OUT) -> bytes:
    with CaptureReader(path) as reader:
        return reader.stream(1, direction, 0, 1 << 24)


def recorded(path: Path, port: int, **facts: Any) -> Handshaken:
    more = {"dialled": f"127.0.0.1:{port}", "url": "ws://another.example/chat"} | facts
    return Handshaken(path, REQUEST, ANSWER, more, cuts=[17])


def test_the_very_bytes_are_sent_again(tmp_path: Path) -> None:
    server = Recorder()
    recording = recorded(tmp_path / "a.wsi", server.port)
    recording.sent(TEXT, "grün".encode())
    recording.received(TEXT, b"not ours")
    recording.sent(BINARY, bytes(range(256)) * 300)
    recording.sent(PING, b"")
    recording.wire(Direction.OUT, b"no frame at all\xff\xfe")
    recording.wire(Direction.OUT, b"THE END")
    path = finished(recording)
    done = ran(text_of(path, with_secrets=True), "--fast")
    assert (done.returncode, done.stderr) == (0, "")
    assert "first line is as recorded: b'HTTP/1.1 101 Switching Protocols'" in done.stdout
    assert server.everything() == raw(path)


def test_secrets_come_from_the_environment_also_under_a_mask(tmp_path: Path) -> None:
    server = Recorder()
    recording = recorded(tmp_path / "a.wsi", server.port)
    recording.sent(TEXT, b"again: deadbeefcafe!")
    recording.wire(Direction.OUT, b"THE END")
    path = finished(recording)
    source = text_of(path)
    assert "deadbeefcafe" not in source
    assert re.search(r"'SECRET_1': \(16, False, ", source)
    assert re.search(r"'SECRET_2': \(12, True, ", source)

    nothing = ran(source, "--fast")
    assert nothing.returncode == 2
    assert "SECRET_1 is not set: 16 bytes" in nothing.stderr
    wrong = ran(source, "--fast", SECRET_1=COOKIE.decode(), SECRET_2="short")
    assert wrong.returncode == 2
    assert "SECRET_2 has 5 bytes and must have 12" in wrong.stderr

    done = ran(source, "--fast", SECRET_1=COOKIE.decode(), SECRET_2="deadbeefcafe")
    assert (done.returncode, done.stderr) == (0, "")
    assert server.everything() == raw(path), "the two that were refused connected to nothing"


def test_another_secret_goes_in_its_place_and_nothing_else_changes(tmp_path: Path) -> None:
    server = Recorder()
    recording = recorded(tmp_path / "a.wsi", server.port)
    recording.wire(Direction.OUT, b"THE END")
    path = finished(recording)
    assert ran(text_of(path), "--fast", SECRET_1="a longer one than was recorded").returncode == 0
    assert server.everything() == raw(path).replace(COOKIE, b"a longer one than was recorded")


def test_another_first_line_is_told(tmp_path: Path) -> None:
    server = Recorder(b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n")
    recording = recorded(tmp_path / "a.wsi", server.port)
    recording.wire(Direction.OUT, b"THE END")
    done = ran(text_of(finished(recording), with_secrets=True), "--fast")
    assert done.returncode == 1
    line = "recorded b'HTTP/1.1 101 Switching Protocols', now b'HTTP/1.1 426 Upgrade Required'"
    assert line in done.stdout
    server.everything()


def test_what_a_caught_client_sent_is_sent_to_us_again(tmp_path: Path) -> None:
    server = Recorder()
    facts = {"dialled": f"127.0.0.1:{server.port}", "client": "127.0.0.1:5", "url": "ws://another.example/"}
    recording = Handshaken(tmp_path / "a.wsi", REQUEST, ANSWER, facts, role=Role.SERVER)
    recording.received(TEXT, b"from the client")
    recording.sent(TEXT, b"ours")
    recording.wire(Direction.IN, b"THE END")
    path = finished(recording)
    assert ran(text_of(path, with_secrets=True), "--fast").returncode == 0
    assert server.everything() == raw(path, Direction.IN)


def test_pauses_are_recorded_and_only_the_chosen_frames_are_sent(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "a.wsi", 1)
    recording.sent(TEXT, b"one", after=250 * MS)
    recording.sent(TEXT, b"two", after=3000 * MS)
    path = finished(recording)
    whole = text_of(path, with_secrets=True)
    # From the write of the request's second part; its answer came a millisecond later.
    assert re.findall(r"^    \((\d+\.\d+), \[$", whole, re.M) == [
        "0.000000",
        "0.001000",
        "0.251000",
        "3.000000",
    ]
    assert "REQUEST_STEPS = 2\n" in whole
    steps = text_of(path, with_secrets=True, numbers=[2]).count("    ]),")
    assert steps == 3


def test_what_was_not_kept_ends_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reproducer, "MOST_BYTES", len(REQUEST) + 100)
    server = Recorder(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    recording = recorded(tmp_path / "a.wsi", server.port)
    recording.sent(TEXT, b"x" * 90)
    recording.sent(TEXT, b"y" * 90)
    path = finished(recording)
    done = ran(text_of(path, with_secrets=True), "--fast", "--wait", "0.1")
    assert f"Only the first {len(REQUEST) + 96} bytes that were sent are in this script." in done.stdout
    assert server.everything() == raw(path)[: len(REQUEST) + 96]


def test_no_server_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = ran(text_of(finished(recorded(tmp_path / "a.wsi", port)), with_secrets=True))
    assert done.returncode == 3
    assert done.stderr.startswith("No connection: ")


@pytest.mark.parametrize("kind", ["plain", "good"])
def test_a_conversation_with_the_lab_is_repeated(lab: LabProcess, tmp_path: Path, kind: str) -> None:
    trust = ["--ca-file", str(lab.authority)] if kind == "good" else []
    path = tmp_path / "a.wsi"
    run(
        "connect",
        lab.url("/echo", kind),
        *trust,
        "--send",
        "once more",
        "--frames",
        "2",
        "--capture",
        str(path),
    )
    source = text_of(path)
    done = ran(source, "--fast", *trust, "--wait", "10")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\x81\tonce more" in done.stdout
    if kind == "good":
        untrusted = ran(source, "--fast")
        assert untrusted.returncode == 3
        assert "CERTIFICATE_VERIFY_FAILED" in untrusted.stderr
        assert ran(source, "--fast", "--insecure", "--wait", "0.5").returncode == 0


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=120), st.text(max_size=30))
def test_any_bytes_are_a_script_of_python_3_8(request: bytes, frame: bytes, title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"ws://h.example/{title}"
        recording = Handshaken(Path(folder) / "a.wsi", request or b"x", ANSWER, {"url": url})
        recording.wire(Direction.OUT, frame)
        recording.sent(CLOSE, b"")
        path = finished(recording)
        source = text_of(path, with_secrets=True)
        expected = raw(path)
    tree = ast.parse(source, feature_version=(3, 8))
    steps = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "STEPS"
    )
    assert b"".join(part for _, parts in steps for part in parts) == expected
    assert source.isascii()
