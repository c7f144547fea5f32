"""The offers of permessage-deflate in a draft as they are written, malformed ones too: read and replaced."""

from collections.abc import Sequence
from dataclasses import replace

from wsinspector.protocol.draft import EXTENSIONS, Draft, DraftLine
from wsinspector.protocol.http import OWS, split_list
from wsinspector.protocol.request_lines import DEFLATE

SERVER_TAKEOVER = b"server_no_context_takeover"
CLIENT_TAKEOVER = b"client_no_context_takeover"
SERVER_BITS = b"server_max_window_bits"
CLIENT_BITS = b"client_max_window_bits"


def offers_of(draft: Draft) -> tuple[bytes, ...]:
    """Every offer of permessage-deflate in the lines that are on, in order, byte for byte but OWS around."""
    return tuple(
        member.strip(OWS)
        for row in draft.named(EXTENSIONS)
        for member in split_list(draft.lines[row].value)
        if _is_deflate(member)
    )


def with_offers(draft: Draft, offers: Sequence[bytes]) -> Draft:
    """``offers`` in place of those of ``draft``, where the first of them stood; other extensions stay.

    A line left empty is switched off. Where there was none, a line is added at the end of the head.
    """
    if offers_of(draft) == tuple(offers) or not draft.is_head:
        return draft
    waiting = list(offers)
    rows = draft.named(EXTENSIONS)
    for row in rows:
        line = draft.lines[row]
        members = [member.strip(OWS) for member in split_list(line.value) if member.strip(OWS)]
        if not any(map(_is_deflate, members)):
            continue
        kept: list[bytes] = []
        for member in members:
            if not _is_deflate(member):
                kept.append(member)
            else:
                kept += waiting
                waiting = []
        changed = replace(line, value=b", ".join(kept)) if kept else replace(line, enabled=False)
        draft = draft.with_line(row, changed)
    if waiting and rows:
        line = draft.lines[rows[-1]]
        value = b", ".join(part for part in (line.value.strip(OWS), *waiting) if part)
        return draft.with_line(rows[-1], replace(line, value=value))
    if waiting:
        return draft.insert(len(draft.lines), DraftLine(EXTENSIONS, b", ".join(waiting)))
    return draft


def written(offer: bytes, name: bytes) -> bytes | None:
    """What stands behind ``name``: with its equals sign, empty for a bare one; None where it is not there.

    ``client_max_window_bits=15`` gives ``=15``.
    """
    for part in offer.split(b";")[1:]:
        key, equals, value = part.strip(OWS).partition(b"=")
        if key.strip(OWS).lower() == name:
            return equals + value.strip(OWS)
    return None


def with_parameter(offer: bytes, name: bytes, value: bytes | None) -> bytes:
    """``offer`` with ``name`` followed by ``value`` (``=15``, or nothing) where it stood first, else last.

    None takes every one of that name out.
    """
    head, *parts = [part.strip(OWS) for part in offer.split(b";")]
    made, done = [head], value is None
    for part in parts:
        if part.partition(b"=")[0].strip(OWS).lower() != name:
            made.append(part)
        elif not done and value is not None:
            made.append(name + value)
            done = True
    if not done and value is not None:
        made.append(name + value)
    return b"; ".join(made)


def repeated(offer: bytes) -> bytes:
    """``offer`` with its last parameter a second time (§7.1: it must be declined)."""
    name, *parts = [part.strip(OWS) for part in offer.split(b";")]
    parts = parts or [SERVER_TAKEOVER]
    return b"; ".join([name, *parts, parts[-1]])


def _is_deflate(member: bytes) -> bool:
    return member.partition(b";")[0].strip(OWS).lower() == DEFLATE
