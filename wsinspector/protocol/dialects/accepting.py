"""The handshake from hybi-04 to RFC 6455: one key, SHA-1, base64; what changed between them is a row."""

from wsinspector.protocol.accept import accept_for, key_bytes, key_from
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import fields
from wsinspector.protocol.dialects.challenges import connection_key, nonce_from
from wsinspector.protocol.dialects.dialect import Asking, Dialect, Random
from wsinspector.protocol.dialects.extensions import deflate_agreed, void_answer
from wsinspector.protocol.dialects.fresh import refreshed
from wsinspector.protocol.draft import EXTENSIONS, VERSION, Draft, DraftLine, Generated
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Head, Response

NONCE_BYTES = 16


class Accepting:
    """``nonced``: the answer carries a nonce that goes into the connection key (hybi-04 alone).

    ``strict_connection``: Connection is Upgrade and nothing else (04 and 05).
    """

    request_tail = 0
    answer_tail = 0

    def __init__(self, *, nonced: bool = False, strict_connection: bool = False) -> None:
        self.nonced = nonced
        self.strict_connection = strict_connection

    def compose(self, dialect: Dialect, asking: Asking, random: Random) -> Draft:
        lines = [
            fields.host_line(asking.host),
            DraftLine(b"Upgrade", b"websocket"),
            DraftLine(b"Connection", b"Upgrade"),
            DraftLine(fields.KEY, key_from(random(16)), generated=Generated.KEY),
        ]
        if dialect.version is not None:
            lines.append(DraftLine(VERSION, dialect.version))
        # The field's name alone tells the two dialects apart that say 8.
        origin = asking.origin
        if not origin and dialect.origin_field == fields.SEC_ORIGIN:
            origin = fields.origin_of_host(asking.host)
        if origin:
            lines.append(DraftLine(dialect.origin_field, origin, generated=Generated.ORIGIN))
        if asking.subprotocols:
            lines.append(DraftLine(fields.PROTOCOL, b", ".join(asking.subprotocols)))
        return fields.request(asking.target, lines)

    def refreshed(self, draft: Draft, random: Random) -> Draft:
        return refreshed(draft, random)

    def subprotocols(self, request: Head) -> tuple[bytes, ...]:
        return request.members(fields.PROTOCOL)

    def agreed(self, dialect: Dialect, request: bytes, response: Response) -> Agreed:
        asked = parse_request(request)
        extensions = asked.values(EXTENSIONS), response.head.values(EXTENSIONS)
        deflate, per_frame = deflate_agreed(*extensions)
        key = b""
        if self.nonced:
            nonce = fields.first(response.head, fields.NONCE)
            key = connection_key(fields.first(asked, fields.KEY), nonce)
        return Agreed(deflate, dialect.name, per_frame, key, void_answer(*extensions))

    def answer(
        self,
        dialect: Dialect,
        request: Head,
        request_tail: bytes,
        *,
        location: bytes,
        subprotocol: bytes | None,
        extensions: tuple[bytes, ...],
        random: Random,
    ) -> bytes:
        del dialect, request_tail, location
        answered: list[tuple[bytes, bytes]] = [
            (b"Upgrade", b"websocket"),
            (b"Connection", b"Upgrade"),
            (fields.ACCEPT, accept_for(fields.first(request, fields.KEY))),
        ]
        if self.nonced:
            answered.append((fields.NONCE, nonce_from(random(NONCE_BYTES))))
        if subprotocol is not None:
            answered.append((fields.PROTOCOL, subprotocol))
        if extensions:
            answered.append((EXTENSIONS, b", ".join(extensions)))
        return fields.head_bytes(b"HTTP/1.1 101 Switching Protocols", answered)

    def refusal(self, dialect: Dialect, request: Head, request_tail: bytes) -> str:
        del request_tail
        opening = fields.opening_refusal(request)
        if opening:
            return opening
        connection = b", ".join(request.values(b"Connection"))
        if self.strict_connection and connection.lower() != b"upgrade":
            return "Connection holds more than Upgrade"
        keys = request.values(fields.KEY)
        if len(keys) != 1:
            return f"Sec-WebSocket-Key stands {len(keys)} times" if keys else "there is no Sec-WebSocket-Key"
        decoded = key_bytes(keys[0])
        if decoded is None or len(decoded) != 16:
            return "Sec-WebSocket-Key is not 16 bytes in base64"
        versions = request.values(VERSION)
        if versions != (dialect.version,):
            wanted = (dialect.version or b"").decode("ascii")
            return f"Sec-WebSocket-Version is not {wanted}"
        return ""
