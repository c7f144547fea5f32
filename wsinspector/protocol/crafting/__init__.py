"""Frames made bit by bit: what a person sets, the bytes it makes, and what a receiver must do about them."""

from wsinspector.protocol.crafting.crafted import (
    Between,
    Compression,
    Craft,
    CraftedBytes,
    CraftedFrame,
    Cut,
    Mask,
    Writes,
)
from wsinspector.protocol.crafting.judging import FRESH, Judgement, Line, Must, Standing, judge
from wsinspector.protocol.crafting.payloads import INVALID_UTF8, CraftError, Payload, Source
from wsinspector.protocol.crafting.plain_form import (
    craft_from_plain,
    craft_to_plain,
    frame_from_plain,
    frame_to_plain,
)
from wsinspector.protocol.crafting.planning import Chunk, Part, Plan, plan_of

__all__ = [
    "FRESH",
    "INVALID_UTF8",
    "Between",
    "Chunk",
    "Compression",
    "Craft",
    "CraftError",
    "CraftedBytes",
    "CraftedFrame",
    "Cut",
    "Judgement",
    "Line",
    "Mask",
    "Must",
    "Part",
    "Payload",
    "Plan",
    "Source",
    "Standing",
    "Writes",
    "craft_from_plain",
    "craft_to_plain",
    "frame_from_plain",
    "frame_to_plain",
    "judge",
    "plan_of",
]
