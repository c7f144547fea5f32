"""A plain TCP connection for one short exchange, without a transport: where hundreds are opened in a row."""

import asyncio
import errno
import os
import socket
import struct
import time

from wsinspector.live.dialled import note_dialled
from wsinspector.live.resolve import ResolvedAddress
from wsinspector.live.transport import LinkEnd, Receiver

READ_BYTES = 65536


class BriefLink:
    """One connection; as :class:`~wsinspector.live.transport.Link` to its receiver, on the loop's thread."""

    def __init__(self, sock: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._sock = sock
        # The number and not the socket: the loop's errors, caught within it, would print the socket.
        self._number = sock.fileno()
        self._writes = self._reads = False
        self._receiver: Receiver | None = None
        self._waiting = b""
        self._last = 0
        self.closed = False

    @property
    def waiting_bytes(self) -> int:
        """Bytes written that the kernel has not taken yet."""
        return len(self._waiting)

    def now(self) -> int:
        """A time stamp later than every one before it on this link."""
        self._last = max(time.monotonic_ns(), self._last + 1)
        return self._last

    def start(self, receiver: Receiver) -> None:
        """Read from now on, in later turns of the loop."""
        self._receiver = receiver
        if not self.closed:
            self._reads = True
            self._loop.add_reader(self._number, self._read)

    def write(self, data: bytes) -> None:
        """Send ``data`` after everything written before."""
        if self.closed:
            return
        self._waiting += data
        self._send()
        if self._waiting and not self._writes:
            self._writes = True
            self._loop.add_writer(self._number, self._send)

    def close(self) -> None:
        """Let go of the connection; FIN where nothing lies unread."""
        if not self.closed:
            self.closed = True
            self._stop_reading()
            self._stop_writing()
            self._sock.close()

    def abort(self) -> None:
        """Let go of the connection at once; the peer gets RST."""
        if not self.closed:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close()

    def _send(self) -> None:
        try:
            sent = self._sock.send(self._waiting)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            # Why is told by the reading side, behind what had still come.
            self._waiting = b""
            self._stop_writing()
            return
        self._waiting = self._waiting[sent:]
        if not self._waiting:
            self._stop_writing()

    def _stop_reading(self) -> None:
        if self._reads:
            self._reads = False
            self._loop.remove_reader(self._number)

    def _stop_writing(self) -> None:
        if self._writes:
            self._writes = False
            self._loop.remove_writer(self._number)

    def _read(self) -> None:
        receiver = self._receiver
        assert receiver is not None
        try:
            data = self._sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self.close()
            receiver.lost(error, self.now())
            return
        if data:
            receiver.received(data, self.now())
            return
        self._stop_reading()
        receiver.ended(LinkEnd.FIN, self.now())


async def connect_briefly(address: ResolvedAddress, within: float) -> BriefLink:
    """A connected link that does not read yet. Raises OSError, or TimeoutError after ``within`` seconds."""
    sock = socket.socket(address.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        code = sock.connect_ex(address.sockaddr)
        if code == errno.EINPROGRESS:
            # On loopback it is there by now, and asking again costs less than waiting to be told.
            code = sock.connect_ex(address.sockaddr)
        if code == errno.EALREADY:
            await _writable(sock, within)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code == errno.EISCONN:
            code = 0
        if code:
            raise OSError(code, os.strerror(code))
        note_dialled(sock)
        return BriefLink(sock)
    except BaseException:
        sock.close()
        raise


async def _writable(sock: socket.socket, within: float) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def connected() -> None:
        if not ready.done():
            ready.set_result(None)

    def too_late() -> None:
        if not ready.done():
            ready.set_exception(TimeoutError())

    loop.add_writer(sock.fileno(), connected)
    timer = loop.call_later(within, too_late)
    try:
        await ready
    finally:
        timer.cancel()
        loop.remove_writer(sock.fileno())
