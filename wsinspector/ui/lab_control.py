"""What a person sets of the lab: versions, refusals, who is caught, and from where it can be reached."""

from concurrent.futures import Future
from ipaddress import ip_address
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from wsinspector.conversation.catching import Catching
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.lab.server import Lab
from wsinspector.lab.versions import EVERY_VERSION, VersionRule
from wsinspector.live.interfaces import own_addresses
from wsinspector.present.lab_words import taken_text
from wsinspector.translate import translate
from wsinspector.ui.settings import Settings

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"


class LabControl(QObject):
    """``changed``: something here is other than before. ``caught(Conversation)``: a client reached the
    lab, again or for the first time; ``dropped(Conversation)``: that one made room for it.

    Versions and refusals, and whether clients are caught, are remembered over starts; answering by
    hand and being reached from elsewhere begin switched off each time.
    """

    changed = Signal()
    caught = Signal(object)
    dropped = Signal(object)
    said = Signal(str)
    moved = Signal()  # the lab listens elsewhere

    _heard = Signal(str)

    def __init__(
        self, engine: Engine, settings: Settings, folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._folder = folder
        self._lab: Lab | None = None
        self._rule = _remembered(settings)
        self._moving = False
        self.catching: Catching | None = None
        self._heard.connect(self._listens)

    def watch(self, lab: Lab) -> None:
        """``lab`` is the one that runs from now on."""
        self._lab = lab
        lab.rule = self._rule
        if self.catching is None:
            self.catching = Catching(
                self._engine, lab, self._folder, self._tell_caught, on_dropped=self._tell_dropped
            )
            self.catching.enabled = self._settings.lab_catches
        else:
            self.catching.watch(lab)
        self.changed.emit()

    # Both come on the engine's thread, and the window may be gone.

    def _tell_caught(self, conversation: Conversation) -> None:
        try:
            self.caught.emit(conversation)
        except RuntimeError:
            return

    def _tell_dropped(self, conversation: Conversation) -> None:
        try:
            self.dropped.emit(conversation)
        except RuntimeError:
            return

    # -- versions

    @property
    def rule(self) -> VersionRule:
        """Which versions are taken where a path does not say so, and what the others get."""
        return self._rule

    def take(self, versions: tuple[str, ...] | None, manner: str) -> None:
        """Take only ``versions`` from the next request on; ValueError as of VersionRule, in words."""
        rule = VersionRule(versions, manner)
        if rule == self._rule:
            return
        self._rule = rule
        self._settings.lab_rule = (rule.taken, rule.manner)
        if self._lab is not None:
            self._lab.set_versions(rule.taken, rule.manner)
        self.changed.emit()

    # -- clients

    @property
    def catches(self) -> bool:
        return self._settings.lab_catches

    def set_catches(self, on: bool) -> None:
        """Whether outside clients that connect from now on open as tabs."""
        self._settings.lab_catches = on
        if self.catching is not None:
            self.catching.enabled = on
            if not on:
                self.catching.by_hand = False
        self.changed.emit()

    @property
    def by_hand(self) -> bool:
        return self.catching is not None and self.catching.by_hand

    def set_by_hand(self, on: bool) -> None:
        """Whether outside clients wait for a person, whatever path they ask for."""
        if self.catching is None:
            return
        self.catching.by_hand = on
        if on:
            self.set_catches(True)
        else:
            self.changed.emit()

    @property
    def dropped_so_far(self) -> int:
        return self.catching.dropped if self.catching is not None else 0

    @property
    def missed(self) -> int:
        return self.catching.missed if self.catching is not None else 0

    # -- from where it can be reached

    @property
    def beyond_loopback(self) -> bool:
        return self.catching is not None and self.catching.beyond_loopback

    @property
    def moving(self) -> bool:
        """Whether the lab is just about to listen elsewhere."""
        return self._moving

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the lab's plain port can be dialled now."""
        return self.catching.listening() if self.catching is not None else ()

    @property
    def addresses_beyond(self) -> tuple[str, ...]:
        """Where others could dial it if it listened beyond loopback."""
        port = self._lab.port if self._lab is not None else 0
        outside = (one for one in own_addresses(4) if not ip_address(one).is_loopback)
        return tuple(f"{one}:{port}" for one in outside) if port else ()

    def set_beyond_loopback(self, on: bool) -> None:
        """Listen on every address of this computer, or on loopback alone; ``moved`` follows."""
        if self.catching is None or self._moving or on == self.beyond_loopback:
            return
        self._moving = True
        self.changed.emit()
        self.catching.listen_on(EVERYWHERE if on else LOOPBACK).add_done_callback(self._done)

    def _done(self, future: "Future[tuple[str, ...]]") -> None:
        error = None if future.cancelled() else future.exception()
        try:
            self._heard.emit(str(error) if error is not None else "")
        except RuntimeError:
            return  # the window is gone already

    def _listens(self, trouble: str) -> None:
        self._moving = False
        if trouble:
            text = translate("LabControl", "The lab could not listen elsewhere: {0}")
            self.said.emit(text.format(trouble))
        elif self.beyond_loopback:
            text = translate("LabControl", "Other computers can reach the lab now.")
            self.said.emit(text)
        else:
            self.said.emit(translate("LabControl", "Only this computer can reach the lab now."))
        self.changed.emit()
        self.moved.emit()

    def close(self) -> None:
        """Catch nobody any more, and close what has no tab."""
        if self.catching is not None:
            self.catching.close()


def _remembered(settings: Settings) -> VersionRule:
    """The rule of the last start; every version where that cannot be read."""
    try:
        return VersionRule(*settings.lab_rule)
    except ValueError:
        return EVERY_VERSION


def own_text(rule: VersionRule) -> str:
    """What stands in the field for a set of one's own."""
    return "" if rule.taken is None else taken_text(rule.taken)
