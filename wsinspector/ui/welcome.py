"""The first start: three sentences, and a button that tries it on the built-in lab."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import fill, tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet

WIDTH = 640  # px at zoom 1


class Welcome(Sheet):
    """``try_lab`` asks for a connection to the lab, ``learn`` for the lessons; ``dismissed`` for neither."""

    try_lab = Signal()
    learn = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("Welcome", "Welcome"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 22)
        column.setSpacing(12)
        column.addWidget(
            RoleLabel(translate("Welcome", "See what a WebSocket really says"), "text", bold=True, size=1.3)
        )
        for text in (
            translate(
                "Welcome",
                "Type an address and choose what Sec-WebSocket-Version says. Connect shows the headers of "
                "both sides on the left, every frame on the right, and what is wrong by the letter of "
                "RFC 6455.",
            ),
            translate(
                "Welcome",
                "A lab server is built in and listens on this machine only. It has well-behaved and "
                "misbehaving peers to try things on; no network is needed.",
            ),
            fill(
                translate(
                    "Welcome", "Nothing connects before you ask for it. [key:window.keys] shows all keys."
                )
            ),
        ):
            column.addWidget(RoleLabel(text, "text", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(10)
        self.lab = QPushButton(translate("Welcome", "Try it on the built-in lab"))
        self.lab.setProperty("kind", "primary")
        self.lab.clicked.connect(self.try_lab)
        self.other = QPushButton(translate("Welcome", "Start with my own address"))
        self.other.clicked.connect(self.dismissed)
        self.lessons = QPushButton(translate("Welcome", "Learn it step by step"))
        tell(
            self.lessons,
            translate("Welcome", "Twelve lessons, done for real with the lab ([key:window.lessons])"),
        )
        self.lessons.clicked.connect(self.learn)
        buttons = FlowRow(spacing=10)
        for button in (self.lab, self.lessons, self.other):
            buttons.add(button)
        row.addWidget(buttons, 1)
        column.addLayout(row)

    def sizeHint(self) -> QSize:
        wanted = max(round(WIDTH * theme.zoom()), self.minimumSizeHint().width())
        return QSize(wanted, super().sizeHint().height())

    def lab_listens(self, on: bool) -> None:
        """Whether the lab can be tried now."""
        held = self.isAncestorOf(focus) if (focus := self.window().focusWidget()) is not None else False
        self.lab.setEnabled(on)
        if self.isVisible() and (on or not held):
            self.focus_first()
        tell(self.lab, "" if on else translate("Welcome", "The lab is not listening yet"))

    def focus_first(self) -> None:
        """Put the focus on the first way on; the lab may not listen yet."""
        (self.lab if self.lab.isEnabled() else self.lessons).setFocus()

    def leave(self) -> None:
        self.dismissed.emit()
