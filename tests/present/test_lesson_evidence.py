"""What a lesson waits for, told from real bytes between an engine and the lab."""

from collections.abc import Iterator
from functools import partial

import pytest

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.lab.server import Lab
from wsinspector.learn.lessons.model import Act, Do, Expect, Fact, WrongDeed
from wsinspector.present.lesson_evidence import Since, answer_of, frames_fitting, look, meets

SECONDS = 40.0
HELLO = 'type == text and dir == out and payload contains "Hello"'


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = Engine().start()
    yield made
    made.stop()
    assert made.failures == []


@pytest.fixture(scope="module")
def lab(engine: Engine) -> Iterator[Lab]:
    made = Lab()
    engine.run(made.start()).result(SECONDS)
    yield made
    engine.run(made.stop()).result(SECONDS)


@pytest.fixture
def conversation(engine: Engine) -> Iterator[Conversation]:
    made = Conversation(engine)
    yield made
    made.close()


def connect(conversation: Conversation, url: str, *versions: bytes) -> AttemptSnapshot:
    conversation.set_address(url)
    conversation.set_draft(conversation.draft.with_version_values(versions or (b"13",)))
    attempt = conversation.connect()
    assert attempt is not None
    found = attempt.wait_for(lambda snapshot: not snapshot.undecided, SECONDS)
    assert found is not None
    return found


def said(conversation: Conversation, text: str, frames: int) -> AttemptSnapshot:
    """The last attempt, once ``text`` was sent and so many frames are in the capture."""
    attempt = conversation.attempts[-1]
    attempt.send_message(text)
    found = attempt.wait_for(lambda snapshot: snapshot.frames >= frames, SECONDS)
    assert found is not None
    return found


def nothing(_snapshot: AttemptSnapshot, _text: str) -> list[int]:
    raise AssertionError("no frames are asked for")


def test_a_refusal_is_told_by_its_bytes(conversation: Conversation, lab: Lab) -> None:
    snapshot = connect(conversation, lab.url_of("/versions/13,8/426-list"), b"7")
    for expect in (
        Expect(status=(426,)),
        Expect(opened=False),
        Expect(version=("7",), offers=("13", "8")),
        Expect(failed=("status",)),
        Expect(passed=("version-list",)),
        Expect(response_has=("Upgrade",), response_lacks=("Sec-WebSocket-Accept",)),
        Expect(path="/versions/13,8/426-list"),
    ):
        assert meets(expect, [snapshot], Since(), nothing), expect
    for expect in (
        Expect(status=(400, 101)),
        Expect(opened=True),
        Expect(version=("13",)),
        Expect(version=()),
        Expect(offers=("13",)),
        Expect(passed=("status",)),
        Expect(request_lacks=("Host",)),
        Expect(path="/echo"),
        Expect(dialect="hixie-76"),
        Expect(attempts=2),
    ):
        assert not meets(expect, [snapshot], Since(), nothing), expect


def test_frames_count_from_where_the_step_began(conversation: Conversation, lab: Lab) -> None:
    connect(conversation, lab.url_of("/echo"))
    fitting = partial(frames_fitting, conversation.reader())
    first = said(conversation, "Hello", 2)
    assert meets(Expect(frames=HELLO), [first], Since(), fitting)
    since = Since.of([first])
    assert not meets(Expect(frames=HELLO), [first], since, fitting)
    assert not meets(Expect(status=(101,)), [first], since, fitting)  # it was there before
    second = said(conversation, "Hello", 4)
    assert meets(Expect(frames=HELLO), [second], since, fitting)
    assert meets(Expect(frames=HELLO, at_least=2), [second], Since(), fitting)
    assert not meets(Expect(frames=HELLO, at_least=2), [second], since, fitting)
    assert not meets(Expect(frames=HELLO, no_frames="dir == in"), [second], since, fitting)


def test_a_foreseen_mistake_is_told_unless_the_task_is_done(conversation: Conversation, lab: Lab) -> None:
    wrong = WrongDeed("a hint", Expect(status=(400,)))
    task = Do("task", Expect(status=(101,)), Act(), (wrong,))
    url = lab.url_of("/versions/13/426-list")
    bad = connect(conversation, url, b"013")
    assert look(task, [bad], Since(), nothing).wrong is wrong
    good = connect(conversation, url)
    assert look(task, [bad, good], Since(), nothing).done
    assert not look(task, [], Since(), nothing).done


def test_the_end_is_told_by_codes(conversation: Conversation, lab: Lab) -> None:
    connect(conversation, lab.url_of("/echo"))
    attempt = conversation.attempts[-1]
    attempt.close(4000, "bye")
    snapshot = attempt.wait_ended(SECONDS)
    assert snapshot is not None
    assert meets(Expect(sent_code=4000, received_code=4000, clean=True), [snapshot], Since(), nothing)
    assert not meets(Expect(close_code=1006), [snapshot], Since(), nothing)
    assert not meets(Expect(ended=False), [snapshot], Since(), nothing)


def test_what_is_asked_of_a_conversation_is_read_from_it(conversation: Conversation, lab: Lab) -> None:
    connect(conversation, lab.url_of("/echo"))
    snapshot = said(conversation, "Hello", 2)
    reader = conversation.reader()

    def fact(name: str, frame: str = "") -> str | None:
        return answer_of(Fact(name, frame), snapshot, reader, partial(frames_fitting, reader))

    key, masked = fact("mask-key", HELLO), fact("masked", HELLO)
    assert key is not None
    assert masked is not None
    mask = bytes.fromhex(key)
    assert bytes(b ^ mask[at % 4] for at, b in enumerate(bytes.fromhex(masked))) == b"Hello"
    assert fact("first-byte", HELLO) == "81"
    assert fact("second-byte", HELLO) == "85"
    assert fact("payload", HELLO) == b"Hello".hex()
    assert fact("payload-text", HELLO) == "Hello"
    assert fact("length", HELLO) == "5"
    assert fact("second-byte", "type == text and dir == in") == "05"
    assert fact("status") == "101"
    assert fact("version") == "13"
    assert fact("close-code", "type == close") is None
    assert snapshot.response is not None
    assert fact("accept") == snapshot.response.head.values(b"Sec-WebSocket-Accept")[0].decode()


def test_the_mirror_tells_what_arrived(conversation: Conversation, lab: Lab) -> None:
    connect(conversation, lab.url_of("/mirror"))
    found = conversation.attempts[-1].wait_ended(SECONDS)
    assert found is not None
    assert meets(Expect(arrived=("Upgrade",), lost=("Cookie",)), [found], Since(), nothing)
    assert not meets(Expect(lost=("Upgrade",)), [found], Since(), nothing)
