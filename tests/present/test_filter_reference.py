"""Every example that explains the filter fits some frame, and not every frame."""

from tests.present.recording import BINARY, CLOSE, OUT, PING, PONG, SECOND, TEXT, Recording
from tests.present.test_filtering import found
from wsinspector.filter import parse, reference
from wsinspector.present.filtering import end_fits
from wsinspector.protocol.frames import encode_frame


def of_everything(recording: Recording) -> None:
    """Frames of every sort, at least twenty messages, some of them late."""
    for number in range(18):
        recording.received(TEXT, b"%d" % number)
    recording.received(TEXT, b'{"event": "price", "id=17": 3}')
    recording.sent(TEXT, b"hello, abc, Price, id=17")
    recording.sent(PING, b"a")
    recording.received(PONG, b"a", after=200_000_000)
    recording.received(TEXT, b"par", fin=False)
    recording.received(0, b"ts")
    recording.received(TEXT, b"\xff")
    for rsv in (1, 2):
        recording.received(BINARY, b"x" * 125, rsv=rsv)
    recording.received(0xB, b"")
    recording.received(BINARY, b"y" * 2000, after=13 * SECOND)
    recording.compressed("some words, some words")
    recording.wire(OUT, encode_frame(TEXT, b"not masked"))
    recording.sent(TEXT, b"hello", rsv=0)
    recording.received(TEXT, b'{"hello": 1}')
    recording.received(CLOSE, b"\x03\xe8idle too long")


def test_every_example_fits_some_frames(deflated: Recording) -> None:
    of_everything(deflated)
    for entry in reference():
        hits = found(deflated, entry.example, marks=(3,))
        end = end_fits(parse(entry.example).condition, at_ns=0, code=1006, reason="")
        assert hits or end, entry.example
        assert len(hits) < deflated.frames, entry.example
