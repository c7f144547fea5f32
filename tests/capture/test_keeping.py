"""Captures within bounds: the oldest go first, the held ones never."""

import os
from pathlib import Path

from wsinspector.capture import CaptureWriter
from wsinspector.capture.keeping import KeptFile, Limits, delete, keep_within, surplus, survey

DAY = 86_400 * 10**9


def kept(name: str, size: int, day: int, held: bool = False) -> KeptFile:
    return KeptFile(Path(name), size, day * DAY, held)


def names(files: list[KeptFile]) -> list[str]:
    return [str(file.path) for file in files]


def test_too_old_ones_go() -> None:
    files = [kept("new", 1, 99), kept("old", 1, 69), kept("edge", 1, 70)]
    assert names(surplus(files, Limits(days=30), 100 * DAY)) == ["old"]


def test_the_oldest_go_until_the_rest_fits() -> None:
    files = [kept("c", 40, 3), kept("a", 40, 1), kept("b", 40, 2)]
    assert names(surplus(files, Limits(size=80), 4 * DAY)) == ["a"]
    assert names(surplus(files, Limits(size=79), 4 * DAY)) == ["a", "b"]
    assert names(surplus(files, Limits(size=120), 4 * DAY)) == []


def test_held_ones_stay_and_count() -> None:
    files = [kept("pinned", 90, 1, held=True), kept("b", 20, 2), kept("c", 20, 3)]
    assert names(surplus(files, Limits(size=100), 99 * DAY)) == ["b", "c"]


def make(path: Path, *, pinned: bool = False, day: int) -> Path:
    writer = CaptureWriter.create(path)
    number = writer.new_conversation(path.stem, {})
    writer.update_conversation(number, pinned=pinned)
    writer.close()
    os.utime(path, ns=(day * DAY, day * DAY))
    return path


def test_real_files_go_with_their_journals(tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    old = make(folder / "old.wsi", day=1)
    pinned = make(folder / "pinned.wsi", pinned=True, day=1)
    fresh = make(folder / "fresh.wsi", day=90)
    shown = make(folder / "shown.wsi", day=1)
    foreign = folder / "foreign.wsi"
    foreign.write_bytes(b"something else")
    os.utime(foreign, ns=(DAY, DAY))
    (folder / "notes.txt").write_text("not a capture")
    writer = CaptureWriter.open(make(folder / "written.wsi", day=1))
    writer.new_conversation("more", {})
    writer.flush(30)
    assert {file.path.name for file in survey(folder, [shown]) if file.held} == {
        "pinned.wsi",
        "shown.wsi",
        "foreign.wsi",
        "written.wsi",
    }
    assert keep_within(folder, Limits(days=30), 100 * DAY, in_use=[shown, writer.path]) == [old]
    writer.close()
    assert pinned.exists()
    assert fresh.exists()


def test_deleting_takes_what_lies_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    path = make(folder / "a.wsi", day=1)
    for end in ("-wal", "-shm"):
        (folder / f"a.wsi{end}").write_bytes(b"")
    delete(path)
    assert list(folder.iterdir()) == []
