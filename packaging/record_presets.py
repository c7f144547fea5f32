"""Record what real WebSocket clients send, into resources/presets/, one JSON file a client.

Every preset is the bytes of one opening handshake that the client named in it sent to a
loopback listener on the machine where this ran. A client that is not installed is left out
and said; nothing is written from memory.
"""

import base64
import datetime
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PRESETS = Path(__file__).parent.parent / "resources" / "presets"
PAGE = """<!doctype html><title>record</title><script>
new WebSocket('ws://' + location.host + '/chat')</script>"""
ANSWER_PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
)
REFUSAL = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

WINDOWLESS = "recorded without a window, which its User-Agent says"


@dataclass(frozen=True)
class Client:
    """A client to record: ``run(port, folder)`` gives the command that makes it connect."""

    key: str
    name: str
    program: str
    version: Callable[[], str]
    run: Callable[[int, Path], list[str]]
    note: str = ""


def output(*command: str) -> str:
    """First line with a version number in what ``command`` prints, or that number alone."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return found.group(0) if found else "unknown"


def python_code(code: str) -> Callable[[int, Path], list[str]]:
    return lambda port, _folder: [sys.executable, "-c", code.replace("PORT", str(port))]


def package_version(name: str) -> Callable[[], str]:
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    return lambda: output(sys.executable, "-c", code)


def chromium(port: int, folder: Path) -> list[str]:
    quiet = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
        "--disable-background-networking --disable-component-update"
    ).split()
    return ["chromium", *quiet, f"--user-data-dir={folder}", f"http://127.0.0.1:{port}/"]


def firefox(port: int, folder: Path) -> list[str]:
    return ["firefox-esr", "--headless", "--no-remote", "--profile", str(folder), f"http://127.0.0.1:{port}/"]


def node_ws(port: int, folder: Path) -> list[str]:
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "ws@8.23.0"],
        check=True,
        timeout=120,
    )
    code = f"new (require('{folder}/node_modules/ws'))('ws://127.0.0.1:{port}/chat').on('error', () => {{}})"
    return ["node", "-e", code]


def node_builtin(port: int, _folder: Path) -> list[str]:
    code = f"new WebSocket('ws://127.0.0.1:{port}/chat').onerror = () => {{}}"
    return ["node", "--experimental-websocket", "-e", code]


def gorilla(port: int, folder: Path) -> list[str]:
    (folder / "main.go").write_text(
        'package main\nimport "github.com/gorilla/websocket"\n'
        f'func main() {{ websocket.DefaultDialer.Dial("ws://127.0.0.1:{port}/chat", nil) }}\n'
    )
    gopath = "/usr/share/gocode"
    return [
        "env", "GO111MODULE=off", f"GOPATH={gopath}", f"GOCACHE={folder}/cache",
        "go", "run", f"{folder}/main.go",
    ]  # fmt: skip


def java(port: int, folder: Path) -> list[str]:
    (folder / "Dial.java").write_text(
        "import java.net.URI; import java.net.http.*;\n"
        "class Dial { public static void main(String[] a) { try { HttpClient.newHttpClient()"
        ".newWebSocketBuilder().buildAsync(URI.create("
        f'"ws://127.0.0.1:{port}/chat"), new WebSocket.Listener() {{}}).join(); '
        "} catch (Exception e) {} } }\n"
    )
    return ["java", str(folder / "Dial.java")]


CLIENTS = (
    Client("chromium", "Chromium", "chromium", lambda: output("chromium", "--version"), chromium, WINDOWLESS),
    Client("firefox", "Firefox ESR", "firefox-esr", lambda: output("firefox-esr", "--version"), firefox),
    Client("node-ws", "Node ws", "npm", lambda: "8.23.0", node_ws),
    Client(
        "node-undici", "Node built-in WebSocket", "node", lambda: output("node", "--version"), node_builtin,
    ),
    Client(
        "python-websockets", "Python websockets", sys.executable, package_version("websockets"),
        python_code(
            "from websockets.sync.client import connect\nconnect('ws://127.0.0.1:PORT/chat', proxy=None)"
        ),
    ),
    Client(
        "python-aiohttp", "Python aiohttp", sys.executable, package_version("aiohttp"),
        python_code(
            "import asyncio, aiohttp\n"
            "async def main():\n"
            "    async with aiohttp.ClientSession() as http:\n"
            "        await http.ws_connect('ws://127.0.0.1:PORT/chat')\n"
            "asyncio.run(main())"
        ),
    ),
    Client(
        "python-tornado", "Python tornado", sys.executable, package_version("tornado"),
        python_code(
            "import asyncio, tornado.websocket as w\n"
            "async def main():\n"
            "    await w.websocket_connect('ws://127.0.0.1:PORT/chat')\n"
            "asyncio.run(main())"
        ),
    ),
    Client(
        "go-gorilla", "Go gorilla/websocket", "go",
        lambda: output("dpkg-query", "-W", "-f=${Version}", "golang-github-gorilla-websocket-dev"), gorilla,
    ),
    Client("java-http-client", "Java HttpClient WebSocket", "java", lambda: output("java", "-version"), java),
    Client(
        "curl", "curl", "curl", lambda: output("curl", "--version"),
        lambda port, _folder: [
            "curl", "--silent", "--noproxy", "*", "--max-time", "5", "--http1.1",
            "-H", "Connection: Upgrade", "-H", "Upgrade: websocket",
            "-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            f"http://127.0.0.1:{port}/chat",
        ],
        "the four WebSocket headers were given with -H, as people do by hand",
    ),
)  # fmt: skip


def head_of(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65536:
        more = connection.recv(4096)
        if not more:
            break
        data += more
    return data


def record(client: Client) -> bytes | None:
    """Run ``client`` against a loopback listener; its upgrade request, or None in 60 s."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        server.settimeout(60)
        command = client.run(server.getsockname()[1], Path(folder))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(20):
                connection, _peer = server.accept()
                with connection:
                    connection.settimeout(5)
                    try:
                        data = head_of(connection)
                    except TimeoutError:
                        continue
                    if b"sec-websocket-" in data.lower():
                        connection.sendall(REFUSAL)
                        return data
                    connection.sendall(ANSWER_PAGE % (len(PAGE), PAGE.encode()))
        except TimeoutError:
            return None
        finally:
            process.terminate()
            threading.Timer(5, process.kill).start() if process.poll() is None else None
            process.wait(timeout=20)
    return None


def main(wanted: list[str]) -> int:
    """Record the named clients, or all; return 1 where one that is installed did not connect."""
    PRESETS.mkdir(parents=True, exist_ok=True)
    failed = 0
    for client in CLIENTS:
        if wanted and client.key not in wanted:
            continue
        if shutil.which(client.program) is None:
            print(f"{client.key}: not installed, left as it is")
            continue
        data = record(client)
        if data is None:
            print(f"{client.key}: did not connect")
            failed = 1
            continue
        preset = {
            "name": client.name,
            "version": client.version(),
            "recorded": datetime.date.today().isoformat(),
            "note": client.note,
            "request": base64.b64encode(data).decode(),
        }
        (PRESETS / f"{client.key}.json").write_text(json.dumps(preset, indent=2) + "\n")
        print(f"{client.key}: {preset['version']}, {len(data)} bytes")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
