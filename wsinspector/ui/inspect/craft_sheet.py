"""The sheet on which frames are made bit by bit, looked at before they leave, and sent."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.crafting import Preview, one_line, summary
from wsinspector.protocol.crafting import (
    Craft,
    CraftedBytes,
    CraftedFrame,
    CraftError,
    Cut,
    Payload,
    Source,
    Writes,
)
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.opcodes import PING
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, fill, tell
from wsinspector.ui.inspect.craft_fields import Choice
from wsinspector.ui.inspect.craft_frame import CraftFrame
from wsinspector.ui.inspect.craft_view import CraftView
from wsinspector.ui.inspect.craft_writes import CraftWrites
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet

WIDTH, HEIGHT = 1060, 630  # px at zoom 1
LEFT = 476
DRIBBLE = 0.05
"""Seconds between the writes of "Send as several writes" where none were set."""


class CraftSheet(Sheet):
    """Says what is asked for; whoever opened it shows previews, sends, and tells how that goes."""

    changed = Signal()  # the craft is another
    send_asked = Signal(object)  # Craft
    stop_asked = Signal()
    closed = Signal()

    def __init__(self, recent: Callable[[], list[Craft]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("Craft", "Craft frames"))
        self._recent = recent
        self._frames: list[CraftedFrame | CraftedBytes] = [CraftedFrame()]
        self._at = 0
        self._open = False
        self._why_closed = fill(translate("Send", "Not connected. [key:request.connect] connects."))
        self._ready = False
        self._sending = False
        self._tells_why = False  # what is said is why nothing can leave
        self.chooser = Choice(translate("Craft", "Frame"), translate("Craft", "Which frame is set below"))
        self.chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add = QToolButton()
        self.add.setText(translate("Craft", "Add ▾"))
        self.add.setAccessibleName(translate("Craft", "Add"))
        tell(self.add, translate("Craft", "A further frame, a Ping, or bytes as they are ([key:craft.add])"))
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.add)
        for text, made in (
            (translate("Craft", "Frame"), CraftedFrame()),
            (translate("Craft", "Ping"), CraftedFrame(PING)),
            (translate("Craft", "Bytes as they are"), CraftedBytes()),
        ):
            menu.addAction(text).triggered.connect(lambda _on=False, made=made: self.add_frame(made))
        self.add.setMenu(menu)
        self.remove = QToolButton()
        self.remove.setText(translate("Craft", "Remove"))
        self.remove.setAccessibleName(translate("Craft", "Remove the frame"))
        tell(self.remove, translate("Craft", "Take this frame out ([key:craft.remove])"))
        self.earlier = QToolButton()
        self.earlier.setText(translate("Craft", "Earlier ▾"))
        self.earlier.setAccessibleName(translate("Craft", "Earlier crafts"))
        tell(self.earlier, translate("Craft", "Take what was sent before ([key:craft.earlier])"))
        self.earlier.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._earlier = QMenu(self.earlier)
        self._earlier.aboutToShow.connect(self._fill_earlier)
        self.earlier.setMenu(self._earlier)
        self.form = CraftFrame()
        self.writes = CraftWrites()
        self.lacks = RoleLabel("", "note", wraps=True, size=0.95)
        self.view = CraftView()
        self.said = RoleLabel("", "muted")
        self.several = QPushButton(translate("Craft", "Send as several writes"))
        self.send = QPushButton(translate("Craft", "Send"))
        self.send.setProperty("kind", "primary")
        self.done = QPushButton(translate("Craft", "Done"))
        tell(self.done, translate("Craft", "Put this away (Escape); what is set stays"))
        self._lay_out()
        self._wire()
        self.put(Craft((CraftedFrame(),)))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(theme.GAP)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(RoleLabel(translate("Craft", "Craft frames"), "text", bold=True, size=1.2))
        head.addStretch(1)
        head.addWidget(self.earlier)
        column.addLayout(head)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, theme.MARGIN, 0)
        left.setSpacing(theme.GAP)
        which = QHBoxLayout()
        which.setSpacing(theme.GAP)
        which.addWidget(self.chooser, 1)
        which.addWidget(self.add)
        which.addWidget(self.remove)
        left.addLayout(which)
        left.addWidget(self.form)
        left.addLayout(self._written())
        left.addWidget(self.lacks)
        left.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setStyleSheet("QScrollArea { background: transparent }")
        scroll.setWidget(self._left)
        self._left.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        self._scroll = scroll
        both = QHBoxLayout()
        both.setSpacing(theme.MARGIN)
        both.addWidget(scroll, 0)
        both.addWidget(self.view, 1)
        column.addLayout(both, 1)
        last = QHBoxLayout()
        last.setSpacing(theme.GAP)
        last.addWidget(self.said, 1)
        last.addWidget(self.done)
        last.addWidget(self.several)
        last.addWidget(self.send)
        column.addLayout(last)
        self._fit()

    def _written(self) -> QHBoxLayout:
        """The writes behind their label, as the rows of a frame stand."""
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        label = RoleLabel(translate("Craft", "Writes"), "muted")
        label.setFixedWidth(self.form.label_width())
        row.addWidget(label)
        row.addWidget(self.writes, 1)
        return row

    def place(self) -> None:
        """As large as it likes to be: its parts scroll, and a short one would hide them."""
        parent = self.parentWidget()
        room = parent.rect() if parent is not None else self.rect()
        wanted = self.sizeHint()
        self.resize(min(wanted.width(), room.width() - 24), min(wanted.height(), room.height() - 24))
        self.move(room.center() - self.rect().center())

    def _fit(self) -> None:
        self._scroll.setFixedWidth(round(LEFT * theme.zoom()))
        for button in (self.add, self.remove, self.earlier, self.several, self.send, self.done):
            button.setFixedHeight(theme.control_height())

    def _restyle(self) -> None:
        self._fit()
        super()._restyle()

    def _wire(self) -> None:
        self.chooser.currentIndexChanged.connect(self._choose)
        self.remove.clicked.connect(self.remove_frame)
        self.form.changed.connect(self._edited)
        self.writes.changed.connect(self.changed)
        self.send.clicked.connect(self.send_now)
        self.several.clicked.connect(self.send_dribbled)
        self.done.clicked.connect(self.leave)
        for name, act in (
            ("craft.several", self.send_dribbled),
            ("craft.add", self.add.showMenu),
            ("craft.remove", self.remove_frame),
            ("craft.earlier", self.earlier.showMenu),
            ("craft.before", lambda: self.view.step(-1)),
            ("craft.after", lambda: self.view.step(1)),
        ):
            bind_inside(name, self, act)

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * theme.zoom()), round(HEIGHT * theme.zoom()))

    # -- the craft

    def put(self, craft: Craft) -> None:
        """Show ``craft``."""
        self._frames = list(craft.frames) or [CraftedFrame()]
        self._at = 0
        self.writes.put(craft.writes)
        self._show_frame()
        self.changed.emit()

    def craft(self) -> Craft:
        """What the controls say. Raises CraftError."""
        self._frames[self._at] = self.form.frame()
        return Craft(tuple(self._frames), self.writes.writes())

    def add_frame(self, made: CraftedFrame | CraftedBytes) -> None:
        """Put ``made`` behind the frame that is set, and set it."""
        self._keep()
        self._at += 1
        self._frames.insert(self._at, made)
        self._show_frame()
        self.changed.emit()
        self.form.opcode.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove_frame(self) -> None:
        """Take the frame that is set out; one stays."""
        if len(self._frames) > 1:
            del self._frames[self._at]
            self._at = min(self._at, len(self._frames) - 1)
            self._show_frame()
            self.changed.emit()

    def _keep(self) -> None:
        """What the controls say of the frame, where it is something."""
        try:
            self._frames[self._at] = self.form.frame()
        except CraftError:
            return

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._frames):
            self._keep()
            self._at = index
            self._show_frame()
            self.view.at = min(index, 10_000)
            self.changed.emit()

    def _show_frame(self) -> None:
        self.form.put(self._frames[self._at])
        self._name_frames()

    def _edited(self) -> None:
        self._keep()
        self._name_frames()
        self.changed.emit()

    def _name_frames(self) -> None:
        self.chooser.offer(
            [(f"{number}  {one_line(one)}", number) for number, one in enumerate(self._frames, 1)]
        )
        self.chooser.pick(self._at + 1)
        self.remove.setEnabled(len(self._frames) > 1)

    def _fill_earlier(self) -> None:
        self._earlier.clear()
        found = self._recent()
        for craft in found:
            self._earlier.addAction(summary(craft)).triggered.connect(
                lambda _on=False, craft=craft: self.put(craft)
            )
        if not found:
            self._earlier.addAction(translate("Craft", "Nothing was crafted yet")).setEnabled(False)

    # -- what is told from outside

    def show_preview(self, found: Preview, lacks: str) -> None:
        """The bytes as they would leave. ``lacks``: what the dialect cannot say."""
        self.view.show_preview(found)
        self.form.allow_rsv4(frame_facts(found.plan.agreed.dialect).framing in ("more", "whole"))
        self.lacks.set_text(lacks)
        self.lacks.setVisible(bool(lacks))
        self._ready = not found.problem and found.plan.size > 0
        self._look()

    def show_problem(self, text: str) -> None:
        """The controls say nothing that can be sent."""
        self.view.show_problem(text)
        self._ready = False
        self._look()

    def set_open(self, is_open: bool, why: str) -> None:
        """Whether frames can leave now; ``why`` not."""
        if (is_open, why) != (self._open, self._why_closed):
            self._open, self._why_closed = is_open, why
            self._look()

    def show_sending(self, text: str, *, under_way: bool, trouble: bool = False) -> None:
        """How far a sending is, or how it ended."""
        self._sending = under_way
        self._tells_why = False
        self.said.set_role("note" if trouble else "muted")
        self.said.set_text(text)
        self._look()

    def _look(self) -> None:
        ready = self._ready and self._open
        self.send.setText(translate("Craft", "Stop") if self._sending else translate("Craft", "Send"))
        self.send.setEnabled(ready or self._sending)
        self.several.setEnabled(ready and not self._sending)
        if not self._open and not self._sending:
            self._tells_why = True
            self.said.set_role("muted")
            self.said.set_text(self._why_closed)
            tell(self.send, self._why_closed)
            tell(self.several, self._why_closed)
            return
        if self._tells_why:
            self._tells_why = False
            self.said.set_text("")
        tell(
            self.send,
            translate("Craft", "Send no more of it ([key:frames.send])")
            if self._sending
            else translate("Craft", "Send these bytes ([key:frames.send])"),
        )
        tell(
            self.several,
            translate(
                "Craft",
                "A write a frame, or of one frame a write a byte, 50 ms apart where no other writes are "
                "set ([key:craft.several])",
            ),
        )

    # -- acts

    def send_now(self) -> None:
        """Send, or stop what is being sent."""
        if self._sending:
            self.stop_asked.emit()
        elif self.send.isEnabled():
            self._ask(None)

    def send_dribbled(self) -> None:
        """Send in several writes, also where one is set."""
        if self.several.isEnabled():
            self._ask(self._several())

    def _several(self) -> Writes | None:
        if self.writes.cut.word() is not Cut.TOGETHER:
            return None
        if len(self._frames) > 1:
            return Writes(Cut.EACH, delay=DRIBBLE)
        return Writes(Cut.SIZE, 1, delay=DRIBBLE)

    def _ask(self, writes: Writes | None) -> None:
        try:
            craft = self.craft()
        except CraftError as error:
            self.show_problem(str(error))
            return
        self.send_asked.emit(craft if writes is None else replace(craft, writes=writes))

    def appear(self) -> None:
        super().appear()
        self.form.opcode.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        super().leave()
        self.closed.emit()


def taken_bytes(data: bytes) -> CraftedBytes:
    """Bytes as they are, as the sheet shows them."""
    return CraftedBytes(Payload(Source.HEX, data.hex(" ")))
