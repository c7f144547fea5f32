"""Answer 101 in the client's dialect, right or wrong, and begin the frames that were agreed."""

import os

from wsinspector.lab.admission import Admitted, admit
from wsinspector.lab.answers import SERVER
from wsinspector.lab.dialogue import Answer, Dialogue
from wsinspector.lab.exchange import Exchange
from wsinspector.lab.extensions import extension_for
from wsinspector.lab.versions import VersionRule
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import Challenge
from wsinspector.protocol.http_reader import ResponseReader

OTHER_KEYS = (b"AQIDBAUGBwgJCgsMDQ4PEA==", b"dGhlIHNhbXBsZSBub25jZQ==")
"""The keys of RFC 6455's examples: §4.1 (as corrected by erratum 3150) and §1.3. One is not the client's."""

OTHER_DIGESTS = (b"fQJ,fN/4F4!~K~MH", b"8jKS'y:G*Co,Wxa-")
"""The answers to the examples of draft-hixie-thewebsocketprotocol-76. One is not the client's."""

_BLANK_LINE = b"\r\n\r\n"


class Opening:
    """A request that is let in: the bytes of its 101, and the dialogue that follows them."""

    def __init__(
        self, exchange: Exchange, admitted: Admitted, subprotocol: bytes | None, extension: bytes | None
    ) -> None:
        self._exchange = exchange
        self.dialect = admitted.dialect
        self._perhaps = admitted.perhaps
        handshake = self.dialect.handshake
        answer = handshake.answer(
            self.dialect,
            exchange.head,
            admitted.tail,
            location=location_of(exchange),
            subprotocol=subprotocol,
            extensions=(extension,) if extension else (),
            random=os.urandom,
        )
        if self.dialect.challenge is Challenge.ACCEPT:
            # The older ones count their lines: nothing is added there.
            answer = answer.replace(_BLANK_LINE, b"\r\n" + SERVER[0] + b": " + SERVER[1] + _BLANK_LINE, 1)
        self.answer = answer

    @property
    def without_proof(self) -> bytes:
        """The 101 without what proves that the request was read; the whole one where nothing does."""
        match self.dialect.challenge:
            case Challenge.NONE:
                return self.answer
            case Challenge.KEYS:
                return self.answer[: -self.dialect.handshake.answer_tail]
            case Challenge.ACCEPT:
                return self.answer.replace(b"Sec-WebSocket-Accept: " + self._accept + b"\r\n", b"")

    @property
    def with_wrong_proof(self) -> bytes:
        """The 101 to somebody else's keys."""
        if self.dialect.challenge is Challenge.KEYS:
            return self.without_proof + next(one for one in OTHER_DIGESTS if not self.answer.endswith(one))
        others = (accept_for(key) for key in OTHER_KEYS)
        return self.answer.replace(self._accept, next(one for one in others if one != self._accept))

    @property
    def _accept(self) -> bytes:
        keys = self._exchange.head.values(b"Sec-WebSocket-Key")
        return accept_for(keys[0] if keys else b"")

    def dialogue(self, *, on_message: Answer | None = None, silence: float | None = None) -> Dialogue:
        return Dialogue(
            self._exchange,
            self._agreed(),
            perhaps=self._perhaps,
            on_message=on_message,
            silence=silence,
        )

    def _agreed(self) -> Agreed:
        """Read out of both sides' bytes, as the client does."""
        reader = ResponseReader(method=b"GET", answer_tail=self.dialect.handshake.answer_tail)
        reader.feed(self.answer)
        response = reader.response
        assert response is not None
        return self.dialect.handshake.agreed(self.dialect, self._exchange.request, response)


async def open_with(
    exchange: Exchange,
    rule: VersionRule | None = None,
    *,
    known: tuple[bytes, ...] | None = None,
    compress: bool = True,
    echo: bool = True,
) -> Opening | None:
    """Let the request in as far as ``rule`` and its dialect allow; None where it was refused.

    ``rule``: None takes the one of the request's own query, or else the lab's. ``known``: the subprotocols
    that may be agreed, None takes the first offered.
    """
    admitted = await admit(exchange, exchange.rule if rule is None else rule)
    if admitted is None:
        return None
    named = [one for one in admitted.subprotocols if known is None or one in known]
    extension = extension_for(admitted.dialect, exchange.head, echo=echo) if compress else None
    return Opening(exchange, admitted, named[0] if named else None, extension)


def location_of(exchange: Exchange) -> bytes:
    """The URL that was asked for, as the older answers repeat it."""
    if b"://" in exchange.target.partition(b"?")[0]:
        return exchange.target
    scheme = b"ws://" if exchange.link.tls is None else b"wss://"
    return scheme + b"".join(exchange.head.values(b"Host")[:1]) + exchange.target
