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
from wsinspector.protocol.dialects import recognise
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader, parse_request
from wsinspector.protocol.policy import by_name
from wsinspector.protocol.spans import Direction
from wsinspector.protocol.sweep_requests import Odd
from wsinspector.verdicts.sweep_cells import Ended, Probe

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter

BODY_IDLE = 1.0
"""Seconds of silence after which a body counts as ended; a page's body rarely decides anything."""

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


def _answer_tail(request: bytes) -> int:
    """Bytes of a digest behind a 101; only a request with a Key1 line is looked at more closely."""
    if b"-key1" not in request.lower():
        return 0
    return recognise(parse_request(request)).handshake.answer_tail


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
        self.probe: Probe | None = None
        self._timeout = timeout
        self._reader = ResponseReader(method=request.partition(b" ")[0], answer_tail=_answer_tail(request))
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

    async def run(self, dial: Dial) -> Facts:
        """Ask; the facts to keep with the attempt. ``dial`` gives a link that does not read yet."""
        ended, error, end_at = Ended.CANCELLED, "", 0
        deadline = self._loop.time() + self._timeout
        try:
            link = self._link = await dial(self.watch)
            handle = self._loop.call_at(deadline, self._too_late)
            try:
                self._send(link)
                await self._over
            finally:
                handle.cancel()
            ended, end_at = self._ended, self._end_at
        except DialError as failure:
            ended, error = Ended.NETWORK, str(failure)
        except TimeoutError:
            where = f" from {self.watch.dialled}" if self.watch.dialled else ""
            ended, error = Ended.NETWORK, f"No connection{where} within {self._timeout:g} s."
        finally:
            # Also where this task is cancelled: then the answer is what has come so far.
            self._let_go()
            facts = self._conclude(ended, error, end_at or time.monotonic_ns())
            if self.recorder is not None:
                self.recorder.update(facts)
                self.recorder.finish(soon=False)
        return facts

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
        self._first_at = self._first_at or at
        self._last_at = at
        self._reads.append((data, at))
        self._reader.feed(data)
        phase = self._reader.phase
        if phase is ReadPhase.HEAD:
            return
        if phase is ReadPhase.UPGRADED:
            self._response_at = self._opened_at = at
            self._frames()
            self._finish(Ended.DONE, at)
        elif phase is ReadPhase.DONE:
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
            self._reader.eof()
            self._finish(Ended.FIN, at)

    def lost(self, error: Exception | None, at: int) -> None:
        if self._over.done():
            return
        self._reader.eof()
        self._text = network_reason(error) if error is not None else ""
        self._finish(Ended.FIN if isinstance(error, ssl.SSLError) or error is None else Ended.RST, at)

    # -- inside

    _ended = Ended.CANCELLED
    _end_at = 0
    _text = ""

    @property
    def _opening(self) -> bool:
        response = self._reader.response
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
        headed = self._reader.phase is ReadPhase.BODY and not self._opening
        self._reader.idle()
        self._finish(Ended.DONE if headed else Ended.TIMEOUT, time.monotonic_ns())

    def _body_idle(self) -> None:
        if not self._over.done():
            self._reader.idle()
            self._finish(Ended.DONE, time.monotonic_ns())

    def _frames(self) -> None:
        """Index the frames that came with a 101, so that the conversation shows them."""
        start = self._reader.frames_start
        if self.recorder is None or start is None or self._reader.received == start:
            return
        exchange = Exchange(self.request, by_name("watch"))
        for data, at in self._reads:
            exchange.received(data, at)
        exchange.finish_frames(self._reads[-1][1])
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

    def _conclude(self, ended: Ended, error: str, at: int) -> Facts:
        response = self._reader.response
        headed_at, clock = self._response_at, self.clock
        total = (headed_at - clock.mono_ns) / 1e6 if headed_at is not None else None
        self.probe = Probe(
            self.odd,
            self.number,
            self.request,
            response,
            self._reader.interim,
            ended,
            error,
            total,
        )
        first = None
        if self._first_at is not None and self._request_at is not None:
            first = (self._first_at - self._request_at) / 1e6
        watch = self.watch
        timings = {"lookup": None, "tcp": watch.tcp, "tls": watch.tls, "first_byte": first, "total": total}
        by_peer = ended in (Ended.FIN, Ended.RST)
        return {
            "request_length": len(self.request),
            "unsent": self.request.decode("latin-1") if self._request_at is None else "",
            "request_at": self._request_at,
            "response_at": headed_at,
            "opened_at": self._opened_at,
            "last_byte_at": self._last_at,
            "network_error": error,
            "answer_ended": self._answer_ended(ended),
            "timed_out": ended is Ended.TIMEOUT,
            "closed_by_peer": by_peer,
            "addresses": [self.watch.dialled] if self.watch.dialled else [],
            "dialled": self.watch.dialled,
            "timings": timings,
            "tls": plain(self._tls()),
            "end": self._end(ended, error, at),
        }

    def _answer_ended(self, ended: Ended) -> str:
        if ended in (Ended.FIN, Ended.RST):
            return "eof"
        if ended is Ended.TIMEOUT:
            return "idle"
        if ended is Ended.DONE and self._opened_at is None:
            response = self._reader.response
            return "done" if response is not None and response.complete else "idle"
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
