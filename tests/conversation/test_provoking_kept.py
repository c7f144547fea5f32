"""A run of provocations read back from its capture: the same table, also from damaged files."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conversation.conftest import SECONDS
from tests.conversation.test_provoking import called, provoke, row
from wsinspector.capture import CaptureError, CaptureReader, CaptureWriter
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.provoking import Provoking
from wsinspector.conversation.provoking_kept import (
    KEY,
    NoProvocations,
    holds_provocations,
    reopened,
    row_to_json,
    seen_from_json,
)
from wsinspector.conversation.provoking_results import ProvokePlan, ProvokeResults
from wsinspector.conversation.sweep_plan import servers_at
from wsinspector.conversation.sweep_results import SweepPhase
from wsinspector.lab.server import Lab
from wsinspector.protocol.provocations import PROVOCATIONS
from wsinspector.verdicts.provoked import Observed

IDS = ("rsv1", "zero-key", "longer-than-sent", "deflate-window")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    serving = Engine().start()
    made = Lab()
    serving.run(made.start()).result(SECONDS)
    serving.run(made.ready()).result(SECONDS)
    yield made
    serving.run(made.stop()).result(SECONDS)
    serving.stop()


@pytest.fixture
def kept(engine: Engine, lab: Lab, tmp_path: Path) -> ProvokeResults:
    """A run at two servers, one of which is not there."""
    path = tmp_path / "a.wsi"
    return provoke(engine, f"{lab.url}/echo", "ws://127.0.0.1:1/", ids=IDS, path=path, timeout=3.0)


def test_a_kept_run_is_the_table_that_was_seen(kept: ProvokeResults) -> None:
    again = reopened(Path(kept.path))
    assert again.servers == kept.servers
    assert again.provocations == kept.provocations
    assert (again.phase, again.path, again.trouble) == (SweepPhase.DONE, kept.path, "")
    assert (again.at_once, again.timeout, again.pace) == (kept.at_once, kept.timeout, kept.pace)
    assert again.seconds > 0
    assert abs(again.began_wall_ns - kept.began_wall_ns) < 60e9
    place = again.place(0, 0)
    assert place is not None
    with CaptureReader(place.path) as reader:
        assert holds_provocations(reader)
        assert reader.conversations(place.conversation_id)[0].title.endswith("RSV1 set (rsv1)")
    assert not again.servers[1].reached
    assert "No TCP connection" in again.servers[1].trouble


def test_a_run_that_was_stopped_is_told_to_be(engine: Engine, lab: Lab, tmp_path: Path) -> None:
    plan = ProvokePlan(servers_at((f"{lab.url}/echo",)), called(*IDS), 1, timeout=3.0)
    provoking = Provoking(engine, plan, tmp_path / "a.wsi").start()
    assert provoking.wait_for(lambda results: results.done > 0, SECONDS) is not None
    provoking.cancel()
    stopped = provoking.wait_ended(SECONDS)
    provoking.close()
    assert stopped is not None
    again = reopened(tmp_path / "a.wsi")
    assert again.phase is SweepPhase.CANCELLED
    assert again.servers == provoking.results.servers
    assert again.total == len(IDS)


def test_what_is_kept_survives_that_a_row_is_opened_and_changed(engine: Engine, kept: ProvokeResults) -> None:
    found = Conversation.open(engine, Path(kept.path), row(kept, "rsv1").conversation_id)
    found.set_address("ws://127.0.0.1:2/")
    found.save()
    found.close()
    assert reopened(Path(kept.path)).servers == kept.servers


def changed(path: str, change: Any) -> None:
    """Let ``change(state)`` alter what is kept beside each conversation; None takes it away."""
    with sqlite3.connect(path) as base:
        for number, text in base.execute("SELECT id, state FROM conversation").fetchall():
            state = json.loads(text)
            if KEY in state:
                state[KEY] = change(state[KEY])
            base.execute("UPDATE conversation SET state = ? WHERE id = ?", (json.dumps(state), number))
    base.close()


def test_rows_are_found_where_the_plain_connections_are_lost(kept: ProvokeResults) -> None:
    changed(kept.path, lambda told: told if "id" in told else None)
    again = reopened(Path(kept.path))
    assert [each.name for each in again.servers] == ["server 1"]
    assert {each.id for each in again.provocations} == set(IDS)
    assert row(again, "rsv1").verdict == row(kept, "rsv1").verdict
    assert again.phase is SweepPhase.CANCELLED


def test_a_provocation_that_is_not_known_any_more_is_told(kept: ProvokeResults) -> None:
    def renamed(told: Any) -> Any:
        if "id" in told:
            return told | {"id": told["id"].replace("rsv1", "gone")}
        return told | {"provocations": ["gone", *told["provocations"][1:]]}

    changed(kept.path, renamed)
    again = reopened(Path(kept.path))
    assert len(again.provocations) == len(IDS) - 1
    assert again.trouble == "1 provocation of this run is not known any more."
    assert row(again, "zero-key") == row(kept, "zero-key")


def test_another_capture_holds_no_run(tmp_path: Path) -> None:
    CaptureWriter.create(tmp_path / "a.wsi").close()
    with pytest.raises(NoProvocations, match="holds no provocations"):
        reopened(tmp_path / "a.wsi")
    with CaptureReader(tmp_path / "a.wsi") as reader:
        assert not holds_provocations(reader)
    (tmp_path / "b.wsi").write_bytes(b"no capture")
    with pytest.raises(CaptureError):
        reopened(tmp_path / "b.wsi")


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("index", "id", "seen", "provocations", "seconds", "pongs", "code", "phase", "at_once", "name")


@given(st.lists(junk | st.dictionaries(st.sampled_from(NAMES), junk), max_size=4))
def test_whatever_is_kept_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, told: list[Any]) -> None:
    path = tmp_path_factory.mktemp("kept") / "a.wsi"
    writer = CaptureWriter.create(path)
    for each in told:
        writer.new_conversation("a", {KEY: each}, b"")
    writer.close()
    try:
        results = reopened(path)
    except CaptureError:
        return
    assert all(len(server.rows) == len(results.provocations) for server in results.servers)


@given(junk, st.sampled_from([each.name for each in Observed.__dataclass_fields__.values()]))
def test_a_member_of_another_type_is_at_its_default(value: Any, name: str) -> None:
    seen = Observed(closed=True, code=1002, reason="a", probes=1, pongs=(b"\xff",), alive=True, beside=("b",))
    told = json.loads(json.dumps(row_to_json(0, PROVOCATIONS[0], seen, 1.5)))["seen"]
    assert seen_from_json(told) == seen
    read = seen_from_json(told | {name: value})
    assert read is not None
    assert replace(read, **{name: getattr(seen, name)}) == seen
