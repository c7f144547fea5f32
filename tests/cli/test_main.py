"""The program as a whole: help, the window's start, and the lab alone."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, run
from wsinspector import __version__
from wsinspector.lab.scenarios import SCENARIOS


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--help",), ("handshake URL", "connect URL", "lab", "exit codes", "--connect")),
        (
            ("handshake", "--help"),
            (
                "--version V", "--no-version", "--escapes", "--header 'NAME: VALUE'", "--without NAME",
                "--key K", "--connect-to IP:PORT", "--raw FILE", "--timeout S", "--json", "exit codes",
                "network-error",
            ),
        ),
        (
            ("connect", "--help"),
            (
                "--policy", "--echo", "--offer-deflate", "--send TEXT", "--send-hex HEX", "--ping",
                "--frames N", "--for S", "--capture FILE", "--json", "Ctrl-D", "exit codes",
            ),
        ),
        (("lab", "--help"), ("--port P", "--json", "exit codes")),
    ],
)  # fmt: skip
def test_help_is_complete(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == 0
    assert [word for word in words if word not in done.out] == []


def test_the_version_of_the_program() -> None:
    assert run("--version").out == f"wsinspector {__version__}\n"


@pytest.mark.parametrize("arguments", [("--nonsense",), ("a", "b"), ("lab", "--port", "70000"), ("lab", "x")])
def test_wrong_arguments_are_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the list is that of Debian")
def test_without_qts_libraries_the_window_says_one_line_and_4(tmp_path: Path) -> None:
    # A file that is no library comes first for the linker, so that loading it fails.
    (tmp_path / "libEGL.so.1").write_bytes(b"")
    done = subprocess.run(
        PROGRAM,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LD_LIBRARY_PATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 4
    assert done.stderr.splitlines()[-1] == "Run as root: apt-get install -y --no-install-recommends libegl1"
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are named otherwise there")
def test_without_a_display_the_window_says_so_and_does_not_abort() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(PROGRAM, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode in (1, 4)  # 4 where the libraries of a window are missing too
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("wsinspector: ")


def test_commands_without_a_window_import_no_qt_and_the_window_no_asyncio_before_it_is_asked() -> None:
    program = (
        "import sys; from wsinspector.cli.main import main; main(['lab', '--port', '70000'], lambda *_: 0); "
        "from wsinspector.cli import window; "
        "print([m for m in ('PySide6', 'asyncio', 'ssl', 'websockets') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_lab_prints_its_urls_and_runs_until_stopped(number: int) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "lab"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    shown = b""
    while b"Ctrl-C stops it." not in shown:
        line = process.stdout.readline()
        assert line
        shown += line
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    text = shown.decode()
    assert all(scenario.path in text and scenario.description in text for scenario in SCENARIOS)
    assert text.count("wss://127.0.0.1:") == 4


def test_the_lab_takes_the_port_it_is_given_and_says_when_it_cannot(tmp_path: Path) -> None:
    first = subprocess.Popen([*PROGRAM, "lab", "--json"], stdout=subprocess.PIPE)
    assert first.stdout is not None
    told = json.loads(first.stdout.readline())
    done = run("lab", "--port", str(told["port"]))
    assert done.code == 3
    assert done.err == (
        f"wsinspector: the lab cannot listen on port {told['port']}: address already in use.\n"
    )
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)
    nowhere = tmp_path / "no" / "folder.pem"
    done = run("lab", "--save-authority", str(nowhere))
    assert (done.code, done.err) == (
        2,
        f"wsinspector: --save-authority {nowhere}: no such file or directory.\n",
    )
