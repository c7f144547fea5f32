"""A frame's or message's payload as text, JSON, hex, or as it travelled; says what it left out."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.jsontext import Piece
from wsinspector.present.needle import NOTHING, Needle
from wsinspector.present.pages import HeldPages, Pages
from wsinspector.present.payload import TEXT_LIMIT, Content, Payload, View, size_text
from wsinspector.present.views.contents import Hex, Image, Text
from wsinspector.present.views.viewing import Viewed
from wsinspector.present.withheld import fault_of
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.hex_find import HexFind
from wsinspector.ui.inspect.hex_view import HeldBytes, HexView
from wsinspector.ui.inspect.paged_bytes import PagedBytes, Run
from wsinspector.ui.inspect.picture_view import PictureView
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.structure_view import StructureView
from wsinspector.ui.inspect.text_view import MOST_LIT, TextView
from wsinspector.ui.widgets.segmented import Segmented

VIEWS = (View.TEXT, View.JSON, View.HEX, View.WIRE)
MORE = len(VIEWS)
LONGEST_NAME = 12  # characters of a view's name beside the others


class WireBytes:
    """A frame's bytes as :class:`HexData`: only the lines in sight are read from the capture."""

    def __init__(self, reading: FrameReading, facts: FrameFacts) -> None:
        self._reading = reading
        self._facts = facts
        end = self._reading.source.stream_length(Direction(facts.direction))
        self._length = max(0, min(facts.end, end) - facts.offset)

    def length(self) -> int:
        return self._length

    def read(self, start: int, end: int) -> bytes:
        offset = self._facts.offset
        return self._reading.source.stream(
            self._facts.direction, offset + start, offset + min(end, self._length)
        )


VIEW_KEYS = ("payload.text", "payload.json", "payload.hex", "payload.wire", "payload.more")


class PayloadPane(QWidget):
    """Shows what it is given; asks for another view by :attr:`view_asked`."""

    view_asked = Signal(object)  # View
    menu_asked = Signal()
    byte_pointed = Signal(int)  # byte of the frame under the pointer in Wire or Hex, -1 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = RoleLabel(translate("Payload", "Payload"), "text", bold=True)
        self.views = Segmented(
            [
                translate("Payload", "Text"),
                translate("Payload", "JSON"),
                translate("Payload", "Hex"),
                translate("Payload", "Wire"),
                translate("Payload", "More ▾"),
            ]
        )
        self.views.setAccessibleName(translate("Payload", "How the payload is shown"))
        for at, tip in enumerate(
            (
                translate("Payload", "The message as text, joined and inflated ([key:payload.text])"),
                translate("Payload", "Checked and laid out, every number as it came ([key:payload.json])"),
                translate("Payload", "The message's bytes, unmasked and inflated ([key:payload.hex])"),
                translate(
                    "Payload", "The frame's bytes as they travelled, header first ([key:payload.wire])"
                ),
                translate(
                    "Payload",
                    "Views of single formats, the view by content, the wire beside it ([key:payload.more])",
                ),
            )
        ):
            self.views.set_tip(at, tip)
            self.views.set_key(at, VIEW_KEYS[at])
        self.note = RoleLabel("", "muted")
        self.fault = RoleLabel("", "note", wraps=True)
        self.text = TextView()
        self.hex = HexView()
        self.wire = HexView()
        self.wire.setAccessibleName(translate("Payload", "Bytes as they travelled"))
        self._stack = QStackedWidget()
        self.find_bytes = HexFind(self.hex)
        tell(self.hex, f"{self.hex.tip()} {translate('Payload', '[key:hex.find] finds bytes.')}")
        self.hex.cut_copied.connect(self._say_cut)
        self._stack.currentChanged.connect(lambda _at: self.find_bytes.hide())
        self.structure = StructureView()
        self.picture = PictureView()
        self._beginning = b""  # of what Hex shows, held in memory
        for page in (self.text, self.hex, self.wire, self.structure, self.picture):
            self._stack.addWidget(page)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.views)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.fault)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.find_bytes)
        layout.addWidget(self.note)
        self.fault.hide()
        self.view: View | None = View.TEXT  # None: a payload view's
        self._find = NOTHING
        self._run: Run = lambda work, done: done(work())
        self._own: tuple[int, int] | None = None  # where Hex's bytes lie in the frame, see set_own
        self.views.picked.connect(self._picked)
        self.wire.pointed_at.connect(self.byte_pointed)
        self.hex.pointed_at.connect(self._hex_pointed)
        self.wire.selection_changed.connect(lambda first, _last: self.byte_pointed.emit(first))
        self.hex.selection_changed.connect(lambda first, _last: self._hex_pointed(first))

    def use(self, run: Run) -> None:
        """``run`` works out what must not hold the window up."""
        self._run = self.structure.run = self.picture.run = self.find_bytes.run = run

    def set_own(self, header: int, length: int | None) -> None:
        """The first ``length`` bytes of Hex are the frame's own, after ``header`` others.

        None where what Hex shows never travelled so: a compressed payload.
        """
        self._own = None if length is None else (header, length)

    def _hex_pointed(self, at: int) -> None:
        own = self._own if self.view is not None else None  # what a view made never travelled so
        self.byte_pointed.emit(own[0] + at if own is not None and 0 <= at < own[1] else -1)

    def show_busy(self) -> None:
        """Something is being read: what was here is of another row and goes."""
        self.show_nothing(translate("Payload", "reading…"))

    def show_content(
        self, payload: Payload, content: Content, asked: View, pages: Pages | None = None
    ) -> None:
        """Show ``content``; ``asked`` stays picked where its view could not be made.

        ``pages``: where Hex reads all of the payload, by default what was read of it.
        """
        self.view = asked
        self._pick(VIEWS.index(asked))
        self.note.set_text(content.note)
        self.fault.set_text(content.fault)
        self.fault.setVisible(bool(content.fault))
        if content.view is View.HEX:
            self._show_hex(pages if pages is not None else HeldPages(payload.data), payload.data)
        else:
            self.text.set_content(content)
            self._stack.setCurrentWidget(self.text)

    def _show_hex(self, pages: Pages, beginning: bytes) -> None:
        self._beginning = beginning
        self.hex.set_data(PagedBytes(pages, self._run, self.hex.viewport().update))
        self.find_bytes.set_pages(pages)
        self._light_found()
        self._stack.setCurrentWidget(self.hex)

    def _say_cut(self, copied: int) -> None:
        text = translate("Payload", "the first {size} of the selection copied")
        self.note.set_text(text.format(size=size_text(copied)))

    def show_viewed(self, viewed: Viewed, asked: View | None = None) -> None:
        """Show what a payload view made; ``asked``: in the place of a view that cannot show so much."""
        self.view = asked
        self._pick(MORE if asked is None else VIEWS.index(asked), viewed.name)
        self.note.set_text(viewed.note)
        self.fault.set_text(viewed.fault)
        self.fault.setVisible(bool(viewed.fault))
        shown = viewed.shown
        if isinstance(shown, Text):
            self.text.set_content(Content(View.TEXT, shown.pieces, ""))
            self._stack.setCurrentWidget(self.text)
        elif isinstance(shown, Hex):
            self._show_hex(HeldPages(shown.data), shown.data)
        elif isinstance(shown, Image):
            self.picture.show_picture(shown)
            self._stack.setCurrentWidget(self.picture)
        else:
            self.structure.show_nodes(shown, viewed.name)
            self._stack.setCurrentWidget(self.structure)

    def _pick(self, at: int, name: str = "") -> None:
        """Show which view it is; one that is none of the four gives its name to the last button."""
        self.views.set_current(at)
        short = name if len(name) <= LONGEST_NAME else name.partition(" ")[0]
        shown = f"{short} ▾" if at == MORE and short else translate("Payload", "More ▾")
        self.views.set_text(MORE, shown)

    def _picked(self, at: int) -> None:
        if at == MORE:
            self.views.set_current(MORE if self.view is None else VIEWS.index(self.view))
            self.menu_asked.emit()
        else:
            self.view_asked.emit(VIEWS[at])

    def show_wire(self, data: WireBytes, note: str) -> None:
        """Show a frame as it travelled."""
        self.view = View.WIRE
        self._pick(VIEWS.index(View.WIRE))
        self.note.set_text(note)
        self.fault.hide()
        self.wire.set_data(data)
        self._stack.setCurrentWidget(self.wire)

    def leave_out_of_wire(self, gone: Sequence[tuple[int, int]], header: int) -> None:
        """Hide what a copy made to share holds no bytes of, and say so."""
        self.wire.set_hidden([(header + start, header + stop) for start, stop in gone])
        self.fault.set_text(fault_of(gone) if gone else "")
        self.fault.setVisible(bool(gone))

    def show_nothing(self, why: str) -> None:
        """Say what would be here."""
        self.fault.hide()
        self.note.set_text(why)
        self.text.set_content(Content(View.TEXT, (), ""))
        self._beginning = b""
        self.hex.set_data(HeldBytes())
        self._stack.setCurrentWidget(self.text)

    def show_told(self, pieces: tuple[Piece, ...]) -> None:
        """Say what a row means that has no payload."""
        self.show_nothing("")
        self.text.set_content(Content(View.TEXT, pieces, ""))

    def set_find(self, needle: Needle) -> None:
        """Light what is looked for in the log, in the text and in Hex."""
        self._find = needle
        self.text.set_find(needle)
        self._light_found()

    def _light_found(self) -> None:
        wanted = self._find.plain.encode("utf-8", "surrogatepass")
        found: list[tuple[int, int]] = []
        if wanted:
            low = self._beginning[:TEXT_LIMIT].lower()
            at = low.find(wanted)
            while at >= 0 and len(found) < MOST_LIT:
                found.append((at, at + len(wanted)))
                at = low.find(wanted, at + len(wanted))
        self.hex.set_lit(found)

    def light_share(self, first: int, last: int) -> None:
        """Light bytes of the message in Hex: those that one frame gave."""
        if self._stack.currentWidget() is self.hex and self.view is not None and first < last:
            self.hex.set_lit(((first, last),))

    def light(self, first: int, last: int) -> None:
        """Light bytes of the frame in Wire and Hex; -1 for none."""
        self.wire.set_lit(((first, last),) if first >= 0 else ())
        header, length = (self._own if self.view is not None else None) or (0, 0)
        low, high = max(first - header, 0), min(last - header, length)
        if low < high:
            self.hex.set_lit(((low, high),))
        else:
            self._light_found()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = self.title.sizeHint().width() + self.views.sizeHint().width()
        self.title.setVisible(self.width() >= wanted + 2 * theme.MARGIN + theme.GAP)
