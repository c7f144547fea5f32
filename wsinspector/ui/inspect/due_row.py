"""The answers that wait, each a button: they keep their places while one is being aimed at."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from wsinspector.present.due import Due
from wsinspector.present.plain import preview
from wsinspector.protocol.closecodes import describe
from wsinspector.protocol.opcodes import PONG
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel


class DueRow(QWidget):
    """Hidden while nothing waits. New pings push in only when neither pointer nor focus is here."""

    answer_asked = Signal(object)  # Due

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._due: tuple[Due, ...] = ()
        self._shown: tuple[Due, ...] = ()
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GAP)
        self._row.addWidget(RoleLabel(translate("Send", "Due:"), "muted"))
        self._row.addStretch(1)
        self.setAccessibleName(translate("Send", "Answers that wait"))
        self.hide()

    def set_due(self, due: tuple[Due, ...]) -> None:
        """The answers that wait now."""
        if due == self._due:
            return
        self._due = due
        if self._aimed_at() and set(self._shown) & set(due):
            for one, button in zip(self._shown, self.buttons, strict=True):
                button.setEnabled(one in due)
        else:
            self._rebuild()

    def _aimed_at(self) -> bool:
        return self.underMouse() or any(button.hasFocus() for button in self.buttons)

    def _rebuild(self) -> None:
        self._shown = self._due
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for one in self._shown:
            button = QPushButton(_due_text(one).replace("&", "&&"))
            button.setToolTip(translate("Send", "Answer frame {number}").format(number=one.number))
            button.clicked.connect(lambda _checked=False, wanted=one: self.answer_asked.emit(wanted))
            # A click leaves the focus where one types, so that it does not hold the row.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.installEventFilter(self)
            self.buttons.append(button)
            self._row.insertWidget(len(self.buttons), button)
        self.setVisible(bool(self._shown))

    def _let_go(self) -> None:
        if self._shown != self._due and not self._aimed_at():
            self._rebuild()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._let_go()
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._let_go()


def _due_text(due: Due) -> str:
    if due.opcode == PONG:
        text = preview(due.payload, 16)
        return (
            translate("Send", "Pong “{payload}”").format(payload=text) if text else translate("Send", "Pong")
        )
    if len(due.payload) >= 2:
        return translate("Send", "Close {code}").format(code=describe(int.from_bytes(due.payload[:2], "big")))
    return translate("Send", "Close without a code")
