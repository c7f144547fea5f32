"""A line below a hex view in which bytes are looked for, however many there are to look through."""

from typing import Any

from PySide6.QtWidgets import QWidget

from wsinspector.present.byte_search import look, wanted_bytes
from wsinspector.present.numbers import count
from wsinspector.present.pages import Pages
from wsinspector.translate import translate
from wsinspector.ui.inspect.hex_view import HexView
from wsinspector.ui.inspect.paged_bytes import Run
from wsinspector.ui.inspect.strip_bar import StripBar


class HexFind(StripBar):
    """Opened by / in ``view``; Enter finds the next place, Shift+Enter the one before, Escape leaves."""

    def __init__(self, view: HexView, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("HexFind", "Find bytes"),
            translate("HexFind", 'hex as 68 69, or text; "68" is text'),
            translate("HexFind", "Enter finds the next place, Shift+Enter the one before, Escape leaves"),
            parent,
        )
        self.run: Run = lambda work, done: done(work())
        self.title.hide()  # the field says it, and the room is small
        self._view = view
        self._pages: Pages | None = None
        self._serial = 0
        self.entered.connect(self._find)
        view.find_asked.connect(self.appear)
        self.left.connect(view.setFocus)

    def set_pages(self, pages: Pages) -> None:
        """Look in ``pages`` from now on."""
        self._pages = pages
        self._serial += 1
        self.say("")

    def _find(self, back: bool) -> None:
        wanted = wanted_bytes(self.field.text())
        if self._pages is None or not wanted:
            return
        self._serial += 1
        start, end = self._view.selection()
        here = start if back else start + (end > start)
        self._look(self._serial, wanted, here, back, wrapped=False)

    def _look(self, serial: int, wanted: bytes, start: int, back: bool, *, wrapped: bool) -> None:
        pages = self._pages
        if pages is None:
            return

        def done(result: Any) -> None:
            if serial != self._serial:
                return
            if not isinstance(result, tuple):
                self.say(str(result), "note")
                return
            at, on = result
            if at >= 0:
                self._view.select(at, at + len(wanted))
                text = translate("HexFind", "at byte {at}, from the start again")
                if not wrapped:
                    text = translate("HexFind", "at byte {at}")
                self.say(text.format(at=count(at)))
            elif on is not None:
                self.say(translate("HexFind", "looking, byte {at}").format(at=count(on)))
                self._look(serial, wanted, on, back, wrapped=wrapped)
            elif not wrapped:
                self._look(serial, wanted, pages.length() if back else 0, back, wrapped=True)
            else:
                self.say(translate("HexFind", "not in there"), "note")

        self.run(lambda: look(pages, wanted, start, back=back), done)
