"""One TCP or TLS connection as time-stamped bytes, each end of it told apart."""

import asyncio
import contextlib
import enum
import socket
import ssl
import struct
import time
from typing import Protocol, cast

from wsinspector.live.tls import TlsStream

READ_SIZE = 256 * 1024
"""Bytes of the reusable read buffer of a connection."""


class LinkEnd(enum.Enum):
    """What stopped the bytes from the peer."""

    FIN = "fin"
    CLOSE_NOTIFY = "close-notify"  # TLS said so first, as it should
    TRUNCATED = "truncated"  # FIN on TLS without close_notify (RFC 8446 §6.1)


class Receiver(Protocol):
    """Who is told what a connection does; every call on the loop's thread.

    ``at`` is monotonic ns, strictly increasing on one link. ``lost`` comes once, as the last
    call; its ``error`` is None where the connection was closed in order or by us.
    """

    def received(self, data: bytes, at: int) -> None: ...
    def ended(self, how: LinkEnd, at: int) -> None: ...
    def lost(self, error: Exception | None, at: int) -> None: ...


class Tap(Protocol):
    """Who looks on while another serves a connection; every call on the loop's thread.

    As :class:`Receiver`, and told before it. ``wrote`` follows every write, with the bytes as they
    were given (before TLS). ``we_ended`` comes when our side ends, again where a RST
    (``reset``) follows a FIN.
    """

    def received(self, data: bytes, at: int) -> None: ...
    def wrote(self, data: bytes, at: int) -> None: ...
    def ended(self, how: LinkEnd, at: int) -> None: ...
    def we_ended(self, at: int, *, reset: bool) -> None: ...
    def lost(self, error: Exception | None, at: int) -> None: ...


class Link(asyncio.BufferedProtocol):
    """One connection. Nothing is read before :meth:`start` names the receiver."""

    def __init__(self, tls: TlsStream | None = None) -> None:
        self._tls = tls
        self._buffer = memoryview(bytearray(READ_SIZE))
        self._transport: asyncio.Transport | None = None
        self._receiver: Receiver | None = None
        self._early = b""
        self._ended: LinkEnd | None = None
        self._ended_told = False
        self._lost = False
        self._loss: Exception | None = None
        self._loss_told = False
        self._wrote_eof = False
        self._last = 0
        self._paused = False
        self._held = False
        self._writable = asyncio.Event()
        self._writable.set()
        self._free = asyncio.Event()
        self._free.set()
        self._gone = asyncio.Event()
        self._secured: asyncio.Future[None] | None = None
        self.local = ""
        self.remote = ""
        self.tap: Tap | None = None
        """Set it before :meth:`start`, for it to see everything; None lets go of it."""

    # -- what the caller does

    @property
    def tls(self) -> TlsStream | None:
        return self._tls

    @property
    def closed(self) -> bool:
        """True once the connection is gone; writing then does nothing."""
        return self._lost

    @property
    def can_half_close(self) -> bool:
        """TLS as used here has no half-close: ending our side ends the connection."""
        return self._tls is None

    @property
    def waiting_bytes(self) -> int:
        """Bytes written that the kernel has not taken yet."""
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    def now(self) -> int:
        """A time stamp later than every one before it on this link."""
        now = time.monotonic_ns()
        if now <= self._last:
            now = self._last + 1
        self._last = now
        return now

    def start(self, receiver: Receiver) -> None:
        """Read from now on. What came earlier is told in a later turn of the loop, in order."""
        self._receiver = receiver
        asyncio.get_running_loop().call_soon(self._begin)

    def write(self, data: bytes) -> None:
        """Send ``data`` after everything written before; nothing where the connection is gone."""
        # A transport whose socket failed is closing before it says so by connection_lost.
        if self._transport is None or self._lost or self._wrote_eof or self._transport.is_closing():
            return
        if self._tls is None:
            self._transport.write(data)
        elif self._tls.established and not self._tls.failed:
            self._tls.write(data)
            self._flush()
        else:
            return
        if self.tap is not None:
            self.tap.wrote(data, self.now())

    async def drained(self) -> None:
        """Wait until the peer has taken most of what was written, or the connection is gone."""
        # A writer in a loop must let others run even where nothing is waiting.
        await asyncio.sleep(0)
        await self._writable.wait()
        await self._free.wait()

    async def taken(self) -> None:
        """As :meth:`drained`, whatever :meth:`hold` says."""
        await self._writable.wait()

    def pause(self) -> None:
        """Stop reading; the peer is slowed down by TCP."""
        if not self._paused:
            self._paused = True
            if self._receiver is not None and self._transport is not None and not self._held:
                self._transport.pause_reading()

    def resume(self) -> None:
        """Read again after :meth:`pause`."""
        if self._paused:
            self._paused = False
            if self._receiver is not None and self._transport is not None and not self._held:
                self._transport.resume_reading()

    def hold(self) -> None:
        """Stop reading, and let :meth:`drained` wait, until :meth:`release`: for a tap that cannot
        keep up. Apart from :meth:`pause`, which is the receiver's."""
        if not self._held and not self._lost:
            self._held = True
            self._free.clear()
            if self._receiver is not None and self._transport is not None and not self._paused:
                self._transport.pause_reading()

    def release(self) -> None:
        """Go on after :meth:`hold`."""
        if self._held:
            self._held = False
            self._free.set()
            if self._receiver is not None and self._transport is not None and not self._paused:
                self._transport.resume_reading()

    def end(self) -> None:
        """Send what is waiting, then FIN; on TLS close_notify, then close the connection."""
        if self._transport is None or self._lost or self._wrote_eof:
            return
        self._our_end(reset=False)
        if self._tls is not None:
            self._tls.say_goodbye()
            self._flush()
            self._transport.close()
        elif self._ended is not None:
            self._transport.close()
        elif self._transport.can_write_eof():
            # Where the peer's RST has come, there is no connection left to end; reading tells why.
            with contextlib.suppress(OSError):
                self._transport.write_eof()

    def close(self) -> None:
        """Send what is waiting and let go of the connection; FIN, in order."""
        if self._transport is not None and not self._lost:
            if self._tls is not None and not self._wrote_eof:
                self._tls.say_goodbye()
                self._flush()
            self._our_end(reset=False)
            self._transport.close()

    def abort(self) -> None:
        """Let go of the connection at once; the peer gets RST."""
        if self._transport is None or self._lost:
            return
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            # A linger time of zero makes close() send RST in place of FIN.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._our_end(reset=True)
        self._transport.abort()

    async def gone(self) -> None:
        """Wait until the connection is gone and its socket given back."""
        await self._gone.wait()

    async def secure(self) -> None:
        """Carry out the TLS handshake. Raises ssl.SSLError, or ConnectionError where it ended."""
        assert self._tls is not None
        assert self._transport is not None
        self._secured = asyncio.get_running_loop().create_future()
        if self._lost:
            raise self._loss or ConnectionResetError("the connection was lost")
        self._transport.resume_reading()
        self._handshake_step()
        try:
            await self._secured
        finally:
            if self._receiver is None and not self._lost:
                self._transport.pause_reading()

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.local = address_text(transport.get_extra_info("sockname"))
        self.remote = address_text(transport.get_extra_info("peername"))
        self._transport.pause_reading()

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, count: int) -> None:
        at = self.now()
        if self._tls is None:
            self._deliver(bytes(self._buffer[:count]), at)
            return
        self._tls.feed(self._buffer[:count])
        if not self._tls.established:
            self._handshake_step()
            if not self._tls.established:
                return
        self._read_plain(at)

    def eof_received(self) -> bool:
        at = self.now()
        if self._secured is not None and not self._secured.done():
            self._secured.set_exception(ConnectionError("the peer ended TCP during the TLS handshake"))
        if self._ended is None:
            self._tell_end(LinkEnd.FIN if self._tls is None else LinkEnd.TRUNCATED, at)
        if self._wrote_eof and self._transport is not None:
            self._transport.close()
        return True  # the receiver says when our side ends

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._loss = self._loss or exc
        self._writable.set()
        self._free.set()
        self._gone.set()
        if self._secured is not None and not self._secured.done():
            self._secured.set_exception(exc or ConnectionResetError("the connection was lost"))
        if self._receiver is not None and not self._early and not self._loss_told:
            self._tell_loss(self._receiver, exc)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # -- inside

    def _begin(self) -> None:
        """Tell the receiver what came before it was there, then read."""
        receiver = self._receiver
        assert receiver is not None
        if self._early:
            early, self._early = self._early, b""
            self._deliver(early, self.now())
        if self._ended is not None and not self._ended_told:
            self._tell_end(self._ended, self.now())
        if self._lost:
            if not self._loss_told:
                self._tell_loss(receiver, self._loss)
        elif self._transport is not None and not self._paused and not self._held:
            self._transport.resume_reading()

    def _deliver(self, data: bytes, at: int) -> None:
        if self._receiver is None:
            self._early += data
            return
        if self.tap is not None:
            self.tap.received(data, at)
        self._receiver.received(data, at)

    def _tell_end(self, how: LinkEnd, at: int) -> None:
        self._ended = how
        if self._receiver is not None and not self._early and not self._ended_told:
            self._ended_told = True
            if self.tap is not None:
                self.tap.ended(how, at)
            self._receiver.ended(how, at)

    def _tell_loss(self, receiver: Receiver, error: Exception | None) -> None:
        self._loss_told = True
        at = self.now()
        if self.tap is not None:
            self.tap.lost(error, at)
        receiver.lost(error, at)

    def _our_end(self, *, reset: bool) -> None:
        """Our side ends; said once, but for a FIN that a RST follows."""
        told = self._wrote_eof and not reset
        self._wrote_eof = True
        if self.tap is not None and not told:
            self.tap.we_ended(self.now(), reset=reset)

    def _read_plain(self, at: int) -> None:
        assert self._tls is not None
        data = self._tls.read()
        self._flush()  # answers to key updates, alerts
        if data:
            self._deliver(data, at)
        if self._tls.peer_said_goodbye and self._ended is None:
            self._tell_end(LinkEnd.CLOSE_NOTIFY, self.now() if data else at)
        if self._tls.broken is not None and self._transport is not None and not self._lost:
            self._loss = self._tls.broken
            if self._receiver is not None and not self._early and not self._loss_told:
                self._tell_loss(self._receiver, self._loss)
            self._transport.abort()

    def _handshake_step(self) -> None:
        assert self._tls is not None
        if self._tls.failed:
            return
        try:
            done = self._tls.handshake()
        except (ssl.SSLError, ValueError) as error:
            self._flush()  # the alert
            if self._secured is not None and not self._secured.done():
                self._secured.set_exception(error)
            return
        self._flush()
        if done and self._secured is not None and not self._secured.done():
            self._secured.set_result(None)

    def _flush(self) -> None:
        assert self._tls is not None
        data = self._tls.outgoing()
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


def address_text(name: object) -> str:
    """A socket's name as text: ``127.0.0.1:80``, ``[::1]:80``; empty where it is none."""
    if not isinstance(name, tuple):
        return ""
    host, port = name[0], name[1]
    return f"[{host}]:{port}" if len(name) == 4 else f"{host}:{port}"
