"""What a person chose on the sheet, and the work that makes a plan of it, off the window's thread."""

from dataclasses import dataclass

from wsinspector.capture import CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.replaying import Pace
from wsinspector.present.pages import Stopping
from wsinspector.present.replaying import Asked, Planned, replay_plan
from wsinspector.ui.inspect.page import InspectPage

MOST_ROWS = 10_000
"""Selected rows that are looked at; of more there is All."""


@dataclass(frozen=True, slots=True)
class How:
    """``within``: seconds to wait for an answer. ``into``: the open connection that takes the frames."""

    pace: Pace
    speed: float
    within: float
    into: Attempt | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan, and the reader of the first time's capture, which whoever holds this closes."""

    planned: Planned
    reader: CaptureReader


def make_plan(reader: CaptureReader, attempt: Attempt, asked: Asked, stopping: Stopping) -> Ready:
    """Read ``attempt`` by a reader of its own, which goes on when the tab is closed. Raises NoReplayError."""
    own = CaptureReader(reader.path, reader.rebuilt)
    try:
        return Ready(replay_plan(own, attempt, asked, stopping), own)
    except BaseException:
        own.close()
        raise


def selected_numbers(page: InspectPage) -> frozenset[int]:
    """Frames behind the selected rows of the log."""
    model = page.frames.model
    if model is None:
        return frozenset()
    rows = page.frames.view.table.selected_rows(MOST_ROWS)
    return frozenset(number for row in rows for number in model.rows.frames_of(model.key_at(row)))
