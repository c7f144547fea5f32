"""A hex view to type into: digits over the hex part, characters over the text part."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from wsinspector.present.hexlines import HEX_DIGITS, read_hex
from wsinspector.translate import translate
from wsinspector.ui.inspect.hex_view import HexData, HexView


class HexEdit(HexView):
    """A :class:`HexView` whose edits give :attr:`edited` the whole new bytes; the owner sets them.

    Overwrites; Insert changes to inserting. With :meth:`set_editable` off it is a plain view.
    """

    edited = Signal(bytes)
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, data: HexData | None = None, parent: QWidget | None = None) -> None:
        super().__init__(data, parent)
        self._run = 0
        self.set_editable(True)

    def set_editable(self, on: bool) -> None:
        self.editable = on
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on)
        self.setToolTip(self.tip())

    def tip(self) -> str:
        if not self.editable:
            return super().tip()
        return super().tip() + " " + translate("HexView", "Type to overwrite; Insert changes to inserting.")

    @property
    def run(self) -> str:
        """Names the byte being typed; edits with the same one belong together for undo."""
        return f"bytes {self._run}"

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.editable and self._command_key(event):
            event.accept()
            return
        super().keyPressEvent(event)
        if self.editable and not event.isAccepted() and self._edit_key(event):
            event.accept()

    def _command_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.copy()
            self._replace(*self._cursor.stretch, b"")
        else:
            return False
        return True

    def _edit_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Insert:
            self._cursor.inserting = not self._cursor.inserting
            self.viewport().update()
            return True
        start, end = self._cursor.stretch
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            if start == end:
                start, end = (start - 1, start) if key == Qt.Key.Key_Backspace else (start, start + 1)
            if start >= 0:
                self._replace(start, min(end, self._data.length()), b"")
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor.in_text:
            self._put(b"\r\n")
            return True
        control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
        if not event.text() or not event.text().isprintable() or event.modifiers() & control:
            return False
        return self._type(event.text())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self.editable and event.commitString():
            self._type(event.commitString())
        event.accept()

    def _type(self, text: str) -> bool:
        if self._cursor.in_text:
            self._put(_as_bytes(text))
            return True
        if len(text) != 1 or text not in HEX_DIGITS:
            return False
        digit, at, length = int(text, 16), self._cursor.at, self._data.length()
        if self._cursor.stretch[0] != self._cursor.stretch[1]:
            at = self._cursor.stretch[0]
            self._replace(*self._cursor.stretch, bytes([digit << 4]))
            self._cursor.put(at, low=True)
        elif self._cursor.low and at < length:
            old = self._data.read(at, at + 1)[0]
            self._replace(at, at + 1, bytes([old & 0xF0 | digit]))
        elif self._cursor.inserting or at >= length:
            self._replace(at, at, bytes([digit << 4]))
            self._cursor.put(at, low=True)
        else:
            old = self._data.read(at, at + 1)[0]
            self._replace(at, at + 1, bytes([digit << 4 | old & 0x0F]))
            self._cursor.put(at, low=True)
        self._cursor_moved()
        return True

    def _put(self, data: bytes) -> None:
        start, end = self._cursor.stretch
        if start == end and not self._cursor.inserting:
            end = min(start + len(data), self._data.length())
        self._replace(start, end, data)

    def _replace(self, start: int, end: int, data: bytes) -> None:
        """Say what the bytes would be with ``[start, end)`` replaced; the owner sets them."""
        for first, last in self._hidden:
            if first < max(end, start + 1) and start < last:
                self.hidden_clicked.emit(first)  # nobody edits what cannot be seen
        whole = self._data.read(0, self._data.length())
        if whole[start:end] == data:
            self._cursor.put(start + len(data))
            return
        if not self._cursor.low:
            self._run += 1
        self._cursor.put(start + len(data))
        new = whole[:start] + data + whole[end:]
        self.edited.emit(new)
        self._cursor.clamp(self._data.length())
        self.show_byte(self._cursor.at)
        self._cursor_moved()

    def paste(self) -> None:
        """Insert the clipboard over the selection: hex in the hex part where it reads as hex."""
        text = QGuiApplication.clipboard().text()
        data = read_hex(text) if not self._cursor.in_text else None
        if data is None:
            data = _as_bytes(text)
        start, end = self._cursor.stretch
        self._replace(start, end, data)


def _as_bytes(text: str) -> bytes:
    """One byte a character up to U+00FF, UTF-8 above."""
    return b"".join(
        bytes([ord(one)]) if ord(one) < 0x100 else one.encode("utf-8", "surrogatepass") for one in text
    )
