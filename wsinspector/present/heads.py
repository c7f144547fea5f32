"""The head of a request or an answer as rows, the same for a draft, an attempt and a comparison."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from wsinspector.conversation.state import THIRD_KEY
from wsinspector.present.extension_chips import answer_chips, offer_chips
from wsinspector.present.head_anomaly_names import HEAD_ANOMALY_NAMES
from wsinspector.present.head_rows import (
    LONGEST,
    Chip,
    HeadRow,
    RowKind,
    ending_name,
    separator_name,
    shown_bytes,
)
from wsinspector.present.hexlines import MASK
from wsinspector.present.secrets import secret_spans
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.dialects import Challenge, dialect_called, spoken_for
from wsinspector.protocol.draft import EXTENSIONS, KEY, VERSION, Draft, DraftLine
from wsinspector.protocol.head_reader import parse_request, read_line
from wsinspector.protocol.http import OWS, Head, Response
from wsinspector.protocol.spans import Span
from wsinspector.protocol.version import list_members, short_meaning
from wsinspector.translate import translate
from wsinspector.verdicts.calculator import calculate
from wsinspector.verdicts.refused.boxes import who_answered

ACCEPT = b"Sec-WebSocket-Accept"
__all__ = [
    "Chip",
    "HeadRow",
    "RowKind",
    "ending_name",
    "gaps_told",
    "head_bytes",
    "row_at",
    "rows_of_draft",
    "rows_of_request",
    "rows_of_response",
    "rows_within",
    "secrets_in",
    "separator_name",
    "shown_bytes",
]

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
        rows.append(_tail_row(draft.tail, end, _is_third_key(draft.to_bytes()), draft.tail_generated))
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
        if name == EXTENSIONS.lower():
            chips = (*offer_chips(row.value), *chips)
        rows.append(replace(row, chips=chips, marked=is_version))
    drawn = THIRD_KEY.encode("ascii") in generated
    for row in _ending_rows(head, data):
        third = row.kind is RowKind.TAIL and _is_third_key(data)
        rows.append(_tail_row(row.value, head.span.end, third, drawn) if third else row)
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
    signed = _signatures(response)
    for row in _header_rows(head, revealed):
        name = row.name.strip(OWS).lower()
        chips = _hidden_chips(row.value, row.hidden)
        if row.span in signed:
            tip = translate("heads", "{0} signs so").format(signed[row.span])
            chips = (Chip(translate("heads", "who answered"), "note", tip), *chips)
        if name == VERSION.lower():
            chips = (*_offer_chips(response, row.value, sent.values(VERSION)), *chips)
        elif name == ACCEPT.lower() and response.status == 101:
            chips = (_accept_chip(row.value, sent.values(KEY)), *chips)
        elif name == EXTENSIONS.lower() and response.status == 101:
            chips = (*answer_chips(row.value, sent.values(EXTENSIONS)), *chips)
        chips = (*chips, *_anomaly_chips(response, row.span))
        rows.append(replace(row, chips=chips, marked=name == VERSION.lower()))
    if head.terminator not in (b"\r\n", b""):
        rows += _ending_rows(head, b"")
    if response.status == 101 and response.body:
        rows.append(_digest_row(response, request))
    return tuple(rows)


def secrets_in(rows: Sequence[HeadRow]) -> tuple[tuple[int, int], ...]:
    """The masked stretches of all rows as offsets of the bytes they came from."""
    found = []
    for row in rows:
        if row.span is not None:
            start = row.span.start + row.value_start
            found += [(start + span.start, start + span.end) for span in row.hidden]
    return tuple(found)


def with_left_out(rows: Sequence[HeadRow], gone: Sequence[Span]) -> tuple[HeadRow, ...]:
    """``rows`` of a copy made to share; ``gone``: offsets whose bytes it does not hold.

    They are shown as left out, with their length, and nothing reveals them.
    """
    return tuple(_row_left_out(row, gone) for row in rows) if gone else tuple(rows)


def gaps_told(rows: Sequence[HeadRow]) -> str:
    """One sentence on what the bytes of ``rows`` lack, each row with its length; empty where nothing.

    For the views that show bytes one by one, where a gap is dots and tells no length.
    """
    gaps = []
    for row in rows:
        if row.gone:
            size = translate("heads", "%n byte(s)", "", sum(len(span) for span in row.hidden))
            name = row.shown_name or translate("heads", "the first line")
            gaps.append(translate("heads", "{0}, {1}").format(name, size))
    if not gaps:
        return ""
    return translate("heads", "Left out of this copy, shown as {0}: {1}.").format(MASK, "; ".join(gaps))


def _row_left_out(row: HeadRow, gone: Sequence[Span]) -> HeadRow:
    if row.span is None:
        return row
    start = row.span.start + row.value_start
    end = start + len(row.value)
    spans = tuple(
        Span(max(each.start, start) - start, min(each.end, end) - start)
        for each in gone
        if each.start < end and start < each.end
    )
    if not spans:
        return row
    text = translate("heads", "left out, %n byte(s)", "", sum(len(span) for span in spans))
    tip = translate("heads", "This copy was made without it: nothing here can show it")
    chip = Chip(text, "note", tip, short=translate("heads", "left out"))
    hiding = _hidden_chips(row.value, row.hidden)
    made = replace(
        row, hidden=spans, gone=True, chips=(chip, *(each for each in row.chips if each not in hiding))
    )
    return replace(made, parts=_request_parts(made)) if row.parts and not row.name else made


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
    if line.is_named(EXTENSIONS):
        chips = (*offer_chips(line.value), *chips)
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


def _is_third_key(request: bytes) -> bool:
    """Whether bytes behind the head are the third key of hixie-76 to hybi-03."""
    return dialect_called(spoken_for(request)).challenge is Challenge.KEYS


def _tail_row(tail: bytes, at: int, third_key: bool = False, drawn: bool = False) -> HeadRow:
    label = translate("heads", "third key") if third_key else ""
    chips = (_generated_chip(),) if drawn else ()
    return HeadRow(RowKind.TAIL, -1, b"", b"", tail, b"", Span(at, at + len(tail)), chips=chips, label=label)


def _digest_row(response: Response, request: bytes) -> HeadRow:
    """The proof that stands behind an old draft's 101."""
    found = calculate(request, response)
    chips: tuple[Chip, ...] = ()
    if found is not None and found.right is not None:
        text = (
            translate("heads", "as computed") if found.right else translate("heads", "not what the keys give")
        )
        chips = (Chip(text, "muted" if found.right else "fault"),)
    label = translate("heads", "digest")
    return HeadRow(
        RowKind.TAIL, -1, b"", b"", response.body, b"", response.body_span, chips=chips, label=label
    )


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
        if len(members) == len(sent) == 1:
            return (Chip(translate("heads", "the version you sent")),)
        return (Chip(translate("heads", "holds a version you sent")),)
    return (Chip(translate("heads", "offered instead")),)


def _signatures(response: Response) -> dict[Span | None, str]:
    """The lines by which whoever answered signed a refusal; in a 101 nobody asks."""
    if response.status == 101:
        return {}
    spoke = who_answered(response)
    return {each.quote.subject.span: each.name for each in spoke if each.quote is not None}


def _anomaly_chips(response: Response, span: Span | None) -> tuple[Chip, ...]:
    """What is odd about the bytes of one row, each kind once."""
    if span is None:
        return ()
    codes = dict.fromkeys(
        seen.code
        for seen in response.anomalies
        if span.start <= seen.span.start < span.end and seen.code in HEAD_ANOMALY_NAMES
    )
    return tuple(Chip(translate("heads", HEAD_ANOMALY_NAMES[code]), "note") for code in codes)


def _accept_chip(value: bytes, keys: Sequence[bytes]) -> Chip:
    if not keys:
        return Chip(translate("heads", "no key was sent"))
    expected = accept_for(keys[0])
    tip = translate("heads", "base64 of the SHA-1 of key and GUID")
    if value.strip(OWS + b"\r\n") == expected:
        return Chip(translate("heads", "as computed"), "muted", tip, translate("heads", "fits"))
    return Chip(translate("heads", "not what the key gives"), "fault", tip, translate("heads", "wrong"))
