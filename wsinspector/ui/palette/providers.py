"""Who provides rows of the palette: a new kind of thing is a function here and its name in the table."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from wsinspector.learn.glossary import terms
from wsinspector.present.rule_pages import rule_groups
from wsinspector.present.views.registry import VIEWS
from wsinspector.translate import translate
from wsinspector.ui.learn.page import topics
from wsinspector.ui.page_switch import INSPECT
from wsinspector.ui.palette.action_rows import actions
from wsinspector.ui.palette.page_rows import buttons, copying, elsewhere, requests
from wsinspector.ui.palette.row import Provider, Row

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
    """The topics of Learn, the words of the glossary and the rules."""
    kind = translate("Palette", "Learn")
    show = desk.show_learn
    rows = [
        Row(f"learn:{topic.name}", kind, topic.title, partial(show, topic.name), where=topic.tip)
        for topic in topics()
    ]
    rows.append(Row("learn:lessons", kind, translate("Palette", "Lessons"), partial(show, "lessons")))
    word, where = translate("Palette", "Word"), translate("Palette", "in the glossary")
    rows += [
        Row(f"word:{term.key}", word, term.name, partial(show, f"glossary/{term.key}"), where=where)
        for term in terms()
    ]
    rule = translate("Palette", "Rule")
    rows += [
        Row(f"rule:{entry.name}", rule, entry.what, partial(show, f"rules/{entry.name}"), where=group.title)
        for group in rule_groups()
        for entry in group.entries
    ]
    return rows


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


PROVIDERS: tuple[Provider, ...] = (
    actions, tabs, learning, files, lab, views, filters, requests, copying, elsewhere, buttons,
)  # fmt: skip
"""Those that have their rows at hand; what is read from files stands in ``late``."""
