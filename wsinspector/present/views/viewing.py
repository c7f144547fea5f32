"""A payload shown by one view: what it made, how large the payload is, what was left out."""

from dataclasses import dataclass

from wsinspector.present.pages import Pages
from wsinspector.present.payload import Payload, note_of
from wsinspector.present.plain import visible
from wsinspector.present.views.contents import Budget, PayloadView, Shown, Source


@dataclass(frozen=True, slots=True)
class Viewed:
    """``id`` and ``name`` of the view; ``note`` for the line below, ``fault`` for the one above."""

    id: str
    name: str
    shown: Shown
    note: str
    fault: str = ""


def kind_of(payload: Payload, subprotocol: str) -> str:
    """What a picked view is remembered for: text or binary, and the subprotocol; "" for control frames."""
    if payload.opcode not in (1, 2):
        return ""
    return f"{'text' if payload.opcode == 1 else 'binary'} {visible(subprotocol)}".rstrip()


def source_of(payload: Payload, subprotocol: str, pages: Pages | None = None) -> Source:
    """What a view is given; ``pages``: where all of the payload is read."""
    return Source(payload.data, payload.total, payload.opcode == 1, subprotocol, pages)


def viewed(
    payload: Payload, view: PayloadView, subprotocol: str, budget: Budget, pages: Pages | None = None
) -> Viewed | None:
    """What ``view`` makes of ``payload``; None where it does not fit."""
    shown = view.show(source_of(payload, subprotocol, pages), budget)
    if shown is None:
        return None
    reached = payload.total if pages is not None and view.reaches_all else len(payload.data)
    return Viewed(view.id, view.name, shown, f"{view.name}, {note_of(payload, reached, shown.note)}")
