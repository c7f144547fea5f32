"""What ``info --statistics`` adds: the numbers that the window shows, of each attempt."""

from typing import Any

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.conversation.restore import restored_attempt
from wsinspector.present.frames import FrameReading
from wsinspector.present.source import AttemptSource
from wsinspector.present.statistics import Figures, StatisticsRun
from wsinspector.present.statistics_compression import Compression, CompressionRun
from wsinspector.present.statistics_leaving import as_json, as_text
from wsinspector.present.statistics_told import rows


def statistics_of(reader: CaptureReader, row: AttemptRow) -> dict[str, Any] | None:
    """The figures of an attempt under ``figures``, as a table of text under ``text``; None without frames."""
    frames = reader.frame_count(row.id)
    if not frames:
        return None
    snapshot = restored_attempt(reader, row).snapshot
    source = AttemptSource(reader, row.id)
    reading = FrameReading(source, snapshot.agreed, snapshot.role, composed=bool(snapshot.imported))
    opened = snapshot.opened_at if snapshot.opened_at is not None else snapshot.mono_ns
    run = StatisticsRun(reading, opened, held=snapshot.held_steps.of)
    while run.step(frames):
        pass
    figures = run.figures()
    found = _compression(reading, figures, frames)
    return {
        "figures": as_json(figures, found, snapshot.mono_ns),
        "text": as_text(rows(figures, found)),
    }


def _compression(reading: FrameReading, figures: Figures, frames: int) -> Compression | None:
    if not any(figures.compressed):
        return None
    run = CompressionRun(reading)
    while run.work(frames):
        pass
    return run.compression()
