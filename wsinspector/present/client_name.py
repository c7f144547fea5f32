"""Who a caught client is, in few words: its address, what it calls itself, what it speaks."""

from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.request_reader import is_http
from wsinspector.translate import translate

MOST = 40
_LOOPBACK = ("127.0.0.1", "[::1]", "::1")
_BROWSERS = ("Edg/", "OPR/", "Firefox/", "Chrome/", "Version/")
"""Products that name the browser, the one that tells most first: all of them call themselves Mozilla."""


def product(request: bytes) -> str:
    """The name and version in a request's User-Agent that tell most; empty where there is none."""
    values = parse_request(request).values(b"User-Agent")
    said = values[0].decode("latin-1").split() if values else []
    products = [word for word in said if "/" in word.strip("/()")]
    for begin in _BROWSERS:
        found = next((word for word in products if word.startswith(begin)), "")
        if found:
            return _cut(found.replace("Version/", "Safari/"))
    return _cut(products[-1] if products else " ".join(said))


def spoken_by(snapshot: AttemptSnapshot) -> str:
    """What the request speaks: a dialect's name, ``RFC 6455``, or empty where it is no request yet."""
    if not snapshot.request or snapshot.phase is Phase.TCP or not is_http(snapshot.request):
        return ""
    return "RFC 6455" if snapshot.dialect == RFC6455 else snapshot.dialect


def tab_title(snapshot: AttemptSnapshot) -> str:
    """``client Firefox/6.0, hybi-07``, or whence it came where it does not name itself.

    Of this computer's own clients the port tells most, of others' the address.
    """
    host, _, port = snapshot.client.rpartition(":")
    spoken = spoken_by(snapshot)
    name = snapshot.client
    if spoken and snapshot.dialect != RFC6455:  # a tab has no room for everything
        name = f":{port}" if host in _LOOPBACK else host
    name = product(snapshot.request) or name
    title = translate("ClientName", "client {0}").format(name)
    return f"{title}, {spoken}" if spoken and snapshot.dialect != RFC6455 else title


def asked_from(snapshot: AttemptSnapshot) -> str:
    """One line for the address bar: whence the client came, and what it asked for, secrets as dots."""
    named = product(snapshot.request)
    text = translate("ClientName", "client {0}").format(snapshot.client)
    text = f"{text} ({named})" if named else text
    if not snapshot.url:
        return text
    where = visible(masked_address(snapshot.url))
    return translate("ClientName", "{0} asked for {1}").format(text, where)


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= MOST else shown[: MOST - 1] + "…"
