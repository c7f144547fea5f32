"""The client's checks on answers of the old dialects, on bytes that drafts, servers and mistakes made."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.exchanges import (
    ANSWERED_75,
    ANSWERED_76,
    ASKED_75,
    ASKED_76,
    VECTORS,
    answered,
    asked,
    asked_76,
    crlf,
)
from wsinspector.protocol.dialects import DIALECTS, Asking, Dialect, dialect_called, recognise, spoken_for
from wsinspector.protocol.dialects.challenges import digest_for
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader, read_response
from wsinspector.verdicts.challenge_rules import CHALLENGE_RULES
from wsinspector.verdicts.finding import Fault, Severity, Verdict
from wsinspector.verdicts.outcome import Outcome, outcome_of
from wsinspector.verdicts.response_rules import accept_ok, judge_response
from wsinspector.verdicts.rule import Case, Example, Rule

BROKEN = bytes.fromhex("398cf2fc5ee330584b7c593df0886af4")


def judged(request: bytes, answer: bytes, dialect: str = "") -> Verdict:
    tail = dialect_called(dialect or spoken_for(request)).handshake.answer_tail
    return judge_response(request, read_response(answer, answer_tail=tail), dialect=dialect)


def found(verdict: Verdict) -> dict[str, Severity]:
    return {finding.rule: finding.severity for finding in verdict.findings}


EXCHANGES = [
    ("hixie-75", ASKED_75, ANSWERED_75),
    ("hixie-76", ASKED_76, ANSWERED_76),
    ("hybi-01", ASKED_76, ANSWERED_76),
    ("hybi-02", asked_76(b"Sec-WebSocket-Draft: 2"), ANSWERED_76),
    ("hybi-03", asked_76(b"Sec-WebSocket-Draft: 2"), ANSWERED_76),
    ("hybi-04", asked(b"4"), answered(b"Sec-WebSocket-Nonce: AQIDBAUGBwgJCgsMDQ4PEA==")),
    *((name, asked(name[-1:].encode()), answered()) for name in ("hybi-05", "hybi-06", "hybi-07", "hybi-08")),
    ("hybi-11", asked(b"8", origin=b"Origin"), answered()),
    ("rfc6455", asked(b"13", origin=b"Origin"), answered()),
]


@pytest.mark.parametrize(("name", "request_bytes", "answer"), EXCHANGES)
def test_recorded_exchanges_open_however_they_are_cut(name: str, request_bytes: bytes, answer: bytes) -> None:
    frames = b"\x00Hello\xff"
    response = None
    for cut in range(1, len(answer)):
        reader = ResponseReader(answer_tail=dialect_called(name).handshake.answer_tail)
        starts = []
        for part in (answer[:cut], answer[cut:] + frames):
            reader.feed(part)
            starts.append(reader.frames_start)
        assert starts == [None, len(answer)]
        assert reader.phase is ReadPhase.UPGRADED
        response = reader.response
        assert response is not None
        assert response.complete
        assert answer[response.body_span.start : response.body_span.end] == response.body
    assert response is not None
    verdict = judge_response(request_bytes, response, dialect=name)
    assert verdict.findings == ()
    assert accept_ok(request_bytes, response) is (None if name == "hixie-75" else True)
    outcome = outcome_of(verdict, response, network_error=False, closed=False, timed_out=False)
    assert outcome is Outcome.OPEN


ASKINGS = st.builds(
    Asking,
    st.sampled_from([b"/", b"/chat?a=b"]),
    st.sampled_from([b"a.example", b"a.example:8080", b"[::1]:80"]),
    st.sampled_from([b"", b"http://page.example"]),
    st.sampled_from([(), (b"one",), (b"one", b"two")]),
)


@given(st.sampled_from(DIALECTS), ASKINGS, st.randoms(use_true_random=False), st.booleans())
def test_what_is_composed_is_taken_answered_and_opens(
    row: Dialect, asking: Asking, random: Random, secure: bool
) -> None:
    draw = random.randbytes
    draft = row.handshake.compose(row, asking, draw)
    data = draft.to_bytes()
    head = parse_request(data)
    tail = data[head.span.end :]
    assert len(tail) == row.handshake.request_tail
    assert recognise(head).challenge is row.challenge
    assert row.handshake.refusal(row, head, tail) == ""
    offered = row.handshake.subprotocols(head)
    answer = row.handshake.answer(
        row,
        head,
        tail,
        location=(b"wss://" if secure else b"ws://") + asking.host + asking.target,
        subprotocol=offered[-1] if offered else None,
        extensions=(),
        random=draw,
    )
    verdict = judged(data, answer, row.name)
    assert verdict.findings == ()


@pytest.mark.parametrize("rule", CHALLENGE_RULES, ids=lambda rule: rule.name)
def test_each_rule_passes_its_one_example_and_fails_its_other(rule: Rule[Case]) -> None:
    def findings(example: Example) -> set[str]:
        return set(found(judged(example.request, example.data)))

    assert rule.name not in findings(rule.passing)
    assert rule.name in findings(rule.failing)
    assert rule.what.endswith(".")
    assert rule.why.count(". ") == 1


@pytest.mark.parametrize(
    ("request_bytes", "answer", "rules"),
    [
        # hixie-75: three lines as they are, then what belongs to the page
        (ASKED_75, ANSWERED_75.replace(b"Web Socket", b"WebSocket"), {"hixie-first-lines": "breaks"}),
        (
            ASKED_75,
            ANSWERED_75.replace(b"Upgrade: WebSocket", b"Upgrade: websocket"),
            {"hixie-first-lines": "breaks"},
        ),
        (
            ASKED_75,
            ANSWERED_75.replace(b"\r\n", b"\n", 1),
            {"hixie-first-lines": "breaks", "line-ending": "violates"},
        ),
        (
            ASKED_75,
            b"HTTP/1.1 101 Web Socket Protocol Handshake\r\n\r\n",
            {
                "hixie-first-lines": "breaks",
                "hixie-origin": "violates",
                "hixie-location": "violates",
            },
        ),
        (
            ASKED_75,
            ANSWERED_75.replace(b"http://example.com", b"http://other.example"),
            {"hixie-origin": "unusual"},
        ),
        (ASKED_75, ANSWERED_75.replace(b"/echo", b"/other"), {"hixie-location": "unusual"}),
        (ASKED_75, ANSWERED_75.replace(b"ws://", b"http://"), {"hixie-location": "unusual"}),
        (ASKED_75, ANSWERED_75[:-2] + b"WebSocket-Protocol: x\r\n\r\n", {"hixie-subprotocol": "unusual"}),
        # hixie-76
        (
            ASKED_76,
            ANSWERED_76.replace(b"Upgrade: WebSocket", b"Upgrade: websocket"),
            {"hixie-upgrade": "unusual"},
        ),
        (ASKED_76, ANSWERED_76.replace(b"Upgrade: WebSocket\r\n", b""), {"hixie-upgrade": "breaks"}),
        (
            ASKED_76,
            ANSWERED_76.replace(b": Upgrade", b": keep-alive, Upgrade"),
            {"hixie-connection": "unusual"},
        ),
        (
            ASKED_76,
            ANSWERED_76.replace(b"Protocol: sample", b"Protocol: default"),
            {"hixie-subprotocol": "unusual"},
        ),
        (
            ASKED_76,
            ANSWERED_76.replace(b"Sec-WebSocket-Protocol: sample\r\n", b""),
            {"hixie-subprotocol": "unusual"},
        ),
        (
            ASKED_76,
            ANSWERED_76.replace(b"\r\n\r\n", b"\r\nUpgrade: WebSocket\r\n\r\n", 1),
            {"hixie-once": "unusual"},
        ),
        (ASKED_76, ANSWERED_76[:-16], {"hixie-digest": "breaks"}),
        (ASKED_76, ANSWERED_76[:-1], {"hixie-digest": "breaks"}),
        (ASKED_76, ANSWERED_76[:-16] + BROKEN, {"hixie-digest": "breaks"}),
        (ASKED_76[:-1], ANSWERED_76, {"hixie-digest": "note"}),
        (ASKED_76.replace(b".P00", b".P01"), ANSWERED_76, {"hixie-digest": "note"}),
        # one key
        (asked(b"4"), answered(), {"nonce": "breaks"}),
        (asked(b"4"), answered(b"Sec-WebSocket-Nonce: x"), {"nonce": "violates"}),
        (asked(b"5"), answered(b"Sec-WebSocket-Nonce: x"), {}),
        (
            asked(b"5"),
            answered().replace(b": Upgrade", b": keep-alive, Upgrade"),
            {"connection-alone": "violates"},
        ),
        (asked(b"6"), answered().replace(b": Upgrade", b": keep-alive, Upgrade"), {}),
        (asked(b"8"), answered(b"Sec-WebSocket-Protocol: x"), {"subprotocol": "unusual"}),
        (asked(b"13"), answered(b"Sec-WebSocket-Protocol: x"), {"subprotocol": "breaks"}),
        (asked(b"7"), answered().replace(b"s3pP", b"s3pQ"), {"accept": "breaks"}),
        # an answer of an older age
        (asked(b"25"), ANSWERED_75, {"hixie-answer": "note", "accept": "breaks"}),
        (
            asked(b"13"),
            ANSWERED_76[:-16],
            {"hixie-answer": "note", "accept": "breaks", "subprotocol": "breaks"},
        ),
        (asked(b"13"), answered().replace(b"Switching Protocols", b"WebSocket Protocol Handshake"), {}),
    ],
)
def test_what_is_said_of_an_answer(request_bytes: bytes, answer: bytes, rules: dict[str, str]) -> None:
    said = found(judged(request_bytes, answer))
    assert {rule: severity.value for rule, severity in said.items()} == rules


def test_the_known_broken_peer_is_named() -> None:
    verdict = judged(ASKED_76, ANSWERED_76[:-16] + BROKEN)
    (finding,) = verdict.findings
    assert "computed over UTF-8 text instead of bytes" in finding.text
    assert "ws 0.4.32 and 1.1.5 on Node 6 or newer do this" in finding.text
    assert finding.fault is Fault.SERVER
    (subject,) = finding.subjects
    assert (subject.side, len(subject.span)) == ("response", 16)
    assert not accept_ok(ASKED_76, read_response(ANSWERED_76[:-16] + BROKEN, answer_tail=16))


@pytest.mark.parametrize("later", [b"", b"\x00and more\xff"])
def test_frames_where_the_digest_should_be_are_told_as_a_guess(later: bytes) -> None:
    (finding,) = judged(ASKED_76, ANSWERED_76[:-16] + b"\x00Hello\xff" + later).findings
    assert finding.severity is Severity.BREAKS
    assert finding.text.endswith("Probably none was sent, and these bytes begin a text frame.")


def test_a_right_digest_that_looks_like_a_frame_is_right() -> None:
    digest = next(
        (key3, found)
        for number in range(1 << 24)
        if (key3 := number.to_bytes(8, "big"))
        and (found := digest_for(VECTORS[0].key1, VECTORS[0].key2, key3))
        and found[0] == 0
        and 0xFF in found
        and found[1 : found.index(0xFF)].isascii()
    )
    request = ASKED_76[:-8] + digest[0]
    assert judged(request, ANSWERED_76[:-16] + digest[1]).findings == ()


def test_a_refusal_of_an_old_request_is_judged_as_any_other() -> None:
    refused = crlf(b"HTTP/1.1 400 Bad Request", b"Content-Length: 2", tail=b"no")
    verdict = judged(ASKED_76, refused)
    assert set(found(verdict)) == {"status"}


def test_a_port_of_the_scheme_may_be_left_out_of_the_location() -> None:
    request = ASKED_75.replace(b"127.0.0.1:39107", b"a.example:80")
    assert judged(request, ANSWERED_75.replace(b"127.0.0.1:39107", b"A.example")).findings == ()
    secure = ANSWERED_75.replace(b"ws://127.0.0.1:39107", b"wss://a.example")
    assert set(found(judged(request, secure))) == {"hixie-location"}


def test_a_dialect_whose_challenge_is_not_in_the_request_judges_nothing() -> None:
    assert found(judge_response(asked(b"13"), read_response(answered()), dialect="hixie-76")) == {}


def test_an_extension_that_hides_frames_is_named() -> None:
    field = b"Sec-WebSocket-Extensions: deflate-stream"
    verdict = judged(asked(b"7", field), answered(field))
    assert found(verdict) == {"opaque-extension": Severity.NOTE}


# -- a server that leaves the digest out


def test_a_missing_digest_is_waited_for_no_longer_than_anything_else() -> None:
    reader = ResponseReader(answer_tail=16)
    head = ANSWERED_76[:-16]
    reader.feed(head)
    phases = [reader.phase]
    reader.idle()
    phases.append(reader.phase)
    assert phases == [ReadPhase.BODY, ReadPhase.UPGRADED]
    assert reader.frames_start == len(head)
    reader.feed(b"\x00Hello\xff")
    assert reader.frames_start == len(head)
    response = reader.response
    assert response is not None
    assert (response.body, response.complete) == (b"", False)
    verdict = judge_response(ASKED_76, response)
    assert found(verdict) == {"hixie-digest": Severity.BREAKS}


def test_no_outcome_is_known_before_the_digest_came() -> None:
    reader = ResponseReader(answer_tail=16)
    reader.feed(ANSWERED_76[:-3])
    waiting = outcome_of(None, reader.response, network_error=False, closed=False, timed_out=False)
    assert waiting is None
    verdict = judge_response(ASKED_76, reader.response)
    over = outcome_of(verdict, reader.response, network_error=False, closed=False, timed_out=True)
    assert over is Outcome.FAILED


def test_the_end_of_the_stream_ends_the_wait_too() -> None:
    response = read_response(ANSWERED_76[:-3], answer_tail=16)
    assert response is not None
    assert len(response.body) == 13
    assert not response.complete


def test_a_refusal_has_no_digest_to_wait_for() -> None:
    reader = ResponseReader(answer_tail=16)
    reader.feed(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno")
    assert reader.phase is ReadPhase.DONE
    assert reader.frames_start is None


@given(
    st.sampled_from([ASKED_75, ASKED_76, asked(b"4")]),
    st.binary(max_size=60),
    st.integers(0, 300),
    st.binary(max_size=60),
)
def test_judging_never_raises_and_never_reads_outside_the_bytes(
    request: bytes, more: bytes, cut: int, answer: bytes
) -> None:
    request = request[:cut] + more
    for start in (ANSWERED_75, ANSWERED_76, b""):
        data = start[:cut] + answer
        for dialect in DIALECTS:
            for finding in judged(request, data, dialect.name).findings:
                for subject in finding.subjects:
                    limit = len(request) if subject.side == "request" else len(data)
                    assert 0 <= subject.span.start <= subject.span.end <= limit


@pytest.mark.parametrize(("name", "request_bytes", "answer"), EXCHANGES)
def test_what_a_draft_had_itself_is_cited_from_the_draft(
    name: str, request_bytes: bytes, answer: bytes
) -> None:
    own = frame_facts(name).document
    silent = judge_response(request_bytes, None, dialect=name)
    refused = judged(request_bytes, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", name)
    other = answer.replace(b"Sec-WebSocket-Accept: s", b"Sec-WebSocket-Accept: S")
    wrong = judged(request_bytes, other, name)
    verdicts = (silent, refused, wrong, judged(request_bytes, answer, name))
    clauses = {each.clause for verdict in verdicts for each in verdict.findings}
    clauses |= {each.clause for verdict in verdicts for each in verdict.passed}
    if frame_facts(name).framing == "rfc6455":
        assert "RFC 6455 §4.1" in clauses
    else:
        assert own in clauses
        assert not any(clause.startswith(("RFC 6455 §4.1", "RFC 6455 §9.1")) for clause in clauses)
    assert ("accept" in found(wrong)) is (b"Sec-WebSocket-Accept" in answer)
