"""Say what the lab's mirror told of a request: as lines for a terminal and as one JSON object."""

import base64
from collections.abc import Iterator
from typing import Any

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.mirror import mirror_view
from wsinspector.present.plain import visible
from wsinspector.protocol.mirroring import Change

_BEHIND = (Change.TAIL_LOST, Change.TAIL_ADDED, Change.TAIL_CHANGED)

LONGEST = 200
"""Characters of a line shown beside its change; JSON has all."""


def mirror_text(snapshot: AttemptSnapshot) -> Iterator[str]:
    """The one line, each change with the lines it speaks of; nothing where no mirror answered."""
    view = mirror_view(snapshot)
    if view is None:
        return
    yield ""
    yield view.text
    for line, note in zip(view.lines, view.notes, strict=False):
        yield f"  {note}"
        behind = line.difference.change in _BEHIND
        for side, parts in (("sent   ", line.difference.sent), ("arrived", line.difference.received)):
            yield from (f"    {side}   {_shown(part, behind=behind)}" for part in parts if part)
    yield from (f"  {note}" for note in view.notes[len(view.lines) :])


def mirror_json(snapshot: AttemptSnapshot) -> dict[str, Any] | None:
    """What arrived and what differs; None where no mirror answered."""
    view = mirror_view(snapshot)
    if view is None:
        return None
    return {
        "same": view.same,
        "whole": view.mirrored.whole,
        "received": _base64(view.mirrored.received),
        "differences": [
            {
                "change": line.difference.change.value,
                "name": line.difference.name.decode("latin-1"),
                "sent": [_base64(each) for each in line.difference.sent],
                "received": [_base64(each) for each in line.difference.received],
                "text": line.what,
                "why": line.why,
                "clause": line.clause,
            }
            for line in view.lines
        ],
    }


def _shown(part: bytes, *, behind: bool) -> str:
    """A line as text, what stands behind the head in hexadecimal."""
    start = part[: LONGEST + 1]
    text = start.hex(" ") if behind else visible(start.decode("latin-1"))
    return text[:LONGEST] + "…" if len(text) > LONGEST else text


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
