"""The filter line: a field for the language, what was found, and a sentence where one is needed."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from wsinspector.filter import (
    Condition,
    Parsed,
    doubt_of,
    parse,
    taken_back,
    with_condition,
    without_condition,
)
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.count_label import CountLabel
from wsinspector.ui.inspect.filter_field import FilterField
from wsinspector.ui.inspect.filter_memory import MOST_NAME, FilterMemory
from wsinspector.ui.inspect.filter_menu import FilterMenu
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.strip_bar import StripBar, flat_button

TYPING_MS = 150
NAMING_MS = 600
"""What may become the name of a field is not looked for in payloads at once."""


class FilterSays(QWidget):
    """One sentence below the field, and at most one thing to do about it."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = RoleLabel("", "muted", wraps=True)
        self.act = QPushButton()
        self.act.setProperty("kind", "link")
        self.act.setAutoDefault(False)
        self.act.clicked.connect(self.acted)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP + 1, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.text, 1)
        row.addWidget(self.act)
        self.hide()

    def say(self, text: str, role: str = "muted", act: str = "", tip: str = "") -> None:
        """Show ``text``, and ``act`` as something to press; nothing where both are empty."""
        self.text.set_role(role)
        if text != self.text.full_text():
            self.text.set_text(text)
        if act != self.act.text():
            self.act.setText(act)
            self.act.setAccessibleName(act)
        tell(self.act, tip)
        self.act.setVisible(bool(act))
        self.setVisible(bool(text))


class FilterLine(QWidget):
    """Reads what is typed; the last good filter stays in force while something is wrong.

    ``applied``: another condition is in force, as :attr:`condition` and :attr:`in_force` say.
    """

    applied = Signal()
    left = Signal()  # the focus goes to the log
    help_asked = Signal()
    stop_asked = Signal()
    go_on_asked = Signal()
    kinds_asked = Signal()  # every kind is to be shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.memory = FilterMemory()
        self.condition: Condition | None = None
        self.doubt = ""
        """What the line in force may have been meant to ask; see :func:`~wsinspector.filter.doubt_of`."""
        self.in_force = ""  # the line that condition was read from
        self._parsed = Parsed("", None)
        self._stopped = False
        self._told = ("", "muted", "", "")  # what the rows have to say
        self._does = "clear"
        self._renaming = ""
        self._make()
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.timeout.connect(self.apply)
        self._wire()

    def _make(self) -> None:
        self.field = FilterField(self.memory)
        self.field.setPlaceholderText(translate("Filter", "Filter: a word, or type == text and size > 20"))
        self.field.setAccessibleName(translate("Filter", "Filter"))
        tell(
            self.field,
            translate(
                "Filter",
                "Rows that fit: a word in the payload, or an expression ([key:frames.filter])\n"
                "Ctrl+Space offers names, Tab takes one, Up recalls, Escape clears, [key:filter.help] "
                "explains",
            ),
        )
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(72)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.more = flat_button(
            "▾", translate("Filter", "Saved filters and those used before (Alt+Down in the filter)")
        )
        self.help = flat_button(
            "?", translate("Filter", "What a filter can say ([key:filter.help] in the filter)")
        )
        self.count = CountLabel("pane")
        self.halt = flat_button("■", "")
        self.halt.hide()
        self.says = FilterSays()
        self.naming = StripBar(
            translate("Filter", "Name"),
            translate("Filter", "what this filter is called"),
            translate("Filter", "The name of the filter. Enter keeps it, Escape leaves it"),
        )
        self.naming.field.setMaxLength(MOST_NAME)
        self.naming.row.setContentsMargins(theme.GAP + 1, 0, 0, 0)
        self.menu = FilterMenu(self.memory, self)

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.field, 1)
        row.addWidget(self.more)
        row.addWidget(self.help)
        row.addSpacing(theme.SPACE)
        row.addWidget(self.count)
        row.addWidget(self.halt)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addWidget(self.says)
        column.addWidget(self.naming)

    def _wire(self) -> None:
        self.field.textChanged.connect(self._typed)
        self.field.entered.connect(self._entered)
        self.field.left.connect(self.left)
        self.field.help_asked.connect(self.help_asked)
        self.field.menu_asked.connect(self.open_menu)
        self.field.editingFinished.connect(self._finished)
        self.help.clicked.connect(self.help_asked)
        self.more.clicked.connect(self.open_menu)
        self.halt.clicked.connect(self._halt)
        self.says.acted.connect(self._act)
        self.menu.picked.connect(self.take)
        self.menu.save_asked.connect(self._ask_name)
        self.menu.rename_asked.connect(self._ask_name)
        self.menu.help_asked.connect(self.help_asked)
        self.naming.entered.connect(self._named)
        self.naming.left.connect(self.field.setFocus)

    def place(self, widget: QWidget) -> None:
        """Put ``widget`` in front of the count."""
        at = self._row.indexOf(self.count)
        self._row.insertWidget(at, widget)
        self._row.insertSpacing(at + 1, theme.SPACE)

    def use(self, memory: FilterMemory) -> None:
        """Recall and keep filters in ``memory`` from now on."""
        self.memory = self.field.memory = self.menu.memory = memory

    def focus(self) -> None:
        """Take the focus, all of the text picked."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    # -- what is typed

    @property
    def wrong(self) -> bool:
        """Whether what stands in the field cannot be read."""
        return not self._parsed.ok

    def _typed(self, text: str) -> None:
        self.field.show_mistakes(())
        if not text.strip():
            self.apply()
            return
        # Half a name is a word too, and nobody means it.
        naming = self.field.popup.isVisible() and parse(text).word
        self._typing.start(NAMING_MS if naming else TYPING_MS)

    def apply(self) -> bool:
        """Put what stands in the field in force now; False where it cannot be read."""
        self._typing.stop()
        text = self.field.text()
        self._parsed = parse(text)
        if self._parsed.ok:
            changed = self._parsed.condition != self.condition
            self.in_force = text.strip()
            self.condition = self._parsed.condition
            self.doubt = doubt_of(text)
            if changed:
                self._told = ("", "muted", "", "")
        self._say()
        if self._parsed.ok and changed:
            self.applied.emit()
        return self._parsed.ok

    def take(self, text: str) -> None:
        """Put ``text`` into the field and in force."""
        self.field.setText(text)
        self.field.popup.hide()
        if self.apply():
            self.memory.used(text)
        self.field.settled()

    def add(self, condition: str, *, without: bool) -> None:
        """Narrow the filter down to what fits ``condition`` too, or to what does not."""
        self.apply()
        text = self.in_force if self.wrong else self.field.text()
        self.take(without_condition(text, condition) if without else with_condition(text, condition))

    def leave_out(self, types: str, on: bool) -> None:
        """Leave rows of ``types`` out, or no longer."""
        if on:
            self.add(types, without=True)
            return
        self.apply()
        self.take(taken_back(self.in_force if self.wrong else self.field.text(), types))

    def clear(self) -> None:
        """No filter."""
        self.field.clear()

    def _entered(self) -> None:
        if self.apply():
            self.memory.used(self.field.text())
            self.field.settled()
            self.left.emit()

    def _finished(self) -> None:
        """The focus goes elsewhere: what is in force is worth to be recalled."""
        if self.in_force and self.in_force == self.field.text().strip():
            self.memory.used(self.in_force)

    # -- saying

    def show_count(self, text: str, *, busy: bool, stopped: bool) -> None:
        """What was found; ``busy``: it is still looked for; ``stopped``: a person stopped that."""
        if text != self.count.full_text():
            self.count.set_text(text)
            # Going up a few times a second, or while one types, it must not push the field about.
            steady = bool(text) and (busy or self.condition is not None or self.field.hasFocus())
            wanted = self.count.sizeHint().width()
            self.count.setMinimumWidth(max(wanted, self.count.minimumWidth()) if steady else wanted)
        self._stopped = stopped
        if self.halt.isHidden() == (busy or stopped):
            self.halt.setVisible(busy or stopped)
        sign = "▶" if stopped else "■"
        if self.halt.text() != sign:
            self.halt.setText(sign)
        tip = (
            translate("Filter", "Look through the rest too")
            if stopped
            else translate("Filter", "Look no further; what was found stays")
        )
        if self.halt.toolTip() != tip:
            tell(self.halt, tip)
            self.halt.setAccessibleName(tip)

    @property
    def halting(self) -> bool:
        """Whether looking can be stopped by a button that is in sight."""
        return not self.halt.isHidden() and not self._stopped

    def _halt(self) -> None:
        (self.go_on_asked if self._stopped else self.stop_asked).emit()

    def tell(self, text: str, *, role: str = "muted", act: str = "", does: str = "clear") -> None:
        """What the rows have to say, shown unless the line itself cannot be read.

        ``does``: "clear" the filter or show all "kinds" when ``act`` is pressed.
        """
        tips = {
            "clear": translate("Filter", "Show all rows again (Escape in the filter)"),
            "kinds": translate("Filter", "Press Text, Binary, Control and Faults"),
        }
        self._does = does
        told = (text, role, act, tips[does])
        if told != self._told:
            self._told = told
            self._say()

    def _say(self) -> None:
        mistakes = self._parsed.mistakes
        typing = bool(mistakes) and mistakes[0].start >= len(self.field.text().rstrip())
        self.field.show_mistakes(() if typing else mistakes)
        wrong = bool(mistakes) and not typing
        if mistakes:
            kept = (
                translate("Filter", "Still in force: {filter}").format(filter=self.in_force)
                if self.in_force
                else translate("Filter", "No filter is in force.")
            )
            self.says.say(f"{mistakes[0].text} {kept}", "note" if wrong else "muted")
        else:
            self.says.say(*self._told)
        self.field.setAccessibleDescription(self.says.text.full_text() if not self.says.isHidden() else "")
        self._dress("bad", wrong)
        self._dress("active", self.condition is not None)

    def _dress(self, name: str, on: bool) -> None:
        if bool(self.field.property(name)) != on:
            self.field.setProperty(name, on)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def _act(self) -> None:
        if self._does == "kinds":
            self.kinds_asked.emit()
        else:
            self.clear()
        self.left.emit()

    # -- saved filters

    def open_menu(self) -> None:
        """Show the saved filters and those used before, below the field."""
        self.field.popup.hide()
        self.menu.popup_below(self.more, self.in_force)

    def _ask_name(self, old: str = "") -> None:
        self._renaming = old
        title = translate("Filter", "New name") if old else translate("Filter", "Save as")
        self.naming.title.set_text(title)
        self.naming.title.setMinimumWidth(self.naming.title.sizeHint().width())
        self.naming.field.setAccessibleName(title)
        self.naming.field.setText(old)
        self.naming.say((old and self.memory.text_of(old)) or self.in_force)
        self.naming.appear()

    def _named(self, _shift: bool) -> None:
        name = self.naming.field.text().strip()
        if not name:
            self.naming.say(translate("Filter", "A name is needed."), "note")
            return
        other = name if self._renaming != name else None
        if other is not None and self.memory.text_of(name) is not None and not self._warned(name):
            return
        if self._renaming:
            self.memory.rename(self._renaming, name)
        else:
            self.memory.save(name, self.in_force)
        self.naming.leave()

    def _warned(self, name: str) -> bool:
        """Say that ``name`` is taken; True where that was said and Enter was pressed again."""
        text = translate("Filter", "“{name}” is there already; Enter again replaces it.").format(name=name)
        if self.naming.said.full_text() == text:
            return True
        self.naming.say(text, "note")
        return False
