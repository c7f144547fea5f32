"""Every byte of every scenario of the lab is told, as it was recorded over a real connection."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.present.explaining.streams import covered
from wsinspector.capture import CaptureReader
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.dialects import DIALECTS

SECONDS = 40.0


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    loop = Engine().start()
    made = Lab(report=lambda name, error: loop.failures.append((name, error)))
    loop.run(made.start()).result(SECONDS)
    yield made
    loop.run(made.stop()).result(SECONDS)
    loop.stop()
    assert loop.failures == []


def _settled(snapshot: AttemptSnapshot) -> bool:
    return not snapshot.live or (snapshot.phase is Phase.OPEN and snapshot.frames_in > 0)


def _told(path: Path) -> int:
    """How many parts the last attempt of a capture has, after all were held against its bytes."""
    with CaptureReader(path) as reader:
        (row,) = reader.conversations()
        snapshot = restored_attempts(reader, row.id)[-1].snapshot
        reading = FrameReading(AttemptSource(reader, snapshot.attempt_id), snapshot.agreed, snapshot.role)
        index = FrameIndex(reading.source)
        while index.grow(snapshot.frames):
            pass
        parts = Parts(snapshot, reading, None, index)
        covered(parts)
        return len(parts)


def _recorded(lab: Lab, path: Path, target: str, dialect: str = "rfc6455") -> None:
    engine = Engine().start()
    conversation = Conversation(engine, path)
    try:
        conversation.set_address(lab.url + target)
        quick = dataclasses.replace(conversation.options, timeout=0.5, body_idle=0.05, max_message=1 << 20)
        conversation.set_options(quick)
        if dialect != "rfc6455":
            conversation.set_dialect(dialect)
        attempt = conversation.connect()
        assert attempt is not None
        attempt.wait_for(lambda snapshot: snapshot.open or not snapshot.live, SECONDS)
        if attempt.snapshot.open:
            attempt.send_message("Hello")
            attempt.ping(b"?")
            attempt.wait_for(_settled, 0.3)
            attempt.close()
            attempt.wait_ended(0.3)
            attempt.abort()
        attempt.wait_ended(SECONDS)
    finally:
        conversation.close()
        engine.stop()
    assert engine.failures == []


@pytest.mark.parametrize("path", [scenario.path for scenario in SCENARIOS])
def test_a_scenario(lab: Lab, path: str, tmp_path: Path) -> None:
    _recorded(lab, tmp_path / "one.wsi", path)
    assert _told(tmp_path / "one.wsi") >= 3


@pytest.mark.parametrize("dialect", [dialect.name for dialect in DIALECTS])
def test_a_dialect(lab: Lab, dialect: str, tmp_path: Path) -> None:
    _recorded(lab, tmp_path / "one.wsi", "/echo", dialect)
    assert _told(tmp_path / "one.wsi") >= 5
