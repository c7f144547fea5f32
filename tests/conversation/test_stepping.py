"""Step: nothing of ours leaves and nothing of theirs is shown before it is let go, one unit at a time."""

import contextlib
import dataclasses
import functools
import queue
import threading
import weakref
from collections.abc import Callable, Iterator

import pytest
from websockets.sync.server import Server, ServerConnection, serve

from tests.conversation.conftest import SECONDS, Peers, Tabs, ended, switching, until
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind, Phase
from wsinspector.conversation.stepping_values import Unit
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.opcodes import CLOSE, PING, PONG, TEXT

HELLO = b"\x81\x05hello"
PINGED = b"\x89\x02up"
_LEFT: weakref.WeakKeyDictionary[Inbox, bytes] = weakref.WeakKeyDictionary()


class Log:
    """What happened on either side, in one order, across threads."""

    def __init__(self) -> None:
        self._seen: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.order: list[str] = []

    def __call__(self, text: str) -> None:
        self._seen.put(text)

    def wait(self, text: str) -> None:
        """Until ``text`` has happened."""
        while True:
            self.order.append(self._seen.get(timeout=SECONDS))
            if self.order[-1] == text:
                return


async def exactly(inbox: Inbox, count: int) -> bytes:
    """The next ``count`` bytes; what comes beyond them is left for later."""
    while len(_LEFT.setdefault(inbox, b"")) < count:
        more = await inbox.read()
        assert more, "the client ended"
        _LEFT[inbox] += more
    taken, _LEFT[inbox] = _LEFT[inbox][:count], _LEFT[inbox][count:]
    return taken


def waits(
    attempt: Attempt, unit: Unit, met: Callable[[AttemptSnapshot], bool] = lambda _: True
) -> AttemptSnapshot:
    """Until ``unit`` is what the next step lets go."""
    return until(attempt, lambda snapshot: snapshot.step.next is unit and met(snapshot))


def stepped(attempt: Attempt) -> AttemptSnapshot:
    """After one step more."""
    before = attempt.snapshot.step.steps
    attempt.step()
    return until(attempt, lambda snapshot: snapshot.step.steps > before)


def shown_steps(attempt: Attempt, count: int) -> list[str]:
    """The units of ``count`` steps, each waited for."""
    order = []
    for _ in range(count):
        snapshot = until(attempt, lambda snapshot: snapshot.step.next is not None)
        assert snapshot.step.next is not None
        order.append(snapshot.step.next.value)
        stepped(attempt)
    return order


def opened(attempt: Attempt) -> None:
    """Step through the handshake."""
    waits(attempt, Unit.REQUEST)
    attempt.step()
    waits(attempt, Unit.RESPONSE)
    attempt.step()
    until(attempt, lambda snapshot: snapshot.open)


def test_the_request_leaves_when_it_is_let_go(tabs: Tabs, peers: Peers) -> None:
    log = Log()

    async def handler(link: Link) -> None:
        inbox = Inbox(link)
        request = await inbox.read_until(b"\r\n\r\n")
        log("the server has the request")
        link.write(switching(request))
        while await inbox.read():
            pass

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.listen(handler)}/", step=True)
    held = waits(attempt, Unit.REQUEST)
    assert held.bytes_out == 0
    assert held.request_at is None
    assert held.step.held[0].data == held.request
    log("let go")
    attempt.step()
    log.wait("the server has the request")
    assert log.order == ["let go", "the server has the request"]
    unseen = waits(attempt, Unit.RESPONSE)
    assert (unseen.phase, unseen.response, unseen.verdict, unseen.bytes_in) == (Phase.SENT, None, None, 0)
    assert unseen.bytes_out == len(unseen.request)
    attempt.step()
    now_open = until(attempt, lambda snapshot: snapshot.open)
    assert now_open.response is not None
    assert now_open.held_steps.of(0) == now_open.held_steps.holds[0].held > 0


def test_frames_are_shown_one_at_a_time_and_captured_at_once(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(HELLO * 3)
        while await inbox.read():
            pass

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    attempt = conversation.connect()
    assert attempt is not None
    opened(attempt)
    first = until(attempt, lambda snapshot: snapshot.step.unseen == 3)
    assert (first.frames_in, first.frames) == (0, 0)
    reader = conversation.reader()
    assert reader is not None
    conversation.flush(SECONDS)
    assert reader.frame_count(attempt.attempt_id) == 3  # evidence is not delayed
    for seen in (1, 2, 3):
        attempt.step()
        shown = until(attempt, functools.partial(_has_frames, seen))
        assert (shown.frames_in, shown.step.unseen) == (seen, 3 - seen)


def test_an_answer_of_ours_waits_behind_what_it_answers(tabs: Tabs, peers: Peers) -> None:
    log = Log()

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(PINGED)
        await exactly(inbox, 8)
        log("pong")
        while await inbox.read():
            pass

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    opened(attempt)
    behind = until(attempt, lambda snapshot: snapshot.step.held_count == 1)
    assert (behind.step.next, behind.step.unseen) == (Unit.FRAME, 1)
    shown = stepped(attempt)
    assert (shown.frames_in, shown.step.unseen, shown.step.held_count) == (1, 0, 1)
    assert [held.opcode for held in shown.step.held] == [PONG]
    log("let go")
    attempt.step()
    log.wait("pong")
    assert log.order == ["let go", "pong"]
    until(attempt, lambda snapshot: snapshot.frames_out == 1)


def test_the_round_trip_counts_from_when_the_ping_left(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        await exactly(inbox, 8)
        link.write(b"\x8a\x02up")
        while await inbox.read():
            pass

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    attempt = conversation.connect()
    assert attempt is not None
    opened(attempt)
    attempt.ping(b"up")
    waits(attempt, Unit.FRAME, lambda snapshot: snapshot.step.held_count == 1)
    attempt.step()
    hidden = until(attempt, lambda snapshot: snapshot.step.unseen == 1)
    assert hidden.round_trip_ms is None  # the pong is not shown
    attempt.step()
    told = until(attempt, lambda snapshot: snapshot.round_trip_ms is not None)
    hold = told.held_steps.holds[-1]
    assert told.round_trip_ms is not None
    conversation.flush(SECONDS)
    reader = conversation.reader()
    assert reader is not None
    times = reader.columns(attempt.attempt_id, 1, 3).time
    assert hold.since < hold.at <= times[1]
    assert told.round_trip_ms <= (times[1] - hold.since - hold.held) / 1e6 + 1


def test_switching_off_lets_everything_go_in_order(tabs: Tabs, peers: Peers) -> None:
    log = Log()

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(HELLO + PINGED)
        pong = await exactly(inbox, 8)
        first = await exactly(inbox, 9)
        second = await exactly(inbox, 9)
        log(f"{pong[0]:02x} {first[0]:02x} {second[0]:02x}")
        while await inbox.read():
            pass

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    attempt = conversation.connect()
    assert attempt is not None
    opened(attempt)
    until(attempt, lambda snapshot: snapshot.step.held_count == 1)
    attempt.send_frame(TEXT, b"one")
    attempt.send_frame(0x2, b"two")
    until(attempt, lambda snapshot: (snapshot.step.unseen, snapshot.step.held_count) == (2, 3))
    conversation.set_options(conversation.options.without("step"))
    log.wait("8a 81 82")
    free = until(attempt, lambda snapshot: not snapshot.step.on and snapshot.frames == 5)
    assert free.step.next is None
    assert len(free.held_steps.holds) == 4  # the request too


def test_switching_on_in_the_middle_hides_nothing_that_was_shown(tabs: Tabs, peers: Peers) -> None:
    log = Log()

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(HELLO)
        await exactly(inbox, 8)
        log("asked")
        link.write(HELLO)
        while await inbox.read():
            pass

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/")
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.frames == 1)
    conversation.set_options(dataclasses.replace(conversation.options, step=True))
    until(attempt, lambda snapshot: snapshot.step.on)
    attempt.send_frame(TEXT, b"hi")
    held = waits(attempt, Unit.FRAME, lambda snapshot: snapshot.step.held_count == 1)
    assert held.frames == 1
    attempt.step()
    log.wait("asked")
    hidden = until(attempt, lambda snapshot: snapshot.step.unseen == 1)
    assert (hidden.frames_in, hidden.frames_out) == (1, 1)


def test_a_peer_that_gives_up_while_the_request_is_held_is_told(tabs: Tabs, peers: Peers) -> None:
    async def handler(link: Link) -> None:
        link.write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.listen(handler)}/", step=True)
    gone = until(attempt, lambda snapshot: snapshot.step.ended)
    assert gone.live  # how it ended is not shown yet
    assert [held.unit for held in gone.step.never_left] == [Unit.REQUEST]
    assert gone.bytes_out == 0
    until(attempt, lambda snapshot: snapshot.step.next is Unit.RESPONSE)
    attempt.step()
    last = ended(attempt)
    assert last.response is not None
    assert last.response.status == 408
    assert last.request_at is None


def test_a_peer_that_ends_is_a_unit_of_its_own(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(HELLO)

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    assert shown_steps(attempt, 3) == ["request", "response", "frame"]
    waiting = waits(attempt, Unit.END)
    assert (waiting.phase, waiting.end) == (Phase.OPEN, None)
    attempt.step()
    last = ended(attempt)
    assert last.end is not None
    assert (last.end.kind, last.end.by) == (EndKind.FIN, EndedBy.PEER)


def test_a_close_that_never_left_is_none(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(b"\x88\x02\x03\xe8")

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    opened(attempt)
    until(attempt, lambda snapshot: snapshot.step.ended)
    assert [held.opcode for held in attempt.snapshot.step.never_left] == [CLOSE]
    assert shown_steps(attempt, 2) == ["frame", "end"]
    last = ended(attempt)
    assert last.end is not None
    assert (last.end.received_code, last.end.sent_code, last.end.clean) == (1000, None, False)
    assert last.frames_out == 0


def test_closing_step_by_step(tabs: Tabs) -> None:
    order: list[str] = []

    def talk(connection: ServerConnection) -> None:
        for message in connection:
            order.append(f"server got {message!r}")
            connection.send(f"you said {message!r}")

    with serve(talk, "127.0.0.1", 0) as server, _running(server) as port:
        conversation = tabs.new(f"ws://127.0.0.1:{port}/", step=True)
        attempt = conversation.connect()
        assert attempt is not None
        opened(attempt)
        attempt.send_message("hi")
        assert shown_steps(attempt, 2) == ["frame", "frame"]
        assert order == ["server got 'hi'"]
        conversation.disconnect()
        waits(attempt, Unit.FRAME, lambda snapshot: snapshot.step.held_count == 1)
        assert attempt.snapshot.phase is Phase.OPEN
        attempt.step()  # our Close
        closing = until(attempt, lambda snapshot: snapshot.step.unseen >= 1)
        assert closing.phase is Phase.CLOSING
        assert shown_steps(attempt, 2) == ["frame", "end"]
        last = ended(attempt)
        assert last.end is not None
        assert last.end.clean
        assert (last.end.sent_code, last.end.received_code) == (1000, 1000)


def test_disconnecting_twice_waits_for_no_step(tabs: Tabs, peers: Peers) -> None:
    log = Log()

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        left = b""
        while more := await inbox.read():
            left += more
        log(f"ended after {len(left)} bytes")

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    attempt = conversation.connect()
    assert attempt is not None
    opened(attempt)
    attempt.send_message("never")
    conversation.disconnect()
    until(attempt, lambda snapshot: snapshot.step.held_count == 2)
    conversation.disconnect()
    log.wait("ended after 0 bytes")
    until(attempt, lambda snapshot: len(snapshot.step.never_left) == 2)


def test_cancelling_while_the_request_is_held(tabs: Tabs, peers: Peers) -> None:
    attempt = tabs.connect(f"ws://127.0.0.1:{peers.answer(b'', hold=True)}/", step=True)
    waits(attempt, Unit.REQUEST)
    attempt.cancel()
    last = ended(attempt)
    assert last.end is not None
    assert last.end.kind is EndKind.CANCELLED
    assert (last.verdict, last.bytes_out) == (None, 0)


def test_held_time_is_not_counted_and_told_by_the_file(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        await exactly(inbox, 8)
        link.write(b"\x88\x00")

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    opened(attempt)
    attempt.send_message("hi")
    waits(attempt, Unit.FRAME)
    attempt.step()
    until(attempt, lambda snapshot: snapshot.step.ended)
    assert set(shown_steps(attempt, 2)) == {"frame", "end"}
    last = ended(attempt)
    assert last.end is not None
    assert last.opened_at is not None
    wall = (last.end.at - last.opened_at) / 1e9
    assert last.end.held == pytest.approx(last.held_steps.between(last.opened_at, last.end.at) / 1e9)
    assert last.end.age == pytest.approx(wall - last.end.held)
    assert last.end.held > 0


def test_a_time_out_does_not_count_what_is_held(tabs: Tabs, peers: Peers) -> None:
    # Its clock stands still with the hold, so that a held request outlives it.
    attempt = tabs.connect(
        f"ws://127.0.0.1:{peers.answer(b'HTTP/1.1 200 OK', hold=True)}/", step=True, timeout=0.5
    )
    waits(attempt, Unit.REQUEST)
    assert attempt.wait_ended(0.8) is None
    attempt.step()
    waits(attempt, Unit.RESPONSE)
    attempt.step()
    last = ended(attempt)
    assert last.end is not None
    assert last.end.kind is EndKind.TIMEOUT


def test_pings_by_the_clock_do_not_pile_up(tabs: Tabs, peers: Peers) -> None:
    log = Log()

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        for number in (1, 2):
            await exactly(inbox, 10)
            log(f"ping {number}")
        while await inbox.read():
            pass

    attempt = tabs.connect(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True, ping_every=0.05)
    opened(attempt)
    for number in (1, 2):
        held = waits(attempt, Unit.FRAME)
        assert [each.opcode for each in held.step.held] == [PING]
        assert attempt.wait_for(lambda snapshot: snapshot.step.held_count > 1, 0.2) is None
        log(f"let go {number}")
        attempt.step()
        log.wait(f"ping {number}")
    assert log.order == ["let go 1", "ping 1", "let go 2", "ping 2"]


def _has_frames(count: int, snapshot: AttemptSnapshot) -> bool:
    return snapshot.frames == count


@contextlib.contextmanager
def _running(server: Server) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.socket.getsockname()[1]
    finally:
        server.shutdown()
        thread.join()
