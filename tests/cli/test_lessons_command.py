"""The command ``lessons``: the list, and what is said of a teacher's files."""

import json
from pathlib import Path

import pytest

from wsinspector.cli.main import main

GOOD = '+++\nid = "mine"\ntitle = "Mine"\n+++\n## A step\n'


def run(*arguments: str) -> int:
    return main(["lessons", *arguments], lambda *_: 0)


def test_the_lessons_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12
    assert lines[4].split()[:2] == ["5", "strange-values"]


def test_they_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["order"] for each in found] == list(range(1, 13))
    assert found[4]["exercises"] == len(found[4]["steps"])


def test_a_file_in_order_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.md"
    path.write_text(GOOD)
    assert run("--check", str(path)) == 0
    assert capsys.readouterr().out == f"{path}: Mine, 1 step, in order\n"


def test_a_broken_file_has_line_and_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    bad = tmp_path / "bad.md"
    bad.write_text(GOOD.replace("mine", "bad") + "\n<b>\n")
    assert run("--check", str(tmp_path)) == 1
    said = capsys.readouterr().out
    assert f"{bad}:7: There is no HTML in a lesson" in said
    assert "good.md: Mine" in said


def test_faults_come_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text(GOOD.replace("mine", "proxy"))
    assert run("--check", str(bad), "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["lessons"] == []
    assert found["faults"][0]["line"] == 1
    assert "12-proxy.md" in found["faults"][0]["reason"]


def test_what_is_not_there_is_a_wrong_argument(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--check", str(tmp_path / "none.md")) == 2
    assert run("--check", str(tmp_path)) == 2
    assert "no lesson" in capsys.readouterr().err


def test_the_page_on_writing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--how") == 0
    assert capsys.readouterr().out.startswith("# How to write a lesson\n")


def test_the_shipped_folder_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    from wsinspector.learn.lessons.shelf import built_in

    assert run("--check", str(built_in())) == 0
    assert len(capsys.readouterr().out.splitlines()) == 12


def test_a_lesson_is_printed_with_the_keys_of_a_window_nobody_changed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run("--read", "handshake") == 0
    told = capsys.readouterr().out
    assert "press F5" in " ".join(told.split())
    for lesson in ("accept", "closing", "history", "proxy"):
        assert run("--read", lesson) == 0
        told += capsys.readouterr().out
    assert "[key:" not in told
    assert all(len(line) <= 100 for line in told.splitlines() if not line.startswith("    "))
    mine = tmp_path / "mine.md"
    mine.write_text(GOOD + 'Then [key:window.keys].\n```ask\nquestion = "Why?"\nanswer = "hidden"\n```\n')
    assert run("--read", str(mine)) == 0
    told = capsys.readouterr().out
    assert "Then Ctrl+/." in told
    assert "Question: Why?" in told
    assert "hidden" not in told
    assert run("--read", "nothing") == 2
    assert "handshake, accept" in capsys.readouterr().err
    mine.write_text(GOOD + "[key:no.such]\n")
    assert run("--read", str(mine)) == 1
    assert f"{mine}:6: There is no action" in capsys.readouterr().err
