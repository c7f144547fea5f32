"""Whether what somebody added to the draft goes with every handshake: some servers answer nobody without."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from wsinspector.conversation.filling_in import Filled
from wsinspector.present.plain import visible
from wsinspector.protocol.draft import Draft, DraftLine
from wsinspector.protocol.request_lines import own_lines
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.widgets.check import Check

SHOWN = 3
"""Names beside the box; of more the number is told."""


def no_draft() -> Filled:
    """There is no conversation in front."""
    return Filled(Draft())


class OwnLines(Check):
    """``in_front``: the draft of the conversation in front, its variables filled in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.in_front: Callable[[], Filled] = no_draft
        self.look()

    def read(self) -> tuple[tuple[DraftLine, ...], str]:
        """The lines that go with every handshake; and why nothing may leave, empty where it may."""
        if not self.isChecked():
            return (), ""
        filled = self.in_front()
        return ((), filled.problem) if filled.problem else (own_lines(filled.draft), "")

    def look(self) -> None:
        """Tell which lines the draft has by now."""
        names = names_of(own_lines(self.in_front().draft))
        if names:
            text = translate("Provoke", "Lines of the draft: {0}").format(names)
        else:
            text = translate("Provoke", "Lines of the draft: none")
        if text == self.text():
            return
        self.setText(text)
        self.setAccessibleName(text)
        tell(
            self,
            translate(
                "Provoke",
                "Send what the draft of the conversation in front has besides, as Origin, Cookie, "
                "Authorization or a subprotocol, with every handshake",
            ),
        )
        self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        self.look()
        super().showEvent(event)


def names_of(lines: tuple[DraftLine, ...], most: int = SHOWN) -> str:
    """The names of ``lines``, each once, ``most`` of them."""
    every = dict.fromkeys(visible(line.name.strip().decode("latin-1")) for line in lines)
    names = ", ".join(list(every)[:most])
    more = len(every) - most
    return names if more <= 0 else translate("Provoke", "{0} and %n more", "", more).format(names)
