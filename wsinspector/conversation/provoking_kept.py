"""A run of provocations in its capture: what was seen stands beside each conversation, and is judged anew.

What a server did cannot be told from the bytes alone: whether a new connection opened afterwards, and what
was waited for, is the run's own knowledge.
"""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wsinspector.capture import CaptureError, CaptureReader, ConversationRow
from wsinspector.conversation.provoking_results import (
    ProvokedRow,
    ProvokedServer,
    ProvokePlan,
    ProvokeResults,
)
from wsinspector.conversation.sweep_plan import SweepServer
from wsinspector.conversation.sweep_results import SweepPhase
from wsinspector.protocol.provocations import PROVOCATIONS, Provocation, provocation_called
from wsinspector.translate import translate
from wsinspector.verdicts.provoked import Observed, judged

KEY = "provoked"
"""The member of a conversation's state: of a server's plain connection the plan and how it ended, of any
other the provocation and what was seen."""

SERVERS = 1000
"""More than that no run has."""

State = dict[str, Any]


class NoProvocations(CaptureError):  # noqa: N818
    """The capture holds no run of provocations."""


def plan_to_json(plan: ProvokePlan, index: int, server: SweepServer) -> State:
    """What is kept beside the plain connection to server ``index``, from 0."""
    return {
        "index": index,
        "name": server.name,
        "url": server.url,
        "lab": server.lab,
        "provocations": [each.id for each in plan.provocations],
        "at_once": plan.at_once,
        "pace": plan.pace,
        "timeout": plan.timeout,
    }


def end_to_json(server: ProvokedServer, phase: SweepPhase, seconds: float) -> State:
    """What joins :func:`plan_to_json` at the end."""
    return {
        "phase": phase.value,
        "seconds": seconds,
        "trouble": server.trouble,
        "reached": server.reached,
        "pongs": server.pongs,
    }


def row_to_json(index: int, provocation: Provocation, seen: Observed, seconds: float) -> State:
    """What is kept beside a provocation of server ``index``, from 0; bytes as Latin-1."""
    told = asdict(seen) | {"pongs": [each.decode("latin-1") for each in seen.pongs]}
    return {"index": index, "id": provocation.id, "seconds": seconds, "seen": told}


def holds_provocations(reader: CaptureReader) -> bool:
    """Whether a run of provocations made the capture: its first conversation is enough to tell."""
    first = reader.first_conversation()
    return first is not None and _told(first) is not None


def reopened(path: Path) -> ProvokeResults:
    """The run in a capture. Raises NoProvocations, another CaptureError or OSError."""
    with CaptureReader(path) as reader:
        rows = reader.conversations()
    told = [(row, state) for row in rows if (state := _told(row)) is not None]
    plans = {_index(state): state for _, state in told if "id" not in state}
    begun = {_index(state) for _, state in told}
    if not told:
        raise NoProvocations(translate("Provoking", "This capture holds no provocations."))
    if len(begun) > SERVERS:
        raise CaptureError(translate("Provoking", "The capture names more servers than a run can have."))
    ids = next((listed for state in plans.values() if (listed := _ids(state.get("provocations")))), None)
    if ids is None:  # the plain connections were lost
        there = {_text(state.get("id")) for _, state in told}
        ids = [each.id for each in PROVOCATIONS if each.id in there]
    provocations = tuple(each for id in ids if (each := provocation_called(id)) is not None)
    servers = tuple(_server(index, plans.get(index, {}), told, provocations) for index in sorted(begun))
    first = next(iter(plans.values()), {})
    ended = len(plans) == len(begun) and all(state.get("phase") == "done" for state in plans.values())
    return ProvokeResults(
        1,
        SweepPhase.DONE if ended else SweepPhase.CANCELLED,
        provocations,
        servers,
        min(row.created_ns for row, _ in told),
        max((_number(state.get("seconds")) for state in plans.values()), default=0.0),
        int(_number(first.get("at_once"))),
        _number(first.get("timeout")),
        str(path),
        _unknown(len(ids) - len(provocations)),
        pace=_number(first.get("pace")),
    )


def _server(
    index: int,
    plan: State,
    told: Iterable[tuple[ConversationRow, State]],
    provocations: tuple[Provocation, ...],
) -> ProvokedServer:
    places = {each.id: place for place, each in enumerate(provocations)}
    rows: list[ProvokedRow | None] = [None] * len(provocations)
    for row, state in told:
        place = places.get(_text(state.get("id")))
        if place is None or _index(state) != index:
            continue
        seen = seen_from_json(state.get("seen"))
        if seen is not None:
            verdict = judged(provocations[place], seen)
            rows[place] = ProvokedRow(seen, verdict, row.id, _number(state.get("seconds")))
    url = _text(plan.get("url"))
    name = _text(plan.get("name")) or url or translate("Provoking", "server {0}").format(index + 1)
    return ProvokedServer(
        name,
        url,
        tuple(rows),
        over=True,
        trouble=_text(plan.get("trouble")),
        reached=bool(plan.get("reached", any(rows))),
        pongs=bool(plan.get("pongs", True)),
        lab=_text(plan.get("lab")),
    )


def seen_from_json(told: Any) -> Observed | None:
    """What :func:`row_to_json` kept; None where it is something else, a member of another type at its
    default."""
    if not isinstance(told, dict):
        return None
    code, alive = told.get("code"), told.get("alive")
    whole = isinstance(code, int) and not isinstance(code, bool)
    return Observed(
        opened=told.get("opened") is not False,
        trouble=_text(told.get("trouble")),
        unfit=_text(told.get("unfit")),
        closed=told.get("closed") is True,
        code=code if whole else None,
        reason=_text(told.get("reason")),
        ended=_text(told.get("ended")),
        probes=int(_number(told.get("probes"))),
        pongs=tuple(each.encode("latin-1", "replace") for each in _texts(told.get("pongs"))),
        messages=int(_number(told.get("messages"))),
        seconds=_number(told.get("seconds")),
        alive=alive if isinstance(alive, bool) else None,
        beside=tuple(_texts(told.get("beside"))),
        hint=_text(told.get("hint")),
        sent=told.get("sent") is not False,
    )


def _unknown(number: int) -> str:
    if not number:
        return ""
    return translate("Provoking", "%n provocation(s) of this run (is|are) not known any more.", "", number)


def _told(row: ConversationRow) -> State | None:
    state = row.state.get(KEY)
    return state if isinstance(state, dict) else None


def _index(state: State) -> int:
    return int(_number(state.get("index")))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _ids(value: Any) -> list[str]:
    return list(dict.fromkeys(_texts(value)))


def _number(value: Any) -> float:
    """A number that is 0 or more and not out of all bounds; 0 for anything else."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return value if plain and 0 <= value <= 1 << 53 else 0
