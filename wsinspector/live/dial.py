"""Open a connection step by step, each step timed, its failure explained, and cancellable."""

import asyncio
import errno
import os
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Literal, Protocol

from wsinspector.live.dialled import note_dialled
from wsinspector.live.resolve import ResolvedAddress, resolve
from wsinspector.live.threads import in_daemon_thread
from wsinspector.live.tls import TlsSettings, TlsStream, client_context, recognise_record
from wsinspector.live.tls_failure import why_tls_failed
from wsinspector.live.transport import Link

Step = Literal["lookup", "tcp", "tls"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: what the URL names, and what is really dialled.

    ``connect_to`` is the address and port dialled in place of ``host`` and ``port``; a port of 0
    keeps the URL's. ``tls`` None means plain TCP.
    """

    host: str
    port: int
    connect_to: tuple[str, int] | None = None
    tls: TlsSettings | None = None

    @property
    def dialled(self) -> tuple[str, int]:
        if self.connect_to is None:
            return self.host, self.port
        host, port = self.connect_to
        return host, port or self.port


class DialObserver(Protocol):
    """Who is told how far dialling has come; ``at`` is monotonic ns."""

    def looked_up(self, addresses: tuple[ResolvedAddress, ...], at: int) -> None: ...
    def connecting(self, address: ResolvedAddress, at: int) -> None: ...
    def connected(self, address: ResolvedAddress, at: int) -> None: ...
    def secured(self, stream: TlsStream, at: int) -> None: ...


class Unobserved:
    """An observer for callers who only want the link."""

    def looked_up(self, addresses: tuple[ResolvedAddress, ...], at: int) -> None: ...
    def connecting(self, address: ResolvedAddress, at: int) -> None: ...
    def connected(self, address: ResolvedAddress, at: int) -> None: ...
    def secured(self, stream: TlsStream, at: int) -> None: ...


class DialError(Exception):
    """Dialling failed at ``step``; ``str()`` is one sentence for a person.

    ``plain_answer`` holds what came back where the port turned out not to speak TLS.
    ``unverified`` is True where only the verification of the certificate failed.
    """

    def __init__(self, step: Step, text: str, *, plain_answer: bytes = b"", unverified: bool = False) -> None:
        super().__init__(text)
        self.step = step
        self.plain_answer = plain_answer
        self.unverified = unverified


def network_reason(error: BaseException) -> str:
    """What ``error`` of the socket layer means, without its number and Python's name for it."""
    if isinstance(error, TimeoutError) and error.errno is None:
        return "no answer within the time"
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).replace("_", " ").lower()
    if isinstance(error, OSError) and error.errno is not None:
        known = {
            errno.ECONNREFUSED: "the port is closed (connection refused)",
            errno.EHOSTUNREACH: "no route to the host",
            errno.ENETUNREACH: "no route to the network",
            errno.ETIMEDOUT: "no answer within the time",
            errno.ECONNRESET: "the peer reset the connection (RST)",
            errno.EADDRNOTAVAIL: "this address cannot be reached from here",
        }
        return known.get(error.errno) or os.strerror(error.errno).lower()
    return str(error) or type(error).__name__


async def dial(target: Target, observer: DialObserver | None = None, *, within: float = 10.0) -> Link:
    """A connected link that does not read yet; addresses are tried in order until one answers.

    ``within`` is seconds over all steps; an address that does not answer leaves its share to
    those after it. Raises DialError, or TimeoutError where a look-up or TLS took too long.
    Cancelling releases everything at once.
    """
    observer = observer or Unobserved()
    async with asyncio.timeout(within) as limit:
        deadline = limit.when() or 0.0
        host, port = target.dialled
        try:
            addresses = await resolve(host, port)
        except (OSError, ValueError) as error:
            raise DialError("lookup", f"The name {host} was not found: {_name_reason(error)}.") from error
        if not addresses:
            raise DialError("lookup", f"The name {host} has no address.")
        observer.looked_up(addresses, time.monotonic_ns())
        # Reading the authorities takes longer than many a look-up and is no part of it.
        context = await context_for(target.tls) if target.tls is not None else None
        sock, address = await _connect_first(addresses, observer, deadline)
        stream = None
        if target.tls is not None and context is not None:
            stream = _stream(context, target, sock)
        return await _adopt(sock, address, stream, observer)


async def dial_address(
    address: ResolvedAddress,
    target: Target,
    observer: DialObserver | None = None,
    *,
    within: float = 10.0,
    context: ssl.SSLContext | None = None,
) -> Link:
    """As :func:`dial`, to one resolved address and no other.

    ``context``: of :func:`context_for` for the target's TLS, so that many connections read the
    authorities once.
    """
    observer = observer or Unobserved()
    async with asyncio.timeout(within) as limit:
        observer.looked_up((address,), time.monotonic_ns())
        if context is None and target.tls is not None:
            context = await context_for(target.tls)
        sock, _ = await _connect_first((address,), observer, limit.when() or 0.0)
        stream = None
        if context is not None:
            stream = _stream(context, target, sock)
        return await _adopt(sock, address, stream, observer)


async def context_for(settings: TlsSettings) -> ssl.SSLContext:
    """What TLS needs to verify a peer, read outside the loop's thread. Raises DialError."""
    try:
        return await in_daemon_thread(lambda: client_context(settings), "authorities")
    except (OSError, ValueError) as error:
        name = settings.ca_file or "the authority"
        reason = network_reason(error) if not isinstance(error, ssl.SSLError) else "it holds no certificate"
        raise DialError("tls", f"The CA file {name} cannot be used: {reason}.") from error


def _stream(context: ssl.SSLContext, target: Target, sock: socket.socket) -> TlsStream:
    assert target.tls is not None
    name = (target.tls.sni or target.host).partition("%")[0]
    try:
        return TlsStream(context, server_name=name)
    except (ValueError, UnicodeError) as error:
        sock.close()
        raise DialError("tls", f"{name!r} cannot be a server name in TLS: {error}.") from error


async def _connect_first(
    addresses: tuple[ResolvedAddress, ...], observer: DialObserver, deadline: float
) -> tuple[socket.socket, ResolvedAddress]:
    loop = asyncio.get_running_loop()
    failures: list[tuple[ResolvedAddress, BaseException]] = []
    for index, address in enumerate(addresses):
        observer.connecting(address, time.monotonic_ns())
        last = index == len(addresses) - 1
        share = (deadline - loop.time()) / (len(addresses) - index)
        try:
            async with asyncio.timeout(None if last else share):
                sock = await _connect(address)
        except OSError as error:
            failures.append((address, error))
            continue
        observer.connected(address, time.monotonic_ns())
        return sock, address
    tried = "; ".join(f"{address}: {network_reason(error)}" for address, error in failures)
    raise DialError("tcp", f"No TCP connection. {tried}.") from failures[-1][1]


async def _connect(address: ResolvedAddress) -> socket.socket:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, address.sockaddr)
        note_dialled(sock)
    except BaseException:
        sock.close()
        raise
    return sock


async def _adopt(
    sock: socket.socket, address: ResolvedAddress, stream: TlsStream | None, observer: DialObserver
) -> Link:
    link = Link(stream)
    try:
        await asyncio.get_running_loop().create_connection(lambda: link, sock=sock)
    except BaseException:
        sock.close()
        raise
    if stream is not None:
        try:
            await link.secure()
        except (ssl.SSLError, OSError, ValueError) as error:
            link.close()
            raise _tls_error(stream, address, error) from error
        except BaseException:
            link.abort()
            raise
        observer.secured(stream, time.monotonic_ns())
    return link


def _tls_error(stream: TlsStream, address: ResolvedAddress, error: BaseException) -> DialError:
    first = stream.first_bytes
    if first and recognise_record(first) is None:
        return DialError(
            "tls",
            f"{address} does not speak TLS: it answered in plain text. Try ws://.",
            plain_answer=first,
        )
    if isinstance(error, ssl.SSLError):
        unverified = isinstance(error, ssl.SSLCertVerificationError)
        return DialError("tls", why_tls_failed(error, stream.name), unverified=unverified)
    return DialError("tls", f"TLS did not come to be: {network_reason(error)}.")


def _name_reason(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        known = {
            socket.EAI_NONAME: "no such name",
            socket.EAI_AGAIN: "the name server did not answer",
            socket.EAI_FAIL: "the name server refused",
        }
        return known.get(error.errno or 0) or str(error.strerror)
    return "it is not a valid name"
