"""Real programs as peers: start one, learn its port, end it by ending its standard input."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PEERS = Path(__file__).parent / "peers"
PYTHON_PEERS = ("websockets", "aiohttp", "tornado", "uvicorn")
COMMANDS: dict[str, list[str]] = {
    **{name: [sys.executable, str(PEERS / "py_server.py"), name] for name in PYTHON_PEERS},
    "ws": ["node", str(PEERS / "ws_server.js")],
    "em-websocket": ["ruby", str(PEERS / "em_server.rb")],
}


@contextlib.contextmanager
def peer(name: str) -> Iterator[str]:
    """Run the server ``name``; its ws URL."""
    with subprocess.Popen(
        COMMANDS[name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            yield f"ws://127.0.0.1:{port}/"
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


@contextlib.contextmanager
def lab() -> Iterator[dict[str, str]]:
    """Run the program's own lab; its scenarios' URLs by path."""
    with subprocess.Popen(
        [sys.executable, "-m", "wsinspector", "lab", "--json"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            facts = json.loads(process.stdout.readline())
            yield {scenario["path"]: scenario["url"] for scenario in facts["scenarios"]}
        finally:
            process.terminate()
            process.wait(timeout=10)


def wsinspector(*arguments: str, timeout: float = 50) -> subprocess.CompletedProcess[str]:
    """Run the program's command line."""
    return subprocess.run(
        [sys.executable, "-m", "wsinspector", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def handshake(url: str, *arguments: str) -> dict[str, Any]:
    """One handshake as JSON."""
    done = wsinspector("handshake", url, "--json", *arguments)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def frames(url: str, *arguments: str) -> list[dict[str, Any]]:
    """One connection; its frames as JSON, the line on how it ended left out."""
    done = wsinspector("connect", url, "--json", *arguments)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line for line in lines if "opcode" in line]
