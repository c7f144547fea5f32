"""What the window says while its capture finds no room, and that nothing is lost for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conversation.full_disk_connection import FRAME, FRAMES
from wsinspector.capture import CaptureReader
from wsinspector.protocol.spans import Direction

ROOT = Path(__file__).parents[2]


def test_a_full_disk_is_told_in_its_place_and_forgotten_once_there_is_room(tmp_path: Path) -> None:
    places = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    command = [sys.executable, "-m", "tests.ui.full_disk_window", str(tmp_path / "window.ini")]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | places, stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    before, full, again, after = (told[when] for when in ("before", "full", "again", "after"))
    assert not before["shown"]
    assert full["shown"]
    assert full["lead"].endswith("What is in the file is whole; reading waits.")
    assert "Free some room on the disk" in full["lines"]
    assert full["status"] == "reading waits for the disk"
    assert full["lead"].split(".")[0] in full["tip"]
    assert told["behind"] == full
    assert told["waiting"] < FRAMES * len(FRAME)
    assert again["lead"] == "The capture is written again; nothing was dropped."
    assert after["status"] == "nothing dropped"
    assert (told["frames"], told["losses"]) == (FRAMES, 0)
    with CaptureReader(Path(told["capture"])) as reader:
        assert reader.frame_count(1) == FRAMES
        length = reader.stream_length(1, Direction.IN)
        frames = reader.stream(1, Direction.IN, length - FRAMES * len(FRAME), length)
        assert frames == FRAME * FRAMES
        assert {reader.frame_bytes(1, number) for number in (1, FRAMES // 2, FRAMES)} == {FRAME}
