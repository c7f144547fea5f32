"""The words of the glossary: the first half of the alphabet."""

from wsinspector.learn.glossary_term import Term
from wsinspector.translate import marked

FIRST_TERMS: tuple[Term, ...] = (
    Term(
        "alpn",
        marked("Glossary", "ALPN"),
        marked(
            "Glossary",
            "A field of the TLS handshake in which both sides agree on what is spoken inside: http/1.1 for "
            "a WebSocket of RFC 6455, h2 for HTTP/2.",
        ),
        "RFC 7301 §3",
        ("tls", "sni", "http2"),
    ),
    Term(
        "anomaly",
        marked("Glossary", "anomaly"),
        marked(
            "Glossary",
            "A word of this program: something odd about received bytes, as the reader saw it, with the "
            "bytes it speaks of. What it means is said by a finding.",
        ),
        "wsinspector; the rules name their clauses",
        ("finding", "rule"),
    ),
    Term(
        "attempt",
        marked("Glossary", "attempt"),
        marked(
            "Glossary",
            "A word of this program: one connection, from the look-up of the name to its end. A "
            "conversation has one or more.",
        ),
        "wsinspector",
        ("conversation", "draft-request"),
    ),
    Term(
        "authentication",
        marked("Glossary", "authentication"),
        marked(
            "Glossary",
            "Proof of who asks, by a header such as Authorization or a cookie, in the handshake. WebSocket "
            "itself has none; what HTTP has can be used.",
        ),
        "RFC 6455 §10.5, RFC 9110 §11",
        ("cookie", "handshake"),
    ),
    Term(
        "base64",
        marked("Glossary", "base64"),
        marked(
            "Glossary",
            "A way to write any bytes as text: three bytes are four of 64 harmless characters, an equals "
            "sign fills up.",
        ),
        "RFC 4648 §4",
        ("key", "accept"),
    ),
    Term(
        "binary",
        marked("Glossary", "binary message"),
        marked(
            "Glossary",
            "A message whose payload is any bytes. Only the application knows what they mean.",
        ),
        "RFC 6455 §5.6",
        ("text", "message", "opcode"),
    ),
    Term(
        "body",
        marked("Glossary", "body"),
        marked(
            "Glossary",
            "What follows the blank line of an HTTP message. A handshake has none; a refusal often has a "
            "page or a text.",
        ),
        "RFC 9112 §6",
        ("refusal", "header"),
    ),
    Term(
        "capture",
        marked("Glossary", "capture"),
        marked(
            "Glossary",
            "A word of this program: the file in which a conversation is kept, every byte with its "
            "direction and time. Everything shown is worked out from it.",
        ),
        "wsinspector",
        ("conversation", "attempt"),
    ),
    Term(
        "clause",
        marked("Glossary", "clause"),
        marked(
            "Glossary",
            "A section of a standard that a rule comes from, such as RFC 6455 §5.1.",
        ),
        "RFC 6455 §2",
        ("rule", "finding"),
    ),
    Term(
        "client",
        marked("Glossary", "client"),
        marked(
            "Glossary",
            "The side that connects and sends the request. It must mask every frame it sends.",
        ),
        "RFC 6455 §1.2, §5.1",
        ("server", "masking-key"),
    ),
    Term(
        "close-code",
        marked("Glossary", "close code"),
        marked(
            "Glossary",
            "A number of two bytes in a Close frame that says why: 1000 is a normal end. 1005 (no code "
            "came) and 1006 (no Close came) are only reported and never sent.",
        ),
        "RFC 6455 §5.5.1, §7.4",
        ("closing-handshake", "control-frame"),
    ),
    Term(
        "closing-handshake",
        marked("Glossary", "closing handshake"),
        marked(
            "Glossary",
            "One side sends a Close frame, the other answers with one, then TCP is ended, by the server "
            "first. Then both know that all that was sent before has come.",
        ),
        "RFC 6455 §1.4, §7",
        ("close-code", "tcp"),
    ),
    Term(
        "continuation",
        marked("Glossary", "continuation"),
        marked(
            "Glossary",
            "A frame with opcode 0: the next part of a message that an earlier frame began.",
        ),
        "RFC 6455 §5.4",
        ("fragmentation", "fin", "opcode"),
    ),
    Term(
        "control-frame",
        marked("Glossary", "control frame"),
        marked(
            "Glossary",
            "Close, Ping or Pong: at most 125 bytes of payload, never in parts, and allowed between the "
            "parts of a message.",
        ),
        "RFC 6455 §5.5",
        ("close-code", "ping", "opcode"),
    ),
    Term(
        "conversation",
        marked("Glossary", "conversation"),
        marked(
            "Glossary",
            "A word of this program: a tab with one draft and its attempts, kept in one capture.",
        ),
        "wsinspector",
        ("attempt", "capture"),
    ),
    Term(
        "cookie",
        marked("Glossary", "cookie"),
        marked(
            "Glossary",
            "A name and a value that a server gave a browser, which the browser gives back with requests to "
            "it, handshakes too, unless its SameSite forbids it.",
        ),
        "RFC 6265 §4, RFC 6455 §10.5",
        ("origin", "authentication"),
    ),
    Term(
        "crlf",
        marked("Glossary", "CRLF"),
        marked(
            "Glossary",
            "Carriage return and line feed, the bytes 0D 0A: the end of a line in HTTP.",
        ),
        "RFC 9112 §2.2",
        ("header",),
    ),
    Term(
        "dialect",
        marked("Glossary", "dialect"),
        marked(
            "Glossary",
            "A word of this program: a version of the protocol as it is really spoken, handshake and "
            "frames, from hixie-75 to RFC 6455. A version value is only text in a header.",
        ),
        "wsinspector; the documents of each version",
        ("version-value", "draft", "hixie", "hybi"),
    ),
    Term(
        "draft-request",
        marked("Glossary", "draft (of a request)"),
        marked(
            "Glossary",
            "A word of this program: the request as it is being edited and not yet sent. Connecting copies "
            "it into a new attempt.",
        ),
        "wsinspector",
        ("attempt", "conversation"),
    ),
    Term(
        "draft",
        marked("Glossary", "draft (of the protocol)"),
        marked(
            "Glossary",
            "A document on the way to a standard. WebSocket had many from 2009 to 2011, and browsers "
            "shipped some of them.",
        ),
        "RFC 6455 §11.6",
        ("hixie", "hybi", "dialect"),
    ),
    Term(
        "endpoint",
        marked("Glossary", "endpoint"),
        marked(
            "Glossary",
            "Either side of a connection, the client or the server.",
        ),
        "RFC 6455 §1.2, §5.4",
        ("client", "server"),
    ),
    Term(
        "extension",
        marked("Glossary", "extension"),
        marked(
            "Glossary",
            "An agreed change of the framing, offered and accepted in Sec-WebSocket-Extensions. "
            "permessage-deflate is the one in use.",
        ),
        "RFC 6455 §9, §11.4",
        ("permessage-deflate", "rsv"),
    ),
    Term(
        "fail",
        marked("Glossary", "fail the connection"),
        marked(
            "Glossary",
            "To end a connection over a fault: no more data is read, a Close frame may be sent, then TCP is "
            "ended.",
        ),
        "RFC 6455 §7.1.7",
        ("close-code", "policy"),
    ),
    Term(
        "fin",
        marked("Glossary", "FIN"),
        marked(
            "Glossary",
            "The first bit of a frame: 1 in the last frame of a message. Not to be mistaken for the FIN of "
            "TCP, which ends a stream.",
        ),
        "RFC 6455 §5.2, §5.4",
        ("fragmentation", "message", "tcp"),
    ),
    Term(
        "finding",
        marked("Glossary", "finding"),
        marked(
            "Glossary",
            "A word of this program: what a rule makes of recorded bytes: which clause is not met, and by "
            "whom.",
        ),
        "wsinspector; each names its clause",
        ("rule", "anomaly", "clause"),
    ),
    Term(
        "fragmentation",
        marked("Glossary", "fragmentation"),
        marked(
            "Glossary",
            "A message sent in several frames: the first has the opcode and FIN 0, the last FIN 1. Control "
            "frames may come between.",
        ),
        "RFC 6455 §5.4",
        ("fin", "continuation", "message"),
    ),
    Term(
        "frame",
        marked("Glossary", "frame"),
        marked(
            "Glossary",
            "The unit that travels after the handshake: a short header that tells kind and length, then the "
            "payload.",
        ),
        "RFC 6455 §5.2",
        ("message", "opcode", "length", "payload"),
    ),
    Term(
        "handshake",
        marked("Glossary", "handshake"),
        marked(
            "Glossary",
            "The opening: an HTTP request that asks for WebSocket, and an answer with 101 that agrees. From "
            "there on only frames travel.",
        ),
        "RFC 6455 §1.3, §4",
        ("upgrade", "key", "accept", "refusal"),
    ),
    Term(
        "header",
        marked("Glossary", "header"),
        marked(
            "Glossary",
            "A line of an HTTP message: a name, a colon, a value. Unknown ones are ignored.",
        ),
        "RFC 9110 §5, RFC 9112 §5",
        ("crlf", "body"),
    ),
    Term(
        "hixie",
        marked("Glossary", "hixie"),
        marked(
            "Glossary",
            "The first drafts that browsers shipped, 75 and 76, named after their author. Frames are text "
            "between the bytes 00 and FF; 76 has a challenge of two keys and eight bytes.",
        ),
        "draft-hixie-thewebsocketprotocol-75, -76",
        ("dialect", "hybi", "draft"),
    ),
    Term(
        "host",
        marked("Glossary", "host"),
        marked(
            "Glossary",
            "The name or address of the server in the URL and in the header Host. One address may serve "
            "many.",
        ),
        "RFC 9110 §7.2, RFC 6455 §3",
        ("sni", "url", "port"),
    ),
    Term(
        "hybi",
        marked("Glossary", "hybi"),
        marked(
            "Glossary",
            "The drafts 00 to 17 of the working group of that name at the IETF. From 04 on the client "
            "masks, from 07 on frames have today's layout.",
        ),
        "draft-ietf-hybi-thewebsocketprotocol-00 to -17",
        ("dialect", "hixie", "draft"),
    ),
    Term(
        "lab",
        marked("Glossary", "lab"),
        marked(
            "Glossary",
            "A word of this program: the built-in server, reached over loopback, that conforms or "
            "misbehaves as you like.",
        ),
        "wsinspector",
        ("server", "conversation"),
    ),
)
