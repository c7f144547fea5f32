"""The last question before a sequence runs: whether what is this person's alone may be sent by it."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.conversation.sequences.model import Sequence
from wsinspector.conversation.sequences.unready import OutsideFile, files_outside, payloads_of
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.role_label import RoleLabel

MOST_NAMED = 4

Begin = Callable[[bool], None]
"""Starts the run; True where files outside the folder may be read."""


class OutsideRow(QWidget):
    """Names the files, and asks. ``agreed`` or ``declined``."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = RoleLabel("", "note", wraps=True)
        self.yes = QPushButton(translate("Sequences", "Send them and run"))
        self.yes.setProperty("kind", "primary")
        self.yes.setToolTip(translate("Sequences", "Let the sequence send them (Enter)"))
        self.no = QPushButton(translate("Sequences", "Do not run"))
        self.no.setToolTip(translate("Sequences", "Read nothing, send nothing (Escape)"))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        column.setSpacing(theme.GAP)
        column.addWidget(self.text)
        column.addLayout(buttons)
        self.yes.clicked.connect(self.agreed)
        self.no.clicked.connect(self.declined)
        theme.watcher().changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def ask(self, files: list[OutsideFile], secrets: Collection[str] = (), to: str = "") -> None:
        """Ask for these files, and for the hidden variables that go ``to`` its own address.

        The safe answer has the focus.
        """
        lines: list[str] = []
        if secrets:
            said = translate(
                "Sequences",
                "This sequence sends %n hidden variable(s) of the Library to {0}:",
                "",
                len(secrets),
            )
            lines += [said.format(visible(to)), ", ".join(map(visible, secrets))]
        if files:
            said = translate(
                "Sequences", "This sequence sends %n file(s) from outside its folder.", "", len(files)
            )
            lines += [
                said,
                *(f"{visible(each.name)}  →  {visible(each.path)}" for each in files[:MOST_NAMED]),
            ]
        if len(files) > MOST_NAMED:
            lines.append(translate("Sequences", "And %n more.", "", len(files) - MOST_NAMED))
        self.text.set_text("\n".join(lines))
        self.yes.setAccessibleName(f"{self.yes.text()}. {' '.join(lines)}")
        self.no.setAccessibleName(f"{self.no.text()}. {lines[0] if lines else ''}")
        self.show()
        self.no.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.declined.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def _restyle(self) -> None:
        for button in (self.yes, self.no):
            button.setFixedHeight(theme.control_height())


class Starting(QObject):
    """Begins a run at once, or once a person has agreed to what it reads. ``answered``: the row is gone."""

    answered = Signal()

    def __init__(self, background: Background, row: OutsideRow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._row = row
        self._begin: Begin | None = None
        self._asked: frozenset[str] = frozenset()
        self._agreed: frozenset[str] = frozenset()
        """Files and hidden variables that a person has agreed to, for as long as this sequence is shown."""
        row.agreed.connect(self._agree)
        row.declined.connect(self.forget)

    @property
    def asking(self) -> bool:
        return self._begin is not None

    def start(
        self, sequence: Sequence, folder: Path | None, begin: Begin, secrets: Collection[str] = ()
    ) -> None:
        """Begin, or ask first where it sends files from outside ``folder``, or hidden variables of the
        Library, ``secrets``, to an address of its own: it may be somebody else's."""
        self.forget()
        alone = frozenset(f"{name} {sequence.url}" for name in secrets)
        if not any(payload.kind == "file" for _, payload in payloads_of(sequence)):
            if alone <= self._agreed:
                begin(False)
            else:
                self._begin, self._asked = begin, alone
                self._row.ask([], secrets, sequence.url)
            return
        self._begin = begin

        def done(found: Any) -> None:
            if self._begin is not begin:
                return  # another sequence meanwhile
            files = found if isinstance(found, list) else []
            self._asked = frozenset(each.path for each in files) | alone
            if self._asked <= self._agreed:
                self._begin = None
                begin(bool(files))
            else:
                self._row.ask(files, [] if alone <= self._agreed else secrets, sequence.url)

        self._background.ask("files of a sequence", lambda: files_outside(sequence, folder), done)

    def forget(self) -> None:
        """Begin nothing any more."""
        self._begin = None
        if not self._row.isHidden():
            self._row.hide()
            self.answered.emit()

    def another(self) -> None:
        """Another sequence is shown: what was agreed to for the last one does not count for it."""
        self._agreed = frozenset()
        self.forget()

    def _agree(self) -> None:
        begin = self._begin
        self._agreed |= self._asked
        self.forget()
        if begin is not None:
            begin(True)
