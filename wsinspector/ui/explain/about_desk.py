"""F1 of the window: tells what has the focus, and goes on to where more is told."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from wsinspector.ui.explain.about import about
from wsinspector.ui.explain.panel import AboutPanel

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


class AboutDesk(QObject):
    """The one panel of a window; made with the first F1."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.panel = AboutPanel(desk.window)
        self.panel.term_asked.connect(lambda key: desk.show_learn(f"glossary/{key}"))
        self.panel.rule_asked.connect(lambda rule: desk.show_learn(f"rules/{rule}"))

    def show_focus(self) -> None:
        """Tell what has the focus, of nothing the window; put it away where it is told already."""
        if self.panel.isVisible():
            self.panel.leave()
            return
        window = self._desk.window
        widget: QWidget = QApplication.focusWidget() or window.focusWidget() or window
        self.panel.show_about(about(widget), widget)


def explain_focus(desk: "Desk") -> None:
    """What the key of the window does."""
    found = desk.findChild(AboutDesk)
    made = found if isinstance(found, AboutDesk) else AboutDesk(desk)
    made.show_focus()
