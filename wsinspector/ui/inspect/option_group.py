"""A titled group of settings: a label, a control, and below it what is wrong with the text."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from wsinspector.conversation.option_texts import Read
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.files.dropping import pass_files_on
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.widgets.check import Check


class _Edit(QLineEdit):
    """A low field; Escape goes on to the drawer. Out of focus it shows what ``hide`` makes of its text."""

    def __init__(self, *, mono: bool, width: int, hide: Callable[[str], str] | None) -> None:
        super().__init__()
        pass_files_on(self)
        self._mono, self._width, self._hide = mono, width, hide
        self._full = ""
        self.textEdited.connect(self._keep)
        self.setStyleSheet(f"padding: 1px {theme.GAP - 2}px")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.watcher().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.mono_font() if self._mono else theme.ui_font())
        self.setFixedHeight(theme.row_height() + theme.SPACE)
        if self._width:
            self.setFixedWidth(round(self._width * theme.zoom()))

    def full_text(self) -> str:
        """The text without anything hidden."""
        return self._full

    def set_full_text(self, text: str) -> None:
        self._full = text
        self._show()

    def _keep(self, text: str) -> None:
        self._full = text

    def _show(self) -> None:
        shown = self._full if self._hide is None or self.hasFocus() else self._hide(self._full)
        if shown != self.text():
            self.setText(shown)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu is open
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)


class OptionField(QWidget):
    """A text that is read as it is typed. ``changed`` carries a value; a wrong text changes nothing."""

    changed = Signal(object)

    def __init__(
        self,
        name: str,
        read: Callable[[str], Read[Any]],
        *,
        tip: str,
        unit: str = "",
        hint: str = "",
        width: int = 0,
        mono: bool = False,
        hide: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__()
        self._read = read
        self._tip = tip
        self.edit = _Edit(mono=mono, width=width, hide=hide)
        self.edit.setAccessibleName(f"{name}, {unit}" if unit else name)
        self.edit.setToolTip(tip)
        self.edit.setPlaceholderText(hint)
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.GAP)
        self.row.addWidget(self.edit, 0 if width else 1)
        if unit:
            self.row.addWidget(RoleLabel(unit, "muted"))
        if width:
            self.row.addStretch(1)
        self.trouble = RoleLabel("", "fault", wraps=True, size=0.95)
        self.trouble.hide()
        column = QGridLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setVerticalSpacing(2)
        column.addLayout(self.row, 0, 0)
        column.addWidget(self.trouble, 1, 0)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(self.typed)

    def typed(self, text: str) -> None:
        """Read what a person typed."""
        read = self._read(text)
        self._say(read.trouble)
        if read.value is not None:
            self.changed.emit(read.value)

    def show_text(self, text: str) -> None:
        """Show the setting's own text, unless what stands there means the same."""
        now = self._read(self.edit.full_text())
        if now.value is not None and now.value == self._read(text).value:
            return
        if now.trouble and self.edit.hasFocus() and self.edit.isModified():
            return  # a person is in the midst of typing it
        self.edit.set_full_text(text)
        self._say("")

    def _say(self, trouble: str) -> None:
        bad = bool(trouble)
        self.trouble.set_text(trouble)
        self.trouble.setVisible(bad)
        self.edit.setAccessibleDescription(trouble)
        self.edit.setToolTip(trouble or self._tip)
        if bool(self.edit.property("bad")) != bad:
            self.edit.setProperty("bad", bad)
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)


class OptionGroup(QWidget):
    """Rows of a label and a control under a title; a control may take the whole width."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(theme.SPACE + 1)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[RoleLabel] = []
        theme.watcher().changed.connect(self._fit)
        self._grid.addWidget(RoleLabel(title, "text", bold=True), 0, 0, 1, 2)

    def add(self, label: str, control: QWidget) -> None:
        """A row: ``label`` names ``control``."""
        name = RoleLabel(label, "muted")
        name.setBuddy(control)
        name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        name.setFixedHeight(theme.row_height() + theme.SPACE)
        self._labels.append(name)
        row = self._grid.rowCount()
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(control, row, 1)

    def add_wide(self, control: QWidget) -> None:
        """A row of its own."""
        self._grid.addWidget(control, self._grid.rowCount(), 0, 1, 2)

    def _fit(self) -> None:
        for label in self._labels:
            label.setFixedHeight(theme.row_height() + theme.SPACE)

    def label_width(self) -> int:
        """Width in px of the widest label."""
        return max((label.sizeHint().width() for label in self._labels), default=0)

    def set_label_width(self, width: int) -> None:
        """Let the controls begin where those of another group do."""
        self._grid.setColumnMinimumWidth(0, width)


def switch(text: str, tip: str) -> Check:
    """An on or off setting."""
    made = Check(text)
    tell(made, tip)
    return made
