"""The sheet of permessage-deflate: every parameter of every offer, as the draft's line has it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.deflate_told import agreed_told, offer_told
from wsinspector.present.fact import Fact
from wsinspector.protocol.deflate_offers import (
    CLIENT_BITS,
    CLIENT_TAKEOVER,
    SERVER_BITS,
    SERVER_TAKEOVER,
    offers_of,
    repeated,
    with_offers,
    with_parameter,
    written,
)
from wsinspector.protocol.draft import EXTENSIONS
from wsinspector.protocol.escapes import escape_value, unescape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.request_lines import DEFLATE, DEFLATE_OFFER
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.keys import Sheet

WIDTH = 720  # px at zoom 1
GONE = None
FLAGS = (GONE, b"", b"=true")
BITS = (GONE, b"", *(b"=%d" % bits for bits in range(15, 7, -1)), b"=7", b"=16", b'="15"', b"=09")
UNKNOWN = b"no_such_parameter"


class DeflateSheet(Sheet):
    """A view of the draft: nothing of what is chosen is kept elsewhere, and nothing is corrected."""

    def __init__(self, tab: TabState, window: QWidget) -> None:
        super().__init__(window)
        self._tab = tab
        self._filling = False
        self.setAccessibleName(translate("Deflate", "Offers of permessage-deflate"))
        self._build()
        self._lay_out()
        self._wire()

    def _build(self) -> None:
        self.title = RoleLabel(
            translate("Deflate", "Offers of permessage-deflate"), "text", bold=True, size=1.2
        )
        self.line = RoleLabel("", "muted", wraps=True, mono=True, size=0.95)
        self.list = QListWidget()
        self.list.setAccessibleName(translate("Deflate", "Offers, the first that fits is taken"))
        self.list.setToolTip(translate("Deflate", "A server takes the first offer that it can (Up, Down)"))
        self.add = _button(
            translate("Deflate", "Add"), translate("Deflate", "A further offer, as a fall-back")
        )
        self.remove = _button(translate("Deflate", "Remove"), translate("Deflate", "Take this offer out"))
        self.up = _button(
            translate("Deflate", "Earlier"), translate("Deflate", "Offer it before the one above")
        )
        self.text = QLineEdit()
        self.text.setFont(theme.mono_font())
        self.text.setAccessibleName(translate("Deflate", "The offer as it is written"))
        self.text.setToolTip(translate("Deflate", "As it leaves, malformed or not (Return)"))
        self.boxes: dict[bytes, QComboBox] = {}
        for name in (SERVER_TAKEOVER, CLIENT_TAKEOVER, SERVER_BITS, CLIENT_BITS):
            box = QComboBox()
            box.setAccessibleName(name.decode())
            for value in BITS if name in (SERVER_BITS, CLIENT_BITS) else FLAGS:
                box.addItem(_value_text(name, value), value)
            self.boxes[name] = box
        self.boxes[SERVER_TAKEOVER].setToolTip(translate("Deflate", "RFC 7692 §7.1.1.1"))
        self.boxes[CLIENT_TAKEOVER].setToolTip(translate("Deflate", "RFC 7692 §7.1.1.2"))
        self.boxes[SERVER_BITS].setToolTip(translate("Deflate", "RFC 7692 §7.1.2.1"))
        self.boxes[CLIENT_BITS].setToolTip(translate("Deflate", "RFC 7692 §7.1.2.2"))
        self.twice = _button(
            translate("Deflate", "Repeat a parameter"),
            translate("Deflate", "The last one a second time, which a server must decline"),
        )
        self.unknown = _button(
            translate("Deflate", "Unknown parameter"),
            translate("Deflate", "One that no standard has, which a server must decline"),
        )
        self.told = RoleLabel("", "text", wraps=True)
        self.answered = RoleLabel("", "text", wraps=True)
        self.done = QPushButton(translate("Deflate", "Done"))
        self.done.setToolTip(translate("Deflate", "Put this away (Escape); the draft has it already"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(theme.GAP)
        column.addWidget(self.title)
        column.addWidget(self.line)
        row = QHBoxLayout()
        row.addWidget(self.list, 1)
        beside = QVBoxLayout()
        for button in (self.add, self.remove, self.up):
            beside.addWidget(button)
        beside.addStretch(1)
        row.addLayout(beside)
        column.addLayout(row)
        column.addWidget(self.text)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setVerticalSpacing(theme.SPACE)
        grid.setColumnStretch(2, 1)
        for at, (name, box) in enumerate(self.boxes.items()):
            grid.addWidget(RoleLabel(name.decode(), "muted", mono=True, size=0.95), at, 0)
            grid.addWidget(box, at, 1)
        column.addLayout(grid)
        more = QHBoxLayout()
        more.addWidget(self.twice)
        more.addWidget(self.unknown)
        more.addStretch(1)
        column.addLayout(more)
        column.addWidget(self.told)
        column.addWidget(self.answered)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.done)
        column.addLayout(last)

    def _wire(self) -> None:
        tab = self._tab
        for signal in (tab.draft_changed, tab.picked_changed, tab.snapshot_changed):
            signal.connect(self._draft_changed)
        self.list.currentRowChanged.connect(lambda _: self._show_offer())
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.up.clicked.connect(self._up)
        self.text.editingFinished.connect(self._typed)
        for name, box in self.boxes.items():
            box.activated.connect(lambda at, name=name: self._choose(name, at))
        self.twice.clicked.connect(lambda: self._replace(repeated(self._offer())))
        self.unknown.clicked.connect(lambda: self._replace(with_parameter(self._offer(), UNKNOWN, b"")))
        self.done.clicked.connect(self.leave)
        theme.watcher().changed.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * theme.zoom()), super().sizeHint().height())

    def _fit(self) -> None:
        self.list.setFixedHeight(4 * theme.row_height() + 4)
        self.list.setFont(theme.mono_font(0.95))
        self.text.setFont(theme.mono_font())
        for box in self.boxes.values():
            box.setMinimumWidth(round(210 * theme.zoom()))

    # -- what is seen

    def open(self) -> None:
        """Show the offers of the draft."""
        self.look()
        self.appear()
        self.list.setFocus()

    def _draft_changed(self, *_: object) -> None:
        if self.isVisible() and not self._filling:
            self.look()

    def look(self) -> None:
        """Show the draft as it is."""
        draft = self._tab.draft
        offers = offers_of(draft)
        row = max(self.list.currentRow(), 0)
        self._filling = True
        self.list.clear()
        self.list.addItems([escape_value(offer) for offer in offers])
        self.list.setCurrentRow(min(row, len(offers) - 1))
        self._filling = False
        names = draft.named(EXTENSIONS)
        lines = [f"Sec-WebSocket-Extensions: {escape_value(draft.lines[at].value)}" for at in names]
        none = translate("Deflate", "No extension is offered: there is no such line. Add writes one.")
        self.line.set_text("\n".join(lines) or none)
        self.answered.set_text(_joined(self._answer()))
        self._show_offer()

    def _answer(self) -> tuple[Fact, ...]:
        snapshot = self._tab.snapshot
        response = snapshot.response if snapshot is not None else None
        if snapshot is None or response is None or response.status != 101:
            later = translate(
                "Deflate", "Once an attempt is picked that opened, what it agreed is told here."
            )
            return (Fact(later),)
        asked = parse_request(snapshot.request).values(EXTENSIONS)
        head = translate("Deflate", "Attempt {0}:").format(snapshot.number)
        return (Fact(head), *agreed_told(asked, response.head.values(EXTENSIONS)))

    def _offer(self) -> bytes:
        offers, row = offers_of(self._tab.draft), self.list.currentRow()
        return offers[row] if 0 <= row < len(offers) else DEFLATE

    def _show_offer(self) -> None:
        if self._filling:
            return
        row = self.list.currentRow()
        there = row >= 0
        offer = self._offer()
        if not self.text.hasFocus():
            self.text.setText(escape_value(offer) if there else "")
        for name, box in self.boxes.items():
            value = written(offer, name)
            at = next((at for at in range(box.count()) if box.itemData(at) == value), -1)
            if at < 0:
                box.addItem(_value_text(name, value), value)
                at = box.count() - 1
            box.setCurrentIndex(at)
        for control in (self.text, self.remove, self.twice, self.unknown, *self.boxes.values()):
            control.setEnabled(there)
        self.up.setEnabled(row > 0)
        self.told.set_text(_joined(offer_told(offer)) if there else "")
        if self.isVisible():
            self.place()

    # -- what is done to the draft

    def _write(self, offers: list[bytes], row: int) -> None:
        self._filling = True
        self._tab.edit(with_offers(self._tab.draft, offers))
        self._filling = False
        self.look()
        self.list.setCurrentRow(min(row, self.list.count() - 1))

    def _replace(self, offer: bytes) -> None:
        offers, row = list(offers_of(self._tab.draft)), self.list.currentRow()
        if 0 <= row < len(offers):
            offers[row] = offer
            self._write(offers, row)

    def _choose(self, name: bytes, at: int) -> None:
        self._replace(with_parameter(self._offer(), name, self.boxes[name].itemData(at)))

    def _typed(self) -> None:
        self._replace(unescape_value(self.text.text()).data)

    def _add(self) -> None:
        offers = [*offers_of(self._tab.draft)]
        offers.append(DEFLATE if offers else DEFLATE_OFFER)
        self._write(offers, len(offers) - 1)

    def _remove(self) -> None:
        offers, row = list(offers_of(self._tab.draft)), self.list.currentRow()
        if 0 <= row < len(offers):
            del offers[row]
            self._write(offers, row)

    def _up(self) -> None:
        offers, row = list(offers_of(self._tab.draft)), self.list.currentRow()
        if 0 < row < len(offers):
            offers[row - 1], offers[row] = offers[row], offers[row - 1]
            self._write(offers, row - 1)


def _joined(facts: tuple[Fact, ...]) -> str:
    return "\n".join(fact.text for fact in facts)


def _value_text(name: bytes, value: bytes | None) -> str:
    if value is None:
        return translate("Deflate", "not offered")
    if not value:
        text = translate("Deflate", "offered") if name.endswith(b"takeover") else ""
        bare = translate("Deflate", "without a value")
        wrong = translate("Deflate", "without a value (malformed)")
        return text or (bare if name == CLIENT_BITS else wrong)
    shown = escape_value(value.removeprefix(b"="))
    if value.startswith(b'="'):
        return translate("Deflate", "{0} (quoted, which RFC 6455 §9.1 allows)").format(shown)
    fine = value in BITS[2:10]
    return shown if fine else translate("Deflate", "{0} (malformed)").format(shown)


def _button(text: str, tip: str) -> QPushButton:
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    return made
