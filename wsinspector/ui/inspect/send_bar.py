"""One frame at a time by hand: what kind, what it says, and the bytes that would leave."""

import dataclasses
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.sequences.filling import Filler, UnknownVariableError, in_json, places
from wsinspector.present.outgoing import Outgoing, SendKind, offered_codes, outgoing
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.opcodes import BINARY, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.translate import marked, translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind, fill, tell
from wsinspector.ui.files.dropping import pass_files_on
from wsinspector.ui.inspect.due_row import DueRow
from wsinspector.ui.inspect.role_label import RoleLabel

MOST_LINES = 6
KEPT_ENTRIES = 100
ARROW_WIDTH = 20
FILE_LIMIT = 64 << 20

KINDS = (
    (SendKind.TEXT, marked("Send", "Text")),
    (SendKind.JSON, marked("Send", "JSON")),
    (SendKind.HEX, marked("Send", "Binary, hex")),
    (SendKind.BASE64, marked("Send", "Binary, base64")),
    (SendKind.FILE, marked("Send", "Binary, file…")),
    (SendKind.PING, marked("Send", "Ping")),
    (SendKind.PONG, marked("Send", "Pong")),
    (SendKind.CLOSE, marked("Send", "Close")),
)


class MessageEdit(QPlainTextEdit):
    """One line that grows: Enter sends, Shift+Enter breaks a line, Up and Down recall."""

    send_asked = Signal()
    recall_asked = Signal(int)  # -1 older, 1 newer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pass_files_on(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        self.restyle()

    def typed(self) -> str:
        """The text as typed: toPlainText would make a blank of U+00A0."""
        block = self.document().firstBlock()
        lines = []
        while block.isValid():
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    def restyle(self) -> None:
        """Read font and colours again."""
        self.setFont(theme.mono_font())
        shape = f"border-radius: {theme.RADIUS}px; padding: 0 {theme.GAP}px"
        field, line, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {field}; border: 1px solid {line}; {shape}; }}"
            f"QPlainTextEdit:focus {{ border-color: {focus}; }}"
        )
        self._fit()

    def _fit(self) -> None:
        lines = 0
        block = self.document().firstBlock()
        while block.isValid() and lines < MOST_LINES:
            lines += max(1, block.layout().lineCount())
            block = block.next()
        lines = min(max(lines, 1), MOST_LINES)
        line = QFontMetricsF(theme.mono_font()).lineSpacing()
        room = max(theme.control_height() - round(line), 8)
        self.setViewportMargins(0, room // 2 - 1, 0, 0)
        self.setFixedHeight(round(line * (lines - 1)) + theme.control_height())
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if lines == MOST_LINES else policy.ScrollBarAlwaysOff
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if shift:
                # A line separator would be another character than the one that was meant.
                self.insertPlainText("\n")
            else:
                self.send_asked.emit()
            return
        cursor = self.textCursor()
        if key == Qt.Key.Key_Up and not held and cursor.block() == self.document().firstBlock():
            self.recall_asked.emit(-1)
            return
        if key == Qt.Key.Key_Down and not held and cursor.block() == self.document().lastBlock():
            self.recall_asked.emit(1)
            return
        super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, theme.control_height())


class CodeBox(QComboBox):
    """A close code with the registry behind it; the arrow is drawn flat as everywhere else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(f"QComboBox::drop-down {{ border: none; width: {ARROW_WIDTH}px; }}")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.draw_arrow()

    def draw_arrow(self) -> None:
        """The flat arrow, over what was painted."""
        painter = QPainter(self)
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.ui_font())
        room = self.rect().adjusted(self.width() - ARROW_WIDTH - 2, 0, -4, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), "▾")
        painter.end()


class SendBar(QWidget):
    """Emits :attr:`send_asked` with what is to leave; decides nothing about the connection."""

    send_asked = Signal(object)  # Outgoing
    answer_asked = Signal(object)  # Due
    craft_asked = Signal()
    opened = Signal(bool, str)  # whether frames can leave now; why not

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = SendKind.TEXT
        self._agreed = NOTHING_AGREED
        self._role = Role.CLIENT
        self._why_closed = fill(translate("Send", "Not connected. [key:request.connect] connects."))
        self._can_send = False
        self.variables: Callable[[], Mapping[str, str] | None] = lambda: None
        """What ``{{name}}`` stands for; None where braces leave as they are."""
        self._counted = 0  # messages that asked for {{counter}}
        self._file: bytes | None = None
        self._before_file = ""  # what was typed when a file was asked for
        self._entries: list[tuple[SendKind, str, str]] = []
        self._at = 0
        self._typed = ""
        self.kind_button = QToolButton()
        self.kind_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tell(self.kind_button, translate("Send", "What the text is taken for ([key:frames.kind])"))
        # A shortcut of the button's own would go with the first change of its text.
        bind("frames.kind", self, self.kind_button.showMenu)
        self._kinds = QActionGroup(self)
        menu = QMenu(self.kind_button)
        for kind, text in KINDS:
            action = QAction(translate("Send", text), self._kinds)
            action.setCheckable(True)
            action.setData(kind)
            menu.addAction(action)
        self._kinds.triggered.connect(lambda action: self.set_kind(action.data()))
        self.kind_button.setMenu(menu)
        self.code = CodeBox()
        self.code.setEditable(True)
        self.code.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.code.setAccessibleName(translate("Send", "Close code"))
        tell(self.code, translate("Send", "Close code; any number can be typed, empty sends none"))
        self.code.setMinimumContentsLength(16)
        self.code.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.code.hide()
        self.edit = MessageEdit()
        self.button = QPushButton(translate("Send", "Send"))
        self.button.setProperty("kind", "primary")
        self.craft = QToolButton()
        self.craft.setText(translate("Send", "Craft…"))
        tell(
            self.craft,
            translate("Send", "Make frames bit by bit, and see what a receiver must do ([key:frames.craft])"),
        )
        self.craft.clicked.connect(self.craft_asked)
        self.bytes_line = RoleLabel("", "muted", mono=True, size=0.92)
        self.size_line = RoleLabel("", "muted")
        self.due = DueRow()
        self.due.answer_asked.connect(self.answer_asked)
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        for widget in (self.kind_button, self.code):
            top.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.edit, 1, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.craft, 0, Qt.AlignmentFlag.AlignTop)
        below = QHBoxLayout()
        below.setSpacing(theme.GAP)
        self.compress = QToolButton()
        self.compress.setText(translate("Send", "compress"))
        self.compress.setCheckable(True)
        self.compress.setProperty("kind", "chip")
        self.compress.setAccessibleName(translate("Send", "Compress what I send"))
        self.compress.setToolTip(
            translate(
                "Send",
                "The answer agreed to permessage-deflate: let each message leave compressed (RFC 7692)",
            )
        )
        self.compress.hide()
        below.addWidget(self.bytes_line, 1)
        below.addWidget(self.compress)
        below.addWidget(self.size_line)
        self._below = QWidget()
        self._below.setLayout(below)
        below.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.due)
        layout.addLayout(top)
        layout.addWidget(self._below)
        self._fit_heights()
        theme.watcher().changed.connect(self._restyle)
        self.edit.send_asked.connect(self.send)
        self.edit.recall_asked.connect(self._recall)
        self.edit.textChanged.connect(self._look)
        self.code.editTextChanged.connect(self._look)
        line = self.code.lineEdit()
        if line is not None:
            line.returnPressed.connect(self.send)
        self.button.clicked.connect(self.send)
        self._offer_codes()
        self.set_kind(SendKind.TEXT)

    def _fit_heights(self) -> None:
        for control in (self.kind_button, self.code, self.button, self.craft):
            control.setFixedHeight(theme.control_height())

    def _restyle(self) -> None:
        self.edit.restyle()
        self._fit_heights()

    # -- state from outside

    def set_open(self, is_open: bool, why: str = "") -> None:
        """Whether frames can leave now; ``why`` not, said where the button is."""
        if (is_open, why) != (self._can_send, self._why_closed):
            self._can_send, self._why_closed = is_open, why
            self._look()
        self.opened.emit(is_open, why)

    # -- kinds

    def set_kind(self, kind: SendKind) -> None:
        """Take the text for something else; the text stays."""
        before, self.kind = self.kind, kind
        for action in self._kinds.actions():
            if action.data() is kind:
                action.setChecked(True)
                self.kind_button.setText(f"{action.text().split(',')[0]} ▾")
        self.kind_button.setAccessibleName(
            translate("Send", "Kind: {kind}").format(kind=self.kind_button.text().removesuffix(" ▾"))
        )
        self._show_code()
        hints = {
            SendKind.TEXT: translate("Send", "Text to send"),
            SendKind.JSON: translate("Send", "JSON to send"),
            SendKind.HEX: translate("Send", "Bytes as hex: 01 02 0a"),
            SendKind.BASE64: translate("Send", "Bytes as base64"),
            SendKind.FILE: translate("Send", "A file's bytes in one frame"),
            SendKind.PING: translate("Send", "Ping payload, may be empty"),
            SendKind.PONG: translate("Send", "Pong payload, may be empty"),
            SendKind.CLOSE: translate("Send", "Reason, may be empty"),
        }
        self.edit.setPlaceholderText(hints[kind])
        self.edit.setAccessibleName(hints[kind])
        self.edit.setReadOnly(kind is SendKind.FILE)
        if kind is SendKind.FILE is not before:
            # The field shows the file's name, which must never leave as a text.
            self._file, self._before_file = None, self.edit.typed()
            self.edit.clear()
        elif before is SendKind.FILE is not kind:
            self.edit.setPlainText(self._before_file)
        if kind is SendKind.FILE:
            self._choose_file()
        self._look()

    @property
    def _must_choose(self) -> bool:
        return self.kind is SendKind.FILE and self._file is None

    def _choose_file(self) -> None:
        dialog = QFileDialog(self.window(), translate("Send", "Send a file as one binary message"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def take_file(self, name: str) -> None:
        """Read ``name`` to be sent; what cannot be read is said in place of the bytes."""
        path = Path(name)
        self._file = None
        try:
            size = path.stat().st_size
            if size > FILE_LIMIT:
                raise OSError(translate("Send", "larger than 64 MiB"))
            self._file = path.read_bytes()
            self.edit.setPlainText(path.name)
        except OSError as error:
            self.edit.setPlainText("")
            self._look()
            self._say(
                translate("Send", "{name} cannot be read: {why}").format(name=path.name, why=error), "fault"
            )
            return
        self._look()

    # -- what would leave

    def outgoing(self) -> Outgoing:
        """The frame as it stands now, its variables filled in."""
        problem = ""
        try:
            text = self._filled(self.edit.typed())
        except UnknownVariableError as error:
            text = self.edit.typed()
            said = translate("Send", "{0} With \\ before it the braces leave as they are.")
            problem = said.format(error)
        frame = outgoing(
            self.kind,
            text,
            file=self._file,
            code=self.code.currentText(),
            agreed=self._agreed,
            role=self._role,
        )
        return dataclasses.replace(frame, problem=problem) if problem else frame

    def _filled(self, text: str) -> str:
        """``text`` as it leaves. Raises UnknownVariableError."""
        known = self.variables() if "{{" in text and self.kind is not SendKind.FILE else None
        if known is None:
            return text
        filler = Filler({**known, "counter": str(self._counted + 1)}, now=time.time)
        return filler.fill(text, in_json if self.kind is SendKind.JSON else None)

    def look_again(self) -> None:
        """What variables stand for is something else."""
        if "{{" in self.edit.typed():
            self._look()

    def set_compressing(self, on: bool) -> None:
        """Whether messages leave compressed, where that was agreed."""
        if on != self.compress.isChecked():
            self.compress.setChecked(on)
            self._look()

    def speak(self, agreed: Agreed, role: Role) -> None:
        """Write what is sent as this handshake settled it, as this endpoint."""
        if (agreed, role) != (self._agreed, self._role):
            self._agreed, self._role = agreed, role
            self.compress.setVisible(agreed.deflate is not None)
            self._offer_codes()
            self._show_code()
            self._look()

    def _offer_codes(self) -> None:
        """List the codes of what is spoken; what stands in the box stays, for a number may be typed."""
        typed = self.code.currentText()
        with QSignalBlocker(self.code):
            self.code.clear()
            for text, meaning in offered_codes(self._agreed):
                self.code.addItem(text)
                self.code.setItemData(self.code.count() - 1, meaning, Qt.ItemDataRole.ToolTipRole)
            self.code.addItem(translate("Send", "(no code)"))
            self.code.setCurrentIndex(max(0, self.code.findText(typed)))
            if typed:
                self.code.setEditText(typed)

    def _show_code(self) -> None:
        self.code.setVisible(self.kind is SendKind.CLOSE and bool(offered_codes(self._agreed)))

    def _look(self) -> None:
        frame = self.outgoing()
        self.size_line.set_text(frame.size_text(masked=True) if not frame.problem else "")
        if frame.problem:
            typed = bool(self.edit.typed())
            self._say(frame.problem, "note" if typed else "muted")
        elif frame.warning:
            self._say(frame.warning, "note")
        elif self._compresses(frame):
            self.size_line.set_text("")
            text = translate("Send", "leaves compressed, of %n byte(s)", "", len(frame.payload))
            self._say(text, "muted")
        else:
            text = translate("Send", "leaves as  {bytes}").format(bytes=frame.bytes_text(masked=True))
            self._say(text, "muted")
        ready = self._can_send and not frame.problem
        choose = self._must_choose
        self.button.setText(translate("Send", "Choose…") if choose else translate("Send", "Send"))
        self.button.setEnabled(ready or choose)
        if choose:
            tell(self.button, translate("Send", "Choose the file whose bytes are to leave (Enter)"))
        elif ready:
            tell(self.button, translate("Send", "Send (Enter, or [key:frames.send] from anywhere)"))
        else:
            tell(self.button, frame.problem if self._can_send else self._why_closed)
        if not self._can_send and not frame.problem and not frame.warning:
            self._say(self._why_closed, "muted")
            self.size_line.set_text("")

    def _compresses(self, frame: Outgoing) -> bool:
        wanted = self.compress.isChecked() and self._agreed.deflate is not None
        return wanted and frame.opcode in (TEXT, BINARY)

    def _say(self, text: str, role: str) -> None:
        self.bytes_line.set_role(role)
        self.bytes_line.set_text(text)

    def send(self) -> None:
        """Let it leave, where that is possible now; ask for a file that is still to be chosen."""
        if self._must_choose:
            self._choose_file()
            return
        frame = self.outgoing()
        if frame.problem or not self._can_send:
            return
        text = self.edit.typed()
        entry = (self.kind, text, self.code.currentText())
        recallable = text and self.kind is not SendKind.FILE
        if recallable and (not self._entries or self._entries[-1] != entry):
            self._entries.append(entry)
            del self._entries[:-KEPT_ENTRIES]
        self._at = len(self._entries)
        self._typed = ""
        if self.variables() is not None and any(place.name == "counter" for place in places(text)):
            self._counted += 1
        self.send_asked.emit(frame)
        if self.kind is not SendKind.FILE:
            self.edit.clear()

    def _recall(self, step: int) -> None:
        to = self._at + step
        if not 0 <= to <= len(self._entries):
            return
        if self._at == len(self._entries):
            self._typed = self.edit.typed()
        self._at = to
        if to == len(self._entries):
            self.edit.setPlainText(self._typed)
        else:
            kind, text, code = self._entries[to]
            if kind is not self.kind:
                self.set_kind(kind)
            self.code.setEditText(code)
            self.edit.setPlainText(text)
        cursor = self.edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.edit.setTextCursor(cursor)
