"""Every misbehaviour of the lab under every policy: followed without an exception, reopened the same.

The second half is in the ``tabs`` fixture: it opens each capture again and compares all of the snapshot.
"""

from collections.abc import Iterator

import pytest

from tests.conversation.conftest import SECONDS, Tabs, ended
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab
from wsinspector.verdicts.outcome import Outcome


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    loop = Engine().start()
    made = Lab(report=lambda name, error: loop.failures.append((name, error)))
    loop.run(made.start()).result(SECONDS)
    yield made
    loop.run(made.stop()).result(SECONDS)
    loop.stop()
    assert loop.failures == []


def settled(snapshot: AttemptSnapshot) -> bool:
    """Over, or open with something to show."""
    return not snapshot.live or (snapshot.phase is Phase.OPEN and snapshot.frames_in > 0)


def settle(attempt: Attempt) -> AttemptSnapshot:
    attempt.wait_for(lambda snapshot: snapshot.open or not snapshot.live, SECONDS)
    if attempt.snapshot.open:
        attempt.send_message("Hello")
        attempt.ping(b"?")
        attempt.wait_for(settled, 0.3)
        attempt.close()
        attempt.wait_ended(0.3)
        attempt.abort()
    return ended(attempt)


@pytest.mark.parametrize("policy", ["tolerant", "conforming", "watch"])
@pytest.mark.parametrize("path", [scenario.path for scenario in SCENARIOS])
def test_a_scenario(lab: Lab, tabs: Tabs, path: str, policy: str) -> None:
    snapshot = settle(
        tabs.connect(lab.url + path, policy=policy, timeout=0.5, body_idle=0.05, max_message=1 << 20)
    )
    assert snapshot.end is not None
    assert snapshot.outcome is not None
    assert snapshot.trouble in ("", "Nothing was sent: the connection is not open.")
    if snapshot.outcome is Outcome.OPEN:
        assert snapshot.verdict is not None
        assert not snapshot.verdict.breaks
