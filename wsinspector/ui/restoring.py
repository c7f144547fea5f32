"""After a crash or a kill: the next start offers the tabs that were open, and the report of what happened."""

import datetime
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from wsinspector.conversation.state import draft_from_json, options_from_json, state_to_json
from wsinspector.library.left_open import LeftOpen, OpenNote, OpenTab, left_open
from wsinspector.present.crash_report import Trouble, Troubles, error_in_a_line
from wsinspector.translate import translate
from wsinspector.ui.crash_sheet import CrashSheet
from wsinspector.ui.crashing import Crashing, report
from wsinspector.ui.files.strip import StripRow
from wsinspector.ui.inspect.page import InspectPage

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

NOTE_MS = 1000
FOLDER = "running"


class Restoring(QObject):
    """Notes which tabs are open as they change, and offers what an earlier program left open."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        folder = desk.workspace.folder.parent / FOLDER
        self.left = left_open(folder, time.time_ns())
        self._note = OpenNote(folder)
        self.sheet: CrashSheet | None = None
        self._offer: StripRow | None = None
        self._begun: InspectPage | None = None
        self._crashing: Crashing | None = None
        self._troubles: StripRow | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTE_MS)
        self._timer.timeout.connect(self.note)

    @property
    def offered(self) -> frozenset[str]:
        """The captures that are offered and not answered for yet."""
        return frozenset(tab.path for left in self.left for tab in left.tabs if tab.path)

    def watch(self, crashing: Crashing) -> None:
        """Tell of the errors that ``crashing`` sees, and let it write where the next start looks."""
        self._crashing = crashing
        crashing.write_faults_to(self._note.fault_path)
        crashing.seen.connect(self._tell_trouble)

    # -- noting

    def note_soon(self) -> None:
        """A tab was opened, closed, moved or edited."""
        if not self._timer.isActive():
            self._timer.start()

    def note(self) -> None:
        """Note now what is open; what is not to be kept is not noted either."""
        tabs: list[OpenTab] = []
        front = 0
        for page in self._desk.pages:
            kept = _as_tab(page)
            if kept is not None and not self._desk.caught.is_new(page):
                if page is self._desk.page:
                    front = len(tabs)
                tabs.append(kept)
        self._note.write(tabs, front)

    def end(self) -> None:
        """The window is closed as it should be; what was not answered is offered at the next start."""
        self._timer.stop()
        self._note.end()
        for left in self.left:
            left.release()
        self.left.clear()

    # -- offering

    def offer(self) -> None:
        """Say what was left open, where there is something."""
        if not self.left:
            return
        tabs = [tab for left in self.left for tab in left.tabs]
        row = self._offer = self._desk.files.strip.tell(_lead(self.left, tabs), "note", lasting=True)
        row.on_leaving = self._answered
        row.away.setToolTip(translate("Restoring", "Do not offer them again; kept captures stay kept"))
        if tabs:
            row.offer(
                translate("Restoring", "Open again"),
                translate("Restoring", "Open these conversations, and drafts that were never sent, in tabs"),
                self.restore,
            )
            row.setToolTip("\n".join(tab.title for tab in tabs[:12]))
        if any(left.fault for left in self.left):
            row.offer(
                translate("Restoring", "Crash report…"),
                translate("Restoring", "What the program wrote as it crashed; to read and to copy"),
                self._show_fault,
            )

    def restore(self) -> None:
        """Open in tabs what was left open, in place of the tab that the start made where it is untouched."""
        first = self._desk.pages[0] if len(self._desk.pages) == 1 else None
        tabs = sum(len(left.tabs) for left in self.left)
        for left in self.left:
            for at, tab in enumerate(left.tabs):
                self._open(tab, front=at == left.front)
        self._answered()
        self.note_soon()
        if first is not None and tabs:
            self._begun = first
            if self._desk.files.opening.busy:
                self._desk.files.opening.settled.connect(
                    self._put_away_begun, Qt.ConnectionType.SingleShotConnection
                )
            else:
                self._put_away_begun()

    def _put_away_begun(self) -> None:
        page, self._begun = self._begun, None
        if page in self._desk.pages and len(self._desk.pages) > 1 and self._desk.lab.untouched(page):
            self._desk.close_tab(self._desk.pages.index(page))

    def _answered(self) -> None:
        for left in self.left:
            left.drop()
        self.left.clear()
        if self._offer is not None:
            self._desk.files.strip.drop(self._offer)
            self._offer = None

    def _open(self, tab: OpenTab, *, front: bool) -> None:
        if tab.path:
            path = Path(tab.path)
            if path.exists():
                self._desk.files.open(path, tab.conversation_id, front=front, again=True)
            else:
                told = translate("Restoring", "{0} is not there any more: {1}").format(tab.title, path.name)
                self._desk.files.strip.tell(told, "note", path)
            return
        state = tab.state or {}
        page = self._desk.add_behind(self._desk.workspace.new_conversation())
        page.tab.set_address(str(state.get("address", "")))
        options = state.get("options")
        page.tab.set_options(options_from_json(options if isinstance(options, dict) else {}))
        try:
            page.tab.edit(draft_from_json(state["draft"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            told = translate("Restoring", "The draft for {0} could not be read; its address is back.")
            self._desk.files.strip.tell(told.format(tab.title), "note")
        if front:
            self._desk.tabs.bring_to_front(page)

    # -- telling

    def _show_fault(self) -> None:
        fault = "\n\n".join(left.fault for left in self.left if left.fault)
        self._show(report(Troubles(), fault))

    def show_report(self) -> None:
        """Show the errors of this run."""
        if self._crashing is not None:
            self._show(report(self._crashing.troubles))

    def _show(self, text: str) -> None:
        if self.sheet is None:
            self.sheet = CrashSheet(self._desk.window)
        self.sheet.show_report(text)

    def _tell_trouble(self, trouble: Trouble) -> None:
        told = translate("Restoring", "Something went wrong inside wsinspector; it goes on. {0}: {1}").format(
            trouble.where, error_in_a_line(trouble.trace)
        )
        if self._troubles is not None and self._troubles in self._desk.files.strip.rows:
            self._troubles.text.set_text(told)
            return
        row = self._troubles = self._desk.files.strip.tell(told, "fault", lasting=True)
        row.offer(
            translate("Restoring", "Report…"),
            translate("Restoring", "All errors of this run; to read and to copy. Nothing is sent"),
            self.show_report,
        )


def _as_tab(page: InspectPage) -> OpenTab | None:
    conversation = page.tab.conversation
    path = conversation.capture_path
    title = conversation.title or conversation.address_text
    if path is not None and not conversation.named_only:
        return OpenTab(title, str(path), conversation.conversation_id)
    if not conversation.options.keep or not (page.tab.edited or conversation.address_text.strip()):
        return None
    state = state_to_json(conversation.address_text, conversation.draft, conversation.options)
    return OpenTab(title, state=state)


def _lead(left: list[LeftOpen], tabs: list[OpenTab]) -> str:
    ended = datetime.datetime.fromtimestamp(left[-1].ended_ns / 1e9)
    when = f"{ended:%Y-%m-%d %H:%M}"
    if any(each.fault for each in left):
        told = translate("Restoring", "wsinspector crashed ({0}).").format(when)
    else:
        told = translate("Restoring", "wsinspector was killed before it could close ({0}).").format(when)
    if not tabs:
        return told
    stood = translate("Restoring", "%n conversation(s) stood open.", "", len(tabs))
    return f"{told} {stood}"


__all__ = ["Restoring"]
