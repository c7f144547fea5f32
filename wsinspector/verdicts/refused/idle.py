"""Limits of silence after which something in between ends a connection, so that a sharp one is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.protocol.http import Response
from wsinspector.translate import translate
from wsinspector.verdicts.refused.boxes import BOXES, Box, who_answered

SHARP = (0.1, 1.0)
"""Seconds before and after a limit within which an end is that sharp: clocks round, timers fire late."""
ROUND = (10.0, 15.0, 20.0, 30.0, 45.0, 50.0, 90.0, 100.0, 120.0, 180.0, 240.0, 350.0, 900.0, 1800.0, 3600.0)
"""Seconds that people set; nobody in particular is meant by them."""


@dataclass(frozen=True, slots=True)
class IdleLimit:
    """``seconds``: the limit met. ``sentence``: whose default that is, empty where nobody's in particular."""

    seconds: float
    sentence: str


def idle_limit(silence: float, answer: Response | None, certificates: Sequence[str] = ()) -> IdleLimit | None:
    """The limit that ``silence`` (s) before an end meets sharply, None where it meets none.

    Where a box signed the 101, only that box is named; else every one whose default it is.
    """
    signed = {spoke.box for spoke in who_answered(answer, certificates)}
    signing = tuple(box for box in BOXES if box.key in signed and box.passes_on)
    known = [box for box in signing or BOXES if box.idle is not None and _meets(silence, box.idle[0])]
    if known:
        seconds = known[0].idle[0] if known[0].idle is not None else silence
        # OpenResty is nginx, and named for it where it signed.
        named = [box for box in known if signing or box.key != "openresty"]
        whose = [f"{box.name} ({_setting(box)})" for box in named if box.idle is not None]
        text = translate("Idle", "{seconds} s is what {whose} waits unless told otherwise.")
        if len(whose) > 1:
            text = translate("Idle", "{seconds} s is what {whose} wait unless told otherwise.")
        return IdleLimit(seconds, text.format(seconds=f"{seconds:g}", whose=_and(whose)))
    met = next((seconds for seconds in ROUND if _meets(silence, seconds)), None)
    return IdleLimit(met, "") if met is not None else None


def _setting(box: Box) -> str:
    name = box.idle[1] if box.idle is not None else ""
    return translate("Idle", "{setting}, as documented").format(setting=name) if box.recalled else name


def _meets(silence: float, limit: float) -> bool:
    return limit - SHARP[0] <= silence <= limit + SHARP[1]


def _and(names: Sequence[str]) -> str:
    joint = f" {translate('Idle', 'and')} "
    return joint.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
