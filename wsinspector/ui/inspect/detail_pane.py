"""Bits beside payload of the row that is current; reading happens on the pane's own thread."""

from array import array
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from wsinspector.present.bitmap import picture_of
from wsinspector.present.frames import FrameFacts
from wsinspector.present.jsontext import LIMIT
from wsinspector.present.payload import Content, Payload, View, content_of, first_view, read_payload
from wsinspector.present.rowtext import RowCells
from wsinspector.translate import translate
from wsinspector.ui.inspect.answer_row import AnswerRow
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.frame_detail import FrameDetail
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.mark_box import MarkBox
from wsinspector.ui.inspect.payload_pane import PayloadPane, WireBytes

PENDING_BYTES = 4096

Read = tuple[Payload, View, Content]


class DetailPane(QWidget):
    """Shows a frame, or a message by its first frame; the view picked stays for the next row."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._model: LogModel | None = None
        self._numbers: array[int] = array("Q")
        self._facts: FrameFacts | None = None
        self._asked: View | None = None  # picked by hand
        self._growing = False
        self._whole = False
        self.bits = FrameDetail()
        self.mark = MarkBox()
        self.answer = AnswerRow()
        self.bits.add_above(self.answer)
        self.bits.add_above(self.mark)
        self.payload = PayloadPane()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setObjectName("bits_payload")
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.bits)
        self.split.addWidget(self.payload)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([1000, 1000])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)
        self.payload.view_asked.connect(self._view_asked)
        self.payload.byte_pointed.connect(self.bits.point_at_byte)
        self.bits.bytes_lit.connect(self.payload.light)

    def show_frames(self, model: LogModel, numbers: "array[int]", *, whole: bool) -> None:
        """Show the frames of one row; ``whole``: they are a message, else one frame."""
        facts = model.reading.facts(numbers[0])
        if facts is None:
            self.show_nothing()
            return
        same = self._model is model and self._facts is not None and self._facts.number == facts.number
        self._model, self._numbers, self._facts = model, numbers, facts
        if facts.opcode >= 8 or facts.opcode not in (0, 1, 2):
            self._numbers = numbers[:1]
        seen = model.inflation.seen(facts.number)
        picture = picture_of(model.reading, facts, inflated=seen.size if seen is not None else None)
        title = picture.title
        if len(self._numbers) > 1:
            title = translate("Bits", "{title}, first of {count}").format(title=title, count=len(numbers))
        self.payload.set_own(facts.header, None if facts.compressed else facts.length)
        if not same:
            self.bits.show_frame(title, picture.note, picture.figure, picture.faults, picture.unmasked)
        last = model.reading.facts(self._numbers[-1])
        self._growing = last is not None and last.opcode < 8 and not last.fin
        self._whole = whole
        self._read()

    def refresh_if_growing(self) -> None:
        """More fragments of the message came."""
        model, facts = self._model, self._facts
        if not self._growing or model is None or facts is None or not self.isVisible():
            return
        numbers = model.rows.index.members_of(facts.number) if self._whole else self._numbers
        if len(numbers) > len(self._numbers):
            self.show_frames(model, numbers, whole=self._whole)

    def show_pending(self, model: LogModel, facts: FrameFacts, have: int) -> None:
        """A frame that is still arriving, as far as it has come."""
        fresh = self._facts is None or self._facts.number or self._facts.offset != facts.offset
        self._model, self._facts, self._numbers = None, facts, array("Q")
        self._growing = False
        self.payload.set_own(facts.header, facts.length)
        if fresh:
            picture = picture_of(model.reading, facts)
            self.bits.show_frame(picture.title, picture.note, picture.figure, picture.faults)
        data = model.reading.payload(facts, 0, min(have, PENDING_BYTES))
        payload = Payload(data, have, have, 1, facts.opcode, whole=False)
        asked = self._asked if self._asked in (View.TEXT, View.HEX) else None
        view = asked or (View.HEX if facts.opcode == 0x2 else View.TEXT)
        self.payload.show_content(payload, content_of(payload, view), view)

    def show_marker(self, cells: RowCells) -> None:
        """A row that is no frame."""
        self._model = None
        self._facts = None
        self.bits.show_frame(cells.type or translate("Bits", "No frame"), "", None)
        self.payload.show_nothing(" · ".join(part for part in (cells.payload, cells.remark) if part))

    def show_nothing(self) -> None:
        self._model = None
        self._facts = None
        self._growing = False
        self.bits.show_frame(translate("Bits", "No frame"), "", None)
        self.payload.show_nothing(translate("Payload", "Pick a row to see its payload."))

    def _view_asked(self, view: View) -> None:
        self._asked = view
        self._read()

    def _read(self) -> None:
        model, facts = self._model, self._facts
        if model is None or facts is None:
            return
        if self._asked is View.WIRE:
            data = WireBytes(model.reading, facts)
            note = translate(
                "Payload", "Frame {number} as it travelled: {header} bytes of header, then the payload"
            )
            if facts.flags & 2:
                note += translate("Payload", ", masked")
            if facts.compressed:
                note += translate("Payload", ", compressed")
            self.payload.show_wire(data, note.format(number=facts.number, header=facts.header))
            return
        numbers = self._numbers
        asked = self._asked
        reading, inflation = model.reading, model.inflation

        def work() -> Read | None:
            payload = read_payload(reading, inflation, numbers, LIMIT)
            if payload is None:
                return None
            view = asked or first_view(payload)
            return payload, view, content_of(payload, view)

        self._background.ask("payload", work, self._done(facts.number))

    def _done(self, number: int) -> Callable[[Any], None]:
        def done(result: Any) -> None:
            if self._facts is None or self._facts.number != number:
                return
            if isinstance(result, Exception):
                self.payload.show_nothing(translate("Payload", "Cannot be read: {why}").format(why=result))
            elif result is None:
                self.payload.show_nothing(translate("Payload", "The capture does not hold this frame."))
            elif self._asked is not View.WIRE:
                self.payload.show_content(*_in_order(result))

        return done


def _in_order(result: Read) -> tuple[Payload, Content, View]:
    payload, view, content = result
    return payload, content, view
