"""One request of a sweep on a connection of its own: dialled, answered, kept, and let go."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.facts import plain
from wsinspector.conversation.snapshot import EndedBy, EndKind, TlsView
from wsinspector.live.dial import DialError, network_reason
from wsinspector.live.resolve import ResolvedAddress
from wsinspector.live.tls import TlsStream
from wsinspector.live.transport import LinkEnd, Receiver
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader
from wsinspector.protocol.policy import by_name
from wsinspector.protocol.spans import Direction
from wsinspector.protocol.sweep_requests import Odd
from wsinspector.verdicts.sweep_cells import Ended, Probe, answer_reader

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter

BODY_IDLE = 1.0
"""Seconds of silence after which a body counts as ended; a page's body rarely decides anything."""

ANSWER_MOST = 1 << 17
"""Bytes of an answer that are read; thousands of answers are held at once."""

Facts = dict[str, Any]


class AskingLink(Protocol):
    """What a request needs of a connection: a Link has it, and a BriefLink."""

    @property
    def closed(self) -> bool: ...
    @property
    def waiting_bytes(self) -> int: ...
    def now(self) -> int: ...
    def start(self, receiver: Receiver) -> None: ...
    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


Dial = Callable[["Watch"], Awaitable[AskingLink]]


def surely_over(data: bytes) -> bool:
    """Whether ``data`` is a whole answer for certain, told without reading it: most are, in one piece.

    False only means that the reader must look.
    """
    head, blank, rest = data.partition(b"\r\n\r\n")
    if not blank or not data.startswith(b"HTTP/1.1 ") or data[12:13] != b" ":
        return False
    lines = head.count(b"\r\n")
    if head.count(b"\n") != lines or head.count(b"\r") != lines or b"\n " in head or b"\n\t" in head:
        return False  # odd line endings and folds are for the reader
    status = data[9:12]
    if status == b"101":
        return True
    lower = head.lower()
    if not (status.isdigit() and b"400" <= status < b"600") or b"transfer-encoding" in lower:
        return False
    at = lower.find(b"\r\ncontent-length:")
    length = lower[at + 17 :].partition(b"\r")[0].strip(b" ")
    once = at >= 0 and lower.count(b"content-length") == 1
    return once and length.isdigit() and len(length) < 9 and len(rest) >= int(length)


class Watch:
    """The observer of one dial; ``tcp`` and ``tls`` are milliseconds."""

    def __init__(self) -> None:
        self.began = time.monotonic_ns()
        self.address: ResolvedAddress | None = None
        self.dialled = ""
        self.tcp: float | None = None
        self.tls: float | None = None
        self.stream: TlsStream | None = None

    def looked_up(self, addresses: tuple[ResolvedAddress, ...], at: int) -> None: ...

    def connecting(self, address: ResolvedAddress, at: int) -> None:
        self.dialled = str(address)
        self.began = at

    def connected(self, address: ResolvedAddress, at: int) -> None:
        self.address = address
        self.tcp = (at - self.began) / 1e6
        self.began = at

    def secured(self, stream: TlsStream, at: int) -> None:
        self.stream = stream
        self.tls = (at - self.began) / 1e6


@dataclass(frozen=True, slots=True)
class Clock:
    """Two clocks that name one moment."""

    wall_ns: int
    mono_ns: int


class Asking:
    """A request under way; the receiver of its link. Every method on the engine's thread."""

    def __init__(self, odd: Odd, number: int, request: bytes, clock: Clock, timeout: float) -> None:
        self.odd = odd
        self.number = number
        self.request = request
        self.clock = clock
        self.watch = Watch()
        self.recorder: AttemptWriter | None = None
        self._timeout = timeout
        self._reader: ResponseReader | None = None  # until one piece was not the whole answer
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._link: AskingLink | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._request_at: int | None = None
        self._first_at: int | None = None
        self._last_at: int | None = None
        self._response_at: int | None = None
        self._opened_at: int | None = None
        self._reads: list[tuple[bytes, int]] = []
        self._size = 0
        self._error = ""

    async def run(self, dial: Dial) -> None:
        """Ask; :meth:`conclude` then says what came of it. ``dial`` gives a link that does not read yet."""
        deadline = self._loop.time() + self._timeout
        try:
            link = self._link = await dial(self.watch)
            handle = self._loop.call_at(deadline, self._too_late)
            try:
                self._send(link)
                await self._over
            finally:
                handle.cancel()
        except DialError as failure:
            self._ended, self._error = Ended.NETWORK, str(failure)
        except TimeoutError:
            where = f" from {self.watch.dialled}" if self.watch.dialled else ""
            self._ended = Ended.NETWORK
            self._error = f"No connection{where} within {self._timeout:g} s."
        finally:
            # Also where this task is cancelled: then the answer is what has come so far.
            self._end_at = self._end_at or time.monotonic_ns()
            self._let_go()

    @property
    def unreached(self) -> str:
        """Why there was no connection; empty where there was one."""
        return self._error

    def conclude(self) -> Probe:
        """What came of it; keeps the facts with the attempt. Put off, as it is no part of the exchange."""
        if self._opened_at is not None:
            self._frames()
        if self.recorder is not None:
            self.recorder.update(self._facts())
            self.recorder.finish(soon=False)
        answer = b"".join(data for data, _ in self._reads)
        total = self._total()
        return Probe(self.odd, self.number, self.request, answer, self._ended, self._error, total)

    def _send(self, link: AskingLink) -> None:
        at = self._request_at = self._last_at = link.now()
        link.write(self.request)
        if self.recorder is not None:
            self.recorder.bytes(Direction.OUT, self.request, at)
        link.start(self)

    # -- what the link tells

    def received(self, data: bytes, at: int) -> None:
        if self._over.done():
            return
        if self.recorder is not None:
            self.recorder.bytes(Direction.IN, data, at)
        self._last_at = at
        if self._first_at is None:
            self._first_at = at
            self._reads.append((data, at))
            if surely_over(data) and b"-key1" not in self.request.lower():
                self._response_at = at
                self._opened_at = at if data[9:12] == b"101" else None
                self._finish(Ended.DONE, at)
                return
            self._reader = answer_reader(self.request)
        else:
            self._reads.append((data, at))
        self._size += len(data)
        self._read(data, at)

    def _read(self, data: bytes, at: int) -> None:
        reader = self._reader
        assert reader is not None
        reader.feed(data)
        phase = reader.phase
        if phase is ReadPhase.HEAD:
            return
        if phase is ReadPhase.UPGRADED:
            self._response_at = self._opened_at = at
            self._finish(Ended.DONE, at)
        elif phase is ReadPhase.DONE or self._size >= ANSWER_MOST:
            self._response_at = self._response_at or at
            self._finish(Ended.DONE, at)
        elif self._opening:
            return  # a digest is waited for as long as the head itself is
        else:
            self._response_at = self._response_at or at
            if self._idle is not None:
                self._idle.cancel()
            self._idle = self._loop.call_later(BODY_IDLE, self._body_idle)

    def ended(self, how: LinkEnd, at: int) -> None:
        del how
        if not self._over.done():
            self._finish(Ended.FIN, at)

    def lost(self, error: Exception | None, at: int) -> None:
        if self._over.done():
            return
        self._text = network_reason(error) if error is not None else ""
        self._finish(Ended.FIN if isinstance(error, ssl.SSLError) or error is None else Ended.RST, at)

    # -- inside

    _ended = Ended.CANCELLED
    _end_at = 0
    _text = ""

    @property
    def _opening(self) -> bool:
        response = self._reader.response if self._reader is not None else None
        return response is not None and response.status == 101

    def _finish(self, ended: Ended, at: int) -> None:
        self._ended, self._end_at = ended, at
        if self._idle is not None:
            self._idle.cancel()
        self._over.set_result(None)

    def _too_late(self) -> None:
        """The time is over; a head that came whole is an answer all the same."""
        if self._over.done():
            return
        body = self._reader is not None and self._reader.phase is ReadPhase.BODY
        headed = body and not self._opening
        self._finish(Ended.DONE if headed else Ended.TIMEOUT, time.monotonic_ns())

    def _body_idle(self) -> None:
        if not self._over.done():
            self._finish(Ended.DONE, time.monotonic_ns())

    def _frames(self) -> None:
        """Index the frames that came with a 101, so that the conversation shows them."""
        last, at = self._reads[-1]
        if self.recorder is None or last.endswith(b"\r\n\r\n"):
            return
        exchange = Exchange(self.request, by_name("watch"))
        for data, when in self._reads:
            exchange.received(data, when)
        exchange.finish_frames(at)
        self.recorder.frames(exchange.take())

    def _let_go(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        link = self._link
        if link is None or link.closed:
            return
        # What the server did not take within the time, it will not take later.
        if link.waiting_bytes or not self._over.done():
            link.abort()
        else:
            link.close()

    def _total(self) -> float | None:
        headed_at = self._response_at
        return (headed_at - self.clock.mono_ns) / 1e6 if headed_at is not None else None

    def _facts(self) -> Facts:
        """What restoring an attempt asks for, as ``Progress.facts`` has it."""
        ended, watch = self._ended, self.watch
        first = None
        if self._first_at is not None and self._request_at is not None:
            first = (self._first_at - self._request_at) / 1e6
        times = {"tcp": watch.tcp, "tls": watch.tls, "first_byte": first, "total": self._total()}
        facts = {
            "unsent": self.request.decode("latin-1") if self._request_at is None else "",
            "request_at": self._request_at,
            "response_at": self._response_at,
            "opened_at": self._opened_at,
            "last_byte_at": self._last_at,
            "network_error": self._error,
            "answer_ended": self._answer_ended(ended),
            "timed_out": ended is Ended.TIMEOUT,
            "closed_by_peer": ended in (Ended.FIN, Ended.RST),
            "addresses": [watch.dialled] if watch.dialled else None,
            "dialled": watch.dialled,
            "timings": {name: value for name, value in times.items() if value is not None},
            "tls": plain(self._tls()),
            "end": self._end(ended, self._error, self._end_at),
        }
        # What is at its default need not stand in thousands of attempts.
        return {name: value for name, value in facts.items() if value}

    def _answer_ended(self, ended: Ended) -> str:
        if ended in (Ended.FIN, Ended.RST):
            return "eof"
        if ended is Ended.TIMEOUT or (ended is Ended.DONE and self._opened_at is None):
            return "idle"  # nothing more was waited for; of a whole answer that changes nothing
        return ""

    def _end(self, ended: Ended, error: str, at: int) -> Facts:
        """As facts.end_to_json writes an End, without making one: a sweep has thousands."""
        headed = self._response_at is not None
        kind, by = {
            Ended.DONE: (EndKind.RESPONSE_DONE, EndedBy.US),
            Ended.FIN: (EndKind.RESPONSE_DONE if headed else EndKind.FIN, EndedBy.PEER),
            Ended.RST: (EndKind.RST, EndedBy.PEER),
            Ended.TIMEOUT: (EndKind.TIMEOUT, EndedBy.US),
            Ended.CANCELLED: (EndKind.CANCELLED, EndedBy.US),
            Ended.NETWORK: (EndKind.FAILED, EndedBy.NETWORK),
        }[ended]
        began = self._opened_at or self.clock.mono_ns
        last = self._last_at or self.clock.mono_ns
        code = 1006 if self._opened_at is not None else None
        silence, age = max(0.0, (at - last) / 1e9), max(0.0, (at - began) / 1e9)
        return {
            "kind": kind.value,
            "by": by.value,
            "clean": False,
            "code": code,
            "reason": "",
            "sent_code": None,
            "received_code": None,
            "silence": silence,
            "age": age,
            "at": at,
            "text": error or self._text,
        }

    def _tls(self) -> TlsView | None:
        stream = self.watch.stream
        if stream is None:
            return None
        made = stream.ssl_object
        cipher = made.cipher()
        return TlsView(
            version=made.version() or "",
            cipher=cipher[0] if cipher else "",
            alpn=made.selected_alpn_protocol(),
            sni=stream.sni,
            verified=stream.verified,
        )
