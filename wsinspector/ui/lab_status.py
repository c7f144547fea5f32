"""What must be seen of the lab at every moment: versions refused, clients that came, doors that are open."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from wsinspector.lab.versions import EVERY_VERSION
from wsinspector.present.lab_words import manner_text, taken_text
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.lab_control import LabControl
from wsinspector.ui.tips import plain_tip


class LabStatus(QWidget):
    """Buttons in the status bar, each there only where it has something to say.

    ``settings_asked``: to the lab's sheet. ``clients_asked``: to the client that came last or waits.
    """

    settings_asked = Signal()
    clients_asked = Signal()

    def __init__(self, control: LabControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._new = self._waiting = 0
        self.setAccessibleName(translate("LabStatus", "The lab"))
        self.clients = self._button("link")
        self.reach = self._button("note")
        self.versions = self._button("muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for button in (self.clients, self.reach, self.versions):
            row.addWidget(button)
        self.clients.clicked.connect(self.clients_asked)
        self.reach.clicked.connect(self.settings_asked)
        self.versions.clicked.connect(self.settings_asked)
        control.changed.connect(self.look)
        theme.watcher().changed.connect(self._restyle)
        self._restyle()
        self.look()

    def _button(self, role: str) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "flat")
        button.setProperty("role", role)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _restyle(self) -> None:
        for button in (self.clients, self.reach, self.versions):
            colour = theme.color(str(button.property("role"))).name()
            weight = "600" if button is not self.versions else "normal"
            button.setStyleSheet(f"color: {colour}; font-weight: {weight}; padding: 0 4px")

    def show_clients(self, new: int, waiting: int) -> None:
        """``new``: tabs of clients nobody has looked at. ``waiting``: those that wait for an answer."""
        self._new, self._waiting = new, waiting
        self.look()

    def look(self) -> None:
        """Show what is true now."""
        control = self._control
        self._show(
            self.clients,
            self._clients_text(),
            translate("LabStatus", "Go to the client ([key:request.client])"),
        )
        open_to_others = control.beyond_loopback
        at = control.addresses[:1]
        self._show(
            self.reach,
            translate("LabStatus", "lab open to others: {0}").format(at[0] if at else "")
            if open_to_others
            else "",
            translate(
                "LabStatus", "Other computers reach the lab at {0}. A click leads to the switch."
            ).format(", ".join(control.addresses)),
        )
        rule = control.rule
        text = ""
        if rule != EVERY_VERSION and rule.taken is None:
            text = translate("LabStatus", "lab refuses with {0}").format(manner_text(rule.manner))
        elif rule != EVERY_VERSION:
            text = translate("LabStatus", "lab: {0}").format(taken_text(rule.taken))
        tip = translate("LabStatus", "The lab takes {0}; others get {1}. A click changes that.")
        self._show(self.versions, text, tip.format(taken_text(rule.taken), manner_text(rule.manner)))
        self.setVisible(any(not one.isHidden() for one in (self.clients, self.reach, self.versions)))

    def _clients_text(self) -> str:
        parts = []
        if self._waiting == 1:
            parts.append(translate("LabStatus", "1 client waits"))
        elif self._waiting:
            parts.append(translate("LabStatus", "{0} clients wait").format(self._waiting))
        fresh = self._new - self._waiting
        if fresh == 1:
            parts.append(translate("LabStatus", "1 new client"))
        elif fresh > 1:
            parts.append(translate("LabStatus", "{0} new clients").format(fresh))
        if self._control.dropped_so_far:
            parts.append(translate("LabStatus", "{0} dropped").format(self._control.dropped_so_far))
        if self._control.missed:
            parts.append(translate("LabStatus", "{0} not caught").format(self._control.missed))
        return ", ".join(parts)

    @staticmethod
    def _show(button: QPushButton, text: str, tip: str) -> None:
        if button.text() != text:
            button.setText(text)
            button.setAccessibleName(text)
        tell(button, plain_tip(tip))
        button.setVisible(bool(text))
