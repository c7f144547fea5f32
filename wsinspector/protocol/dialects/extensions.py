"""The extensions of every age: what each did, and what a 101 that names them means for the frames."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.protocol.deflate import (
    NAME,
    DeflateParameters,
    ExtensionItem,
    agreed_from,
    read_extensions,
)
from wsinspector.translate import translate

PER_FRAME = (b"deflate-frame", b"x-webkit-deflate-frame")
_BITS = re.compile(rb"(?:[89]|1[0-5])\Z")


@dataclass(frozen=True, slots=True)
class ExtensionNote:
    """``obsolete``: no server need know it today. ``opaque``: once agreed, frames cannot be read."""

    name: bytes
    text: str
    obsolete: bool
    opaque: bool = False


def extension_note(name: bytes) -> ExtensionNote | None:
    """What is known of an extension, letter case aside; None of one never heard of."""
    return next((note for note in _notes() if note.name == name.lower()), None)


def _notes() -> tuple[ExtensionNote, ...]:
    return (
        ExtensionNote(
            NAME,
            translate(
                "extensions",
                "Compresses each message with DEFLATE (RFC 7692). The only extension in the registry.",
            ),
            False,
        ),
        ExtensionNote(
            b"deflate-frame",
            translate(
                "extensions", "Compressed each frame for itself. Replaced by permessage-deflate, obsolete."
            ),
            True,
        ),
        ExtensionNote(
            b"x-webkit-deflate-frame",
            translate(
                "extensions",
                "deflate-frame under WebKit's own name. Replaced by permessage-deflate, obsolete.",
            ),
            True,
        ),
        ExtensionNote(
            b"deflate-stream",
            translate(
                "extensions",
                "Compressed the whole byte stream, frame headers included, in the drafts before RFC 6455. "
                "Obsolete.",
            ),
            True,
            opaque=True,
        ),
        ExtensionNote(
            b"compression",
            translate("extensions", "The compression extension of hybi-03. Obsolete; no use of it is known."),
            True,
            opaque=True,
        ),
        ExtensionNote(
            b"permessage-compress",
            translate(
                "extensions",
                "A draft that led to permessage-deflate, with the method as a parameter. Obsolete.",
            ),
            True,
        ),
        ExtensionNote(
            b"perframe-compress",
            translate(
                "extensions",
                "A draft of compression frame by frame, with the method as a parameter. Obsolete.",
            ),
            True,
        ),
    )


def opaque_extension(
    request_values: Sequence[bytes], response_values: Sequence[bytes]
) -> ExtensionNote | None:
    """The extension on which both sides agreed and with which frames cannot be read as they are."""
    offered = {item.name for item in read_extensions(request_values)}
    for item in read_extensions(response_values):
        note = extension_note(item.name)
        if note is not None and note.opaque and item.name in offered:
            return note
    return None


def deflate_agreed(
    request_values: Sequence[bytes], response_values: Sequence[bytes]
) -> tuple[DeflateParameters | None, bool]:
    """What both fields agree on, and whether frames and not messages are compressed."""
    whole = agreed_from(request_values, response_values)
    if whole is not None:
        return whole, False
    for name in PER_FRAME:
        offers = [item for item in read_extensions(request_values) if item.name == name]
        answers = [item for item in read_extensions(response_values) if item.name == name]
        if offers and len(answers) == 1:
            parameters = _per_frame(offers[0], answers[0])
            return parameters, parameters is not None
    return None, False


def void_answer(request_values: Sequence[bytes], response_values: Sequence[bytes]) -> str:
    """The compression that was offered and answered, but not validly; "" where there is none.

    Nothing is agreed then, and a frame with RSV1 has no meaning.
    """
    if deflate_agreed(request_values, response_values)[0] is not None:
        return ""
    offered = {item.name for item in read_extensions(request_values)}
    for item in read_extensions(response_values):
        if item.name in (NAME, *PER_FRAME) and item.name in offered:
            return item.name.decode("ascii")
    return ""


def _per_frame(offer: ExtensionItem, answer: ExtensionItem) -> DeflateParameters | None:
    """Each side's parameters bind the other side, as implementations have it. None for an odd answer."""
    asked, answered = (_read(item) for item in (offer, answer))
    if answered is None:
        return None
    server_bits, server_alone = asked or (15, False)
    client_bits, client_alone = answered
    return DeflateParameters(server_alone, client_alone, server_bits, client_bits)


def _read(item: ExtensionItem) -> tuple[int, bool] | None:
    """Window bits and whether nothing is carried over; None where a parameter cannot be read."""
    bits, alone = 15, False
    for name, value in item.parameters:
        if name == b"no_context_takeover" and value is None:
            alone = True
        elif name == b"max_window_bits" and value is not None and _BITS.match(value):
            bits = int(value)
        else:
            return None
    return bits, alone


def answer_per_frame(request_values: Sequence[bytes]) -> tuple[bytes, DeflateParameters] | None:
    """What a server answers to the first offer of compression by frame, and what is agreed then."""
    for item in read_extensions(request_values):
        asked = _read(item) if item.name in PER_FRAME else None
        if asked is not None and asked[0] > 8:  # zlib cannot deflate raw with a window of 8 bits
            return item.name, DeflateParameters(asked[1], False, asked[0], 15)
    return None
