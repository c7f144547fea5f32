"""Every rule to look up: a list that is searched, and beside it the picked one with its examples."""

import itertools

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.heads import Chip
from wsinspector.present.rule_pages import Piece, RulePage, Shown, count_text, rule_page
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.accessible_roles import Role
from wsinspector.ui.actions.binding import bind, bind_inside, tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.hex_view import HexView
from wsinspector.ui.inspect.raw_edit import RawEdit
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.chip_label import ChipLabel
from wsinspector.ui.learn.rules_model import RuleDelegate, RulesModel
from wsinspector.ui.learn.topic import TopicPage
from wsinspector.ui.learn.turning import TurningSplit
from wsinspector.ui.widgets.segmented import Segmented

LINES = 14  # of an example's bytes in sight at once
LIST_SHARE = 42
TEXT, HEX = 0, 1


class PieceView(QWidget):
    """Bytes of an example as text with visible line endings, or as hex; what is spoken of is lit."""

    def __init__(self, piece: Piece, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.piece = piece
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(RoleLabel(piece.title, "muted", size=0.95, wraps=True))
        self.box = QFrame()
        self.box.setObjectName("bytes")
        inside = QVBoxLayout(self.box)
        inside.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, 0 if piece.text else theme.SPACE)
        self.raw = RawEdit()
        self.hex = HexView()
        for view in (self.raw, self.hex):
            view.fit_to_lines(LINES)
            view.setAccessibleName(piece.title)
            inside.addWidget(view)
        column.addWidget(self.box)
        self.box.setVisible(bool(piece.data))
        if piece.text:
            self.raw.set_bytes(piece.data)
            self.raw.set_lit(piece.lit)
        self.hex.set_bytes(piece.data)
        self.hex.set_lit(piece.lit)
        self.show_as(TEXT)
        self.restyle()

    def show_as(self, view: int) -> None:
        """Text (0) or hex (1); frames are hex either way."""
        text = view == TEXT and self.piece.text
        self.raw.setVisible(text)
        self.hex.setVisible(not text)

    def restyle(self) -> None:
        field, line = theme.color("field").name(), theme.color("line").name()
        self.box.setStyleSheet(
            f"#bytes {{ background: {field}; border: 1px solid {line}; border-radius: {theme.RADIUS}px }}"
            f"#bytes QAbstractScrollArea {{ background: {field} }}"
        )


class ExampleView(QWidget):
    """A passing or failing example: heading, what judging it tells, its bytes."""

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 2)
        column.addWidget(RoleLabel(shown.title, "text", bold=True))
        for mark, tone, sentence in shown.told:
            row = QHBoxLayout()
            row.setSpacing(theme.SPACE)
            top = Qt.AlignmentFlag.AlignTop
            sign = RoleLabel(mark, tone, bold=True, whole=True)
            sign.setMinimumWidth(theme.MARGIN + theme.SPACE)
            row.addWidget(sign, 0, top)
            told = RoleLabel(sentence, "text", wraps=True)
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row.addWidget(told, 1, top)
            column.addLayout(row)
        self.pieces = [PieceView(piece) for piece in shown.pieces]
        for piece in self.pieces:
            column.addWidget(piece)


class RuleCard(QScrollArea):
    """One rule whole. ``example_asked(id, request)``: put that request into the draft."""

    ACCESSIBLE_ROLE = Role.Document

    example_asked = Signal(str, bytes)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page: RulePage | None = None
        self.examples: list[ExampleView] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(translate("Rules", "The rule that is picked"))
        self.what = RoleLabel("", "text", bold=True, size=1.15, wraps=True)
        self.name = RoleLabel("", "muted", mono=True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.chips = FlowRow()
        self._chips: list[QWidget] = []
        self.why = RoleLabel("", "text", wraps=True)
        for label in (self.what, self.why):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.views = Segmented([translate("Rules", "Text"), translate("Rules", "Hex")])
        self.views.setAccessibleName(translate("Rules", "Examples, shown as"))
        self.views.set_tip(
            TEXT, translate("Rules", "One character a byte, line endings visible ([key:rules.view])")
        )
        self.views.set_tip(HEX, translate("Rules", "Hex and text ([key:rules.view])"))
        self.views.picked.connect(self._show_as)
        self.put = QPushButton(translate("Rules", "Put the failing request into the draft"))
        tell(
            self.put,
            translate(
                "Rules",
                "The bytes of the example replace the draft of the conversation in front; nothing is sent",
            ),
        )
        self.put.clicked.connect(self._ask_example)
        self._acts = FlowRow(spacing=theme.GAP)
        self._acts.add(RoleLabel(translate("Rules", "Examples"), "muted"))
        self._acts.add(self.put)
        self._acts.add(self.views)
        self._examples = QVBoxLayout()
        self._examples.setSpacing(theme.MARGIN + theme.GAP)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.MARGIN + theme.SPACE, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        for widget in (self.what, self.name, self.chips, self.why):
            column.addWidget(widget)
        column.addSpacing(theme.GAP)
        column.addWidget(self._acts)
        column.addLayout(self._examples)
        column.addStretch(1)
        self.setWidget(inner)
        theme.watcher().changed.connect(self._restyle)
        bind("rules.view", self, self._other_view)

    def show_rule(self, page: RulePage) -> None:
        """Show all of ``page``."""
        if page == self.page:
            return
        self.page = page
        self.what.set_text(page.what)
        self.name.set_text(page.name)
        for old in self._chips:
            self.chips.remove(old)
        told = ((page.clause, "muted"), *page.chips, (page.about, "muted"))
        self._chips = [ChipLabel(Chip(text, tone)) for text, tone in told]
        for chip in self._chips:
            self.chips.add(chip)
        self.why.set_text(page.why)
        self.put.setVisible(page.request is not None)
        self.views.setVisible(any(p.text for shown in (page.failing, page.passing) for p in shown.pieces))
        self._acts.arrange_again()
        for example in self.examples:
            self._examples.removeWidget(example)
            example.hide()
            example.deleteLater()
        self.examples = [ExampleView(page.failing), ExampleView(page.passing)]
        for example in self.examples:
            self._examples.addWidget(example)
        self._show_as(self.views.current())
        self.verticalScrollBar().setValue(0)

    def stops(self) -> list[QWidget]:
        """What Tab reaches of the head, from the top."""
        return [self.put, *self.views.segments]

    def chip_texts(self) -> list[str]:
        return [chip.accessibleName() for chip in self._chips]

    def _show_as(self, view: int) -> None:
        for example in self.examples:
            for piece in example.pieces:
                piece.show_as(view)

    def _other_view(self) -> None:
        if self.views.isVisible():
            self.views.segments[HEX if self.views.current() == TEXT else TEXT].click()

    def _ask_example(self) -> None:
        if self.page is not None and self.page.request is not None:
            self.example_asked.emit(self.page.name, self.page.request)

    def _restyle(self) -> None:
        for example in self.examples:
            for piece in example.pieces:
                piece.restyle()


class RulesPage(TopicPage):
    """Search field and list on the left, the picked rule on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RulesModel(self)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(translate("Rules", "Search: a word, an id or a clause"))
        self.search.setAccessibleName(translate("Rules", "Search the rules"))
        tell(
            self.search,
            translate(
                "Rules",
                "Every word must stand in the rule. Down goes to the list, Escape empties ([key:rules.find])",
            ),
        )
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.count = RoleLabel("", "muted", size=0.95)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(RuleDelegate(self.tree))
        self.tree.setAccessibleName(translate("Rules", "Rules"))
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setItemsExpandable(False)
        self.tree.setMouseTracking(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tell(self.tree, translate("Rules", "Up and Down go from rule to rule, letters find one"))
        self.nothing = QLabel(translate("Rules", "No rule has all of these words."))
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        self.nothing.hide()
        self.card = RuleCard()
        self.card.example_asked.connect(self.example_asked)
        self._lay_out()
        self.tree.selectionModel().currentChanged.connect(self._picked)
        theme.watcher().changed.connect(self._fit)
        bind_inside("rules.find", self, self._find)
        for before, after in itertools.pairwise((self.search, self.tree, self.card, *self.card.stops())):
            QWidget.setTabOrder(before, after)
        self._filter("")
        self.show_place(next(entry.name for entry, _ in self.model.places()))

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.SPACE)
        top.setSpacing(theme.SPACE)
        top.addWidget(self.search)
        top.addWidget(self.count)
        column.addLayout(top)
        column.addWidget(self.nothing)
        column.addWidget(self.tree, 1)
        left.setMinimumWidth(240)
        self.split = TurningSplit([LIST_SHARE * 10, (100 - LIST_SHARE) * 10])
        self.split.hold(left, self.card)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.split)

    # -- what is shown

    def show_place(self, place: str) -> None:
        """Pick the rule called ``place``; a search that hides it is emptied."""
        if rule_page(place) is None:
            return
        if not self.model.place_of(place).isValid():
            self.search.clear()
        index = self.model.place_of(place)
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def focus_first(self) -> None:
        self.tree.setFocus()

    def picked(self) -> str:
        """The id of the rule that is shown."""
        return self.card.page.name if self.card.page is not None else ""

    def _picked(self, index: QModelIndex) -> None:
        entry = self.model.entry(index)
        page = rule_page(entry.name) if entry is not None else None
        if page is not None:
            self.card.show_rule(page)

    def _filter(self, words: str) -> None:
        """The rule that is shown stays picked where it is still there, else the first one is."""
        before = self.picked()
        self.model.set_words(words)
        self.tree.expandAll()
        self.count.set_text(count_text(self.model.groups))
        self.nothing.setVisible(not self.model.groups)
        if not self.model.groups or not before:
            return
        index = self.model.place_of(before)
        if not index.isValid():
            index = next(index for _, index in self.model.places())
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index)

    def _fit(self) -> None:
        self.tree.doItemsLayout()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.tree.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)
