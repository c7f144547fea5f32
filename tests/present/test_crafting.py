"""Previews of crafts: figures of bytes that never left, counts, and frames of a log as a start."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.crafting import Preview, craft_of, lacking, preview, summary
from wsinspector.present.frames import FrameReading, facts_of
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.crafting import (
    Craft,
    CraftedFrame,
    Mask,
    Must,
    Payload,
    Source,
    craft_from_plain,
    plan_of,
)
from wsinspector.protocol.frame_facts import FRAME_FACTS
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.framings import framing_called
from wsinspector.protocol.spans import Direction, Role

KEY = bytes.fromhex("37fa213d")


def shown(plain: object, *, sender: Role = Role.CLIENT, agreed: Agreed = NOTHING_AGREED) -> Preview:
    return preview(craft_from_plain(plain), sender=sender, agreed=agreed, keys=lambda: KEY, files={})


def test_a_figure_of_bytes_that_never_left() -> None:
    found = shown({"text": "Hello", "rsv1": True})
    assert found.size_text == "11 bytes, 1 frame, 1 write"
    picture = found.picture(0)
    assert picture is not None
    assert picture.title == "Frame 1 of 1"
    assert [field.name for field in picture.figure.fields][:3] == ["FIN", "RSV1", "RSV2–3"]
    assert "".join(cell.text for cell in picture.figure.cells[:6]) == "1" + "1" + "0" + "0" + "0001" + "1"
    assert [fault.rule for fault in picture.faults] == ["rsv1"]
    assert found.must is Must.FAIL
    assert found.picture(1) is None


@pytest.mark.parametrize("dialect", FRAME_FACTS)
@pytest.mark.parametrize("sender", Role)
def test_every_dialect_is_drawn(dialect: str, sender: Role) -> None:
    agreed = Agreed(dialect=dialect, connection_key=bytes(range(20)))
    found = shown([{"text": "Hello"}, {"text": "World"}], sender=sender, agreed=agreed)
    assert found.frames == 2
    for index in range(2):
        picture = found.picture(index)
        assert picture is not None
        assert picture.figure.cells


def test_an_incomplete_frame_is_the_last_one() -> None:
    found = shown([{"opcode": "ping"}, {"text": "a", "length": 300}])
    assert found.frames == 2
    assert found.must is Must.WAIT
    last = found.picture(1)
    assert last is not None
    assert last.title == "Frame 2 of 2"
    begun = shown({"raw": "81"})
    assert begun.frames == 1
    assert begun.picture(0) is None


@pytest.mark.parametrize(
    ("write", "writes"),
    [
        ("together", "1 write"),
        ("each", "2 writes"),
        ({"size": 4}, "4 writes"),
        ({"chunks": [1, 0, 2]}, "3 writes"),
        ({"chunks": [99]}, "1 write"),
    ],
)
def test_writes_are_counted_as_they_will_be(write: object, writes: str) -> None:
    found = shown({"frames": [{"text": "a"}, {"opcode": 9}], "write": write})
    assert found.size_text == f"13 bytes, 2 frames, {writes}"
    assert len(list(found.plan.chunks())) == int(writes.split()[0])


def test_what_cannot_be_made_is_the_verdict() -> None:
    found = shown({"text": "a", "length": 300, "form": 7})
    assert found.verdict == found.problem == "Length 300 does not fit the 7-bit form."
    assert (found.size_text, found.frames) == ("", 0)


class Log:
    """One side's bytes as a capture has them."""

    def __init__(self, data: bytes, direction: Direction, role: Role) -> None:
        self.data, self.direction = data, direction
        scanner = framing_called("rfc6455").scanner(direction, role, agreed=NOTHING_AGREED)
        scanner.feed(data, 1)
        self.found = scanner.take()

    def columns(self, first_no: int, count: int) -> FrameColumns:
        return self.found

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        return self.data[start:end] if direction is self.direction else b""

    def stream_length(self, direction: Direction) -> int:
        return len(self.data)

    def times(self, direction: Direction, start: int, end: int) -> "array[int]":
        return array("q")

    def window_before(self, direction: Direction, message: int) -> None:
        return None

    def left_out(self, direction: Direction) -> list[tuple[int, int]]:
        return []


def taken(data: bytes, direction: Direction = Direction.OUT) -> tuple[CraftedFrame, bool]:
    sender = Role.CLIENT if direction is Direction.OUT else Role.SERVER
    log = Log(data, direction, sender)
    return craft_of(FrameReading(log), facts_of(log.found, 0, 1))


@given(
    opcode=st.integers(0, 15),
    payload=st.binary(max_size=300),
    fin=st.booleans(),
    rsv=st.integers(0, 7),
    key=st.none() | st.binary(min_size=4, max_size=4),
    wide=st.booleans(),
)
def test_a_frame_of_the_log_comes_back_to_the_bit(
    opcode: int, payload: bytes, fin: bool, rsv: int, key: bytes | None, wide: bool
) -> None:
    data = encode_frame(opcode, payload, fin=fin, rsv=rsv, key=key, length_form=64 if wide else None)
    frame, whole = taken(data)
    assert whole
    plan = plan_of(Craft((frame,)), sender=Role.CLIENT, keys=lambda: KEY)
    assert plan.read(0, plan.size) == data


def test_a_frame_of_the_peer_is_masked_as_we_do() -> None:
    frame, _ = taken(encode_frame(1, b"Hello"), Direction.IN)
    assert frame == CraftedFrame(payload=Payload(Source.TEXT, "Hello"))
    assert frame.mask is Mask.ROLE


def test_of_a_large_payload_the_beginning_comes_along() -> None:
    frame, whole = taken(encode_frame(2, bytes(70_000), key=KEY))
    assert not whole
    assert frame.length == 70_000


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ({"text": "Hello"}, "text “Hello”"),
        ({"opcode": 3, "rsv2": True, "mask": "off"}, "0x3, RSV2, mask off"),
        ([{"opcode": 9}, {"raw": "81 05"}], "ping · bytes 81 05"),
        ({"random": 1, "size": 200, "length": 7, "form": 16}, "text 200 random, says 7, 16 bits"),
        ({"text": "a\u202eb" * 20, "fragments": 3}, "text “a·ba·ba·ba·ba·ba·ba·ba·b…”, fragments"),
        ([{"opcode": 9}] * 5, "ping · ping · ping · …"),
    ],
)
def test_a_craft_in_a_line(plain: object, text: str) -> None:
    assert summary(craft_from_plain(plain)) == text


def test_what_dialects_lack() -> None:
    assert lacking(NOTHING_AGREED) == ""
    assert "no FIN" in lacking(Agreed(dialect="hixie-75"))
    assert lacking(Agreed(dialect="hybi-02")) == "hybi-02 masks nothing."
