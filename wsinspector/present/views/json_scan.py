"""JSON's members one after the other, none decoded: exact numbers, duplicates, any beginning of a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TICK = 1024
"""Tokens after which a scan can be stopped."""

LONGEST_RUN = 64 << 10

_TOKEN = re.compile(r'\s*+("(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++|")', re.DOTALL)
_NESTING = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Member:
    """A value at ``start`` to ``end``; ``key`` as it is written, with its quotes, "" in an array."""

    key: str
    start: int
    end: int
    whole: bool = True


def members(text: str, at: int) -> Iterator[Member | None]:
    """The members of the object or array that opens at ``at``; None now and then while a long one passes.

    Ends quietly where the text is cut off or is no JSON any more.
    """
    closing = "}" if text[at] == "{" else "]"
    at += 1
    while (token := _TOKEN.match(text, at)) is not None:
        word = token[1]
        if word in ("]", "}", ":"):
            return
        if word == ",":
            at = token.end()
            continue
        key = ""
        if closing == "}":
            key = word
            colon = _TOKEN.match(text, token.end())
            if colon is None or colon[1] != ":":
                return
            token = _TOKEN.match(text, colon.end())
            if token is None or token[1] in ("]", "}", ":", ","):
                return
        at = token.end()
        whole = True
        if token[1] == '"':
            at, whole = len(text), False
        elif token[1] in "[{":
            depth = 1
            ticks = 0
            while depth:
                step = _NESTING.search(text, at)
                if step is None:
                    at, whole = len(text), False
                    break
                at = step.end()
                depth += 1 if step[0] in "[{" else -1 if step[0] in "]}" else 0
                ticks += 1
                if ticks % TICK == 0:
                    yield None
        yield Member(key, token.start(1), at, whole)


def fields(text: str) -> dict[str, str]:
    """The members of a small object by key without quotes, the first of each, values as written."""
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] != "{" or len(text) > LONGEST_RUN:
        return {}
    found: dict[str, str] = {}
    for member in members(text, start):
        if member is not None:
            found.setdefault(member.key.strip('"'), text[member.start : member.end])
    return found
