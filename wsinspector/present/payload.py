"""A frame's or message's payload as one of a few kinds of content, saying what it left out."""

import enum
from array import array
from dataclasses import dataclass

from wsinspector.present import jsontext
from wsinspector.present.closing import close_text, code_in, describe_code, meaning_of
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.magic import named
from wsinspector.present.numbers import count
from wsinspector.present.plain import decoded, visible
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.translate import translate

TEXT_LIMIT = 256 << 10
"""Bytes shown as text; a text field with more becomes slow to lay out."""

COPY_LIMIT = 64 << 20


class View(enum.Enum):
    """How a payload is looked at."""

    TEXT = "text"
    JSON = "json"
    HEX = "hex"
    WIRE = "wire"


@dataclass(frozen=True, slots=True)
class Payload:
    """What was read: ``data`` is the beginning of it, ``total`` how much there is.

    ``wire``: payload bytes that travelled. ``frames``: how many carried it. ``missing``: bytes that
    were announced and are not there. ``fault``: why inflating stopped. ``opcode``: of the message.
    """

    data: bytes
    total: int
    wire: int
    frames: int
    opcode: int
    compressed: bool = False
    missing: int = 0
    fault: InflateFault | None = None
    whole: bool = True
    agreed: Agreed = NOTHING_AGREED

    @property
    def left_out(self) -> int:
        return max(0, self.total - len(self.data))


@dataclass(frozen=True, slots=True)
class Content:
    """Text to show, in pieces with roles, and one line that says how large it is and what is left out.

    ``deep``: it may be JSON, nested too deeply to be laid out as text; a tree can open it.
    """

    view: View
    pieces: tuple[jsontext.Piece, ...]
    note: str
    fault: str = ""
    deep: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def read_payload(
    reading: FrameReading, inflation: Inflation, numbers: "array[int]", at_most: int
) -> Payload | None:
    """Join these frames as far as ``at_most`` bytes; inflates on the way. Not for the UI thread."""
    first = reading.facts(numbers[0]) if numbers else None
    if first is None:
        return None
    wire = 0
    last: FrameFacts = first
    compressed = first.compressed
    for at in range(len(numbers)):
        facts = reading.facts(numbers[at])
        if facts is not None:
            wire += facts.length
            last = facts
            # Where each frame is deflated for itself, the first of a message need not be.
            compressed = compressed or facts.compressed
    whole = last.fin
    agreed = reading.agreed
    if compressed:
        found = inflation.message(first.direction, numbers[0], numbers[-1], at_most)
        data = b"".join(found.parts)
        return Payload(
            data,
            found.size,
            wire,
            len(numbers),
            first.opcode,
            True,
            fault=found.fault,
            whole=whole,
            agreed=agreed,
        )
    data = reading.joined(numbers, at_most)
    missing = wire - len(data) if len(data) < min(wire, at_most) else 0
    return Payload(
        data, wire - missing, wire, len(numbers), first.opcode, missing=missing, whole=whole, agreed=agreed
    )


def size_text(size: int) -> str:
    """``87 bytes``, thousands apart."""
    if size == 1:
        return translate("Payload", "1 byte")
    return translate("Payload", "{count} bytes").format(count=count(size))


def note_of(payload: Payload, shown: int, made: str = "") -> str:
    """How large it is and what was left out, in one line; ``made``: what a view says of that itself."""
    parts = [size_text(payload.total)]
    if payload.compressed:
        parts.append(translate("Payload", "inflated from {size}").format(size=size_text(payload.wire)))
    if payload.frames > 1:
        parts.append(translate("Payload", "joined from {count} frames").format(count=payload.frames))
    if not payload.whole:
        parts.append(translate("Payload", "the message goes on"))
    if payload.fault is InflateFault.LIMIT:
        limit = size_text(payload.agreed.inflate_limit)
        parts.append(translate("Payload", "stopped at the limit of {size}").format(size=limit))
    elif payload.fault is InflateFault.LEFT_OUT:
        parts.append(translate("Payload", "not inflated, as bytes were left out"))
    elif payload.fault is not None:
        parts.append(translate("Payload", "does not inflate further"))
    if payload.missing:
        parts.append(
            translate("Payload", "{size} announced never came").format(size=size_text(payload.missing))
        )
    if shown < payload.total:
        parts.append(translate("Payload", "the first {size} shown").format(size=size_text(shown)))
    elif not made:
        parts.append(translate("Payload", "nothing left out"))
    if made:
        parts.append(made)
    return ", ".join(parts)


def first_view(payload: Payload) -> View:
    """The view that says most: JSON where it looks like it, text where it is, else hex."""
    if jsontext.looks_like_json(payload.data) and payload.total <= jsontext.LIMIT:
        return View.JSON
    if payload.opcode == 0x2 or (
        payload.opcode not in (0x1, 0x8) and first_bad_utf8(payload.data) is not None
    ):
        return View.HEX
    return View.TEXT


def content_of(payload: Payload, view: View) -> Content:
    """Make the text of one view. HEX gives only the note: the hex view reads the bytes itself."""
    if view is View.HEX:
        return Content(view, (), note_of(payload, len(payload.data)))
    if view is View.JSON:
        made = _json(payload)
        if made.pieces:
            return made
        text = _text(payload)
        return Content(View.TEXT, text.pieces, text.note, made.fault, made.deep)
    return _text(payload)


def _json(payload: Payload) -> Content:
    if payload.total > jsontext.LIMIT or payload.left_out:
        why = translate("Payload", "Over 1 MiB: not parsed as JSON, shown as text.")
        return Content(View.JSON, (), "", why)
    bad = first_bad_utf8(payload.data)
    if bad is not None:
        return Content(
            View.JSON, (), "", translate("Payload", "No JSON: not UTF-8 from byte {at} on.").format(at=bad)
        )
    text = payload.data.decode("utf-8", "replace")
    fault = jsontext.check(text)
    if fault is not None and fault.checked:
        return Content(View.JSON, (), "", translate("Payload", "No JSON: {text}.").format(text=fault.text))
    if fault is None:
        try:
            return Content(View.JSON, tuple(jsontext.pretty(text)), note_of(payload, payload.total))
        except RecursionError:
            pass
    why = translate("Payload", "Nested too deeply to be checked as JSON, shown as text.")
    return Content(View.JSON, (), "", why, deep=True)


def _text(payload: Payload) -> Content:
    data = payload.data[:TEXT_LIMIT]
    if payload.opcode == 0x8:
        code = code_in(data, payload.agreed)
        if code is not None:
            return _close(payload, code)
        _, said = close_text(data, payload.agreed)
        if said:
            return _marked(payload, said)
    fault = ""
    bad = first_bad_utf8(data)
    if bad is not None and (len(data) == payload.total or bad < len(data) - 4):
        fault = translate("Payload", "Not UTF-8 from byte {at} on; such bytes stand as \\xNN.").format(at=bad)
    name = named(payload.data)
    note = note_of(payload, len(data))
    if name:
        note = f"{name}, {note}"
    shown = visible(decoded(data), lines=True)
    return Content(View.TEXT, (jsontext.Piece(shown, "plain"),) if shown else (), note, fault)


def _close(payload: Payload, code: int) -> Content:
    reason = visible(decoded(payload.data[2:]), lines=True)
    pieces = [
        jsontext.Piece(describe_code(code, payload.agreed), "number"),
        jsontext.Piece(f"\n{meaning_of(code, payload.agreed)}\n", "plain"),
    ]
    if reason:
        pieces.append(jsontext.Piece(reason, "string"))
    return Content(View.TEXT, tuple(pieces), note_of(payload, len(payload.data)))


def _marked(payload: Payload, said: str) -> Content:
    shown = visible(decoded(payload.data), lines=True)
    pieces = [jsontext.Piece(shown, "string")] if shown else []
    pieces.append(jsontext.Piece(f"\n{said}" if shown else said, "plain"))
    return Content(View.TEXT, tuple(pieces), note_of(payload, len(payload.data)))
