"""One attempt taken out of a capture: every byte, time, frame and fact of it, and nothing of the others."""

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.conftest import SECONDS
from wsinspector.capture import CaptureReader
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.excerpt import excerpt
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.conversation.sweep import Sweep
from wsinspector.conversation.sweep_plan import SweepPlan, server_at
from wsinspector.conversation.sweep_reopen import holds_sweep
from wsinspector.conversation.sweep_results import CellPlace
from wsinspector.lab.server import Lab
from wsinspector.protocol.spans import Direction
from wsinspector.protocol.sweep_requests import saying


@pytest.fixture
def lab(engine: Engine) -> Iterator[Lab]:
    made = Lab()
    engine.run(made.start()).result(SECONDS)
    yield made
    engine.run(made.stop()).result(SECONDS)


def ended(snapshot: AttemptSnapshot) -> bool:
    return not snapshot.live


def recorded(engine: Engine, lab: Lab, path: Path) -> None:
    """A capture of two attempts at a server that sends many frames; both ended."""
    conversation = Conversation(engine, path)
    conversation.set_address(lab.url_of("/fragments"))
    for count in (6, 9):
        attempt = conversation.connect()
        assert attempt is not None
        assert attempt.wait_for(lambda snapshot, n=count: snapshot.frames >= n, SECONDS) is not None  # type: ignore[misc]
        attempt.close()
        assert attempt.wait_for(ended, SECONDS) is not None
    conversation.close()


def test_all_of_the_attempt_is_taken_and_nothing_else(engine: Engine, lab: Lab, tmp_path: Path) -> None:
    source, target = tmp_path / "all.wsi", tmp_path / "one.wsi"
    recorded(engine, lab, source)
    excerpt(CellPlace(str(source), 1, 2), target)
    with CaptureReader(source) as before, CaptureReader(target) as after:
        old = before.attempts(1)[1]
        (new,) = after.attempts()
        assert new.number == 1
        assert (new.wall_ns, new.mono_ns, new.finished) == (old.wall_ns, old.mono_ns, True)
        assert new.facts == old.facts
        for direction in Direction:
            length = before.stream_length(old.id, direction)
            assert length > 100
            assert after.stream(new.id, direction, 0, length + 1) == before.stream(
                old.id, direction, 0, length + 1
            )
            assert after.reads(new.id, direction) == before.reads(old.id, direction)
        count = before.frame_count(old.id)
        assert count >= 9
        assert after.frame_count(new.id) == count
        assert after.columns(new.id, 1, count) == before.columns(old.id, 1, count)
        assert after.events(new.id) == before.events(old.id)
    whole, opened = Conversation.open(engine, source), Conversation.open(engine, target)
    snapshot, known = opened.attempts[0].snapshot, whole.attempts[1].snapshot
    assert dataclasses.replace(snapshot, number=2, attempt_id=known.attempt_id) == known
    whole.close()
    opened.close()


def test_a_cell_of_a_sweep_is_an_ordinary_conversation(engine: Engine, lab: Lab, tmp_path: Path) -> None:
    source, target = tmp_path / "sweep.wsi", tmp_path / "cell.wsi"
    requests = (saying(b"13"), saying(b"14"), saying(b"8", b"13"))
    sweep = Sweep(engine, SweepPlan((server_at(lab.url_of("/echo?versions=13")),), requests), source)
    sweep.start()
    results = sweep.wait_ended(SECONDS)
    assert results is not None
    sweep.close()
    place = results.place(0, 2)
    assert place is not None
    before = source.read_bytes()
    excerpt(place, target)
    assert source.read_bytes() == before
    with CaptureReader(target) as reader:
        assert not holds_sweep(reader)
    opened = Conversation.open(engine, target)
    assert [attempt.number for attempt in opened.attempts] == [1]
    probe = results.servers[0].probes[2]
    assert probe is not None
    assert opened.attempts[0].snapshot.request == probe.request
    assert opened.attempts[0].snapshot.response == probe.response
    opened.close()


def test_what_is_not_there_is_an_error_and_leaves_no_file(engine: Engine, lab: Lab, tmp_path: Path) -> None:
    source, target = tmp_path / "all.wsi", tmp_path / "one.wsi"
    recorded(engine, lab, source)
    with pytest.raises(KeyError):
        excerpt(CellPlace(str(source), 1, 3), target)
    with pytest.raises(KeyError):
        excerpt(CellPlace(str(source), 2, 1), target)
    assert not target.exists()


def test_a_file_that_is_there_is_not_written_over(engine: Engine, lab: Lab, tmp_path: Path) -> None:
    source, target = tmp_path / "all.wsi", tmp_path / "one.wsi"
    recorded(engine, lab, source)
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        excerpt(CellPlace(str(source), 1, 1), target)
    assert target.read_bytes() == b"mine"


def test_threads_end_with_it(engine: Engine, lab: Lab, tmp_path: Path) -> None:
    source = tmp_path / "all.wsi"
    recorded(engine, lab, source)
    before = threading.active_count()
    for number in range(3):
        excerpt(CellPlace(str(source), 1, 1), tmp_path / f"{number}.wsi")
    assert threading.active_count() <= before
