"""What the panes of one tab share: the draft with its undo, the picked attempt, and when to look again."""

import dataclasses
import os
from collections.abc import Callable
from operator import attrgetter

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.conversation.state import THIRD_KEY
from wsinspector.protocol.dialects import dialect_called, refreshed, spoken_for, with_dialect
from wsinspector.protocol.draft import Draft, Generated
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

TICK_MS = 33
_TRAFFIC = {
    "serial",
    "frames",
    "frames_in",
    "frames_out",
    "bytes_in",
    "bytes_out",
    "last_byte_at",
    "round_trip_ms",
    "pending",
}
_BESIDES_TRAFFIC = attrgetter(
    *(spec.name for spec in dataclasses.fields(AttemptSnapshot) if spec.name not in _TRAFFIC)
)
_MARKS = {
    b"host": Generated.HOST,
    b"sec-websocket-key": Generated.KEY,
    b"sec-websocket-key1": Generated.KEY1,
    b"sec-websocket-key2": Generated.KEY2,
    b"origin": Generated.ORIGIN,
    b"sec-websocket-origin": Generated.ORIGIN,
}


def draft_again(snapshot: AttemptSnapshot, host: bytes) -> Draft:
    """An attempt's request as a draft, its generated lines marked and drawn anew."""
    draft = Draft.from_bytes(snapshot.request)
    drawn = {name.encode("latin-1") for name in snapshot.generated}
    for at, line in enumerate(draft.lines):
        name = line.name.strip().lower()
        if name in drawn and name in _MARKS:
            draft = draft.with_line(at, dataclasses.replace(line, generated=_MARKS[name]))
    if THIRD_KEY in snapshot.generated:
        draft = dataclasses.replace(draft, tail_generated=True)
    return refreshed(draft.with_generated(host=host), os.urandom)


class TabState(QObject):
    """The model behind one tab; panes subscribe to it and never talk to each other.

    ``picked`` is an attempt's number, 0 the draft. ``compared`` is a second number or None;
    the picked one again where it stands beside what its mirror received.
    """

    draft_changed = Signal()
    address_changed = Signal()
    options_changed = Signal()
    picked_changed = Signal()
    attempts_changed = Signal()  # an attempt is new, or in another state; not that frames came
    snapshot_changed = Signal(object)  # AttemptSnapshot of the picked attempt
    ticked = Signal()
    address_wanted = Signal()  # an address is to be typed now
    elsewhere_asked = Signal()  # to connect, from a conversation that is only read
    subject_lit = Signal(object)  # verdicts.finding.Subject | None: light these bytes

    def __init__(self, conversation: Conversation, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.conversation = conversation
        self.picked = 0
        self.compared: int | None = None
        self.reading: Callable[[AttemptSnapshot], AttemptSnapshot] = lambda snapshot: snapshot
        """An attempt as its frames are read where they are shown: under another dialect, or as agreed."""
        self.note = ""  # what a paste came to, until the draft or the address changes
        self._undo: list[Draft] = []
        self._redo: list[Draft] = []
        self._run = ""
        self._serials: dict[int, int] = {}
        self._told: dict[int, object] = {}
        self._newest = len(conversation.attempts)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    # -- the draft

    @property
    def draft(self) -> Draft:
        return self.conversation.draft

    def edit(self, draft: Draft, *, run: str = "") -> None:
        """Replace the draft; the one before can be had back with :meth:`undo`.

        Edits in a row with the same ``run`` that is not empty are undone as one, as letters of
        a word are.
        """
        if draft == self.conversation.draft:
            return
        self.note = ""
        if not run or run != self._run:
            self._undo.append(self.conversation.draft)
        self._run = run
        self._redo.clear()
        self._set_draft(draft)

    @property
    def edited(self) -> bool:
        """Whether there is an edit of the draft that could be undone."""
        return bool(self._undo)

    def undo(self) -> bool:
        """Go back one edit; False where there is none."""
        if not self._undo:
            return False
        self._run = ""
        self._redo.append(self.conversation.draft)
        self._set_draft(self._with_values_of_now(self._undo.pop()))
        return True

    def redo(self) -> bool:
        """Repeat what was undone; False where there is nothing."""
        if not self._redo:
            return False
        self._run = ""
        self._undo.append(self.conversation.draft)
        self._set_draft(self._with_values_of_now(self._redo.pop()))
        return True

    def _with_values_of_now(self, draft: Draft) -> Draft:
        """Undoing brings edits back, never a key that was sent before."""
        now = self.draft.generated_values()
        missing = set(draft.generated_values()) - set(now)
        # What the draft of now has no value for was sent before the dialect changed.
        return (refreshed(draft, os.urandom) if missing else draft).with_values(now)

    def _set_draft(self, draft: Draft) -> None:
        self.conversation.set_draft(draft)
        self.draft_changed.emit()

    @property
    def spoken(self) -> str:
        """The dialect that would be spoken: as set, else as the draft's own bytes propose."""
        return self.conversation.options.speak or spoken_for(self.draft.to_bytes())

    def write_in(self, name: str) -> None:
        """Rewrite the whole request as dialect ``name`` has it, and speak it."""
        rewritten = with_dialect(self.draft, dialect_called(name), os.urandom)
        told = spoken_for(rewritten.to_bytes()) == name
        self.edit(rewritten)
        # Where the request itself does not tell it, what is spoken is set apart.
        options = dataclasses.replace(self.conversation.options, speak="" if told else name)
        self.set_options(options)
        text = translate("TabState", "The whole request was written anew for {0}. Ctrl+Z takes that back.")
        self.note = text.format(name)
        self.pick(0)

    def take_example(self, rule: str, request: bytes) -> None:
        """Make ``request``, which breaks ``rule``, the draft, byte for byte; the address stays."""
        self.edit(Draft.from_bytes(request))
        text = translate("TabState", "The draft now breaks {0}. Nothing was sent; Ctrl+Z takes that back.")
        self.note = text.format(rule)
        self.pick(0)

    # -- address and options

    def set_address(self, text: str) -> None:
        """Take what was typed into the address field, as typed."""
        if text != self.conversation.address_text:
            before = self.conversation.draft
            self.note = ""
            self.conversation.set_address(text)
            self.address_changed.emit()
            if self.conversation.draft != before:
                self.draft_changed.emit()

    def set_options(self, options: Options) -> None:
        if options != self.conversation.options:
            self.conversation.set_options(options)
            self.options_changed.emit()

    # -- attempts

    @property
    def caught(self) -> AttemptSnapshot | None:
        """The picked attempt where a client reached us in it; None for the draft and for what was dialled."""
        snapshot = self.snapshot
        return snapshot if snapshot is not None and snapshot.role is Role.SERVER else None

    @property
    def dialled(self) -> Attempt | None:
        """The last attempt that is live and was dialled from here: what Disconnect ends."""
        if self.conversation.read_only:
            return None
        attempts = reversed(self.conversation.attempts)
        return next((one for one in attempts if one.live and one.snapshot.role is Role.CLIENT), None)

    def end_live(self) -> None:
        """End the client that is shown, where it is live; else what was dialled."""
        attempt = self.conversation.attempt(self.picked) if self.caught is not None else None
        attempt = attempt if attempt is not None and attempt.live else self.dialled
        if attempt is not None:
            self.conversation.disconnect(attempt)

    def connect_now(self) -> None:
        """Send the draft as a new attempt and pick it."""
        if self.conversation.read_only or self.conversation.gone:
            self.elsewhere_asked.emit()
            return
        attempt = self.conversation.connect()
        if attempt is None:
            problem = self.conversation.filled().problem
            if problem:
                self.note = translate("TabState", "Nothing was sent. {0}").format(problem)
                self.pick(0)
            return
        self.attempts_changed.emit()
        self.draft_changed.emit()
        self.pick(attempt.number)

    def use_as_draft(self, number: int) -> bool:
        """Make attempt ``number``'s request and address the draft's again; the old draft can be had back.

        What was generated then is generated anew: a key must be fresh.
        """
        snapshot = self.snapshot_of(number)
        if snapshot is None:
            return False
        if snapshot.role is Role.SERVER:
            self._use_exactly(snapshot)
            return True
        if snapshot.url and snapshot.url != self.conversation.address.url:
            self.set_address(snapshot.url)
        self.edit(draft_again(snapshot, self.conversation.address.host_header))
        self.pick(0)
        return True

    def _use_exactly(self, snapshot: AttemptSnapshot) -> None:
        """Take what a client sent as the draft, byte for byte, for another server than this one."""
        self.set_address("")
        before = self.conversation.draft
        self.conversation.use_exactly(snapshot.request)
        if self.conversation.draft != before:
            self._undo.append(before)
            self._redo.clear()
            self._run = ""
        self.note = translate(
            "TabState",
            "The draft is what the client sent, byte for byte: path, Host and key too. Type the server it is "
            "for, and connect; then compare both attempts.",
        )
        self.draft_changed.emit()
        self.pick(0)
        self.address_wanted.emit()

    def pick(self, number: int) -> None:
        """Show attempt ``number``, or the draft for 0."""
        self.compared = None
        self.picked = number
        self.picked_changed.emit()
        snapshot = self.snapshot
        if snapshot is not None:
            self.snapshot_changed.emit(snapshot)

    def compare(self, first: int, second: int | None) -> None:
        """Show two attempts side by side; None for ``second`` goes back to one."""
        self.picked = first
        self.compared = second
        self.picked_changed.emit()

    @property
    def beside_mirror(self) -> bool:
        """Whether the picked attempt's request is shown beside what the lab's mirror received of it."""
        return self.compared is not None and self.compared == self.picked

    @property
    def snapshot(self) -> AttemptSnapshot | None:
        """The picked attempt as last published; None while the draft is picked."""
        return self.snapshot_of(self.picked)

    def snapshot_of(self, number: int) -> AttemptSnapshot | None:
        attempt = self.conversation.attempt(number)
        return attempt.snapshot if attempt is not None else None

    def stop(self) -> None:
        """Look no more; before the conversation is closed."""
        self._timer.stop()

    def _go_with_reconnects(self) -> None:
        """Who looks at the newest attempt goes on doing so; who picked an earlier one keeps it."""
        before = self.conversation.attempt(self.picked)
        newest = len(self.conversation.attempts)
        if before is None or self.compared is not None or newest <= self._newest:
            self._newest = newest
            return
        known, self._newest = self._newest, newest
        if self.picked == known and self.conversation.options.reconnect_every > 0 and not before.live:
            self.attempts_changed.emit()
            self.pick(newest)

    def _look(self) -> None:
        changed = False
        self._go_with_reconnects()
        for attempt in self.conversation.attempts:
            snapshot = attempt.snapshot
            if self._serials.get(attempt.number) == snapshot.serial:
                continue
            self._serials[attempt.number] = snapshot.serial
            told = _BESIDES_TRAFFIC(snapshot)
            if self._told.get(attempt.number) != told:
                self._told[attempt.number] = told
                changed = True
            if attempt.number == self.picked:
                self.snapshot_changed.emit(snapshot)
        if changed:
            self.attempts_changed.emit()
        self.ticked.emit()
