"""One head, of the request or of the answer, as Headers, Raw and Bytes: three views of the same bytes."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.present.handshake_texts import Fact
from wsinspector.present.heads import HeadRow, gaps_told, row_at, rows_within, secrets_in
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.head_table import HeadTable
from wsinspector.ui.inspect.hex_edit import HexEdit
from wsinspector.ui.inspect.hex_view import HeldBytes, HexData
from wsinspector.ui.inspect.raw_edit import RawEdit
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.widgets.segmented import Segmented

RAW_LINES = 26
HEX_LINES = 20
RAW_LIMIT = 128 * 1024
"""Bytes Raw shows of an answer; Bytes shows any number."""

HEADERS, RAW, BYTES = 0, 1, 2


class HeadSection(QWidget):
    """Heading, the three views, facts beneath; with a draft all three are edited."""

    edited = Signal(object, str)  # Draft, and the run of typing it belongs to, "" for none
    undo_asked = Signal()
    redo_asked = Signal()
    reveal_asked = Signal(bytes)
    hide_asked = Signal(bytes)
    row_clicked = Signal(object)  # HeadRow
    about_asked = Signal()  # what the version is that the request speaks
    presets_asked = Signal(object)  # the widget to open the menu under
    copying_asked = Signal(object)  # the same, of the menu that copies for other tools
    view_changed = Signal(int)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[HeadRow, ...] = ()
        self._draft: Draft | None = None
        self._data: HexData = HeldBytes()
        self._lit: tuple[Span, ...] = ()
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        column.addLayout(self._heading(title))
        self.table = HeadTable()
        self.raw = RawEdit(editable=True)
        self.hex = HexEdit()
        self.raw.fit_to_lines(RAW_LINES)
        self.hex.fit_to_lines(HEX_LINES)
        self._views: tuple[HeadTable, RawEdit, HexEdit] = (self.table, self.raw, self.hex)
        self._stack = QVBoxLayout()
        self._stack.setContentsMargins(0, 0, 0, 0)
        for view in self._views:
            self._stack.addWidget(view)
            if view is not self.table:  # shown before it has a parent, it would be a window and take the keys
                view.hide()
        column.addLayout(self._stack)
        self._foot = self._footer()
        column.addLayout(self._foot)
        self._flag = RoleLabel("", "note", wraps=True)
        self._flag.setContentsMargins(12, 0, 12, 0)
        self._flag.hide()
        column.addWidget(self._flag)
        self._copied = RoleLabel("", "muted", wraps=True)
        self._copied.hide()
        column.addWidget(self._copied)
        self._copies = False
        self._facts = QVBoxLayout()
        self._facts.setSpacing(2)
        column.addLayout(self._facts)
        self._shown_facts: tuple[Fact, ...] = ()
        self._by_itself = False  # Raw was picked here, for bytes that have no header lines
        self._connect()
        self._indent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._indent()

    def _indent(self) -> None:
        """What stands below the table begins where its names do."""
        left = self.table.gutter() + 2
        self._facts.setContentsMargins(left, 0, 12, 0)
        self._foot.setContentsMargins(left - theme.GAP - 1, 2, 12, 0)
        self._copied.setContentsMargins(left, 0, 12, 0)

    def _heading(self, title: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(RoleLabel(title, "text", bold=True))
        self.when = RoleLabel("", "muted", size=0.95)
        row.addWidget(self.when, 1)
        self.switch = Segmented(
            [
                translate("HeadSection", "Headers"),
                translate("HeadSection", "Raw"),
                translate("HeadSection", "Bytes"),
            ]
        )
        self.switch.setAccessibleName(translate("HeadSection", "{0}, shown as").format(title))
        row.addWidget(self.switch)
        return row

    def _footer(self) -> QHBoxLayout:
        buttons = FlowRow(spacing=6)
        row = QHBoxLayout()
        row.addWidget(buttons, 1)
        self._add = QPushButton(translate("HeadSection", "Add a line"))
        tell(
            self._add, translate("HeadSection", "Add a header line below the current one ([key:headers.add])")
        )
        self._endings = QPushButton(translate("HeadSection", "Separators and endings"))
        self._endings.setCheckable(True)
        tell(
            self._endings,
            translate(
                "HeadSection", "Show and edit what stands between name and value, and each line ending"
            ),
        )
        self._as = QPushButton(translate("HeadSection", "As …"))
        self._as.setAccessibleName(translate("HeadSection", "Request as another client"))
        tell(
            self._as,
            translate(
                "HeadSection",
                "Write the request as a browser or a library does, as recorded ([key:request.presets])",
            ),
        )
        self._copy = QPushButton(translate("HeadSection", "Copy as …"))
        self._copy.setAccessibleName(translate("HeadSection", "Copy the request for another tool"))
        tell(
            self._copy,
            translate("HeadSection", "Put the request on the clipboard as curl, Python, bytes and others"),
        )
        for button in (self._add, self._as, self._endings, self._copy):
            button.setProperty("kind", "flat")
            button.setStyleSheet("font-weight: normal")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            buttons.add(button)
        return row

    def _connect(self) -> None:
        self.switch.picked.connect(self.show_view)
        self.table.edited.connect(lambda draft: self.edited.emit(draft, ""))
        self.raw.edited.connect(lambda data: self._take_bytes(data, self.raw.run))
        self.hex.edited.connect(lambda data: self._take_bytes(data, self.hex.run))
        for view in self._views:
            view.undo_asked.connect(self.undo_asked)
            view.redo_asked.connect(self.redo_asked)
        self.table.flagged.connect(self._show_flag)
        self.raw.flagged.connect(self._show_flag)
        self.table.reveal_asked.connect(self.reveal_asked)
        self.table.hide_asked.connect(self.hide_asked)
        self.table.row_clicked.connect(self.row_clicked)
        self.table.about_asked.connect(self.about_asked)
        self.raw.hidden_clicked.connect(self._reveal_at)
        self.hex.hidden_clicked.connect(self._reveal_at)
        self._add.clicked.connect(self.table.add_line)
        self._endings.toggled.connect(self.table.set_details)
        self._as.clicked.connect(lambda: self.presets_asked.emit(self._as))
        self._copy.clicked.connect(self.ask_copy)

    # -- what is shown

    def show_head(
        self,
        rows: tuple[HeadRow, ...],
        data: HexData,
        *,
        draft: Draft | None = None,
        when: str = "",
        facts: Sequence[Fact] = (),
    ) -> None:
        """Show ``rows`` and the bytes they were made of; ``draft`` where they can be edited."""
        if self._copied.isVisibleTo(self) and data.read(0, data.length()) != self._shown_bytes():
            self.tell_copied("")
        self._rows, self._data, self._draft = rows, data, draft
        self._copy.setVisible(self._copies and data.length() > 0)
        self.when.set_text(when)
        self.table.show_rows(rows, draft)
        self.raw.set_editable(draft is not None)
        self.hex.set_editable(draft is not None)
        bare = not rows and data.length() > 0
        self.switch.segments[HEADERS].setEnabled(not bare)
        if bare and self.view == HEADERS:
            self.switch.set_current(RAW)
            self._by_itself = True
        elif not bare and self._by_itself:
            self.switch.set_current(HEADERS)
            self._by_itself = False
        self._fill(self.view)
        self._add.setVisible(draft is not None and draft.is_head and self.view == HEADERS)
        self._endings.setVisible(draft is not None and draft.is_head and self.view == HEADERS)
        self._as.setVisible(draft is not None and self.view == HEADERS)
        self._show_facts(tuple(facts))
        nothing = not rows and data.length() == 0 and draft is None
        self.switch.setVisible(not nothing)
        for at, view in enumerate(self._views):
            view.setVisible(at == self.view and not nothing)
        if draft is None:
            self._show_flag(self.gaps())

    @property
    def view(self) -> int:
        return self.switch.current()

    def show_view(self, view: int) -> None:
        """Change to Headers (0), Raw (1) or Bytes (2)."""
        if self.switch.current() != view:
            self.switch.set_current(view)
        self._fill(view)
        for at, one in enumerate(self._views):
            one.setVisible(at == view)
        editable = self._draft is not None and self._draft.is_head and view == HEADERS
        self._add.setVisible(editable)
        self._endings.setVisible(editable)
        self._as.setVisible(self._draft is not None and self.view == HEADERS)
        self._by_itself = False
        if self._draft is None:
            self._show_flag(self.gaps())
        self.view_changed.emit(view)

    def next_view(self) -> None:
        """Go from Headers to Raw to Bytes and round again."""
        if self.switch.isVisible():
            first = HEADERS if self.switch.segments[HEADERS].isEnabled() else RAW
            self.show_view(self.view + 1 if self.view < BYTES else first)

    def name_keys(self, keys: str) -> None:
        """Say in the tooltips which keys change the view."""
        tips = (
            translate("HeadSection", "Line by line ({0} changes)"),
            translate("HeadSection", "One character a byte, line endings visible ({0} changes)"),
            translate("HeadSection", "Hex and text ({0} changes)"),
        )
        for at, tip in enumerate(tips):
            self.switch.set_tip(at, tip.format(keys))

    def _fill(self, view: int) -> None:
        hidden = secrets_in(self._rows)
        lit = [(span.start, span.end) for span in self._lit]
        if view == RAW:
            self.raw.show_bytes(self._data.read(0, min(self._data.length(), RAW_LIMIT)), hidden)
            self.raw.set_lit(lit)
        elif view == BYTES:
            self.hex.set_data(self._data)
            self.hex.set_hidden(hidden)
            self.hex.set_lit(lit)
        self.table.set_lit(self._lit)

    def set_lit(self, spans: Sequence[Span]) -> None:
        """Light bytes in whichever view is shown."""
        self._lit = tuple(spans)
        self._fill(self.view)

    def lit_top(self) -> int | None:
        """Height of the first lit row within this widget, None where Headers lights none."""
        rows = self.table.lit_rows()
        if self.view != HEADERS or not rows:
            return None
        return round(self.table.y() + self.table.row_rect(rows[0]).top())

    def _show_facts(self, facts: tuple[Fact, ...]) -> None:
        if facts == self._shown_facts:
            return
        self._shown_facts = facts
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for fact in facts:
            self._facts.addWidget(RoleLabel(fact.text, fact.tone, wraps=True))

    def gaps(self) -> str:
        """What is said of bytes that a copy was made without, where they are shown one by one."""
        return gaps_told(self._rows) if self.view != HEADERS else ""

    def facts(self) -> tuple[Fact, ...]:
        return self._shown_facts

    def _show_flag(self, text: str) -> None:
        self._flag.set_text(text)
        self._flag.setVisible(bool(text))

    def ask_presets(self) -> None:
        """Ask for the menu of recorded clients, where the draft is shown."""
        if self._draft is not None:
            self.presets_asked.emit(self._as if self._as.isVisible() else self.switch)

    def ask_copy(self) -> None:
        """Ask for the menu that copies the request for other tools, where there is a request."""
        if self._copies and self._data.length():
            self.copying_asked.emit(self._copy if self._copy.isVisible() else self.switch)

    def offer_copying(self) -> None:
        """This is the request's section: it can be copied for other tools."""
        self._copies = True

    def _shown_bytes(self) -> bytes:
        return self._data.read(0, self._data.length())

    def tell_copied(self, text: str) -> None:
        """Say what was copied, until something else is shown."""
        self._copied.set_text(text)
        self._copied.setVisible(bool(text))

    def stops(self) -> list[QWidget]:
        """What Tab reaches, from the top."""
        return [*self.switch.segments, *self._views, self._add, self._as, self._endings, self._copy]

    # -- edits

    def _take_bytes(self, data: bytes, run: str) -> None:
        if self._draft is not None:
            self.edited.emit(self._draft.with_bytes(data), run)

    def _reveal_at(self, offset: int) -> None:
        at = row_at(self._rows, offset)
        if at is not None:
            self.reveal_asked.emit(self._rows[at].secret_key)


def lit_in(rows: Sequence[HeadRow], spans: Collection[Span]) -> tuple[int, ...]:
    """Numbers of the rows that ``spans`` touch."""
    return tuple(sorted({at for span in spans for at in rows_within(rows, span)}))
