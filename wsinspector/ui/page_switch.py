"""The pages behind the switch in the top row: conversations, the sweep, what can be learned."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from wsinspector.translate import translate
from wsinspector.ui.inspect.page import InspectPage

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.learn.page import LearnPage
    from wsinspector.ui.sweep.page import SweepPage

INSPECT, SWEEP, LEARN = range(3)  # the pages, in the order of the switch


class PageSwitch(QObject):
    """Makes Sweep and Learn when they are first asked for: a start needs neither."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.window = desk.window
        self.status = desk.status
        self.learn: LearnPage | None = None
        self.sweep: SweepPage | None = None
        self.window.tabs.page_asked.connect(self.show_page)
        self.window.tabs.name_pages(
            (
                (
                    translate("Desk", "Inspect"),
                    translate("Desk", "Conversations, live and kept (Ctrl+Shift+I)"),
                ),
                (
                    translate("Desk", "Sweep"),
                    translate("Desk", "Many odd requests to many servers, side by side (Ctrl+Shift+P)"),
                ),
                (
                    translate("Desk", "Learn"),
                    translate("Desk", "Versions of the protocol, rules, the filter (Ctrl+Shift+E)"),
                ),
            )
        )

    def show_page(self, index: int) -> None:
        """Bring the conversations, the sweep or what can be learned to the front."""
        if index == LEARN:
            self.show_learn()
            return
        if index == SWEEP:
            self.show_sweep().focus_first()
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

            self.learn = LearnPage()
            self.learn.write_asked.connect(self._write_in)
            self.learn.example_asked.connect(self._take_example)
            self.learn.filter_asked.connect(self._take_filter)
            self.window.whole.addWidget(self.learn)
        self.window.whole.setCurrentWidget(self.learn)
        self.window.tabs.show_page(LEARN)
        self.status.tell(None)
        self.learn.show_topic(topic)

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

    def stop(self) -> None:
        """Give up a sweep that runs; before the window goes."""
        if self.sweep is not None:
            self.sweep.stop()
