"""The two menus of the top row, made anew each time they open."""

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from wsinspector.present.numbers import clock, size
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import add_entry
from wsinspector.ui.library.keeping import keep_request

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


class Menus(QObject):
    """Fills the + menu and the Menu of ``desk``'s window."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        tabs = desk.window.tabs
        tabs.more_menu.aboutToShow.connect(self.fill_more)
        tabs.menu.aboutToShow.connect(self.fill_menu)

    def fill_more(self) -> None:
        """New, open, and the recent captures that are not open."""
        desk = self._desk
        menu = desk.window.tabs.more_menu
        menu.clear()
        add_entry(menu, translate("Menus", "New conversation"), "window.new-tab", desk.new_tab)
        add_entry(menu, translate("Menus", "Open, or import…"), "files.open", desk.files.ask_open)
        recent_files = desk.files.recent
        if recent_files.paths:
            recent_files.fill(
                menu.addMenu(translate("Menus", "Recent files")), lambda path: desk.files.open_by_hand([path])
            )
        shown = [page.tab.conversation for page in desk.pages]
        paths = {each.capture_path for each in shown if not each.named_only}
        recent = [kept for kept in desk.workspace.recent() if kept.path not in paths]
        if recent:
            menu.addSection(translate("Menus", "Recent captures"))
            for kept in recent:
                name = kept.path.name.replace("&", "&&")
                text = f"{name}\t{clock(kept.changed_ns, date=True)[:16]}, {size(kept.size)}"
                menu.addAction(text, partial(desk.open_file, kept.path))
        else:
            menu.addAction(translate("Menus", "No captures kept besides the open ones")).setEnabled(False)

    def fill_menu(self) -> None:
        """Look, lab, captures, keys."""
        desk = self._desk
        menu = desk.window.tabs.menu
        menu.clear()
        look = menu.addMenu(translate("Menus", "Look"))
        for name, text in (
            ("system", translate("Menus", "As the system")),
            ("light", translate("Menus", "Light")),
            ("dark", translate("Menus", "Dark")),
            ("contrast", translate("Menus", "High contrast")),
        ):
            action = look.addAction(text, partial(desk.set_scheme, name))
            action.setCheckable(True)
            action.setChecked(theme.scheme() == name)
        look.addSeparator()
        add_entry(look, translate("Menus", "Larger"), "window.larger", partial(desk.zoom, 1))
        add_entry(look, translate("Menus", "Smaller"), "window.smaller", partial(desk.zoom, -1))
        add_entry(look, translate("Menus", "As it was"), "window.size", partial(desk.zoom, 0))
        lab = menu.addMenu(translate("Menus", "Lab"))
        desk.lab.fill_menu(lab)
        lab.addSeparator()
        at_start = lab.addAction(translate("Menus", "Listen at every start (loopback only)"))
        at_start.setCheckable(True)
        at_start.setChecked(desk.settings.lab_at_start)
        at_start.toggled.connect(self._lab_at_start)
        page = desk.page
        if page is not None:
            page.frames.places.fill_menu(menu.addMenu(translate("Menus", "Log")))
            shown = add_entry(
                menu, translate("Menus", "Statistics"), "statistics.show", page.toggle_statistics
            )
            shown.setCheckable(True)
            shown.setChecked(page.statistics.shown)
            explained = add_entry(
                menu,
                translate("Menus", "Explain every byte"),
                "window.explain-all",
                page.explaining.toggle,
            )
            explained.setCheckable(True)
            explained.setChecked(page.explaining.on)
        menu.addSeparator()
        self._add_files(menu)
        menu.addSeparator()
        add_entry(menu, translate("Menus", "Find anything…"), "window.palette", desk.show_palette)
        add_entry(menu, translate("Menus", "All keys"), "window.keys", desk.toggle_sheet)
        menu.addAction(translate("Menus", "Welcome"), desk.greeting.show)
        add_entry(menu, translate("Menus", "Quit"), "window.quit", desk.window.close)

    def _add_files(self, menu: QMenu) -> None:
        """What is done with files, and with the conversation in front."""
        desk = self._desk
        files = desk.files
        add_entry(menu, translate("Menus", "Open, or import…"), "files.open", files.ask_open)
        recent = menu.addMenu(translate("Menus", "Recent files"))
        files.recent.fill(recent, lambda path: files.open_by_hand([path]))
        page = desk.page
        if page is not None:
            conversation = page.tab.conversation
            path = conversation.capture_path
            kept = path is not None and not conversation.named_only and path.exists()
            add_entry(
                menu, translate("Menus", "Keep the draft in the Library"), "request.keep", self._keep_request
            )
            add_entry(menu, translate("Menus", "Save a copy as…"), "files.save", files.saving.ask)
            add_entry(menu, translate("Menus", "Export…"), "files.export", files.show_export)
            menu.addAction(
                translate("Menus", "Save a copy to share…"), partial(files.show_export, "share")
            ).setEnabled(bool(conversation.attempts))
            several = add_entry(
                menu,
                translate("Menus", "All conversations of this file…"),
                "files.list",
                files.show_list_again,
            )
            several.setEnabled(kept)
            menu.addSeparator()
            keep = menu.addAction(translate("Menus", "Do not keep this conversation"))
            keep.setCheckable(True)
            keep.setChecked(not conversation.options.keep)
            keep.setEnabled(not conversation.read_only)
            keep.toggled.connect(self._keep)
            pin = menu.addAction(translate("Menus", "Pin: never deleted to make room"))
            pin.setCheckable(True)
            pin.setChecked(conversation.pinned)
            pin.setEnabled(kept and not conversation.read_only)
            pin.toggled.connect(self._pin)
            delete = menu.addAction(translate("Menus", "Delete this conversation…"), desk.ask_delete)
            delete.setEnabled(kept and not conversation.read_only)
        add_entry(menu, translate("Menus", "Kept captures…"), "files.kept", files.show_kept)

    def _keep_request(self) -> None:
        keep_request(self._desk)

    def _pin(self, on: bool) -> None:
        page = self._desk.page
        if page is not None:
            trouble = page.tab.conversation.pin(on)
            told = translate("Menus", "Pinned: it is never deleted to make room.")
            if not on:
                told = translate("Menus", "Not pinned any more: it goes with the oldest.")
            self._desk.status.say(trouble or told)

    def _lab_at_start(self, on: bool) -> None:
        desk = self._desk
        desk.settings.lab_at_start = on
        if on:
            desk.workspace.start_lab()
        else:
            desk.status.say(translate("Menus", "The lab stays off from the next start on."))

    def _keep(self, forget: bool) -> None:
        page = self._desk.page
        if page is not None:
            tab = page.tab
            tab.set_options(dataclasses.replace(tab.conversation.options, keep=not forget))
