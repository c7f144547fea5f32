"""A tooltip shows markup and does not obey it."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from wsinspector.present.heads import rows_of_request
from wsinspector.ui.inspect.head_model import Column, HeadModel
from wsinspector.ui.tips import plain_tip


@pytest.mark.parametrize("text", ["plain", "two\nlines", "a & b", "5 > 3"])
def test_what_is_no_markup_stays_as_it_is(text: str) -> None:
    assert plain_tip(text) == text


@pytest.mark.parametrize(
    "text", ["<b>bold</b>", "a\n<img src='file:///etc/passwd'>", "<!-- x -->", "&lt;<i>"]
)
def test_markup_is_shown(text: str) -> None:
    tip = plain_tip(text)
    assert tip.startswith("<qt>")
    assert "<b>" not in tip
    assert "<img" not in tip
    assert "<i>" not in tip


def test_a_header_that_looks_like_markup_is_no_markup(qtbot: QtBot) -> None:
    model = HeadModel()
    model.show(rows_of_request(b"GET / HTTP/1.1\r\nServer: <img src='x'>\r\n\r\n"))
    tip = model.data(model.index(1, Column.VALUE), Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img" in tip
