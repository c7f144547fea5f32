"""A report of a damaged file as sentences: what was worked out again is not told as lost."""

from wsinspector.capture.finding import CHANGED, LOST, NOTED, REPAIRED, Finding, Report
from wsinspector.present.damage import damage_lead, damage_lines, damage_role
from wsinspector.protocol.spans import Direction

LOST_FRAMES = Finding("frames", LOST, "An index block cannot be read.", 1, None, 6, 9)
REBUILT = Finding("frames", REPAIRED, "The index was made again from the bytes.", 1, None, 1, 20)
LOST_BYTES = Finding("bytes", LOST, "These bytes are gone.", 1, Direction.IN, 100, 101)
NOTE = Finding("file", NOTED, "The file has no check sums.")


def test_a_sound_file_is_not_spoken_of() -> None:
    report = Report("a.wsi", True)
    assert damage_lead(report) == ""
    assert damage_lines(report) == []


def test_what_was_repaired_is_not_lost() -> None:
    report = Report("a.wsi", False, findings=(LOST_FRAMES, REBUILT))
    assert damage_lead(report) == "This file is damaged: 1 place repaired. The file itself was left as it is."
    assert damage_role(report) == "note"
    assert damage_lines(report) == ["The index was made again from the bytes. (attempt 1, frames 1–19)"]


def test_what_is_lost_comes_first_and_is_a_fault() -> None:
    changed = Finding("row", CHANGED, "A row is not as it was written.")
    report = Report("a.wsi", False, findings=(NOTE, REBUILT, changed, LOST_BYTES), more=1200)
    assert damage_role(report) == "fault"
    lines = damage_lines(report)
    assert lines[0] == "These bytes are gone. (attempt 1, received, byte 100)"
    assert lines[1] == "A row is not as it was written."
    assert lines[-2] == "The file has no check sums."
    assert lines[-1].startswith("and 1")


def test_other_attempts_are_not_covered() -> None:
    other = Finding("frames", LOST, "An index block cannot be read.", 2, None, 6, 9)
    assert len(damage_lines(Report("a.wsi", False, findings=(other, REBUILT)))) == 2


def test_what_a_repair_noted_is_no_new_damage_and_is_said() -> None:
    earlier = Finding("bytes", NOTED, "Lost earlier; a repair noted it.", 1, Direction.IN, 0, 9, earlier=True)
    report = Report("a.wsi", False, findings=(earlier,))
    assert "was damaged and is repaired" in damage_lead(report)
    assert damage_lines(report) == ["Lost earlier; a repair noted it. (attempt 1, received, bytes 0–8)"]


def test_a_note_alone_is_no_damage() -> None:
    report = Report("a.wsi", False, findings=(NOTE,))
    assert "not damaged" in damage_lead(report)
    assert damage_role(report) == "link"
