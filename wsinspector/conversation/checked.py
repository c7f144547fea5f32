"""A capture looked over, told and mended: what the window and the command line call."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from wsinspector.capture import CaptureReader
from wsinspector.capture.checking import MendingStopped as MendingStopped
from wsinspector.capture.checking import Progress as Progress
from wsinspector.capture.checking import check, mend
from wsinspector.capture.finding import Findings, Report
from wsinspector.capture.repairing import repair
from wsinspector.capture.seal_checking import seals_of
from wsinspector.conversation.readings import reading_of

REST_BYTES = 4 << 20
ROW = 1024  # what a row costs besides its bytes


def check_file(path: Path, progress: Progress = lambda *_: True) -> Report:
    """Everything in a capture looked at; nothing is written. Takes about a second for 200 MB.

    ``progress(done, all)`` is told of attempts, and stops the check where it returns False. Raises
    CaptureError where the file is no capture or nothing in it can be read, or OSError.
    """
    with CaptureReader(path) as reader:
        return check(reader, reading_of, progress).report


def repair_file(path: Path, progress: Progress = lambda *_: True) -> tuple[Report, Path | None]:
    """As :func:`check_file`, and what can be repaired is written into the file.

    The path is that of the damaged file where a sound copy has taken its place. A file that is fine, or a
    check that was stopped, writes nothing. Raises CaptureError (CaptureBusy: somebody writes it) or OSError.
    """
    with CaptureReader(path) as reader:
        checked = check(reader, reading_of, progress)
        if checked.report.fine or checked.stopped:
            return checked.report, None
        aside = repair(reader, checked)
        return replace(checked.report, written=True), aside


def look_and_mend(reader: CaptureReader, attempts: list[int], progress: Progress = lambda *_: True) -> Report:
    """What opening looks at: how the rows of these attempts lie. A damaged index is rebuilt in
    ``reader.rebuilt``, which a later reader of the same file may be given.

    Costs some microseconds a row; where an index is damaged, a scan of its attempt's bytes: then
    ``progress(done, all)`` is told of frames, and stops it by False. Raises CaptureError, MendingStopped.
    """
    mend(reader, attempts, reading_of, progress)
    return opened(reader)


def verify(
    reader: CaptureReader,
    conversation: int,
    attempts: list[int],
    before: Report | None,
    wanted: Callable[[], bool],
    rest: Callable[[], object] = lambda: None,
) -> Report | None:
    """What opening takes on trust, held against the check sums: the rows of one conversation.

    The report is ``before`` with what was found besides; None where ``wanted()`` said no before the end.
    ``rest()`` is called every few megabytes. Raises CaptureError.
    """
    found = Findings()
    for finding in before.findings if before is not None else ():
        found.add(finding)
    looked = 0
    for size in seals_of(reader, conversation, attempts, found):
        if not wanted():
            return None
        looked += size + ROW
        if looked >= REST_BYTES:
            looked = 0
            rest()
    more = before.more if before is not None else 0
    return Report(str(reader.path), False, {}, found.listed(), found.more + more)


def opened(reader: CaptureReader) -> Report:
    """What was met so far while ``reader`` was used."""
    found = reader.findings
    return Report(str(reader.path), False, {}, found.listed(), found.more)
