"""What a person types to go to a frame: a number, a time of day, a time since the beginning, a step."""

import datetime
import re
from dataclasses import dataclass

from wsinspector.present.frame_index import FrameSource
from wsinspector.translate import translate

_SPACES = re.compile(r"[\s\u2009\u202f',_]+")
_NUMBER = re.compile(r"([+-]?)#?(\d{1,15})\Z")
_SPAN = re.compile(r"([+-]?)(\d{1,12}(?:[.,]\d{1,9})?)(ns|us|µs|ms|s|min|m|h)\Z")
_CLOCK = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})[T ]+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\Z"
)
_UNITS = {
    "ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "min": 60 * 10**9,
    "h": 3600 * 10**9,
}  # fmt: skip
_DAY_NS = 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class ToNumber:
    """Frame ``number``."""

    number: int


@dataclass(frozen=True, slots=True)
class ToTime:
    """The first frame at monotonic ``at`` (ns) or later."""

    at: int


@dataclass(frozen=True, slots=True)
class NoPlace:
    """What was typed names no place; ``why`` says what would."""

    why: str


Place = ToNumber | ToTime | NoPlace


@dataclass(frozen=True, slots=True)
class Around:
    """What a place is worked out from.

    ``wall_ns`` and ``mono_ns``: when connecting began, on both clocks. ``frames``: how many there
    are. ``here``: number of the current frame, 0 for none; ``here_ns``: its time.
    ``last_ns``: time of the last frame.
    """

    wall_ns: int
    mono_ns: int
    frames: int
    here: int = 0
    here_ns: int = 0
    last_ns: int = 0


def place_of(text: str, around: Around) -> Place:
    """Where ``text`` leads: ``1234``, ``+10``, ``12.5s``, ``10:32:05.5``, ``+3s`` from the current row."""
    text = text.strip()
    clock = _CLOCK.match(text)
    if clock is not None:
        return _clock(clock, around)
    text = _SPACES.sub("", text) if not re.search(r"[.,]\d*\s*[a-zµ]", text) else re.sub(r"\s", "", text)
    text = text.replace("−", "-").lower()
    if not text:
        return NoPlace(translate("Jump", "A number, or a time: 12.5s, 10:32:05.5, +3s"))
    number = _NUMBER.match(text)
    if number is not None:
        return _number(number.group(1), int(number.group(2)), around)
    span = _SPAN.match(text)
    if span is not None:
        sign, value, unit = span.groups()
        ns = _ns(value, unit)
        if not sign:
            return ToTime(around.mono_ns + ns)
        if not around.here:
            return NoPlace(translate("Jump", "Pick a row first: + and − count from it."))
        return ToTime(around.here_ns + (ns if sign == "+" else -ns))
    if re.fullmatch(r"[+-]?\d+\.\d+", text):
        return NoPlace(translate("Jump", "A time needs its unit: {text}s, or ms, min, h.").format(text=text))
    return NoPlace(translate("Jump", "Neither a number nor a time, as 1234, 12.5s, 10:32:05 and +3s are."))


def _number(sign: str, number: int, around: Around) -> Place:
    if sign and not around.here:
        return NoPlace(translate("Jump", "Pick a row first: + and − count from it."))
    if sign:
        number = around.here + (number if sign == "+" else -number)
    if not around.frames:
        return NoPlace(translate("Jump", "There is no frame yet."))
    if not 1 <= number <= around.frames:
        text = translate("Jump", "There is no frame {number}: they go from 1 to {last}.")
        return NoPlace(text.format(number=number, last=around.frames))
    return ToNumber(number)


def _ns(value: str, unit: str) -> int:
    whole, _, part = value.replace(",", ".").partition(".")
    return int(whole) * _UNITS[unit] + int((part + "0" * 9)[:9]) * _UNITS[unit] // 10**9


def _clock(match: "re.Match[str]", around: Around) -> Place:
    year, month, day, hour, minute, second, part = match.groups()
    wrong = NoPlace(translate("Jump", "There is no such time of day."))
    try:
        start = datetime.datetime.fromtimestamp(around.wall_ns // 10**9)
        date = datetime.date(int(year), int(month), int(day)) if year else start.date()
        moment = datetime.datetime.combine(date, datetime.time(int(hour), int(minute), int(second or 0)))
        wall = int(moment.timestamp()) * 10**9 + int(((part or "") + "0" * 9)[:9])
    except (ValueError, OverflowError, OSError):
        return wrong
    at = around.mono_ns + wall - around.wall_ns
    # A time of day before the beginning is one of the next day, where the attempt lasted so long.
    # To a whole second the beginning itself is not before it.
    if not year and at < around.mono_ns - 10**9 and at + _DAY_NS <= around.last_ns:
        at += _DAY_NS
    return ToTime(at)


def frame_at(source: FrameSource, frames: int, at: int) -> int:
    """Number of the first of ``frames`` frames at ``at`` (ns) or later, the last where none is; 0 for none.

    Reads some twenty frames of the capture: not for the UI thread.
    """
    low, high = 1, frames
    while low < high:
        middle = (low + high) // 2
        columns = source.columns(middle, 1)
        if not len(columns) or columns.time[0] >= at:
            high = middle
        else:
            low = middle + 1
    return min(low, frames)
