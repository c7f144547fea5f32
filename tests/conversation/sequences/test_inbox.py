"""Waiting for frames by a clock that is given: what is kept, what is used up, what was too much."""

import asyncio

import pytest

from wsinspector.conversation.sequences import inbox as module
from wsinspector.conversation.sequences.inbox import FrameInbox
from wsinspector.conversation.watching import MOST_UNDECIDED, Came, Wanted
from wsinspector.filter import parse
from wsinspector.filter.content import Content
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE, FrameColumns

SECOND = 1_000_000_000


def came(first_no: int, *payloads: bytes, at: int = 0, first: int = 0x81, known: bool = True) -> Came:
    """A read of whole text messages."""
    columns = FrameColumns()
    for number, payload in enumerate(payloads, first_no):
        columns.offset.append(100 * number)
        columns.header.append(2)
        columns.length.append(len(payload))
        columns.first.append(first)
        columns.flags.append(FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE)
        columns.time.append(at)
        columns.message.append(number)
        columns.anomalies.append(0)
    contents = {first_no + at: Content(payload, True) for at, payload in enumerate(payloads)} if known else {}
    return Came(first_no, columns, 0, None, {}, contents)


def wanted(text: str) -> Wanted:
    condition = parse(text).condition
    assert condition is not None
    return Wanted(condition)


def test_a_hit_uses_up_what_came_before_it() -> None:
    async def body() -> None:
        made = FrameInbox(lambda: 0)
        made.came(came(1, b"a", b"b"))
        made.came(came(3, b"c", b"a"))
        hit = await made.first(wanted('payload == "b"'), SECOND)
        assert hit is not None
        assert (hit.number, made.used) == (2, 2)
        hit = await made.first(wanted('payload == "a"'), SECOND)
        assert hit is not None
        assert hit.number == 4
        assert await made.first(wanted('payload == "c"'), -1) is None

    asyncio.run(body())


def test_a_frame_behind_the_time_limit_does_not_count() -> None:
    async def body() -> None:
        made = FrameInbox(lambda: 3 * SECOND)
        made.came(came(1, b"late", at=2 * SECOND))
        assert await made.first(wanted('payload == "late"'), SECOND) is None
        assert await made.first(wanted('payload == "late"'), 2 * SECOND) is not None

    asyncio.run(body())


def test_waiting_ends_with_what_comes_meanwhile_or_with_the_connection() -> None:
    async def body() -> None:
        made = FrameInbox(lambda: 0)
        loop = asyncio.get_running_loop()
        loop.call_soon(lambda: made.came(came(1, b"x")))
        hit = await made.first(wanted('payload == "x"'), 60 * SECOND)
        assert hit is not None

        def end() -> None:
            made.over = True
            made.wake()

        loop.call_soon(end)
        assert await made.first(wanted('payload == "y"'), 60 * SECOND) is None

    asyncio.run(body())


def test_more_than_is_kept_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FRAMES", 5)

    async def body() -> None:
        made = FrameInbox(lambda: 0)
        for first_no in range(1, 13, 2):
            made.came(came(first_no, b"a", b"b"))
        assert made.passed == 8
        hit = await made.first(wanted('payload == "a"'), SECOND)
        assert hit is not None
        assert hit.number == 9

    asyncio.run(body())


def test_payloads_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    made = FrameInbox(lambda: 0)
    for number in range(1, 6):
        made.came(came(number, bytes(400)))
    assert made.passed == 3


def test_after_many_that_cannot_be_told_payloads_are_left_alone() -> None:
    asked = wanted('payload contains "x"')
    for number in range(1, 100):
        assert asked.first_in(came(number, b"x", known=False)) is None
    assert len(asked.undecided) == MOST_UNDECIDED
    assert asked.first_in(came(200, b"x")) is None
