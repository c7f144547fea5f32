"""A run of provocations for other programs: CSV, JSON and JUnit."""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from wsinspector import __version__
from wsinspector.conversation.provoking_results import ProvokedRow, ProvokeResults
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.provocations import Provocation
from wsinspector.verdicts.provoked import Result

COLUMNS = (
    *("server", "address", "id", "kind", "provocation", "demand", "did", "verdict", "code", "text"),
    *("clause", "seconds"),
)

_FORMULA = ("=", "+", "-", "@", "\t")
_PASSED = (Result.AS_REQUIRED, Result.ALLOWED)


def when(results: ProvokeResults) -> str:
    """ISO 8601, in local time."""
    began = datetime.datetime.fromtimestamp(results.began_wall_ns / 1e9).astimezone()
    return began.isoformat(timespec="seconds")


def every_row(results: ProvokeResults) -> Iterator[tuple[int, Provocation, ProvokedRow]]:
    """Server (from 0), provocation and row of all that was run, server by server."""
    for index, server in enumerate(results.servers):
        for provocation, row in zip(results.provocations, server.rows, strict=True):
            if row is not None:
                yield index, provocation, row


def csv_text(results: ProvokeResults) -> str:
    """A line a provocation. A text of the network that could be taken for a formula gets a ' in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for index, provocation, row in every_row(results):
        server, verdict = results.servers[index], row.verdict
        writer.writerow(
            [
                _inert(visible(server.name)),
                _inert(_address(server.url)),
                provocation.id,
                provocation.kind.value,
                provocation.title,
                provocation.demand.value,
                verdict.did.value,
                verdict.result.value,
                "" if row.seen.code is None else row.seen.code,
                _inert(visible(verdict.text)),
                verdict.clause,
                f"{row.seconds:.3f}",
            ]
        )
    return out.getvalue()


def json_text(results: ProvokeResults) -> str:
    """One object: what was sent, to whom, and each row."""
    value = {
        "made_by": f"wsinspector {__version__}",
        "began": when(results),
        "seconds": round(results.seconds, 3),
        "phase": results.phase.value,
        "at_once": results.at_once,
        "timeout": results.timeout,
        "provocations": [
            {
                "id": each.id,
                "kind": each.kind.value,
                "title": each.title,
                "what": each.what,
                "demand": each.demand.value,
                "must": each.must,
                "clause": each.clause,
            }
            for each in results.provocations
        ],
        "servers": [
            {
                "name": visible(server.name),
                "url": _address(server.url),
                "reached": server.reached,
                "answers_pings": server.pongs,
                "trouble": visible(server.trouble) or None,
            }
            for server in results.servers
        ],
        "rows": [_row(index, provocation, row) for index, provocation, row in every_row(results)],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _row(index: int, provocation: Provocation, row: ProvokedRow) -> dict[str, Any]:
    seen, verdict = row.seen, row.verdict
    return {
        "server": index,
        "id": provocation.id,
        "did": verdict.did.value,
        "verdict": verdict.result.value,
        "text": visible(verdict.text),
        "clause": verdict.clause,
        "closed": seen.closed,
        "code": seen.code,
        "reason": visible(seen.reason),
        "ended": seen.ended or None,
        "pings_answered": seen.probes,
        "messages": seen.messages,
        "opens_again": seen.alive,
        "conversation": row.conversation_id,
        "seconds": round(row.seconds, 3),
    }


def junit_text(results: ProvokeResults) -> str:
    """A suite a server, a case a provocation: a failure where it is not as required or crashed, an error
    where it is undecided, skipped where it does not apply or was not run."""
    root = ElementTree.Element("testsuites", name="wsinspector provoke")
    for server in results.servers:
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(visible(server.name)))
        counts = {"failure": 0, "error": 0, "skipped": 0}
        for provocation, row in zip(results.provocations, server.rows, strict=True):
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=_xml(f"{provocation.id}: {provocation.title}"),
                classname=_xml(f"{visible(server.name)}.{provocation.kind.value}"),
                time=f"{row.seconds if row is not None else 0:.4f}",
            )
            kind = _kind(row)
            if kind is not None:
                counts[kind] += 1
                text = visible(row.verdict.text) if row is not None else "It was not run."
                found = ElementTree.SubElement(case, kind, message=_xml(text))
                found.text = _xml(f"{provocation.must} {row.verdict.clause if row is not None else ''}")
        if server.trouble:
            ElementTree.SubElement(suite, "system-out").text = _xml(visible(server.trouble))
        suite.set("tests", str(len(results.provocations)))
        suite.set("failures", str(counts["failure"]))
        suite.set("errors", str(counts["error"]))
        suite.set("skipped", str(counts["skipped"]))
        suite.set("time", f"{results.seconds:.4f}")
        suite.set("timestamp", when(results)[:19])
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _kind(row: ProvokedRow | None) -> str | None:
    if row is None or row.verdict.result is Result.UNFIT:
        return "skipped"
    if row.verdict.result in _PASSED:
        return None
    return "error" if row.verdict.result is Result.UNDECIDED else "failure"


def _address(url: str) -> str:
    """The address without what is a secret in it."""
    return visible(masked_address(url))


def _inert(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def _xml(text: str) -> str:
    """Text without what XML 1.0 cannot hold."""
    return "".join(
        character
        for character in text
        if character in "\t\n\r" or 0x20 <= ord(character) < 0xD800 or 0xE000 <= ord(character) < 0xFFFE
    )
