"""What leaves a sweep as a file: expectations, CSV, JSON, JUnit and a page."""

import csv
import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.sweep_results import SweepPhase, SweepResults, SweptServer
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.draft import DraftLine, standard_draft
from wsinspector.protocol.sweep_requests import OddRequest, saying
from wsinspector.protocol.sweep_texts import request_with_id
from wsinspector.share.sweep_expect import (
    WrongExpectationsError,
    check,
    expectations_text,
    failures,
    read_expectations,
)
from wsinspector.share.sweep_html import html_text
from wsinspector.share.sweep_tables import COLUMNS, csv_text, json_text, junit_text
from wsinspector.verdicts.sweep_cells import Ended, Probe

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
TOKEN = "c2VjcmV0LXRva2Vu0123456789"
OPEN = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + accept_for(KEY) + b"\r\n\r\n"
)
LISTED = b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13, 8\r\n\r\n"
EVIL = (
    b"HTTP/1.1 400 =cmd|'x'\r\nSec-WebSocket-Version: <script>alert(1)</script>\r\n"
    b"Set-Cookie: id=" + TOKEN.encode() + b"\r\nX: \x00\x1b\x0b\r\n\r\n"
)


def probe(request: OddRequest, answer: bytes) -> Probe:
    draft = standard_draft(b"/", b"server.example", KEY)
    draft = draft.insert(1, DraftLine(b"Authorization", b"Bearer " + TOKEN.encode()))
    ended = Ended.DONE if answer else Ended.TIMEOUT
    data = request.build(draft).to_bytes()
    return Probe(request.odd, 1, data, answer, ended, "", 1.5)


def swept(*answers: tuple[str, bytes], name: str = "one", url: str = "ws://one.example/") -> SweepResults:
    requests = []
    for id, _ in answers:
        request = request_with_id(id)
        assert request is not None
        requests.append(request)
    probes = tuple(probe(request, answer) for request, (_, answer) in zip(requests, answers, strict=True))
    server = SweptServer(name, url, 1, probes)
    odds = tuple(request.odd for request in requests)
    return SweepResults(1, SweepPhase.DONE, odds, (server,), 10**18, 1.25, ("common",), 4)


PLAIN = swept(("13", OPEN), ("14", LISTED), ("(absent)", b""))
ODD = swept(("14", EVIL), ("-1", EVIL), name="=<b>one</b>", url=f"ws://me:{TOKEN}@one.example/?token={TOKEN}")


# -- expectations


def test_expectations_are_met_or_told() -> None:
    wanted = read_expectations(
        """
        ["13"]
        outcome = "open"
        ["14"]
        outcome = ["refused", "closed"]
        status = [400, "4xx"]
        list = ["8", "13"]
        ["(absent)"]
        status = 400
        ["25"]
        outcome = "refused"
        """
    )
    found = check(PLAIN, wanted)
    assert [(each.id, each.text) for each in found] == [
        ("13", ""),
        ("14", ""),
        ("(absent)", "status none, expected 400"),
        ("25", "It was not asked."),
    ]
    assert len(failures(found)) == 2


def test_every_part_that_is_wrong_is_named() -> None:
    wanted = read_expectations('["14"]\noutcome = "open"\nstatus = 101\nlist = []')
    (found,) = check(PLAIN, wanted)
    assert found.text == (
        "outcome refused, expected open; status 426, expected 101; list 13, 8, expected none"
    )


def test_a_servers_own_table_comes_before_that_of_all() -> None:
    wanted = read_expectations(
        '["13"]\noutcome = "refused"\n[server."ws://one.example/"."13"]\noutcome = "open"\n'
        '[server."ws://two.example/"."13"]\noutcome = "closed"'
    )
    assert failures(check(PLAIN, wanted)) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x = ", "It is no TOML"),
        ('["(nothing)"]\nstatus = 400', '["(nothing)"]: this is the id of no request.'),
        ('["14"]\ncolour = "red"', '["14"]: colour is not known; outcome, status and list are.'),
        ('["14"]', '["14"]: nothing is expected; name outcome, status or list.'),
        ('["14"]\noutcome = "nice"', "['nice' is no outcome"),
        ('["14"]\nstatus = "6xx"', "'6xx' is no status"),
        ('["14"]\nstatus = true', "True is no status"),
        ('["14"]\nlist = "13"', "list is an array of versions"),
        ('14 = "x"', '["14"]: expected a table'),
        ('server = 1\n["14"]\nstatus = 400', "[server] holds a table for each address."),
        ('[server."ws://a/"]\n"14" = 1', 'server ws://a/, ["14"]: expected a table'),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(text: str, fault: str) -> None:
    with pytest.raises(WrongExpectationsError) as raised:
        read_expectations(text)
    assert fault.lstrip("[") in str(raised.value)


def test_a_file_written_from_answers_expects_exactly_these() -> None:
    text = expectations_text(PLAIN)
    assert failures(check(PLAIN, read_expectations(text))) == ()
    other = swept(("13", LISTED), ("14", OPEN), ("(absent)", LISTED))
    assert len(failures(check(other, read_expectations(text)))) == 3


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=3), st.binary(max_size=40))
def test_any_values_and_answers_can_be_expected(values: list[bytes], answer: bytes) -> None:
    request = saying(*values)
    server = SweptServer("s", "ws://s.example/", 1, (probe(request, answer),))
    results = SweepResults(1, SweepPhase.DONE, (request.odd,), (server,), 0, 0.0)
    assert failures(check(results, read_expectations(expectations_text(results)))) == ()


# -- tables


def test_csv_has_a_line_an_answer_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(ODD))))
    assert tuple(rows[0]) == COLUMNS
    assert [row[2] for row in rows[1:]] == ["14", "-1"]
    free = [cell for row in rows[1:] for at, cell in enumerate(row) if COLUMNS[at] != "id"]
    assert not [cell for cell in free if cell.startswith(("=", "+", "-", "@"))]


def test_json_holds_what_stands_out_and_every_answer() -> None:
    wanted = read_expectations('["13"]\nstatus = 400')
    data = json.loads(json_text(PLAIN, check(PLAIN, wanted)))
    assert [each["id"] for each in data["answers"]] == ["13", "14", "(absent)"]
    assert [each["mark"] for each in data["answers"]] == ["opened", "quiet", "finding"]
    assert data["answers"][1]["list"] == ["13", "8"]
    assert data["stands_out"][0]["text"] == "one never answers when the header is absent."
    assert data["stands_out"][0]["clause"] == "RFC 6455 §4.2.1"
    assert data["expectations"] == [{"server": 0, "id": "13", "failed": "status 101, expected 400"}]


def test_junit_fails_where_a_cell_is_a_finding() -> None:
    (suite,) = ElementTree.fromstring(junit_text(PLAIN))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "0")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["(absent)"]


def test_junit_of_expectations_fails_where_they_do() -> None:
    wanted = read_expectations('["13"]\noutcome = "open"\n["14"]\nstatus = 400')
    (suite,) = ElementTree.fromstring(junit_text(PLAIN, check(PLAIN, wanted)))
    assert [case.get("name") for case in suite] == ["13", "14"]
    messages = [each.get("message") for each in suite.iter("failure")]
    assert messages == ["status 426, expected 400"]


def unreached() -> SweepResults:
    """A server that took no connection for the first of three requests, so that no other was sent."""
    requests = [request for id in ("(absent)", "13", "14") if (request := request_with_id(id)) is not None]
    refused = Probe(requests[0].odd, 1, b"GET / HTTP/1.1\r\n\r\n", b"", Ended.NETWORK, "The port is closed.")
    server = SweptServer("one", "ws://one.example/", 1, (refused, None, None), trouble="The port is closed.")
    odds = tuple(request.odd for request in requests)
    return SweepResults(1, SweepPhase.DONE, odds, (server,), 10**18, 0.1)


def test_every_row_of_a_server_that_was_not_reached_says_so() -> None:
    results = unreached()
    told = ["not reached"] * 3
    rows = list(csv.DictReader(io.StringIO(csv_text(results))))
    assert [row["id"] for row in rows] == ["(absent)", "13", "14"]
    assert {row["outcome"] for row in rows} == {"network-error"}
    assert {row["text"] for row in rows} == {"Not reached. The port is closed."}
    answers = json.loads(json_text(results))["answers"]
    assert [each["short"] for each in answers] == told
    assert [each["attempt"] for each in answers] == [1, None, None]
    (suite,) = ElementTree.fromstring(junit_text(results))
    assert (suite.get("errors"), suite.get("skipped")) == ("3", "0")
    assert html_text(results).count(">not reached</td>") == 3
    texts = [each.text for each in check(results, read_expectations('["13"]\nstatus = 101'))]
    assert texts == ["It was not reached."]
    assert not read_expectations(expectations_text(results)).ids()


# -- the page


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    wanted = read_expectations('["14"]\nstatus = 101')
    page = html_text(ODD, check(ODD, wanted), since="since yesterday")
    seen = _Tags()
    seen.feed(page)
    assert seen.links == []
    assert not {"script", "link", "img", "iframe", "object", "form", "b"} & set(seen.tags)
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page
    assert "Nothing has changed." in page
    assert "1 of 1 were not met." in page


@pytest.mark.parametrize("text", [html_text(ODD), csv_text(ODD), json_text(ODD), junit_text(ODD),
                                  expectations_text(ODD)])  # fmt: skip
def test_no_secret_leaves(text: str) -> None:
    assert TOKEN not in text
    assert "\x1b" not in text
    assert "\x00" not in text
