"""A sweep for other programs: CSV, JSON and JUnit, without secrets."""

import csv
import datetime
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from wsinspector import __version__
from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked
from wsinspector.present.sweep_table import SweepTable, address_of, table_of
from wsinspector.protocol.http import Response
from wsinspector.share.sweep_expect import Checked
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.sweep_cells import NOT_REACHED, Cell, Probe, Tone

COLUMNS = (
    "server",
    "address",
    "id",
    "sent",
    "outcome",
    "status",
    "reason",
    "list",
    "mark",
    "text",
    "clause",
    "milliseconds",
)

_FORMULA = ("=", "+", "-", "@", "\t")


def when(results: SweepResults) -> str:
    """ISO 8601, in local time."""
    began = datetime.datetime.fromtimestamp(results.began_wall_ns / 1e9).astimezone()
    return began.isoformat(timespec="seconds")


def every_cell(results: SweepResults, table: SweepTable | None = None) -> Iterator[tuple[int, int, Cell]]:
    """Server, request (both from 0) and cell of all that can be said, server by server.

    There is no probe where nothing was sent, as the server was not there. ``table`` as of
    ``table_of(results, fold=False)``.
    """
    table = table or table_of(results, fold=False, outs=False)
    for index in range(len(results.servers)):
        for row in table.rows:
            cell = row.cells[index]
            if cell is not None:
                yield index, row.places[0], cell


def csv_text(results: SweepResults) -> str:
    """A line an answer, or one that could not be had.

    A text of the network that could be taken for a formula gets a ' in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for index, place, cell in every_cell(results):
        server, odd = results.servers[index], results.odds[place]
        probe = server.probes[place]
        outcome, status, reason, versions, took = _in_columns(probe, cell)
        writer.writerow(
            [
                _inert(visible(server.name)),
                _inert(address_of(server)),
                odd.id,
                _inert(visible(odd.label)),
                outcome,
                status,
                _inert(reason),
                _inert(versions),
                cell.tone.value,
                _inert(cell.text),
                cell.clause,
                took,
            ]
        )
    return out.getvalue()


def _in_columns(probe: Probe | None, cell: Cell) -> tuple[str, str, str, str, str]:
    """Outcome, status, reason, list and milliseconds."""
    if probe is None:
        return _outcome_unsent(cell), "", "", "", ""
    reason = visible(probe.response.reason.decode("latin-1")) if probe.response is not None else ""
    status = str(probe.status) if probe.status is not None else ""
    took = f"{probe.milliseconds:.1f}" if probe.milliseconds is not None else ""
    return _outcome(probe), status, reason, visible(", ".join(probe.listed or ())), took


def _inert(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def _outcome_unsent(cell: Cell) -> str:
    """As of a request that no connection was there for; one that was left out has none."""
    return Outcome.NETWORK_ERROR.value if cell.short == NOT_REACHED else ""


def _outcome(probe: Probe) -> str:
    return probe.outcome.value if probe.outcome is not None else ""


def as_json(results: SweepResults, checked: Sequence[Checked] = ()) -> dict[str, Any]:
    """All that is worked out, and the heads of the answers; the bytes themselves are in the capture."""
    table = table_of(results, fold=False)
    return {
        "made_by": f"wsinspector {__version__}",
        "began": when(results),
        "seconds": round(results.seconds, 3),
        "phase": results.phase.value,
        "sets": list(results.sets),
        "at_once": results.at_once,
        "pace": results.pace,
        "timeout": results.timeout,
        "requests": [
            {"id": odd.id, "label": visible(odd.label), "what": visible(odd.what)} for odd in results.odds
        ],
        "servers": [
            {"name": visible(server.name), "url": address_of(server), "reached": server.reached}
            | ({"trouble": visible(server.trouble)} if server.trouble else {})
            for server in results.servers
        ],
        "stands_out": [
            {
                "server": each.index,
                "mark": each.said.tone.value,
                "text": each.said.text,
                "clause": each.said.clause,
                "requests": list(each.said.ids),
                "guess": each.said.guess,
            }
            for each in table.outs
        ],
        "answers": [
            _answer(results, index, place, cell) for index, place, cell in every_cell(results, table)
        ],
        "expectations": [
            {
                "server": each.server,
                "id": each.id,
                "failed": each.text or None,
            }
            for each in checked
        ],
    }


def _answer(results: SweepResults, index: int, place: int, cell: Cell) -> dict[str, Any]:
    probe, id = results.servers[index].probes[place], results.odds[place].id
    said = {"mark": cell.tone.value, "short": cell.short, "text": cell.text, "clause": cell.clause}
    if probe is None:
        return {
            "server": index,
            "id": id,
            "attempt": None,
            "outcome": _outcome_unsent(cell) or None,
            "status": None,
            "list": None,
            **said,
            "milliseconds": None,
            "ended": None,
            "network_error": cell.text,
            "head": [],
        }
    return {
        "server": index,
        "id": id,
        "attempt": probe.number,
        "outcome": _outcome(probe) or None,
        "status": probe.status,
        "list": list(probe.listed) if probe.listed is not None else None,
        **said,
        "milliseconds": round(probe.milliseconds, 3) if probe.milliseconds is not None else None,
        "ended": probe.ended.value,
        "network_error": visible(probe.network_error),
        "head": _head(probe.response),
    }


def _head(response: Response | None) -> list[str]:
    """The lines of an answer's head, secrets as dots."""
    if response is None:
        return []
    lines = [response.head.start_line.decode("latin-1")]
    for line in response.head.lines:
        name = line.name.strip(b" \t").lower()
        lines.append((line.name + line.between).decode("latin-1") + masked(name, line.value))
    return [visible(line) for line in lines]


def json_text(results: SweepResults, checked: Sequence[Checked] = ()) -> str:
    return json.dumps(as_json(results, checked), ensure_ascii=False, indent=2) + "\n"


def junit_text(results: SweepResults, checked: Sequence[Checked] | None = None) -> str:
    """A suite a server, a case a request.

    With expectations a case is one of them and fails as it did; without, a case is an answer and fails
    where its cell is a finding. A request that no answer came to for want of a connection is an error.
    """
    root = ElementTree.Element("testsuites", name="wsinspector sweep")
    cells = {
        (index, results.odds[place].id): (results.servers[index].probes[place], cell)
        for index, place, cell in every_cell(results)
    }
    for index, server in enumerate(results.servers):
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(visible(server.name)))
        if checked is None:
            ids = [odd.id for odd in results.odds]
        else:
            ids = [each.id for each in checked if each.server == index]
        wrong = {each.id: each.text for each in checked or () if each.server == index and each.failed}
        counts = {"failure": 0, "error": 0, "skipped": 0}
        for id in ids:
            case = ElementTree.SubElement(
                suite, "testcase", name=_xml(visible(id)), classname=_xml(address_of(server))
            )
            probe, cell = cells.get((index, id), (None, None))
            if probe is not None and probe.milliseconds is not None:
                case.set("time", f"{probe.milliseconds / 1000:.4f}")
            told = _told(checked is not None, wrong.get(id, ""), cell)
            if told is not None:
                kind, text, clause = told
                counts[kind] += 1
                found = ElementTree.SubElement(case, kind, message=_xml(text))
                found.text = _xml(clause)
        suite.set("tests", str(len(ids)))
        suite.set("failures", str(counts["failure"]))
        suite.set("errors", str(counts["error"]))
        suite.set("skipped", str(counts["skipped"]))
        suite.set("timestamp", when(results)[:19])
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _told(expecting: bool, wrong: str, cell: Cell | None) -> tuple[str, str, str] | None:
    if expecting:
        return ("failure", wrong, cell.text if cell is not None else "") if wrong else None
    if cell is None:
        return "skipped", "It was not asked.", ""
    if cell.tone is Tone.UNKNOWN:
        return "error", cell.text, ""
    return ("failure", cell.text, cell.clause) if cell.tone is Tone.FINDING else None


def _xml(text: str) -> str:
    """Text without what XML 1.0 cannot hold."""
    return "".join(
        character
        for character in text
        if character in "\t\n\r" or 0x20 <= ord(character) < 0xD800 or 0xE000 <= ord(character) < 0xFFFE
    )
