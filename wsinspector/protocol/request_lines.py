"""Edits of single request lines that a switch or a field stands for; every other byte stays."""

from collections.abc import Sequence
from dataclasses import replace

from wsinspector.protocol.address import Address
from wsinspector.protocol.dialects import Challenge, dialect_called, spoken_for
from wsinspector.protocol.dialects.fields import OLD_PROTOCOL, SEC_ORIGIN
from wsinspector.protocol.draft import EXTENSIONS, KEY, PROTOCOL, VERSION, Draft, DraftLine, Generated
from wsinspector.protocol.http import OWS, split_list

DEFLATE = b"permessage-deflate"
DEFLATE_OFFER = b"permessage-deflate; client_max_window_bits"
HOST = b"Host"
ORIGIN = b"Origin"
AUTHORIZATION = b"Authorization"


def origin_of(address: Address) -> bytes:
    """The Origin of a page served beside the address (RFC 6454 §6.2)."""
    return (b"https://" if address.secure else b"http://") + address.host_header


def offers_deflate(draft: Draft) -> bool:
    """Whether a line that is on offers permessage-deflate (RFC 7692 §7)."""
    return any(_is_deflate(member) for member in draft.offers().extensions)


def _is_deflate(member: bytes) -> bool:
    return member.partition(b";")[0].strip(OWS).lower() == DEFLATE


def with_deflate(draft: Draft, on: bool) -> Draft:
    """Offer permessage-deflate, or no longer; a line left without an offer is switched off."""
    if not draft.is_head or offers_deflate(draft) == on:
        return draft
    if not on:
        for row in draft.named(EXTENSIONS):
            line = draft.lines[row]
            members = split_list(line.value)
            kept = [member for member in members if not _is_deflate(member)]
            if len(kept) == len(members):
                continue
            changed = replace(line, value=b", ".join(kept)) if any(kept) else replace(line, enabled=False)
            draft = draft.with_line(row, changed)
        return draft
    for row, line in enumerate(draft.lines):
        if not line.enabled and line.is_named(EXTENSIONS) and any(map(_is_deflate, split_list(line.value))):
            return draft.switched(row, True)
    rows = draft.named(EXTENSIONS)
    if rows:
        line = draft.lines[rows[-1]]
        offers = b", ".join(part for part in (line.value.strip(OWS), DEFLATE_OFFER) if part)
        joined = draft.with_line(rows[-1], replace(line, value=offers))
        if offers_deflate(joined):
            return joined  # else a quote that is not closed would swallow the offer
    return draft.insert(len(draft.lines), DraftLine(EXTENSIONS, DEFLATE_OFFER))


def subprotocols(draft: Draft) -> tuple[bytes, ...]:
    """The values of the lines for subprotocols that are on, as typed."""
    if not draft.is_head:
        return ()
    return tuple(draft.lines[row].value for row in draft.named(protocol_field(draft)))


def protocol_field(draft: Draft) -> bytes:
    """The header that offers subprotocols in the dialect the draft speaks."""
    old = dialect_called(spoken_for(draft.to_bytes())).challenge is Challenge.NONE
    return OLD_PROTOCOL if old else PROTOCOL


def origin_field(draft: Draft) -> bytes:
    """The header that holds the origin: the one that is there, else that of the draft's dialect."""
    for lines in ([line for line in draft.lines if line.enabled], draft.lines):
        for line in lines:
            for name in (ORIGIN, SEC_ORIGIN):
                if line.is_named(name):
                    return name
    return dialect_called(spoken_for(draft.to_bytes())).origin_field


def with_subprotocols(draft: Draft, values: Sequence[bytes]) -> Draft:
    """One line a value, at the place of those that were there; without a value they go."""
    if not draft.is_head or tuple(values) == subprotocols(draft):
        return draft
    field = protocol_field(draft)
    rows = draft.named(field)
    for row, value in zip(rows, values, strict=False):
        draft = draft.with_line(row, replace(draft.lines[row], value=value))
    for row in reversed(rows[len(values) :]):
        draft = draft.remove(row)
    place = rows[min(len(rows), len(values)) - 1] + 1 if rows and values else _behind_version(draft)
    for offset, value in enumerate(values[len(rows) :]):
        draft = draft.insert(place + offset, DraftLine(field, value))
    return draft


def _behind_version(draft: Draft) -> int:
    rows = draft.named(VERSION) or draft.named(KEY)
    return rows[-1] + 1 if rows else len(draft.lines)


def value_of(draft: Draft, name: bytes) -> bytes | None:
    """The value of the first line of this name that is on; None where there is none."""
    rows = draft.named(name) if draft.is_head else ()
    return draft.lines[rows[0]].value if rows else None


def host_follows(draft: Draft) -> bool:
    """Whether the Host line is drawn from the address."""
    return any(line.enabled and line.generated is Generated.HOST for line in draft.lines)


def with_host(draft: Draft, value: bytes, *, generated: bool = False) -> Draft:
    """Say another Host; ``generated`` lets it follow the address again. A missing line comes first."""
    return _with_line(draft, HOST, value, Generated.HOST if generated else None, 0)


def origin_follows(draft: Draft) -> bool:
    """Whether an Origin line is drawn from the address."""
    return any(line.enabled and line.generated is Generated.ORIGIN for line in draft.lines)


def with_origin(draft: Draft, value: bytes | None) -> Draft:
    """Send an Origin that follows the address, or none where ``value`` is None."""
    if value is not None:
        return _with_line(draft, origin_field(draft), value, Generated.ORIGIN, len(draft.lines))
    if not draft.is_head or origin_field(draft) == ORIGIN:
        return without(draft, ORIGIN)
    # The field's name is what tells hybi-08 from hybi-11, so its line waits to be switched on again.
    for row in draft.named(SEC_ORIGIN):
        draft = draft.switched(row, False)
    return draft


def with_authorization(draft: Draft, value: bytes | None) -> Draft:
    """Send these credentials (RFC 7617), or none."""
    if value is not None:
        return _with_line(draft, AUTHORIZATION, value, None, len(draft.lines))
    return without(draft, AUTHORIZATION)


OF_THE_HANDSHAKE = frozenset(
    (b"host", b"upgrade", b"connection", KEY.lower(), VERSION.lower(), EXTENSIONS.lower())
)
"""Names of the lines that every handshake writes itself."""


def own_lines(draft: Draft) -> tuple[DraftLine, ...]:
    """The lines of ``draft`` that are sent and that no handshake has by itself: what somebody added."""
    return tuple(
        line
        for line in draft.lines
        if line.enabled
        and line.generated in (None, Generated.ORIGIN)
        and line.name.strip()
        and line.name.strip().lower() not in OF_THE_HANDSHAKE
    )


def with_lines(draft: Draft, lines: Sequence[DraftLine]) -> Draft:
    """``draft`` with ``lines`` behind its own; those of its own that have the same name go."""
    names = {line.name.strip().lower() for line in lines}
    for name in sorted(names):
        for row in reversed(draft.named(name)):
            draft = draft.remove(row)
    for line in lines:
        draft = draft.insert(len(draft.lines), line)
    return draft


def without(draft: Draft, name: bytes) -> Draft:
    """Take the lines of this name that are on out."""
    for row in reversed(draft.named(name) if draft.is_head else ()):
        draft = draft.remove(row)
    return draft


def _with_line(draft: Draft, name: bytes, value: bytes, mark: Generated | None, place: int) -> Draft:
    if not draft.is_head:
        return draft
    rows = draft.named(name)
    if rows:
        line = replace(draft.lines[rows[0]], value=value, generated=mark)
        return draft.with_line(rows[0], line)
    off = next((at for at, line in enumerate(draft.lines) if line.is_named(name)), None)
    if off is not None:
        return draft.with_line(off, replace(draft.lines[off], value=value, generated=mark, enabled=True))
    return draft.insert(place, DraftLine(name, value, generated=mark))
