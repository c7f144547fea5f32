"""Frames without a scanner: bytes and the columns that belong to them."""

from array import array

from wsinspector.capture import AttemptWriter, CaptureWriter
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_OUT, FLAG_STARTS_MESSAGE, FrameColumns
from wsinspector.protocol.spans import Direction

HEADER = 2
PAYLOAD = 125
FRAME = HEADER + PAYLOAD


def one_frame(no: int) -> bytes:
    """Frame ``no``: binary, 125 bytes that say which one it is."""
    return b"\x82\x7d" + no.to_bytes(5, "big") * 25


def run_of_frames(
    first_no: int, count: int, direction: Direction = Direction.IN, offset: int | None = None, at_ns: int = 7
) -> tuple[bytes, FrameColumns]:
    """``count`` frames from ``first_no``; ``offset`` is where they begin in their stream."""
    start = (first_no - 1) * FRAME if offset is None else offset
    flags = FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE | (FLAG_OUT if direction is Direction.OUT else 0)
    data = b"".join(one_frame(no) for no in range(first_no, first_no + count))
    return data, FrameColumns(
        array("Q", range(start, start + count * FRAME, FRAME)),
        array("B", [HEADER]) * count,
        array("Q", [PAYLOAD]) * count,
        array("B", [0x82]) * count,
        array("B", [flags]) * count,
        array("q", [at_ns]) * count,
        array("I", range(first_no, first_no + count)),
        array("I", [0]) * count,
    )


def new_attempt(writer: CaptureWriter, number: int = 1, conversation: int | None = None) -> AttemptWriter:
    """Attempt ``number`` of a new conversation, or of the one given."""
    if conversation is None:
        conversation = writer.new_conversation("ws://127.0.0.1", {})
    return writer.new_attempt(conversation, number, wall_ns=10**18, mono_ns=5, facts={"url": "ws://x"})
