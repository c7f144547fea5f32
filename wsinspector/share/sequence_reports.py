"""What a run of sequences leaves for others: JUnit for a CI, JSON for a script."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from wsinspector.conversation.sequences.model import Wait
from wsinspector.conversation.sequences.results import RunResults, StepResult, StepState
from wsinspector.present.plain import visible
from wsinspector.present.step_evidence import CameFrame, CameFrames, evidence_lines
from wsinspector.present.step_texts import kind_text, phase_text, step_title


@dataclass(frozen=True, slots=True)
class Ran:
    """One file that was run. ``capture``: where the conversation is kept, empty where it is not.

    ``frames``: those that failed steps speak of, read back from the capture.
    """

    file: str
    results: RunResults
    capture: str = ""
    frames: CameFrames = field(default_factory=dict)


def junit_text(runs: Sequence[Ran]) -> str:
    """A suite a file, a case a step. An expectation that is not met is a failure; what could not be
    done, or not be told, is an error; what was not reached is skipped."""
    root = ElementTree.Element("testsuites", name="wsinspector run")
    for ran in runs:
        results = ran.results
        name = results.sequence.name or ran.file
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(visible(name)))
        counts = {"failure": 0, "error": 0, "skipped": 0}
        for place, each in enumerate(results.steps, 1):
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=_xml(f"{place} {step_title(each.step)}"),
                classname=_xml(visible(ran.file)),
                time=f"{each.took:.4f}",
            )
            if each.step.line:
                case.set("line", str(each.step.line))
            kind = _kind(each)
            if kind is not None:
                counts[kind] += 1
                found = ElementTree.SubElement(
                    case, kind, message=_xml(visible(each.text) or "It was not run.")
                )
                found.text = _xml(_evidence(ran, each))
        if not any(counts.values()) and results.text:
            ElementTree.SubElement(suite, "system-out").text = _xml(visible(results.text))
        suite.set("tests", str(len(results.steps)))
        suite.set("failures", str(counts["failure"]))
        suite.set("errors", str(counts["error"]))
        suite.set("skipped", str(counts["skipped"]))
        suite.set("time", f"{results.seconds:.4f}")
        suite.set("timestamp", _when(results)[:19])
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _kind(each: StepResult) -> str | None:
    match each.state:
        case StepState.FAILED:
            return "failure" if each.expects or isinstance(each.step.action, Wait) else "error"
        case StepState.UNDECIDED:
            return "error"
        case StepState.OK:
            return None
    return "skipped"


def _evidence(ran: Ran, each: StepResult) -> str:
    said = []
    if each.frame:
        said.append(f"attempt {each.attempt}, frame {each.frame}")
    if each.rounds > 1:
        said.append(f"{each.failures} of {each.rounds} rounds")
    if ran.capture:
        said.append(ran.capture)
    return "\n".join(("; ".join(said), *evidence_lines(each, ran.frames))).strip("\n")


def _when(results: RunResults) -> str:
    return datetime.fromtimestamp(results.began_wall_ns / 1e9, UTC).isoformat(timespec="milliseconds")


def run_json(ran: Ran) -> dict[str, Any]:
    """One file's run; times in seconds, ``frame`` null where no frame is the evidence."""
    results = ran.results
    return {
        "file": ran.file,
        "name": results.sequence.name,
        "outcome": results.phase.value,
        "text": phase_text(results),
        "began": _when(results),
        "seconds": round(results.seconds, 6),
        "capture": ran.capture or None,
        "steps": [_step_json(each, ran.frames) for each in results.steps],
    }


def _step_json(each: StepResult, frames: CameFrames) -> dict[str, Any]:
    made: dict[str, Any] = {
        "line": each.step.line or None,
        "depth": each.depth,
        "kind": kind_text(each.step.action),
        "title": step_title(each.step),
        "state": each.state.value,
        "text": each.text,
        "attempt": each.attempt or None,
        "frame": each.frame or None,
        "at": None if each.at is None else round(each.at, 6),
        "took": round(each.took, 6),
        "rounds": each.rounds,
        "failures": each.failures,
    }
    if each.lacking is not None:
        lacking = each.lacking
        made["looked_for"] = lacking.looked_for
        made["came"] = [
            _frame_json(number, frames.get((each.attempt, number)), nearest=number == lacking.nearest)
            for number in lacking.frames
        ]
        made["came_before"] = lacking.before
    return made


def _frame_json(number: int, frame: CameFrame | None, *, nearest: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"frame": number, "nearest": nearest}
    if frame is not None:
        made |= {"type": frame.type, "size": frame.size, "payload": frame.payload}
    return made


def json_text(runs: Sequence[Ran]) -> str:
    """All runs as one JSON object."""
    return json.dumps({"runs": [run_json(ran) for ran in runs]}, ensure_ascii=False, indent=1) + "\n"


def _xml(text: str) -> str:
    """Text without what XML 1.0 cannot hold."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r" or 0x20 <= ord(sign) < 0xD800 or 0xE000 <= ord(sign) < 0xFFFE
    )
