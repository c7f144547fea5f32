"""Answers that a conforming endpoint would have given and that nobody gave: Pong and Close."""

from dataclasses import dataclass

from wsinspector.present.frame_index import CLOSE, KIND, OUT, PING, PONG, FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts

MOST = 3
LOOK_BACK = 256
"""Pings looked at, newest first."""


@dataclass(frozen=True, slots=True)
class Due:
    """``opcode`` 8 or 10 with the payload that answers frame ``number``."""

    opcode: int
    payload: bytes
    number: int


def due_answers(index: FrameIndex, reading: FrameReading) -> tuple[Due, ...]:
    """The last received pings without a Pong of the same bytes, newest first, and a Close without one."""
    classes = index.frames
    found: list[Due] = []
    answered: set[bytes] = set()
    at = len(classes)
    closed_out = classes.find(bytes((CLOSE | OUT,))) >= 0
    for _ in range(LOOK_BACK):
        at = max(classes.rfind(bytes((PING,)), 0, at), classes.rfind(bytes((PONG | OUT,)), 0, at))
        if at < 0 or len(found) >= MOST:
            break
        facts = reading.facts(at + 1)
        if facts is None:
            continue
        payload = reading.payload(facts, 0, 125)
        if classes[at] & KIND == PONG:
            answered.add(payload)
        elif payload in answered:
            break  # an answer to the latest ping answers those before it (§5.5.3)
        elif not closed_out:
            found.append(Due(0xA, payload, at + 1))
    received = classes.find(bytes((CLOSE,)))
    if received >= 0 and not closed_out:
        facts = reading.facts(received + 1)
        if facts is not None:
            found.append(Due(0x8, _close_answer(reading, reading.payload(facts, 0, 125)), received + 1))
    return tuple(found)


def _close_answer(reading: FrameReading, body: bytes) -> bytes:
    """The same body back; but where it is a mark of the side, our own."""
    if frame_facts(reading.agreed.dialect).close is CloseStyle.MARKER:
        return reading.framing.close_body(None, "", sender=reading.role, agreed=reading.agreed)
    return body
