"""The command ``handshake`` as a process against the lab as a process."""

import json
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, decoded, handshake, run
from tests.cli.lab_process import LabProcess
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.protocol.head_reader import parse_request

EXPECTED: dict[str, tuple[str, int | None, int]] = {
    # path: outcome, status, exit code
    "/echo": ("open", 101, 0),
    "/chat": ("open", 101, 0),
    "/binary": ("open", 101, 0),
    "/pings": ("open", 101, 0),
    "/fragments": ("open", 101, 0),
    "/mirror": ("refused", 200, 1),
    "/426-list": ("refused", 426, 1),
    "/426-no-list": ("refused", 426, 1),
    "/400-two-lines": ("refused", 400, 1),
    "/400-html": ("refused", 400, 1),
    "/wrong-accept": ("failed", 101, 1),
    "/no-accept": ("failed", 101, 1),
    "/any-version": ("open", 101, 0),
    "/claims-13-takes-8": ("refused", 426, 1),
    **{
        f"/versions/8,7/{status}-{form}": ("refused", status, 1)
        for status in (426, 400)
        for form in (
            "list",
            "list-no-space",
            "ascending",
            "ascending-no-space",
            "two-lines",
            "no-list",
            "list-lies",
        )
        if (status, form) not in ((426, "list"), (400, "two-lines"))
    },
    "/versions/8,7/silence": ("no-answer", None, 1),
    "/versions/8,7/hixie-when-absent": ("refused", 426, 1),
    "/silence": ("no-answer", None, 1),
    "/close": ("closed", None, 1),
    "/reset": ("closed", None, 1),
    "/half-head": ("no-answer", 101, 1),
    "/length-lies": ("refused", 400, 1),
    "/keeps-open": ("refused", 400, 1),
    "/slow-head": ("open", 101, 0),
    "/early-hints": ("open", 101, 0),
    "/http-1.0": ("refused", 200, 1),
    "/redirect": ("refused", 302, 1),
    "/garbage": ("not-http", None, 1),
    "/tls-record": ("not-http", None, 1),
    "/masked": ("open", 101, 0),
    "/reserved-opcode": ("open", 101, 0),
    "/bad-utf8": ("open", 101, 0),
    "/forbidden-close-code": ("open", 101, 0),
    "/frame-2-63": ("open", 101, 0),
    "/idle": ("open", 101, 0),
}

KEYS = [
    "outcome", "request", "response", "status", "reason", "headers", "body", "supported_versions",
    "accept_ok", "dialect", "speaks", "challenge", "findings", "refusal", "expected", "second_opinion",
    "mirror", "compression", "timings_ms", "closed_by_peer",
]  # fmt: skip


def test_every_scenario_has_an_expected_outcome() -> None:
    assert set(EXPECTED) == {scenario.path for scenario in SCENARIOS}


@pytest.mark.parametrize("path", EXPECTED)
def test_the_outcome_of_every_scenario(lab: LabProcess, path: str) -> None:
    outcome, status, code = EXPECTED[path]
    waits = path in ("/silence", "/half-head", "/versions/8,7/silence")
    query = "?every=0" if path == "/slow-head" else ""
    done = handshake(lab.url(path + query), *(("--timeout", "1") if waits else ()))
    report = done.json
    assert (report["outcome"], report["status"], done.code) == (outcome, status, code)
    assert list(report) == KEYS
    assert decoded(report["request"]).startswith(b"GET " + path.encode())
    assert report["accept_ok"] is (None if status != 101 or path == "/half-head" else outcome == "open")
    assert report["closed_by_peer"] in (True, False)
    assert all(set(each) == {"rule", "severity", "clause", "text"} for each in report["findings"])


def test_what_a_server_owed_the_request_and_a_second_opinion(lab: LabProcess) -> None:
    report = handshake(lab.url("/any-version"), "--version", "14").json
    assert report["expected"] == {
        "must_refuse": True,
        "conforms": False,
        "reasons": ["request-version"],
        "text": "A conforming server must refuse this, because the version is 14, which is unassigned, "
        "expected 13. It did not: it answered 101.",
    }
    assert report["second_opinion"]["accepted"] is True
    report = handshake(lab.url("/wrong-accept")).json
    assert report["expected"]["must_refuse"] is False
    assert report["second_opinion"]["accepted"] is False
    assert "invalid Sec-WebSocket-Accept header" in report["second_opinion"]["text"]
    report = handshake(lab.url("/echo"), "--version", "8").json
    assert report["second_opinion"] == {
        "asked": False,
        "accepted": None,
        "text": "Not asked: the library speaks RFC 6455 alone.",
    }
    told = run("handshake", lab.url("/426-list"), "--version", "14").out.splitlines()
    assert (
        "! A conforming server must refuse this, because the version is 14, which is unassigned, "
        "expected 13. It did, with 426." in told
    )
    assert any(line.startswith("Second opinion: websockets ") for line in told)


def test_an_open_handshake_is_told_whole(lab: LabProcess) -> None:
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    report = handshake(lab.url(), "--key", key).json
    address = lab.address.encode()
    assert decoded(report["request"]) == (
        b"GET /echo HTTP/1.1\r\nHost: " + address + b"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: " + key.encode() + b"\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert decoded(report["response"]) == (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nServer: lab\r\n\r\n"
    )
    assert report["reason"] == "Switching Protocols"
    assert report["headers"] == [
        ["Upgrade", "websocket"],
        ["Connection", "Upgrade"],
        ["Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
        ["Server", "lab"],
    ]
    assert report["body"] == ""
    assert report["supported_versions"] is None
    assert report["findings"] == []
    timings = report["timings_ms"]
    assert list(timings) == ["lookup", "tcp", "tls", "first_byte", "total"]
    assert timings["tls"] is None
    assert timings["total"] >= timings["first_byte"] > 0


def test_a_refusal_names_what_it_offers(lab: LabProcess) -> None:
    report = handshake(lab.url("/echo?versions=13"), "--version", "8").json
    assert report["outcome"] == "refused"
    assert report["supported_versions"] == ["13"]
    assert decoded(report["body"]) == b"This server speaks version 13 of the WebSocket protocol."
    assert handshake(lab.url("/400-two-lines")).json["supported_versions"] == ["8", "7"]
    assert handshake(lab.url("/426-list")).json["supported_versions"] == ["8", "7"]
    assert handshake(lab.url("/426-no-list")).json["supported_versions"] is None


def test_no_answer_holds_what_came(lab: LabProcess) -> None:
    report = handshake(lab.url("/half-head"), "--timeout", "0.5").json
    assert decoded(report["response"]) == b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConn"
    nothing = handshake(lab.url("/silence"), "--timeout", "0.5").json
    assert nothing["response"] == ""
    assert nothing["headers"] == []
    assert nothing["timings_ms"]["first_byte"] is None
    assert nothing["closed_by_peer"] is False


def test_a_close_by_the_peer_is_told(lab: LabProcess) -> None:
    assert handshake(lab.url("/close")).json["closed_by_peer"] is True
    assert handshake(lab.url("/http-1.0")).json["closed_by_peer"] is True


def test_garbage_is_kept_byte_for_byte(lab: LabProcess) -> None:
    report = handshake(lab.url("/garbage")).json
    assert decoded(report["response"]) == b"220 lab.invalid ESMTP ready\r\n" + bytes(range(256))


def test_a_tls_record_on_a_plain_port_is_recognised(lab: LabProcess) -> None:
    assert "TLS record" in handshake(lab.url("/tls-record")).err


def version_values(report_request: str) -> tuple[bytes, ...]:
    return parse_request(decoded(report_request)).values(b"Sec-WebSocket-Version")


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        ((), (b"13",)),
        (("--version", "8"), (b"8",)),
        (("--version", "13", "--version", "8"), (b"13", b"8")),
        (("--version", ""), (b"",)),
        (("--no-version",), ()),
        (("--version", "+13"), (b"+13",)),
        (("--version=-1",), (b"-1",)),
        (("--version", "x" * 300), (b"x" * 300,)),
        (("--version", r"1\x33"), (rb"1\x33",)),
        (("--escapes", "--version", r"1\x33"), (b"13",)),
        (("--escapes", "--version", r"\xff\\"), (b"\xff\\",)),
        (("--escapes", "--version", "é"), (b"\xe9",)),
        (("--version", "é"), ("é".encode(),)),
        (("--without", "sec-websocket-version"), ()),
    ],
)
def test_any_version_can_be_said(
    lab: LabProcess, arguments: tuple[str, ...], values: tuple[bytes, ...]
) -> None:
    report = handshake(lab.url("/any-version"), *arguments).json
    assert version_values(report["request"]) == values
    assert report["outcome"] == "open"


def test_escapes_may_break_the_line_and_an_unknown_one_is_kept_and_told(lab: LabProcess) -> None:
    done = handshake(lab.url(), "--escapes", "--version", r"13\r\nX-Smuggled: 1", "--header", r"A: \q\t.")
    request = decoded(done.json["request"])
    assert b"Sec-WebSocket-Version: 13\r\nX-Smuggled: 1\r\nA: \\q\t.\r\n\r\n" in request
    assert "\\q is no escape" in done.err


def test_headers_are_added_as_typed_and_taken_out_by_name(lab: LabProcess) -> None:
    added = ("--header", "host:a.example", "--header", "X  :  y ", "--header", "alone")
    done = handshake(lab.url(), "--without", "HOST", *added)
    request = decoded(done.json["request"])
    assert b"Host:" not in request
    assert request.endswith(b"\r\nhost:a.example\r\nX  :  y \r\nalone\r\n\r\n")


def test_taking_out_what_is_not_there_is_told(lab: LabProcess) -> None:
    assert (
        "--without Cookie: the request has no such line." in handshake(lab.url(), "--without", "Cookie").err
    )


def test_user_and_password_travel_in_a_line_that_can_be_left_out(lab: LabProcess) -> None:
    url = f"ws://user:pass@{lab.address}/echo"
    done = handshake(url)
    assert b"\r\nAuthorization: Basic dXNlcjpwYXNz\r\n" in decoded(done.json["request"])
    assert "User name and password were taken out" in done.err
    without = handshake(url, "--without", "Authorization")
    assert b"Authorization" not in decoded(without.json["request"])


def test_a_bare_address_is_understood_and_the_change_named(lab: LabProcess) -> None:
    done = handshake(lab.address)
    assert done.json["outcome"] == "open"
    assert "ws:// was put in front" in done.err


def test_connect_to_dials_elsewhere_and_changes_nothing_else(lab: LabProcess) -> None:
    report = handshake("ws://shop.example/echo", "--connect-to", lab.address).json
    assert report["outcome"] == "open"
    assert b"\r\nHost: shop.example\r\n" in decoded(report["request"])


RAW = (
    b"GET  /any-version?\x80 HTTP/1.1\nhost : x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.mark.parametrize(
    "data", [b"", b"GET", b"\x16\x03\x01", bytes(range(256)), RAW, RAW + b"\x81\x80abcd"]
)
def test_raw_sends_exactly_the_bytes_of_the_file(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "request.bin"
    file.write_bytes(data)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/other"
        process = subprocess.Popen(
            [*PROGRAM, "handshake", url, "--raw", str(file), "--json", "--timeout", "30"],
            stdout=subprocess.PIPE,
        )
        accepted, _ = listener.accept()
        with accepted:
            got = b""
            while len(got) < len(data):
                got += accepted.recv(4096)
            accepted.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            accepted.shutdown(socket.SHUT_WR)
            while piece := accepted.recv(4096):
                got += piece
        out, _ = process.communicate(timeout=60)
    assert got == data
    report = json.loads(out)
    assert decoded(report["request"]) == data
    assert report["status"] == 204


def test_raw_may_come_from_standard_input(lab: LabProcess) -> None:
    report = handshake(lab.url(), "--raw", "-", given=RAW.replace(b"host :", b"Host:")).json
    assert report["outcome"] == "open"
    assert report["accept_ok"] is True


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("http-is-fine://x",),
        ("ws://",),
        ("ws://a b/",),
        ("ws://x/", "--version", "8", "--no-version"),
        ("ws://x/", "--raw", "/no/such/file"),
        ("ws://x/", "--raw", "-", "--version", "13"),
        ("ws://x/", "--raw", "-", "--header", "A: b"),
        ("ws://x/", "--timeout", "0"),
        ("ws://x/", "--timeout", "soon"),
        ("ws://x/", "--timeout", "nan"),
        ("ws://x/", "--connect-to", "no port"),
        ("ws://x/", "--connect-to", "10.0.0.1"),
        ("ws://x/", "--connect-to", "10.0.0.1:99999"),
        ("ws://x/", "--connect-to", "ws://10.0.0.1:80"),
        ("ws://x/", "--ca-file", "/no/such/file"),
        ("ws://x/", "--no-such-option"),
        ("ws://x/", "--vers", "13"),
    ],
)
def test_wrong_arguments_are_2_and_say_why(arguments: tuple[str, ...]) -> None:
    done = run("handshake", *arguments)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith(("wsinspector handshake: ", "usage: wsinspector handshake"))


def test_a_port_where_no_one_listens_is_a_network_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = handshake(f"ws://127.0.0.1:{port}/")
    assert done.code == 3
    assert done.json["outcome"] == "network-error"
    assert done.json["timings_ms"]["tcp"] is None
    assert done.json["response"] == ""
    assert str(port) in done.err


def test_a_name_that_does_not_exist_is_a_network_error() -> None:
    done = handshake("ws://no-such-host.invalid/", "--timeout", "8")
    assert done.code == 3
    assert done.json["outcome"] == "network-error"


def test_over_tls_with_the_labs_authority(lab: LabProcess) -> None:
    report = handshake(lab.url(kind="good"), "--ca-file", str(lab.authority)).json
    assert report["outcome"] == "open"
    assert report["timings_ms"]["tls"] > 0


@pytest.mark.parametrize("kind", ["good", "self-signed", "expired", "wrong-host"])
def test_a_certificate_that_is_not_trusted_is_a_network_error_and_can_be_accepted(
    lab: LabProcess, kind: str
) -> None:
    refused = handshake(lab.url(kind=kind))
    assert (refused.code, refused.json["outcome"]) == (3, "network-error")
    assert "ertificate" in refused.err
    assert handshake(lab.url(kind=kind), "--insecure").json["outcome"] == "open"


@pytest.mark.parametrize("kind", ["expired", "wrong-host"])
def test_a_trusted_authority_does_not_make_a_bad_certificate_good(lab: LabProcess, kind: str) -> None:
    done = handshake(lab.url(kind=kind), "--ca-file", str(lab.authority))
    assert done.code == 3


def test_plain_on_a_tls_port_and_tls_on_a_plain_port(lab: LabProcess) -> None:
    plain = handshake(lab.url(kind="good").replace("wss:", "ws:"))
    assert plain.code == 1
    assert plain.json["outcome"] in ("not-http", "closed")
    secure = handshake(lab.url().replace("ws:", "wss:"))
    assert (secure.code, secure.json["outcome"]) == (3, "network-error")


def test_the_peer_made_with_websockets_opens(lab: LabProcess) -> None:
    assert handshake(lab.url("/", kind="peer")).json["outcome"] == "open"


@pytest.mark.parametrize("path", ["/echo", "/400-html", "/garbage", "/wrong-accept", "/close"])
def test_text_for_a_terminal_begins_with_the_outcome(lab: LabProcess, path: str) -> None:
    done = run("handshake", lab.url(path))
    assert done.out.startswith(EXPECTED[path][0] + ": ")
    assert "> GET " + path in done.out
    # Only what a terminal shows as itself: bytes of the network cannot drive it.
    assert all(character == "\n" or character.isprintable() for character in done.out)


@pytest.mark.parametrize(
    ("ends", "code", "said"),
    [
        (True, "closed", "closed: the peer ended the connection after an interim answer"),
        (False, "no-answer", "no-answer: an interim answer, then silence"),
    ],
)
def test_an_interim_answer_alone_is_not_called_silence(ends: bool, code: str, said: str) -> None:
    answer = b"HTTP/1.1 103 Early Hints\r\n\r\n"

    def serve(listener: socket.socket) -> None:
        for _ in range(2):
            accepted, _ = listener.accept()
            with accepted:
                accepted.recv(4096)
                accepted.sendall(answer)
                while not ends and accepted.recv(4096):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=serve, args=(listener,))
        serving.start()
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
        report = handshake(url, "--timeout", "1").json
        text = run("handshake", url, "--timeout", "1").out
        serving.join(60)
    assert (report["outcome"], report["status"], decoded(report["response"])) == (code, None, answer)
    assert [each["text"] for each in report["findings"]] == [
        "Only interim answers came (103), expected a final one."
    ]
    assert text.startswith(said + "\n")


def test_a_refusal_is_told_for_what_it_is(lab: LabProcess) -> None:
    done = handshake(lab.url("/426-list"))
    told = done.json["refusal"]
    assert (told["kind"], told["guess"], told["lost"]) == ("refused-version-list", False, None)
    assert told["text"] == "You sent version 13; the answer offers 8, 7."
    assert {each["side"] for each in told["evidence"]} == {"request", "response"}
    assert handshake(lab.url("/echo")).json["refusal"] is None


def test_what_was_agreed_of_compression_is_told(lab: LabProcess) -> None:
    offer = ("--header", "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover")
    told = run("handshake", lab.url("/echo"), *offer).out
    assert "What the client sends: a window of 32\N{THIN SPACE}768 bytes, emptied before each message" in told
    assert "What the server sends: a window of" in told
    seen = run("handshake", lab.url("/echo"), *offer, "--json").json["compression"]
    assert seen["agreed"]
    assert seen["client"] == {"window": 32768, "context_takeover": False}
    declined = run("handshake", lab.url("/426-list"), *offer, "--json").json["compression"]
    assert declined == {"offered": True, "agreed": False}
    assert run("handshake", lab.url("/echo"), "--json").json["compression"] is None
