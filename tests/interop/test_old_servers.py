"""The program as client of real servers that speak the versions before RFC 6455."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.conversation.conftest import Tabs, ended, until
from tests.interop.running import peer
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.snapshot import EndKind, Phase
from wsinspector.present.frames import FrameReading
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.draft import DraftLine
from wsinspector.protocol.framings.framing import Abilities
from wsinspector.protocol.opcodes import CLOSE, CONTINUATION, PONG, TEXT
from wsinspector.verdicts.finding import Severity
from wsinspector.verdicts.outcome import Outcome

pytestmark = pytest.mark.interop

SPOKEN = {
    "em-websocket": (
        *("hixie-75", "hixie-76", "hybi-01", "hybi-02", "hybi-03", "hybi-05", "hybi-06", "hybi-07"),
        *("hybi-08", "hybi-11", "rfc6455"),
    ),
    "eventlet": ("hixie-75", "hixie-76", "hybi-08", "hybi-11", "rfc6455"),
    "gevent-websocket": ("hybi-07", "hybi-08", "hybi-11", "rfc6455"),
    "aiohttp": ("hybi-07", "hybi-08", "hybi-11", "rfc6455"),
    "ws": ("hybi-08", "hybi-11", "rfc6455"),
}
"""What each server says it speaks, or was seen to speak."""

PAIRS = [(name, dialect) for name, dialects in SPOKEN.items() for dialect in dialects]
UNASKED = {"hixie-subprotocol"}
QUIRKS = {("eventlet", dialect): UNASKED for dialect in ("hixie-76", "hybi-01", "hybi-02", "hybi-03")}
"""What there is to find fault with in an opening: eventlet names a subprotocol nobody offered."""

TEXTS = ("Hello", "Grüße, 你好 🙂", "", "x" * 70_000)


class Said(NamedTuple):
    out: bool
    opcode: int
    fin: bool
    payload: bytes


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, str]]:
    """URLs of servers by name, each started when first asked for."""
    with contextlib.ExitStack() as stack:

        class Started(dict[str, str]):
            def __missing__(self, name: str) -> str:
                self[name] = stack.enter_context(peer(name))
                return self[name]

        yield Started()


def connect(tabs: Tabs, url: str, name: str, dialect: str, *more: DraftLine) -> tuple[Conversation, Attempt]:
    """Open ``url`` in ``dialect`` with ``more`` lines; all that is remarkable in the answer is known."""
    conversation = tabs.new(url)
    conversation.set_dialect(dialect)
    for line in more:
        conversation.set_draft(conversation.draft.insert(len(conversation.draft.lines), line))
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = until(attempt, lambda seen: seen.phase in (Phase.OPEN, Phase.ENDED))
    assert snapshot.outcome is Outcome.OPEN, (snapshot.outcome, snapshot.verdict, snapshot.network_error)
    assert snapshot.agreed.dialect == dialect
    assert snapshot.verdict is not None
    remarkable = {each.rule for each in snapshot.verdict.findings if each.severity is not Severity.NOTE}
    assert remarkable == QUIRKS.get((name, dialect), set())
    return conversation, attempt


def opened(tabs: Tabs, running: dict[str, str], name: str, dialect: str) -> tuple[Conversation, Attempt]:
    # hybi-01's request is hixie-76's; em-websocket tells them apart by a line that hybi-02 brought.
    more = (DraftLine(b"Sec-WebSocket-Draft", b"1"),) if dialect == "hybi-01" else ()
    return connect(tabs, running[name], name, dialect, *more)


def said(conversation: Conversation, attempt: Attempt) -> list[Said]:
    """All frames in the capture, read as the window reads them."""
    snapshot = attempt.snapshot
    reader = conversation.reader()
    assert reader is not None
    reading = FrameReading(AttemptSource(reader, snapshot.attempt_id), snapshot.agreed, snapshot.role)
    found = []
    for number in range(1, snapshot.frames + 1):
        facts = reading.facts(number)
        assert facts is not None
        found.append(Said(facts.out, facts.opcode, facts.fin, reading.payload(facts, 0, facts.length)))
    return found


def heard(conversation: Conversation, attempt: Attempt, count: int) -> list[Said]:
    """Wait until the peer has sent ``count`` frames; those frames."""
    until(attempt, lambda seen: seen.frames_in >= count and seen.frames >= count + seen.frames_out)
    return [frame for frame in said(conversation, attempt) if not frame.out]


@pytest.mark.parametrize(("name", "dialect"), PAIRS)
def test_texts_go_both_ways(running: dict[str, str], tabs: Tabs, name: str, dialect: str) -> None:
    conversation, attempt = opened(tabs, running, name, dialect)
    for text in TEXTS:
        attempt.send_message(text)
    frames = heard(conversation, attempt, len(TEXTS))
    assert [frame.payload.decode() for frame in frames] == list(TEXTS)
    assert {(frame.opcode, frame.fin) for frame in frames} == {(TEXT, True)}
    sent = [frame for frame in said(conversation, attempt) if frame.out]
    assert [frame.payload.decode() for frame in sent] == list(TEXTS)
    assert (attempt.snapshot.faults, attempt.snapshot.fit) == (0, None)
    attempt.abort()
    ended(attempt)


def able(dialect: str) -> Abilities:
    return dialect_called(dialect).framing.abilities(Agreed(dialect=dialect))


@pytest.mark.parametrize(
    ("name", "dialect"), [(name, dialect) for name, dialect in PAIRS if able(dialect).fragments]
)
def test_fragments_arrive_as_one_message(
    running: dict[str, str], tabs: Tabs, name: str, dialect: str
) -> None:
    conversation, attempt = opened(tabs, running, name, dialect)
    # Two only: em-websocket loses a message's type at the second continuation.
    attempt.send_frame(TEXT, "Grüße".encode()[:3], fin=False)
    attempt.send_frame(CONTINUATION, "Grüße".encode()[3:])
    assert heard(conversation, attempt, 1) == [Said(False, TEXT, True, "Grüße".encode())]
    sent = [(frame.opcode, frame.fin) for frame in said(conversation, attempt) if frame.out]
    assert sent == [(TEXT, False), (CONTINUATION, True)]
    attempt.abort()
    ended(attempt)


@pytest.mark.parametrize(
    ("name", "dialect"), [(name, dialect) for name, dialect in PAIRS if able(dialect).ping]
)
def test_a_ping_is_answered_with_the_same_bytes(
    running: dict[str, str], tabs: Tabs, name: str, dialect: str
) -> None:
    conversation, attempt = opened(tabs, running, name, dialect)
    attempt.ping(b"are you there")
    assert heard(conversation, attempt, 1) == [Said(False, PONG, True, b"are you there")]
    attempt.abort()
    ended(attempt)


def closing_body(name: str, dialect: str) -> bytes | None:
    """What the server's closing frame holds after ours with code 1000; None where none comes."""
    if dialect == "hixie-75" or (name, dialect) == ("eventlet", "hixie-76"):
        return None
    if dialect in ("hixie-76", "hybi-01", "hybi-02", "hybi-03") or name == "gevent-websocket":
        return b""
    return b"C" if dialect == "hybi-05" else b"\x03\xe8"


@pytest.mark.parametrize(("name", "dialect"), PAIRS)
def test_it_is_closed_as_the_dialect_closes(
    running: dict[str, str], tabs: Tabs, name: str, dialect: str
) -> None:
    conversation, attempt = opened(tabs, running, name, dialect)
    attempt.send_message("last")
    heard(conversation, attempt, 1)
    attempt.close(1000)
    snapshot = until(attempt, lambda seen: not seen.live and seen.frames == seen.frames_in + seen.frames_out)
    expected = closing_body(name, dialect)
    closes = [
        frame.payload for frame in said(conversation, attempt) if frame.opcode == CLOSE and not frame.out
    ]
    assert closes == ([] if expected is None else [expected])
    assert snapshot.end is not None
    assert (snapshot.end.kind is EndKind.CLOSE_FRAME) is (expected is not None)


@pytest.mark.parametrize(
    ("name", "dialect"),
    [("eventlet", "hybi-01"), ("eventlet", "hybi-02"), ("eventlet", "hybi-03"), ("em-websocket", "hybi-01")],
)
def test_a_server_that_agrees_and_then_speaks_hixie_76_is_noticed(
    running: dict[str, str], tabs: Tabs, name: str, dialect: str
) -> None:
    _, attempt = connect(tabs, running[name], name, dialect)
    attempt.send_bytes(b"\x00Hello\xff")
    snapshot = until(attempt, lambda seen: seen.fit is not None)
    assert snapshot.fit is not None
    assert snapshot.fit.dialect == "hixie-76"
    assert "00" in snapshot.fit.reason
    attempt.abort()
    ended(attempt)
