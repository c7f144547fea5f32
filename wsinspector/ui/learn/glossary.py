"""The glossary: every word with its source and what else to look up, narrowed as one types."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from wsinspector.learn.glossary import find_terms, term_called, terms
from wsinspector.learn.glossary_term import Term
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.topic import TopicPage

MOST_WIDE = 760
"""px at zoom 1: longer lines are hard to read."""


class SeeAlso(QPushButton):
    """Another word; pressed, it is shown."""

    def __init__(self, term: Term, page: "GlossaryPage") -> None:
        super().__init__(term.name)
        self._page = page
        self.setProperty("kind", "link")
        self.setAccessibleName(translate("Glossary", "See also {word}").format(word=term.name))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        tell(self, translate("Glossary", "Goes to this word (Enter)"))
        self.clicked.connect(partial(page.show_place, term.key))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._page.area.ensureWidgetVisible(self, 0, theme.row_height() * 2)


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


class GlossaryPage(TopicPage):
    """All words on one page, with a search above them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lead = RoleLabel(
            translate(
                "Glossary",
                "The words of the protocol and of this program, for who knows HTTP. Each names the text that "
                "lays it down.",
            ),
            "muted",
            wraps=True,
        )
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(translate("Glossary", "Search: a word, or what stands in its text"))
        self.search.setAccessibleName(translate("Glossary", "Search the glossary"))
        tell(self.search, translate("Glossary", "Words that begin so come into sight ([key:rules.find])"))
        self.search.textChanged.connect(self._narrow)
        self.nothing = RoleLabel(translate("Glossary", "No word fits."), "muted")
        self.nothing.hide()
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(translate("Glossary", "Words"))
        self.area.setToolTip(translate("Glossary", "Up and Down scroll; Tab goes from word to word"))
        self._inner = QWidget()
        column = self._column = QVBoxLayout(self._inner)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.MARGIN)
        column.setSpacing(0)
        self.boxes: dict[str, TermBox] = {}
        for term in terms():
            self.boxes[term.key] = TermBox(term, self)
            column.addWidget(self.boxes[term.key])
        column.addStretch(1)
        self.area.setWidget(self._inner)
        top = QVBoxLayout()
        top.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.SPACE)
        top.setSpacing(theme.SPACE)
        for widget in (self.lead, self.search, self.nothing):
            top.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.area, 1)
        bind_inside("rules.find", self, self._find)
        theme.watcher().changed.connect(self._fit)

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
        layout = self._inner.layout()
        if layout is not None:
            layout.activate()
        self.area.verticalScrollBar().setValue(box.y())

    def focus_first(self) -> None:
        focus = self.focusWidget()
        if focus is None or not self._inner.isAncestorOf(focus):
            self.search.setFocus()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _narrow(self, text: str) -> None:
        """Show the words that fit ``text``."""
        wanted = {term.key for term in find_terms(text)}
        for key, box in self.boxes.items():
            box.setVisible(key in wanted)
        self.nothing.setVisible(not wanted)
        self.area.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """No line longer than can be read well."""
        over = self.width() - round(MOST_WIDE * theme.zoom()) - theme.MARGIN
        self._column.setContentsMargins(theme.MARGIN, 0, max(theme.MARGIN, over), theme.MARGIN)
