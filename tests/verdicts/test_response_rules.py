"""The client's checks on an answer; each test is named after what RFC 6455 or HTTP asks."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.draft import DraftLine, standard_draft
from wsinspector.protocol.http_reader import ResponseReader, read_response
from wsinspector.verdicts.finding import Fault, Finding, Severity, Verdict
from wsinspector.verdicts.response_rules import CATALOGUE, accept_ok, judge_response

DRAFT = standard_draft(b"/", b"h", b"dGhlIHNhbXBsZSBub25jZQ==")
REQUEST = DRAFT.to_bytes()
ACCEPT = b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
START = b"HTTP/1.1 101 Switching Protocols\r\n"
UPGRADE = b"Upgrade: websocket\r\n"
CONNECTION = b"Connection: Upgrade\r\n"


def judge(answer: bytes, request: bytes = REQUEST) -> Verdict:
    return judge_response(request, read_response(answer))


def opened(extra: bytes = b"", request: bytes = REQUEST) -> Verdict:
    return judge(START + UPGRADE + CONNECTION + ACCEPT + extra + b"\r\n", request)


def refused(status: bytes, extra: bytes = b"", version: bytes = b"8", body: bytes = b"") -> Verdict:
    request = DRAFT.with_version_values((version,)).to_bytes()
    answer = b"HTTP/1.1 " + status + b" No\r\n" + extra + b"Content-Length: %d\r\n\r\n" % len(body) + body
    return judge(answer, request)


def found(verdict: Verdict) -> list[tuple[str, Severity, Fault]]:
    return [(each.rule, each.severity, each.fault) for each in verdict.findings]


def one(verdict: Verdict) -> Finding:
    assert len(verdict.findings) == 1, verdict.findings
    return verdict.findings[0]


def asking(name: bytes, *values: bytes) -> bytes:
    draft = DRAFT
    for value in values:
        draft = draft.insert(len(draft.lines), DraftLine(name, value))
    return draft.to_bytes()


def test_a_right_answer_has_no_findings_and_tells_what_passed() -> None:
    verdict = opened()
    assert verdict.findings == ()
    assert not verdict.breaks
    assert {"status", "http-version", "upgrade", "connection", "accept", "accept-once"} <= {
        each.rule for each in verdict.passed
    }


def test_section_4_1_status_other_than_101_is_nobodys_fault() -> None:
    finding = judge(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").findings[0]
    assert (finding.rule, finding.severity, finding.fault) == ("status", Severity.BREAKS, Fault.NOBODY)
    assert finding.text == "Status 404, expected 101."
    assert finding.clause == "RFC 6455 §4.1"


@pytest.mark.parametrize("value", [b"websocket", b"WebSocket", b"WEBSOCKET", b" websocket\t "])
def test_section_4_1_upgrade_in_any_case(value: bytes) -> None:
    answer = START + b"UPGRADE:" + value + b"\r\n" + CONNECTION + ACCEPT + b"\r\n"
    assert judge(answer).findings == ()


@pytest.mark.parametrize("line", [b"", b"Upgrade: h2c\r\n", b"Upgrade:\r\n", b"Upgrade: websocket, h2c\r\n"])
def test_section_4_1_upgrade_wrong_or_missing(line: bytes) -> None:
    verdict = judge(START + line + CONNECTION + ACCEPT + b"\r\n")
    assert found(verdict) == [("upgrade", Severity.BREAKS, Fault.SERVER)]
    assert verdict.breaks


@pytest.mark.parametrize("value", [b"Upgrade", b"upgrade", b"keep-alive, Upgrade", b"x,UPGRADE ,y"])
def test_section_4_1_connection_holds_the_token(value: bytes) -> None:
    assert judge(START + UPGRADE + b"Connection: " + value + b"\r\n" + ACCEPT + b"\r\n").findings == ()


def test_a_folded_connection_holds_its_tokens_all_the_same() -> None:
    verdict = judge(START + UPGRADE + b"Connection: keep-alive,\r\n Upgrade\r\n" + ACCEPT + b"\r\n")
    assert found(verdict) == [("folded-line", Severity.VIOLATES, Fault.SERVER)]


@pytest.mark.parametrize("line", [b"", b"Connection: close\r\n", b'Connection: "upgrade"\r\n'])
def test_section_4_1_connection_without_the_token(line: bytes) -> None:
    verdict = judge(START + UPGRADE + line + ACCEPT + b"\r\n")
    assert found(verdict)[0] == ("connection", Severity.BREAKS, Fault.SERVER)
    assert {each.rule for each in verdict.findings} <= {"connection", "connection-close-in-101"}


def test_section_4_1_wrong_accept_shows_both_values() -> None:
    answer = START + UPGRADE + CONNECTION + b"Sec-WebSocket-Accept: AAAA\r\n\r\n"
    finding = one(judge(answer))
    assert finding.text == "Sec-WebSocket-Accept AAAA, expected s3pPLMBiTxaQ9kYGzzhZRbK+xOo=."
    assert finding.severity is Severity.BREAKS
    subject = finding.subjects[0]
    assert subject.header == b"Sec-WebSocket-Accept"
    assert answer[subject.span.start : subject.span.end] == b"Sec-WebSocket-Accept: AAAA\r\n"
    assert accept_ok(REQUEST, read_response(answer)) is False


def test_section_4_1_no_accept() -> None:
    assert found(judge(START + UPGRADE + CONNECTION + b"\r\n")) == [("accept", Severity.BREAKS, Fault.SERVER)]


def test_without_a_key_no_accept_can_be_expected() -> None:
    request = DRAFT.remove(3).to_bytes()
    verdict = judge(START + UPGRADE + CONNECTION + b"\r\n", request)
    assert found(verdict) == [("accept", Severity.NOTE, Fault.CLIENT)]
    assert not verdict.breaks
    assert accept_ok(request, read_response(START + b"\r\n")) is None


def test_a_repeated_key_may_be_read_either_way() -> None:
    request = DRAFT.duplicate(3).with_edited_value(3, b"other").to_bytes()
    assert found(opened(request=request)) == [("accept", Severity.NOTE, Fault.CLIENT)]


def test_section_11_3_3_accept_once() -> None:
    assert found(opened(ACCEPT)) == [("accept-once", Severity.BREAKS, Fault.SERVER)]


def test_section_4_1_subprotocol() -> None:
    name = b"Sec-WebSocket-Protocol"
    offering = asking(name, b"chat, superchat")
    assert opened(request=offering).findings == ()
    assert opened(name + b": superchat\r\n", offering).findings == ()
    for value in (b"Chat", b"chat, superchat", b"", b"other"):
        verdict = opened(name + b": " + value + b"\r\n", offering)
        assert found(verdict) == [("subprotocol", Severity.BREAKS, Fault.SERVER)]
    assert found(opened(name + b": chat\r\n")) == [("subprotocol", Severity.BREAKS, Fault.SERVER)]
    assert found(opened((name + b": chat\r\n") * 2, offering)) == [
        ("subprotocol-once", Severity.BREAKS, Fault.SERVER)
    ]


EXTENSIONS = b"Sec-WebSocket-Extensions"


@pytest.mark.parametrize(
    ("offer", "answer", "rule"),
    [
        (b"permessage-deflate", b"permessage-deflate", None),
        (b"a, permessage-deflate; client_max_window_bits",
         b"permessage-deflate;client_max_window_bits=10", None),
        (b"permessage-deflate", b"permessage-deflate; server_max_window_bits=10", None),
        (b"permessage-deflate", b'permessage-deflate; server_max_window_bits="10"', None),
        (b"permessage-deflate", b"permessage-deflate; client_no_context_takeover", None),
        (b"permessage-deflate; server_max_window_bits=10",
         b"permessage-deflate; server_max_window_bits=9", None),
        (b"permessage-deflate; server_max_window_bits=10, permessage-deflate", b"permessage-deflate", None),
        (b"permessage-deflate; server_max_window_bits=10", b"permessage-deflate", "deflate-server-window"),
        (b"permessage-deflate; server_max_window_bits=9", b"permessage-deflate; server_max_window_bits=10",
         "deflate-server-window"),
        (b"permessage-deflate; server_no_context_takeover", b"permessage-deflate", "deflate-server-takeover"),
        (b"permessage-deflate", b"permessage-deflate; client_max_window_bits=10",
         "deflate-client-window-unasked"),
        (b"permessage-deflate", b"permessage-deflate; server_max_window_bits", "deflate-window-bits"),
        (b"permessage-deflate", b"permessage-deflate; server_max_window_bits=08", "deflate-window-bits"),
        (b"permessage-deflate", b"permessage-deflate; server_max_window_bits=16", "deflate-window-bits"),
        (b"permessage-deflate", b"permessage-deflate; odd", "deflate-unknown-parameter"),
        (b"permessage-deflate", b"permessage-deflate; client_no_context_takeover=1",
         "deflate-takeover-value"),
        (b"permessage-deflate",
         b"permessage-deflate; client_no_context_takeover; client_no_context_takeover",
         "deflate-repeated-parameter"),
        (b"permessage-deflate", b"permessage-deflate, permessage-deflate", "deflate-once"),
        (b"permessage-deflate", b"other", "extensions-offered"),
        (b"deflate-frame", b"deflate-frame; max_window_bits=8; no_context_takeover", None),
        (b"x-webkit-deflate-frame", b"x-webkit-deflate-frame; max_window_bits=99",
         "deflate-frame-parameters"),
        (b"x-webkit-deflate-frame", b"x-webkit-deflate-frame; max_window_bits",
         "deflate-frame-parameters"),
        (b"deflate-frame", b"deflate-frame; no_context_takeover=1", "deflate-frame-parameters"),
        (b"deflate-frame", b"deflate-frame; odd", "deflate-frame-parameters"),
        (b"deflate-frame", b"deflate-frame, deflate-frame", "deflate-frame-parameters"),
        (b"x", b"x; a b", "extensions-form"),
        (b"x", b"x; a=", "extensions-form"),
        (b"x", b",", "extensions-form"),
    ],
)  # fmt: skip
def test_section_9_1_and_rfc_7692_extensions(offer: bytes, answer: bytes, rule: str | None) -> None:
    verdict = opened(EXTENSIONS + b": " + answer + b"\r\n", asking(EXTENSIONS, offer))
    assert [each.rule for each in verdict.findings] == ([rule] if rule else [])
    assert verdict.breaks == bool(rule)


def finding_of(offer: bytes, answer: bytes) -> tuple[str, str]:
    found = opened(EXTENSIONS + b": " + answer + b"\r\n", asking(EXTENSIONS, offer)).findings
    assert len(found) == 1
    return found[0].text, found[0].clause


def test_a_leading_zero_is_named_as_what_is_wrong() -> None:
    ours = b"permessage-deflate; client_max_window_bits"
    assert finding_of(ours, b"permessage-deflate; server_max_window_bits=08") == (
        "permessage-deflate: server_max_window_bits has 08, expected 8: the number has no leading zero.",
        "RFC 7692 §7.1.2.1",
    )
    assert finding_of(ours, b"permessage-deflate; client_max_window_bits=0015") == (
        "permessage-deflate: client_max_window_bits has 0015, expected 15: the number has no leading zero.",
        "RFC 7692 §7.1.2.2",
    )
    assert "expected 8 to 15." in finding_of(ours, b"permessage-deflate; server_max_window_bits=07")[0]


def test_a_window_with_a_leading_zero_is_not_called_missing() -> None:
    text, _ = finding_of(
        b"permessage-deflate; server_max_window_bits=10", b"permessage-deflate; server_max_window_bits=08"
    )
    assert "missing" not in text


@pytest.mark.parametrize(
    ("offer", "answer", "texts"),
    [
        (b"permessage-deflate", b"Permessage-Deflate",
         ["Extension Permessage-Deflate was offered as permessage-deflate."]),
        (b"X-Own", b"x-own", ["Extension x-own was offered as X-Own."]),
        (b"X-Own", b"X-Own; Level=9", []),
        (b"permessage-deflate", b"permessage-deflate; Server_No_Context_Takeover",
         ["permessage-deflate: parameter Server_No_Context_Takeover is defined as "
          "server_no_context_takeover."]),
    ],
)  # fmt: skip
def test_the_letter_case_of_an_extension_is_unusual_at_most(
    offer: bytes, answer: bytes, texts: list[str]
) -> None:
    verdict = opened(EXTENSIONS + b": " + answer + b"\r\n", asking(EXTENSIONS, offer))
    assert [each.text for each in verdict.findings] == texts
    assert all((each.severity, each.fault) == (Severity.UNUSUAL, Fault.NOBODY) for each in verdict.findings)
    assert not verdict.breaks


def test_letter_case_excuses_nothing_else() -> None:
    small = b"permessage-deflate; server_max_window_bits=10"
    for answer, text in (
        (b"Permessage-Deflate; Server_Max_Window_Bits=12",
         "permessage-deflate: server_max_window_bits 12, expected at most 10."),
        (b"permessage-deflate; server_max_window_bits=9; Level=9",
         "permessage-deflate: parameter Level is not defined."),
        (b"permessage-deflate; server_max_window_bits=9; Server_Max_Window_Bits=9",
         "permessage-deflate: parameter server_max_window_bits stands 2 times."),
    ):  # fmt: skip
        verdict = opened(EXTENSIONS + b": " + answer + b"\r\n", asking(EXTENSIONS, small))
        assert [each.text for each in verdict.findings if each.severity is Severity.BREAKS] == [text]


def test_an_extension_where_none_was_offered() -> None:
    assert [each.rule for each in opened(EXTENSIONS + b": permessage-deflate\r\n").findings] == [
        "extensions-offered"
    ]


def test_extensions_may_stand_on_several_lines() -> None:
    lines = EXTENSIONS + b": a\r\n" + EXTENSIONS + b": b\r\n"
    assert opened(lines, asking(EXTENSIONS, b"a", b"b")).findings == ()


def test_section_4_2_2_an_http_1_0_answer_does_not_open() -> None:
    answer = START.replace(b"1.1", b"1.0") + UPGRADE + CONNECTION + ACCEPT + b"\r\n"
    assert found(judge(answer)) == [("http-version", Severity.BREAKS, Fault.SERVER)]
    asked = REQUEST.replace(b"HTTP/1.1", b"HTTP/1.0")
    assert found(judge(answer, asked)) == [("http-version", Severity.BREAKS, Fault.EITHER)]


@pytest.mark.parametrize("line", [b"HTTP/1.1 101 \r\n", b"HTTP/1.1 101 Web Socket Protocol Handshake\r\n"])
def test_any_reason_or_none_opens(line: bytes) -> None:
    assert judge(line + UPGRADE + CONNECTION + ACCEPT + b"\r\n").findings == ()


def test_a_missing_blank_before_no_reason_violates_and_opens() -> None:
    verdict = judge(b"HTTP/1.1 101\r\n" + UPGRADE + CONNECTION + ACCEPT + b"\r\n")
    assert found(verdict) == [("reason-blank", Severity.VIOLATES, Fault.SERVER)]


def test_no_body_headers_in_a_101() -> None:
    verdict = opened(b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")
    assert [(each.rule, each.clause) for each in verdict.findings] == [
        ("no-body-headers", "RFC 9110 §8.6"),
        ("no-body-headers", "RFC 9112 §6.1"),
    ]
    assert not verdict.breaks


def test_section_11_3_5_a_version_in_a_101_is_unusual() -> None:
    assert found(opened(b"Sec-WebSocket-Version: 13\r\n")) == [
        ("version-in-101", Severity.UNUSUAL, Fault.SERVER)
    ]


@pytest.mark.parametrize(
    "extra",
    [b"Sec-WebSocket-Version: 13, 8, 7\r\n", b"sec-websocket-version: 13\r\nSec-Websocket-Version: 8, 7\r\n"],
)
def test_section_4_4_a_400_with_a_list_is_as_good_as_a_426(extra: bytes) -> None:
    assert found(refused(b"400", extra, b"6")) == [("status", Severity.BREAKS, Fault.NOBODY)]
    assert found(refused(b"426", extra + b"Upgrade: websocket\r\n", b"6")) == [
        ("status", Severity.BREAKS, Fault.NOBODY)
    ]


def test_section_4_2_2_a_426_that_speaks_of_the_version_must_list_versions() -> None:
    words = b"Unsupported WebSocket version"
    assert found(refused(b"426", b"Upgrade: websocket\r\n", body=words)) == [
        ("status", Severity.BREAKS, Fault.NOBODY),
        ("version-list", Severity.VIOLATES, Fault.SERVER),
    ]


def test_a_version_that_is_missed_though_sent_was_lost_and_owes_no_list() -> None:
    words = b"Missing Sec-WebSocket-Version header"
    assert found(refused(b"426", b"Upgrade: websocket\r\n", body=words)) == [
        ("status", Severity.BREAKS, Fault.NOBODY)
    ]


def test_a_400_that_complains_of_the_version_and_lists_none_is_unusual() -> None:
    verdict = refused(b"400", body=b"Unsupported version: 8")
    (finding,) = [each for each in verdict.findings if each.rule == "version-list"]
    assert finding.text == "Version 8 was sent; the 400 complains of the version and names none."
    assert (finding.severity, finding.fault) == (Severity.UNUSUAL, Fault.NOBODY)


def test_a_426_that_does_not_say_why_is_told_and_accuses_nobody() -> None:
    assert found(refused(b"426", b"Upgrade: websocket\r\n")) == [
        ("status", Severity.BREAKS, Fault.NOBODY),
        ("version-list", Severity.UNUSUAL, Fault.NOBODY),
    ]


@pytest.mark.parametrize("version", [b"8", b"13"])
@pytest.mark.parametrize(
    "words",
    [
        b"Failed to open a WebSocket connection: invalid Connection header: close.",
        b"Missing or invalid Upgrade header",
        b"Failed to open a WebSocket connection: missing Sec-WebSocket-Key header.",
        b"This service requires use of the WebSocket protocol",
        b"Origin not allowed",
    ],
)
def test_a_426_that_complains_of_something_else_owes_no_list(words: bytes, version: bytes) -> None:
    """A proxy that drops Upgrade makes servers answer 426, whatever the version."""
    assert found(refused(b"426", b"Upgrade: websocket\r\n", version, words)) == [
        ("status", Severity.BREAKS, Fault.NOBODY)
    ]


@pytest.mark.parametrize("upgrade", [b"TLS/1.2, HTTP/1.1", b"h2c"])
def test_a_426_that_asks_for_another_protocol_speaks_of_no_version(upgrade: bytes) -> None:
    assert found(refused(b"426", b"Upgrade: " + upgrade + b"\r\n")) == [
        ("status", Severity.BREAKS, Fault.NOBODY)
    ]


def test_a_426_to_the_standard_version_without_a_list_is_told_and_accuses_nobody() -> None:
    assert found(refused(b"426", b"Upgrade: websocket\r\n", b"13")) == [
        ("status", Severity.BREAKS, Fault.NOBODY),
        ("version-list", Severity.UNUSUAL, Fault.NOBODY),
    ]


def test_a_refusal_in_http_1_0_is_a_note_which_no_clause_of_the_handshake_speaks_of() -> None:
    request = DRAFT.with_version_values((b"8",)).to_bytes()
    verdict = judge(b"HTTP/1.0 400 No\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n", request)
    (finding,) = [each for each in verdict.findings if each.rule == "http-1.0"]
    assert (finding.severity, finding.fault, finding.clause) == (
        Severity.NOTE, Fault.NOBODY, "RFC 9110 §6.2",
    )  # fmt: skip


def test_a_400_without_a_list_is_not_accused() -> None:
    assert found(refused(b"400")) == [
        ("status", Severity.BREAKS, Fault.NOBODY),
        ("version-list", Severity.UNUSUAL, Fault.NOBODY),
    ]


@pytest.mark.parametrize("version", [b"13", b"013", b"", b"256", b"abc", b"13, 8"])
def test_section_4_2_1_no_list_is_owed_to_a_malformed_version(version: bytes) -> None:
    assert found(refused(b"400", version=version)) == [("status", Severity.BREAKS, Fault.NOBODY)]


def test_a_426_that_may_mean_a_missing_upgrade_is_not_accused() -> None:
    request = DRAFT.with_version_values((b"8",)).remove(1).to_bytes()
    verdict = judge(b"HTTP/1.1 426 No\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n", request)
    assert ("version-list", Severity.UNUSUAL, Fault.NOBODY) in found(verdict)


@pytest.mark.parametrize("status", [b"200", b"301", b"401", b"403", b"404", b"500", b"503"])
def test_other_answers_owe_no_list(status: bytes) -> None:
    owed = {"status", "location-in-redirect", "challenge-in-401"}
    assert {each.rule for each in refused(status).findings} <= owed


@pytest.mark.parametrize("listed", [b"013", b"256", b"13; 8", b"hybi", b"-1"])
def test_section_4_3_members_of_the_list(listed: bytes) -> None:
    verdict = refused(b"400", b"Sec-WebSocket-Version: 7, " + listed + b"\r\n")
    assert ("version-list-members", Severity.VIOLATES, Fault.SERVER) in found(verdict)


def test_an_empty_list() -> None:
    verdict = refused(b"400", b"Sec-WebSocket-Version: ,\r\n")
    assert ("version-list-members", Severity.VIOLATES, Fault.SERVER) in found(verdict)


def test_section_11_3_5_a_list_with_our_version_has_another_reason() -> None:
    verdict = refused(b"400", b"Sec-WebSocket-Version: 13, 8\r\n", b"8")
    assert found(verdict)[1:] == [("version-listed", Severity.NOTE, Fault.NOBODY)]


@pytest.mark.parametrize(
    ("status", "header", "rule"),
    [
        (b"401", b"WWW-Authenticate: Basic\r\n", "challenge-in-401"),
        (b"407", b"proxy-authenticate: Basic\r\n", "challenge-in-407"),
        (b"405", b"Allow:\r\n", "allow-in-405"),
        (b"307", b"Location: /x\r\n", "location-in-redirect"),
    ],
)
def test_rfc_9110_headers_that_a_status_asks_for(status: bytes, header: bytes, rule: str) -> None:
    assert [each.rule for each in refused(status).findings] == ["status", rule]
    assert [each.rule for each in refused(status, header).findings] == ["status"]


@pytest.mark.parametrize("line", [b"Connection: close\r\n", b"Connection: x, Close\r\n", b""])
@pytest.mark.parametrize("kept_open", [False, True])
def test_rfc_9112_connection_close_and_yet_open(line: bytes, kept_open: bool) -> None:
    response = read_response(b"HTTP/1.1 404 No\r\n" + line + b"Content-Length: 0\r\n\r\n")
    verdict = judge_response(REQUEST, response, kept_open=kept_open)
    expected = ["status", "connection-close-kept"] if line and kept_open else ["status"]
    assert [each.rule for each in verdict.findings] == expected


def test_rfc_9110_a_switch_that_nobody_asked_for() -> None:
    request = DRAFT.remove(1).to_bytes()
    assert found(opened(request=request)) == [("switched-unasked", Severity.VIOLATES, Fault.EITHER)]


def test_rfc_9110_a_426_names_an_upgrade() -> None:
    verdict = refused(b"426", b"Sec-WebSocket-Version: 13\r\n")
    assert found(verdict)[1:] == [("upgrade-in-426", Severity.VIOLATES, Fault.SERVER)]


def test_no_answer_half_an_answer_and_no_http() -> None:
    assert found(judge(b"")) == [("no-answer", Severity.BREAKS, Fault.NOBODY)]
    assert found(judge(b"HTTP/1.1 101 Sw")) == [("half-a-head", Severity.BREAKS, Fault.EITHER)]
    finding = one(judge(b"\x15\x03\x01\x00\x02\x02\x0a"))
    assert finding.rule == "not-http"
    assert finding.text == (
        r"The first bytes are \x15\x03\x01\x00\x02\x02\n (a TLS alert record), expected HTTP/1.1."
    )
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1 101 Sw")
    assert judge_response(REQUEST, reader.response).findings == ()


@pytest.mark.parametrize("ended", [ResponseReader.idle, ResponseReader.eof])
def test_an_interim_answer_alone_is_some_answer_but_not_the_final_one(
    ended: Callable[[ResponseReader], None],
) -> None:
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
    ended(reader)
    finding = one(judge_response(REQUEST, reader.response, interim=reader.interim))
    assert (finding.rule, finding.severity, finding.fault) == ("no-answer", Severity.BREAKS, Fault.NOBODY)
    assert finding.text == "Only interim answers came (100, 103), expected a final one."
    assert [(each.side, each.span.start, each.span.end) for each in finding.subjects] == [
        ("response", 0, 25),
        ("response", 25, 62),
    ]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"H", "The head ends after 1 byte, expected a blank line."),
        (b"HTTP/1.1 400 X\r\nContent-Length: 1\r\n\r\n", "Content-Length announces 1 byte, 0 came."),
        (b"HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\nx", "1 byte after the whole body, expected none."),
        (b"HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\nxy", "2 bytes after the whole body, expected none."),
    ],
)
def test_one_byte_is_one_byte(answer: bytes, text: str) -> None:
    assert text in [each.text for each in judge(answer).findings]


def test_what_http_says_of_odd_heads() -> None:
    verdict = judge(
        b"\r\nHTTP/1.1 400 Bad\nA : b\r\nB: c\r\n d\r\nodd\r\n@: x\r\nC: \x00\r\nContent-Length: 5\r\n\r\nab"
    )
    assert sorted(each.rule for each in verdict.findings[1:]) == sorted(
        [
            "leading-blank-lines", "line-ending", "blank-before-colon", "folded-line", "no-colon",
            "header-name", "control-character", "content-length", "body-cut",
        ]
    )  # fmt: skip
    assert "Content-Length announces 5 bytes, 2 came." in [each.text for each in verdict.findings]


def test_findings_stand_worst_first_and_the_catalogue_is_whole() -> None:
    verdict = refused(b"426", b"Sec-WebSocket-Version: 8, x\r\n")
    assert [each.severity for each in verdict.findings] == [
        Severity.BREAKS, Severity.VIOLATES, Severity.VIOLATES, Severity.NOTE,
    ]  # fmt: skip
    names = [rule.name for rule in CATALOGUE]
    assert len(names) == len(set(names))
    for rule in CATALOGUE:
        assert rule.clause.startswith(("RFC ", "hixie-", "hybi-", "draft-")), rule.name
        assert rule.why.count(". ") == 1, rule.name
        assert rule.why.endswith("."), rule.name


TEXTS = st.lists(
    st.sampled_from(
        [
            START, UPGRADE, CONNECTION, ACCEPT, b"HTTP/1.1 426 X\r\n", b"\r\n", b" fold\r\n", b"odd\r\n",
            b"Sec-WebSocket-Version: 13, 0x\r\n", EXTENSIONS + b': permessage-deflate; a="\r\n',
            b"Sec-WebSocket-Protocol: \xff\r\n", b"Content-Length: 4\r\n", b"\x00", b": x\r\n",
        ]
    ),
    max_size=14,
).map(b"".join)  # fmt: skip


@given(st.one_of(TEXTS, st.binary(max_size=80)), st.one_of(st.just(REQUEST), TEXTS, st.binary(max_size=60)))
def test_any_bytes_are_judged(answer: bytes, request: bytes) -> None:
    response = read_response(answer)
    verdict = judge_response(request, response)
    sides = [subject for each in verdict.findings for subject in each.subjects]
    assert all(subject.span.end <= len(request) for subject in sides if subject.side == "request")
    for subject in sides:
        if subject.side == "response":
            assert 0 <= subject.span.start <= subject.span.end <= len(answer)
    assert verdict == judge_response(request, read_response(answer))


def test_the_first_of_several_places_is_not_said_to_hold_all() -> None:
    answer = b"HTTP/1.1 400 B\x00d\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n"
    found = judge_response(REQUEST, read_response(answer)).findings
    text = next(each.text for each in found if each.rule == "control-character")
    assert text.startswith("The status line holds a control character")
    assert text.endswith("(and 1 more).")
