"""Say what an answer agreed of permessage-deflate: as lines for a terminal and as one JSON object."""

from collections.abc import Iterator
from typing import Any

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.deflate_told import agreed_told
from wsinspector.protocol.deflate import read_extensions
from wsinspector.protocol.draft import EXTENSIONS, Draft
from wsinspector.protocol.request_lines import DEFLATE
from wsinspector.protocol.spans import Role


def compression_text(snapshot: AttemptSnapshot) -> Iterator[str]:
    """What is agreed for both directions; nothing where it was neither offered nor answered."""
    request, response = _values(snapshot)
    if _named(request) or _named(response):
        yield from (fact.text for fact in agreed_told(request, response))


def compression_json(snapshot: AttemptSnapshot) -> dict[str, Any] | None:
    """By direction: window in bytes and whether the context is kept; None where nothing is agreed.

    ``offered``: whether it was offered, so that null there is a refusal.
    """
    request, response = _values(snapshot)
    if not (_named(request) or _named(response)):
        return None
    agreed = snapshot.agreed.deflate if not snapshot.agreed.per_frame else None
    told: dict[str, Any] = {"offered": _named(request), "agreed": agreed is not None}
    for name, sender in (("client", Role.CLIENT), ("server", Role.SERVER)):
        if agreed is not None:
            told[name] = {
                "window": 1 << agreed.window_bits(sender),
                "context_takeover": agreed.takeover(sender),
            }
    return told


def _values(snapshot: AttemptSnapshot) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    draft, response = Draft.from_bytes(snapshot.request), snapshot.response
    request = tuple(line.value for line in draft.lines if line.is_named(EXTENSIONS))
    opened = response is not None and response.status == 101
    return request, tuple(response.head.values(EXTENSIONS)) if response is not None and opened else ()


def _named(values: tuple[bytes, ...]) -> bool:
    return any(item.name == DEFLATE for item in read_extensions(values))
