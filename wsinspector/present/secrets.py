"""What is a secret on the screen: hidden until clicked, and always left out of what is shared."""

import functools
import re
from collections.abc import Iterable

from wsinspector.present.plain import visible
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import split_list
from wsinspector.protocol.spans import Span

DOTS = "••••••••"
SHORTEST = 6  # bytes; a shorter secret is hidden where it stands, but not looked for elsewhere
QUOTED = 8  # characters of a secret by which its beginning is known again

_SPACE = b" \t"  # around a value; any other control character is of the secret

# The scheme (Basic, Bearer) tells something and betrays nothing; what follows is the secret.
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9._-]{0,24}[ \t]+(?=[^ \t])")
_COOKIE_NAME = re.compile(rb"[ \t]*[^=; \t]+=")

# What else a header is called whose value lets its owner in. A handshake's keys are no secrets.
_NAMED = re.compile(
    rb"(?!sec-websocket-)(?:.*[-_])?"
    rb"(?:token|key|apikey|secret|password|passwd|authorization|auth|jwt|signature|credentials?|"
    rb"session[-_]?id)"
)
_KNOWN_SCHEME = re.compile(rb"(?i)(?:basic|bearer|digest|negotiate|token)[ \t]+(?=[^ \t])")

_TELLING = (
    rb"(?:access|auth|id|refresh|session|csrf|api|app|client|private|secret|bearer|user)?[-_.]?"
    rb"(?:token|secret|password|passwd|pwd|pass|apikey|api[-_]key|key|signature|sig|jwt|auth|"
    rb"authorization|credential|credentials|ticket|sid|sessionid|code)"
)
_QUERY_PART = re.compile(rb"(?i)[?&;](?:" + _TELLING + rb"|x-amz-[a-z-]+)=([^&;# \t\r\n]+)")
_USERINFO = re.compile(rb"//([^/@ \t\r\n?#]+)@")

# Subprotocol names are words; a member that carries a token is long, dotted like a JWT, or is
# introduced by a word that says so.
_JWT = re.compile(rb"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*")
_LONG = re.compile(rb"[A-Za-z0-9+/=_.~-]{32,}")
_INTRODUCED = re.compile(rb"(?i)(?:bearer|token|auth|authorization|jwt|apikey|key|secret)[-_.:=]+(.{6,})")
_SPEAKING = re.compile(rb"(?i)[a-z]+(?:[-._/][a-z0-9]{1,12})*")


def secret_spans(name: bytes, value: bytes) -> tuple[Span, ...]:
    """The stretches of ``value`` to hide, in order and apart.

    ``name``: the field's name in lower case; empty for a request line or an address, where
    passwords and token-like parts of the query are hidden.
    """
    if name == b"":
        return _of_address(value)
    if name in (b"authorization", b"proxy-authorization"):
        return _after(_SCHEME, value)
    if name == b"cookie":
        return _whole(value)
    if name == b"set-cookie":
        found = _COOKIE_NAME.match(value)
        start = found.end() if found else 0
        end = value.find(b";", start)
        return _between(start, len(value) if end < 0 else end)
    if name == b"sec-websocket-protocol":
        return _of_members(value)
    if name in (b"referer", b"location", b"origin"):
        return _of_address(value)
    if _NAMED.fullmatch(name):
        return _after(_KNOWN_SCHEME, value)
    return ()


def masked(name: bytes, value: bytes) -> str:
    """``value`` as Latin-1 with its secrets as dots and their lengths."""
    text, at = "", 0
    for span in secret_spans(name, value):
        text += value[at : span.start].decode("latin-1") + f"{DOTS} ({len(span)} bytes)"
        at = span.end
    return text + value[at:].decode("latin-1")


def masked_address(text: str) -> str:
    """An address with its password and token-like query parts as dots."""
    data = text.encode()
    shown, at = "", 0
    for span in secret_spans(b"", data):
        shown += data[at : span.start].decode(errors="replace") + DOTS
        at = span.end
    return shown + data[at:].decode(errors="replace")


def secret_spans_of_head(data: bytes) -> tuple[Span, ...]:
    """The spans to hide in the bytes of a whole head, request or response."""
    head = parse_request(data)
    found = [span.shifted(head.span.start) for span in secret_spans(b"", head.start_line)]
    for line in head.lines:
        name = line.name.strip(b" \t").lower()
        found += [span.shifted(line.value_span.start) for span in secret_spans(name, line.value)]
    return tuple(found)


def without_secrets(text: str, heads: Iterable[bytes]) -> str:
    """``text`` with dots for what is a secret in one of ``heads``, also where only its beginning stands.

    Findings and sentences quote what was sent or chosen, shortened.
    """
    for secret in _secrets_of(tuple(heads)):
        for shape in {escape_value(secret), visible(secret.decode("latin-1"))}:
            text = without_secret(text, shape)
    return text


@functools.lru_cache(maxsize=32)
def _secrets_of(heads: tuple[bytes, ...]) -> tuple[bytes, ...]:
    found = {head[span.start : span.end] for head in heads for span in secret_spans_of_head(head)}
    return tuple(sorted((each for each in found if len(each) >= SHORTEST), key=len, reverse=True))


def without_secret(text: str, secret: str) -> str:
    """``text`` with dots for ``secret`` and for what is left of it where it was shortened."""
    start, at = secret[:QUOTED], text.find(secret[:QUOTED])
    while at >= 0:
        end = at + len(start)
        while end < len(text) and end - at < len(secret) and text[end] == secret[end - at]:
            end += 1
        text = text[:at] + DOTS + text[end:]
        at = text.find(start, at + len(DOTS))
    return text


def _between(start: int, end: int) -> tuple[Span, ...]:
    return (Span(start, end),) if end > start else ()


def _whole(value: bytes) -> tuple[Span, ...]:
    start = len(value) - len(value.lstrip(_SPACE))
    return _between(start, len(value.rstrip(_SPACE)))


def _after(introduction: re.Pattern[bytes], value: bytes) -> tuple[Span, ...]:
    start = len(value) - len(value.lstrip(_SPACE))
    found = introduction.match(value, start)
    return _between(found.end() if found else start, len(value.rstrip(_SPACE)))


def _of_address(value: bytes) -> tuple[Span, ...]:
    found = [Span(*each.span(1)) for each in _USERINFO.finditer(value)]
    found += [Span(*each.span(1)) for each in _QUERY_PART.finditer(value)]
    merged: list[Span] = []
    for span in sorted(found, key=lambda span: span.start):
        # An address in the query of another: its password is within the secret part already.
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)


def _of_members(value: bytes) -> tuple[Span, ...]:
    found, at = [], 0
    for member in split_list(value):
        if not member:
            continue
        start = value.index(member, at)
        at = start + len(member)
        introduced = _INTRODUCED.match(member)
        if introduced:
            found.append(Span(start + introduced.start(1), at))
        elif _JWT.search(member) or (_LONG.fullmatch(member) and not _SPEAKING.fullmatch(member)):
            found.append(Span(start, at))
    return tuple(found)
