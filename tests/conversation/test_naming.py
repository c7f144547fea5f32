"""Programs that begin together and choose the same names each get a file of their own."""

import json
import subprocess
import sys
from pathlib import Path

from wsinspector.capture import CaptureReader
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine

COUNT = 12


def test_two_programs_that_chose_the_same_names_each_have_files_of_their_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.conversation.naming", str(tmp_path), str(COUNT)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "named\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.stdout.readline()) for process in both if process.stdout is not None]
    for process in both:
        process.communicate()
    places = [place for one in told for place, _, _ in one]
    assert all(trouble == "" and not named_only for one in told for _, trouble, named_only in one)
    assert len(set(places)) == 2 * COUNT
    assert sorted(Path(place) for place in places) == sorted(tmp_path.glob("*.wsi"))
    for place in places:
        with CaptureReader(Path(place)) as reader:
            assert reader.conversation_count() == 1


def test_a_name_that_another_took_is_neither_read_nor_added_to(engine: Engine, tmp_path: Path) -> None:
    wanted, next_one = tmp_path / "1.wsi", tmp_path / "2.wsi"
    mine = Conversation(engine, wanted, another=lambda _: next_one)
    other = Conversation(engine, wanted)
    other.set_address("ws://other.example/")
    other.save()
    named = [mine.named_only]
    assert mine.reader() is None
    assert "no capture" in mine.pin(True)
    mine.save()
    assert [*named, mine.named_only] == [True, False]
    assert (mine.capture_path, mine.store_trouble) == (next_one, "")
    mine.close()
    other.close()
    with CaptureReader(wanted) as reader:
        assert next(iter(reader.conversations())).title == "ws://other.example/"
        assert reader.conversation_count() == 1
