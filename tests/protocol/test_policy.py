"""The policies as conversations: what is seen, what is done about it."""

import pytest

from tests.protocol.wires import DEFLATE, new_scanner
from wsinspector.protocol.anomalies import FAILING, FrameAnomaly
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import CLOSE, PING, TEXT
from wsinspector.protocol.policy import (
    CONFORMING,
    TOLERANT,
    WATCH,
    CloseBody,
    Command,
    EndTcp,
    Fail,
    Policy,
    PolicySettings,
    SendClose,
    SendPong,
    TcpEnd,
    WouldStop,
    by_name,
    failing_code,
    failing_reason,
    write_close_body,
)
from wsinspector.protocol.scanner import Rfc6455Scanner
from wsinspector.protocol.spans import Role

KEY = b"\x37\xfa\x21\x3d"


class Endpoint:
    """One endpoint: a policy and the scanner of what its peer sends."""

    def __init__(self, settings: PolicySettings, role: Role = Role.CLIENT, **options: object) -> None:
        self.policy = Policy(role, settings)
        self.peer = Role.SERVER if role is Role.CLIENT else Role.CLIENT
        self.scanner: Rfc6455Scanner = new_scanner(
            self.peer, stop_at_fault=settings.fail, max_message=settings.max_message, **options
        )

    def receives(self, *wires: bytes | str) -> list[Command]:
        commands: list[Command] = []
        for wire in wires:
            self.scanner.feed(bytes.fromhex(wire) if isinstance(wire, str) else wire, 0)
            for seen in self.scanner.drain():
                commands += self.policy.saw(seen)
        return commands


# -- pings


@pytest.mark.parametrize("settings", [CONFORMING, TOLERANT])
def test_section_5_5_2_a_ping_is_answered_with_its_payload_once_whole(settings: PolicySettings) -> None:
    end = Endpoint(settings)
    assert end.receives("890548656c") == []
    assert end.receives("6c6f 8900") == [SendPong(b"Hello"), SendPong(b"")]


def test_section_5_5_2_a_ping_inside_a_fragmented_message_is_answered() -> None:
    assert Endpoint(CONFORMING).receives("010161 890170 800162") == [SendPong(b"p")]


def test_section_5_5_2_a_ping_after_a_close_is_not_answered() -> None:
    end = Endpoint(CONFORMING)
    assert end.receives("8800 890170") == [SendClose(None), EndTcp(patient=True)]


def test_a_masked_ping_reaches_a_server_unmasked() -> None:
    end = Endpoint(CONFORMING, Role.SERVER)
    assert end.receives(encode_frame(PING, b"Hello", key=KEY)) == [SendPong(b"Hello")]


def test_pongs_are_not_answered() -> None:
    assert Endpoint(CONFORMING).receives("8a0170") == []


# -- the closing handshake


def test_section_5_5_1_a_client_echoes_the_code_and_waits_for_the_server_to_end() -> None:
    end = Endpoint(TOLERANT)
    assert end.receives("880403e86869") == [SendClose(1000), EndTcp(patient=True)]
    assert end.policy.sent(CLOSE, b"\x03\xe8") == []
    assert end.policy.peer_ended(TcpEnd.FIN) == [EndTcp()]
    ended = end.policy.how_it_ended()
    assert ended is not None
    assert (ended.clean, ended.code, ended.reason, ended.by, ended.ended_first) == (
        True,
        1000,
        b"hi",
        "peer",
        "peer",
    )


def test_section_7_1_1_a_server_ends_tcp_first() -> None:
    end = Endpoint(CONFORMING, Role.SERVER)
    assert end.receives(encode_frame(CLOSE, b"\x03\xe9", key=KEY)) == [SendClose(1001), EndTcp()]


def test_section_7_1_1_our_close_answered() -> None:
    for role, patient in ((Role.CLIENT, True), (Role.SERVER, False)):
        end = Endpoint(CONFORMING, role)
        assert end.policy.sent(CLOSE, write_close_body(1000, "bye")) == []
        assert not end.policy.may_send_data
        key = KEY if role is Role.SERVER else None
        assert end.receives(encode_frame(CLOSE, b"\x03\xe8", key=key)) == [EndTcp(patient)]
        end.policy.peer_ended()
        ended = end.policy.how_it_ended()
        assert ended is not None
        assert (ended.clean, ended.by, ended.sent) == (True, "us", CloseBody(1000, b"bye"))


def test_a_code_that_only_the_other_side_may_send_is_not_echoed() -> None:
    end = Endpoint(CONFORMING, Role.SERVER)
    assert end.receives(encode_frame(CLOSE, b"\x03\xf2", key=KEY))[0] == SendClose(1000)


@pytest.mark.parametrize(
    ("wire", "answer"),
    [
        ("880103", SendClose(1002, "close body of one byte")),
        ("880203ed", SendClose(1002, "close code that must not be sent")),
        ("880303e8ff", SendClose(1007, "close reason not UTF-8")),
    ],
)
def test_a_close_at_fault_is_answered_as_failing_answers_it(wire: str, answer: SendClose) -> None:
    conforming = Endpoint(CONFORMING).receives(wire)
    assert conforming == [
        Fail(answer.code or 0, 1, 0, answer.reason),
        answer,
        EndTcp(patient=True),
    ]
    tolerant = Endpoint(TOLERANT).receives(wire)
    assert tolerant == [
        WouldStop(answer.code or 0, 1, 0, answer.reason),
        answer,
        EndTcp(patient=True),
    ]


# -- failing


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        ("8300", 1002),
        ("c10161", 1002),
        ("818000000001", 1002),
        ("817e000161", 1002),
        ("827f8000000000000000", 1002),
        ("0900", 1002),
        ("897e007e", 1002),
        ("8000", 1002),
        ("8101ff", 1007),
    ],
)
def test_section_7_1_7_conforming_fails_and_answers_nothing_after(wire: str, code: int) -> None:
    end = Endpoint(CONFORMING)
    commands = end.receives(wire)
    assert [type(one) for one in commands] == [Fail, SendClose, EndTcp]
    assert commands[0] == Fail(code, None if wire in UNFINISHED else 1, 0, failing_text(wire))
    assert end.policy.stopped
    assert end.receives("890170 880203e8 8101ff") == []
    end.policy.peer_ended()
    ended = end.policy.how_it_ended()
    assert ended is not None
    assert (ended.clean, ended.code, ended.failed) == (False, 1006, True)


UNFINISHED = {"827f8000000000000000", "897e007e"}


def failing_text(wire: str) -> str:
    scanner = new_scanner()
    scanner.feed(bytes.fromhex(wire), 0)
    return failing_reason(scanner.drain()[0].anomalies)


def test_section_8_1_conforming_fails_at_the_first_bad_byte() -> None:
    end = Endpoint(CONFORMING)
    assert end.receives("0103e282ac", "007f0000000100000000", b"a" * 1000) == []
    commands = end.receives(b"\xed", b"\xa0")
    assert commands == [
        Fail(1007, None, 5, "text not UTF-8"),
        SendClose(1007, "text not UTF-8"),
        EndTcp(patient=True),
    ]


def test_section_7_4_1_conforming_fails_where_a_limit_is_set() -> None:
    end = Endpoint(PolicySettings(pong=True, close=True, fail=True, max_message=10))
    commands = end.receives("02056161616161 8006")
    assert commands[:2] == [
        Fail(1009, None, 7, "message beyond the limit"),
        SendClose(1009, "message beyond the limit"),
    ]


def test_an_own_limit_fails_only_a_conforming_endpoint() -> None:
    hello = "c107f248cdc9c90700"
    strict = Endpoint(CONFORMING, agreed=DEFLATE, inflate_limit=4).receives(hello)
    assert strict[0] == Fail(1009, 1, 0, "message inflates beyond the limit")
    assert Endpoint(TOLERANT, agreed=DEFLATE, inflate_limit=4).receives(hello) == []


def test_a_server_that_fails_ends_tcp_at_once() -> None:
    end = Endpoint(CONFORMING, Role.SERVER)
    assert end.receives("810161") == [
        Fail(1002, 1, 0, "frame from the client not masked"),
        SendClose(1002, "frame from the client not masked"),
        EndTcp(),
    ]


def test_no_second_close_is_sent_on_failing() -> None:
    end = Endpoint(CONFORMING)
    end.policy.sent(CLOSE, b"")
    assert [type(one) for one in end.receives("8300")] == [Fail, EndTcp]


# -- tolerant and only watch


def test_tolerant_marks_the_first_fault_and_goes_on_answering() -> None:
    end = Endpoint(TOLERANT)
    commands = end.receives("810161 8300 8101ff 890170")
    assert commands == [WouldStop(1002, 2, 3, "reserved opcode"), SendPong(b"p")]
    assert not end.policy.stopped


def test_tolerant_tells_of_a_frame_still_arriving_only_once() -> None:
    end = Endpoint(TOLERANT)
    assert end.receives("8302") == [WouldStop(1002, None, 0, "reserved opcode")]
    assert end.receives("6161") == []


def test_only_watch_answers_nothing() -> None:
    end = Endpoint(WATCH)
    assert end.receives("890170 8300 880203e8") == [WouldStop(1002, 2, 3, "reserved opcode")]
    assert end.policy.peer_ended() == []
    ended = end.policy.how_it_ended()
    assert ended is not None
    assert (ended.clean, ended.code, ended.sent) == (False, 1000, None)


def test_the_parts_can_be_set_apart() -> None:
    only_pong = PolicySettings(pong=True, close=False, fail=False)
    assert Endpoint(only_pong).receives("890170 8800") == [SendPong(b"p")]
    only_close = PolicySettings(pong=False, close=True, fail=False)
    assert Endpoint(only_close).receives("890170 8800") == [SendClose(None), EndTcp(patient=True)]


def test_a_button_pressed_in_watch_completes_the_handshake() -> None:
    end = Endpoint(WATCH, Role.SERVER)
    end.receives(encode_frame(CLOSE, b"\x03\xe8", key=KEY))
    assert end.policy.sent(CLOSE, b"\x03\xe8") == []
    end.policy.we_ended()
    ended = end.policy.how_it_ended()
    assert ended is not None
    assert (ended.clean, ended.by, ended.ended_first) == (True, "peer", "us")


# -- the handshake


def test_section_4_1_a_broken_handshake() -> None:
    strict = Policy(Role.CLIENT, CONFORMING)
    assert strict.handshake_broken("wrong accept") == [Fail(1006, None, None, "wrong accept"), EndTcp()]
    assert strict.stopped
    assert strict.handshake_broken() == []
    lenient = Endpoint(TOLERANT)
    assert lenient.policy.handshake_broken("x") == [WouldStop(1006, None, None, "x")]
    assert lenient.receives("8300 890170") == [SendPong(b"p")]


# -- how it ended


@pytest.mark.parametrize(
    ("how", "code"),
    [(TcpEnd.FIN, 1006), (TcpEnd.RST, 1006)],
)
def test_section_7_1_5_without_a_close_frame(how: TcpEnd, code: int) -> None:
    policy = Policy(Role.CLIENT, TOLERANT)
    assert policy.how_it_ended() is None
    commands = policy.peer_ended(how)
    assert commands == ([EndTcp()] if how is TcpEnd.FIN else [])
    ended = policy.how_it_ended()
    assert ended is not None
    assert (ended.clean, ended.code, ended.by, ended.tcp, ended.code_is_local) == (
        False,
        code,
        "peer",
        how,
        True,
    )


def test_section_7_1_5_a_close_without_a_code_is_1005() -> None:
    end = Endpoint(CONFORMING)
    end.receives("8800")
    end.policy.peer_ended()
    ended = end.policy.how_it_ended()
    assert ended is not None
    assert (ended.clean, ended.code, ended.code_is_local) == (True, 1005, True)


def test_our_close_without_an_answer_is_unclean() -> None:
    policy = Policy(Role.CLIENT, CONFORMING)
    policy.sent(TEXT, b"x")
    policy.sent(CLOSE, b"\x03\xe8")
    policy.we_ended()
    ended = policy.how_it_ended()
    assert ended is not None
    assert (ended.clean, ended.code, ended.by, ended.ended_first) == (False, 1006, "us", "us")


# -- tables


def test_every_failing_anomaly_has_a_code_and_a_reason() -> None:
    for one in FAILING:
        assert failing_code(one) in (1002, 1007, 1009)
        assert len(failing_reason(one).encode()) <= 123
        assert failing_reason(one)
    assert failing_code(FrameAnomaly.TRUNCATED | FrameAnomaly.ZERO_MASKING_KEY) is None


def test_close_bodies() -> None:
    assert write_close_body(None, "x") == b""
    assert write_close_body(1000, "€" * 50) == b"\x03\xe8" + "€".encode() * 41


def test_names() -> None:
    assert [by_name(name) for name in ("conforming", "tolerant", "watch")] == [CONFORMING, TOLERANT, WATCH]
