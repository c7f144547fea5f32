"""Crafted frames sent to real servers: what each did, as ``crafted.toml`` has it, beside what RFC 6455 wants.

An answer is what came in, in order, and how it stood at the end: ``open`` where a binary message behind the
craft, the only one there is, came back, ``ends`` where TCP ended without a Close (by FIN or RST: the message
that nobody reads makes one of the other), ``silent`` where neither came in time. It is a message and no Ping,
as some answer a Ping before the application has seen what came before it. The row ``conforming`` is our own
verdict where no compression was agreed on.
"""

import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conversation.conftest import SECONDS, Tabs
from tests.interop.running import peer
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.present.frames import FrameReading
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.crafting import Must, craft_from_plain, judge, plan_of
from wsinspector.protocol.draft import DraftLine
from wsinspector.protocol.opcodes import CLOSE, OPCODES
from wsinspector.protocol.spans import Role

pytestmark = pytest.mark.interop

TABLE = Path(__file__).parent / "crafted.toml"
SERVERS = ("websockets", "aiohttp", "tornado", "uvicorn", "ws")
SILENCE = 2.0  # seconds; whoever answers does so in a few milliseconds
STILL_THERE = b"still there?"

CRAFTS: dict[str, dict[str, Any]] = {
    "a text": {"text": "Hello"},
    "a text byte by byte": {"text": "Hello", "write": {"size": 1}},
    "fragments with a ping between": {
        "text": "Hello",
        "fragments": [3],
        "between": [{"after": 1, "opcode": "ping", "text": "in between"}],
    },
    "a sequence cut across fragments": {"text": "é", "fragments": "split-sequence"},
    "zero key": {"text": "Hello", "mask": "zero"},
    "not masked": {"text": "Hello", "mask": "off"},
    "rsv1 alone": {"text": "Hello", "rsv1": True},
    "rsv2": {"text": "Hello", "rsv2": True},
    "rsv3 on a ping": {"opcode": "ping", "rsv3": True},
    "opcode 3": {"opcode": 3, "text": "Hello"},
    "opcode 11": {"opcode": 11, "text": "Hello"},
    "length in 16 bits": {"text": "Hello", "form": 16},
    "length in 64 bits": {"text": "Hello", "form": 64},
    "length with its top bit": {"text": "Hello", "length": 1 << 63},
    "ping without fin": {"opcode": "ping", "fin": False},
    "ping of 126 bytes": {"opcode": "ping", "pattern": "a", "size": 126},
    "stray continuation": {"opcode": 0, "text": "Hello"},
    "a text within a message": {
        "frames": [{"text": "Hel", "fin": False}, {"text": "Hello"}, {"opcode": 0, "text": "lo"}]
    },
    "lone surrogate": {"invalid": "high-surrogate"},
    "overlong": {"invalid": "overlong-2"},
    "incomplete sequence": {"invalid": "incomplete"},
    "close with one byte": {"opcode": "close", "hex": "03"},
    "close 1005": {"opcode": "close", "code": 1005},
    "close with no UTF-8": {"opcode": "close", "hex": "03 e8 ff"},
    "close 4321": {"opcode": "close", "code": 4321},
    "compressed": {"text": "Hello", "compression": "yes"},
    "a final block": {"text": "Hello", "compression": "final-block"},
    "the tail kept": {"text": "Hello", "compression": "tail-kept"},
    "a broken block": {"text": "Hello", "compression": "corrupt"},
    "bytes never sent": {"text": "Hello", "compression": "missing-context"},
}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Name and URL of a running peer."""
    with peer(request.param) as url:
        yield request.param, url


def opened(tabs: Tabs, url: str) -> tuple[Conversation, Attempt]:
    """An open connection that offered permessage-deflate."""
    conversation = tabs.new(url)
    draft = conversation.draft
    line = DraftLine(b"Sec-WebSocket-Extensions", b"permessage-deflate; client_max_window_bits")
    conversation.set_draft(draft.insert(len(draft.lines), line))
    attempt = conversation.connect()
    assert attempt is not None
    assert attempt.wait_for(lambda snapshot: snapshot.phase is Phase.OPEN, SECONDS) is not None
    return conversation, attempt


def did(conversation: Conversation, attempt: Attempt, plain: dict[str, Any]) -> str:
    """Send a craft and a message behind it; what the server did."""
    attempt.craft(craft_from_plain(plain)).wait(SECONDS)
    attempt.send_message(STILL_THERE)
    told: list[str] = []
    looked = 0
    while "binary" not in told:
        known = attempt.wait_for(partial(more, looked), SILENCE)
        if known is None:
            told.append("silent")
            break
        told += came(conversation, attempt, looked + 1, known)
        looked = known.frames
        if whole(known):
            break
    attempt.abort()
    assert attempt.wait_ended(SECONDS) is not None
    if told and told[-1] == "binary":
        told[-1] = "open"
    elif not any(each.startswith(("close", "silent")) for each in told):
        told.append("ends")
    return ", ".join(told)


def more(looked: int, snapshot: AttemptSnapshot) -> bool:
    """Whether there are frames beyond ``looked``, or there will be none."""
    return snapshot.frames > looked or whole(snapshot)


def whole(snapshot: AttemptSnapshot) -> bool:
    """Whether it has ended, and every frame can be read."""
    return not snapshot.live and snapshot.frames >= snapshot.frames_in + snapshot.frames_out


def came(conversation: Conversation, attempt: Attempt, first: int, snapshot: AttemptSnapshot) -> list[str]:
    """The frames that came in from ``first`` on."""
    reader = conversation.reader()
    assert reader is not None
    reading = FrameReading(AttemptSource(reader, attempt.attempt_id), snapshot.agreed)
    told = []
    for number in range(first, snapshot.frames + 1):
        facts = reading.facts(number)
        assert facts is not None
        if facts.out:
            continue
        name = OPCODES[facts.opcode].name
        if facts.opcode == CLOSE and facts.length:
            name += f" {int.from_bytes(reading.payload(facts, 0, 2), 'big')}"
        told.append(name)
    return told


@pytest.mark.parametrize("name", CRAFTS)
def test_a_server_does_what_the_table_says(server: tuple[str, str], name: str, tabs: Tabs) -> None:
    conversation, attempt = opened(tabs, server[1])
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    assert did(conversation, attempt, CRAFTS[name]) == table[server[0]][name]


def test_the_table_holds_every_server_and_craft() -> None:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    assert set(table) == {*SERVERS, "conforming"}
    assert all(set(row) == set(CRAFTS) for row in table.values())


@pytest.mark.parametrize("name", CRAFTS)
def test_what_a_conforming_server_does_is_what_the_verdict_says(name: str) -> None:
    """Without compression agreed on."""
    expected = tomllib.loads(TABLE.read_text(encoding="utf-8"))["conforming"][name]
    plan = plan_of(craft_from_plain(CRAFTS[name]), sender=Role.CLIENT, keys=lambda: b"\x01\x02\x03\x04")
    judged = judge(plan)
    failing = judged.failing
    if failing is not None:
        assert expected == f"close {failing.code}"
    else:
        closes = [line.code for line in judged.lines if line.must is Must.CLOSE]
        assert expected == (f"close {closes[0]}" if closes else "takes it")
