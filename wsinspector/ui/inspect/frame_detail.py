"""One frame down to the bit: the figure, and a line a field with its clause."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from wsinspector.present.bitmap import BitMap, Field, Masking, Unmasked, field_text
from wsinspector.present.clauses import short_clause
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.accessible_roles import Role
from wsinspector.ui.actions.binding import give_key, tell
from wsinspector.ui.inspect.bit_map import BitFigure
from wsinspector.ui.inspect.mask_sum import MaskSum
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.unmasking import Unmasking
from wsinspector.ui.presenting.state import presenting
from wsinspector.ui.tips import plain_tip


class FieldLine(QWidget):
    """``RSV1 1  compressed, permessage-deflate   RFC 7692 §6``; one with a rule leads to it.

    With the focus it is lit as if it were pointed at; Up and Down step to the next, Ctrl+C copies it.
    """

    ACCESSIBLE_ROLE = Role.ListItem

    pointed_at = Signal(int)
    stepped = Signal(int)  # 1 down, -1 up
    copy_asked = Signal(int)
    about_asked = Signal(str)  # the id of the rule
    picked = Signal(int)  # it has the focus

    def __init__(self, index: int, field: Field, fault: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self.lit = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 1, 4, 1)
        layout.setSpacing(8)
        tone = "fault" if fault else field.role
        name = RoleLabel(f"{field.name} {field.value}".strip(), tone, bold=True, whole=True)
        # Nobody points at a projector to read the rest in a tooltip.
        meaning = RoleLabel(field.meaning, "text", wraps=bool(field.rule) or presenting().on)
        clause = RoleLabel(short_clause(field.clause), "muted", whole=True)
        tell(clause, plain_tip(field.clause))
        layout.addWidget(name, 0)
        layout.addWidget(meaning, 1)
        layout.addWidget(clause, 0)
        self.setAccessibleName(f"{field.name} {field.value}, {field.meaning}, {field.clause}")
        self.rule = field.rule
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.rule else Qt.FocusPolicy.ClickFocus)
        if not self.rule:
            return
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        tip = translate("Bits", "Leads to the rule “{rule}” and its examples (Enter)").format(rule=self.rule)
        clause.set_text(f"{short_clause(field.clause)}  {self.rule} ›".strip())
        for part in (self, name, meaning, clause):
            tell(part, plain_tip("\n".join(line for line in (field.clause, tip) if line)))
        self.setAccessibleDescription(tip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.rule and event.button() == Qt.MouseButton.LeftButton:
            self.about_asked.emit(self.rule)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.rule and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.about_asked.emit(self.rule)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(self.index)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
        self.pointed_at.emit(self.index)
        self.picked.emit(self.index)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
        self.pointed_at.emit(-1)

    def set_lit(self, lit: bool) -> None:
        if lit != self.lit:
            self.lit = lit
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()
        self.pointed_at.emit(self.index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()
        self.pointed_at.emit(-1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.lit:
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
    frame_copy_asked = Signal()  # the bytes of the frame as it travelled
    field_picked = Signal(int)  # its first bit: clicked, or stepped to by keys

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: BitMap | None = None
        self.lines: list[FieldLine] = []
        self._fault_fields: tuple[Field, ...] = ()
        self._faults = 0
        self.title = RoleLabel("", "text", bold=True)
        self.note = RoleLabel("", "muted")
        self.figure = BitFigure()
        self.unmasking = Unmasking()
        self.masking = MaskSum()
        self._body = QWidget()
        whole = QVBoxLayout(self._body)
        whole.setContentsMargins(0, 0, theme.SPACE, 0)
        whole.setSpacing(6)
        # Never wider than the room beside the scroll bar, which would lie over the clauses at the right.
        self._body.setMinimumWidth(1)
        self._above = QVBoxLayout()
        self._above.setSpacing(6)
        whole.addLayout(self._above)
        whole.addWidget(self.unmasking)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(0)
        whole.addLayout(self._fields)
        whole.addWidget(self.masking)
        whole.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its lines have it
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
        for figure in (self.figure, self.unmasking.figure):
            figure.pointed_at.connect(self._figure_pointed)
            figure.copy_asked.connect(self.copy_field)
        for total in (self.masking, self.unmasking.sum):
            total.pointed_at.connect(self._sum_pointed)
        self.copy_frame = QAction(translate("Bits", "Copy frame as bytes"), self)
        give_key(self.copy_frame, "detail.copy")
        self.copy_frame.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.copy_frame.triggered.connect(self.frame_copy_asked)
        self.addAction(self.copy_frame)
        tip = translate("Bits", "Arrows move, Ctrl+C copies the field, [key:detail.copy] the frame as bytes")
        tell(self.figure, tip)

    def show_frame(
        self,
        title: str,
        note: str,
        found: BitMap | None,
        faults: tuple[Field, ...] = (),
        unmasked: Unmasked | None = None,
        masking: Masking | None = None,
    ) -> None:
        """Show one frame; ``faults`` are lines of what is wrong, above the fields.

        ``unmasked``: what it says, where its header is masked too; ``masking``: how its payload is unmasked.
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
        self.masking.show_sum(masking)
        self.copy_frame.setEnabled(found is not None)
        for line in self.lines:
            self._fields.removeWidget(line)
            line.deleteLater()
        self.lines = []
        fields = found.fields if found is not None else ()
        for at, field in enumerate(faults):
            line = FieldLine(-2 - at, field, fault=True)
            line.about_asked.connect(self.about_asked)
            line.copy_asked.connect(self.copy_field)
            line.pointed_at.connect(self._fault_pointed)
            line.stepped.connect(partial(self._step, at))
            self._fields.insertWidget(at, line)
            self.lines.append(line)
        for index, field in enumerate(fields):
            line = FieldLine(index, field)
            line.pointed_at.connect(self._line_pointed)
            line.picked.connect(self._field_picked)
            line.stepped.connect(partial(self._step, len(faults) + index))
            line.copy_asked.connect(self.copy_field)
            if not index and not line.rule:
                line.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Tab comes to the first, Up and Down go on
            self._fields.insertWidget(len(faults) + index, line)
            self.lines.append(line)
        self._faults = len(faults)
        self._fault_fields = faults
        before = self._last_above()
        for line in self.lines:
            QWidget.setTabOrder(before, line)
            before = line

    def _last_above(self) -> QWidget:
        """What Tab leaves when it comes to the lines: they were made after all else."""
        found: QWidget = self.figure
        for at in range(self._above.count()):
            item = self._above.itemAt(at)
            widget = item.widget() if item is not None else None
            if widget is not None:
                parts = widget.findChildren(QWidget)
                found = ([found] + [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus])[
                    -1
                ]
        return found

    def add_above(self, widget: QWidget) -> None:
        """Put ``widget`` above the fields, below those put there before."""
        self._above.addWidget(widget)

    def first_bit(self, index: int) -> int | None:
        """The first bit of field ``index`` of the frame; None where there is none."""
        field = self._field(index) if index >= 0 else None
        return field.start if field is not None else None

    def light_bits(self, start: int, end: int) -> None:
        """Light the field that holds the bits ``start`` to ``end - 1`` of the frame; -1, -1 lights none."""
        fields = self._map.fields if self._map is not None else ()
        index = next((at for at, each in enumerate(fields) if each.start < end and start < each.end), -1)
        if index < 0 or end <= start:
            self._light(-1, -1)
            self.bytes_lit.emit(-1, -1)
            return
        self._light(index, start // 8)
        if fields[index].role == "payload":
            self.bytes_lit.emit(start // 8, -(-end // 8))
        else:
            self._tell(index, start // 8)

    def point_at_byte(self, byte: int) -> None:
        """A byte of the frame is pointed at elsewhere: light its field."""
        field = self._map.field_of_byte(byte) if self._map is not None and byte >= 0 else None
        self._light(-1 if field is None else field, byte)

    def _step(self, at: int, by: int) -> None:
        """The focus goes ``by`` lines on."""
        to = min(max(at + by, 0), len(self.lines) - 1)
        self.lines[to].setFocus(Qt.FocusReason.OtherFocusReason)

    def _field(self, index: int) -> Field | None:
        if index <= -2:
            return self._fault_fields[-2 - index] if -2 - index < len(self._fault_fields) else None
        fields = self._map.fields if self._map is not None else ()
        return fields[index] if 0 <= index < len(fields) else None

    def copy_field(self, index: int) -> None:
        """Put a field and its sentence on the clipboard."""
        field = self._field(index)
        if field is not None:
            QGuiApplication.clipboard().setText(field_text(field))

    def _field_picked(self, index: int) -> None:
        field = self._field(index)
        if field is not None and index >= 0:
            self.field_picked.emit(field.start)

    def _fault_pointed(self, index: int) -> None:
        """What is wrong lights the bytes it speaks of."""
        field = self._field(index)
        if field is None or field.end <= field.start:
            self.bytes_lit.emit(-1, -1)
        else:
            self.bytes_lit.emit(field.start // 8, -(-field.end // 8))

    def _sum_pointed(self, byte: int) -> None:
        self.point_at_byte(byte)
        self.bytes_lit.emit(byte, byte + 1 if byte >= 0 else -1)

    def menu(self, index: int) -> QMenu:
        """What can be done with field ``index`` and with the frame."""
        menu = QMenu(self)
        copy = menu.addAction(translate("Bits", "Copy field"))
        give_key(copy, "list.copy")
        copy.setEnabled(self._field(index) is not None)
        copy.triggered.connect(lambda: self.copy_field(index))
        menu.addAction(self.copy_frame)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = next((line.index for line in self.lines if line.underMouse() or line.hasFocus()), -1)
        for figure in (self.figure, self.unmasking.figure):
            if figure.underMouse() or figure.hasFocus():
                index = figure.current_field()
        menu = self.menu(index)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _figure_pointed(self, field: int, byte: int) -> None:
        self._light(field, byte)
        self._tell(field, byte)

    def _line_pointed(self, field: int) -> None:
        self._light(field, -1)
        self._tell(field, -1)

    def _light(self, field: int, byte: int) -> None:
        wide = self._map is not None and field >= 0 and self._map.fields[field].role == "payload"
        for figure in (self.figure, self.unmasking.figure):
            figure.set_lit(field, byte if wide else -1)
        for total in (self.masking, self.unmasking.sum):
            total.set_lit(byte)
        for index, line in enumerate(self.lines[self._faults :] if self.lines else ()):
            line.set_lit(index == field)
            if index == field:
                self._scroll.ensureWidgetVisible(line, 0, 0)
        if wide and byte >= 0 and self.masking.isVisible():
            self._scroll.ensureWidgetVisible(self.masking, 0, 0)

    def _tell(self, field: int, byte: int) -> None:
        if self._map is None or field < 0:
            self.bytes_lit.emit(-1, -1)
            return
        found = self._map.fields[field]
        if found.role == "payload" and byte >= 0:
            self.bytes_lit.emit(byte, byte + 1)
        else:
            self.bytes_lit.emit(found.start // 8, -(-found.end // 8))
