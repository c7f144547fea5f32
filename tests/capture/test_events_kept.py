"""Events are bounded as everything is, and the list of a damaged file is one too."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.capture.traffic import new_attempt
from wsinspector.capture import AttemptWriter, CaptureReader, CaptureWriter, attempt_writer
from wsinspector.capture.attempt_writer import TOO_MANY_EVENTS
from wsinspector.capture.listing import BATCH, conversation_count, listed_conversations

MOST = 50


def hand_over(attempt: AttemptWriter, count: int) -> None:
    for number in range(count):
        attempt.event("option", number, {"n": number})


def test_the_first_events_are_kept_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt_writer, "MOST_EVENTS", MOST)
    writer = CaptureWriter.create(tmp_path / "a.wsi")
    attempt = new_attempt(writer)
    hand_over(attempt, MOST)
    assert writer.flush(30)
    assert attempt.losses == {}
    for _ in range(3):  # over several cuts it is still one gap
        hand_over(attempt, 4)
        assert writer.flush(30)
    assert attempt.losses[TOO_MANY_EVENTS].events == 12
    attempt.finish()
    assert writer.close().dropped["events"] == 12
    with CaptureReader(tmp_path / "a.wsi") as reader:
        assert [event.data["n"] for event in reader.events(1)] == list(range(MOST))
        (gap,) = reader.gaps(1)
        assert (gap.kind, gap.start, gap.stop, gap.reason) == ("events", MOST + 1, MOST + 13, TOO_MANY_EVENTS)


def test_a_damaged_file_is_listed_as_far_as_it_can_be(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    writer = CaptureWriter.create(path)
    for _ in range(40):
        new_attempt(writer).finish()
    writer.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_attempt_1'"
        (page,) = connection.execute(query).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 64)
    listed = [each for batch in listed_conversations(path) for each in batch]
    assert len(listed) == conversation_count(path) == 40
    assert all(each.attempts == 1 and each.facts for each in listed)


def test_all_conversations_are_listed_with_two_queries_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    count = 1200
    writer = CaptureWriter.create(path)
    for number in range(count):
        conversation = writer.new_conversation(str(number), {})
        if number % 3:
            new_attempt(writer, 1, conversation).finish(soon=False)
            new_attempt(writer, 2, conversation).finish(soon=False)
    writer.close()
    batches = list(listed_conversations(path))
    assert [each.title for batch in batches for each in batch] == [str(number) for number in range(count)]
    assert [each.attempts for batch in batches for each in batch][:4] == [0, 2, 2, 0]
    assert len(batches) <= -(-count // BATCH) + 1
