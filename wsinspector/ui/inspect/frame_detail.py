"""One frame down to the bit: the figure, and a line a field with its clause."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from wsinspector.present.bitmap import BitMap, Field, Unmasked
from wsinspector.present.clauses import short_clause
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.bit_map import BitFigure
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.unmasking import Unmasking
from wsinspector.ui.tips import plain_tip


class FieldLine(QWidget):
    """``RSV1 1  compressed, permessage-deflate   RFC 7692 §6``; one with a rule leads to it."""

    pointed_at = Signal(int)
    about_asked = Signal(str)  # the id of the rule

    def __init__(self, index: int, field: Field, fault: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index = index
        self._lit = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 1, 4, 1)
        layout.setSpacing(8)
        tone = "fault" if fault else field.role
        name = RoleLabel(f"{field.name} {field.value}".strip(), tone, bold=True)
        meaning = RoleLabel(field.meaning, "text", wraps=bool(field.rule))
        clause = RoleLabel(short_clause(field.clause), "muted")
        clause.setToolTip(plain_tip(field.clause))
        layout.addWidget(name, 0)
        layout.addWidget(meaning, 1)
        layout.addWidget(clause, 0)
        name.setMinimumWidth(name.sizeHint().width())
        clause.setMinimumWidth(clause.sizeHint().width())
        self.setAccessibleName(f"{field.name} {field.value}, {field.meaning}, {field.clause}")
        self.rule = field.rule
        if not self.rule:
            return
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        tip = translate("Bits", "Leads to the rule “{rule}” and its examples (Enter)").format(rule=self.rule)
        clause.set_text(f"{short_clause(field.clause)}  {self.rule} ›".strip())
        clause.setMinimumWidth(clause.sizeHint().width())
        for part in (self, name, meaning, clause):
            part.setToolTip(plain_tip("\n".join(line for line in (field.clause, tip) if line)))
        self.setAccessibleDescription(tip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.rule and event.button() == Qt.MouseButton.LeftButton:
            self.about_asked.emit(self.rule)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.rule and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.about_asked.emit(self.rule)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def set_lit(self, lit: bool) -> None:
        if lit != self._lit:
            self._lit = lit
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()
        self.pointed_at.emit(self._index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()
        self.pointed_at.emit(-1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._lit:
            painter.fillRect(self.rect(), theme.color("selection"))
        elif self.rule and self.underMouse():
            painter.fillRect(self.rect(), theme.color("hover"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class FrameDetail(QWidget):
    """The figure above its field lines; both light together, and say so for the hex view."""

    bytes_lit = Signal(int, int)  # first byte, one past the last; -1, -1 for none
    about_asked = Signal(str)  # the id of the rule that a frame breaks

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: BitMap | None = None
        self._lines: list[FieldLine] = []
        self._faults = 0
        self.title = RoleLabel("", "text", bold=True)
        self.note = RoleLabel("", "muted")
        self.figure = BitFigure()
        self.unmasking = Unmasking()
        self._body = QWidget()
        whole = QVBoxLayout(self._body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        self._above = QVBoxLayout()
        self._above.setSpacing(6)
        whole.addLayout(self._above)
        whole.addWidget(self.unmasking)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(0)
        whole.addLayout(self._fields, 1)
        self._fields.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setAccessibleName(translate("Bits", "Fields of the frame"))
        scroll.setWidget(self._body)
        self._scroll = scroll
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.figure)
        layout.addWidget(scroll, 1)
        self.figure.pointed_at.connect(self._figure_pointed)
        self.unmasking.figure.pointed_at.connect(self._figure_pointed)

    def show_frame(
        self,
        title: str,
        note: str,
        found: BitMap | None,
        faults: tuple[Field, ...] = (),
        unmasked: Unmasked | None = None,
    ) -> None:
        """Show one frame; ``faults`` are lines of what is wrong, above the fields.

        ``unmasked``: what it says, where its header is masked too.
        """
        self.title.set_text(title)
        left_out = found.left_out if found is not None else 0
        if left_out:
            note += translate("Bits", ", {count} not drawn").format(count=count(left_out))
        self.note.set_text(note)
        self._map = found
        self.figure.set_map(found)
        self.figure.setVisible(found is not None)
        self.unmasking.show_unmasked(unmasked)
        for line in self._lines:
            self._fields.removeWidget(line)
            line.deleteLater()
        self._lines = []
        fields = found.fields if found is not None else ()
        for at, field in enumerate(faults):
            line = FieldLine(-2 - at, field, fault=True)
            line.about_asked.connect(self.about_asked)
            self._fields.insertWidget(at, line)
            self._lines.append(line)
        for index, field in enumerate(fields):
            line = FieldLine(index, field)
            line.pointed_at.connect(self._line_pointed)
            self._fields.insertWidget(len(faults) + index, line)
            self._lines.append(line)
        self._faults = len(faults)

    def add_above(self, widget: QWidget) -> None:
        """Put ``widget`` above the fields, below those put there before."""
        self._above.addWidget(widget)

    def point_at_byte(self, byte: int) -> None:
        """A byte of the frame is pointed at elsewhere: light its field."""
        field = self._map.field_of_byte(byte) if self._map is not None and byte >= 0 else None
        self._light(-1 if field is None else field, byte)

    def _figure_pointed(self, field: int, byte: int) -> None:
        self._light(field, -1)
        self._tell(field, byte)

    def _line_pointed(self, field: int) -> None:
        self._light(field, -1)
        self._tell(field, -1)

    def _light(self, field: int, byte: int) -> None:
        wide = self._map is not None and field >= 0 and self._map.fields[field].role == "payload"
        for figure in (self.figure, self.unmasking.figure):
            figure.set_lit(field, byte if wide else -1)
        for index, line in enumerate(self._lines[self._faults :] if self._lines else ()):
            line.set_lit(index == field)
            if index == field:
                self._scroll.ensureWidgetVisible(line, 0, 0)

    def _tell(self, field: int, byte: int) -> None:
        if self._map is None or field < 0:
            self.bytes_lit.emit(-1, -1)
            return
        found = self._map.fields[field]
        if found.role == "payload" and byte >= 0:
            self.bytes_lit.emit(byte, byte + 1)
        else:
            self.bytes_lit.emit(found.start // 8, -(-found.end // 8))
