"""What has no key: buttons in sight with the entries of their menus, and what other pages begin."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QToolButton

from wsinspector.library.requests import SavedRequest, slashed
from wsinspector.library.taking import draft_for
from wsinspector.share.copying_as import KINDS, Kind
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import ACTION
from wsinspector.ui.page_switch import LIBRARY
from wsinspector.ui.palette.row import Row

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.inspect.page import InspectPage
    from wsinspector.ui.library.pages import LibraryPages

MOST = 200
"""Buttons and entries: a page has some dozens."""


def buttons(desk: "Desk") -> list[Row]:
    """Buttons in sight that no action stands for, and what their menus offer."""
    rows: dict[str, Row] = {}
    for button in desk.window.findChildren(QAbstractButton):
        if len(rows) >= MOST:
            break
        if not isinstance(button, QPushButton | QToolButton) or not button.isVisible():
            continue
        for row in _of(button):
            rows.setdefault(row.id, row)
    return list(rows.values())


def _of(button: QPushButton | QToolButton) -> Iterator[Row]:
    name = _name(button)
    if not name:
        return
    kind, here = translate("Palette", "Button"), translate("Palette", "on this page")
    why_not = "" if button.isEnabled() else translate("Palette", "There is nothing it could be done with.")
    if not button.property(ACTION):
        yield Row(f"button:{name}", kind, name, button.click, where=here, why_not=why_not)
    menu = button.menu()
    if menu is not None and not why_not:
        for action in _entries(menu):
            text = f"{name}: {_plain(action.text())}"
            yield Row(f"button:{text}", kind, text, action.trigger, where=here)


def _entries(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        if action.isVisible() and action.isEnabled() and not action.isSeparator() and action.menu() is None:
            yield action


def _name(button: QAbstractButton) -> str:
    """What it is called: its text where that is a word, else what is said of it to who cannot see it."""
    text = _plain(button.text())
    name = button.accessibleName()
    worded = sum(letter.isalpha() for letter in text) > 1
    return text if worded and not (name and text.rstrip(" …▾▸").lower() in name.lower()) else name or ""


def _plain(text: str) -> str:
    return text.split("\t")[0].replace("&&", "&").removesuffix(" ▾").strip()


def elsewhere(desk: "Desk") -> list[Row]:
    """What can be begun on pages that are not in front."""
    library, lessons = translate("Palette", "Library"), translate("Palette", "Learn")
    new_set = partial(_in_library, desk, "variables", lambda pages: pages.variables.add.click())
    return [
        Row(
            "page:library.import",
            library,
            translate("Palette", "Import requests from a file or a HAR…"),
            partial(_in_library, desk, "requests", lambda pages: pages.requests.bring.click()),
        ),
        Row(
            "page:library.share",
            library,
            translate("Palette", "Share saved requests as a file"),
            partial(_in_library, desk, "requests", lambda pages: pages.requests.share.setFocus()),
            where=translate("Palette", "pick one, then Share"),
        ),
        Row("page:library.new-set", library, translate("Palette", "New set of variables…"), new_set),
        Row(
            "page:learn.own-lesson",
            lessons,
            translate("Palette", "Open a lesson from a file, or write one"),
            partial(desk.show_learn, "lessons"),
        ),
    ]


def _in_library(desk: "Desk", part: str, deed: Callable[["LibraryPages"], object]) -> None:
    from wsinspector.ui.library.pages import REQUESTS, VARIABLES

    desk.show_page(LIBRARY)
    pages = desk.switch.shelves
    if pages is not None:
        pages.show_part(REQUESTS if part == "requests" else VARIABLES)
        deed(pages)


def copying(desk: "Desk") -> list[Row]:
    """The request of the conversation in front as what another tool takes."""
    page = desk.page
    if page is None:
        return []
    kind, where = translate("Palette", "Copy as"), translate("Palette", "the request in front")
    said = translate("Palette", "Copy as {0}")
    return [
        Row(
            f"copy:{each.name}",
            kind,
            said.format(translate("CopyAs", each.title)),
            partial(_copy, page, each),
            where=where,
        )
        for each in KINDS
    ]


def _copy(page: "InspectPage", kind: Kind) -> None:
    menu = page.handshake.copy_menu()
    menu.copy(kind)
    menu.deleteLater()


def requests(desk: "Desk") -> list[Row]:
    """Saved requests, each opened in a tab of its own."""
    whole = desk.shelf.whole
    kind, where = translate("Palette", "Saved request"), translate("Palette", "in a new tab")
    return [
        Row(
            f"request:{slashed(whole.names(place))}",
            kind,
            saved.name,
            partial(_open, desk, saved),
            where=slashed(whole.names(place[:-1])) or where,
        )
        for place, saved in whole.requests()
    ]


def _open(desk: "Desk", saved: SavedRequest) -> None:
    tab = desk.new_tab().tab
    tab.set_options(saved.options)
    tab.set_address(saved.address)
    tab.edit(draft_for(saved, tab.conversation.address))
    if saved.exact:
        tab.conversation.use_exactly(saved.draft.to_bytes())


__all__ = ["buttons", "copying", "elsewhere", "requests"]
