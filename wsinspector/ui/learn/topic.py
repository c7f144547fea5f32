"""What every topic of the Learn page can be asked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class TopicPage(QWidget):
    """One topic; a subclass fills it.

    ``write_asked(dialect)``: write the draft in it. ``example_asked(id, request)``: put the request
    that breaks the rule ``id`` into the draft. ``filter_asked(text)``: filter the log by it.
    """

    write_asked = Signal(str)
    example_asked = Signal(str, bytes)
    filter_asked = Signal(str)

    def show_place(self, place: str) -> None:
        """Bring ``place``, a name within the topic, into sight; unknown names change nothing."""

    def focus_first(self) -> None:
        """Put the focus where the arrow keys do something."""
        self.setFocus()
