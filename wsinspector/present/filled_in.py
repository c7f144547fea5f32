"""What variables make of a request before it leaves, without the values that are to stay hidden."""

from collections.abc import Mapping

from wsinspector.conversation.filling_in import filled_draft
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked
from wsinspector.protocol.draft import Draft
from wsinspector.translate import translate

HIDDEN = "********"
MOST = 3  # lines that are shown; the others are counted


def filled_text(draft: Draft, values: Mapping[str, str], hidden: frozenset[str]) -> str:
    """The lines of ``draft`` that leave otherwise than they are typed; empty where none does."""
    shown = {name: HIDDEN if name in hidden else value for name, value in values.items()}
    filled = filled_draft(draft, shown)
    if filled.problem:
        return ""
    lines = []
    if filled.draft.request_line != draft.request_line:
        lines.append(visible(masked(b"", filled.draft.request_line)))
    for typed, line in zip(draft.lines, filled.draft.lines, strict=True):
        if line.value != typed.value:
            name = visible(line.name.decode("latin-1")).strip()
            lines.append(f"{name}: {visible(masked(line.name.strip().lower(), line.value))}")
    if not lines:
        return ""
    told = "  ·  ".join(lines[:MOST])
    if len(lines) > MOST:
        told += "  ·  " + translate("Variables", "and %n more line(s)", "", len(lines) - MOST)
    return translate("Variables", "Leaves filled in: {0}").format(told)
