"""Is a capture as it was written? How its rows lie, cheaply; or every block against a scan of the bytes."""

import sqlite3
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

from wsinspector.capture.blocks import FRAME_CODES, READ_CODES
from wsinspector.capture.finding import CHANGED, LOST, NOTED, REPAIRED, Finding, Report
from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.rebuilding import IndexCheck
from wsinspector.capture.repairs_noted import covered, noted_damage, tell_earlier, tell_repairs
from wsinspector.capture.rescanning import Reading, rescanned
from wsinspector.capture.row_reader import broken
from wsinspector.capture.rows import ALTERED, DAMAGED, LEFT_OUT, AttemptRow
from wsinspector.capture.seal_checking import check_seals
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

Reads = Callable[[CaptureReader, AttemptRow], Reading | None]
"""How the frames of an attempt were read, None where none were."""

Progress = Callable[[int, int], bool]
"""Told (done, all) attempts; False stops the check."""


@dataclass(slots=True)
class Checked:
    """What a check made: the report, and what a repair has to write."""

    report: Report
    stopped: bool = False
    attempts: list[int] = field(default_factory=list)


def look_over(reader: CaptureReader, attempts: Iterable[int]) -> list[int]:
    """How the rows of ``attempts`` lie and begin, without unpacking any; those whose index is damaged.

    What is found stands in ``reader.findings``. Costs some microseconds a row, whatever the rows hold.
    """
    damaged = []
    for attempt_id in attempts:
        before = reader.unindexed(attempt_id)
        for direction in Direction:
            reader.stream_length(attempt_id, direction)
            for start, stop, row in reader.segments(attempt_id, direction):
                if row and not reader.begins_well("segment", "reads", row, READ_CODES):
                    text = translate("Check", "When these bytes were read is lost.")
                    reader.findings.add(Finding("bytes", LOST, text, attempt_id, direction, start, stop))
        bad = [
            (first, past)
            for first, past, row in reader.layout(attempt_id)
            if row > 0 and not reader.begins_well("block", "columns", row, FRAME_CODES, past - first)
        ]
        declared = {(gap.start, gap.stop) for gap in reader.noted_gaps(attempt_id) if gap.kind == "frames"}
        if bad or any(hole not in declared for hole in before):
            damaged.append(attempt_id)
        tell_earlier(reader, attempt_id)
    return damaged


class MendingStopped(Exception):  # noqa: N818
    """Whoever opened the file wants it no more; nothing of it was changed."""


def mend(
    reader: CaptureReader, attempts: Sequence[int], reads: Reads, progress: Progress = lambda *_: True
) -> None:
    """Rebuild, for ``reader`` alone, what :func:`look_over` finds damaged, and a lost end of an index.

    ``progress(done, all)`` is told of frames while an index is rebuilt. Raises CaptureError, and
    MendingStopped where ``progress`` returns False.
    """

    def look(done: int, of: int) -> None:
        if not progress(done, of):
            raise MendingStopped

    damaged = set(look_over(reader, attempts))
    for attempt_id in attempts:
        row = reader.attempt(attempt_id)
        if row is None or (attempt_id not in damaged and not _may_lack_end(reader, row)):
            continue
        reading = reads(reader, row)
        if reading is not None and (attempt_id in damaged or _lacks_end(reader, row, reading)):
            IndexCheck(reader, row, reading, look=look).run()


def _may_lack_end(reader: CaptureReader, row: AttemptRow) -> bool:
    """Whether bytes lie behind the index of an attempt that is over: some do in a sound file too."""
    if not row.finished or row.facts.get("opened_at") is None:
        return False
    return any((reader.indexed_to(row.id, way) or 0) < reader.stream_length(row.id, way) for way in Direction)


def _lacks_end(reader: CaptureReader, row: AttemptRow, reading: Reading) -> bool:
    """Whether those bytes are frames that the index does not tell of.

    Behind a frame at which reading stopped there are none, and none behind those a limit left out.
    """
    last = reader.frame_count(row.id)
    if any(gap.kind == "frames" and gap.stop > last for gap in reader.noted_gaps(row.id)):
        return False
    starts = {way: max(reader.indexed_to(row.id, way) or 0, reading.starts[way]) for way in Direction}
    if row.facts.get("stopped") is not None:
        starts[Direction.IN] = reader.stream_length(row.id, Direction.IN)
    return next(rescanned(reader, row.id, reading, starts=starts), None) is not None


def check(reader: CaptureReader, reads: Reads, progress: Progress = lambda *_: True) -> Checked:
    """Look at all of a capture: the database, every seal, every block against a scan of its bytes.

    The index is rebuilt where it is damaged, for ``reader``; writing it is another step. Raises
    CaptureError where the file cannot be read at all.
    """
    _check_database(reader)
    ids = reader.attempt_ids()
    look_over(reader, ids)
    tell_repairs(reader)
    changed = check_seals(reader)
    counts = {"conversations": reader.conversation_count(), "attempts": len(ids)}
    counts |= dict.fromkeys(("frames", "bytes_in", "bytes_out", "compared"), 0)
    stopped = False
    sound: set[int] = set()
    reader.look_at_conversations()
    for done, attempt_id in enumerate(ids):
        if not progress(done, len(ids)):
            stopped = True
            break
        row = reader.attempt(attempt_id)
        if row is None:
            continue
        reader.events(attempt_id)
        reading = reads(reader, row)
        if reading is not None:
            declared = {
                (gap.start, gap.stop) for gap in reader.noted_gaps(attempt_id) if gap.kind == "frames"
            }
            found = IndexCheck(reader, row, reading, changed.get(attempt_id, frozenset()))
            found.run()
            counts["compared"] += found.compared
            if all(hole in declared for hole in reader.unindexed(attempt_id)):
                sound.add(attempt_id)
        counts["frames"] += reader.frame_count(attempt_id)
        counts["bytes_in"] += reader.stream_length(attempt_id, Direction.IN)
        counts["bytes_out"] += reader.stream_length(attempt_id, Direction.OUT)
        _tell_gaps(reader, attempt_id)
    findings = _settled(reader, sound)
    report = Report(str(reader.path), not stopped, counts, findings, reader.findings.more)
    return Checked(report, stopped, reader.rebuilt.attempts())


def _check_database(reader: CaptureReader) -> None:
    if reader.salvaged:
        return
    try:
        rows = reader.connection().execute("PRAGMA integrity_check(8)").fetchall()
    except (sqlite3.Error, UnicodeError) as error:
        if not broken(error):
            raise CaptureError(f"The capture cannot be read: {error}.") from error
        rows = [(str(error),)]
    if rows != [("ok",)]:
        for (said,) in rows[:3]:
            text = translate("Check", "SQLite says of the file: {0}.").format(str(said).splitlines()[0])
            reader.findings.add(Finding("file", CHANGED, text))
        reader.read_salvaged()


def _tell_gaps(reader: CaptureReader, attempt_id: int) -> None:
    """What was not kept while it came is no damage; it is said all the same."""
    for gap in reader.noted_gaps(attempt_id):
        if gap.kind == ALTERED or gap.reason == DAMAGED:
            continue  # said when the rows were looked over
        text = (
            translate("Check", "Left out on purpose: {0}")
            if gap.kind == LEFT_OUT
            else translate("Check", "Not kept: {0}")
        ).format(gap.reason)
        kind = gap.kind if gap.kind in ("bytes", "frames") else "row"
        reader.findings.add(Finding(kind, NOTED, text, attempt_id, gap.direction, gap.start, gap.stop))


def _settled(reader: CaptureReader, sound: Container[int]) -> tuple[Finding, ...]:
    """The findings; what was wrong with the index of a ``sound`` attempt was repaired, and is said once."""
    settled: dict[Finding, None] = {}
    noted = noted_damage(reader)
    mended = {
        finding.attempt
        for finding in reader.findings.listed()
        if finding.kind == "frames" and finding.outcome == REPAIRED
    }
    for finding in reader.findings.listed():
        if finding.kind == "frames" and finding.attempt in sound and finding.outcome in (LOST, CHANGED):
            if finding.attempt in mended:
                continue
            finding = replace(finding, outcome=REPAIRED)
        if covered(finding, noted):
            continue
        settled[finding] = None
    return tuple(settled)
