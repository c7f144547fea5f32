"""Writes what happens in the tabs into the history, and keeps it in step with the captures; on a thread."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.library.history import Entry, History
from wsinspector.present.history_entries import entry_of, rebuilt
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.inspect.page import InspectPage

NAME = "history.db"


class HistoryFeed(QObject):
    """``history`` is there once it was opened. ``changed``: what it holds is not what it was."""

    changed = Signal()
    troubled = Signal(str)  # its file is broken or cannot be used

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._folder = desk.workspace.folder
        self.history: History | None = None
        self.rebuilding = False
        self._noted: dict[tuple[str, int, int], tuple[object, ...]] = {}
        self._waiting: dict[tuple[str, int, int], Entry] = {}
        self._guard = threading.Lock()
        self._background = Background("history", self)

    def begin(self) -> None:
        """Open the history, soon; a fresh one is filled from the captures that are kept."""
        path = self._folder.parent / NAME
        self._background.ask("open", lambda: History(path), self._opened)

    def _opened(self, history: Any) -> None:
        if not isinstance(history, History):
            return
        self.history = history
        if history.trouble:
            text = translate("Library", "{0} cannot be used: {1}. The history is not kept in this run.")
            self.troubled.emit(text.format(history.path.name, history.trouble))
        elif history.put_aside is not None:
            text = translate("Library", "{0} is broken, put aside as {1}; it is filled anew from captures.")
            self.troubled.emit(text.format(history.path.name, history.put_aside.name))
        if history.fresh:
            self.rebuild()
        else:
            self._background.ask("prune", lambda: self._prune(history), lambda _: self.changed.emit())
        self._write()
        self.changed.emit()

    def rebuild(self) -> None:
        """Read every kept capture that no tab has open; of those that one has, the tabs tell."""
        history = self.history
        if history is None or self.rebuilding:
            return
        self.rebuilding = True
        in_use = self._desk.workspace.open_paths

        def work() -> None:
            for entries in rebuilt(self._folder, lambda: not self._background.stopping, in_use):
                history.note(entries)

        def done(_result: Any) -> None:
            self.rebuilding = False
            self.changed.emit()

        self._background.ask("rebuild", work, done)

    def note(self, page: "InspectPage") -> None:
        """Note the attempts of ``page`` that are not what was noted of them."""
        conversation = page.tab.conversation
        path, number = conversation.capture_path, conversation.conversation_id
        if path is None or number is None or conversation.named_only or not conversation.options.keep:
            return
        for attempt in conversation.attempts:
            snapshot = attempt.snapshot
            place = (str(path), number, snapshot.number)
            state = _state(snapshot)
            if self._noted.get(place) != state:
                self._noted[place] = state
                with self._guard:
                    self._waiting[place] = entry_of(snapshot, path, number)
        self._write()

    def forget_path(self, path: Path) -> None:
        """The capture at ``path`` is deleted, and with it what is known of it."""
        self._noted = {place: state for place, state in self._noted.items() if place[0] != str(path)}
        self.run(lambda history: history.forget_path(str(path)))

    def run(self, deed: Callable[[History], object]) -> None:
        """Do something with the history on its thread, then tell that it changed."""
        history = self.history
        if history is not None:
            self._background.ask(f"run {id(deed)}", lambda: deed(history), lambda _: self.changed.emit())

    def ask(self, name: str, work: Callable[[History], Any], done: Callable[[Any], None]) -> None:
        """Hand what ``work`` finds to ``done``; a request replaces a waiting one of the same name."""
        history = self.history
        if history is not None:
            self._background.ask(name, lambda: work(history), done)

    def _write(self) -> None:
        history = self.history
        if history is None or not self._waiting:
            return

        def work() -> None:
            with self._guard:
                entries = list(self._waiting.values())
                self._waiting.clear()
            history.note(entries)

        self._background.ask("note", work, lambda _: self.changed.emit())

    def _prune(self, history: History) -> None:
        """Captures go by their limits; what was noted of them goes too."""
        kept = str(self._folder)
        for path in history.paths():
            if self._background.stopping:
                return
            if Path(path).parent == Path(kept) and not Path(path).exists():
                history.forget_path(path)

    def stop(self) -> None:
        """Write what waits, and let go of the file."""
        self._background.stop()
        if self.history is not None:
            with self._guard:
                waiting = list(self._waiting.values())
                self._waiting.clear()
            if waiting:
                self.history.note(waiting)
            self.history.close()


def _state(snapshot: AttemptSnapshot) -> tuple[object, ...]:
    """What an entry is made anew for: not for each frame that comes."""
    end = snapshot.end
    return (snapshot.live, snapshot.outcome, snapshot.opened_at, end.code if end is not None else None)
