"""A message opened: any part of it can be read, joined and inflated, and what fails is named by its byte."""

import random
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.present.recording import BINARY, PING, TEXT, Recording
from wsinspector.present import inflated_pages
from wsinspector.present.inflated_pages import FaultPlace
from wsinspector.present.inflation import Inflation
from wsinspector.present.opened import Opened, fault_text, open_message
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import TAIL, DeflateParameters, Deflater, InflateFault


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "plain.wsi")
    yield made
    made.close()


@pytest.fixture
def deflated(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "deflated.wsi", deflate=True)
    yield made
    made.close()


def opened(recording: Recording, *numbers: int, at_most: int = 1 << 20) -> Opened:
    reading = recording.reading()
    found = open_message(reading, Inflation(reading), array("Q", numbers), at_most)
    assert found is not None
    return found


def test_fragments_of_ours_are_joined_unmasked_and_each_has_its_share(recording: Recording) -> None:
    recording.sent(TEXT, b"one ", fin=False)
    recording.received(PING, b"between")
    recording.sent(0, b"", fin=False)
    recording.sent(0, b"two")
    found = opened(recording, 1, 3, 4)
    assert found.pages.read(0, 100) == b"one two"
    assert found.pages.read(3, 5) == b" t"
    assert (found.payload.total, found.payload.wire, found.payload.frames) == (7, 7, 3)
    assert list(found.ends) == [4, 4, 7]
    assert (found.parts.headers, found.parts.index_at(4)) == (18, 2)


def test_a_frame_that_is_not_there_opens_nothing(recording: Recording) -> None:
    recording.received(TEXT, b"x")
    reading = recording.reading()
    assert open_message(reading, Inflation(reading), array("Q", [9]), 10) is None
    assert open_message(reading, Inflation(reading), array("Q"), 10) is None


def test_any_part_of_an_inflated_message_is_read_from_the_nearest_place(
    deflated: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inflated_pages, "STEP", 5000)
    monkeypatch.setattr(inflated_pages, "FEED", 64)
    monkeypatch.setattr(inflated_pages, "MOST_PLACES", 4)
    draw = random.Random(5)
    words = [draw.randbytes(6).hex() for _ in range(400)]
    text = " ".join(draw.choice(words) for _ in range(8000))
    deflated.compressed(text[:3000])
    whole = deflated.deflater.deflate(text.encode())
    third = len(whole) // 3
    deflated.received(TEXT, whole[:third], fin=False, rsv=4)
    deflated.received(0, whole[third : 2 * third], fin=False)
    deflated.received(0, whole[2 * third :])
    found = opened(deflated, 2, 3, 4, at_most=100)
    data = text.encode()
    assert found.payload.data == data[:100]
    assert (found.payload.total, found.payload.wire) == (len(data), len(whole))
    assert found.ends[-1] == len(data)
    assert 0 < found.ends[0] < found.ends[1]
    for _ in range(60):
        start = draw.randrange(len(data))
        end = start + draw.randrange(20_000)
        assert found.pages.read(start, end) == data[start:end]
    assert found.fault_place is None


def test_a_message_that_does_not_inflate_names_the_frame_and_the_byte(deflated: Recording) -> None:
    good = deflated.deflater.deflate(b"some words, some words, some words")
    deflated.received(TEXT, good[:4], fin=False, rsv=4)
    # Behind a whole block, 3 stands where the type of a block must be 0, 1 or 2 (RFC 1951 §3.2.3).
    deflated.received(0, good[4:] + TAIL + b"\x07\xff\xff")
    found = opened(deflated, 1, 2)
    assert found.payload.fault is InflateFault.FAILED
    assert found.fault_place == FaultPlace(2, len(good), "invalid block type")
    at = len(good)
    assert fault_text(found) == (
        f"Does not inflate from byte {at} of the payload of #2 on: invalid block type."
    )
    assert found.payload.data == b"some words, some words, some words"
    assert found.pages.read(5, 100) == b"words, some words, some words"


def test_without_the_window_of_a_lost_message_nothing_is_inflated(deflated: Recording) -> None:
    deflated.received(TEXT, b"\x07\x07\x07", rsv=4)
    deflated.compressed("later")
    found = opened(deflated, 2)
    assert found.payload.fault is InflateFault.FAILED
    assert (found.pages.length(), found.fault_place) == (0, None)
    assert fault_text(found).startswith("Not inflated: an earlier message failed")


def test_a_bomb_stops_at_the_limit_and_costs_little(tmp_path: Path) -> None:
    agreed = Agreed(DeflateParameters(), inflate_limit=8 << 20)
    made = Recording(tmp_path / "bomb.wsi", agreed=agreed)
    made.received(BINARY, Deflater().deflate(bytes(32 << 20)), rsv=4)
    found = opened(made, 1, at_most=1000)
    assert found.payload.fault is InflateFault.LIMIT
    assert found.payload.data == bytes(1000)
    assert 4 << 20 <= found.pages.length() <= 8 << 20
    assert found.pages.read(found.pages.length() - 5, 1 << 40) == bytes(5)
    made.close()


def test_frames_deflated_each_for_itself_are_read_at_any_place(tmp_path: Path) -> None:
    agreed = Agreed(DeflateParameters(server_no_context_takeover=True))
    made = Recording(tmp_path / "own.wsi", agreed=agreed)
    for word in (b"first", b"second"):
        made.received(TEXT, Deflater(takeover=False).deflate(word), rsv=4)
    assert opened(made, 2).pages.read(1, 4) == b"eco"
    made.close()


def test_opening_gives_up_once_it_is_told_to(deflated: Recording) -> None:
    deflated.compressed("words")
    reading = deflated.reading()
    assert open_message(reading, Inflation(reading), array("Q", (1,)), 10, lambda: True) is None


def test_many_small_fragments_are_cut_out_of_the_stream_at_once(recording: Recording) -> None:
    data = random.Random(3).randbytes(900)
    numbers = array("Q")
    for at in range(300):
        if at % 70 == 9:
            recording.received(PING, b"between")
            recording.sent(PING, b"ours")
        recording.received(BINARY if not at else 0, data[3 * at : 3 * at + 3], fin=at == 299)
        numbers.append(recording.frames)
    reading = recording.reading()
    found = open_message(reading, Inflation(reading), numbers, 1 << 20)
    assert found is not None
    assert found.payload.data == data
    for start, end in ((0, 900), (1, 899), (100, 101), (400, 2000), (899, 900), (3, 600)):
        assert found.pages.read(start, end) == data[start:end]


@pytest.mark.parametrize("takeover", [True, False])
def test_a_later_fragment_alone_gives_its_share(tmp_path: Path, takeover: bool) -> None:
    agreed = Agreed(DeflateParameters(server_no_context_takeover=not takeover))
    made = Recording(tmp_path / "a.wsi", agreed=agreed)
    deflater = Deflater(takeover=takeover)
    made.received(TEXT, deflater.deflate(b"before, and before"), rsv=4)
    whole = deflater.deflate(b"before, then now, and now again")
    made.received(TEXT, whole[:9], fin=False, rsv=4)
    made.received(PING, b"between")
    made.received(0, whole[9:])
    both = opened(made, 2, 4)
    alone = opened(made, 4)
    assert both.payload.data == b"before, then now, and now again"
    assert alone.fault_place is None
    assert alone.payload.data == both.payload.data[both.ends[0] :]
    assert 0 < len(alone.payload.data) < len(both.payload.data)
    made.close()
