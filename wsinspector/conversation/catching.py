"""Outside clients that reach the lab: each a conversation in the server's role, never too many."""

import datetime
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from ipaddress import ip_address
from pathlib import Path

from wsinspector.capture import AttemptWriter, CaptureWriter
from wsinspector.capture.keeping import delete
from wsinspector.conversation.arrival import Arrival, Shape
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.caught import Caught
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.lab.server import Lab
from wsinspector.live.dialled import dialled_here
from wsinspector.live.interfaces import own_addresses
from wsinspector.live.threads import in_daemon_thread
from wsinspector.live.tls_failure import why_client_failed
from wsinspector.live.transport import Link
from wsinspector.protocol.spans import Role

MOST = 50
"""Conversations with caught clients kept at once, live or ended."""

MOST_ATTEMPTS = 100
"""Attempts of one client in one conversation; the next begins another."""

WATCHED = Options(policy="watch")
"""How a client is looked at while a scenario answers: nothing is done of our own accord."""

Told = Callable[[Conversation], None]


class Catching:
    """Catches the clients of a lab that runs on ``engine``.

    Each that sends a byte becomes a :class:`Conversation` with an attempt in the server's role, in a
    capture of its own in ``folder`` (None: in a private file), and ``on_caught`` is called with it.
    A client that comes again with the same request (but for its key) from the same host, when its last
    connection has ended, is one more attempt of the same conversation: ``on_caught`` is called
    with that again. What this program itself connects to its lab is never caught.

    At most ``most`` conversations are held. For one more the oldest that has ended is dropped: taken
    from :attr:`conversations`, counted in :attr:`dropped`, given to ``on_dropped``, whose it then is to
    close; without an ``on_dropped`` it is closed here and its capture deleted, as a flood must not
    fill the disk. Where all of them live, the newcomer is served by its scenario unseen and counted in
    :attr:`missed`. Both calls come on the engine's thread and must return at once.

    Everything else may be called from any thread.
    """

    def __init__(
        self,
        engine: Engine,
        lab: Lab,
        folder: Path | None,
        on_caught: Told | None = None,
        *,
        on_dropped: Told | None = None,
        most: int = MOST,
    ) -> None:
        self.enabled = True
        """Whether clients that connect from now on are caught."""
        self.by_hand = False
        """Whether clients that connect from now on are answered by a person, on whatever path."""
        self.dropped = 0
        """Conversations dropped to make room."""
        self.missed = 0
        """Clients that could not be caught, as all that were held were live."""
        self.trouble = ""
        """Why the last client could not be caught, where it was for another reason."""
        self._engine = engine
        self._folder = folder
        self._on_caught = on_caught
        self._on_dropped = on_dropped
        self._most = most
        self._lock = threading.Lock()
        self._held: deque[Conversation] = deque()
        self._kept: list[Conversation] = []
        self._coming = 0  # reserved for clients whose capture is being made
        self._shapes: dict[Shape, Conversation] = {}
        self._joined: list[Conversation] = []  # those that get an attempt just now
        self._last_file = 0
        self._closed = False
        self._lab = lab
        self.watch(lab)

    def watch(self, lab: Lab) -> None:
        """Look at the clients of ``lab`` from now on, in place of the one before."""
        self._lab.guests = None
        self._lab = lab
        lab.guests = self

    # -- what is held

    @property
    def conversations(self) -> tuple[Conversation, ...]:
        """Those held, the oldest first; without those that were closed."""
        with self._lock:
            self._prune()
            return tuple(self._held)

    @property
    def waiting(self) -> int:
        """Clients that wait for a person's answer now."""
        with self._lock:
            self._prune()
            everyone = [*self._held, *self._kept]
        return sum(
            1
            for each in everyone
            if (attempt := each.current) is not None
            and attempt.snapshot.by_hand
            and attempt.snapshot.phase is Phase.SENT
        )

    def keep(self, conversation: Conversation) -> None:
        """``conversation`` is somebody's now, to close as well: never dropped, and not counted."""
        with self._lock:
            if conversation in self._held:
                self._held.remove(conversation)
                self._kept.append(conversation)

    def close(self) -> None:
        """Catch nobody from now on, and close what is held; clients answered by hand are let go."""
        self._lab.guests = None
        with self._lock:
            self._closed = True
            held, self._held = list(self._held), deque()
        for conversation in held:
            conversation.close()

    # -- where the lab listens

    def listen_on(self, host: str) -> "Future[tuple[str, ...]]":
        """Let the lab listen on ``host`` instead, "127.0.0.1" or every address with "0.0.0.0" or "::".

        Every connection to it ends. The result: the plain ports' addresses as a client would dial
        them. By the future come ValueError for what is no address, and OSError where it cannot be
        had; the lab then listens where it did before.
        """
        return self._engine.run(self._listen_on(host), "listen elsewhere")

    @property
    def beyond_loopback(self) -> bool:
        """Whether other computers can reach the lab."""
        return not ip_address(self._lab.host).is_loopback

    async def _listen_on(self, host: str) -> tuple[str, ...]:
        await self._lab.listen_on(host, beyond_loopback=not ip_address(host).is_loopback)
        return self.listening()

    def listening(self) -> tuple[str, ...]:
        """Where the lab's plain port can be dialled now, "192.0.2.7:8080"; of every address, each one."""
        host, port = self._lab.host, self._lab.port
        if not port:
            return ()
        at = ip_address(host)
        hosts = own_addresses(at.version) if at.is_unspecified else (host,)
        return tuple(f"[{each}]:{port}" if ":" in each else f"{each}:{port}" for each in hosts)

    # -- what the lab tells; on the engine's thread

    def arrived(self, link: Link) -> "Arrival | None":
        """A client connected."""
        if not self.enabled or self._closed:
            return None
        arrival = Arrival(self, link)
        link.tap = arrival
        return arrival

    def turned_away(self, link: Link, error: Exception) -> None:
        """A client's TLS handshake failed."""
        if not self.enabled or self._closed or dialled_here(link) or link.tls is None:
            return
        first = link.tls.first_bytes
        if first and self._room():
            text, plain = why_client_failed(error, first)
            arrival = Arrival(self, link)
            arrival.turned_away(plain, text)
            self._engine.spawn(self._catch(arrival), f"client {link.remote}")

    def wants(self, arrival: Arrival) -> bool:
        """The first byte of a client came: whether it is one from outside."""
        return not dialled_here(arrival.link) and not self._closed

    def catches(self, arrival: Arrival) -> bool:
        """Catch a client, in the conversation it had before or in one of its own; False without room."""
        if self._closed:
            return False
        before = self._before(arrival)
        if before is None and not self._room():
            return False
        self._engine.spawn(self._catch(arrival, before), f"client {arrival.link.remote}")
        return True

    # -- inside

    def _room(self) -> bool:
        """Reserve a place, by dropping the oldest that has ended where none is free."""
        with self._lock:
            self._prune()
            over = len(self._held) + self._coming >= self._most
            ended = (each for each in self._held if each.current is None and each not in self._joined)
            gone = next(ended, None) if over else None
            if over and gone is None:
                self.missed += 1
                return False
            if gone is not None:
                self._held.remove(gone)
                self._shapes = {shape: each for shape, each in self._shapes.items() if each is not gone}
                self.dropped += 1
            self._coming += 1
        if gone is not None:
            self._drop(gone)
        return True

    def _prune(self) -> None:
        self._held = deque(each for each in self._held if not each.closed)
        self._kept = [each for each in self._kept if not each.closed]
        self._shapes = {shape: each for shape, each in self._shapes.items() if not each.closed}

    def _before(self, arrival: Arrival) -> Conversation | None:
        """The conversation of the same client, where that has ended and has room for an attempt."""
        shape = arrival.shape
        with self._lock:
            found = self._shapes.get(shape) if shape is not None else None
            if (
                found is None
                or found.closed
                or found.current is not None
                or found in self._joined
                or len(found.attempts) >= MOST_ATTEMPTS
            ):
                return None
            self._joined.append(found)
            return found

    def _drop(self, conversation: Conversation) -> None:
        if self._on_dropped is not None:
            self._on_dropped(conversation)
            return

        async def body() -> None:
            await in_daemon_thread(lambda: _discard(conversation), "dropping a capture")

        self._engine.spawn(body(), "dropping a client")

    async def _catch(self, arrival: Arrival, before: Conversation | None = None) -> None:
        """Make the capture, without holding up the loop, and then go by what happened meanwhile."""
        try:
            made = await in_daemon_thread(lambda: self._make(arrival, before), "capture of a client")
        except Exception as error:  # whatever hinders the capture, the client is served all the same
            self.trouble = f"A client was not caught: {error}"
            made = None
        finally:
            with self._lock:
                if before is None:
                    self._coming -= 1
                else:
                    self._joined.remove(before)
        if made is None:
            arrival.let_go()
            return
        conversation, attempt, writer, recorder = made
        with self._lock:
            closed = self._closed or conversation.closed
            if not closed:
                if before is None:
                    self._held.append(conversation)
                if (shape := arrival.shape) is not None:
                    self._shapes[shape] = conversation
        if closed:
            arrival.let_go()
            await in_daemon_thread(conversation.close, "closing a capture")
            return

        def asked(request: bytes) -> None:
            conversation.use_exactly(request)
            conversation.save()

        caught = Caught(self._engine, attempt, arrival.link, writer, recorder, asked=asked)
        attempt.connection = caught
        arrival.begin(caught, conversation)
        if self._on_caught is not None:
            self._on_caught(conversation)

    def _make(
        self, arrival: Arrival, before: Conversation | None
    ) -> tuple[Conversation, Attempt, CaptureWriter, AttemptWriter] | None:
        """On a thread of its own, as a file is made."""
        link, by_hand = arrival.link, arrival.by_hand
        conversation = before or self._fresh()
        if before is None:
            conversation.title = f"client {link.remote}"
            conversation.use_exactly(b"")
        options = conversation.options if by_hand else WATCHED
        facts = {
            "role": Role.SERVER.value,
            "client": link.remote,
            "dialled": link.local,
            "by_hand": by_hand,
            "options": options.to_json(),
        }

        def make(number: int, attempt_id: int) -> Attempt:
            snapshot = AttemptSnapshot(
                serial=0,
                number=number,
                attempt_id=attempt_id,
                phase=Phase.TCP,
                url="",
                wall_ns=arrival.wall_ns,
                mono_ns=arrival.mono_ns,
                request=b"",
                policy=options.policy,
                trouble=conversation.store_trouble,
                role=Role.SERVER,
                client=link.remote,
                dialled=link.local,
                by_hand=by_hand,
            )
            return Attempt(options, snapshot)

        attempt, writer, recorder = conversation.record(
            facts, make, wall_ns=arrival.wall_ns, mono_ns=arrival.mono_ns
        )
        if self._closed:
            conversation.close()
            return None
        return conversation, attempt, writer, recorder

    def _fresh(self) -> Conversation:
        folder = self._folder
        if folder is None:
            return Conversation(self._engine)
        return Conversation(self._engine, self._free_path(folder), another=lambda _: self._free_path(folder))

    def _free_path(self, folder: Path) -> Path:
        day = f"{datetime.datetime.now():%Y-%m-%d}"
        with self._lock:
            while True:
                self._last_file += 1
                path = folder / f"{day}-client-{self._last_file}.wsi"
                if not path.exists():
                    return path


def _discard(conversation: Conversation) -> None:
    conversation.close()
    path = conversation.capture_path
    if path is not None:
        delete(path)
