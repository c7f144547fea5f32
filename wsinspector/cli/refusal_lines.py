"""What a refusal is, who signed it and where it was lost, for a terminal and for JSON."""

from collections.abc import Iterator
from typing import Any

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.plain import visible
from wsinspector.present.refused import understood
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.refused import Kind, Quote, Refusal

_LOST = "Where it was lost:"


def refusal_json(snapshot: AttemptSnapshot) -> dict[str, Any] | None:
    """None where the handshake opened, or where no request was sent."""
    refusal = _told(snapshot)
    if refusal is None:
        return None
    lost = refusal.lost
    return {
        "kind": refusal.kind.value,
        "text": refusal.sentence,
        "also": refusal.remark or None,
        "guess": refusal.guess,
        "clause": refusal.clause,
        "evidence": [_quote_json(quote) for quote in refusal.evidence],
        "signed": [
            {
                "box": spoke.box,
                "name": spoke.name,
                "evidence": _quote_json(spoke.quote) if spoke.quote is not None else None,
                "certificate": spoke.certificate or None,
            }
            for spoke in refusal.spoke
        ],
        "lost": None
        if lost is None
        else {
            "text": lost.sentence,
            "evidence": lost.rests_on,
            "why": lost.why,
            "settings": [{"box": each.name, "lines": list(each.lines)} for each in lost.settings],
        },
    }


def _quote_json(quote: Quote) -> dict[str, Any]:
    span = quote.subject.span
    return {"side": quote.subject.side, "start": span.start, "end": span.end, "text": quote.text}


def refusal_text(snapshot: AttemptSnapshot) -> Iterator[str]:
    """Lines below the findings: the refusal told, and where it was lost."""
    refusal = _told(snapshot)
    if refusal is None:
        return
    parts = [refusal.remark, refusal.sentence] if refusal.guess else [refusal.sentence, refusal.remark]
    yield f"= {visible(' '.join(part for part in parts if part))}  {refusal.clause}"
    if refusal.lost is not None:
        yield f"{_LOST} {visible(refusal.lost.sentence)} {visible(refusal.lost.rests_on)}"
        for setting in refusal.lost.settings:
            doubt = " (as documented, not recorded here)" if setting.recalled else ""
            yield f"  In {setting.name}, look for{doubt}:"
            yield from (f"    {line}" for line in setting.lines)


def _told(snapshot: AttemptSnapshot) -> Refusal | None:
    if snapshot.outcome in (Outcome.OPEN, Outcome.NETWORK_ERROR):
        return None
    refusal = understood(snapshot)
    return refusal if refusal is not None and refusal.kind is not Kind.OPENED else None
