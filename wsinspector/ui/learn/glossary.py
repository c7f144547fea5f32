"""The glossary: every word with its source and what else to look up, narrowed as one types."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wsinspector.learn.glossary import find_terms, term_called, terms
from wsinspector.learn.glossary_term import Term
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.searched import PageLink, SearchedPage

MOST_WIDE = 760
"""px at zoom 1: longer lines are hard to read."""


class SeeAlso(PageLink):
    """Another word; pressed, it is shown."""

    def __init__(self, term: Term, page: "GlossaryPage") -> None:
        super().__init__(term.name, page)
        self.setAccessibleName(translate("Glossary", "See also {word}").format(word=term.name))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        tell(self, translate("Glossary", "Goes to this word (Enter)"))
        self.clicked.connect(partial(page.show_place, term.key))


class TermBox(QWidget):
    """One word: what it means, where that is laid down, what else to see."""

    def __init__(self, term: Term, page: "GlossaryPage") -> None:
        super().__init__()
        self.term = term
        self.setAccessibleName(term.name)
        self.setAccessibleDescription(f"{term.text} {term.source}")
        self.name = RoleLabel(term.name, "link", bold=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 0, theme.SPACE)
        column.setSpacing(2)
        column.addWidget(self.name)
        column.addWidget(RoleLabel(term.text, "text", wraps=True))
        column.addWidget(RoleLabel(term.source, "muted", wraps=True, size=0.94))
        self.links: list[SeeAlso] = []
        others = [found for key in term.see if (found := term_called(key)) is not None]
        row = FlowRow(spacing=6)
        row.add(RoleLabel(translate("Glossary", "See also"), "muted", size=0.94))
        for other in others:
            self.links.append(SeeAlso(other, page))
            row.add(self.links[-1])
        column.addWidget(row)


class GlossaryPage(SearchedPage):
    """All words on one page, with a search above them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        lead = translate(
            "Glossary",
            "The words of the protocol and of this program, for who knows HTTP. Each names the text that "
            "lays it down.",
        )
        super().__init__(lead, translate("Glossary", "No word fits."), parent)
        self.describe_search(
            translate("Glossary", "Search: a word, or what stands in its text"),
            translate("Glossary", "Search the glossary"),
            translate("Glossary", "Words that begin so come into sight ([key:rules.find])"),
        )
        self.area.setAccessibleName(translate("Glossary", "Words"))
        self.area.setToolTip(translate("Glossary", "Up and Down scroll; Tab goes from word to word"))
        self.boxes: dict[str, TermBox] = {}
        for term in terms():
            self.boxes[term.key] = TermBox(term, self)
            self.column.addWidget(self.boxes[term.key])
        self.column.addStretch(1)

    def show_place(self, place: str) -> None:
        """Bring the word of the key ``place`` into sight."""
        box = self.boxes.get(place)
        if box is None:
            return
        self.search.clear()
        for each in self.boxes.values():
            each.name.set_role("link")
        box.name.set_role("accent" if theme.look() == "contrast" else "in")
        self._to_top(box)
        if box.links:
            box.links[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._to_top(box)

    def _to_top(self, box: TermBox) -> None:
        layout = self.inner.layout()
        if layout is not None:
            layout.activate()
        self.area.verticalScrollBar().setValue(box.y())

    def focus_first(self) -> None:
        focus = self.focusWidget()
        if focus is None or not self.inner.isAncestorOf(focus):
            self.search.setFocus()

    def _narrow(self, text: str) -> None:
        """Show the words that fit ``text``."""
        wanted = {term.key for term in find_terms(text)}
        for key, box in self.boxes.items():
            box.setVisible(key in wanted)
        self.nothing.setVisible(not wanted)
        self.area.verticalScrollBar().setValue(0)

    def _fit(self) -> None:
        """No line longer than can be read well."""
        over = self.width() - round(MOST_WIDE * theme.zoom()) - theme.MARGIN
        self.column.setContentsMargins(theme.MARGIN, 0, max(theme.MARGIN, over), theme.MARGIN)
