"""The line above the log that says what the frames are read as, and what they look like instead."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.decoding import header, no_frames
from wsinspector.protocol.dialects import DIALECTS, RFC6455
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel


class ReadingBar(QWidget):
    """``asked(dialect)``: read the frames so. In sight where there is something to say."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: AttemptSnapshot | None = None
        self.looks: Callable[[AttemptSnapshot], dict[str, str]] = lambda _: {}
        """What each dialect would make of the first frames, in a few words."""
        self._reads = ""
        self._fits = ""
        self.mark = RoleLabel("!", "note", bold=True)
        self.text = RoleLabel("", "text", wraps=True)
        self.take = QPushButton()
        self.take.setProperty("kind", "primary")
        self.back = QPushButton()
        self.other = QPushButton()
        tell(
            self.other,
            translate(
                "Readings",
                "Read the frames as another version's; the bytes stay as they are ([key:frames.reading])",
            ),
        )
        for button in (self.take, self.back, self.other):
            button.setStyleSheet("padding: 2px 10px")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self.mark)
        row.addWidget(self.text, 1)
        for button in (self.take, self.back, self.other):
            row.addWidget(button)
        self.take.clicked.connect(lambda: self.asked.emit(self._fits))
        self.back.clicked.connect(lambda: self.asked.emit(""))
        self.other.clicked.connect(self.open_menu)
        self.hide()

    def show_reading(
        self, snapshot: AttemptSnapshot | None, reads: str, note: str = "", share: int = 100
    ) -> None:
        """Say how ``snapshot``'s frames are read: ``reads`` is a dialect, empty as agreed on."""
        self._snapshot, self._reads = snapshot, reads
        if snapshot is None or snapshot.opened_at is None:
            self.hide()
            return
        agreed = snapshot.agreed.dialect
        fit = snapshot.fit
        self._fits = fit.dialect if fit is not None and fit.dialect != reads and not reads else ""
        if reads:
            text = " ".join(part for part in (header(reads, agreed), note) if part)
            if share < 100:
                text += " " + translate("Readings", "{0} % read.").format(share)
        elif self._fits and fit is not None:
            text = translate("Readings", "Probably {0}. {1}").format(fit.dialect, fit.reason)
        else:
            text = translate("Readings", "Frames of {0}").format(agreed)
        doubt = no_frames(snapshot)
        if doubt:
            text = f"{text.rstrip('.')}. {doubt}"
        self.mark.setVisible(bool(self._fits or doubt))
        self.text.set_role("text" if reads or self._fits or doubt else "muted")
        if text != self.text.full_text():
            self.text.set_text(text)
        _name(self.take, translate("Readings", "Read as {0}").format(self._fits) if self._fits else "")
        _name(self.back, translate("Readings", "Back to {0}").format(agreed) if reads else "")
        _name(self.other, translate("Readings", "Read as …"))
        self.setVisible(bool(reads or self._fits or doubt) or agreed != RFC6455)

    def open_menu(self) -> None:
        """Offer every dialect."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        if self.isVisible():
            menu.popup(self.other.mapToGlobal(self.other.rect().bottomLeft()))
        else:  # where it would stand
            menu.popup(self.mapToGlobal(QPoint(theme.MARGIN, 0)))

    def menu(self) -> QMenu:
        """Every dialect, the one agreed on and the one that fits told apart."""
        menu = QMenu(self)
        snapshot = self._snapshot
        if snapshot is None or snapshot.opened_at is None:
            text = translate("Readings", "There are no frames to read another way")
            menu.addAction(text).setEnabled(False)
            return menu
        agreed = snapshot.agreed.dialect
        looks = self.looks(snapshot)
        for dialect in reversed(DIALECTS):
            text = translate("Readings", "Read as {0}").format(dialect.name)
            told = []
            if dialect.name == agreed:
                told.append(translate("Readings", "as agreed"))
            elif snapshot.fit is not None and snapshot.fit.dialect == dialect.name:
                told.append(translate("Readings", "fits"))
            if dialect.name in looks:
                told.append(looks[dialect.name])
            if told:
                text += "\t" + ", ".join(told)
            action = menu.addAction(text, partial(self.asked.emit, dialect.name))
            action.setCheckable(True)
            action.setChecked(dialect.name == (self._reads or agreed))
        return menu


def _name(button: QPushButton, text: str) -> None:
    if button.text() != text:
        button.setText(text)
        button.setAccessibleName(text)
    button.setVisible(bool(text))
