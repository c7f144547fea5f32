"""The tabs of the window, a conversation each: opening, closing, naming and finding them again."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from wsinspector.capture.migrate import CaptureError
from wsinspector.conversation.conversation import Conversation
from wsinspector.present.answer import of_attempt
from wsinspector.present.secrets import DOTS as DOTS_OF_SECRETS
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.caught_tabs import title_of_client
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

DOTS = {"ok": "ok", "refused": "refused", "fault": "fault", "muted": "muted", "busy": "link"}
SAVE_MS = 1000
NEW = "•"  # before the title of a tab that opened by itself


class ConversationTabs(QObject):
    """Owns the tabs. Every conversation made here is closed by :meth:`clear`."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.window = desk.window
        self.workspace = desk.workspace
        self.settings = desk.settings
        self.status = desk.status
        self.pages: list[InspectPage] = []
        self._attempts = 0
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(SAVE_MS)
        self._saving.timeout.connect(self.save)
        tabs = self.window.tabs
        tabs.closed.connect(self.close_tab)
        tabs.picked.connect(self._picked)
        tabs.moved.connect(self._moved)
        theme.watcher().changed.connect(self.refresh)

    @property
    def page(self) -> InspectPage | None:
        """The page in front."""
        index = self.window.tabs.bar.currentIndex()
        return self.pages[index] if 0 <= index < len(self.pages) else None

    def new_tab(self) -> InspectPage:
        """Open an empty conversation and bring it to the front."""
        self._desk.show_page(0)
        page = self._add(self.workspace.new_conversation())
        page.address.field.setFocus()
        return page

    def open_file(self, path: Path) -> InspectPage | None:
        """Open a capture in a tab; one that is open already comes to the front."""
        self._desk.show_page(0)
        for index, page in enumerate(self.pages):
            if page.tab.conversation.capture_path == path:
                self.window.tabs.bar.setCurrentIndex(index)
                return page
        if self._open_sweep(path):
            return None
        try:
            conversation = self.workspace.open_conversation(path)
        except (CaptureError, OSError, KeyError) as error:
            self.status.say(translate("Desk", "{0} could not be opened: {1}").format(path.name, error))
            return None
        page = self._add(conversation)
        if conversation.attempts:
            page.tab.pick(conversation.attempts[-1].number)
        page.address.button.setFocus()  # in the address, its secrets would be seen
        return page

    def add_behind(self, conversation: Conversation) -> InspectPage:
        """Open a tab for ``conversation`` and leave the one in front where it is."""
        return self._add(conversation, front=False)

    def bring_to_front(self, page: InspectPage) -> None:
        """Show ``page``, and the keys go to what can be done there."""
        self._desk.show_page(0)
        if page in self.pages:
            self.window.tabs.bar.setCurrentIndex(self.pages.index(page))
            page.focus_answer()

    def _open_sweep(self, path: Path) -> bool:
        """Show a sweep's capture on the page of sweeps; False where it holds none."""
        from wsinspector.ui.sweep.kept import is_sweep

        if not is_sweep(path):
            return False
        self._desk.switch.show_sweep().open_file(path)
        return True

    def _add(self, conversation: Conversation, *, front: bool = True) -> InspectPage:
        tab = TabState(conversation)
        page = InspectPage(tab, self.settings)
        tab.setParent(page)
        page.said.connect(self.status.say)
        page.lab_asked.connect(self._desk.lab.open_menu)
        page.about_asked.connect(lambda name: self._desk.show_learn(f"versions/{name}"))
        page.rule_asked.connect(lambda name: self._desk.show_learn(f"rules/{name}"))
        page.sweep_asked.connect(lambda url: self._desk.switch.show_sweep().prepare(url))
        page.remembered.connect(self._saving.start)
        tab.attempts_changed.connect(lambda: self._show_state(page))
        tab.attempts_changed.connect(self._note_attempts)
        tab.address_changed.connect(lambda: self._show_state(page))
        self.pages.append(page)
        self.window.pages.addWidget(page)
        index = self.window.tabs.add(self._title(page))
        if front:
            self.window.tabs.bar.setCurrentIndex(index)
            self._picked(index)
        self._show_state(page)
        return page

    def close_tab(self, index: int) -> None:
        """Close a tab: what is live in it ends, what was kept stays kept."""
        if not 0 <= index < len(self.pages):
            return
        page = self.pages[index]
        self.take_away(page)
        self.workspace.closed(page.tab.conversation)

    def take_away(self, page: InspectPage) -> None:
        """Close the tab of ``page``; its conversation is left to whoever asked for that."""
        index = self.pages.index(page)
        self.pages.pop(index)
        self._take_away(index, page)
        self._desk.caught.gone(page)

    def _take_away(self, index: int, page: InspectPage) -> None:
        page.tab.stop()
        page.stop()
        if self.page is None or len(self.pages) == 0:
            self.status.follow(None)
        self.window.tabs.bar.removeTab(index)
        self.window.pages.removeWidget(page)
        page.deleteLater()
        if not self.pages:
            self.new_tab()

    def _picked(self, index: int) -> None:
        if 0 <= index < len(self.pages):
            page = self.pages[index]
            self.window.pages.setCurrentWidget(page)
            self.status.follow(page.tab)
            self._desk.caught.looked_at(page)
            self.window.setWindowTitle(f"{self._title(page)} – wsinspector")

    def _moved(self, start: int, end: int) -> None:
        self.pages.insert(end, self.pages.pop(start))

    def show_state(self, page: InspectPage) -> None:
        """Name the tab of ``page`` anew, and colour its dot."""
        self._show_state(page)

    def _title(self, page: InspectPage) -> str:
        client = title_of_client(page)
        if client:
            return client
        text = page.tab.conversation.address_text.strip()
        if not text:
            return translate("Desk", "New conversation")
        address = text if "://" in text else f"ws://{text}"
        short = masked_address(address).split("://", 1)[-1].removeprefix(f"{DOTS_OF_SECRETS}@")
        name = self.workspace.scenario_at(text)
        if name:
            return translate("Desk", "lab: {0}").format(name)
        return short.split("?")[0].rstrip("/") or short

    def _show_state(self, page: InspectPage) -> None:
        if page not in self.pages:
            return
        index = self.pages.index(page)
        attempts = page.tab.conversation.attempts
        if attempts:
            snapshot = attempts[-1].snapshot
            line = of_attempt(snapshot)
            role, spoken = DOTS[line.tone], line.spoken
        else:
            role, spoken = "muted", translate("Desk", "Nothing sent yet.")
        title = self._title(page)
        if self._desk.caught.is_new(page):
            title = f"{NEW} {title}"
            spoken = translate("Desk", "Not looked at yet. {0}").format(spoken)
        self.window.tabs.show_state(index, title, role, spoken)
        if self.page is page:
            self.window.setWindowTitle(f"{title} – wsinspector")

    def refresh(self) -> None:
        """Name every tab anew."""
        for page in self.pages:
            self._show_state(page)

    def open_again(self) -> None:
        """Open what was open at the last end, and bring to the front what was there."""
        names = [name for name in self.settings.open_files if Path(name).exists()]
        for name in names:
            self.open_file(Path(name))
        if self.settings.front_file in names:
            self.open_file(Path(self.settings.front_file))

    # -- keeping

    def save(self) -> None:
        """Keep drafts, addresses and options of every conversation that has a capture."""
        for page in self.pages:
            page.tab.conversation.save()

    def _note_attempts(self) -> None:
        """Note a new attempt's capture at once, so that a killed program finds it again."""
        attempts = sum(len(page.tab.conversation.attempts) for page in self.pages)
        if attempts != self._attempts:
            self._attempts = attempts
            self._note_open()
            self.settings.sync()

    def remember(self) -> None:
        """Keep every draft, and note which captures are open, for the next start."""
        self.save()
        self._note_open()

    def _note_open(self) -> None:
        # Of clients nobody looked at there may be many; their captures are among the recent ones.
        paths = [
            page.tab.conversation.capture_path for page in self.pages if not self._desk.caught.is_new(page)
        ]
        front = self.page.tab.conversation.capture_path if self.page is not None else None
        self.settings.front_file = str(front or "")
        self.settings.open_files = [str(path) for path in paths if path is not None and path.exists()]

    def clear(self) -> None:
        """End every conversation and let go of every thread."""
        self._saving.stop()
        self.status.follow(None)
        for page in self.pages:
            page.tab.stop()
            page.stop()
            self.workspace.closed(page.tab.conversation)
        self.pages.clear()
