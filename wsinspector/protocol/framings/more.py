"""hybi-01 to 03: a bit that says more follows, where FIN came to stand, and nothing masked."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.frame_detail import FrameDetail
from wsinspector.protocol.framings.draft_explanation import explain_plain
from wsinspector.protocol.framings.draft_numbers import DRAFT_OF_RFC
from wsinspector.protocol.framings.framing import Abilities
from wsinspector.protocol.framings.layout import checked_parts, two_bytes
from wsinspector.protocol.framings.two_byte_scanner import MoreScanner
from wsinspector.protocol.spans import Role

MORE_BIT = 0x80
"""FIN's place with the opposite meaning: 1 where more frames of the message follow."""


class MoreFraming:
    """As :class:`~wsinspector.protocol.framings.framing.Framing` says."""

    name = "more"
    scanner = MoreScanner

    def abilities(self, agreed: Agreed) -> Abilities:
        del agreed
        return Abilities(close_codes=False, masked=False)

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
        del sender, agreed, key
        checked_parts(opcode, rsv, None)
        first = (0 if fin else MORE_BIT) | (rsv & 7) << 4 | DRAFT_OF_RFC[opcode]
        length = len(payload) if declared is None else declared
        return two_bytes(first, bool(rsv & 8), length, length_form) + payload

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
        del length
        return explain_plain(
            head_bytes,
            more=True,
            sender=sender,
            agreed=agreed,
            anomalies=anomalies,
            payload_available=payload_available,
            compressed=compressed,
        )

    def close_body(self, code: int | None, reason: str, *, sender: Role, agreed: Agreed) -> bytes:
        del code, reason, sender, agreed
        return b""

    def close_code(self, body: bytes, *, agreed: Agreed) -> int | None:
        del body, agreed
        return None
