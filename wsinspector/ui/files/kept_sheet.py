"""The sheet of what is kept by itself: where, how much there is, and how much of it may be."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.capture.keeping import files_in
from wsinspector.conversation.option_texts import Read, read_bytes
from wsinspector.present.numbers import size
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.option_group import OptionField, OptionGroup
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet
from wsinspector.ui.workspace import Workspace

WIDTH = 560
MOST_DAYS = 36_500
LEAST_BYTES = 1 << 20


def read_days(text: str) -> Read[int]:
    """Whole days, from 1."""
    text = text.strip()
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_DAYS:
        return Read(int(text))
    return Read(None, translate("KeptSheet", "Type a number of days, from 1 on."))


def read_size(text: str) -> Read[int]:
    """A size of at least a mebibyte."""
    read = read_bytes(text)
    if read.trouble or (read.value or 0) < LEAST_BYTES:
        return Read(None, translate("KeptSheet", "Type a size of 1 MiB or more, such as 2 GiB."))
    return read


def size_text(value: int) -> str:
    """``value`` bytes in the unit in which it is a whole number."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if value % unit == 0:
            return f"{value // unit} {name}"
    return str(value)


class KeptSheet(Sheet):
    """Limits take effect once the sheet is put away."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = Background("kept captures", self)
        self.setAccessibleName(translate("KeptSheet", "Kept captures"))
        self.there = RoleLabel("", "text", wraps=True)
        self.where = RoleLabel(str(workspace.folder), "muted", mono=True, size=0.95)
        self.copy = QPushButton(translate("KeptSheet", "Copy path"))
        self.copy.setToolTip(translate("KeptSheet", "Put the folder's path on the clipboard"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(workspace.folder)))
        self.largest = OptionField(
            translate("KeptSheet", "At most"),
            read_size,
            tip=translate("KeptSheet", "How large all kept captures may be together, such as 2 GiB"),
            hint="2 GiB",
            width=120,
        )
        self.days = OptionField(
            translate("KeptSheet", "For"),
            read_days,
            tip=translate("KeptSheet", "How long a capture is kept after its last change"),
            unit=translate("KeptSheet", "days"),
            hint="30",
            width=120,
        )
        group = OptionGroup(translate("KeptSheet", "Keep"))
        group.add(translate("KeptSheet", "At most"), self.largest)
        group.add(translate("KeptSheet", "For"), self.days)
        self.done = QPushButton(translate("KeptSheet", "Done"))
        self.done.setToolTip(translate("KeptSheet", "Put this away (Escape); what is set stays"))
        self.done.clicked.connect(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(theme.GAP)
        column.addWidget(RoleLabel(translate("KeptSheet", "Kept captures"), "text", bold=True, size=1.2))
        column.addWidget(self.there)
        place = QHBoxLayout()
        place.addWidget(self.where, 1)
        place.addWidget(self.copy)
        column.addLayout(place)
        column.addSpacing(theme.SPACE)
        column.addWidget(group)
        column.addWidget(
            RoleLabel(
                translate(
                    "KeptSheet",
                    "Beyond a limit the oldest captures go, and it is said. Open and pinned ones stay; so "
                    "does whatever was saved elsewhere.",
                ),
                "muted",
                wraps=True,
            )
        )
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.done)
        column.addLayout(last)
        self.largest.changed.connect(self._take_size)
        self.days.changed.connect(self._take_days)

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * theme.zoom()), super().sizeHint().height())

    def look(self) -> None:
        """Show limits and, once it was counted, what there is."""
        limits = self._workspace.limits
        self.largest.show_text(size_text(limits.size))
        self.days.show_text(str(limits.days))
        self.there.set_text(translate("KeptSheet", "Counting…"))

        def done(found: object) -> None:
            if isinstance(found, tuple):
                number, total = found
                word = translate("KeptSheet", "%n capture(s)", "", number)
                self.there.set_text(f"{word}, {size(total)}.")
            else:
                self.there.set_text(translate("KeptSheet", "The folder cannot be read: {0}").format(found))
            if self.isVisible():
                self.place()

        folder = self._workspace.folder

        def work() -> tuple[int, int]:
            files = files_in(folder)
            return len(files), sum(file.size for file in files)

        self._background.ask("count", work, done)

    def leave(self) -> None:
        super().leave()
        self._workspace.keep()

    def stop(self) -> None:
        """End the thread that counts."""
        self._background.stop()

    def _take_size(self, value: int) -> None:
        self._workspace.settings.keep_bytes = value

    def _take_days(self, value: int) -> None:
        self._workspace.settings.keep_days = value
