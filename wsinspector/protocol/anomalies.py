"""What can be wrong with a frame: a bit each, so that a column of integers can hold them."""

import enum


class FrameAnomaly(enum.IntFlag):
    """Facts about a frame that a conforming peer would not send (RFC 6455 unless said)."""

    NONE = 0
    RESERVED_OPCODE = 1 << 0  # §5.2
    RSV1 = 1 << 1  # §5.2: set without a negotiated meaning, or where RFC 7692 §6.1 forbids it
    RSV2 = 1 << 2  # §5.2
    RSV3 = 1 << 3  # §5.2
    UNMASKED = 1 << 4  # §5.1: a client's frame without masking
    MASKED = 1 << 5  # §5.1: a server's frame with masking
    LENGTH_NOT_MINIMAL = 1 << 6  # §5.2
    LENGTH_TOP_BIT = 1 << 7  # §5.2: 64-bit length with its most significant bit set
    CONTROL_TOO_LONG = 1 << 8  # §5.5
    CONTROL_FRAGMENTED = 1 << 9  # §5.5
    STRAY_CONTINUATION = 1 << 10  # §5.4
    INTERLEAVED_DATA = 1 << 11  # §5.4: a new data frame inside a fragmented message
    CLOSE_BODY_ONE_BYTE = 1 << 12  # §5.5.1
    CLOSE_CODE_FORBIDDEN = 1 << 13  # §7.4: a code that must not be sent, or not by this side
    CLOSE_REASON_NOT_UTF8 = 1 << 14  # §5.5.1
    BAD_UTF8 = 1 << 15  # §8.1: this frame holds the first bad byte of a text message
    INFLATE_FAILED = 1 << 16  # RFC 7692 §6.2
    INFLATE_LIMIT = 1 << 17  # the limit set here, not a fault of the peer
    AFTER_CLOSE = 1 << 18  # §5.5.1: a data frame sent after a Close frame
    ZERO_MASKING_KEY = 1 << 19  # §5.3
    REPEATED_MASKING_KEY = 1 << 20  # §5.3: same key as the frame before
    TRUNCATED = 1 << 21  # the stream ended inside this frame
    TOO_BIG = 1 << 22  # the limit set here (1009), not a fault of the peer
    RSV4 = 1 << 23  # hybi-01 to 06: the second byte's top bit, which later became MASK
    CLOSE_MARKER = 1 << 24  # hybi-05: a Close frame whose one byte is not its sender's


FAILING = (
    FrameAnomaly.RESERVED_OPCODE
    | FrameAnomaly.RSV1
    | FrameAnomaly.RSV2
    | FrameAnomaly.RSV3
    | FrameAnomaly.UNMASKED
    | FrameAnomaly.MASKED
    | FrameAnomaly.LENGTH_NOT_MINIMAL
    | FrameAnomaly.LENGTH_TOP_BIT
    | FrameAnomaly.CONTROL_TOO_LONG
    | FrameAnomaly.CONTROL_FRAGMENTED
    | FrameAnomaly.STRAY_CONTINUATION
    | FrameAnomaly.INTERLEAVED_DATA
    | FrameAnomaly.CLOSE_BODY_ONE_BYTE
    | FrameAnomaly.CLOSE_CODE_FORBIDDEN
    | FrameAnomaly.CLOSE_REASON_NOT_UTF8
    | FrameAnomaly.BAD_UTF8
    | FrameAnomaly.INFLATE_FAILED
    | FrameAnomaly.TOO_BIG
)
"""The anomalies for which a conforming endpoint of RFC 6455 fails the connection.

Older dialects fail for fewer: :mod:`wsinspector.protocol.frame_facts`.
"""
