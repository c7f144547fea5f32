"""What an exchange makes of bytes does not depend on how they are cut."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.conversation.conftest import switching
from wsinspector.conversation.exchange import Exchange
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.draft import standard_draft
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import CLOSE, PING, TEXT
from wsinspector.protocol.policy import CONFORMING, TOLERANT, WATCH, Command, PolicySettings, TcpEnd

REQUEST = standard_draft(b"/", b"a.test", b"dGhlIHNhbXBsZSBub25jZQ==").to_bytes()
STREAM = (
    b"HTTP/1.1 103 Early Hints\r\n\r\n"
    + switching(REQUEST)
    + encode_frame(TEXT, b"Hel", fin=False)
    + encode_frame(PING, b"in between")
    + encode_frame(0, b"lo")
    + encode_frame(TEXT, b"\xff\xfe rest of it")
    + encode_frame(TEXT, b"x" * 300)
    + encode_frame(CLOSE, b"\x03\xe8bye")
    + encode_frame(PING, b"after")[:4]
)

pieces = st.lists(st.integers(0, len(STREAM)), max_size=12).map(sorted)


def follow(cuts: list[int], settings: PolicySettings) -> tuple[Exchange, FrameColumns, list[Command]]:
    exchange = Exchange(REQUEST, settings)
    commands: list[Command] = []
    columns = FrameColumns()
    edges = [0, *cuts, len(STREAM)]
    for start, end in pairwise(edges):
        commands += exchange.received(STREAM[start:end], 5)
        columns.extend(exchange.take())
    commands += exchange.peer_ended(TcpEnd.FIN, 5)
    columns.extend(exchange.take())
    return exchange, columns, commands


@given(pieces, st.sampled_from([TOLERANT, CONFORMING, WATCH]))
def test_cut_anywhere(cuts: list[int], settings: PolicySettings) -> None:
    whole, columns, commands = follow([], settings)
    cut, cut_columns, cut_commands = follow(cuts, settings)
    assert cut_columns == columns
    assert cut.response == whole.response
    assert cut.reader.interim == whole.reader.interim
    assert cut.verdict == whole.verdict
    assert (cut.frames_in, cut.faults) == (whole.frames_in, whole.faults) == (7, 1)
    assert cut.would_stop == whole.would_stop
    assert cut.stopped == whole.stopped
    # A fault may be told before its frame is whole and has a number; the stop above has it.
    assert [type(command) for command in cut_commands] == [type(command) for command in commands]


def test_the_stop_names_the_frame_though_it_was_told_early() -> None:
    at = STREAM.index(b"\xff\xfe")
    exchange, _, _ = follow([at + 3], TOLERANT)
    assert exchange.would_stop is not None
    assert (exchange.would_stop.number, exchange.would_stop.code) == (4, 1007)
