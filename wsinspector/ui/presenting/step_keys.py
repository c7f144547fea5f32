"""Space, Shift+Space and Backspace for steps: only where the focus has no use for them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QWidget

from wsinspector.ui.actions.binding import bind
from wsinspector.ui.inspect.log_table import LogTable
from wsinspector.ui.presenting.state import presenting

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.presenting.step_desk import StepDesk


def takes_space(widget: QWidget | None) -> bool:
    """Whether ``widget`` has a use for Space: a button, a list to tick, a field to type in."""
    if widget is None or isinstance(widget, LogTable):
        return False
    if isinstance(widget, QAbstractButton | QComboBox | QAbstractItemView):
        return True
    return widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


class StepKeys(QObject):
    """The keys of the window for the conversation in front."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._keys = [
            self._key("step.next", lambda steps: steps.step()),
            self._key("step.all", lambda steps: steps.let_all_go()),
            self._key("step.back", lambda steps: steps.back()),
        ]
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._look)
        presenting().steps_changed.connect(self._look)
        desk.window.pages.currentChanged.connect(self._look)
        desk.window.whole.currentChanged.connect(self._look)
        self._look()

    def step_or(self, otherwise: Callable[[], object]) -> None:
        """F10: a step where the conversation in front steps; ``otherwise`` is called where it does not."""
        steps = self._steps()
        if steps is not None and steps.active:
            steps.step()
        else:
            otherwise()

    def _key(self, name: str, deed: "Callable[[StepDesk], None]") -> QShortcut:
        def act() -> None:
            steps = self._steps()
            if steps is not None:
                deed(steps)

        return bind(name, self._desk.window, act)

    def _steps(self) -> "StepDesk | None":
        desk = self._desk
        page = desk.page
        if page is None or desk.window.whole.currentWidget() is not desk.window.pages:
            return None
        return page.stepping

    def _look(self, *_: object) -> None:
        steps = self._steps()
        free = (
            steps is not None and (steps.on or steps.active) and not takes_space(QApplication.focusWidget())
        )
        for key in self._keys:
            key.setEnabled(free)
