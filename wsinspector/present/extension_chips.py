"""What is known of the extensions that a header line names, beside the line."""

from collections.abc import Sequence

from wsinspector.present.head_rows import Chip
from wsinspector.protocol.deflate import read_extensions
from wsinspector.protocol.dialects import ExtensionNote, extension_note, opaque_extension
from wsinspector.protocol.dialects.extensions import PER_FRAME, void_answer
from wsinspector.protocol.draft import EXTENSIONS
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Response
from wsinspector.translate import translate


def offer_chips(value: bytes) -> tuple[Chip, ...]:
    """For a line of a request: each extension of another age, once, by its name."""
    return tuple(
        Chip(
            translate("heads", "{0}, obsolete").format(_name(note)),
            tip=note.text,
            short=translate("heads", "obsolete"),
        )
        for note in _noted(value)
        if note.obsolete
    )


def answer_chips(value: bytes, offered: Sequence[bytes]) -> tuple[Chip, ...]:
    """For a line of a 101: what the extension means for the frames where it was offered too."""
    chips = []
    names = {item.name for item in read_extensions(offered)}
    void = void_answer(offered, [value])
    for note in _noted(value):
        if _name(note) == void:
            text = translate("heads", "{0}: not agreed").format(void)
            tip = translate("heads", "The answer to the offer is not valid, so that nothing is compressed.")
            chips.append(Chip(text, "fault", tip, translate("heads", "not agreed")))
        elif note.opaque and note.name in names:
            text = translate("heads", "{0}: frames cannot be read").format(_name(note))
            short = translate("heads", "frames unreadable")
            chips.append(Chip(text, "note", note.text, short))
        elif note.name in PER_FRAME and note.name in names:
            text = translate("heads", "{0}, each frame inflated").format(_name(note))
            chips.append(Chip(text, "muted", note.text, translate("heads", "per frame")))
        elif note.obsolete:
            text = translate("heads", "{0}, obsolete").format(_name(note))
            chips.append(Chip(text, "muted", note.text, translate("heads", "obsolete")))
    return tuple(chips)


def unreadable(request: bytes, response: Response | None) -> str:
    """The sentence on frames that nobody can read as they are; empty where they can be."""
    if response is None or response.status != 101:
        return ""
    asked = parse_request(request).values(EXTENSIONS)
    note = opaque_extension(asked, response.head.values(EXTENSIONS))
    if note is None:
        return ""
    text = translate("heads", "{0} is agreed, so the frames cannot be read as they are. {1}")
    return text.format(_name(note), note.text)


def _noted(value: bytes) -> tuple[ExtensionNote, ...]:
    found = (extension_note(item.name) for item in read_extensions([value]))
    return tuple({note.name: note for note in found if note is not None}.values())


def _name(note: ExtensionNote) -> str:
    return note.name.decode("ascii")
