"""The one interface of every way in which frames ever lay on the wire."""

from dataclasses import dataclass
from typing import Protocol

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed, Attention, Numbering, PendingFrame
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.explain import FrameDetail
from wsinspector.protocol.spans import Direction, Role


class Scanner(Protocol):
    """One direction's bytes into frame columns, cut anywhere, whatever they are; never raises.

    As :class:`~wsinspector.protocol.scanner.Rfc6455Scanner`, which says what each member does.
    Opcodes, FIN and RSV bits come out in RFC 6455's numbering (see :class:`FrameColumns`).
    """

    direction: Direction
    sender: Role
    agreed: Agreed
    attention: list[Attention]

    @property
    def position(self) -> int: ...

    @property
    def closed(self) -> bool: ...

    @property
    def between_messages(self) -> bool: ...

    @property
    def open_message(self) -> int: ...

    @property
    def pending(self) -> PendingFrame | None: ...

    def checkpoint(self) -> bytes | None: ...

    def take(self) -> FrameColumns: ...

    def drain(self) -> list[Attention]: ...

    def tell_messages(self, on: bool) -> None: ...

    def stop_counting(self) -> None: ...

    def feed(self, data: bytes, at: int) -> None: ...

    def end(self, at: int) -> None: ...


class MakesScanner(Protocol):
    """A scanner's class; arguments as of :class:`~wsinspector.protocol.frame_scanner.FrameScanner`."""

    def __call__(
        self,
        direction: Direction,
        sender: Role,
        *,
        agreed: Agreed,
        numbering: Numbering | None = None,
        start: int = 0,
        max_message: int | None = None,
        message_events: bool = False,
        stop_at_fault: bool = False,
        inflate_limit: int = LIMIT,
        inflater_window: bytes = b"",
    ) -> Scanner: ...


@dataclass(frozen=True, slots=True)
class Abilities:
    """What can be said in a framing at all.

    ``close``: there is a closing frame. ``close_codes``: its body holds a code and a reason.
    ``masked``: the client's frames are masked. ``opcodes``: any of the sixteen can be written.
    """

    binary: bool = True
    fragments: bool = True
    ping: bool = True
    close: bool = True
    close_codes: bool = True
    masked: bool = True
    opcodes: bool = True


class Framing(Protocol):
    """A family of frame layouts. Opcodes are RFC 6455's, whatever numbers travel.

    ``agreed`` carries what the handshake settled: the dialect within the family among it.
    """

    name: str

    def abilities(self, agreed: Agreed) -> Abilities: ...

    @property
    def scanner(self) -> MakesScanner:
        """Makes what reads one direction."""
        ...

    def encode(
        self,
        opcode: int,
        payload: bytes,
        *,
        sender: Role,
        agreed: Agreed,
        key: bytes | None = None,
        fin: bool = True,
        rsv: int = 0,
        length_form: int | None = None,
        declared: int | None = None,
    ) -> bytes:
        """The bytes of one frame, also of one that no conforming peer would send.

        ``key``: the four bytes of a masking key or frame nonce, None sends the frame unmasked; a
        framing that never masks leaves it unused. ``rsv``: 0 to 7 (0 to 15 with RSV4 as 8 where
        the layout has one). Raises ValueError, in words for the person who asked, where the layout
        cannot hold it: a ping in hixie-76, a masking key of three bytes.
        """
        ...

    def unmask(self, header: bytes, payload: bytes, start: int, *, sender: Role, agreed: Agreed) -> bytes:
        """Payload bytes from payload offset ``start`` on, as the sender had them.

        ``header``: the frame's header as it travelled, whole. Bytes that are not masked come back
        as they are.
        """
        ...

    def plain_header(self, header: bytes, *, sender: Role, agreed: Agreed) -> bytes:
        """The header as the sender had it, where masking covers the header too; else ``header``."""
        ...

    def explain(
        self,
        head_bytes: bytes,
        *,
        sender: Role,
        agreed: Agreed,
        anomalies: FrameAnomaly = FrameAnomaly.NONE,
        payload_available: int | None = None,
        length: int | None = None,
        compressed: bool = False,
    ) -> FrameDetail:
        """Explain a frame by its first bytes, as it travelled, in its own layout.

        Arguments as of :func:`~wsinspector.protocol.explain.explain_frame`. ``length``: payload bytes,
        where the header does not tell them (a sentinel frame).
        """
        ...

    def close_body(self, code: int | None, reason: str, *, sender: Role, agreed: Agreed) -> bytes:
        """What a closing frame holds; empty where the layout knows no codes."""
        ...

    def close_code(self, body: bytes, *, agreed: Agreed) -> int | None:
        """The code in a closing frame's body, None where it holds none."""
        ...
