"""The command in a report sends the same request again, whatever it was."""

import base64
import dataclasses
import json
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.lab_process import LabProcess
from tests.share.shell import Shell
from wsinspector.cli.arguments import parse
from wsinspector.cli.request import build
from wsinspector.conversation.options import Options
from wsinspector.protocol.draft import KEY, Draft, DraftLine, standard_draft
from wsinspector.share.command import SECRET, hidden, printf_format, quoted, repeating, sending

URL = "ws://127.0.0.1:8080/chat?room=blue"
HOST = b"127.0.0.1:8080"
DRAWN = base64.b64encode(bytes(range(16)))


def standard(*, version: tuple[bytes, ...] = (b"13",)) -> Draft:
    return standard_draft(b"/chat?room=blue", HOST, DRAWN, version=version)


def sent_by(command: str) -> bytes:
    """The request the arguments of ``command`` compose, its fresh key put back to DRAWN."""
    words = shlex.split(command)
    assert words[:2] == ["wsinspector", "handshake"]
    draft = build(parse(words[1:])).draft
    return draft.with_generated(key=DRAWN).to_bytes()


def rows(*lines: tuple[bytes, bytes]) -> Draft:
    return dataclasses.replace(standard(), lines=tuple(DraftLine(name, value) for name, value in lines))


STANDARD = standard()
REPEATED = standard(version=(b"13", b"8"))
SHUFFLED = STANDARD.move(3, 0)
COMPOSED = {
    "standard": STANDARD,
    "another version": standard(version=(b"8",)),
    "versions": REPEATED,
    "no version": STANDARD.with_version_values(()),
    "odd version": standard(version=(b" 13\t", b"")),
    "a version that looks like an option": standard(version=(b"-1",)),
    "more lines": STANDARD.insert(5, DraftLine(b"Origin", b"https://a.example")),
    "no colon": STANDARD.insert(5, DraftLine(b"Nonsense", b"", between=b"")),
    "blanks around the colon": STANDARD.insert(5, DraftLine(b"X-Odd", b"it's  ", between=b" :\t")),
    "bytes that are no UTF-8": STANDARD.insert(5, DraftLine(b"X-Raw", b"\xff\x00\\x")),
    "UTF-8": STANDARD.insert(5, DraftLine("X-Ümlaut".encode(), "grün".encode())),
    "no host": STANDARD.remove(0),
    "no key": STANDARD.remove(3),
    "a key that is none": STANDARD.with_edited_value(3, b"short"),
    "lower case": rows(*((line.name.lower(), line.value) for line in STANDARD.lines)),
    "another order": SHUFFLED,
    "only a host": rows((b"Host", HOST)),
    "another target": STANDARD.with_target(b"/other"),
}


@pytest.mark.parametrize("name", COMPOSED)
def test_arguments_compose_the_same_bytes(name: str) -> None:
    request = COMPOSED[name].to_bytes()
    command = repeating(URL, request, Options()).command
    assert "--raw" not in command
    assert sent_by(command) == request


RAW = {
    "HTTP/1.0": STANDARD.with_request_line(b"GET /chat?room=blue HTTP/1.0").to_bytes(),
    "another method": STANDARD.with_request_line(b"POST /chat?room=blue HTTP/1.1").to_bytes(),
    "line feeds": STANDARD.to_bytes().replace(b"\r\n", b"\n"),
    "no blank line": STANDARD.to_bytes()[:-2],
    "a tail": STANDARD.to_bytes() + b"\x81\x05hello",
    "no request": b"-n 100% 'quoted' \\ \x00\xff\r\n",
    "nothing": b"",
    "a target no address has": STANDARD.with_target(b"*").to_bytes(),
}


@pytest.mark.parametrize("name", RAW)
def test_what_arguments_cannot_say_is_piped_in(name: str) -> None:
    request = RAW[name]
    command = repeating(URL, request, Options()).command
    assert command == f"printf {printf_format(request)} | wsinspector handshake {quoted(URL)} --raw -"


@pytest.mark.parametrize("name", ["HTTP/1.0", "no request", "line feeds", "a tail"])
def test_a_shell_pipes_exactly_the_bytes(name: str, lab: LabProcess, shell: Shell) -> None:
    command = repeating(lab.url("/echo"), RAW[name], Options(timeout=1)).command
    assert shell.request(command) == RAW[name]


def test_a_shell_sends_the_arguments(lab: LabProcess, shell: Shell) -> None:
    draft = standard_draft(b"/echo?a=1&b='x'", lab.address.encode(), DRAWN, version=(b"13", b"$8 `x`"))
    draft = draft.insert(0, DraftLine(b"X-First", b"a;b")).insert(9, DraftLine(b"X-Raw", b"\xff'\""))
    request = draft.to_bytes()
    command = repeating(lab.url("/echo"), request, Options()).command
    assert "--raw" not in command
    sent = Draft.from_bytes(shell.request(command))
    key = sent.named(KEY)[0]
    assert sent.with_edited_value(key, DRAWN).to_bytes() == request


def test_settings_are_carried_over() -> None:
    options = Options(
        connect_to="::1", timeout=2.5, verify=False, ca_file="/a b.pem", sni="x.example", alpn=()
    )
    made = repeating("wss://example.com/", standard_draft(b"/", b"example.com", DRAWN).to_bytes(), options)
    arguments = parse(shlex.split(made.command)[1:])
    read = build_options(arguments)
    assert read == (("[::1]:443", 2.5, False), "/a b.pem")
    assert made.without == ("SNI x.example", "ALPN none")
    plain = repeating(URL, STANDARD.to_bytes(), dataclasses.replace(options, connect_to="10.0.0.1"))
    assert "--insecure" not in plain.command
    assert "--connect-to 10.0.0.1:8080" in plain.command
    assert plain.without == ()


def build_options(arguments: object) -> tuple[tuple[str, float, bool], str]:
    values = vars(arguments)
    return (values["connect_to"], values["timeout"], not values["insecure"]), values["ca_file"]


def test_secrets_are_a_word() -> None:
    draft = STANDARD.insert(5, DraftLine(b"Authorization", b"Bearer abcdef123456"))
    draft = draft.with_target(b"/chat?access_token=s3cr3t&room=blue")
    url = "ws://127.0.0.1:8080/chat?access_token=s3cr3t&room=blue"
    for request in (draft.to_bytes(), draft.to_bytes().replace(b"\r\n", b"\n")):
        command = repeating(url, request, Options()).command
        assert "abcdef123456" not in command
        assert "s3cr3t" not in command
        assert command.count(SECRET.decode()) >= 2


def test_a_command_nobody_can_paste_is_left_out() -> None:
    request = STANDARD.insert(5, DraftLine(b"X-Long", b"x" * 70_000)).to_bytes()
    assert repeating(URL, request, Options()).command == ""


LINE = st.builds(
    DraftLine,
    name=st.binary(max_size=12),
    value=st.binary(max_size=12),
    between=st.sampled_from([b": ", b":", b" : ", b""]),
    ending=st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n"]),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(LINE, st.sampled_from(STANDARD.lines)), max_size=8),
    st.sampled_from([b"GET /chat HTTP/1.1", b"GET / HTTP/1.0", b"GET  / HTTP/1.1", b"G"]),
)
def test_any_request_is_said_exactly(lines: list[DraftLine], start: bytes) -> None:
    request = dataclasses.replace(STANDARD, request_line=start, lines=tuple(lines)).to_bytes()
    command = repeating(URL, request, Options()).command
    if command.startswith("printf"):
        assert f"printf {printf_format(hidden(request))} | " in command
    else:
        assert sent_by(command) == hidden(request)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_never_raises(data: bytes) -> None:
    assert "wsinspector handshake " in repeating(URL, data, Options()).command
    assert repeating("", data, Options()).command


def test_what_was_sent_is_sent_again_in_its_order(lab: LabProcess, shell: Shell) -> None:
    messages = [(1, b"it's -n"), (2, b"\x00\xff"), (9, b""), (1, b"-dash"), (1, b"a\nb"), (8, b"\x03\xe8")]
    url = lab.url("/echo")
    draft = standard_draft(b"/echo", url.split("/")[2].encode(), DRAWN)
    made = sending(url, draft.to_bytes(), Options(), messages, 8)
    assert made.without == ("a text frame of 3 bytes", "a close frame of 2 bytes")
    sent = [json.loads(line) for line in shell.printed(made.command).splitlines()]
    ours = [
        (frame["opcode"], base64.b64decode(frame["payload"]))
        for frame in sent
        if frame.get("dir") == "out" and frame["opcode"] != 8
    ]
    assert [opcode for opcode, _ in ours] == [1, 2, 9, 1]
    assert [payload for opcode, payload in ours if opcode != 9] == [b"it's -n", b"\x00\xff", b"-dash"]
