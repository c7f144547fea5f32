"""What is said of an attempt that was read from a file of others, which does not tell all."""

from dataclasses import replace

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.answer_line import AnswerLine
from wsinspector.present.plain import visible
from wsinspector.translate import translate

_NAMES = {"har": "HAR"}


def framing_note(kind: str) -> str:
    """In place of a frame's header, where there is none but what was composed."""
    return translate("Bits", "Framing is not known: composed from {0}.").format(_name(kind))


def wire_note(kind: str) -> str:
    """Over the bytes of such a frame."""
    text = translate("Payload", "Not as it travelled: composed from {0}, header and payload")
    return text.format(_name(kind))


def _name(kind: str) -> str:
    return _NAMES.get(kind, visible(kind))


def imported_line(snapshot: AttemptSnapshot, line: AnswerLine) -> AnswerLine:
    """``line``, which speaks as if all were known, with what is not."""
    lead = translate("AnswerLine", "Imported from {0}.").format(_name(snapshot.imported))
    if snapshot.opened_at is None:
        text = translate("AnswerLine", "The exact bytes are not known.")
        return replace(line, text=f"{line.text} {lead} {text}".strip())
    text = translate("AnswerLine", "It opened. Framing is not known, nor when and how the connection ended.")
    return AnswerLine("muted", lead, text)
