"""The policies in the older dialects: what each closes with, answers, and fails for."""

import pytest

from tests.protocol.layouts import DIALECTS, agreed_in, framing_of, scan, write
from wsinspector.protocol.anomalies import FAILING, FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.close_body import CloseBody
from wsinspector.protocol.frame_facts import FRAME_FACTS, CloseStyle
from wsinspector.protocol.opcodes import CLOSE, PING, TEXT
from wsinspector.protocol.policy import (
    CONFORMING,
    TOLERANT,
    Command,
    EndTcp,
    Fail,
    Policy,
    PolicySettings,
    SendClose,
    SendPong,
    TcpEnd,
    WouldStop,
    failing_code,
    failing_reason,
    fails,
)
from wsinspector.protocol.spans import Role

CLIENT, SERVER = Role.CLIENT, Role.SERVER
A = FrameAnomaly


def policy_in(dialect: str, role: Role, settings: PolicySettings = CONFORMING) -> Policy:
    return Policy(role, settings, agreed_in(dialect))


def received(policy: Policy, dialect: str, wire: bytes | str) -> list[Command]:
    peer = SERVER if policy.role is CLIENT else CLIENT
    data = bytes.fromhex(wire) if isinstance(wire, str) else wire
    _, seen = scan([data], dialect, peer, max_message=policy.settings.max_message)
    return [command for one in seen for command in policy.saw(one)]


ANSWERS = [
    # Dialect, our role, the peer's close, what we answer and how that is framed.
    ("hixie-76", CLIENT, "ff00", SendClose(None, body=b""), "ff00"),
    ("hixie-76", SERVER, "ff00", SendClose(None, body=b""), "ff00"),
    ("hybi-03", CLIENT, "0100", SendClose(None, body=b""), "0100"),
    ("hybi-03", SERVER, "0103627965", SendClose(None, body=b"bye"), "0103627965"),
    ("hybi-04", CLIENT, "8103627965", SendClose(None, body=b"bye"), None),
    ("hybi-05", SERVER, "37fa213db6fb62", SendClose(None, body=b"S"), "810153"),
    ("hybi-05", CLIENT, "810153", SendClose(None, body=b"C"), "37fa213db6fb62"),
    ("hybi-06", SERVER, "37fa213db6f822d5", SendClose(1000), "810203e8"),
    ("hybi-06", CLIENT, "810203e8", SendClose(1000), "37fa213db6f822d5"),
    ("hybi-06", CLIENT, "810203ec", SendClose(1004), None),
    ("hybi-07", SERVER, "888237fa213d3412", SendClose(1000), "880203e8"),
    ("hybi-08", CLIENT, "8800", SendClose(None), "888037fa213d"),
    ("hybi-11", CLIENT, "880203ed", SendClose(1000), None),
]


@pytest.mark.parametrize(("dialect", "role", "wire", "answer", "framed"), ANSWERS)
def test_a_close_is_answered_in_its_own_form(
    dialect: str, role: Role, wire: str, answer: SendClose, framed: str | None
) -> None:
    policy = policy_in(dialect, role, TOLERANT)
    assert received(policy, dialect, wire) == [answer, EndTcp(patient=role is CLIENT)]
    assert policy.closed_first == "peer"
    if framed is not None:
        body = answer.body
        if body is None:
            framing = framing_of(dialect)
            body = framing.close_body(answer.code, answer.reason, sender=role, agreed=policy.agreed)
        assert write(dialect, CLOSE, body, role).hex() == framed
    policy.peer_ended()
    end = policy.how_it_ended()
    assert end is not None
    assert end.clean
    assert not end.frameless


def test_hixie_75_ends_with_tcp_alone() -> None:
    policy = policy_in("hixie-75", CLIENT)
    assert received(policy, "hixie-75", "0041ff") == []
    assert policy.peer_ended(TcpEnd.FIN) == [EndTcp()]
    end = policy.how_it_ended()
    assert end is not None
    assert end.frameless
    assert end.sent is end.received is None
    late = policy_in("hixie-75", SERVER)
    assert received(late, "hixie-75", "ff00") == [EndTcp()]
    assert late.sent_close is None


@pytest.mark.parametrize("dialect", [one for one in DIALECTS if not one.startswith("hixie")])
@pytest.mark.parametrize("role", Role)
def test_a_ping_is_answered_wherever_there_is_one(dialect: str, role: Role) -> None:
    peer = SERVER if role is CLIENT else CLIENT
    ping = write(dialect, PING, b"Hello", peer)
    assert received(policy_in(dialect, role), dialect, ping) == [SendPong(b"Hello")]


def test_a_long_ping_is_answered_where_no_limit_is_known() -> None:
    long = bytes(1000)
    assert received(policy_in("hybi-03", SERVER), "hybi-03", write("hybi-03", PING, long, CLIENT)) == [
        SendPong(long)
    ]
    tolerant = policy_in("hybi-08", SERVER, TOLERANT)
    commands = received(tolerant, "hybi-08", write("hybi-08", PING, long, CLIENT))
    assert [type(one) for one in commands] == [WouldStop]


def test_what_came_before_a_rule_does_not_fail_for_it() -> None:
    bad = bytes.fromhex("8101ff")
    assert received(policy_in("hybi-08", CLIENT), "hybi-08", bad) == []
    stopped = received(policy_in("hybi-11", CLIENT), "hybi-11", bad)
    assert stopped == [
        Fail(1007, 1, 0, "text not UTF-8"),
        SendClose(1007, "text not UTF-8"),
        EndTcp(patient=True),
    ]


TOO_BIG = [
    ("hixie-75", None, None),
    ("hixie-76", None, SendClose(None, body=b"")),
    ("hybi-02", None, SendClose(None, body=b"")),
    ("hybi-04", None, SendClose(None, body=b"")),
    ("hybi-05", None, SendClose(None, body=b"C")),
    ("hybi-06", 1004, SendClose(1004, "message beyond the limit")),
    ("hybi-11", 1004, SendClose(1004, "message beyond the limit")),
    ("rfc6455", 1009, SendClose(1009, "message beyond the limit")),
]


@pytest.mark.parametrize(("dialect", "code", "closing"), TOO_BIG)
def test_failing_says_what_the_dialect_can_say(
    dialect: str, code: int | None, closing: SendClose | None
) -> None:
    policy = policy_in(dialect, CLIENT, PolicySettings(pong=True, close=True, fail=True, max_message=3))
    commands = received(policy, dialect, write(dialect, TEXT, b"Hello", SERVER))
    assert commands[0] == Fail(code, 1, 0, "message beyond the limit")
    assert commands[1:] == ([EndTcp()] if closing is None else [closing, EndTcp(patient=True)])
    assert policy.stopped
    sent = policy.sent_close
    assert sent == (
        None if closing is None else CloseBody(closing.code, (closing.body or closing.reason.encode()))
    )


def test_the_codes_to_fail_with_are_the_dialect_s() -> None:
    assert [failing_code(A.INFLATE_FAILED, one) for one in ("hybi-06", "hybi-08", "hybi-11", "rfc6455")] == [
        1002,
        1002,
        1007,
        1007,
    ]
    assert failing_code(A.BAD_UTF8, "hybi-08") is None
    assert not fails(A.BAD_UTF8, "hybi-08")
    assert failing_reason(A.BAD_UTF8 | A.TOO_BIG, "hybi-08") == "message beyond the limit"
    assert fails(A.TOO_BIG, "hixie-76")
    assert failing_code(A.TOO_BIG, "hixie-76") is None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_fault_has_a_reason_and_nothing_else_has(dialect: str) -> None:
    facts = FRAME_FACTS[dialect]
    for one in A:
        if one is A.NONE:
            continue
        assert fails(one, dialect) == bool(one & (facts.faults | A.INFLATE_LIMIT))
        assert bool(failing_reason(one, dialect)) == fails(one, dialect)
        code = failing_code(one, dialect)
        assert (code is not None) == (fails(one, dialect) and facts.close is CloseStyle.CODES)
    assert not facts.faults & ~FAILING


def test_what_was_agreed_may_come_after_the_handshake() -> None:
    policy = Policy(CLIENT, TOLERANT)
    policy.agreed = Agreed(dialect="hixie-76")
    assert received(policy, "hixie-76", "ff00") == [SendClose(None, body=b""), EndTcp(patient=True)]


@pytest.mark.parametrize("dialect", ["hixie-76", "hybi-03", "hybi-05"])
def test_our_own_close_without_a_code_is_remembered_as_it_was(dialect: str) -> None:
    policy = policy_in(dialect, CLIENT)
    body = framing_of(dialect).close_body(1000, "bye", sender=CLIENT, agreed=policy.agreed)
    assert policy.sent(CLOSE, body) == []
    assert policy.sent_close == CloseBody(None, body)
    assert not policy.may_send_data
    again = framing_of(dialect).close_body(None, "", sender=SERVER, agreed=policy.agreed)
    assert received(policy, dialect, write(dialect, CLOSE, again, SERVER)) == [EndTcp(patient=True)]
