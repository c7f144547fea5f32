"""The reason for the pin on PySide6: 6.12.0 drops a reference to None on every void call."""

import sys
import tomllib
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QObject


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_void_calls_keep_the_reference_count_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(2000):
        thing.setObjectName("name")
    assert abs(sys.getrefcount(None) - before) < 200


def test_the_installed_version_is_in_the_pinned_range() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    pins = [text for text in project["dependencies"] if text.startswith("PySide6")]
    assert pins == ["PySide6-Essentials>=6.11.1,<6.12"]
    assert (6, 11, 1) <= tuple(int(part) for part in PySide6.__version__.split(".")[:3]) < (6, 12)
