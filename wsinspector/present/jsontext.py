"""JSON laid out for reading with every literal as it came: no number rounded, no key dropped."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wsinspector.present.plain import visible
from wsinspector.translate import translate

LIMIT = 1 << 20
"""Bytes; one json.loads over this would stall every thread, so more is not tried."""

LINE = 64
INDENT = "  "
DEEPEST = 200

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonFault:
    """Why a text is no JSON, and the character offset; without ``checked``, why that cannot be told."""

    text: str
    at: int
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with one role: ``key``, ``string``, ``number``, ``literal`` or ``mark``."""

    text: str
    role: str


def check(text: str) -> JsonFault | None:
    """None where ``text`` is JSON (RFC 8259)."""
    try:
        json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return JsonFault(f"{error.msg} (line {error.lineno}, column {error.colno})", error.pos)
    except ValueError as error:
        return JsonFault(str(error), 0)
    except RecursionError:
        return JsonFault(translate("Json", "nested too deeply to be checked"), 0, checked=False)
    return None


def _refuse(name: str) -> float:
    raise ValueError(translate("Json", "{name} is no JSON").format(name=name))


def looks_like_json(data: bytes) -> bool:
    """Whether it is worth offering JSON first: an object or an array."""
    return data[:64].lstrip()[:1] in (b"{", b"[")


@dataclass(slots=True)
class _Node:
    """A value: its own text, or brackets around members; ``width`` as if on one line."""

    opening: str
    members: "list[tuple[str, _Node]]"
    closing: str
    text: str
    width: int


def _parse(tokens: Iterator[str], token: str) -> _Node:
    if token not in "[{":
        return _Node("", [], "", token, len(token))
    closing = "]" if token == "[" else "}"
    members: list[tuple[str, _Node]] = []
    width = 2
    for found in tokens:
        if found == closing:
            break
        if found == ",":
            continue
        key = ""
        value = found
        if closing == "}":
            key = found
            next(tokens)
            value = next(tokens)
        node = _parse(tokens, value)
        members.append((key, node))
        width += len(key) + 2 + node.width + 2
    return _Node(token, members, closing, "", width)


def pretty(text: str) -> Iterator[Piece]:
    """The pieces of checked JSON, small values on one line, line feeds within pieces.

    Call :func:`check` first: what is no JSON is not laid out sensibly. Raises RecursionError where the
    nesting passes the check and is too deep all the same.
    """
    tokens = (match.group(1) for match in _TOKEN.finditer(text))
    first = next(tokens, None)
    if first is None:
        return
    try:
        node = _parse(tokens, first)
    except StopIteration:
        yield Piece(visible(text, lines=True), "mark")
        return
    yield from _laid_out(node, 0, 0)


def _laid_out(node: _Node, depth: int, used: int) -> Iterator[Piece]:
    if node.text:
        yield Piece(visible(node.text), _role(node.text))
        return
    if not node.members:
        yield Piece(node.opening + node.closing, "mark")
        return
    if used + node.width <= LINE or depth >= DEEPEST:
        blank = " " if node.opening == "{" else ""
        yield Piece(node.opening + blank, "mark")
        for at, (key, value) in enumerate(node.members):
            if at:
                yield Piece(", ", "mark")
            if key:
                yield Piece(visible(key), "key")
                yield Piece(": ", "mark")
            yield from _laid_out(value, depth, 0 if depth >= DEEPEST else -1_000_000)
        yield Piece(blank + node.closing, "mark")
        return
    yield Piece(node.opening + "\n", "mark")
    inner = INDENT * (depth + 1)
    for at, (key, value) in enumerate(node.members):
        yield Piece(inner, "mark")
        if key:
            yield Piece(visible(key), "key")
            yield Piece(": ", "mark")
        yield from _laid_out(value, depth + 1, len(inner) + len(key) + 2)
        yield Piece(",\n" if at + 1 < len(node.members) else "\n", "mark")
    yield Piece(INDENT * depth + node.closing, "mark")


def _role(token: str) -> str:
    if token[0] == '"':
        return "string"
    return "literal" if token in ("true", "false", "null") else "number"
