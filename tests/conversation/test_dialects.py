"""Every dialect as the client, over real sockets, against servers made of the other side's primitives."""

import dataclasses

import pytest

from tests.conversation.conftest import Peers, Tabs, ended, shown, until
from tests.conversation.dialect_peer import DialectPeer, Said, payloads
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind, Phase
from wsinspector.conversation.spoken import spoken_with
from wsinspector.conversation.state import options_from_json
from wsinspector.protocol.dialects import DIALECTS, Challenge, Dialect, dialect_called, spoken_for
from wsinspector.protocol.dialects.challenges import DIGEST_BYTES
from wsinspector.protocol.draft import Generated
from wsinspector.protocol.framings import Abilities
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.outcome import Outcome

NAMES = [dialect.name for dialect in DIALECTS]
TEXTS = ["", "Hello", "héllo €", "x" * 126, "y" * 70_000]
OLD_KEYS = [dialect.name for dialect in DIALECTS if dialect.challenge is Challenge.KEYS]


def able(name: str) -> Abilities:
    return dialect_called(name).framing.abilities(DialectPeer(name).agreed)


def conversation_in(name: str, port: int, tabs: Tabs, **options: object) -> Conversation:
    conversation = tabs.new(f"ws://127.0.0.1:{port}/chat", **options)
    conversation.set_dialect(name)
    return conversation


def opened(conversation: Conversation) -> AttemptSnapshot:
    attempt = conversation.connect()
    assert attempt is not None
    return until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)


def coming(snapshot: AttemptSnapshot, frames: int) -> bool:
    return snapshot.frames_in >= frames and snapshot.frames >= snapshot.frames_in + snapshot.frames_out


@pytest.mark.parametrize("name", NAMES)
def test_texts_travel_both_ways_and_it_closes_as_the_dialect_does(
    name: str, peers: Peers, tabs: Tabs
) -> None:
    peer = DialectPeer(name)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs)
    snapshot = opened(conversation)
    attempt = conversation.attempts[0]
    assert snapshot.outcome is Outcome.OPEN, snapshot.verdict
    assert snapshot.agreed.dialect == name
    assert snapshot.dialect == name
    assert snapshot.role is Role.CLIENT
    for text in TEXTS:
        attempt.send_message(text)
    until(attempt, lambda now: coming(now, len(TEXTS)))
    attempt.close(1000, "bye" if able(name).close_codes else "")
    snapshot = ended(attempt)
    sent = [text.encode() for text in TEXTS]
    assert peer.heard(TEXT) == sent
    assert payloads(conversation, attempt, TEXT, outgoing=True) == sent
    assert payloads(conversation, attempt, TEXT, outgoing=False) == sent
    assert peer.faults == snapshot.faults == 0
    end = snapshot.end
    assert end is not None
    assert (end.clean, end.by) == (True, EndedBy.US)
    if not able(name).close:
        assert (end.kind, end.code, peer.heard(CLOSE)) == (EndKind.FIN, 1005, [])
        assert not snapshot.trouble
    elif able(name).close_codes:
        assert (end.kind, end.code, end.sent_code, end.received_code) == (
            EndKind.CLOSE_FRAME, 1000, 1000, 1000,
        )  # fmt: skip
        assert (end.reason, peer.heard(CLOSE)) == ("bye", [b"\x03\xe8bye"])
    else:
        assert (end.kind, end.code, end.sent_code, end.received_code, end.reason) == (
            EndKind.CLOSE_FRAME, 1005, None, None, "",
        )  # fmt: skip
        assert peer.heard(CLOSE) == [b"C" if name == "hybi-05" else b""]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("policy", ["tolerant", "conforming"])
def test_the_peer_closes_first(name: str, policy: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name, [Said(TEXT, b"one"), Said(CLOSE)], ends=not able(name).close)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs, policy=policy)
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert payloads(conversation, attempt, TEXT, outgoing=False) == [b"one"]
    end = snapshot.end
    assert end is not None
    assert (end.clean, end.by, snapshot.stopped) == (True, EndedBy.PEER, None)
    if able(name).close:
        assert end.kind is EndKind.CLOSE_FRAME
        assert len(peer.heard(CLOSE)) == 1
    else:
        assert (end.kind, peer.heard(CLOSE)) == (EndKind.FIN, [])


@pytest.mark.parametrize("name", [name for name in NAMES if able(name).ping])
def test_pings_and_fragments(name: str, peers: Peers, tabs: Tabs) -> None:
    said = [Said(TEXT, b"He", fin=False), Said(PING, b"now?"), Said(CONTINUATION, b"llo")]
    peer = DialectPeer(name, said)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs)
    opened(conversation)
    attempt = conversation.attempts[0]
    attempt.ping(b"there?")
    attempt.send_frame(BINARY, b"\x00\xff", fin=False)
    attempt.send_frame(CONTINUATION, b"\x80")
    # Three as scripted, the pong, and the message that came back in one frame.
    snapshot = until(attempt, lambda now: coming(now, 5) and now.round_trip_ms is not None)
    assert snapshot.faults == 0
    assert payloads(conversation, attempt, PONG, outgoing=False) == [b"there?"]
    assert peer.heard(PONG) == [b"now?"]
    assert peer.heard(BINARY) == [b"\x00\xff"]
    assert peer.heard(CONTINUATION) == [b"\x80"]
    attempt.close()
    ended(attempt)
    assert peer.faults == 0


@pytest.mark.parametrize("name", [name for name in NAMES if not able(name).ping])
def test_what_a_dialect_cannot_say_is_told_and_not_sent(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs, ping_every=0.01)
    snapshot = opened(conversation)
    attempt = conversation.attempts[0]
    until(attempt, lambda now: now.trouble == f"{name} has no ping: none is sent.")
    attempt.ping(b"there?")
    until(attempt, lambda now: now.trouble == f"Nothing was sent: {name} has no frame for ping.")
    attempt.send_frame(TEXT, b"half", fin=False)
    until(attempt, lambda now: "no fragments" in now.trouble)
    attempt.send_frame(TEXT, b"a\xffb")
    until(attempt, lambda now: "FF" in now.trouble)
    attempt.send_message("after all")
    until(attempt, lambda now: coming(now, 1))
    attempt.close()
    snapshot = ended(attempt)
    assert peer.heard(TEXT) == [b"after all"]
    assert snapshot.bytes_out == len(snapshot.request) + len(b"\0after all\xff") + 2 * able(name).close


@pytest.mark.parametrize("name", NAMES)
def test_messages_are_echoed(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name, [Said(TEXT, b"one"), Said(TEXT, b"two")], echo=False)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs, echo=True)
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda now: now.frames_out == 2)
    attempt.close()
    ended(attempt)
    assert peer.heard(TEXT) == [b"one", b"two"]


@pytest.mark.parametrize("name", NAMES)
def test_bytes_that_come_one_at_a_time_say_the_same(name: str, peers: Peers, tabs: Tabs) -> None:
    said = [Said(TEXT, b"one"), Said(TEXT, "zwö".encode())]
    whole, cut = DialectPeer(name, said), DialectPeer(name, said, one_byte_writes=True)
    found = []
    for peer in (whole, cut):
        conversation = conversation_in(name, peers.listen(peer.handle), tabs)
        attempt = conversation.connect()
        assert attempt is not None
        until(attempt, lambda now: coming(now, 2))
        attempt.close()
        snapshot = ended(attempt)
        assert snapshot.outcome is Outcome.OPEN
        found.append(payloads(conversation, attempt, TEXT, outgoing=False))
    assert found == [[b"one", "zwö".encode()]] * 2


@pytest.mark.parametrize("name", ["hybi-04", "hybi-05", "hybi-06", "hybi-08", "rfc6455"])
def test_every_frame_is_masked_with_a_key_of_its_own(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs)
    opened(conversation)
    attempt = conversation.attempts[0]
    for _ in range(8):
        attempt.send_message("same")
    until(attempt, lambda now: coming(now, 8))
    attempt.close()
    ended(attempt)
    assert len({frame.wire for frame in peer.frames if frame.opcode == TEXT}) == 8
    assert peer.heard(TEXT) == [b"same"] * 8


@pytest.mark.parametrize("name", NAMES)
def test_after_connecting_the_draft_is_fresh_and_what_was_edited_stays(
    name: str, peers: Peers, tabs: Tabs
) -> None:
    peer = DialectPeer(name)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs)
    before = conversation.draft.generated_values()
    for _ in range(2):
        opened(conversation)
        conversation.attempts[-1].close()
        ended(conversation.attempts[-1])
    assert conversation.attempts[0].snapshot.request != conversation.attempts[1].snapshot.request or (
        dialect_called(name).challenge is Challenge.NONE
    )
    after = conversation.draft.generated_values()
    drawn = {mark for mark in before if before[mark] != after[mark]}
    wanted = {
        Challenge.NONE: set(),
        Challenge.KEYS: {Generated.KEY1, Generated.KEY2, Generated.KEY3},
        Challenge.ACCEPT: {Generated.KEY},
    }
    assert drawn == wanted[dialect_called(name).challenge]
    edited = conversation.draft.with_tail(b"12345678")
    if name in OLD_KEYS:
        conversation.set_draft(edited)
        opened(conversation)
        conversation.attempts[-1].close()
        snapshot = ended(conversation.attempts[-1])
        assert snapshot.request.endswith(b"\r\n\r\n12345678")
        assert conversation.draft.tail == b"12345678"
        assert snapshot.outcome is Outcome.OPEN


def test_a_dialect_is_taken_back_by_its_draft(tabs: Tabs) -> None:
    conversation = tabs.new("ws://a.test/chat")
    before = conversation.draft
    assert conversation.set_dialect("hybi-01") == before
    assert conversation.options.speak == "hybi-01"  # its request cannot be told from hixie-76's
    assert spoken_for(conversation.draft.to_bytes()) == "hixie-76"
    conversation.set_dialect("hybi-05")
    assert conversation.options.speak == ""
    assert spoken_for(conversation.draft.to_bytes()) == "hybi-05"
    with pytest.raises(KeyError):
        conversation.set_dialect("hybi-99")


@pytest.mark.parametrize("name", OLD_KEYS)
def test_a_digest_that_never_comes_is_waited_for_and_the_answer_kept(
    name: str, peers: Peers, tabs: Tabs
) -> None:
    peer = DialectPeer(name, cut_answer=DIGEST_BYTES)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs, timeout=0.5, body_idle=0.1)
    attempt = conversation.connect()
    assert attempt is not None
    seen = until(attempt, lambda now: now.response is not None)
    assert seen.outcome in (None, Outcome.FAILED)
    snapshot = ended(attempt)
    assert snapshot.response is not None
    assert (snapshot.response.status, snapshot.response.body, snapshot.response.complete) == (101, b"", False)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.TIMEOUT, EndedBy.US)
    assert snapshot.outcome is Outcome.FAILED
    assert snapshot.opened_at is None


@pytest.mark.parametrize("missing", [1, DIGEST_BYTES])
def test_a_digest_cut_off_by_the_end_is_judged(missing: int, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer("hixie-76", cut_answer=missing, ends=True)
    conversation = conversation_in("hixie-76", peers.listen(peer.handle), tabs)
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.FAILED
    assert snapshot.closed_by_peer
    assert snapshot.response is not None
    assert len(snapshot.response.body) == DIGEST_BYTES - missing


def test_giving_up_while_the_digest_is_waited_for(peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer("hixie-76", cut_answer=3)
    conversation = conversation_in("hixie-76", peers.listen(peer.handle), tabs)
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda now: now.response is not None and now.response.head.complete)
    attempt.cancel()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert snapshot.end.kind is EndKind.CANCELLED


@pytest.mark.parametrize("policy", ["tolerant", "conforming"])
def test_a_wrong_digest_fails_and_is_kept(policy: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer("hixie-76", spoil=True)
    conversation = conversation_in("hixie-76", peers.listen(peer.handle), tabs, policy=policy)
    attempt = conversation.connect()
    assert attempt is not None
    if policy == "tolerant":
        until(attempt, lambda now: now.phase is Phase.OPEN)
        attempt.send_message("all the same")
        until(attempt, lambda now: coming(now, 1))
        attempt.close()
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.FAILED
    assert snapshot.response is not None
    assert len(snapshot.response.body) == DIGEST_BYTES
    assert (snapshot.stopped is None) == (policy == "tolerant")


@pytest.mark.parametrize(("said", "proposed"), [(b"8", "hybi-11"), (b"25", "rfc6455"), (b"5", "hybi-05")])
def test_say_one_version_and_speak_another(said: bytes, proposed: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer("rfc6455")
    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(peer.handle)}/", speak="rfc6455")
    conversation.set_draft(conversation.draft.with_version_values([said]))
    snapshot = opened(conversation)
    assert (snapshot.dialect, snapshot.agreed.dialect) == (proposed, "rfc6455")
    attempt = conversation.attempts[0]
    attempt.send_message("Hello")
    until(attempt, lambda now: coming(now, 1))
    attempt.close(1000)
    ended(attempt)
    assert peer.heard(TEXT) == [b"Hello"]
    assert peer.frames[0].wire[:2] == b"\x81\x85"


def test_a_server_that_accepts_draft_2_and_speaks_hixie_frames(peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer("hixie-76", [Said(TEXT, b"Hello")])
    conversation = conversation_in("hybi-02", peers.listen(peer.handle), tabs)
    conversation.set_options(dataclasses.replace(conversation.options, speak="hixie-76"))
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = until(attempt, lambda now: coming(now, 1))
    assert (snapshot.dialect, snapshot.agreed.dialect) == ("hybi-02", "hixie-76")
    assert payloads(conversation, attempt, TEXT, outgoing=False) == [b"Hello"]
    attempt.close()
    assert ended(attempt).outcome is Outcome.OPEN


@pytest.mark.parametrize("name", [name for name in NAMES if not able(name).close_codes and able(name).close])
def test_a_code_that_cannot_travel_is_told(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs)
    opened(conversation)
    attempt = conversation.attempts[0]
    attempt.close(3000, "enough")
    snapshot = ended(attempt)
    assert (
        snapshot.trouble == f"The closing frame of {name} holds no code and no reason: it was sent without."
    )
    assert snapshot.end is not None
    assert (snapshot.end.clean, snapshot.end.sent_code) == (True, None)


@pytest.mark.parametrize("name", ["hybi-01", "hybi-03", "hybi-04"])
def test_a_free_closing_body_goes_back_as_it_came(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name, [Said(CLOSE, b"the end")])
    conversation = conversation_in(name, peers.listen(peer.handle), tabs)
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.reason, snapshot.end.received_code) == ("the end", None)
    assert peer.heard(CLOSE) == [b"the end"]


@pytest.mark.parametrize("name", NAMES)
def test_leaving_says_so_where_that_can_be_said(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs)
    opened(conversation)
    attempt = conversation.attempts[0]
    attempt.cancel()
    ended(attempt)
    peer.wait_done()
    wanted = [b"C" if name == "hybi-05" else b"\x03\xe9" if able(name).close_codes else b""]
    assert peer.heard(CLOSE) == (wanted if able(name).close else [])


@pytest.mark.parametrize("dialect", DIALECTS, ids=NAMES)
def test_cut_off_within_a_frame(dialect: Dialect, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(dialect.name, [Said(TEXT, b"Hello", cut=3)], ends=True)
    conversation = conversation_in(dialect.name, peers.listen(peer.handle), tabs)
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert (snapshot.frames_in, snapshot.closed_by_peer) == (1, True)
    assert shown(snapshot)["pending"] == ()


def test_what_is_spoken_is_a_chip_only_where_it_was_set_apart() -> None:
    assert Options().changed() == ()
    assert Options(speak="hixie-76").changed() == (("speak", "speaks hixie-76"),)
    # Captures of the first version name the only dialect there was.
    assert options_from_json({"speak": "rfc6455"}).speak == "rfc6455"
    assert spoken_with(b"GET / HTTP/1.1\r\n\r\n", "no dialect at all").frames.name == "rfc6455"


def test_a_reason_that_no_closing_frame_holds_is_told_as_left_out(peers: Peers, tabs: Tabs) -> None:
    conversation = conversation_in("hixie-75", peers.listen(DialectPeer("hixie-75").handle), tabs)
    opened(conversation)
    attempt = conversation.attempts[0]
    attempt.close(1000, "bye")
    said = "hixie-75 has no closing frame: our side of the connection was ended."
    assert ended(attempt).trouble == said
