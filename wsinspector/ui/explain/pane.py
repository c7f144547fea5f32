"""Explain mode: the whole conversation as a list, and beside or below it what each piece is."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from wsinspector.capture.migrate import CaptureError
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.present.explaining.part import Kind, Part
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.explaining.rows import Row
from wsinspector.present.explaining.telling import told_of_row
from wsinspector.protocol.dialects import spoken_for
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.explain.model import ExplainModel
from wsinspector.ui.explain.reading import Readings
from wsinspector.ui.explain.table import ExplainTable
from wsinspector.ui.explain.text import ExplainText
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.strip_bar import flat_button
from wsinspector.ui.inspect.tab import TabState

BESIDE = 900
"""px of width at zoom 1 from which the text stands beside the list and not below it."""


class ExplainPane(QWidget):
    """Follows the attempt that is picked in ``tab``; the draft is told as far as it is written."""

    piece_picked = Signal(object)  # Row: light its bytes where they are shown
    term_asked = Signal(str)  # a key of the glossary
    rule_asked = Signal(str)  # a rule's id
    left = Signal()

    def __init__(self, tab: TabState, frames: FramePane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._frames = frames
        self._readings = Readings(tab, frames)
        self._of: object = None  # which attempt, read how
        self._at: tuple[str, tuple[int, ...]] = ("request", ())
        self._moving = False
        self._model: ExplainModel | None = None
        self.setAccessibleName(translate("Explain", "Explained"))
        self.title = RoleLabel(translate("Explain", "Explained"), "text", bold=True)
        self.note = RoleLabel("", "muted")
        self.glossary = flat_button(
            translate("Explain", "Glossary"),
            translate("Explain", "Every word, with its source"),
            name=translate("Explain", "Glossary"),
        )
        self.cross = flat_button("✕", translate("Explain", "Explain no more ([key:window.explain-all])"))
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(theme.MARGIN, theme.SPACE, theme.GAP, theme.SPACE)
        head.setSpacing(theme.GAP)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        head.addWidget(self.glossary)
        head.addWidget(self.cross)
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.table = ExplainTable(self.split)
        self.text = ExplainText(self.split)
        self.split.addWidget(self.table)
        self.split.addWidget(self.text)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([1000, 1000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self.split, 1)
        self.table.current_changed.connect(self._picked)
        self.table.copy_asked.connect(self._copy)
        self.table.left.connect(self.left)
        self.cross.clicked.connect(self.left)
        self.glossary.clicked.connect(lambda: self.term_asked.emit(""))
        self.text.term_asked.connect(self.term_asked)
        self.text.rule_asked.connect(self.rule_asked)
        tab.ticked.connect(self._look)
        for signal in (tab.picked_changed, tab.draft_changed, tab.attempts_changed):
            signal.connect(self._look)
        theme.watcher().changed.connect(self._place_text)

    @property
    def model(self) -> ExplainModel | None:
        """The rows that are shown."""
        return self._model

    @property
    def current(self) -> Row | None:
        """The row that is explained."""
        row = self.table.currentIndex().row()
        if self._model is None or not 0 <= row < self._model.rowCount():
            return None
        return self._model.rows.row(row)

    def show_list(self, on: bool) -> None:
        """Show the list with what it tells of, or the text alone: of whatever is picked elsewhere."""
        self._head.setVisible(on)
        self.table.setVisible(on)

    # -- what is shown

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_text()

    def _place_text(self) -> None:
        beside = self.width() / max(theme.zoom(), 0.1) >= BESIDE
        wanted = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self.split.orientation() != wanted:
            self.split.setOrientation(wanted)
            self.split.setSizes([1000, 1000])

    def _look(self) -> None:
        """Take what has happened, thirty times a second while it is seen."""
        if not self.isVisible() or self._frames.background.stopping:
            return
        try:
            self._take()
        except CaptureError as error:
            self.note.set_text(str(error))

    def _take(self) -> None:
        snapshot = self._tab.snapshot
        if snapshot is None:
            self._take_draft()
            return
        shown = self._tab.reading(snapshot)
        reading = self._readings.of(snapshot)
        of = (snapshot.attempt_id, snapshot.number, reading)
        if self._model is None or of != self._of:
            self._of = of
            self._start(Parts(shown, reading, self._readings.inflation(), self._readings.index(reading)))
        elif self._model.parts.snapshot is not shown or self._model.parts.behind:
            self._grow(shown)

    def _take_draft(self) -> None:
        draft = self._tab.draft.to_bytes()
        of = ("draft", draft)
        if of == self._of:
            return
        dialect = self._tab.conversation.options.speak or spoken_for(draft)
        snapshot = AttemptSnapshot(
            serial=0, number=0, attempt_id=0, phase=Phase.LOOKUP, url="", wall_ns=0, mono_ns=0, request=draft,
            dialect=dialect,
        )  # fmt: skip
        again = isinstance(self._of, tuple) and self._of[:1] == ("draft",)
        self._of = of
        if again and self._model is not None:
            self._grow(snapshot)
        else:
            self._start(Parts(snapshot))

    def _start(self, parts: Parts) -> None:
        before = self._model
        self._model = ExplainModel(parts, self)
        self._moving = True
        self.table.setModel(self._model)
        self._moving = False
        if before is not None:
            before.deleteLater()
        key, path = self._at
        row = self._model.rows.row_of(key) if not path else self._model.reveal(_keyed(parts, key), path)
        if row is None:
            row = 0
        self.table.empty_text = translate("Explain", "Send a request, and every byte of it is told here.")
        self.table.go_to(row)
        self._say()

    def _grow(self, snapshot: AttemptSnapshot) -> None:
        model = self._model
        if model is None:
            return
        following = self.table.at_end
        key, path = self._at
        self._moving = True
        reset = model.refresh(snapshot)
        self._moving = False
        if reset:
            if self.table.currentIndex().row() < 0:
                row = model.rows.row_of(key, path)
                self._go_quietly(row if row is not None else 0)
            if following:
                self.table.scrollToBottom()
            self._say()
        self._tell()

    def _say(self) -> None:
        parts = self._model.parts if self._model is not None else None
        if parts is None:
            self.note.set_text("")
        elif not parts.snapshot.number:
            self.note.set_text(translate("Explain", "The draft, not sent yet"))
        else:
            self.note.set_text(translate("Explain", "%n part(s)", "", len(parts)))

    # -- what is picked

    def _picked(self) -> None:
        if self._moving:
            return
        row = self.current
        if row is not None:
            self._at = row.part.key, row.path
        self._tell()
        if row is not None:
            self.piece_picked.emit(row)

    def _tell(self) -> None:
        row = self.current
        if row is None or self._model is None:
            self.text.show_told(None)
            return
        self.text.show_told(told_of_row(self._model.rows, row, self._model.wrong(row)))

    def _go_quietly(self, row: int | None) -> None:
        """To a row that something else points at: nothing else is moved for it."""
        if row is None:
            return
        self._moving = True
        self.table.go_to(row)
        self._moving = False
        here = self.current
        if here is not None:
            self._at = here.part.key, here.path
        self._tell()

    def go_to_frame(self, number: int, bit: int | None = None) -> None:
        """Show frame ``number``, or its piece at ``bit``, as it is picked elsewhere."""
        model = self._model
        place = model.parts.place_of_frame(number) if model is not None else None
        if model is None or place is None:
            return
        part = model.parts.part(place)
        here = self.current
        if bit is None:
            if here is None or here.part.key != part.key:
                self._go_quietly(model.rows.row_of(part.key))
            return
        span = model.parts.located(part).span
        if span is not None:
            path = model.rows.path_at(part, span.start + bit // 8, bit % 8)
            self._go_quietly(model.reveal(part, path))

    def go_to_part(self, key: str) -> None:
        """Show the part of this key, as something else has come to it."""
        model = self._model
        here = self.current
        if model is not None and (here is None or here.part.key != key):
            self._go_quietly(model.rows.row_of(key))

    def go_to_byte(self, request: bool, byte: int, *, line: bool = False) -> None:
        """Show the piece at a byte of the request's or the answer's stream; ``line``: its whole line."""
        model = self._model
        if model is None:
            return
        parts = model.parts
        direction: Direction = parts.asking if request else parts.answering
        part = model.rows.part_at(direction, byte)
        if part is None or part.kind not in (Kind.REQUEST, Kind.INTERIM, Kind.ANSWER):
            return
        path = model.rows.path_at(part, byte)
        here = self.current
        if here is not None and here.part.key == part.key and here.piece is not None:
            span = here.piece.span
            if span.start <= byte < span.end and here.path[:1] == path[:1]:
                return  # it is told already, or a part of it
        self._go_quietly(model.reveal(part, path[:1] if line else path))

    def _copy(self) -> None:
        if self.text.told is not None:
            QGuiApplication.clipboard().setText(self.text.told.as_text())

    def take_focus(self) -> None:
        """The keys go to the list."""
        QTimer.singleShot(0, self.table, self.table.setFocus)


def _keyed(parts: Parts, key: str) -> Part:
    place = parts.place_of(key)
    return parts.part(place if place is not None else 0)
