"""Every state of the window: in a false language, longer and in brackets, and as a screen reader has it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ui.every_state import states

ROOT = Path(__file__).parent.parent.parent
WORDS = re.compile(r"[A-Za-z][a-z]{2,} [a-z]{2,} [a-z]{2,}")
"""Three words in a row: a sentence of ours."""

TRANSLATED = re.compile(r"\[.*~*\]", re.S)
THEIRS = ("LogTable cell", "HeadTable cell", "Example text", "QListWidget cell")
"""Where there stands what peers say, and what is written in the language of filters."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("pseudo")
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.every_state", str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("state", list(states()))
def test_no_sentence_is_left_in_english(state: str, shown: Any) -> None:
    texts = shown["states"][state]["texts"]
    assert any("~]" in text for _, text in texts)
    taught = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "resources").rglob("*.md"))
    left = [
        (where, text)
        for where, text in texts
        if WORDS.search(TRANSLATED.sub("", text))
        and where not in THEIRS
        and not where.startswith("Lesson")
        and text not in taught
    ]
    assert left == []


@pytest.mark.parametrize("state", list(states()))
def test_no_button_cuts_a_longer_text(state: str, shown: Any) -> None:
    assert shown["states"][state]["cut"] == []


@pytest.mark.parametrize("state", list(states()))
def test_what_takes_the_focus_has_a_name_and_a_role(state: str, shown: Any) -> None:
    assert shown["states"][state]["unclear"] == []


def test_a_catalogue_has_every_text_that_was_asked_for(shown: Any) -> None:
    assert shown["vain"] == []
