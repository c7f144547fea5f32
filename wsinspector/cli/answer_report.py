"""Say what came back to a handshake: as one JSON object, and as text for a terminal."""

import base64
from collections.abc import Iterator
from typing import Any

from wsinspector.cli.challenge_lines import challenge_json, challenge_text, proves_by_accept, third_key
from wsinspector.cli.compression_lines import compression_json, compression_text
from wsinspector.cli.mirror_lines import mirror_json, mirror_text
from wsinspector.cli.opinion_lines import expected_json, opinion_text, second_opinion_json
from wsinspector.cli.refusal_lines import refusal_json, refusal_text
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.plain import visible
from wsinspector.protocol.http import Head
from wsinspector.verdicts.finding import Finding, Severity
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.refusal import supported_versions
from wsinspector.verdicts.response_rules import accept_ok

BODY_SHOWN = 4096
"""Bytes of a body printed on a terminal; JSON has all."""

_TIMES = ("lookup", "tcp", "tls", "first_byte", "total")
_TIME_NAMES = {"lookup": "look-up", "tcp": "TCP", "tls": "TLS", "first_byte": "first byte", "total": "total"}
_MARKS = {Severity.BREAKS: "✕", Severity.VIOLATES: "✕", Severity.UNUSUAL: "!", Severity.NOTE: "!"}


_CLOSED_AFTER = {
    "half": "before a complete head",
    "interim": "after an interim answer",
    "nothing": "without a byte",
}
_SILENT_AFTER = {
    "half": "half a head, then silence",
    "interim": "an interim answer, then silence",
    "nothing": "no byte came",
}


def outcome_name(snapshot: AttemptSnapshot) -> str:
    """The outcome; a handshake given up before it was known had no answer.

    "unknown" where its bytes are lost.
    """
    if snapshot.handshake_lost and snapshot.outcome is None:
        return "unknown"
    return (snapshot.outcome or Outcome.NO_ANSWER).value


def exit_code(snapshot: AttemptSnapshot) -> int:
    """0 opened, 3 network, 1 whatever else did not open."""
    return {Outcome.OPEN: 0, Outcome.NETWORK_ERROR: 3}.get(snapshot.outcome or Outcome.NO_ANSWER, 1)


def answer_length(snapshot: AttemptSnapshot) -> int:
    """Bytes of what was received that are the answer: all of it, but for the frames after a 101.

    The digest behind the head is the answer's where the dialect has one.
    """
    response = snapshot.response
    if response is not None and response.status == 101 and response.head.complete:
        return response.body_span.end
    return snapshot.bytes_in


def as_json(snapshot: AttemptSnapshot, received: bytes) -> dict[str, Any]:
    """The report on a handshake; ``received`` are the answer's bytes as they travelled."""
    response = snapshot.response
    verdict = snapshot.verdict
    offered = supported_versions(response)
    return {
        "outcome": outcome_name(snapshot),
        "request": _base64(snapshot.request),
        "response": _base64(received),
        "status": response.status if response else None,
        "reason": response.reason.decode("latin-1") if response and response.status is not None else None,
        "headers": _headers(response.head) if response else [],
        "body": _base64(response.body if response else b""),
        "supported_versions": list(offered) if offered is not None else None,
        "accept_ok": accept_ok(snapshot.request, response) if proves_by_accept(snapshot) else None,
        "dialect": snapshot.dialect,
        "speaks": snapshot.agreed.dialect,
        "challenge": challenge_json(snapshot),
        "findings": [finding_json(finding) for finding in verdict.findings] if verdict else [],
        "refusal": refusal_json(snapshot),
        "expected": expected_json(snapshot),
        "second_opinion": second_opinion_json(snapshot, received),
        "mirror": mirror_json(snapshot),
        "compression": compression_json(snapshot),
        "timings_ms": {name: _rounded(getattr(snapshot.timings, name)) for name in _TIMES},
        "closed_by_peer": snapshot.closed_by_peer,
    }


def finding_json(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "clause": finding.clause,
        "text": finding.text,
    }


def as_text(snapshot: AttemptSnapshot, received: bytes) -> Iterator[str]:
    """Lines for a terminal, every character of the network made visible."""
    yield sentence(snapshot)
    if snapshot.request_at is not None:
        yield ""
        tail_at = len(snapshot.request) - len(third_key(snapshot))
        yield from _marked("> ", snapshot.request[:tail_at])
        if third_key(snapshot):
            yield f"> [{snapshot.request[tail_at:].hex(' ')}]"
    response = snapshot.response
    if received:
        yield ""
        body_at = response.body_span.start if response is not None else 0
        has_body = response is not None and len(response.body_span) > 0
        yield from _marked("< ", received[:body_at] if has_body else received)
        if response is not None and has_body and response.status == 101:
            yield f"< [{response.body.hex(' ')}]"
        elif response is not None and has_body:
            yield from _marked("  ", response.body[:BODY_SHOWN])
            if len(response.body) > BODY_SHOWN:
                yield f"  … {len(response.body) - BODY_SHOWN} more bytes"
    yield from mirror_text(snapshot)
    yield ""
    verdict = snapshot.verdict
    if verdict is not None:
        for finding in verdict.findings:
            yield f"{_MARKS[finding.severity]} {visible(finding.text)}  {finding.clause}"
        passed = len(verdict.passed)
        yield f"{passed} check{'' if passed == 1 else 's'} passed."
    yield from compression_text(snapshot)
    yield from refusal_text(snapshot)
    yield from challenge_text(snapshot)
    yield from opinion_text(snapshot, received)
    times = [(name, getattr(snapshot.timings, name)) for name in _TIMES]
    taken = [f"{_TIME_NAMES[name]} {value:.1f} ms" for name, value in times if value is not None]
    if taken:
        yield ", ".join(taken)


def sentence(snapshot: AttemptSnapshot) -> str:
    """The outcome in one line: facts only."""
    response = snapshot.response
    status = ""
    if response is not None and response.status is not None:
        status = f"{response.status} {visible(response.reason.decode('latin-1'))}".rstrip()
    match snapshot.outcome:
        case Outcome.OPEN:
            return f"open: {status}"
        case Outcome.FAILED:
            breaking = _first_breaking(snapshot)
            return f"failed: {status}. {breaking}".rstrip()
        case Outcome.REFUSED:
            offered = supported_versions(response)
            listed = f"; offers {visible(', '.join(offered))}" if offered else ""
            return f"refused: {status}{listed}"
        case Outcome.NOT_HTTP:
            return "not-http: the bytes are no HTTP answer"
        case Outcome.CLOSED:
            return f"closed: the peer ended the connection {_CLOSED_AFTER[_progress(snapshot)]}"
        case Outcome.NETWORK_ERROR:
            return f"network-error: {visible(snapshot.network_error)}"
    return f"no-answer: {_SILENT_AFTER[_progress(snapshot)]}"


def _progress(snapshot: AttemptSnapshot) -> str:
    """How far an answer came that has no whole final head."""
    if snapshot.response is not None:
        return "half"
    return "interim" if snapshot.interim else "nothing"


def _first_breaking(snapshot: AttemptSnapshot) -> str:
    findings = snapshot.verdict.findings if snapshot.verdict else ()
    return next((visible(each.text) for each in findings if each.severity is Severity.BREAKS), "")


def _marked(mark: str, data: bytes) -> Iterator[str]:
    """``data`` in lines; CRLF is the ordinary end of one, any other is shown."""
    lines = data.split(b"\n")
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        if last and not line:
            return
        ending = "" if last or line.endswith(b"\r") or mark == "  " else "␊"
        text = line if last else line.removesuffix(b"\r")
        shown = text.decode("utf-8", "backslashreplace") if mark == "  " else text.decode("latin-1")
        yield f"{mark}{visible(shown)}{ending}".rstrip()


def _headers(head: Head) -> list[list[str]]:
    return [[line.name.decode("latin-1"), line.trimmed.decode("latin-1")] for line in head.lines]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
