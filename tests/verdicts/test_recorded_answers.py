"""Answers that real servers gave over loopback, read and judged."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from wsinspector.protocol.http_reader import ReadPhase, ResponseReader, read_response
from wsinspector.verdicts.catalogue import rule_called
from wsinspector.verdicts.expected import conformance
from wsinspector.verdicts.outcome import Outcome, outcome_of
from wsinspector.verdicts.refusal import retry_candidate, supported_versions
from wsinspector.verdicts.request_rules import judge_request
from wsinspector.verdicts.response_rules import judge_response
from wsinspector.verdicts.second_opinion import second_opinion

VECTORS = Path(__file__).parent.parent / "vectors" / "answers.jsonl"


@dataclass(frozen=True)
class Recorded:
    request: bytes
    answer: bytes
    ended: bool


def _load() -> dict[str, Recorded]:
    found = {}
    for text in VECTORS.read_text("ascii").splitlines():
        entry = json.loads(text)
        found[f"{entry['server'].split(',')[0]} {entry['case']}"] = Recorded(
            entry["request"].encode("latin-1"), entry["answer"].encode("latin-1"), entry["ended"] != "timeout"
        )
    return found


RECORDED = _load()

# What each came to: outcome, rules that found something (the status of a refusal aside), versions
# listed, version to try next.
EXPECTED: dict[str, tuple[Outcome, set[str], tuple[str, ...] | None, bytes | None]] = {
    "websockets 17.4 v13": (Outcome.OPEN, set(), None, None),
    "websockets 17.4 v8": (Outcome.REFUSED, {"version-list"}, None, None),
    "aiohttp 3.14.5 v8": (Outcome.OPEN, set(), None, None),
    "aiohttp 3.14.5 x-v6": (Outcome.REFUSED, {"version-list"}, None, None),
    "aiohttp 3.14.5 http-1.0": (Outcome.FAILED, {"http-version"}, None, None),
    "aiohttp 3.14.5 x-v-space-before-colon": (Outcome.REFUSED, {"http-1.0"}, None, None),
    "tornado 6.6.1 v14": (Outcome.REFUSED, {"upgrade-in-426"}, ("13",), b"13"),
    "tornado 6.6.1 key-duplicate": (Outcome.OPEN, {"accept"}, None, None),
    "gevent-websocket 0.10.1 v256": (Outcome.REFUSED, {"content-length"}, ("13", "8", "7"), b"13"),
    "gevent-websocket 0.10.1 x-v-space-before-colon": (
        Outcome.REFUSED, {"upgrade-in-426", "version-listed", "content-length"}, ("13", "8", "7"), None,
    ),
    "ruby-em-websocket 0.5.1-2 v-missing": (Outcome.FAILED, {"accept", "hixie-answer"}, None, None),
    "ruby-em-websocket 0.5.1-2 v255": (Outcome.CLOSED, {"no-answer"}, None, None),
    "ruby-em-websocket 0.5.1-2 x-v-latin1": (Outcome.NO_ANSWER, {"no-answer"}, None, None),
    "websocket 1.0.35 v14": (Outcome.REFUSED, {"upgrade-in-426"}, ("13",), b"13"),
    "websocket 1.0.35 upgrade-missing": (Outcome.REFUSED, set(), None, None),
    "ws 8.23.0 v14": (Outcome.REFUSED, set(), ("13", "8"), b"13"),
    "uvicorn 0.54.0 v8": (Outcome.REFUSED, {"upgrade-in-426"}, ("13",), b"13"),
    "hypercorn 0.18.0 v13": (Outcome.OPEN, set(), None, None),
    "hypercorn 0.18.0 v8": (Outcome.REFUSED, {"version-list"}, None, None),
    "autobahn 26.10.2 v14": (Outcome.REFUSED, set(), ("13", "8"), b"13"),
    "nginx 1.22.1-9+deb12u11 v13": (Outcome.REFUSED, set(), None, None),
}  # fmt: skip


def test_every_recorded_answer_is_expected() -> None:
    assert set(EXPECTED) == set(RECORDED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_real_server_answered(name: str) -> None:
    recorded = RECORDED[name]
    reader = ResponseReader()
    for at in range(0, len(recorded.answer), 7):
        reader.feed(recorded.answer[at : at + 7])
    if recorded.ended:
        reader.eof()
    else:
        assert reader.phase in (ReadPhase.DONE, ReadPhase.UPGRADED) or not recorded.answer
        reader.idle()
    response = reader.response
    verdict = judge_response(recorded.request, response, interim=reader.interim)
    outcome = outcome_of(
        verdict, response, network_error=False, closed=recorded.ended, timed_out=not recorded.ended
    )
    rules = {finding.rule for finding in verdict.findings} - {"status"}
    assert (outcome, rules, supported_versions(response), retry_candidate(recorded.request, response)) == (
        EXPECTED[name]
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_two_clients_agree_on_a_real_answer_and_every_finding_has_its_rule(name: str) -> None:
    recorded = RECORDED[name]
    response = read_response(recorded.answer)
    verdict = judge_response(recorded.request, response)
    opinion = second_opinion(recorded.request, recorded.answer, ended=True)
    if opinion.asked:
        assert opinion.accepted is not verdict.breaks, opinion.text
    found = (*verdict.findings, *judge_request(recorded.request).findings)
    assert all(rule_called(each.rule) is not None for each in found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("websockets 17.4 v13", "Nothing obliges a server to refuse this."),
        ("aiohttp 3.14.5 v8", "Nothing obliges a server to refuse this."),
        ("tornado 6.6.1 v14",
         "A conforming server must refuse this, because the version is 14, which is unassigned, expected 13. "
         "It did, with 426."),
        ("tornado 6.6.1 key-duplicate",
         "A conforming server must refuse this, because the Sec-WebSocket-Key header stands 2 times, "
         "expected once. It did not: it answered 101."),
        ("ruby-em-websocket 0.5.1-2 v-missing",
         "A conforming server must refuse this, because the request has no Sec-WebSocket-Version, expected "
         "13. It did not: it answered 101."),
        ("websocket 1.0.35 upgrade-missing",
         "A conforming server must refuse this, because the request has no Upgrade header, expected Upgrade: "
         "websocket. It refused with 404; the answer does not say that this is why."),
    ],
)  # fmt: skip
def test_what_a_real_server_owed_and_did(name: str, text: str) -> None:
    recorded = RECORDED[name]
    assert conformance(recorded.request, read_response(recorded.answer), ended=True).text == text
