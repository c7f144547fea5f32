"""The command ``provoke``: misbehave towards servers one may test, and say what they did about it."""

import argparse
import contextlib
import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from wsinspector.capture import CaptureError
from wsinspector.cli.interrupts import Interrupts, counted_interrupts
from wsinspector.cli.provoke_lines import lines_asked
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.telling import say
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.provoking import Provoking
from wsinspector.conversation.provoking_kept import reopened
from wsinspector.conversation.provoking_results import ProvokePlan, ProvokeResults
from wsinspector.conversation.sweep_plan import SweepServer, servers_at
from wsinspector.present.plain import visible
from wsinspector.present.provoked_texts import cell_text, summary, told
from wsinspector.protocol.loopback import is_loopback_host
from wsinspector.protocol.provocations import PROVOCATIONS, Provocation
from wsinspector.share.provoked_reports import csv_text, json_text, junit_text
from wsinspector.verdicts.provoked import Result

LOOK_AGAIN = 0.1
"""Seconds between looks for Ctrl-C."""

WIDEST = 30  # characters of a server's name above its column

DONE, UNMET, UNREACHED, NOT_WRITTEN = 0, 1, 3, 5
_AGAINST = (Result.CRASHED, Result.WRONG, Result.UNDECIDED)


def run(arguments: argparse.Namespace) -> int:
    """Print the results; return the exit code. Raises WrongArgumentError."""
    provocations = _chosen(arguments)
    if arguments.list:
        put([_catalogue_json(provocations)] if arguments.json else _catalogue(provocations))
        return DONE
    if arguments.open is not None:
        _check_places(arguments)
        return _told(_kept(arguments), "", arguments)
    servers = _servers(arguments)
    _check_places(arguments)
    plan = ProvokePlan(
        servers,
        provocations,
        arguments.at_once,
        arguments.pace,
        arguments.timeout,
        not arguments.insecure,
        arguments.ca_file or "",
        lines_asked(arguments),
    )
    with counted_interrupts() as interrupts:
        results, trouble = _provoked(plan, Path(arguments.save) if arguments.save else None, interrupts)
    return _told(results, trouble, arguments)


def _told(results: ProvokeResults, trouble: str, arguments: argparse.Namespace) -> int:
    """Print and write what was asked for; the exit code."""
    if arguments.junit is not None:
        try:
            Path(arguments.junit).write_text(junit_text(results), encoding="utf-8")
        except OSError as error:
            raise WrongArgumentError(f"--junit {arguments.junit}: {error.strerror or error}") from None
    with contextlib.suppress(ReaderGoneError):  # what came does not depend on who reads of it
        if arguments.json:
            put([json_text(results).rstrip("\n")])
        elif arguments.csv:
            put(csv_text(results).splitlines())
        elif results.done:
            put(_as_text(results))
    return _code(results, trouble, arguments)


def _code(results: ProvokeResults, trouble: str, arguments: argparse.Namespace) -> int:
    for server in results.servers:
        if server.trouble:
            say(f"{visible(server.name)}: {visible(server.trouble)}")
    if arguments.open is not None and results.trouble:
        say(results.trouble)
    if trouble:
        say(trouble)
        return NOT_WRITTEN
    if not any(server.reached for server in results.servers):
        return UNREACHED
    against = any(server.count(result) for server in results.servers for result in _AGAINST)
    return UNMET if against else DONE


# -- what is asked for


def _kept(arguments: argparse.Namespace) -> ProvokeResults:
    """The run that was kept in a file."""
    beside = {"a URL": arguments.urls, "--save": arguments.save, "--only": arguments.only}
    beside |= {"--kind": arguments.kinds}
    given = [name for name, value in beside.items() if value]
    if given:
        raise WrongArgumentError(f"--open prints what was kept; leave out {', '.join(given)}.")
    try:
        return reopened(Path(arguments.open))
    except (CaptureError, OSError) as error:
        raise WrongArgumentError(f"--open: {error}") from None


def _chosen(arguments: argparse.Namespace) -> tuple[Provocation, ...]:
    known = [each.id for each in PROVOCATIONS]
    for wanted in arguments.only:
        if wanted not in known:
            near = difflib.get_close_matches(wanted, known, 4)
            hint = f" Near are {', '.join(near)}." if near else ""
            raise WrongArgumentError(f"--only {wanted}: no such provocation.{hint} --list prints them all.")
    if not arguments.only and not arguments.kinds:
        return PROVOCATIONS
    return tuple(
        each for each in PROVOCATIONS if each.id in arguments.only or each.kind.value in arguments.kinds
    )


def _servers(arguments: argparse.Namespace) -> tuple[SweepServer, ...]:
    if not arguments.urls:
        raise WrongArgumentError("Name a URL; --list prints the catalogue without one.")
    servers = servers_at(arguments.urls)
    may = {host.strip("[]").lower() for host in arguments.may}
    unsure: dict[str, None] = {}
    for server in servers:
        if server.address.error is not None:
            raise WrongArgumentError(f"{server.name}: {server.address.error}")
        for note in server.address.changes:
            say(note)
        host = server.address.host.strip("[]")
        if not is_loopback_host(host) and host.lower() not in may:
            unsure[host] = None
    if unsure:
        named = " ".join(f"--yes-i-may {visible(host)}" for host in unsure)
        verb = "is" if len(unsure) == 1 else "are"
        raise WrongArgumentError(
            f"{', '.join(map(visible, unsure))} {verb} not this computer. Provocations are for servers "
            f"you may test; where you may, add {named}. Nothing was sent."
        )
    return servers


def _check_places(arguments: argparse.Namespace) -> None:
    for option in ("junit", "save"):
        given = getattr(arguments, option)
        if given is not None and not Path(given).absolute().parent.is_dir():
            raise WrongArgumentError(f"--{option} {given}: the folder does not exist.")
    if arguments.save is not None and Path(arguments.save).exists():
        raise WrongArgumentError(f"--save {arguments.save}: the file exists already.")
    if arguments.ca_file and not Path(arguments.ca_file).is_file():
        raise WrongArgumentError(f"--ca-file {arguments.ca_file}: no such file.")


# -- the run


def _provoked(plan: ProvokePlan, save: Path | None, interrupts: Interrupts) -> tuple[ProvokeResults, str]:
    """The results, as far as they came before Ctrl-C, and why the capture is not whole."""
    engine = Engine().start()
    try:
        try:
            provoking = Provoking(engine, plan, save)
        except OSError as error:
            raise WrongArgumentError(f"--save {save}: {error}") from None
        try:
            provoking.start()
            results = provoking.wait_ended(LOOK_AGAIN)
            while results is None:
                _progress(provoking.results)
                if interrupts.count:
                    provoking.cancel()
                results = provoking.wait_ended(LOOK_AGAIN)
            _progress(None)
        finally:
            provoking.close()
        return results, provoking.results.trouble if save is not None else ""
    finally:
        engine.stop()
        for name, failure in engine.failures:
            say(f"internal error in {name}: {failure!r}")


def _progress(results: ProvokeResults | None) -> None:
    """How far it is, on a terminal alone; None clears the line."""
    if sys.stderr is None or not sys.stderr.isatty():
        return
    text = f"{results.done} of {results.total}" if results is not None else ""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


# -- what is printed


def _catalogue(provocations: tuple[Provocation, ...]) -> Iterator[str]:
    wide = max(len(each.id) for each in provocations)
    kind = None
    for each in provocations:
        if each.kind is not kind:
            if kind is not None:
                yield ""
            kind = each.kind
            yield f"{kind.title} ({kind.value})"
        yield f"  {each.id:{wide}}  {each.what}"
        yield f"  {'':{wide}}  {each.must} {each.clause}"


def _catalogue_json(provocations: tuple[Provocation, ...]) -> str:
    return json.dumps(
        [
            {
                "id": each.id,
                "kind": each.kind.value,
                "title": each.title,
                "what": each.what,
                "demand": each.demand.value,
                "must": each.must,
                "clause": each.clause,
                "codes": list(each.codes),
                "frames": each.plain,
            }
            for each in provocations
        ],
        ensure_ascii=False,
        indent=2,
    )


def _as_text(results: ProvokeResults) -> Iterator[str]:
    yield "What stands against them" if len(results.servers) > 1 else "What stands against the server"
    several = len(results.servers) > 1
    found = False
    for server in results.servers:
        for provocation, row in zip(results.provocations, server.rows, strict=True):
            if row is not None and row.verdict.result in (Result.WRONG, Result.CRASHED):
                found = True
                name = f"{visible(server.name)}, " if several else ""
                yield f"  ✕ {name}{provocation.id}: {told(row)}"
    if not found:
        yield "  nothing"
    yield ""
    yield from _table(results)
    yield ""
    for server in results.servers:
        if server.reached and not server.pongs:
            name = visible(server.name)
            yield f"{name} answers no Ping on a plain connection: whether it goes on cannot be told."
    yield f"{summary(results)}."


def _table(results: ProvokeResults) -> Iterator[str]:
    heads = ["Provocation", *(_shortened(server.name) for server in results.servers)]
    lines = [heads]
    for place, provocation in enumerate(results.provocations):
        cells = [cell_text(server.rows[place]) or "  not run" for server in results.servers]
        lines.append([provocation.id, *cells])
    wide = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, wide, strict=True)).rstrip()


def _shortened(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= WIDEST else "…" + shown[1 - WIDEST :]
