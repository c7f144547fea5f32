"""What the cards say around the facts: who sent a dialect, what single drafts changed, and why."""

from wsinspector.protocol.dialects.cards import Source, Statement
from wsinspector.translate import translate

_READ, _DONE, _RECALLED = Source.READ, Source.IMPLEMENTED, Source.RECALLED
_GUESS = Source.INFERRED


def sent_by() -> dict[str, tuple[Statement, ...]]:
    return {
        "hixie-75": (Statement(translate("dialects", "Chrome 4 and 5, Safari 5.0.0."), _RECALLED),),
        "hixie-76": (
            Statement(
                translate("dialects", "Chrome 6 to 13, Safari 5.0.1 to 5.1, Firefox 4 and 5, Opera 11."),
                _RECALLED,
            ),
        ),
        "hybi-07": (Statement(translate("dialects", "Firefox 6."), _RECALLED),),
        "hybi-08": (Statement(translate("dialects", "Chrome 14 and 15, Firefox 7 to 10."), _RECALLED),),
        "rfc6455": (
            Statement(
                translate(
                    "dialects",
                    "Chrome 16 and later, Firefox 11 and later, Internet Explorer 10 and later.",
                ),
                _RECALLED,
            ),
        ),
    }


def changes() -> dict[str, tuple[Statement, ...]]:
    return {
        "hixie-76": (
            Statement(
                translate(
                    "dialects",
                    "The draft sends its headers in a random order. This program keeps one order, so that "
                    "two requests can be compared.",
                ),
                _RECALLED,
            ),
        ),
        "hybi-01": (
            Statement(
                translate("dialects", "The opcodes are those of hybi-03. One library frames it as hixie-76."),
                _DONE,
            ),
            Statement(
                translate(
                    "dialects",
                    "Its request is hixie-76's, byte for byte. Some servers take it for hybi-01 only with "
                    "Sec-WebSocket-Draft: 1; add that line for them.",
                ),
                _DONE,
            ),
        ),
        "hybi-05": (
            Statement(
                translate(
                    "dialects", "Sources differ on whether the answer still had a nonce. It is not used."
                ),
                _DONE,
            ),
        ),
        "hybi-03": (
            Statement(translate("dialects", "A close frame's body must come back as it was."), _DONE),
        ),
        "hybi-06": (
            Statement(
                translate(
                    "dialects", "Codes: 1000 normal, 1001 going away, 1002 protocol, 1003 type, 1004 size."
                ),
                _RECALLED,
            ),
        ),
        "hybi-08": (
            Statement(translate("dialects", "hybi-08 reserves the codes 1005 and 1006."), _DONE),
            Statement(translate("dialects", "From hybi-09 on a reserved bit fails the connection."), _DONE),
            Statement(translate("dialects", "hybi-10 adds 1007; invalid UTF-8 fails the connection."), _DONE),
        ),
        "rfc6455": (
            Statement(translate("dialects", "hybi-13 reserves 1004 and adds 1008 to 1010."), _DONE),
            Statement(
                translate(
                    "dialects",
                    "hybi-14 asks for the shortest length and says which headers may be repeated.",
                ),
                _DONE,
            ),
            Statement(
                translate("dialects", "From hybi-15 on wrong masking closes the connection, with 1002."),
                _DONE,
            ),
            Statement(translate("dialects", "The RFC adds the codes 1011 and 1015."), _RECALLED),
            Statement(
                translate("dialects", "Before permessage-deflate WebKit had x-webkit-deflate-frame."),
                _RECALLED,
            ),
        ),
    }


def why() -> dict[str, tuple[Statement, ...]]:
    return {
        "hixie-76": (
            Statement(
                translate(
                    "dialects",
                    "Without a challenge nothing showed that the server understood the request. Spaces in "
                    "the keys and bytes behind the head are what a web page cannot make a browser send.",
                ),
                _RECALLED,
            ),
        ),
        "hybi-01": (
            Statement(
                translate(
                    "dialects",
                    "Probably: a length before the data allows binary messages, and fragments allow a "
                    "message whose size is not known at its start.",
                ),
                _GUESS,
            ),
        ),
        "hybi-02": (
            Statement(
                translate("dialects", "Probably: drafts could not be told apart by what was sent."), _GUESS
            ),
        ),
        "hybi-04": (
            Statement(
                translate(
                    "dialects",
                    "Proxies that did not understand the handshake could be made to cache what a page sent. "
                    "Masking keeps a page from choosing the bytes on the wire. The digest went into a "
                    "header, as bytes behind a head get lost on the way.",
                ),
                _RECALLED,
            ),
        ),
        "hybi-05": (
            Statement(
                translate("dialects", "Probably: a SHA-1 for each frame cost too much for what it gave."),
                _GUESS,
            ),
        ),
        "hybi-06": (
            Statement(
                translate("dialects", "Probably: a code says why a connection ends, one letter does not."),
                _GUESS,
            ),
        ),
        "hybi-07": (
            Statement(
                translate(
                    "dialects",
                    "Probably: with a plain header the length can be read before anything is unmasked. The "
                    "new opcodes keep data and control apart by one bit.",
                ),
                _GUESS,
            ),
        ),
        "hybi-11": (
            Statement(
                translate(
                    "dialects", "Probably: a header of its own for the origin had no use beside Origin."
                ),
                _GUESS,
            ),
        ),
        "rfc6455": (
            Statement(
                translate(
                    "dialects",
                    "The numbers 9 to 12 were never used on the wire and never will be; 13 is the standard.",
                ),
                _READ,
            ),
        ),
    }
