"""The window's desk: puts its parts together and is the one face they have for menus and keys."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.filling_in import Values
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind, retell
from wsinspector.ui.actions.keys_sheet import KeysSheet
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.caught_tabs import CaughtTabs
from wsinspector.ui.conversation_tabs import NEW, ConversationTabs
from wsinspector.ui.files.files_desk import FilesDesk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.keymap import keymap
from wsinspector.ui.lab_desk import LabDesk
from wsinspector.ui.lab_sheet import LabSheet
from wsinspector.ui.library.history_feed import HistoryFeed
from wsinspector.ui.library.kept_faults import kept_faults
from wsinspector.ui.library.shelf import shelf_for
from wsinspector.ui.menus import Menus
from wsinspector.ui.page_switch import INSPECT, LEARN, PROVOKE, SWEEP, PageSwitch
from wsinspector.ui.presenting.presenting import Presenting
from wsinspector.ui.presenting.step_keys import StepKeys
from wsinspector.ui.replay.desk import ReplayDesk
from wsinspector.ui.restoring import Restoring
from wsinspector.ui.statusbar import StatusBar
from wsinspector.ui.welcoming import Welcoming
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace

if TYPE_CHECKING:
    from wsinspector.ui.palette.opening import Palette
    from wsinspector.ui.sweep.page import SweepPage

ZOOM_STEP = 1.1


class Desk(QObject):
    """The parts of ``window``: tabs, pages, lab, welcome. Whatever they hold ends with :meth:`clear`."""

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        super().__init__(window)
        self.window = window
        self.workspace = workspace
        self.settings = workspace.settings
        self.sheet: KeysSheet | None = None
        self.palette: Palette | None = None
        self._zoom_to: float | None = None
        self.status = StatusBar(window)
        window.foot.addWidget(self.status)
        self.shelf = shelf_for(self.settings.beside("x").parent, self)
        self.workspace.variables = lambda: Values(self.shelf.values(), self.shelf.hidden())
        self.switch = PageSwitch(self)
        self.lab = LabDesk(self)
        self.tabs = ConversationTabs(self)
        self.files = FilesDesk(self)
        self.replaying = ReplayDesk(self)
        self.restoring = Restoring(self)
        self.history = HistoryFeed(self)
        self.shelf.environments_changed.connect(self.tabs.fill_in_again)
        self.shelf.said.connect(self.status.say)
        self.shelf.troubled.connect(self._tell_fault)
        self.history.troubled.connect(self._tell_fault)
        self.greeting = Welcoming(self)
        self.caught = CaughtTabs(self)
        self.lab.status.clients_asked.connect(self.caught.go)
        self.menus = Menus(self)
        self.step_keys = StepKeys(self)
        self.presenting = Presenting(self)
        workspace.said.connect(self.status.say)
        self.keys_said = registry().load(self.settings.beside("keys.json"))
        self.deeds = keymap(self)
        for name, deed in self.deeds.items():
            bind(name, window, deed.do)
        registry().changed.connect(self._retell)

    def begin(self, targets: Sequence[str], connect: bool) -> None:
        """Start engine and lab; open what was open, or ``targets``."""
        self.workspace.start()
        for target in targets:
            self._open_target(target, connect)
        self.restoring.offer()  # what was left open may be what made it crash: it is asked for first
        if not targets:
            self.tabs.open_again(self.restoring.offered)
        for trouble in (self.settings.trouble, self.keys_said):
            if trouble:
                self._tell_fault(trouble)
        self.files.opening.settled.connect(self._never_empty)
        if not self.files.opening.busy:
            self._never_empty()
        if not self.settings.welcomed and not targets:
            self.greeting.show()
        folder = self.settings.beside("x").parent
        self.shelf.begin(partial(kept_faults, folder, self.workspace.folder))
        QTimer.singleShot(0, self.history.begin)
        QTimer.singleShot(2000, self.workspace.keep)

    def _tell_fault(self, text: str) -> None:
        self.files.strip.tell(text, "fault")

    def _never_empty(self) -> None:
        if not self.pages:
            self.lab.fill_first_address = True
            picking = self.files.list is not None and self.files.list.isVisible()
            if self.window.whole.currentIndex() == INSPECT and not picking:
                self.new_tab()
            else:  # a person went elsewhere while files were opened, or is asked which one
                self.tabs.add_empty()
            self.lab.fill_first()

    def _open_target(self, target: str, connect: bool) -> None:
        path = Path(target)
        if path.suffix == ".wsi" or path.is_file():
            self.files.open_by_hand([path])
            return
        page = self.new_tab()
        page.tab.set_address(target)
        if connect:
            page.tab.connect_now()

    # -- the parts

    @property
    def page(self) -> InspectPage | None:
        """The conversation's page in front of the others."""
        return self.tabs.page

    @property
    def pages(self) -> list[InspectPage]:
        """A page a tab, in their order."""
        return self.tabs.pages

    @property
    def sweeping(self) -> "SweepPage | None":
        """The Sweep page where it is in front."""
        return self.switch.sweeping

    @property
    def lab_sheet(self) -> LabSheet | None:
        """The lab's settings, once they were shown."""
        return self.lab.sheet

    def new_tab(self) -> InspectPage:
        """Open an empty conversation and bring it to the front."""
        return self.tabs.new_tab()

    def open_file(self, path: Path) -> None:
        """Open a file in a tab, soon; one that is open already comes to the front."""
        self.files.open(path)

    def add_behind(self, conversation: Conversation) -> InspectPage:
        """Open a tab for ``conversation`` and leave the one in front where it is."""
        return self.tabs.add_behind(conversation)

    def close_tab(self, index: int) -> None:
        """Close a tab: what is live in it ends, what was kept stays kept."""
        self.tabs.close_tab(index)

    def show_page(self, index: int) -> None:
        """Bring the conversations, the sweep, provocations or what can be learned to the front."""
        self.switch.show_page(index)

    def show_learn(self, topic: str = "") -> None:
        """Bring the Learn page to the front, at ``topic`` where one is named."""
        self.switch.show_learn(topic)

    def show_lab_sheet(self, part: str = "") -> None:
        """Show the lab's settings; ``part``: own or beyond, where the focus is to be."""
        self.lab.show_sheet(part)

    # -- what menus and keys do

    def set_scheme(self, name: str) -> None:
        """Take the light, the dark or the system's scheme and remember it."""
        theme.set_scheme(name)
        self.settings.scheme = name

    def zoom(self, step: int) -> None:
        """Make text larger (1), smaller (-1) or as it was (0)."""
        waiting = self._zoom_to is not None
        now = self._zoom_to or theme.zoom()
        self._zoom_to = 1.0 if step == 0 else min(max(now * ZOOM_STEP**step, 0.6), 3.0)
        if not waiting:
            # A key held down asks faster than every tab can be laid out: only the last counts.
            QTimer.singleShot(0, self.window, self._apply_zoom)

    def _apply_zoom(self) -> None:
        factor, self._zoom_to = self._zoom_to, None
        if factor is not None:
            self.window.set_zoom(factor)

    def ask_delete(self) -> None:
        """Delete the capture of the conversation in front, after a question that says what goes with it."""
        page = self.page
        if page is None:
            return
        question = QMessageBox(self.window)
        question.setIcon(QMessageBox.Icon.Question)
        told, more = self.about_deleting(page)
        question.setText(told)
        question.setInformativeText(more)
        delete = question.addButton(translate("Desk", "Delete"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        question.exec()
        if question.clickedButton() is delete:
            self.delete_front()

    def about_deleting(self, page: InspectPage) -> tuple[str, str]:
        """The question before the capture of ``page`` goes, and what it should be answered with in mind."""
        conversation = page.tab.conversation
        reader, path = conversation.reader(), conversation.capture_path
        name = path.name if path is not None else ""
        held = reader.conversation_count() if reader is not None else 1
        if held <= 1:
            return translate("Desk", "Delete this conversation and its capture?"), name
        told = translate("Desk", "Delete the file with all {count} conversations in it?")
        return told.format(count=count(held)), name

    def delete_front(self) -> None:
        """Delete the capture of the tab in front, and close every tab that shows a conversation of it."""
        page = self.page
        if page is None:
            return
        path, named_only = page.tab.conversation.capture_path, page.tab.conversation.named_only
        self.tabs.take_away(page)
        while path is not None and not named_only:
            other = self.tabs.showing(path)
            if other is None:
                break
            self.tabs.close_tab(self.tabs.pages.index(other))
        self.workspace.forget(page.tab.conversation)
        if path is not None and not named_only:
            self.history.forget_path(path)

    def step(self, by: int) -> None:
        """Bring the tab ``by`` places further to the front, around the end."""
        bar = self.window.tabs.bar
        bar.setCurrentIndex((bar.currentIndex() + by) % max(bar.count(), 1))

    def toggle_sheet(self) -> None:
        """Show all keys, or put the sheet away."""
        if self.sheet is None:
            self.sheet = KeysSheet(self.window)
        self.sheet.toggle()

    def show_palette(self) -> None:
        """Everything that can be found by its name, or put that away."""
        if self.palette is None:
            from wsinspector.ui.palette.opening import Palette  # a start needs none of it

            self.palette = Palette(self)
        self.palette.toggle()

    def _retell(self) -> None:
        retell()

    # -- the end

    def remember(self) -> None:
        """Keep every draft, and note which captures are open, for the next start."""
        self.tabs.remember()

    def clear(self) -> None:
        """End every conversation and let go of every thread."""
        self.caught.stop()
        if self.palette is not None:
            self.palette.stop()
        self.switch.stop()
        self.files.stop()
        self.replaying.stop()
        self.tabs.clear()
        self.history.stop()
        self.shelf.settle()
        self.restoring.end()


__all__ = ["INSPECT", "LEARN", "NEW", "PROVOKE", "SWEEP", "Desk"]
