"""The text beside the list: what a piece is, why, what otherwise, its bytes, its sum, its faults, links."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from wsinspector.learn.pieces import Step
from wsinspector.present.explaining.telling import Fault, Told
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel


class ExplainText(QScrollArea):
    """Shows one :class:`Told`; plain text throughout."""

    term_asked = Signal(str)  # a key of the glossary
    rule_asked = Signal(str)  # the id of a rule

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told: Told | None = None
        self.links: list[QPushButton] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(translate("Explain", "What is explained"))
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        self._column.setSpacing(theme.SPACE)
        self.setWidget(self._body)

    def show_told(self, told: Told | None) -> None:
        """Show ``told`` in the place of what was shown; None shows nothing."""
        if told == self.told:
            return
        self.told = told
        self.links = []
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if told is None:
            self.setAccessibleDescription("")
            return
        self.setAccessibleDescription(told.as_text())
        head = f"{told.name}: {told.value}" if told.value else told.name
        self._line(head, "text", bold=True)
        for fault in told.faults:
            self._fault(fault)
        if told.size:
            self._line(told.size, "muted")
        if told.bytes:
            self._bytes(told.bytes)
        self._line(told.hidden, "note")
        self._line(told.what, "text")
        self._line(told.why, "text")
        self._line(told.otherwise, "muted")
        self._steps(told.steps)
        if told.clause:
            self._line(told.clause, "muted")
        self._links(told)
        self._column.addStretch(1)
        self.verticalScrollBar().setValue(0)

    @property
    def rules_linked(self) -> bool:
        """Whether a link leads to a rule already."""
        return self.told is not None and any(fault.rule for fault in self.told.faults)

    def _line(self, text: str, role: str, *, bold: bool = False) -> None:
        if text:
            label = RoleLabel(text, role, wraps=True, bold=bold)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is selected with the mouse needs none
            self._column.addWidget(label)

    def _fault(self, fault: Fault) -> None:
        told = f"{fault.text}  {fault.clause}" if fault.clause else fault.text
        self._column.addWidget(RoleLabel(told, fault.tone, wraps=True, bold=True))

    def _bytes(self, lines: tuple[str, ...]) -> None:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        column.setSpacing(0)
        for line in lines:
            column.addWidget(RoleLabel(line, "text", mono=True))
        self._column.addWidget(box)

    def _steps(self, steps: tuple[Step, ...]) -> None:
        if not steps:
            return
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, step in enumerate(steps):
            wide = len(step.value) > 40
            name = RoleLabel(step.name, "muted", mono=step.exact)
            name.setMinimumWidth(name.sizeHint().width())
            grid.addWidget(name, 2 * at, 0, top)
            value = RoleLabel(step.value, "text", mono=True, wraps=wide)
            if wide:
                grid.addWidget(value, 2 * at, 1, 1, 2, top)
                grid.addWidget(RoleLabel(step.note, "muted", wraps=True), 2 * at + 1, 1, 1, 2, top)
            else:
                value.setMinimumWidth(min(value.sizeHint().width(), 260))
                grid.addWidget(value, 2 * at, 1, top)
                grid.addWidget(RoleLabel(step.note, "muted", wraps=True), 2 * at, 2, top)
        self._column.addWidget(box)

    def _links(self, told: Told) -> None:
        row = FlowRow(spacing=6)
        for key, name in told.terms:
            tip = translate("Explain", "What this word means, in the glossary (Enter)")
            row.add(self._link(name, tip, partial(self.term_asked.emit, key)))
        for rule in dict.fromkeys(fault.rule for fault in told.faults if fault.rule):
            tip = translate("Explain", "The rule and its examples (Enter)")
            row.add(self._link(rule, tip, partial(self.rule_asked.emit, rule)))
        if self.links:
            self._column.addWidget(row)

    def _link(self, name: str, tip: str, ask: Callable[[], None]) -> QPushButton:
        button = QPushButton(f"{name} ›")
        button.setProperty("kind", "link")
        button.setAccessibleName(name)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setToolTip(tip)
        button.clicked.connect(lambda: ask())
        self.links.append(button)
        return button
