"""Frames as they come held against conditions: the same answers as the log's filter gives."""

from wsinspector.conversation.watching import Came, FrameWatch, Wanted
from wsinspector.filter import parse
from wsinspector.protocol.arriving import NOTHING_AGREED
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.framings import framing_called
from wsinspector.protocol.scanner import Rfc6455Scanner
from wsinspector.protocol.spans import Direction, Role

MS = 1_000_000


class Peer:
    """A server's frames as a client's traffic sees them; each call is one read, a millisecond later."""

    def __init__(self) -> None:
        self.scanner = Rfc6455Scanner(Direction.IN, Role.SERVER, message_events=True)
        self.watch = FrameWatch(start=0)
        self.reads: list[Came] = []
        self.watch.begin(self.reads.append, contents=True)
        self._at = 0

    def says(self, *frames: bytes) -> None:
        self._at += MS
        self.scanner.feed(b"".join(frames), self._at)
        columns = self.scanner.take()
        if len(columns):
            self.watch.came(
                columns,
                self.scanner.numbering.frames,
                self.scanner.drain(),
                framing_called("rfc6455"),
                NOTHING_AGREED,
            )
        self.watch.tell()


def first(peer: Peer, text: str, after: int = 0, until: int | None = None) -> int | None:
    parsed = parse(text)
    assert parsed.condition is not None, parsed.mistakes
    wanted = Wanted(parsed.condition)
    for read in peer.reads:
        hit = wanted.first_in(read, after, until)
        if hit is not None:
            return hit.number
    return None


def test_a_message_in_one_frame_by_its_payload_its_json_and_its_size() -> None:
    peer = Peer()
    peer.says(encode_frame(1, b"Hello"), encode_frame(1, b'{"n": 7}'))
    peer.says(encode_frame(2, b"\x00\xff"))
    assert first(peer, 'payload contains "ell"') == 1
    assert first(peer, "json.n == 7") == 2
    assert first(peer, "type == binary and size == 2") == 3
    assert first(peer, "type == text", after=1) == 2
    assert first(peer, "json.n == 8") is None


def test_a_message_of_several_frames_is_decided_with_its_last_by_the_whole() -> None:
    peer = Peer()
    peer.says(encode_frame(1, b"Hel", fin=False))
    peer.says(encode_frame(9, b"p"), encode_frame(0, b"lo"))
    assert first(peer, 'payload contains "Hello"') == 3
    assert first(peer, 'payload contains "Hel" and size == 3') is None
    assert first(peer, "type == text and size == 5") == 3
    assert first(peer, "type == continuation") == 3
    assert first(peer, "type == text") == 1
    assert first(peer, 'type == ping and payload == "p"') == 2


def test_a_close_by_its_code_and_a_time_limit() -> None:
    peer = Peer()
    peer.says(encode_frame(1, b"a"))
    peer.says(encode_frame(8, b"\x03\xe9bye"))
    assert first(peer, "close.code == 1001") == 2
    assert first(peer, "close.reason contains bye") == 2
    assert first(peer, "type == close", until=MS) is None
    assert first(peer, "delta >= 1ms") == 2


def test_of_a_message_at_fault_the_payload_is_known_and_the_fault() -> None:
    peer = Peer()
    peer.says(encode_frame(1, b"ab\xff"))
    assert first(peer, "finding == bad-utf8") == 1
    assert first(peer, 'payload contains "ab"') == 1


def test_what_cannot_be_told_is_no_hit_and_is_remembered() -> None:
    peer = Peer()
    peer.says(encode_frame(3, b"ab"))
    parsed = parse('payload contains "ab"')
    assert parsed.condition is not None
    wanted = Wanted(parsed.condition)
    assert wanted.first_in(peer.reads[0]) is None
    assert wanted.undecided == [1]


def test_the_nearest_frame_is_known_and_what_it_lacks() -> None:
    peer = Peer()
    peer.says(encode_frame(1, b'{"n": 1}'), encode_frame(1, b'{"n": 2}'), encode_frame(2, b""))
    parsed = parse("type == text and json.n == 2 and size > 100")
    assert parsed.condition is not None
    wanted = Wanted(parsed.condition)
    assert wanted.first_in(peer.reads[0]) is None
    near = wanted.near
    assert near is not None
    assert (near.number, near.fits, near.of) == (2, 2, 3)
    assert parse("size > 100").condition == near.lacks
    assert wanted.seen == 3


def test_nobody_is_told_who_has_left() -> None:
    peer = Peer()
    peer.watch.end(peer.reads.append)
    assert not peer.watch.on
    assert not peer.watch.contents
