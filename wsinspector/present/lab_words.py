"""Which versions the lab takes and how it refuses the others, in few words."""

from wsinspector.lab.manners import ANY, HIXIE_WHEN_ABSENT, SILENCE, Form, describe, refusing
from wsinspector.lab.versions import VersionRule
from wsinspector.translate import translate

CHOICES: tuple[tuple[str, ...] | None, ...] = (None, ("13",), ("13", "8", "7"))
"""The sets that are offered by name; None is every version that ever travelled."""


def taken_text(taken: tuple[str, ...] | None) -> str:
    """``13, 8, 7`` or ``every version``."""
    return ", ".join(taken) if taken is not None else translate("LabWords", "every version")


def manner_text(manner: str) -> str:
    """What the others get: ``400 and a list``."""
    if manner == SILENCE:
        return translate("LabWords", "silence")
    if manner == ANY:
        return translate("LabWords", "a 101 all the same")
    if manner == HIXIE_WHEN_ABSENT:
        return translate("LabWords", "426, or a hixie answer where none is named")
    how = refusing(manner)
    status = how.status.decode("ascii").split()[0]
    text = {
        Form.DESCENDING: translate("LabWords", "{0} and a list"),
        Form.DESCENDING_NO_SPACE: translate("LabWords", "{0} and a list without blanks"),
        Form.ASCENDING: translate("LabWords", "{0} and a list, oldest first"),
        Form.ASCENDING_NO_SPACE: translate("LabWords", "{0} and a list without blanks, oldest first"),
        Form.TWO_LINES: translate("LabWords", "{0} and a list on two lines"),
        Form.NO_LIST: translate("LabWords", "{0} and no list"),
        Form.LIES: translate("LabWords", "{0} and a list that lies"),
    }[how.form]
    return text.format(status)


def rule_text(rule: VersionRule) -> str:
    """``takes 13, 8, 7; others get 400 and a list``."""
    text = translate("LabWords", "takes {0}; others get {1}")
    return text.format(taken_text(rule.taken), manner_text(rule.manner))


def manner_line(manner: str) -> str:
    """A manner with its description, as a menu lists it."""
    return f"{manner}\t{describe(manner).rstrip('.')}"
