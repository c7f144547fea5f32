"""The verdict's lines: marks and colours, badges, notes over more than one attempt."""

import dataclasses

import pytest

from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, Phase
from wsinspector.present.answer import of_attempt
from wsinspector.present.verdict_rows import NOTED, SAID, Badge, lit_spans, verdict_lines
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.draft import DraftLine, standard_draft
from wsinspector.protocol.http_reader import read_response
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.examples import request_bytes
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.request_rules import judge_request
from wsinspector.verdicts.response_rules import judge_response
from wsinspector.verdicts.second_opinion import second_opinion

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
OPEN = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
REFUSED = (
    b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
)


def attempt(number: int, answer: bytes, version: bytes = b"13") -> AttemptSnapshot:
    request = standard_draft(b"/", b"h", KEY, version=[version]).to_bytes()
    response = read_response(answer)
    return AttemptSnapshot(
        1, number, number, Phase.OPEN, "ws://h/", 0, 0, request,
        response=response, verdict=judge_response(request, response),
    )  # fmt: skip


def test_an_open_handshake_has_its_passes_first() -> None:
    lines = verdict_lines(attempt(1, OPEN))
    assert lines.rows == ()
    assert [badge.folds for badge in lines.badges] == [True]
    assert lines.badges[0].text == f"{len(lines.passed)} passed"


def test_a_refusal_is_amber_and_not_red() -> None:
    lines = verdict_lines(attempt(1, REFUSED, b"8"))
    assert (lines.rows[0].mark, lines.rows[0].tone) == ("✕", "note")
    assert lines.badges[0] == Badge("1 ends the handshake", "note")
    assert lines.rows[0].short_clause.startswith("§")


def test_a_fault_of_the_server_is_red() -> None:
    lines = verdict_lines(attempt(1, OPEN.replace(b"s3pP", b"AAAA")))
    assert lines.rows[0].mark == "✕"
    assert lines.rows[0].tone == "fault"
    assert lines.badges[0].tone == "fault"
    assert lit_spans(lines.rows[0].subjects, "response")


def test_an_earlier_refusal_is_noted_once_the_version_is_taken() -> None:
    lines = verdict_lines(attempt(2, OPEN), [attempt(1, REFUSED, b"8")])
    (row,) = lines.rows
    assert row.mark == "!"
    assert row.text == "The version was refused once before, as #1: 8 was sent, 13 offered"
    assert lit_spans(row.subjects, "request")
    assert [badge.text for badge in lines.badges][-1] == "1 note"


def test_a_refusal_for_another_reason_is_not_noted() -> None:
    assert verdict_lines(attempt(2, OPEN), [attempt(1, REFUSED, b"13")]).rows == ()


def test_a_refusal_is_noted_only_where_one_of_its_versions_was_then_taken() -> None:
    before = attempt(1, REFUSED, b"8")
    assert verdict_lines(attempt(2, OPEN, b"7"), [before]).rows == ()
    elsewhere = dataclasses.replace(before, url="ws://other/")
    assert verdict_lines(attempt(2, OPEN), [elsewhere]).rows == ()


def sent(number: int, answer: bytes, version: bytes) -> AttemptSnapshot:
    return dataclasses.replace(attempt(number, answer, version), request_at=1, phase=Phase.ENDED)


def test_a_server_that_refused_as_it_must_is_told_so() -> None:
    status, held = verdict_lines(sent(1, REFUSED, b"14")).rows
    assert status.text == "Status 426, expected 101."
    assert (held.mark, held.tone, held.rule) == (SAID, "muted", "request-version")
    assert held.text == (
        "A conforming server must refuse this, because the version is 14, which is unassigned, expected 13. "
        "It did, with 426."
    )
    assert lit_spans(held.subjects, "request")


def test_a_server_that_opened_what_it_must_refuse_is_at_fault() -> None:
    lines = verdict_lines(sent(1, OPEN, b"14"))
    (held,) = lines.rows
    assert (held.mark, held.tone) == ("✕", "fault")
    assert held.text.endswith("It did not: it answered 101.")
    assert Badge("1 violation", "fault") in lines.badges


def test_a_101_that_no_header_asked_for_is_told_once() -> None:
    request = request_bytes({b"Upgrade": None})
    response = read_response(OPEN)
    made = dataclasses.replace(
        sent(1, OPEN, b"13"), request=request, verdict=judge_response(request, response)
    )
    assert [row.rule for row in verdict_lines(made).rows] == ["switched-unasked"]


def test_a_caught_client_is_held_to_no_server() -> None:
    request = request_bytes({b"Sec-WebSocket-Version": b"14"})
    made = dataclasses.replace(
        sent(1, REFUSED, b"14"), request=request, role=Role.SERVER, verdict=judge_request(request)
    )
    assert [(row.mark, row.tone, row.rule) for row in verdict_lines(made).rows] == [
        ("✕", "fault", "request-version")
    ]


def test_a_second_opinion_that_agrees_stands_beside() -> None:
    made = dataclasses.replace(sent(1, OPEN, b"13"), opened_at=1)
    opinion = second_opinion(made.request, OPEN)
    (row,) = verdict_lines(made, opinion=opinion).rows
    assert (row.mark, row.tone, row.clause) == (SAID, "muted", "second opinion")
    assert row.text == opinion.text
    assert row.spoken().startswith("Beside it: websockets")


def test_a_second_opinion_that_differs_is_a_note() -> None:
    made = dataclasses.replace(sent(1, OPEN, b"13"), opened_at=1)
    other = second_opinion(made.request, REFUSED, ended=True)
    assert other.accepted is False
    lines = verdict_lines(made, opinion=other)
    assert [row.mark for row in lines.rows] == [NOTED]
    assert "1 note" in [badge.text for badge in lines.badges]


def test_an_old_dialect_is_not_asked_about_and_says_why() -> None:
    made = dataclasses.replace(sent(1, OPEN, b"13"), dialect="hixie-76", opened_at=1)
    opinion = second_opinion(made.request, OPEN, dialect="hixie-76")
    (row,) = verdict_lines(made, opinion=opinion).rows
    assert row.text == "Not asked: hixie-76"
    assert "RFC 6455 alone" in row.why


def test_an_end_without_close_frames_is_noted() -> None:
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 60.0, 61.0, 0)
    (row,) = verdict_lines(dataclasses.replace(attempt(1, OPEN), end=end, opened_at=1)).rows
    assert row.text == "Not closed cleanly: no Close frame either way"
    assert row.short_clause == "§7.1.4"


def test_an_end_of_our_own_behind_the_answer_is_no_fault() -> None:
    end = End(EndKind.RESPONSE_DONE, EndedBy.US, False, 1006, "", None, None, 0.0, 0.0, 0)
    assert verdict_lines(dataclasses.replace(attempt(1, OPEN), end=end, opened_at=1)).rows == ()


@pytest.mark.parametrize("name", ["hixie-76", "hybi-04", "hybi-06", "hybi-11"])
def test_an_end_without_close_frames_is_told_by_the_draft_that_was_spoken(name: str) -> None:
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 60.0, 61.0, 0)
    made = dataclasses.replace(attempt(1, OPEN), end=end, opened_at=1, agreed=Agreed(dialect=name))
    (row,) = verdict_lines(made).rows
    assert row.short_clause == name
    assert ("1006" in row.why) is (name == "hybi-11")


def test_text_of_the_peer_is_visible_text() -> None:
    lines = verdict_lines(attempt(1, OPEN.replace(b"s3pP", "\u202e\u200b".encode())))
    for row in (*lines.rows, *lines.passed):
        assert "\u202e" not in row.text + row.why
        assert "\u200b" not in row.text + row.why


def test_no_secret_of_the_heads_stands_in_a_finding_or_a_pass() -> None:
    token = b"bearer.eyJhbGciOiJIUzI1NiJ9." + b"c2VjcmV0" * 12 + b".c2lnbmF0dXJl"
    for chosen in (token, token[:-3] + b"xyz"):
        answer = OPEN.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: " + chosen + b"\r\n\r\n")
        draft = standard_draft(b"/", b"h", KEY)
        request = draft.insert(5, DraftLine(b"Sec-WebSocket-Protocol", b"chat, " + token)).to_bytes()
        response = read_response(answer)
        made = dataclasses.replace(
            attempt(1, answer), request=request, response=response,
            verdict=judge_response(request, response), subprotocol=chosen.decode(),
            outcome=Outcome.OPEN, opened_at=1,
        )  # fmt: skip
        lines = verdict_lines(made)
        told = [row.spoken() for row in (*lines.rows, *lines.passed)] + [of_attempt(made).spoken]
        assert any("ubprotocol bearer." in text for text in told)
        assert all("eyJ" not in text and "c2Vj" not in text for text in told)


def test_a_list_that_does_not_name_what_was_taken_is_noted() -> None:
    listing = dataclasses.replace(attempt(1, REFUSED, b"14"), request_at=1)
    took = dataclasses.replace(attempt(2, OPEN, b"8"), request_at=1)
    texts = [row.text for row in verdict_lines(took, [listing]).rows]
    assert "The list of #1 is not whole: it names 13, and 8 was taken here." in texts
    assert not [text for text in texts if "refused once before" in text]
