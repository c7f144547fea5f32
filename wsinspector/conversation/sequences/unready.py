"""Why a sequence cannot run as it stands, found before a byte leaves: files, variables, filters with them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wsinspector.conversation.sequences.actions import filter_faults
from wsinspector.conversation.sequences.crafting import craft_files
from wsinspector.conversation.sequences.filling import (
    Filler,
    UnknownVariableError,
    in_filter,
    made_of,
    places,
)
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
from wsinspector.conversation.typed_path import typed_path
from wsinspector.translate import translate


def payloads_of(sequence: Sequence) -> list[tuple[int, Payload]]:
    """Every payload that steps and rules send, with its line in the file; 0 where there is none."""
    actions = [(step.line, step.action) for step in every_step(sequence.steps)]
    actions += [(rule.line, answer) for rule in sequence.rules for answer in rule.answers]
    found: list[tuple[int, Payload]] = []
    for line, action in actions:
        if isinstance(action, Send):
            found.append((line, action.payload))
        elif isinstance(action, Craft):
            found += [(line, Payload("file", name)) for name in craft_files(action.table)]
    return found


def unready(
    sequence: Sequence,
    values: Mapping[str, str],
    folder: Path | None,
    *,
    outside: bool = False,
    hidden: frozenset[str] = frozenset(),
) -> list[tuple[int, str]]:
    """(line, sentence) for each file that cannot be read, and for what its variables make wrong.

    ``values``: all variables there are, the file's own among them. ``outside``: files outside ``folder`` may
    be read. ``hidden``: variables whose values are not told. Reads the files: not for the window's thread.
    """
    found = wrong_filters(sequence, values, hidden)
    away = [] if outside else files_outside(sequence, folder)
    found += [(each.line, each.text) for each in away]
    refused = {each.name for each in away}
    payloads = [each for each in payloads_of(sequence) if each[1].source not in refused]
    _, troubles = read_files((payload for _, payload in payloads), folder)
    for name, text in troubles.items():
        line = next((line for line, payload in payloads if payload.source == name), 0)
        found.append((line, text))
    return found


@dataclass(frozen=True, slots=True)
class OutsideFile:
    """A file that is sent and lies outside the sequence's folder: its name there, and where it really is."""

    line: int
    name: str
    path: str

    @property
    def text(self) -> str:
        """What is said of it."""
        said = translate("Sequence", "“{0}” lies outside the folder of the sequence: {1}.")
        return said.format(self.name, self.path)


def files_outside(sequence: Sequence, folder: Path | None) -> list[OutsideFile]:
    """The files that ``sequence`` sends from elsewhere than ``folder`` and what is in it, each once.

    A sequence may come from somebody else, and a server may be theirs: what it reads of this computer is to
    be known before it is sent. Links are followed, on the disk: not for the window's thread.
    """
    home = folder.resolve() if folder is not None else None
    found: dict[str, OutsideFile] = {}
    for line, payload in payloads_of(sequence):
        name = payload.source
        if payload.kind != "file" or name in found:
            continue
        try:
            path = typed_path(name)
            if not path.is_absolute() and folder is None:
                continue  # it is told that there is no folder to look in
            really = (path if folder is None else folder / path).resolve()
        except (OSError, ValueError, RuntimeError):
            continue  # it cannot be read either, which is told
        if home is None or not really.is_relative_to(home):
            found[name] = OutsideFile(line, name, str(really))
    return list(found.values())


def wrong_filters(
    sequence: Sequence, values: Mapping[str, str], hidden: frozenset[str] = frozenset()
) -> list[tuple[int, str]]:
    """(line, sentence) for variables that name unknown ones, and filters that are wrong with ``values``,
    which are all that there are, those of the file among them. The values of ``hidden`` ones are not told."""
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
    veil = made_of(values, hidden)
    for line, text in filters:
        try:
            faults = filter_faults(filler.fill_again(text, in_filter))
        except UnknownVariableError:
            continue  # told when the file was read
        if faults and any(place.name in veil for place in places(text)):
            said = translate("Sequence", "The filter “{0}” cannot be read with its variables filled in.")
            faults = (said.format(filler.told(text, veil, in_filter)),)
        found += [(line, told) for told in faults]
    return found
