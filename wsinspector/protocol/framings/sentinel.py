"""hixie-75 and 76: text between 00 and FF, and a length of any size for what nobody reads."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.frame_detail import FrameDetail
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.framings.framing import Abilities
from wsinspector.protocol.framings.sentinel_explanation import explain_sentinel
from wsinspector.protocol.framings.sentinel_scanner import LENGTH_BIT, SENTINEL, TEXT_TYPE, SentinelScanner
from wsinspector.protocol.opcodes import BINARY, CLOSE, OPCODES, TEXT
from wsinspector.protocol.spans import Role

LENGTH_TYPE = LENGTH_BIT
"""Any type with this bit would do; this one is taken for binary data."""

CLOSING = b"\xff\x00"


def base128(length: int) -> bytes:
    """``length`` in groups of seven bits, the highest first, the top bit set on all but the last."""
    if length < 0:
        raise ValueError("a length is not negative")
    groups = [length & 0x7F]
    while length := length >> 7:
        groups.append(length & 0x7F | 0x80)
    return bytes(reversed(groups))


class SentinelFraming:
    """As :class:`~wsinspector.protocol.framings.framing.Framing` says."""

    name = "sentinel"
    scanner = SentinelScanner

    def abilities(self, agreed: Agreed) -> Abilities:
        return Abilities(
            binary=False,
            fragments=False,
            ping=False,
            close=frame_facts(agreed.dialect).close is not CloseStyle.NONE,
            close_codes=False,
            masked=False,
            opcodes=False,
        )

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
        del sender, key, length_form
        name = agreed.dialect
        if rsv or not fin:
            raise ValueError(f"{name} has no reserved bits and no fragments")
        if opcode == TEXT:
            if SENTINEL in payload:
                raise ValueError("the byte FF ends the frame, so the text cannot hold one")
            if declared is not None and declared != len(payload):
                raise ValueError("a text frame tells no length: it ends at the byte FF")
            return bytes((TEXT_TYPE, *payload, SENTINEL))
        if opcode == BINARY:
            length = len(payload) if declared is None else declared
            return bytes((LENGTH_TYPE,)) + base128(length) + payload
        if opcode == CLOSE and self.abilities(agreed).close:
            if payload:
                raise ValueError("the closing frame is FF 00: it holds no code and no reason")
            return CLOSING
        what = OPCODES[opcode].name if 0 <= opcode <= 0xF else str(opcode)
        raise ValueError(f"{name} has no frame for {what}")

    def unmask(self, header: bytes, payload: bytes, start: int, *, sender: Role, agreed: Agreed) -> bytes:
        del header, start, sender, agreed
        return bytes(payload)

    def plain_header(self, header: bytes, *, sender: Role, agreed: Agreed) -> bytes:
        del sender, agreed
        return header

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
        del compressed
        return explain_sentinel(
            head_bytes,
            sender=sender,
            agreed=agreed,
            anomalies=anomalies,
            payload_available=payload_available,
            length=length,
        )

    def close_body(self, code: int | None, reason: str, *, sender: Role, agreed: Agreed) -> bytes:
        del code, reason, sender, agreed
        return b""

    def close_code(self, body: bytes, *, agreed: Agreed) -> int | None:
        del body, agreed
        return None
