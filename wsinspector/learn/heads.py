"""A request's or an answer's head as pieces: start line, header lines, blank line, to the last byte."""

from collections.abc import Callable
from dataclasses import dataclass

from wsinspector.learn.byte_pieces import bytes_within, text_piece
from wsinspector.learn.covering import BLANK, Covering
from wsinspector.learn.head_texts import (
    blank_line,
    colon,
    header_name,
    leading_lines,
    line_end,
    method_said,
    no_colon,
    reason_said,
    request_line,
    space_between,
    status_line,
    status_said,
    target_said,
    value_said,
    version_of_http,
)
from wsinspector.learn.header_values import Asked, value_pieces
from wsinspector.learn.headers import told_of
from wsinspector.learn.pieces import Piece, Reads, Said, piece
from wsinspector.protocol.dialects import Challenge, dialect_called
from wsinspector.protocol.head_anomalies import status_parts
from wsinspector.protocol.head_reader import request_parts
from wsinspector.protocol.http import Head, HeadLine
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate

GROUP = 500
"""Header lines that are told under one heading where a head has more than a few hundred."""


@dataclass(frozen=True, slots=True)
class HeadToTell:
    """A head and where its stream is read. ``begin``: the first byte of it, blank lines in front included."""

    head: Head
    begin: int
    reads: Reads
    asked: Asked


def head_pieces(what: HeadToTell) -> tuple[Piece, ...]:
    """The pieces of a head, in order; they cover it from ``begin`` to its end."""
    head, reads = what.head, what.reads
    pieces: list[Piece] = []
    start = head.span.start
    if what.begin < start:
        said = leading_lines()
        name = translate("Explain", "blank lines in front")
        pieces.append(text_piece(reads, name, Span(what.begin, start), said))
    at = start + len(head.start_line) + len(head.start_ending)
    if at > start:
        pieces.append(_start_line(what))
    lines = head.lines
    if len(lines) <= GROUP:
        pieces += [_line(what, line) for line in lines]
    else:
        pieces += [_group(what, first, lines[first : first + GROUP]) for first in range(0, len(lines), GROUP)]
    if lines:
        at = lines[-1].span.end
    end = at + len(head.terminator)
    if head.terminator:
        name = translate("Explain", "blank line")
        keys = dialect_called(what.asked.dialect).challenge is Challenge.KEYS
        said = blank_line(answering=what.asked.answering, keys=keys)
        pieces.append(text_piece(reads, name, Span(at, end), said))
    if end < head.span.end:
        said = Said(translate("Explain", "What has come of the next line."))
        pieces.append(text_piece(reads, translate("Explain", "unfinished"), Span(end, head.span.end), said))
    return tuple(pieces)


def _group(what: HeadToTell, first: int, lines: tuple[HeadLine, ...]) -> Piece:
    name = translate("Explain", "header lines {first} to {last}").format(
        first=first + 1, last=first + len(lines)
    )
    said = Said(
        translate("Explain", "So many header lines that they are told in groups."),
        otherwise=translate("Explain", "A server may refuse a head that is too large, with 431."),
        clause="RFC 6585 §5",
    )
    inner: Callable[[], tuple[Piece, ...]] = lambda: tuple(_line(what, line) for line in lines)  # noqa: E731
    return piece(name, lines[0].span.start, lines[-1].span.end, said, opens=inner)


def _ending(cover: Covering, text: bytes, ending: bytes) -> None:
    if ending:
        name = "CR LF" if ending == b"\r\n" else "LF"
        cover.add(name, len(text), len(text) + len(ending), line_end(ending))


def _start_line(what: HeadToTell) -> Piece:
    head = what.head
    start, line = head.span.start, head.start_line
    end = start + len(line) + len(head.start_ending)
    answering = what.asked.answering

    def opens() -> tuple[Piece, ...]:
        cover = Covering(line + head.start_ending, start, what.reads)
        (_of_answer if answering else _of_request)(cover, head)
        _ending(cover, line, head.start_ending)
        return cover.done()

    name = translate("Explain", "status line") if answering else translate("Explain", "request line")
    return piece(name, start, end, status_line() if answering else request_line(), opens=opens)


def _of_request(cover: Covering, head: Head) -> None:
    line, parts = head.start_line, request_parts(head)
    begin = line.find(parts.method) if parts.method else 0
    stop = begin + len(parts.method)
    cover.add(translate("Explain", "method"), begin, stop, method_said(parts.method))
    target = line.find(parts.target, stop) if parts.target else -1
    if target >= 0:
        _space(cover, line, stop, target)
        cover.add(
            translate("Explain", "target"), target, target + len(parts.target), target_said(parts.target)
        )
        stop = target + len(parts.target)
    version = line.rfind(parts.version) if parts.version else -1
    if version >= stop:
        _space(cover, line, stop, version)
        said = version_of_http(parts.version)
        cover.add(translate("Explain", "HTTP version"), version, version + len(parts.version), said)


def _of_answer(cover: Covering, head: Head) -> None:
    line = head.start_line
    version, status, reason = status_parts(line)
    begin = line.find(version) if version else 0
    stop = begin + len(version)
    cover.add(translate("Explain", "HTTP version"), begin, stop, version_of_http(version))
    if status is None:
        return
    number = line.find(b"%03d" % status, stop)
    _space(cover, line, stop, number, answering=True)
    said, meaning = status_said(status)
    cover.add(translate("Explain", "status"), number, number + 3, said, meaning)
    text = len(line) - len(reason)
    if reason:
        _space(cover, line, number + 3, text, answering=True)
        cover.add(translate("Explain", "reason"), text, len(line), reason_said())


def _space(cover: Covering, line: bytes, start: int, end: int, *, answering: bool = False) -> None:
    if 0 <= start < end and not line[start:end].strip(BLANK):
        cover.add(translate("Explain", "space"), start, end, space_between(answering=answering))


def _line(what: HeadToTell, line: HeadLine) -> Piece:
    name = line.name.strip(BLANK).decode("latin-1")[:80] or translate("Explain", "line without a name")
    answering = what.asked.answering
    said = told_of(line.name) if line.well_formed else no_colon(answering=answering)
    start = line.span.start
    data = line.name + line.between + line.value

    def opens() -> tuple[Piece, ...]:
        cover = Covering(data + line.ending, start, what.reads)
        if not line.well_formed:
            cover.add(translate("Explain", "text"), 0, len(data), no_colon(answering=answering))
        else:
            begin, end = len(line.name), len(line.name) + len(line.between)
            cover.add(translate("Explain", "name"), 0, begin, header_name())
            mark = begin + line.between.find(b":")
            cover.add(translate("Explain", "colon"), mark, mark + 1, colon(answering=answering))
            stop = end + len(line.value)
            if line.value:
                inner = lambda: value_pieces(line.name, line.value, start + end, what.reads, what.asked)  # noqa: E731
                cover.add(translate("Explain", "value"), end, stop, value_said(), opens=inner)
        _ending(cover, data, line.ending)
        return cover.done()

    return piece(name, start, line.span.end, said, opens=opens)


def no_head(reads: Reads, start: int, end: int) -> tuple[Piece, ...]:
    """Bytes that are no HTTP at all."""
    if start >= end:
        return ()
    said = Said(
        translate("Explain", "These bytes are no HTTP."),
        translate("Explain", "Something other than a web server answers on this port, or TLS was left out."),
        translate("Explain", "A client cannot read them and ends the connection."),
        "RFC 9112 §2.1",
    )
    return (piece(translate("Explain", "no HTTP"), start, end, said, opens=bytes_within(reads, start, end)),)
