"""A conversation: the draft as it would be sent now, and the attempts made of it."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from wsinspector.capture import AttemptWriter, CaptureReader, CaptureWriter
from wsinspector.capture.finding import Report
from wsinspector.conversation.address_table import AddressTable
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.checked import Progress, look_and_mend, opened
from wsinspector.conversation.connection import Connection
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.filling_in import Filled, filled_address, filled_draft
from wsinspector.conversation.kept import Kept
from wsinspector.conversation.options import Options, limits_of, policy_settings
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind, Phase
from wsinspector.conversation.spoken import spoken_with
from wsinspector.conversation.state import (
    draft_from_json,
    generated_in,
    options_from_json,
    state_to_json,
)
from wsinspector.conversation.store import Another, Store
from wsinspector.conversation.targets import LabAuthority, connect_to, target_of
from wsinspector.live.resolve import ResolvedAddress, resolve
from wsinspector.protocol.accept import key_from
from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.dialects import dialect_called, refreshed, spoken_for, with_dialect
from wsinspector.protocol.draft import Draft, standard_draft
from wsinspector.protocol.request_lines import origin_of

CLOSE_SECONDS = 3.0
_OWN = ("address", "draft", "options", "exact")  # members of the kept state


class Conversation(Kept):
    """One tab's draft, options and attempts. Its methods are called from one thread, the window's.

    ``capture_path`` None keeps the attempts in a private file that goes with :meth:`close`. With
    ``another`` it is a name nobody has yet; where somebody took it before the file is made, the file gets
    the name that ``another`` gives.
    """

    def __init__(
        self,
        engine: Engine,
        capture_path: Path | None = None,
        *,
        lab_authority: LabAuthority | None = None,
        conversation_id: int | None = None,
        read_only: bool = False,
        another: Another | None = None,
    ) -> None:
        self.engine = engine
        self.title = ""
        self.options = Options()
        self.address_text = ""
        self.address: Address = understand("")
        # The target of the last usable address: what is typed in between has none to compare with.
        self._usable_target = b"/"
        self._exact = False
        self._environment: Callable[[], Mapping[str, str]] | None = None  # None: nothing is filled in
        self.hidden: Callable[[], frozenset[str]] = frozenset
        """Names of variables whose values are not shown."""
        self.beside: dict[str, object] = {}
        """What others keep beside the draft; it is carried along, also by a version that knows none of it."""
        self.attempts: list[Attempt] = []
        self.report: Report | None = None
        """How the capture was found that this was read from; None for one made here."""
        self.draft: Draft = standard_draft(b"/", b"", fresh_key())
        self._lab_authority = lab_authority
        super().__init__(Store(capture_path, conversation_id, read_only=read_only, another=another))
        # Reconnecting connects on the engine's thread while the window edits the draft.
        self._lock = threading.RLock()
        self._closed = False

    # -- the draft

    def set_draft(self, draft: Draft) -> None:
        with self._lock:
            self.draft = draft

    def use_exactly(self, request: bytes) -> None:
        """Take the bytes of somebody's request as the draft: nothing in it is drawn anew, and nothing
        follows the address. So what was sent to us goes to another server as it is."""
        with self._lock:
            if not self._closed:
                self.draft = Draft.from_bytes(request)
                self._exact = True

    @property
    def exact(self) -> bool:
        """Whether the draft is somebody's request, to be sent byte for byte."""
        return self._exact

    @property
    def follows(self) -> bool:
        """Whether the draft's target goes with the address, as nobody has touched it."""
        return self.draft.target == self._usable_target and not self._exact

    def set_address(self, text: str) -> None:
        """Take an address as typed. Host and target follow it while nobody has touched them."""
        with self._lock:
            after = understand(text) if self._environment is None else filled_address(text, self.variables)
            self.address_text = text
            self.address = after
            if after.error is not None:
                return
            draft = self.draft.with_generated(host=after.host_header, origin=origin_of(after))
            if draft.target == self._usable_target and not self._exact:
                draft = draft.with_target(after.target)
            self._usable_target = after.target
            self.draft = draft

    # -- variables

    def use_environment(self, values: Callable[[], Mapping[str, str]]) -> None:
        """Fill in ``{{name}}`` from the options and what ``values`` gives; until then all leaves as typed.

        ``values`` is called on any thread; what it gives is never kept in the capture, and a variable of
        the options comes before one of the same name.
        """
        self._environment = values
        self.variables_changed()

    @property
    def fills(self) -> bool:
        """Whether ``{{name}}`` is filled in; else braces leave as they are."""
        return self._environment is not None

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its environment now; never kept in a capture."""
        return dict(self._environment()) if self._environment else {}

    @property
    def variables(self) -> dict[str, str]:
        """Every variable that has a value now."""
        return {**self.environment, **dict(self.options.variables)}

    def variables_changed(self) -> None:
        """Values may be others: the address is understood anew. What is live answers as it did."""
        if "{{" in self.address_text:
            self.set_address(self.address_text)

    def filled(self) -> Filled:
        """The draft as it would leave now; its ``problem`` says which variable has no value."""
        if self._exact or self._environment is None:
            return Filled(self.draft)
        return filled_draft(self.draft, self.variables)

    @property
    def unset(self) -> str:
        """Which variable of the address or the draft has no value, as a sentence; empty for none."""
        error = self.address.error if "{{" in self.address_text and not self._exact else None
        return error or self.filled().problem

    def set_dialect(self, name: str) -> Draft:
        """Rewrite the draft as the dialect ``name`` demands it, and speak that dialect after the 101.

        The draft before comes back, to be put back by :meth:`set_draft`. The option ``speak`` is set
        only where the request's own bytes propose something else. KeyError for a name that is none.
        """
        dialect = dialect_called(name)
        with self._lock:
            before = self.draft
            self.draft = with_dialect(before, dialect, os.urandom)
            proposed = spoken_for(self.draft.to_bytes())
            options = replace(self.options, speak="" if proposed == name else name)
        if options != self.options:
            self.set_options(options)
        return before

    def set_options(self, options: Options) -> None:
        """Policy and pings hold for the live attempt at once, everything else from the next."""
        with self._lock:
            others = options.variables != self.options.variables
            self.options = options
            self._store.limit(limits_of(options))
            if others and self._environment is not None and "{{" in self.address_text:
                self.set_address(self.address_text)
        for attempt in self.attempts:
            if attempt.live and attempt.connection is not None:
                self.engine.call(attempt.connection.behave, options)

    # -- attempts

    @property
    def current(self) -> Attempt | None:
        """The last attempt that is live, None where none is."""
        return next((attempt for attempt in reversed(self.attempts) if attempt.live), None)

    def attempt(self, number: int) -> Attempt | None:
        """Attempt ``number``, from 1."""
        return self.attempts[number - 1] if 0 < number <= len(self.attempts) else None

    def connect(self, *, handshake_only: bool = False) -> Attempt | None:
        """Send the draft to the address; None where the address is not understood, or a variable unknown.

        The draft then has a fresh key. ``handshake_only`` ends the connection after the answer.
        """
        with self._lock:
            if self._closed or self.read_only or self.gone or self.address.error is not None:
                return None
            if self.filled().problem:
                return None
            return self._begin(self.options, handshake_only=handshake_only)

    def every_address(self) -> AddressTable | None:
        """Send the draft to each address of the name, an attempt each, and tabulate the answers."""
        with self._lock:
            if self._closed or self.read_only or self.gone or self.address.error is not None:
                return None
            if self.filled().problem:
                return None
            host, port = connect_to(self.options) or (self.address.host, self.address.port)
            port = port or self.address.port
        table = AddressTable()

        async def body() -> None:
            try:
                addresses = await resolve(host, port)
            except (OSError, ValueError) as error:
                table.failed(f"The name {host} was not found: {error}.")
                return
            for address in addresses:
                with self._lock:
                    if self._closed or self.filled().problem:
                        return
                    options = replace(self.options, connect_to=_as_option(address), reconnect_every=0.0)
                    table.add(self._begin(options, handshake_only=True))
            table.complete()

        self.engine.call(lambda: self.engine.spawn(body(), "every address"))
        return table

    def disconnect(self, attempt: Attempt | None = None) -> None:
        """End ``attempt``, None for the live one: by a Close frame, a second time by FIN, a third by RST."""
        attempt = attempt or self.current
        if attempt is None:
            return
        match attempt.snapshot.phase:
            case Phase.OPEN:
                attempt.close()
            case Phase.CLOSING:
                attempt.end_tcp()
            case _:
                attempt.cancel()

    def _begin(self, options: Options, *, handshake_only: bool) -> Attempt:
        address, draft, store = self.address, self.draft, self._store
        request = self.filled().draft.to_bytes()
        spoken = spoken_with(request, options.speak)
        self.draft = refreshed(draft, os.urandom)
        if not self.title:
            self.title = address.url
        writer = store.writer(self.title, self._state(), self.draft.to_bytes())
        assert store.conversation_id is not None
        number = len(self.attempts) + 1
        wall_ns, mono_ns = time.time_ns(), time.monotonic_ns()
        generated = generated_in(draft)
        facts = {
            "url": address.url,
            "options": options.to_json(),
            "unsent": request.decode("latin-1"),
            "generated": list(generated),
            "dialect": spoken.proposed.name,
        }
        recorder = writer.new_attempt(
            store.conversation_id, number, wall_ns=wall_ns, mono_ns=mono_ns, facts=facts
        )
        snapshot = AttemptSnapshot(
            serial=0,
            number=number,
            attempt_id=recorder.attempt_id,
            phase=Phase.LOOKUP,
            url=address.url,
            wall_ns=wall_ns,
            mono_ns=mono_ns,
            request=request,
            policy=options.policy,
            trouble=store.trouble,
            generated=generated,
            dialect=spoken.proposed.name,
            agreed=spoken.before,
        )
        attempt = Attempt(options, snapshot)
        attempt.environment = self.environment
        attempt.connection = Connection(
            self.engine,
            attempt,
            target_of(address, options, self._lab_authority),
            Exchange(request, policy_settings(options), echo=options.echo, speak=options.speak),
            writer,
            recorder,
            handshake_only=handshake_only,
        )
        self.attempts.append(attempt)
        connection = attempt.connection
        name = f"attempt {number} of {address.url}"
        if not self.engine.call(lambda: self.engine.spawn(self._carry(attempt, connection), name)):
            connection.never_began()
        store.save(self.title, self._state(), self.draft.to_bytes())
        return attempt

    async def _carry(self, attempt: Attempt, connection: Connection) -> None:
        await connection.run()
        every = self.options.reconnect_every
        end = connection.end  # a step may still be due before it is shown
        again = end is not None and (
            end.by is not EndedBy.US and end.kind not in (EndKind.CANCELLED, EndKind.RESPONSE_DONE)
        )
        if again and every > 0 and attempt is self.attempts[-1]:
            connection.later(every, self._reconnect)

    def _reconnect(self) -> None:
        if self.options.reconnect_every > 0 and self.current is None:
            self.connect()

    # -- the capture

    @property
    def lab_authority(self) -> LabAuthority | None:
        """Who signed the built-in lab's certificate, for connections to it."""
        return self._lab_authority

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._closed

    def record(
        self, facts: dict[str, object], make: Callable[[int, int], Attempt], *, wall_ns: int, mono_ns: int
    ) -> tuple[Attempt, CaptureWriter, AttemptWriter]:
        """Add an attempt that this side did not dial, and begin it in the capture, which is made where
        there is none: the attempt, the writer of the file and the attempt's own.

        ``make(number, attempt_id)`` is called before any other attempt can take the number.
        """
        with self._lock:
            writer = self._store.writer(self.title, self._state(), self.draft.to_bytes())
            assert self._store.conversation_id is not None
            number = len(self.attempts) + 1
            recorder = writer.new_attempt(
                self._store.conversation_id, number, wall_ns=wall_ns, mono_ns=mono_ns, facts=facts
            )
            attempt = make(number, recorder.attempt_id)
            self.attempts.append(attempt)
        return attempt, writer, recorder

    def save(self) -> None:
        """Keep draft, address and options, so that the tab is found again."""
        with self._lock:
            if not self._closed:
                self._store.save(self.title or self.address_text, self._state(), self.draft.to_bytes())

    def close(self) -> None:
        """End what is live, keep everything, and give the file back. A second call does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            title = self.title or self.address_text
            if self._store.open_writer is not None:
                self._store.save(title, self._state(), self.draft.to_bytes())
        for attempt in self.attempts:
            if attempt.live:
                attempt.cancel()
        connections = [made for attempt in self.attempts if (made := attempt.connection) is not None]
        for connection in connections:
            if self.engine.running:
                connection.released.wait(CLOSE_SECONDS)
        self._store.close(keep=self.options.keep)
        for connection in connections:
            connection.settle()

    @classmethod
    def open(
        cls,
        engine: Engine,
        path: Path,
        conversation_id: int | None = None,
        *,
        lab_authority: LabAuthority | None = None,
        read_only: bool = False,
        progress: Progress = lambda *_: True,
    ) -> "Conversation":
        """Read a conversation out of a capture, the first one where none is named.

        Answers, verdicts, outcomes and frames are worked out again from the bytes; what is damaged stands
        in ``report``, and a damaged index is rebuilt in memory: ``progress(done, all)`` is told of frames
        then, and stops it by False. Raises CaptureError or OSError; KeyError where the capture has no such
        conversation; MendingStopped.
        """
        with CaptureReader(path) as reader:
            row = reader.first_conversation() if conversation_id is None else None
            row = next(iter(reader.conversations(conversation_id)), None) if row is None else row
            if row is None:
                raise KeyError(f"no conversation {conversation_id or ''} in {path.name}")
            look_and_mend(reader, [attempt.id for attempt in reader.attempts(row.id)], progress)
            attempts = restored_attempts(reader, row.id)
            report = opened(reader)
        found = cls(engine, path, lab_authority=lab_authority, conversation_id=row.id, read_only=read_only)
        found.report = report
        found._store.rebuilt = reader.rebuilt
        found.title = row.title
        found._pinned = row.pinned
        found.address_text = str(row.state.get("address", ""))
        found.options = options_from_json(row.state.get("options", {}))
        found.address = understand(found.address_text)
        if found.address.error is None:
            found._usable_target = found.address.target
        found._exact = bool(row.state.get("exact"))
        found.beside = {name: each for name, each in row.state.items() if name not in _OWN}
        found._store.limit(limits_of(found.options))
        try:
            found.draft = draft_from_json(row.state["draft"])
        except (KeyError, TypeError, ValueError):
            found.draft = Draft.from_bytes(row.draft)
        found.attempts = attempts
        return found

    def _state(self) -> dict[str, object]:
        state = self.beside | state_to_json(self.address_text, self.draft, self.options)
        return state | {"exact": True} if self._exact else state


def fresh_key() -> bytes:
    """A Sec-WebSocket-Key never used before (RFC 6455 §4.1)."""
    return key_from(os.urandom(16))


def _as_option(address: ResolvedAddress) -> str:
    return str(address)
