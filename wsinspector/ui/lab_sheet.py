"""The lab's settings on one sheet: versions, refusals, outside clients, and who can reach it."""

import itertools

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.lab.manners import MANNERS, describe
from wsinspector.lab.versions import read_versions
from wsinspector.present.lab_words import CHOICES, manner_line, rule_text
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet
from wsinspector.ui.lab_control import LabControl, own_text
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.widgets.segmented import Segmented

WIDTH = 620  # px at zoom 1
MARGINS = (24, 18, 24, 18)
MOST_ADDRESSES = 4
OWN = len(CHOICES)


class LabSheet(Sheet):
    """Everything takes effect at once; what is wrong with a set is said below it and changes nothing."""

    left = Signal()

    def __init__(self, control: LabControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._control = control
        self.setAccessibleName(translate("LabSheet", "The lab"))
        self.in_force = RoleLabel("", "muted", wraps=True)
        self.sets = Segmented(
            [
                translate("LabSheet", "Every version"),
                translate("LabSheet", "13"),
                translate("LabSheet", "13, 8, 7"),
                translate("LabSheet", "Own set"),
            ]
        )
        self.sets.setAccessibleName(translate("LabSheet", "Versions the lab takes"))
        for at, tip in enumerate(
            (
                translate("LabSheet", "Whatever version ever travelled, hixie-75 to 13"),
                translate("LabSheet", "RFC 6455 alone, as most servers of today"),
                translate("LabSheet", "As a server that kept its old clients"),
                translate("LabSheet", "The versions typed below"),
            )
        ):
            self.sets.set_tip(at, tip)
        self.own = QLineEdit()
        self.own.setAccessibleName(translate("LabSheet", "Own set of versions"))
        self.own.setToolTip(
            translate("LabSheet", "Values of Sec-WebSocket-Version and names of dialects, a comma between")
        )
        self.own.setPlaceholderText(translate("LabSheet", "13, 8, 7, hixie-76"))
        self.wrong = RoleLabel("", "fault", wraps=True, size=0.95)
        self.manner = QToolButton()
        self.manner.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.manner.setToolTip(translate("LabSheet", "How a version that is not taken is refused"))
        self._manners = QActionGroup(self)
        menu = QMenu(self.manner)
        for name in MANNERS:
            action = QAction(manner_line(name), self._manners)
            action.setCheckable(True)
            action.setData(name)
            menu.addAction(action)
        self.manner.setMenu(menu)
        self.told = RoleLabel("", "muted", wraps=True, size=0.95)
        self.catches = Check(translate("LabSheet", "Catch outside clients"))
        self.catches.setToolTip(translate("LabSheet", "Each client from elsewhere opens as a tab"))
        self.by_hand = Check(translate("LabSheet", "Answer them by hand"))
        self.by_hand.setToolTip(
            translate("LabSheet", "Whatever they ask for, they wait until you send an answer")
        )
        self.beyond = Check(translate("LabSheet", "Listen beyond loopback"))
        self.beyond.setToolTip(translate("LabSheet", "Let other computers reach the lab; never remembered"))
        self.reach = RoleLabel("", "muted", wraps=True)
        self.done = QPushButton(translate("LabSheet", "Done"))
        self.done.setToolTip(translate("LabSheet", "Put this away (Escape); what is set stays"))
        self._lay_out()
        self._wire()
        self.look()

    def _lay_out(self) -> None:
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, theme.GAP, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.in_force)
        column.addSpacing(theme.SPACE)
        column.addWidget(RoleLabel(translate("LabSheet", "Versions it takes"), "text", bold=True))
        column.addWidget(self.sets)
        column.addWidget(self.own)
        column.addWidget(self.wrong)
        other = FlowRow(spacing=theme.GAP)
        other.add(RoleLabel(translate("LabSheet", "Others get"), "text"))
        other.add(self.manner)
        column.addWidget(other)
        self._others = other
        column.addWidget(self.told)
        column.addSpacing(theme.SPACE)
        column.addWidget(RoleLabel(translate("LabSheet", "Outside clients"), "text", bold=True))
        column.addWidget(self.catches)
        column.addWidget(self.by_hand)
        column.addSpacing(theme.SPACE)
        column.addWidget(RoleLabel(translate("LabSheet", "Who can reach it"), "text", bold=True))
        column.addWidget(self.beyond)
        column.addWidget(self.reach)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setStyleSheet("QScrollArea { background: transparent }")
        area.setWidget(self._inner)
        self._inner.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        self._title = RoleLabel(translate("LabSheet", "The lab"), "text", bold=True, size=1.2)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.done)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*MARGINS)
        whole.setSpacing(theme.GAP)
        whole.addWidget(self._title)
        whole.addWidget(area, 1)
        whole.addLayout(last)
        stops: list[QWidget] = [*self.sets.segments, self.own, self.manner, self.catches]
        stops += [self.by_hand, self.beyond, self.done]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _wire(self) -> None:
        self.sets.picked.connect(self._pick_set)
        self.own.textEdited.connect(self._typed)
        self._manners.triggered.connect(lambda action: self._pick_manner(action.data()))
        self.catches.toggled.connect(self._control.set_catches)
        self.by_hand.toggled.connect(self._control.set_by_hand)
        self.beyond.toggled.connect(self._control.set_beyond_loopback)
        self.done.clicked.connect(self.leave)
        self._control.changed.connect(self.look)

    def sizeHint(self) -> QSize:
        width = round(WIDTH * theme.zoom())
        return QSize(width, self.height_at(width))

    def height_at(self, width: int) -> int:
        left, top, right, bottom = MARGINS
        inner = self._inner.layout()
        high = inner.totalHeightForWidth(width - left - right) if inner is not None else 0
        around = self._title.sizeHint().height() + self.done.sizeHint().height() + 2 * theme.GAP
        return top + high + around + bottom

    # -- what is shown

    def look(self) -> None:
        """Show what is in force."""
        control, rule = self._control, self._control.rule
        addresses = control.addresses
        text = rule_text(rule)
        self.in_force.set_text(f"{text[:1].upper()}{text[1:]}.")
        if rule.taken in CHOICES and not (self.sets.current() == OWN and self._typed_set() == rule.taken):
            self.sets.set_current(CHOICES.index(rule.taken))
            self.own.setText(own_text(rule))
            self._say("")
        elif rule.taken not in CHOICES:
            self.sets.set_current(OWN)
            if self._typed_set() != rule.taken and not self.wrong.full_text():
                self.own.setText(own_text(rule))
        self.manner.setText(f"{rule.manner} ▾")
        self._others.arrange_again()
        self.manner.setAccessibleName(translate("LabSheet", "Others get: {0}").format(rule.manner))
        self.told.set_text(describe(rule.manner))
        for action in self._manners.actions():
            action.setChecked(action.data() == rule.manner)
        for check, on in (
            (self.catches, control.catches),
            (self.by_hand, control.by_hand),
            (self.beyond, control.beyond_loopback != control.moving),
        ):
            check.blockSignals(True)
            check.setChecked(on)
            check.blockSignals(False)
        runs = bool(addresses) or control.moving
        self.by_hand.setEnabled(runs)
        self.beyond.setEnabled(runs and not control.moving)
        self._say_reach(addresses)
        if self.isVisible():
            self.place()

    def _say_reach(self, addresses: tuple[str, ...]) -> None:
        control = self._control
        shown = ", ".join(addresses[:MOST_ADDRESSES])
        if control.moving:
            self.reach.set_role("muted")
            self.reach.set_text(translate("LabSheet", "The lab begins to listen elsewhere…"))
        elif not addresses:
            self.reach.set_role("muted")
            self.reach.set_text(translate("LabSheet", "The lab is not listening."))
        elif control.beyond_loopback:
            self.reach.set_role("note")
            text = translate(
                "LabSheet",
                "Every computer that reaches this one can use the whole lab now, without a password, at {0}.",
            )
            self.reach.set_text(text.format(shown))
        else:
            self.reach.set_role("muted")
            text = translate(
                "LabSheet",
                "Only programs of this computer reach it, at {0}. Switched on, every computer that reaches "
                "this one can use the whole lab, without a password, at {1}. Switching ends what is "
                "connected to it.",
            )
            beyond = ", ".join(control.addresses_beyond[:MOST_ADDRESSES])
            none = translate("LabSheet", "addresses it does not have now")
            self.reach.set_text(text.format(shown, beyond or none))

    def _say(self, trouble: str) -> None:
        self.wrong.set_text(trouble)
        self.wrong.setVisible(bool(trouble))
        self.own.setAccessibleDescription(trouble)
        if bool(self.own.property("bad")) != bool(trouble):
            self.own.setProperty("bad", bool(trouble))
            self.own.style().unpolish(self.own)
            self.own.style().polish(self.own)
        if self.isVisible():
            self.place()

    def focus_part(self, part: str) -> None:
        """To the field for a set of one's own (own), to the switch (beyond), or to the first control."""
        if part == "own":
            self.focus_own()
        elif part == "beyond":
            self.beyond.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.sets.segments[max(self.sets.current(), 0)].setFocus(Qt.FocusReason.TabFocusReason)

    def focus_own(self) -> None:
        """To the field for a set of one's own."""
        self.sets.set_current(OWN)
        self.own.setFocus()
        self.own.selectAll()

    # -- acts

    def _pick_set(self, at: int) -> None:
        if at == OWN:
            self.focus_own()
            return
        self.own.setText("")
        self._control.take(CHOICES[at], self._control.rule.manner)
        self.look()

    def _typed_set(self) -> tuple[str, ...] | None:
        try:
            return read_versions(self.own.text())
        except ValueError:
            return None

    def _typed(self, text: str) -> None:
        self.sets.set_current(OWN)
        try:
            self._control.take(read_versions(text), self._control.rule.manner)
        except ValueError as error:
            said = str(error)
            self._say(f"{said[:1].upper()}{said[1:]}.")
        else:
            self._say("")

    def _pick_manner(self, manner: str) -> None:
        self._control.take(self._control.rule.taken, manner)
