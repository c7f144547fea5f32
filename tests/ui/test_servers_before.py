"""Servers that were provoked before: kept in a file of their own, offered after another start, doubted."""

import json
import stat
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wsinspector.ui import theme
from wsinspector.ui.provoke.servers_before import FILE, LARGEST, MOST, BeforeButton, ServersBefore
from wsinspector.ui.sweep.servers_field import ServersField


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


def test_the_last_provoked_comes_first_and_none_comes_twice(path: Path) -> None:
    before = ServersBefore(path)
    assert before.load() == ()
    assert before.trouble == ""
    assert before.add(("lab/echo", "ws://127.0.0.1:9001/?a=1,2")) == ""
    assert before.add(("ws://127.0.0.1:9001/?a=1,2", "wss://one.example/")) == ""
    assert ServersBefore(path).load() == ("ws://127.0.0.1:9001/?a=1,2", "wss://one.example/", "lab/echo")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before.add(f"ws://127.0.0.1:{port}/" for port in range(1000, 1100))
    assert len(before.load()) == MOST
    assert before.forget() == ""
    assert before.load() == ()


def test_an_address_with_a_secret_in_it_is_not_kept(path: Path) -> None:
    before = ServersBefore(path)
    before.add(("wss://user:secret@one.example/", "wss://one.example/?token=secret", "ws://127.0.0.1/"))
    assert before.load() == ("ws://127.0.0.1/",)
    assert "secret" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b'{"servers": 3}', b"\xff", b'{"servers": [', b"x" * (LARGEST + 1), b"[" * 50_000],
    ids=["empty", "list", "number", "no-text", "cut", "large", "deep"],
)
def test_a_broken_file_is_told_of_and_put_aside(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    before = ServersBefore(path)
    assert before.load() == ()
    assert before.trouble.endswith(f"It was put aside as {FILE}.broken.")
    assert path.with_name(FILE + ".broken").read_bytes() == data
    assert before.add(("lab/echo",)) == ""
    assert before.load() == ("lab/echo",)
    assert before.trouble == ""
    path.write_bytes(data)
    assert "It was put aside" in before.add(("lab/strict",))
    assert before.load() == ("lab/strict",)


def test_members_that_are_no_server_are_left_out(path: Path) -> None:
    told = {"servers": [3, None, "", "a b", "lab/echo", "x" * 5000, "wss://a:b@c/", "lab/echo"]}
    path.write_text(json.dumps(told), encoding="utf-8")
    assert ServersBefore(path).load() == ("lab/echo",)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert "cannot be written" in ServersBefore(tmp_path / "file" / FILE).add(("lab/echo",))


def test_the_menu_offers_them_and_forgets_them(qtbot: QtBot, qapp: QApplication, path: Path) -> None:
    theme.apply(qapp)
    field = ServersField()
    button = BeforeButton(ServersBefore(path), field)
    qtbot.addWidget(field)
    qtbot.addWidget(button)
    button.fill()
    assert [each.text() for each in button.list.actions()] == ["No server was provoked before"]
    field.set_text("lab/echo, ws://127.0.0.1/?a&b")
    button.remember()
    field.set_text("lab/echo")
    button.fill()
    first, second, _, forget = button.list.actions()
    assert (first.text(), first.isChecked()) == ("lab/echo", True)
    assert (second.text(), second.isChecked()) == ("ws://127.0.0.1/?a&&b", False)
    second.trigger()
    assert field.text() == "lab/echo, ws://127.0.0.1/?a&b"
    first.trigger()
    assert field.text() == "ws://127.0.0.1/?a&b"
    forget.trigger()
    button.fill()
    assert not button.list.actions()[0].isEnabled()
    path.write_bytes(b"[]")
    with qtbot.waitSignal(button.troubled) as told:
        button.fill()
    assert "holds no list of servers" in told.args[0]
