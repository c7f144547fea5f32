"""Replays of the window: the sheet that asks, the tab they run in, and the way back to the first time."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from wsinspector.translate import translate
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.replay.asking import How, Ready
from wsinspector.ui.replay.run import Place, ReplayRun
from wsinspector.ui.sequences.beside import REPLAY

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.replay.sheet import ReplaySheet


class ReplayDesk(QObject):
    """Made with the window; the sheet is made when it is first asked for."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.sheet: ReplaySheet | None = None
        bar = desk.window.tabs.bar
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.customContextMenuRequested.connect(self._open_tab_menu)

    def _open_tab_menu(self, at: QPoint) -> None:
        """Below a click the tab that was clicked, by the key the one in front."""
        bar = self._desk.window.tabs.bar
        index = bar.tabAt(at)
        menu = self.tab_menu(index if index >= 0 else bar.currentIndex())
        if menu is not None:
            menu.popup(bar.mapToGlobal(at))

    def tab_menu(self, index: int) -> QMenu | None:
        """What can be done with the conversation of a tab; None where there is no such tab."""
        if not 0 <= index < len(self._desk.pages):
            return None
        page = self._desk.pages[index]
        menu = QMenu(self._desk.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        replays = menu.addAction(translate("Replay", "Replay what was sent…"), lambda: self._ask_of(page))
        replays.setEnabled(bool(page.tab.conversation.attempts))
        menu.addSeparator()
        menu.addAction(translate("Replay", "Close the conversation"), lambda: self._close(page))
        return menu

    def _ask_of(self, page: InspectPage) -> None:
        if page in self._desk.pages:
            self._desk.tabs.bring_to_front(page)
            self.ask(page)

    def _close(self, page: InspectPage) -> None:
        if page in self._desk.pages:
            self._desk.close_tab(self._desk.pages.index(page))

    def ask(self, page: InspectPage | None = None, *, rows: bool = False) -> None:
        """Show the sheet for what ``page`` sent, the one in front where none is named."""
        page = page or self._desk.page
        if page is None:
            return
        if self.sheet is None:
            from wsinspector.ui.replay.sheet import ReplaySheet

            self.sheet = ReplaySheet(self._desk.window)
            self.sheet.start_asked.connect(self._start)
        if not self.sheet.show_page(page, rows=rows):
            self._desk.status.say(translate("Replay", "Nothing was sent yet: there is nothing to replay."))

    def _start(self, page: InspectPage, ready: Ready, how: How) -> None:
        conversation = page.tab.conversation
        snapshot = ready.planned.first.snapshot
        place = Place(
            None if conversation.named_only else conversation.capture_path,
            conversation.conversation_id,
            snapshot.number,
            snapshot.url,
        )
        if how.into is not None:
            shown, run = page, ReplayRun(conversation, ready, how, place)
            page.tab.pick(how.into.number)
        else:
            made = self._desk.workspace.new_conversation()
            run = ReplayRun(made, ready, how, place)
            run.replay.prepare()
            shown = self._desk.add_behind(made)
            self._desk.tabs.bring_to_front(shown)
        shown.workbench.made().replay.take(run)
        shown.workbench.show(REPLAY)

    def watch(self, page: InspectPage) -> None:
        """Carry out what is asked of replays on ``page``, which is new."""
        page.replay_asked.connect(lambda rows: self.ask(page, rows=rows))
        page.workbench.first_asked.connect(self._show_first)

    def _show_first(self, place: Place, frame: int) -> None:
        """Bring the first time to the front at ``frame``; its file is opened where no tab shows it."""
        found = self._desk.tabs.showing(place.path, place.conversation_id) if place.path is not None else None
        if found is not None:
            self._desk.tabs.bring_to_front(found)
            found.show_frame(place.attempt, frame)
        elif place.path is None or not place.path.is_file():
            self._desk.status.say(translate("Replay", "The capture of the first time is gone."))
        else:
            self._desk.files.open(
                place.path, place.conversation_id, then=lambda page: _show_frame(page, place.attempt, frame)
            )

    def gone(self, page: InspectPage) -> None:
        """The tab of ``page`` is about to be closed, and its capture perhaps deleted."""
        if self.sheet is not None:
            self.sheet.gone(page)
        path = page.tab.conversation.capture_path
        for other in self._desk.pages:
            panel = other.workbench.panel
            run = panel.replay.run if panel is not None else None
            if panel is not None and run is not None and run.first.path == path:
                panel.replay.first_gone()

    def stop(self) -> None:
        """The window is about to go."""
        if self.sheet is not None:
            self.sheet.stop()


def _show_frame(page: object, attempt: int, frame: int) -> None:
    assert isinstance(page, InspectPage)
    page.show_frame(attempt, frame)
