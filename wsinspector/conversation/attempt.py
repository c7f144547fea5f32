"""One attempt as every thread sees it: a snapshot to read, and what can be asked of the connection."""

import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from wsinspector.conversation.crafting import CraftSending, sending_craft, sending_plan
from wsinspector.conversation.options import Options
from wsinspector.conversation.outgoing import GONE
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.protocol.crafting import FRESH, Craft, Plan, Standing
from wsinspector.protocol.opcodes import BINARY, PING, PONG, TEXT
from wsinspector.protocol.policy import write_close_body
from wsinspector.protocol.spans import Role

if TYPE_CHECKING:
    from wsinspector.conversation.caught import Caught
    from wsinspector.conversation.connection import Connection

NOT_CAUGHT = "Nothing was sent: only a client that reached the lab can be answered."


class Attempt:
    """Attempt ``number`` of a conversation, live or read from a capture.

    Every method may be called from any thread, returns at once and never raises for a connection
    that is gone; what went wrong then stands in ``snapshot.trouble``.
    """

    def __init__(self, options: Options, snapshot: AttemptSnapshot) -> None:
        self.options = options
        self.environment: Mapping[str, str] = {}
        """Variables beside those of the options; they are not kept in the capture."""
        self.connection: Connection | Caught | None = None
        self._snapshot = snapshot
        self._changed = threading.Condition(threading.Lock())
        self._listeners: tuple[Callable[[], None], ...] = ()

    def listen(self, told: Callable[[], None]) -> None:
        """Call ``told`` after each snapshot, on the thread that published it: it must be quick."""
        with self._changed:
            self._listeners = (*self._listeners, told)

    def forget(self, told: Callable[[], None]) -> None:
        """Call ``told`` no more."""
        with self._changed:
            self._listeners = tuple(each for each in self._listeners if each != told)

    @property
    def number(self) -> int:
        return self._snapshot.number

    @property
    def attempt_id(self) -> int:
        """The attempt's id in its capture."""
        return self._snapshot.attempt_id

    @property
    def snapshot(self) -> AttemptSnapshot:
        """The attempt as last published."""
        return self._snapshot

    @property
    def live(self) -> bool:
        return self._snapshot.live

    def publish(self, snapshot: AttemptSnapshot) -> None:
        """Replace the snapshot; its ``serial`` is set here, one above the last."""
        with self._changed:
            self._snapshot = dataclasses.replace(snapshot, serial=self._snapshot.serial + 1)
            self._changed.notify_all()
            listeners = self._listeners
        for told in listeners:
            told()

    def wait_for(
        self, met: Callable[[AttemptSnapshot], bool], timeout: float | None = None
    ) -> AttemptSnapshot | None:
        """The first snapshot for which ``met`` is true, None where ``timeout`` (s) passes first.

        Never call it on the engine's thread.
        """
        with self._changed:
            if self._changed.wait_for(lambda: met(self._snapshot), timeout):
                return self._snapshot
            return None

    def wait_ended(self, timeout: float | None = None) -> AttemptSnapshot | None:
        """As :meth:`wait_for`, for the end."""
        return self.wait_for(lambda snapshot: not snapshot.live, timeout)

    # -- sending

    def send_frame(
        self,
        opcode: int,
        payload: bytes = b"",
        *,
        fin: bool = True,
        rsv: int = 0,
        masked: bool | None = None,
        key: bytes | None = None,
        length_form: int | None = None,
        declared: int | None = None,
    ) -> None:
        """Send one frame, conforming or not.

        ``opcode``: RFC 6455's number, whatever the dialect writes for it; what it cannot say is told
        in ``trouble``. ``masked`` None: as our role has it; ``key`` None draws a fresh one.
        """
        self._ask(
            lambda connection: connection.send_frame(
                opcode,
                payload,
                fin=fin,
                rsv=rsv,
                masked=masked,
                key=key,
                length_form=length_form,
                declared=declared,
            )
        )

    def say(self, opcode: int, payload: bytes = b"") -> None:
        """Send one frame unless the closing handshake has begun: then only ``trouble`` says so."""
        self._ask(lambda connection: connection.say(opcode, payload))

    def send_message(self, message: str | bytes) -> None:
        """Send a whole message in one frame, text or binary by its type."""
        if isinstance(message, str):
            self.send_frame(TEXT, message.encode("utf-8", "surrogatepass"))
        else:
            self.send_frame(BINARY, message)

    def send_bytes(self, data: bytes) -> None:
        """Send bytes exactly as they are, as they may be half a frame."""
        self._ask(lambda connection: connection.send_bytes(data))

    def craft(
        self,
        craft: Craft,
        files: Mapping[str, bytes] | None = None,
        *,
        on_end: Callable[[CraftSending], None] | None = None,
    ) -> CraftSending:
        """Send frames made bit by bit, planned for this connection with fresh masking keys.

        ``files``: contents of ``craft.files``. ``on_end``: see :class:`CraftSending`.
        """
        return self._send_crafted(sending_craft(craft, files, on_end=on_end))

    def send_plan(self, plan: Plan, *, on_end: Callable[[CraftSending], None] | None = None) -> CraftSending:
        """Send crafted bytes exactly as they were planned, so as they were shown."""
        return self._send_crafted(sending_plan(plan, on_end=on_end))

    def _send_crafted(self, sending: CraftSending) -> CraftSending:
        self._ask(lambda connection: connection.send_crafted(sending), refused=sending.failed)
        return sending

    def ask_standing(self, told: Callable[[Standing], None]) -> None:
        """Call ``told`` on the engine's thread with what the next bytes of ours would follow; where there
        is no connection, at once."""
        connection = self.connection
        if connection is None or not self.live:
            told(FRESH)
        else:
            connection.engine.call(lambda: told(connection.standing()))

    def ping(self, payload: bytes = b"") -> None:
        self.send_frame(PING, payload)

    def pong(self, payload: bytes = b"") -> None:
        self.send_frame(PONG, payload)

    def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Send a Close frame; None sends an empty body. The policy sees to what follows.

        Where the dialect has no codes none travels; where it has no closing frame, TCP is ended.
        """
        try:
            write_close_body(code, reason)
        except (OverflowError, UnicodeEncodeError):
            self.complain("Nothing was sent: a close code has 16 bits, its reason is UTF-8.")
            return
        self._ask(lambda connection: connection.close(code, reason))

    # -- steps

    def step(self) -> None:
        """Show the next unit of the peer that waits; where none does, let the next of ours leave."""
        self._ask(lambda connection: connection.step(), also_when_ended=True)

    def let_all_go(self) -> None:
        """Show and send all that waits."""
        self._ask(lambda connection: connection.let_all_go(), also_when_ended=True)

    # -- answering a client, by hand

    def answer(self, data: bytes, *, end: bool = False) -> None:
        """Answer a client that waits with bytes exactly as they are; with ``end`` our side then ends.

        Several calls may make one answer. Bytes behind the blank line of a 101 are frames.
        """
        self._ask_caught(lambda caught: caught.answer(data, end=end))

    def accept(self, *, subprotocol: str | None = "", extensions: Sequence[str] = ()) -> None:
        """Answer a client that waits with the 101 of its own dialect, computed from its request.

        ``subprotocol``: "" names the first that is offered, None none. ``extensions`` stand in the
        answer as given. :func:`~wsinspector.conversation.hand.accepting` makes the same bytes to look at.
        """
        self._ask_caught(lambda caught: caught.accept(subprotocol, extensions))

    def refuse(self, status: int = 400, versions: Sequence[str] = (), body: str = "") -> None:
        """Refuse a client that waits and end our side; one version line an entry of ``versions``.

        :func:`~wsinspector.conversation.hand.refusing` makes the same bytes to look at.
        """
        self._ask_caught(lambda caught: caught.refuse(status, versions, body))

    def _ask_caught(self, what: Callable[["Caught"], Any]) -> None:
        if self._snapshot.role is not Role.SERVER:
            self.complain(NOT_CAUGHT)
        else:
            self._ask(lambda connection: what(cast("Caught", connection)))

    # -- ending

    def end_tcp(self) -> None:
        """Send FIN and go on reading; on TLS, which has no half-close, end the connection."""
        self._ask(lambda connection: connection.end_tcp())

    @property
    def half_close_hindrance(self) -> str:
        """Why our side cannot be ended alone; empty where it can."""
        if not self._snapshot.open:
            return "The connection is not open."
        if self._snapshot.tls is not None:
            return "TLS has no half-close here: ending our side ends the connection."
        return ""

    def abort(self) -> None:
        """End the connection with RST."""
        self._ask(lambda connection: connection.abort())

    def cancel(self) -> None:
        """Give up at whatever moment; everything held is released."""
        self._ask(lambda connection: connection.cancel())

    def read_chain(self) -> None:
        """Read the certificates by a second, unverified TLS handshake that sends nothing more.

        They come in ``snapshot.tls.chain``, what hinders it in ``snapshot.tls.trouble``.
        """
        self._ask(lambda connection: connection.read_chain(), also_when_ended=True)

    def _ask(
        self,
        what: Callable[["Connection | Caught"], Any],
        *,
        also_when_ended: bool = False,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Have it done on the engine's thread. ``refused``: told why that is not possible."""
        connection = self.connection
        if connection is None or (not self.live and not also_when_ended):
            trouble = GONE
        elif not connection.engine.call(what, connection):
            trouble = "Nothing was sent: the program is ending."
        else:
            return
        self.complain(trouble)
        if refused is not None:
            refused(trouble)

    def complain(self, text: str) -> None:
        """Put ``text`` into the snapshot's ``trouble``."""
        with self._changed:
            self._snapshot = dataclasses.replace(
                self._snapshot, trouble=text, serial=self._snapshot.serial + 1
            )
            self._changed.notify_all()
