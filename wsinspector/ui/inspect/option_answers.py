"""Answers by rule, and the two abrupt ends, as settings of a conversation."""

import dataclasses

from PySide6.QtGui import QFontMetricsF, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.conversation.attempt import Attempt
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.option_group import OptionGroup
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.sequences.text_edit import SequenceEdit

LINES = 6  # in sight
TEMPLATE = """\
[[auto]]
when = 'type == text'
send = "seen"
in_all = 100
"""


class AnswersGroup(OptionGroup):
    """What answers by rule, and how the open connection is ended without a Close frame."""

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(translate("Options", "Auto-answers"), parent)
        self.auto = AutoAnswersEdit(tab)
        self.ends = AbruptEnds(tab)
        self.add_wide(self.auto)
        self.add(translate("Options", "End abruptly"), self.ends)

    def look(self) -> None:
        """Show the options as they are."""
        self.auto.look()
        self.ends.look()


class AutoAnswersEdit(QWidget):
    """The rules as text, as in the file of a sequence; what cannot be read is marked and changes nothing."""

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self.edit = SequenceEdit()
        self.edit.setAccessibleName(translate("Auto", "Auto-answers"))
        self.edit.setToolTip(
            translate("Auto", "When a frame fits the filter, that is sent: [[auto]] tables, as in a sequence")
        )
        self.edit.setPlaceholderText("[[auto]]\nwhen = 'type == text'\nsend = \"seen\"")
        self.told = RoleLabel("", "fault", wraps=True, size=0.95)
        self.told.hide()
        self.add = QPushButton(translate("Auto", "Add"))
        self.add.setAccessibleName(translate("Auto", "Add an auto-answer"))
        self.add.setToolTip(translate("Auto", "Put the beginning of one behind the others"))
        self.add.setStyleSheet(f"padding: 1px {theme.MARGIN}px")
        title = RoleLabel(translate("Auto", "When a frame fits, that is sent."), "muted")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(title, 1)
        row.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addWidget(self.edit)
        column.addWidget(self.told)
        self.add.clicked.connect(self._add)
        self.edit.changed.connect(self._typed)
        theme.watcher().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.add.setFixedHeight(theme.row_height() + theme.SPACE)
        line = QFontMetricsF(theme.mono_font()).lineSpacing()
        self.edit.setFixedHeight(round(LINES * line) + 4 * theme.SPACE)

    def _add(self) -> None:
        cursor = self.edit.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        before = "\n" if self.edit.typed().strip() else ""
        cursor.insertText(before + TEMPLATE)
        self.edit.setTextCursor(cursor)
        self.edit.setFocus()

    def _typed(self) -> None:
        # Here, as reading tables draws in a parser that few drawers need.
        from wsinspector.conversation.sequences.reading import read_rules

        options = self._tab.conversation.options
        text = self.edit.typed()
        if not text.strip():
            text = ""
        read = read_rules(text, tuple(self._tab.conversation.variables))
        self.edit.show_faults(read.faults)
        found = read.faults or read.remarks
        told = " ".join(visible(str(fault)) for fault in found[:3])
        self.told.set_role("fault" if read.faults else "note")
        self.told.set_text(f"{'✕' if read.faults else '!'} {told}" if told else "")
        self.told.setVisible(bool(told))
        if not read.faults and text != options.auto_answers:
            self._tab.set_options(dataclasses.replace(options, auto_answers=text))

    def look(self) -> None:
        """Show the rules as they are, unless a person is in the midst of typing."""
        rules = self._tab.conversation.options.auto_answers
        if rules != self.edit.typed() and not self.edit.hasFocus():
            self.edit.setPlainText(rules)
            self.edit.settle()


class AbruptEnds(QWidget):
    """Half-close and reset of the connection that is open; why not, where that cannot be."""

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self.half = QPushButton(translate("Auto", "Half-close"))
        self.reset = QPushButton(translate("Auto", "Reset"))
        for button in (self.half, self.reset):
            button.setStyleSheet(f"padding: 1px {theme.MARGIN}px")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        flow = FlowRow(spacing=theme.GAP)
        flow.add(self.half)
        flow.add(self.reset)
        row.addWidget(flow)
        self.setFocusProxy(self.half)
        self.half.clicked.connect(self._half_close)
        self.reset.clicked.connect(self._reset)
        tab.attempts_changed.connect(self.look)
        tab.picked_changed.connect(self.look)
        theme.watcher().changed.connect(self._fit)
        self._fit()
        self.look()

    def _fit(self) -> None:
        for button in (self.half, self.reset):
            button.setFixedHeight(theme.row_height() + theme.SPACE)

    def _attempt(self) -> Attempt | None:
        conversation = self._tab.conversation
        picked = conversation.attempt(self._tab.picked)
        return picked if picked is not None and picked.live else conversation.current

    def look(self) -> None:
        """What can be done now."""
        attempt = self._attempt()
        why = translate("Auto", "No connection is open.")
        if attempt is not None:
            why = attempt.half_close_hindrance
        self.half.setEnabled(not why)
        self.half.setToolTip(why or translate("Auto", "Send FIN and go on reading; the peer may still speak"))
        is_open = attempt is not None and attempt.snapshot.open
        self.reset.setEnabled(is_open)
        self.reset.setToolTip(
            translate("Auto", "End the connection with RST, without a Close frame")
            if is_open
            else translate("Auto", "No connection is open.")
        )

    def _half_close(self) -> None:
        attempt = self._attempt()
        if attempt is not None:
            attempt.end_tcp()

    def _reset(self) -> None:
        attempt = self._attempt()
        if attempt is not None:
            attempt.abort()
