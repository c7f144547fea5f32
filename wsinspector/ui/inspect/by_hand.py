"""The right pane while a client waits: an answer as bytes, picked from a list, changed before it leaves."""

import os
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.lab.manners import USUAL
from wsinspector.lab.versions import EVERY_VERSION, VersionRule
from wsinspector.present.by_hand import ACCEPT, Way, describe_way, names, way
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind, tell
from wsinspector.ui.inspect.raw_edit import RawEdit
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.widgets.check import Check

MOST_LINES = 22


def can_answer(snapshot: AttemptSnapshot) -> bool:
    """Whether a person can send a client an answer, or more of one."""
    asked = snapshot.phase in (Phase.SENT, Phase.HEAD, Phase.BODY)
    return snapshot.role is Role.SERVER and snapshot.by_hand and asked and snapshot.opened_at is None


class ByHand(QWidget):
    """Answers the client that is picked in ``tab``; nothing leaves before Send is pressed."""

    said = Signal(str)

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._number = 0
        self._way = Way("", "")
        self._undo: list[bytes] = []
        self._redo: list[bytes] = []
        self.rule: Callable[[], VersionRule] = lambda: EVERY_VERSION
        """Which versions a refusal names; asked each time."""
        self.setAccessibleName(translate("ByHand", "Your answer"))
        self.pick = QToolButton()
        self.pick.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tell(self.pick, translate("ByHand", "Begin with another answer ([key:by-hand.pick])"))
        self._menu = QMenu(self.pick)
        self._menu.aboutToShow.connect(self._fill)
        self.pick.setMenu(self._menu)
        self.edit = RawEdit(editable=True)
        self.edit.setAccessibleName(translate("ByHand", "Bytes of the answer"))
        self.edit.fit_to_lines(MOST_LINES)
        self.ends = Check(translate("ByHand", "End the connection behind it"))
        tell(self.ends, translate("ByHand", "Our side of TCP ends with the last byte (FIN)"))
        self.length = RoleLabel("", "muted")
        self.flag = RoleLabel("", "note", wraps=True)
        self.flag.hide()
        self.again = QPushButton(translate("ByHand", "Undo changes"))
        tell(self.again, translate("ByHand", "Back to the bytes as they were picked"))
        self.send = QPushButton(translate("ByHand", "Send answer"))
        tell(self.send, translate("ByHand", "Send exactly these bytes ([key:by-hand.send])"))
        self._box = QFrame()
        self._box.setObjectName("answer_box")
        self._lay_out()
        self._wire()
        self._restyle()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        top.addWidget(RoleLabel(translate("ByHand", "Your answer"), "text", bold=True))
        top.addWidget(self.length, 1)
        top.addWidget(self.pick)
        box = QVBoxLayout(self._box)
        box.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        box.addWidget(self.edit)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.ends)
        row.addStretch(1)
        row.addWidget(self.again)
        row.addWidget(self.send)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        column.addLayout(top)
        column.addWidget(self._box)
        column.addWidget(self.flag)
        column.addLayout(row)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        for before, after in (
            (self.pick, self.edit), (self.edit, self.ends), (self.ends, self.again), (self.again, self.send),
        ):  # fmt: skip
            QWidget.setTabOrder(before, after)

    def _wire(self) -> None:
        self.edit.edited.connect(self._edited)
        self.edit.undo_asked.connect(self._undo_one)
        self.edit.redo_asked.connect(self._redo_one)
        self.edit.flagged.connect(self._show_flag)
        self.again.clicked.connect(self._back)
        self.send.clicked.connect(self.answer)
        bind("by-hand.send", self, self.answer)
        bind("by-hand.pick", self, self.pick.showMenu)
        self._tab.snapshot_changed.connect(self.show_client)
        theme.watcher().changed.connect(self._restyle)

    def _restyle(self) -> None:
        field, radius = theme.color("field").name(), theme.RADIUS
        line = theme.color("line").name()
        self._box.setStyleSheet(
            f"#answer_box {{ background: {field}; border: 1px solid {line}; border-radius: {radius}px; }}"
        )
        for button in (self.pick, self.again, self.send):
            button.setFixedHeight(theme.control_height())

    # -- what is shown

    def show_client(self, snapshot: AttemptSnapshot) -> None:
        """Begin anew with a proper 101 for another client; the same one keeps what was written."""
        if can_answer(snapshot) and snapshot.number != self._number:
            self._number = snapshot.number
            self._way = Way("", "")
            self._undo.clear()
            self._redo.clear()
            self.choose(ACCEPT)

    def _fill(self) -> None:
        """One list, made anew as what the client offers differs."""
        self._menu.clear()
        snapshot = self._tab.caught
        if snapshot is None:
            return
        group = QActionGroup(self._menu)
        for at, some in enumerate(names(snapshot)):
            if at:
                self._menu.addSeparator()
            for name in some:
                action = QAction(describe_way(name, snapshot), group)
                action.setCheckable(True)
                action.setChecked(name == self._way.name)
                action.triggered.connect(lambda _=False, name=name: self.choose(name))
                self._menu.addAction(action)

    def choose(self, name: str) -> None:
        """Write the bytes of the way called ``name``; what stood there can be had back by undoing."""
        snapshot = self._tab.caught
        if snapshot is None:
            return
        before, was = self.edit.data(), self._way.data
        found = way(name, snapshot, self.rule(), os.urandom)
        if found.problem and not self._way.name:
            self._show_flag(found.problem)
            refusal = way(USUAL, snapshot, self.rule(), os.urandom)
            self._take(refusal)
            return
        self._show_flag(found.problem)
        if found.problem:
            return
        if before != was:
            self._undo.append(before)
        self._take(found)

    def _take(self, found: Way) -> None:
        self._way = found
        self._redo.clear()
        self.pick.setText(f"{found.text} ▾")
        self.pick.setAccessibleName(translate("ByHand", "Answer: {0}").format(found.text))
        self.ends.setChecked(found.ends)
        self._show(found.data)

    def _show(self, data: bytes) -> None:
        self.edit.set_bytes(data)
        changed = data != self._way.data
        text = translate("ByHand", "%n byte(s)", "", len(data))
        self.length.set_text(translate("ByHand", "{0}, changed by hand").format(text) if changed else text)
        self.again.setEnabled(changed)
        self.send.setEnabled(bool(data) or self.ends.isChecked())

    def _show_flag(self, text: str) -> None:
        self.flag.set_text(text)
        self.flag.setVisible(bool(text))

    # -- edits

    def _edited(self, data: bytes) -> None:
        self._undo.append(self.edit.data())
        self._redo.clear()
        self._show(data)

    def _undo_one(self) -> None:
        if self._undo:
            self._redo.append(self.edit.data())
            self._show(self._undo.pop())

    def _redo_one(self) -> None:
        if self._redo:
            self._undo.append(self.edit.data())
            self._show(self._redo.pop())

    def _back(self) -> None:
        self._undo.append(self.edit.data())
        self._show(self._way.data)
        self.edit.setFocus()

    # -- acts

    def answer(self) -> None:
        """Send exactly the bytes that are shown."""
        attempt = self._tab.conversation.attempt(self._tab.picked)
        if attempt is not None and self._tab.caught is not None and attempt.live:
            data = self.edit.data()
            attempt.answer(data, end=self.ends.isChecked())
            # Where that was not all of an answer, the rest of it can follow.
            self._undo.append(data)
            self._way = Way("", translate("ByHand", "what follows"))
            self._take(self._way)

    def refuse(self, manner: str) -> None:
        """Refuse the client in ``manner``, naming the versions that the lab takes."""
        attempt, snapshot = self._tab.conversation.attempt(self._tab.picked), self._tab.caught
        if attempt is not None and snapshot is not None:
            attempt.answer(way(manner, snapshot, self.rule(), os.urandom).data, end=True)
