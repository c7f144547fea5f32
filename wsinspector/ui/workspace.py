"""What the whole program has once: the engine, the lab, and where captures are kept."""

import contextlib
import datetime
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.capture.keeping import KeptFile, Limits, delete, files_in, keep_within
from wsinspector.conversation.checked import Progress
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.filling_in import Values
from wsinspector.conversation.following import Following
from wsinspector.lab.server import Lab, ListedScenario
from wsinspector.live.threads import in_daemon_thread
from wsinspector.ui.lab_control import LabControl
from wsinspector.ui.settings import Settings, data_folder

KEEPING_MS = 10 * 60 * 1000


class _InUse:
    """Every path that is in one of several sets, which may change meanwhile."""

    def __init__(self, *sets: set[Path]) -> None:
        self._sets = sets

    def __contains__(self, path: object) -> bool:
        return any(path in each for each in self._sets)


class Workspace(QObject):
    """Makes and opens conversations. ``lab_ready`` tells that the lab's list has changed."""

    lab_ready = Signal()
    said = Signal(str)  # something the status bar should say
    failed = Signal(str, object)  # on the engine's thread: what it did, and the error that ended it

    _from_engine = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.folder = data_folder()
        self.variables: Callable[[], Values] = Values  # those of the library, once there is one
        self.engine = Engine(self._tell_failure)
        self.lab: Lab | None = None
        self.control = LabControl(self.engine, settings, self.folder, self)
        self.control.said.connect(self.said)
        self.control.moved.connect(self._lab_moved)
        self.open_paths: set[Path] = set()
        self._tabs: Counter[Path] = Counter()  # several conversations of a file may have one each
        self._named: dict[Path, Conversation] = {}  # made here, by the name it was given
        self._read: set[Path] = set()  # being opened, or open
        self._looking = threading.Lock()  # while a kept capture is looked at, and while one begins to be read
        self._counting = threading.Lock()
        self._ending: dict[Path, threading.Thread] = {}
        self._stopping = threading.Event()
        self._from_engine.connect(self._engine_failed)
        self._timer = QTimer(self)
        self._timer.setInterval(KEEPING_MS)
        self._timer.timeout.connect(self.keep)
        self._timer.start()
        self._keeping: threading.Thread | None = None

    def start(self) -> None:
        """Start the engine and, unless switched off, the lab; returns at once."""
        self.engine.start()
        if self.settings.lab_at_start:
            self.start_lab()

    def start_lab(self) -> None:
        """Let the lab listen on loopback; ``lab_ready`` follows, twice: plain, then over TLS."""
        if self.lab is not None:
            return
        # Conversations with the lab are found again: where it can be had, at the port they knew.
        lab = self.lab = Lab(port=self.settings.lab_port)
        self.control.watch(lab)
        self.engine.call(lambda: self.engine.spawn(self._run_lab(lab), "lab"))

    async def _run_lab(self, lab: Lab) -> None:
        try:
            try:
                await lab.start()
            except OSError:
                lab = self.lab = Lab()
                self.control.watch(lab)
                await lab.start()
        except OSError as error:
            self._from_engine.emit(f"The lab could not listen on 127.0.0.1: {error}")
            return
        self._tell_lab()
        await lab.ready()
        self._tell_lab()

    def _tell_failure(self, name: str, error: BaseException) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone
            self.failed.emit(name, error)
            self._from_engine.emit(f"{name}: {error!r}")

    def _tell(self, text: str) -> None:
        """Say it in the status bar, from any thread."""
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._from_engine.emit(text)

    def _tell_lab(self) -> None:
        try:
            self.lab_ready.emit()
        except RuntimeError:
            return  # the window is gone already

    def _lab_moved(self) -> None:
        """It begins anew, with other addresses: plain at once, the rest once its certificates are made."""
        lab = self.lab
        self.lab_ready.emit()
        if lab is not None:
            self.engine.run(lab.ready(), "lab gets ready").add_done_callback(lambda _: self._tell_lab())

    def scenarios(self) -> tuple[ListedScenario, ...]:
        """What the lab offers now; empty while it does not listen."""
        return self.lab.scenarios if self.lab is not None and self.lab.running else ()

    @property
    def lab_address(self) -> str:
        """Where the lab listens without TLS, as ws://…; empty while it does not."""
        return self.lab.url if self.lab is not None and self.lab.running else ""

    def scenario_at(self, url: str) -> str:
        """Name of the lab's scenario at ``url``, whatever its query; empty where it is none."""
        lab, bare = self.lab, url.split("?")[0]
        if lab is None:
            return ""
        found = (each for entrance in lab.entrances for each in lab.scenarios_at(entrance.kind))
        return next((each.name for each in found if each.url == bare), "")

    def _authority(self, host: str, port: int) -> str | None:
        return self.lab.authority_for(host, port) if self.lab is not None else None

    # -- conversations

    def new_conversation(self) -> Conversation:
        """A conversation that will be kept in a file of its own once it connects."""
        path = self._free_path()
        made = Conversation(self.engine, path, lab_authority=self._authority, another=self._instead_of)
        self._named[path] = made
        self.took_over(made)
        return made

    def open_conversation(
        self,
        path: Path,
        conversation_id: int | None = None,
        *,
        read_only: bool = False,
        progress: Progress = lambda *_: True,
    ) -> Conversation:
        """Read a capture, on any thread; :meth:`took_over` follows on the window's.

        ``progress``: as of :meth:`Conversation.open`. Raises CaptureError, OSError or KeyError where it
        cannot be, MendingStopped where it is not wanted any more.
        """
        with self._looking:
            self._read.add(path)
        try:
            return Conversation.open(
                self.engine,
                path,
                conversation_id,
                lab_authority=self._authority,
                read_only=read_only,
                progress=progress,
            )
        except BaseException:
            if path not in self._tabs:
                self._read.discard(path)
            raise

    def closed(self, conversation: Conversation) -> None:
        """The tab of ``conversation`` is gone."""
        conversation.close()
        self._let_go(conversation)

    def closed_followed(self, conversation: Conversation, following: Following) -> None:
        """The tab of a conversation that was followed is gone: a look under way ends on a thread."""
        following.give_up()

        def end() -> None:
            following.stop()
            conversation.close()
            following.close()
            self._let_go(conversation)

        thread = threading.Thread(target=end, name="no longer following", daemon=True)
        if conversation.capture_path is not None:
            self._ending[conversation.capture_path] = thread
        thread.start()

    def wait_until_closed(self, path: Path) -> None:
        """Until nobody looks at ``path`` any more whose tab is gone; not for the window's thread."""
        thread = self._ending.get(path)
        if thread is not None:
            thread.join()

    def took_over(self, conversation: Conversation) -> None:
        """``conversation`` was made elsewhere and has a tab now."""
        if conversation.capture_path is not None:
            with self._counting:
                self._tabs[conversation.capture_path] += 1
                self.open_paths.add(conversation.capture_path)

    def hold(self, path: Path) -> None:
        """A page shows what is in ``path``, beside whatever tabs do; :meth:`give_back` ends that."""
        with self._counting:
            self._tabs[path] += 1
            self.open_paths.add(path)

    def give_back(self, path: Path) -> None:
        """The page is done with ``path``; where a tab has it, it stays open."""
        with self._counting:
            self._leave(path)

    def _let_go(self, conversation: Conversation) -> None:
        path = conversation.capture_path
        if path is None:
            return
        with self._counting:
            self._leave(path)

    def _leave(self, path: Path) -> None:
        self._tabs[path] -= 1
        if self._tabs[path] <= 0:
            del self._tabs[path]
            self._named.pop(path, None)
            self.open_paths.discard(path)
            self._read.discard(path)

    def discard(self, conversation: Conversation) -> None:
        """Close ``conversation`` and delete its capture on a thread, as many may go at once."""

        def gone() -> None:
            conversation.close()
            if conversation.capture_path is not None and not conversation.named_only:
                delete(conversation.capture_path)

        self._let_go(conversation)
        self.engine.call(
            lambda: self.engine.spawn(in_daemon_thread(gone, "dropping a capture"), "dropping a client")
        )

    def forget(self, conversation: Conversation) -> None:
        """Close ``conversation`` and delete its capture."""
        path = conversation.capture_path
        self.closed(conversation)
        if path is not None and not conversation.named_only and path.exists():
            delete(path)

    def free_path(self, stem: str) -> Path:
        """A name beside the other captures that nothing has yet, like ``stem``."""
        path, number = self.folder / f"{stem}.wsi", 2
        while path.exists() or path in self.open_paths:
            path, number = self.folder / f"{stem}-{number}.wsi", number + 1
        return path

    def holds(self, path: Path) -> bool:
        """Whether a conversation of this window has that file; a name alone is not yet the file."""
        if path in self._read:
            return True
        named = self._named.get(path)
        return path in self.open_paths and (named is None or not named.named_only)

    def _instead_of(self, taken: Path) -> Path:
        """The name for a conversation that was to have ``taken``, which another program took; any thread."""
        with self._counting:
            path = self._free_path()
            named = self._named.get(taken)
            if named is not None:  # else its tab is gone by now
                self._named[path] = named
                self._tabs[path] += 1
                self.open_paths.add(path)
                self._leave(taken)
        return path

    def _free_path(self) -> Path:
        day = f"{datetime.datetime.now():%Y-%m-%d}"
        number = 1
        while True:
            path = self.folder / f"{day}-{number}.wsi"
            if not path.exists() and path not in self.open_paths:
                return path
            number += 1

    def recent(self, most: int = 12) -> list[KeptFile]:
        """Kept captures, the newest first."""
        found = files_in(self.folder)
        return sorted(found, key=lambda kept: kept.changed_ns, reverse=True)[:most]

    @property
    def limits(self) -> Limits:
        """How much is kept by itself."""
        return Limits(self.settings.keep_bytes, self.settings.keep_days)

    def keep(self) -> None:
        """Delete the oldest captures beyond the limits, and say so."""
        if self._keeping is not None and self._keeping.is_alive():
            return  # it looks through them all the same
        limits = self.limits
        self._keeping = threading.Thread(target=lambda: self._keep(limits), name="kept captures", daemon=True)
        self._keeping.start()

    def _keep(self, limits: Limits) -> None:
        """On a thread of its own: every capture is opened for a look at whether it is pinned."""
        try:
            # What is opened here meanwhile must not be looked at: closing it would drop SQLite's locks.
            gone = keep_within(
                self.folder,
                limits,
                time.time_ns(),
                _InUse(self.open_paths, self._read),
                self._looking,
                lambda: not self._stopping.is_set(),
            )
        except OSError as error:
            self._tell(f"Old captures could not be looked through: {error}")
            return
        if gone:
            names = ", ".join(path.name for path in gone[:3])
            self._tell(f"Deleted {len(gone)} old captures beyond the limit: {names}")

    # -- the end

    def stop(self) -> None:
        """End the lab and the engine; every conversation must be closed before."""
        self._timer.stop()
        self._stopping.set()
        self.control.close()
        if self.lab is not None and self.lab.running:
            self.settings.lab_port = self.lab.port
        if self.lab is not None and self.engine.running:
            stopping = self.engine.run(self.lab.stop(), "stop the lab")
            with contextlib.suppress(TimeoutError, OSError):
                stopping.result(3)
        self.engine.stop()
        for thread in (self._keeping, *self._ending.values()):
            if thread is not None:
                thread.join()

    def _engine_failed(self, text: str) -> None:
        self.said.emit(text)
