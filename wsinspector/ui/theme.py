"""Colours, fonts and distances by role, in one place; nothing else in the window names a colour."""

from functools import lru_cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

SCHEMES = ("system", "light", "dark", "contrast")
LOOKS = ("light", "dark", "contrast")
SPACE = 4  # px, the unit of every distance
GAP = 2 * SPACE
MARGIN = 3 * SPACE
RADIUS = 6

# Role: (light, dark, high contrast). Every role that writes text reaches 4.5 to 1 on window, pane, field
# and raised, 7 to 1 in high contrast; tests/ui/test_theme.py computes it.
_ROLES: dict[str, tuple[str, str, str]] = {
    # surfaces, from the back to the front
    "window": ("#eef0f3", "#16171c", "#000000"),
    "pane": ("#ffffff", "#1c1e25", "#000000"),
    "field": ("#f4f5f8", "#232630", "#0b0b0b"),
    "raised": ("#ffffff", "#20222b", "#000000"),
    "line": ("#d5d9e0", "#33363f", "#9a9a9a"),
    "hover": ("#eaeef5", "#272b36", "#1f1f1f"),
    "selection": ("#dbe7fc", "#253758", "#00306e"),
    "marked": ("#e2eaf6", "#263244", "#2b2b00"),
    "lit": ("#ffe9a8", "#574a1c", "#5a4a00"),
    "focus": ("#1d5fcf", "#6ea2ff", "#ffff40"),
    # text
    "text": ("#14161b", "#e9ebf0", "#ffffff"),
    "muted": ("#565d6b", "#9aa1af", "#dadada"),
    "link": ("#1857c2", "#78b0ff", "#9bd0ff"),
    "accent": ("#1d5fcf", "#2964d4", "#ffe14d"),
    "accent_hover": ("#174fb0", "#3670e0", "#fff3a6"),
    "on_accent": ("#ffffff", "#ffffff", "#000000"),
    # what things are
    "in": ("#1560b8", "#6db6ff", "#8fd0ff"),
    "out": ("#7a35b8", "#cf9dff", "#e6c2ff"),
    "ok": ("#0b6b3d", "#45cf8d", "#6dffb3"),
    "note": ("#875100", "#f2b74f", "#ffd75e"),
    "refused": ("#875100", "#f2b74f", "#ffd75e"),
    "fault": ("#b3261e", "#ff8480", "#ffaeaa"),
    # fields of a frame
    "fin": ("#0b6b3d", "#45cf8d", "#6dffb3"),
    "rsv": ("#875100", "#f2b74f", "#ffd75e"),
    "opcode": ("#1560b8", "#7db4ff", "#9bd0ff"),
    "mask": ("#14161b", "#e9ebf0", "#ffffff"),
    "length": ("#6a2fa5", "#cf9dff", "#e6c2ff"),
    "key": ("#0b6470", "#5cd0de", "#7ceaf5"),
    "payload": ("#565d6b", "#9aa1af", "#dadada"),
    # parts of JSON
    "json_key": ("#1560b8", "#7db4ff", "#9bd0ff"),
    "json_text": ("#0b6b3d", "#45cf8d", "#6dffb3"),
    "json_number": ("#0b6470", "#5cd0de", "#7ceaf5"),
    "json_word": ("#6a2fa5", "#cf9dff", "#e6c2ff"),
}
_SOFT = ("in", "out", "ok", "note", "refused", "fault", "muted", "text", "link", "fin", "rsv", "opcode",
         "mask", "length", "key", "payload")  # fmt: skip
_SOFTNESS = {"light": 0.13, "dark": 0.20, "contrast": 0.16}


class _State:
    # No dataclass: this module stands before the first paint, and whatever it imports does too.
    scheme: str = "system"
    look: str = "dark"
    zoom: float = 1.0
    dressed: QApplication | None = None


class _Watcher(QObject):
    changed = Signal()


_state = _State()
_watcher: _Watcher | None = None


def watcher() -> _Watcher:
    """The object whose ``changed`` tells of another scheme or zoom."""
    global _watcher
    if _watcher is None:
        _watcher = _Watcher()
    return _watcher


def roles() -> tuple[str, ...]:
    """Every role, soft backgrounds included."""
    return (*_ROLES, *(f"{role}_soft" for role in _SOFT))


def is_dark() -> bool:
    return _state.look != "light"


def look() -> str:
    """One of LOOKS: what the scheme comes to now."""
    return _state.look


def scheme() -> str:
    """One of SCHEMES, as it was set."""
    return _state.scheme


def zoom() -> float:
    """Factor on every font, 1.0 as the system has it."""
    return _state.zoom


@lru_cache(maxsize=256)
def _mixed(role: str, look: str) -> QColor:
    at = LOOKS.index(look)
    if role.endswith("_soft"):
        front = QColor(_ROLES[role.removesuffix("_soft")][at])
        back = QColor(_ROLES["pane"][at])
        share = _SOFTNESS[look]
        return QColor.fromRgbF(
            back.redF() + (front.redF() - back.redF()) * share,
            back.greenF() + (front.greenF() - back.greenF()) * share,
            back.blueF() + (front.blueF() - back.blueF()) * share,
        )
    return QColor(_ROLES[role][at])


def color(role: str) -> QColor:
    """The colour of ``role`` now; KeyError for a role that is not one."""
    return _mixed(role, _state.look)


@lru_cache(maxsize=8)
def _system_font(fixed: bool) -> QFont:
    kind = QFontDatabase.SystemFont.FixedFont if fixed else QFontDatabase.SystemFont.GeneralFont
    font = QFontDatabase.systemFont(kind)
    if font.pointSizeF() <= 0:
        font.setPointSizeF(10)
    return font


def _font(fixed: bool, scale: float) -> QFont:
    font = QFont(_system_font(fixed))
    base = min(max(_system_font(False).pointSizeF(), 9.0), 11.0)
    font.setPointSizeF(base * _state.zoom * scale)
    if fixed:
        font.setStyleHint(QFont.StyleHint.Monospace)
        # Ligatures would draw two bytes as one sign.
        font.setFeature(QFont.Tag("liga"), 0)
        font.setFeature(QFont.Tag("calt"), 0)
    return font


def ui_font(scale: float = 1.0) -> QFont:
    """The system's interface font at the present zoom."""
    return _font(False, scale)


def mono_font(scale: float = 1.0) -> QFont:
    """The system's fixed font at the present zoom, ligatures off."""
    return _font(True, scale * 0.95)


def row_height() -> int:
    """Height in px of one row of a table or log."""
    return round(max(QFontMetricsF(ui_font()).height(), QFontMetricsF(mono_font()).height()) + 6)


def control_height() -> int:
    """Height in px of a field or button."""
    return round(QFontMetricsF(ui_font()).height() + 4 * SPACE)


def set_initial(scheme_name: str, factor: float) -> None:
    """Take what was remembered, before :func:`apply`; an unknown scheme is the system's."""
    _state.scheme = scheme_name if scheme_name in SCHEMES else "system"
    _state.zoom = min(max(factor, 0.6), 3.0)


def set_scheme(name: str) -> None:
    """Take one of SCHEMES; ValueError for others."""
    if name not in SCHEMES:
        raise ValueError(f"no such scheme: {name}")
    _state.scheme = name
    _apply()


def set_zoom(factor: float) -> None:
    """Scale every font; kept between 0.6 and 3."""
    _state.zoom = min(max(factor, 0.6), 3.0)
    _apply()


def lay_ground(app: QApplication, told: bool | None) -> None:
    """Give ``app`` the colours of its surfaces, all that a window without controls needs.

    ``told``: what :func:`system_told` said at the last start, None where there was none.
    """
    if _state.scheme != "system" or told is None:
        _find_scheme()
    else:
        # Asking the system makes all of Qt's own namespace, a tenth of the time to the first paint.
        # Qt's palette knows most of the answer; what it cannot tell is a light system from none.
        light = app.palette().color(QPalette.ColorRole.Window).lightness() > 127
        _state.look = "light" if light and told else "dark"
    app.setPalette(palette())


def system_told() -> bool:
    """Whether the system prefers a scheme at all; without, "system" is dark."""
    from PySide6.QtCore import Qt

    return QGuiApplication.styleHints().colorScheme() != Qt.ColorScheme.Unknown


def apply(app: QApplication) -> None:
    """Dress ``app``: Fusion, our palette, our sheet; follow the system where so set."""
    if _state.dressed is not app:  # Qt may die of a style in place of another while windows go away
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(_system_changed)
        _state.dressed = app
    _apply()


def _system_changed() -> None:
    if _state.scheme == "system":
        _apply()


def _find_scheme() -> None:
    if _state.scheme == "system":
        from PySide6.QtCore import Qt

        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        _state.look = "contrast" if _contrast_wanted() else "light" if light else "dark"
    else:
        _state.look = _state.scheme


def _contrast_wanted() -> bool:
    """Whether the system asks for high contrast, as far as this binding can be told of it."""
    styles = QGuiApplication.styleHints()  # kept, as what it hands out ends with it
    hints = getattr(styles, "accessibility", None)
    try:
        asked = hints().property("contrastPreference") if hints is not None else None
    except RuntimeError:
        return False  # PySide 6.11 has no name for what Qt answers
    return bool(getattr(asked, "value", asked))


def _apply() -> None:
    _find_scheme()
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setFont(ui_font())
        app.setPalette(palette())
        styled = sheet()
        if app.styleSheet() != styled:
            # Of a sheet in place of another each control is told once for every one that it lies within;
            # of one where there was none, once.
            app.setStyleSheet("")
            app.setStyleSheet(styled)
        else:
            _resize_styled(app)
    watcher().changed.emit()


def _resize_styled(app: QApplication) -> None:
    """Give controls the present font where the sheet is as it was.

    Setting the sheet anew does that too, in a quarter of a second a tab.
    """
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QTabBar

    # Their fonts are the sheet's once it met them; a header is an item view too.
    kept = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QTabBar)
    widgets = app.allWidgets()
    for widget in widgets:
        if isinstance(widget, kept):
            app.style().unpolish(widget)
            app.style().polish(widget)
    for widget in widgets:  # afterwards, as a header takes its rows' height when it is polished
        app.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def palette() -> QPalette:
    """The palette of the present scheme, for whatever the sheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, name in (
        (role.Window, "pane"),
        (role.WindowText, "text"),
        (role.Base, "field"),
        (role.AlternateBase, "pane"),
        (role.Text, "text"),
        (role.Button, "raised"),
        (role.ButtonText, "text"),
        (role.ToolTipBase, "raised"),
        (role.ToolTipText, "text"),
        (role.Highlight, "selection"),
        (role.HighlightedText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Link, "link"),
        (role.BrightText, "fault"),
        (role.Light, "hover"),
        (role.Midlight, "hover"),
        (role.Mid, "line"),
        (role.Dark, "line"),
        (role.Shadow, "line"),
        (role.Accent, "accent"),
    ):
        made.setColor(which, color(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, color("muted"))
    return made


def sheet() -> str:
    """The style sheet: shapes of controls; property ``kind`` picks primary, quiet, chip, flat or link."""
    c = {name: color(name).name() for name in roles()}
    pad = f"{SPACE + 1}px {MARGIN}px"
    return f"""
* {{ outline: none; }}
QMainWindow, QDialog {{ background: {c["pane"]}; }}
QToolTip {{ background: {c["raised"]}; color: {c["text"]}; border: 1px solid {c["line"]}; padding: 4px; }}
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {{
  background: {c["field"]}; color: {c["text"]}; border: 1px solid {c["line"]}; border-radius: {RADIUS}px;
  padding: {SPACE}px {GAP}px; selection-background-color: {c["selection"]}; selection-color: {c["text"]};
}}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {c["muted"]}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus {{ border-color: {c["focus"]}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ color: {c["muted"]}; }}
QLineEdit[active="true"] {{
  background: {c["link_soft"]}; border-left: 3px solid {c["link"]}; padding-left: {GAP - 2}px;
}}
QLineEdit[active="true"]:focus {{ border-left-color: {c["focus"]}; }}
QLineEdit[bad="true"] {{ border-color: {c["note"]}; }}
QComboBox QAbstractItemView {{
  background: {c["raised"]}; color: {c["text"]}; border: 1px solid {c["line"]};
  selection-background-color: {c["selection"]}; selection-color: {c["text"]};
}}
QPushButton, QToolButton {{
  background: {c["raised"]}; color: {c["text"]}; border: 1px solid {c["line"]};
  border-radius: {RADIUS}px; padding: {pad}; font-weight: 600;
}}
QPushButton:hover, QToolButton:hover {{ background: {c["hover"]}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c["selection"]}; }}
QPushButton:checked, QToolButton:checked {{ background: {c["selection"]}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {c["focus"]}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c["muted"]}; background: {c["pane"]}; }}
QToolButton::menu-indicator {{ image: none; }}
QFileDialog QToolButton {{ padding: {SPACE // 2}px; }}
*[kind="primary"] {{
  background: {c["accent"]}; color: {c["on_accent"]}; border: 1px solid {c["accent"]};
}}
*[kind="primary"]:hover {{ background: {c["accent_hover"]}; }}
*[kind="primary"]:focus {{ border-color: {c["text"]}; }}
*[kind="primary"]:disabled {{ background: {c["pane"]}; color: {c["muted"]}; border-color: {c["line"]}; }}
*[kind="flat"] {{ background: transparent; border: 1px solid transparent; padding: {SPACE}px {GAP}px; }}
*[kind="flat"]:hover {{ background: {c["hover"]}; }}
*[kind="flat"]:focus {{ border-color: {c["focus"]}; }}
*[kind="link"] {{
  background: transparent; border: 1px solid transparent; color: {c["link"]};
  padding: 2px; font-weight: normal; text-align: left;
}}
*[kind="link"]:hover {{ text-decoration: underline; }}
*[kind="link"]:focus {{ border-color: {c["focus"]}; }}
*[kind="chip"] {{
  background: transparent; border: 1px solid {c["line"]}; border-radius: 8px; color: {c["muted"]};
  padding: 1px {GAP}px; font-weight: normal;
}}
*[kind="chip"]:hover {{ background: {c["hover"]}; color: {c["text"]}; }}
*[kind="chip"]:focus {{ border-color: {c["focus"]}; }}
QMenu {{ background: {c["raised"]}; color: {c["text"]}; border: 1px solid {c["line"]}; padding: {SPACE}px; }}
QMenu::item {{ padding: {SPACE}px {5 * SPACE}px; border-radius: {SPACE}px; }}
QMenu::item:selected {{ background: {c["selection"]}; color: {c["text"]}; }}
QMenu::item:disabled {{ color: {c["muted"]}; }}
QMenu::separator {{ height: 1px; background: {c["line"]}; margin: {SPACE}px; }}
QSplitter::handle {{ background: {c["line"]}; }}
QHeaderView {{ background: {c["pane"]}; }}
QTableCornerButton::section {{
  background: {c["pane"]}; border: none; border-bottom: 1px solid {c["line"]};
}}
QHeaderView::section {{
  background: {c["pane"]}; color: {c["muted"]}; border: none; border-bottom: 1px solid {c["line"]};
  padding: {SPACE}px {GAP}px; text-align: left;
}}
QTableView, QTreeView, QListView {{
  background: {c["pane"]}; color: {c["text"]}; border: none; gridline-color: transparent;
  selection-background-color: {c["selection"]}; selection-color: {c["text"]};
}}
QScrollArea, QAbstractScrollArea {{ background: {c["pane"]}; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{
  background: {c["line"]}; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px;
}}
QScrollBar::handle:hover {{ background: {c["muted"]}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: transparent; border: none; width: 0; height: 0;
}}
QCheckBox, QRadioButton {{ spacing: {GAP}px; color: {c["text"]}; }}
QCheckBox:focus, QRadioButton:focus {{ color: {c["link"]}; }}
QTabBar {{ background: {c["window"]}; }}
QTabBar::tab {{
  background: transparent; color: {c["muted"]}; border: none; padding: {GAP}px {MARGIN}px;
}}
QTabBar::tab:selected {{ background: {c["pane"]}; color: {c["text"]}; }}
QTabBar::tab:hover {{ color: {c["text"]}; }}
"""
