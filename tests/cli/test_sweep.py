"""The command ``sweep``, run as a process against the lab as another."""

import csv
import io
import json
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.command import PROGRAM, Done, run
from tests.cli.lab_process import LabProcess
from wsinspector.conversation.sweep_reopen import reopened


def sweep(*arguments: str) -> Done:
    return run("sweep", *arguments)


def strict(lab: LabProcess) -> str:
    return lab.url("/versions/13,8/400-list")


def test_what_stands_out_comes_first_then_a_table(lab: LabProcess) -> None:
    done = sweep(lab.url("/versions/13,8/400-no-list"), "--set", "common")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "What stands out"
    assert lines[1].startswith("  ! ")
    assert "refuses 0, 4–7, 9–12, 14, 25 and 255 with 400 without naming a version it takes" in lines[1]
    assert lines[1].endswith("a client cannot learn what to retry. RFC 6455 §4.2.2")
    rows = {line.split("  ")[0]: line.split("  ")[-1].strip() for line in lines[4:] if "  " in line}
    assert rows["4 – 7"] == "! 400, no list"
    assert rows["8"] == rows["13"] == "101"
    assert rows["absent"] == "400"
    assert lines[-1].startswith("23 handshakes in ")
    assert lines[-1].endswith(", 4 at a time. Equal rows are folded.")
    assert done.err == ""


def test_a_server_in_order_leaves_nothing_to_say(lab: LabProcess) -> None:
    done = sweep(strict(lab))
    assert done.code == 0
    assert done.out.splitlines()[:2] == ["What stands out", "  nothing"]


def test_values_and_sets_of_ones_own(lab: LabProcess, tmp_path: Path) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("14\n(key missing)\n", encoding="utf-8")
    done = sweep(
        strict(lab), "--json", "--set", str(own), "--escapes", "--value", "\\x0913", "--value", "13⏎14"
    )
    assert done.code == 0, done.err
    answers = done.json["answers"]
    assert [(each["id"], each["status"]) for each in answers] == [
        ("14", 400),
        ("(key missing)", 400),
        ("\\t13", 101),
        ("13⏎14", 400),
    ]
    assert done.json["sets"] == [str(own)]
    assert [each["mark"] for each in answers] == ["quiet", "quiet", "opened", "quiet"]
    plain = sweep(strict(lab), "--json", "--value", "\\x0913")
    assert plain.json["answers"][0]["id"] == "\\\\x0913"


def test_several_servers_stand_side_by_side_as_csv(lab: LabProcess) -> None:
    done = sweep(strict(lab), lab.url("/versions/13/any"), "--csv", "--value", "13", "--value", "abc")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["id"], row["status"], row["mark"]) for row in rows] == [
        ("13", "101", "opened"),
        ("abc", "400", "quiet"),
        ("13", "101", "opened"),
        ("abc", "101", "finding"),
    ]


def test_files_are_written_and_what_was_saved_opens_again(lab: LabProcess, tmp_path: Path) -> None:
    page, junit, saved = tmp_path / "a.html", tmp_path / "a.xml", tmp_path / "a.wsi"
    done = sweep(
        strict(lab), "--set", "handshake", "--html", str(page), "--junit", str(junit), "--save", str(saved)
    )
    assert done.code == 0, done.err
    assert "<h2>What stands out</h2>" in page.read_text(encoding="utf-8")
    suite = ElementTree.parse(junit).getroot()[0]
    assert suite.get("tests") == "18"
    results = reopened(saved)
    assert (results.done, results.sets) == (18, ("handshake",))
    since = sweep(strict(lab), "--set", "handshake", "--since", str(saved))
    assert "Since a moment ago" in since.out
    again = sweep(strict(lab), "--save", str(saved))
    assert (again.code, again.err) == (2, f"wsinspector sweep: --save {saved}: the file exists already.\n")


def test_expectations_make_a_check_of_a_find(lab: LabProcess, tmp_path: Path) -> None:
    wanted, junit = tmp_path / "wanted.toml", tmp_path / "result.xml"
    first = sweep(strict(lab), "--value", "13", "--value", "14", "--write-expect", str(wanted))
    assert first.code == 0, first.err
    # Only what the file names is asked, beside what is asked for.
    met = sweep(strict(lab), "--value", "8", "--expect", str(wanted))
    assert met.code == 0
    assert "Expectations: 2 of 2 met" in met.out
    wrong = sweep(
        lab.url("/versions/13/any"), "--value", "13", "--expect", str(wanted), "--junit", str(junit)
    )
    assert wrong.code == 1
    assert "14: outcome open, expected refused; status 101, expected 400" in wrong.out
    assert len(list(ElementTree.parse(junit).getroot().iter("failure"))) == 1


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("ws://127.0.0.1:99999/",), "is no port"),
        (
            ("ws://127.0.0.1/", "--set", "no-such"),
            "--set no-such: there is no such set or file; sets are common",
        ),
        (("ws://127.0.0.1/", "--escapes", "--value", "\\q"), "--value \\q: \\q is no escape"),
        (("ws://127.0.0.1/", "--at-once", "0"), "is no number from 1 to 256"),
        (("ws://127.0.0.1/", "--pace", "-1"), "is no number of seconds, 0 or more"),
        (("ws://127.0.0.1/", "--timeout", "nan"), "is no number of seconds above 0"),
        (("ws://127.0.0.1/", "--json", "--csv"), "not allowed with"),
        (("ws://127.0.0.1/", "--expect", "/no/such"), "--expect /no/such: No such file or directory"),
        (("ws://127.0.0.1/", "--html", "/no/such/file"), "--html /no/such/file: the folder does not exist"),
        (("ws://127.0.0.1/", "--since", "/no/such"), "--since /no/such: "),
        ((), "URL"),
    ],
)
def test_wrong_arguments_are_told_before_a_byte_leaves(arguments: tuple[str, ...], fault: str) -> None:
    done = sweep(*arguments)
    assert done.code == 2
    assert fault in done.err
    assert done.out == ""


def test_a_set_with_faults_is_not_sent(lab: LabProcess, tmp_path: Path) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("14\n1\\q\n(nothing)\n")
    done = sweep(strict(lab), "--set", str(own))
    assert done.code == 2
    assert "Line 2: \\q is no escape; a backslash is written \\\\. There is one fault more." in done.err


def test_a_server_that_cannot_be_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # never listens
        done = sweep(f"ws://127.0.0.1:{taken.getsockname()[1]}/", "--value", "13")
    assert done.code == 3
    assert "was not reached" in done.out
    assert "the port is closed" in done.err


@contextmanager
def answers_once() -> Iterator[tuple[int, threading.Event]]:
    """A server that refuses the first request and never answers another; the event is set by the second."""
    second = threading.Event()
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    held.append(connection)
                    if len(held) > 1:
                        second.set()
                        continue
                    connection.recv(65536)
                    connection.sendall(
                        b"HTTP/1.1 400 No\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
                    )
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], second
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(60)
            for each in held:
                each.close()


def test_ctrl_c_keeps_and_prints_what_came(tmp_path: Path) -> None:
    saved = tmp_path / "kept.wsi"
    with answers_once() as (port, second):
        command = [
            *PROGRAM, "sweep", f"ws://127.0.0.1:{port}/", "--json", "--value", "14", "--value", "15",
            "--value", "16", "--at-once", "1", "--timeout", "600", "--save", str(saved),
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert second.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    data = json.loads(out)
    assert data["phase"] == "cancelled"
    assert [(each["id"], each["status"]) for each in data["answers"]] == [("14", 400), ("15", None)]
    assert [probe is not None for probe in reopened(saved).servers[0].probes] == [True, True, False]
