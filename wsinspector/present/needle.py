"""What is looked for in the log, and where it stands in a text that is shown."""

from dataclasses import dataclass, field

from wsinspector.filter.patterns import compiled

MOST_PLACES = 200
SHOWN_SECONDS = 0.002
"""A pattern may take so long for one text in sight; it is lit nowhere once it took longer."""

FLAGS = "i"

_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def lower(text: str) -> str:
    """ASCII letters in lower case, as payloads are searched; as long as ``text``."""
    return text.translate(_LOWER)


@dataclass(slots=True)
class Needle:
    """``text`` as typed: a plain text in either case, or a ``pattern``. ValueError for one that is none.

    ``payloads_only``: numbers and types are not looked at.
    """

    text: str
    pattern: bool = False
    payloads_only: bool = False
    plain: str = field(init=False)  # in lower case; empty for a pattern
    _slow: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.plain = "" if self.pattern else lower(self.text)
        if self.pattern:
            compiled(self.text, FLAGS)

    def __bool__(self) -> bool:
        return bool(self.text)

    def places(self, text: str, most: int = MOST_PLACES) -> list[tuple[int, int]]:
        """Where it stands in ``text``: (start, end) of at most ``most`` places."""
        if self.pattern:
            return self._matches(text, most)
        found: list[tuple[int, int]] = []
        low = lower(text)
        at = low.find(self.plain) if self.plain else -1
        while at >= 0 and len(found) < most:
            found.append((at, at + len(self.plain)))
            at = low.find(self.plain, at + len(self.plain))
        return found

    def _matches(self, text: str, most: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        if self._slow or not self.text:
            return found
        try:
            for match in compiled(self.text, FLAGS).finditer(text, timeout=SHOWN_SECONDS):
                if match.end() > match.start():
                    found.append(match.span())
                    if len(found) >= most:
                        break
        except (TimeoutError, MemoryError, RecursionError):
            self._slow = True
        return found

    def is_type(self, name: str) -> bool:
        """Whether it names the type ``name``."""
        return (
            bool(self.plain) and not self.payloads_only and lower(name).rstrip(".") == self.plain.rstrip(".")
        )

    def is_number(self, number: str) -> bool:
        """Whether it is a frame's number."""
        return bool(self.plain) and not self.payloads_only and self.plain.lstrip("#") == number


NOTHING = Needle("")
