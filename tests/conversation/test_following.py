"""A capture that another process writes: followed while it grows, added to once it is free."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.conversation.followed_writer import Other
from wsinspector.capture.locking import WriterWatch
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.following import Following
from wsinspector.conversation.snapshot import AttemptSnapshot, EndKind, Phase
from wsinspector.lab.server import Lab

WAIT = 20.0


@pytest.fixture
def lab(engine: Engine) -> Iterator[Lab]:
    made = Lab()
    engine.run(made.start()).result(WAIT)
    yield made
    engine.run(made.stop()).result(WAIT)


@pytest.fixture
def other(lab: Lab, tmp_path: Path) -> Iterator[Other]:
    made = Other(tmp_path / "theirs.wsi", lab.url_of("/echo"))
    yield made
    made.kill()


@pytest.fixture
def followed(engine: Engine, other: Other, tmp_path: Path) -> Iterator[tuple[Conversation, Following]]:
    path = tmp_path / "theirs.wsi"
    watch = WriterWatch(path)
    assert watch.written
    conversation = Conversation.open(engine, path, read_only=True)
    following = Following(conversation, path, watch)
    yield conversation, following.start()
    following.stop()
    conversation.close()
    following.close()


def _has(frames: int, snapshot: AttemptSnapshot) -> bool:
    return snapshot.frames >= frames


def until_free(following: Following) -> None:
    done = threading.Event()

    def look() -> None:
        while following.written and not done.wait(0.02):
            pass
        done.set()

    threading.Thread(target=look, daemon=True).start()
    assert done.wait(WAIT)


def test_new_frames_appear(other: Other, followed: tuple[Conversation, Following]) -> None:
    conversation, _ = followed
    attempt = conversation.attempts[0]
    assert attempt.wait_for(lambda snapshot: snapshot.phase is Phase.OPEN, WAIT)
    assert attempt.snapshot.end is None
    for number in range(1, 4):
        other.send(f"message {number}")
        seen = attempt.wait_for(partial(_has, 2 * number), WAIT)
        assert seen is not None
        assert (seen.frames_out, seen.frames_in) == (number, number)
    reader = conversation.reader()
    assert reader is not None
    assert reader.frame_bytes(attempt.attempt_id, 6).endswith(b"message 3")


def test_its_end_is_seen_and_the_file_is_ours_then(
    other: Other, followed: tuple[Conversation, Following], lab: Lab
) -> None:
    conversation, following = followed
    assert conversation.read_only
    assert conversation.connect() is None
    other.send("one")
    other.end()
    ended = conversation.attempts[0].wait_ended(WAIT)
    assert ended is not None
    assert ended.end is not None
    assert ended.end.kind is EndKind.CLOSE_FRAME
    until_free(following)
    assert following.trouble == ""
    assert not bool(conversation.read_only)
    again = conversation.connect()
    assert again is not None
    assert again.number == 2
    assert again.wait_for(lambda snapshot: snapshot.open, WAIT)


def test_a_killed_writer_leaves_what_it_kept(other: Other, followed: tuple[Conversation, Following]) -> None:
    conversation, following = followed
    other.send("one")
    attempt = conversation.attempts[0]
    assert attempt.wait_for(lambda snapshot: snapshot.frames == 2, WAIT)
    other.kill()
    ended = attempt.wait_ended(WAIT)
    assert ended is not None
    assert ended.frames == 2
    assert ended.end is not None
    assert "while this attempt was live" in ended.end.text
    until_free(following)


def test_nothing_is_written_while_another_writes(
    other: Other, followed: tuple[Conversation, Following], tmp_path: Path
) -> None:
    conversation, _ = followed
    other.send("one")
    conversation.set_address("ws://elsewhere.example/")
    conversation.save()
    assert conversation.capture_path == tmp_path / "theirs.wsi"
    assert conversation.store_trouble == ""
