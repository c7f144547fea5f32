"""A file of expectations: what each server is to answer to each odd request, so that a find becomes a check.

The file is TOML, read and written so that a person can edit it::

    ["13"]                       # the id of a request, as in the tables of a sweep
    outcome = "open"

    ["14"]
    outcome = "refused"
    status = [400, 426]          # one of these; "4xx" stands for any
    list = ["13", "8"]           # exactly these versions, in any order; [] for none

    [server."ws://127.0.0.1:9011/"]                  # for this server alone, in place of what stands above
    "(absent)" = { outcome = ["refused", "closed"] } # a table may stand on one line
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.sweep_texts import request_with_id
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.sweep_cells import Probe

OUTCOMES = tuple(outcome.value for outcome in Outcome)
_CLASS = re.compile(r"[1-5]xx\Z")


class WrongExpectationsError(Exception):
    """The file cannot be used; the text says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Empty and None: not looked at. ``statuses`` are texts, "4xx" for a class."""

    outcomes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    versions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Expectations:
    """``every``: by id, for all servers. ``servers``: by address, then by id."""

    every: dict[str, Expected] = field(default_factory=dict)
    servers: dict[str, dict[str, Expected]] = field(default_factory=dict)

    def ids(self) -> tuple[str, ...]:
        """Every request that is named, in the order of the file."""
        found = dict.fromkeys(self.every)
        for each in self.servers.values():
            found |= dict.fromkeys(each)
        return tuple(found)

    def of(self, url: str, id: str) -> Expected | None:
        """What is expected of a server; its address may stand in the file without its secrets."""
        own = self.servers.get(url) or self.servers.get(masked_address(url)) or {}
        return own.get(id) or self.every.get(id)


@dataclass(frozen=True, slots=True)
class Checked:
    """One expectation held against an answer. ``text``: why it failed, empty where it did not.

    ``server`` counts from 0.
    """

    server: int
    id: str
    text: str

    @property
    def failed(self) -> bool:
        return bool(self.text)


def read_expectations(text: str) -> Expectations:
    """Raises WrongExpectationsError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongExpectationsError(f"It is no TOML: {error}.") from None
    servers = data.pop("server", {})
    if not isinstance(servers, dict):
        raise WrongExpectationsError("[server] holds a table for each address.")
    return Expectations(
        _entries(data, ""),
        {str(url): _entries(entries, f"server {url}, ") for url, entries in servers.items()},
    )


def _entries(data: Any, where: str) -> dict[str, Expected]:
    if not isinstance(data, dict):
        raise WrongExpectationsError(f"{where or 'It '}holds no tables.")
    found: dict[str, Expected] = {}
    for id, entry in data.items():
        place = f'{where}["{id}"]'
        request = request_with_id(id)
        if request is None:
            raise WrongExpectationsError(f"{place}: this is the id of no request.")
        if not isinstance(entry, dict):
            raise WrongExpectationsError(f"{place}: expected a table with outcome, status or list.")
        found[request.odd.id] = _entry(entry, place)
    return found


def _entry(entry: dict[str, Any], place: str) -> Expected:
    unknown = sorted(set(entry) - {"outcome", "status", "list"})
    if unknown:
        raise WrongExpectationsError(f"{place}: {unknown[0]} is not known; outcome, status and list are.")
    if not entry:
        raise WrongExpectationsError(f"{place}: nothing is expected; name outcome, status or list.")
    outcomes = _several(entry.get("outcome", []))
    statuses = _several(entry.get("status", []))
    for each in outcomes:
        if each not in OUTCOMES:
            raise WrongExpectationsError(
                f"{place}: {each!r} is no outcome; outcomes are {', '.join(OUTCOMES)}."
            )
    for each in statuses:
        number = isinstance(each, int) and not isinstance(each, bool) and 100 <= each <= 999
        if not number and not (isinstance(each, str) and _CLASS.match(each)):
            raise WrongExpectationsError(f'{place}: {each!r} is no status; write 426, or "4xx" for any.')
    versions: frozenset[str] | None = None
    if "list" in entry:
        listed = entry["list"]
        if not isinstance(listed, list) or not all(isinstance(each, str | int) for each in listed):
            raise WrongExpectationsError(f'{place}: list is an array of versions, such as ["13", "8"].')
        versions = frozenset(str(each) for each in listed)
    return Expected(tuple(outcomes), tuple(str(each) for each in statuses), versions)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def check(results: SweepResults, expectations: Expectations) -> tuple[Checked, ...]:
    """Every expectation held against the answers, server by server; what was not asked has failed."""
    places = {odd.id: place for place, odd in enumerate(results.odds)}
    found: list[Checked] = []
    for index, server in enumerate(results.servers):
        for id in expectations.ids():
            expected = expectations.of(server.url, id)
            if expected is None:
                continue
            place = places.get(id)
            probe = server.probes[place] if place is not None else None
            gone = place is not None and bool(server.trouble) and not server.reached
            found.append(Checked(index, id, _failure(expected, probe, "reached" if gone else "asked")))
    return tuple(found)


def _failure(expected: Expected, probe: Probe | None, lacks: str) -> str:
    if probe is None or probe.outcome is None:
        return f"It was not {lacks}."
    wrong: list[str] = []
    if expected.outcomes and probe.outcome.value not in expected.outcomes:
        wrong.append(f"outcome {probe.outcome.value}, expected {' or '.join(expected.outcomes)}")
    if expected.statuses and not any(_meets(probe.status, each) for each in expected.statuses):
        came = probe.status if probe.status is not None else "none"
        wrong.append(f"status {came}, expected {' or '.join(expected.statuses)}")
    if expected.versions is not None and frozenset(probe.listed or ()) != expected.versions:
        came_list = ", ".join(probe.listed or ()) or "none"
        wanted = ", ".join(sorted(expected.versions, key=_descending)) or "none"
        wrong.append(f"list {visible(came_list)}, expected {wanted}")
    return "; ".join(wrong)


def _meets(status: int | None, wanted: str) -> bool:
    if status is None:
        return False
    return str(status) == wanted or (wanted.endswith("xx") and str(status)[0] == wanted[0])


def _descending(version: str) -> tuple[int, str]:
    number = version.isascii() and version.isdigit() and len(version) < 10
    return (-int(version) if number else 1, version)


# -- written from a result


_HEADER = """\
# What the servers of a sweep are to answer, by the id of each request. Written from what they did answer:
# keep what is right and change what is not. `outcome` is one of
# {outcomes};
# `status` a number, a list of them or a class such as "4xx"; `list` the versions named, in any order.
"""


def expectations_text(results: SweepResults) -> str:
    """A file that expects exactly these answers; the same from every server stands once."""
    lines = [_HEADER.format(outcomes=", ".join(OUTCOMES))]
    shared: set[int] = set()
    for place, odd in enumerate(results.odds):
        entries = [_written(server.probes[place]) for server in results.servers]
        if entries and entries[0] is not None and all(entry == entries[0] for entry in entries):
            shared.add(place)
            lines.append(f"{_quoted(odd.id)} = {entries[0]}")
    for server in results.servers:
        own = [
            f"{_quoted(odd.id)} = {entry}"
            for place, odd in enumerate(results.odds)
            if place not in shared and (entry := _written(server.probes[place])) is not None
        ]
        if own:
            lines += ["", f"[server.{_quoted(masked_address(server.url))}]", *own]
    return "\n".join(lines) + "\n"


def _written(probe: Probe | None) -> str | None:
    """A table on one line, so that a person sees many answers at once."""
    if probe is None or probe.outcome is None or not probe.reached:
        return None  # nobody answered: that is no answer to be expected
    parts = [f'outcome = "{probe.outcome.value}"']
    if probe.status is not None:
        parts.append(f"status = {probe.status}")
        if probe.status >= 400:
            parts.append(f"list = [{', '.join(_quoted(each) for each in probe.listed or ())}]")
    return f"{{ {', '.join(parts)} }}"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x20 or 0x7F <= code < 0xA0 else character


def failures(checked: Iterable[Checked]) -> tuple[Checked, ...]:
    return tuple(each for each in checked if each.failed)
