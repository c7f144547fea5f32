"""A small folded part with label and value lines: how the accept value comes about, TLS."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.value_text import ValueText


class FoldSection(QWidget):
    """A heading that opens ``(label, value)`` lines; values can be selected and copied."""

    def __init__(self, title: str, *, strong: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str], ...] = ()
        self._notes: tuple[str, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 12, 0)
        head.setSpacing(6)
        self.arrow = QPushButton("▸")
        self.arrow.setCheckable(True)
        self.arrow.setProperty("kind", "flat")
        theme.watcher().changed.connect(self._restyle)
        self._restyle()
        self.arrow.setStyleSheet("padding: 0")
        self.arrow.setAccessibleName(translate("FoldSection", "{0}, details").format(title))
        self.arrow.setToolTip(translate("FoldSection", "Show or hide the details (Space)"))
        self.arrow.toggled.connect(self._fold)
        self._title = RoleLabel(title, "text" if strong else "muted", bold=strong)
        self._summary = RoleLabel("", "muted", size=0.95)
        self._trust = RoleLabel("", "muted", size=0.95)
        head.addWidget(self.arrow)
        head.addWidget(self._title)
        head.addWidget(self._summary, 1)
        head.addWidget(self._trust)
        self.offer = QPushButton()
        self.offer.setStyleSheet("padding: 2px 9px")
        self.offer.hide()
        head.addWidget(self.offer)
        column.addLayout(head)
        self._box = QWidget()
        self._grid = QGridLayout(self._box)
        self._grid.setContentsMargins(38, 0, 12, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self._box.hide()
        column.addWidget(self._box)

    def show_facts(
        self,
        summary: str,
        rows: Sequence[tuple[str, str]],
        trust: str = "",
        tone: str = "muted",
        *,
        notes: Sequence[str] = (),
    ) -> None:
        """Show a line of ``summary``, ``trust`` at the right in its ``tone``, and the lines folded.

        ``notes``: a sentence below each line, empty for none.
        """
        self._summary.set_text(summary)
        self._trust.set_text(trust)
        self._trust.set_role(tone)
        self._trust.setVisible(bool(trust))
        if (tuple(rows), tuple(notes)) == (self._rows, self._notes):
            return
        self._rows, self._notes = tuple(rows), tuple(notes)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (label, value) in enumerate(self._rows):
            name = RoleLabel(label, "muted", size=0.95)
            self._grid.addWidget(name, 2 * at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(ValueText(value, label), 2 * at, 1)
            if at < len(self._notes) and self._notes[at]:
                self._grid.addWidget(RoleLabel(self._notes[at], "muted", wraps=True, size=0.9), 2 * at + 1, 1)

    def set_title(self, title: str) -> None:
        """Call the section otherwise."""
        self._title.set_text(title)
        self.arrow.setAccessibleName(translate("FoldSection", "{0}, details").format(title))

    def rows(self) -> tuple[tuple[str, str], ...]:
        return self._rows

    def _restyle(self) -> None:
        self.arrow.setFixedSize(theme.row_height(), theme.row_height())

    def _fold(self, opened: bool) -> None:
        self.arrow.setText("▾" if opened else "▸")
        self._box.setVisible(opened)
