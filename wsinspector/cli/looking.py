"""The commands ``info`` and ``check``: what a capture file holds, and whether it is as it was written."""

import argparse
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wsinspector.capture import AttemptRow, CaptureError, CaptureReader
from wsinspector.capture.finding import Finding, Report
from wsinspector.capture.repairs_noted import repairs
from wsinspector.cli.captures import unread
from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.telling import say
from wsinspector.conversation.checked import check_file, repair_file
from wsinspector.conversation.remains import left_out, losses
from wsinspector.conversation.restore import imported_from
from wsinspector.present.losses import loss_text
from wsinspector.present.numbers import count, size
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.har_gaps import LEFT_BEFORE, left_out_read, left_out_told
from wsinspector.translate import translate

NOT_ONE = 2

Told = dict[str, Any]


def run_info(arguments: argparse.Namespace) -> int:
    """Print what a capture holds: 0, or 2 where it is none."""
    path = Path(arguments.file)
    try:
        with CaptureReader(path) as reader:
            if arguments.json:
                told = list(_all(reader, statistics=arguments.statistics, text=False))
                put([json.dumps(_file(reader) | {"conversations": told}, ensure_ascii=False)])
            else:
                put(_file_lines(_file(reader)))
                put(
                    line
                    for each in _all(reader, statistics=arguments.statistics, text=True)
                    for line in _conversation_lines(each)
                )
    except (CaptureError, OSError) as error:
        say(unread(path, error))
        return NOT_ONE
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Print what is wrong with a capture: 0 where nothing is, 1, or 2 where it is none."""
    path = Path(arguments.file)
    aside = None
    try:
        if arguments.repair:
            report, aside = repair_file(path)
        else:
            report = check_file(path)
    except (CaptureError, OSError) as error:
        say(unread(path, error))
        return NOT_ONE
    with contextlib.suppress(ReaderGoneError):  # what was found does not depend on who reads of it
        _put_report(report, aside, as_json=arguments.json)
    return 0 if report.fine else 1


def _put_report(report: Report, aside: Path | None, *, as_json: bool) -> None:
    if as_json:
        damaged = {} if aside is None else {"damaged_file": str(aside)}
        put([json.dumps(report.as_json() | damaged, ensure_ascii=False)])
    else:
        put(_report_lines(report, aside))


# -- info


def _file(reader: CaptureReader) -> Told:
    meta = reader.meta()
    told: Told = {
        "file": str(reader.path),
        "size": reader.path.stat().st_size,
        "format": reader.format,
        "created_by": meta.get("created_by", ""),
        "written_by": meta.get("written_by", ""),
        "conversation_count": reader.conversation_count(),
        "attempt_count": len(reader.attempt_ids()),
    }
    if found := repairs(reader):
        told["repairs"] = found
    if reader.salvaged:
        told["damaged"] = True
    return told


def _all(reader: CaptureReader, *, statistics: bool, text: bool) -> Iterator[Told]:
    for number in reader.conversation_ids():
        for row in reader.conversations(number):
            yield {
                "id": row.id,
                "title": masked_address(row.title),
                "created_ns": row.created_ns,
                "changed_ns": row.changed_ns,
                "pinned": row.pinned,
                "attempts": [
                    _attempt(reader, attempt) | (_figures(reader, attempt, text=text) if statistics else {})
                    for attempt in reader.attempts(row.id)
                ],
            }


def _figures(reader: CaptureReader, row: AttemptRow, *, text: bool) -> Told:
    # Here, as the other answers need none of it.
    from wsinspector.cli.statistics import statistics_of

    found = statistics_of(reader, row)
    return {} if found is None else {"statistics": found["text" if text else "figures"]}


def _attempt(reader: CaptureReader, row: AttemptRow) -> Told:
    facts = row.facts
    end = facts.get("end")
    caught = facts.get("role") == Role.SERVER.value
    imported = imported_from(facts)

    def travelled(direction: Direction) -> int | None:
        return None if imported else reader.stream_length(row.id, direction)

    return {
        "number": row.number,
        "role": "server" if caught else "client",
        "url": masked_address(str(facts.get("url", ""))),
        "dialect": str(facts.get("dialect", "")),
        "address": str(facts.get("client" if caught else "dialled", "")),
        "wall_ns": row.wall_ns,
        "seconds": end.get("age") if isinstance(end, dict) else None,
        "finished": row.finished,
        "end": end.get("kind") if isinstance(end, dict) else None,
        "code": end.get("code") if isinstance(end, dict) else None,
        "frames": reader.frame_count(row.id),
        "bytes_in": travelled(Direction.IN),
        "bytes_out": travelled(Direction.OUT),
        "imported": imported or None,
        "events": len(reader.events(row.id)),
        "marks": len(reader.marks(row.id)),
        "lost": [
            {"reason": loss.reason, "frames": loss.frames, "bytes": loss.bytes, "text": loss_text(loss)}
            for loss in losses(reader, row.id)
        ],
        "left_out": _left_out(reader, row.id),
        "left_out_before": left_out_told(left_out_read(facts.get(LEFT_BEFORE))),
    }


def _left_out(reader: CaptureReader, attempt_id: int) -> Told:
    """What a copy made to share holds something else in place of."""
    found = left_out(reader, attempt_id)
    return {"places": len(found), "bytes": sum(stop - start for _, start, stop in found)}


def _file_lines(told: Told) -> Iterator[str]:
    yield f"{told['file']}: {size(told['size'])}, format {told['format']}"
    yield f"made by wsinspector {visible(told['created_by'])}, last written by {visible(told['written_by'])}"
    yield f"conversations {count(told['conversation_count'])}, attempts {count(told['attempt_count'])}"
    if told.get("damaged"):
        yield "The file is damaged and is read as far as it can be: see wsinspector check."
    if told.get("repairs"):
        often = "once" if len(told["repairs"]) == 1 else f"{count(len(told['repairs']))} times"
        yield f"It was repaired {often}; --json tells what was found."


def _conversation_lines(told: Told) -> Iterator[str]:
    yield ""
    yield f"{told['id']}  {visible(told['title'])}" + ("  pinned" if told["pinned"] else "")
    for attempt in told["attempts"]:
        how = attempt["end"] or ("ended" if attempt["finished"] else "no end was kept")
        code = f" {attempt['code']}" if attempt["code"] is not None else ""
        yield (
            f"   attempt {attempt['number']}  {visible(attempt['dialect'])}  {visible(attempt['address'])}"
            f"  frames {count(attempt['frames'])}  in {_bytes(attempt['bytes_in'])}"
            f"  out {_bytes(attempt['bytes_out'])}  {visible(str(how))}{code}"
        )
        if kind := attempt["imported"]:
            yield f"      imported from {visible(kind.upper())}, which tells messages: each counts as a frame"
        for lost in attempt["lost"]:
            yield f"      {visible(lost['text'])}"
        if places := attempt["left_out"]["places"]:
            left = size(attempt["left_out"]["bytes"])
            text = translate("Looking", "left out on purpose: {0} in %n place(s)", "", places)
            yield f"      {text.format(left)}"
        for each in left_out_read(attempt["left_out_before"]):
            yield f"      left out before it was imported: {visible(each.text)}"
        for line in attempt.get("statistics", "").splitlines():
            yield f"      {line}".rstrip()


def _bytes(number: int | None) -> str:
    return translate("Looking", "unknown") if number is None else size(number)


# -- check


def _report_lines(report: Report, aside: Path | None) -> Iterator[str]:
    counts = report.counts
    yield (
        f"{report.path}: conversations {count(counts['conversations'])}, attempts"
        f" {count(counts['attempts'])}, frames {count(counts['frames'])},"
        f" of which {count(counts['compared'])} were held against their bytes"
    )
    for finding in report.findings:
        yield f"{_outcome(finding, written=report.written)}: {_place(finding)}{visible(finding.text)}"
    if report.more:
        yield f"and {count(report.more)} more"
    if report.fine:
        yield "Nothing else is wrong." if report.findings else "Nothing is wrong."
    elif report.written:
        lost = any(_outcome(finding, written=True) in ("changed", "lost") for finding in report.findings)
        yield "The file was repaired as far as it can be." if lost else "The file was repaired."
        if aside is not None:
            yield f"The damaged one is {aside}."
    else:
        yield "The file was not changed; --repair writes what can be repaired."


def _outcome(finding: Finding, *, written: bool) -> str:
    if finding.outcome == "repaired" and not written:
        return "repairable"
    return finding.outcome


def _place(finding: Finding) -> str:
    if finding.attempt is None:
        return ""
    parts = [f"attempt {finding.attempt}"]
    if finding.direction is not None:
        parts.append("received" if finding.direction is Direction.IN else "sent")
    if finding.start is not None and finding.stop is not None:
        what = "frames" if finding.kind == "frames" else "bytes"
        parts.append(f"{what} {finding.start} to {finding.stop - 1}")
    return ", ".join(parts) + ": "
