"""Say what the lab's mirror told of a request: as lines for a terminal and as one JSON object."""

import base64
from collections.abc import Iterator
from typing import Any

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.mirror import mirror_view
from wsinspector.present.plain import visible

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
        yield from (f"    sent      {_shown(each)}" for each in line.difference.sent)
        yield from (f"    arrived   {_shown(each)}" for each in line.difference.received)
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


def _shown(line: bytes) -> str:
    text = visible(line[: LONGEST + 1].decode("latin-1"))
    return text[:LONGEST] + "…" if len(text) > LONGEST else text


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
