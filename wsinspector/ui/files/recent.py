"""The files that were opened or saved by hand, the newest first."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu

from wsinspector.translate import translate
from wsinspector.ui.settings import Settings

MOST = 15


class RecentFiles:
    """Kept in the settings; a file that is gone stays in the list and is said to be missing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def paths(self) -> list[Path]:
        return [Path(name) for name in self._settings.recent_files]

    def used(self, path: Path) -> None:
        """Put ``path`` first."""
        name = str(path.absolute())
        if "\n" in name:
            return
        others = [each for each in self._settings.recent_files if each != name]
        self._settings.recent_files = [name, *others][:MOST]

    def clear(self) -> None:
        """Forget all of them; the files stay."""
        self._settings.recent_files = []

    def fill(self, menu: QMenu, take: Callable[[Path], object]) -> None:
        """Add an entry a file to ``menu``; ``take(path)`` is called for a picked one."""
        menu.setToolTipsVisible(True)
        for path in self.paths:
            missing = not path.is_file()
            text = f"{path.name}\t{path.parent}".replace("&", "&&")
            if missing:
                text = translate("RecentFiles", "{0}\tmissing").format(path.name.replace("&", "&&"))
            action = menu.addAction(text, partial(take, path))
            action.setEnabled(not missing)
            action.setToolTip(str(path))
        if not self.paths:
            menu.addAction(translate("RecentFiles", "No file was opened or saved yet")).setEnabled(False)
            return
        menu.addSeparator()
        menu.addAction(translate("RecentFiles", "Clear this list"), self.clear)
