"""A sweep read back from its capture: every verdict is worked out again from the bytes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from wsinspector.capture import AttemptRow, CaptureError, CaptureReader, ConversationRow
from wsinspector.conversation.facts import end_from_json, timings_from_json
from wsinspector.conversation.snapshot import EndKind
from wsinspector.conversation.sweep_capture import KEY, ODDS, odd_from_json
from wsinspector.conversation.sweep_results import SweepPhase, SweepResults, SweptServer
from wsinspector.protocol.spans import Direction
from wsinspector.protocol.sweep_requests import Odd
from wsinspector.verdicts.sweep_cells import Ended, Probe


class NoSweep(CaptureError):  # noqa: N818
    """The capture holds no sweep."""


Progress = Callable[[int, int], None]
"""Called with how many answers are read of how many; what it raises ends the reading."""


def no_progress(_done: int, _total: int) -> None:
    """Nobody waits for it."""


def reopened(path: Path, progress: Progress = no_progress) -> SweepResults:
    """The sweep in a capture. Raises NoSweep, another CaptureError or OSError."""
    with CaptureReader(path) as reader:
        return read_sweep(reader, progress)


def holds_sweep(reader: CaptureReader) -> bool:
    """Whether the capture was made by a sweep."""
    return any(row.facts.get(KEY) is True for row in reader.attempts())


def read_sweep(reader: CaptureReader, progress: Progress = no_progress) -> SweepResults:
    """As :func:`reopened`, from a reader that is open already."""
    rows = reader.conversations()
    by_conversation: dict[int, list[AttemptRow]] = {row.id: [] for row in rows}
    for attempt in reader.attempts():
        if attempt.facts.get(KEY) is True and attempt.conversation in by_conversation:
            by_conversation[attempt.conversation].append(attempt)
    odds = _odds(by_conversation.values())
    rows = [row for row in rows if by_conversation[row.id] or isinstance(row.state.get(KEY), dict)]
    if not odds or not rows:
        raise NoSweep("This capture holds no sweep.")
    total = sum(len(by_conversation[row.id]) for row in rows)
    servers: list[SweptServer] = []
    done = 0
    for row in rows:
        attempts = by_conversation[row.id]

        def read(here: int, before: int = done) -> None:
            progress(before + here, total)

        servers.append(_server(reader, row, attempts, odds, read))
        done += len(attempts)
    states = [row.state.get(KEY) for row in rows]
    told: dict[str, Any] = next((state for state in states if isinstance(state, dict)), {})
    phase = SweepPhase.DONE
    unasked = any(None in server.probes and not server.trouble for server in servers)
    if told.get("phase") != "done" and unasked:
        phase = SweepPhase.CANCELLED
    return SweepResults(
        serial=1,
        phase=phase,
        odds=odds,
        servers=tuple(servers),
        began_wall_ns=min(row.created_ns for row in rows),
        seconds=_seconds(told, by_conversation.values()),
        sets=tuple(str(name) for name in _list(told.get("sets"))),
        at_once=_number(told.get("at_once"), int),
        pace=_number(told.get("pace"), float),
        timeout=_number(told.get("timeout"), float),
        path=str(reader.path),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any, kind: type) -> Any:
    return kind(value) if isinstance(value, int | float) else kind(0)


def _odds(attempts: Any) -> tuple[Odd, ...]:
    for rows in attempts:
        for row in rows:
            listed = row.facts.get(ODDS)
            if isinstance(listed, list):
                try:
                    return tuple(odd_from_json(each) for each in listed)
                except (KeyError, TypeError, ValueError, UnicodeError) as error:
                    raise CaptureError("The capture is damaged: its odd requests cannot be read.") from error
    return ()


def _seconds(told: dict[str, Any], attempts: Any) -> float:
    if isinstance(told.get("seconds"), int | float):
        return float(told["seconds"])
    times = [row.mono_ns for rows in attempts for row in rows]
    return (max(times) - min(times)) / 1e9 if times else 0.0


def _server(
    reader: CaptureReader,
    row: ConversationRow,
    attempts: list[AttemptRow],
    odds: tuple[Odd, ...],
    read: Callable[[int], None],
) -> SweptServer:
    told = row.state.get(KEY)
    told = told if isinstance(told, dict) else {}
    probes: list[Probe | None] = [None] * len(odds)
    for at, attempt in enumerate(attempts):
        read(at)
        if 0 < attempt.number <= len(odds):
            probes[attempt.number - 1] = _probe(reader, odds[attempt.number - 1], attempt)
    url = str(told.get("url") or next((row.facts.get("url") for row in attempts), "") or "")
    name = str(told.get("name") or row.title or url)
    # Sweeps that were kept before this was noted tell it by the name that the window gave.
    lab = str(told.get("lab", "plain" if name.startswith("lab: ") else "") or "")
    return SweptServer(
        name,
        url,
        row.id,
        tuple(probes),
        trouble=str(told.get("trouble", "")),
        lab=lab,
    )


def _probe(reader: CaptureReader, odd: Odd, row: AttemptRow) -> Probe:
    facts = row.facts
    unsent = str(facts.get("unsent", "")).encode("latin-1", "replace")
    request = unsent or reader.stream(row.id, Direction.OUT, 0, int(facts.get("request_length", 0)))
    answer = reader.stream(row.id, Direction.IN, 0, reader.stream_length(row.id, Direction.IN))
    total = timings_from_json(facts.get("timings")).total
    return Probe(odd, row.number, request, answer, _ended(facts), str(facts.get("network_error", "")), total)


def _ended(facts: dict[str, Any]) -> Ended:
    if facts.get("network_error"):
        return Ended.NETWORK
    end = end_from_json(facts.get("end"))
    if end is None:
        return Ended.CANCELLED  # the program died over it
    if facts.get("closed_by_peer"):
        return Ended.RST if end.kind is EndKind.RST else Ended.FIN
    kinds = {EndKind.RESPONSE_DONE: Ended.DONE, EndKind.TIMEOUT: Ended.TIMEOUT}
    return kinds.get(end.kind, Ended.CANCELLED)
