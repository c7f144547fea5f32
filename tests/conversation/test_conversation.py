"""Draft and address, several attempts, every address, reconnecting, and what is kept."""

import shutil
import threading
from pathlib import Path

import pytest

from tests.conversation.conftest import SECONDS, Peers, Tabs, ended, shown, until
from tests.conversation.test_answers import REFUSAL
from tests.conversation.test_frames import HELLO, hold, next_frame
from wsinspector.capture import CaptureWriter
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.restore import CUT_SHORT
from wsinspector.conversation.snapshot import AttemptSnapshot, EndKind, Phase
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.draft import Generated
from wsinspector.verdicts.outcome import Outcome


def test_host_and_target_follow_the_address_until_touched(tabs: Tabs) -> None:
    conversation = tabs.new()
    assert conversation.address.error
    assert conversation.connect() is None
    conversation.set_address("ws://a.test/one")
    assert conversation.draft.request_line == b"GET /one HTTP/1.1"
    assert conversation.draft.lines[0].value == b"a.test"
    conversation.set_address("ws://a.test:81/two")
    assert conversation.draft.target == b"/two"
    assert conversation.draft.lines[0].value == b"a.test:81"
    conversation.set_draft(conversation.draft.with_target(b"/mine").with_edited_value(0, b"other"))
    conversation.set_address("ws://b.test/three")
    assert conversation.draft.target == b"/mine"
    assert conversation.draft.lines[0].value == b"other"
    conversation.set_address("ws://b.test:x/")
    assert conversation.address.error
    assert conversation.draft.target == b"/mine"


@pytest.mark.parametrize("between", ["", "ws://a.test:x/chat", "h ttp"])
def test_the_target_follows_also_after_an_unusable_address(tabs: Tabs, between: str) -> None:
    conversation = tabs.new()
    for text in ("ws://a.test/chat", between, "ws://b.test/other"):
        conversation.set_address(text)
    assert conversation.draft.target == b"/other"


def test_each_attempt_has_a_key_of_its_own(peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new(f"ws://127.0.0.1:{peers.answer(REFUSAL)}/")
    requests = []
    for number in (1, 2):
        drafted = conversation.draft.to_bytes()
        attempt = conversation.connect()
        assert attempt is not None
        assert attempt.number == number
        assert attempt.snapshot.request == drafted
        requests.append(ended(attempt).request)
    assert requests[0] != requests[1]
    assert conversation.draft.key() not in (requests[0], requests[1])
    assert {line.generated for line in conversation.draft.lines} >= {Generated.HOST, Generated.KEY}
    assert conversation.attempt(2) is conversation.attempts[1]
    assert conversation.attempt(0) is None
    assert conversation.attempt(3) is None


def test_two_attempts_live_at_once(peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(hold)}/")
    first, second = conversation.connect(), conversation.connect()
    assert first is not None
    assert second is not None
    for attempt in (first, second):
        until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    first.send_message("one")
    second.send_message("two")
    for attempt in (first, second):
        until(attempt, lambda snapshot: snapshot.frames == 1)
        attempt.abort()
        ended(attempt)


def test_only_the_handshake(peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(hold)}/")
    attempt = conversation.connect(handshake_only=True)
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.OPEN
    assert snapshot.end is not None
    assert snapshot.end.kind is EndKind.RESPONSE_DONE


def test_every_address_is_tabulated(peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new(f"ws://localhost:{peers.answer(REFUSAL)}/")
    table = conversation.every_address()
    assert table is not None
    assert table.wait_started(SECONDS)
    assert table.attempts
    for attempt in table.attempts:
        ended(attempt)
    assert table.done
    row = next(row for row in table.rows if row.address.startswith("127.0.0.1:"))
    assert row.outcome is Outcome.REFUSED
    assert (row.status, row.reason) == (426, "Upgrade Required")
    assert row.supported_versions == ("13", "8")
    assert row.timings.tcp is not None
    assert len({attempt.snapshot.request for attempt in table.attempts}) == len(table.attempts)


def test_reconnecting_is_off_until_asked(peers: Peers, tabs: Tabs) -> None:
    async def leave(link: Link, _inbox: Inbox, _request: bytes) -> None:
        link.write(HELLO)

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(leave)}/", reconnect_every=0.01)
    first = conversation.connect()
    assert first is not None
    ended(first)
    while len(conversation.attempts) < 3:
        last = conversation.attempts[-1]
        ended(last)
        assert last.connection is not None
        assert last.connection.released.wait(SECONDS)
    conversation.set_options(conversation.options.without("reconnect_every"))


def test_reading_stops_while_the_capture_is_behind(peers: Peers, tabs: Tabs) -> None:
    payload = b"\x82\x7e\xff\xff" + bytes(65535)
    count = 200

    async def flood(link: Link, inbox: Inbox, _request: bytes) -> None:
        for _ in range(count):
            link.write(payload)
            await link.drained()
        await next_frame(inbox, bytearray())

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(flood)}/")
    path = conversation.capture_path
    assert path is not None
    writer = CaptureWriter.create(path, handover_bytes=1 << 16)
    conversation._store._writer = writer
    conversation._store.conversation_id = writer.new_conversation("small", {})
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = until(attempt, lambda snapshot: snapshot.frames == count)
    assert not snapshot.dropped
    attempt.close()
    ended(attempt)


def test_a_conversation_without_a_file_keeps_it_while_it_lasts(peers: Peers, engine: Engine) -> None:
    conversation = Conversation(engine)
    conversation.set_address(f"ws://127.0.0.1:{peers.answer(REFUSAL)}/")
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    path = conversation.capture_path
    assert path is not None
    assert path.is_file()
    conversation.close()
    conversation.close()
    assert not path.exists()


def test_a_place_that_cannot_be_written_is_told(peers: Peers, engine: Engine, tmp_path: Path) -> None:
    taken = tmp_path / "no.wsi"
    taken.write_text("this is no capture")
    conversation = Conversation(engine, taken)
    conversation.set_address(f"ws://127.0.0.1:{peers.answer(REFUSAL)}/")
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert "cannot be written" in snapshot.trouble
    conversation.close()
    assert taken.read_text() == "this is no capture"


def test_a_place_that_cannot_be_written_is_told_as_long_as_one_talks(
    peers: Peers, engine: Engine, tmp_path: Path
) -> None:
    async def listen(_link: Link, inbox: Inbox, _request: bytes) -> None:
        await inbox.read()

    taken = tmp_path / "no.wsi"
    taken.write_text("this is no capture")
    conversation = Conversation(engine, taken)
    conversation.set_address(f"ws://127.0.0.1:{peers.upgraded(listen)}/")
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.open)
    attempt.send_message("hello")
    assert "cannot be written" in ended(attempt).trouble
    conversation.close()


def test_a_draft_alone_is_found_again(engine: Engine, tmp_path: Path) -> None:
    conversation = Conversation(engine, tmp_path / "draft.wsi")
    conversation.set_address("ws://a.test/")
    conversation.set_draft(conversation.draft.switched(2, False).with_edited_value(1, b"caf\xe9"))
    conversation.save()
    conversation.close()
    again = Conversation.open(engine, tmp_path / "draft.wsi")
    assert again.draft == conversation.draft
    assert again.address_text == "ws://a.test/"
    assert again.attempts == []
    again.close()


def test_a_reopened_conversation_goes_on(peers: Peers, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "on.wsi"
    conversation = Conversation(engine, path)
    conversation.set_address(f"ws://127.0.0.1:{peers.answer(REFUSAL)}/")
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    conversation.close()
    again = Conversation.open(engine, path)
    assert again.attempts[0].snapshot.outcome is Outcome.REFUSED
    again.attempts[0].send_message("late")
    assert again.attempts[0].snapshot.trouble
    second = again.connect()
    assert second is not None
    assert second.number == 2
    ended(second)
    again.close()
    last = Conversation.open(engine, path)
    assert [attempt.snapshot.number for attempt in last.attempts] == [1, 2]
    assert shown(last.attempts[1].snapshot) == shown(second.snapshot)
    last.close()


def test_what_a_killed_program_left_is_shown(
    peers: Peers, tabs: Tabs, engine: Engine, tmp_path: Path
) -> None:
    """A copy of the files as they stand while the connection is open is what a kill leaves."""

    async def half(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(HELLO + HELLO[:4])
        await hold(link, inbox, b"")

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(half)}/")
    attempt = conversation.connect()
    assert attempt is not None
    live = until(attempt, lambda snapshot: snapshot.frames == 1 and bool(snapshot.pending))
    writer = conversation._store.open_writer
    assert writer is not None
    assert writer.flush(SECONDS)
    path = conversation.capture_path
    assert path is not None
    left = tmp_path / "left"
    left.mkdir()
    for name in (path.name, path.name + "-wal"):
        shutil.copy(path.with_name(name), left / name)
    again = Conversation.open(engine, left / path.name)
    snapshot = again.attempts[0].snapshot
    again.close()
    assert snapshot.phase is Phase.ENDED
    assert snapshot.end is not None
    assert (snapshot.end.text, snapshot.end.code, snapshot.end.kept) == (CUT_SHORT, None, False)
    assert snapshot.outcome is Outcome.OPEN
    assert snapshot.pending == live.pending
    assert snapshot.request == live.request
    assert snapshot.response == live.response
    assert (snapshot.frames, snapshot.frames_in, snapshot.bytes_in) == (1, 1, live.bytes_in)
    attempt.abort()
    ended(attempt)


def test_a_conversation_that_is_not_there(engine: Engine, tmp_path: Path) -> None:
    CaptureWriter.create(tmp_path / "empty.wsi").close()
    with pytest.raises(KeyError):
        Conversation.open(engine, tmp_path / "empty.wsi")


def test_what_is_not_to_be_kept_goes_when_closed(peers: Peers, engine: Engine, tmp_path: Path) -> None:
    conversation = Conversation(engine, tmp_path / "gone.wsi")
    conversation.set_address(f"ws://127.0.0.1:{peers.answer(REFUSAL)}/")
    conversation.set_options(Options(keep=False))
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    assert (tmp_path / "gone.wsi").is_file()
    conversation.close()
    assert list(tmp_path.glob("gone.wsi*")) == []


def test_attempts_that_begin_at_once_have_numbers_of_their_own(engine: Engine) -> None:
    conversation = Conversation(engine)
    conversation.set_address("ws://127.0.0.1:1/")
    connecting = threading.Thread(target=conversation.connect)

    def make(number: int, attempt_id: int) -> Attempt:
        # The window connects while a caught client's attempt is being made: it has to wait.
        connecting.start()
        connecting.join(0.2)
        snapshot = AttemptSnapshot(0, number, attempt_id, Phase.ENDED, "", 0, 0, b"")
        return Attempt(Options(), snapshot)

    _, _, recorder = conversation.record({}, make, wall_ns=0, mono_ns=0)
    recorder.finish()
    connecting.join(SECONDS)
    assert [attempt.number for attempt in conversation.attempts] == [1, 2]
    conversation.close()
