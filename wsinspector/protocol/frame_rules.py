"""The rules a single frame can break by itself, each as one small function."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.closecodes import may_send
from wsinspector.protocol.messages import Utf8Checker
from wsinspector.protocol.opcodes import (
    CONTROL_BIT,
    FIN_BIT,
    OPCODES,
    RSV1_BIT,
    RSV2_BIT,
    RSV3_BIT,
)
from wsinspector.protocol.spans import Role


def first_byte_anomalies(first: int, agreed: Agreed) -> FrameAnomaly:
    """What is wrong with a first byte whatever follows it (§5.2, §5.5; RFC 7692 §6.1)."""
    found = FrameAnomaly.NONE
    opcode = first & 0x0F
    if not OPCODES[opcode].defined:
        found |= FrameAnomaly.RESERVED_OPCODE
    if first & RSV1_BIT and (agreed.deflate is None or opcode not in (1, 2)):
        found |= FrameAnomaly.RSV1
    if first & RSV2_BIT:
        found |= FrameAnomaly.RSV2
    if first & RSV3_BIT:
        found |= FrameAnomaly.RSV3
    if opcode & CONTROL_BIT and not first & FIN_BIT:
        found |= FrameAnomaly.CONTROL_FRAGMENTED
    return found


def close_anomalies(body: bytes, sender: Role, *, whole: bool = True) -> FrameAnomaly:
    """What is wrong with a Close frame's body (§5.5.1, §7.4); ``whole`` False: it was cut at 125 bytes."""
    if not body:
        return FrameAnomaly.NONE
    if len(body) == 1:
        return FrameAnomaly.CLOSE_BODY_ONE_BYTE
    found = FrameAnomaly.NONE
    if not may_send(int.from_bytes(body[:2], "big"), sender):
        found |= FrameAnomaly.CLOSE_CODE_FORBIDDEN
    checker = Utf8Checker()
    bad = checker.feed(body[2:])
    if bad is not None or (whole and checker.end() is not None):
        found |= FrameAnomaly.CLOSE_REASON_NOT_UTF8
    return found
