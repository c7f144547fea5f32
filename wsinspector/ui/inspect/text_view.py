"""Text of a payload in colours: however much it is and however long its lines, the window goes on."""

import time
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from wsinspector.present.jsontext import Piece
from wsinspector.present.needle import NOTHING, Needle
from wsinspector.present.payload import Content
from wsinspector.translate import translate
from wsinspector.ui import theme

MOST_LIT = 500
FOLD = 2000
"""Characters of a line from which on it is laid out as more than one."""

GOES_ON = 1
"""What marks a line that goes on with the one above."""

INSERTING = 0.02  # s
_ROLES = {
    "key": "json_key",
    "string": "json_text",
    "number": "json_number",
    "literal": "json_word",
    "mark": "text",
    "plain": "text",
}


class TextView(QPlainTextEdit):
    """Coloured, read-only, monospaced; nothing in it is ever taken for a link or for markup.

    Long lines are laid out as several, since one of 256 KiB takes Qt seconds; what is copied is whole again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(translate("Payload", "Payload"))
        self._content: Content | None = None
        self._find = NOTHING
        self._rest: Iterator[Piece] = iter(())
        self._formats: dict[str, QTextCharFormat] = {}
        self._column = 0
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._insert_some)
        theme.watcher().changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setFont(theme.mono_font())
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        if self._content is not None:
            self.set_content(self._content)

    def set_find(self, needle: Needle) -> None:
        """Light ``needle`` wherever it stands, and bring the first place into sight."""
        self._find = needle
        text = self.toPlainText()
        lit = []
        wide = not text.isascii()
        for start, stop in needle.places(text, MOST_LIT):
            part = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            # Qt counts UTF-16 units.
            cursor.setPosition(_units(text[:start]) if wide else start)
            length = _units(text[start:stop]) if wide else stop - start
            cursor.setPosition(cursor.position() + length, QTextCursor.MoveMode.KeepAnchor)
            part.cursor = cursor
            part.format.setBackground(theme.color("lit"))
            lit.append(part)
        self.setExtraSelections(lit)
        if lit:
            place = QTextCursor(lit[0].cursor)
            place.clearSelection()
            self.setTextCursor(place)
            self.ensureCursorVisible()

    def set_content(self, content: Content) -> None:
        """Show the pieces of ``content`` in their colours."""
        self._set_pieces(content)
        if self._find:
            self.set_find(self._find)

    def _set_pieces(self, content: Content) -> None:
        self._content = content
        self._rest = iter(())
        self._more.stop()
        self.clear()
        if len(content.pieces) == 1 and content.pieces[0].role == "plain":
            self._set_plain(content.pieces[0].text)
            return
        self._rest = iter(content.pieces)
        self._formats.clear()
        self._column = 0
        self._insert_some()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _set_plain(self, text: str) -> None:
        lines = text.split("\n")
        if max(map(len, lines)) <= FOLD:
            self.setPlainText(text)
            return
        folded: list[str] = []
        goes_on: list[int] = []
        for line in lines:
            for at in range(0, max(len(line), 1), FOLD):
                if at:
                    goes_on.append(len(folded))
                folded.append(line[at : at + FOLD])
        self.setPlainText("\n".join(folded))
        for number in goes_on:
            self.document().findBlockByNumber(number).setUserState(GOES_ON)

    def _insert_some(self) -> None:
        """Insert pieces for a moment; the rest follows when the window had its turn."""
        until = time.perf_counter() + INSERTING
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for piece in self._rest:
            shape = self._formats.get(piece.role)
            if shape is None:
                shape = self._formats[piece.role] = QTextCharFormat()
                shape.setForeground(QColor(theme.color(_ROLES.get(piece.role, "text"))))
            self._insert(cursor, piece.text, shape)
            if time.perf_counter() > until:
                self._more.start()
                break
        else:
            if self._find:
                QTimer.singleShot(0, self, lambda: self.set_find(self._find))
        cursor.endEditBlock()

    def _insert(self, cursor: QTextCursor, text: str, shape: QTextCharFormat) -> None:
        last = text.rfind("\n")
        length = len(text) - last - 1
        column = self._column if last < 0 else 0
        if column + length <= FOLD and (last < 0 or last <= FOLD):
            cursor.insertText(text, shape)
            self._column = column + length
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                cursor.insertBlock()
                self._column = 0
            at = 0
            while at < len(line):
                if self._column >= FOLD:
                    cursor.insertBlock()
                    cursor.block().setUserState(GOES_ON)
                    self._column = 0
                part = line[at : at + FOLD - self._column]
                cursor.insertText(part, shape)
                self._column += len(part)
                at += len(part)

    def selected_text(self) -> str:
        """What is selected, with no line ends but its own."""
        cursor = self.textCursor()
        block = self.document().findBlock(cursor.selectionStart())
        parts = cursor.selectedText().split("\u2029")
        text = parts[0]
        for part in parts[1:]:
            block = block.next()
            text += part if block.userState() == GOES_ON else f"\n{part}"
        return text

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        if self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self.selected_text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() == "edit-copy":
                action.triggered.disconnect()
                action.triggered.connect(self.copy)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def _units(text: str) -> int:
    """UTF-16 units of ``text``."""
    return len(text) + sum(1 for character in text if character > "\uffff")
