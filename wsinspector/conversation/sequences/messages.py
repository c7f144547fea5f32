"""The bytes of a message as it leaves: variables filled in, JSON checked once more, files read before."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from wsinspector.conversation.sequences.actions import as_bytes
from wsinspector.conversation.sequences.filling import Filler, UnknownVariableError, in_json
from wsinspector.conversation.sequences.model import Payload
from wsinspector.conversation.typed_path import typed_path
from wsinspector.translate import translate

LARGEST = 64 << 20
"""Bytes of a file that is sent."""

Files = Mapping[str, bytes]
"""Contents by the names that stand in the sequence."""


class UnsendableError(Exception):
    """A message cannot be made; the text says why."""


def message_bytes(payload: Payload, filler: Filler, files: Files) -> bytes:
    """What leaves for ``payload``. Raises UnsendableError."""
    if payload.kind == "file":
        try:
            return files[payload.source]
        except KeyError:
            raise UnsendableError(
                translate("Sequence", "The file {0} was not read.").format(payload.source)
            ) from None
    is_json = payload.kind == "json"
    try:
        text = filler.fill(payload.source, in_json if is_json else None)
    except UnknownVariableError as error:
        raise UnsendableError(str(error)) from None
    if is_json:
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            text = translate("Sequence", "With its variables filled in it is no JSON: {0}.")
            raise UnsendableError(text.format(error)) from None
    try:
        return as_bytes(payload.kind, text)
    except ValueError as error:
        raise UnsendableError(str(error)) from None


def read_files(payloads: Iterable[Payload], folder: Path | None) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files that ``payloads`` name, and why others cannot be read; not for the window's thread.

    A name is relative to ``folder``; without one only whole paths are read.
    """
    found: dict[str, bytes] = {}
    troubles: dict[str, str] = {}
    for name in dict.fromkeys(payload.source for payload in payloads if payload.kind == "file"):
        path = typed_path(name)
        if not path.is_absolute():
            if folder is None:
                troubles[name] = translate("Sequence", "{0}: the sequence is in no file yet.").format(name)
                continue
            path = folder / path
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or error
            troubles[name] = translate("Sequence", "{0} cannot be read: {1}.").format(name, said)
            continue
        if len(data) > LARGEST:
            troubles[name] = translate("Sequence", "{0} is larger than 64 MiB.").format(name)
        else:
            found[name] = data
    return found, troubles
