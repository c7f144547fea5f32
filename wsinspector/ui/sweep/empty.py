"""What stands on the Sweep page before anything was asked: what a sweep is, and what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel

WIDTH = 620  # px at zoom 1


class EmptySweep(QScrollArea):
    """``trial_asked``: fill in set-ups of the lab. ``open_asked``: look at an earlier sweep."""

    trial_asked = Signal()
    open_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

        def t(text: str) -> str:
            return translate("EmptySweep", text)

        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(theme.MARGIN, 5 * theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.MARGIN)
        texts = (
            t("A sweep sends many opening requests to each server. Each differs in one thing from a request "
              "that is in order: a version nobody defined, two header lines, a missing key."),
            t("The answers stand side by side. Above them is what stands out, with the clause it is judged "
              "by; every answer can be opened as a conversation."),
            t("Type the addresses of servers above, choose what to send, and press Run. Nothing connects "
              "before that. Ask only servers that you may ask."),
        )  # fmt: skip
        column.addWidget(RoleLabel(t("What do servers do with odd requests?"), "text", bold=True, size=1.3))
        for text in texts:
            column.addWidget(RoleLabel(text, "text", wraps=True))
        self.trial = QPushButton(t("Try it on the lab"))
        self.trial.setToolTip(t("Fill in three set-ups of the built-in lab, offline; nothing is sent yet"))
        self.trial.clicked.connect(self.trial_asked)
        self.earlier = QPushButton(t("Open an earlier sweep"))
        self.earlier.setToolTip(t("Look at the answers of a sweep that was kept"))
        self.earlier.clicked.connect(self.open_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.trial)
        buttons.addWidget(self.earlier)
        buttons.addStretch(1)
        column.addSpacing(theme.GAP)
        column.addLayout(buttons)
        column.addStretch(1)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._inner, 100)
        row.addStretch(1)
        self.setWidget(whole)
        theme.watcher().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._inner.setMaximumWidth(round(WIDTH * theme.zoom()))
