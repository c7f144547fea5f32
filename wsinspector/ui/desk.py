"""The tabs of the window: opening, closing, finding again, and the keys that work everywhere."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from wsinspector.capture.migrate import CaptureError
from wsinspector.conversation.conversation import Conversation
from wsinspector.present.answer import of_attempt
from wsinspector.present.secrets import DOTS as DOTS_OF_SECRETS
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.caught_tabs import CaughtTabs, title_of_client
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.keymap import keymap
from wsinspector.ui.keys import KeysSheet
from wsinspector.ui.lab_menu import add_settings, fill_lab_menu
from wsinspector.ui.lab_sheet import LabSheet
from wsinspector.ui.lab_status import LabStatus
from wsinspector.ui.menus import Menus
from wsinspector.ui.statusbar import StatusBar
from wsinspector.ui.tabs import below
from wsinspector.ui.welcome import Welcome
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace

if TYPE_CHECKING:
    from wsinspector.ui.learn.page import LearnPage
    from wsinspector.ui.sweep.page import SweepPage

ZOOM_STEP = 1.1
DOTS = {"ok": "ok", "refused": "refused", "fault": "fault", "muted": "muted", "busy": "link"}
SAVE_MS = 1000
NEW = "•"  # before the title of a tab that opened by itself
INSPECT, SWEEP, LEARN = range(3)  # the pages, in the order of the switch


class Desk(QObject):
    """Owns the tabs of ``window``. Every conversation made here is closed by :meth:`clear`."""

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        super().__init__(window)
        self.window = window
        self.workspace = workspace
        self.settings = workspace.settings
        self.pages: list[InspectPage] = []
        self.status = StatusBar(window)
        self.lab_status = LabStatus(workspace.control)
        self.status.place_lab(self.lab_status)
        window.foot.addWidget(self.status)
        self.lab_sheet: LabSheet | None = None
        self.sheet: KeysSheet | None = None
        self.welcome: Welcome | None = None
        self._fill_first_address = False
        self.learn: LearnPage | None = None
        self.sweep: SweepPage | None = None
        self._attempts = 0
        self._zoom_to: float | None = None
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(SAVE_MS)
        self._saving.timeout.connect(self.save)
        tabs = window.tabs
        tabs.closed.connect(self.close_tab)
        tabs.picked.connect(self._picked)
        tabs.moved.connect(self._moved)
        tabs.page_asked.connect(self.show_page)
        tabs.name_pages(
            (
                (
                    translate("Desk", "Inspect"),
                    translate("Desk", "Conversations, live and kept (Ctrl+Shift+I)"),
                ),
                (
                    translate("Desk", "Sweep"),
                    translate("Desk", "Many odd requests to many servers, side by side (Ctrl+Shift+S)"),
                ),
                (
                    translate("Desk", "Learn"),
                    translate("Desk", "The versions of the protocol (Ctrl+Shift+E)"),
                ),
            )
        )
        self.menus = Menus(self)
        self.caught = CaughtTabs(self)
        self.lab_status.settings_asked.connect(self.show_lab_sheet)
        self.lab_status.clients_asked.connect(self.caught.go)
        workspace.lab_ready.connect(self._lab_ready)
        workspace.said.connect(self.status.say)
        theme.watcher().changed.connect(self._refresh_tabs)
        self.keys = keymap(self)
        for key in self.keys:
            for keys in key.keys.split(", "):
                window.add_key(keys, key.action)

    def begin(self, target: str | None, connect: bool) -> None:
        """Start engine and lab; open what was open, or ``target``."""
        self.workspace.start()
        if target is not None:
            self._open_target(target, connect)
        else:
            for path in self.settings.open_files:
                if Path(path).exists():
                    self.open_file(Path(path))
            if (
                self.settings.front_file in self.settings.open_files
                and Path(self.settings.front_file).exists()
            ):
                self.open_file(Path(self.settings.front_file))
        if not self.pages:
            self._fill_first_address = True
            self.new_tab()
        if not self.settings.welcomed and target is None:
            self.show_welcome()
        QTimer.singleShot(2000, self.workspace.keep)

    def _open_target(self, target: str, connect: bool) -> None:
        path = Path(target)
        if path.suffix == ".wsi" or path.is_file():
            self.open_file(path)
            return
        page = self.new_tab()
        page.tab.set_address(target)
        if connect:
            page.tab.connect_now()

    # -- pages

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

            self.sweep = SweepPage(self.workspace)
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
        page = self.open_file(path)
        if page is not None:
            if fresh:
                page.tab.use_as_draft(1)
            page.tab.pick(1)

    def show_learn(self, topic: str = "") -> None:
        """Bring the Learn page to the front, at ``topic`` where one is named."""
        if self.learn is None:
            from wsinspector.ui.learn.page import LearnPage

            self.learn = LearnPage()
            self.learn.write_asked.connect(self._write_in)
            self.learn.example_asked.connect(self._take_example)
            self.window.whole.addWidget(self.learn)
        self.window.whole.setCurrentWidget(self.learn)
        self.window.tabs.show_page(LEARN)
        self.status.tell(None)
        self.learn.show_topic(topic)

    def _write_in(self, dialect: str) -> None:
        page = self.page or self.new_tab()
        self.show_page(0)
        page.tab.write_in(dialect)
        page.address.field.setFocus()

    def _take_example(self, rule: str, request: bytes) -> None:
        page = self.page or self.new_tab()
        self.show_page(0)
        page.tab.take_example(rule, request)
        page.address.button.setFocus()

    # -- tabs

    @property
    def page(self) -> InspectPage | None:
        """The page in front."""
        index = self.window.tabs.bar.currentIndex()
        return self.pages[index] if 0 <= index < len(self.pages) else None

    def new_tab(self) -> InspectPage:
        """Open an empty conversation and bring it to the front."""
        self.show_page(0)
        page = self._add(self.workspace.new_conversation())
        page.address.field.setFocus()
        return page

    def open_file(self, path: Path) -> InspectPage | None:
        """Open a capture in a tab; one that is open already comes to the front."""
        self.show_page(0)
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
        self.show_page(0)
        if page in self.pages:
            self.window.tabs.bar.setCurrentIndex(self.pages.index(page))
            page.focus_answer()

    def _open_sweep(self, path: Path) -> bool:
        """Show a sweep's capture on the page of sweeps; False where it holds none."""
        from wsinspector.ui.sweep.kept import is_sweep

        if not is_sweep(path):
            return False
        self.show_sweep().open_file(path)
        return True

    def _add(self, conversation: Conversation, *, front: bool = True) -> InspectPage:
        tab = TabState(conversation)
        page = InspectPage(tab, self.settings)
        tab.setParent(page)
        page.said.connect(self.status.say)
        page.lab_asked.connect(self._open_lab_menu)
        page.about_asked.connect(lambda name: self.show_learn(f"versions/{name}"))
        page.rule_asked.connect(lambda name: self.show_learn(f"rules/{name}"))
        page.sweep_asked.connect(lambda url: self.show_sweep().prepare(url))
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
        self.caught.gone(page)

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
            self.caught.looked_at(page)
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
        if self.caught.is_new(page):
            title = f"{NEW} {title}"
            spoken = translate("Desk", "Not looked at yet. {0}").format(spoken)
        self.window.tabs.show_state(index, title, role, spoken)
        if self.page is page:
            self.window.setWindowTitle(f"{title} – wsinspector")

    def _refresh_tabs(self) -> None:
        for page in self.pages:
            self._show_state(page)

    # -- the lab

    def _lab_ready(self) -> None:
        scenarios = self.workspace.scenarios()
        if self._fill_first_address and scenarios and self.pages:
            self._fill_first_address = False
            tab = self.pages[0].tab
            if not tab.conversation.address_text:
                chat = next((each for each in scenarios if each.path == "/chat"), scenarios[0])
                tab.set_address(chat.url)
        if self.welcome is not None:
            self.welcome.lab_listens(bool(scenarios))
        self._refresh_tabs()

    def _open_lab_menu(self, under: QWidget) -> None:
        menu = QMenu(under)
        self.fill_lab_menu(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below(under))

    def fill_lab_menu(self, menu: QMenu) -> None:
        """Settings and scenarios of the lab."""
        control = self.workspace.control
        add_settings(menu, control, self.show_lab_sheet)
        fill_lab_menu(menu, self.workspace.lab, self.take_address, self.save_authority)

    def show_lab_sheet(self, part: str = "") -> None:
        """Show the lab's settings; ``part``: own or beyond, where the focus is to be."""
        if self.lab_sheet is None:
            self.lab_sheet = LabSheet(self.workspace.control, self.window)
        self.lab_sheet.look()
        if not self.lab_sheet.isVisible():
            self.lab_sheet.appear()
        self.lab_sheet.focus_part(part)

    def take_address(self, url: str) -> None:
        """Fill in a picked address; nothing connects."""
        self.show_page(0)
        page = self.page or self.new_tab()
        page.tab.set_address(url)
        page.tab.pick(0)
        page.address.button.setFocus()

    def save_authority(self) -> None:
        """Ask where to, and write the certificate of the lab's authority there."""
        lab = self.workspace.lab
        if lab is None or not lab.authority_pem:
            return
        name, _ = QFileDialog.getSaveFileName(
            self.window, translate("Desk", "Save the lab's authority"), "wsinspector-lab-authority.pem"
        )
        if name:
            try:
                lab.save_authority(Path(name))
            except (OSError, ValueError) as error:
                self.status.say(translate("Desk", "The authority could not be saved: {0}").format(error))
            else:
                self.status.say(translate("Desk", "The lab's authority is in {0}").format(name))

    # -- welcome

    def show_welcome(self) -> None:
        """Show the welcome over the window."""
        if self.welcome is not None:
            self.welcome.focus_first()
            return
        self.welcome = Welcome(self.window)
        self.welcome.try_lab.connect(self._try_lab)
        self.welcome.dismissed.connect(self.end_welcome)
        self.welcome.lab_listens(bool(self.workspace.scenarios()))
        self.welcome.place()
        self.welcome.show()
        self.welcome.raise_()
        self.welcome.focus_first()

    def end_welcome(self) -> None:
        """Put the welcome away, for good."""
        self.settings.welcomed = True
        if self.welcome is not None:
            self.welcome.hide()
            self.welcome.deleteLater()
            self.welcome = None
        if self.page is not None:
            self.page.address.field.setFocus()

    def _try_lab(self) -> None:
        self.end_welcome()
        chat = next((each for each in self.workspace.scenarios() if each.path == "/chat"), None)
        if chat is not None:
            page = self.page or self.new_tab()
            page.tab.set_address(chat.url)
            page.tab.connect_now()

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

    def ask_file(self) -> None:
        """Let the person pick a capture."""
        name, _ = QFileDialog.getOpenFileName(
            self.window,
            translate("Desk", "Open a capture"),
            str(self.workspace.folder),
            translate("Desk", "Captures (*.wsi);;All files (*)"),
        )
        if name:
            self.open_file(Path(name))

    def ask_delete(self) -> None:
        """Delete the conversation in front, after a question."""
        page = self.page
        if page is None:
            return
        path = page.tab.conversation.capture_path
        question = QMessageBox(self.window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(translate("Desk", "Delete this conversation and its capture?"))
        question.setInformativeText(path.name if path is not None else "")
        delete = question.addButton(translate("Desk", "Delete"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        question.exec()
        if question.clickedButton() is delete:
            self.delete_front()

    def delete_front(self) -> None:
        """Close the tab in front and delete its capture."""
        page = self.page
        if page is None:
            return
        self.take_away(page)
        self.workspace.forget(page.tab.conversation)

    # -- keys

    def step(self, by: int) -> None:
        """Bring the tab ``by`` places further to the front, around the end."""
        bar = self.window.tabs.bar
        bar.setCurrentIndex((bar.currentIndex() + by) % max(bar.count(), 1))

    def toggle_sheet(self) -> None:
        """Show all keys, or put the sheet away."""
        if self.sheet is None:
            self.sheet = KeysSheet([(key.group, key.keys, key.text) for key in self.keys], self.window)
        self.sheet.toggle()

    # -- the end

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
        paths = [page.tab.conversation.capture_path for page in self.pages if not self.caught.is_new(page)]
        front = self.page.tab.conversation.capture_path if self.page is not None else None
        self.settings.front_file = str(front or "")
        self.settings.open_files = [str(path) for path in paths if path is not None and path.exists()]

    def clear(self) -> None:
        """End every conversation and let go of every thread."""
        self._saving.stop()
        self.caught.stop()
        self.status.follow(None)
        if self.sweep is not None:
            self.sweep.stop()
        for page in self.pages:
            page.tab.stop()
            page.stop()
            self.workspace.closed(page.tab.conversation)
        self.pages.clear()
