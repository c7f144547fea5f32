"""How each dialect does what all must do, one entry where something began to be done in a new way."""

from wsinspector.protocol.dialects.cards import Aspect, Fact, Source
from wsinspector.translate import translate

_READ, _DONE, _RECALLED = Source.READ, Source.IMPLEMENTED, Source.RECALLED


def facts() -> tuple[Fact, ...]:
    return (*_opening(), *_proving(), *_framing(), *_ending())


def _opening() -> tuple[Fact, ...]:
    return (
        Fact(
            Aspect.VERSION,
            translate("dialects", "No header. A server knows it by the missing keys."),
            _DONE,
            "hixie-75",
        ),
        Fact(
            Aspect.VERSION,
            translate("dialects", "No header. A server knows it by Sec-WebSocket-Key1."),
            _DONE,
            "hixie-76",
        ),
        Fact(
            Aspect.VERSION,
            translate("dialects", "Sec-WebSocket-Draft: 2. Some servers do not look at it."),
            _DONE,
            "hybi-02",
        ),
        Fact(
            Aspect.VERSION,
            translate("dialects", "Sec-WebSocket-Draft: 2, as in hybi-02. Some implementations send 3."),
            _DONE,
            "hybi-03",
        ),
        *(
            Fact(
                Aspect.VERSION,
                translate("dialects", "Sec-WebSocket-Version: {}.").format(value),
                _READ,
                since,
            )
            for value, since in ((4, "hybi-04"), (5, "hybi-05"), (6, "hybi-06"), (7, "hybi-07"))
        ),
        Fact(
            Aspect.VERSION,
            translate("dialects", "Sec-WebSocket-Version: 8. Sec-WebSocket-Origin tells it from hybi-11."),
            _READ,
            "hybi-08",
        ),
        Fact(
            Aspect.VERSION,
            translate("dialects", "Sec-WebSocket-Version: 8, as in hybi-08. A refusal lists versions."),
            _READ,
            "hybi-11",
        ),
        Fact(
            Aspect.VERSION,
            translate("dialects", "Sec-WebSocket-Version: 13. A refusal must list versions."),
            _READ,
            "rfc6455",
        ),
        Fact(
            Aspect.HANDSHAKE,
            translate(
                "dialects",
                "Upgrade: WebSocket and Connection: Upgrade come first, in this order and case. "
                "The answer begins with three fixed lines and names the origin and the whole URL.",
            ),
            _DONE,
            "hixie-75",
        ),
        Fact(
            Aspect.HANDSHAKE,
            translate(
                "dialects",
                "The headers may come in any order, with Upgrade: WebSocket among them. "
                "The answer names the origin and the whole URL.",
            ),
            _DONE,
            "hixie-76",
        ),
        Fact(
            Aspect.HANDSHAKE,
            translate(
                "dialects",
                "Upgrade: websocket, and Connection is Upgrade and nothing else. "
                "The URL no longer comes back.",
            ),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.HANDSHAKE,
            translate("dialects", "Upgrade: websocket, and Upgrade is among the tokens of Connection."),
            _DONE,
            "hybi-06",
        ),
        Fact(
            Aspect.ORIGIN,
            translate("dialects", "Origin, which comes back as WebSocket-Origin."),
            _DONE,
            "hixie-75",
        ),
        Fact(
            Aspect.ORIGIN,
            translate("dialects", "Origin, which comes back as Sec-WebSocket-Origin."),
            _DONE,
            "hixie-76",
        ),
        Fact(
            Aspect.ORIGIN,
            translate("dialects", "Sec-WebSocket-Origin in the request, nothing in the answer."),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.ORIGIN,
            translate("dialects", "Origin in the request, nothing in the answer."),
            _DONE,
            "hybi-11",
        ),
        Fact(
            Aspect.SUBPROTOCOLS,
            translate("dialects", "WebSocket-Protocol, one value."),
            _DONE,
            "hixie-75",
        ),
        Fact(
            Aspect.SUBPROTOCOLS,
            translate("dialects", "Sec-WebSocket-Protocol, values separated by spaces."),
            _DONE,
            "hixie-76",
        ),
        Fact(
            Aspect.SUBPROTOCOLS,
            translate("dialects", "Sec-WebSocket-Protocol, values separated by commas."),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.SUBPROTOCOLS,
            translate(
                "dialects",
                "Sec-WebSocket-Protocol, values separated by commas. "
                "One that was not asked for fails the connection.",
            ),
            _READ,
            "rfc6455",
        ),
    )


def _proving() -> tuple[Fact, ...]:
    return (
        Fact(Aspect.CHALLENGE, translate("dialects", "None."), _DONE, "hixie-75"),
        Fact(
            Aspect.CHALLENGE,
            translate(
                "dialects",
                "Two keys hide a number each: their digits divided by their spaces. Both numbers and eight "
                "bytes behind the request's head go through MD5. The 16 bytes follow the answer's head.",
            ),
            _DONE,
            "hixie-76",
        ),
        Fact(
            Aspect.CHALLENGE,
            translate(
                "dialects",
                "The key and a fixed GUID go through SHA-1; the answer has the result in base64. "
                "The answer also has Sec-WebSocket-Nonce, which masking needs.",
            ),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.CHALLENGE,
            translate(
                "dialects", "The key and a fixed GUID go through SHA-1; the answer has the result in base64."
            ),
            _DONE,
            "hybi-05",
        ),
        Fact(Aspect.MASKING, translate("dialects", "None."), _DONE, "hixie-75"),
        Fact(
            Aspect.MASKING,
            translate(
                "dialects",
                "The client's whole frame, header included, with the SHA-1 of four new bytes and a key "
                "made of both sides' nonces. The four bytes travel before the frame.",
            ),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.MASKING,
            translate(
                "dialects",
                "The client's whole frame, header included, with four new bytes that travel before it.",
            ),
            _DONE,
            "hybi-05",
        ),
        Fact(
            Aspect.MASKING,
            translate(
                "dialects",
                "The client's payload alone, with four new bytes that travel at the end of the header.",
            ),
            _READ,
            "hybi-07",
        ),
    )


def _framing() -> tuple[Fact, ...]:
    return (
        Fact(
            Aspect.FRAMING,
            translate(
                "dialects",
                "00, the text in UTF-8, FF. No length, no binary messages, no fragments, no ping.",
            ),
            _DONE,
            "hixie-75",
        ),
        Fact(
            Aspect.FRAMING,
            translate(
                "dialects",
                "A header with MORE, an opcode and a length; binary messages, fragments, ping and pong. "
                "MORE is 0 in the last fragment. Some servers take the handshake and frame as hixie-76.",
            ),
            _DONE,
            "hybi-01",
        ),
        Fact(
            Aspect.FRAMING,
            translate(
                "dialects",
                "As hybi-03, but the first bit is FIN: 1 in the last fragment. Opcodes: 1 close, 2 ping, "
                "3 pong, 4 text, 5 binary.",
            ),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.FRAMING,
            translate(
                "dialects",
                "FIN, three reserved bits, an opcode; MASK and a length. Opcodes: 1 text, 2 binary, 8 close, "
                "9 ping, 10 pong.",
            ),
            _READ,
            "hybi-07",
        ),
    )


def _ending() -> tuple[Fact, ...]:
    return (
        Fact(Aspect.CLOSING, translate("dialects", "No frame; TCP is closed."), _DONE, "hixie-75"),
        Fact(
            Aspect.CLOSING,
            translate("dialects", "FF 00 is sent and answered, then TCP is closed."),
            _DONE,
            "hixie-76",
        ),
        Fact(
            Aspect.CLOSING,
            translate("dialects", "A frame with opcode 1, sent back with its body. There are no codes."),
            _DONE,
            "hybi-01",
        ),
        Fact(
            Aspect.CLOSING,
            translate("dialects", "A frame with opcode 1. Its body may hold anything; there are no codes."),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.CLOSING,
            translate(
                "dialects", "A frame with opcode 1 and one byte: S from the server, C from the client."
            ),
            _RECALLED,
            "hybi-05",
        ),
        Fact(
            Aspect.CLOSING,
            translate("dialects", "A frame with opcode 1 that holds a code and a reason."),
            _DONE,
            "hybi-06",
        ),
        Fact(
            Aspect.CLOSING,
            translate("dialects", "A frame with opcode 8 that holds a code and a reason."),
            _READ,
            "hybi-07",
        ),
        Fact(Aspect.EXTENSIONS, translate("dialects", "None."), _DONE, "hixie-75"),
        Fact(
            Aspect.EXTENSIONS,
            translate("dialects", "One is described, compression. No use of it is known."),
            _RECALLED,
            "hybi-03",
        ),
        Fact(
            Aspect.EXTENSIONS,
            translate("dialects", "Sec-WebSocket-Extensions, values separated by commas."),
            _DONE,
            "hybi-04",
        ),
        Fact(
            Aspect.EXTENSIONS,
            translate("dialects", "Sec-WebSocket-Extensions; deflate-stream is described."),
            _DONE,
            "hybi-07",
        ),
        Fact(
            Aspect.EXTENSIONS,
            translate("dialects", "Sec-WebSocket-Extensions; permessage-deflate came with RFC 7692."),
            _READ,
            "rfc6455",
        ),
    )
