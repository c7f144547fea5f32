"""The lab's manners of refusing, and the websockets library, as a sweep tells them."""

from collections.abc import Iterator

import pytest

from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sweep import Sweep
from wsinspector.conversation.sweep_plan import SweepPlan, server_at
from wsinspector.lab.server import Lab
from wsinspector.present.sweep_table import cell_text, table_of
from wsinspector.protocol.sweep_sets import COMMON, HANDSHAKE
from wsinspector.verdicts.sweep_cells import Tone

SECONDS = 20.0


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    serving = Engine().start()
    made = Lab()
    serving.run(made.start()).result(SECONDS)
    serving.run(made.ready()).result(SECONDS)
    yield made
    serving.run(made.stop()).result(SECONDS)
    serving.stop()


def told(engine: Engine, url: str, set_: str = "common") -> tuple[list[str], dict[str, str]]:
    """The marked sentences, and the cells by their rows."""
    requests = COMMON.requests if set_ == "common" else HANDSHAKE.requests
    plan = SweepPlan((server_at(url, "S"),), requests, (set_,), at_once=8, timeout=1.0)
    sweep = Sweep(engine, plan).start()
    results = sweep.wait_ended(SECONDS)
    sweep.close()
    assert results is not None
    table = table_of(results)
    marked = [each.said.text for each in table.outs if each.said.tone in (Tone.FINDING, Tone.REMARK)]
    return marked, {row.label: cell_text(row.cells[0]) for row in table.rows}


@pytest.mark.parametrize("manner", ["426-list", "426-ascending", "426-two-lines", "400-list-no-space"])
def test_a_refusal_with_a_list_is_in_order_however_it_is_written(
    engine: Engine, lab: Lab, manner: str
) -> None:
    marked, cells = told(engine, f"{lab.url}/versions/13,8/{manner}")
    assert marked == []
    assert (cells["13"], cells["8"]) == ("101", "101")
    assert cells["9 – 12"].startswith(manner[:3] + " → ")


def test_a_refusal_without_a_list_is_told(engine: Engine, lab: Lab) -> None:
    marked, cells = told(engine, f"{lab.url}/versions/13/426-no-list")
    assert marked == [
        "S refuses 0, 4–12, 14, 25 and 255 with 426 without naming a version it takes: "
        "a client cannot learn what to retry."
    ]
    assert cells["14, 25, 255"] == "✕ 426, no list"


def test_a_list_that_lies_is_caught_where_it_names_what_was_refused(engine: Engine, lab: Lab) -> None:
    marked, _ = told(engine, f"{lab.url}/versions/13/400-list-lies")
    assert any(text.startswith("S lists 4–8 and refuses them.") for text in marked), marked


def test_silence_is_told(engine: Engine, lab: Lab) -> None:
    marked, cells = told(engine, f"{lab.url}/versions/13/silence")
    assert marked[0].startswith("S never answers when the header is absent and to 0, 4–12, 14, 25, 255, ")
    assert cells["13"] == "101"
    assert cells["absent"] == "✕ no answer"


def test_whoever_opens_for_all_is_told(engine: Engine, lab: Lab) -> None:
    marked, cells = told(engine, f"{lab.url}/versions/13/any")
    assert marked[0].startswith("S opens whatever version is sent, though it must refuse 9–12, 14, ")
    assert cells["abc"] == "✕ 101"
    assert cells["two lines: 13, 8"] == "! 101"


def test_an_absent_version_taken_for_hixie_75_is_told(engine: Engine, lab: Lab) -> None:
    marked, cells = told(engine, f"{lab.url}/versions/13,hixie-75/hixie-when-absent")
    assert marked == ["S takes an absent version for hixie-75 and answers in the form of that draft."]
    assert cells["absent"] == "! 101"


def test_the_websockets_library_refuses_what_it_must_and_names_no_version(engine: Engine, lab: Lab) -> None:
    marked, cells = told(engine, lab.entrance_url("peer"))
    assert marked == [
        "S refuses 0, 4–12, 14, 25 and 255 with 400 without naming a version it takes: "
        "a client cannot learn what to retry."
    ]
    assert cells["13"] == "101"
    marked, cells = told(engine, lab.entrance_url("peer"), "handshake")
    assert cells["version 14 with no key"] == "400"
    assert cells["Origin null"] == "101"
