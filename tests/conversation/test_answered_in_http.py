"""A server that fails after its 101 and answers a frame with HTTP: no frame, and no clean close."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conversation.conftest import Peers, Tabs, ended, until
from tests.conversation.dialect_peer import DialectPeer, Said
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.doubt import FailedInHttp
from wsinspector.conversation.snapshot import EndedBy, EndKind
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.opcodes import PONG, TEXT

BODY = (
    b"Traceback (most recent call last):\n"
    + b"".join(b'  File "handler.py", line %d, in handle\n' % line for line in range(40))
    + b"AssertionError\n"
)
ANSWER = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\n"
    b"Content-Length: %d\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n" % len(BODY)
) + BODY
HINT = "Probably the server failed and answered in HTTP: HTTP/1.1 500 Internal Server Error"

NAMES = [dialect.name for dialect in DIALECTS]


class FailingPeer(DialectPeer):
    """Speaks its dialect as far as ``said`` goes, then answers in HTTP and ends TCP."""

    def __init__(self, name: str, pieces: tuple[bytes, ...] = (ANSWER,)) -> None:
        super().__init__(name, [Said(TEXT, b"one")], ends=True)
        self._pieces = pieces

    async def _handle(self, link: Link) -> None:
        await super()._handle(link)
        for piece in self._pieces:
            link.write(piece)


def conversation_with(peer: DialectPeer, peers: Peers, tabs: Tabs, policy: str = "tolerant") -> Conversation:
    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(peer.handle)}/", policy=policy)
    conversation.set_dialect(peer.dialect.name)
    return conversation


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("policy", ["tolerant", "watch"])
def test_it_is_told_and_is_no_close(name: str, policy: str, peers: Peers, tabs: Tabs) -> None:
    attempt = conversation_with(FailingPeer(name), peers, tabs, policy).connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.hint == HINT
    assert snapshot.fit is None
    end = snapshot.end
    assert end is not None
    assert (end.kind, end.by, end.clean) == (EndKind.FIN, EndedBy.PEER, False)
    assert (end.code, end.received_code, end.sent_code, end.reason) == (1006, None, None, "")


@pytest.mark.parametrize("name", NAMES)
def test_a_conforming_client_fails_and_says_so_too(name: str, peers: Peers, tabs: Tabs) -> None:
    attempt = conversation_with(FailingPeer(name), peers, tabs, "conforming").connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.hint == HINT
    end = snapshot.end
    assert end is not None
    assert (end.clean, end.received_code, end.reason) == (False, None, "")


def test_however_it_is_cut(peers: Peers, tabs: Tabs) -> None:
    pieces = tuple(ANSWER[at : at + 1] for at in range(len(ANSWER)))
    attempt = conversation_with(FailingPeer("rfc6455", pieces), peers, tabs).connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.hint == HINT
    assert snapshot.end is not None
    assert not snapshot.end.clean


def test_half_a_status_line(peers: Peers, tabs: Tabs) -> None:
    attempt = conversation_with(FailingPeer("rfc6455", (b"HTTP/1.1 50",)), peers, tabs).connect()
    assert attempt is not None
    assert ended(attempt).hint == "Probably the server failed and answered in HTTP: HTTP/1.1 50"


def test_what_looks_like_a_ping_behind_it_is_not_answered(peers: Peers, tabs: Tabs) -> None:
    heard: list[bytes] = []

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        # 84 bytes pass for the body of the frame that begins with 48 54.
        link.write(ANSWER[:86] + b"\x89\x00" + b"\x88\x02\x03\xe8")
        link.end()
        while piece := await inbox.read():
            heard.append(piece)

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(talk)}/")
    snapshot = ended(attempt)
    assert snapshot.hint == HINT
    assert (snapshot.frames_out, heard) == (0, [])
    assert snapshot.end is not None
    assert (snapshot.end.clean, snapshot.end.received_code) == (False, None)


def test_http_within_a_message_is_a_message(peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer("rfc6455", [Said(TEXT, ANSWER), Said(PONG, ANSWER[:100])])
    attempt = conversation_with(peer, peers, tabs).connect()
    assert attempt is not None
    assert until(attempt, lambda now: now.frames_in >= 2).hint == ""
    attempt.close()
    snapshot = ended(attempt)
    assert snapshot.hint == ""
    assert snapshot.end is not None
    assert snapshot.end.clean


def test_a_long_line_is_cut() -> None:
    seen = FailedInHttp()
    seen.came(b"\x81\x07HTTP/1.\x81\x00", 0, [0, 9], None)
    assert (seen.at, seen.text) == (None, "")
    seen.came(b"HTTP/1.0 502 " + b"x" * 1000, 11, [], 11)
    assert seen.at == 11
    assert seen.text.endswith("x…")
    assert len(seen.text) < 250


@pytest.mark.parametrize("firsts", [None, b"\x81H"])
def test_a_whole_frame_that_is_an_answer_is_found(firsts: bytes | None) -> None:
    seen = FailedInHttp()
    seen.came(b"\x81\x00" + ANSWER, 0, [0, 2], None, firsts)
    assert (seen.at, seen.text) == (2, HINT)


@given(st.binary(max_size=40), st.lists(st.integers(min_value=1, max_value=9), max_size=60), st.booleans())
def test_it_is_found_however_the_reads_fall(before: bytes, sizes: list[int], firsts_known: bool) -> None:
    data, at = before + ANSWER[:80], len(before)
    seen = FailedInHttp()
    begin = 0
    for size in [*sizes, len(data)]:
        piece = data[begin : begin + size]
        # One frame that was whole before, and the answer from its first byte on.
        pending = at if begin + len(piece) > at else None
        seen.came(piece, begin, [], pending, b"" if firsts_known else None)
        begin += len(piece)
    assert (seen.at, seen.text) == (at, HINT)
