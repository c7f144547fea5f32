"""Runs of sequences against peers, the lab among them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversation.conftest import Peers, Tabs, engine, peers, tabs
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sequences.reading import read_sequence
from wsinspector.conversation.sequences.results import RunResults, StepState
from wsinspector.conversation.sequences.run import SequenceRun
from wsinspector.lab.server import Lab

__all__ = ["Peers", "Tabs", "engine", "peers", "tabs"]

SECONDS = 20.0


@pytest.fixture(autouse=True)
def _soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most peers here never answer a Close; nothing is to be seen in the time they are given for it."""
    monkeypatch.setattr("wsinspector.conversation.sequences.run.GRACE", 1.0)


@pytest.fixture
def lab() -> Iterator[str]:
    """The address of a lab of its own."""
    loop = Engine().start()
    made = Lab(report=lambda name, error: loop.failures.append((name, error)))
    loop.run(made.start()).result(SECONDS)
    yield f"ws://127.0.0.1:{made.port}"
    loop.run(made.stop()).result(SECONDS)
    loop.stop()
    assert loop.failures == []


class Runner:
    """Runs texts of sequences, each in a conversation that is checked at the end."""

    def __init__(self, tabs: Tabs, folder: Path) -> None:
        self._tabs = tabs
        self.folder = folder
        self.conversation: Conversation
        self.environment: dict[str, str] = {}
        self.hidden: frozenset[str] = frozenset()

    def going(self, text: str, url: str, **how: Any) -> SequenceRun:
        read = read_sequence(text, (*self.environment, *how.get("values", ())))
        assert read.sequence is not None, read.faults
        self.conversation = self._tabs.new()
        if self.environment:
            environment, hidden = self.environment, self.hidden
            self.conversation.use_environment(lambda: environment)
            self.conversation.hidden = lambda: hidden
        run = SequenceRun(self.conversation, read.sequence, url=url, folder=self.folder, **how)
        return run.start()

    def __call__(self, text: str, url: str, **how: Any) -> RunResults:
        results = self.going(text, url, **how).wait_ended(SECONDS)
        assert results is not None
        return results


@pytest.fixture
def run(tabs: Tabs, tmp_path: Path) -> Runner:
    return Runner(tabs, tmp_path)


def states(results: RunResults) -> list[StepState]:
    return [each.state for each in results.steps]
