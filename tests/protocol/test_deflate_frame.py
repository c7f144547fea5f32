"""deflate-frame: each frame compressed for itself, in a window that goes on over frames."""

import zlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.layouts import agreed_in, cut, rows, scan, write
from wsinspector.protocol.anomalies import FrameAnomaly as A
from wsinspector.protocol.arriving import Agreed, Attention
from wsinspector.protocol.columns import FLAG_COMPRESSED
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.protocol.framings import framing_called
from wsinspector.protocol.opcodes import CONTINUATION, PING, TEXT
from wsinspector.protocol.spans import Direction, Role

SERVER = Role.SERVER
HELLO = bytes.fromhex("f248cdc9c90700")
AGAIN = bytes.fromhex("f200110000")
RSV1 = 4


def agreed(dialect: str = "rfc6455", *, takeover: bool = True) -> Agreed:
    parameters = DeflateParameters(server_no_context_takeover=not takeover)
    return agreed_in(dialect, deflate=parameters, per_frame=True)


def frame(
    payload: bytes, *, rsv: int = RSV1, opcode: int = TEXT, fin: bool = True, dialect: str = "rfc6455"
) -> bytes:
    return write(dialect, opcode, payload, SERVER, rsv=rsv, fin=fin)


def texts(seen: Sequence[Attention]) -> list[bytes]:
    return [one.message_payload for one in seen if one.message_end]


@pytest.mark.parametrize("dialect", ["hybi-03", "hybi-05", "hybi-08", "rfc6455"])
def test_each_frame_is_inflated_in_one_window(dialect: str) -> None:
    wire = frame(HELLO, dialect=dialect) + frame(AGAIN, dialect=dialect)
    columns, seen = scan([wire], dialect, SERVER, agreed=agreed(dialect), message_events=True)
    assert texts(seen) == [b"Hello", b"Hello"]
    assert list(columns.anomalies) == [0, 0]
    assert all(flags & FLAG_COMPRESSED for flags in columns.flags)


def test_without_takeover_each_frame_stands_alone() -> None:
    wire = frame(HELLO) + frame(AGAIN) + frame(HELLO)
    columns, seen = scan([wire], "rfc6455", SERVER, agreed=agreed(takeover=False), message_events=True)
    assert [A(found) for found in columns.anomalies] == [A.NONE, A.INFLATE_FAILED, A.NONE]
    assert texts(seen) == [b"Hello", b"Hello"]


def test_frames_of_one_message_are_compressed_or_not_each() -> None:
    wire = (
        frame(HELLO, fin=False)
        + frame(b", ", rsv=0, opcode=CONTINUATION, fin=False)
        + write("rfc6455", PING, b"", SERVER)
        + frame(AGAIN, opcode=CONTINUATION)
    )
    columns, seen = scan([wire], "rfc6455", SERVER, agreed=agreed(), message_events=True)
    assert texts(seen) == [b"Hello, Hello"]
    assert [bool(flags & FLAG_COMPRESSED) for flags in columns.flags] == [True, False, False, True]
    assert list(columns.anomalies) == [0] * 4


def test_text_is_checked_over_all_that_its_frames_inflate_to() -> None:
    euro = "€".encode()
    parts = [Deflater(takeover=False).deflate(piece) for piece in (euro[:2], euro[2:])]
    good = frame(parts[0], fin=False) + frame(parts[1], opcode=CONTINUATION)
    bad = frame(parts[0], fin=False) + frame(b"x", rsv=0, opcode=CONTINUATION)
    settled = agreed(takeover=False)
    assert list(scan([good], "rfc6455", SERVER, agreed=settled)[0].anomalies) == [0, 0]
    assert list(scan([bad], "rfc6455", SERVER, agreed=settled)[0].anomalies) == [0, A.BAD_UTF8]


def test_a_damaged_frame_loses_the_window_of_those_after_it() -> None:
    wire = frame(b"\xff\xff") + frame(HELLO) + frame(b"plain", rsv=0)
    columns, seen = scan([wire], "rfc6455", SERVER, agreed=agreed(), message_events=True)
    assert [A(found) for found in columns.anomalies] == [A.INFLATE_FAILED, A.NONE, A.NONE]
    assert texts(seen) == [b"plain"]


def test_a_stray_continuation_takes_the_window_with_it() -> None:
    wire = frame(HELLO, opcode=CONTINUATION) + frame(AGAIN)
    columns, seen = scan([wire], "rfc6455", SERVER, agreed=agreed(), message_events=True)
    assert A(columns.anomalies[0]) == A.STRAY_CONTINUATION
    assert columns.anomalies[1] == 0
    assert texts(seen) == []


def test_rsv1_on_a_control_frame_stays_wrong() -> None:
    columns, _ = scan([write("rfc6455", PING, b"", SERVER, rsv=RSV1)], "rfc6455", SERVER, agreed=agreed())
    assert list(columns.anomalies) == [A.RSV1]


def test_the_limits_count_the_whole_message() -> None:
    big = Deflater(takeover=False).deflate(b"a" * 600)
    wire = frame(big, fin=False) + frame(big, opcode=CONTINUATION) + frame(HELLO)
    settled = agreed(takeover=False)
    columns, seen = scan(
        [wire], "rfc6455", SERVER, agreed=settled, message_events=True, max_message=1000, stop_at_fault=False
    )
    assert [A(found) for found in columns.anomalies] == [A.NONE, A.TOO_BIG, A.NONE]
    assert texts(seen) == [b"Hello"]
    _, kept = scan([wire], "rfc6455", SERVER, agreed=settled, message_events=True, inflate_limit=1000)
    assert texts(kept) == [b"Hello"]  # no message is kept beyond the limit, though each frame is below it


def test_a_checkpoint_stands_in_for_the_frames_before() -> None:
    first = framing_called("rfc6455").scanner(Direction.IN, SERVER, agreed=agreed())
    first.feed(frame(HELLO), 0)
    window = first.checkpoint()
    assert window == b"Hello"
    _, seen = scan(
        [frame(AGAIN)], "rfc6455", SERVER, agreed=agreed(), message_events=True, inflater_window=window
    )
    assert texts(seen) == [b"Hello"]


pieces = st.lists(st.tuples(st.text(max_size=8), st.booleans(), st.booleans()), min_size=1, max_size=6)


@given(
    pieces, st.booleans(), st.sampled_from(["hybi-05", "rfc6455"]), st.lists(st.integers(1, 80), max_size=4)
)
def test_what_is_compressed_frame_by_frame_comes_back(
    many: list[tuple[str, bool, bool]], takeover: bool, dialect: str, at: list[int]
) -> None:
    squeeze = zlib.compressobj(wbits=-15)
    wire, expected, said = b"", [], b""
    open_message = False
    for number, (text, compressed, last) in enumerate(many):
        fin = last or number == len(many) - 1
        payload = text.encode()
        if compressed:
            if not takeover:
                squeeze = zlib.compressobj(wbits=-15)
            payload = (squeeze.compress(payload) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]
        opcode = CONTINUATION if open_message else TEXT
        wire += frame(payload, rsv=RSV1 if compressed else 0, opcode=opcode, fin=fin, dialect=dialect)
        said += text.encode()
        open_message = not fin
        if fin:
            expected.append(said)
            said = b""
    settled = agreed(dialect, takeover=takeover)
    columns, seen = scan(cut(wire, at), dialect, SERVER, agreed=settled, message_events=True)
    assert texts(seen) == expected
    assert not any(columns.anomalies)


@given(st.lists(st.builds(
    frame,
    st.sampled_from([HELLO, AGAIN, b"", b"\xff", b"plain", b"\x00"]),
    rsv=st.sampled_from([0, 4, 4, 6]),
    opcode=st.sampled_from([0, 0, 1, 2, 3, 9]),
    fin=st.booleans(),
), max_size=7), st.lists(st.integers(1, 60), max_size=5), st.booleans())  # fmt: skip
def test_odd_frames_read_the_same_however_cut(frames: list[bytes], at: list[int], takeover: bool) -> None:
    wire = b"".join(frames)
    settled = agreed(takeover=takeover)
    whole, seen = scan([wire], "rfc6455", SERVER, agreed=settled, message_events=True, max_message=12)
    parts, seen_in_parts = scan(
        cut(wire, at), "rfc6455", SERVER, agreed=settled, message_events=True, max_message=12
    )
    assert rows(parts) == rows(whole)
    assert seen_in_parts == seen


def test_a_message_begun_inside_another_leaves_the_window_whole() -> None:
    wire = frame(HELLO, fin=False) + frame(AGAIN, fin=False) + frame(b"!", rsv=0, opcode=CONTINUATION)
    columns, seen = scan([wire + frame(AGAIN)], "rfc6455", SERVER, agreed=agreed(), message_events=True)
    assert [A(found) for found in columns.anomalies] == [A.NONE, A.INTERLEAVED_DATA, A.NONE, A.NONE]
    assert texts(seen) == [b"Hello"]


def test_a_frame_whose_meaning_is_not_known_takes_the_window_with_it() -> None:
    columns, seen = scan(
        [frame(HELLO, rsv=RSV1 | 2) + frame(AGAIN)], "rfc6455", SERVER, agreed=agreed(), message_events=True
    )
    assert [A(found) for found in columns.anomalies] == [A.RSV2, A.NONE]
    assert texts(seen) == []


def test_a_text_with_a_hole_is_not_called_bad() -> None:
    # What is inflated before the limit ends inside a character.
    long = Deflater(takeover=False).deflate("€".encode() * 30_000)
    wire = frame(long, fin=False) + frame(b"ok", rsv=0, opcode=CONTINUATION)
    columns, _ = scan([wire], "rfc6455", SERVER, agreed=agreed(takeover=False), inflate_limit=70_000)
    assert [A(found) for found in columns.anomalies] == [A.INFLATE_LIMIT, A.NONE]
