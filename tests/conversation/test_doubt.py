"""A server that takes a draft in the handshake and then speaks another: told live and from the file."""

from pathlib import Path

import pytest

from tests.conversation.conftest import Peers, Tabs, ended, until
from tests.conversation.dialect_peer import DialectPeer, Said
from tests.present.recording import Recording
from wsinspector.conversation.decoded import DecodedSource, decoding_of
from wsinspector.conversation.doubt import Doubt, doubted
from wsinspector.conversation.snapshot import Fit
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.dialects.fits import LOOKED_AT
from wsinspector.protocol.http_reader import parse_request
from wsinspector.protocol.opcodes import TEXT
from wsinspector.protocol.spans import Direction, Role

HIXIE = b"\x00Hello\xff"
RFC = bytes.fromhex("810548656c6c6f")


async def ignoring_the_draft(link: Link) -> None:
    """The handshake of hixie-76 whatever the draft, and hixie-76's frames."""
    inbox = Inbox(link)
    head = parse_request(await inbox.read_until(b"\r\n\r\n"))
    tail = b""
    while len(tail) < 8:
        tail += await inbox.read()
    hixie = dialect_called("hixie-76")
    answer = hixie.handshake.answer(
        hixie, head, tail, location=b"ws://x/", subprotocol=None, extensions=(), random=bytes
    )
    link.write(answer + HIXIE)
    await inbox.read()
    link.write(b"\x00again\xff\xff\x00")


def test_drafts_that_are_taken_and_not_spoken(peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(ignoring_the_draft)}/")
    conversation.set_dialect("hybi-02")
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = until(attempt, lambda now: now.fit is not None)
    assert snapshot.agreed.dialect == "hybi-02"
    assert snapshot.fit is not None
    assert snapshot.fit.dialect == "hixie-76"
    assert snapshot.fit.reason.startswith("The frames begin with 00 and end with FF, as hixie-76's do;")
    attempt.send_message("again")
    over = ended(attempt)
    assert over.fit == snapshot.fit
    until(attempt, lambda now: now.frames >= now.frames_in + now.frames_out)
    reader = conversation.reader()
    assert reader is not None
    decoding = decoding_of(reader, over, "hixie-76")
    assert decoding is not None
    source = DecodedSource(reader, over.attempt_id, decoding)
    while source.catch_up(snapshot=over):
        pass
    columns = source.columns(1, source.frames)
    first = [each for each, flags in zip(columns.first, columns.flags, strict=True) if not flags & 1]
    assert first == [0x81, 0x81, 0x88]


@pytest.mark.parametrize("name", ["hixie-76", "hybi-03", "hybi-05", "hybi-07", "rfc6455"])
def test_what_was_agreed_and_spoken_is_left_alone(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name, [Said(TEXT, b"one"), Said(TEXT, b"two")])
    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(peer.handle)}/")
    conversation.set_dialect(name)
    attempt = conversation.connect()
    assert attempt is not None
    assert until(attempt, lambda now: now.frames_in >= 2).fit is None
    attempt.cancel()
    ended(attempt)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_however_the_bytes_are_cut(tmp_path: Path, size: int) -> None:
    recording = Recording(tmp_path / "cut.wsi")
    doubt = Doubt(Agreed(dialect="hybi-03"), Role.CLIENT)
    data = b"HTTP" + HIXIE * 3
    recording.wire(Direction.IN, data[:4])
    for at in range(4, len(data), size):
        doubt.came(data[at : at + size])
        recording.wire(Direction.IN, data[at : at + size])
    assert doubt.over
    assert doubt.fit is not None
    source = recording.source()
    kept = doubted(source.reader, source.attempt_id, Agreed(dialect="hybi-03"), Role.CLIENT, 4)
    assert kept == doubt.fit
    assert doubted(source.reader, source.attempt_id, Agreed(dialect="hixie-76"), Role.CLIENT, 4) is None
    assert doubted(source.reader, source.attempt_id, Agreed(dialect="hybi-03"), Role.CLIENT, None) is None
    recording.close()


def test_it_is_over_after_the_first_bytes() -> None:
    doubt = Doubt(Agreed(), Role.CLIENT)
    while not doubt.over:
        doubt.came(RFC)
    assert doubt.fit is None
    doubt.came(HIXIE * LOOKED_AT)
    assert doubt.fit is None


def test_a_fit_says_why() -> None:
    doubt = Doubt(Agreed(dialect="hixie-76"), Role.CLIENT)
    doubt.came(RFC)
    assert doubt.fit == Fit(
        "rfc6455",
        "The first frame begins with 81 05, as rfc6455's do; hixie-76's texts begin with 00.",
    )
