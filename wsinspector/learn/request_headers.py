"""What the headers are for that often stand in a request beside those of the handshake."""

from wsinspector.learn.header_table import Header, Value
from wsinspector.learn.pieces import Said
from wsinspector.translate import marked

_NOT_NEEDED = marked(
    "Explain", "The handshake needs it not; with or without it the connection opens the same."
)

REQUEST_HEADERS: tuple[Header, ...] = (
    Header(
        "User-Agent",
        Said(
            marked("Explain", "Names the program that asks, as products with versions and remarks."),
            marked("Explain", "Servers count programs by it, and work around mistakes of some."),
            marked("Explain", "Without it some filters refuse the request; WebSocket does not ask for it."),
            "RFC 9110 §10.1.5",
            ("client",),
        ),
        Value.WORDS,
    ),
    Header(
        "Cookie",
        Said(
            marked("Explain", "Names and values that the server gave the client earlier, by Set-Cookie."),
            marked(
                "Explain",
                "It tells the server who is logged in. A browser adds it to WebSockets too, whichever page "
                "opens them, unless the cookie's SameSite forbids it.",
            ),
            marked(
                "Explain",
                "Without it the server does not know the user. With it, a server that does not look at "
                "Origin lets foreign pages act as the user.",
            ),
            "RFC 6265 §4.2, §5.4, RFC 6455 §10.5",
            ("cookie", "origin"),
        ),
        Value.SEMICOLONS,
    ),
    Header(
        "Authorization",
        Said(
            marked("Explain", "Credentials for the server: a scheme, then what the scheme asks for."),
            marked(
                "Explain", "It proves who asks. A script in a browser has no way to set it for a WebSocket."
            ),
            marked("Explain", "Where it is wanted and missing, the answer is a 401."),
            "RFC 9110 §11.6.2, RFC 6455 §10.5, WebSockets Standard, the WebSocket interface",
            ("authentication",),
        ),
        Value.SCHEME,
    ),
    Header(
        "Proxy-Authorization",
        Said(
            marked("Explain", "Credentials for a proxy on the way, not for the server."),
            marked("Explain", "The proxy takes it out before it passes the request on."),
            marked("Explain", "Where it is wanted and missing, the proxy answers 407."),
            "RFC 9110 §11.7.2",
            ("proxy", "authentication"),
        ),
        Value.SCHEME,
    ),
    Header(
        "Accept",
        Said(
            marked("Explain", "Kinds of content that the client would like in an answer."),
            marked("Explain", "Libraries add it to every request. A 101 has no content to choose."),
            _NOT_NEEDED,
            "RFC 9110 §12.5.1",
        ),
        Value.PARAMETERS,
    ),
    Header(
        "Accept-Encoding",
        Said(
            marked("Explain", "Ways of compressing a body that the client can undo."),
            marked(
                "Explain", "It speaks of the bodies of answers, such as that of a refusal, and not of frames."
            ),
            _NOT_NEEDED,
            "RFC 9110 §12.5.3",
            ("permessage-deflate",),
        ),
        Value.PARAMETERS,
    ),
    Header(
        "Accept-Language",
        Said(
            marked("Explain", "Languages that the user would like to read, with weights."),
            marked("Explain", "Browsers add it to every request."),
            _NOT_NEEDED,
            "RFC 9110 §12.5.4",
        ),
        Value.PARAMETERS,
    ),
    Header(
        "Cache-Control",
        Said(
            marked("Explain", "Directions to caches on the way."),
            marked("Explain", "Browsers send no-cache, so that no cache answers in the server's place."),
            _NOT_NEEDED,
            "RFC 9111 §5.2",
        ),
        Value.LIST,
    ),
    Header(
        "Pragma",
        Said(
            marked("Explain", "The older way to tell a cache of HTTP/1.0 not to answer: no-cache."),
            marked("Explain", "It stands beside Cache-Control for caches that know only this."),
            _NOT_NEEDED,
            "RFC 9111 §5.4",
        ),
        Value.LIST,
    ),
    Header(
        "Sec-Fetch-Site",
        Said(
            marked(
                "Explain",
                "How the page that asks is related to the server: same-origin, same-site, cross-site or "
                "none.",
            ),
            marked(
                "Explain", "Only the browser can set it, so a server can trust it where it comes from one."
            ),
            marked("Explain", "Programs that are no browser do not send it, and older browsers neither."),
            "Fetch Metadata Request Headers §2.3",
            ("origin",),
        ),
    ),
    Header(
        "Sec-Fetch-Mode",
        Said(
            marked("Explain", "What the browser's request is for; websocket for the opening of a WebSocket."),
            marked("Explain", "A server can tell by it that no plain request reached its WebSocket address."),
            marked("Explain", "Programs that are no browser do not send it."),
            "Fetch Metadata Request Headers §2.2",
            ("handshake",),
        ),
    ),
    Header(
        "Sec-Fetch-Dest",
        Said(
            marked("Explain", "What in the page will use the answer; websocket or empty for a WebSocket."),
            marked("Explain", "A server can refuse what was meant to be an image or a script."),
            marked("Explain", "Programs that are no browser do not send it."),
            "Fetch Metadata Request Headers §2.1",
        ),
    ),
    Header(
        "Sec-Fetch-User",
        Said(
            marked("Explain", "Tells that a person's click caused the request: the value ?1."),
            marked("Explain", "Browsers send it with navigations, so it is not expected with a WebSocket."),
            marked("Explain", "It is left out as a rule."),
            "Fetch Metadata Request Headers §2.4",
        ),
    ),
    Header(
        "Referer",
        Said(
            marked("Explain", "Address of the page from which the request comes."),
            marked(
                "Explain", "Servers keep it for their statistics. It may betray what stood in that address."
            ),
            _NOT_NEEDED,
            "RFC 9110 §10.1.3",
        ),
    ),
    Header(
        "DNT",
        Said(
            marked("Explain", "The user's wish not to be tracked, 1 for yes."),
            marked("Explain", "Some browsers sent it with every request. The work on it was given up."),
            _NOT_NEEDED,
            "Tracking Preference Expression §5.2",
        ),
    ),
    Header(
        "X-Forwarded-For",
        Said(
            marked("Explain", "Addresses of the client and of proxies, added by proxies on the way."),
            marked(
                "Explain", "The server sees the proxy's address alone; this tells it whose request it was."
            ),
            marked("Explain", "Anyone can write this line, so a server trusts it from its own proxy only."),
            "RFC 7239 §7.4",
            ("proxy",),
        ),
        Value.LIST,
        marked("Explain", "address"),
    ),
    Header(
        "X-Forwarded-Proto",
        Said(
            marked("Explain", "The scheme by which the client reached a proxy, http or https, added by it."),
            marked("Explain", "Behind a proxy that ends TLS the server would not know."),
            marked(
                "Explain", "A server that builds addresses from it would write ws in place of wss without it."
            ),
            "RFC 7239 §7.4",
            ("proxy", "tls"),
        ),
    ),
    Header(
        "X-Forwarded-Host",
        Said(
            marked("Explain", "The Host that the client sent, where a proxy changed it."),
            marked("Explain", "A server needs it to compare the Origin with its own name."),
            marked("Explain", "Without it a check of Origin behind such a proxy fails."),
            "RFC 7239 §7.4",
            ("proxy", "host"),
        ),
    ),
    Header(
        "Forwarded",
        Said(
            marked("Explain", "What a proxy knows of the request that it passes on: for, by, host, proto."),
            marked("Explain", "It is the standard's form of the X-Forwarded lines."),
            marked("Explain", "Anyone can write this line, so a server trusts it from its own proxy only."),
            "RFC 7239 §4",
            ("proxy",),
        ),
        Value.PARAMETERS,
    ),
)
