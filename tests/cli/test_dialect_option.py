"""--dialect and --speak, as processes against the lab as a process."""

from typing import Any

import pytest

from tests.cli.command import Done, decoded, handshake, run
from tests.cli.lab_process import LabProcess
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.dialects import DIALECTS, Challenge, dialect_called
from wsinspector.protocol.dialects.challenges import digest_for, read_numbered_key
from wsinspector.protocol.head_reader import parse_request

NAMES = [dialect.name for dialect in DIALECTS]
ENDS = {"hixie-75": "hixie-75 has no closing frame", "hybi-03": "hybi-03 has no close codes"}
PLAIN = {
    "hixie-75": "00",
    "hixie-76": "00",
    **{f"hybi-0{number}": "0405" for number in (1, 2, 3)},
    **{f"hybi-0{number}": "8405" for number in (4, 5, 6)},
}
"""The header of a server's "hello", in hex; RFC 6455's where none is named."""


def frames(done: Done) -> list[dict[str, Any]]:
    return [line for line in done.lines if "no" in line]


@pytest.mark.parametrize("name", NAMES)
def test_a_text_comes_back_in_every_dialect(name: str, lab: LabProcess) -> None:
    done = run("connect", lab.url(), "--dialect", name, "--send", "hello", "--frames", "2", "--for", "20")
    assert (done.code, done.err) == (0, "")
    shown = frames(done)
    sent, came = shown[:2]
    assert (sent["dir"], came["dir"]) == ("out", "in")
    for one in (sent, came):
        assert (one["opcode"], one["name"], one["fin"], one["length"]) == (1, "text", True, 5)
        assert (decoded(one["payload"]), one["findings"]) == (b"hello", [])
    assert came["wire"] == PLAIN.get(name, "8105")
    dialect = dialect_called(name)
    masks = dialect.challenge is Challenge.ACCEPT
    assert sent["masked"] is masks
    assert sent["wire"].count(sent["key"]) == 1 if masks else sent["key"] is None
    end = done.lines[-1]
    assert (end["outcome"], end["clean"], end["speaks"]) == ("open", True, name)
    coded = name in ("hybi-06", "hybi-07", "hybi-08", "hybi-11", "rfc6455")
    assert (end["code"], end["sent_code"], end["received_code"]) == (
        (1000, 1000, 1000) if coded else (None, None, None)
    )
    assert ENDS.get(name, "") in end["ended"]
    closing = [one["name"] for one in shown[2:]]
    assert closing == ([] if name == "hixie-75" else ["close", "close"])


@pytest.mark.parametrize(
    ("draft", "name"), [("hybi-00", "hixie-76"), ("hybi-09", "hybi-08"), ("hybi-12", "hybi-11")]
)
def test_a_draft_stands_for_the_dialect_that_holds_it(draft: str, name: str, lab: LabProcess) -> None:
    assert handshake(lab.url(), "--dialect", draft).json["dialect"] == name
    assert handshake(lab.url(), "--speak", draft).json["speaks"] == name
    assert run("dialects", draft).out.startswith(f"{name}\n")


@pytest.mark.parametrize("name", NAMES)
def test_the_report_holds_the_challenge_of_the_dialect(name: str, lab: LabProcess) -> None:
    done = handshake(lab.url(), "--dialect", name)
    assert done.code == 0
    report = done.json
    assert report["outcome"] == "open"
    assert report["speaks"] == name
    request, challenge = decoded(report["request"]), report["challenge"]
    head = parse_request(request)
    dialect = dialect_called(name)
    assert challenge["kind"] == dialect.challenge.value
    assert report["accept_ok"] is (True if dialect.challenge is Challenge.ACCEPT else None)
    if dialect.challenge is Challenge.KEYS:
        keys = [head.values(field)[0] for field in (b"Sec-WebSocket-Key1", b"Sec-WebSocket-Key2")]
        assert [one["number"] for one in challenge["keys"]] == [read_numbered_key(key).number for key in keys]
        assert challenge["third_key"] == request[-8:].hex()
        right = digest_for(keys[0], keys[1], request[-8:])
        assert right is not None
        assert challenge["found"] == challenge["expected"] == right.hex()
        assert decoded(report["response"]).endswith(b"\r\n\r\n" + right)
    elif dialect.challenge is Challenge.ACCEPT:
        right = accept_for(head.values(b"Sec-WebSocket-Key")[0])
        assert challenge["found"] == challenge["expected"] == right.decode()


def test_the_text_shows_the_bytes_behind_the_heads_and_the_sum(lab: LabProcess) -> None:
    lines = run("handshake", lab.url(), "--dialect", "hixie-76").out.splitlines()
    assert lines[0] == "open: 101 WebSocket Protocol Handshake"
    asked = [line for line in lines if line.startswith("> [")]
    answered = [line for line in lines if line.startswith("< [")]
    assert (len(asked[0]), len(answered[0])) == (len("> []") + 23, len("< []") + 47)
    expected = next(line for line in lines if line.startswith("MD5 expected: "))
    assert answered[0] == f"< [{expected.removeprefix('MD5 expected: ')}]"


@pytest.mark.parametrize("name", ["hixie-75", "hixie-76"])
def test_a_ping_where_there_is_none_is_a_wrong_argument(name: str) -> None:
    done = run("connect", "ws://127.0.0.1:1/", "--dialect", name, "--ping")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"wsinspector connect: --ping: {name} has no ping.\n"


def test_a_dialect_nobody_knows_is_a_wrong_argument() -> None:
    done = run("handshake", "ws://127.0.0.1:1/", "--dialect", "hybi-99")
    assert done.code == 2
    assert "hixie-75" in done.err


def test_a_file_of_bytes_takes_no_dialect() -> None:
    done = run("handshake", "ws://127.0.0.1:1/", "--dialect", "hybi-05", "--raw", "-", given=b"GET /")
    assert done.code == 2
    assert "leave out --dialect" in done.err


def test_what_is_edited_after_the_dialect_is_sent_as_edited(lab: LabProcess) -> None:
    more = ("--version", "8", "--without", "Sec-WebSocket-Origin", "--header", "X-Mine: 1")
    report = handshake(lab.url(), "--dialect", "hybi-07", *more).json
    request = decoded(report["request"])
    assert b"\r\nSec-WebSocket-Version: 8\r\n" in request
    assert b"Origin" not in request
    assert request.endswith(b"\r\nX-Mine: 1\r\n\r\n")
    assert (report["dialect"], report["speaks"]) == ("hybi-11", "hybi-07")


def test_say_8_and_speak_13(lab: LabProcess) -> None:
    more = ("--version", "8", "--speak", "rfc6455", "--send", "x", "--frames", "2")
    done = run("connect", lab.url(), *more)
    end = done.lines[-1]
    assert (end["dialect"], end["speaks"], end["outcome"]) == ("hybi-11", "rfc6455", "open")
    assert [decoded(one["payload"]) for one in frames(done)[:2]] == [b"x", b"x"]


def test_a_reserved_opcode_is_called_by_the_number_that_travelled(lab: LabProcess) -> None:
    # The lab speaks RFC 6455 and answers the misread frame with its Close, opcode 8; hybi-04 has no 8.
    done = run("connect", lab.url(), "--speak", "hybi-04", "--send", "x", "--for", "20")
    came = [one for one in frames(done) if one["dir"] == "in"]
    assert came[0]["wire"].startswith("88")
    assert came[0]["name"] == "reserved 0x8"


def test_a_text_that_no_frame_holds_is_a_wrong_argument() -> None:
    text = b"a\xffb".decode("utf-8", "surrogateescape")
    done = run("connect", "ws://127.0.0.1:1/", "--dialect", "hixie-76", "--send", "ok", "--send", text)
    assert done.code == 2
    assert "the byte FF ends the frame" in done.err


def test_binary_that_nobody_delivers_is_sent_and_told(lab: LabProcess) -> None:
    done = run("connect", lab.url(), "--dialect", "hixie-76", "--send-hex", "00ff", "--frames", "1")
    assert "in hixie-76 only text is delivered" in done.err
    first = frames(done)[0]
    assert (first["wire"], decoded(first["payload"])) == ("8002", b"\x00\xff")
