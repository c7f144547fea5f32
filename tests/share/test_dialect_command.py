"""The command in a report repeats an attempt of an old dialect, and one that speaks another than it says."""

import base64
import json
import os
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.lab_process import LabProcess
from tests.conversation.conftest import Tabs, ended
from tests.share.shell import Shell
from wsinspector.cli.arguments import parse
from wsinspector.cli.request import build
from wsinspector.conversation.options import Options
from wsinspector.protocol.address import understand
from wsinspector.protocol.dialects import DIALECTS, Asking, dialect_called, spoken_for
from wsinspector.protocol.draft import KEY, Draft, DraftLine
from wsinspector.protocol.request_lines import origin_of
from wsinspector.share.command import printf_format, repeating, sending
from wsinspector.share.report import report_of

URL = "ws://127.0.0.1:8080/chat?room=blue"
NAMES = [dialect.name for dialect in DIALECTS]
OLD = NAMES[:-1]


def composed(name: str, url: str = URL) -> Draft:
    row, address = dialect_called(name), understand(url)
    asking = Asking(address.target, address.host_header, origin_of(address))
    return row.handshake.compose(row, asking, os.urandom)


def options_for(name: str) -> Options:
    """As the window sets them when a dialect is chosen."""
    return Options(speak="" if spoken_for(composed(name).to_bytes()) == name else name)


def muted(draft: Draft) -> bytes:
    """The bytes with the keys and what follows the head put to one value."""
    for name in (KEY, b"Sec-WebSocket-Key1", b"Sec-WebSocket-Key2"):
        for at in draft.named(name):
            draft = draft.with_edited_value(at, b"drawn")
    return draft.with_tail(b"drawn" * (len(draft.tail) == 8)).to_bytes()


def made_by(command: str) -> tuple[Draft, str]:
    """The request that the arguments of ``command`` compose, and the dialect that is spoken with it."""
    words = shlex.split(command)
    assert words[:2] == ["wsinspector", "handshake"]
    request = build(parse(words[1:]))
    return request.draft, request.options.speak or spoken_for(request.draft.to_bytes())


@pytest.mark.parametrize("name", OLD)
def test_the_dialect_is_named(name: str) -> None:
    draft = composed(name)
    command = repeating(URL, draft.to_bytes(), options_for(name)).command
    assert command == f"wsinspector handshake '{URL}' --dialect {name}"
    made, spoken = made_by(command)
    assert spoken == name
    assert muted(made) == muted(draft)


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("speak", ["rfc6455", "hixie-75", "hybi-03"])
def test_what_is_spoken_besides_is_said(name: str, speak: str) -> None:
    draft = composed(name)
    command = repeating(URL, draft.to_bytes(), Options(speak=speak)).command
    made, spoken = made_by(command)
    assert spoken == speak
    assert muted(made) == muted(draft)


def test_say_8_speak_13() -> None:
    draft = composed("rfc6455").with_version_values((b"8",))
    command = repeating(URL, draft.to_bytes(), Options(speak="rfc6455")).command
    assert "--speak rfc6455" in command
    made, spoken = made_by(command)
    assert (spoken, muted(made)) == ("rfc6455", muted(draft))


@pytest.mark.parametrize("name", OLD)
def test_lines_behind_what_the_dialect_composes(name: str) -> None:
    model = composed(name)
    draft = model.insert(len(model.lines), DraftLine(b"Cookie", b"a=1"))
    draft = draft.insert(len(draft.lines), DraftLine(b"X-Odd", b"\xff'\"", between=b":\t"))
    command = repeating(URL, draft.to_bytes(), options_for(name)).command
    assert f"--dialect {name}" in command
    made, spoken = made_by(command)
    assert spoken == name
    assert muted(made).count(b"X-Odd:\t\xff'\"\r\n") == 1


OLD_KEYS = ["hixie-76", "hybi-01", "hybi-02", "hybi-03"]
EDITED = {
    "a key without a space": lambda draft: draft.with_edited_value(
        draft.named(b"Sec-WebSocket-Key1")[0], b"123"
    ),
    "a third key that is too short": lambda draft: draft.with_tail(b"\x00\xff'\n"),
    "no third key": lambda draft: draft.with_tail(b""),
    "another order": lambda draft: draft.move(0, 1),
}


@pytest.mark.parametrize("name", OLD_KEYS)
@pytest.mark.parametrize("edit", EDITED)
def test_what_was_edited_goes_out_as_bytes(name: str, edit: str) -> None:
    request = EDITED[edit](composed(name)).to_bytes()
    options = options_for(name)
    command = repeating(URL, request, options).command
    speak = f"--speak {options.speak}" if options.speak else ""
    if command.startswith("printf"):
        words = ["wsinspector", "handshake", f"'{URL}'", "--raw", "-", *speak.split()]
        assert command == f"printf {printf_format(request)} | {' '.join(words)}"
    else:
        # Without the bytes behind the head the lines alone say it.
        assert edit in ("no third key", "another order")
        made, spoken = made_by(command)
        assert made.to_bytes() == request
        assert spoken == (options.speak or spoken_for(request))


def test_a_dialect_of_a_later_version_is_left_out() -> None:
    draft = composed("hixie-76")
    command = repeating(URL, draft.to_bytes(), Options(speak="hybi-99")).command
    assert command == f"wsinspector handshake '{URL}' --dialect hixie-76"


@given(st.binary(max_size=200), st.sampled_from(["", *NAMES]))
def test_any_bytes_are_said_with_what_is_spoken(data: bytes, speak: str) -> None:
    command = repeating(URL, data, Options(speak=speak)).command
    spoken = spoken_for(data)
    said = speak not in ("", spoken)
    assert ("--speak" in command.rpartition(" | ")[2]) is said


@pytest.mark.parametrize("name", OLD)
def test_a_shell_repeats_it(name: str, lab: LabProcess, shell: Shell, tabs: Tabs) -> None:
    conversation = tabs.new(lab.url("/echo"))
    conversation.set_dialect(name)
    attempt = conversation.connect(handshake_only=True)
    assert attempt is not None
    snapshot = ended(attempt)
    report = report_of(snapshot, attempt.options, (), None)
    command = repeating(snapshot.url, snapshot.request, attempt.options).command
    assert command in report
    again = shell.run(command)
    assert again["outcome"] == "open"
    sent = Draft.from_bytes(base64.b64decode(again["request"]))
    assert muted(sent) == muted(Draft.from_bytes(snapshot.request))


@pytest.mark.parametrize("name", ["hixie-76", "hybi-03", "hybi-05"])
def test_a_shell_pipes_edited_keys_and_speaks(name: str, lab: LabProcess, shell: Shell) -> None:
    url = lab.url("/echo")
    draft = composed(name, url)
    request = draft.insert(0, DraftLine(b"X-First", b"1")).to_bytes()
    made = sending(url, request, options_for(name), [(1, b"hello")], 2)
    printed = [json.loads(line) for line in shell.printed(made.command).splitlines()]
    assert printed[-1]["speaks"] == name
    texts = [base64.b64decode(frame["payload"]) for frame in printed if frame.get("opcode") == 1]
    assert texts == [b"hello", b"hello"]
