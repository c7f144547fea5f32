"""One row of a head as it is shown, and how odd bytes look in it."""

import enum
from dataclasses import dataclass

from wsinspector.present.secrets import DOTS
from wsinspector.protocol.escapes import raw_text
from wsinspector.protocol.http import OWS
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate

LONGEST = 2000
"""Characters of a value that a row shows; Raw and Bytes show all of them."""


class RowKind(enum.Enum):
    START = "start"  # request line or status line, wholly in ``value``
    HEADER = "header"
    TERMINATOR = "terminator"  # the blank line, wholly in ``ending``
    TAIL = "tail"  # bytes behind the blank line, wholly in ``value``
    NO_HEAD = "no-head"  # bytes that are no HTTP head, wholly in ``value``


@dataclass(frozen=True, slots=True)
class Chip:
    """A small label behind a value; ``tone`` is a role of the theme, ``short`` for little room."""

    text: str
    tone: str = "muted"
    tip: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One row. ``name + between + value + ending`` are its bytes.

    ``index``: number of the header line in its draft or head, -1 for other kinds.
    ``span``: where the row stands in the bytes sent or received, None while switched off.
    ``hidden``: stretches of ``value`` that are masked; ``parts``: a start line as ``(text, role)``.
    ``label``: what the bytes behind the blank line are, where they belong to the handshake.
    ``gone``: what is masked is not in the file at all.
    """

    kind: RowKind
    index: int
    name: bytes
    between: bytes
    value: bytes
    ending: bytes
    span: Span | None
    enabled: bool = True
    marked: bool = False
    chips: tuple[Chip, ...] = ()
    hidden: tuple[Span, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    label: str = ""
    gone: bool = False

    @property
    def shown_name(self) -> str:
        return shown_bytes(self.name)

    @property
    def shown_value(self) -> str:
        """The value as a row shows it: secrets as dots, blanks at its end visible, long ones cut."""
        text, at = "", 0
        for span in self.hidden:
            text += shown_bytes(self.value[at : span.start]) + DOTS
            at = span.end
        rest = shown_bytes(self.value[at : at + LONGEST])
        bare = rest.rstrip(" ")
        text += bare + "␣" * (len(rest) - len(bare))
        return text + ("…" if len(self.value) - at > LONGEST else "")

    @property
    def odd(self) -> bool:
        """Whether separator or line ending differ from ``": "`` and CRLF."""
        if self.kind is RowKind.TAIL:
            return False
        return self.ending != b"\r\n" or (self.kind is RowKind.HEADER and self.between != b": ")

    @property
    def shown_tail(self) -> str:
        """The bytes behind the blank line: as text where all of it can be read, else in hex."""
        part = self.value[:LONGEST]
        if all(0x20 <= byte < 0x7F for byte in part):
            return self.shown_value
        return part.hex(" ") + (" …" if len(self.value) > LONGEST else "")

    @property
    def value_start(self) -> int:
        """Offset of the value from the row's first byte."""
        return len(self.name) + len(self.between)

    @property
    def secret_key(self) -> bytes:
        """What :func:`rows_of_draft` and the others take to reveal this row's secrets."""
        return self.name.strip(OWS).lower()

    def spoken(self) -> str:
        """The row for a screen reader; secrets stay hidden in it."""
        match self.kind:
            case RowKind.START:
                words = [self.shown_value]
            case RowKind.TERMINATOR:
                words = [translate("heads", "blank line")]
            case RowKind.TAIL | RowKind.NO_HEAD:
                words = [f"{self.label} {self.shown_tail}".strip()]
            case _:
                words = [f"{self.shown_name}: {self.shown_value}"]
        words += [chip.text for chip in self.chips]
        if not self.enabled:
            words.append(translate("heads", "switched off"))
        return ", ".join(words)


def shown_bytes(data: bytes) -> str:
    """Bytes on one line, one visible character a byte (see ``protocol.escapes``)."""
    return raw_text(data).replace("\n", "")


def ending_name(ending: bytes) -> str:
    """``CRLF``, ``LF``, ``none`` or the bytes themselves."""
    known = {b"\r\n": "CRLF", b"\n": "LF", b"\r": "CR", b"": translate("heads", "none")}
    return known[ending] if ending in known else shown_bytes(ending)


def separator_name(between: bytes) -> str:
    """The separator with its blanks visible."""
    return shown_bytes(between).replace(" ", "␣") or "–"
