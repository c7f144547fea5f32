"""A capture looked over, told and mended: what the window and the command line call."""

from dataclasses import replace
from pathlib import Path

from wsinspector.capture import CaptureReader
from wsinspector.capture.checking import Progress, check, mend
from wsinspector.capture.finding import Report
from wsinspector.capture.repairing import repair
from wsinspector.conversation.readings import reading_of


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


def look_and_mend(reader: CaptureReader, attempts: list[int]) -> Report:
    """What opening looks at: how the rows of these attempts lie. A damaged index is rebuilt in
    ``reader.rebuilt``, which a later reader of the same file may be given.

    Costs some microseconds a row; where an index is damaged, a scan of its attempt's bytes.
    """
    mend(reader, attempts, reading_of)
    return opened(reader)


def opened(reader: CaptureReader) -> Report:
    """What was met so far while ``reader`` was used."""
    found = reader.findings
    return Report(str(reader.path), False, {}, found.listed(), found.more)
