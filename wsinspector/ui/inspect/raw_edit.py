"""The bytes of a head as text, one visible character a byte; the widget's text is never wire text."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QMenu, QPlainTextEdit, QTextEdit, QWidget

from wsinspector.present.hexlines import MASK
from wsinspector.protocol.escapes import byte_to_raw_offset, raw_bytes, raw_offset_to_byte, raw_text
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.row_paint import PICTURE_SCALE

Stretch = tuple[int, int]
_PICTURES = re.compile("[\u2400-\u2421]+")


class PictureHighlighter(QSyntaxHighlighter):
    """Control pictures muted and larger: at the size of text nobody can read them."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._form = QTextCharFormat()
        self.restyle()

    def restyle(self) -> None:
        self._form.setForeground(theme.color("muted"))
        self._form.setFontPointSize(theme.mono_font().pointSizeF() * PICTURE_SCALE)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for match in _PICTURES.finditer(text):
            self.setFormat(match.start(), len(match.group()), self._form)


class RawEdit(QPlainTextEdit):
    """Shows :meth:`data` and, unless read-only, edits them.

    CR and LF are visible characters; the line break behind an LF is for the eye and carries
    no byte. Every key, paste and composed character becomes a change of bytes at once:
    :attr:`edited` gives the whole new bytes and the owner sets them with :meth:`set_bytes`.
    """

    edited = Signal(bytes)
    undo_asked = Signal()
    redo_asked = Signal()
    hidden_clicked = Signal(int)  # a byte of a hidden stretch was clicked or is about to change
    flagged = Signal(str)  # what of the text just typed or pasted became more than one byte, or ""

    def __init__(self, *, editable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bytes = b""
        self._hidden: tuple[Stretch, ...] = ()
        self._lit: tuple[Stretch, ...] = ()
        self._fit_lines = 0
        self._setting = False
        self._run, self._run_end = 0, -1
        self.editable = editable
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("border: none; padding: 0; background: transparent")
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setFont(theme.mono_font())
        self.setAccessibleName(translate("RawEdit", "Raw"))
        self.set_editable(editable)
        self._pictures = PictureHighlighter(self.document())
        self.document().contentsChanged.connect(self._changed_from_outside)
        self.document().setDocumentMargin(4)
        self.setViewportMargins(8, 0, 4, 0)

    def set_editable(self, on: bool) -> None:
        self.editable = on
        self.setReadOnly(not on)
        if not on:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        tip = translate("RawEdit", "One character a byte; ␍ and ␊ end a line.")
        if on:
            tip += " " + translate("RawEdit", "Enter inserts ␍␊, Shift+Enter only ␊, Ctrl+Enter only ␍.")
        self.setToolTip(tip)

    # -- what is shown

    def data(self) -> bytes:
        """The bytes shown."""
        return self._bytes

    @property
    def run(self) -> str:
        """Names the word being typed; edits with the same one belong together for undo."""
        return f"raw {self._run}"

    def set_bytes(self, data: bytes) -> None:
        """Show ``data`` with nothing hidden; the cursor keeps its byte."""
        self.show_bytes(data)

    def show_bytes(self, data: bytes, hidden: Sequence[Stretch] = ()) -> None:
        """Show ``data`` with a dot for every byte of the ``hidden`` stretches."""
        if data == self._bytes and tuple(hidden) == self._hidden and (self.toPlainText() or not data):
            return
        anchor, at = self._selected()
        self._bytes, self._hidden = data, tuple(hidden)
        self._show(min(anchor, len(data)), min(at, len(data)))

    def set_lit(self, stretches: Sequence[Stretch]) -> None:
        """Light the bytes of ``stretches`` and bring the first into sight."""
        self._lit = tuple(stretches)
        self._mark()
        if self._lit:
            cursor = self._cursor_at(self._lit[0][0], self._lit[0][0])
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def lit(self) -> tuple[Stretch, ...]:
        return self._lit

    def fit_to_lines(self, most: int) -> None:
        """Be as high as the content, up to ``most`` lines."""
        self._fit_lines = most
        self._fit()

    def shown_text(self) -> str:
        """What stands on the screen."""
        return self.toPlainText()

    def _show(self, anchor: int, at: int) -> None:
        text = list(raw_text(self._bytes))
        for start, end in self._hidden:
            last = byte_to_raw_offset(self._bytes, min(end, len(self._bytes)))
            for place in range(byte_to_raw_offset(self._bytes, start), last):
                if text[place] not in "␍␊\n":
                    text[place] = MASK
        self._setting = True
        try:
            self.setPlainText("".join(text))
            self.setTextCursor(self._cursor_at(anchor, at))
        finally:
            self._setting = False
        self._mark()
        self._fit()

    def _mark(self) -> None:
        selections = []
        lit = QTextCharFormat()
        lit.setBackground(theme.color("lit"))
        for start, end in self._lit:
            first = byte_to_raw_offset(self._bytes, min(start, len(self._bytes)))
            last = byte_to_raw_offset(self._bytes, min(end, len(self._bytes)))
            selections.append(self._extra(first, last, lit))
        self.setExtraSelections(selections)

    def _extra(self, first: int, last: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.document())
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        extra = QTextEdit.ExtraSelection()
        extra.cursor, extra.format = cursor, form
        return extra

    def _fit(self) -> None:
        if not self._fit_lines:
            return
        most = self._fit_lines * self.fontMetrics().lineSpacing() * 1.3
        content, block = 0.0, self.document().firstBlock()
        while block.isValid() and content < most:
            content += self.blockBoundingRect(block).height()
            block = block.next()
        height = round(min(content, most)) + 2 * round(self.document().documentMargin()) + 2
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange) and hasattr(
            self, "_pictures"
        ):
            self.setFont(theme.mono_font())
            self._pictures.restyle()
            self._mark()
            self._fit()

    # -- bytes and places

    def _selected(self) -> tuple[int, int]:
        """Anchor and cursor as offsets of bytes."""
        text, cursor = raw_text(self._bytes), self.textCursor()
        return (
            raw_offset_to_byte(text, min(cursor.anchor(), len(text))),
            raw_offset_to_byte(text, min(cursor.position(), len(text))),
        )

    def _cursor_at(self, anchor: int, at: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(byte_to_raw_offset(self._bytes, anchor))
        cursor.setPosition(byte_to_raw_offset(self._bytes, at), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _replace(self, start: int, end: int, data: bytes) -> None:
        for first, last in self._hidden:
            if first < max(end, start + 1) and start < last:
                self.hidden_clicked.emit(first)
        new = self._bytes[:start] + data + self._bytes[end:]
        if new == self._bytes:
            return
        if start != end or start != self._run_end or len(data) != 1 or data.isspace():
            self._run += 1
        self._run_end = start + len(data)
        self.edited.emit(new)
        if self._bytes == new:
            self._setting = True
            self.setTextCursor(self._cursor_at(start + len(data), start + len(data)))
            self._setting = False
            self.ensureCursorVisible()

    def _insert(self, data: bytes) -> None:
        anchor, at = self._selected()
        self._replace(min(anchor, at), max(anchor, at), data)

    def _insert_text(self, text: str) -> None:
        data, flags = raw_bytes(text)
        self.flagged.emit(flags[0].text if flags else "")
        self._insert(data)

    def _changed_from_outside(self) -> None:
        """An assistive tool wrote into the document: take it where it can be read back, else undo it."""
        if self._setting:
            return
        text = self.toPlainText()
        if self.editable and not self._hidden:
            data, _flags = raw_bytes(text)
            if data != self._bytes:
                self.edited.emit(data)
        self._show(*self._selected())

    # -- keys, clipboard, pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_asked.emit()
        elif not self.editable:
            super().keyPressEvent(event)
            return
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut()
        elif not self._edit_key(event):
            if event.text() and event.text().isprintable() and not _commands(event):
                self._insert_text(event.text())
            elif event.key() != Qt.Key.Key_Insert:
                super().keyPressEvent(event)
                return
        event.accept()

    def _edit_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._insert(b"\n")
            elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._insert(b"\r")
            else:
                self._insert(b"\r\n")
            return True
        if key not in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            return False
        anchor, at = self._selected()
        if anchor == at and _commands(event):
            cursor = self.textCursor()
            move = QTextCursor.MoveOperation
            back = key == Qt.Key.Key_Backspace
            cursor.movePosition(move.PreviousWord if back else move.NextWord, QTextCursor.MoveMode.KeepAnchor)
            at = raw_offset_to_byte(raw_text(self._bytes), cursor.position())
        elif anchor == at:
            at = at - 1 if key == Qt.Key.Key_Backspace else at + 1
        start, end = min(anchor, at), max(anchor, at)
        if start >= 0 and end <= len(self._bytes):
            self._replace(start, end, b"")
        return True

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self.editable and event.commitString():
            self._insert_text(event.commitString())
        event.accept()

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selection as shown, line breaks that are only for the eye left out."""
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    def selected_text(self) -> str:
        """Real text where nothing in it is hidden, so that it pastes elsewhere as it would travel."""
        anchor, at = self._selected()
        start, end = min(anchor, at), max(anchor, at)
        if any(first < end and start < last for first, last in self._hidden):
            cursor = self.textCursor()
            return self.toPlainText()[cursor.selectionStart() : cursor.selectionEnd()]
        return self._bytes[start:end].decode("latin-1")

    def copy(self) -> None:
        if self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self.selected_text())

    def cut(self) -> None:
        self.copy()
        self._insert(b"")

    def paste(self) -> None:
        self.insertFromMimeData(QGuiApplication.clipboard().mimeData())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return self.editable and source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert text; line breaks of any kind arrive as the bytes they are, LF in most clipboards."""
        if self.editable and source.hasText():
            self._insert_pasted(source.text())

    def _insert_pasted(self, text: str) -> None:
        # A bare "\n" means nothing to raw_bytes (it is only for the eye), so pasted breaks become glyphs.
        self._insert_text(text.replace("␊\n", "␊").replace("\r", "␍").replace("\n", "␊"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = self._byte_at(event.position().toPoint())
        if any(start <= at < end for start, end in self._hidden):
            self.hidden_clicked.emit(at)

    def _byte_at(self, point: QPoint) -> int:
        return raw_offset_to_byte(raw_text(self._bytes), self.cursorForPosition(point).position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        entries = [(translate("RawEdit", "Copy"), QKeySequence.StandardKey.Copy, self.copy)]
        if self.editable:
            entries.insert(0, (translate("RawEdit", "Cut"), QKeySequence.StandardKey.Cut, self.cut))
            entries.append((translate("RawEdit", "Paste"), QKeySequence.StandardKey.Paste, self.paste))
        entries.append(
            (translate("RawEdit", "Select all"), QKeySequence.StandardKey.SelectAll, self.selectAll)
        )
        for text, key, act in entries:
            action = menu.addAction(text)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(act)
        menu.exec(event.globalPos())


def _commands(event: QKeyEvent) -> bool:
    held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier)
    return bool(held) and not event.modifiers() & Qt.KeyboardModifier.AltModifier
