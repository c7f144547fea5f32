"""Every text of the program reaches Qt's catalogues."""

import html
import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGING = ROOT / "packaging" / "translations.py"

SOURCE = """
from wsinspector.translate import marked, translate as t
_C = "Log"
TABLE = {1: "one", 2: "two"}
def short(text):
    return t("Short", text)
def use(n, key, late):
    a = t(_C, "by a constant")
    b = f"{t('Log', 'in a string')}"
    c = t("Log", "this" if n else "that")
    d = t("Log", TABLE[key]) + t("Log", TABLE.get(key, "none"))
    e = t("Log", "%n frame(s)", "", n) + t("Log", "Close", "the frame")
    return marked("Log", "marked") + short("short") + t("Log", late) + t(_C, "two " "parts \\\\ \\"q\\" é\\n")
"""


@pytest.fixture(scope="module")
def tool() -> Any:
    sys.path.insert(0, str(PACKAGING.parent))
    try:
        return importlib.import_module("translations")
    finally:
        sys.path.pop(0)


def _sources(catalogue: Path) -> dict[tuple[str, str, str], bool]:
    """(context, source, comment) and whether it is counted, as they stand in a .ts file."""
    found = {}
    text = catalogue.read_text(encoding="utf-8")
    for context in re.findall(r"<context>(.*?)</context>", text, re.S):
        name = html.unescape(re.findall(r"<name>(.*?)</name>", context, re.S)[0])
        for marks, message in re.findall(r"<message([^>]*)>(.*?)</message>", context, re.S):
            source = html.unescape(re.findall(r"<source>(.*?)</source>", message, re.S)[0])
            comment = html.unescape("".join(re.findall(r"<comment>(.*?)</comment>", message, re.S)))
            found[name, source, comment] = "numerus" in marks
    return found


def test_all_ways_in_which_a_text_may_stand_are_read(tool: Any, tmp_path: Path) -> None:
    texts, unread = tool.texts_in(SOURCE, Path("m.py"))
    assert {(text.context, text.text) for text in texts} == {
        ("Log", "by a constant"), ("Log", "in a string"), ("Log", "this"), ("Log", "that"), ("Log", "one"),
        ("Log", "two"), ("Log", "none"), ("Log", "%n frame(s)"), ("Log", "Close"), ("Log", "marked"),
        ("Short", "short"), ("Log", 'two parts \\ "q" é\n'),
    }  # fmt: skip
    assert [each.code for each in unread] == ["t('Log', late)"]
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "m.py").write_text(SOURCE, encoding="utf-8")
    tool.update(tmp_path / "a.ts", tmp_path / "package")
    found = _sources(tmp_path / "a.ts")
    assert {(context, text) for context, text, _ in found} == {(text.context, text.text) for text in texts}
    assert found["Log", "%n frame(s)", ""]
    assert not found["Log", "Close", "the frame"]


def test_every_text_of_the_program_is_in_the_template(tool: Any, tmp_path: Path) -> None:
    tool.update(tmp_path / "all.ts", ROOT / "wsinspector")
    found = _sources(tmp_path / "all.ts")
    texts, _ = tool.all_texts(ROOT / "wsinspector")
    wanted = {(text.context, text.text, text.comment) for each in texts.values() for text in each}
    assert wanted - set(found) == set()
    assert len(found) > 3000


def test_no_text_is_counted_in_the_place_of_its_comment(tool: Any) -> None:
    texts, unread = tool.all_texts(ROOT / "wsinspector")
    uncounted = [
        (path, text.line, text.text)
        for path, each in texts.items()
        for text in each
        if "%n" in text.text and not text.counted and "translate.py" not in str(path)
    ]
    assert uncounted == []
    assert [each for each in unread if "%n" in each.code] == []
