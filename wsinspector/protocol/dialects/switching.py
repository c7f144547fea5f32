"""Rewrites a request from one dialect to another, keeping what is not the dialect's own."""

from dataclasses import replace

from wsinspector.protocol.dialects import fields
from wsinspector.protocol.dialects.dialect import Asking, Dialect, Random
from wsinspector.protocol.dialects.table import recognise, spoken_for
from wsinspector.protocol.draft import EXTENSIONS, VERSION, Draft, DraftLine, Generated
from wsinspector.protocol.head_reader import parse_request

_OWN = (
    b"Host",
    b"Upgrade",
    b"Connection",
    VERSION,
    fields.KEY,
    fields.KEY1,
    fields.KEY2,
    fields.DRAFT_NUMBER,
    fields.PROTOCOL,
    fields.OLD_PROTOCOL,
    fields.ORIGIN,
    fields.SEC_ORIGIN,
)
"""Fields that a dialect's own lines replace."""


def with_dialect(draft: Draft, dialect: Dialect, random: Random) -> Draft:
    """The request rewritten as ``dialect`` demands it.

    Target, Host, origin, offered subprotocols and all lines that belong to no dialect stay, Host and
    origin with their marks; hixie-75 has room for the first subprotocol alone. Extensions are switched
    off where the dialect has no field for them, and on again on the way back. Where the dialect wants
    an origin and there was none, it is a page of the same host. Bytes that are no head stay as they are.
    """
    if not draft.is_head:
        return draft
    head = parse_request(draft.to_bytes())
    before = recognise(head)
    origin, origin_mark = _marked(draft, (before.origin_field, fields.ORIGIN, fields.SEC_ORIGIN))
    host, host_mark = _marked(draft, (b"Host",))
    asking = Asking(draft.target, host or b"", origin or b"", before.handshake.subprotocols(head))
    composed = dialect.handshake.compose(dialect, asking, random)
    marks = {} if host is None else {Generated.HOST: host_mark}
    if origin:
        marks[Generated.ORIGIN] = origin_mark
    lines = [
        replace(line, generated=marks.get(line.generated, line.generated)) if line.generated else line
        for line in composed.lines
        if host is not None or line.generated is not Generated.HOST
    ]
    kept = [line for line in draft.lines if not any(line.is_named(name) for name in _OWN)]
    had, has = before.has_extensions, dialect.has_extensions
    lines += [
        replace(line, enabled=has and (line.enabled or not had)) if line.is_named(EXTENSIONS) else line
        for line in kept
    ]
    return replace(composed, lines=tuple(lines))


def to_speak(draft: Draft, dialect: Dialect) -> str:
    """The name that must be told apart from the request so that ``dialect``'s frames follow it.

    Empty where the request's own bytes say it. hybi-01 and hybi-03 send what hixie-76 and hybi-02 send.
    """
    return "" if spoken_for(draft.to_bytes()) == dialect.name else dialect.name


def _marked(draft: Draft, names: tuple[bytes, ...]) -> tuple[bytes | None, Generated | None]:
    """The value of the first line that is on and has one of ``names``, and its mark."""
    for name in names:
        for row in draft.named(name):
            line: DraftLine = draft.lines[row]
            return line.value, line.generated
    return None, None
