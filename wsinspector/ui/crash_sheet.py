"""The report of an error inside the program, to be read before it is copied."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet

WIDTH, TEXT_HEIGHT = 820, 380  # px at zoom 1


class CrashSheet(Sheet):
    """Shows a text of :func:`~wsinspector.present.crash_report.crash_report`; Escape puts it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("CrashSheet", "What went wrong"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(theme.GAP + 2)
        column.addWidget(
            RoleLabel(translate("CrashSheet", "What went wrong inside wsinspector"), bold=True, size=1.2)
        )
        column.addWidget(
            RoleLabel(
                translate(
                    "CrashSheet",
                    "Nothing of this is sent anywhere. Known secrets and the path of your home folder are "
                    "left out; read it before you hand it on, as an error may quote what was on the wire.",
                ),
                "muted",
                wraps=True,
            )
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(translate("CrashSheet", "The report"))
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP + 2)
        self.copy = QPushButton(translate("CrashSheet", "Copy the report"))
        self.copy.setProperty("kind", "primary")
        self.copy.setToolTip(translate("CrashSheet", "Put all of it on the clipboard, as it stands here"))
        self.copy.clicked.connect(self._copy)
        self.done = QPushButton(translate("CrashSheet", "Close"))
        self.done.setToolTip(translate("CrashSheet", "Put this away (Escape)"))
        self.done.clicked.connect(self.leave)
        self.told = RoleLabel("", "ok")
        row.addWidget(self.copy)
        row.addWidget(self.done)
        row.addWidget(self.told, 1)
        column.addLayout(row)

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * theme.zoom()), super().sizeHint().height())

    def show_report(self, text: str) -> None:
        """Show ``text`` in front."""
        self._size_text()
        self.text.setPlainText(text)
        self.told.set_text("")
        self.appear()
        self.copy.setFocus()

    def _size_text(self) -> None:
        parent = self.parentWidget()
        room = parent.height() - 240 if parent is not None else TEXT_HEIGHT
        self.text.setFont(theme.mono_font())
        self.text.setMinimumHeight(max(min(round(TEXT_HEIGHT * theme.zoom()), room), 80))

    def _restyle(self) -> None:
        self._size_text()
        super()._restyle()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.told.set_text(translate("CrashSheet", "Copied."))
