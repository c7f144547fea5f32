"""Who provides rows of the palette: a new kind of thing is a function here and its name in the table."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from wsinspector.conversation.presets import presets
from wsinspector.library.saved_messages import SavedMessages
from wsinspector.present.outgoing import SendKind
from wsinspector.present.views.registry import VIEWS
from wsinspector.resources import root
from wsinspector.translate import translate
from wsinspector.ui.learn.page import topics
from wsinspector.ui.page_switch import INSPECT
from wsinspector.ui.palette.action_rows import actions
from wsinspector.ui.palette.row import Late, Provider, Row

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


def tabs(desk: "Desk") -> list[Row]:
    """The open conversations."""
    bar = desk.window.tabs.bar

    def show(at: int) -> None:
        desk.show_page(INSPECT)
        bar.setCurrentIndex(at)

    kind = translate("Palette", "Tab")
    return [
        Row(f"tab:{at}:{bar.tabText(at)}", kind, bar.tabText(at).replace("&&", "&"), partial(show, at))
        for at in range(bar.count())
    ]


def learning(desk: "Desk") -> list[Row]:
    """The topics of Learn."""
    kind = translate("Palette", "Learn")
    return [
        Row(f"learn:{topic.name}", kind, topic.title, partial(desk.show_learn, topic.name), where=topic.tip)
        for topic in topics()
    ]


def files(desk: "Desk") -> list[Row]:
    """Files that were opened or saved by hand, and captures that are kept."""
    kind = translate("Palette", "File")
    rows = [
        Row(f"file:{path}", kind, path.name, partial(desk.files.open_by_hand, [path]), where=str(path.parent))
        for path in desk.files.recent.paths
    ]
    kind = translate("Palette", "Capture")
    rows += [
        Row(f"file:{kept.path}", kind, kept.path.name, partial(desk.open_file, kept.path))
        for kept in desk.workspace.recent()
    ]
    return rows


def lab(desk: "Desk") -> list[Row]:
    """Addresses of the lab."""
    kind = translate("Palette", "Lab")
    return [
        Row(
            f"lab:{each.path}",
            kind,
            f"{each.name}  {each.path}",
            partial(desk.lab.take_address, each.url),
            where=each.description,
        )
        for each in desk.workspace.scenarios()
    ]


def views(desk: "Desk") -> list[Row]:
    """Views of a payload."""
    page = desk.page
    shown = page is not None and page.frames.detail.isVisible()
    why_not = "" if shown else translate("Palette", "The detail of a frame is not open.")
    rows = []
    for view in VIEWS:
        run: Callable[[], object] = lambda: None  # noqa: E731  # for a row that says why not
        if page is not None:
            run = partial(page.frames.detail.menu.picked.emit, view.id)
        rows.append(
            Row(f"view:{view.id}", translate("Palette", "Payload view"), view.name, run, why_not=why_not)
        )
    return rows


def filters(desk: "Desk") -> list[Row]:
    """Saved filters, and those that were used before."""
    page = desk.page
    if page is None:
        return []
    line = page.frames.tools.filter
    saved = line.memory.saved
    kind, used = translate("Palette", "Saved filter"), translate("Palette", "Filter used before")
    rows = [Row(f"filter:{name}", kind, name, partial(line.take, text), where=text) for name, text in saved]
    known = {text for _, text in saved}
    rows += [
        Row(f"filter:={text}", used, text, partial(line.take, text))
        for text in line.memory.recent
        if text not in known
    ]
    return rows


def clients() -> Callable[["Desk"], Sequence[Row]]:
    """Recorded clients whose request can be written."""
    found = presets()

    def rows(desk: "Desk") -> list[Row]:
        page = desk.page
        if page is None:
            return []
        kind, where = translate("Palette", "Request as"), translate("Palette", "writes the draft anew")
        apply = page.drawer.handshake.apply
        return [
            Row(f"preset:{each.title}", kind, each.title, partial(apply, each), where=where) for each in found
        ]

    return rows


def messages() -> Callable[["Desk"], Sequence[Row]]:
    """Saved messages, to be put into the send bar."""
    book = SavedMessages().load()

    def rows(desk: "Desk") -> list[Row]:
        page = desk.page
        if page is None:
            return []
        kind, where = translate("Palette", "Saved message"), translate("Palette", "into the send bar")
        return [
            Row(
                f"message:{folder.name}/{each.name}",
                kind,
                each.name or each.text[:60],
                partial(page.workbench.into_bar, SendKind(each.kind), each.text, each.code),
                where=folder.name or where,
            )
            for folder in book.folders
            for each in folder.messages
        ]

    return rows


def sequences() -> Callable[["Desk"], Sequence[Row]]:
    """Sequences that come with the program."""
    found = sorted((root() / "sequences").glob("*.toml"))

    def rows(desk: "Desk") -> list[Row]:
        page = desk.page
        if page is None:
            return []
        kind, where = translate("Palette", "Sequence"), translate("Palette", "example")
        return [
            Row(
                f"sequence:{path.stem}",
                kind,
                path.stem.replace("-", " ").capitalize(),
                partial(page.workbench.open_sequence, path, example=True),
                where=where,
            )
            for path in found
        ]

    return rows


PROVIDERS: tuple[Provider, ...] = (actions, tabs, learning, files, lab, views, filters)
LATE: tuple[Late, ...] = (clients, messages, sequences)
"""Those that read files, on another thread."""
