"""The file of a sequence: read and written off the window's thread, asked for where there is none."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from wsinspector.conversation.sequences.reading import LONGEST
from wsinspector.present.plain import visible
from wsinspector.resources import root
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background


class SequenceFile(QObject):
    """``opened(text, path)``: path None for an example. ``saved(text)``. ``said``: for the status bar."""

    opened = Signal(str, object)
    saved = Signal(str)
    said = Signal(str)

    def __init__(self, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self._background = background
        self._widget = parent
        self.path: Path | None = None

    def add_examples(self, menu: QMenu) -> None:
        """An entry for each bundled sequence."""
        for path in sorted((root() / "sequences").glob("*.toml")):
            name = path.stem.replace("-", " ").capitalize()
            menu.addAction(name, partial(self.open, path, example=True))

    def ask_open(self) -> None:
        """Let the person pick one."""
        dialog = QFileDialog(self._widget.window(), translate("Sequences", "Open a sequence"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Sequences", "Sequences (*.toml)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def open(self, path: Path, *, example: bool = False) -> None:
        """Read ``path``; an example is a text of its own, which is saved elsewhere."""

        def read() -> str:
            with path.open("rb") as file:
                data = file.read(LONGEST + 1)
            if len(data) > LONGEST:
                raise OSError(translate("Sequences", "larger than 4 MiB"))
            return data.decode("utf-8-sig").replace("\r\n", "\n")

        def done(result: Any) -> None:
            if isinstance(result, str):
                self.opened.emit(result, None if example else path)
            else:
                text = translate("Sequences", "{0} cannot be read: {1}")
                self.said.emit(text.format(path.name, visible(str(result))))

        self._background.ask("open sequence", read, done)

    def save(self, text: str, name: str) -> None:
        """Write ``text``; ask where to where there is no file yet, proposing ``name``."""
        if self.path is None:
            self.ask_save(text, name)
        else:
            self.save_to(self.path, text)

    def ask_save(self, text: str, name: str) -> None:
        """Let the person pick where ``text`` goes."""
        proposed = "".join(sign if sign.isalnum() else "-" for sign in name).strip("-").lower() or "sequence"
        dialog = QFileDialog(self._widget.window(), translate("Sequences", "Save the sequence as"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(translate("Sequences", "Sequences (*.toml)"))
        dialog.setDefaultSuffix("toml")
        dialog.selectFile(str(self.path or f"{proposed}.toml"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen), text))
        dialog.open()

    def save_to(self, path: Path, text: str) -> None:
        """Write ``text`` to ``path``, also where it has faults: it is the person's."""

        def done(result: Any) -> None:
            if isinstance(result, Exception):
                told = translate("Sequences", "{0} cannot be written: {1}")
                self.said.emit(told.format(path.name, visible(str(result))))
                return
            self.path = path
            self.saved.emit(text)
            self.said.emit(translate("Sequences", "The sequence is saved as {0}.").format(path.name))

        self._background.ask("save sequence", lambda: path.write_text(text, encoding="utf-8"), done)
