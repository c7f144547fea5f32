"""Say of a handshake what a server owed it, and what another client would have made of the answer."""

from collections.abc import Iterator
from typing import Any

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.plain import visible
from wsinspector.protocol.dialects import RFC6455
from wsinspector.verdicts.expected import Conformance, conformance
from wsinspector.verdicts.second_opinion import SecondOpinion, second_opinion


def expected_json(snapshot: AttemptSnapshot) -> dict[str, Any] | None:
    """None where no request was sent."""
    held = _held(snapshot)
    if held is None:
        return None
    wanted = held.expectation
    return {
        "must_refuse": wanted.must_refuse,
        "conforms": held.conforms,
        "reasons": [reason.rule for reason in wanted.reasons],
        "text": held.text,
    }


def second_opinion_json(snapshot: AttemptSnapshot, received: bytes) -> dict[str, Any] | None:
    """None where nothing came."""
    opinion = _opinion(snapshot, received)
    if opinion is None:
        return None
    return {"asked": opinion.asked, "accepted": opinion.accepted, "text": opinion.text}


def opinion_text(snapshot: AttemptSnapshot, received: bytes) -> Iterator[str]:
    """Lines for a terminal; nothing is said of a request that a server may take."""
    held = _held(snapshot)
    if held is not None and held.expectation.must_refuse:
        yield f"! {visible(held.text)}"
    opinion = _opinion(snapshot, received)
    if opinion is not None:
        yield f"Second opinion: {visible(opinion.text)}"


def _held(snapshot: AttemptSnapshot) -> Conformance | None:
    if snapshot.request_at is None:
        return None
    return conformance(snapshot.request, snapshot.response, ended=True)


def _opinion(snapshot: AttemptSnapshot, received: bytes) -> SecondOpinion | None:
    if not received:
        return None
    spoken = snapshot.agreed.dialect
    return second_opinion(
        snapshot.request,
        received,
        ended=snapshot.closed_by_peer,
        dialect="" if spoken == RFC6455 else spoken,
    )
