"""Real programs as peers: start one, learn its port, end it by ending its standard input."""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.cli.command import run

PEERS = Path(__file__).parent / "peers"
STARTING = 30.0  # seconds until a server has said its port
TALKING = 40.0  # seconds a client has for one conversation

PYTHON_PEERS = ("websockets", "aiohttp", "tornado", "uvicorn")
_NETTY = ":".join(
    f"/usr/share/java/netty-{part}.jar"
    for part in ("buffer", "codec", "codec-http", "common", "handler", "resolver", "transport")
)
_OWN_PYTHON = str(PEERS / ".venv" / "bin" / "python")
SERVERS: dict[str, list[str]] = {
    **{name: [sys.executable, str(PEERS / "py_server.py"), name] for name in PYTHON_PEERS},
    **{
        name: [_OWN_PYTHON, "-W", "ignore", str(PEERS / "green_server.py"), name]
        for name in ("eventlet", "gevent-websocket")
    },
    "autobahn": [_OWN_PYTHON, "-W", "ignore", str(PEERS / "autobahn_server.py")],
    "ws": ["node", str(PEERS / "ws_server.js")],
    **{
        name: ["node", "--no-deprecation", str(PEERS / "npm_server.js"), name]
        for name in ("ws-0.4", "websocket", "faye-websocket")
    },
    "em-websocket": ["ruby", str(PEERS / "em_server.rb")],
    **{name: [str(PEERS / ".go" / "server"), name] for name in ("gorilla", "x-net", "x-net-handler")},
    "netty": ["java", "-cp", _NETTY, str(PEERS / "NettyServer.java")],
}

_PYTHON2 = PEERS / ".python2"
CLIENTS: dict[str, list[str]] = {
    "websocket.gem": ["ruby", str(PEERS / "gem_client.rb")],
    "Protocol::WebSocket": ["perl", str(PEERS / "perl_client.pl")],
    "netty": ["java", "-Dfile.encoding=UTF-8", "-cp", _NETTY, str(PEERS / "NettyClient.java")],
    "autobahn": [_OWN_PYTHON, "-W", "ignore", str(PEERS / "autobahn_client.py")],
    "websocket-client": ["jython", str(PEERS / "jython_client.py"), str(_PYTHON2 / "websocket-client-0.4.1")],
    **{
        name: ["node", "--no-deprecation", str(PEERS / "npm_client.js"), name]
        for name in ("ws", "ws-0.4", "websocket", "faye-websocket")
    },
}


@contextlib.contextmanager
def peer(name: str) -> Iterator[str]:
    """Run the server ``name``; its ws URL."""
    with subprocess.Popen(
        SERVERS[name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            said, _, _ = select.select([process.stdout], [], [], STARTING)
            assert said, f"{name} said no port within {STARTING:g} s"
            yield f"ws://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
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


def client(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the client ``name`` to its end; what it says is in ``stdout``, a line for each thing."""
    return _run([*CLIENTS[name], *arguments], TALKING)


def pywebsocket(url: str, version: str, message: str) -> subprocess.CompletedProcess[str]:
    """Run pywebsocket's own echo client: it fails unless each part of ``message`` comes back."""
    host, port = url.removeprefix("ws://").split("/")[0].split(":")
    folder = _PYTHON2 / "mod_pywebsocket-0.7.9"
    path = "/" + url.removeprefix("ws://").split("/", 1)[1]
    return _run(
        [
            *("jython", str(folder / "example" / "echo_client.py")),
            *("--server-host", host, "--server-port", port, "--resource", path),
            *("--origin", "http://example.com", "--protocol-version", version, "--message", message),
        ],
        TALKING,
        {"JYTHONPATH": str(folder)},
    )


def wsinspector(*arguments: str, timeout: float = 50) -> subprocess.CompletedProcess[str]:
    """Run the program's command line."""
    return _run([sys.executable, "-m", "wsinspector", *arguments], timeout, {"QT_QPA_PLATFORM": "offscreen"})


def _run(
    command: list[str], timeout: float, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def handshake(url: str, *arguments: str) -> dict[str, Any]:
    """One handshake as JSON."""
    return run("handshake", url, "--json", *arguments).json


def frames(url: str, *arguments: str) -> list[dict[str, Any]]:
    """One connection; its frames as JSON, the line on how it ended left out."""
    lines = run("connect", url, "--json", *arguments).lines
    return [line for line in lines if "opcode" in line]
