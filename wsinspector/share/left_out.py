"""What stays behind when something leaves: secrets by their place, and wherever their values stand again."""

import base64
import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from wsinspector.present.plain import visible
from wsinspector.present.secrets import SHORTEST, secret_spans, without_secret
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Head
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate

FILL = b"*"
"""Stands for each byte of a secret where every length has to stay. It may stand in a header's value, a
cookie, a subprotocol's name, a query and an address alike, so that what is left is still well-formed."""

_COOKIE_VALUES = re.compile(rb"=\s*\"?([^;\"\s]+)")


@dataclass(frozen=True, slots=True)
class Secret:
    """One value. ``name``: ``SECRET_1`` and so on, the same wherever the value stands.

    ``form``: it is not as it was sent, but another value written otherwise.
    """

    name: str
    value: bytes = field(repr=False)
    form: bool = False

    def __len__(self) -> int:
        return len(self.value)

    @property
    def mark(self) -> bytes:
        """Stands for the value where lengths may change; as well-formed everywhere as :data:`FILL`."""
        return b"left-out-%d-bytes" % len(self.value)

    @property
    def fill(self) -> bytes:
        return FILL * len(self.value)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One line of the list: ``name`` stood at ``where``, ``times`` over, ``length`` bytes each.

    Of a message that was left out ``whole``, ``length`` is of its payload and ``name`` may be several.
    ``removed`` is False where something leaves that could not be searched; ``name`` is empty then.
    """

    name: str
    where: str
    length: int
    times: int = 1
    removed: bool = True
    whole: bool = False

    @property
    def text(self) -> str:
        """As a person reads it."""
        size = (
            translate("LeftOut", "1 byte")
            if self.length == 1
            else translate("LeftOut", "{0} bytes").format(self.length)
        )
        often = translate("LeftOut", ", {0} times").format(self.times) if self.times > 1 else ""
        if not self.removed:
            told = translate("LeftOut", "{0}: {1}, not searched for secrets")
            return told.format(self.where, size)
        return f"{self.where}: {size} ({self.name}{often})"


Piece = bytes | Secret
"""What data is cut into: what leaves, and what does not."""


class Secrets:
    """The values that do not leave, learned from heads, addresses and drafts; lists what was met.

    Learn everything before anything is cut. With ``keep`` nothing is left out. Payloads and bodies are
    not searched for what looks like a secret, but for the values that were learned.
    """

    def __init__(self, *, keep: bool = False) -> None:
        self.keep = keep
        self._known: dict[bytes, Secret] = {}
        self._named = 0
        self._met: dict[tuple[str, str, bool], LeftOut] = {}
        self._pattern: re.Pattern[bytes] | None = None
        self._longest = 0

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What was met so far, in the order in which it was."""
        return tuple(self._met.values())

    @property
    def known(self) -> tuple[Secret, ...]:
        return tuple(self._known.values())

    @property
    def longest(self) -> int:
        """Bytes of the longest value that is looked for; 0 where there is none."""
        return self._longest if self._search() is not None else 0

    # -- learning

    def learn_head(self, data: bytes) -> None:
        """The secrets of a head's bytes, request or response."""
        self.learn_parsed(parse_request(data))

    def learn_parsed(self, head: Head) -> None:
        for name, value, spans in _places(head):
            for span in spans:
                self._learn(value[span.start : span.end], name)

    def learn_address(self, text: str) -> None:
        """The secrets of an address."""
        data = text.encode("utf-8", "surrogatepass")
        for span in secret_spans(b"", data):
            self._learn(data[span.start : span.end], b"")

    def _learn(self, value: bytes, name: bytes) -> None:
        if self.keep or not value:
            return
        self._with_forms(value)
        for part in _parts(value, name):
            if len(part) >= SHORTEST:
                self._with_forms(part)

    def _with_forms(self, value: bytes) -> None:
        """``value``, and how it looks in hexadecimal: a value of its own, named after this one."""
        if value in self._known:
            return
        name = self._secret(value).name
        if len(value) >= SHORTEST:
            for form, text in (("HEX", value.hex()), ("UPPER_HEX", value.hex().upper())):
                if text.encode() not in self._known:
                    self._add(Secret(f"{name}_{form}", text.encode(), form=True))

    def _secret(self, value: bytes) -> Secret:
        found = self._known.get(value)
        if found is None:
            self._named += 1
            found = self._add(Secret(f"SECRET_{self._named}", value))
        return found

    def _add(self, secret: Secret) -> Secret:
        self._known[secret.value] = secret
        self._pattern = None
        return secret

    # -- leaving out

    def head(self, data: bytes, side: str) -> list[Piece]:
        """A whole head in pieces. ``side``: in words, "the request"."""
        spans = [
            (span.shifted(at), f"{label} {translate('LeftOut', 'of')} {side}")
            for at, label, span in spans_of(parse_request(data))
        ]
        return self.pieces(data, spans, side)

    def address(self, text: str, where: str) -> str:
        """An address with a mark for each secret."""
        data = text.encode("utf-8", "surrogatepass")
        spans = [(span, where) for span in secret_spans(b"", data)]
        return marked(self.pieces(data, spans, where)).decode("utf-8", "surrogatepass")

    def pieces(self, data: bytes, spans: Sequence[tuple[Span, str]], where: str) -> list[Piece]:
        """``data`` cut at ``spans`` (with where each is), and where a known value stands besides."""
        if self.keep:
            return [data]
        found: list[Piece] = []
        at = 0
        for span, place in _joined([*spans, *((span, where) for span in self._spans(data))]):
            if span.start > at:
                found.append(data[at : span.start])
            secret = self._secret(data[span.start : span.end])
            self._meet(secret, place)
            found.append(secret)
            at = span.end
        if at < len(data) or not found:
            found.append(data[at:])
        return found

    def _spans(self, data: bytes) -> Iterator[Span]:
        pattern = self._search()
        if pattern is not None:
            for match in pattern.finditer(data):
                yield Span(*match.span())

    def spans(self, data: bytes) -> Iterator[tuple[int, Secret]]:
        """(start, value) of the known values in ``data``, in order and apart."""
        if not self.keep:
            for span in self._spans(data):
                yield span.start, self._secret(data[span.start : span.end])

    def across(self, data: bytes, at: int) -> Iterator[tuple[int, Secret]]:
        """(start, value) of the known values that begin before ``at`` and end behind it, also of some that
        share bytes."""
        pattern = None if self.keep else self._search()
        match = pattern.search(data) if pattern is not None else None
        while pattern is not None and match is not None and match.start() < at:
            if match.end() > at:
                yield match.start(), self._secret(match.group())
            match = pattern.search(data, match.start() + 1)

    def stream(self, chunks: Iterable[bytes], where: str) -> Iterator[bytes]:
        """``chunks`` with known values filled, also one that lies across two of them.

        They are listed; with no ``where`` they are not, for what is run through twice.
        """
        pattern = None if self.keep else self._search()
        if pattern is None:
            yield from chunks
            return
        held = bytearray()
        for chunk in chunks:
            held += chunk
            done = self._fill(held, pattern, len(held) - self._longest + 1, where)
            if done:
                yield bytes(held[:done])
                del held[:done]
        self._fill(held, pattern, len(held), where)
        if held:
            yield bytes(held)

    def _fill(self, held: bytearray, pattern: re.Pattern[bytes], limit: int, where: str) -> int:
        """Fill the values that begin before ``limit``; how many bytes are decided then."""
        done = max(limit, 0)
        for match in list(pattern.finditer(held)):
            start, end = match.span()
            if start >= limit:
                break
            secret = self._secret(bytes(held[start:end]))
            if where:
                self._meet(secret, where)
            held[start:end] = secret.fill
            done = max(done, end)
        return done

    def sentence(self, text: str, where: str) -> str:
        """A sentence of ours, which may quote a value in part."""
        if self.keep:
            return text
        for secret in sorted(self._known.values(), key=len, reverse=True):
            if len(secret) < SHORTEST:
                continue
            for shape in _shapes(secret.value):
                cleared = without_secret(text, shape)
                if cleared != text:
                    self._meet(secret, where)
                    text = cleared
        return text

    def plain(self, value: Any, where: str) -> Any:
        """JSON with a mark for every known value, and for the secrets of addresses, in its texts."""
        if self.keep:
            return value
        if isinstance(value, str):
            return self.sentence(self.address(value, where) if "://" in value else value, where)
        if isinstance(value, dict):
            return {str(name): self.plain(each, where) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(each, where) for each in value]
        return value

    def told(self, value: bytes, where: str) -> None:
        """``value`` stood at ``where`` and was left out."""
        self._meet(self._secret(value), where)

    def told_whole(self, names: str, where: str, size: int) -> None:
        """A message of ``size`` bytes was left out whole, as it travelled, for the secrets ``names``."""
        self._met[names, where, True] = LeftOut(names, where, size, whole=True)

    def told_unsearched(self, where: str, size: int) -> None:
        """Something leaves of which nobody can say whether it holds a secret."""
        self._met["", where, False] = LeftOut("", where, size, removed=False)

    def _meet(self, secret: Secret, where: str) -> None:
        key = (secret.name, where, True)
        before = self._met.get(key)
        times = before.times + 1 if before is not None else 1
        self._met[key] = LeftOut(secret.name, where, len(secret), times)

    def _search(self) -> re.Pattern[bytes] | None:
        if self._pattern is None:
            values = sorted((value for value in self._known if len(value) >= SHORTEST), key=len, reverse=True)
            if not values:
                return None
            self._longest = len(values[0])
            self._pattern = re.compile(b"|".join(map(re.escape, values)))
        return self._pattern


def marked(pieces: Iterable[Piece]) -> bytes:
    """With a mark that tells the length in place of each secret."""
    return b"".join(piece.mark if isinstance(piece, Secret) else piece for piece in pieces)


def filled(pieces: Iterable[Piece]) -> bytes:
    """With as many bytes as before."""
    return b"".join(piece.fill if isinstance(piece, Secret) else piece for piece in pieces)


def spans_of(head: Head) -> Iterator[tuple[int, str, Span]]:
    """(offset to shift by, the header's name as it stands there, span in its value) of each secret."""
    start = head.span.start
    for span in secret_spans(b"", head.start_line):
        yield start, translate("LeftOut", "the address"), span
    for line in head.lines:
        name = line.name.strip(b" \t")
        for span in secret_spans(name.lower(), line.value):
            yield line.value_span.start, visible(name.decode("latin-1")), span


def _places(head: Head) -> Iterator[tuple[bytes, bytes, tuple[Span, ...]]]:
    yield b"", head.start_line, secret_spans(b"", head.start_line)
    for line in head.lines:
        name = line.name.strip(b" \t").lower()
        yield name, line.value, secret_spans(name, line.value)


def _joined(spans: list[tuple[Span, str]]) -> Iterator[tuple[Span, str]]:
    """In order and apart; spans that overlap become one, told at the place of the first."""
    last: tuple[Span, str] | None = None
    for span, where in sorted(spans, key=lambda each: (each[0].start, -each[0].end)):
        if last is not None and span.start < last[0].end:
            last = (Span(last[0].start, max(last[0].end, span.end)), last[1])
            continue
        if last is not None:
            yield last
        last = (span, where)
    if last is not None:
        yield last


def _parts(value: bytes, name: bytes) -> Iterator[bytes]:
    """What else betrays ``value``: a cookie's values, user and password, the same without escapes."""
    if name in (b"cookie", b"set-cookie"):
        for match in _COOKIE_VALUES.finditer(value):
            yield match.group(1)
    with contextlib.suppress(ValueError):
        decoded = base64.b64decode(value, validate=True)
        user, colon, password = decoded.partition(b":")
        if colon and user.isascii() and name in (b"authorization", b"proxy-authorization"):
            yield decoded
            yield password
    if b"%" in value:
        yield unquote_to_bytes(value)
    if name == b"" and b":" in value:
        yield value.partition(b":")[2]


def _shapes(value: bytes) -> set[str]:
    return {
        escape_value(value),
        visible(value.decode("latin-1")),
        visible(value.decode("utf-8", "replace")),
    }
