"""The value of a header taken apart: tokens, parameters, numbers, keys, down to what each says."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from wsinspector.learn.covering import BLANK, Covering
from wsinspector.learn.header_table import Value
from wsinspector.learn.headers import member_called, value_form
from wsinspector.learn.key_steps import accept_works, base64_works, number_works
from wsinspector.learn.pieces import Piece, Reads
from wsinspector.learn.value_texts import (
    comma,
    equals,
    host_said,
    key_padding,
    key_said,
    member_said,
    numbered_said,
    origin_said,
    parameter_said,
    scheme_said,
    semicolon,
    version_said,
)
from wsinspector.protocol.http import split_unquoted
from wsinspector.translate import translate

_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a value is told beside: the request as sent, and the answer's proof where this is the answer.

    ``answering``: the line stands in an answer. ``came``: the answer's head and body, for its proof.
    """

    request: bytes = b""
    answering: bool = False
    dialect: str = "rfc6455"


def value_pieces(name: bytes, value: bytes, start: int, reads: Reads, asked: Asked) -> tuple[Piece, ...]:
    """The parts of ``value``, whose first byte stands at ``start`` of its stream; they cover it."""
    cover = Covering(value, start, reads)
    form = value_form(name)
    if form is Value.LIST and name.strip(BLANK).lower() == b"sec-websocket-protocol" and _spaced(asked):
        form = Value.WORDS
    _DIVIDES[form](_Line(cover, name.strip(BLANK).lower(), value, asked))
    return cover.done()


def _spaced(asked: Asked) -> bool:
    """Whether subprotocols stand between blanks, as in hixie-76 to draft 03."""
    return asked.dialect in ("hixie-76", "hybi-01", "hybi-02", "hybi-03")


@dataclass(frozen=True, slots=True)
class _Line:
    cover: Covering
    name: bytes
    value: bytes
    asked: Asked


def _trim(value: bytes, start: int, end: int) -> tuple[int, int]:
    """The stretch without blanks at its edges."""
    text = value[start:end]
    begin = start + len(text) - len(text.lstrip(BLANK))
    return begin, max(begin, start + len(text.rstrip(BLANK)))


def _split(value: bytes, start: int, end: int, separator: bytes) -> list[tuple[int, int]]:
    """Stretches between separators outside quotation marks; each is followed by one but the last."""
    found, at = [], start
    for part in split_unquoted(value[start:end], separator[0]):
        found.append((at, at + len(part)))
        at += len(part) + 1
    return found


def _whole(line: _Line) -> None:
    """The value, or its stretches between the folds, which are filled in."""
    at = 0
    for fold in _FOLD.finditer(line.value):
        _stretch(line, at, fold.start())
        at = fold.end()
    _stretch(line, at, len(line.value))


def _stretch(line: _Line, start: int, end: int) -> None:
    begin, stop = _trim(line.value, start, end)
    line.cover.add(
        translate("Explain", "value"),
        begin,
        stop,
        member_said(line.name, line.value[begin:stop], dialect=line.asked.dialect),
    )


def _list(line: _Line, each: "Callable[[_Line, int, int], None] | None" = None) -> None:
    for begin, end in _split(line.value, 0, len(line.value), b","):
        first, last = _trim(line.value, begin, end)
        if each is not None:
            each(line, first, last)
        else:
            said = member_said(
                line.name,
                line.value[first:last],
                answering=line.asked.answering,
                dialect=line.asked.dialect,
            )
            line.cover.add(member_called(line.name), first, last, said)
        if end < len(line.value):
            line.cover.add(translate("Explain", "comma"), end, end + 1, comma())
        if line.cover.full:
            return


def _with_parameters(line: _Line) -> None:
    _list(line, _one_with_parameters)


def _one_with_parameters(line: _Line, start: int, end: int) -> None:
    stretches = _split(line.value, start, end, b";")
    first, last = _trim(line.value, *stretches[0])
    head = line.value[first:last]
    line.cover.add(
        member_called(line.name), first, last, member_said(line.name, head, answering=line.asked.answering)
    )
    for before, after in itertools.pairwise(stretches):
        line.cover.add(translate("Explain", "semicolon"), before[1], after[0], semicolon())
        _pair(line, *_trim(line.value, *after), of=head)


def _pair(line: _Line, start: int, end: int, of: bytes = b"") -> None:
    """A name, an equals sign and a value."""
    at = line.value.find(b"=", start, end)
    stop = end if at < 0 else at
    first, last = _trim(line.value, start, stop)
    said, value_said = parameter_said(line.name, of, line.value[first:last], answering=line.asked.answering)
    line.cover.add(translate("Explain", "name"), first, last, said)
    if at >= 0:
        line.cover.add(translate("Explain", "equals sign"), at, at + 1, equals())
        line.cover.add(translate("Explain", "value"), *_trim(line.value, at + 1, end), value_said)


def _pairs(line: _Line) -> None:
    stretches = _split(line.value, 0, len(line.value), b";")
    for place, (begin, end) in enumerate(stretches):
        _pair(line, *_trim(line.value, begin, end))
        if place + 1 < len(stretches):
            line.cover.add(translate("Explain", "semicolon"), end, end + 1, semicolon())


def _words(line: _Line) -> None:
    at = 0
    while at < len(line.value) and not line.cover.full:
        first, _ = _trim(line.value, at, len(line.value))
        last = first
        while last < len(line.value) and line.value[last] not in BLANK:
            last += 1
        word = line.value[first:last]
        line.cover.add(member_called(line.name), first, last, member_said(line.name, word))
        at = max(last, at + 1)


def _host(line: _Line) -> None:
    _authority(line, *_trim(line.value, 0, len(line.value)))


def _authority(line: _Line, first: int, last: int) -> None:
    colon = line.value.rfind(b":", first, last)
    if colon < line.value.rfind(b"]", first, last):  # an IPv6 address
        colon = -1
    host, mark, port = host_said()
    stop = last if colon < 0 else colon
    line.cover.add(translate("Explain", "host"), first, stop, host)
    if colon >= 0:
        line.cover.add(translate("Explain", "colon"), colon, colon + 1, mark)
        line.cover.add(translate("Explain", "port"), colon + 1, last, port)


def _origin(line: _Line) -> None:
    first, last = _trim(line.value, 0, len(line.value))
    at = line.value.find(b"://", first, last)
    scheme, mark, opaque = origin_said()
    if at < 0:
        line.cover.add(translate("Explain", "origin"), first, last, opaque)
        return
    line.cover.add(translate("Explain", "scheme"), first, at, scheme)
    line.cover.add("://", at, at + 3, mark)
    _authority(line, at + 3, last)


def _version(line: _Line) -> None:
    if line.asked.answering:
        _list(line, _one_version)
    else:
        _one_version(line, *_trim(line.value, 0, len(line.value)))


def _one_version(line: _Line, start: int, end: int) -> None:
    said, meaning = version_said(line.value[start:end], answering=line.asked.answering)
    line.cover.add(translate("Explain", "version"), start, end, said, meaning)


def _key(line: _Line) -> None:
    first, last = _trim(line.value, 0, len(line.value))
    text = line.value[first:last]
    stop = first + len(text.rstrip(b"="))
    said = key_said(line.name)
    line.cover.add(translate("Explain", "base64 text"), first, stop, said, works=base64_works(text))
    line.cover.add(translate("Explain", "padding"), stop, last, key_padding())


def _accept(line: _Line) -> None:
    first, last = _trim(line.value, 0, len(line.value))
    text = line.value[first:last]
    stop = first + len(text.rstrip(b"="))
    works = accept_works(line.asked.request, text)
    line.cover.add(translate("Explain", "base64 text"), first, stop, key_said(line.name), works=works)
    line.cover.add(translate("Explain", "padding"), stop, last, key_padding())


def _numbered(line: _Line) -> None:
    """Runs of digits, of spaces and of characters that only confuse."""
    first, last = _trim(line.value, 0, len(line.value))
    works = number_works(line.value[first:last])
    at = first
    while at < last and not line.cover.full:
        kind = _kind(line.value[at])
        end = at + 1
        while end < last and _kind(line.value[end]) == kind:
            end += 1
        name, said = numbered_said(kind)
        line.cover.add(name, at, end, said, works=works if kind == "digit" else None)
        at = end


def _kind(byte: int) -> str:
    if 0x30 <= byte <= 0x39:
        return "digit"
    return "space" if byte == 0x20 else "stray"


def _scheme(line: _Line) -> None:
    first, last = _trim(line.value, 0, len(line.value))
    stop = first
    while stop < last and line.value[stop] not in BLANK:
        stop += 1
    scheme, rest = scheme_said()
    if stop == last:
        line.cover.add(translate("Explain", "value"), first, last, rest)
        return
    line.cover.add(translate("Explain", "scheme"), first, stop, scheme)
    line.cover.add(translate("Explain", "credentials"), *_trim(line.value, stop, last), rest)


_DIVIDES: dict[Value, Callable[[_Line], None]] = {
    Value.WHOLE: _whole,
    Value.LIST: _list,
    Value.PARAMETERS: _with_parameters,
    Value.SEMICOLONS: _pairs,
    Value.WORDS: _words,
    Value.HOST: _host,
    Value.ORIGIN: _origin,
    Value.VERSION: _version,
    Value.KEY: _key,
    Value.ACCEPT: _accept,
    Value.NUMBERED_KEY: _numbered,
    Value.SCHEME: _scheme,
}
