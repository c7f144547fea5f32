"""The head of a request or an answer as rows, the same for a draft, an attempt and a comparison."""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from wsinspector.present.secrets import DOTS, secret_spans
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.draft import KEY, VERSION, Draft, DraftLine
from wsinspector.protocol.escapes import raw_text
from wsinspector.protocol.head_reader import parse_request, read_line
from wsinspector.protocol.http import OWS, Head, HttpAnomaly, Response
from wsinspector.protocol.spans import Span
from wsinspector.protocol.version import list_members, short_meaning
from wsinspector.translate import translate

ACCEPT = b"Sec-WebSocket-Accept"
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
        return self.ending != b"\r\n" or (self.kind is RowKind.HEADER and self.between != b": ")

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
                words = [self.shown_value]
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


# -- rows


def rows_of_draft(draft: Draft, revealed: Collection[bytes] = ()) -> tuple[HeadRow, ...]:
    """The draft's rows in order, switched-off ones in their places; the blank line is the last but one."""
    if not draft.is_head:
        data = draft.to_bytes()
        return (_no_head_row(data, revealed),)
    at = len(draft.request_line) + len(draft.request_ending)
    rows = [_request_line_row(draft.request_line, draft.request_ending, Span(0, at), revealed)]
    values = draft.version_values()
    for index, line in enumerate(draft.lines):
        size = len(line.to_bytes())
        span = Span(at, at + size) if line.enabled else None
        rows.append(_draft_row(index, line, span, values, revealed))
        at += size if line.enabled else 0
    end = at + len(draft.terminator)
    rows.append(HeadRow(RowKind.TERMINATOR, -1, b"", b"", b"", draft.terminator, Span(at, end)))
    if draft.tail:
        rows.append(_tail_row(draft.tail, end))
    return tuple(rows)


def rows_of_request(
    data: bytes, revealed: Collection[bytes] = (), generated: Collection[bytes] = ()
) -> tuple[HeadRow, ...]:
    """The rows of a request as sent; ``generated`` are lower-case names whose values were drawn."""
    head = parse_request(data)
    if not head.start_line and not head.lines:
        return (_no_head_row(data, revealed),) if data else ()
    start = Span(head.span.start, head.span.start + len(head.start_line) + len(head.start_ending))
    rows = [_request_line_row(head.start_line, head.start_ending, start, revealed)]
    values = head.values(VERSION)
    for row in _header_rows(head, revealed):
        name = row.name.strip(OWS).lower()
        chips = _hidden_chips(row.value, row.hidden)
        if name in generated:
            chips = (_generated_chip(), *chips)
        is_version = name == VERSION.lower()
        if is_version:
            chips = (Chip(short_meaning(values)), *chips)
        rows.append(replace(row, chips=chips, marked=is_version))
    rows += _ending_rows(head, data)
    return tuple(rows)


def rows_of_response(
    response: Response, request: bytes = b"", revealed: Collection[bytes] = ()
) -> tuple[HeadRow, ...]:
    """The rows of an answer; what it says of version and key is measured against ``request``."""
    head = response.head
    if not head.start_line and not head.lines:
        return ()
    sent = parse_request(request)
    start = Span(head.span.start, head.span.start + len(head.start_line) + len(head.start_ending))
    rows = [
        HeadRow(
            RowKind.START, -1, b"", b"", head.start_line, head.start_ending, start,
            parts=_status_parts(response), chips=_anomaly_chips(response, start),
        )
    ]  # fmt: skip
    for row in _header_rows(head, revealed):
        name = row.name.strip(OWS).lower()
        chips = _hidden_chips(row.value, row.hidden)
        if name == VERSION.lower():
            chips = (*_offer_chips(response, row.value, sent.values(VERSION)), *chips)
        elif name == ACCEPT.lower() and response.status == 101:
            chips = (_accept_chip(row.value, sent.values(KEY)), *chips)
        chips = (*chips, *_anomaly_chips(response, row.span))
        rows.append(replace(row, chips=chips, marked=name == VERSION.lower()))
    if head.terminator not in (b"\r\n", b""):
        rows += _ending_rows(head, b"")
    return tuple(rows)


def secrets_in(rows: Sequence[HeadRow]) -> tuple[tuple[int, int], ...]:
    """The masked stretches of all rows as offsets of the bytes they came from."""
    found = []
    for row in rows:
        if row.span is not None:
            start = row.span.start + row.value_start
            found += [(start + span.start, start + span.end) for span in row.hidden]
    return tuple(found)


def row_at(rows: Sequence[HeadRow], offset: int) -> int | None:
    """Number of the row that holds byte ``offset``."""
    for at, row in enumerate(rows):
        if row.span is not None and row.span.start <= offset < row.span.end:
            return at
    return None


def rows_within(rows: Sequence[HeadRow], span: Span) -> tuple[int, ...]:
    """Numbers of the rows that share a byte with ``span``; an empty span means where it stands."""
    end = max(span.end, span.start + 1)
    return tuple(
        at
        for at, row in enumerate(rows)
        if row.span is not None and row.span.start < end and span.start < row.span.end
    )


def head_bytes(head: Head) -> bytes:
    """The bytes of a head from its parts."""
    lines = b"".join(line.name + line.between + line.value + line.ending for line in head.lines)
    return head.start_line + head.start_ending + lines + head.terminator


# -- how a row comes about


def _request_line_row(line: bytes, ending: bytes, span: Span, revealed: Collection[bytes]) -> HeadRow:
    hidden = () if b"" in revealed else tuple(secret_spans(b"", line))
    row = HeadRow(RowKind.START, -1, b"", b"", line, ending, span, hidden=hidden)
    return replace(row, chips=_hidden_chips(line, hidden), parts=_request_parts(row))


def _request_parts(row: HeadRow) -> tuple[tuple[str, str], ...]:
    words = row.shown_value.split(" ")
    if len(words) < 2:
        return ((row.shown_value, "text"),)
    first, middle = words[0], " ".join(words[1:])
    last = ""
    if len(words) > 2 and words[-1].upper().startswith("HTTP/"):
        middle, last = " ".join(words[1:-1]), words[-1]
    parts = [(first, "strong"), (f" {middle}", "text")]
    if last:
        parts.append((f" {last}", "muted"))
    return tuple(parts)


def _status_parts(response: Response) -> tuple[tuple[str, str], ...]:
    line, version = response.head.start_line, response.http_version
    if response.status is None or not line.startswith(version):
        return ((shown_bytes(line[:LONGEST]), "text"),)
    rest = shown_bytes(line[len(version) : LONGEST])
    return ((shown_bytes(version), "muted"), (rest, "ok" if response.status == 101 else "refused"))


def _draft_row(
    index: int, line: DraftLine, span: Span | None, values: Sequence[bytes], revealed: Collection[bytes]
) -> HeadRow:
    hidden = _hidden_in(line.name, line.value, revealed)
    chips = _hidden_chips(line.value, hidden)
    if line.generated is not None:
        chips = (_generated_chip(), *chips)
    is_version = line.is_named(VERSION)
    if is_version and line.enabled:
        chips = (Chip(short_meaning(values)), *chips)
    return HeadRow(
        RowKind.HEADER, index, line.name, line.between, line.value, line.ending, span, line.enabled,
        is_version, chips, hidden,
    )  # fmt: skip


def _header_rows(head: Head, revealed: Collection[bytes]) -> list[HeadRow]:
    return [
        HeadRow(
            RowKind.HEADER, index, line.name, line.between, line.value, line.ending, line.span,
            hidden=_hidden_in(line.name, line.value, revealed),
        )
        for index, line in enumerate(head.lines)
    ]  # fmt: skip


def _ending_rows(head: Head, data: bytes) -> list[HeadRow]:
    rows = []
    end = head.span.end
    if head.terminator:
        start = end - len(head.terminator)
        rows.append(HeadRow(RowKind.TERMINATOR, -1, b"", b"", b"", head.terminator, Span(start, end)))
    if data[end:]:
        rows.append(_tail_row(data[end:], end))
    return rows


def _no_head_row(data: bytes, revealed: Collection[bytes]) -> HeadRow:
    hidden = () if b"" in revealed else _secrets_anywhere(data)
    return HeadRow(RowKind.NO_HEAD, -1, b"", b"", data, b"", Span(0, len(data)), hidden=hidden)


def _secrets_anywhere(data: bytes) -> tuple[Span, ...]:
    """Secrets in bytes that are no head: every line is taken as a header line and as a start line."""
    found, at = [], 0
    for text in data.split(b"\n"):
        line = read_line(text.rstrip(b"\r"), b"", Span(at, at + len(text)))
        name = line.name.strip(OWS).lower()
        spans = (
            [span.shifted(line.value_span.start) for span in secret_spans(name, line.value)] if name else []
        )
        found += spans or [span.shifted(at) for span in secret_spans(b"", text)]
        at += len(text) + 1
    return tuple(found)


def _tail_row(tail: bytes, at: int) -> HeadRow:
    return HeadRow(RowKind.TAIL, -1, b"", b"", tail, b"", Span(at, at + len(tail)))


def _hidden_in(name: bytes, value: bytes, revealed: Collection[bytes]) -> tuple[Span, ...]:
    key = name.strip(OWS).lower()
    return () if key in revealed else tuple(secret_spans(key, value))


def _hidden_chips(value: bytes, hidden: Sequence[Span]) -> tuple[Chip, ...]:
    if not hidden:
        return ()
    count = sum(len(span) for span in hidden)
    text = translate("heads", "hidden, {0} characters").format(count)
    if count == 1:
        text = translate("heads", "hidden, 1 character")
    short = translate("heads", "hidden")
    return (Chip(text, tip=translate("heads", "Click to show it"), short=short),)


def _generated_chip() -> Chip:
    return Chip(
        translate("heads", "generated"),
        tip=translate("heads", "Drawn anew for each attempt until it is edited"),
        short=translate("heads", "gen."),
    )


def _offer_chips(response: Response, value: bytes, sent: Sequence[bytes]) -> tuple[Chip, ...]:
    members = list_members([value])
    if response.status == 101:
        return (Chip(translate("heads", "has no meaning in a 101")),)
    if not members:
        return ()
    if any(one in members for one in sent):
        return (Chip(translate("heads", "the version you sent")),)
    return (Chip(translate("heads", "offered instead")),)


_ANOMALIES = {
    HttpAnomaly.HTTP_1_0: "HTTP/1.0",
    HttpAnomaly.HTTP_0_9_OR_ODD_VERSION: "odd HTTP version",
    HttpAnomaly.EMPTY_REASON: "no reason",
    HttpAnomaly.MISSING_REASON_BLANK: "no blank after the status",
    HttpAnomaly.BAD_STATUS_LINE: "no status line",
    HttpAnomaly.LF_ONLY: "LF only",
    HttpAnomaly.FOLDED_LINE: "folded",
    HttpAnomaly.NO_COLON: "no colon",
    HttpAnomaly.BLANK_BEFORE_COLON: "blank before the colon",
    HttpAnomaly.BAD_NAME: "not a field name",
    HttpAnomaly.CONTROL_CHARACTER: "control character",
    HttpAnomaly.HUGE_HEADER: "huge",
    HttpAnomaly.LENGTH_LIES: "not what came",
    HttpAnomaly.LENGTH_UNREADABLE: "not a length",
    HttpAnomaly.LENGTH_AND_CHUNKED: "length and chunked",
}


def _anomaly_chips(response: Response, span: Span | None) -> tuple[Chip, ...]:
    """What is odd about the bytes of one row, each kind once."""
    if span is None:
        return ()
    codes = dict.fromkeys(
        seen.code
        for seen in response.anomalies
        if span.start <= seen.span.start < span.end and seen.code in _ANOMALIES
    )
    return tuple(Chip(translate("heads", _ANOMALIES[code]), "note") for code in codes)


def _accept_chip(value: bytes, keys: Sequence[bytes]) -> Chip:
    if not keys:
        return Chip(translate("heads", "no key was sent"))
    expected = accept_for(keys[0])
    tip = translate("heads", "base64 of the SHA-1 of key and GUID")
    if value.strip(OWS + b"\r\n") == expected:
        return Chip(translate("heads", "as computed"), "muted", tip, translate("heads", "fits"))
    return Chip(translate("heads", "not what the key gives"), "fault", tip, translate("heads", "wrong"))
