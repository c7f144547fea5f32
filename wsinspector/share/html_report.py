"""An attempt as one page for other people: what was asked, what came, what the rules say, the frames."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from wsinspector import __version__
from wsinspector.capture import GapRow
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind
from wsinspector.present.handshake_texts import response_facts, tls_rows
from wsinspector.present.numbers import clock, count, duration, milliseconds, size
from wsinspector.present.secrets import secret_spans
from wsinspector.present.verdict_rows import VerdictLines, VerdictRow, verdict_lines
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import BodyFraming, Head
from wsinspector.protocol.spans import Direction, Role, Span
from wsinspector.share.html_frames import frames_section
from wsinspector.share.html_page import END, beginning, columns, facts_table, text
from wsinspector.share.leaving import Leaving
from wsinspector.share.left_out import Piece, Secret
from wsinspector.translate import translate

BODY_SHOWN = 4000
"""Bytes of a body, or of what follows a request's head."""

MOST_LINES = 500
"""Lines of one head."""

_TONES = ("fault", "note", "ok")
_HOW = {
    EndKind.CLOSE_FRAME: "closing handshake",
    EndKind.FIN: "FIN",
    EndKind.RST: "RST",
    EndKind.CANCELLED: "cancelled",
    EndKind.TIMEOUT: "time-out",
    EndKind.RESPONSE_DONE: "the answer was read to its end",
    EndKind.FAILED: "failed",
}
_WHO = {EndedBy.PEER: "by the peer", EndedBy.US: "by us", EndedBy.NETWORK: "by the network"}
_CRLF = b"\r\n"


def write_html(stream: BinaryIO, leaving: Leaving) -> None:
    """The page, written piece by piece."""
    for line in page(leaving):
        stream.write(line.encode("utf-8", "replace") + b"\n")


def page(leaving: Leaving) -> Iterator[str]:
    """The page's lines."""
    snapshot = leaving.snapshot
    title = leaving.title or leaving.url or translate("HtmlReport", "A conversation")
    yield beginning(f"{title} · {translate('HtmlReport', 'attempt')} {snapshot.number}")
    yield f"<h1>{text(title)}</h1>"
    yield f"<p><strong>{text(leaving.answer)}</strong></p>"
    yield facts_table(translate("HtmlReport", "About this attempt"), _facts(leaving))
    lines = verdict_lines(snapshot)
    yield from _verdict(leaving, lines)
    yield from _handshake(leaving, lines)
    yield from frames_section(leaving)
    yield from _left_out(leaving)
    yield END


def _facts(leaving: Leaving) -> Iterator[tuple[str, str]]:
    snapshot = leaving.snapshot
    yield translate("HtmlReport", "Address"), leaving.url
    if snapshot.role is Role.SERVER:
        yield translate("HtmlReport", "Client"), snapshot.client or translate("HtmlReport", "not known")
        yield (
            translate("HtmlReport", "Reached us at"),
            snapshot.dialled or translate("HtmlReport", "not known"),
        )
    else:
        yield translate("HtmlReport", "Dialled"), snapshot.dialled or translate("HtmlReport", "nothing")
    others = [each for each in snapshot.addresses if each != snapshot.dialled]
    if others:
        yield translate("HtmlReport", "Also found"), ", ".join(others[:20])
    yield translate("HtmlReport", "Begun"), clock(snapshot.wall_ns, date=True)
    times = snapshot.timings
    steps = (
        (translate("HtmlReport", "look-up"), times.lookup),
        ("TCP", times.tcp),
        ("TLS", times.tls),
        (translate("HtmlReport", "first byte"), times.first_byte),
    )
    taken = ", ".join(f"{name} {milliseconds(value)}" for name, value in steps if value is not None)
    if taken:
        yield translate("HtmlReport", "Taken"), taken
    if snapshot.tls is not None:
        for name, value in tls_rows(snapshot.tls):
            yield f"TLS · {name}", value
    if snapshot.opened_at is not None:
        yield translate("HtmlReport", "Frames read as"), snapshot.agreed.dialect
        if snapshot.subprotocol:
            yield (
                translate("HtmlReport", "Subprotocol"),
                leaving.secrets.sentence(snapshot.subprotocol, translate("HtmlReport", "the answer")),
            )
        if snapshot.extensions:
            yield translate("HtmlReport", "Extensions"), ", ".join(snapshot.extensions)
    travelled = translate("HtmlReport", "{0} received, {1} sent").format(
        count(snapshot.bytes_in), count(snapshot.bytes_out)
    )
    untold = translate("HtmlReport", "not known: the file that was imported does not tell")
    yield translate("HtmlReport", "Bytes"), untold if leaving.composed else travelled
    ended = untold if leaving.composed and snapshot.end is None else _ended(leaving, snapshot)
    yield translate("HtmlReport", "Ended"), ended
    yield translate("HtmlReport", "Written by"), f"wsinspector {__version__}"


def _ended(leaving: Leaving, snapshot: AttemptSnapshot) -> str:
    end = snapshot.end
    if end is None:
        return translate("HtmlReport", "not yet, when this was written")
    if not end.kept:
        return translate("HtmlReport", "no end was kept")
    parts = [translate("HtmlReport", _HOW[end.kind]), translate("HtmlReport", _WHO[end.by])]
    if snapshot.opened_at is not None:
        for name, code in (
            (translate("HtmlReport", "code sent"), end.sent_code),
            (translate("HtmlReport", "code received"), end.received_code),
        ):
            parts.append(f"{name}: {code if code is not None else translate('HtmlReport', 'none')}")
    for words in (end.reason, end.text):
        if words:
            parts.append(f"“{leaving.secrets.sentence(words, translate('HtmlReport', 'the end'))}”")
    parts.append(translate("HtmlReport", "after {0}").format(duration(end.age)))
    return ", ".join(parts)


# -- the verdict


def _verdict(leaving: Leaving, lines: VerdictLines) -> Iterator[str]:
    yield f"<h2>{text(translate('HtmlReport', 'Verdict'))}</h2>"
    if lines.empty:
        yield f'<p class="muted">{text(lines.empty)}</p>'
        return
    if lines.rows:
        yield "<ol>"
        for number, row in enumerate(lines.rows, 1):
            yield f'<li id="finding-{number}">{_judged(leaving, row)}</li>'
        yield "</ol>"
    else:
        yield f"<p>{text(translate('HtmlReport', 'Nothing was found.'))}</p>"
    if lines.passed:
        passed = translate("HtmlReport", "%n check(s) passed", "", len(lines.passed))
        yield f"<details><summary>{text(passed)}</summary><ul>"
        yield from (f"<li>{_judged(leaving, row)}</li>" for row in lines.passed)
        yield "</ul></details>"


def _judged(leaving: Leaving, row: VerdictRow) -> str:
    said = text(leaving.secrets.sentence(row.text, translate("HtmlReport", "the verdict")))
    why = text(leaving.secrets.sentence(row.why, translate("HtmlReport", "the verdict")))
    more = f'<br><span class="muted">{why}</span>' if why else ""
    return f'{_mark(row)} {said} <span class="muted">{text(row.clause)}</span>{more}'


def _mark(row: VerdictRow) -> str:
    tone = row.tone if row.tone in _TONES else "muted"
    return f'<span class="mark {tone}">{text(row.mark)}</span>' if row.mark else ""


# -- the handshake


def _handshake(leaving: Leaving, lines: VerdictLines) -> Iterator[str]:
    snapshot = leaving.snapshot
    yield f"<h2>{text(translate('HtmlReport', 'Handshake'))}</h2>"
    if not snapshot.request:
        yield f'<p class="muted">{text(translate("HtmlReport", "No request."))}</p>'
    else:
        head = parse_request(snapshot.request)
        unsent = "" if snapshot.request_at is not None else translate("HtmlReport", " (never sent)")
        yield from _head(
            leaving,
            lines,
            head,
            translate("HtmlReport", "Request") + unsent,
            "request",
            translate("HtmlReport", "the request"),
        )
        tail = snapshot.request[head.span.end :]
        if tail:
            behind = translate("HtmlReport", "{0} behind the head:").format(size(len(tail)))
            yield f'<p class="muted">{text(behind)}</p>'
        yield from _rest(leaving, tail, translate("HtmlReport", "the request"))
    for response in snapshot.interim:
        yield from _head(
            leaving,
            lines,
            response.head,
            translate("HtmlReport", "Interim response"),
            "interim",
            translate("HtmlReport", "the answer"),
        )
    final = snapshot.response
    if final is None:
        words = snapshot.network_error or translate("HtmlReport", "No byte of an answer came.")
        yield f"<h3>{text(translate('HtmlReport', 'Response'))}</h3>"
        yield f"<p>{text(leaving.secrets.sentence(words, translate('HtmlReport', 'the end')))}</p>"
        return
    yield from _head(
        leaving,
        lines,
        final.head,
        translate("HtmlReport", "Response"),
        "response",
        translate("HtmlReport", "the answer"),
    )
    for fact in response_facts(snapshot):
        told = leaving.secrets.sentence(fact.text, translate("HtmlReport", "the answer"))
        yield f'<p class="muted">{text(told)}</p>'
    if final.body and final.framing is not BodyFraming.NONE:
        yield from _rest(leaving, final.body, translate("HtmlReport", "the answer"))


def _head(
    leaving: Leaving, lines: VerdictLines, head: Head, title: str, side: str, where: str
) -> Iterator[str]:
    yield f'<h3 id="{side}">{text(title)}</h3>'
    if not head.start_line and not head.lines:
        yield f'<p class="muted">{text(translate("HtmlReport", "No head that could be read as lines."))}</p>'
        return
    yield f'<div class="scroll"><table class="wire" aria-label="{text(title)}">'
    yield columns(
        (
            (translate("HtmlReport", "Line"), "number"),
            (translate("HtmlReport", "Findings"), "tight"),
            (translate("HtmlReport", "As it travelled"), "text"),
        )
    )
    yield "<tbody>"
    start = Span(head.span.start, head.span.start + len(head.start_line) + len(head.start_ending))
    rows: list[tuple[Span, bytes, int, bytes, bytes]] = [(start, b"", 0, head.start_line, head.start_ending)]
    for line in head.lines[:MOST_LINES]:
        begin = line.name + line.between
        rows.append((line.span, line.name.strip(b" \t"), len(begin), begin + line.value, line.ending))
    for number, (span, name, ahead, data, ending) in enumerate(rows, 1):
        label = name.decode("latin-1") or translate("HtmlReport", "the address")
        spans = [
            (each.shifted(ahead), f"{label} {translate('HtmlReport', 'of')} {where}")
            for each in secret_spans(name.lower(), data[ahead:])
        ]
        shown = _pieces(leaving.secrets.pieces(data, spans, where))
        odd = "" if ending == _CRLF else f'<span class="note">{text(ending.decode("latin-1"))}</span>'
        marks = _marks_at(lines, side, span)
        yield (
            f'<tr><th scope="row" class="number">{number}</th><td class="tight">{marks}</td>'
            f'<td class="text"><bdi>{shown}</bdi>{odd}</td></tr>'
        )
    yield "</tbody></table></div>"
    if len(head.lines) > MOST_LINES:
        more = translate(
            "HtmlReport", "%n more line(s) (was|were) left out.", "", len(head.lines) - MOST_LINES
        )
        yield f'<p class="muted">{text(more)}</p>'


def _gone(piece: Secret) -> str:
    return translate("HtmlReport", "%n byte(s) left out", "", len(piece))


def _pieces(pieces: Iterable[Piece]) -> str:
    return "".join(
        f'<span class="gone">‹{text(_gone(piece))}›</span>'
        if isinstance(piece, Secret)
        else text(piece.decode("latin-1"))
        for piece in pieces
    )


def _marks_at(lines: VerdictLines, side: str, span: Span) -> str:
    """Links to what the verdict says of these bytes."""
    found = []
    for number, row in enumerate(lines.rows, 1):
        for subject in row.subjects:
            low, high = subject.span.start, max(subject.span.end, subject.span.start + 1)
            if subject.side == side and low < span.end and high > span.start:
                found.append(f'<a href="#finding-{number}">{_mark(row)} {number}</a>')
                break
    return " ".join(found)


def _rest(leaving: Leaving, data: bytes, where: str) -> Iterator[str]:
    """The bytes behind a head."""
    if not data:
        return
    kept = b"".join(leaving.secrets.stream(_cut(data), where))
    yield f"<pre><bdi>{text(_readable(kept[:BODY_SHOWN]), lines=True)}</bdi></pre>"
    if len(data) > BODY_SHOWN:
        more = translate("HtmlReport", "Shown are the first {0}.").format(size(BODY_SHOWN))
        yield f'<p class="muted">{text(more)}</p>'


def _cut(data: bytes) -> Sequence[bytes]:
    # A value that lies across the end of what is shown is still known by its whole.
    return (data[: BODY_SHOWN + 65536],)


def _readable(data: bytes) -> str:
    shown = data.decode("utf-8", "replace")
    if shown.count("�") * 10 > len(shown):
        return data[: BODY_SHOWN // 4].hex(" ")
    return data.decode("utf-8", "backslashreplace")


# -- what did not leave


def _left_out(leaving: Leaving) -> Iterator[str]:
    yield f"<h2>{text(translate('HtmlReport', 'What was left out'))}</h2>"
    lines = [each.text for each in leaving.left_out]
    gaps = [_gap(gap) for gap in itertools.islice(leaving.gaps, 100)]
    if leaving.secrets.keep:
        told = translate("HtmlReport", "This page was written with its secrets.")
        yield f'<p class="note">{text(told)}</p>'
    elif not lines:
        yield f"<p>{text(translate('HtmlReport', 'Nothing was left out as secret.'))}</p>"
    if lines:
        yield f"<p>{text(translate('HtmlReport', 'Left out as secret:'))}</p><ul>"
        yield from (f"<li>{text(line)}</li>" for line in lines)
        yield "</ul>"
    if gaps:
        yield f"<p>{text(translate('HtmlReport', 'Not in the capture:'))}</p><ul>"
        yield from (f"<li>{text(line)}</li>" for line in gaps)
        yield "</ul>"


def _gap(gap: GapRow) -> str:
    side = ""
    if gap.direction is not None:
        side = (
            translate("HtmlReport", " sent")
            if gap.direction is Direction.OUT
            else translate("HtmlReport", " received")
        )
    return f"{gap.kind} {count(gap.start)} – {count(gap.stop - 1)}{side}: {gap.reason}"
