"""The tabs of the window, a conversation each: opening, closing, naming and finding them again."""

import os
import re
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.following import Following
from wsinspector.present.answer import of_attempt
from wsinspector.present.secrets import DOTS as DOTS_OF_SECRETS
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.dialects import refreshed
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.caught_tabs import title_of_client
from wsinspector.ui.files.file_state import tell_gone, tell_reading, tell_writing
from wsinspector.ui.files.opening import Opened
from wsinspector.ui.files.verifying import Verifying, show_damage
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

DOTS = {"ok": "ok", "refused": "refused", "fault": "fault", "muted": "muted", "busy": "link"}
SAVE_MS = 1000
LOOK_MS = 1000  # between two looks whether files are still there
KEPT = re.compile(r"\d{4}-\d{2}-(\d{2}-\d+)")  # a capture that was named by its day and number
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
        self.verifying = Verifying(self)
        self._following: dict[InspectPage, Following] = {}
        self._attempts = 0
        self._titles: dict[InspectPage, str] = {}  # without the names of files
        self._unasked: InspectPage | None = None  # stands in front as nothing else was there yet
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(SAVE_MS)
        self._saving.timeout.connect(self.save)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._tell_gone)
        self._looking.start()
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
        page = self.add_empty()
        page.address.field.setFocus()
        return page

    def add_empty(self) -> InspectPage:
        """Open an empty conversation before the other tabs, whatever page is in sight."""
        return self._add(self.workspace.new_conversation())

    def showing(self, path: Path, conversation_id: int | None = None) -> InspectPage | None:
        """The page of a file's conversation, of any where none is named; None where it is not open."""
        for page in self.pages:
            conversation = page.tab.conversation
            if conversation.named_only:
                continue
            if conversation.capture_path == path and conversation_id in (None, conversation.conversation_id):
                return page
        return None

    def add_opened(self, opened: Opened, *, front: bool) -> InspectPage:
        """Open a tab for what was read from a file."""
        conversation = opened.conversation
        assert conversation is not None
        self.workspace.took_over(conversation)
        page = self._add(conversation, front=front or not self.pages, following=opened.following)
        page.notices.show_notice(opened.lead, opened.notes, kind="made")
        self._tell_reading(page)
        report = conversation.report
        if report is not None and report.findings:
            show_damage(page, report)
        if conversation.attempts:
            page.tab.pick(conversation.attempts[-1].number)
        self.verifying.begin(page)
        if front:
            self._desk.show_page(0)
            if self._desk.greeting.welcome is None:  # which stands over it, and has the keys
                page.address.button.setFocus()  # in the address, its secrets would be seen
        return page

    def add_again(self, opened: Opened, *, front: bool) -> InspectPage:
        """Open a tab that was open at the last end: what a person has chosen since stays in front."""
        first = not self.pages
        focus = QApplication.focusWidget()
        chosen = self.page is not self._unasked
        if not chosen and self._unasked is not None and focus is not None:
            chosen = self._unasked.isAncestorOf(focus)  # somebody is at work in it
        elsewhere = self.window.whole.currentIndex() != 0
        if front and not chosen and not elsewhere:
            self._unasked = None
            page = self.add_opened(opened, front=True)
        else:
            page = self.add_opened(opened, front=False)
            if front and not chosen:
                self.window.tabs.bar.setCurrentIndex(self.pages.index(page))
            if first:
                self._unasked = page
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

    def _add(
        self, conversation: Conversation, *, front: bool = True, following: Following | None = None
    ) -> InspectPage:
        tab = TabState(conversation)
        page = InspectPage(tab, self.settings, self.window.pages)
        tab.setParent(page)
        conversation.use_environment(self._desk.shelf.values)
        conversation.hidden = self._desk.shelf.hidden
        page.said.connect(self.status.say)
        page.lab_asked.connect(self._desk.lab.open_menu)
        page.about_asked.connect(lambda name: self._desk.show_learn(f"versions/{name}"))
        page.rule_asked.connect(lambda name: self._desk.show_learn(f"rules/{name}"))
        page.term_asked.connect(lambda key: self._desk.show_learn(f"glossary/{key}"))
        page.filter_help_asked.connect(lambda: self._desk.show_learn("filter"))
        page.variables_asked.connect(self._desk.switch.show_variables)
        page.sweep_asked.connect(lambda url: self._desk.switch.show_sweep().prepare(url))
        self._desk.replaying.watch(page)
        page.workbench.lab = lambda: self._desk.workspace.lab_address
        page.remembered.connect(self._saving.start)
        page.remembered.connect(self._desk.restoring.note_soon)
        tab.attempts_changed.connect(lambda: self._show_state(page))
        tab.attempts_changed.connect(self._note_attempts)
        tab.attempts_changed.connect(lambda: self._desk.history.note(page))
        tab.address_changed.connect(lambda: self._show_state(page))
        tab.ticked.connect(lambda: self._tell_writing(page))
        tab.elsewhere_asked.connect(lambda: self._connect_elsewhere(page))
        if following is not None:
            self._following[page] = following.start()
            tab.ticked.connect(lambda: self._tell_reading(page))
        self.pages.append(page)
        self.window.pages.addWidget(page)
        index = self.window.tabs.add(self._title(page))
        if front:
            self.window.tabs.bar.setCurrentIndex(index)
            self._picked(index)
        self._show_state(page)
        self._desk.history.note(page)
        return page

    def close_tab(self, index: int) -> None:
        """Close a tab: what is live in it ends, what was kept stays kept."""
        if not 0 <= index < len(self.pages):
            return
        page = self.pages[index]
        self.take_away(page)
        following = self._following.pop(page, None)
        if following is None:
            self.workspace.closed(page.tab.conversation)
        else:
            self.workspace.closed_followed(page.tab.conversation, following)

    def _close(self, page: InspectPage) -> None:
        following = self._following.pop(page, None)
        if following is not None:
            following.stop()
        self.workspace.closed(page.tab.conversation)
        if following is not None:
            following.close()

    def take_away(self, page: InspectPage) -> None:
        """Close the tab of ``page``; its conversation is left to whoever asked for that."""
        index = self.pages.index(page)
        self.pages.pop(index)
        self._take_away(index, page)
        self._desk.caught.gone(page)

    def _take_away(self, index: int, page: InspectPage) -> None:
        self.verifying.give_up(page)
        self._desk.replaying.gone(page)
        page.tab.stop()
        page.stop()
        why, lost = page.frames.places.marking.lost
        path = page.tab.conversation.capture_path
        if lost and path is not None:
            text = translate("Desk", "{0}: marks on %n frame(s) could not be kept: {1}", "", lost)
            self._desk.files.strip.tell(text.format(path.name, why), "fault")
        if self.page is None or len(self.pages) == 0:
            self.status.follow(None)
        self._desk.restoring.note_soon()
        self.window.tabs.bar.removeTab(index)
        self.window.pages.removeWidget(page)
        self._note_title(page, None)
        page.deleteLater()
        if not self.pages:
            self.new_tab()

    def _picked(self, index: int) -> None:
        if 0 <= index < len(self.pages):
            page = self.pages[index]
            self._desk.restoring.note_soon()
            self.window.pages.setCurrentWidget(page)
            self.status.follow(page.tab)
            self._desk.caught.looked_at(page)
            self.window.setWindowTitle(f"{self._told_apart(page)} – wsinspector")

    def _moved(self, start: int, end: int) -> None:
        self.pages.insert(end, self.pages.pop(start))
        self._desk.restoring.note_soon()

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

    def _told_apart(self, page: InspectPage) -> str:
        """The title of ``page``, with its file's name where another tab is called the same."""
        title = self._title(page)
        conversation = page.tab.conversation
        path = conversation.capture_path
        alike = any(other is not page and known == title for other, known in self._titles.items())
        if not alike or path is None:
            return title
        number = f" {conversation.conversation_id}" if (conversation.conversation_id or 1) > 1 else ""
        kept = KEPT.fullmatch(path.stem)
        return f"{title} · {path.stem if kept is None else kept[1]}{number}"

    def _note_title(self, page: InspectPage, title: str | None) -> None:
        """Keep what ``page`` is called, None once it is gone, and name anew those called the same."""
        before = self._titles.pop(page, None)
        if title is not None:
            self._titles[page] = title
        if before != title:
            for other, known in list(self._titles.items()):
                if other is not page and known in (before, title):
                    self._show_state(other)

    def _show_state(self, page: InspectPage) -> None:
        if page not in self.pages:
            return
        self._desk.restoring.note_soon()
        self._note_title(page, self._title(page))
        index = self.pages.index(page)
        attempts = page.tab.conversation.attempts
        if attempts:
            snapshot = attempts[-1].snapshot
            line = of_attempt(snapshot)
            role, spoken = DOTS[line.tone], line.spoken
        else:
            role, spoken = "muted", translate("Desk", "Nothing sent yet.")
        title = self._told_apart(page)
        if page.reading_state:
            title = translate("Desk", "read only: {0}").format(title)
            told = translate("Desk", "Read only.")
            if page.reading_state == "written":
                told = translate("Desk", "Read only, still being written.")
            spoken = f"{told} {spoken}"
        if page.file_gone:
            title = translate("Desk", "deleted: {0}").format(title)
            spoken = translate("Desk", "Its file was deleted. {0}").format(spoken)
        if self._desk.caught.is_new(page):
            title = f"{NEW} {title}"
            spoken = translate("Desk", "Not looked at yet. {0}").format(spoken)
        self.window.tabs.show_state(index, title, role, spoken)
        if self.page is page:
            self.window.setWindowTitle(f"{title} – wsinspector")

    # -- what another process writes

    def _tell_reading(self, page: InspectPage) -> None:
        """Say above the panes and on the tab whether the file is another's."""
        following, read_only = self._following.get(page), page.tab.conversation.read_only
        state = "written" if following is not None and following.written else "only" if read_only else ""
        if page.reading_state == state:
            return
        before, page.reading_state = page.reading_state, state
        tell_reading(page, state, before)
        page.look_at_reading()
        self._show_state(page)

    def _tell_writing(self, page: InspectPage) -> None:
        """Say above the panes that the capture cannot be written, and what to do; no more once it can."""
        trouble = page.tab.conversation.capture_trouble
        if trouble == page.writing_trouble:
            return
        page.writing_trouble = trouble
        tell_writing(page, trouble)

    def _tell_gone(self) -> None:
        """Say of every tab whose file was deleted, or came back, that it is so."""
        for page in self.pages:
            gone = page.tab.conversation.gone
            if gone != page.file_gone:
                page.file_gone = gone
                tell_gone(page)
                self._show_state(page)

    def _connect_elsewhere(self, page: InspectPage) -> None:
        """The draft of a page that is only read goes out in a tab of its own."""
        theirs = page.tab.conversation
        if theirs.gone:
            self.status.say(translate("Desk", "The file is gone: this goes on in a tab of its own."))
        made = self.new_tab()
        made.tab.set_address(theirs.address_text)
        made.tab.set_options(theirs.options)
        made.tab.edit(refreshed(theirs.draft, os.urandom))
        made.tab.connect_now()

    def fill_in_again(self) -> None:
        """Variables stand for something else: addresses are understood anew, and drafts told anew."""
        for page in self.pages:
            before, page.tab.note = page.tab.conversation.draft, ""
            page.tab.conversation.variables_changed()
            page.tab.address_changed.emit()
            if page.tab.conversation.draft != before or "{{" in page.tab.conversation.address_text:
                page.tab.draft_changed.emit()
            page.answer.look()
            page.frames.send_bar.look_again()
            page.workbench.look_again()

    def refresh(self) -> None:
        """Name every tab anew."""
        for page in self.pages:
            self._show_state(page)

    def open_again(self, but: Container[str] = ()) -> None:
        """Open what was open at the last end but for the paths ``but``; in front what was there."""
        front = self.settings.front_file
        for kept in self.settings.open_files:
            path, number = _read_place(kept)
            if path.exists() and str(path) not in but:
                self._desk.files.open(path, number, front=kept == front, again=True)

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
        places = [_place(page) for page in self.pages if not self._desk.caught.is_new(page)]
        self.settings.front_file = _place(self.page) if self.page is not None else ""
        self.settings.open_files = [place for place in places if place]

    def clear(self) -> None:
        """End every conversation and let go of every thread."""
        self._saving.stop()
        self.status.follow(None)
        for following in self._following.values():
            following.give_up()
        for page in self.pages:
            self.verifying.give_up(page)
            page.tab.stop()
            page.stop()
            self._close(page)
        self.pages.clear()


def _place(page: InspectPage) -> str:
    """Where the conversation of ``page`` is found again: its file, and its number after a tab."""
    conversation = page.tab.conversation
    path = conversation.capture_path
    if path is None or conversation.named_only or not path.exists():
        return ""
    # Without its number, a file of several would be asked about.
    return f"{path}\t{conversation.conversation_id}"


def _read_place(kept: str) -> tuple[Path, int | None]:
    name, _, number = kept.partition("\t")
    return Path(name), int(number) if number.isascii() and number.isdigit() else None
