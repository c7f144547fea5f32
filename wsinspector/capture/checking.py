"""Is a capture as it was written? How its rows lie, cheaply; or every block against a scan of the bytes."""

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field, replace

from wsinspector.capture.blocks import FRAME_CODES, READ_CODES
from wsinspector.capture.finding import CHANGED, LOST, NOTED, REPAIRED, Finding, Report
from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.rebuilding import IndexCheck
from wsinspector.capture.repairs_noted import covered, noted_damage, tell_earlier, tell_repairs
from wsinspector.capture.rescanning import Reading
from wsinspector.capture.row_reader import broken
from wsinspector.capture.rows import ALTERED, DAMAGED, AttemptRow
from wsinspector.capture.sealing import SELECTED, seal_of
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


def mend(reader: CaptureReader, attempts: Iterable[int], reads: Reads) -> None:
    """Rebuild, for ``reader`` alone, what :func:`look_over` finds damaged. Raises CaptureError."""
    for attempt_id in look_over(reader, attempts):
        row = reader.attempt(attempt_id)
        reading = reads(reader, row) if row is not None else None
        if row is not None and reading is not None:
            IndexCheck(reader, row, reading).run()


def check(reader: CaptureReader, reads: Reads, progress: Progress = lambda *_: True) -> Checked:
    """Look at all of a capture: the database, every seal, every block against a scan of its bytes.

    The index is rebuilt where it is damaged, for ``reader``; writing it is another step. Raises
    CaptureError where the file cannot be read at all.
    """
    _check_database(reader)
    ids = reader.attempt_ids()
    look_over(reader, ids)
    tell_repairs(reader)
    changed = _check_seals(reader)
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


def _seals(reader: CaptureReader, table: str) -> Iterator[tuple[int, bool]]:
    """(row, whether it is as it was written) of every sealed row that is there."""
    run = reader.connection().execute
    last = -1
    while True:
        found = run(
            "SELECT row, crc FROM seal WHERE kind = ? AND row > ? ORDER BY row LIMIT 256", (table, last)
        ).fetchall()
        if not found:
            return
        for number, crc in found:
            try:
                row = run(f"{SELECTED[table]} WHERE id = ?", (number,)).fetchone()
                yield number, row is None or seal_of(row) == crc
            except (sqlite3.Error, UnicodeError):
                yield number, False
        last = found[-1][0]


def _check_seals(reader: CaptureReader) -> dict[int, frozenset[int]]:
    """Say which rows are not as they were written; block rows among them, by attempt."""
    changed: dict[int, set[int]] = {}
    if not reader.has_table("seal"):
        text = translate("Check", "The file has no check sums, as it is of an earlier format.")
        reader.findings.add(Finding("file", NOTED, text))
        return {}
    for table in SELECTED:
        try:
            for number, whole in _seals(reader, table):
                if not whole:
                    _changed_row(reader, table, number, changed)
        except (sqlite3.Error, UnicodeError) as error:
            if not broken(error):
                raise CaptureError(f"The capture cannot be read: {error}.") from error
            text = translate("Check", "The check sums cannot be read.")
            reader.findings.add(Finding("file", CHANGED, text))
            break
    return {attempt: frozenset(rows) for attempt, rows in changed.items()}


def _changed_row(reader: CaptureReader, table: str, number: int, changed: dict[int, set[int]]) -> None:
    run = reader.connection().execute
    if table == "segment":
        query = "SELECT attempt, direction, start, start + length FROM segment WHERE id = ?"
        text = translate("Check", "These bytes, or their times, are not as they were written.")
    elif table == "block":
        query = "SELECT attempt, NULL, first_no, first_no + frames FROM block WHERE id = ?"
        text = translate("Check", "An index block is not as it was written.")
    else:
        name = {
            "conversation": translate(
                "Check", "Title, draft or options of conversation {0} are not as written."
            ),
            "attempt": translate("Check", "What was noted of attempt {0} is not as it was written."),
        }[table]
        whose = number if table == "attempt" else None
        reader.findings.add(Finding("text", CHANGED, name.format(number), whose))
        return
    try:
        found = run(query, (number,)).fetchone()
    except (sqlite3.Error, UnicodeError):
        found = None
    if found is None or not all(isinstance(value, int | None) for value in found):
        reader.findings.add(Finding("row", CHANGED, text))
        return
    attempt, direction, start, stop = found
    if table == "block" and attempt is not None:
        changed.setdefault(attempt, set()).add(number)
    way = None if direction is None else Direction(direction & 1)
    reader.findings.add(
        Finding("bytes" if table == "segment" else "frames", CHANGED, text, attempt, way, start, stop)
    )


def _tell_gaps(reader: CaptureReader, attempt_id: int) -> None:
    """What was not kept while it came is no damage; it is said all the same."""
    for gap in reader.noted_gaps(attempt_id):
        if gap.kind == ALTERED or gap.reason == DAMAGED:
            continue  # said when the rows were looked over
        text = translate("Check", "Not kept: {0}").format(gap.reason)
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
