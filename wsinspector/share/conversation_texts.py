"""What a capture keeps besides bytes, as it leaves: facts, drafts and options without their secrets."""

import base64
import binascii
from typing import Any

from wsinspector.capture import AttemptRow
from wsinspector.present.secrets import secret_spans
from wsinspector.share.leaving import Leaving
from wsinspector.share.left_out import Secrets, filled
from wsinspector.translate import translate

JSON = dict[str, Any]


def attempt_row(leaving: Leaving) -> AttemptRow | None:
    """The row that the capture has of the attempt."""
    conversation = leaving.conversation.id if leaving.conversation is not None else None
    rows = leaving.reader.attempts(conversation)
    return next((row for row in rows if row.id == leaving.snapshot.attempt_id), None)


def facts_leaving(leaving: Leaving, row: AttemptRow | None) -> JSON:
    """An attempt's facts; a request that never left keeps its length."""
    if row is None:
        return {}
    return facts_without(leaving.secrets, row.facts)


def facts_without(secrets: Secrets, facts: JSON) -> JSON:
    """Facts without their secrets; ``secrets`` has learned all there is."""
    facts = _without_variables(facts)
    told = {
        name: secrets.plain(value, translate("Leaving", "the facts"))
        for name, value in facts.items()
        if name != "unsent"
    }
    unsent = facts.get("unsent")
    if isinstance(unsent, str):
        pieces = secrets.head(unsent.encode("latin-1", "replace"), translate("Leaving", "the request"))
        told["unsent"] = filled(pieces).decode("latin-1")
    return told


def event_without(secrets: Secrets, data: JSON) -> JSON:
    """An event's data; what it holds as base64 is a head."""
    told: JSON = secrets.plain(data, translate("Leaving", "the events"))
    held = data.get("base64")
    if isinstance(held, str):
        try:
            head = base64.b64decode(held, validate=True)
        except (binascii.Error, ValueError):
            return told
        told["base64"] = base64.b64encode(
            filled(secrets.head(head, translate("Leaving", "the events")))
        ).decode("ascii")
    return told


def state_leaving(secrets: Secrets, state: JSON) -> JSON:
    """A conversation's state: the address, the draft with its switched-off lines, the options."""
    state = _without_variables(state)
    told: JSON = secrets.plain(
        {name: each for name, each in state.items() if name != "draft"}, translate("Leaving", "the draft")
    )
    draft = state.get("draft")
    if not isinstance(draft, dict):
        return told
    lines = draft.get("lines")
    told["draft"] = secrets.plain(
        {name: each for name, each in draft.items() if name != "lines"}, translate("Leaving", "the draft")
    )
    told["draft"]["request_line"] = _value(secrets, b"", draft.get("request_line"))
    if isinstance(lines, list):
        told["draft"]["lines"] = [_line(secrets, line) if isinstance(line, dict) else line for line in lines]
    return told


def _without_variables(data: JSON) -> JSON:
    """Options without the values of variables: what they stand for is often a token."""
    options = data.get("options")
    if not isinstance(options, dict) or not options.get("variables"):
        return data
    return data | {"options": options | {"variables": []}}


def _line(secrets: Secrets, line: JSON) -> JSON:
    name = str(line.get("name", "")).strip(" \t").lower().encode("latin-1", "replace")
    return line | {"value": _value(secrets, name, line.get("value"))}


def _value(secrets: Secrets, name: bytes, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    data = value.encode("latin-1", "replace")
    spans = [(span, translate("Leaving", "the draft")) for span in secret_spans(name, data)]
    return filled(secrets.pieces(data, spans, translate("Leaving", "the draft"))).decode("latin-1")
