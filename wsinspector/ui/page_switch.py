"""The pages behind the switch in the top row: conversations, the sweep, provocations, what can be learned."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from wsinspector.conversation.filling_in import Filled
from wsinspector.protocol.draft import Draft
from wsinspector.translate import translate
from wsinspector.ui.inspect.page import InspectPage

if TYPE_CHECKING:
    from wsinspector.library.history import Entry
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.learn.lesson_desk import LessonDesk
    from wsinspector.ui.learn.page import LearnPage
    from wsinspector.ui.library.page import LibraryPage
    from wsinspector.ui.library.pages import LibraryPages
    from wsinspector.ui.provoke.page import ProvokePage
    from wsinspector.ui.sweep.page import SweepPage

INSPECT, SWEEP, PROVOKE, LEARN, LIBRARY = range(5)  # the pages, in the order of the switch


class PageSwitch(QObject):
    """Makes Sweep, Provoke and Learn when they are first asked for: a start needs none of them."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.window = desk.window
        self.status = desk.status
        self.learn: LearnPage | None = None
        self.sweep: SweepPage | None = None
        self.provoke: ProvokePage | None = None
        self.library: LibraryPage | None = None
        self.shelves: LibraryPages | None = None
        self._lessons: LessonDesk | None = None
        self.window.tabs.page_asked.connect(self.show_page)
        self.window.tabs.name_pages(
            (
                (
                    translate("Desk", "Inspect"),
                    translate("Desk", "Conversations, live and kept ([key:window.inspect])"),
                ),
                (
                    translate("Desk", "Sweep"),
                    translate("Desk", "Many odd requests to many servers, side by side ([key:window.sweep])"),
                ),
                (
                    translate("Desk", "Provoke"),
                    translate("Desk", "Misbehave towards servers you may test ([key:window.provoke])"),
                ),
                (
                    translate("Desk", "Learn"),
                    translate("Desk", "Versions of the protocol, rules, the filter ([key:window.learn])"),
                ),
                (
                    translate("Desk", "Library"),
                    translate("Desk", "What was done, found again ([key:window.library])"),
                ),
            )
        )

    def show_page(self, index: int) -> None:
        """Bring the page ``index`` to the front."""
        if index == LEARN:
            self.show_learn()
            return
        if index == SWEEP:
            self.show_sweep().focus_first()
            return
        if index == PROVOKE:
            self.show_provoke().focus_first()
            return
        if index == LIBRARY:
            self.show_library()
            return
        self.window.whole.setCurrentIndex(0)
        self.window.tabs.show_page(INSPECT)
        self.status.tell(None)

    def show_sweep(self) -> "SweepPage":
        """Bring the Sweep page to the front."""
        if self.sweep is None:
            from wsinspector.ui.sweep.page import SweepPage

            self.sweep = SweepPage(self._desk.workspace)
            self.sweep.cell_ready.connect(self._show_cell)
            self.sweep.said.connect(self.status.say)
            self.sweep.status_changed.connect(self._tell_sweep)
            self.window.whole.addWidget(self.sweep)
        self.window.whole.setCurrentWidget(self.sweep)
        self.window.tabs.show_page(SWEEP)
        self._tell_sweep()
        return self.sweep

    def show_provoke(self) -> "ProvokePage":
        """Bring the Provoke page to the front."""
        if self.provoke is None:
            from wsinspector.ui.provoke.page import ProvokePage

            self.provoke = ProvokePage(self._desk.workspace)
            self.provoke.with_lines.in_front = self._draft_in_front
            self.provoke.row_ready.connect(self._show_row)
            self.provoke.said.connect(self.status.say)
            self.provoke.status_changed.connect(self._tell_provoke)
            self.window.whole.addWidget(self.provoke)
        self.window.whole.setCurrentWidget(self.provoke)
        self.window.tabs.show_page(PROVOKE)
        self._tell_provoke()
        return self.provoke

    def _draft_in_front(self) -> Filled:
        """The draft in front as it would leave now."""
        page = self._desk.page
        return page.tab.conversation.filled() if page is not None else Filled(Draft())

    @property
    def provoking(self) -> "ProvokePage | None":
        """The Provoke page where it is in front."""
        return self.provoke if self.provoke is self.window.whole.currentWidget() else None

    def _tell_provoke(self) -> None:
        if self.provoke is not None and self.provoking is not None:
            self.status.tell(self.provoke.status())

    def _show_row(self, path: Path, conversation_id: int) -> None:
        """A provocation as a conversation; plain connections that followed it are its later attempts."""

        def then(page: object) -> None:
            assert isinstance(page, InspectPage)
            page.tab.pick(1)
            self.show_page(INSPECT)

        self._desk.files.open(path, conversation_id, then=then)

    @property
    def sweeping(self) -> "SweepPage | None":
        """The Sweep page where it is in front."""
        return self.sweep if self.sweep is self.window.whole.currentWidget() else None

    def _tell_sweep(self) -> None:
        if self.sweep is not None and self.sweeping is not None:
            self.status.tell(self.sweep.status())

    def _show_cell(self, path: Path, fresh: bool) -> None:
        """An answer of the sweep as a conversation; its request is the draft, to be sent again."""

        def then(page: object) -> None:
            assert isinstance(page, InspectPage)
            if fresh:
                page.tab.use_as_draft(1)
            page.tab.pick(1)
            self.show_page(INSPECT)

        self._desk.files.open(path, then=then)

    def show_learn(self, topic: str = "") -> None:
        """Bring the Learn page to the front, at ``topic`` where one is named."""
        if self.learn is None:
            from wsinspector.ui.learn.page import LearnPage

            self.learn = LearnPage(self.lessons)
            self.learn.write_asked.connect(self._write_in)
            self.learn.example_asked.connect(self._take_example)
            self.learn.filter_asked.connect(self._take_filter)
            self.window.whole.addWidget(self.learn)
        self.window.whole.setCurrentWidget(self.learn)
        self.window.tabs.show_page(LEARN)
        self.status.tell(None)
        self.learn.show_topic(topic)

    def show_library(self) -> "LibraryPage":
        """Bring the Library page to the front."""
        if self.library is None:
            from wsinspector.ui.library.pages import LibraryPages

            self.shelves = LibraryPages(self._desk)
            self.library = self.shelves.history
            self.library.open_asked.connect(self._show_attempt)
            self.library.draft_asked.connect(partial(self._show_attempt, draft=True))
            self.window.whole.addWidget(self.shelves)
        assert self.shelves is not None
        self.window.whole.setCurrentWidget(self.shelves)
        self.window.tabs.show_page(LIBRARY)
        self.status.tell(None)
        self.shelves.show_part(0)
        return self.library

    def show_variables(self) -> None:
        """Bring the variables of the Library to the front."""
        from wsinspector.ui.library.pages import VARIABLES

        self.show_library()
        if self.shelves is not None:
            self.shelves.show_part(VARIABLES)

    def _show_attempt(self, entry: "Entry", *, draft: bool = False) -> None:
        """An attempt out of the history; with ``draft`` its request as the draft."""

        def then(page: object) -> None:
            assert isinstance(page, InspectPage)
            if page.tab.conversation.attempt(entry.number) is not None:
                if draft:
                    page.tab.use_as_draft(entry.number)
                else:
                    page.tab.pick(entry.number)
            self.show_page(INSPECT)

        self._desk.files.open(Path(entry.path), entry.conversation, then=then)

    def _write_in(self, dialect: str) -> None:
        page = self._desk.page or self._desk.new_tab()
        self.show_page(0)
        page.tab.write_in(dialect)
        page.address.field.setFocus()

    def _take_example(self, rule: str, request: bytes) -> None:
        page = self._desk.page or self._desk.new_tab()
        self.show_page(0)
        page.tab.take_example(rule, request)
        page.address.button.setFocus()

    def _take_filter(self, text: str) -> None:
        page = self._desk.page or self._desk.new_tab()
        self.show_page(0)
        page.show_filter(text)

    @property
    def lessons(self) -> "LessonDesk":
        """The lessons and the one under way, made when they are first asked for."""
        if self._lessons is None:
            from wsinspector.ui.learn.lesson_desk import LessonDesk

            self._lessons = LessonDesk(self._desk)
        return self._lessons

    def stop(self) -> None:
        """Give up a sweep or provocations that run, and leave a lesson; before the window goes."""
        if self._lessons is not None:
            self._lessons.stop()
        if self.sweep is not None:
            self.sweep.stop()
        if self.provoke is not None:
            self.provoke.stop()
        if self.shelves is not None:
            self.shelves.stop()
