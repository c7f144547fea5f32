"""The words of the glossary: the second half of the alphabet."""

from wsinspector.learn.glossary_term import Term
from wsinspector.translate import marked

LAST_TERMS: tuple[Term, ...] = (
    Term(
        "masking-key",
        marked("Glossary", "masking key"),
        marked(
            "Glossary",
            "Four random bytes in each frame of a client. Every byte of payload is XORed with one of them "
            "in turn. It hides nothing; it keeps chosen bytes from looking like HTTP to a proxy.",
        ),
        "RFC 6455 §5.3, §10.3",
        ("frame", "client", "proxy", "xor"),
    ),
    Term(
        "message",
        marked("Glossary", "message"),
        marked(
            "Glossary",
            "What an application sends and receives: text or binary, in one frame or several.",
        ),
        "RFC 6455 §1.2, §5.4, §5.6",
        ("frame", "fragmentation", "text", "binary"),
    ),
    Term(
        "opcode",
        marked("Glossary", "opcode"),
        marked(
            "Glossary",
            "Four bits that tell what a frame is: 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 "
            "pong; the others are reserved.",
        ),
        "RFC 6455 §5.2, §11.8",
        ("frame", "control-frame"),
    ),
    Term(
        "origin",
        marked("Glossary", "Origin"),
        marked(
            "Glossary",
            "Scheme, host and port of the page whose script connects. A browser always tells it, and the "
            "server decides whether to let it in.",
        ),
        "RFC 6455 §10.2, RFC 6454 §7",
        ("cookie", "header"),
    ),
    Term(
        "payload",
        marked("Glossary", "payload"),
        marked(
            "Glossary",
            "The bytes of a frame behind its header: data of the application, or what a control frame holds.",
        ),
        "RFC 6455 §5.2",
        ("frame", "length", "masking-key"),
    ),
    Term(
        "length",
        marked("Glossary", "payload length"),
        marked(
            "Glossary",
            "Seven bits, or 126 and two bytes, or 127 and eight bytes. The shortest form that fits must be "
            "used.",
        ),
        "RFC 6455 §5.2",
        ("frame", "payload"),
    ),
    Term(
        "permessage-deflate",
        marked("Glossary", "permessage-deflate"),
        marked(
            "Glossary",
            "The extension that compresses messages by DEFLATE. RSV1 marks a compressed message on its "
            "first frame; the last four bytes 00 00 FF FF are left out.",
        ),
        "RFC 7692 §7",
        ("extension", "rsv", "window"),
    ),
    Term(
        "ping",
        marked("Glossary", "ping and pong"),
        marked(
            "Glossary",
            "A ping asks for a pong with the same payload. They show that the other side is there, measure "
            "the round trip and keep machines in between from ending an idle connection.",
        ),
        "RFC 6455 §5.5.2, §5.5.3",
        ("control-frame", "round-trip"),
    ),
    Term(
        "policy",
        marked("Glossary", "policy"),
        marked(
            "Glossary",
            "A word of this program: how we behave as an endpoint: conforming fails as the standard asks, "
            "tolerant goes on and tells where one would have stopped, watch answers nothing.",
        ),
        "wsinspector; RFC 6455 §7.1.7",
        ("tolerant", "fail"),
    ),
    Term(
        "port",
        marked("Glossary", "port"),
        marked(
            "Glossary",
            "The number of a service at an address: 80 for ws and 443 for wss where the URL names none.",
        ),
        "RFC 6455 §3",
        ("host", "url", "tcp"),
    ),
    Term(
        "proxy",
        marked("Glossary", "proxy"),
        marked(
            "Glossary",
            "A machine in between that takes a request and passes it on. One that does not know WebSocket "
            "drops Upgrade, holds bytes back or ends idle connections.",
        ),
        "RFC 9110 §3.7, RFC 6455 §1.5, §10.3",
        ("upgrade", "masking-key"),
    ),
    Term(
        "refusal",
        marked("Glossary", "refusal"),
        marked(
            "Glossary",
            "An answer that opens no WebSocket: any status but 101. 426 and 400 may list the versions that "
            "the server speaks.",
        ),
        "RFC 6455 §4.2.2, §4.4",
        ("handshake", "version-value"),
    ),
    Term(
        "round-trip",
        marked("Glossary", "round trip"),
        marked(
            "Glossary",
            "How long a message takes to the other side and its answer back. A ping and its pong measure it.",
        ),
        "RFC 6455 §5.5.2",
        ("ping",),
    ),
    Term(
        "rsv",
        marked("Glossary", "RSV1, RSV2, RSV3"),
        marked(
            "Glossary",
            "Three bits kept for extensions. Set without one that was agreed on, they fail the connection.",
        ),
        "RFC 6455 §5.2",
        ("extension", "permessage-deflate"),
    ),
    Term(
        "rule",
        marked("Glossary", "rule"),
        marked(
            "Glossary",
            "A word of this program: one check that recorded bytes must pass, with its clause and with "
            "examples.",
        ),
        "wsinspector; each names its clause",
        ("finding", "clause"),
    ),
    Term(
        "accept",
        marked("Glossary", "Sec-WebSocket-Accept"),
        marked(
            "Glossary",
            "The answer to the key: SHA-1 over the key's text and a fixed text, as base64. It proves that "
            "the server read this request and knows the protocol.",
        ),
        "RFC 6455 §4.2.2, §1.3",
        ("key", "handshake"),
    ),
    Term(
        "key",
        marked("Glossary", "Sec-WebSocket-Key"),
        marked(
            "Glossary",
            "Sixteen random bytes of the client as base64. The answer must be computed from it. It keeps "
            "nothing secret.",
        ),
        "RFC 6455 §4.1, §11.3.1",
        ("accept", "base64"),
    ),
    Term(
        "server",
        marked("Glossary", "server"),
        marked(
            "Glossary",
            "The side that is connected to and answers. It must not mask what it sends.",
        ),
        "RFC 6455 §1.2, §5.1",
        ("client", "endpoint"),
    ),
    Term(
        "sni",
        marked("Glossary", "SNI"),
        marked(
            "Glossary",
            "The host's name as the client tells it while TLS begins, so that the server can choose its "
            "certificate.",
        ),
        "RFC 6066 §3, RFC 6455 §4.1",
        ("tls", "host", "alpn"),
    ),
    Term(
        "stream",
        marked("Glossary", "stream of bytes"),
        marked(
            "Glossary",
            "What TCP carries each way: bytes in order, without borders. Frames give them borders.",
        ),
        "RFC 9293 §2.2, RFC 6455 §1.5",
        ("tcp", "frame"),
    ),
    Term(
        "subprotocol",
        marked("Glossary", "subprotocol"),
        marked(
            "Glossary",
            "A name for what the messages mean, agreed on in Sec-WebSocket-Protocol: the client lists, the "
            "server chooses one.",
        ),
        "RFC 6455 §1.9, §11.5",
        ("handshake", "header"),
    ),
    Term(
        "tcp",
        marked("Glossary", "TCP"),
        marked(
            "Glossary",
            "The connection beneath: two streams of bytes, one each way. FIN ends one of them, RST ends "
            "both at once.",
        ),
        "RFC 9293 §3.5, §3.6",
        ("stream", "tls", "closing-handshake"),
    ),
    Term(
        "text",
        marked("Glossary", "text message"),
        marked(
            "Glossary",
            "A message whose payload is UTF-8 as a whole; a character may be cut by a frame's end. Other "
            "bytes fail the connection with 1007.",
        ),
        "RFC 6455 §5.6, §8.1",
        ("utf-8", "binary", "message"),
    ),
    Term(
        "tls",
        marked("Glossary", "TLS"),
        marked(
            "Glossary",
            "Encryption between TCP and WebSocket, for addresses that begin with wss. The bytes inside are "
            "the same.",
        ),
        "RFC 6455 §10.6, RFC 8446 §1",
        ("sni", "alpn", "url"),
    ),
    Term(
        "tolerant",
        marked("Glossary", "tolerant"),
        marked(
            "Glossary",
            "A word of this program: the policy that answers as a conforming endpoint but does not stop at "
            "faults, so that they can be looked at.",
        ),
        "wsinspector; RFC 6455 §7.1.7",
        ("policy", "fail"),
    ),
    Term(
        "upgrade",
        marked("Glossary", "upgrade"),
        marked(
            "Glossary",
            "The way of HTTP/1.1 to change to another protocol on the same connection: Upgrade names it, "
            "Connection says that it is for this connection, 101 agrees.",
        ),
        "RFC 9110 §7.8, RFC 6455 §1.7",
        ("handshake", "header"),
    ),
    Term(
        "utf-8",
        marked("Glossary", "UTF-8"),
        marked(
            "Glossary",
            "A way to write every character as one to four bytes. All text of WebSocket is written so.",
        ),
        "RFC 3629 §3, RFC 6455 §8.1",
        ("text",),
    ),
    Term(
        "version-value",
        marked("Glossary", "version value"),
        marked(
            "Glossary",
            "The text in Sec-WebSocket-Version: a number from 0 to 255, 13 for RFC 6455. It names a version "
            "and does not make anyone speak it.",
        ),
        "RFC 6455 §4.3, §11.6",
        ("dialect", "refusal"),
    ),
    Term(
        "url",
        marked("Glossary", "WebSocket address"),
        marked(
            "Glossary",
            "ws:// or wss://, a host, a port, a path and a query; no fragment.",
        ),
        "RFC 6455 §3",
        ("host", "port", "tls"),
    ),
    Term(
        "http2",
        marked("Glossary", "WebSocket over HTTP/2"),
        marked(
            "Glossary",
            "A stream of an HTTP/2 connection that is opened by CONNECT with :protocol websocket; there is "
            "no Upgrade, no key and no 101. HTTP/3 has the same.",
        ),
        "RFC 8441 §4, RFC 9220 §3",
        ("handshake", "alpn"),
    ),
    Term(
        "window",
        marked("Glossary", "window"),
        marked(
            "Glossary",
            "How far back compression may refer, 256 bytes to 32 KiB. It is kept from message to message "
            "unless no context takeover was agreed on.",
        ),
        "RFC 7692 §7.1.1, §7.1.2",
        ("permessage-deflate",),
    ),
    Term(
        "xor",
        marked("Glossary", "XOR"),
        marked(
            "Glossary",
            "Two bits that differ give 1, equal ones 0. Done twice with the same key it gives back what was "
            "there.",
        ),
        "RFC 6455 §5.3",
        ("masking-key",),
    ),
)
