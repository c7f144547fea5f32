"""What a Close frame holds, read and written, in the forms it had over the years (RFC 6455 §5.5.1)."""

from dataclasses import dataclass

from wsinspector.protocol.opcodes import MAX_CONTROL_PAYLOAD
from wsinspector.protocol.spans import Role

CLOSE_MARKER = {Role.SERVER: b"S", Role.CLIENT: b"C"}
"""The one byte in a Close frame of hybi-05; the client's is not confirmed against the draft's text."""


@dataclass(frozen=True, slots=True)
class CloseBody:
    """A Close frame's body; ``code`` is None where it was empty or one byte.

    In a dialect that knows no codes ``reason`` is the whole body.
    """

    code: int | None
    reason: bytes


def read_close_body(body: bytes) -> CloseBody:
    return CloseBody(int.from_bytes(body[:2], "big") if len(body) >= 2 else None, bytes(body[2:]))


def write_close_body(code: int | None, reason: str = "") -> bytes:
    """A Close frame's body of at most 125 bytes; a longer reason is cut between characters."""
    if code is None:
        return b""
    room = MAX_CONTROL_PAYLOAD - 2
    cut = reason.encode()[:room].decode(errors="ignore").encode()
    return code.to_bytes(2, "big") + cut
