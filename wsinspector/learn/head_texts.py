"""What is told of the parts that every head of HTTP has."""

from wsinspector.learn.pieces import Said
from wsinspector.learn.status_texts import status_meaning
from wsinspector.translate import translate


def request_line() -> Said:
    return Said(
        translate("Explain", "The first line of a request: what is wanted, of what, in which HTTP."),
        translate(
            "Explain", "A WebSocket begins as an HTTP request, so that it passes the same port and proxies."
        ),
        translate("Explain", "A server answers 400 to a line that it cannot read."),
        "RFC 6455 §4.1, RFC 9112 §3",
        ("handshake",),
    )


def status_line() -> Said:
    return Said(
        translate("Explain", "The first line of an answer: HTTP version, a number, and a word for people."),
        translate("Explain", "The number decides: 101 opens a WebSocket, any other does not."),
        translate("Explain", "Without it the answer cannot be read as HTTP."),
        "RFC 9112 §4, RFC 6455 §4.2.2",
        ("handshake", "refusal"),
    )


def method_said(method: bytes) -> Said:
    if method == b"GET":
        return Said(
            translate("Explain", "GET: the only method that opens a WebSocket in HTTP/1.1."),
            translate("Explain", "A request that has no body and changes nothing passes proxies best."),
            translate("Explain", "With another method a server refuses, with 400 or 405."),
            "RFC 6455 §4.1, §4.2.1",
            ("handshake",),
        )
    return Said(
        translate("Explain", "A method that is not GET."),
        "",
        translate("Explain", "A server refuses it: in HTTP/1.1 a handshake is a GET."),
        "RFC 6455 §4.2.1",
        ("handshake",),
    )


def target_said(target: bytes) -> Said:
    if target.startswith(b"/"):
        return Said(
            translate("Explain", "The path and the query of the address, as they stand in the URL."),
            translate("Explain", "It tells the server which of its services is meant."),
            translate("Explain", "With another one the server may answer 404, or another service."),
            "RFC 6455 §3, §4.1, RFC 9112 §3.2.1",
            ("url",),
        )
    return Said(
        translate("Explain", "What is wanted, in a form other than a path."),
        translate("Explain", "A whole address here is the form for proxies."),
        translate("Explain", "A server must take a whole address too; some refuse it."),
        "RFC 9112 §3.2.2, RFC 6455 §4.1",
        ("url", "proxy"),
    )


def version_of_http(version: bytes) -> Said:
    if version.upper() == b"HTTP/1.1":
        return Said(
            translate("Explain", "HTTP/1.1, the version that knows Upgrade."),
            translate("Explain", "The handshake asks for 1.1 or higher."),
            translate("Explain", "With HTTP/1.0 a server refuses, and a client fails the connection."),
            "RFC 6455 §4.1, §4.2.1, RFC 9112 §2.3",
            ("handshake",),
        )
    return Said(
        translate("Explain", "A version of HTTP other than 1.1."),
        translate("Explain", "An older server or proxy speaks it."),
        translate("Explain", "HTTP/1.0 has no Upgrade: no WebSocket can open."),
        "RFC 6455 §4.1, §4.2.1, RFC 9110 §7.8",
    )


def space_between(*, answering: bool = False) -> Said:
    return Said(
        translate("Explain", "One space between two parts of the line."),
        translate("Explain", "The parts are told apart by it."),
        translate("Explain", "Without it, or with more, a strict client takes this for no answer in HTTP.")
        if answering
        else translate("Explain", "Without it, or with more, a strict server answers 400."),
        "RFC 9112 §3, §4",
    )


def status_said(status: int) -> tuple[Said, str]:
    """Of the number, and its name."""
    name, what, otherwise, clause = status_meaning(status)
    return (
        Said(
            what,
            translate("Explain", "Three digits that programs act on; the first tells the kind of answer."),
            otherwise,
            clause,
            ("refusal",) if status != 101 else ("handshake",),
        ),
        name,
    )


def reason_said() -> Said:
    return Said(
        translate("Explain", "A word for people. The number alone decides."),
        translate("Explain", "It is left over from the first HTTP."),
        translate("Explain", "It may be anything or missing; only hixie-75 asks for fixed words."),
        "RFC 9112 §4",
    )


def line_end(ending: bytes) -> Said:
    if ending == b"\r\n":
        return Said(
            translate("Explain", "Carriage return and line feed: the end of the line."),
            translate("Explain", "The receiver cuts the head into lines by it."),
            translate("Explain", "Without it the next line would be part of this one."),
            "RFC 9112 §2.1, §2.2",
            ("crlf",),
        )
    return Said(
        translate("Explain", "A line feed alone."),
        translate("Explain", "The rule is carriage return and line feed; many readers take this as well."),
        translate(
            "Explain", "A strict reader refuses it. Two readers that differ can be set against each other."
        ),
        "RFC 9112 §2.2",
        ("crlf",),
    )


def header_name() -> Said:
    return Said(
        translate("Explain", "The header's name. Letter case does not count."),
        translate("Explain", "It says what the value is for."),
        translate("Explain", "A name that is misspelt is an unknown header, and is ignored."),
        "RFC 9110 §5.1",
        ("header",),
    )


def colon(*, answering: bool = False) -> Said:
    return Said(
        translate("Explain", "Parts the name from the value; no blank may stand before it."),
        translate("Explain", "The value begins behind it and behind the blanks that follow."),
        translate("Explain", "Without it the line is no header, and a client need not take the answer.")
        if answering
        else translate("Explain", "Without it the line is no header, and a server answers 400."),
        "RFC 9112 §5, §5.1",
        ("header",),
    )


def value_said() -> Said:
    return Said(
        translate("Explain", "The header's value, to the end of the line."),
        translate("Explain", "It is what the line is there for."),
        translate("Explain", "Empty, it counts as a value that says nothing."),
        "RFC 9110 §5.5",
        ("header",),
    )


def no_colon(*, answering: bool = False) -> Said:
    return Said(
        translate("Explain", "A line without a colon: no header."),
        "",
        translate("Explain", "A strict client takes no such answer; some pass such a line over.")
        if answering
        else translate("Explain", "A server should answer 400; some pass such a line over."),
        "RFC 9112 §5",
        ("header",),
    )


def leading_lines() -> Said:
    return Said(
        translate("Explain", "Blank lines before the first line."),
        translate("Explain", "Some old programs send one behind a body."),
        translate("Explain", "A server passes one over; a client should not send any."),
        "RFC 9112 §2.2",
    )


def blank_line(*, answering: bool, keys: bool = False) -> Said:
    """``keys``: of hixie-76 to hybi-03, which send a third key and its digest behind the head."""
    if answering:
        return Said(
            translate("Explain", "An empty line: the head ends here."),
            translate("Explain", "After a 101 the digest of the keys follows, 16 bytes, then WebSocket.")
            if keys
            else translate("Explain", "After a 101 the very next byte is WebSocket; else the body begins."),
            translate("Explain", "Without it the client goes on waiting for header lines."),
            "RFC 9112 §2.1, RFC 6455 §4.2.2",
            ("handshake",),
        )
    return Said(
        translate("Explain", "An empty line: the head ends here."),
        translate("Explain", "Eight bytes follow, the third key; then the server may answer.")
        if keys
        else translate("Explain", "The server may answer now. A handshake has no body."),
        translate("Explain", "Without it the server goes on waiting, until it gives up."),
        "RFC 9112 §2.1, RFC 6455 §4.1",
        ("handshake",),
    )
