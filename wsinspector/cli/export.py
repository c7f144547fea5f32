"""The command ``export``: one attempt of a capture, written for others."""

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

from wsinspector.capture import CaptureReader
from wsinspector.capture.rows import ALTERED, LEFT_OUT
from wsinspector.cli.captures import conversations, no_place, one_attempt, opened
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import ResultsLostError, noticing
from wsinspector.cli.telling import say
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.share.choosing import WrongChoice, numbers_typed
from wsinspector.share.export import export
from wsinspector.share.formats import Format, format_called
from wsinspector.share.leaving import Leaving
from wsinspector.share.left_out import LeftOut
from wsinspector.share.made_up import made_up
from wsinspector.share.overwriting import InUseError
from wsinspector.share.shared_copy import save_copy
from wsinspector.share.travelled import left_aside

CAPTURE = "wsi"
"""The format that can hold more than one attempt."""


def run(arguments: argparse.Namespace) -> int:
    """Write the export; return the exit code. Raises WrongArgumentError, ResultsLostError."""
    form = format_called(arguments.format)
    if arguments.without_payloads and form.name != CAPTURE:
        raise WrongArgumentError(f"--without-payloads goes with --format {CAPTURE}.")
    if arguments.out is not None and (wrong := no_place(Path(arguments.out), f"export{form.suffix}")):
        raise WrongArgumentError(wrong)
    if form.name == CAPTURE and arguments.attempt is None and not _chosen(arguments):
        return _copy(arguments)
    with opened(arguments.file) as reader:
        row, attempt, others = one_attempt(reader, arguments.conversation, arguments.attempt)
        snapshot = attempt.snapshot
        if others:
            say(f"this is attempt {snapshot.number}, the last of {others + 1}; --attempt takes another.")
        leaving = Leaving(
            reader,
            snapshot,
            attempt.options,
            conversation=row,
            numbers=_numbers(reader, snapshot, arguments),
            with_secrets=arguments.with_secrets,
        )
        if arguments.out is None:
            _print(form, leaving)
        else:
            _write(form, leaving, Path(arguments.out), overwrite=arguments.force)
    if form.wire and (said := made_up((snapshot,))):
        say(said)
    for each in leaving.left_out:
        say(_told(each))
    for gap in leaving.gaps:
        side = "" if gap.direction is None else " received" if gap.direction == 0 else " sent"
        if gap.kind == LEFT_OUT:
            continue  # on purpose, and before this: the file was made to be shared
        if gap.kind == ALTERED:
            say(f"not as written: {gap.stop - gap.start} bytes{side} ({gap.reason})")
            continue
        say(f"not kept: {gap.stop - gap.start} {gap.kind}{side} ({gap.reason})")
    for direction, octets, reason in left_aside(leaving) if form.wire else ():
        side = "sent" if direction else "received"
        say(f"left aside: {octets} bytes {side}, being of frames that were not kept ({reason})")
    return 0


def _copy(arguments: argparse.Namespace) -> int:
    """A whole capture, or one conversation of it, as a capture to share."""
    if arguments.out is None:
        raise WrongArgumentError("say where the copy goes with --out; --attempt N alone can go to a pipe.")
    target = Path(arguments.out)
    with opened(arguments.file) as reader:
        only = [row.id for row in conversations(reader, arguments.conversation)]
        try:
            made = save_copy(
                Path(arguments.file),
                target,
                with_secrets=arguments.with_secrets,
                payloads=not arguments.without_payloads,
                conversations=only if arguments.conversation is not None else None,
                overwrite=arguments.force,
            )
        except InUseError as error:
            raise WrongArgumentError(f"--out {target}: {error}") from None
        except FileExistsError:
            raise WrongArgumentError(f"{target} is there already; --force overwrites it.") from None
        except (OSError, sqlite3.Error) as error:
            raise ResultsLostError(f"{target}: {getattr(error, 'strerror', None) or error}") from None
    say(f"{made.size} bytes written to {target}.")
    for each in made.left_out:
        say(_told(each))
    if not made.payloads:
        say("left out: the payloads of all frames, which are zeros.")
    return 0


def _chosen(arguments: argparse.Namespace) -> bool:
    return arguments.frames is not None or arguments.filter is not None


def _numbers(
    reader: CaptureReader, snapshot: AttemptSnapshot, arguments: argparse.Namespace
) -> Sequence[int] | None:
    if arguments.without_payloads:
        return ()
    try:
        if arguments.frames is not None:
            return numbers_typed(arguments.frames, reader.frame_count(snapshot.attempt_id))
        if arguments.filter is not None:
            from wsinspector.share.choosing_by_filter import numbers_fitting

            numbers, undecided = numbers_fitting(reader, snapshot, arguments.filter)
            if undecided:
                say(undecided)
            return numbers
    except WrongChoice as error:
        raise WrongArgumentError(str(error)) from None
    return None


def _print(form: Format, leaving: Leaving) -> None:
    if form.binary and sys.stdout.isatty():
        raise WrongArgumentError(f"{form.title} is not text; say where to with --out.")
    stream = cast(BinaryIO, sys.stdout.buffer)
    with noticing():
        form.write(stream, leaving)
        stream.flush()


def _write(form: Format, leaving: Leaving, path: Path, *, overwrite: bool) -> None:
    try:
        done = export(path, form, leaving, overwrite=overwrite)
    except InUseError as error:
        raise WrongArgumentError(f"--out {path}: {error}") from None
    except FileExistsError:
        raise WrongArgumentError(f"{path} is there already; --force overwrites it.") from None
    except OSError as error:
        raise ResultsLostError(f"{path}: {error.strerror or error}") from None
    say(f"{done.size} bytes written to {path}.")


def _told(left: LeftOut) -> str:
    """What is said of one secret, or of what nobody can look into."""
    return f"left out as secret: {left.text}" if left.removed else f"not left out: {left.text}"
