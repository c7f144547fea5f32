"""What another, strict client would have made of an answer: the library ``websockets``, without I/O."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wsinspector.protocol.dialects import RFC6455, spoken_for
from wsinspector.protocol.head_reader import parse_request, request_parts
from wsinspector.protocol.http import Head
from wsinspector.translate import translate
from wsinspector.verdicts.extensions import (
    CLIENT_BITS,
    DEFLATE,
    FLAGS,
    SERVER_BITS,
    Extension,
    extensions_of,
    is_token,
    parameters_wrong,
)
from wsinspector.verdicts.rule import shown

if TYPE_CHECKING:
    from websockets.client import ClientProtocol
    from websockets.extensions import ClientExtensionFactory
    from websockets.typing import Subprotocol

_KEY = b"Sec-WebSocket-Key"
_PROTOCOL = b"Sec-WebSocket-Protocol"
_ANNOUNCES = re.compile(rb"HTTP/1\.[01] (1(?!01)[0-9]{2})[ \r\n]")
_PIECE = 4096
_LONGEST = 300
"""Characters of the library's own words that are shown."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """``accepted``: whether the library would have opened; None where it was not asked or still waits.

    ``asked`` False: it could not be put into the place of this request's client. ``text``: one
    sentence. ``error``: the library's own words, odd characters escaped, empty where it has none.
    """

    asked: bool
    accepted: bool | None
    text: str
    error: str = ""


def second_opinion(request: bytes, answer: bytes, *, ended: bool = False, dialect: str = "") -> SecondOpinion:
    """Give the recorded bytes ``answer`` to a client that sent the recorded key and the same offers.

    ``answer``: from the server's first byte on; frames behind a 101 are not looked at. ``ended``: the
    server ended its side behind it. ``dialect``: what was spoken, empty takes what the bytes propose.
    Never raises on any bytes.
    """
    if (dialect or spoken_for(request)) != RFC6455:
        return _not_asked(translate("Opinion", "the library speaks RFC 6455 alone"))
    head = parse_request(request)
    reason = _why_not(head)
    if reason:
        return _not_asked(reason)
    client = _client(head)
    opened, error = _fed(client, answer, ended)
    announced = _interim(answer)
    if announced and not opened and error is not None:
        return _cannot_read(announced)
    return _told(opened, error)


def _interim(answer: bytes) -> str:
    """The status of an interim answer at the beginning, "" where none stands there."""
    found = _ANNOUNCES.match(answer)
    return found[1].decode("ascii") if found else ""


def _cannot_read(status: str) -> SecondOpinion:
    """An interim answer is allowed (RFC 9110 §15.2), so the library's refusal says nothing of the server."""
    text = translate(
        "Opinion",
        "No opinion: an interim answer ({status}) came first. That is allowed, and {library} reads none; its "
        "limit decides here, not a fault of the server.",
    )
    return SecondOpinion(True, None, text.format(status=status, library=_library()))


def _library() -> str:
    from websockets.version import version

    return f"websockets {version}"


def _not_asked(reason: str) -> SecondOpinion:
    return SecondOpinion(False, None, translate("Opinion", "Not asked: {reason}.").format(reason=reason))


def _why_not(head: Head) -> str:
    """Why the library's client cannot have sent this request, as far as its answer depends on it."""
    line = request_parts(head)
    keys = head.values(_KEY)
    if not head.complete:
        return translate("Opinion", "the request's head is not whole")
    if line.method != b"GET" or line.version != b"HTTP/1.1":
        return translate("Opinion", "the library sends GET over HTTP/1.1 alone")
    if len(keys) != 1:
        return translate("Opinion", "the request does not have one Sec-WebSocket-Key")
    if not keys[0] or not keys[0].isascii():
        return translate("Opinion", "the key is empty or no ASCII")
    if not all(is_token(each) for each in head.members(_PROTOCOL)):
        return translate("Opinion", "a subprotocol offered is no token")
    for each in extensions_of(head):
        if each.fault is not None:
            return translate("Opinion", "an extension offered has no right form")
        if each.written[0] != DEFLATE:
            name = shown(each.written[0])
            return translate("Opinion", "the library does not know the extension {name}").format(name=name)
        if parameters_wrong(each, offer=True):
            return translate("Opinion", "an offer of permessage-deflate is not valid")
        if each.bits(CLIENT_BITS) == 8:
            return translate("Opinion", "the library cannot offer a window of 8 bits")
    return ""


def _client(head: Head) -> "ClientProtocol":
    """The library's client as it stands behind a request with this key and these offers."""
    # Loaded here, as few commands and no start of the window need it.
    from websockets.client import ClientProtocol
    from websockets.uri import WebSocketURI

    offers = [_factory(each) for each in extensions_of(head)]
    client = ClientProtocol(
        # Nothing is sent, so that it does not matter where to.
        WebSocketURI(False, "server.invalid", 80, "/", ""),
        extensions=offers or None,
        subprotocols=_subprotocols(head) or None,
    )
    client.key = head.values(_KEY)[0].decode("ascii")
    return client


def _subprotocols(head: Head) -> "Sequence[Subprotocol]":
    from websockets.typing import Subprotocol

    return [Subprotocol(each.decode("ascii")) for each in head.members(_PROTOCOL)]


def _factory(offer: Extension) -> "ClientExtensionFactory":
    from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

    bare = offer.has(CLIENT_BITS) and offer.value(CLIENT_BITS) is None
    return ClientPerMessageDeflateFactory(
        server_no_context_takeover=offer.has(FLAGS[0]),
        client_no_context_takeover=offer.has(FLAGS[1]),
        server_max_window_bits=offer.bits(SERVER_BITS),
        client_max_window_bits=True if bare else offer.bits(CLIENT_BITS),
    )


def _fed(client: "ClientProtocol", answer: bytes, ended: bool) -> tuple[bool, Exception | None]:
    """Feed the answer up to where the handshake is decided: whether it opened, and what was wrong."""
    try:
        for at in range(0, len(answer), _PIECE):
            client.receive_data(answer[at : at + _PIECE])
            # The first event is the answer; what frames behind it come to is no part of the question.
            if client.handshake_exc is None and client.events_received():
                return True, None
            if client.handshake_exc is not None:
                return False, client.handshake_exc
        if ended:
            client.receive_eof()
    except Exception as error:  # the library's own fault is an opinion too, and no reason to fall
        return False, error
    return False, client.handshake_exc


def _told(opened: bool, error: Exception | None) -> SecondOpinion:
    name = _library()
    if error is not None:
        words = _words(error)
        text = translate("Opinion", "{library} would not have opened: {error}.")
        return SecondOpinion(True, False, text.format(library=name, error=words), words)
    if opened:
        text = translate("Opinion", "{library} would have opened the connection.")
        return SecondOpinion(True, True, text.format(library=name))
    text = translate("Opinion", "{library} would wait for more of the answer.")
    return SecondOpinion(True, None, text.format(library=name))


def _words(error: Exception) -> str:
    """The error and what it came from, as the library words them."""
    parts: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(parts) < 3:
        parts.append(str(cause).rstrip(".") or type(cause).__name__)
        cause = cause.__cause__
    # The library writes a range with a dash that is no ASCII, and ours escapes what is none.
    return shown("; ".join(parts).replace("–", "-").encode("utf-8", "replace"), _LONGEST)
