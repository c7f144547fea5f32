"""What a frame pane does with its craft sheet: previews off the window's thread, sending, memory."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.crafting import CraftSending, SendingState, fresh_key
from wsinspector.conversation.spoken import spoken_with
from wsinspector.present.crafting import Preview, craft_of, lacking, preview
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.numbers import count
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.crafting import (
    FRESH,
    Craft,
    CraftError,
    Standing,
    craft_from_plain,
    craft_to_plain,
)
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.settings import Settings

if TYPE_CHECKING:
    from wsinspector.ui.inspect.craft_sheet import CraftSheet
    from wsinspector.ui.inspect.frame_pane import FramePane
    from wsinspector.ui.inspect.log_model import LogModel

MOST_RECENT = 20
MOST_KEPT = 16 << 10
"""Characters of a craft that is remembered between starts."""
MOST_FILE = 256 << 20
SOON_MS = 60
"""How long typing may rest before the bytes are made anew."""


class CraftMemory:
    """The crafts that were sent, newest first, and the one that stood on the sheet."""

    def __init__(self, settings: Settings | None) -> None:
        self._settings = settings
        self._held: list[str] = []

    def recent(self) -> list[Craft]:
        """As many as are remembered."""
        return [craft for craft in map(_read, self._lines()) if craft is not None]

    def _lines(self) -> list[str]:
        return self._settings.recent_crafts if self._settings is not None else self._held

    def keep(self, craft: Craft) -> None:
        """It was sent."""
        line = json.dumps(craft_to_plain(craft), separators=(",", ":"))
        lines = [line, *(each for each in self._lines() if each != line)][:MOST_RECENT]
        if self._settings is not None:
            if len(line) <= MOST_KEPT:  # settings are no place for payloads
                self._settings.recent_crafts = lines
        else:
            self._held = lines

    def last(self) -> Craft | None:
        return _read(self._settings.last_craft) if self._settings is not None else None

    def put_away(self, craft: Craft) -> None:
        """It stood on the sheet."""
        line = json.dumps(craft_to_plain(craft), separators=(",", ":"))
        if self._settings is not None and len(line) <= MOST_KEPT:
            self._settings.last_craft = line


def _read(line: str) -> Craft | None:
    try:
        return craft_from_plain(json.loads(line)) if line else None
    except (ValueError, RecursionError):
        return None


class CraftDesk(QObject):
    """``attempt()``: where frames leave; ``model()``: the rows of the log.

    ``conversation()``: whose draft says as what frames are written while nothing is open.
    """

    about_asked = Signal(str)  # the id of a rule
    _stands = Signal(object, int)  # Standing, number of the question
    _over = Signal(object)  # CraftSending

    def __init__(
        self,
        pane: "FramePane",
        settings: Settings | None,
        attempt: Callable[[], Attempt | None],
        model: Callable[[], "LogModel | None"],
        conversation: Callable[[], Conversation],
    ) -> None:
        super().__init__(pane)
        self._pane = pane
        self._background = pane.background
        self._attempt = attempt
        self._model = model
        self._conversation = conversation
        self.memory = CraftMemory(settings)
        self._files = _Files()
        self.sheet: CraftSheet | None = None
        self.preview: Preview | None = None
        self._asked = 0
        self._send_when_made: Craft | None = None
        self._sending: CraftSending | None = None
        self._open = (False, fill(translate("Send", "Not connected. [key:request.connect] connects.")))
        self._spoken: tuple[Agreed, Role] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._make)
        self._stands.connect(self._plan, Qt.ConnectionType.QueuedConnection)
        self._over.connect(self._ended, Qt.ConnectionType.QueuedConnection)

    # -- the sheet

    def show(self) -> None:
        """Show the sheet with what stood on it last."""
        sheet = self._made()
        if not sheet.isVisible():
            sheet.appear()
        self._make()

    def show_craft(self, craft: Craft) -> None:
        """Show the sheet with ``craft``."""
        self._made().put(craft)
        self.show()

    def show_number(self, number: int) -> None:
        """Show the sheet with the bits of frame ``number`` of the log."""
        model = self._model()
        facts = model.reading.facts(number) if model is not None else None
        if model is not None and facts is not None:
            self.show_frame(model.reading, facts)

    def send(self) -> bool:
        """Ctrl+Return: send what the sheet shows; False where it is not shown."""
        if self.sheet is None or not self.sheet.isVisible():
            return False
        self.sheet.send_now()
        return True

    def show_frame(self, reading: FrameReading, facts: FrameFacts) -> None:
        """Show the sheet with the bits of a frame of the log."""
        frame, whole = craft_of(reading, facts)
        self.show_craft(Craft((frame,)))
        text = translate("Craft", "Taken from frame {number}.").format(number=count(facts.number))
        if not whole:
            text += " " + translate("Craft", "Of its payload only the first 64 KiB came along.")
        self._made().show_sending(text, under_way=False, trouble=not whole)

    def _made(self) -> "CraftSheet":
        if self.sheet is None:
            # Here, as most conversations never show it.
            from wsinspector.ui.inspect.craft_sheet import CraftSheet

            sheet = self.sheet = CraftSheet(self.memory.recent, self._pane.window())
            sheet.put(self.memory.last() or Craft())
            sheet.changed.connect(self._changed)
            sheet.send_asked.connect(self._send)
            sheet.stop_asked.connect(self._stop)
            sheet.closed.connect(self._put_away)
            sheet.view.about_asked.connect(self._about)
            sheet.set_open(*self._open)
        return self.sheet

    def _about(self, rule: str) -> None:
        if self.sheet is not None:
            self.sheet.leave()
        self.about_asked.emit(rule)

    def _put_away(self) -> None:
        craft = self._craft()
        if craft is not None:
            self.memory.put_away(craft)

    def hide(self) -> None:
        """The pane is seen no more: another tab, or another page, is in front."""
        if self.sheet is not None and self.sheet.isVisible():
            self.sheet.leave()

    def stop(self) -> None:
        """The conversation is closed."""
        if self._sending is not None:
            self._sending.cancel()
        self._soon.stop()
        if self.sheet is not None:
            self._put_away()
            self.sheet.hide()
            self.sheet.deleteLater()
            self.sheet = None

    # -- what is known of the connection

    def set_open(self, is_open: bool, why: str) -> None:
        """As :meth:`SendBar.set_open`; asked thirty times a second."""
        if (is_open, why) != self._open:
            self._open = (is_open, why)
            if self.sheet is not None:
                self.sheet.set_open(is_open, why)
        sheet = self.sheet
        if sheet is None or not sheet.isVisible():
            return
        differs = self._spoken is not None and self._spoken != self._speaking()
        if differs and not self._soon.isActive():  # asked more often than the timer rests
            self._changed()
        if self._sending is not None and not self._sending.over:
            self._say_progress(self._sending)

    def _speaking(self) -> tuple[Agreed, Role]:
        attempt = self._attempt()
        snapshot = attempt.snapshot if attempt is not None and attempt.live else None
        if snapshot is None or not snapshot.open:
            conversation = self._conversation()
            spoken = spoken_with(conversation.draft.to_bytes(), conversation.options.speak)
            return spoken.before, Role.CLIENT if snapshot is None else snapshot.role
        return snapshot.agreed, snapshot.role

    # -- previews

    def _changed(self) -> None:
        self._soon.start()

    def _craft(self) -> Craft | None:
        """What the sheet says; None, and the sheet says why, where it says nothing."""
        if self.sheet is None:
            return None
        try:
            return self.sheet.craft()
        except CraftError as error:
            self.preview = None
            self.sheet.show_problem(str(error))
            return None

    def _make(self) -> None:
        """Ask where our direction stands; then the bytes are made."""
        self._soon.stop()
        self._asked += 1
        number = self._asked
        attempt = self._attempt()
        if attempt is None or not attempt.live:
            self._plan(FRESH, number)
        else:
            attempt.ask_standing(lambda standing: self._stands.emit(standing, number))

    def _plan(self, standing: Standing, number: int) -> None:
        craft = self._send_when_made or self._craft()
        if number != self._asked or craft is None or self._background.stopping:
            return
        agreed, role = self._spoken = self._speaking()

        def work() -> Preview:
            files = {name: self._files.read(name) for name in craft.files}
            return preview(craft, sender=role, agreed=agreed, standing=standing, keys=fresh_key, files=files)

        self._background.ask("craft", work, self._came)

    def _came(self, result: Any) -> None:
        if self.sheet is None:
            return
        if not isinstance(result, Preview):
            self._send_when_made = self.preview = None
            self.sheet.show_problem(str(result))
            return
        self.preview = result
        self.sheet.show_preview(result, lacking(result.plan.agreed))
        if self._send_when_made == result.craft:
            self._send_when_made = None
            self._leave(result)

    # -- sending

    def _send(self, craft: Craft) -> None:
        """Send the bytes that are shown; where they are not of this craft, those that it makes first."""
        shown = self.preview
        same = shown is not None and replace(shown.craft, writes=craft.writes) == craft
        if shown is not None and same and not self._soon.isActive():
            self._leave(replace(shown, craft=craft, plan=replace(shown.plan, writes=craft.writes)))
        else:
            self._send_when_made = craft
            self._make()

    def _leave(self, found: Preview) -> None:
        attempt = self._attempt()
        if attempt is None or not attempt.live or found.problem:
            return
        self.memory.keep(found.craft)
        self._sending = attempt.send_plan(found.plan, on_end=self._over.emit)
        self._say_progress(self._sending)

    def _stop(self) -> None:
        if self._sending is not None:
            self._sending.cancel()

    def _ended(self, sending: CraftSending) -> None:
        if sending is self._sending:
            self._say_progress(sending)
            self._make()  # fresh keys, and what was sent now comes before

    def _say_progress(self, sending: CraftSending) -> None:
        if self.sheet is None:
            return
        progress = sending.progress
        of = translate("Craft", "{sent} of {total}").format(
            sent=count(progress.sent), total=translate("Craft", "%n byte(s)", "", progress.total)
        )
        match progress.state:
            case SendingState.SENT:
                text = translate("Craft", "{bytes} sent.").format(
                    bytes=translate("Craft", "%n byte(s)", "", progress.total)
                )
            case SendingState.CANCELLED:
                text = translate("Craft", "Stopped after {of}.").format(of=of)
            case SendingState.FAILED:
                text = translate("Craft", "{of} sent. {trouble}").format(of=of, trouble=progress.trouble)
            case _:
                text = translate("Craft", "Sending: {of}…").format(of=of)
        failed = progress.state is SendingState.FAILED
        self.sheet.show_sending(text, under_way=not progress.state.over, trouble=failed)


class _Files:
    """Reads files that are payloads; the last one is kept as long as it stays as it was."""

    def __init__(self) -> None:
        self._kept: tuple[str, int, int, bytes] | None = None

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises OSError, in words; on the thread that reads."""
        path = Path(name)
        if not name:
            raise OSError(translate("Craft", "Choose a file first."))
        found = os.stat(path)
        if found.st_size > MOST_FILE:
            raise OSError(translate("Craft", "{name} is larger than 256 MiB.").format(name=path.name))
        kept = self._kept
        if kept is not None and kept[:3] == (name, found.st_mtime_ns, found.st_size):
            return kept[3]
        data = path.read_bytes()
        self._kept = (name, found.st_mtime_ns, found.st_size, data)
        return data
