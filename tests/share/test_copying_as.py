"""A request copied for another tool says the same there, and what it cannot say is said."""

import ast
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wsinspector.conversation.options import Options
from wsinspector.share.copying_as import KINDS, copied_as
from wsinspector.share.copying_as.shells import word

PLAIN = (
    b"GET /chat?room=1 HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
RICH = PLAIN.replace(
    b"\r\n\r\n",
    b"\r\nOrigin: http://page.example\r\nUser-Agent: it's me\r\nX-Two: a\r\nX-Two: b\r\n"
    b"X-Empty: \r\nSec-WebSocket-Protocol: chat, super\r\n\r\n",
)
REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port on loopback, and the heads of the requests that reached it: each is refused."""
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    head = b""
                    while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
                        head += more
                    heads.append(head)
                    connection.sendall(REFUSAL)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heads
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def text(name: str, request: bytes, *, url: str = "ws://h.example/chat?room=1", **given: object) -> str:
    return copied_as(name, url, request, Options(**given)).text  # type: ignore[arg-type]


def without(name: str, request: bytes, **given: object) -> tuple[str, ...]:
    return copied_as(name, "ws://h.example/chat?room=1", request, Options(**given)).without  # type: ignore[arg-type]


def asking(request: bytes, port: int) -> tuple[str, bytes]:
    host = f"127.0.0.1:{port}"
    return f"ws://{host}/chat?room=1", request % host.encode()


def lines(head: bytes) -> list[bytes]:
    """Its header lines without the key, which a client draws."""
    found = head.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return [line for line in found if not line.lower().startswith(b"sec-websocket-key:")]


@pytest.mark.interop
@pytest.mark.parametrize(
    "request_bytes",
    [
        PLAIN,
        RICH,
        PLAIN.replace(b": 13", b": 13\r\nSec-WebSocket-Version: 8"),
        PLAIN.replace(b"Sec-WebSocket-Version: 13\r\n", b""),
        PLAIN.replace(b"Version: 13", b"Version: \xe4\x01"),
        PLAIN.replace(b"GET /chat?room=1", b"POST /a/../b[1-3]{x}"),
        PLAIN.replace(b"Upgrade: websocket", b"uPGRADE: WebSocket"),
        PLAIN.replace(b"GET /chat?room=1", b"GET /\xc3\xbc|`<\"?\xe4^'\\"),
    ],
    ids=["plain", "rich", "two versions", "no version", "odd bytes", "odd start", "odd case", "odd target"],
)
def test_curl_sends_the_very_bytes(request_bytes: bytes) -> None:
    assert shutil.which("curl"), "curl is among the peers"
    with listening() as (port, heads):
        url, request = asking(request_bytes, port)
        command = copied_as("curl", url, request, Options()).text
        done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=40, check=False)
    assert b"400 Bad Request" in done.stdout, done.stderr
    assert heads == [request.replace(b"X-Empty: ", b"X-Empty:")]  # so it is said


@pytest.mark.interop
def test_node_opens_as_the_request_does() -> None:
    peers = Path(__file__).parent.parent / "interop" / "peers"
    with listening() as (port, heads):
        url, request = asking(RICH.replace(b"Version: 13", b"Version: 8"), port)
        made = copied_as("node", url, request, Options())
        environment = os.environ | {"NODE_PATH": str(peers / "node_modules")}
        done = subprocess.run(
            ["node", "-e", made.text], capture_output=True, timeout=40, env=environment, check=False
        )
    assert b"400" in done.stdout, done.stderr
    (head,) = heads
    assert sorted(map(bytes.lower, lines(head))) == sorted(
        line.lower().replace(b"origin:", b"sec-websocket-origin:").replace(b"chat, super", b"chat,super")
        for line in lines(request)
    )


def test_the_python_program_opens_as_the_request_does() -> None:
    with listening() as (port, heads):
        url, request = asking(RICH, port)
        made = copied_as("python", url, request, Options())
        done = subprocess.run([sys.executable, "-c", made.text], capture_output=True, timeout=40, check=False)
    assert b"HTTP 400" in done.stderr
    (head,) = heads
    assert head.startswith(b"GET /chat?room=1 HTTP/1.1\r\n")
    assert sorted(line.lower().replace(b"x-empty: ", b"x-empty:") for line in lines(request)) == sorted(
        line.lower().replace(b"x-empty: ", b"x-empty:") for line in lines(head)
    )
    assert made.without == ("The order of the lines, and their letter case.",)


def test_the_python_program_dials_elsewhere() -> None:
    with listening() as (port, heads):
        made = copied_as(
            "python",
            "ws://far.example/",
            PLAIN % b"far.example",
            Options(connect_to=f"127.0.0.1:{port}"),
        )
        subprocess.run([sys.executable, "-c", made.text], capture_output=True, timeout=40, check=False)
    assert b"\r\nHost: far.example\r\n" in heads[0]


@pytest.mark.parametrize("secure", [False, True])
def test_bare_bytes_are_the_bytes(secure: bool) -> None:
    scheme = "wss" if secure else "ws"
    made = text("raw", b"no\0head'%\\\xff", url=f"{scheme}://[::1]:99/", sni="other.example", verify=False)
    sent = made.partition("{ ")[2].partition(";")[0]
    assert subprocess.run(["sh", "-c", sent], capture_output=True, check=True).stdout == b"no\0head'%\\\xff"
    expected = (
        "openssl s_client -quiet -connect '[::1]:99' -servername other.example" if secure else "nc ::1 99"
    )
    assert made.endswith(f"| {expected}")


WORDS = st.binary(max_size=30).map(lambda data: data.replace(b"\0", b"").rstrip(b"\n"))


@settings(max_examples=12, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=40))
@example([b"it's", b"\xff\n'", b'$(x)`\\%s"', "Grüße".encode(), b"", b"-n", b"\ta"])
def test_every_word_reaches_a_program_as_its_bytes(words: list[bytes]) -> None:
    quoted = " ".join(word(each) for each in words)
    program = f"for each in {quoted}; do printf '%s\\0' \"$each\"; done"
    done = subprocess.run(["sh", "-c", program], capture_output=True, check=True)
    assert done.stdout.split(b"\0")[:-1] == words


def test_commands_of_clients_that_write_the_handshake_themselves() -> None:
    request = RICH % b"h.example"
    assert text("websocat", request) == (
        "websocat --header='X-Two: a' --header='X-Two: b' --header='X-Empty: ' "
        "--header='User-Agent: it'\\''s me' --origin=http://page.example --protocol='chat, super' "
        "'ws://h.example/chat?room=1'"
    )
    assert text("wscat", request.replace(b"Version: 13", b"Version: 8")) == (
        "wscat --protocol 8 --header X-Two:a --header X-Two:b --header X-Empty: "
        "--header 'User-Agent:it'\\''s me' --origin http://page.example --subprotocol chat "
        "--subprotocol super --connect 'ws://h.example/chat?room=1'"
    )
    assert text("browser", request).startswith(
        'const socket = new WebSocket("ws://h.example/chat?room=1", ["chat", "super"]);\n'
    )


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("python", (b"Version: 13", b"Version: 99"), "Version “99”: this client always says 13."),
        ("wscat", (b"Version: 13", b"Version: 99"), "Version “99”: this client always says 13."),
        ("websocat", (b"Version: 13", b"Version: 8\r\nSec-WebSocket-Version: 13"), "2 version lines"),
        ("node", (b"Sec-WebSocket-Version: 13\r\n", b""), "no Sec-WebSocket-Version"),
        ("python", (b"Upgrade: websocket", b"Upgrade: h2c"), "Upgrade and Connection"),
        ("websocat", (b"dGhlIHNhbXBsZSBub25jZQ==", b"short"), "The key"),
        ("browser", (b"\r\n\r\n", b"\r\nX-One: 1\r\nCookie: a=b\r\n\r\n"), "X-One, Cookie"),
        ("wscat", (b"GET", b"POST"), "POST"),
        ("wscat", (b"\r\n\r\n", b"\r\nX-One: \xff\r\n\r\n"), "no text: X-One"),
        ("curl", (b"\r\n\r\n", b"\n\r\n"), "line endings"),
        ("curl", (b"\r\n\r\n", b"\r\nX-Empty: \r\n\r\n"), "empty value"),
        ("curl", (b"\r\n\r\n", b"\r\n\r\n12345678"), "8 bytes behind the head"),
        ("wscat", (b"h.example", b"other.example"), "Host"),
        ("wscat", (b"/chat", b"/a/../b"), "The target “/a/../b?room=1”: this client sends “/b?room=1”."),
        ("websocat", (b"room=1", b"q='"), "sends “/chat?q=%27”"),
        ("browser", (b"/chat", b"/a\\%2E"), "sends “/a/?room=1”"),
        ("python", (b"room=1", b""), "sends “/chat”"),
        ("node", (b"room=1", b"a#b"), "this client refuses it, and sends nothing"),
        ("python", (b"room=1", b"a#b"), "this client refuses it, and sends nothing"),
        ("python", (b"/chat", "/ü".encode()), "sends “/%C3%BC?room=1”"),
    ],
)
def test_what_a_client_cannot_be_told_is_said(name: str, change: tuple[bytes, bytes], said: str) -> None:
    request = (PLAIN % b"h.example").replace(*change, 1)
    assert [each for each in without(name, request) if said in each], without(name, request)
    assert not [each for each in without(name, PLAIN % b"h.example") if said in each]
    assert without("raw", request) == ()


@pytest.mark.parametrize(("name", "offers"), [("wscat", True), ("browser", True), ("node", False)])
def test_a_client_that_offers_compression_by_itself_is_told_of(name: str, offers: bool) -> None:
    said = "this client offers permessage-deflate"
    assert any(said in each for each in without(name, PLAIN % b"h.example")) is offers


TARGETS = [
    b"/chat?room=1", b"/a/../b?q='", b"/a/%2e%2E/b", b"/x/./", b"/..", b"/a//..", b"/a?x#y", b"/%zz?%zz",
    b'/a"<>`{}|b?"<>`{}|', "/ü?ü".encode(), b"/?", b"/a\\b?c\\d",
]  # fmt: skip


@pytest.mark.interop
@pytest.mark.parametrize("name", ["node", "python"])
def test_what_is_said_of_a_target_is_what_the_client_sends(name: str) -> None:
    peers = Path(__file__).parent.parent / "interop" / "peers"
    environment = os.environ | {"NODE_PATH": str(peers / "node_modules")}
    program = ["node", "-e"] if name == "node" else [sys.executable, "-c"]
    kind = next(each for each in KINDS if each.name == name)
    with listening() as (port, heads):
        for target in TARGETS:
            url, request = asking(PLAIN.replace(b"/chat?room=1", target.replace(b"%", b"%%")), port)
            made = copied_as(name, url, request, Options())
            subprocess.run(
                [*program, made.text], capture_output=True, timeout=40, env=environment, check=False
            )
            sent = heads.pop().split(b" ")[1] if heads else b""
            if not sent:  # it refuses to send such a one
                assert b"#" in target
                continue
            assert sent == kind.written(target), target
            assert any("The target" in each for each in made.without) is (sent != target)


def test_options_that_a_client_has_no_word_for_are_said() -> None:
    given = Options(sni="x.example", ca_file="/ca.pem", verify=False, connect_to="1.2.3.4:5")
    made = copied_as("websocat", "wss://h.example/", PLAIN % b"h.example", given)
    assert "--insecure" in made.text
    for part in ("1.2.3.4:5", "SNI", "authorities"):
        assert [each for each in made.without if part in each]
    assert copied_as("curl", "wss://h.example/", PLAIN % b"h.example", given).text.endswith(
        "--connect-to h.example:443:1.2.3.4:5 --insecure --cacert /ca.pem 'https://h.example/chat?room=1'"
    )


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_secrets_are_left_out_unless_asked_for(name: str) -> None:
    secrets = b"\r\nAuthorization: Bearer abc.def\r\nCookie: sid=topsecret\r\n\r\n"
    request = PLAIN.replace(b"room=1", b"token=tok123").replace(b"\r\n\r\n", secrets) % b"h.example"
    url = "ws://h.example/chat?token=tok123"
    safe = copied_as(name, url, request, Options())
    for secret in ("abc.def", "topsecret", "tok123"):
        assert secret not in safe.text
    assert safe.hidden
    told = copied_as(name, url, request, Options(), with_secrets=True)
    assert "tok123" in told.text
    assert not told.hidden


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
@settings(max_examples=40, deadline=None)
@given(
    request=st.binary(max_size=120) | st.binary(max_size=40).map(lambda data: RICH % data),
    url=st.text(max_size=30),
)
def test_any_bytes_and_any_address_are_copied_without_failing(name: str, request: bytes, url: str) -> None:
    made = copied_as(name, url, request, Options())
    assert made.text or made.without
    if name == "python" and made.text:
        ast.parse(made.text)


def test_another_name_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError):
        copied_as("telnet", "ws://h/", b"", Options())
