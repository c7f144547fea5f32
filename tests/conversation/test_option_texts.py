"""Texts of options are read or refused; none is guessed, none raises."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.option_texts import (
    read_alpn,
    read_bytes,
    read_ca_file,
    read_dialled,
    read_seconds,
    read_server_name,
)


@pytest.mark.parametrize(("text", "value"), [("10", 10.0), (" 2,5 s", 2.5), ("0.1", 0.1), ("86400", 86400.0)])
def test_seconds(text: str, value: float) -> None:
    assert read_seconds(text).value == value


@pytest.mark.parametrize("text", ["", "0", "-1", "nan", "inf", "1e9", "ten", "1 min"])
def test_what_are_no_seconds(text: str) -> None:
    read = read_seconds(text)
    assert read.value is None
    assert read.trouble


def test_an_empty_text_may_mean_never() -> None:
    assert read_seconds(" ", empty=0.0).value == 0.0
    assert read_seconds("0", empty=0.0).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0),
        ("65536", 65536),
        ("64 KiB", 65536),
        ("16MB", 16_000_000),
        ("1\u2009024", 1024),
        ("1k", 1000),
        ("2 M", 2_000_000),
        ("1 gi", 1 << 30),
    ],
)
def test_bytes(text: str, value: int) -> None:
    assert read_bytes(text).value == value


@pytest.mark.parametrize("text", ["0", "-5", "1.5 MB", "many", "k", "1 kk", "٣", "9999999999999999999 GiB"])
def test_what_are_no_bytes(text: str) -> None:
    assert read_bytes(text).value is None


@pytest.mark.parametrize("text", ["", "10.0.3.7", "10.0.3.7:443", "[::1]:8080", "::1", "db.internal:80"])
def test_what_can_be_dialled(text: str) -> None:
    assert read_dialled(text).value == text


@pytest.mark.parametrize("text", ["ws://a", "a/b", "a:99999", "[::1", "u:p@a", "a b", "a:b:c"])
def test_what_cannot_be_dialled(text: str) -> None:
    assert read_dialled(text).trouble


@pytest.mark.parametrize(
    ("text", "value"), [("", ""), ("a.example", "a.example"), ("bücher.example", "xn--bcher-kva.example")]
)
def test_server_names(text: str, value: str) -> None:
    assert read_server_name(text).value == value


@pytest.mark.parametrize(
    "text", ["10.0.0.1", "::1", "a.example:443", "a..b", "-a.example", "a.example.", "a b"]
)
def test_what_sni_cannot_carry(text: str) -> None:
    assert "6066" in read_server_name(text).trouble


def test_alpn() -> None:
    assert read_alpn("").value == ()
    assert read_alpn(" http/1.1 ,h2").value == ("http/1.1", "h2")
    assert read_alpn("h2,,x").trouble
    assert read_alpn("ä").trouble
    assert read_alpn("x" * 256).trouble


def test_a_ca_file_must_hold_a_certificate(tmp_path: Path) -> None:
    assert read_ca_file("").value == ""
    assert "no such file" in read_ca_file(str(tmp_path / "none.pem")).trouble
    assert "no such file" in read_ca_file("~\0").trouble
    file = tmp_path / "ca.pem"
    file.write_bytes(b"nothing")
    assert "no certificate" in read_ca_file(str(file)).trouble
    file.write_bytes(b"# mine\n-----BEGIN CERTIFICATE-----\n")
    assert read_ca_file(f" {file} ").value == str(file)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_seconds, read_bytes, read_dialled, read_server_name, read_alpn, read_ca_file):
        found = read(text)
        assert (found.value is None) == bool(found.trouble)
