"""Why a sequence cannot run as it stands, found before a byte leaves: files, variables, filters with them."""

import time
from collections.abc import Mapping
from pathlib import Path

from wsinspector.conversation.sequences.actions import filter_faults
from wsinspector.conversation.sequences.crafting import craft_files
from wsinspector.conversation.sequences.filling import Filler, UnknownVariableError, in_filter
from wsinspector.conversation.sequences.messages import read_files
from wsinspector.conversation.sequences.model import (
    Craft,
    Expect,
    ExpectNot,
    Payload,
    Send,
    Sequence,
    Wait,
    every_step,
)


def payloads_of(sequence: Sequence) -> list[tuple[int, Payload]]:
    """Every payload that steps and rules send, with its line in the file; 0 where there is none."""
    actions = [(step.line, step.action) for step in every_step(sequence.steps)]
    actions += [(0, answer) for rule in sequence.rules for answer in rule.answers]
    found: list[tuple[int, Payload]] = []
    for line, action in actions:
        if isinstance(action, Send):
            found.append((line, action.payload))
        elif isinstance(action, Craft):
            found += [(line, Payload("file", name)) for name in craft_files(action.table)]
    return found


def unready(sequence: Sequence, values: Mapping[str, str], folder: Path | None) -> list[tuple[int, str]]:
    """(line, sentence) for each file that cannot be read, and for what its variables make wrong.

    ``values``: as given beside the file, before its own. Reads the files: not for the window's thread.
    """
    found = wrong_filters(sequence, dict(sequence.variables) | dict(values))
    payloads = payloads_of(sequence)
    _, troubles = read_files((payload for _, payload in payloads), folder)
    for name, text in troubles.items():
        line = next((line for line, payload in payloads if payload.source == name), 0)
        found.append((line, text))
    return found


def wrong_filters(sequence: Sequence, values: Mapping[str, str]) -> list[tuple[int, str]]:
    """(line, sentence) for variables that name unknown ones, and filters that are wrong with ``values``,
    which are all that there are, those of the file among them."""
    try:
        filler = Filler(values, now=time.time)
    except UnknownVariableError as error:
        return [(0, str(error))]
    filters = [
        (step.line, step.action.filter)
        for step in every_step(sequence.steps)
        if isinstance(step.action, Wait | Expect | ExpectNot)
    ]
    filters += [(rule.line, rule.filter) for rule in sequence.rules]
    found: list[tuple[int, str]] = []
    for line, text in filters:
        try:
            found += [(line, told) for told in filter_faults(filler.fill_again(text, in_filter))]
        except UnknownVariableError:
            continue  # told when the file was read
    return found
