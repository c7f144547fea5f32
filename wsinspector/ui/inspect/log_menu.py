"""What can be done with the picked rows of the log: one table for its menu and its keys."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

from wsinspector.translate import marked
from wsinspector.ui.actions.binding import give_key
from wsinspector.ui.actions.registry import registry

COPIES = (
    ("text", marked("Log", "Copy text")),
    ("json", marked("Log", "Copy frames as JSON")),
    ("hex", marked("Log", "Copy payload as hex")),
    ("script", marked("Log", "Copy as a command that sends it again")),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """``name`` is what is emitted; ``on_row``: needs a current row of a frame; ``rule`` goes above it."""

    name: str
    on_row: bool = False
    rule: bool = False

    @property
    def id(self) -> str:
        """The action of the registry, which has its text and its key."""
        return f"log.{self.name}"

    @property
    def text(self) -> str:
        return registry().actions[self.id].text


DEEDS = (
    Deed("mark", on_row=True, rule=True),
    Deed("name", on_row=True),
    Deed("next-mark"),
    Deed("previous-mark"),
    Deed("marks"),
    Deed("pin", on_row=True, rule=True),
    Deed("pin-answer", on_row=True),
    Deed("compare", on_row=True, rule=True),
    Deed("craft", on_row=True, rule=True),
    Deed("sequence", on_row=True),
    Deed("replay", on_row=True),
    Deed("from-here", on_row=True, rule=True),
    Deed("from-start"),
    Deed("times", rule=True),
    Deed("find", rule=True),
    Deed("jump"),
)
ANYWHERE = tuple(deed.name for deed in DEEDS if registry().actions[deed.id].scope == "frames")
"""Those whose keys work in the whole pane."""
IN_LOG = tuple(deed.name for deed in DEEDS if deed.name not in ANYWHERE)
"""Those whose keys work where the log has the focus."""


def add_deeds(
    menu: QMenu,
    ask: Callable[[str], object],
    *,
    on_frame: bool,
    can: Callable[[str], bool] = lambda _name: True,
) -> None:
    """Put every deed into ``menu``; ``ask(name)`` carries it out, ``can(name)`` says whether it is of use."""
    for deed in DEEDS:
        if deed.rule and not menu.isEmpty():
            menu.addSeparator()
        action = give_key(menu.addAction(deed.text), deed.id)
        action.setEnabled((on_frame or not deed.on_row) and can(deed.name))
        action.triggered.connect(lambda _checked=False, name=deed.name: ask(name))
