"""The command ``run``: exit codes, what is printed, JUnit, JSON, the capture; nothing half run."""

import re
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, run
from tests.cli.lab_process import LabProcess
from wsinspector.capture import CaptureError, CaptureReader
from wsinspector.library.environments import Environments, EnvironmentStore, Variable, VariableSet

GOOD = """\
name = "Good"
[variables]
who = "ada"
[[step]]
send = "Hello {{who}}"
[[step]]
name = "the echo"
expect = 'payload contains "{{who}}"'
"""
BAD = GOOD + '[[step]]\nexpect = "type == binary"\nwithin = 0.1\n[[step]]\nsend = "never"\n'


@pytest.fixture
def echo(lab: LabProcess) -> str:
    return lab.url()


def written(folder: Path, text: str, name: str = "a.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_all_pass(echo: str, tmp_path: Path) -> None:
    done = run("run", written(tmp_path, GOOD), "--url", echo)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "✓ connect  Opened with 101."
    assert lines[1] == "✓ send Hello {{who}}  Sent 9 bytes. [frame 1]"
    assert lines[2].startswith("✓ the echo  Frame 2 fits, after 0.")
    assert lines[3].startswith("Passed: 3 steps, ")


def test_an_expectation_that_is_not_met(echo: str, tmp_path: Path) -> None:
    junit, capture = tmp_path / "j.xml", tmp_path / "c.wsi"
    done = run(
        "run", written(tmp_path, BAD), "--url", echo, "--junit", str(junit), "--save", str(capture), "--json"
    )
    assert done.code == 1
    (ran,) = done.json["runs"]
    assert (ran["name"], ran["outcome"], ran["capture"]) == ("Good", "failed", str(capture))
    assert [step["state"] for step in ran["steps"]] == ["ok", "ok", "ok", "failed", "not-run"]
    assert (ran["steps"][3]["line"], ran["steps"][3]["kind"]) == (9, "expect")
    assert ran["steps"][2]["frame"] == 2
    suites = ElementTree.parse(junit).getroot()
    (suite,) = suites
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    assert [case[0].tag if len(case) else "" for case in suite] == ["", "", "", "failure", "skipped"]
    message = suite[3][0].get("message")
    assert message == "No frame fitted within 0.1 s. None came."
    evidence = "Looked for: type == binary\nCame before: frame 2, Text, 9 bytes: Hello ada"
    assert (suite[3][0].text or "").endswith(evidence)
    assert ran["steps"][3]["looked_for"] == "type == binary"
    (came,) = ran["steps"][3]["came"]
    assert came == {"frame": 2, "nearest": False, "type": "Text", "size": 9, "payload": "Hello ada"}
    with CaptureReader(capture) as reader:
        (conversation,) = reader.conversations()
        (attempt,) = reader.attempts(conversation.id)
        assert len(reader.columns(attempt.id, 1, 10)) >= 2


def test_files_one_after_the_other_in_one_capture(echo: str, tmp_path: Path) -> None:
    capture = tmp_path / "c.wsi"
    files = [written(tmp_path, GOOD, f"{name}.toml") for name in "ab"]
    done = run("run", *files, "--url", echo, "--set", "who=bob", "--save", str(capture))
    assert done.code == 0
    assert "a.toml: Good" in done.out
    with CaptureReader(capture) as reader:
        assert [row.title for row in reader.conversations()] == ["Good", "Good"]


def test_faults_of_every_file_are_told_and_nothing_is_run(lab: LabProcess, tmp_path: Path) -> None:
    bad = written(tmp_path, '[[step]]\nsend = 1\n\n[[step]]\nexpect = "type == "\n', "bad.toml")
    junit = tmp_path / "j.xml"
    done = run("run", bad, written(tmp_path, GOOD), "--url", lab.url(), "--junit", str(junit))
    assert done.code == 2
    assert done.out == ""
    assert f"{bad}:2: send must be a text" in done.err
    assert f"{bad}:5: The filter “type == ”, at its end" in done.err
    assert not junit.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "it names no url; give one with --url."),
        (("--url", "ws://[::1"), "ws://[::1: "),
        (("--url", "ws://127.0.0.1:1/", "--set", "1=2"), "--set 1: a name has letters"),
        (("--url", "ws://127.0.0.1:1/", "--set", "counter=2"), "this variable is made by itself"),
        (("--url", "ws://127.0.0.1:1/", "--set", "a"), "is no NAME=VALUE"),
        (("--url", "ws://127.0.0.1:1/", "--timeout", "0"), "is no number of seconds above 0"),
        (("--url", "ws://127.0.0.1:1/", "--junit", "/no/such/folder/j.xml"), "the folder does not exist"),
    ],
)
def test_wrong_arguments(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("run", written(tmp_path, GOOD), *arguments)
    assert done.code == 2
    assert said in done.err


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    done = run("run", str(tmp_path / "none.toml"), str(tmp_path / "b.toml"), "--url", "ws://127.0.0.1:1/")
    assert done.code == 2
    assert "none.toml: there is no such file." in done.err
    assert "b.toml: it is no UTF-8 at byte 0" in done.err


def test_a_server_that_cannot_be_reached(tmp_path: Path) -> None:
    done = run("run", written(tmp_path, GOOD), "--url", "ws://127.0.0.1:1/")
    assert done.code == 3
    assert done.out.startswith("✕ connect")


def test_the_time_of_a_run(echo: str, tmp_path: Path) -> None:
    text = '[[step]]\nexpect = "never"\nwithin = 60\n'
    done = run("run", written(tmp_path, text), "--url", echo, "--timeout", "0.3")
    assert done.code == 1
    assert "The run's 0.3 s were over." in done.out


def test_ctrl_c_stops_it_and_what_came_is_told(echo: str, tmp_path: Path) -> None:
    text = GOOD + '[[step]]\nexpect = "never"\nwithin = 60\n'
    capture = tmp_path / "c.wsi"
    process = subprocess.Popen(
        [*PROGRAM, "run", written(tmp_path, text), "--url", echo, "--save", str(capture)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    frames = 0
    while frames < 2 and process.poll() is None:
        frames = _frames(capture)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (1, "")
    assert "? line" not in out
    assert "Stopped after" in out


def _frames(capture: Path) -> int:
    if not capture.exists():
        return 0
    try:
        with CaptureReader(capture) as reader:
            attempts = reader.attempts(reader.conversations()[0].id)
            return len(reader.columns(attempts[0].id, 1, 5)) if attempts else 0
    except (CaptureError, OSError, IndexError):  # not made yet
        return 0


def test_the_reference_is_in_the_help() -> None:
    done = run("run", "--help")
    assert done.code == 0
    for word in ("expect_handshake", "half_close", "{{counter}}", "[[auto]]", "pong_after"):
        assert word in done.out


def test_what_a_sequence_lacks_is_told_before_anything_runs(tmp_path: Path) -> None:
    steps = '[[step]]\nsend = "hello {{user}}"\n[[step]]\nsend = { file = "none.bin" }\n'
    text = f'url = "ws://127.0.0.1:1/"\n{steps}'
    done = run("run", written(tmp_path, text), "--set", "user=a{{unknown}}")
    assert done.code == 2
    assert done.out == ""
    assert ":4: none.bin cannot be read: No such file or directory." in done.err
    assert "unknown" in done.err


def test_a_broken_filter_is_told_with_its_place_before_anything_runs(tmp_path: Path) -> None:
    text = 'url = "ws://127.0.0.1:1/"\n[[step]]\nsend = "a"\n[[step]]\nwait = "((("\n'
    done = run("run", written(tmp_path, text))
    assert (done.code, done.out) == (2, "")
    assert "a.toml:5: The filter “(((”, at character 1 (“(”): This parenthesis is never closed." in done.err
    filled = text.replace('"((("', "'size > {{most}}'")
    done = run("run", written(tmp_path, filled), "--set", "most=many")
    assert (done.code, done.out) == (2, "")
    assert "a.toml:4: The filter “size > many”, at character 8" in done.err


def test_a_failure_shows_the_filter_filled_in_and_the_frames_that_came(echo: str, tmp_path: Path) -> None:
    text = """\
[variables]
who = "ada"
[[step]]
send = '{"kind":"a"}'
[[step]]
send = { hex = "00 ff 01" }
[[step]]
send = "bye"
[[step]]
name = "kind"
expect = 'type == text and json.kind == "{{who}}"'
within = 0.2
"""
    done = run("run", written(tmp_path, text), "--url", echo)
    assert done.code == 1
    lines = [line.strip() for line in done.out.splitlines()]
    at = next(at for at, line in enumerate(lines) if line.startswith("✕"))
    assert lines[at + 1] == 'Looked for: type == text and json.kind == "ada"'
    shown = lines[at + 2 : at + 5]
    assert [re.sub(r"frame \d+", "frame", line) for line in shown] == [
        'Nearest: frame, Text, 12 bytes: {"kind":"a"}',
        "Came: frame, Binary, 3 bytes: 00 ff 01",
        "Came: frame, Text, 3 bytes: bye",
    ]


def test_what_is_odd_but_allowed_is_remarked(echo: str, tmp_path: Path) -> None:
    text = '[[step]]\nclose = { code = 1000, reason = "' + "x" * 124 + '" }\n'
    done = run("run", written(tmp_path, text), "--url", echo)
    assert done.code == 0
    assert "a.toml:2: The reason is 124 bytes of UTF-8" in done.err


def test_a_file_outside_the_folder_is_refused_until_it_is_allowed(echo: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"mine")
    folder = tmp_path / "shared"
    folder.mkdir()
    file = written(folder, '[[step]]\nsend = { file = "../secret.txt" }\n[[step]]\nexpect = "size == 4"\n')
    for more in ((), ("--check",)):
        done = run("run", file, "--url", echo, *more)
        assert (done.code, done.out) == (2, "")
        assert f"a.toml:1: “../secret.txt” lies outside the folder of the sequence: {tmp_path}" in done.err
        assert "--allow-outside" in done.err
    done = run("run", file, "--url", echo, "--allow-outside")
    assert done.code == 0
    assert "a.toml:2: “../secret.txt” leads out of the folder of the sequence" in done.err


def test_a_check_runs_nothing_and_needs_no_address(tmp_path: Path) -> None:
    good = written(tmp_path, GOOD)
    done = run("run", "--check", good)
    assert (done.code, done.out, done.err) == (0, f"{good}: in order, 2 steps.\n", "")
    done = run("run", "--check", written(tmp_path, "[[step]]\nsend = 1\n", "bad.toml"), good)
    assert (done.code, done.out) == (2, "")


def test_a_set_of_the_library_is_used_where_it_is_named(echo: str, tmp_path: Path) -> None:
    whole = EnvironmentStore()
    variables = (Variable("who", "ada"), Variable("token", "hush-hush", secret=True))
    assert whole.save(Environments((VariableSet("staging", variables),), "staging"))
    text = '[[step]]\nsend = "{{who}}"\n[[step]]\nexpect = \'payload == "ada"\'\n'
    file = written(tmp_path, text)
    # Not unasked, though it is in use in the window: whose sequence this is nobody knows.
    assert "There is no variable {{who}}." in run("run", file, "--url", echo).err
    assert run("run", file, "--url", echo, "--variables", "staging").code == 0
    done = run("run", file, "--url", echo, "--variables", "staging", "--set", "who=eve")
    assert done.code == 1
    assert "Came: frame 2, Text, 3 bytes: eve" in done.out
    assert "there is no set 'nowhere'" in run("run", file, "--url", echo, "--variables", "nowhere").err
    text = """[[step]]\nexpect = 'json.a == "{{token}}"'\nwithin = 0.1\n"""
    hidden = written(tmp_path, text, "b.toml")
    junit = tmp_path / "j.xml"
    done = run("run", hidden, "--url", echo, "--variables", "staging", "--junit", str(junit))
    assert done.code == 1
    assert 'Looked for: json.a == "•••"' in done.out
    assert "hush-hush" not in done.out + done.err + junit.read_text("utf-8")
