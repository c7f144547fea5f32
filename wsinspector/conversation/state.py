"""A draft with its marks and switched-off rows, and the options, as JSON and back."""

from typing import Any

from wsinspector.conversation.options import POLICIES, Options
from wsinspector.protocol.draft import Draft, DraftLine, Generated

State = dict[str, Any]


THIRD_KEY = ":third-key"
"""Stands among the names of generated lines for the bytes behind the head; no line has such a name."""


def generated_in(draft: Draft) -> tuple[str, ...]:
    """Names, in lower case, of the lines whose values were drawn, and :data:`THIRD_KEY`."""
    names = [line.name.decode("latin-1").lower() for line in draft.lines if line.generated is not None]
    return (*names, THIRD_KEY) if draft.tail_generated else tuple(names)


def draft_to_json(draft: Draft) -> State:
    """Every byte as one Latin-1 character."""
    return {
        "request_line": draft.request_line.decode("latin-1"),
        "request_ending": draft.request_ending.decode("latin-1"),
        "lines": [
            {
                "name": line.name.decode("latin-1"),
                "between": line.between.decode("latin-1"),
                "value": line.value.decode("latin-1"),
                "ending": line.ending.decode("latin-1"),
                "enabled": line.enabled,
                "generated": line.generated.value if line.generated is not None else None,
            }
            for line in draft.lines
        ],
        "terminator": draft.terminator.decode("latin-1"),
        "tail": draft.tail.decode("latin-1"),
        "tail_generated": draft.tail_generated,
    }


def draft_from_json(data: State) -> Draft:
    """The inverse of :func:`draft_to_json`. Raises KeyError, ValueError where it is something else."""
    return Draft(
        request_line=data["request_line"].encode("latin-1"),
        request_ending=data["request_ending"].encode("latin-1"),
        lines=tuple(
            DraftLine(
                name=line["name"].encode("latin-1"),
                between=line["between"].encode("latin-1"),
                value=line["value"].encode("latin-1"),
                ending=line["ending"].encode("latin-1"),
                enabled=line["enabled"],
                generated=Generated(line["generated"]) if line["generated"] is not None else None,
            )
            for line in data["lines"]
        ),
        terminator=data["terminator"].encode("latin-1"),
        tail=data["tail"].encode("latin-1"),
        tail_generated=bool(data.get("tail_generated", False)),
    )


def state_to_json(address_text: str, draft: Draft, options: Options) -> State:
    return {"address": address_text, "draft": draft_to_json(draft), "options": options.to_json()}


def options_from_json(data: State) -> Options:
    """Options as kept; what cannot be read is at its default."""
    try:
        options = Options.from_json(data)
    except (TypeError, ValueError):
        return Options()
    return options if options.policy in POLICIES else options.without("policy")
