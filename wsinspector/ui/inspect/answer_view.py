"""The answer line: one full-width sentence with at most one loud button."""

import dataclasses
import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from wsinspector.present.answer import Action, AnswerLine, of_attempt, of_comparison, of_draft
from wsinspector.present.answer_line import tip_of
from wsinspector.present.filled_in import filled_text
from wsinspector.present.numbers import age
from wsinspector.present.stepping import counted_age
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.tips import plain_tip

TONES = {"ok": "ok", "refused": "refused", "fault": "fault", "muted": "text", "busy": "link"}


class AnswerView(QWidget):
    """Shows the picked attempt's line, or the draft's. ``acted(action)`` is a pressed button."""

    acted = Signal(object)  # present.answer.Action
    report_asked = Signal()

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._line = AnswerLine("muted", "", "")
        self._buttons: list[QPushButton] = []
        self._actions: tuple[Action, ...] = ()
        self.lead = RoleLabel("", "text", bold=True, size=1.05)
        self.text = RoleLabel("", "text", wraps=True)
        self.since = RoleLabel("", "muted")
        self.report = QPushButton(translate("AnswerView", "Copy report"), self)
        tell(
            self.report,
            translate("AnswerView", "Copy a report for a ticket, secrets left out ([key:request.report])"),
        )
        self.report.clicked.connect(self.report_asked)
        self._narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.MARGIN + 2, theme.GAP, theme.MARGIN, theme.GAP)
        self._column.setSpacing(theme.SPACE)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.GAP + 2)
        self._below = QHBoxLayout()  # the buttons, where there is no room beside the sentence
        self._below.setSpacing(theme.GAP + 2)
        self._below.addStretch(1)
        self._column.addLayout(self._row)
        self._column.addLayout(self._below)
        self.lead.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self.lead)
        self._row.addWidget(self.text, 1000)
        self._row.addWidget(self.since)
        self._row.addStretch(1)
        self._row.addWidget(self.report)
        self.setAccessibleName(translate("AnswerView", "What came of it"))
        for signal in (tab.picked_changed, tab.draft_changed, tab.address_changed, tab.snapshot_changed):
            signal.connect(self.look)
        tab.ticked.connect(self._tick)
        theme.watcher().changed.connect(self._fit)
        self.look()

    @property
    def line(self) -> AnswerLine:
        """What is shown now."""
        return self._line

    def look(self) -> None:
        """Work the sentence out again."""
        snapshot = self._tab.snapshot
        conversation = self._tab.conversation
        other = self._tab.snapshot_of(self._tab.compared) if self._tab.compared is not None else None
        if snapshot is None:
            filled = conversation.filled()
            line = of_draft(filled.draft, conversation.address, conversation.address_text)
            if filled.problem and conversation.address.error is None:
                line = dataclasses.replace(line, text=filled.problem)
            elif filled.draft is not conversation.draft:
                told = filled_text(conversation.draft, conversation.variables, conversation.hidden())
                line = dataclasses.replace(line, text=told or line.text)
            if conversation.unset:
                to = Action("variables", translate("AnswerView", "Variables…"))
                line = dataclasses.replace(line, quiet=(to, *line.quiet))
            if self._tab.note:
                line = dataclasses.replace(line, text=self._tab.note)
        elif self._tab.beside_mirror:
            back = Action("mirror", translate("AnswerView", "Show the handshake"))
            line = dataclasses.replace(of_attempt(snapshot), primary=None, quiet=(back,))
        elif other is not None:
            line = of_comparison(snapshot, other)
        else:
            line = of_attempt(snapshot, tuple(attempt.snapshot for attempt in conversation.attempts))
        self.report.setVisible(snapshot is not None and self._tab.compared is None)
        if line == self._line:
            return
        self._line = line
        self.lead.set_role(TONES[line.tone])
        self.lead.set_text(line.lead)
        self.text.set_text(line.text)
        self._fit()
        self.setAccessibleDescription(line.spoken)
        self._place_buttons(line)
        self._tick()

    def _fit(self) -> None:
        """No wider than the sentence: the age stands behind its last word. As high as with buttons."""
        self.setMinimumHeight(self.report.sizeHint().height() + 2 * theme.GAP)
        self.text.setMaximumWidth(
            self.text.fontMetrics().horizontalAdvance(self.text.full_text()) + theme.SPACE
        )
        self._set_narrow(self._is_narrow())
        self.update()

    def _is_narrow(self) -> bool:
        """Whether the sentence would stand in more than two lines beside its buttons."""
        beside: list[QWidget] = [self.lead, self.since, *self._buttons, self.report]
        taken = sum(each.sizeHint().width() + self._row.spacing() for each in beside if not each.isHidden())
        room = self.width() - taken - 3 * theme.MARGIN
        wide = self.text.fontMetrics().horizontalAdvance(self.text.full_text())
        return wide > 2 * max(room, 0)

    def _set_narrow(self, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        before, after = (self._row, self._below) if narrow else (self._below, self._row)
        for button in (*self._buttons, self.report):
            before.removeWidget(button)
            after.addWidget(button)
        if narrow:
            self._row.removeWidget(self.text)
            self._column.insertWidget(1, self.text)
        else:
            self._column.removeWidget(self.text)
            self._row.insertWidget(1, self.text, 1000)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_narrow(self._is_narrow())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # a button knows its height once it is dressed

    def _place_buttons(self, line: AnswerLine) -> None:
        actions = ((line.primary,) if line.primary else ()) + line.quiet
        if actions == self._actions:
            return
        self._actions = actions
        row = self._below if self._narrow else self._row
        for button in self._buttons:
            row.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for action in actions:
            button = QPushButton(action.text, self)
            if tip := tip_of(action):
                tell(button, plain_tip(tip))
            if action is line.primary and not self._connects_too(action):
                button.setProperty("kind", "primary")
            button.clicked.connect(lambda _=False, action=action: self.acted.emit(action))
            row.insertWidget(row.count() - 1, button)
            self._buttons.append(button)
        self._set_narrow(self._is_narrow())

    def _connects_too(self, action: Action) -> bool:
        """Whether the loud button above does the same: Connect, once a conversation has ended."""
        snapshot = self._tab.snapshot
        return action.key == "reconnect" and snapshot is not None and snapshot.opened_at is not None

    def focus_action(self) -> bool:
        """Give the first button the focus; False where none is offered."""
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        return bool(self._buttons)

    def _tick(self) -> None:
        started = self._line.since
        snapshot = self._tab.snapshot
        if started is None or snapshot is None or not snapshot.live:
            text = ""
        else:
            text = age(counted_age(snapshot, started, time.monotonic_ns()) / 1e9)
        if text != self.since.full_text():
            self.since.set_text(text)
            self.since.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("field"))
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(0, 0, self.width(), 0)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
