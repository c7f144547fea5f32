"""The palette of a window: every provider is asked when it opens, the slow ones on another thread."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from wsinspector.ui.inspect.background import Background
from wsinspector.ui.palette.late import LATE
from wsinspector.ui.palette.providers import PROVIDERS
from wsinspector.ui.palette.row import Row
from wsinspector.ui.palette.sheet import PaletteSheet
from wsinspector.ui.palette.used import Used

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


class Palette(PaletteSheet):
    """``complete``: what is read on the other thread has come."""

    complete = Signal()

    def __init__(self, desk: "Desk") -> None:
        super().__init__(lambda: _now(desk), Used(desk.settings.beside("palette.json")), desk.window)
        self._desk = desk
        self._background = Background("palette", self)
        self.opened = self._ask_late
        if self.used.trouble:
            desk.status.say(self.used.trouble)

    def _ask_late(self) -> None:
        folder = self._desk.workspace.folder.parent

        def read() -> list[Callable[["Desk"], Sequence[Row]]]:
            return [late(folder) for late in LATE]

        self._background.ask("late rows", read, self._came)

    def _came(self, result: Any) -> None:
        if isinstance(result, list) and self.isVisible():
            self.add([row for make in result for row in make(self._desk)])
            self.complete.emit()

    def stop(self) -> None:
        """End the thread."""
        self._background.stop()


def _now(desk: "Desk") -> list[Row]:
    return [row for provider in PROVIDERS for row in provider(desk)]
