"""Clients that reached the lab as tabs: added behind the one in front, marked until somebody looks."""

import time
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from wsinspector.conversation.conversation import Conversation
from wsinspector.present.client_name import tab_title
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.inspect.page import InspectPage

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

EVERY_MS = 60
"""A tab at a time: a flood of clients is mostly gone again before its tabs are made."""

REST = 4
"""Times as long as a tab took to make until the next one is made."""

LOOK_MS = 250


class CaughtTabs(QObject):
    """Makes the tabs on ``desk``. One that was looked at is the person's: it is never dropped."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._control = desk.workspace.control
        self._waiting_for_tab: deque[Conversation] = deque()
        self._new: list[InspectPage] = []
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._add_one)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._tell)
        self._control.caught.connect(self._came)
        self._control.dropped.connect(self._dropped)

    def is_new(self, page: InspectPage) -> bool:
        """Whether nobody has looked at ``page`` yet."""
        return page in self._new

    def looked_at(self, page: InspectPage) -> None:
        """``page`` is in front."""
        if page in self._new:
            self._new.remove(page)
            if self._control.catching is not None:
                self._control.catching.keep(page.tab.conversation)
            self._desk.tabs.show_state(page)
            self._tell()

    def gone(self, page: InspectPage) -> None:
        """The tab of ``page`` is closed."""
        if page in self._new:
            self._new.remove(page)
            self._tell()

    def go(self) -> None:
        """To the client that waits longest, else to the one that came last."""
        pages = [page for page in self._desk.pages if _waits(page)]
        chosen = min(pages, key=_since, default=None) or (self._new[-1] if self._new else None)
        if chosen is None:
            chosen = next((page for page in reversed(self._desk.pages) if _of_client(page)), None)
        if chosen is None:
            self._desk.status.say(translate("CaughtTabs", "No client has reached the lab."))
            return
        if _waits(chosen):
            chosen.tab.pick(len(chosen.tab.conversation.attempts))
        self._desk.tabs.bring_to_front(chosen)

    def stop(self) -> None:
        """Make no tab any more; what has none is closed with the lab."""
        self._timer.stop()
        self._looking.stop()
        self._waiting_for_tab.clear()

    # -- what is told

    def _came(self, conversation: Conversation) -> None:
        page = self._page_of(conversation)
        if page is not None:
            self._announce(page, again=True)
            return
        if conversation not in self._waiting_for_tab:
            self._desk.workspace.took_over(conversation)
            self._waiting_for_tab.append(conversation)
        self._looking.start()
        if not self._timer.isActive():
            self._timer.start()
            self._add_one()

    def _add_one(self) -> None:
        while self._waiting_for_tab:
            conversation = self._waiting_for_tab.popleft()
            if conversation.closed:
                continue
            began = time.perf_counter()
            page = self._desk.add_behind(conversation)
            page.rule = lambda: self._control.rule
            self._new.append(page)
            page.tab.pick(len(conversation.attempts))
            self._desk.tabs.show_state(page)
            self._announce(page, again=False)
            # Most of the time is left to the person, however many come.
            spent = round((time.perf_counter() - began) * 1000)
            self._timer.setInterval(max(EVERY_MS, REST * spent))
            return
        self._timer.stop()

    def _dropped(self, conversation: Conversation) -> None:
        if conversation in self._waiting_for_tab:
            self._waiting_for_tab.remove(conversation)
        page = self._page_of(conversation)
        if page is not None and page not in self._new:
            return  # somebody looks at it: it stays
        if page is not None:
            self._desk.tabs.take_away(page)
        self._desk.workspace.discard(conversation)
        self._tell()

    def _page_of(self, conversation: Conversation) -> InspectPage | None:
        return next((page for page in self._desk.pages if page.tab.conversation is conversation), None)

    def _announce(self, page: InspectPage, *, again: bool) -> None:
        attempts = page.tab.conversation.attempts
        if not attempts:
            return
        if page in self._new:
            # Who reads an attempt goes on reading it, however often a client tries again.
            page.tab.pick(len(attempts))
        text = fill(translate("CaughtTabs", "{0} reached the lab; [key:request.client] leads there."))
        if again:
            text = fill(
                translate("CaughtTabs", "{0} reached the lab again; [key:request.client] leads there.")
            )
        title = tab_title(attempts[-1].snapshot)
        self._desk.status.say(text.format(title[:1].upper() + title[1:]))
        self._tell()

    def _tell(self) -> None:
        waiting = sum(1 for page in self._desk.pages if _waits(page))
        new = sum(1 for page in self._new if not _waits(page)) + waiting
        self._desk.lab.status.show_clients(new, waiting)
        if not new and not waiting and not any(_of_client(page) for page in self._desk.pages):
            self._looking.stop()


def _waits(page: InspectPage) -> bool:
    return any(
        one.snapshot.by_hand and one.snapshot.waits_since is not None
        for one in page.tab.conversation.attempts[-1:]
    )


def _since(page: InspectPage) -> int:
    return page.tab.conversation.attempts[-1].snapshot.waits_since or 0


def _of_client(page: InspectPage) -> bool:
    attempts = page.tab.conversation.attempts
    return bool(attempts) and attempts[0].snapshot.role is Role.SERVER


def title_of_client(page: InspectPage) -> str:
    """The title of a tab that a client opened; empty for the others."""
    if not _of_client(page):
        return ""
    attempts = page.tab.conversation.attempts
    newest = next(one for one in reversed(attempts) if one.snapshot.role is Role.SERVER)
    return tab_title(newest.snapshot)
