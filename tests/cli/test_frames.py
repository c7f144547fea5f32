"""``wsinspector frames``: what a capture holds, as far as it fits, and what it says where it cannot."""

from pathlib import Path

import pytest

from tests.cli.command import decoded, run
from tests.cli.lab_process import LabProcess


@pytest.fixture(scope="module")
def capture(lab: LabProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("frames") / "echo.wsi"
    sends = ("--send", '{"n": 1}', "--ping", "--send", "hello there", "--send-hex", "00ff")
    done = run("connect", lab.url("/echo"), *sends, "--frames", "8", "--capture", str(path), "--json")
    assert done.code == 0, done.err
    return str(path)


def test_every_frame_and_how_it_ended(capture: str) -> None:
    done = run("frames", capture)
    assert (done.code, done.err) == (0, "")
    *frames, end = done.lines
    assert [frame["no"] for frame in frames] == list(range(1, len(frames) + 1))
    assert {(frame["conversation"], frame["attempt"]) for frame in frames} == {(1, 1)}
    assert "ended" in end


def test_only_what_fits(capture: str) -> None:
    done = run("frames", capture, "--filter", "type == text and dir == in and size > 8")
    assert [decoded(frame["payload"]) for frame in done.lines] == [b"hello there"]
    done = run("frames", capture, "--filter", "HELLO", "--limit", "1")
    assert [frame["dir"] for frame in done.lines] == ["out"]
    done = run("frames", capture, "--filter", "json.n == 1", "--messages")
    assert [row["size"] for row in done.lines] == [8, 8]
    done = run("frames", capture, "--filter", "payload contains 0x00ff and dir == out")
    assert [frame["name"] for frame in done.lines] == ["binary"]


def test_what_a_har_does_not_tell_is_null(capture: str, tmp_path: Path) -> None:
    har, made = tmp_path / "a.har", tmp_path / "b.wsi"
    assert run("export", capture, "--format", "har", "--out", str(har)).code == 0
    assert run("import", str(har), "--out", str(made)).code == 0
    was = [line for line in run("frames", capture).lines if "no" in line]
    frames = [line for line in run("frames", str(made)).lines if "no" in line]
    assert len(frames) == len(was)
    assert sorted((each["dir"], each["payload"]) for each in frames) == sorted(
        (each["dir"], each["payload"]) for each in was
    )
    for each in frames:
        assert each["imported"] == "har"
        assert [each[name] for name in ("fin", "rsv", "masked", "key", "wire", "findings")] == [None] * 6
    assert not any("imported" in each for each in was)
    (row,) = run("frames", str(made), "--messages", "--limit", "1").lines
    assert (row["imported"], row["compressed"]) == ("har", None)
    done = run("frames", str(made), "--filter", "websocket.fin == 1 or not has mask")
    assert [line for line in done.lines if "no" in line] == []
    assert f"{len(was)} frames were not decided" in done.err
    assert f"The imported file does not tell it of {len(was)}." in done.err
    told = run("info", str(made), "--statistics", "--json").json["conversations"][0]["attempts"][0]
    assert [told[name] for name in ("imported", "bytes_in", "bytes_out")] == ["har", None, None]
    assert "in unknown  out unknown" in run("info", str(made)).out
    assert [told["statistics"][name] for name in ("wire_bytes", "masked")] == [None] * 2
    for form in ("pcapng", "python", "jsonl"):
        out = tmp_path / f"c.{form}"
        done = run(
            "export", str(made), "--format", form, "--filter", "fin == 1 or dir == in", "--out", str(out)
        )
        assert done.code == 0
        assert ("the frames here are made up" in done.err) is (form != "jsonl")
        assert ("the frames here are made up" in out.read_bytes().decode("latin-1")) is (form != "jsonl")
        assert "left out. The imported file does not tell it of " in done.err


def test_the_end_fits_too(capture: str) -> None:
    done = run("frames", capture, "--filter", "close.code == 1000")
    assert [line.get("name", "end") for line in done.lines] == ["close", "close", "end"]


def test_a_mistake_has_a_caret_below_it(capture: str) -> None:
    done = run("frames", capture, "--filter", "type == txt and size > 3")
    assert done.code == 2
    assert done.out == ""
    lines = done.err.splitlines()
    at = lines.index("  type == txt and size > 3")
    assert lines[at + 1] == "          ^^^"
    assert "type is one of text" in lines[at + 2]


def test_what_is_no_capture(tmp_path: Path) -> None:
    text = tmp_path / "text.wsi"
    text.write_text("no capture")
    for name in (str(text), str(tmp_path / "absent.wsi")):
        done = run("frames", name)
        assert done.code == 2
        assert done.err.startswith("wsinspector frames: ")
        assert done.out == ""


def test_an_attempt_that_is_not_there(capture: str) -> None:
    assert run("frames", capture, "--attempt", "7").code == 2
    assert run("frames", capture, "--conversation", "2").code == 2
    assert run("frames", capture, "--attempt", "0").code == 2


def test_help_explains_the_language() -> None:
    done = run("frames", "--help")
    assert done.code == 0
    assert "close.code == 1006" in done.out
    assert "websocket.payload.close.status_code" in done.out


@pytest.mark.parametrize(
    "typed", ["((((", "fin", "websocket.mask", '"unterminated', "not", "(type", "a && b"]
)
def test_a_line_that_looks_like_an_expression_is_told_to_be_a_word(capture: str, typed: str) -> None:
    done = run("frames", capture, "--filter", typed)
    assert done.code == 0
    assert "Searched as a word in payloads" in done.err


@pytest.mark.parametrize("typed", ["hello", "hello there", "notes", "{"])
def test_a_word_is_searched_for_without_a_word_about_it(capture: str, typed: str) -> None:
    assert run("frames", capture, "--filter", typed).err == ""


def test_a_range_that_holds_nothing_is_a_mistake(capture: str) -> None:
    done = run("frames", capture, "--filter", "number in (1, 5..2)")
    assert done.code == 2
    assert "              ^^^^\n" in done.err
    assert "write the smaller number first" in done.err
    assert run("frames", capture, "--filter", "number in (2..2)").code == 0


@pytest.mark.parametrize("command", ["frames", "info", "check", "export", "judge"])
def test_a_folder_is_told_to_be_one(tmp_path: Path, command: str) -> None:
    more = ("--format", "har") if command == "export" else ()
    done = run(command, str(tmp_path), *more)
    assert done.code == 2
    assert "is a folder" in done.err


def test_what_cannot_be_read_to_its_end_is_1(capture: str, tmp_path: Path) -> None:
    data = bytearray(Path(capture).read_bytes())
    at = data.index(b"hello there")
    data[at - 40 : at + 40] = bytes(80)
    damaged = tmp_path / "damaged.wsi"
    damaged.write_bytes(data)
    done = run("frames", str(damaged))
    assert done.err != ""
    assert done.code == 1


def test_two_frames_are_compared_by_what_they_say(capture: str) -> None:
    texts = run("frames", capture, "--filter", "type == text and dir == out").lines
    first, second = (frame["no"] for frame in texts)
    done = run("frames", capture, "--compare", str(first), str(second))
    assert (done.code, done.err) == (0, "")
    assert done.lines == [
        {"at": "line 1", "differs": "value", "left": '{"n": 1}', "right": "hello there"},
        {"compared": "text", "differs": True, "told": "1 line differs"},
    ]
    (echo,) = run("frames", capture, "--filter", "json.n == 1 and dir == in").lines
    done = run("frames", capture, "--compare", str(first), str(echo["no"]), "--messages")
    assert done.lines == [{"compared": "json", "differs": False, "told": "no value differs"}]
    done = run("frames", capture, "--compare", "1", "9999")
    assert done.code == 2
    assert "--compare 9999: the file does not hold that frame." in done.err
