"""What the window does with files, put together: open, import, save a copy, export, and the strip."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from wsinspector.translate import translate
from wsinspector.ui.files.opening import Opened, Opening, Wish, release
from wsinspector.ui.files.recent import RecentFiles
from wsinspector.ui.files.saving import Saving
from wsinspector.ui.files.strip import FileStrip

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.files.export_sheet import ExportSheet
    from wsinspector.ui.files.kept_sheet import KeptSheet
    from wsinspector.ui.files.list_sheet import ListSheet


class FilesDesk(QObject):
    """``recent`` lists what was opened or saved by hand; what is kept by itself is not in it."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.strip = FileStrip(desk.window)
        desk.window.notes.addWidget(self.strip)
        self.recent = RecentFiles(desk.settings)
        self.opening = Opening(desk.workspace, self.strip, self)
        self.opening.opened.connect(self._opened)
        self.opening.failed.connect(self._failed)
        self.saving = Saving(desk)
        self.list: ListSheet | None = None
        self.exporting: ExportSheet | None = None
        self.kept: KeptSheet | None = None
        desk.window.dropped.connect(self.open_by_hand)

    # -- opening

    def ask_open(self) -> None:
        """Let the person pick files."""
        names, _ = QFileDialog.getOpenFileNames(
            self._desk.window,
            translate("Files", "Open captures, or import"),
            str(self._desk.workspace.folder),
            translate(
                "Files",
                "Captures and imports (*.wsi *.har *.json *.jsonl *.ndjson);;Captures (*.wsi);;All files (*)",
            ),
        )
        self.open_by_hand([Path(name) for name in names])

    def open_by_hand(self, paths: Sequence[Path]) -> None:
        """Open each in a tab of its own; the last comes to the front."""
        for path in paths:
            self.open(path.absolute())

    def open(
        self,
        path: Path,
        conversation_id: int | None = None,
        *,
        front: bool = True,
        then: Callable[[object], object] | None = None,
        again: bool = False,
    ) -> None:
        """Open a file in a tab, or bring its tab to the front; ``then(page)`` follows where it could be.

        ``again``: as it was open at the last end; what a person has brought to the front since stays there.
        """
        page = self._desk.tabs.showing(path, conversation_id)
        if page is not None:
            if front:
                self._desk.tabs.bring_to_front(page)
            if then is not None:
                then(page)
        elif not self.opening.wants(path, conversation_id):
            self.opening.ask(Wish(path, conversation_id, front, then, again))

    def _opened(self, wish: Wish, opened: Opened) -> None:
        self._note(wish.path)
        if opened.sweep:
            self._desk.switch.show_sweep().open_file(wish.path)
        elif opened.provoked:
            self._desk.switch.show_provoke().open_file(wish.path)
        elif opened.many:
            self.show_list(opened.path, opened.many)
        elif opened.conversation is not None:
            number = opened.conversation.conversation_id
            page = self._desk.tabs.showing(opened.path, number)
            if page is not None:  # asked for twice, once by its number
                release(opened)
                if wish.front and not wish.again:
                    self._desk.tabs.bring_to_front(page)
            elif wish.again:
                page = self._desk.tabs.add_again(opened, front=wish.front)
            else:
                page = self._desk.tabs.add_opened(opened, front=wish.front)
            if wish.then is not None:
                wish.then(page)

    def _note(self, path: Path) -> None:
        # What is kept by itself has a list of its own.
        if path.parent != self._desk.workspace.folder:
            self.recent.used(path)

    def _failed(self, _wish: Wish, text: str) -> None:
        self.strip.tell(text, "fault")

    # -- a file of many conversations

    def show_list(self, path: Path, number: int = 0) -> None:
        """Show the conversations of a file, to pick from."""
        from wsinspector.ui.files.list_sheet import ListSheet

        if self.list is None:
            self.list = ListSheet(self._desk.window)
            self.list.picked.connect(self._pick)
        self.list.show_file(path, number)

    def show_list_again(self) -> None:
        """Show the conversations of the file in front."""
        page = self._desk.page
        named = page is not None and page.tab.conversation.named_only
        path = page.tab.conversation.capture_path if page is not None and not named else None
        if self.list is not None and self.list.path is not None and (page is None or path is None):
            path = self.list.path
        if path is None or not path.is_file():
            self._desk.status.say(translate("Files", "There is no file in front."))
            return
        self.show_list(path)

    def _pick(self, path: Path, conversation_id: int) -> None:
        self.open(path, conversation_id)

    # -- leaving

    def show_export(self, what: str = "") -> None:
        """Show what the conversation in front can be exported as; ``what``: share, for a copy to share."""
        from wsinspector.ui.files.export_sheet import ExportSheet

        page = self._desk.page
        if page is None or self._desk.sweeping is not None:
            self._desk.status.say(translate("Files", "A sweep is handed on by its Report menu."))
            return
        if self.exporting is None:
            self.exporting = ExportSheet(self._desk)
        self.exporting.show_page(page, what)

    def show_kept(self) -> None:
        """Show what is kept by itself, and how much of it may be."""
        from wsinspector.ui.files.kept_sheet import KeptSheet

        if self.kept is None:
            self.kept = KeptSheet(self._desk.workspace, self._desk.window)
        self.kept.look()
        self.kept.appear()

    # -- the end

    def stop(self) -> None:
        """Give up what runs; before the window goes."""
        self.opening.stop()
        self.strip.stop()
        for sheet in (self.list, self.exporting, self.kept):
            if sheet is not None:
                sheet.stop()


__all__ = ["FilesDesk", "release"]
