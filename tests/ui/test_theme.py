"""Contrast by computation, and that a scheme or a zoom reaches every widget."""

import itertools

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from wsinspector.ui import theme

ENOUGH = 4.5  # WCAG 2.2, 1.4.3
SURFACES = ("window", "pane", "field", "raised")
WORDS = (
    "text", "muted", "link", "in", "out", "ok", "note", "refused", "fault", "fin", "rsv", "opcode", "mask",
    "length", "key", "payload", "json_key", "json_text", "json_number", "json_word",
)  # fmt: skip
# What a row is written in, and what it may lie on while it is pointed at, selected or lit.
ROWS = ("hover", "selection", "marked")
IN_ROWS = ("text", "muted", "in", "out", "ok", "note", "refused", "fault")
SOFT = tuple(role.removesuffix("_soft") for role in theme.roles() if role.endswith("_soft"))


@pytest.fixture(params=theme.LOOKS)
def scheme(request: pytest.FixtureRequest, qapp: QApplication) -> str:
    theme.set_scheme(request.param)
    return str(request.param)


def luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(front: str, back: str) -> float:
    first, second = sorted((luminance(theme.color(front)), luminance(theme.color(back))))
    return (second + 0.05) / (first + 0.05)


def too_faint(fronts: tuple[str, ...], backs: tuple[str, ...]) -> list[str]:
    return [
        f"{front} on {back}: {contrast(front, back):.2f}"
        for front, back in itertools.product(fronts, backs)
        if contrast(front, back) < ENOUGH
    ]


def test_black_on_white_is_twenty_one_to_one(qapp: QApplication) -> None:
    assert luminance(QColor("white")) == pytest.approx(1.0)
    assert luminance(QColor("black")) == pytest.approx(0.0)


def test_words_are_readable_on_every_surface(scheme: str) -> None:
    assert too_faint(WORDS, SURFACES) == []


def test_words_are_readable_in_rows_pointed_at_or_selected(scheme: str) -> None:
    assert too_faint(IN_ROWS, ROWS) == []


def test_words_are_readable_where_they_are_lit(scheme: str) -> None:
    assert too_faint(("text",), ("lit",)) == []


def test_badges_are_readable(scheme: str) -> None:
    faint = [text for role in SOFT for text in too_faint((role, "text"), (f"{role}_soft",))]
    assert faint == []


def test_the_loudest_button_is_readable(scheme: str) -> None:
    assert too_faint(("on_accent",), ("accent", "accent_hover")) == []


def test_the_focus_frame_is_seen(scheme: str) -> None:
    # 3 to 1 for what is no text (WCAG 2.2, 1.4.11).
    assert all(contrast("focus", back) >= 3 for back in SURFACES)


def test_high_contrast_is_high(qapp: QApplication) -> None:
    theme.set_scheme("contrast")
    fronts = [(front, back) for front in WORDS for back in SURFACES]
    assert [pair for pair in fronts if contrast(*pair) < 7] == []  # WCAG 2.2, 1.4.6
    assert all(contrast("line", back) >= 3 for back in SURFACES)  # 1.4.11


def test_every_scheme_has_every_role(qapp: QApplication) -> None:
    for name in theme.LOOKS:
        theme.set_scheme(name)
        assert all(theme.color(role).isValid() for role in theme.roles())
    with pytest.raises(KeyError):
        theme.color("blue")
    with pytest.raises(ValueError, match="sepia"):
        theme.set_scheme("sepia")


def test_a_change_of_scheme_is_told_and_dresses_the_program(qtbot: QtBot, qapp: QApplication) -> None:
    theme.set_scheme("light")
    with qtbot.waitSignal(theme.watcher().changed):
        theme.set_scheme("dark")
    assert theme.is_dark()
    assert qapp.palette().window().color() == theme.color("pane")
    assert theme.color("text").name() in qapp.styleSheet()


def test_zoom_scales_fonts_and_rows_and_stays_within_bounds(qtbot: QtBot, qapp: QApplication) -> None:
    before = theme.ui_font().pointSizeF(), theme.row_height()
    try:
        with qtbot.waitSignal(theme.watcher().changed):
            theme.set_zoom(2.0)
        assert theme.ui_font().pointSizeF() == pytest.approx(2 * before[0])
        assert theme.row_height() > before[1]
        assert qapp.font().pointSizeF() == pytest.approx(2 * before[0])
        theme.set_zoom(100)
        assert theme.zoom() == 3.0
        theme.set_zoom(0)
        assert theme.zoom() == 0.6
    finally:
        theme.set_zoom(1.0)


def test_bytes_are_drawn_in_a_fixed_font_without_ligatures(qapp: QApplication) -> None:
    font = theme.mono_font()
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance("iiii") == metrics.horizontalAdvance("MMMM")
    assert {tag.toString().toStdString() for tag in font.featureTags()} == {"liga", "calt"}
    assert all(font.featureValue(tag) == 0 for tag in font.featureTags())


class _Told(QWidget):
    """Counts how often it is told of another style."""

    times = 0

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.times += event.type() == QEvent.Type.StyleChange


def test_another_scheme_is_told_no_more_often_to_what_lies_deep(qapp: QApplication, qtbot: QtBot) -> None:
    theme.set_scheme("light")
    outer: QWidget = QWidget()
    qtbot.addWidget(outer)
    inner = outer
    for _ in range(8):
        inner = QWidget(inner)
    deep = _Told(inner)
    with qtbot.waitExposed(outer):
        outer.show()
    deep.times = 0
    theme.set_scheme("dark")
    assert 1 <= deep.times <= 3
