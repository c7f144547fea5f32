"""Frames as columns of integers: what the scanners write, the capture stores and the log reads."""

from array import array
from dataclasses import dataclass, field

FLAG_OUT = 0x01  # sent by this program
FLAG_MASKED = 0x02
FLAG_COMPRESSED = 0x04  # belongs to a compressed message (RSV1 on its first frame, negotiated)
FLAG_STARTS_MESSAGE = 0x08  # first frame of a text, binary or reserved-opcode message
FLAG_ENDS_MESSAGE = 0x10  # FIN of a data message
FLAG_SENTINEL = 0x20  # one more byte, 0xFF, follows the payload (hixie-75, hixie-76)


@dataclass(slots=True)
class FrameColumns:
    """Parallel columns, one entry a frame, in the order in which frames became complete.

    ``offset``: absolute byte offset of the frame's first byte in its direction's stream.
    ``header``: bytes before the payload, masking key included (0 to 255).
    ``length``: declared payload length in bytes; for LENGTH_TOP_BIT the 64 bits as declared.
    ``first``: FIN, RSV1-3 and opcode as RFC 6455 §5.2 lays them out and numbers them, whatever the
    dialect: for RFC 6455 the frame's first byte as it travelled, for others what it means.
    ``flags``: FLAG_* bits.  ``time``: ns, of the read that completed it (or of the write).
    ``message``: number of the message it belongs to, from 1 in each attempt, 0 for control.
    ``anomalies``: :class:`~wsinspector.protocol.anomalies.FrameAnomaly` bits.
    """

    offset: "array[int]" = field(default_factory=lambda: array("Q"))
    header: "array[int]" = field(default_factory=lambda: array("B"))
    length: "array[int]" = field(default_factory=lambda: array("Q"))
    first: "array[int]" = field(default_factory=lambda: array("B"))
    flags: "array[int]" = field(default_factory=lambda: array("B"))
    time: "array[int]" = field(default_factory=lambda: array("q"))
    message: "array[int]" = field(default_factory=lambda: array("I"))
    anomalies: "array[int]" = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        return len(self.first)

    def extend(self, other: "FrameColumns") -> None:
        """Append every entry of ``other``."""
        self.offset.extend(other.offset)
        self.header.extend(other.header)
        self.length.extend(other.length)
        self.first.extend(other.first)
        self.flags.extend(other.flags)
        self.time.extend(other.time)
        self.message.extend(other.message)
        self.anomalies.extend(other.anomalies)
