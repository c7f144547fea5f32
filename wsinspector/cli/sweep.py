"""The command ``sweep``: many odd handshakes to one server or several, and what stands out of the answers."""

import argparse
import contextlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wsinspector.capture import CaptureError
from wsinspector.cli.interrupts import Interrupts, counted_interrupts
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.telling import say
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sweep import Sweep
from wsinspector.conversation.sweep_own_sets import OwnSets, WrongNameError, usual_folder
from wsinspector.conversation.sweep_plan import SweepPlan, servers_at
from wsinspector.conversation.sweep_reopen import reopened
from wsinspector.conversation.sweep_results import SweepPhase, SweepResults
from wsinspector.present.plain import visible
from wsinspector.present.sweep_table import (
    MARKS,
    ServerChanged,
    SweepTable,
    cell_text,
    compared,
    since,
    table_of,
)
from wsinspector.protocol.sweep_requests import OddRequest, saying
from wsinspector.protocol.sweep_sets import SWEEP_SETS, joined, set_called
from wsinspector.protocol.sweep_texts import read_own_set, request_with_id
from wsinspector.share.sweep_expect import (
    Checked,
    Expectations,
    WrongExpectationsError,
    check,
    expectations_text,
    failures,
    read_expectations,
)
from wsinspector.share.sweep_html import html_text, summary
from wsinspector.share.sweep_tables import csv_text, json_text, junit_text

LOOK_AGAIN = 0.1
"""Seconds between looks for Ctrl-C."""

WIDEST = 30  # characters of a server's name above its column

DONE, UNMET, WRONG, UNREACHED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Given:
    """What the arguments ask for, checked before a byte leaves."""

    plan: SweepPlan
    save: Path | None
    expectations: Expectations | None
    before: SweepResults | None


def run(arguments: argparse.Namespace) -> int:
    """Print the results; return the exit code. Raises WrongArgumentError."""
    given = _given(arguments)
    with counted_interrupts() as interrupts:
        results = _swept(given, interrupts)
    checked = check(results, given.expectations) if given.expectations is not None else None
    changed = compared(given.before, results) if given.before is not None else ()
    ago = since(given.before.began_wall_ns, results.began_wall_ns) if given.before is not None else ""
    _write(arguments, results, checked, changed, ago)
    with contextlib.suppress(ReaderGoneError):  # what came does not depend on who reads of it
        if arguments.json:
            put([json_text(results, checked or ()).rstrip("\n")])
        elif arguments.csv:
            put(csv_text(results).splitlines())
        else:
            put(_as_text(results, table_of(results), checked, changed, ago))
    if not any(server.reached for server in results.servers):
        for server in results.servers:
            say(f"{server.name} was not reached. {server.trouble}".rstrip())
        return UNREACHED
    return UNMET if checked is not None and failures(checked) else DONE


# -- what is asked for


def _given(arguments: argparse.Namespace) -> _Given:
    servers = servers_at(arguments.urls)
    for server in servers:
        if server.address.error is not None:
            raise WrongArgumentError(f"{server.name}: {server.address.error}")
        for note in server.address.changes:
            say(note)
    expectations = _expectations(arguments.expect)
    names = arguments.sets or ([] if arguments.values else ["common"])
    requests = [request for name in names for request in _set(name)]
    requests += [_value(text, escapes=arguments.escapes) for text in arguments.values]
    for id in expectations.ids() if expectations is not None else ():
        request = request_with_id(id)
        if request is not None:
            requests.append(request)
    if arguments.ca_file and not Path(arguments.ca_file).is_file():
        raise WrongArgumentError(f"--ca-file {arguments.ca_file}: no such file.")
    for option in ("html", "junit", "write_expect", "save"):
        _check_folder(option, getattr(arguments, option))
    if arguments.save and Path(arguments.save).exists():
        raise WrongArgumentError(f"--save {arguments.save}: the file exists already.")
    plan = SweepPlan(
        servers,
        joined(requests),
        tuple(names),
        arguments.at_once,
        arguments.pace,
        arguments.timeout,
        not arguments.insecure,
        arguments.ca_file or "",
    )
    save = Path(arguments.save) if arguments.save else None
    return _Given(plan, save, expectations, _before(arguments.since))


def _check_folder(option: str, name: str | None) -> None:
    if name is not None and not Path(name).absolute().parent.is_dir():
        raise WrongArgumentError(f"--{option.replace('_', '-')} {name}: the folder does not exist.")


def _set(name: str) -> tuple[OddRequest, ...]:
    known = set_called(name)
    if known is not None:
        return known.requests
    own = OwnSets(usual_folder())
    try:
        if Path(name).is_file():
            text = Path(name).read_text(encoding="utf-8", errors="replace")
        elif name in own.names():
            text = own.text(name)
        else:
            names = ", ".join([*(each.name for each in SWEEP_SETS), *own.names()])
            raise WrongArgumentError(f"--set {name}: there is no such set or file; sets are {names}.")
    except (OSError, WrongNameError) as error:
        raise WrongArgumentError(f"--set {name}: {error}") from None
    read = read_own_set(text)
    if read.faults:
        others = len(read.faults) - 1
        more = f" There are {others} faults more." if others > 1 else " There is one fault more."
        more = more if others else ""
        raise WrongArgumentError(f"--set {name}: {read.faults[0]}{more}")
    if not read.requests:
        raise WrongArgumentError(f"--set {name}: it holds no request.")
    for note in read.notes:
        say(f"--set {name}: {note}")
    return read.requests


def _value(text: str, *, escapes: bool) -> OddRequest:
    if not escapes:
        return saying(os.fsencode(text))
    read = read_own_set(text) if text.strip() else read_own_set("(empty)")
    if read.faults or len(read.requests) != 1:
        fault = read.faults[0].text if read.faults else "it is no single value."
        raise WrongArgumentError(f"--value {text}: {fault}")
    for note in read.notes:
        say(f"--value: {note.text}")
    return read.requests[0]


def _expectations(name: str | None) -> Expectations | None:
    if name is None:
        return None
    try:
        return read_expectations(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongArgumentError(f"--expect {name}: {error.strerror or error}") from None
    except (UnicodeDecodeError, WrongExpectationsError) as error:
        raise WrongArgumentError(f"--expect {name}: {error}") from None


def _before(name: str | None) -> SweepResults | None:
    if name is None:
        return None
    try:
        return reopened(Path(name))
    except (CaptureError, OSError) as error:
        raise WrongArgumentError(f"--since {name}: {error}") from None


# -- the sweep


def _swept(given: _Given, interrupts: Interrupts) -> SweepResults:
    """The results, as far as they came before Ctrl-C."""
    engine = Engine().start()
    try:
        try:
            sweep = Sweep(engine, given.plan, given.save)
        except (OSError, sqlite3.Error) as error:
            raise WrongArgumentError(f"--save {given.save}: {error}") from None
        try:
            sweep.start()
            results = sweep.wait_ended(LOOK_AGAIN)
            while results is None:
                _progress(sweep.results)
                if interrupts.count:
                    sweep.cancel()
                results = sweep.wait_ended(LOOK_AGAIN)
            _progress(None)
        finally:
            sweep.close()
        if given.save is not None and sweep.results.trouble:
            say(sweep.results.trouble)
        return results
    finally:
        engine.stop()
        for name, failure in engine.failures:
            say(f"internal error in {name}: {failure!r}")


def _progress(results: SweepResults | None) -> None:
    """How far it is, on a terminal alone; None clears the line."""
    if sys.stderr is None or not sys.stderr.isatty():
        return
    text = f"{results.done} of {results.total}" if results is not None else ""
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()


# -- what is written and printed


def _write(
    arguments: argparse.Namespace,
    results: SweepResults,
    checked: Sequence[Checked] | None,
    changed: Sequence[ServerChanged],
    ago: str,
) -> None:
    texts: dict[str, Callable[[], str]] = {
        "html": lambda: html_text(results, checked or (), changed=changed, since=ago),
        "junit": lambda: junit_text(results, checked),
        "write_expect": lambda: expectations_text(results),
    }
    for option, text in texts.items():
        name = getattr(arguments, option)
        if name is None:
            continue
        try:
            Path(name).write_text(text(), encoding="utf-8")
        except OSError as error:
            shown = option.replace("_", "-")
            raise WrongArgumentError(f"--{shown} {name}: {error.strerror or error}") from None


def _as_text(
    results: SweepResults,
    table: SweepTable,
    checked: Sequence[Checked] | None,
    changed: Sequence[ServerChanged],
    ago: str,
) -> Iterator[str]:
    yield "What stands out"
    for each in table.outs:
        clause = f" {each.said.clause}" if each.said.clause else ""
        yield f"  {MARKS[each.said.tone] or '·'} {each.said.text}{clause}"
    if not table.outs:
        yield "  nothing"
    if ago:
        yield ""
        yield ago[:1].upper() + ago[1:]
        for change in changed:
            yield f"  {change.change.text}"
        if not changed:
            yield "  nothing has changed"
    if checked is not None:
        yield ""
        yield from _expected(results, checked)
    yield ""
    yield from _table(table)
    yield ""
    end = " Cancelled." if results.phase is SweepPhase.CANCELLED else ""
    folded = " Equal rows are folded." if any(row.folded for row in table.rows) else ""
    yield f"{summary(results)}.{folded}{end}"


def _expected(results: SweepResults, checked: Sequence[Checked]) -> Iterator[str]:
    wrong = failures(checked)
    yield f"Expectations: {len(checked) - len(wrong)} of {len(checked)} met"
    for each in wrong:
        yield f"  ✕ {visible(results.servers[each.server].name)}, {visible(each.id)}: {each.text}"


def _table(table: SweepTable) -> Iterator[str]:
    heads = ["Sent value", *(_shortened(name) for name in table.columns)]
    lines = [heads, *([row.label, *map(cell_text, row.cells)] for row in table.rows)]
    wide = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, wide, strict=True)).rstrip()


def _shortened(name: str) -> str:
    return name if len(name) <= WIDEST else "…" + name[1 - WIDEST :]
