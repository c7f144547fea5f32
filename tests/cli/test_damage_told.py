"""What a damaged capture lacks is said by every command, and is nobody's fault on the wire."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.conversation.recorded import recorded
from wsinspector.capture import CaptureReader
from wsinspector.protocol.spans import Direction


def change(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute(statement, values).rowcount


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("damage") / "a.wsi"
    recorded(path, frames=60)
    change(path, "UPDATE attempt SET facts = json_set(facts, '$.opened_at', mono_ns + 3000)")
    return path


@pytest.fixture
def path(tmp_path: Path, whole: Path) -> Path:
    copy = tmp_path / "a.wsi"
    copy.write_bytes(whole.read_bytes())
    return copy


def first_judged(path: Path) -> dict[str, object]:
    told = run("judge", str(path), "--json")
    found: dict[str, object] = json.loads(told.out.splitlines()[0])
    return found


def flip(path: Path, text: bytes) -> None:
    data = path.read_bytes()
    assert text in data
    path.write_bytes(data.replace(text, bytes((text[0] ^ 1,)) + text[1:]))


def test_a_sound_file_is_judged_in_full(path: Path) -> None:
    found = first_judged(path)
    assert (found["note"], found["damage"], found["findings"]) == (None, [], [])
    assert found["passed"]
    assert found["frames"]


@pytest.mark.parametrize(
    ("statement", "side"),
    [
        ("DELETE FROM segment WHERE attempt = 1 AND direction = 0", "in"),
        ("DELETE FROM segment WHERE attempt = 1 AND direction = 0 AND start = 0", "in"),
        ("DELETE FROM segment WHERE attempt = 1 AND direction = 1 AND start = 0", "out"),
        ("DELETE FROM segment WHERE attempt = 1", "in"),
    ],
)
def test_a_lost_handshake_is_no_fault_of_anybody(path: Path, statement: str, side: str) -> None:
    change(path, statement)
    found = first_judged(path)
    assert (found["findings"], found["passed"], found["frame_findings"]) == ([], [], [])
    assert found["outcome"] == "unknown"
    assert "are lost" in str(found["note"])
    damage = found["damage"]
    assert isinstance(damage, list)
    assert side in {each.get("direction") for each in damage}
    text = run("judge", str(path))
    assert "✕" not in text.out.split("attempt 2")[0]
    assert "bytes 0" in text.out
    assert "missing" in text.err
    assert "lost" in run("info", str(path)).out


def test_an_attempt_of_which_even_the_index_is_lost_is_not_judged(path: Path) -> None:
    change(path, "DELETE FROM segment WHERE attempt = 1")
    change(path, "DELETE FROM block WHERE attempt = 1")
    found = first_judged(path)
    assert (found["findings"], found["outcome"]) == ([], "unknown")


def test_altered_bytes_of_a_handshake_are_not_judged(path: Path) -> None:
    flip(path, b"Sec-WebSocket-Accept")
    found = first_judged(path)
    assert (found["findings"], found["passed"], found["outcome"]) == ([], [], "unknown")
    assert "not as they were written" in str(found["note"])


def test_frames_are_judged_up_to_the_first_damage(path: Path) -> None:
    before = first_judged(path)
    with CaptureReader(path) as reader:
        start, _, row = reader.segments(1, Direction.IN)[-1]
    change(path, "UPDATE segment SET data = zeroblob(length) WHERE id = ?", row)
    found = first_judged(path)
    assert f"received from {start} on are not as they were written" in str(found["note"])
    assert int(str(found["frames"])) < int(str(before["frames"]))
    change(path, "DELETE FROM segment WHERE id = ?", row)
    found = first_judged(path)
    assert "not kept" in str(found["note"])


def test_judging_tells_no_secret_of_an_address(path: Path) -> None:
    url = "wss://u:abcdefgh@x/?access_token=abcdefgh"
    change(path, "UPDATE attempt SET facts = json_set(facts, '$.url', ?)", url)
    for more in ((), ("--json",)):
        assert "abcdefgh" not in run("judge", str(path), *more).out


def test_frames_whose_bytes_are_lost_say_so_before_and_after_a_repair(path: Path) -> None:
    whole = [json.loads(line) for line in run("frames", str(path), "--attempt", "1").out.splitlines()]
    change(path, "DELETE FROM segment WHERE attempt = 1 AND direction = 0")
    for _ in range(2):
        rows = [json.loads(line) for line in run("frames", str(path), "--attempt", "1").out.splitlines()]
        for row, before in zip(rows[:-1], whole[:-1], strict=True):
            if row["dir"] == "out":
                assert row == before
                continue
            assert row["not_kept_bytes"] >= row["length"] or "truncated" in str(before["findings"])
            assert (row["payload"], row["wire"], row["findings"]) == ("", "", [])
        assert run("check", str(path), "--repair").code in (0, 1)
    told = run("check", str(path))
    assert told.code == 0
    assert "noted: attempt 1, received, bytes 0 to" in told.out
