"""The request and the options of a run: what the file says, filled in, over what is there already."""

import base64
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from wsinspector.conversation.options import Options
from wsinspector.conversation.sequences.filling import Filler
from wsinspector.conversation.sequences.messages import Files
from wsinspector.conversation.sequences.model import Action, Handshake, Payload, Rule, Send, Sequence
from wsinspector.conversation.typed_path import typed_path
from wsinspector.protocol.address import Address
from wsinspector.protocol.dialects import Asking, dialect_called, dialect_of, spoken_for
from wsinspector.protocol.draft import EXTENSIONS, PROTOCOL, Draft, DraftLine, standard_draft
from wsinspector.protocol.request_lines import origin_of


def draft_for(handshake: Handshake, address: Address, filler: Filler, key: bytes) -> Draft:
    """The request that ``handshake`` describes. Raises UnknownVariableError."""
    if handshake.dialect:
        known = dialect_of(handshake.dialect)
        row = known if known is not None else dialect_called("rfc6455")
        asking = Asking(address.target, address.host_header, origin_of(address))
        draft = row.handshake.compose(row, asking, os.urandom)
    else:
        draft = standard_draft(address.target, address.host_header, key)
    for left_out in handshake.without:
        for at in reversed(draft.named(left_out.encode("latin-1", "replace"))):
            draft = draft.remove(at)
    if handshake.versions is not None:
        draft = draft.with_version_values([_bytes(filler.fill(value)) for value in handshake.versions])
    lines: list[DraftLine] = []
    if address.authorization is not None:
        lines.append(DraftLine(b"Authorization", address.authorization))
    for name, values in ((PROTOCOL, handshake.subprotocols), (EXTENSIONS, handshake.extensions)):
        if values:
            lines.append(DraftLine(name, _bytes(", ".join(filler.fill(value) for value in values))))
    for header, value in handshake.headers:
        lines.append(DraftLine(_bytes(header), _bytes(filler.fill(value))))
    for line in lines:
        draft = draft.insert(len(draft.lines), line)
    return draft


def _bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def options_for(
    base: Options,
    sequence: Sequence,
    draft: Draft,
    filler: Filler,
    files: Files,
    folder: Path | None,
    apart: Mapping[str, str] = MappingProxyType({}),
) -> Options:
    """``base`` with what the file says otherwise: its options, its auto-answers, its variables.

    ``apart``: variables as they are written whose values are not to be kept with the options; empty for those
    that are known beside them.
    """
    given = dict(sequence.options)
    if given.get("ca_file") and folder is not None:
        given["ca_file"] = str(folder / typed_path(given["ca_file"]))
    dialect = sequence.handshake.dialect
    if dialect and "speak" not in given and spoken_for(draft.to_bytes()) != dialect:
        given["speak"] = dialect
    options = replace(base, reconnect_every=0.0, **given)
    if sequence.rules:
        options = replace(options, auto_answers=rules_text(sequence.rules, files))
    kept = {name: apart.get(name, value) for name, value in filler.values.items()}
    return replace(
        options, variables=tuple((name, value) for name, value in kept.items() if value or name not in apart)
    )


def rules_text(rules: tuple[Rule, ...], files: Files) -> str:
    """Auto-answers as an option keeps them: files are in them, as it has no folder to look in."""
    # Here, as writing draws in a parser that nobody needs who only connects.
    from wsinspector.conversation.sequences.writing import sequence_text

    made = tuple(replace(rule, answers=tuple(_held(each, files) for each in rule.answers)) for rule in rules)
    return sequence_text(Sequence(rules=made))


def _held(action: Action, files: Files) -> Action:
    if not isinstance(action, Send) or action.payload.kind != "file":
        return action
    data = files.get(action.payload.source)
    if data is None:
        return action
    return Send(Payload("base64", base64.b64encode(data).decode("ascii"), action.payload.opcode))
