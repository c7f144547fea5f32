"""The payload of a crafted frame: where it comes from, and what that needs to be known."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.protocol.crafting import INVALID_UTF8, Payload, Source
from wsinspector.translate import marked, translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.craft_fields import Choice, Line, PayloadEdit
from wsinspector.ui.inspect.role_label import RoleLabel

SOURCES = (
    (Source.TEXT, marked("Craft", "Text")),
    (Source.HEX, marked("Craft", "Hex")),
    (Source.BASE64, marked("Craft", "Base64")),
    (Source.FILE, marked("Craft", "File")),
    (Source.PATTERN, marked("Craft", "Pattern")),
    (Source.RANDOM, marked("Craft", "Random")),
    (Source.INVALID, marked("Craft", "No UTF-8")),
    (Source.CLOSE, marked("Craft", "Close code")),
)
_SIZED = (Source.PATTERN, Source.RANDOM, Source.INVALID)
_TYPED = (Source.TEXT, Source.HEX, Source.BASE64, Source.PATTERN, Source.CLOSE)


class CraftPayload(QWidget):
    """Gives and takes the members of a file that speak of a payload."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = Choice(
            translate("Craft", "Where the payload comes from"),
            translate("Craft", "Typed, read from a file, or generated"),
        )
        self.source.offer([(translate("Craft", text), source.value) for source, text in SOURCES])
        self.kind = Choice(
            translate("Craft", "Kind of invalid UTF-8"),
            translate("Craft", "Bytes that are no UTF-8 (RFC 3629): they end the payload"),
        )
        self.kind.offer([(name, name) for name in INVALID_UTF8])
        for at, data in enumerate(INVALID_UTF8.values()):
            self.kind.setItemData(at, data.hex(" "), Qt.ItemDataRole.ToolTipRole)
        self.seed = Line(
            translate("Craft", "Seed"), translate("Craft", "The same seed gives the same bytes"), 6
        )
        self.code = Line(translate("Craft", "Close code"), translate("Craft", "0 to 65535, two bytes"), 6)
        self.wide = Line(
            translate("Craft", "Size in bytes"), translate("Craft", "How many bytes are generated"), 9
        )
        self.size_label = RoleLabel(translate("Craft", "bytes"), "muted")
        self.choose = QPushButton(translate("Craft", "Choose…"))
        self.choose.setToolTip(translate("Craft", "Choose the file whose bytes are the payload"))
        self.choose.setFixedHeight(theme.control_height())
        self.edit = PayloadEdit()
        self.size_label.setMinimumWidth(self.size_label.sizeHint().width())
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for part in (self.source, self.kind, self.seed, self.code, self.wide, self.size_label, self.choose):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addWidget(self.edit)
        self.seed.put("1")
        self.code.put("1000")
        self.wide.put("1024")
        self.source.currentIndexChanged.connect(self._source_changed)
        self.kind.currentIndexChanged.connect(self.changed)
        self.edit.textChanged.connect(self.changed)
        for line in (self.seed, self.code, self.wide):
            line.textEdited.connect(self.changed)
        self.choose.clicked.connect(self._ask_file)
        self._show_parts()

    @property
    def _source(self) -> Source:
        return Source(str(self.source.word()))

    def _source_changed(self) -> None:
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        source = self._source
        self.kind.setVisible(source is Source.INVALID)
        self.seed.setVisible(source is Source.RANDOM)
        self.code.setVisible(source is Source.CLOSE)
        self.wide.setVisible(source in _SIZED)
        self.size_label.setVisible(source in _SIZED)
        self.choose.setVisible(source is Source.FILE)
        self.edit.setVisible(source in (*_TYPED, Source.FILE))
        self.edit.setReadOnly(source is Source.FILE)
        hints = {
            Source.TEXT: translate("Craft", "Text, may be empty"),
            Source.HEX: translate("Craft", "Bytes as hex: 01 02 0a"),
            Source.BASE64: translate("Craft", "Bytes as base64"),
            Source.FILE: translate("Craft", "No file is chosen"),
            Source.PATTERN: translate("Craft", "Text that is repeated"),
            Source.CLOSE: translate("Craft", "Reason, may be empty"),
        }
        hint = hints.get(source, "")
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(translate("Craft", "Payload: {hint}").format(hint=hint))
        self.edit.setToolTip(hint)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self.window(), translate("Craft", "A file as payload"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def take_file(self, name: str) -> None:
        """The payload is the bytes of ``name``; it is read when the bytes are shown."""
        self.source.pick(Source.FILE.value)
        self._show_parts()
        self.edit.put(str(Path(name)))
        self.changed.emit()

    def put(self, payload: Payload) -> None:
        """Show ``payload``; no signal tells of it."""
        self.source.pick(payload.source.value)
        self._show_parts()
        match payload.source:
            case Source.RANDOM:
                self.seed.put(str(payload.seed))
            case Source.INVALID:
                self.kind.pick(payload.value)
            case Source.CLOSE:
                self.code.put(str(payload.size))
                self.edit.put(payload.value)
            case _:
                self.edit.put(payload.value)
        if payload.generated:
            self.wide.put(str(payload.size))

    def members(self) -> dict[str, Any]:
        """As a file has them; texts that are no numbers stay texts, and are found wrong there."""
        source = self._source
        name, typed = source.value, self.edit.typed()
        match source:
            case Source.RANDOM:
                return {name: number(self.seed.text()), "size": number(self.wide.text())}
            case Source.PATTERN:
                return {name: typed, "size": number(self.wide.text())}
            case Source.INVALID:
                return {name: str(self.kind.word()), "size": number(self.wide.text() or "0")}
            case Source.CLOSE:
                return {name: number(self.code.text()), "reason": typed}
            case _:
                return {name: typed}


def number(text: str) -> int | str:
    """What ``text`` says as a whole number, decimal or 0x…; ``text`` itself where it says none."""
    try:
        return int(text.strip().replace(" ", ""), 0)
    except ValueError:
        return text
