"""The rules a single frame can break by itself, each as one small function."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.close_body import CLOSE_MARKER
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts, may_send_in
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
    compressible = (0, 1, 2) if agreed.per_frame else (1, 2)
    if first & RSV1_BIT and (agreed.deflate is None or opcode not in compressible):
        found |= FrameAnomaly.RSV1
    if first & RSV2_BIT:
        found |= FrameAnomaly.RSV2
    if first & RSV3_BIT:
        found |= FrameAnomaly.RSV3
    if opcode & CONTROL_BIT and not first & FIN_BIT:
        found |= FrameAnomaly.CONTROL_FRAGMENTED
    return found


def close_anomalies(
    body: bytes, sender: Role, *, whole: bool = True, dialect: str = "rfc6455"
) -> FrameAnomaly:
    """What is wrong with a Close frame's body (§5.5.1, §7.4); ``whole`` False: only its start is here."""
    facts = frame_facts(dialect)
    if facts.close is CloseStyle.MARKER:
        return FrameAnomaly.NONE if body == CLOSE_MARKER[sender] else FrameAnomaly.CLOSE_MARKER
    if not body or facts.close is not CloseStyle.CODES:
        return FrameAnomaly.NONE
    if len(body) == 1:
        return FrameAnomaly.CLOSE_BODY_ONE_BYTE
    found = FrameAnomaly.NONE
    if not may_send_in(dialect, int.from_bytes(body[:2], "big"), sender):
        found |= FrameAnomaly.CLOSE_CODE_FORBIDDEN
    checker = Utf8Checker()
    bad = checker.feed(body[2:])
    if bad is not None or (whole and checker.end() is not None):
        found |= FrameAnomaly.CLOSE_REASON_NOT_UTF8
    return found
