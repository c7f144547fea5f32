"""Which frames leave: those that a filter lets through."""

from array import array
from collections.abc import Sequence

from wsinspector.capture import CaptureReader
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.filter import parse
from wsinspector.present.filtering import FilterRun
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.rows import Mode
from wsinspector.present.source import AttemptSource
from wsinspector.present.undecided import undecided_text
from wsinspector.share.choosing import WrongChoice


def numbers_fitting(
    reader: CaptureReader, snapshot: AttemptSnapshot, expression: str
) -> tuple[Sequence[int], str]:
    """The frames that a filter lets through, and of how many it cannot be told and why, in words or nothing.

    Raises WrongChoice.
    """
    parsed = parse(expression)
    for mistake in parsed.mistakes:
        raise WrongChoice(f"The filter cannot be read at character {mistake.start + 1}: {mistake.text}")
    last = reader.frame_count(snapshot.attempt_id)
    if parsed.condition is None:
        return range(1, last + 1), ""
    source = AttemptSource(reader, snapshot.attempt_id)
    reading = FrameReading(source, snapshot.agreed, snapshot.role, composed=bool(snapshot.imported))
    index = FrameIndex(source)
    while index.grow(last):
        pass
    run = FilterRun(
        parsed.condition,
        reading,
        index,
        Inflation(reading),
        mode=Mode.FRAMES,
        start_ns=snapshot.mono_ns,
        marks=[mark.frame for mark in reader.marks(snapshot.attempt_id)],
    )
    numbers: array[int] = array("Q")
    while run.done < last:
        before = run.done
        fits = run.step(last)
        if not fits:
            break
        numbers.extend(before + 1 + at for at, fit in enumerate(fits) if fit)
    said = undecided_text(run.undecided, run.too_large, run.untold) if run.undecided else ""
    return numbers, said
