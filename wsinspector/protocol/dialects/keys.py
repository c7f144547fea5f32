"""The handshake of hixie-76 and hybi-01 to 03: two keys with spaces, eight bytes, an MD5."""

from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import fields
from wsinspector.protocol.dialects.challenges import (
    DIGEST_BYTES,
    KEY3_BYTES,
    digest_for,
    md5,
    numbered_key,
    read_numbered_key,
)
from wsinspector.protocol.dialects.dialect import Asking, Dialect, Random
from wsinspector.protocol.dialects.fresh import refreshed
from wsinspector.protocol.draft import Draft, DraftLine, Generated
from wsinspector.protocol.http import Head, Response

STATUS_LINE = b"HTTP/1.1 101 WebSocket Protocol Handshake"


class Keys:
    """Subprotocols stand in one field, separated by blanks; origin and full URL come back."""

    request_tail = KEY3_BYTES
    answer_tail = DIGEST_BYTES

    def compose(self, dialect: Dialect, asking: Asking, random: Random) -> Draft:
        origin = asking.origin or fields.origin_of_host(asking.host)
        lines = [
            DraftLine(b"Upgrade", fields.OLD_UPGRADE),
            DraftLine(b"Connection", b"Upgrade"),
            fields.host_line(asking.host),
            DraftLine(dialect.origin_field, origin, generated=Generated.ORIGIN),
        ]
        if asking.subprotocols:
            lines.append(DraftLine(fields.PROTOCOL, b" ".join(asking.subprotocols)))
        lines += [
            DraftLine(fields.KEY1, numbered_key(random), generated=Generated.KEY1),
            DraftLine(fields.KEY2, numbered_key(random), generated=Generated.KEY2),
        ]
        if dialect.draft_number is not None:
            lines.append(DraftLine(fields.DRAFT_NUMBER, dialect.draft_number))
        return fields.request(asking.target, lines, random(KEY3_BYTES))

    def refreshed(self, draft: Draft, random: Random) -> Draft:
        return refreshed(draft, random)

    def subprotocols(self, request: Head) -> tuple[bytes, ...]:
        return fields.spaced(request, fields.PROTOCOL)

    def agreed(self, dialect: Dialect, request: bytes, response: Response) -> Agreed:
        del request, response
        return Agreed(dialect=dialect.name)

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
        """Also for a request that :meth:`refusal` refuses: a key without a number counts as 0 then."""
        del extensions, random
        answered: list[tuple[bytes, bytes]] = [
            (b"Upgrade", fields.OLD_UPGRADE),
            (b"Connection", b"Upgrade"),
            (fields.SEC_ORIGIN, fields.first(request, dialect.origin_field)),
            (fields.SEC_LOCATION, location),
        ]
        offered = self.subprotocols(request)
        chosen = subprotocol if subprotocol is not None else (offered[0] if offered else None)
        if chosen is not None:
            answered.append((fields.PROTOCOL, chosen))
        return fields.head_bytes(STATUS_LINE, answered) + _digest(request, request_tail)

    def refusal(self, dialect: Dialect, request: Head, request_tail: bytes) -> str:
        opening = fields.opening_refusal(request)
        if opening:
            return opening
        if not request.values(dialect.origin_field):
            return "there is no Origin"
        for name in (fields.KEY1, fields.KEY2):
            text = name.decode("ascii")
            values = request.values(name)
            if len(values) != 1:
                return f"{text} stands {len(values)} times" if values else f"there is no {text}"
            fault = read_numbered_key(values[0]).fault
            if fault:
                return f"{text}: {fault}"
        if len(request_tail) != KEY3_BYTES:
            return f"{len(request_tail)} of the 8 bytes behind the head are there"
        return ""


def _digest(request: Head, tail: bytes) -> bytes:
    keys = [fields.first(request, name) for name in (fields.KEY1, fields.KEY2)]
    right = digest_for(keys[0], keys[1], tail)
    if right is not None:
        return right
    numbers = [read_numbered_key(key).number or 0 for key in keys]
    return md5(b"".join(number.to_bytes(4, "big") for number in numbers) + tail)
