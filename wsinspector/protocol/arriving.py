"""What a scanner is told and what it tells apart from its columns: shared by scanner and policy."""

from dataclasses import dataclass
from typing import NamedTuple

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.deflate import LIMIT, DeflateParameters


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the handshake agreed on that changes how frames are read.

    ``dialect``: the name of the dialect whose frames travel (:mod:`wsinspector.protocol.dialects`).
    ``deflate``: None where nothing is compressed. ``per_frame``: each frame is deflated for itself
    (deflate-frame) and not each message. ``connection_key``: hybi-04 alone, 20 bytes that every
    frame of the client is masked with, made of both sides' nonces; else empty. ``void``: the extension
    that was offered and answered, but with an answer that is not valid, so that it is not agreed; else "".
    ``inflate_limit``: bytes a message may inflate to, which we set and nobody agreed on; it stands here as
    it changes how frames are read.
    """

    deflate: DeflateParameters | None = None
    dialect: str = "rfc6455"
    per_frame: bool = False
    connection_key: bytes = b""
    void: str = ""
    inflate_limit: int = LIMIT


NOTHING_AGREED = Agreed()


@dataclass(slots=True)
class Numbering:
    """The last numbers given in one attempt, shared by its two directions' scanners.

    ``messages``: given as a message begins. ``frames``: given as a frame becomes complete,
    in the order of the ``feed`` calls of both directions; frame numbers begin at 1.
    """

    messages: int = 0
    frames: int = 0


MessageNumbering = Numbering


@dataclass(frozen=True, slots=True)
class PendingFrame:
    """A frame of which some bytes are here.

    ``offset``: of its first byte in the stream. ``header``: the header's bytes so far.
    ``header_len``: 0 until the header is whole; then ``length`` is as declared, and ``have``
    counts payload bytes that came. ``endless``: every later byte of the stream is its payload.
    ``flags``, ``message``, ``anomalies`` as in the columns, as far as known. ``bad_at``: offset in the
    message's text of its first bad byte. ``began_at``: ns, of the read with the first byte.
    """

    offset: int
    header: bytes
    header_len: int
    length: int
    have: int
    first: int
    flags: int
    message: int
    anomalies: FrameAnomaly
    endless: bool
    bad_at: int | None
    began_at: int


class Attention(NamedTuple):
    """A frame, whole or still arriving, that an endpoint has to react to.

    ``number``: its frame number, 0 while ``complete`` is False. ``first``: its first byte.
    ``payload``: unmasked, of a control frame, at most 125 bytes (64 KiB where the dialect knows no
    limit). ``length``: as declared.
    ``message``, ``bad_at``: as in :class:`PendingFrame`. ``message_opcode``, ``message_payload``: of the
    message that this frame ends, joined and inflated; 0 and empty where nobody asked for it or where it
    cannot be known. ``message_end``: that message has no fault.
    """

    number: int
    offset: int
    first: int
    length: int
    payload: bytes
    anomalies: FrameAnomaly
    complete: bool
    at: int
    message: int = 0
    bad_at: int | None = None
    message_end: bool = False
    message_opcode: int = 0
    message_payload: bytes = b""

    @property
    def opcode(self) -> int:
        return self.first & 0x0F

    @property
    def fin(self) -> bool:
        return bool(self.first & 0x80)
