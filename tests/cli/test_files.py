"""The commands on captures: export, import and judge, run as a person runs them."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.share.making import DEFLATE_LINE, IN, OUT, SECRET, Making, answer_of, request_of
from wsinspector.capture import CaptureReader


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    making = Making(tmp_path / "a.wsi")
    for each in range(1, 6):
        making.frame(OUT, 1, b"message %d" % each)
    making.frame(IN, 1, b"answer")
    return making.close()


def test_an_export_goes_to_standard_output_or_into_a_file_of_its_own(capture: Path, tmp_path: Path) -> None:
    shown = run("export", str(capture), "--format", "har")
    assert shown.code == 0
    assert len(shown.json["log"]["entries"][0]["_webSocketMessages"]) == 6
    out = tmp_path / "out.har"
    done = run("export", str(capture), "--format", "har", "--out", str(out))
    assert done.code == 0
    assert (done.out, out.read_text()) == ("", shown.out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert f"{out.stat().st_size} bytes written" in done.err
    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".part")]


def test_nothing_is_overwritten_unasked(capture: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    refused = run("export", str(capture), "--format", "csv", "--out", str(out))
    assert (refused.code, out.read_text()) == (2, "mine")
    assert "--force overwrites it" in refused.err
    assert run("export", str(capture), "--format", "csv", "--out", str(out), "--force").code == 0
    assert out.read_text().startswith("number,")
    assert run("import", str(tmp_path / "no.har"), "--out", str(capture)).code == 2
    (tmp_path / "b.jsonl").write_text(run("export", str(capture), "--format", "jsonl").out)
    refused = run("import", str(tmp_path / "b.jsonl"), "--out", str(capture))
    assert refused.code == 2
    assert "--force" in refused.err


def test_secrets_are_left_out_and_listed_unless_asked(capture: Path) -> None:
    done = run("export", str(capture), "--format", "text")
    assert SECRET.decode() not in done.out
    assert "left out as secret: Authorization of the request: 20 bytes" in done.err
    whole = run("export", str(capture), "--format", "text", "--with-secrets")
    assert SECRET.decode() in whole.out
    assert whole.err == ""


def test_frames_are_chosen_by_number(capture: Path) -> None:
    done = run("export", str(capture), "--format", "jsonl", "--frames", "2-3,5,2")
    assert [line["no"] for line in done.lines if line["kind"] == "frame"] == [2, 3, 5]
    rest = run("export", str(capture), "--format", "jsonl", "--frames", "5-")
    assert [line["no"] for line in rest.lines if line["kind"] == "frame"] == [5, 6]


def test_frames_are_chosen_by_a_filter(capture: Path) -> None:
    done = run("export", str(capture), "--format", "jsonl", "--filter", "dir == out and number in (2, 5, 6)")
    assert [line["no"] for line in done.lines if line["kind"] == "frame"] == [2, 5]
    word = run("export", str(capture), "--format", "csv", "--filter", 'payload contains "age 4"')
    assert [line.split(",")[0] for line in word.out.splitlines()[1:2]] == ["4"]
    wrong = run("export", str(capture), "--format", "csv", "--filter", "size > ")
    assert (wrong.code, wrong.out) == (2, "")
    assert "The filter cannot be read at character" in wrong.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--frames", "x"], "“x” is no number of a frame"),
        (["--frames", "3-1"], "the smaller number first"),
        (["--frames", "7"], "There is no frame 7: the last is 6."),
        (["--conversation", "2"], "there is no conversation 2; the capture has 1."),
        (["--attempt", "9"], "there is no attempt 9; the last is 1."),
        (["--attempt", "0"], "'0' is no number, 1 or more"),
    ],
)
def test_wrong_arguments_are_told(capture: Path, arguments: list[str], said: str) -> None:
    done = run("export", str(capture), "--format", "csv", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize("command", ["export", "judge"])
def test_a_file_that_is_no_capture_is_told(command: str, tmp_path: Path) -> None:
    (tmp_path / "x.wsi").write_bytes(b"nothing of the kind" * 100)
    more = ["--format", "csv"] if command == "export" else []
    for name in ("x.wsi", "none.wsi"):
        done = run(command, str(tmp_path / name), *more)
        assert (done.code, done.out) == (2, "")
        assert name in done.err


@pytest.mark.parametrize("command", ["export", "info", "explain"])
def test_what_is_no_file_is_told_in_one_line_with_what_to_do(command: str, tmp_path: Path) -> None:
    empty, folder, missing = tmp_path / "empty.wsi", tmp_path / "some.wsi", tmp_path / "none.wsi"
    far = tmp_path / "nowhere" / "none.wsi"
    empty.touch()
    folder.mkdir()
    (folder / "a.wsi").touch()
    more = ("--format", "har") if command == "export" else ()
    for path, said in (
        (empty, "the file is empty, so nothing was ever kept in it. Name another file."),
        (folder, "this is a folder. Name a file in it: a.wsi."),
        (missing, "there is no such file. Look at the name again."),
        (far, f"there is no folder {far.parent}. Look at the path again."),
    ):
        done = run(command, str(path), *more)
        assert done.code == 2
        assert done.out == ""
        (line,) = done.err.splitlines()
        assert line.endswith(f": {path}: {said}")


def test_what_cannot_be_imported_or_written_is_told_in_one_line(capture: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    export = ("export", str(capture), "--format", "har", "--out")
    for arguments, said in (
        (("import", str(folder), "--out", "x.wsi"), "this is a folder, and it holds no *.har or *.json or"),
        (("import", str(capture), "--out", str(folder)), f"Name a file in it, such as {folder}/import.wsi."),
        ((*export, str(folder)), f"Name a file in it, such as {folder}/export.har."),
        ((*export, str(folder / "no" / "x.har")), f"there is no folder {folder}/no. Make it first"),
    ):
        done = run(*arguments)
        assert done.code == 2
        (line,) = done.err.splitlines()
        assert said in line


def test_help_lists_every_format(capture: Path) -> None:
    said = run("export", "--help").out
    for name in ("har", "jsonl", "csv", "text", "pcapng", "html", "python"):
        assert f"\n  {name} " in said
    done = run("export", str(capture), "--format", "xls")
    assert done.code == 2


def test_what_was_exported_is_imported(capture: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "b.jsonl", tmp_path / "b.wsi"
    run("export", str(capture), "--format", "jsonl", "--out", str(source))
    done = run("import", str(source), str(source), "--out", str(out))
    assert done.code == 0
    assert "secrets had been left out of it" in done.err
    assert "2 attempts imported into" in done.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with CaptureReader(out) as reader:
        assert [row.number for row in reader.attempts()] == [1, 2]
        assert reader.frame_count(2) == 6


def test_a_broken_import_says_where_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.har").write_text('{"log": {\n "entries": [oops]}}')
    done = run("import", str(tmp_path / "b.har"), "--out", str(tmp_path / "b.wsi"))
    assert (done.code, done.out) == (2, "")
    assert "b.har, line 2, column" in done.err
    assert not (tmp_path / "b.wsi").exists()


# -- judge


def test_a_conforming_conversation_breaks_nothing(capture: Path) -> None:
    done = run("judge", str(capture))
    assert done.code == 0
    assert "6 frames judged." in done.out


def test_frames_and_handshakes_are_judged_anew(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", answer=answer_of(DEFLATE_LINE))
    making.frame(OUT, 1, b"fine")
    for _ in range(7):
        making.wire(IN, b"\x83\x01x")
    making.wire(OUT, b"\x81\x01x")
    path = making.close()
    done = run("judge", str(path), "--json")
    assert done.code == 1
    (told,) = done.lines
    assert (told["attempt"], told["frames"]) == (1, 9)
    assert "breaks" in {each["severity"] for each in told["findings"]}
    found = {(each["rule"], each["sender"]): each for each in told["frame_findings"]}
    assert found["reserved-opcode", "server"]["count"] == 7
    assert found["reserved-opcode", "server"]["frames"] == [2, 3, 4, 5, 6]
    assert found["unmasked", "client"]["frames"] == [9]
    text = run("judge", str(path))
    assert text.code == 1
    assert "server, 7 frames: 2, 3, 4, 5, 6, …" in text.out


def test_behind_a_gap_no_frame_is_judged(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi")
    making.frame(IN, 1, b"before")
    making.attempt.gap(1000, "The disk was full.", IN)
    making.attempt.bytes(IN, b"\xff" * 100, making.now)
    done = run("judge", str(making.close()), "--json")
    assert done.code == 0
    assert done.lines[0]["note"].startswith("1000 bytes were not kept")
    assert done.lines[0]["frames"] == 1


def test_imported_frames_are_not_judged(tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "share" / "har" / "chromium.har"
    run("import", str(source), "--out", str(tmp_path / "c.wsi"))
    done = run("judge", str(tmp_path / "c.wsi"))
    assert "Imported from HAR: framing is not known, and not judged; of the handshake" in done.out
    assert "✕" not in done.out  # the second had no answer in the file, of which nobody knows whether one came
    opened = json.loads(run("judge", str(tmp_path / "c.wsi"), "--conversation", "1", "--json").out)
    assert (opened["outcome"], opened["frame_findings"]) == ("open", [])
    assert "accept" in opened["passed"]
    assert not {"well-formed", "http-version"} & set(opened["passed"])


def test_a_request_with_a_secret_query_is_exported_as_every_format(tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", request_of(b"Referer: http://u:pass-of-mine@h/"))
    making.frame(OUT, 1, SECRET)
    path = making.close()
    for name in ("har", "jsonl", "csv", "text", "pcapng", "html", "python"):
        out = tmp_path / f"out.{name}"
        assert run("export", str(path), "--format", name, "--out", str(out)).code == 0
        data = out.read_bytes()
        for secret in (SECRET, b"q-u-e-r-y-1", b"pass-of-mine", b"set-by-server"):
            assert secret not in data, (name, secret)
