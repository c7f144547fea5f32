"""Finds in an answer's own words what it complains of: the reason phrase, a reason header, the body."""

import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wsinspector.protocol.http import Response
from wsinspector.protocol.spans import Span
from wsinspector.verdicts.rule import shown

READ = 4096
"""Bytes of a body in which words are looked for; a refusal says why at its beginning."""
_LONGEST = 200

_REASON_FIELDS = (b"X-WebSocket-Reject-Reason", b"X-Error", b"Warning", b"X-Squid-Error")
"""Header fields that servers put words into."""


SAY_THEIR_OWN = (401, 402, 403, 404, 407, 408, 410, 413, 414, 421, 425, 428, 429, 431, 451)
"""Statuses of refusals that have a meaning of their own, with or without a list of versions beside it."""


class Aspect(enum.Enum):
    """What a complaint is about."""

    HTTP_VERSION = "HTTP version"
    METHOD = "method"
    VERSION = "version"
    KEY = "Sec-WebSocket-Key"
    CONNECTION = "Connection"
    UPGRADE = "Upgrade"
    ORIGIN = "Origin"
    HOST = "Host"
    SUBPROTOCOL = "Sec-WebSocket-Protocol"
    FORM = "form of the request"


@dataclass(frozen=True, slots=True)
class Complaint:
    """``text``: the sentence that complains, escaped; ``span``: where it travelled."""

    aspect: Aspect
    text: str
    span: Span


_NOT = rb"(?:missing|no|not|empty|invalid|bad|unsupported|unknown|wrong|must|required|expected|without|could)"
_FINDS_WRONG = (
    rb"(?:\b(?:missing|no|not|empty|invalid|bad|unsupported|unknown|wrong|must|require[ds]?|expect\w{0,9}|without"
    rb"|could|can(?:not)?|only|mismatch\w{0,9}|should|support\w{0,9}|error|fail\w{0,9}|absent|incorrect|illegal|needs?"
    rb"|lacks?|more than|multiple|duplicate[ds]?|twice|repeat(?:s|ed))\b|n't\b)"
)


def _wrong(name: bytes) -> bytes:
    """A sentence that finds ``name`` wrong: to mention it is no complaint."""
    near = rb"[^\n]{0,80}"
    return _FINDS_WRONG + near + name + rb"|" + name + near + _FINDS_WRONG


_WORDS: tuple[tuple[Aspect, bytes], ...] = (
    # An HTTP version is looked for first: what is left of "version" is then WebSocket's.
    (Aspect.HTTP_VERSION,
     rb"unsupported http version|http version not supported|\bhttp/1\.0\b.{0,40}\bnot\b"
     rb"|\bhttp/1\.1 (?:is )?required|must be http/1\.1"
     rb"|\b(?:needs?|requires?|only)[^.\n]{0,20}\bhttp/1\.1\b"),
    (Aspect.METHOD, rb"http method|method not allowed|method (?:must be|is not) get|request method"),
    (Aspect.KEY, _wrong(rb"(?:sec-?websocket-?key|websocket key)")),
    (Aspect.VERSION, _wrong(rb"sec-?websocket-?version") +
     rb"|web ?socket (?:client |protocol )?version.{0,60}(?:not supported|unsupported|only|invalid)"
     rb"|(?:unsupported|unknown|invalid|bad|wrong) (?:web ?socket )?(?:client )?(?:protocol )?version\b"
     rb"|(?:protocol|client) version.{0,40}(?:not supported|unsupported)"
     rb"|(?:another|a different) (?:web ?socket )?(?:protocol )?version (?:of the protocol )?"
     rb"(?:is )?(?:needed|required|expected)"
     rb"|hixie-?7[56](?: protocol)? not supported"),
    (Aspect.CONNECTION,
     rb"(?:" + _NOT + rb")[^.\n]{0,60}\bconnection['\" ]*(?:http )?(?:header|hdr|field|upgrade)"
     rb"|\bconnection['\"]?(?: request)?(?: header)?(?: field)?"
     rb" (?:must|is missing|missing|not|does not|should)"
     rb"|'upgrade' token not found in (?:the )?'connection'"
     rb"|(?:" + _NOT + rb") ['\"]?(?:upgrade|keep-alive)['\"]? in (?:the )?['\"]?connection\b"),
    (Aspect.UPGRADE,
     rb"(?:" + _NOT + rb")[^.\n]{0,60}\bupgrade['\" ]*(?:http )?(?:header|hdr|field|request)"
     rb"|\bupgrade['\"]? (?:header )?(?:must|is missing|missing|not found|required to websocket)"
     rb"|'websocket' token not found in (?:the )?'upgrade'"
     rb"|can ['\"]upgrade['\"] only to"
     rb"|not a web ?socket (?:handshake|request|upgrade|connection)|expected (?:a )?web ?socket"
     rb"|not (?:an? )?upgrade|client is not using the websocket protocol"
     rb"|\b(?:service|server|endpoint|resource|requires) (?:requires|use of|the use of)"
     rb"(?: the| a)?(?: use of(?: the)?)? web ?socket\b(?! (?:protocol )?version)"),
    (Aspect.ORIGIN,
     rb"\borigin\b[^.\n]{0,40}(?:not allowed|denied|forbidden|not permitted|rejected|invalid|mismatch)"
     rb"|(?:cross.origin|bad origin|invalid origin|origin check|disallowed origin|forbidden origin)"),
    (Aspect.HOST, rb"(?:" + _NOT + rb")[^.\n]{0,30}\bhost\b header|invalid host|host header"),
    (Aspect.SUBPROTOCOL, _wrong(rb"(?:sec-?websocket-?protocol|subprotocol)")),
    (Aspect.FORM, rb"invalid header|malformed|invalid http request|header token|bad header|parse error"),
)  # fmt: skip


@functools.cache
def _patterns() -> tuple[tuple[Aspect, re.Pattern[bytes]], ...]:
    """Compiled when the first refusal is read: the window opens without them."""
    return tuple((aspect, re.compile(pattern, re.IGNORECASE)) for aspect, pattern in _WORDS)


# A page that teaches how to connect names every header; only what is short complains.
_SENTENCE_END = re.compile(rb"[\r\n]|<[^>]{1,200}>|(?<=[a-z])\. ")


def complaints_of(response: Response) -> tuple[Complaint, ...]:
    """Every complaint found, reason phrase first, each aspect once."""
    found: dict[Aspect, Complaint] = {}
    for words, start, whole in _words(response):
        for sentence, at in _sentences(words):
            for aspect, pattern in _patterns():
                match = pattern.search(sentence)
                if match is None:
                    continue
                span = whole if whole is not None else Span(start + at, start + at + len(sentence))
                before = found.get(aspect)
                # "HTTP Version Not Supported" says less than a body that names the version.
                vague = aspect is Aspect.HTTP_VERSION and before is not None and "1.0" not in before.text
                if before is None or vague:
                    found[aspect] = Complaint(aspect, shown(sentence, _LONGEST), span)
                break
    return tuple(found.values())


def _words(response: Response) -> Iterator[tuple[bytes, int, Span | None]]:
    """Text, where it begins in the stream, and the span to name instead where its parts cannot be."""
    head = response.head
    if not head.complete:
        return
    at = head.start_line.find(response.reason) if response.reason else -1
    if at >= 0:
        yield response.reason[:READ], head.span.start + at, None
    for name in _REASON_FIELDS:
        for line in head.named(name):
            yield line.trimmed[:READ], 0, line.span
    chunked = len(response.body_span) != len(response.body)
    yield response.body[:READ], response.body_span.start, response.body_span if chunked else None


def _sentences(words: bytes) -> Iterator[tuple[bytes, int]]:
    at = 0
    for match in [*_SENTENCE_END.finditer(words), None]:
        end = match.start() if match is not None else len(words)
        piece = words[at:end]
        bare = piece.strip()
        if bare:
            yield bare, at + len(piece) - len(piece.lstrip())
        if match is not None:
            at = match.end()
