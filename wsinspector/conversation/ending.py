"""How an attempt ended, put together from what the policy saw and what TCP did."""

from typing import TYPE_CHECKING

from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.snapshot import End, EndedBy, EndKind
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.policy import TcpEnd

if TYPE_CHECKING:
    from wsinspector.conversation.progress import Progress

_NETWORK = (EndKind.CANCELLED, EndKind.FAILED)


def ending(exchange: Exchange, progress: "Progress", kind: EndKind, by: EndedBy, at: int, text: str) -> End:
    """The end, seen at ``at`` ns. A Close frame on either side outweighs how TCP ended after it."""
    began = progress.opened_at or progress.mono_ns
    last = progress.last_byte_at or progress.mono_ns
    held = progress.held_between(began, at) / 1e9
    silence = max(0.0, (at - last - progress.held_between(last, at)) / 1e9)
    age = max(0.0, (at - began) / 1e9 - held)
    if not exchange.upgraded:
        return End(kind, by, False, None, "", None, None, silence, age, at, text, held=held)
    policy = exchange.policy
    sent, received = policy.sent_close, policy.received_close
    seen = policy.how_it_ended()
    clean = seen is not None and seen.clean
    code = 1006 if received is None else 1005 if received.code is None else received.code
    if policy.stopped:
        kind, by = EndKind.FAILED, EndedBy.US
        stop = exchange.stopped
        text = text or (stop.text if stop is not None else "")
    elif kind not in _NETWORK:
        if clean:
            kind = EndKind.CLOSE_FRAME
        if policy.closed_first is not None:
            by = EndedBy.PEER if policy.closed_first == "peer" else EndedBy.US
        elif seen is not None and kind is not EndKind.RESPONSE_DONE:
            by = EndedBy.PEER if seen.ended_first == "peer" else EndedBy.US
        failed = exchange.traffic is not None and exchange.traffic.hint
        if seen is not None and seen.frameless and seen.tcp is TcpEnd.FIN and not failed:
            # In hixie-75 the end of TCP is how a connection closes, and there never was a code.
            clean, code = True, 1005
    reason = received.reason.decode("utf-8", "replace") if received is not None else ""
    if frame_facts(policy.agreed.dialect).close is CloseStyle.MARKER:
        reason = ""  # the one byte tells the side and gives no reason
    return End(
        kind=kind,
        by=by,
        clean=clean,
        code=code,
        reason=reason,
        sent_code=sent.code if sent is not None else None,
        received_code=received.code if received is not None else None,
        silence=silence,
        age=age,
        at=at,
        text=text,
        held=held,
    )
