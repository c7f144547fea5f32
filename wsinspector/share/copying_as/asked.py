"""What a request and its options ask for, taken apart for a client that writes most of it itself."""

import re
from dataclasses import dataclass

from wsinspector.conversation.options import Options
from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.draft import Draft, DraftLine

_OWN = {
    b"host", b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version",
    b"sec-websocket-protocol", b"sec-websocket-extensions", b"origin", b"user-agent",
}  # fmt: skip
"""Lines that clients write by themselves or have an option for, in lower case."""

_KEY = re.compile(rb"[A-Za-z0-9+/]{21}[AQgw]==\Z")
_TEXT = re.compile(r"[\t\x20-\x7e\x80-\U0010ffff]*\Z")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of ``address`` (target included) with ``options``; ``request`` are its very bytes."""

    address: Address
    request: bytes
    draft: Draft
    options: Options

    @property
    def url(self) -> str:
        """The address with the target that the request asks for, without its user."""
        scheme, host = self.address.scheme, self.address.host_header.decode("ascii", "replace")
        target = self.draft.target.decode("utf-8", "surrogateescape") if self.draft.is_head else "/"
        return f"{scheme}://{host}{target if target.startswith('/') else ''}"

    def named(self, name: bytes) -> list[DraftLine]:
        """The lines that are sent and named ``name``, in order."""
        return [line for line in self.sent if line.is_named(name)]

    def values(self, name: bytes) -> list[bytes]:
        return [line.value for line in self.named(name)]

    @property
    def sent(self) -> list[DraftLine]:
        return [line for line in self.draft.lines if line.enabled]

    @property
    def others(self) -> list[DraftLine]:
        """The lines that no client writes unasked, in order."""
        return [line for line in self.sent if line.name.strip().lower() not in _OWN]

    @property
    def subprotocols(self) -> list[bytes]:
        """The offered subprotocols, of all lines."""
        parts = b",".join(self.values(b"Sec-WebSocket-Protocol")).split(b",")
        return [part.strip() for part in parts if part.strip()]

    @property
    def version(self) -> bytes | None:
        """The value of the one version line; None where there is another number of them."""
        found = self.values(b"Sec-WebSocket-Version")
        return found[0] if len(found) == 1 else None

    @property
    def dialled(self) -> tuple[str, int] | None:
        """Host and port that are dialled instead of the address's; None where they are the address's."""
        to = self.options.connect_to.strip()
        if not to:
            return None
        if to.count(":") > 1 and not to.startswith("["):
            return to, self.address.port
        found = understand(f"ws://{to}")
        named = to.rpartition("]")[2].count(":") == 1
        return found.host, found.port if named else self.address.port

    # -- in which way it is out of the ordinary

    @property
    def ordinary_start(self) -> bool:
        """Whether the request line is that of a WebSocket client."""
        expected = b"GET " + self.draft.target + b" HTTP/1.1"
        return self.draft.is_head and self.draft.request_line == expected

    @property
    def ordinary_form(self) -> bool:
        """Whether separators, line endings and the blank line are as everybody writes them."""
        draft = self.draft
        ends = draft.request_ending == draft.terminator == b"\r\n"
        lines = all(line.between == b": " and line.ending == b"\r\n" for line in self.sent)
        return ends and lines and draft.is_head

    @property
    def ordinary_host(self) -> bool:
        return self.values(b"Host") == [self.address.host_header]

    @property
    def ordinary_upgrade(self) -> bool:
        upgrade = [value.lower() for value in self.values(b"Upgrade")]
        connection = [value.lower() for value in self.values(b"Connection")]
        return upgrade == [b"websocket"] and connection == [b"upgrade"]

    @property
    def ordinary_key(self) -> bool:
        found = self.values(b"Sec-WebSocket-Key")
        return len(found) == 1 and _KEY.match(found[0]) is not None


def read(url: str, request: bytes, options: Options) -> Asked:
    """``request`` as it would be sent to ``url``."""
    return Asked(understand(url), request, Draft.from_bytes(request), options)


def text_of(value: bytes) -> str | None:
    """``value`` as text that can stand in a program or a command; None where it cannot."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if _TEXT.match(text) else None
