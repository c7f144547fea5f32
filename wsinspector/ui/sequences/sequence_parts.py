"""The widgets of a sequence and where they stand; what they do is told by whoever owns them."""

from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.sequences.starting import OutsideRow
from wsinspector.ui.sequences.steps import StepsList
from wsinspector.ui.sequences.text_edit import SequenceEdit
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.widgets.segmented import Segmented

EMPTY, STEPS, TEXT, REFERENCE = range(4)


class SequenceParts(QWidget):
    """Title, file menu, steps or text or reference, progress."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress_role = "accent"
        self._build()
        self._place()
        theme.watcher().changed.connect(self._restyle)

    def _build(self) -> None:
        self.title = RoleLabel("", "text", bold=True)
        self.files = QToolButton()
        self.files.setText(translate("Sequences", "File ▾"))
        self.files.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tell(self.files, translate("Sequences", "New, open, save, examples ([key:sequences.files])"))
        self.files.setAccessibleName(translate("Sequences", "File of the sequence"))
        self.menu = QMenu(self.files)
        self.files.setMenu(self.menu)
        self.views = Segmented([translate("Sequences", "Steps"), translate("Sequences", "Text")])
        self.views.setAccessibleName(translate("Sequences", "How the sequence is shown"))
        self.views.set_tip(
            0, translate("Sequences", "The steps and what came of them ([key:sequences.view])")
        )
        self.views.set_tip(
            1, translate("Sequences", "The file as text, to be written ([key:sequences.view])")
        )
        self.reference = QPushButton(translate("Sequences", "Reference"))
        self.reference.setCheckable(True)
        tell(
            self.reference,
            translate("Sequences", "What can be written in a sequence ([key:sequences.reference])"),
        )
        self.here = Check(translate("Sequences", "On the open connection"))
        tell(
            self.here,
            translate("Sequences", "Do the steps on the connection that is open, and leave it open"),
        )
        self.button = QPushButton(translate("Sequences", "Run"))
        self.button.setProperty("kind", "primary")
        self.empty = QWidget()
        self.steps = StepsList()
        self.edit = SequenceEdit()
        self.told = RoleLabel("", "muted", wraps=True)
        self.pages = QStackedWidget()
        self.help = QPlainTextEdit()
        self.help.setReadOnly(True)
        self.help.setTabChangesFocus(True)
        self.help.setFont(theme.mono_font(0.95))
        self.help.setAccessibleName(translate("Sequences", "Reference of sequences"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName(translate("Sequences", "How far the run is"))
        self.state = RoleLabel("", "muted", wraps=True)
        self.outside = OutsideRow()
        self.new = QPushButton(translate("Sequences", "New"))
        self.open = QPushButton(translate("Sequences", "Open…"))
        self.from_rows = QPushButton(translate("Sequences", "From the log"))
        tell(
            self.from_rows,
            translate("Sequences", "Make one of the selected rows of the log, of all where none are"),
        )
        self.examples = QToolButton()
        self.examples.setText(translate("Sequences", "Examples ▾"))
        self.examples.setAccessibleName(translate("Sequences", "Examples"))
        self.examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.files)
        second = QHBoxLayout()
        second.setSpacing(theme.GAP)
        second.addWidget(self.views)
        second.addWidget(self.reference)
        second.addStretch(1)
        second.addWidget(self.button)
        text = QWidget()
        column = QVBoxLayout(text)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.edit, 1)
        column.addWidget(self.told)
        self._fill_empty()
        for page in (self.empty, self.steps, text, self.help):
            self.pages.addWidget(page)
        top = QVBoxLayout()
        top.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, 0)
        top.setSpacing(theme.GAP)
        top.addLayout(head)
        top.addLayout(second)
        top.addWidget(self.here)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.GAP)
        foot.setSpacing(theme.SPACE)
        foot.addWidget(self.outside)
        foot.addWidget(self.progress)
        foot.addWidget(self.state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        layout.addLayout(foot)
        self._restyle()

    def _fill_empty(self) -> None:
        column = QVBoxLayout(self.empty)
        column.setContentsMargins(2 * theme.MARGIN, 2 * theme.MARGIN, 2 * theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.MARGIN)
        text = translate(
            "Sequences",
            "A sequence is a list of what is sent, waited for and expected. It is a text file that can be "
            "read, changed and run again, here or by “wsinspector run”.",
        )
        column.addWidget(RoleLabel(text, "muted", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for widget in (self.new, self.open, self.examples, self.from_rows):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        tell(self.new, translate("Sequences", "Begin with one step of each kind ([key:sequences.new])"))
        tell(self.open, translate("Sequences", "Open a file of a sequence"))
        tell(self.examples, translate("Sequences", "Sequences that run against the built-in lab"))

    def _restyle(self) -> None:
        buttons = (
            self.files,
            self.reference,
            self.button,
            self.new,
            self.open,
            self.examples,
            self.from_rows,
        )
        for control in buttons:
            control.setFixedHeight(theme.control_height())
        self._colour_progress()
        self.help.setFont(theme.mono_font(0.95))
        field, line, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        self.help.setStyleSheet(
            f"QPlainTextEdit {{ background: {field}; border: none; border-top: 1px solid {line} }}"
            f"QPlainTextEdit:focus {{ border-top-color: {focus} }}"
        )

    def colour_progress(self, role: str) -> None:
        """Show the progress in the colour of ``role``."""
        if role != self._progress_role:
            self._progress_role = role
            self._colour_progress()

    def _colour_progress(self) -> None:
        chunk, ground = theme.color(self._progress_role).name(), theme.color("line").name()
        self.progress.setStyleSheet(
            f"QProgressBar {{ background: {ground}; border: none; border-radius: 2px }}"
            f"QProgressBar::chunk {{ background: {chunk}; border-radius: 2px }}"
        )
