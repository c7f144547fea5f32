"""What is said of a draft before it is sent: whether a server must refuse it, and nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.draft_verdict import draft_lines
from wsinspector.present.verdict_rows import LEAD, VerdictLines
from wsinspector.verdicts.catalogue import AnyRule, rules_about
from wsinspector.verdicts.examples import request_bytes
from wsinspector.verdicts.rule import About

VERSION = b"Sec-WebSocket-Version"


def leads(lines: VerdictLines) -> list[str]:
    return [row.text for row in lines.rows if row.mark == LEAD]


def told(lines: VerdictLines) -> list[tuple[str, str]]:
    return [(row.mark, row.text) for row in lines.rows if row.mark != LEAD]


def test_a_right_request_may_be_accepted_and_its_passes_are_folded() -> None:
    lines = draft_lines(request_bytes())
    assert leads(lines) == ["A conforming server may accept this."]
    assert told(lines) == []
    assert [(badge.text, badge.folds) for badge in lines.badges] == [(f"{len(lines.passed)} passed", True)]
    assert all(row.rule for row in lines.passed)


def test_an_undefined_version_must_be_refused_with_a_list_and_is_told_once() -> None:
    lines = draft_lines(request_bytes({VERSION: b"14"}))
    assert leads(lines) == [
        "A conforming server must refuse this, with a list of the versions it takes, because:"
    ]
    assert told(lines) == [("✕", "The version is 14, which is unassigned, expected 13.")]
    assert lines.badges[0].text == "1 reason to refuse"
    assert lines.rows[1].subjects[0].header == VERSION


def test_a_malformed_version_is_owed_no_list() -> None:
    assert leads(draft_lines(request_bytes({VERSION: b"013"}))) == [
        "A conforming server must refuse this, because:"
    ]


@pytest.mark.parametrize("version", [b"7", b"8"])
def test_the_version_of_a_draft_is_a_note_that_depends_on_the_server(version: bytes) -> None:
    number = version.decode()
    lines = draft_lines(request_bytes({VERSION: version}))
    assert leads(lines) == [f"A server that speaks version {number} may accept this."]
    assert told(lines) == [
        ("!", f"A server that does not speak {number} must refuse, with a list of the versions it takes.")
    ]
    assert lines.rows[-1].rule == "request-version"


def test_a_version_that_a_rule_speaks_of_is_not_told_again() -> None:
    (only,) = told(draft_lines(request_bytes({VERSION: b"2"})))
    assert only == ("!", "The version is 2, registered for a draft that sent none, expected 13.")


def test_what_is_wrong_but_no_reason_stands_apart() -> None:
    lines = draft_lines(request_bytes({b"Upgrade": None, b"Origin": b"https://page.example/"}))
    assert [row.mark for row in lines.rows] == [LEAD, "✕", LEAD, "✕"]
    assert lines.rows[2].text == "Wrong too, though no reason to refuse:"
    assert [badge.text for badge in lines.badges][:2] == ["1 reason to refuse", "1 violation"]


def test_of_half_a_request_only_that_is_said() -> None:
    lines = draft_lines(b"GET / HTTP/1.1\r\nHost: h\r\n")
    assert leads(lines)[0] == "The request is not whole, so a server waits for the rest of it."
    assert [row.rule for row in lines.rows if row.mark == "✕"] == ["request-whole"]
    assert lines.badges[0].text == "not whole"


def test_an_old_dialect_is_judged_by_its_own_rules() -> None:
    old = request_bytes(
        {b"Sec-WebSocket-Key": None, VERSION: None, b"Origin": b"http://h", b"Upgrade": b"WebSocket"}
    )
    lines = draft_lines(old)
    assert leads(lines) == ["A server that speaks hixie-75 may accept this."]
    assert told(lines) == [("!", "A server that does not speak hixie-75 must refuse, and owes no list.")]


def test_an_empty_draft_says_that_nothing_would_be_sent() -> None:
    assert "empty" in draft_lines(b"").empty


@pytest.mark.parametrize("rule", list(rules_about(About.REQUEST)), ids=lambda rule: rule.name)
def test_nothing_of_our_own_request_is_red(rule: AnyRule) -> None:
    lines = draft_lines(rule.failing.data)
    assert rule.name in {row.rule for row in lines.rows}
    assert "fault" not in {row.tone for row in lines.rows} | {badge.tone for badge in lines.badges}


def test_a_secret_of_the_draft_is_not_repeated() -> None:
    token = b"bearer.eyJhbGciOiJIUzI1NiJ9." + b"c2VjcmV0" * 12
    lines = draft_lines(request_bytes({b"Sec-WebSocket-Protocol": token + b", " + token}))
    assert any(row.rule == "request-subprotocols-unique" for row in lines.rows)
    assert all("eyJ" not in row.text for row in (*lines.rows, *lines.passed))


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    lines = draft_lines(data)
    assert lines.rows or lines.empty
    for row in lines.rows:
        for subject in row.subjects:
            assert subject.side == "request"
            assert 0 <= subject.span.start <= subject.span.end <= len(data)
