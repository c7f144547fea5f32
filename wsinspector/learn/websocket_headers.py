"""What the headers of an opening handshake are for, those of the drafts too."""

from wsinspector.learn.header_table import Header, Value
from wsinspector.learn.pieces import Said
from wsinspector.translate import marked

_75 = "draft-hixie-thewebsocketprotocol-75"
_76 = "draft-hixie-thewebsocketprotocol-76"
_02 = "draft-ietf-hybi-thewebsocketprotocol-02"
_04 = "draft-ietf-hybi-thewebsocketprotocol-04"

WEBSOCKET_HEADERS: tuple[Header, ...] = (
    Header(
        "Host",
        Said(
            marked(
                "Explain",
                "The name, and the port where it is not the usual one, that the client wants to reach.",
            ),
            marked(
                "Explain",
                "Many sites share one address. Only this line tells the server which of them is meant.",
            ),
            marked("Explain", "A server refuses an HTTP/1.1 request without it, or with two, with 400."),
            "RFC 6455 §4.1, RFC 9110 §7.2, RFC 9112 §3.2",
            ("host", "sni"),
        ),
        Value.HOST,
    ),
    Header(
        "Upgrade",
        Said(
            marked(
                "Explain",
                "Names the protocol that is to be spoken on this connection from here on: websocket.",
            ),
            marked("Explain", "It makes a plain HTTP request one for a WebSocket; the answer repeats it."),
            marked(
                "Explain",
                "Without it this is a GET like any other, and the server answers with a page or a 400. "
                "A client fails where the answer lacks it.",
            ),
            "RFC 6455 §4.1, §4.2.2, RFC 9110 §7.8",
            ("upgrade",),
        ),
        Value.LIST,
        marked("Explain", "protocol"),
    ),
    Header(
        "Connection",
        Said(
            marked("Explain", "Lists the headers and options that are meant for the next machine only."),
            marked(
                "Explain",
                "The word Upgrade here tells that the header Upgrade is for this very connection. "
                "A proxy takes out what is listed before it passes a request on.",
            ),
            marked(
                "Explain",
                "Without the word Upgrade a server does not switch, and no WebSocket opens.",
            ),
            "RFC 6455 §4.1, RFC 9110 §7.6.1",
            ("upgrade", "proxy"),
        ),
        Value.LIST,
        marked("Explain", "option"),
    ),
    Header(
        "Sec-WebSocket-Key",
        Said(
            marked("Explain", "Sixteen random bytes, written as base64 text of 24 characters."),
            marked(
                "Explain",
                "The server must compute Sec-WebSocket-Accept from it. That proves that it read this very "
                "request and knows the protocol; a cache or a plain web server cannot. It keeps nothing "
                "secret.",
            ),
            marked(
                "Explain",
                "Without it, or with other than 16 bytes, a server refuses with 400. "
                "A key that is used twice would let an old answer pass.",
            ),
            "RFC 6455 §4.1, §11.3.1, §1.3",
            ("key", "accept", "base64"),
        ),
        Value.KEY,
    ),
    Header(
        "Sec-WebSocket-Accept",
        Said(
            marked(
                "Explain", "Twenty bytes of a SHA-1, written as base64, computed from the key of the request."
            ),
            marked(
                "Explain", "It shows the client that the server read its key and means to speak WebSocket."
            ),
            marked(
                "Explain",
                "Where it is missing or not what the key gives, the client fails the connection at once.",
            ),
            "RFC 6455 §4.2.2, §11.3.3",
            ("accept", "key"),
        ),
        Value.ACCEPT,
    ),
    Header(
        "Sec-WebSocket-Version",
        Said(
            marked(
                "Explain",
                "A number from 0 to 255. In a request it is the version the client speaks, 13 for RFC 6455; "
                "in a refusal it lists what the server speaks.",
            ),
            marked(
                "Explain",
                "Drafts of the protocol had other layouts. The number keeps two sides that speak different "
                "ones from mistaking each other's bytes.",
            ),
            marked(
                "Explain",
                "Without it a server refuses with 400. With a number it does not speak it refuses, 426 as a "
                "rule, and lists its own numbers here.",
            ),
            "RFC 6455 §4.1, §4.4, §11.3.5",
            ("version-value", "dialect", "refusal"),
        ),
        Value.VERSION,
    ),
    Header(
        "Sec-WebSocket-Protocol",
        Said(
            marked(
                "Explain",
                "Names of subprotocols: what the messages mean to the two programs. The request lists those "
                "the client can speak, best first; the answer names the one that was chosen.",
            ),
            marked(
                "Explain",
                "WebSocket carries messages and says nothing of what is in them. This agrees on it.",
            ),
            marked(
                "Explain",
                "It may be left out. An answer that names what was not asked for fails the connection.",
            ),
            "RFC 6455 §4.1, §4.2.2, §11.3.4, §1.9",
            ("subprotocol",),
        ),
        Value.LIST,
        marked("Explain", "subprotocol"),
    ),
    Header(
        "Sec-WebSocket-Extensions",
        Said(
            marked(
                "Explain",
                "Extensions of the framing: the request offers, the answer takes some of them, each with "
                "parameters behind semicolons.",
            ),
            marked(
                "Explain",
                "An extension changes how frames are read, such as by compression. Both sides must agree on "
                "it "
                "before the first frame.",
            ),
            marked(
                "Explain",
                "It may be left out: then no reserved bit means anything. An answer that names what was not "
                "offered fails the connection.",
            ),
            "RFC 6455 §9.1, §11.3.2",
            ("extension", "permessage-deflate"),
        ),
        Value.PARAMETERS,
        marked("Explain", "extension"),
    ),
    Header(
        "Origin",
        Said(
            marked("Explain", "Scheme, host and port of the page whose script opens the connection."),
            marked(
                "Explain",
                "A browser lets any page open a WebSocket to any server, and may send the user's cookies "
                "along. "
                "Only this line lets the server refuse pages that are not its own.",
            ),
            marked(
                "Explain",
                "A program that is no browser may leave it out. A server that does not look at it can be "
                "used "
                "by any page in its user's name.",
            ),
            "RFC 6455 §4.1, §10.2, RFC 6454 §7",
            ("origin",),
        ),
        Value.ORIGIN,
    ),
    Header(
        "Sec-WebSocket-Origin",
        Said(
            marked(
                "Explain",
                "In drafts 04 to 10 the name of the request's Origin; in the answers of hixie-76 to draft "
                "03 the "
                "Origin that the server accepted.",
            ),
            marked(
                "Explain",
                "The server tells by it which page asks; in the older answers the client compares it with "
                "its own.",
            ),
            marked(
                "Explain",
                "Drafts 11 and later call it Origin again. A server that knows RFC 6455 alone ignores it.",
            ),
            _04,
            ("origin", "dialect"),
        ),
        Value.ORIGIN,
    ),
    Header(
        "Sec-WebSocket-Nonce",
        Said(
            marked("Explain", "Sixteen random bytes of the server, as base64. Only draft 04 uses them."),
            marked(
                "Explain",
                "Together with the client's key they make the connection's key, with which the client masks "
                "its frames in draft 04.",
            ),
            marked("Explain", "Without it the frames of a client of draft 04 cannot be unmasked."),
            _04,
            ("dialect", "masking-key"),
        ),
        Value.KEY,
    ),
    Header(
        "Sec-WebSocket-Key1",
        Said(
            marked(
                "Explain",
                "The first of two keys of hixie-76 to draft 03. It hides a number: all its digits, divided "
                "by "
                "how many spaces it has.",
            ),
            marked(
                "Explain",
                "A server must understand the rule to answer. A form or a script in a page cannot make "
                "such a line, nor a plain web server the answer.",
            ),
            marked(
                "Explain",
                "Without it a server takes the request for hixie-75 or refuses it. Where the division leaves "
                "a rest, the server must end the connection.",
            ),
            _76,
            ("hixie", "key"),
        ),
        Value.NUMBERED_KEY,
    ),
    Header(
        "Sec-WebSocket-Key2",
        Said(
            marked("Explain", "The second of two keys of hixie-76 to draft 03, made like the first."),
            marked(
                "Explain",
                "Both numbers and the eight bytes behind the request go through MD5 and make the answer's "
                "digest.",
            ),
            marked(
                "Explain", "Without it there is nothing to compute the digest from, and no connection opens."
            ),
            _76,
            ("hixie", "key"),
        ),
        Value.NUMBERED_KEY,
    ),
    Header(
        "Sec-WebSocket-Draft",
        Said(
            marked("Explain", "The number of the draft that is spoken, in drafts 02 and 03: the value 2."),
            marked(
                "Explain",
                "The frames of these drafts differ from those of hixie-76, though the handshake is the same.",
            ),
            marked(
                "Explain",
                "Servers that do not look at it complete the handshake and then send frames of hixie-76.",
            ),
            _02,
            ("hybi", "version-value"),
        ),
    ),
    Header(
        "Sec-WebSocket-Location",
        Said(
            marked(
                "Explain",
                "The whole address of the connection, given back by servers of hixie-76 to draft 03.",
            ),
            marked(
                "Explain",
                "The client compares it with the address it asked for, so that an answer meant for another "
                "one does not pass.",
            ),
            marked(
                "Explain",
                "Where it is missing or another address, a client of these drafts ends the connection.",
            ),
            _76,
            ("hixie",),
        ),
    ),
    Header(
        "WebSocket-Origin",
        Said(
            marked("Explain", "In the answers of hixie-75 the Origin of the request, given back."),
            marked("Explain", "It is how the server says that it lets this page in."),
            marked("Explain", "Where it is missing or another, a client of hixie-75 ends the connection."),
            _75,
            ("hixie", "origin"),
        ),
        Value.ORIGIN,
    ),
    Header(
        "WebSocket-Location",
        Said(
            marked("Explain", "In the answers of hixie-75 the whole address of the connection."),
            marked("Explain", "The client compares it with the address it asked for."),
            marked(
                "Explain", "Where it is missing or another address, a client of hixie-75 ends the connection."
            ),
            _75,
            ("hixie",),
        ),
    ),
    Header(
        "WebSocket-Protocol",
        Said(
            marked("Explain", "The subprotocol in hixie-75, one value."),
            marked("Explain", "It agrees on what the messages mean, as Sec-WebSocket-Protocol does later."),
            marked("Explain", "It may be left out."),
            _75,
            ("hixie", "subprotocol"),
        ),
    ),
)
