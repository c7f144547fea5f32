"""Finds what a header is for by its name; of an unknown one, what a receiver makes of it."""

from wsinspector.learn.answer_headers import ANSWER_HEADERS
from wsinspector.learn.header_table import Header, Value
from wsinspector.learn.pieces import Said, told
from wsinspector.learn.request_headers import REQUEST_HEADERS
from wsinspector.learn.websocket_headers import WEBSOCKET_HEADERS
from wsinspector.protocol.http import OWS
from wsinspector.translate import translate

HEADERS: tuple[Header, ...] = (*WEBSOCKET_HEADERS, *REQUEST_HEADERS, *ANSWER_HEADERS)
"""Every header that is told, those of the handshake first."""

_BY_NAME = {header.name.lower().encode("ascii"): header for header in HEADERS}


def header_called(name: bytes) -> Header | None:
    """The row of a header, whatever its letter case and the blanks around it; None for an unknown one."""
    return _BY_NAME.get(name.strip(OWS).lower())


def told_of(name: bytes) -> Said:
    """What is told of a header line, in the installed language."""
    header = header_called(name)
    if header is not None:
        return told(header.said)
    key = name.strip(OWS).lower()
    if key.startswith(b"sec-websocket-"):
        return Said(
            translate("Explain", "A name of WebSocket's kind that no version of the protocol knows."),
            translate("Explain", "Why it stands here, only who sent it knows."),
            translate(
                "Explain", "A server ignores what it does not understand; the connection opens the same."
            ),
            "RFC 6455 §4.2.1",
        )
    if key.startswith(b"sec-"):
        return Said(
            translate("Explain", "Unknown here. The beginning Sec- keeps scripts of a page from setting it."),
            translate("Explain", "So it was added by a browser, or by a program that is none."),
            translate("Explain", "A receiver ignores a header that it does not know."),
            "RFC 9110 §5.1, Fetch Standard, forbidden request-header",
        )
    return Said(
        translate("Explain", "A header that is unknown here."),
        translate("Explain", "It may be of the application, or of a proxy that added it."),
        translate("Explain", "A receiver ignores a header that it does not know; a proxy passes it on."),
        "RFC 9110 §5.1",
    )


def value_form(name: bytes) -> Value:
    """How the value of a header is divided."""
    header = header_called(name)
    return header.value if header is not None else Value.WHOLE


def member_called(name: bytes) -> str:
    """What one member of a header's list is called."""
    header = header_called(name)
    if header is not None and header.member:
        return translate("Explain", header.member)
    return translate("Explain", "member")
