"""The command ``run``: carry out sequences, and say of each step what came of it."""

import argparse
import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

from wsinspector.cli.captures import no_file
from wsinspector.cli.interrupts import Interrupts, counted_interrupts
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import put
from wsinspector.cli.telling import say
from wsinspector.cli.variables import given_values, set_called
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sequences.model import Connect, Sequence, every_step
from wsinspector.conversation.sequences.reading import LONGEST, read_sequence
from wsinspector.conversation.sequences.results import RunPhase, RunResults, StepState
from wsinspector.conversation.sequences.run import SequenceRun
from wsinspector.conversation.sequences.unready import files_outside, unready
from wsinspector.library.environments import VariableSet
from wsinspector.present.plain import visible
from wsinspector.present.step_evidence import evidence_lines, frames_came
from wsinspector.present.step_texts import MARKS, phase_text, step_title
from wsinspector.protocol.address import understand
from wsinspector.share.sequence_reports import Ran, json_text, junit_text

LOOK_AGAIN = 0.1
"""Seconds between looks for Ctrl-C."""

DONE, UNMET, WRONG, UNREACHED, NOT_WRITTEN = 0, 1, 2, 3, 5


def run(arguments: argparse.Namespace) -> int:
    """Print the results; return the exit code. Raises WrongArgumentError."""
    values = given_values(arguments.values)
    environment = set_called(arguments.variables)
    sequences = _read_all(arguments, values, environment)
    _check_places(arguments)
    if arguments.check:
        put(_in_order(sequences))
        return DONE
    with counted_interrupts() as interrupts:
        runs, unreached, lost = _run_all(sequences, arguments, values, environment, interrupts)
    if arguments.junit is not None:
        try:
            Path(arguments.junit).write_text(junit_text(runs), encoding="utf-8")
        except OSError as error:
            raise WrongArgumentError(f"--junit {arguments.junit}: {error.strerror or error}") from None
    if arguments.json:
        put([json_text(runs).rstrip("\n")])
    if lost:
        say("The capture could not be written whole.")
        return NOT_WRITTEN
    if all(ran.results.phase is RunPhase.PASSED for ran in runs) and len(runs) == len(sequences):
        return DONE
    others = [ran for ran in runs if ran.results.phase is not RunPhase.PASSED and ran not in unreached]
    return UNMET if others or not unreached else UNREACHED


# -- what is asked for


def _read_all(
    arguments: argparse.Namespace, values: dict[str, str], environment: VariableSet
) -> list[tuple[Path, Sequence]]:
    """Every file, read before a byte leaves; raises WrongArgumentError with all faults of all files."""
    found: list[tuple[Path, Sequence]] = []
    faults: list[str] = []
    remarks: list[str] = []
    refused = False
    beneath = {each.name: each.value for each in environment.variables}
    secret = frozenset(each.name for each in environment.variables if each.secret)
    for name in arguments.files:
        path = Path(name)
        try:
            with path.open("rb") as file:
                text = file.read(LONGEST * 4 + 1).decode("utf-8-sig")
        except OSError as error:
            faults.append(no_file(path, "*.toml") or f"{name}: {error.strerror or error}")
            continue
        except UnicodeDecodeError as error:
            faults.append(f"{name}: it is no UTF-8 at byte {error.start}")
            continue
        read = read_sequence(text.replace("\r\n", "\n"), (*beneath, *values))
        faults += [f"{name}:{fault.line}: {visible(fault.text)}" for fault in read.faults]
        remarks += [f"{name}:{each.line}: {visible(each.text)}" for each in read.remarks]
        if read.sequence is not None:
            faults += _addresses(name, read.sequence, arguments.url, needed=not arguments.check)
            folder, allowed = path.absolute().parent, arguments.allow_outside
            known = beneath | dict(read.sequence.variables) | values
            for line, trouble in unready(read.sequence, known, folder, outside=allowed, hidden=secret):
                faults.append(f"{name}{f':{line}' if line else ''}: {visible(trouble)}")
            refused = refused or bool(not allowed and files_outside(read.sequence, folder))
            found.append((path, read.sequence))
    if refused:
        faults.append("--allow-outside lets files be sent that lie outside; look at the sequence first.")
    if faults:
        raise WrongArgumentError("\n  ".join(faults))
    for remark in remarks:
        say(remark)
    return found


def _in_order(sequences: list[tuple[Path, Sequence]]) -> Iterator[str]:
    for path, sequence in sequences:
        steps = len(every_step(sequence.steps))
        yield f"{visible(str(path))}: in order, {steps} step{'s' if steps != 1 else ''}."


def _addresses(name: str, sequence: Sequence, url: str, *, needed: bool) -> list[str]:
    """Why it is not known where to connect. ``needed``: an address must be there, else only be in order."""
    steps = [step for step in every_step(sequence.steps) if isinstance(step.action, Connect)]
    first = sequence.steps[0].action
    own = first.url if isinstance(first, Connect) else ""
    if needed and not (url or sequence.url or own):
        return [f"{name}: it names no url; give one with --url."]
    found = []
    addresses = [(0, url or sequence.url), *((step.line, getattr(step.action, "url", "")) for step in steps)]
    for line, text in addresses:
        if text and "{{" not in text and (error := understand(text).error) is not None:
            found.append(f"{name}{f':{line}' if line else ''}: {text}: {error}")
    return found


def _check_places(arguments: argparse.Namespace) -> None:
    for option in ("junit", "save"):
        given = getattr(arguments, option)
        if given is not None and not Path(given).absolute().parent.is_dir():
            raise WrongArgumentError(f"--{option} {given}: the folder does not exist.")
    if arguments.save is not None and Path(arguments.save).exists():
        raise WrongArgumentError(f"--save {arguments.save}: the file exists already.")
    if arguments.ca_file and not Path(arguments.ca_file).is_file():
        raise WrongArgumentError(f"--ca-file {arguments.ca_file}: no such file.")


# -- the runs


def _run_all(
    sequences: list[tuple[Path, Sequence]],
    arguments: argparse.Namespace,
    values: dict[str, str],
    environment: VariableSet,
    interrupts: Interrupts,
) -> tuple[list[Ran], list[Ran], bool]:
    """The runs, those of them that reached no server, and whether something could not be kept."""
    runs: list[Ran] = []
    unreached: list[Ran] = []
    lost = False

    def beneath() -> dict[str, str]:
        return {each.name: each.value for each in environment.variables}

    def hidden() -> frozenset[str]:
        return frozenset(each.name for each in environment.variables if each.secret)

    engine = Engine().start()
    try:
        for path, sequence in sequences:
            if interrupts.count:
                break
            save = Path(arguments.save) if arguments.save else None
            conversation = Conversation(engine, save)
            try:
                conversation.use_environment(beneath)
                conversation.hidden = hidden
                conversation.set_options(
                    dataclasses.replace(
                        conversation.options, verify=not arguments.insecure, ca_file=arguments.ca_file or ""
                    )
                )
                conversation.title = sequence.name or path.name
                if save is not None:
                    conversation.save()
                    if conversation.store_trouble:
                        raise WrongArgumentError(conversation.store_trouble)
                results = _carried(conversation, sequence, path, arguments, values, interrupts)
                ran = Ran(str(path), results, str(save or ""), frames_came(conversation, results.steps))
                runs.append(ran)
                if not arguments.json:
                    put(_as_text(ran, several=len(sequences) > 1))
                first = conversation.attempt(1)
                if first is not None and first.snapshot.network_error and not first.snapshot.bytes_in:
                    unreached.append(ran)
            finally:
                conversation.close()
            dropped = any(attempt.snapshot.dropped for attempt in conversation.attempts)
            lost = lost or (save is not None and bool(dropped or conversation.store_trouble))
    finally:
        engine.stop()
        for name, failure in engine.failures:
            say(f"internal error in {name}: {failure!r}")
    return runs, unreached, lost


def _carried(
    conversation: Conversation,
    sequence: Sequence,
    path: Path,
    arguments: argparse.Namespace,
    values: dict[str, str],
    interrupts: Interrupts,
) -> RunResults:
    """The results of one file; Ctrl-C stops it, and what is open is then closed."""
    going = SequenceRun(
        conversation,
        sequence,
        folder=path.absolute().parent,
        values=values,
        url=arguments.url,
        timeout=arguments.timeout,
        outside=arguments.allow_outside,
    ).start()
    stopped = False
    results = going.wait_ended(LOOK_AGAIN)
    while results is None:
        _progress(going.results)
        if interrupts.count and not stopped:
            stopped = True
            going.stop()
        results = going.wait_ended(LOOK_AGAIN)
    _progress(None)
    return results


def _progress(results: RunResults | None) -> None:
    """How far it is, on a terminal alone; None clears the line."""
    if sys.stderr is None or not sys.stderr.isatty():
        return
    text = phase_text(results) if results is not None else ""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def _as_text(ran: Ran, *, several: bool) -> Iterator[str]:
    results = ran.results
    if several:
        yield f"{visible(ran.file)}: {visible(results.sequence.name)}".removesuffix(": ")
    for each in results.steps:
        frame = f" [frame {each.frame}]" if each.frame else ""
        rounds = (
            f" ({each.failures} of {each.rounds} rounds failed)" if each.failures and each.rounds > 1 else ""
        )
        said = f"  {visible(each.text)}" if each.text else ""
        line = f"line {each.step.line}: " if each.step.line and each.state is StepState.FAILED else ""
        yield f"{MARKS[each.state]} {'  ' * each.depth}{line}{step_title(each.step)}{said}{frame}{rounds}"
        for told in evidence_lines(each, ran.frames):
            yield f"  {'  ' * each.depth}  {told}"
    kept = f" Kept in {ran.capture}." if ran.capture else ""
    yield f"{phase_text(results)}{kept}"
