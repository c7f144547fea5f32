"""The variables of a conversation, a line each; what is no variable is said where it is typed."""

import dataclasses

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from wsinspector.conversation.sequences.filling import GENERATED, NAME
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState

LINES = 3  # in sight
Variables = tuple[tuple[str, str], ...]


def read_variables(text: str) -> tuple[Variables, str]:
    """Names and values, and what is wrong with a line; empty where nothing is."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, sign, value = line.partition("=")
        name = name.strip()
        if not sign or not NAME.match(name):
            said = translate("Variables", "Line {0}: expected name = value.")
            return (), said.format(number)
        if name in GENERATED:
            return (), translate("Variables", "Line {0}: {1} is made by itself.").format(number, name)
        found[name] = value.strip()
    return tuple(found.items()), ""


def variables_text(variables: Variables) -> str:
    """The lines of ``variables``."""
    return "\n".join(f"{name} = {value}" for name, value in variables)


class VariablesEdit(QWidget):
    """``changed``: the conversation's variables are others."""

    changed = Signal()

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        title = RoleLabel(translate("Variables", "Variables of this conversation"), "muted")
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.edit.setPlaceholderText(translate("Variables", "user = ada"))
        self.edit.setAccessibleName(translate("Variables", "Variables of this conversation"))
        self.edit.setToolTip(
            translate(
                "Variables",
                "One name = value a line, for {{name}} in messages and sequences. "
                "{{counter}}, {{uuid}}, {{now}} and {{unix_ms}} are there without it.",
            )
        )
        self.told = RoleLabel("", "fault", wraps=True)
        self.told.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, 0)
        column.setSpacing(theme.SPACE)
        for widget in (title, self.edit, self.told):
            column.addWidget(widget)
        self.edit.textChanged.connect(self._typed)
        tab.options_changed.connect(self.look)
        theme.watcher().changed.connect(self._restyle)
        self._restyle()
        self.look()

    def look(self) -> None:
        """Show the variables as they are, unless the text says the same."""
        variables = self._tab.conversation.options.variables
        if read_variables(self.edit.toPlainText())[0] != variables:
            self.edit.setPlainText(variables_text(variables))

    def _typed(self) -> None:
        variables, trouble = read_variables(self.edit.toPlainText())
        self.told.set_text(f"✕ {trouble}" if trouble else "")
        self.told.setVisible(bool(trouble))
        options = self._tab.conversation.options
        if not trouble and variables != options.variables:
            self._tab.set_options(dataclasses.replace(options, variables=variables))
            self.changed.emit()

    def _restyle(self) -> None:
        self.edit.setFont(theme.mono_font())
        field, line, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        self.edit.setStyleSheet(
            f"QPlainTextEdit {{ background: {field}; border: 1px solid {line};"
            f" border-radius: {theme.RADIUS}px }} QPlainTextEdit:focus {{ border-color: {focus} }}"
        )
        spacing = QFontMetricsF(theme.mono_font()).lineSpacing()
        self.edit.setFixedHeight(round(LINES * spacing) + 4 * theme.SPACE)
