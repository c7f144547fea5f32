"""Sets of variables, one in use: typed into a table, filled in wherever ``{{name}}`` stands."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QInputDialog,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.library.environments import VariableSet
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.send_bar import CodeBox
from wsinspector.ui.library.shelf import Shelf
from wsinspector.ui.library.variables_model import NAME, SECRET, VALUE, VariablesModel


class VariablesView(QWidget):
    """What is picked in the box is in use: nothing, or one of the sets."""

    said = Signal(str)

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self._shelf = shelf
        self.setAccessibleName(translate("Variables", "Variables"))
        self.box = CodeBox()
        self.box.setAccessibleName(translate("Variables", "The set in use"))
        self.box.setMinimumContentsLength(14)
        tell(
            self.box,
            translate(
                "Variables", "The set that requests and messages are filled in from; None fills in none"
            ),
        )
        self.box.activated.connect(self._use)
        self.add = self._button(translate("Variables", "New set…"), translate("Variables", "A further set"))
        self.add.clicked.connect(lambda: self._ask(None))
        self.rename = self._button(
            translate("Variables", "Rename…"), translate("Variables", "Call the set in use otherwise")
        )
        self.rename.clicked.connect(lambda: self._ask(self._at()))
        self.remove = self._button(
            translate("Variables", "Delete the set"), translate("Variables", "Delete the set in use")
        )
        self.remove.clicked.connect(self._remove_set)
        self.drop = self._button(
            translate("Variables", "Delete the variable"),
            translate("Variables", "Take the picked variables out ([key:variables.delete])"),
        )
        self.drop.clicked.connect(self.remove_picked)
        self.model = VariablesModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(translate("Variables", "Variables of the set in use"))
        tell(
            self.table,
            translate(
                "Variables", "F2 or a double click changes a cell; [key:variables.delete] deletes a row"
            ),
        )
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        bind_inside("variables.delete", self.table, self.remove_picked)
        self.told = RoleLabel("", "fault", wraps=True)
        self.help = RoleLabel(
            translate(
                "Variables",
                "{{name}} in an address, in the value of a header, or in a message becomes the value when it "
                "leaves. \\{{name}} leaves as {{name}}. {{counter}}, {{uuid}}, {{now}} and {{unix_ms}} are "
                "there by themselves. A secret value is shown as dots and is never part of a shared file.",
            ),
            "muted",
            wraps=True,
        )
        row = FlowRow(spacing=theme.GAP)
        for widget in (self.box, self.add, self.rename, self.remove, self.drop):
            row.add(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(row)
        column.addWidget(self.told)
        column.addWidget(self.table, 1)
        column.addWidget(self.help)
        self._rest = QSpacerItem(0, 0)  # what is left below the help while there is no table
        column.addSpacerItem(self._rest)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.model.changed.connect(self._changed)
        self.model.refused.connect(self._refuse)
        shelf.environments_changed.connect(self.look)
        theme.watcher().changed.connect(self._dress)
        self._dress()
        self.look()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        tell(button, tip)
        return button

    def _dress(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(theme.row_height())
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        # The style's own box is not seen in the dark; beside this one stands a word.
        muted, focus = theme.color("muted").name(), theme.color("focus").name()
        self.table.setStyleSheet(
            f"QTableView::item {{ padding: 0 {theme.GAP - 3}px }}"
            f"QTableView::indicator {{ width: 11px; height: 11px; border: 1px solid {muted};"
            f" border-radius: 2px; background: transparent }}"
            f"QTableView::indicator:checked {{ background: {focus}; border-color: {focus} }}"
        )
        self.table.setColumnWidth(NAME, theme.row_height() * 8)
        self.table.setColumnWidth(SECRET, theme.row_height() * 4)

    def focus_first(self) -> None:
        """The table where a set is in use, else the box."""
        (self.table if self._at() is not None else self.add).setFocus()

    def _at(self) -> int | None:
        """The place of the set in use."""
        environments = self._shelf.environments
        names = [each.name for each in environments.sets]
        return names.index(environments.active) if environments.active in names else None

    def look(self) -> None:
        """Show what is kept now."""
        environments, at = self._shelf.environments, self._at()
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(translate("Variables", "None"))
            for each in environments.sets:
                self.box.addItem(visible(each.name))
            self.box.setCurrentIndex(0 if at is None else at + 1)
        self.model.show(None if at is None else environments.sets[at])
        writable = self._shelf.variables_writable
        for button in (self.rename, self.remove, self.drop):
            button.setEnabled(at is not None and writable)
        self.add.setEnabled(writable)
        self.table.setVisible(at is not None)
        grows = QSizePolicy.Policy.Fixed if at is not None else QSizePolicy.Policy.Expanding
        self._rest.changeSize(0, 0, QSizePolicy.Policy.Minimum, grows)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
        self._refuse(self._shelf.variables_trouble)

    def _refuse(self, why: str) -> None:
        self.told.set_text(f"✕ {why}" if why else "")
        self.told.setVisible(bool(why))

    # -- changes

    def _use(self, index: int) -> None:
        environments = self._shelf.environments
        name = "" if index == 0 else environments.sets[index - 1].name
        self._shelf.change_environments(environments.using(name))

    def _changed(self, made: VariableSet) -> None:
        at = self._at()
        if at is not None:
            self._shelf.change_environments(self._shelf.environments.with_set(at, made))

    def remove_picked(self) -> None:
        """Take the variables out in whose rows something is picked."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedIndexes()})
        made = self.model.without(rows)
        if made is not None:
            self._changed(made)

    def _ask(self, at: int | None) -> None:
        before = "" if at is None else self._shelf.environments.sets[at].name
        title = translate("Variables", "Name of the set")
        name, done = QInputDialog.getText(self, title, title, QLineEdit.EchoMode.Normal, before)
        if done:
            self.name_set(at, name.strip())

    def name_set(self, at: int | None, name: str) -> None:
        """Call set ``at`` so, a new one for None, which is then in use."""
        environments = self._shelf.environments
        known = environments.named(name)
        if not name or (known is not None and (at is None or environments.sets[at] is not known)):
            self._refuse(translate("Variables", "Each set needs a name of its own."))
            return
        if at is None:
            made = environments.added(VariableSet(name)).using(name)
        else:
            made = environments.with_set(at, replace(environments.sets[at], name=name))
        self._shelf.change_environments(made)
        self.table.setFocus()

    def _remove_set(self) -> None:
        at = self._at()
        if at is not None:
            self._shelf.change_environments(self._shelf.environments.removed(at))
