"""What is told of the parts of a header's value."""

from wsinspector.learn.pieces import Said
from wsinspector.protocol.version import Standing, entry_of, judge_value
from wsinspector.translate import translate


def comma() -> Said:
    return Said(
        translate("Explain", "Parts one member of the list from the next."),
        translate("Explain", "A list may stand in one line or in several lines of the same name."),
        translate("Explain", "Without it two members would be read as one."),
        "RFC 9110 §5.6.1",
    )


def semicolon() -> Said:
    return Said(
        translate("Explain", "What follows belongs to the word in front of it."),
        clause="RFC 9110 §5.6.6",
    )


def equals() -> Said:
    return Said(translate("Explain", "Parts a name from its value."), clause="RFC 9110 §5.6.6")


def host_said() -> tuple[Said, Said, Said]:
    """Of the name, of the colon, of the port."""
    return (
        Said(
            translate("Explain", "The name or the address of the server, as it stands in the URL."),
            translate("Explain", "It tells the server which of its sites is meant."),
            translate("Explain", "With another name the server may answer for another site, or refuse."),
            "RFC 9110 §7.2",
            ("host",),
        ),
        Said(translate("Explain", "Parts the host from the port."), clause="RFC 3986 §3.2"),
        Said(
            translate("Explain", "The TCP port."),
            translate("Explain", "It stands here where it is not the usual one: 80 of ws, 443 of wss."),
            translate("Explain", "Without it the usual port is meant."),
            "RFC 6455 §3, §4.1",
            ("port",),
        ),
    )


def origin_said() -> tuple[Said, Said, Said]:
    """Of the scheme, of what follows it, of an origin that names no page."""
    return (
        Said(
            translate("Explain", "How the page was loaded: http or https as a rule."),
            translate("Explain", "A page of http and one of https of the same host are two origins."),
            clause="RFC 6454 §4",
            terms=("origin",),
        ),
        Said(translate("Explain", "Parts the scheme from the host."), clause="RFC 6454 §7"),
        Said(
            translate("Explain", "An origin that names no page, as of a local file: null."),
            translate("Explain", "The browser does not want to tell, or there is nothing to tell."),
            translate("Explain", "A server that lets null in lets in every page that hides its origin."),
            "RFC 6454 §7.1",
            ("origin",),
        ),
    )


def scheme_said() -> tuple[Said, Said]:
    return (
        Said(
            translate("Explain", "The kind of credentials, such as Basic or Bearer."),
            clause="RFC 9110 §11.1",
            terms=("authentication",),
        ),
        Said(
            translate("Explain", "What the scheme asks for: a secret, or what a server wants to be told."),
            translate("Explain", "A secret is hidden here until it is asked for."),
            clause="RFC 9110 §11.4",
            terms=("authentication",),
        ),
    )


def version_said(value: bytes, *, answering: bool) -> tuple[Said, str]:
    """What a version value says by grammar and registry, and in a few words."""
    found = judge_value(value)
    if not found.ok or found.number is None:
        return (
            Said(
                " ".join(each.text for each in found.remarks if not each.ok),
                translate("Explain", "A version is a number from 0 to 255 without a leading zero."),
                translate("Explain", "A server refuses it with 400; some read it leniently and open."),
                "RFC 6455 §4.3",
                ("version-value",),
            ),
            translate("Explain", "no version"),
        )
    registry = " ".join(each.text for each in found.remarks if each.aspect == "registry")
    if answering:
        why = translate(
            "Explain", "The server says that it speaks this version; the client may ask again with it."
        )
    else:
        why = translate("Explain", "The client says that it speaks this version.")
    entry = entry_of(found.number)
    words = {
        Standing.STANDARD: translate("Explain", "the standard"),
        Standing.INTERIM: translate("Explain", "interim"),
        Standing.RESERVED: translate("Explain", "reserved"),
        Standing.UNASSIGNED: translate("Explain", "unassigned"),
    }
    said = Said(
        registry,
        why,
        translate(
            "Explain", "With another number a server that does not speak it refuses and lists its own."
        ),
        "RFC 6455 §11.6, §4.4",
        ("version-value", "dialect"),
    )
    return said, words[entry.standing] if entry is not None else ""


def key_said(name: bytes) -> Said:
    if name == b"sec-websocket-accept":
        return Said(
            translate("Explain", "The SHA-1 of the key's text and a fixed text, as base64: 28 characters."),
            translate("Explain", "The key's text counts as it stands, not the bytes it stands for."),
            translate("Explain", "One character changed, and the client fails the connection."),
            "RFC 6455 §4.2.2",
            ("accept", "base64"),
        )
    return Said(
        translate("Explain", "Random bytes written in 64 harmless characters, six bits each."),
        translate("Explain", "A header can hold no bytes of any value, so they are written as text."),
        translate("Explain", "Another key gives another Sec-WebSocket-Accept."),
        "RFC 6455 §4.1, RFC 4648 §4",
        ("key", "base64"),
    )


def key_padding() -> Said:
    return Said(
        translate("Explain", "Fills the last four characters up: each equals sign stands for a byte less."),
        translate("Explain", "16 bytes make 22 characters and two of these, 20 bytes make 27 and one."),
        translate("Explain", "Without it a strict reader takes it for no base64."),
        "RFC 4648 §3.2, §4",
        ("base64",),
    )


def numbered_said(kind: str) -> tuple[str, Said]:
    source = "draft-hixie-thewebsocketprotocol-76"
    if kind == "digit":
        return translate("Explain", "digits"), Said(
            translate("Explain", "Digits of the hidden number times the spaces."),
            translate(
                "Explain", "All digits of the key are joined and divided by how many spaces there are."
            ),
            translate("Explain", "Another digit gives another number, or a division with a rest."),
            source,
            ("hixie",),
        )
    if kind == "space":
        return translate("Explain", "spaces"), Said(
            translate("Explain", "Spaces count: the digits are divided by how many there are."),
            translate("Explain", "Nothing else but a client of this draft writes such a line."),
            translate("Explain", "One that is lost on the way, and the number is another."),
            source,
            ("hixie",),
        )
    return translate("Explain", "other characters"), Said(
        translate("Explain", "Characters that mean nothing."),
        translate("Explain", "They are strewn in so that the line cannot be mistaken for a number."),
        translate("Explain", "Without them the number is the same."),
        source,
        ("hixie",),
    )


_CONNECTION = {
    b"upgrade": lambda: Said(
        translate("Explain", "Upgrade is for this connection."),
        translate(
            "Explain", "It makes the header Upgrade count, and keeps a proxy from passing it on unread."
        ),
        translate("Explain", "Without this word no WebSocket opens."),
        "RFC 6455 §4.1, §4.2.2",
        ("upgrade",),
    ),
    b"keep-alive": lambda: Said(
        translate("Explain", "The connection is to stay open for further requests."),
        translate("Explain", "It is a word of HTTP/1.0; Firefox sends it beside Upgrade."),
        translate("Explain", "A server that compares the whole value with Upgrade refuses it, wrongly."),
        "RFC 9112 §9.3, §C.2.2",
    ),
    b"close": lambda: Said(
        translate("Explain", "The connection ends after this answer."),
        translate("Explain", "Who refuses a handshake often ends the connection with it."),
        translate("Explain", "Without it a client may ask again on the same connection."),
        "RFC 9112 §9.6",
    ),
}


def member_said(name: bytes, member: bytes, *, answering: bool = False, dialect: str = "rfc6455") -> Said:
    """Of one member of a header's value."""
    word = member.lower()
    if name == b"connection" and word in _CONNECTION:
        return _CONNECTION[word]()
    if name == b"upgrade" and word == b"websocket":
        return Said(
            translate(
                "Explain", "WebSocket, in just these letters: a strict reader of this draft compares them."
            )
            if dialect.startswith("hixie")
            else translate("Explain", "WebSocket, in any letter case."),
            translate("Explain", "It is the one name for every version; the number stands elsewhere."),
            translate("Explain", "With another name the server does not switch to WebSocket."),
            "RFC 6455 §4.1, §4.2.2",
            ("upgrade",),
        )
    if name == b"sec-websocket-extensions":
        return _extension(word, answering=answering)
    if name in (b"sec-websocket-protocol", b"websocket-protocol"):
        return _subprotocol(answering=answering)
    if name == b"transfer-encoding" and word == b"chunked":
        return Said(
            translate("Explain", "The body comes in chunks, each with its size in front."),
            translate("Explain", "The receiver takes the sizes out before it looks at the body."),
            translate("Explain", "Without it the sizes would be read as part of the body."),
            "RFC 9112 §7.1",
        )
    if name in (b"user-agent", b"server"):
        return Said(
            translate("Explain", "A product, its version behind a slash, or a remark."),
            clause="RFC 9110 §10.1.5",
        )
    return Said(translate("Explain", "What the header says."), clause="RFC 9110 §5.5")


def _subprotocol(*, answering: bool) -> Said:
    if answering:
        return Said(
            translate("Explain", "The subprotocol that the server chose."),
            translate("Explain", "From here on both sides give the messages this meaning."),
            translate(
                "Explain",
                "Where the request did not list it, letter for letter, the client fails the connection.",
            ),
            "RFC 6455 §4.1, §4.2.2",
            ("subprotocol",),
        )
    return Said(
        translate("Explain", "A subprotocol that the client can speak; the first is the one it likes best."),
        translate("Explain", "The server chooses one at most."),
        translate("Explain", "What is not listed here must not be in the answer."),
        "RFC 6455 §4.1, §11.3.4",
        ("subprotocol",),
    )


def _extension(name: bytes, *, answering: bool) -> Said:
    if name == b"permessage-deflate":
        why = (
            translate("Explain", "The server takes the offer: from here on RSV1 marks compressed messages.")
            if answering
            else translate("Explain", "The client offers it; the server may take it or say nothing.")
        )
        return Said(
            translate("Explain", "Compresses each message by DEFLATE."),
            why,
            translate("Explain", "Where both did not agree on it, a frame with RSV1 fails the connection."),
            "RFC 7692 §7",
            ("permessage-deflate", "rsv"),
        )
    if name in (b"x-webkit-deflate-frame", b"deflate-frame"):
        return Said(
            translate("Explain", "Compresses each frame for itself. It never became a standard."),
            translate("Explain", "Browsers offered it before permessage-deflate."),
            translate("Explain", "A server that does not know it does not take it up."),
            "draft-tyoshino-hybi-websocket-perframe-deflate",
            ("extension",),
        )
    return Said(
        translate("Explain", "An extension other than permessage-deflate."),
        translate("Explain", "Both sides must know what it changes."),
        translate("Explain", "A server does not take up what it does not know."),
        "RFC 6455 §9.1, §11.4",
        ("extension",),
    )


_PARAMETERS = {
    b"server_no_context_takeover": lambda: translate(
        "Explain", "The server begins each message with an empty window, so it need not remember any."
    ),
    b"client_no_context_takeover": lambda: translate(
        "Explain", "The client begins each message with an empty window, so it need not remember any."
    ),
    b"server_max_window_bits": lambda: translate(
        "Explain", "How far back the server's compression looks at most: a power of two, 8 to 15."
    ),
    b"client_max_window_bits": lambda: translate(
        "Explain",
        "How far back the client's compression looks at most; without a value the client can be told.",
    ),
}
_SECTIONS = {
    b"server_no_context_takeover": "RFC 7692 §7.1.1.1",
    b"client_no_context_takeover": "RFC 7692 §7.1.1.2",
    b"server_max_window_bits": "RFC 7692 §7.1.2.1",
    b"client_max_window_bits": "RFC 7692 §7.1.2.2",
}


def parameter_said(name: bytes, of: bytes, parameter: bytes, *, answering: bool) -> tuple[Said, Said]:
    """Of a parameter's name and of its value. ``of``: the member it belongs to."""
    key = parameter.lower()
    if name == b"sec-websocket-extensions" and of.lower() == b"permessage-deflate":
        if key not in _PARAMETERS:
            unknown = translate("Explain", "permessage-deflate has no parameter of this name.")
            effect = (
                translate("Explain", "The client fails the connection.")
                if answering
                else translate("Explain", "The server does not take this offer.")
            )
            return Said(unknown, "", effect, "RFC 7692 §7.1"), Said(unknown, clause="RFC 7692 §7.1")
        said = Said(
            _PARAMETERS[key](),
            translate("Explain", "It spares memory at the price of larger messages."),
            translate("Explain", "Without it the window has 32 KiB and is kept from message to message."),
            _SECTIONS[key],
            ("permessage-deflate", "window"),
        )
        bits = Said(
            translate("Explain", "Bits of the window: 15 stands for 32 KiB, 8 for 256 bytes."),
            clause=_SECTIONS[key],
        )
        return said, bits
    if name == b"cookie":
        return (
            Said(
                translate("Explain", "The cookie's name, which the server chose."), clause="RFC 6265 §4.2.1"
            ),
            Said(
                translate("Explain", "The cookie's value, given back as it was set."),
                translate("Explain", "It may let its owner in, so it is hidden here until it is asked for."),
                clause="RFC 6265 §4.2.1",
                terms=("cookie",),
            ),
        )
    if name == b"set-cookie":
        return (
            Said(
                translate("Explain", "The cookie's name, or one of its properties."), clause="RFC 6265 §4.1.1"
            ),
            Said(translate("Explain", "Its value."), clause="RFC 6265 §4.1.1"),
        )
    return (
        Said(
            translate("Explain", "A parameter: it says more of the word in front."), clause="RFC 9110 §5.6.6"
        ),
        Said(translate("Explain", "The parameter's value."), clause="RFC 9110 §5.6.6"),
    )
