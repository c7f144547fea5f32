"""Bits beside payload of the row that is current; reading happens on the pane's own thread."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from wsinspector.present.bitmap import picture_of
from wsinspector.present.frames import FrameFacts
from wsinspector.present.hexlines import plain_hex
from wsinspector.present.imported import framing_note, wire_note
from wsinspector.present.jsontext import LIMIT
from wsinspector.present.opened import Opened, fault_text, open_message
from wsinspector.present.payload import Content, Payload, View, content_of, first_view, note_of, size_text
from wsinspector.present.rowtext import RowCells
from wsinspector.present.stop_told import StopTold
from wsinspector.present.views.contents import Budget
from wsinspector.present.views.json_tree import JsonTree
from wsinspector.present.views.registry import SURE, VIEWS, view_called
from wsinspector.present.views.viewing import Viewed, kind_of, source_of, viewed
from wsinspector.present.withheld import Stretches, content_without, note_without, of_frame, withheld
from wsinspector.protocol.deflate import InflateFault
from wsinspector.translate import translate
from wsinspector.ui.inspect.answer_row import AnswerRow, PartRow
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.compare_pane import ComparePane
from wsinspector.ui.inspect.frame_detail import FrameDetail
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.mark_box import MarkBox
from wsinspector.ui.inspect.payload_pane import PayloadPane, WireBytes
from wsinspector.ui.inspect.view_memory import ViewMemory
from wsinspector.ui.inspect.view_menu import ViewMenu
from wsinspector.ui.inspect.wire_beside import WireBeside

PENDING_BYTES = 4096
READING_MS = 150
FRAME_COPIED = 1 << 20
"""Bytes of a frame that are copied as hex at the most."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the thread made: ``viewed`` where a payload view is shown; ``fitting``: the views that may fit.

    ``instead``: the view in whose place that one stands, as it cannot show so much.
    """

    opened: Opened
    view: View
    content: Content
    kind: str
    fitting: tuple[str, ...] = ()
    viewed: Viewed | None = None
    instead: View | None = None
    gone: tuple[tuple[int, int], ...] = ()  # left out of a copy made to share


class DetailPane(QWidget):
    """Shows a frame, or a message by its first frame; the view picked stays for the next row."""

    def __init__(
        self, background: Background, memory: ViewMemory | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.memory = memory if memory is not None else ViewMemory()
        self._kind = ""  # of the message that is shown, as the memory knows it
        self._background = background
        self._model: LogModel | None = None
        self._numbers: array[int] = array("Q")
        self._facts: FrameFacts | None = None
        self._asked: View | None = None  # picked by hand
        self._growing = False
        self._shows_payload = False
        self._whole = False
        self._opened: Opened | None = None  # what is shown, so that another view need not read it again
        self._told: StopTold | None = None
        self._reading = QTimer(self)  # while it runs, what stood there before may stay
        self._reading.setSingleShot(True)
        self._reading.setInterval(READING_MS)
        self._asks = count()
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.bits = FrameDetail(self.split)
        self.mark = MarkBox()
        self.answer = AnswerRow()
        self.part = PartRow()
        self.bits.add_above(self.answer)
        self.bits.add_above(self.part)
        self.bits.add_above(self.mark)
        self.payload = PayloadPane(self.split)
        self._reading.timeout.connect(self.payload.show_busy)
        self.split.setObjectName("bits_payload")
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.bits)
        self.split.addWidget(self.payload)
        self.beside = WireBeside(self.split)
        self.split.addWidget(self.beside)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setStretchFactor(2, 1)
        self.split.setSizes([1000, 1000])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)
        self.compare = ComparePane(self)
        layout.addWidget(self.compare)
        self.compare.hide()
        self.compare.run = self._run
        self.compare.stopping = lambda: background.stopping
        self.compare.left.connect(self._leave_comparison)
        self.menu = ViewMenu(self.payload.views)
        self.addAction(self.menu.beside)
        self.menu.beside_asked.connect(self._beside_asked)
        self.beside.share_picked.connect(self.payload.light_share)
        self.payload.view_asked.connect(self._view_asked)
        self.payload.menu_asked.connect(self.menu.open)
        self.menu.picked.connect(self._named_asked)
        self.payload.use(self._run)
        self.payload.byte_pointed.connect(self.bits.point_at_byte)
        self.bits.bytes_lit.connect(self.payload.light)
        self.bits.frame_copy_asked.connect(self._copy_frame)

    def _beside_asked(self, on: bool) -> None:
        """The wire in the place of the bits, beside the message; or the bits again."""
        self._show_beside()
        if on and self._asked is View.WIRE:
            self._view_asked(View.HEX)

    def _show_beside(self) -> None:
        opened = self._opened
        on = self.menu.beside.isChecked() and self._model is not None and opened is not None
        fresh = on and self.beside.isHidden()
        self.bits.setVisible(not on)
        self.beside.setVisible(on)
        if fresh:
            half = max(self.split.width() // 2, 1)
            self.split.setSizes([0, half, half])
        if on and opened is not None:
            self.beside.show_opened(opened)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._background.ask(f"view {next(self._asks)}", work, done)

    def show_comparison(self, model: LogModel, left: "array[int]", right: "array[int]") -> None:
        """Show what two rows differ in, until another row is shown."""
        self.compare.compare(model.reading, model.inflation, left, right)
        self.split.hide()
        self.compare.show()
        self.compare.table.setFocus()

    def _leave_comparison(self) -> None:
        if not self.compare.isHidden():
            self.compare.hide()
            self.split.show()

    def show_frames(self, model: LogModel, numbers: "array[int]", *, whole: bool) -> None:
        """Show the frames of one row; ``whole``: they are a message, else one frame."""
        facts = model.reading.facts(numbers[0])
        if facts is None:
            self.show_nothing()
            return
        same = self._model is model and self._facts is not None and self._facts.number == facts.number
        if not same:
            self._leave_comparison()
        self._model, self._numbers, self._facts = model, numbers, facts
        if facts.opcode >= 8 or facts.opcode not in (0, 1, 2):
            self._numbers = numbers[:1]
        seen = model.inflation.seen(facts.number)
        picture = picture_of(
            model.reading,
            facts,
            inflated=seen.size if seen is not None and seen.fault is not InflateFault.LEFT_OUT else None,
            gone=of_frame(model.reading, _left_out(model), facts),
        )
        title = picture.title
        if len(self._numbers) > 1:
            title = translate("Bits", "{title}, first of {count}").format(title=title, count=len(numbers))
        self.payload.set_own(facts.header, None if facts.compressed else facts.length)
        imported = model.snapshot.imported if model.snapshot is not None else ""
        if imported and not same:
            self.bits.show_frame(title, framing_note(imported), None)
        elif not same:
            self.bits.show_frame(
                title, picture.note, picture.figure, picture.faults, picture.unmasked, picture.masking
            )
        last = model.reading.facts(self._numbers[-1])
        self._growing = last is not None and last.opcode < 8 and not last.fin
        self._whole = whole
        opened = self._opened
        if not same or opened is None or self._growing or opened.parts.numbers != self._numbers:
            self._read()  # else it stands there, opened and scrolled as it was left

    def refresh_if_growing(self) -> None:
        """More fragments of the message came."""
        model, facts = self._model, self._facts
        if not self._growing or model is None or facts is None or not self.isVisible():
            return
        if not self._background.idle:
            return  # what there was is still being read; it will be asked again
        numbers = model.rows.index.members_of(facts.number) if self._whole else self._numbers
        if len(numbers) > len(self._numbers):
            self.show_frames(model, numbers, whole=self._whole)

    def _copy_frame(self) -> None:
        """Put the frame as it travelled on the clipboard, as hex."""
        model, facts = self._model, self._facts
        if model is None or facts is None:
            return
        reading = model.reading

        def done(result: Any) -> None:
            if isinstance(result, bytes):
                QGuiApplication.clipboard().setText(plain_hex(result))
                said = translate("Bits", "{size} copied").format(size=size_text(len(result)))
                if len(result) == FRAME_COPIED < facts.end - facts.offset:
                    said += translate("Bits", ", its beginning")
                self.bits.note.set_text(said)

        self._run(lambda: reading.wire(facts, FRAME_COPIED), done)

    def show_pending(self, model: LogModel, facts: FrameFacts, have: int) -> None:
        """A frame that is still arriving, as far as it has come."""
        fresh = self._facts is None or self._facts.number or self._facts.offset != facts.offset
        self._leave_comparison()
        self._model, self._facts, self._numbers = None, facts, array("Q")
        self._opened = None
        self._show_beside()
        self._growing = False
        self.payload.set_own(facts.header, facts.length)
        if fresh:
            picture = picture_of(model.reading, facts)
            self.bits.show_frame(picture.title, picture.note, picture.figure, picture.faults)
        data = model.reading.payload(facts, 0, min(have, PENDING_BYTES))
        payload = Payload(data, have, have, 1, facts.opcode, whole=False)
        asked = self._asked if self._asked in (View.TEXT, View.HEX) else None
        view = asked or (View.HEX if facts.opcode == 0x2 else View.TEXT)
        self._reading.stop()
        self._shows_payload = True
        self.payload.show_content(payload, content_of(payload, view), view)

    def _forget_payload(self) -> None:
        self._reading.stop()
        self._shows_payload = False

    def _leave_frame(self) -> None:
        """What is shown next is no frame."""
        self._forget_payload()
        self._model = self._facts = self._opened = None
        self._growing = False
        self._leave_comparison()
        self._show_beside()

    def show_marker(self, cells: RowCells) -> None:
        """A row that is no frame."""
        self._leave_frame()
        self.bits.show_frame(cells.type or translate("Bits", "No frame"), "", None)
        self.payload.show_nothing(" · ".join(part for part in (cells.payload, cells.remark) if part))

    def show_stop(self, told: StopTold) -> None:
        """The line at which a conforming endpoint stops; said again it keeps the focus."""
        if self._facts is None and self._told == told and self.bits.title.full_text() == told.title:
            return
        self._told = told
        self._leave_frame()
        self.bits.show_frame(told.title, told.note, None, told.broken)
        self.payload.show_told(told.pieces)

    def show_nothing(self) -> None:
        self._leave_frame()
        self.bits.show_frame(translate("Bits", "No frame"), "", None)
        self.payload.show_nothing(translate("Payload", "Pick a row to see its payload."))

    def _view_asked(self, view: View) -> None:
        self._asked = view
        if view is View.WIRE:
            self.menu.beside.setChecked(False)
            self._show_beside()
        self.menu.show_none()
        self._read()

    def _read(self) -> None:
        model, facts = self._model, self._facts
        if model is None or facts is None:
            return
        if self._asked is View.WIRE:
            self._forget_payload()
            data = WireBytes(model.reading, facts)
            if model.snapshot is not None and model.snapshot.imported:
                self.payload.show_wire(data, wire_note(model.snapshot.imported))
                return
            note = translate(
                "Payload", "Frame {number} as it travelled: {header} bytes of header, then the payload"
            )
            if facts.flags & 2:
                note += translate("Payload", ", masked")
            if facts.compressed:
                note += translate("Payload", ", compressed")
            self.payload.show_wire(data, note.format(number=facts.number, header=facts.header))
            self.payload.leave_out_of_wire(of_frame(model.reading, _left_out(model), facts), facts.header)
            return
        numbers = self._numbers
        asked = self._asked
        reading, inflation = model.reading, model.inflation

        subprotocol = (model.snapshot.subprotocol if model.snapshot is not None else None) or ""
        remembered = self.memory.views
        left_out = _left_out(model)

        background = self._background

        def stopping() -> bool:
            return background.stopping

        opened = self._opened
        if opened is not None and (opened.reading is not reading or opened.parts.numbers != numbers):
            opened = self._opened = None

        def work() -> _Read | None:
            found = opened or open_message(reading, inflation, numbers, LIMIT, stopping)
            gone = () if found is None else withheld(reading, left_out, numbers)
            if found is not None and gone:
                return _read_without(found, asked, gone)
            return None if found is None else _read(found, asked, subprotocol, remembered)

        if not self._shows_payload:
            self.payload.show_busy()
        elif not self._growing and not self._reading.isActive():
            self._reading.start()
        self._background.ask("payload", work, self._done(facts.number))

    def _done(self, number: int) -> Callable[[Any], None]:
        def done(result: Any) -> None:
            if self._facts is None or self._facts.number != number:
                return
            self._reading.stop()
            self._shows_payload = True
            if isinstance(result, Exception):
                self.payload.show_nothing(translate("Payload", "Cannot be read: {why}").format(why=result))
            elif result is None:
                self.payload.show_nothing(translate("Payload", "The capture does not hold this frame."))
            elif self._asked is not View.WIRE:
                self._show(result)

        return done

    def _show(self, read: _Read) -> None:
        self._kind = read.kind
        opened = self._opened = read.opened
        if read.viewed is not None:
            self.payload.show_viewed(read.viewed, read.instead)
        else:
            self.payload.show_content(opened.payload, read.content, read.view, opened.pages)
        self.payload.hex.set_hidden(read.gone)
        self._show_beside()
        name = read.viewed.id if read.viewed is not None else ""
        self.menu.offer(read.fitting if read.kind else None, name, self._asked is None and not self._kept())

    def _kept(self) -> bool:
        return self._kind in self.memory.views

    def _named_asked(self, name: str) -> None:
        """A view was picked in the menu, "" to go by content again; kept for messages of this kind."""
        self._asked = None
        if self._kind:
            self.memory.keep(self._kind, name)
        self._read()


def _left_out(model: LogModel) -> Stretches:
    """What the file was made without."""
    return model.snapshot.left_out if model.snapshot is not None else ()


def _read(opened: Opened, asked: View | None, subprotocol: str, remembered: dict[str, str]) -> _Read:
    payload, pages = opened.payload, opened.pages
    kind = kind_of(payload, subprotocol)
    view = asked or first_view(payload)
    if not kind:
        return _Read(opened, view, _content(payload, view), kind)
    sample = source_of(payload, subprotocol).sample()
    sure = {each.id: each.fits(sample) for each in VIEWS}
    fitting = tuple(name for name, much in sure.items() if much)
    fault = fault_text(opened)
    if asked is None:
        best = max(sure, key=lambda name: sure[name])
        names = (remembered.get(kind, ""), best if sure[best] > SURE else "")
    else:
        names = (JsonTree.id if asked is View.JSON and payload.total > LIMIT else "", "")
    for name in names:
        picked = view_called(name)
        made = viewed(payload, picked, subprotocol, Budget(), pages) if picked is not None else None
        if made is not None:
            made = replace(made, fault=fault)
            return _Read(opened, view, _content(payload, View.HEX), kind, fitting, made, asked)
        if picked is not None and name == names[0] and not fault:
            fault = translate("Payload", "Not {view}: shown by its content.").format(view=picked.name)
    content = _content(payload, view)
    made = viewed(payload, JsonTree(), subprotocol, Budget(), pages) if content.deep else None
    if made is not None:
        why = translate("Payload", "Nested too deeply to be checked as JSON, shown as a tree.")
        made = replace(made, fault=fault or why)
        return _Read(opened, view, _content(payload, View.HEX), kind, fitting, made, View.JSON)
    return _Read(opened, view, replace(content, fault=content.fault or fault), kind, fitting)


def _read_without(opened: Opened, asked: View | None, gone: tuple[tuple[int, int], ...]) -> _Read:
    """Of a copy made to share: what was left out is no payload, and no view can make anything of it."""
    payload = opened.payload
    content = content_without(payload, gone)
    view = asked or View.TEXT
    if view is View.HEX and not payload.compressed:
        content = Content(View.HEX, (), note_without(payload, gone), content.fault)
    return _Read(opened, view, content, "", gone=gone)


def _content(payload: Payload, view: View) -> Content:
    if view is View.HEX:  # which reads all of it where it is looked at
        return Content(view, (), note_of(payload, payload.total))
    return content_of(payload, view)
