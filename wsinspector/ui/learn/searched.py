"""A topic on one page with a search above it: what the glossary and the filter's reference have in common."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.topic import TopicPage

LOW = 280
"""px of height at zoom 1 below which what leads in is left out, so that the rest has room."""


class SearchedPage(TopicPage):
    """``lead`` and the field stand still, what is put into ``column`` scrolls in ``area`` below them.

    ``nothing`` is shown, as its owner finds, where nothing fits what is searched for.
    """

    def __init__(self, lead: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lead = RoleLabel(lead, "muted", wraps=True)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.nothing = RoleLabel(nothing, "muted")
        self.nothing.hide()
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.inner = QWidget()
        self.column = QVBoxLayout(self.inner)
        self.column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.MARGIN)
        self.column.setSpacing(0)
        self.area.setWidget(self.inner)
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
        theme.watcher().changed.connect(self._fit_all)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_all()

    def _fit_all(self) -> None:
        self.lead.setVisible(self.height() >= LOW * theme.zoom())
        self._fit()

    def describe_search(self, placeholder: str, name: str, tip: str) -> None:
        """What the field says of itself."""
        self.search.setPlaceholderText(placeholder)
        self.search.setAccessibleName(name)
        tell(self.search, tip)

    def focus_first(self) -> None:
        self.search.setFocus()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _narrow(self, text: str) -> None:
        """Show what fits ``text``."""
        raise NotImplementedError

    def _fit(self) -> None:
        """Set what hangs on the size of the page and of the text."""
        raise NotImplementedError


class PageLink(QPushButton):
    """A link on such a page, which comes into sight with what stands around it when it has the focus."""

    def __init__(self, text: str, page: SearchedPage) -> None:
        super().__init__(text)
        self._page = page
        self.setProperty("kind", "link")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._page.area.ensureWidgetVisible(self, 0, theme.row_height() * 2)
