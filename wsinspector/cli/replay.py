"""The command ``replay``: send what a capture holds of our side once more, and say what was answered else."""

import argparse
import dataclasses
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wsinspector.capture import CaptureError, CaptureReader
from wsinspector.cli.captures import one_attempt, opened
from wsinspector.cli.interrupts import counted_interrupts
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import put
from wsinspector.cli.telling import say
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.replaying import Pace, Replay, Replayed
from wsinspector.conversation.restore import restored_attempts
from wsinspector.present.plain import visible
from wsinspector.present.replay_comparing import Comparison, Difference, Mark, Pair, compare_answers
from wsinspector.present.replay_told import around_text
from wsinspector.present.replaying import Asked, NoReplayError, Planned, Recorded, recorded, replay_plan
from wsinspector.share.choosing import WrongChoice, numbers_typed

EQUAL, DIFFERENT, UNREACHED, NOT_WRITTEN = 0, 1, 3, 5

LOOK_AGAIN = 0.1
"""Seconds between looks for Ctrl-C."""

_SIGNS = {
    Mark.EQUAL: "=",
    Mark.DIFFERS: "≠",
    Mark.MISSING: "-",
    Mark.ADDITIONAL: "+",
    Mark.MOVED: "~",
    Mark.WORDING: "≈",
}
_MARK_TEXTS = {
    Mark.EQUAL: "equal",
    Mark.DIFFERS: "differs",
    Mark.MISSING: "missing",
    Mark.ADDITIONAL: "additional",
    Mark.MOVED: "in another order",
    Mark.WORDING: "differs in wording alone",
}


def run(arguments: argparse.Namespace) -> int:
    """Print what differs; return the exit code. Raises WrongArgumentError."""
    if arguments.side == "theirs":
        raise WrongArgumentError(
            "--side theirs: playing the server's side towards a client is not possible; only what we sent "
            "as a client can be replayed."
        )
    if arguments.speed is not None and arguments.pace not in (None, "recorded"):
        raise WrongArgumentError("--speed speaks of the pace as it was recorded; leave --pace out with it.")
    if arguments.pace is None:
        arguments.pace = "answers" if arguments.speed is None else "recorded"
    _check_places(arguments)
    with opened(arguments.file) as reader:
        planned = _planned(reader, arguments)
        if arguments.save:
            return _compared(planned, Path(arguments.save), arguments)
        with tempfile.TemporaryDirectory(prefix="wsinspector-") as folder:
            return _compared(planned, Path(folder) / "replay.wsi", arguments)


def _check_places(arguments: argparse.Namespace) -> None:
    if arguments.save is not None:
        save = Path(arguments.save)
        if not save.absolute().parent.is_dir():
            raise WrongArgumentError(f"--save {save}: the folder does not exist.")
        if save.exists():
            raise WrongArgumentError(f"--save {save}: the file exists already.")
    if arguments.ca_file and not Path(arguments.ca_file).is_file():
        raise WrongArgumentError(f"--ca-file {arguments.ca_file}: no such file.")


def _planned(reader: CaptureReader, arguments: argparse.Namespace) -> Planned:
    _, attempt, others = one_attempt(reader, arguments.conversation, arguments.attempt)
    if others:
        say(f"replays attempt {attempt.snapshot.number}, the last; choose another with --attempt.")
    numbers = None
    if arguments.frames is not None:
        try:
            numbers = numbers_typed(arguments.frames, attempt.snapshot.frames)
        except WrongChoice as error:
            raise WrongArgumentError(f"--frames: {error}") from None
    asked = Asked(numbers, arguments.url, arguments.credentials, arguments.masks == "fresh")
    try:
        return replay_plan(reader, attempt, asked)
    except NoReplayError as error:
        raise WrongArgumentError(str(error)) from None


def _compared(planned: Planned, path: Path, arguments: argparse.Namespace) -> int:
    done, lost = _carried(planned, path, arguments)
    notes = (*planned.notes, *done.notes)
    comparison, again = None, None
    if not done.stopped:
        try:
            with CaptureReader(path) as reader:
                rows = reader.conversations()
                attempts = restored_attempts(reader, rows[0].id) if rows else []
                if attempts:
                    again = recorded(reader, attempts[-1])
                    comparison = compare_answers(planned.first, again, whole=planned.whole)
        except (CaptureError, NoReplayError) as error:
            done = dataclasses.replace(done, trouble=done.trouble or str(error))
    answered = again is not None and again.snapshot.response is not None
    if answered and not done.opened and not done.stopped:
        # A server that refuses was reached: whether it did the first time is what is compared.
        notes, done = (*notes, done.trouble), dataclasses.replace(done, trouble="")
    reached = answered and not done.trouble
    if arguments.json:
        put([json.dumps(_as_json(planned, done, comparison, notes, arguments), ensure_ascii=False)])
    else:
        put(_as_text(planned, done, comparison, notes, reached=reached))
    if lost:
        say("The capture could not be written whole.")
        return NOT_WRITTEN
    if comparison is None or not reached:
        return UNREACHED
    good = comparison.equal if arguments.exact else comparison.same
    return EQUAL if good and not _early(planned, done) else DIFFERENT


def _early(planned: Planned, done: Replayed) -> bool:
    """Whether the end came before all had left; where the server ended it the first time, that may be so."""
    return done.early and not planned.plan.peer_ends


def _carried(planned: Planned, path: Path, arguments: argparse.Namespace) -> tuple[Replayed, bool]:
    """What became of the run, and whether something of it could not be kept."""
    plan = planned.plan
    if arguments.insecure or arguments.ca_file:
        options = dataclasses.replace(
            plan.options, verify=not arguments.insecure, ca_file=arguments.ca_file or ""
        )
        plan = dataclasses.replace(plan, options=options)
    fixed = not isinstance(arguments.pace, str)
    engine = Engine().start()
    try:
        with counted_interrupts() as interrupts:
            conversation = Conversation(engine, path)
            try:
                conversation.title = plan.url
                conversation.save()
                if conversation.store_trouble:
                    raise WrongArgumentError(conversation.store_trouble)
                going = Replay(
                    conversation,
                    plan,
                    Pace.FIXED if fixed else Pace(arguments.pace),
                    delay=arguments.pace if fixed else 0.0,
                    speed=arguments.speed or 1.0,
                    within=arguments.timeout,
                ).start()
                done, stopped = going.wait_ended(LOOK_AGAIN), False
                while done is None:
                    if interrupts.count and not stopped:
                        stopped = True
                        going.stop()
                    done = going.wait_ended(LOOK_AGAIN)
            finally:
                conversation.close()
            dropped = any(attempt.snapshot.dropped for attempt in conversation.attempts)
            return done, bool(arguments.save and (dropped or conversation.store_trouble))
    finally:
        engine.stop()
        for name, failure in engine.failures:
            say(f"internal error in {name}: {failure!r}")


# -- what is said


def _as_text(
    planned: Planned, done: Replayed, found: Comparison | None, notes: tuple[str, ...], *, reached: bool
) -> Iterator[str]:
    yield from (visible(note) for note in notes)
    if found is None or not reached:
        yield visible(f"Not replayed to its end: {done.trouble or 'stopped.'}")
        return
    if done.trouble:
        yield visible(done.trouble)
    for each in found.handshake:
        yield f"{_SIGNS[_mark(each)]} handshake: {_told(each)}"
    for pair in found.pairs:
        yield _line(pair)
    for each in found.end:
        yield f"{_SIGNS[_mark(each)]} {_told(each)}"
    total = len(planned.plan.frames)
    sent = f"Sent {done.sent} of {total}" if done.early else f"Sent {total}"
    told = [f"{found.count(mark)} {_MARK_TEXTS[mark]}" for mark in Mark if found.count(mark)]
    answers = ", ".join(told) or "none either time"
    yield f"{sent}. Answers: {answers}. {around_text(found)}"


def _mark(each: Difference) -> Mark:
    return Mark.WORDING if each.wording else Mark.DIFFERS


def _told(each: Difference) -> str:
    return visible(f"{each.what}: first “{each.first}”, now “{each.again}”")


def _line(pair: Pair) -> str:
    places, times = [], []
    for heard, which in ((pair.first, "first"), (pair.again, "now")):
        if heard is not None:
            places.append(f"{which} #{heard.numbers[0]}")
            times.append(f"{heard.at:.3f} s")
    where = f" at {visible(pair.where)}" if pair.where else ""
    byte = f", from byte {pair.byte} on" if pair.byte is not None else ""
    return (
        f"{_SIGNS[pair.mark]} {pair.opcode} {_MARK_TEXTS[pair.mark]}{where}{byte} "
        f"({', '.join(places)}; {' → '.join(times)})"
    )


def _as_json(
    planned: Planned,
    done: Replayed,
    found: Comparison | None,
    notes: tuple[str, ...],
    arguments: argparse.Namespace,
) -> dict[str, Any]:
    first: Recorded = planned.first
    made: dict[str, Any] = {
        "file": arguments.file,
        "attempt": first.snapshot.number,
        "url": planned.plan.url,
        "opened": done.opened,
        "frames": len(planned.plan.frames),
        "sent": done.sent,
        "trouble": done.trouble,
        "notes": list(notes),
        "capture": arguments.save or "",
        "equal": found is not None and found.equal and not _early(planned, done) and not done.trouble,
        "same": found is not None and found.same and not _early(planned, done) and not done.trouble,
    }
    if found is not None:
        made["handshake"] = [dataclasses.asdict(each) for each in found.handshake]
        made["answers"] = [_pair_json(pair) for pair in found.pairs]
        made["end"] = [dataclasses.asdict(each) for each in found.end]
    return made


def _pair_json(pair: Pair) -> dict[str, Any]:
    made: dict[str, Any] = {"is": pair.mark.value, "type": pair.opcode}
    for name, heard in (("first", pair.first), ("again", pair.again)):
        made[name] = (
            {"frames": list(heard.numbers), "size": heard.size, "at": round(heard.at, 6)}
            if heard is not None
            else None
        )
    if pair.mark is Mark.DIFFERS:
        made |= {"where": pair.where, "byte": pair.byte}
    return made
