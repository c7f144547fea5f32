"""Broken files of the window's own are told at the start, before what they held is missed."""

from collections.abc import Iterator
from pathlib import Path

import platformdirs


def kept_faults(config: Path, captures: Path) -> list[str]:
    """What is wrong with the small files that are otherwise read when first needed, a sentence each.

    ``config``: the folder of the settings; ``captures``: where captures are kept. Not for the window's
    thread. A file that is put aside when it is broken is put aside here.
    """
    return [
        trouble for look in (_palette, _lessons, _servers, _messages) for trouble in look(config, captures)
    ]


def _palette(config: Path, captures: Path) -> Iterator[str]:
    from wsinspector.ui.palette.used import Used

    yield from _said(Used(config / "palette.json").trouble)


def _lessons(config: Path, captures: Path) -> Iterator[str]:
    from wsinspector.learn.lessons.progress import Progress

    progress = Progress(captures.parent / "lessons.json")
    progress.load()
    yield from _said(progress.trouble)


def _servers(config: Path, captures: Path) -> Iterator[str]:
    path = captures / "provoked-servers.json"
    if path.exists():
        from wsinspector.ui.provoke.servers_before import ServersBefore

        before = ServersBefore(path)
        before.load()
        yield from _said(before.trouble)


def _messages(config: Path, captures: Path) -> Iterator[str]:
    folder = Path(platformdirs.user_config_dir("wsinspector", appauthor=False))
    if (folder / "messages.toml").exists():  # its reader is slow to import
        from wsinspector.library.saved_messages import SavedMessages

        messages = SavedMessages()
        messages.load()
        yield from _said(messages.trouble)


def _said(trouble: str) -> Iterator[str]:
    if trouble:
        yield trouble
