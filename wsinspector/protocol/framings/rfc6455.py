"""hybi-07 to RFC 6455: FIN, MASK and a key over the payload alone."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.close_body import read_close_body, write_close_body
from wsinspector.protocol.explain import FrameDetail, explain_frame
from wsinspector.protocol.frames import encode_frame, mask_from, read_frame_head
from wsinspector.protocol.framings.framing import Abilities
from wsinspector.protocol.scanner import Rfc6455Scanner
from wsinspector.protocol.spans import Role


class Rfc6455Framing:
    """As :class:`~wsinspector.protocol.framings.framing.Framing` says."""

    name = "rfc6455"
    scanner = Rfc6455Scanner

    def abilities(self, agreed: Agreed) -> Abilities:
        del agreed
        return Abilities()

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
        del sender, agreed
        return encode_frame(
            opcode, payload, fin=fin, rsv=rsv, key=key, length_form=length_form, declared=declared
        )

    def unmask(self, header: bytes, payload: bytes, start: int, *, sender: Role, agreed: Agreed) -> bytes:
        del sender, agreed
        head = read_frame_head(header)
        if head is None or head.key is None:
            return bytes(payload)
        return mask_from(payload, head.key, start)

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
        return explain_frame(
            head_bytes,
            sender=sender,
            agreed=agreed,
            anomalies=anomalies,
            payload_available=payload_available,
            compressed=compressed,
        )

    def close_body(self, code: int | None, reason: str, *, sender: Role, agreed: Agreed) -> bytes:
        del sender, agreed
        return write_close_body(code, reason)

    def close_code(self, body: bytes, *, agreed: Agreed) -> int | None:
        del agreed
        return read_close_body(body).code
