"""Name the manners in which servers refuse a version; imports nothing heavy, as help texts list them."""

import enum
from dataclasses import dataclass

from wsinspector.translate import translate


class Form(enum.Enum):
    """How a refusal's Sec-WebSocket-Version lines are written."""

    DESCENDING = "list"
    DESCENDING_NO_SPACE = "list-no-space"
    ASCENDING = "ascending"
    ASCENDING_NO_SPACE = "ascending-no-space"
    TWO_LINES = "two-lines"
    NO_LIST = "no-list"
    LIES = "list-lies"


SILENCE = "silence"
ANY = "any"
HIXIE_WHEN_ABSENT = "hixie-when-absent"

USUAL = "426-list"
"""What RFC 6455 §4.2.2 and RFC 9110 §15.5.22 ask for together."""

REASONS = {b"426": b"426 Upgrade Required", b"400": b"400 Bad Request"}
"""RFC 6455 §4.2.2 says "such as 426"; the example of §4.4 has 400. Both are sent in the world."""

MANNERS: tuple[str, ...] = (
    *(f"{status.decode()}-{form.value}" for status in REASONS for form in Form),
    SILENCE,
    ANY,
    HIXIE_WHEN_ABSENT,
)
"""Every manner by its name, in the order in which a menu shows them."""


@dataclass(frozen=True, slots=True)
class Refusing:
    """A manner that answers: the status line's code and reason, and how the list is written."""

    status: bytes
    form: Form


def refusing(manner: str) -> Refusing:
    """What is answered in ``manner``; the manners that are no form of list refuse as usual."""
    code, _, form = manner.partition("-")
    if code.encode() not in REASONS:
        return refusing(USUAL)
    return Refusing(REASONS[code.encode()], Form(form))


def describe(manner: str) -> str:
    """One line on ``manner``, in the language of the window; KeyError for a name that is none."""
    others = {
        SILENCE: translate("LabManners", "Reads the request and never answers."),
        ANY: translate("LabManners", "Answers 101 whatever the version says."),
        HIXIE_WHEN_ABSENT: translate(
            "LabManners",
            "A hixie answer where no version is named; 426 and a list for every other refused.",
        ),
    }
    if manner in others:
        return others[manner]
    status, _, form = manner.partition("-")
    if status.encode() not in REASONS:
        raise KeyError(manner)
    text = {
        Form.DESCENDING: translate("LabManners", "{0} and the versions on one line, the newest first."),
        Form.DESCENDING_NO_SPACE: translate(
            "LabManners", "{0} and the versions on one line, the newest first, no blank after the comma."
        ),
        Form.ASCENDING: translate("LabManners", "{0} and the versions on one line, the oldest first."),
        Form.ASCENDING_NO_SPACE: translate(
            "LabManners", "{0} and the versions on one line, the oldest first, no blank after the comma."
        ),
        Form.TWO_LINES: translate("LabManners", "{0}, the newest version on a line, the others on a second."),
        Form.NO_LIST: translate("LabManners", "{0} and no list of versions."),
        Form.LIES: translate("LabManners", "{0} and a list of versions that are refused too."),
    }
    return {each.value: words for each, words in text.items()}[form].format(status)
