"""Every broken file of the window's own is told at the start: which, what became of it, and in which line."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.filing import WAIT, Opener
from wsinspector.library.saved_messages import usual_path
from wsinspector.ui.settings import data_folder

BROKEN_TOML = 'name = "fine"\n[[request]]\nname = \n'


def test_every_broken_file_is_told_at_the_start(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    captures = data_folder()
    toml = [tmp_path / "requests.toml", tmp_path / "variables.toml", usual_path()]
    for path in toml:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BROKEN_TOML)
    aside = [
        tmp_path / "keys.json",
        tmp_path / "palette.json",
        tmp_path / "window.ini",
        captures / "provoked-servers.json",
        captures.parent / "lessons.json",
        captures.parent / "history.db",
    ]
    for path in aside:
        path.write_bytes(b"{ nothing like it" * 100)
    desk = open_window()

    def told() -> list[str]:
        older = desk.files.strip.older
        rows = [row.text.full_text() for row in desk.files.strip.rows]
        return (older.told if older is not None else []) + rows

    qtbot.waitUntil(lambda: len(told()) == len(toml) + len(aside), timeout=WAIT)
    for path in aside:
        (one,) = [each for each in told() if f"{path.name}.broken" in each]
        (kept,) = path.parent.glob(f"{path.name}.broken*")
        assert kept.name in one
        assert kept.read_bytes().startswith(b"{ nothing")
    for path in toml:
        (one,) = [each for each in told() if path.name in each]
        assert one.startswith(f"{path.name} has a fault in line 3: It is no TOML here: ")
        assert one.endswith("It is not written until that is mended.")
        assert path.read_text() == BROKEN_TOML


def test_a_file_that_is_no_text_is_left_as_it_is(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    (tmp_path / "requests.toml").write_bytes(b"\xff\xfe")
    desk = open_window()
    rows = desk.files.strip
    qtbot.waitUntil(lambda: bool(rows.rows), timeout=WAIT)
    (row,) = rows.rows
    assert row.text.full_text() == (
        "requests.toml is no text in UTF-8. It is left as it is, and not written until that is mended."
    )
    assert (tmp_path / "requests.toml").read_bytes() == b"\xff\xfe"
