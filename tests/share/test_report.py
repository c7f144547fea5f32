"""Copy report: short, whole, repeatable, and without a secret."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.lab_process import LabProcess
from tests.conversation.conftest import Peers, Tabs, ended, until
from tests.conversation.dialect_peer import DialectPeer, Said
from tests.share.making import DEFLATE_LINE, DEFLATED, IN, SECRET, Making, answer_of, leaving_of, request_of
from tests.share.shell import Shell
from wsinspector.capture import CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.draft import Draft, DraftLine
from wsinspector.protocol.frames import encode_frame
from wsinspector.share.report import MOST_LINES, report_of

SECRETS = (
    "s3cr3t-t0ken",
    "pa55word",
    "c00kie-value",
    "set-by-server",
    "eyJhbGciOiJI.payloadpart.signature",
)


def report(attempt: Attempt, conversation: Conversation, numbers: tuple[int, ...] = ()) -> str:
    text = report_of(attempt.snapshot, attempt.options, numbers, conversation.reader())
    assert text.endswith("\n")
    assert text.count("\n") <= MOST_LINES
    return text


def command_in(text: str) -> str:
    lines = text.splitlines()
    return lines[lines.index("```sh") + 1]


def lines_sent(request: bytes) -> list[bytes]:
    """Request line and header lines, the key's value apart."""
    return sorted(
        b"sec-websocket-key" if line.lower().startswith(b"sec-websocket-key") else line
        for line in request.split(b"\r\n")
    )


@pytest.mark.parametrize(
    "path",
    ["/chat", "/426-list", "/400-html", "/wrong-accept", "/garbage", "/close", "/http-1.0", "/nowhere"],
)
def test_a_report_repeats_what_it_reports(path: str, lab: LabProcess, tabs: Tabs, shell: Shell) -> None:
    conversation = tabs.new(lab.url(path), timeout=4.0)
    draft = conversation.draft
    conversation.set_draft(draft.insert(2, DraftLine(b"X-Test", b"it's \xe4 $HOME")))
    attempt = conversation.connect(handshake_only=True)
    assert attempt is not None
    snapshot = ended(attempt)
    text = report(attempt, conversation)
    assert lines_sent(shell.request(command_in(text))) == lines_sent(snapshot.request)
    assert snapshot.verdict is not None
    for finding in snapshot.verdict.findings[:3]:
        assert finding.clause in text
    assert "Nothing was left out as secret." in text
    assert f"dialled `{snapshot.dialled}`" in text
    assert "- Ended: " in text


def test_over_tls_the_facts_are_there(lab: LabProcess, tabs: Tabs, shell: Shell) -> None:
    conversation = tabs.new(lab.url("/426-list", "good"), ca_file=str(lab.authority))
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = until(attempt, lambda each: each.tls is not None and bool(each.tls.chain))
    ended(attempt)
    text = report(attempt, conversation)
    assert "- TLS: TLSv1." in text
    assert "verified" in text
    assert snapshot.tls is not None
    assert snapshot.tls.chain[0].not_after in text
    assert shell.run(command_in(text))["status"] == 426


def test_frames_that_are_selected_are_in(peers: Peers, tabs: Tabs) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(encode_frame(1, b'{"say":"hello"}'))
        link.write(encode_frame(2, bytes(range(40))))
        link.write(encode_frame(1, b"frame ```fenced``` \xe2\x80\xae"))
        link.write(encode_frame(0xB, b"", rsv=2))
        link.write(encode_frame(8, b"\x03\xe8bye"))
        await inbox.read()

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/")
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.phase is Phase.ENDED and snapshot.frames >= 5)
    text = report(attempt, conversation, (1, 2, 3, 4, 5))
    assert '{"say":"hello"}' in text
    assert "00 01 02" in text
    assert "reserved opcode" in text
    assert "‹U+202E›" in text
    assert "````text" in text  # the payload cannot close the fence
    assert "1000" in text
    assert "“bye”" in text
    assert "a conforming client stops at frame 4 with 1002" in text
    many = report(attempt, conversation, tuple(range(1, 100)))
    assert "more" in many


@pytest.mark.parametrize(
    ("name", "closes"),
    [("hixie-76", ""), ("hybi-03", ""), ("hybi-05", "C"), ("hybi-06", "1000 normal closure")],
)
def test_frames_of_every_layout_are_told(name: str, closes: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name, [Said(1, b"from the server")])
    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(peer.handle)}/chat")
    conversation.set_dialect(name)
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.frames_in >= 1)
    attempt.send_message("from the client")
    until(attempt, lambda snapshot: snapshot.frames_in >= 2)
    attempt.close(1000)
    until(attempt, lambda snapshot: snapshot.phase is Phase.ENDED and snapshot.frames >= 5)
    text = report(attempt, conversation, (1, 2, 3, 4, 5))
    assert text.count("from the client") == 2
    assert text.count("from the server") == 1
    (closing,) = [line for line in text.splitlines() if line.startswith("↑") and " Close " in line]
    assert closing.endswith(closes)
    assert f"frames read as {name}" in text


def secret_conversation(tabs: Tabs, port: int) -> Conversation:
    conversation = tabs.new(f"ws://ada:{SECRETS[1]}@127.0.0.1:{port}/x?access_token={SECRETS[0]}&room=blue")
    draft = conversation.draft
    credentials = conversation.address.authorization
    assert credentials is not None
    for name, value in (
        (b"Authorization", credentials),
        (b"Proxy-Authorization", b"Bearer " + SECRETS[0].encode()),
        (b"Cookie", b"id=" + SECRETS[2].encode()),
        (b"Sec-WebSocket-Protocol", b"chat, " + SECRETS[4].encode()),
    ):
        draft = draft.insert(len(draft.lines), DraftLine(name, value))
    conversation.set_draft(draft)
    return conversation


@pytest.mark.parametrize("raw", [False, True])
def test_no_secret_appears(raw: bool, peers: Peers, tabs: Tabs) -> None:
    echo = SECRETS[2].encode()

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(encode_frame(1, b"you sent " + echo + b" and ?token=" + SECRETS[0].encode()))
        link.write(encode_frame(8, b"\x03\xe8" + SECRETS[3].encode()))
        await inbox.read()

    headers = b"Set-Cookie: sid=" + SECRETS[3].encode() + b"; HttpOnly\r\n"
    conversation = secret_conversation(tabs, peers.upgraded(talk, headers=headers))
    if raw:
        conversation.set_draft(Draft.from_bytes(conversation.draft.to_bytes() + b"\x00"))
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.phase is Phase.ENDED and snapshot.frames >= 2)
    text = report(attempt, conversation, (1, 2))
    credentials = conversation.address.authorization
    assert credentials is not None
    for secret in (*SECRETS, credentials.decode().removeprefix("Basic ")):
        assert secret not in text
    assert "room=blue" in text
    left = next(line for line in text.splitlines() if line.startswith("Left out as secret"))
    for named in ("parts of the address", "authorization of the request", "cookie of the request",
                  "sec-websocket-protocol of the request", "set-cookie of the response"):  # fmt: skip
        assert named in left
    assert "<secret>" in command_in(text)


def test_huge_heads_stay_short(peers: Peers, tabs: Tabs) -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 900) for number in range(60))
    port = peers.answer(
        b"HTTP/1.1 426 No\r\n" + lines + b"Sec-WebSocket-Version: 8\r\nContent-Length: 0\r\n\r\n"
    )
    conversation = tabs.new(f"ws://127.0.0.1:{port}/")
    draft = conversation.draft
    for number in range(50):
        draft = draft.insert(1, DraftLine(b"X-%d" % number, b"z"))
    conversation.set_draft(draft.insert(0, DraftLine(b"X-Long", b"z" * 70_000)))
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    text = report(attempt, conversation)
    assert "< Sec-WebSocket-Version: 8" in text
    assert "> Sec-WebSocket-Version: 13" in text
    assert "more" in text
    assert "too long for a command" in text
    assert max(map(len, text.splitlines())) < 450


def test_a_refusal_says_who_signed_it_and_where_it_was_lost(peers: Peers, tabs: Tabs) -> None:
    port = peers.answer(
        b"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Length: 22\r\n\r\n"
        b"missing Upgrade header"
    )
    conversation = tabs.new(f"ws://127.0.0.1:{port}/")
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    text = report(attempt, conversation)
    assert "- Answer signed by: nginx" in text
    assert (
        "- Where it was lost: Probably something in between removed Upgrade and Connection. Evidence:" in text
    )


def test_nothing_answers(tabs: Tabs, lab: LabProcess) -> None:
    conversation = tabs.new("ws://127.0.0.1:1/")
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    assert "**Could not connect.**" in report(attempt, conversation)


BYTES = st.binary(max_size=200)


@pytest.fixture(scope="module")
def snapshot() -> AttemptSnapshot:
    return AttemptSnapshot(
        serial=0,
        number=1,
        attempt_id=1,
        phase=Phase.ENDED,
        url="ws://a/?token=abcdefgh",
        wall_ns=1_700_000_000_000_000_000,
        mono_ns=0,
        request=b"",
    )


@settings(max_examples=100, deadline=None)
@given(data=BYTES, error=st.text(max_size=80))
def test_any_bytes_make_a_report(snapshot: AttemptSnapshot, data: bytes, error: str) -> None:
    made = dataclasses.replace(snapshot, request=data, network_error=error)
    text = report_of(made, Options(), (1, 2), None)
    assert text.count("\n") <= MOST_LINES
    assert "abcdefgh" not in text


def test_what_a_mirror_received_differently_is_in(peers: Peers, tabs: Tabs) -> None:
    async def changed(link: Link) -> None:
        request = b""
        inbox = Inbox(link)
        while b"\r\n\r\n" not in request:
            request += await inbox.read()
        arrived = request.replace(b"Upgrade: websocket\r\n", b"")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: message/http\r\nWSInspector-Mirror: 1\r\n"
        link.write(head + b"Content-Length: %d\r\n\r\n" % len(arrived) + arrived)

    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(changed)}/")
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    text = report(attempt, conversation)
    assert "#### What the mirror received differently" in text
    assert "- Upgrade removed. It holds for one hop;" in text
    assert "- Without Upgrade a server behind it sees no opening handshake (RFC 6455 §4.2.1)." in text


def test_many_changes_on_the_way_leave_the_report_short(peers: Peers, tabs: Tabs) -> None:
    async def changed(link: Link) -> None:
        await Inbox(link).read()
        arrived = b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % at for at in range(90)) + b"\r\n"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: message/http\r\nWSInspector-Mirror: 1\r\n"
        link.write(head + b"Content-Length: %d\r\n\r\n" % len(arrived) + arrived)

    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(changed)}/")
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    assert " more" in report(attempt, conversation)


def test_compressed_bytes_are_not_shown_where_they_are_not_inflated(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), DEFLATED)
    data = making.deflater.deflate(b"I am " + SECRET)
    making.frame(IN, 1, data[:9], fin=False, rsv=4)
    making.frame(IN, 0, data[9:])
    with CaptureReader(making.close()) as reader:
        leaving = leaving_of(reader)
        text = report_of(leaving.snapshot, leaving.options, (1, 2), reader)
    assert data[:4].hex(" ") not in text
    assert data[9:13].hex(" ") not in text
    assert text.count("a part of a compressed message, not shown") == 2
