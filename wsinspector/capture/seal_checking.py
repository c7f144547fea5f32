"""Check sums held against what they seal: of a whole file at once, or of a conversation a row a time."""

import sqlite3
from collections.abc import Iterator

from wsinspector.capture.finding import CHANGED, NOTED, Finding, Findings
from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.repairs_noted import covered, noted_damage
from wsinspector.capture.row_reader import broken
from wsinspector.capture.sealing import SELECTED, seal_of
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate


def seals_of(reader: CaptureReader, conversation: int, attempts: list[int], found: Findings) -> Iterator[int]:
    """Look at the rows of one conversation, and put into ``found`` what is not as it was written.

    Yields the bytes of each row looked at, so that whoever runs it may rest or give up in between. A row
    that is written meanwhile is read together with its check sum. Raises CaptureError.
    """
    if not reader.has_table("seal"):
        return
    met = Findings()
    for table, number in _rows_of(reader, conversation, attempts):
        whole, size = _as_written(reader, table, number)
        if not whole:
            _changed_row(reader, table, number, {}, met)
            noted = noted_damage(reader, attempts)
            for finding in met.listed():
                if not covered(finding, noted):
                    found.add(finding)
        yield size


def _rows_of(reader: CaptureReader, conversation: int, attempts: list[int]) -> Iterator[tuple[str, int]]:
    yield "conversation", conversation
    for attempt in attempts:
        yield "attempt", attempt
        for _, _, row in reader.layout(attempt):
            if row > 0:
                yield "block", row
        for direction in Direction:
            for _, _, row in reader.segments(attempt, direction):
                if row > 0:
                    yield "segment", row


def _as_written(reader: CaptureReader, table: str, number: int) -> tuple[bool, int]:
    """Whether a row is as its check sum says, and about how many bytes were looked at."""
    query = SELECTED[table].replace(
        "SELECT ", f"SELECT (SELECT crc FROM seal WHERE kind = '{table}' AND row = {table}.id), ", 1
    )
    try:
        row = reader.connection().execute(f"{query} WHERE id = ?", (number,)).fetchone()
    except (sqlite3.Error, UnicodeError) as error:
        if not broken(error):
            raise CaptureError(f"The capture cannot be read: {error}.") from error
        return False, 0
    if row is None or row[0] is None:
        return True, 0
    size = len(row[-1]) if isinstance(row[-1], bytes | str) else 0
    return seal_of(row[1:]) == row[0], size


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


def check_seals(reader: CaptureReader) -> dict[int, frozenset[int]]:
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
                    _changed_row(reader, table, number, changed, reader.findings)
        except (sqlite3.Error, UnicodeError) as error:
            if not broken(error):
                raise CaptureError(f"The capture cannot be read: {error}.") from error
            text = translate("Check", "The check sums cannot be read.")
            reader.findings.add(Finding("file", CHANGED, text))
            break
    return {attempt: frozenset(rows) for attempt, rows in changed.items()}


def _changed_row(
    reader: CaptureReader, table: str, number: int, changed: dict[int, set[int]], findings: Findings
) -> None:
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
        findings.add(Finding("text", CHANGED, name.format(number), whose))
        return
    try:
        found = run(query, (number,)).fetchone()
    except (sqlite3.Error, UnicodeError):
        found = None
    if found is None or not all(isinstance(value, int | None) for value in found):
        findings.add(Finding("row", CHANGED, text))
        return
    attempt, direction, start, stop = found
    if table == "block" and attempt is not None:
        changed.setdefault(attempt, set()).add(number)
    way = None if direction is None else Direction(direction & 1)
    findings.add(
        Finding("bytes" if table == "segment" else "frames", CHANGED, text, attempt, way, start, stop)
    )
