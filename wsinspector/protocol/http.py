"""HTTP/1.x message heads as they came: every byte kept, every part with its span."""

import enum
import re
from dataclasses import dataclass

from wsinspector.protocol.spans import Span

OWS = b" \t"

_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One header line, folded continuation lines included in ``value``.

    ``name + between + value + ending`` are the bytes of the line. A line without a colon
    has an empty ``between`` and ``value`` and is wholly in ``name``. ``value`` keeps its
    trailing blanks; ``between`` is the colon and the blanks around it.
    """

    name: bytes
    between: bytes
    value: bytes
    ending: bytes
    span: Span
    folded: bool = False

    @property
    def well_formed(self) -> bool:
        return b":" in self.between

    @property
    def trimmed(self) -> bytes:
        """The field value without edge blanks (RFC 9110 §5.5)."""
        return self.value.strip(OWS + b"\r\n")

    @property
    def name_span(self) -> Span:
        return Span(self.span.start, self.span.start + len(self.name))

    @property
    def value_span(self) -> Span:
        start = self.span.start + len(self.name) + len(self.between)
        return Span(start, start + len(self.value))


@dataclass(frozen=True, slots=True)
class Head:
    """A start line, header lines and the blank line; ``complete`` is False for half a head."""

    start_line: bytes
    start_ending: bytes
    lines: tuple[HeadLine, ...]
    terminator: bytes
    span: Span
    complete: bool

    def named(self, name: bytes) -> tuple[HeadLine, ...]:
        """The lines whose name equals ``name``, letter case ignored, in order."""
        wanted = name.lower()
        return tuple(line for line in self.lines if line.name.strip(OWS).lower() == wanted)

    def values(self, name: bytes) -> tuple[bytes, ...]:
        """The trimmed values of :meth:`named`."""
        return tuple(line.trimmed for line in self.named(name))

    def members(self, name: bytes) -> tuple[bytes, ...]:
        """The comma-separated members over all lines, trimmed, empty ones dropped.

        Commas within quoted strings do not separate (RFC 9110 §5.6.1, §5.6.4); a fold is read as a
        blank (RFC 9112 §5.2).
        """
        found: list[bytes] = []
        for value in self.values(name):
            found.extend(part for part in split_list(_FOLD.sub(b" ", value)) if part)
        return tuple(found)


def split_list(value: bytes) -> list[bytes]:
    """Split at commas outside quoted strings; members trimmed, null members kept as empty."""
    return [part.strip(OWS) for part in split_unquoted(value, 0x2C)]


def split_unquoted(value: bytes, separator: int) -> list[bytes]:
    """Split at the byte ``separator`` outside quoted strings (RFC 9110 §5.6.4); nothing is trimmed."""
    parts: list[bytes] = []
    start = 0
    quoted = escaped = False
    for at, byte in enumerate(value):
        if escaped:
            escaped = False
        elif quoted and byte == 0x5C:
            escaped = True
        elif byte == 0x22:
            quoted = not quoted
        elif byte == separator and not quoted:
            parts.append(value[start:at])
            start = at + 1
    parts.append(value[start:])
    return parts


class BodyFraming(enum.Enum):
    """How the end of a body is known (RFC 9112 §6.3)."""

    NONE = "none"
    LENGTH = "length"
    CHUNKED = "chunked"
    UNTIL_CLOSE = "until-close"
    UPGRADED = "upgraded"


class HttpAnomaly(enum.Enum):
    """What is odd about an answer, as a value; the rules in ``verdicts`` say what it means."""

    NOT_HTTP = "not-http"
    HTTP_1_0 = "http-1.0"
    HTTP_0_9_OR_ODD_VERSION = "odd-http-version"
    EMPTY_REASON = "empty-reason"
    MISSING_REASON_BLANK = "missing-reason-blank"
    BAD_STATUS_LINE = "bad-status-line"
    LF_ONLY = "lf-only"
    FOLDED_LINE = "folded-line"
    NO_COLON = "no-colon"
    BLANK_BEFORE_COLON = "blank-before-colon"
    BAD_NAME = "bad-field-name"
    CONTROL_CHARACTER = "control-character"
    HUGE_HEADER = "huge-header"
    LEADING_BLANK_LINES = "leading-blank-lines"
    HALF_A_HEAD = "half-a-head"
    NO_BYTES = "no-bytes"
    HEAD_LIMIT = "head-limit"
    LENGTH_LIES = "length-lies"
    LENGTH_AWAITED = "length-awaited"  # nothing came for the stated idle time; more might have
    CHUNKS_AWAITED = "chunks-awaited"
    LENGTH_UNREADABLE = "length-unreadable"
    LENGTH_AND_CHUNKED = "length-and-chunked"
    BAD_CHUNK = "bad-chunk"
    BODY_CUT = "body-cut"
    BODY_LIMIT = "body-limit"
    BYTES_AFTER_BODY = "bytes-after-body"


@dataclass(frozen=True, slots=True)
class SeenAnomaly:
    """One :class:`HttpAnomaly` and the bytes it speaks of, counted from the stream's start."""

    code: HttpAnomaly
    span: Span


@dataclass(frozen=True, slots=True)
class Response:
    """One answer as far as it has come. Offsets count from the first byte received.

    ``status`` is None where the start line has none to read. ``body`` has its chunk framing
    removed, ``body_span`` covers the bytes as they travelled. ``announced`` is the readable
    Content-Length or None. ``complete`` is True once head and body are whole by their framing.
    """

    head: Head
    http_version: bytes
    status: int | None
    reason: bytes
    framing: BodyFraming
    body: bytes
    body_span: Span
    announced: int | None
    complete: bool
    anomalies: tuple[SeenAnomaly, ...] = ()
