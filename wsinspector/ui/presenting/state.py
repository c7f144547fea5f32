"""Whether the window presents, and that steps have changed: for parts that know nothing of each other."""

from PySide6.QtCore import QObject, Signal


class PresentingState(QObject):
    """``changed``: presentation mode began or ended. ``steps_changed``: a tab steps, or no longer does.

    ``pane_asked``: a pane is to be seen, by its name, see Pane.
    """

    changed = Signal(bool)
    steps_changed = Signal()
    pane_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.on = False

    def set_on(self, on: bool) -> None:
        """Begin or end presenting, for everybody who asks."""
        if on != self.on:
            self.on = on
            self.changed.emit(on)


_state: PresentingState | None = None


def presenting() -> PresentingState:
    """The one state of the window."""
    global _state
    if _state is None:
        _state = PresentingState()
    return _state
