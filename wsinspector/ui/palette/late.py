"""What is read from files before it can stand in the palette: each on a thread, then made rows of."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wsinspector.conversation.presets import presets
from wsinspector.learn.lessons.shelf import built_in, read_shelf
from wsinspector.library.saved_messages import SavedMessages
from wsinspector.present.outgoing import SendKind
from wsinspector.resources import root
from wsinspector.translate import translate
from wsinspector.ui.palette.row import Late, Row

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


def lessons(folder: Path) -> Callable[["Desk"], Sequence[Row]]:
    """The lessons of the program, and those of a teacher's folder."""
    shelf = read_shelf(((built_in(), False), (folder / "lessons", True)))

    def rows(desk: "Desk") -> list[Row]:
        kind = translate("Palette", "Lesson")
        return [
            Row(
                f"lesson:{lesson.id}",
                kind,
                lesson.title,
                partial(desk.switch.lessons.start_called, lesson.id),
                where=translate("Palette", "%n minute(s)", count=lesson.minutes),
            )
            for lesson in shelf.lessons
        ]

    return rows


def clients(_folder: Path) -> Callable[["Desk"], Sequence[Row]]:
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


def messages(_folder: Path) -> Callable[["Desk"], Sequence[Row]]:
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


def sequences(_folder: Path) -> Callable[["Desk"], Sequence[Row]]:
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


LATE: tuple[Late, ...] = (lessons, clients, messages, sequences)
"""Those that read files, on another thread."""
