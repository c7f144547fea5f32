"""Draws what is new in every attempt, by the marks a draft carries and whatever it speaks."""

from wsinspector.protocol.accept import key_from
from wsinspector.protocol.dialects.challenges import KEY3_BYTES, numbered_key
from wsinspector.protocol.dialects.dialect import Random
from wsinspector.protocol.draft import Draft, Generated


def refreshed(draft: Draft, random: Random) -> Draft:
    """``draft`` with its keys drawn anew where they are still marked as generated."""
    marks = draft.generated_values()
    fresh: dict[Generated, bytes] = {}
    if Generated.KEY in marks:
        fresh[Generated.KEY] = key_from(random(16))
    for mark in (Generated.KEY1, Generated.KEY2):
        if mark in marks:
            fresh[mark] = numbered_key(random)
    if Generated.KEY3 in marks:
        fresh[Generated.KEY3] = random(KEY3_BYTES)
    return draft.with_values(fresh) if fresh else draft
