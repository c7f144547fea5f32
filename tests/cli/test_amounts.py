"""Sizes and counts on the command line are written as in a filter."""

import pytest

from wsinspector.cli.arguments import parse

TARGET = "ws://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("text", "value"), [("65536", 65_536), ("1k", 1_000), ("2 MiB", 2 << 20), ("1G", 10**9)]
)
def test_a_size(text: str, value: int) -> None:
    assert parse(["connect", "--max-inflated", text, TARGET]).max_inflated == value


@pytest.mark.parametrize(("text", "value"), [("500", 500), ("10k", 10_000), ("2M", 2_000_000)])
def test_a_count(text: str, value: int) -> None:
    assert parse(["connect", "--keep-frames", text, TARGET]).keep_frames == value


@pytest.mark.parametrize("option", ["--max-inflated", "--keep-frames"])
@pytest.mark.parametrize("text", ["0", "k", "1.5k", "-1", "1x", "9" * 30, "\u0663", ""])
def test_what_is_none(option: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["connect", f"{option}={text}", TARGET])
    assert ended.value.code == 2
    assert repr(text) in capsys.readouterr().err
