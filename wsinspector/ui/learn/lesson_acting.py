"""Carries out what a step sets up or shows: in the learner's window, one thing after another."""

import dataclasses
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject

from wsinspector.conversation.conversation import fresh_key
from wsinspector.conversation.options import Options
from wsinspector.learn.lessons.answers import read_hex
from wsinspector.learn.lessons.model import Act, Sending
from wsinspector.protocol.crafting.plain_form import craft_from_plain
from wsinspector.protocol.draft import Draft, DraftLine, standard_draft
from wsinspector.protocol.escapes import unescape_value
from wsinspector.protocol.opcodes import BINARY, PING, PONG, TEXT
from wsinspector.ui.inspect.tab import TabState

Waits = Iterator[Callable[[], bool]]
"""Each time, what must be true before it goes on."""

_OPCODES = {"text": TEXT, "hex": BINARY, "ping": PING, "pong": PONG}


class LessonActing(QObject):
    """Works on ``tab``; ``url_of(path, secure)`` is the lab's address, empty while it does not listen."""

    def __init__(self, tab: TabState, url_of: Callable[[str, bool], str]) -> None:
        super().__init__(tab)
        self._tab = tab
        self._url_of = url_of
        self._steps: Waits | None = None
        self._until: Callable[[], bool] | None = None
        self._then: Callable[[], None] = lambda: None
        tab.ticked.connect(self._go_on)

    @property
    def busy(self) -> bool:
        return self._steps is not None

    def perform(self, act: Act, then: Callable[[], None], *, afresh: bool) -> None:
        """Do ``act`` and call ``then``; what was under way is given up.

        ``afresh``: a path begins with the standard request and the usual options.
        """
        self._steps, self._until, self._then = self._carry_out(act, afresh), None, then
        self._go_on()

    def give_up(self) -> None:
        """Do nothing more."""
        self._steps = None

    def _go_on(self) -> None:
        while self._steps is not None:
            if self._until is not None and not self._until():
                return
            self._until = next(self._steps, None)
            if self._until is None:
                self._steps = None
                self._then()
                return

    def _carry_out(self, act: Act, afresh: bool) -> Waits:
        tab = self._tab
        if tab.dialled is not None and (act.connect or act.path or act.disconnect):
            tab.end_live()
            yield lambda: tab.dialled is None
        if act.path:
            yield lambda: bool(self._url_of(act.path, act.secure))
            self._address(act, afresh)
        self._compose(act)
        if act.connect:
            tab.connect_now()
            yield lambda: (found := tab.snapshot) is not None and not found.undecided
        for sending in act.send:
            yield from self._send(sending)

    def _address(self, act: Act, afresh: bool) -> None:
        tab = self._tab
        tab.set_address(self._url_of(act.path, act.secure))
        if afresh:
            address = tab.conversation.address
            tab.edit(standard_draft(address.target, address.host_header, fresh_key()))
            tab.set_options(Options())

    def _compose(self, act: Act) -> None:
        tab = self._tab
        if act.dialect:
            tab.write_in(act.dialect)
        tab.edit(composed(tab.draft, act))
        if act.options:
            tab.set_options(dataclasses.replace(tab.conversation.options, **dict(act.options)))
        if act.path or act.dialect or act.version is not None or act.headers or act.without:
            tab.pick(0)

    def _send(self, sending: Sending) -> Waits:
        attempt = self._tab.conversation.current
        if attempt is None or not attempt.snapshot.open:
            return
        before = attempt.snapshot.frames_out
        if sending.kind == "close":
            attempt.close(sending.code, sending.text)
        elif sending.kind == "craft":
            attempt.craft(craft_from_plain(dict(sending.craft)))
        elif sending.kind == "hex":
            attempt.send_frame(BINARY, read_hex(sending.text) or b"")
        else:
            attempt.send_frame(_OPCODES[sending.kind], sending.text.encode())
        yield lambda: attempt.snapshot.frames_out > before or not attempt.snapshot.open


def composed(draft: Draft, act: Act) -> Draft:
    """``draft`` with the version and the header lines of ``act``."""
    if act.version is not None:
        draft = draft.with_version_values([unescape_value(each).data for each in act.version])
    for text in act.headers:
        name, _, value = text.partition(":")
        line = DraftLine(name.encode(), value.strip().encode())
        rows = draft.named(line.name)
        draft = draft.with_edited_value(rows[0], line.value) if rows else draft.insert(len(draft.lines), line)
    for text in act.without:
        for at in draft.named(text.encode()):
            draft = draft.switched(at, False)
    return draft
