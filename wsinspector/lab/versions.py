"""Decide which dialect a request is answered in, and write the refusal of a version that is not taken."""

from dataclasses import dataclass

from wsinspector.lab.answers import refusal
from wsinspector.lab.manners import (
    ANY,
    HIXIE_WHEN_ABSENT,
    MANNERS,
    REASONS,
    SILENCE,
    USUAL,
    Form,
    refusing,
)
from wsinspector.protocol.dialects import DIALECTS, RFC6455, Dialect, dialect_called, recognise
from wsinspector.protocol.http import Head
from wsinspector.protocol.version import FIELD, judge_request_lines, judge_value

NEVER_USED = ("12", "11", "10", "9")
"""What a list can lie about where every version that ever travelled is taken (RFC 6455 §4.1)."""


@dataclass(frozen=True, slots=True)
class VersionRule:
    """Which versions are taken, and what the others get.

    ``taken``: values of Sec-WebSocket-Version ("13") and names of dialects ("hixie-76"), as a person
    wrote them; None takes every version that ever travelled. ``manner``: one of
    :data:`~wsinspector.lab.manners.MANNERS`. ``claimed``: what a list that lies says, None for
    versions that are refused as well. Raises ValueError, in words for whoever wrote it.
    """

    taken: tuple[str, ...] | None = None
    manner: str = USUAL
    claimed: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.manner not in MANNERS:
            raise ValueError(f"{self.manner!r} is no manner of refusing; there are {', '.join(MANNERS)}")
        for one in (*(self.taken or ()), *(self.claimed or ())):
            if not (_is_value(one) or one in _NAMES):
                raise ValueError(
                    f"{one!r} is neither a version value, 0 to 255, nor a dialect, one of {', '.join(_NAMES)}"
                )

    @property
    def offered(self) -> tuple[str, ...]:
        """The values of Sec-WebSocket-Version that are taken, the newest first."""
        return _values(_NAMES if self.taken is None else self.taken)

    @property
    def nameless(self) -> tuple[str, ...]:
        """The dialects taken that have no value in that header, the newest first."""
        taken = _NAMES if self.taken is None else self.taken
        return tuple(one.name for one in reversed(DIALECTS) if one.name in taken and one.version is None)

    def spoken(self, head: Head) -> Dialect | None:
        """The dialect in which the request is answered, None where its version is refused."""
        found = asked_for(head)
        values = head.values(FIELD)
        if found is not None and found.name not in (self.taken or _NAMES):
            other = self.perhaps(found)
            found = found if other is None else dialect_called(other)
        if self.manner == ANY:
            return found or dialect_called(RFC6455)
        if self.manner == HIXIE_WHEN_ABSENT and not values:
            return found or dialect_called("hixie-75")
        if found is not None and (self.taken is None or found.name in self.taken):
            return found
        if len(values) == 1 and _text(values[0]) in (self.taken or ()):
            # Whoever takes a value that nobody ever spoke means RFC 6455 under another number.
            return found or dialect_called(RFC6455)
        return None

    def perhaps(self, dialect: Dialect) -> str | None:
        """The dialect taken that asks with the very lines of ``dialect``; only frames tell them apart."""
        other = {"hixie-76": "hybi-01"}.get(dialect.name)
        return other if other in (self.taken or _NAMES) else None

    def answer_to(self, head: Head) -> bytes | None:
        """What a request gets whose version is refused; None is silence.

        Version lines that are missing, repeated or no version get 400 in every manner that
        answers (RFC 6455 §4.2.1).
        """
        if self.manner == SILENCE:
            return None
        how = refusing(self.manner)
        lines, spoken = self._lines(how.form)
        judged = judge_request_lines(head.values(FIELD))
        if not (judged.multiplicity_ok and all(one.ok for one in judged.judgements)):
            why = b"The request needs one Sec-WebSocket-Version that is a number from 0 to 255."
            return _refused(REASONS[b"400"], lines, why)
        return _refused(how.status, lines, spoken)

    def _lines(self, form: Form) -> tuple[tuple[bytes, ...], bytes]:
        """The values of the version lines, and the sentence in the body."""
        if form is Form.NO_LIST:
            return (), b"Another version is needed."
        shown = self.offered
        if form is Form.LIES:
            shown = self.claimed or tuple(
                one for one in _values(_NAMES) if one not in (self.taken or _values(_NAMES))
            )
            shown = shown or NEVER_USED
        sentence = _sentence(shown, () if form is Form.LIES else self.nameless)
        if not shown:
            return (), sentence
        if form is Form.TWO_LINES:
            parts = (shown[:1], shown[1:])
            return tuple(", ".join(part).encode() for part in parts if part), sentence
        ascending = form in (Form.ASCENDING, Form.ASCENDING_NO_SPACE)
        comma = "," if form in (Form.DESCENDING_NO_SPACE, Form.ASCENDING_NO_SPACE) else ", "
        return (comma.join(shown[::-1] if ascending else shown).encode(),), sentence


EVERY_VERSION = VersionRule()


def asked_for(head: Head) -> Dialect | None:
    """The dialect that the request names or is written in; None where its version lines are none's."""
    found = recognise(head)
    values = head.values(FIELD)
    if found.version is None or values == (found.version,):
        return found
    # A request without a key, say: wrong, and not for its version.
    return next((one for one in reversed(DIALECTS) if values == (one.version,)), None)


def read_versions(text: str) -> tuple[str, ...]:
    """The members of a list such as ``13, 8,hixie-76``, each once; ValueError where there is none.

    A draft's name becomes that of the dialect which holds it.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = tuple(dict.fromkeys(_NAME_OF.get(part.lower(), part) for part in parts))
    if not found:
        raise ValueError("no version is named; a list is such as 13,8 or hixie-76")
    return found


_NAMES = tuple(dialect.name for dialect in DIALECTS)
_NAME_OF = {draft: dialect.name for dialect in DIALECTS for draft in (dialect.name, *dialect.drafts)}


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _is_value(text: str) -> bool:
    return text.isascii() and judge_value(text.encode()).ok and text == text.strip()


def _values(taken: tuple[str, ...]) -> tuple[str, ...]:
    found = {one if one not in _NAMES else _text(dialect_called(one).version or b"") for one in taken}
    return tuple(sorted(found - {""}, key=int, reverse=True))


def _sentence(values: tuple[str, ...], nameless: tuple[str, ...]) -> bytes:
    said = [f"version {' or '.join(values)}"] if values else []
    said += [", ".join(nameless)] if nameless else []
    return f"This server speaks {' and '.join(said) or 'no version'} of the WebSocket protocol.".encode()


def _refused(status: bytes, values: tuple[bytes, ...], body: bytes) -> bytes:
    upgrade = ((b"Upgrade", b"websocket"),) if status == REASONS[b"426"] else ()
    return refusal(status, (*upgrade, *((FIELD, value) for value in values)), body)
