"""hybi-04 to 06: FIN, and a client's mask over the whole frame, header included."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.close_body import CLOSE_MARKER, read_close_body, write_close_body
from wsinspector.protocol.frame_detail import FrameDetail
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.frames import mask_from
from wsinspector.protocol.framings.draft_explanation import explain_masked, explain_plain
from wsinspector.protocol.framings.draft_numbers import DRAFT_OF_RFC
from wsinspector.protocol.framings.frame_key import PREFIX, frame_key
from wsinspector.protocol.framings.framing import Abilities
from wsinspector.protocol.framings.layout import checked_parts, two_bytes
from wsinspector.protocol.framings.two_byte_scanner import WholeScanner
from wsinspector.protocol.opcodes import FIN_BIT
from wsinspector.protocol.spans import Role


class WholeFraming:
    """As :class:`~wsinspector.protocol.framings.framing.Framing` says."""

    name = "whole"
    scanner = WholeScanner

    def abilities(self, agreed: Agreed) -> Abilities:
        return Abilities(close_codes=frame_facts(agreed.dialect).close is CloseStyle.CODES)

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
        del sender
        checked_parts(opcode, rsv, key)
        first = (FIN_BIT if fin else 0) | (rsv & 7) << 4 | DRAFT_OF_RFC[opcode]
        length = len(payload) if declared is None else declared
        frame = two_bytes(first, bool(rsv & 8), length, length_form) + payload
        return frame if key is None else key + mask_from(frame, frame_key(key, agreed), 0)

    def unmask(self, header: bytes, payload: bytes, start: int, *, sender: Role, agreed: Agreed) -> bytes:
        if sender is not Role.CLIENT:
            return bytes(payload)
        return mask_from(payload, frame_key(header[:PREFIX], agreed), len(header) - PREFIX + start)

    def plain_header(self, header: bytes, *, sender: Role, agreed: Agreed) -> bytes:
        if sender is not Role.CLIENT:
            return header
        return header[:PREFIX] + mask_from(header[PREFIX:], frame_key(header[:PREFIX], agreed), 0)

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
        if sender is Role.CLIENT:
            return explain_masked(
                head_bytes,
                sender=sender,
                agreed=agreed,
                anomalies=anomalies,
                payload_available=payload_available,
                compressed=compressed,
            )
        return explain_plain(
            head_bytes,
            more=False,
            sender=sender,
            agreed=agreed,
            anomalies=anomalies,
            payload_available=payload_available,
            compressed=compressed,
        )

    def close_body(self, code: int | None, reason: str, *, sender: Role, agreed: Agreed) -> bytes:
        match frame_facts(agreed.dialect).close:
            case CloseStyle.CODES:
                return write_close_body(code, reason)
            case CloseStyle.MARKER:
                return CLOSE_MARKER[sender]
            case _:
                return b""

    def close_code(self, body: bytes, *, agreed: Agreed) -> int | None:
        if frame_facts(agreed.dialect).close is not CloseStyle.CODES:
            return None
        return read_close_body(body).code
