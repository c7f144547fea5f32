"""Where the traffic is what ``websockets`` reads too, both must see and do the same."""

from hypothesis import assume, given
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from tests.protocol.wires import DEFLATE, cut, new_scanner
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.policy import CONFORMING, Command, Fail, Policy, SendClose, SendPong
from wsinspector.protocol.scanner import Attention
from wsinspector.protocol.spans import Role

Part = tuple[int, bytes, bool, int]

_CLOSE_BODIES = [b"", b"\x03", b"\x03\xe8", b"\x03\xe9bye", b"\x03\xed", b"\x03\xeb\xff", b"\x0f\xa0"]


def parts() -> st.SearchStrategy[list[Part]]:
    data = st.tuples(
        st.sampled_from([0, 1, 2, 2, 9, 10, 3, 11]),
        st.text(max_size=10).map(str.encode) | st.just(b"x" * 126),
        st.sampled_from([True, True, True, False]),
        st.sampled_from([0, 0, 0, 0, 0, 0, 4, 2, 1]),
    )
    close = st.tuples(st.just(8), st.sampled_from(_CLOSE_BODIES), st.just(True), st.just(0))
    return st.lists(st.one_of(data, data, data, close), max_size=12)


def conforming(pieces: list[bytes], role: Role) -> list[Command]:
    scanner = new_scanner(Role.SERVER if role is Role.CLIENT else Role.CLIENT)
    policy = Policy(role, CONFORMING)
    commands: list[Command] = []
    for piece in pieces:
        scanner.feed(piece, 0)
        for seen in scanner.drain():
            commands += policy.saw(seen)
    return commands


def sent_frames(data: bytes, role: Role) -> list[Attention]:
    scanner = new_scanner(role)
    scanner.feed(data, 0)
    return scanner.drain()


@given(made=parts(), role=st.sampled_from(Role), cuts=st.lists(st.integers(0, 300), max_size=6))
def test_conforming_answers_and_fails_alike(made: list[Part], role: Role, cuts: list[int]) -> None:
    key = None if role is Role.CLIENT else b"\x01\x02\x03\x04"
    opened = False
    for opcode, _, fin, _ in made:
        # websockets refuses a Close inside a fragmented message; §5.4 allows control frames there.
        assume(not (opcode == 8 and opened))
        if opcode < 8:
            opened = not fin
    wire = b"".join(encode_frame(op, data, fin=fin, rsv=rsv, key=key) for op, data, fin, rsv in made)
    ours = conforming(cut(wire, cuts), role)
    theirs = Protocol(Side.CLIENT if role is Role.CLIENT else Side.SERVER)
    theirs.receive_data(wire)
    sent = sent_frames(b"".join(theirs.data_to_send()), role)
    assert [one.payload for one in ours if isinstance(one, SendPong)] == [
        one.payload for one in sent if one.opcode == 10
    ]
    closes = [one for one in ours if isinstance(one, SendClose)]
    their_closes = [one.payload[:2] for one in sent if one.opcode == 8]
    assert [b"" if one.code is None else one.code.to_bytes(2, "big") for one in closes] == their_closes
    failed = any(isinstance(one, Fail) for one in ours)
    assert failed == (theirs.parser_exc is not None)


@given(
    st.lists(
        st.tuples(st.booleans(), st.binary(max_size=300), st.booleans(), st.integers(0, 3)), max_size=10
    ),
    st.booleans(),
    st.lists(st.integers(0, 2000), max_size=6),
)
def test_what_they_send_we_read(
    messages: list[tuple[bool, bytes, bool, int]], deflate: bool, cuts: list[int]
) -> None:
    extensions = [PerMessageDeflate(False, False, 15, 15)] if deflate else []
    wire = b""
    expected: list[tuple[int, bytes]] = []
    for binary, payload, ping, fragments in messages:
        opcode = Opcode.BINARY if binary else Opcode.TEXT
        whole = payload if binary else payload.hex().encode()
        expected.append((opcode, whole * (fragments + 1)))
        for turn in range(fragments + 1):
            frame = Frame(opcode if turn == 0 else Opcode.CONT, whole, fin=turn == fragments)
            wire += frame.serialize(mask=True, extensions=extensions)
            if ping:
                wire += Frame(Opcode.PING, b"p").serialize(mask=True, extensions=extensions)
    told: list[tuple[int, bytes]] = []
    for events in (True, False):
        scanner = new_scanner(Role.CLIENT, message_events=events, **({"agreed": DEFLATE} if deflate else {}))
        for piece in cut(wire, cuts):
            scanner.feed(piece, 0)
        repeated = FrameAnomaly.REPEATED_MASKING_KEY | FrameAnomaly.ZERO_MASKING_KEY
        assert not any(found & ~repeated for found in scanner.take().anomalies)
        told += [(one.message_opcode, one.message_payload) for one in scanner.drain() if one.message_end]
        assert scanner.pending is None
    assert told == expected
