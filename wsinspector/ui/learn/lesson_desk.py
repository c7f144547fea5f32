"""The window's lessons: reads them, opens one in a tab of its own with the panel beside it, and ends it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from wsinspector.learn.lessons.model import Lesson
from wsinspector.learn.lessons.progress import Progress
from wsinspector.learn.lessons.shelf import Shelf, built_in, read_shelf
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import bind
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.learn.lesson_panel import LessonPanel
from wsinspector.ui.learn.lesson_place import LessonPlace
from wsinspector.ui.learn.lesson_run import LessonRun

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

SETTLED_MS = 200
"""An editor writes a file in several goes."""


class LessonDesk(QObject):
    """``shelf_changed``: lessons were read, again or for the first time; ``progress_changed``: one went on.

    ``folder``: where a teacher's own lessons lie, and beside it the progress.
    """

    shelf_changed = Signal()
    progress_changed = Signal()

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.window = desk.window
        data = desk.workspace.folder.parent
        self.folder = data / "lessons"
        self.progress = Progress(data / "lessons.json")
        self.shelf = Shelf()
        self.reading = False
        self.panel: LessonPanel | None = None
        self.place: LessonPlace | None = None
        self.run: LessonRun | None = None
        self._opened: list[Path] = []  # files that were opened by hand
        self._loaded = False
        self._wanted = ""  # the lesson to start once the shelf is read
        self._watcher: QFileSystemWatcher | None = None
        self._background = Background("lessons", self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED_MS)
        self._settling.timeout.connect(self.read)

    # -- the shelf

    def read(self) -> None:
        """Read every lesson on a thread; ``shelf_changed`` follows."""
        if self.reading:
            self._settling.start()
            return
        self.reading = True
        folder, also = self.folder, tuple(self._opened)
        fresh = None if self._loaded else Progress(self.progress.path)

        def work() -> tuple[Shelf, Progress | None]:
            if fresh is not None:
                fresh.load()
            return read_shelf(((built_in(), False), (folder, True)), also), fresh

        self._background.ask("read", work, self._read)

    def _read(self, result: Any) -> None:
        self.reading = False
        if isinstance(result, Exception):
            self._desk.status.say(translate("Lessons", "The lessons cannot be read: {0}").format(result))
            return
        self.shelf, progress = result
        if progress is not None:
            self._loaded = True
            self.progress = progress
            if progress.trouble:
                self._desk.status.say(progress.trouble)
        self._watch()
        self._renew()
        self.shelf_changed.emit()
        wanted, self._wanted = self._wanted, ""
        lesson = self.shelf.called(wanted) if wanted else None
        if lesson is not None:
            self.start(lesson)

    def _watch(self) -> None:
        """Look out for a teacher's changes."""
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(self._settling.start)
            self._watcher.directoryChanged.connect(self._settling.start)
        paths = [str(each.path) for each in self.shelf.lessons if each.own and each.path is not None]
        paths += [str(each.path) for each in self.shelf.refused]
        if self.folder.is_dir():
            paths.append(str(self.folder))
        known = set(self._watcher.files()) | set(self._watcher.directories())
        missing = [each for each in paths if each not in known]
        if missing:
            self._watcher.addPaths(missing)

    def _renew(self) -> None:
        """The lesson under way was edited: go on in the new text, at the same step."""
        run = self.run
        if run is None:
            return
        fresh = self.shelf.called(run.lesson.id)
        if fresh is not None and fresh != run.lesson:
            key = run.step.key
            at = next((n for n, step in enumerate(fresh.steps) if step.key == key), run.at)
            run.lesson = fresh
            run.go(min(at, len(fresh.steps) - 1))
            self._desk.status.say(translate("Lessons", "The lesson was read again: its file has changed."))

    def open_file(self, path: Path) -> None:
        """Take a lesson from a file anywhere beside the others."""
        if path not in self._opened:
            self._opened.append(path)
        self.read()

    # -- a lesson

    def start_called(self, identity: str) -> None:
        """Start, or go on with, the lesson of this id, once the lessons are read."""
        lesson = self.shelf.called(identity)
        if lesson is None:
            self._wanted = identity
            self.read()
        else:
            self.start(lesson)

    def start(self, lesson: Lesson, *, anew: bool = False) -> None:
        """Open ``lesson`` in a tab of its own, where it was left; ``anew``: from its first step."""
        if self.run is not None and self.run.lesson.id == lesson.id and not anew:
            self.show()
            return
        self.leave()
        if self._desk.workspace.lab is None:
            self._desk.workspace.start_lab()
        if anew:
            self.progress.forget(lesson)
        page = self._desk.new_tab()
        self.run = LessonRun(lesson, page, self.progress, self._url_of, self)
        self.run.kept.connect(self.progress_changed)
        panel = self._made()
        panel.show_run(self.run)
        if self.place is not None:
            self.place.follow(self.run)
        self.run.go(0 if self.progress.done(lesson) else self.progress.place(lesson))
        self._bring(panel)

    def _bring(self, panel: LessonPanel) -> None:
        self._look()
        if self.place is not None:
            self.place.to_panel()
        panel.focus_first()

    def _url_of(self, path: str, secure: bool) -> str:
        lab = self._desk.workspace.lab
        if lab is None or not lab.running:
            return ""
        return lab.url_of(path, "tls" if secure else "plain")

    def show(self) -> None:
        """To the lesson that is open, and within it to where it goes on."""
        run, panel = self.run, self.panel
        if run is None or panel is None or run.page not in self._desk.pages:
            return
        self._desk.show_page(0)
        self.window.tabs.bar.setCurrentIndex(self._desk.pages.index(run.page))
        self._bring(panel)

    def toggle(self) -> None:
        """From the page to its lesson and back; to the list where none is open."""
        panel = self.panel
        if self.run is None or panel is None:
            self._desk.show_learn("lessons")
            return
        focus = self.window.focusWidget()
        inside = focus is not None and panel.isAncestorOf(focus)
        over = self.place is not None and self.place.over
        if panel.isVisible() and (inside or over):
            self._to_page()
        else:
            self.show()

    def _to_page(self) -> None:
        """The keys go to the page; what the step points at there has them."""
        if self.place is not None:
            self.place.to_page()
        if self.run is not None:
            self.run.page.address.field.setFocus()

    def leave(self) -> None:
        """End the lesson; its tab stays as any other, and the progress is kept."""
        run, self.run = self.run, None
        if run is not None:
            if self.panel is not None:
                self.panel.show_run(None)
            run.stop()
            run.deleteLater()
        self._look()

    def _page_removed(self) -> None:
        """A tab is being closed: the lesson ends before its conversation does."""
        if self.run is not None and self.run.page not in self._desk.pages:
            self.leave()

    def stop(self) -> None:
        """End everything; before the window goes."""
        self._settling.stop()
        self.leave()
        self._background.stop()

    # -- the panel

    def _made(self) -> LessonPanel:
        """The panel stands beside all pages, or over them, and is seen where the lesson's own tab is."""
        if self.panel is not None:
            return self.panel
        window = self.window
        panel = self.panel = LessonPanel(window.middle)
        place = self.place = LessonPlace(window, panel, self)
        place.wanted.connect(self.show)
        panel.left.connect(self._left)
        panel.list_asked.connect(self._finished)
        panel.link_followed.connect(self._follow)
        window.pages.currentChanged.connect(self._look)
        window.pages.widgetRemoved.connect(self._page_removed)
        window.whole.currentChanged.connect(self._look)
        bind("lesson.next", panel, panel.go_on)
        bind("lesson.back", panel, panel.go_back)
        bind("lesson.check", panel, panel.check_now)
        bind("lesson.show", panel, panel.show_now)
        bind("lesson.again", panel, panel.begin_again)
        return panel

    def _look(self) -> None:
        """The panel is seen where its tab is."""
        if self.place is None:
            return
        run = self.run
        here = run is not None and (
            self.window.whole.currentIndex() == 0 and self.window.pages.currentWidget() is run.page
        )
        self.place.look(here=here)

    def _left(self) -> None:
        page = self.run.page if self.run is not None else None
        self.leave()
        if page is not None:
            page.address.field.setFocus()

    def _finished(self) -> None:
        """Behind the last step: back to the list, at the lesson that comes next."""
        identity = self.run.lesson.id if self.run is not None else ""
        ids = [each.id for each in self.shelf.lessons]
        behind = ids[ids.index(identity) + 1 :] if identity in ids else []
        undone = [each for each in behind if not self.progress.done(self.shelf.lessons[ids.index(each)])]
        self.leave()
        self._desk.show_learn(f"lessons/{(undone or [identity])[0]}")

    def _follow(self, target: str) -> None:
        kind, _, name = target.partition(":")
        self._desk.show_learn(f"{'rules' if kind == 'rule' else 'glossary'}/{name}")
