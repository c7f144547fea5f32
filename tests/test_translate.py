"""Texts are marked so that Qt's tools find them, and counted ones take the form of their number."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QTranslator

from wsinspector import translate as translating
from wsinspector.translate import marked, translate
from wsinspector.ui.translating import from_catalogue, pseudo, pseudonym

POLISH = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl" sourcelanguage="en">
<context><name>Log</name>
<message numerus="yes"><source>%n frame(s)</source><translation>
<numerusform>%n ramka</numerusform><numerusform>%n ramki</numerusform><numerusform>%n ramek</numerusform>
</translation></message>
<message><source>Close</source><comment>the frame</comment><translation>Close (ramka)</translation></message>
<message><source>Close</source><translation>Zamknij</translation></message>
</context></TS>
"""


@pytest.fixture
def polish(tmp_path: Path) -> QTranslator:
    (tmp_path / "pl.ts").write_text(POLISH, encoding="utf-8")
    release = Path(sys.executable).parent / "pyside6-lrelease"
    made = [str(release), str(tmp_path / "pl.ts"), "-qm", str(tmp_path / "pl.qm")]
    subprocess.run(made, check=True, capture_output=True)
    catalogue = QTranslator()
    assert catalogue.load(str(tmp_path / "pl.qm"))
    return catalogue


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 frames were lost of 0 entries"),
        (1, "1 frame was lost of 1 entry"),
        (1234, "1\N{THIN SPACE}234 frames were lost of 1\N{THIN SPACE}234 entries"),
    ],
)
def test_english_has_two_forms(number: int, said: str) -> None:
    assert translate("T", "%n frame(s) (was|were) lost of %n entr(y|ies)", "", number) == said


def test_what_is_not_counted_is_left_alone() -> None:
    assert translate("T", "50 %n of frame(s)") == "50 %n of frame(s)"
    assert marked("T", "a table's text") == "a table's text"


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 ramka"), (3, "3 ramki"), (5, "5 ramek"), (2_000_003, "2 000 003 ramki"), (2**40, "… ramek")],
)
def test_a_catalogue_picks_its_own_forms(polish: QTranslator, number: int, said: str) -> None:
    translating.install(from_catalogue(polish))
    try:
        told = translate("Log", "%n frame(s)", "", number)
        assert told.rsplit(" ", 1)[1] == said.rsplit(" ", 1)[1]
        assert translate("Log", "Close") == "Zamknij"
        assert translate("Log", "Close", "the frame") == "Close (ramka)"
        assert translate("Log", "%n row(s)", "", 1) == "1 row"  # unknown there
    finally:
        translating.install(None)
    assert translate("Log", "Close") == "Close"


def test_the_false_language_keeps_what_stands_for_something_else() -> None:
    told = pseudonym("{count} rows of %n in &File for {0}\tCtrl+O")
    for kept in ("{count}", "%n", "&", "{0}", "\tCtrl+O"):
        assert kept in told
    assert told.startswith("[")
    assert len(told) > len("{count} rows of %n in &File for {0}\tCtrl+O") * 1.2
    assert "rows" not in told


@given(st.text(), st.integers(min_value=-1, max_value=2**70))
def test_the_false_language_takes_any_text(text: str, number: int) -> None:
    assert isinstance(pseudo("T", text, "", number), str)
