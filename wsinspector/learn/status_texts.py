"""What a status means as an answer to a handshake."""

from wsinspector.translate import marked, translate

_OPENS_NOT = marked("Explain", "The connection does not become a WebSocket.")

_KNOWN: dict[int, tuple[str, str, str, str]] = {
    100: (
        "Continue",
        marked("Explain", "Go on with the request; the answer proper follows."),
        "",
        "RFC 9110 §15.2.1",
    ),
    101: (
        "Switching Protocols",
        marked("Explain", "The server agrees: behind the blank line both sides speak WebSocket."),
        marked("Explain", "With any other number no WebSocket opens, whatever the headers say."),
        "RFC 6455 §4.2.2, RFC 9110 §15.2.2",
    ),
    103: (
        "Early Hints",
        marked("Explain", "Hints ahead of the answer proper, which follows."),
        "",
        "RFC 8297 §2",
    ),
    200: (
        "OK",
        marked(
            "Explain",
            "An ordinary answer, as to any request. Probably nothing here speaks WebSocket at this address.",
        ),
        _OPENS_NOT,
        "RFC 9110 §15.3.1, RFC 6455 §4.1",
    ),
    301: ("Moved Permanently", marked("Explain", "The address has moved."), _OPENS_NOT, "RFC 9110 §15.4.2"),
    302: ("Found", marked("Explain", "Ask elsewhere, often at a login."), _OPENS_NOT, "RFC 9110 §15.4.3"),
    307: ("Temporary Redirect", marked("Explain", "Ask elsewhere for now."), _OPENS_NOT, "RFC 9110 §15.4.8"),
    308: ("Permanent Redirect", marked("Explain", "The address has moved."), _OPENS_NOT, "RFC 9110 §15.4.9"),
    400: (
        "Bad Request",
        marked("Explain", "The server finds a fault in the request; also an allowed refusal of a version."),
        _OPENS_NOT,
        "RFC 9110 §15.5.1, RFC 6455 §4.2.1, §4.4",
    ),
    401: ("Unauthorized", marked("Explain", "Credentials are wanted."), _OPENS_NOT, "RFC 9110 §15.5.2"),
    403: (
        "Forbidden",
        marked("Explain", "The server does not let this client in; the answer to an Origin that it refuses."),
        _OPENS_NOT,
        "RFC 9110 §15.5.4, RFC 6455 §4.2.2",
    ),
    404: (
        "Not Found",
        marked("Explain", "There is no service at this path."),
        _OPENS_NOT,
        "RFC 9110 §15.5.5, RFC 6455 §4.2.2",
    ),
    405: (
        "Method Not Allowed",
        marked("Explain", "The method is not allowed here."),
        _OPENS_NOT,
        "RFC 9110 §15.5.6",
    ),
    407: (
        "Proxy Authentication Required",
        marked("Explain", "A proxy on the way wants credentials."),
        _OPENS_NOT,
        "RFC 9110 §15.5.8",
    ),
    408: (
        "Request Timeout",
        marked("Explain", "The request did not come in time."),
        _OPENS_NOT,
        "RFC 9110 §15.5.9",
    ),
    426: (
        "Upgrade Required",
        marked(
            "Explain",
            "Another protocol, or another version of WebSocket, is asked for; the list tells which.",
        ),
        _OPENS_NOT,
        "RFC 9110 §15.5.22, RFC 6455 §4.2.2, §4.4",
    ),
    429: ("Too Many Requests", marked("Explain", "The client asks too often."), _OPENS_NOT, "RFC 6585 §4"),
    431: (
        "Request Header Fields Too Large",
        marked("Explain", "The head is larger than the server takes."),
        _OPENS_NOT,
        "RFC 6585 §5",
    ),
    500: ("Internal Server Error", marked("Explain", "The server failed."), _OPENS_NOT, "RFC 9110 §15.6.1"),
    501: ("Not Implemented", marked("Explain", "The server cannot do that."), _OPENS_NOT, "RFC 9110 §15.6.2"),
    502: (
        "Bad Gateway",
        marked("Explain", "A proxy got no usable answer from the server behind it."),
        _OPENS_NOT,
        "RFC 9110 §15.6.3",
    ),
    503: (
        "Service Unavailable",
        marked("Explain", "The server cannot answer for now."),
        _OPENS_NOT,
        "RFC 9110 §15.6.4",
    ),
    504: (
        "Gateway Timeout",
        marked("Explain", "A proxy waited in vain for the server behind it."),
        _OPENS_NOT,
        "RFC 9110 §15.6.5",
    ),
    505: (
        "HTTP Version Not Supported",
        marked("Explain", "The server does not speak this version of HTTP."),
        _OPENS_NOT,
        "RFC 9110 §15.6.6",
    ),
}

_KINDS: dict[int, tuple[str, str]] = {
    1: (marked("Explain", "A word in between; the answer proper follows."), "RFC 9110 §15.2"),
    2: (marked("Explain", "An ordinary answer, and no WebSocket."), "RFC 9110 §15.3"),
    3: (marked("Explain", "Ask elsewhere."), "RFC 9110 §15.4"),
    4: (marked("Explain", "The server finds the fault with the client."), "RFC 9110 §15.5"),
    5: (
        marked("Explain", "The server finds the fault with itself, or with what is behind it."),
        "RFC 9110 §15.6",
    ),
}


def status_meaning(status: int) -> tuple[str, str, str, str]:
    """Name, meaning, what follows from it, and clause; translated but the name."""
    if status in _KNOWN:
        name, what, otherwise, clause = _KNOWN[status]
        return name, translate("Explain", what), translate("Explain", otherwise) if otherwise else "", clause
    what, clause = _KINDS.get(
        status // 100, (marked("Explain", "A number that no kind of answer has."), "RFC 9110 §15")
    )
    follows = "" if status // 100 == 1 else translate("Explain", _OPENS_NOT)
    return "", translate("Explain", what), follows, clause
