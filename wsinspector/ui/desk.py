"""The tabs of the window: opening, closing, finding again, and the keys that work everywhere."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from wsinspector.capture.migrate import CaptureError
from wsinspector.conversation.conversation import Conversation
from wsinspector.present.answer import of_attempt
from wsinspector.present.numbers import clock, size
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.keys import KeysSheet
from wsinspector.ui.lab_menu import fill_lab_menu
from wsinspector.ui.statusbar import StatusBar
from wsinspector.ui.tabs import below
from wsinspector.ui.welcome import Welcome
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace

ZOOM_STEP = 1.1
DOTS = {"ok": "ok", "refused": "refused", "fault": "fault", "muted": "muted", "busy": "link"}
SAVE_MS = 1000


@dataclass(slots=True)
class Key:
    """One shortcut: its keys as Qt writes them, what it does in words, and the deed."""

    keys: str
    text: str
    action: Callable[[], object]
    group: str = "window"


class Desk(QObject):
    """Owns the tabs of ``window``. Every conversation made here is closed by :meth:`clear`."""

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        super().__init__(window)
        self.window = window
        self.workspace = workspace
        self.settings = workspace.settings
        self.pages: list[InspectPage] = []
        self.status = StatusBar(window)
        window.foot.addWidget(self.status)
        self.sheet: KeysSheet | None = None
        self.welcome: Welcome | None = None
        self._fill_first_address = False
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(SAVE_MS)
        self._saving.timeout.connect(self.save)
        tabs = window.tabs
        tabs.closed.connect(self.close_tab)
        tabs.picked.connect(self._picked)
        tabs.moved.connect(self._moved)
        tabs.more_menu.aboutToShow.connect(self._fill_more)
        tabs.menu.aboutToShow.connect(self._fill_menu)
        workspace.lab_ready.connect(self._lab_ready)
        workspace.said.connect(self.status.say)
        theme.watcher().changed.connect(self._refresh_tabs)
        self.keys = self._keys()
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
        if not self.pages:
            self._fill_first_address = True
            self.new_tab()
        if not self.settings.welcomed and target is None:
            self._show_welcome()
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

    # -- tabs

    @property
    def page(self) -> InspectPage | None:
        """The page in front."""
        index = self.window.tabs.bar.currentIndex()
        return self.pages[index] if 0 <= index < len(self.pages) else None

    def new_tab(self) -> InspectPage:
        """Open an empty conversation and bring it to the front."""
        page = self._add(self.workspace.new_conversation())
        page.address.field.setFocus()
        return page

    def open_file(self, path: Path) -> InspectPage | None:
        """Open a capture in a tab; one that is open already comes to the front."""
        for index, page in enumerate(self.pages):
            if page.tab.conversation.capture_path == path:
                self.window.tabs.bar.setCurrentIndex(index)
                return page
        try:
            conversation = self.workspace.open_conversation(path)
        except (CaptureError, OSError, KeyError) as error:
            self.status.say(translate("Desk", "{0} could not be opened: {1}").format(path.name, error))
            return None
        page = self._add(conversation)
        if conversation.attempts:
            page.tab.pick(conversation.attempts[-1].number)
        return page

    def _add(self, conversation: Conversation) -> InspectPage:
        tab = TabState(conversation)
        page = InspectPage(tab, self.settings)
        tab.setParent(page)
        page.said.connect(self.status.say)
        page.lab_asked.connect(self._open_lab_menu)
        page.remembered.connect(self._saving.start)
        tab.attempts_changed.connect(lambda: self._show_state(page))
        tab.address_changed.connect(lambda: self._show_state(page))
        self.pages.append(page)
        self.window.pages.addWidget(page)
        index = self.window.tabs.add(self._title(page))
        self.window.tabs.bar.setCurrentIndex(index)
        self._picked(index)
        self._show_state(page)
        return page

    def close_tab(self, index: int) -> None:
        """Close a tab: what is live in it ends, what was kept stays kept."""
        if not 0 <= index < len(self.pages):
            return
        page = self.pages.pop(index)
        self._take_away(index, page)
        self.workspace.closed(page.tab.conversation)

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
            self.window.setWindowTitle(f"{self._title(page)} – wsinspector")

    def _moved(self, start: int, end: int) -> None:
        self.pages.insert(end, self.pages.pop(start))

    def _title(self, page: InspectPage) -> str:
        text = page.tab.conversation.address_text.strip()
        if not text:
            return translate("Desk", "New conversation")
        short = masked_address(text.split("://", 1)[-1])
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
        fill_lab_menu(menu, self.workspace.lab, self._take_address, self._save_authority)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below(under))

    def _take_address(self, url: str) -> None:
        page = self.page or self.new_tab()
        page.tab.set_address(url)
        page.tab.pick(0)
        page.address.button.setFocus()

    def _save_authority(self) -> None:
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

    def _show_welcome(self) -> None:
        self.welcome = Welcome(self.window)
        self.welcome.try_lab.connect(self._try_lab)
        self.welcome.dismissed.connect(self._welcomed)
        self.welcome.lab_listens(bool(self.workspace.scenarios()))
        self.welcome.place()
        self.welcome.show()
        self.welcome.raise_()
        self.welcome.focus_first()

    def _welcomed(self) -> None:
        self.settings.welcomed = True
        if self.welcome is not None:
            self.welcome.hide()
            self.welcome.deleteLater()
            self.welcome = None
        if self.page is not None:
            self.page.address.field.setFocus()

    def _try_lab(self) -> None:
        self._welcomed()
        chat = next((each for each in self.workspace.scenarios() if each.path == "/chat"), None)
        if chat is not None:
            page = self.page or self.new_tab()
            page.tab.set_address(chat.url)
            page.tab.connect_now()

    # -- menus

    def _fill_more(self) -> None:
        menu = self.window.tabs.more_menu
        menu.clear()
        menu.addAction(translate("Desk", "New conversation\tCtrl+T"), self.new_tab)
        menu.addAction(translate("Desk", "Open a capture…\tCtrl+O"), self.ask_file)
        recent = [kept for kept in self.workspace.recent() if kept.path not in self._open_paths()]
        if recent:
            menu.addSection(translate("Desk", "Recent captures"))
            for kept in recent:
                text = f"{kept.path.name}\t{clock(kept.changed_ns, date=True)[:16]}, {size(kept.size)}"
                menu.addAction(text, partial(self.open_file, kept.path))
        else:
            menu.addAction(translate("Desk", "No captures kept besides the open ones")).setEnabled(False)

    def _open_paths(self) -> set[Path]:
        paths = (page.tab.conversation.capture_path for page in self.pages)
        return {path for path in paths if path is not None}

    def _fill_menu(self) -> None:
        menu = self.window.tabs.menu
        menu.clear()
        look = menu.addMenu(translate("Desk", "Look"))
        for name, text in (
            ("system", translate("Desk", "As the system")),
            ("light", translate("Desk", "Light")),
            ("dark", translate("Desk", "Dark")),
        ):
            action = look.addAction(text, partial(self.set_scheme, name))
            action.setCheckable(True)
            action.setChecked(theme.scheme() == name)
        look.addSeparator()
        look.addAction(translate("Desk", "Larger\tCtrl++"), lambda: self.zoom(1))
        look.addAction(translate("Desk", "Smaller\tCtrl+-"), lambda: self.zoom(-1))
        look.addAction(translate("Desk", "As it was\tCtrl+0"), lambda: self.zoom(0))
        lab = menu.addMenu(translate("Desk", "Lab"))
        fill_lab_menu(lab, self.workspace.lab, self._take_address, self._save_authority)
        lab.addSeparator()
        at_start = lab.addAction(translate("Desk", "Listen at every start (loopback only)"))
        at_start.setCheckable(True)
        at_start.setChecked(self.settings.lab_at_start)
        at_start.toggled.connect(self._lab_at_start)
        menu.addSeparator()
        menu.addAction(translate("Desk", "Open a capture…\tCtrl+O"), self.ask_file)
        page = self.page
        if page is not None:
            conversation = page.tab.conversation
            keep = menu.addAction(translate("Desk", "Do not keep this conversation"))
            keep.setCheckable(True)
            keep.setChecked(not conversation.options.keep)
            keep.toggled.connect(self._keep)
            delete = menu.addAction(translate("Desk", "Delete this conversation…"), self.ask_delete)
            path = conversation.capture_path
            delete.setEnabled(path is not None and path.exists())
        menu.addSeparator()
        menu.addAction(translate("Desk", "All keys\tCtrl+/"), self.toggle_sheet)
        menu.addAction(translate("Desk", "Welcome"), self._show_welcome)
        menu.addAction(translate("Desk", "Quit\tCtrl+Q"), self.window.close)

    def _lab_at_start(self, on: bool) -> None:
        self.settings.lab_at_start = on
        if on:
            self.workspace.start_lab()
        else:
            self.status.say(translate("Desk", "The lab stays off from the next start on."))

    def _keep(self, forget: bool) -> None:
        page = self.page
        if page is not None:
            tab = page.tab
            tab.set_options(dataclasses.replace(tab.conversation.options, keep=not forget))

    def set_scheme(self, name: str) -> None:
        """Take the light, the dark or the system's scheme and remember it."""
        theme.set_scheme(name)
        self.settings.scheme = name

    def zoom(self, step: int) -> None:
        """Make text larger (1), smaller (-1) or as it was (0)."""
        self.window.set_zoom(1.0 if step == 0 else theme.zoom() * ZOOM_STEP**step)

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
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.exec()
        if question.clickedButton() is delete:
            self.delete_front()

    def delete_front(self) -> None:
        """Close the tab in front and delete its capture."""
        page = self.page
        if page is None:
            return
        index = self.pages.index(page)
        self.pages.pop(index)
        self._take_away(index, page)
        self.workspace.forget(page.tab.conversation)

    # -- keys

    def _keys(self) -> list[Key]:
        t = translate
        on = self._on_page
        return [
            Key("Ctrl+L", t("Desk", "To the address"), on(lambda p: p.address.field.setFocus()), "request"),
            Key(
                "Ctrl+Shift+V",
                t("Desk", "To the version"),
                on(lambda p: p.address.version.setFocus()),
                "request",
            ),
            Key("Ctrl+Shift+O", t("Desk", "Options"), on(lambda p: p.toggle_options()), "request"),
            Key(
                "Ctrl+Shift+L",
                t("Desk", "Addresses of the lab"),
                on(lambda p: p.lab_asked.emit(p.address.lab)),
                "request",
            ),
            Key("F5", t("Desk", "Connect, or connect again"), on(lambda p: p.tab.connect_now()), "request"),
            Key(
                "Shift+F5",
                t("Desk", "Disconnect, or cancel"),
                on(lambda p: p.tab.conversation.disconnect()),
                "request",
            ),
            Key(
                "Ctrl+Shift+F",
                t("Desk", "To the filter"),
                on(lambda p: p.frames.tools.focus_word()),
                "frames",
            ),
            Key(
                "Ctrl+End",
                t("Desk", "Follow the newest frame"),
                on(lambda p: p.frames.view.follow()),
                "frames",
            ),
            Key("Ctrl+Shift+C", t("Desk", "Copy report"), on(lambda p: p.copy_report()), "request"),
            Key("Ctrl+1", t("Desk", "Hide or show the handshake"), on(lambda p: p.toggle_handshake())),
            Key("Ctrl+2", t("Desk", "Hide or show the frames"), on(lambda p: p.toggle_frames())),
            Key("Ctrl+3", t("Desk", "Panes as they were at first"), on(lambda p: p.even_out())),
            Key("Ctrl+T", t("Desk", "New conversation"), self.new_tab),
            Key(
                "Ctrl+W",
                t("Desk", "Close the conversation"),
                lambda: self.close_tab(self.window.tabs.bar.currentIndex()),
            ),
            Key("Ctrl+Tab, Ctrl+PgDown", t("Desk", "Next conversation"), lambda: self._step(1)),
            Key("Ctrl+Shift+Tab, Ctrl+PgUp", t("Desk", "Conversation before"), lambda: self._step(-1)),
            Key("Ctrl+O", t("Desk", "Open a capture"), self.ask_file),
            Key("Ctrl++, Ctrl+=", t("Desk", "Larger"), lambda: self.zoom(1)),
            Key("Ctrl+-", t("Desk", "Smaller"), lambda: self.zoom(-1)),
            Key("Ctrl+0", t("Desk", "Text size as it was"), lambda: self.zoom(0)),
            Key("F10", t("Desk", "Menu"), self.window.tabs.menu_button.click),
            Key("Ctrl+/", t("Desk", "All keys"), self.toggle_sheet),
            Key("Ctrl+Q", t("Desk", "Quit"), self.window.close),
        ]

    def _on_page(self, deed: Callable[[InspectPage], object]) -> Callable[[], None]:
        def act() -> None:
            page = self.page
            if page is not None:
                deed(page)

        return act

    def _step(self, by: int) -> None:
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

    def remember(self) -> None:
        """Note which captures are open, for the next start."""
        self.save()
        paths = [page.tab.conversation.capture_path for page in self.pages]
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


def _to_filter(page: InspectPage) -> None:
    page.frames.tools.focus_word()


def _follow(page: InspectPage) -> None:
    page.frames.view.follow()
