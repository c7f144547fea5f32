"""Auto-answers and what a pong may be, against peers that wait for just that."""

import dataclasses
import struct

import pytest

from tests.conversation.conftest import Peers, Tabs, ended, until
from tests.conversation.sequences.conftest import Runner, states
from wsinspector.conversation.auto_answering import Answers
from wsinspector.conversation.sequences.filling import Filler
from wsinspector.conversation.sequences.reading import read_rules
from wsinspector.conversation.sequences.results import RunPhase, StepState
from wsinspector.conversation.snapshot import EndKind, Phase
from wsinspector.conversation.watching import Came
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE, FrameColumns
from wsinspector.protocol.frames import encode_frame, mask_from

SECOND = 1_000_000_000


class Asking:
    """Sends frames, and keeps what comes back until enough of it has."""

    def __init__(self, *frames: bytes, enough: int) -> None:
        self.frames = frames
        self.enough = enough
        self.came = b""

    async def __call__(self, link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        for frame in self.frames:
            link.write(frame)
        while len(self.came) < self.enough and (data := await inbox.read()):
            self.came += data
        link.end()
        while await inbox.read():
            pass

    @property
    def payloads(self) -> list[tuple[int, bytes]]:
        """Opcode and payload of the masked short frames that came."""
        found, data = [], self.came
        while len(data) >= 6:
            size = data[1] & 0x7F
            found.append((data[0] & 0x0F, mask_from(data[6 : 6 + size], data[2:6], 0)))
            data = data[6 + size :]
        return found


def test_what_fits_is_answered_with_its_variables(tabs: Tabs, peers: Peers) -> None:
    asking = Asking(
        encode_frame(1, b'{"ask": 1}'),
        encode_frame(1, b"other"),
        encode_frame(1, b'{"ask": 2}'),
        enough=2 * 10,
    )
    rules = '[[auto]]\nwhen = "json.ask >= 1"\nsend = "{{who}} {{counter}}"\n'
    attempt = tabs.connect(
        f"ws://127.0.0.1:{peers.upgraded(asking)}/", auto_answers=rules, variables=(("who", "me"),)
    )
    ended(attempt)
    assert asking.payloads[:2] == [(1, b"me 1"), (1, b"me 2")]


def test_rules_are_taken_over_while_connected(tabs: Tabs, peers: Peers) -> None:
    answers: list[bytes] = []

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        link.write(encode_frame(1, b"a"))
        answers.append(await inbox.read())
        link.write(encode_frame(1, b"a"))
        answers.append(await inbox.read())
        link.end()
        while await inbox.read():
            pass

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/")
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    rules = '[[auto]]\nwhen = "payload == \\"a\\""\npong = "bye"\n'
    conversation.set_options(dataclasses.replace(conversation.options, auto_answers=rules))
    attempt.send_message("first")
    ended(attempt)
    assert [answer[0] for answer in answers] == [0x81, 0x8A]


def test_an_echo_of_an_echo_ends(tabs: Tabs, lab: str) -> None:
    rules = '[[auto]]\nwhen = "type == text"\nsend = "again"\na_second = 500\nin_all = 50\n'
    attempt = tabs.connect(f"{lab}/echo", auto_answers=rules)
    until(attempt, lambda snapshot: snapshot.open)
    attempt.send_message("go")
    until(attempt, lambda snapshot: "has answered 50 times" in snapshot.trouble)
    until(attempt, lambda snapshot: snapshot.frames_in == 51)
    assert attempt.snapshot.frames_out == 51
    attempt.close()
    ended(attempt)


def came(at: int, count: int) -> Came:
    columns = FrameColumns()
    for number in range(count):
        columns.offset.append(2 * number)
        columns.header.append(2)
        columns.length.append(0)
        columns.first.append(0x81)
        columns.flags.append(FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE)
        columns.time.append(at)
        columns.message.append(number + 1)
        columns.anomalies.append(0)
    return Came(1, columns, 0, None, {}, {})


def test_no_more_a_second_and_no_more_in_all_by_the_frames_own_times() -> None:
    rules = read_rules('[[auto]]\nwhen = "type == text"\nsend = "a"\na_second = 3\nin_all = 5').rules
    answers = Answers(rules, Filler({}, now=lambda: 0.0))
    assert len(answers.due(came(0, 10))) == 3
    assert len(answers.due(came(SECOND - 1, 10))) == 0
    assert len(answers.due(came(SECOND, 10))) == 2
    assert len(answers.due(came(9 * SECOND, 10))) == 0
    assert answers.given == [5]
    assert answers.missed == 7 + 10 + 8 + 10


def test_a_rule_may_close_reset_and_end_our_side(run: Runner, peers: Peers) -> None:
    for rule, kind in (
        ("reset = true", EndKind.RST),
        ("half_close = true", EndKind.FIN),
        ("close = 4000", None),
    ):
        asking = Asking(encode_frame(1, b"go"), enough=1 << 20)
        text = f'[[auto]]\nwhen = "type == text"\n{rule}\n[[step]]\npause = 0.05\n'
        results = run(text, f"ws://127.0.0.1:{peers.upgraded(asking)}/")
        assert results.phase is RunPhase.PASSED, results
        end = ended(run.conversation.attempts[0]).end
        assert end is not None
        if kind is not None:
            assert end.kind is kind
        else:
            assert end.sent_code == 4000


def test_a_crafted_answer(run: Runner, peers: Peers) -> None:
    asking = Asking(encode_frame(1, b"go"), enough=8)
    text = """
    [[auto]]
    when = 'payload == "go"'
    craft = { opcode = 11, text = "hi", mask = "00000000" }
    [[step]]
    expect_close = true
    """
    results = run(text, f"ws://127.0.0.1:{peers.upgraded(asking)}/")
    assert states(results) == [StepState.OK, StepState.OK]
    assert asking.came.startswith(b"\x8b\x82\0\0\0\0hi")


@pytest.mark.parametrize(("how", "pong"), [("same", b"ping"), ("empty", b""), ("other", b"pinf")])
def test_pongs_with_another_payload(tabs: Tabs, peers: Peers, how: str, pong: bytes) -> None:
    asking = Asking(encode_frame(9, b"ping"), enough=6 + len(pong))
    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(asking)}/", pong_payload=how)
    ended(attempt)
    assert asking.payloads[0] == (10, pong)


def test_pongs_come_late_and_none_where_there_are_to_be_none(tabs: Tabs, peers: Peers) -> None:
    late = Asking(encode_frame(9, b"1"), encode_frame(9, b"2"), enough=14)
    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(late)}/", pong_after=0.3)
    snapshot = ended(attempt)
    assert late.payloads[:2] == [(10, b"1"), (10, b"2")]
    assert snapshot.opened_at is not None
    assert snapshot.end is not None
    assert snapshot.end.at - snapshot.opened_at >= 300_000_000
    never = Asking(encode_frame(9, b"1"), enough=14)
    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(never)}/", answer_pings=False)
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    attempt.send_message("instead 8")
    ended(attempt)
    assert never.payloads[0] == (1, b"instead 8")


def test_a_close_is_never_answered_where_it_is_not_to_be(run: Runner, peers: Peers) -> None:
    asking = Asking(encode_frame(8, struct.pack(">H", 1000)), enough=7)
    text = """
    [options]
    answer_close = false
    [[step]]
    expect_close = 1000
    [[step]]
    send = "x"
    """
    results = run(text, f"ws://127.0.0.1:{peers.upgraded(asking)}/")
    assert states(results)[:3] == [StepState.OK] * 3, results.steps
    assert asking.payloads[0] == (1, b"x")


def test_more_pings_than_can_wait_are_told_of(tabs: Tabs, peers: Peers) -> None:
    asking = Asking(*(encode_frame(9, b"") for _ in range(80)), enough=64 * 6)
    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(asking)}/", pong_after=0.4)
    until(attempt, lambda snapshot: "left without its pong" in snapshot.trouble)
    ended(attempt)
    assert len([1 for opcode, _ in asking.payloads if opcode == 10]) == 64
    assert attempt.snapshot.phase is Phase.ENDED
