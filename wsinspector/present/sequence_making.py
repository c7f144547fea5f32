"""A sequence made of frames of a log: what was sent is sent again, what came is expected."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from wsinspector.conversation.sequences.model import (
    Action,
    Close,
    Expect,
    ExpectClose,
    Payload,
    Send,
    Sequence,
    Step,
)
from wsinspector.filter.printing import quoted
from wsinspector.protocol.opcodes import BINARY, CLOSE, PING, PONG, TEXT
from wsinspector.translate import translate

LONGEST_EXPECTED = 200
"""Bytes of a payload that is expected as it came; of a longer one its size is."""

LARGEST_SENT = 1 << 20
"""Bytes of a message that is put into a sequence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the log: a whole message or a control frame, unmasked and inflated.

    ``code``: of a Close frame, None where it has none. ``whole``: all of the payload is here.
    """

    outgoing: bool
    opcode: int
    payload: bytes
    code: int | None = None
    reason: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """The sequence, and what of the rows could not be put into it, a sentence each."""

    sequence: Sequence
    notes: tuple[str, ...] = ()


def sequence_of(rows: Iterable[Row], name: str = "") -> Made:
    """Steps for ``rows``, in order. Pongs are left out on both sides: they are answered by themselves."""
    steps: list[Step] = []
    notes: list[str] = []
    for number, row in enumerate(rows, 1):
        if row.opcode == PONG:
            continue
        if row.outgoing and (not row.whole or len(row.payload) > LARGEST_SENT):
            text = translate("SequenceMaking", "Row {0} is larger than 1 MiB and was left out.")
            notes.append(text.format(number))
            continue
        action = _sent(row) if row.outgoing else _came(row)
        if action is not None:
            steps.append(Step(action))
        else:
            text = translate("SequenceMaking", "Row {0} is no message that can be sent again.")
            notes.append(text.format(number))
    return Made(Sequence(name=name, steps=tuple(steps)), tuple(notes))


def _sent(row: Row) -> Action | None:
    match row.opcode:
        case 8:
            return Close(row.code, row.reason)
        case 9:
            text = _text(row.payload)
            return Send(
                Payload("text", kept(text), PING)
                if text is not None
                else Payload("hex", row.payload.hex(" "), PING)
            )
        case 1:
            text = _text(row.payload)
            if text is None:
                return Send(Payload("hex", row.payload.hex(" "), TEXT))
            return Send(Payload("json" if _is_json(text) else "text", kept(text)))
        case 2:
            return Send(Payload("hex", row.payload.hex(" "), BINARY))
    return None


def _came(row: Row) -> Action | None:
    if row.opcode == CLOSE:
        return ExpectClose((1005,) if row.code is None else (row.code,))
    word = {TEXT: "text", BINARY: "binary", PING: "ping"}.get(row.opcode)
    if word is None:
        return Expect(f"opcode == {row.opcode}")
    if not row.whole or len(row.payload) > LONGEST_EXPECTED:
        return Expect(f"type == {word} and size > {LONGEST_EXPECTED}")
    return Expect(kept(f"type == {word} and payload == {quoted(row.payload)}"))


def kept(text: str) -> str:
    """``text`` with its braces as they are: nothing in it becomes a variable."""
    return text.replace("{{", "\\{{") if "{{" in text else text


def _text(payload: bytes) -> str | None:
    """The payload as a text that TOML can hold; None for any other."""
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_json(text: str) -> bool:
    if text[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
