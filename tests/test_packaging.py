"""What ships beside the code says the same as the code."""

import base64
import datetime
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import wsinspector
from wsinspector import resources
from wsinspector.protocol.draft import Draft

TOP = Path(__file__).parent.parent
PRESETS = sorted(resources.find("presets").glob("*.json"))


def test_the_release_notes_of_the_desktop_name_this_version() -> None:
    releases = ElementTree.parse(TOP / "packaging" / "io.github.wsinspector.metainfo.xml").iter("release")
    assert next(releases).get("version") == wsinspector.__version__


def test_the_desktop_entry_starts_the_command_and_its_icon_exists() -> None:
    entry = (TOP / "packaging" / "wsinspector.desktop").read_text()
    assert re.search(r"^Exec=wsinspector %u$", entry, re.MULTILINE)
    assert (TOP / "resources" / "icons" / "wsinspector.svg").exists()


def test_there_are_presets_of_browsers_and_libraries() -> None:
    assert {"chromium", "firefox", "node-ws", "python-websockets", "go-gorilla", "curl"} <= {
        path.stem for path in PRESETS
    }


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_is_a_whole_request_with_its_origin(path: Path) -> None:
    preset = json.loads(path.read_text())
    assert preset["name"]
    assert re.match(r"\d+\.", preset["version"])
    datetime.date.fromisoformat(preset["recorded"])
    request = base64.b64decode(preset["request"], validate=True)
    draft = Draft().with_bytes(request)
    assert draft.to_bytes() == request
    assert draft.version_values() == (b"13",)
    assert draft.key()


def test_the_readme_s_pictures_exist() -> None:
    for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", (TOP / "README.md").read_text()):
        assert (TOP / name).exists(), name
