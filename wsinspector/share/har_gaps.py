"""What our own HAR says of gaps, beside what HAR has a place for: written here, and read back with care.

``_gaps`` of an entry: frames that were not kept, by their numbers, and bytes outside of frames that were.
``_notKept`` of a message: stretches of its data that are not known and stand as zeros. ``_leftOut`` of the
log: the secrets that were left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wsinspector.capture import GapRow
from wsinspector.protocol.spans import Direction
from wsinspector.share.json_pull import WrongJson
from wsinspector.share.leaving_values import Hole
from wsinspector.share.left_out import LeftOut
from wsinspector.translate import translate

GAPS, NOT_KEPT, LEFT_OUT = "_gaps", "_notKept", "_leftOut"

LEFT_BEFORE = "left_out_before"
"""The member of an attempt's facts that lists the secrets that the imported file had left out."""

MOST_FRAMES = 1 << 30
MOST_BYTES = 1 << 48

Wrong = Callable[[str], WrongJson]
Stretch = tuple[int, int, str]
"""Of one message's data: from which byte, how many, and why they are not known."""


@dataclass(frozen=True, slots=True)
class BytesGone:
    """``count`` bytes of one direction, at a place that is not known."""

    side: Direction
    count: int
    reason: str


def gaps_told(
    holes: Iterable[Hole], gaps: Iterable[GapRow], told: Iterable[tuple[Direction, int, int]]
) -> list[dict[str, Any]]:
    """``_gaps``. ``told``: the stretches of streams that messages tell of, as (side, start, stop)."""
    found: list[dict[str, Any]] = [
        {"kind": "frames", "first": hole.first, "last": hole.last, "reason": hole.reason} for hole in holes
    ]
    within = list(told)
    for gap in gaps:
        if gap.kind != "bytes" or gap.direction is None:
            continue
        length = gap.stop - gap.start
        for side, start, stop in within:
            if side is gap.direction:
                length -= max(0, min(stop, gap.stop) - max(start, gap.start))
        if length > 0:
            way = "out" if gap.direction else "in"
            found.append({"kind": "bytes", "dir": way, "length": length, "reason": gap.reason})
    return found


def gaps_read(data: Any, wrong: Wrong) -> tuple[list[Hole], list[BytesGone]]:
    """``_gaps`` of an entry, the frames in order. Raises WrongJson."""
    holes: list[Hole] = []
    gone: list[BytesGone] = []
    for each in _objects(data, GAPS, wrong):
        kind, reason = each.get("kind"), each.get("reason")
        if not isinstance(reason, str):
            raise wrong(f"a gap in “{GAPS}” has no “reason”")
        if kind == "frames":
            first, last = _whole(each, "first", wrong, 1 << 62), _whole(each, "last", wrong, 1 << 62)
            if last < first or last - first >= MOST_FRAMES or (holes and first <= holes[-1].last):
                raise wrong(f"frames in “{GAPS}” should rise, and be no more than {MOST_FRAMES} together")
            holes.append(Hole(first, last, reason))
        elif kind == "bytes" and each.get("dir") in ("in", "out"):
            side = Direction.OUT if each["dir"] == "out" else Direction.IN
            gone.append(BytesGone(side, _whole(each, "length", wrong, MOST_BYTES), reason))
        else:
            raise wrong(f"a gap in “{GAPS}” is of no kind that is known")
    if sum(hole.last + 1 - hole.first for hole in holes) > MOST_FRAMES:
        raise wrong(f"frames in “{GAPS}” should be no more than {MOST_FRAMES} together")
    return holes, gone


def stretches_read(data: Any, size: int, wrong: Wrong) -> list[Stretch]:
    """``_notKept`` of a message of ``size`` bytes, rising. Raises WrongJson."""
    found: list[Stretch] = []
    at = 0
    for each in _objects(data, NOT_KEPT, wrong):
        start, length = _whole(each, "at", wrong, size, least=0), _whole(each, "length", wrong, size)
        reason = each.get("reason")
        if start < at or start + length > size or not isinstance(reason, str):
            raise wrong(f"“{NOT_KEPT}” should hold stretches of the data, rising, with their reasons")
        found.append((start, length, reason))
        at = start + length
    return found


def left_out_told(found: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """``_leftOut``."""
    return [
        {"name": each.name, "where": each.where, "length": each.length, "times": each.times}
        | ({} if each.removed else {"removed": False})
        for each in found
    ]


def left_out_read(data: Any) -> list[LeftOut]:
    """``_leftOut``, as far as it is what this program writes."""
    found = []
    for each in data if isinstance(data, list) else ():
        if isinstance(each, dict):
            name, where = each.get("name"), each.get("where")
            length, times = _count(each.get("length")), _count(each.get("times"))
            if isinstance(name, str) and isinstance(where, str) and length is not None and times is not None:
                found.append(LeftOut(name, where, length, times, each.get("removed") is not False))
    return found


def left_out_text(found: Iterable[LeftOut]) -> str:
    """What an import says of secrets that its file had left out, with their lengths."""
    listed = "; ".join(each.text for each in found)
    text = translate(
        "Import", "secrets had been left out of it; their places are filled with * or named: {0}."
    )
    return text.format(listed)


def gaps_text(frames: int, octets: int) -> str:
    """What an import says of gaps."""
    parts = [translate("Import", "%n frame(s)", "", frames)] if frames else []
    parts += [translate("Import", "%n byte(s)", "", octets)] if octets else []
    text = translate("Import", "not in it, as they had not been kept, and shown as gaps: {0}.")
    return text.format(", ".join(parts))


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 62 else None


def _objects(data: Any, name: str, wrong: Wrong) -> list[dict[str, Any]]:
    if data is None:
        return []
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise wrong(f"“{name}” should be a list of objects")
    return data


def _whole(data: dict[str, Any], name: str, wrong: Wrong, most: int, *, least: int = 1) -> int:
    value = data.get(name)
    if type(value) is not int or not least <= value <= most:
        raise wrong(f"“{name}” of a gap should be a whole number from {least} to {most}")
    return value
