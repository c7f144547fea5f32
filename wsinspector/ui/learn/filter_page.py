"""What the filter of the log can say: every name, value and operator with an example that can be tried."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from wsinspector.filter import Entry, reference
from wsinspector.filter.names import Named
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.searched import PageLink, SearchedPage

NAME_WIDTH = 104  # px at zoom 1
EXAMPLE_WIDTH = 270
NARROW = 520
"""px of width at zoom 1 below which all of an entry stands in one column."""


def titles() -> dict[str, str]:
    """What the groups of the reference are called, in their order."""
    return {
        "text": translate("FilterPage", "To look for a text"),
        "field": translate("FilterPage", "Names"),
        "has": translate("FilterPage", "What a row can have"),
        "operator": translate("FilterPage", "Operators"),
    }


def words_of(entry: Entry) -> str:
    """All that a search can find of ``entry``, in small letters."""
    values = " ".join(f"{each.name} {each.meaning}" for each in entry.values)
    return " ".join((entry.name, entry.kind, entry.meaning, entry.example, values, *entry.also)).lower()


def says_more(value: Named) -> bool:
    """Whether the meaning of a value is more than its name."""
    bare = value.meaning.rstrip(".").lower().replace(" ", "-")
    return bare != value.name and not value.meaning.startswith("Opcode ")


class Example(PageLink):
    """A line that can be typed; pressed, it is."""

    def __init__(self, text: str, page: "FilterPage") -> None:
        super().__init__(text, page)
        self.example = text
        self.setAccessibleName(translate("FilterPage", "Try {filter}").format(filter=text))
        tell(self, translate("FilterPage", "Try it: filters the conversation in front (Enter)"))
        self.clicked.connect(lambda: page.filter_asked.emit(text))
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.mono_font())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.font() != theme.mono_font():
            self._dress()


class EntryRow(QWidget):
    """One entry: what it is called, what it means, and an example."""

    def __init__(self, entry: Entry, page: "FilterPage") -> None:
        super().__init__()
        self.entry = entry
        self.words = words_of(entry)
        self.name = RoleLabel(entry.name, "text", mono=True, bold=True)
        self.example = Example(entry.example, page)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self.meaning = RoleLabel(entry.meaning, "text", wraps=True)
        lines = []
        if entry.kind:
            lines.append(translate("FilterPage", "Held against {kind}.").format(kind=entry.kind))
        if entry.values:
            told = [each for each in entry.values if says_more(each)]
            bare = [each.name for each in entry.values if not says_more(each)]
            if bare:
                lines.append(translate("FilterPage", "Values: {values}.").format(values=", ".join(bare)))
            lines += [f"{each.name}: {each.meaning}" for each in told]
        if entry.also:
            lines.append(translate("FilterPage", "Also: {names}.").format(names=", ".join(entry.also)))
        self.more = [RoleLabel(line, "muted", wraps=True, size=0.94) for line in lines]
        self._narrow: bool | None = None

    def fit(self, *, narrow: bool) -> None:
        """Columns of the same width in every row, or one where the page is narrow."""
        zoom = 0.0 if narrow else theme.zoom()
        self._grid.setColumnMinimumWidth(0, round(NAME_WIDTH * zoom))
        self._grid.setColumnMinimumWidth(2, round(EXAMPLE_WIDTH * zoom))
        if narrow is self._narrow:
            return
        self._narrow = narrow
        top = Qt.AlignmentFlag.AlignTop
        left = top | Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(self.name, 0, 0, 1, 3 if narrow else 1, top)
        self._grid.addWidget(self.meaning, 1 if narrow else 0, 0 if narrow else 1, 1, 3 if narrow else 1, top)
        self._grid.addWidget(self.example, 2 if narrow else 0, 0 if narrow else 2, left)
        for at, line in enumerate(self.more, 3 if narrow else 1):
            self._grid.addWidget(line, at, 0 if narrow else 1, 1, 3 if narrow else 2, top)


class FilterPage(SearchedPage):
    """The whole reference on one page, with a search above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        lead = translate(
            "FilterPage",
            "A plain word is looked for in payloads. Conditions are joined by and, or, not. Numbers take "
            "k, M, Ki, Mi; times ns, us, ms, s, m, h. Names that Wireshark's users know are "
            "understood. What is not known fits neither a condition nor its not, and is counted: an import "
            "from HAR does not tell bits, masks, compression, lengths on the wire or findings. "
            "An example that is pressed goes into the filter of the conversation in front.",
        )
        super().__init__(lead, translate("FilterPage", "Nothing here has all of these words."), parent)
        self.describe_search(
            translate("FilterPage", "Search: a name, a value or a word"),
            translate("FilterPage", "Search what a filter can say"),
            translate("FilterPage", "Every word must stand in the entry ([key:rules.find])"),
        )
        self.area.setAccessibleName(translate("FilterPage", "What a filter can say"))
        self.titles: dict[str, RoleLabel] = {}
        self.rows: list[EntryRow] = []
        entries = reference()
        for group, title in titles().items():
            label = self.titles[group] = RoleLabel(title, "link", bold=True)
            label.setContentsMargins(0, theme.GAP, 0, theme.SPACE)
            self.column.addWidget(label)
            for entry in entries:
                if entry.group == group:
                    self.rows.append(EntryRow(entry, self))
                    self.column.addWidget(self.rows[-1])
        self.column.addStretch(1)

    def show_place(self, place: str) -> None:
        """Bring the entry called ``place`` into sight."""
        row = next((row for row in self.rows if row.entry.name == place), None)
        if row is not None:
            self.search.clear()
            self.area.ensureWidgetVisible(row)
            row.example.setFocus()

    def _narrow(self, text: str) -> None:
        """Show the entries that have every word of ``text``."""
        wanted = text.lower().split()
        left = set()
        for row in self.rows:
            fits = all(word in row.words for word in wanted)
            row.setVisible(fits)
            if fits:
                left.add(row.entry.group)
        for group, title in self.titles.items():
            title.setVisible(group in left)
        self.nothing.setVisible(not left)

    def _fit(self) -> None:
        narrow = self.width() < NARROW * theme.zoom()
        for row in self.rows:
            row.fit(narrow=narrow)
