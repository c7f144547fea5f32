"""The handshake of hixie-75: fixed first lines and no challenge."""

from collections.abc import Sequence

from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import fields
from wsinspector.protocol.dialects.dialect import Asking, Dialect, Random
from wsinspector.protocol.dialects.fresh import refreshed
from wsinspector.protocol.draft import Draft, DraftLine, Generated
from wsinspector.protocol.http import Head, Response

STATUS_LINE = b"HTTP/1.1 101 Web Socket Protocol Handshake"
FIRST_LINES = (STATUS_LINE, b"Upgrade: WebSocket", b"Connection: Upgrade")
"""What a client of hixie-75 compares byte by byte."""


class Hixie75:
    """One subprotocol at most, in a field of its own; origin and full URL come back."""

    request_tail = 0
    answer_tail = 0

    def compose(self, dialect: Dialect, asking: Asking, random: Random) -> Draft:
        del random
        lines = [
            DraftLine(b"Upgrade", fields.OLD_UPGRADE),
            DraftLine(b"Connection", b"Upgrade"),
            fields.host_line(asking.host),
            DraftLine(
                dialect.origin_field,
                asking.origin or fields.origin_of_host(asking.host),
                generated=Generated.ORIGIN,
            ),
            *(DraftLine(fields.OLD_PROTOCOL, value) for value in asking.subprotocols[:1]),
        ]
        return fields.request(asking.target, lines)

    def refreshed(self, draft: Draft, random: Random) -> Draft:
        return refreshed(draft, random)

    def subprotocols(self, request: Head) -> tuple[bytes, ...]:
        return tuple(value for value in request.values(fields.OLD_PROTOCOL) if value)

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
        del request_tail, extensions, random
        answered: list[tuple[bytes, bytes]] = [
            (b"Upgrade", fields.OLD_UPGRADE),
            (b"Connection", b"Upgrade"),
            (fields.OLD_ORIGIN, fields.first(request, dialect.origin_field)),
            (fields.OLD_LOCATION, location),
        ]
        answered += _echo(fields.OLD_PROTOCOL, subprotocol, self.subprotocols(request))
        return fields.head_bytes(STATUS_LINE, answered)

    def refusal(self, dialect: Dialect, request: Head, request_tail: bytes) -> str:
        del request_tail
        opening = fields.opening_refusal(request)
        if opening:
            return opening
        return "" if request.values(dialect.origin_field) else "there is no Origin"


def _echo(name: bytes, chosen: bytes | None, offered: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """The subprotocol line of an answer. A client that offered one fails where none comes back."""
    value = chosen if chosen is not None else (offered[0] if offered else None)
    return [] if value is None else [(name, value)]
