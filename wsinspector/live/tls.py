"""TLS over memory buffers, so that every byte of a failed handshake can still be looked at."""

import ipaddress
import ssl
from dataclasses import dataclass

FIRST_BYTES = 4096
"""How much of what the peer said first is kept for recognising it."""

READ_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """How to secure a connection we open.

    ``sni`` is sent as server name and checked against the certificate; empty: the host of the
    URL. ``ca_file`` replaces the system's authorities, ``ca_pem`` too and needs no file.
    """

    verify: bool = True
    ca_file: str = ""
    ca_pem: str = ""
    sni: str = ""
    alpn: tuple[str, ...] = ("http/1.1",)


def client_context(settings: TlsSettings) -> ssl.SSLContext:
    """The context for ``settings``. Raises OSError or ssl.SSLError where a CA cannot be loaded.

    Reads the system's authorities from disk: tens of milliseconds, not for the loop's thread.
    """
    if settings.ca_file or settings.ca_pem:
        context = ssl.create_default_context(cafile=settings.ca_file or None, cadata=settings.ca_pem or None)
    elif settings.verify:
        context = ssl.create_default_context()
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.alpn:
        context.set_alpn_protocols(list(settings.alpn))
    return context


class TlsStream:
    """One side of a TLS connection: encrypted bytes in and out, plain bytes in and out."""

    def __init__(
        self, context: ssl.SSLContext, *, server_side: bool = False, server_name: str | None = None
    ) -> None:
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._object = context.wrap_bio(
            self._in, self._out, server_side=server_side, server_hostname=server_name
        )
        self.server_side = server_side
        self.name = server_name or ""
        self.verified = context.verify_mode != ssl.CERT_NONE
        self.sni = "" if server_name is None or _is_address(server_name) else server_name
        """The server name that was sent; an address is checked but never sent (RFC 6066 §3)."""
        self.established = False
        self.failed = False
        self.broken: ssl.SSLError | None = None
        self.peer_said_goodbye = False
        self.first_bytes = b""
        """The first bytes of the peer as they travelled, at most FIRST_BYTES."""

    @property
    def ssl_object(self) -> ssl.SSLObject:
        return self._object

    def feed(self, data: bytes | memoryview) -> None:
        """Take encrypted bytes from the peer."""
        if len(self.first_bytes) < FIRST_BYTES and not self.established:
            self.first_bytes += bytes(data[: FIRST_BYTES - len(self.first_bytes)])
        self._in.write(data)

    def outgoing(self) -> bytes:
        """Encrypted bytes to be sent to the peer."""
        return self._out.read() if self._out.pending else b""

    def handshake(self) -> bool:
        """Go on with the handshake; True once it is done. Raises ssl.SSLError where it fails."""
        try:
            self._object.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError:
            self.failed = True
            raise
        self.established = True
        return True

    def read(self) -> bytes:
        """Every plain byte that can be had now; a broken record is told by ``broken``."""
        pieces: list[bytes] = []
        try:
            while piece := self._object.read(READ_PIECE):
                pieces.append(piece)
            self.peer_said_goodbye = True
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            self.peer_said_goodbye = True
        except ssl.SSLError as error:
            self.broken = error
            self.failed = True
        return b"".join(pieces)

    def write(self, data: bytes) -> None:
        """Encrypt ``data``; take the result with :meth:`outgoing`."""
        view = memoryview(data)
        while view:
            view = view[self._object.write(view) :]

    def say_goodbye(self) -> None:
        """Put close_notify behind what was written."""
        if not self.established or self.failed:
            return
        try:
            self._object.unwrap()
        except ssl.SSLError:
            return  # the peer's close_notify is not waited for


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


_RECORDS = {20: "change_cipher_spec", 21: "alert", 22: "handshake", 23: "application data"}


def recognise_record(data: bytes) -> str | None:
    """The kind of TLS record ``data`` begins with (RFC 8446 §5.1), None where it is none."""
    if len(data) >= 3 and data[0] in _RECORDS and data[1] == 3 and data[2] <= 4:
        return _RECORDS[data[0]]
    return None
