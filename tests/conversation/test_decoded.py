"""The same bytes under another dialect: what a scanner of that dialect makes of them, and nothing else."""

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.present.recording import IN, MS, OUT, SECOND, Recording
from wsinspector.conversation.decoded import DecodedSource, Decoding, agreed_as, decoding_of, frame_starts
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, Phase
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.columns import FLAG_OUT, FrameColumns
from wsinspector.protocol.deflate import WINDOW
from wsinspector.protocol.dialects import DIALECTS, dialect_called
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http_reader import ResponseReader
from wsinspector.protocol.spans import Direction, Role

NAMES = [dialect.name for dialect in DIALECTS]
Frames = list[tuple[int, ...]]

REQUEST = (
    b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Draft: 2\r\n"
    b"Origin: http://example.com\r\n\r\n^n:ds[4U"
)
ANSWER = (
    b"HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Location: ws://127.0.0.1/echo\r\nSec-WebSocket-Origin: http://example.com\r\n\r\n"
    b"8jKS'y:G*Co,Wxa-"
)


def rows(columns: FrameColumns, *, out: bool) -> Frames:
    """What a scanner tells of each frame of one direction, apart from times and numbers."""
    return [
        entry
        for entry in zip(
            columns.offset,
            columns.header,
            columns.length,
            columns.first,
            columns.flags,
            columns.anomalies,
            strict=True,
        )
        if bool(entry[4] & FLAG_OUT) is out
    ]


def scanned(data: bytes, direction: Direction, sender: Role, agreed: Agreed) -> Frames:
    """The frames of the whole stream, fed in one piece."""
    scanner = dialect_called(agreed.dialect).framing.scanner(direction, sender, agreed=agreed)
    scanner.feed(data, 0)
    scanner.end(0)
    return rows(scanner.take(), out=direction is OUT)


def decoded(recording: Recording, agreed: Agreed) -> DecodedSource:
    source = recording.source()
    decoding = Decoding(agreed, recording.role, {IN: 0, OUT: 0})
    return DecodedSource(source.reader, source.attempt_id, decoding)


def ended(recording: Recording) -> AttemptSnapshot:
    """The attempt is over, and so many bytes have travelled as the capture has."""
    source = recording.source()
    return AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=source.attempt_id,
        phase=Phase.ENDED,
        url="ws://127.0.0.1/",
        wall_ns=0,
        mono_ns=SECOND,
        request=b"",
        bytes_in=source.stream_length(IN),
        bytes_out=source.stream_length(OUT),
        end=End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 0.0, 1.0, recording.now),
    )


def all_of(columns: FrameColumns) -> list[list[int]]:
    return [list(getattr(columns, name)) for name in FrameColumns.__slots__]


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "spoken.wsi", agreed=Agreed(dialect="hybi-02"))
    yield made
    made.close()


pieces = st.lists(st.tuples(st.sampled_from((IN, OUT)), st.binary(min_size=1, max_size=60)), max_size=12)


@given(pieces, st.sampled_from(NAMES), st.sampled_from(Role), st.sampled_from((1, 7, 1 << 18)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_frames_are_those_of_a_scanner_over_the_whole_stream(
    tmp_path_factory: pytest.TempPathFactory,
    came: list[tuple[Direction, bytes]],
    dialect: str,
    role: Role,
    limit: int,
) -> None:
    recording = Recording(tmp_path_factory.mktemp("any") / "one.wsi", role=role)
    try:
        for direction, data in came:
            recording.wire(direction, data)
        agreed = Agreed(dialect=dialect, connection_key=bytes(range(20)))
        source = decoded(recording, agreed)
        over = ended(recording)
        while source.catch_up(limit, snapshot=over):
            assert source.done < source.total
            assert source.behind(over)
        assert not source.behind(over)
        assert source.done == source.total == sum(len(data) for _, data in came)
        columns = source.columns(1, source.frames + 5)
        assert len(columns) == source.frames
        for direction in Direction:
            data = b"".join(piece for side, piece in came if side is direction)
            assert source.stream(direction, 0, len(data) + 1) == data
            sender = recording.senders[direction]
            assert rows(columns, out=direction is OUT) == scanned(data, direction, sender, agreed)
        assert list(columns.time) == sorted(columns.time)
        assert source.pending == ()
    finally:
        recording.close()


@pytest.mark.parametrize("dialect", NAMES)
def test_under_its_own_dialect_it_is_what_was_recorded(tmp_path: Path, dialect: str) -> None:
    recording = Recording(tmp_path / "own.wsi", agreed=Agreed(dialect=dialect))
    try:
        for number in range(20):
            recording.received(1, f"from the server {number}".encode())
            recording.sent(1, f"from the client {number}".encode() * number)
        source = decoded(recording, recording.agreed)
        while source.catch_up(64):
            pass
        assert source.frames == 40
        assert source.frames_out == 20
        assert all_of(source.columns(1, 40)) == all_of(recording.source().columns(1, 40))
        assert all_of(source.columns(7, 3)) == all_of(recording.source().columns(7, 3))
    finally:
        recording.close()


def test_it_grows_with_a_live_conversation(spoken: Recording) -> None:
    source = decoded(spoken, Agreed(dialect="hixie-76"))
    assert not source.catch_up()
    spoken.wire(IN, b"\x00Hel")
    spoken.source()
    assert not source.catch_up()
    assert source.frames == 0
    (pending,) = source.pending
    assert (pending.outgoing, pending.have) == (False, 3)
    spoken.wire(OUT, b"\x00one\xff")
    spoken.wire(IN, b"lo\xff\x00two\xff")
    spoken.source()
    assert not source.catch_up()
    columns = source.columns(1, 9)
    assert list(columns.offset) == [0, 0, 7]
    assert [flags & FLAG_OUT for flags in columns.flags] == [1, 0, 0]
    assert list(columns.time) == [SECOND + 2 * MS, SECOND + 3 * MS, SECOND + 3 * MS]
    assert source.pending == ()


def test_a_frame_under_way_is_cut_off_only_at_the_end(spoken: Recording) -> None:
    source = decoded(spoken, Agreed(dialect="hixie-76"))
    spoken.wire(IN, b"\x00Hello")
    spoken.source()
    source.catch_up()
    assert source.frames == 0
    over = ended(spoken)
    assert not source.catch_up(snapshot=over)
    assert (source.frames, source.pending) == (1, ())
    assert not source.catch_up(snapshot=over)
    assert source.frames == 1


def test_an_end_is_waited_for_until_its_last_byte_is_there(spoken: Recording) -> None:
    source = decoded(spoken, Agreed(dialect="hixie-76"))
    spoken.wire(IN, b"\x00Hel")
    spoken.source()
    over = dataclasses.replace(ended(spoken), bytes_in=7)
    assert not source.catch_up(snapshot=over)
    assert source.behind(over)
    assert source.frames == 0
    spoken.wire(IN, b"lo\xff")
    spoken.source()
    assert not source.catch_up(snapshot=over)
    assert not source.behind(over)
    columns = source.columns(1, 2)
    assert (list(columns.length), list(columns.anomalies)) == ([5], [0])


def test_it_stops_when_asked_to(spoken: Recording) -> None:
    for _ in range(9):
        spoken.received(1, b"Hello")
    source = decoded(spoken, spoken.agreed)
    assert source.catch_up(1)
    before = source.frames
    source.cancel()
    assert not source.catch_up()
    assert source.frames == before
    assert len(source.columns(1, 99)) == before


def test_many_frames_in_many_slices(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "many.wsi")
    try:
        frame = bytes.fromhex("810548656c6c6f")
        for _ in range(30):
            recording.wire(IN, frame * 7000)
        source = decoded(recording, recording.agreed)
        while source.catch_up(1 << 17):
            pass
        assert source.frames == 210_000
        across = source.columns(65_500, 80_000)
        assert list(across.offset) == [7 * (number - 1) for number in range(65_500, 145_500)]
    finally:
        recording.close()


def test_windows_of_a_compressed_stream_are_kept(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "deflated.wsi", deflate=True)
    try:
        noise = random.Random(7)
        sent = [noise.randbytes(4096) for _ in range(400)]
        for body in sent:
            recording.received(2, recording.deflater.deflate(body), rsv=4)
        source = decoded(recording, recording.agreed)
        while source.catch_up():
            pass
        assert (source.frames, source.faults) == (400, 0)
        assert source.window_before(IN, 100) is None
        found = source.window_before(IN, 400)
        assert found is not None
        message, window = found
        assert window == b"".join(sent[:message])[-WINDOW:]
        assert source.window_before(OUT, 400) is None
    finally:
        recording.close()


def snapshot_of(
    recording: Recording, request: bytes, answer: bytes, agreed: Agreed, role: Role = Role.CLIENT
) -> AttemptSnapshot:
    tail = dialect_called(agreed.dialect).handshake.answer_tail
    reader = ResponseReader(answer_tail=tail)
    reader.feed(answer)
    return AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=recording.attempt.attempt_id,
        phase=Phase.OPEN,
        url="ws://127.0.0.1/echo",
        wall_ns=0,
        mono_ns=SECOND,
        request=request,
        response=reader.response,
        opened_at=SECOND,
        dialect=agreed.dialect,
        agreed=agreed,
        role=role,
    )


@pytest.mark.parametrize("role", list(Role))
def test_frames_begin_where_the_handshake_ended(tmp_path: Path, role: Role) -> None:
    recording = Recording(tmp_path / "whole.wsi", role=role)
    asking, answering = (OUT, IN) if role is Role.CLIENT else (IN, OUT)
    try:
        recording.wire(asking, REQUEST)
        recording.wire(answering, ANSWER + b"\x00Hello\xff")
        recording.wire(asking, bytes.fromhex("040548656c6c6f"))
        snapshot = snapshot_of(recording, REQUEST, ANSWER, Agreed(dialect="hybi-02"), role)
        reader = recording.source().reader
        assert frame_starts(reader, snapshot) == {asking: len(REQUEST), answering: len(ANSWER)}
        decoding = decoding_of(reader, snapshot, "hixie-76")
        assert decoding is not None
        assert (decoding.agreed.dialect, decoding.role, decoding.note) == ("hixie-76", role, "")
        source = DecodedSource(reader, snapshot.attempt_id, decoding)
        source.catch_up()
        assert source.frames == 1
        assert source.columns(1, 1).offset[0] == len(ANSWER)
        shown = source.shown(snapshot)
        assert (shown.frames, shown.agreed.dialect) == (1, "hixie-76")
        assert (shown.request, shown.response) == (snapshot.request, snapshot.response)
    finally:
        recording.close()


def test_a_refusal_has_no_frames_to_read(spoken: Recording) -> None:
    refused = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    spoken.wire(OUT, REQUEST)
    spoken.wire(IN, refused)
    snapshot = snapshot_of(spoken, REQUEST, refused, Agreed(dialect="hybi-02"))
    assert decoding_of(spoken.source().reader, snapshot, "hixie-76") is None


KEYED = (
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: %s\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
ACCEPTED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n%s\r\n"
)


def test_the_key_of_the_fourth_draft_is_made_of_both_nonces(spoken: Recording) -> None:
    nonce = b"Sec-WebSocket-Nonce: AQIDBAUGBwgJCgsMDQ4PEC==\r\n"
    told = snapshot_of(spoken, KEYED % b"13", ACCEPTED % nonce, Agreed())
    agreed, note = agreed_as(told, "hybi-04")
    assert agreed.connection_key.hex() == "41e14f78311e4c34283e6d8b363b8848d58591a7"
    assert note == ""
    silent = snapshot_of(spoken, KEYED % b"13", ACCEPTED % b"", Agreed())
    agreed, note = agreed_as(silent, "hybi-04")
    assert agreed.dialect == "hybi-04"
    assert "no Sec-WebSocket-Nonce" in note


def test_compression_holds_where_the_handshake_agreed_on_it(spoken: Recording) -> None:
    extension = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
    snapshot = snapshot_of(spoken, KEYED % b"6", ACCEPTED % extension, Agreed(dialect="hybi-06"))
    assert parse_request(snapshot.request).values(b"Sec-WebSocket-Version") == (b"6",)
    assert agreed_as(snapshot, "rfc6455")[0].deflate is not None
    assert agreed_as(snapshot, "hixie-76")[0].deflate is None
    assert agreed_as(snapshot, "hybi-06")[0] is snapshot.agreed
    with pytest.raises(KeyError):
        agreed_as(snapshot, "hybi-99")
