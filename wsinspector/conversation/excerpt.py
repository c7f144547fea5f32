"""One attempt out of a capture as a conversation of its own: going on with it leaves the capture alone."""

from pathlib import Path

from wsinspector.capture import AttemptRow, AttemptWriter, CaptureReader, CaptureWriter
from wsinspector.conversation.sweep_capture import KEY, ODDS
from wsinspector.conversation.sweep_results import CellPlace
from wsinspector.protocol.spans import Direction

COLUMNS_AT_ONCE = 4096  # frames


def excerpt(place: CellPlace, target: Path) -> None:
    """Write the attempt at ``place`` into the new file ``target``: all bytes with their times, all facts.

    In the new file it is attempt 1 of the only conversation. Raises CaptureError or OSError where one of
    the files cannot be read or made, FileExistsError where ``target`` is there, KeyError where the
    capture has no such attempt.
    """
    with CaptureReader(place.path) as reader:
        row = next(
            (each for each in reader.attempts(place.conversation_id) if each.number == place.attempt), None
        )
        whole = next((each for each in reader.conversations() if each.id == place.conversation_id), None)
        if row is None or whole is None:
            raise KeyError(f"no attempt {place.attempt} in {Path(place.path).name}")
        state = {name: value for name, value in whole.state.items() if name != KEY}
        facts = {name: value for name, value in row.facts.items() if name not in (KEY, ODDS)}
        writer = CaptureWriter.create(target)
        try:
            number = writer.new_conversation(whole.title, state, whole.draft)
            recorder = writer.new_attempt(number, 1, wall_ns=row.wall_ns, mono_ns=row.mono_ns, facts=facts)
            _copy(reader, row, recorder)
            recorder.finish()
        finally:
            writer.close()


def _copy(reader: CaptureReader, row: AttemptRow, recorder: AttemptWriter) -> None:
    travelled: list[tuple[int, Direction, int, int]] = []
    for direction in (Direction.OUT, Direction.IN):
        offsets, times = reader.reads(row.id, direction)
        stops = [*offsets[1:], reader.stream_length(row.id, direction)]
        travelled += [
            (at, direction, start, stop) for at, start, stop in zip(times, offsets, stops, strict=True)
        ]
    for at, direction, start, stop in sorted(travelled, key=lambda each: each[0]):
        recorder.bytes(direction, reader.stream(row.id, direction, start, stop), at)
    frames = reader.frame_count(row.id)
    for first in range(1, frames + 1, COLUMNS_AT_ONCE):
        recorder.frames(reader.columns(row.id, first, min(COLUMNS_AT_ONCE, frames + 1 - first)))
    for event in reader.events(row.id):
        recorder.event(event.kind, event.at_ns, event.data)
