"""The row that is picked, told in sentences below the table: what is sent, what must happen, what did."""

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wsinspector.present.plain import visible
from wsinspector.present.provoked_texts import told
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.provoke.model import FIXED, ProvokeModel

LINES = 4
"""Servers that are told of; a table of more is read by its cells."""


class ToldRow(QWidget):
    """Says what a row is about while nothing was run, and what each server did after."""

    def __init__(self, model: ProvokeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.what = RoleLabel("", "text", wraps=True)
        self.done = RoleLabel("", "muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.what)
        column.addWidget(self.done)
        column.addStretch(1)
        theme.watcher().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        # Room for three lines and more, so that the table seldom moves from row to row.
        self.setMinimumHeight(4 * theme.row_height())

    def show_row(self, index: QModelIndex) -> None:
        """Tell of the row at ``index``; of what the page is for where there is none."""
        model = self._model
        if not index.isValid() or index.row() >= len(model.rows):
            self.what.set_text(_nothing_picked() if model.rows else _nothing_found())
            self.done.set_text("")
            return
        each = model.rows[index.row()]
        self.what.set_text(f"{each.what} {each.must} ({each.clause})")
        lines = []
        for at, server in enumerate(model.results.servers if model.results is not None else ()):
            row = model.row_at(model.index(index.row(), FIXED + at))
            if row is not None:
                lines.append(f"{visible(server.name)}: {told(row)}")
        self.done.set_text("\n".join(lines[:LINES]))


def _nothing_picked() -> str:
    return translate(
        "Provoke",
        "Each row is a way to misbehave, on a connection of its own. Tick rows, name servers, and press Run; "
        "the row that is picked is told of here.",
    )


def _nothing_found() -> str:
    return translate("Provoke", "No provocation speaks of this.")
