"""What the headers are for that often stand in an answer, and those that proxies add."""

from wsinspector.learn.header_table import Header, Value
from wsinspector.learn.pieces import Said
from wsinspector.translate import marked

_NOT_NEEDED = marked(
    "Explain", "The handshake needs it not; with or without it the connection opens the same."
)

ANSWER_HEADERS: tuple[Header, ...] = (
    Header(
        "Via",
        Said(
            marked("Explain", "Names the proxies a message passed, each with the version of HTTP it spoke."),
            marked("Explain", "It shows loops, and what stood between. Each proxy adds itself."),
            marked("Explain", "Its absence does not prove that nothing stood between."),
            "RFC 9110 §7.6.3",
            ("proxy",),
        ),
        Value.LIST,
        marked("Explain", "proxy"),
    ),
    Header(
        "Date",
        Said(
            marked("Explain", "When the answer was made, by the server's clock, in Greenwich time."),
            marked("Explain", "Caches need it. An origin server with a clock sends it."),
            marked("Explain", "A client of WebSocket does not look at it."),
            "RFC 9110 §6.6.1",
        ),
    ),
    Header(
        "Server",
        Said(
            marked("Explain", "Names the program that answers, as products with versions."),
            marked("Explain", "It may be a proxy that answers and not the server behind it."),
            marked("Explain", "It may be left out, and often is, so as to tell less."),
            "RFC 9110 §10.2.4",
            ("proxy",),
        ),
        Value.WORDS,
    ),
    Header(
        "X-Powered-By",
        Said(
            marked("Explain", "Names the framework behind the server. No standard describes it."),
            marked("Explain", "Frameworks add it on their own."),
            _NOT_NEEDED,
            "RFC 9110 §5.1, a field of its maker's",
        ),
    ),
    Header(
        "Transfer-Encoding",
        Said(
            marked("Explain", "How the body is wrapped on this connection; chunked as a rule."),
            marked("Explain", "With chunks the server need not know the length before it begins."),
            marked(
                "Explain",
                "In a 101 it must not stand: what follows are frames and no body. With chunked missing the "
                "chunk sizes would be taken for the body.",
            ),
            "RFC 9112 §6.1",
            ("body",),
        ),
        Value.PARAMETERS,
    ),
    Header(
        "Content-Length",
        Said(
            marked("Explain", "How many bytes of body follow the blank line."),
            marked("Explain", "By it the receiver knows where the body ends."),
            marked(
                "Explain",
                "In a 101 it must not stand. Without it, and without chunks, the body lasts until the "
                "connection ends.",
            ),
            "RFC 9110 §8.6, RFC 9112 §6.3",
            ("body",),
        ),
    ),
    Header(
        "Content-Type",
        Said(
            marked("Explain", "What kind of content the body is, and in which character set."),
            marked("Explain", "The body of a refusal is a page or a text for a person."),
            marked("Explain", "A 101 has no body, so there it says nothing."),
            "RFC 9110 §8.3",
            ("body",),
        ),
        Value.PARAMETERS,
    ),
    Header(
        "Content-Encoding",
        Said(
            marked("Explain", "How the body is compressed."),
            marked("Explain", "The receiver undoes it to see the content."),
            marked("Explain", "It speaks of bodies alone; frames are compressed by an extension."),
            "RFC 9110 §8.4",
            ("body", "permessage-deflate"),
        ),
        Value.LIST,
    ),
    Header(
        "Keep-Alive",
        Said(
            marked("Explain", "How long an HTTP connection is kept open without a request."),
            marked(
                "Explain",
                "It is of old HTTP. It says nothing of a WebSocket, which stays open until someone ends it.",
            ),
            _NOT_NEEDED,
            "RFC 9112 §C.2.2",
        ),
        Value.LIST,
    ),
    Header(
        "Location",
        Said(
            marked("Explain", "Where else to ask, in an answer with a 3xx status."),
            marked("Explain", "The server has moved, or wants a login first."),
            marked(
                "Explain", "Browsers do not follow a redirect of a WebSocket; a client may, and need not."
            ),
            "RFC 9110 §10.2.2, RFC 6455 §4.1, WebSockets Standard, opening handshake",
            ("refusal",),
        ),
    ),
    Header(
        "Set-Cookie",
        Said(
            marked("Explain", "A name and a value that the client is to give back with later requests."),
            marked(
                "Explain",
                "Servers and balancers mark a client by it, so that it reaches the same machine again.",
            ),
            marked("Explain", "A 101 may carry it; the next request then has the cookie."),
            "RFC 6265 §4.1",
            ("cookie",),
        ),
        Value.SEMICOLONS,
    ),
    Header(
        "WWW-Authenticate",
        Said(
            marked("Explain", "Which credentials the server wants, in an answer with 401."),
            marked("Explain", "The client may ask again with Authorization."),
            marked(
                "Explain", "A 401 without it breaks HTTP. A browser does not ask its user for a WebSocket."
            ),
            "RFC 9110 §11.6.1",
            ("authentication", "refusal"),
        ),
        Value.SCHEME,
    ),
    Header(
        "Proxy-Authenticate",
        Said(
            marked("Explain", "Which credentials a proxy wants, in an answer with 407."),
            marked("Explain", "It shows that not the server refused but a proxy on the way."),
            marked("Explain", "A 407 without it breaks HTTP."),
            "RFC 9110 §11.7.1",
            ("authentication", "proxy"),
        ),
        Value.SCHEME,
    ),
    Header(
        "Retry-After",
        Said(
            marked("Explain", "When to ask again: seconds, or a date."),
            marked("Explain", "Servers that are overloaded or being repaired send it with 503 or 429."),
            marked("Explain", "Without it a client waits by its own judgement."),
            "RFC 9110 §10.2.3",
            ("refusal",),
        ),
    ),
    Header(
        "Allow",
        Said(
            marked("Explain", "Methods that are allowed on this address, in an answer with 405."),
            marked("Explain", "A handshake is a GET. Where GET is not listed, no WebSocket can open here."),
            marked("Explain", "A 405 without it breaks HTTP."),
            "RFC 9110 §10.2.1",
            ("refusal",),
        ),
        Value.LIST,
    ),
    Header(
        "Vary",
        Said(
            marked("Explain", "Headers of the request on which the answer depends."),
            marked("Explain", "Caches keep an answer for each of their values. A 101 is never kept."),
            _NOT_NEEDED,
            "RFC 9110 §12.5.5",
        ),
        Value.LIST,
    ),
    Header(
        "ETag",
        Said(
            marked("Explain", "A mark of this state of a page, for caches."),
            marked("Explain", "It stands in answers that have a body."),
            _NOT_NEEDED,
            "RFC 9110 §8.8.3",
        ),
    ),
    Header(
        "Last-Modified",
        Said(
            marked("Explain", "When the page was last changed."),
            marked("Explain", "It stands in answers that have a body."),
            _NOT_NEEDED,
            "RFC 9110 §8.8.2",
        ),
    ),
    Header(
        "Expires",
        Said(
            marked("Explain", "Until when a cache may answer with this."),
            marked("Explain", "A 101 is never kept by a cache."),
            _NOT_NEEDED,
            "RFC 9111 §5.3",
        ),
    ),
    Header(
        "Age",
        Said(
            marked("Explain", "For how many seconds the answer lay in a cache."),
            marked(
                "Explain", "An answer to a handshake with this came from a cache and not from the server."
            ),
            _NOT_NEEDED,
            "RFC 9111 §5.1",
            ("proxy",),
        ),
    ),
    Header(
        "Strict-Transport-Security",
        Said(
            marked("Explain", "Tells the browser to reach this host by TLS only, for so many seconds."),
            marked("Explain", "The browser then turns ws into wss by itself."),
            _NOT_NEEDED,
            "RFC 6797 §6.1",
            ("tls",),
        ),
        Value.SEMICOLONS,
    ),
    Header(
        "Alt-Svc",
        Said(
            marked("Explain", "Other ways to reach this server, such as HTTP/3 on a port."),
            marked("Explain", "Browsers use it for later requests."),
            _NOT_NEEDED,
            "RFC 7838 §3",
        ),
        Value.PARAMETERS,
    ),
    Header(
        "Access-Control-Allow-Origin",
        Said(
            marked("Explain", "Which pages of other origins may read the answer of an ordinary request."),
            marked(
                "Explain",
                "Browsers do not ask for it with a WebSocket. It protects nothing there: the server must "
                "look "
                "at Origin itself.",
            ),
            _NOT_NEEDED,
            "Fetch Standard, CORS protocol; RFC 6455 §10.2",
            ("origin",),
        ),
    ),
    Header(
        "Access-Control-Allow-Credentials",
        Said(
            marked(
                "Explain", "Whether pages of other origins may read answers that were asked for with cookies."
            ),
            marked("Explain", "It is of ordinary requests; browsers do not look at it for a WebSocket."),
            _NOT_NEEDED,
            "Fetch Standard, CORS protocol",
            ("origin",),
        ),
    ),
    Header(
        "Content-Security-Policy",
        Said(
            marked(
                "Explain",
                "What a page may load and connect to; connect-src names the servers for WebSockets.",
            ),
            marked("Explain", "It counts in the answer that brought the page, and not in this one."),
            _NOT_NEEDED,
            "Content Security Policy Level 3 §6",
        ),
        Value.SEMICOLONS,
    ),
    Header(
        "X-Content-Type-Options",
        Said(
            marked("Explain", "Tells a browser not to guess what kind of content a body is."),
            marked("Explain", "Frameworks add it to every answer."),
            _NOT_NEEDED,
            "Fetch Standard, X-Content-Type-Options header",
        ),
    ),
    Header(
        "X-Frame-Options",
        Said(
            marked("Explain", "Whether a page may be shown within a frame of another."),
            marked("Explain", "Frameworks add it to every answer."),
            _NOT_NEEDED,
            "RFC 7034 §2",
        ),
    ),
    Header(
        "HTTP2-Settings",
        Said(
            marked("Explain", "Part of an offer to go on in HTTP/2 on this connection."),
            marked("Explain", "A client that asks for both lists h2c in Upgrade too."),
            _NOT_NEEDED,
            "RFC 7540 §3.2.1",
            ("upgrade",),
        ),
    ),
    Header(
        "TE",
        Said(
            marked("Explain", "Which wrappings of a body the client takes besides chunks."),
            marked("Explain", "It speaks of the body of an answer."),
            _NOT_NEEDED,
            "RFC 9110 §10.1.4",
        ),
        Value.PARAMETERS,
    ),
    Header(
        "Trailer",
        Said(
            marked("Explain", "Names headers that will follow behind a body in chunks."),
            marked("Explain", "The receiver can get ready for them."),
            _NOT_NEEDED,
            "RFC 9110 §6.6.2",
        ),
        Value.LIST,
    ),
    Header(
        "CF-RAY",
        Said(
            marked("Explain", "A mark by which Cloudflare finds this request in its records."),
            marked("Explain", "It shows that Cloudflare's machines stood between."),
            _NOT_NEEDED,
            "RFC 9110 §5.1, a field of its maker's",
            ("proxy",),
        ),
    ),
    Header(
        "X-Request-Id",
        Said(
            marked("Explain", "A mark by which the servers find this request in their records."),
            marked("Explain", "Proxies and servers add it, so that their records can be laid side by side."),
            _NOT_NEEDED,
            "RFC 9110 §5.1, a field of its maker's",
            ("proxy",),
        ),
    ),
)
