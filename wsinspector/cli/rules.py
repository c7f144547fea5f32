"""The command ``rules``: every rule that bytes are judged by, or one whole with its examples."""

import argparse
import base64
import difflib
import json
import textwrap
from collections.abc import Iterator
from typing import Any

from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import put
from wsinspector.present.plain import visible
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.catalogue import ALL_RULES, AnyRule, findings_in, rule_called, rules_about
from wsinspector.verdicts.finding import Fault
from wsinspector.verdicts.rule import About, Example

_WIDTH = 96
_MOST = 600
"""Bytes of an example's head or frames printed; JSON has all."""

_HEADINGS = {
    About.REQUEST: "A server's checks on the request",
    About.RESPONSE: "A client's checks on the answer",
    About.REFUSAL: "What a refusal is, and who answered",
    About.FRAMES: "Either side's checks on frames",
}
_ANSWERS = (About.RESPONSE, About.REFUSAL)
_BLAMES = {
    Fault.CLIENT: "the client is at fault",
    Fault.SERVER: "the server is at fault",
    Fault.EITHER: "either side may be at fault",
    Fault.NOBODY: "nobody is at fault",
}


def run(arguments: argparse.Namespace) -> int:
    """Print the rules; return the exit code. Raises WrongArgumentError for an id that is none."""
    if arguments.rule is None:
        told = [json.dumps([_as_json(rule) for rule in ALL_RULES])] if arguments.json else _list()
        put(told)
        return 0
    rule = rule_called(arguments.rule)
    if rule is None:
        near = difflib.get_close_matches(arguments.rule, [each.name for each in ALL_RULES], 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise WrongArgumentError(f"there is no rule {arguments.rule!r}{hint}")
    put([json.dumps(_as_json(rule))] if arguments.json else _whole(rule))
    return 0


# -- as text


def _list() -> Iterator[str]:
    widest = max(len(rule.name) for rule in ALL_RULES)
    for about, heading in _HEADINGS.items():
        yield heading
        for rule in rules_about(about):
            start = f"  {rule.name:<{widest}}  {rule.severity.value:<8}  "
            yield from textwrap.wrap(
                f"{rule.told_what} {rule.clause}",
                _WIDTH + widest,
                initial_indent=start,
                subsequent_indent=" " * len(start),
                break_on_hyphens=False,
            )
        yield ""
    yield f"{len(ALL_RULES)} rules. `wsinspector rules ID` tells all of one."


def _whole(rule: AnyRule) -> Iterator[str]:
    yield rule.name
    yield f"{_HEADINGS[rule.about]}, {rule.clause}"
    yield f"{rule.severity.value}: {_BLAMES[rule.fault]}"
    yield ""
    yield from textwrap.wrap(rule.told_what, _WIDTH)
    yield from textwrap.wrap(rule.told_why, _WIDTH)
    yield ""
    yield "Meets it:"
    yield from _example(rule.passing, rule.about)
    yield ""
    yield "Breaks it:"
    yield from _example(rule.failing, rule.about)
    yield ""
    for finding in findings_in(rule, rule.failing):
        yield from textwrap.wrap(f"✕ {visible(finding.text)}", _WIDTH)


def _example(example: Example, about: About) -> Iterator[str]:
    if about is About.FRAMES:
        yield f"  {_who(example)}"
        yield from textwrap.wrap(
            example.data[:_MOST].hex(" "), _WIDTH, initial_indent="  ", subsequent_indent="  "
        )
        yield from _more(example.data)
        return
    if about in _ANSWERS:
        for each in example.before:
            yield "  (earlier)"
            yield from _lines("> ", each.request)
            yield from _lines("< ", each.data)
            yield "  (then)"
        yield from _lines("> ", example.request)
    yield from _lines("> " if about is About.REQUEST else "< ", example.data)
    if not example.data:
        yield "  (nothing)"
    if about in _ANSWERS and not example.ended:
        yield "  (the connection stays open)"
    if example.limit:
        yield f"  (read up to {example.limit} bytes)"


def _who(example: Example) -> str:
    agreed = example.agreed
    told = ["from a client" if example.sender is Role.CLIENT else "from a server"]
    if agreed.dialect != "rfc6455":
        told.append(agreed.dialect)
    if agreed.deflate is not None:
        parameters = ", ".join(
            name
            for name in ("server_no_context_takeover", "client_no_context_takeover")
            if getattr(agreed.deflate, name)
        )
        told.append(f"permessage-deflate agreed{f' with {parameters}' if parameters else ''}")
    if example.limit:
        told.append(f"read up to {example.limit} bytes")
    return ", ".join(told) + ":"


def _lines(mark: str, data: bytes) -> Iterator[str]:
    """A head in lines; CRLF is the ordinary end of one, any other ending is shown."""
    lines = data[:_MOST].split(b"\n")
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        if last and not line:
            break
        ending = "" if last or line.endswith(b"\r") else "␊"
        text = line if last else line.removesuffix(b"\r")
        yield f"  {mark}{visible(text.decode('latin-1'))}{ending}".rstrip()
    yield from _more(data)


def _more(data: bytes) -> Iterator[str]:
    if len(data) > _MOST:
        yield f"  … {len(data) - _MOST} more bytes"


# -- as JSON


def _as_json(rule: AnyRule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "about": rule.about.value,
        "clause": rule.clause,
        "severity": rule.severity.value,
        "fault": rule.fault.value,
        "what": rule.told_what,
        "why": rule.told_why,
        "passing": _example_json(rule.passing, rule.about),
        "failing": {
            **_example_json(rule.failing, rule.about),
            "found": [finding.text for finding in findings_in(rule, rule.failing)],
        },
    }


def _example_json(example: Example, about: About) -> dict[str, Any]:
    data = base64.b64encode(example.data).decode("ascii")
    limit = example.limit or None
    if about is About.REQUEST:
        return {"request": data}
    if about in _ANSWERS:
        request = base64.b64encode(example.request).decode("ascii")
        told = {"request": request, "response": data, "ended": example.ended, "limit": limit}
        before = [_example_json(each, about) for each in example.before]
        return {**told, "before": before} if before else told
    deflate = example.agreed.deflate
    return {
        "frames": data,
        "sender": example.sender.value,
        "dialect": example.agreed.dialect,
        "deflate": None
        if deflate is None
        else {
            "server_no_context_takeover": deflate.server_no_context_takeover,
            "client_no_context_takeover": deflate.client_no_context_takeover,
            "server_max_window_bits": deflate.server_max_window_bits,
            "client_max_window_bits": deflate.client_max_window_bits,
        },
        "ended": example.ended,
        "limit": limit,
    }
