"""What repairs have noted in a file stays known: it is said by every later look at the file."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from wsinspector.capture.finding import CHANGED, LOST, NOTED, Finding
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.rows import ALTERED, DAMAGED
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

REPAIRED = "repaired"
"""Key in the table meta: a JSON list of what repairs have found, the oldest first."""

Range = tuple[int, Direction, int, int]
"""(attempt, direction, start, stop)"""


def repairs(reader: CaptureReader) -> list[dict[str, Any]]:
    """What each repair found, the oldest first."""
    try:
        told = json.loads(reader.meta().get(REPAIRED, "[]"))
    except ValueError:
        return []
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def tell_earlier(reader: CaptureReader, attempt_id: int) -> None:
    """Say what a repair has noted of an attempt's bytes and frames."""
    for gap in reader.noted_gaps(attempt_id):
        if gap.kind == ALTERED:
            text = translate("Check", "Not as it was written; a repair noted it.")
        elif gap.reason == DAMAGED:
            text = translate("Check", "Lost earlier; a repair noted it.")
        else:
            continue
        kind = "frames" if gap.kind == "frames" else "bytes"
        place = (attempt_id, gap.direction, gap.start, gap.stop)
        reader.findings.add(Finding(kind, NOTED, text, *place, earlier=True))


def tell_repairs(reader: CaptureReader) -> None:
    """Say what repairs have found that is no range of bytes or frames."""
    for told in repairs(reader):
        found = told.get("findings")
        for each in found if isinstance(found, list) else ():
            if not isinstance(each, dict) or each.get("outcome") not in (LOST, CHANGED) or "start" in each:
                continue
            text = translate("Check", "Found by an earlier repair: {0}").format(each.get("text", ""))
            attempt = each.get("attempt")
            whose = attempt if isinstance(attempt, int) else None
            reader.findings.add(Finding(str(each.get("kind", "row")), NOTED, text, whose, earlier=True))


def noted_damage(
    reader: CaptureReader, attempts: Iterable[int] | None = None
) -> dict[tuple[int, Direction], list[tuple[int, int]]]:
    """The ranges of bytes of which a repair has noted that they are not as they were written; of all
    attempts where none are named."""
    found: dict[tuple[int, Direction], list[tuple[int, int]]] = {}
    for attempt_id in reader.attempt_ids() if attempts is None else attempts:
        for gap in reader.noted_gaps(attempt_id):
            if gap.kind == ALTERED and gap.direction is not None:
                found.setdefault((attempt_id, gap.direction), []).append((gap.start, gap.stop))
    return found


def covered(finding: Finding, noted: dict[tuple[int, Direction], list[tuple[int, int]]]) -> bool:
    """Whether a finding tells of bytes of which a repair has told already."""
    if finding.kind != "bytes" or finding.outcome not in (LOST, CHANGED):
        return False
    if finding.attempt is None or finding.direction is None or finding.start is None:
        return False
    stop = finding.stop or finding.start
    ranges = noted.get((finding.attempt, finding.direction), ())
    return any(start <= finding.start and stop <= past for start, past in ranges)


def altered_ranges(reader: CaptureReader, findings: Iterable[Finding]) -> Iterator[Range]:
    """The ranges of bytes that are there and are not, or not wholly, as they were written."""
    known = {whose: set(ranges) for whose, ranges in noted_damage(reader).items()}
    for finding in findings:
        attempt, way, start, stop = finding.attempt, finding.direction, finding.start, finding.stop
        if finding.kind != "bytes" or finding.outcome not in (LOST, CHANGED):
            continue
        if attempt is None or way is None or start is None or stop is None or start >= stop:
            continue
        if (start, stop) in reader.holes(attempt, way) or (start, stop) in known.get((attempt, way), ()):
            continue
        known.setdefault((attempt, way), set()).add((start, stop))
        yield attempt, way, start, stop
