"""What a step looked for and what came instead: a failure is to be understood where it is read."""

import time
from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from wsinspector.capture import CaptureError
from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.sequences.results import StepResult
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.closing import close_text
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.numbers import count
from wsinspector.present.pages import Stopping
from wsinspector.present.payload import read_payload, size_text
from wsinspector.present.plain import mostly_readable, preview, visible
from wsinspector.present.source import AttemptSource
from wsinspector.present.typenames import type_name
from wsinspector.protocol.columns import FLAG_STARTS_MESSAGE
from wsinspector.protocol.opcodes import CLOSE, CONTROL_BIT
from wsinspector.translate import translate

SHOWN = 120
"""Characters of a payload in a line; of bytes a third as many are written as hex."""

WRITTEN_WITHIN = 5.0
"""Seconds the capture has to show what came; it needs milliseconds."""

_FAR = 1000
"""Frames that are looked through for the beginning of a message."""


@dataclass(frozen=True, slots=True)
class CameFrame:
    """A frame of the peer, the last of its message. ``payload``: the beginning of what the message holds, as
    text for a person."""

    number: int
    type: str
    size: int
    payload: str

    @property
    def text(self) -> str:
        """Number, type, size and the beginning of the payload."""
        text = translate("Steps", "frame {0}, {1}, {2}")
        told = text.format(count(self.number), self.type, size_text(self.size))
        return f"{told}: {self.payload}" if self.payload else told


CameFrames = Mapping[tuple[int, int], CameFrame]
"""Frames by the numbers of their attempt and their own."""


def wanted_frames(steps: tuple[StepResult, ...]) -> dict[int, list[int]]:
    """The frames that failed steps speak of: their numbers, by attempt."""
    found: dict[int, dict[int, None]] = {}
    for each in steps:
        if each.attempt and each.lacking is not None and each.lacking.frames:
            found.setdefault(each.attempt, {}).update(dict.fromkeys(each.lacking.frames))
    return {attempt: sorted(numbers) for attempt, numbers in found.items()}


def frames_came(
    conversation: Conversation, steps: tuple[StepResult, ...], stopping: Stopping = lambda: False
) -> dict[tuple[int, int], CameFrame]:
    """The frames that failed ``steps`` of a run in ``conversation`` speak of, as far as the capture has them.

    What came a moment ago is waited for until it is written. Not for the window's thread.
    """
    found: dict[tuple[int, int], CameFrame] = {}
    for number, frames in wanted_frames(steps).items():
        attempt, reader = conversation.attempt(number), conversation.reader()
        if attempt is None or reader is None:
            continue
        until = time.monotonic() + WRITTEN_WITHIN
        while len(reader.columns(attempt.attempt_id, frames[-1], 1)) < 1:
            if stopping() or time.monotonic() > until:
                break
            time.sleep(0.005)
        found |= frames_of(reader, attempt.snapshot, frames)
    return found


def frames_of(
    reader: CaptureReader, snapshot: AttemptSnapshot, numbers: list[int]
) -> dict[tuple[int, int], CameFrame]:
    """These frames of an attempt, as far as they are in the capture. Not for the window's thread."""
    source = AttemptSource(reader, snapshot.attempt_id)
    reading = FrameReading(source, snapshot.agreed, snapshot.role)
    inflation = Inflation(reading)
    found = {}
    try:
        for number in numbers:
            facts = reading.facts(number)
            if facts is not None:
                found[(snapshot.number, number)] = _frame(reading, inflation, facts)
    except CaptureError:
        return found
    return found


def _frame(reading: FrameReading, inflation: Inflation, facts: FrameFacts) -> CameFrame:
    numbers = _members(reading, facts)
    first = reading.facts(numbers[0]) or facts
    payload = read_payload(reading, inflation, numbers, 4 * SHOWN)
    data = payload.data if payload is not None else b""
    size = payload.total if payload is not None else facts.length
    if facts.opcode == CLOSE:
        shown = " ".join(part for part in close_text(data, reading.agreed) if part)
    elif mostly_readable(data):
        shown = preview(data, SHOWN)
    else:
        most = SHOWN // 3
        shown = data[:most].hex(" ") + (" …" if size > most else "")
    return CameFrame(facts.number, visible(type_name(reading, first)), size, visible(shown))


def _members(reading: FrameReading, last: FrameFacts) -> "array[int]":
    """The frames of the message that ends with ``last``, itself alone where its beginning is not near."""
    alone = array("Q", (last.number,))
    if not last.message or last.opcode & CONTROL_BIT:
        return alone
    numbers = [last.number]
    facts: FrameFacts | None = last
    for number in range(last.number - 1, max(0, last.number - _FAR), -1):
        if facts is None or facts.flags & FLAG_STARTS_MESSAGE:
            break
        other = reading.facts(number)
        if other is None or other.out != last.out or other.message != last.message:
            continue  # control frames between, or those of our side
        facts = other
        numbers.append(number)
    begins = facts is not None and facts.flags & FLAG_STARTS_MESSAGE
    return array("Q", reversed(numbers)) if begins else alone


def evidence_lines(result: StepResult, frames: CameFrames) -> tuple[str, ...]:
    """What is said below a step that failed: the filter with its variables filled in, and what came."""
    lacking = result.lacking
    if lacking is None:
        return ()
    lines = [translate("Steps", "Looked for: {0}").format(visible(lacking.looked_for))]
    for number in lacking.frames:
        if number == lacking.nearest:
            text = translate("Steps", "Nearest: {0}")
        elif lacking.before:
            text = translate("Steps", "Came before: {0}")
        else:
            text = translate("Steps", "Came: {0}")
        frame = frames.get((result.attempt, number))
        told = frame.text if frame is not None else translate("Steps", "frame {0}").format(count(number))
        lines.append(text.format(told))
    return tuple(lines)
