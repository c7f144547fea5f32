"""What leaves as it travelled though nobody can look into it for secrets: it is listed, and stays."""

from bisect import bisect_left
from collections.abc import Sequence

from wsinspector.present.frames import facts_of
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.spans import Direction
from wsinspector.share.leaving import TOGETHER, Leaving
from wsinspector.translate import translate


def is_chosen(number: int, chosen: Sequence[int]) -> bool:
    """Whether ``number`` is among the rising numbers ``chosen``."""
    place = bisect_left(chosen, number)
    return place < len(chosen) and chosen[place] == number


def tell_unsearched(leaving: Leaving, direction: Direction | None = None) -> None:
    """List messages that do not inflate and what is no whole frame, of one direction or of both."""
    veils, secrets = leaving.veils(), leaving.secrets
    for side, number, size in veils.unsearched:
        if direction in (None, side) and is_chosen(number, leaving.numbers):
            where = translate("Leaving", "the payload of frame {0}, which does not inflate")
            secrets.told_unsearched(where.format(number), size)
    if veils.more_unsearched:
        more = translate(
            "Leaving", "%n more message(s) that (does|do) not inflate", "", veils.more_unsearched
        )
        secrets.told_unsearched(more, veils.more_unsearched_bytes)
    if leaving.all_frames and secrets.longest and not secrets.keep:
        for side in Direction if direction is None else (direction,):
            _tell_rest(leaving, side)


def _tell_rest(leaving: Leaving, direction: Direction) -> None:
    """The beginning of a frame that is not whole: nobody looks under its mask or inflates it."""
    length = leaving.reader.stream_length(leaving.snapshot.attempt_id, direction)
    size = length - _frames_end(leaving, direction)
    if size > 0:
        where = (
            translate("Leaving", "what was sent behind the last whole frame")
            if direction is Direction.OUT
            else translate("Leaving", "what was received behind the last whole frame")
        )
        leaving.secrets.told_unsearched(where, size)


def _frames_end(leaving: Leaving, direction: Direction) -> int:
    """The offset behind the last frame of a direction; where frames begin if there is none."""
    bit = FLAG_OUT if direction is Direction.OUT else 0
    high = leaving.frames_there
    while high > 0:
        leaving.look()
        low = max(1, high - TOGETHER + 1)
        columns = leaving.source.columns(low, high - low + 1)
        for at in range(len(columns) - 1, -1, -1):
            if columns.header[at] and columns.flags[at] & FLAG_OUT == bit:
                return facts_of(columns, at, low + at).end
        high = low - 1
    return leaving.frame_starts()[direction]
