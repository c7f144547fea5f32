"""A server's checks on a request; each test is named after what RFC 6455 or HTTP asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.dialects import DIALECTS, Asking, Dialect
from wsinspector.protocol.draft import DraftLine, standard_draft
from wsinspector.verdicts.finding import Fault, Finding, Severity, Verdict
from wsinspector.verdicts.request_rules import REQUEST_RULES, judge_request

DRAFT = standard_draft(b"/", b"h", b"dGhlIHNhbXBsZSBub25jZQ==")
REQUEST = DRAFT.to_bytes()
KEY_LINE = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


def changed(old: bytes, new: bytes) -> Verdict:
    assert old in REQUEST
    return judge_request(REQUEST.replace(old, new))


def added(name: bytes, value: bytes) -> Verdict:
    return judge_request(DRAFT.insert(len(DRAFT.lines), DraftLine(name, value)).to_bytes())


def found(verdict: Verdict) -> list[tuple[str, Severity]]:
    return [(each.rule, each.severity) for each in verdict.findings]


def one(verdict: Verdict) -> Finding:
    assert len(verdict.findings) == 1, verdict.findings
    return verdict.findings[0]


def test_the_standard_request_has_no_findings() -> None:
    verdict = judge_request(REQUEST)
    assert verdict.findings == ()
    assert {"request-method", "request-key", "request-version", "request-host"} <= {
        each.rule for each in verdict.passed
    }


@pytest.mark.parametrize("method", [b"POST", b"get", b"HEAD", b"OPTIONS"])
def test_section_4_2_1_the_method_is_get(method: bytes) -> None:
    finding = one(changed(b"GET", method))
    assert (finding.rule, finding.severity, finding.fault) == (
        "request-method", Severity.BREAKS, Fault.CLIENT,
    )  # fmt: skip
    assert finding.text == f"The method is {method.decode()}, expected GET."
    assert finding.clause == "RFC 6455 §4.2.1"


@pytest.mark.parametrize(
    ("start", "rules"),
    [
        (b"GET / HTTP/1.0", [("request-http-version", Severity.BREAKS)]),
        (b"GET / HTTP/1.1", []),
        (b"GET http://h/ HTTP/1.1", []),
        (b"GET h HTTP/1.1", [("request-target", Severity.BREAKS)]),
        (b"GET * HTTP/1.1", [("request-target", Severity.BREAKS)]),
        (b"GET /#a HTTP/1.1", [("request-fragment", Severity.VIOLATES)]),
        (b"GET /a b HTTP/1.1", [("request-line", Severity.VIOLATES)]),
        (b"GET  / HTTP/1.1", [("request-line", Severity.VIOLATES)]),
        (b"GET /\xe9 HTTP/1.1", [("request-line", Severity.VIOLATES)]),
        (b"GET /", [("request-http-version", Severity.BREAKS), ("request-line", Severity.VIOLATES)]),
    ],
)
def test_section_4_2_1_request_line(start: bytes, rules: list[tuple[str, Severity]]) -> None:
    assert found(changed(b"GET / HTTP/1.1", start)) == rules


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("/ä".encode(), "The request target holds the bytes C3 A4, expected %C3%A4."),
        (b"/\xe4", "The request target holds the byte E4, expected %E4."),
        (b"/a\tb\x7fc", "The request target holds the byte 09, expected %09 (and 1 more)."),
        (b"/" + b"\xff" * 9, "The request target holds the bytes " + "FF " * 7 + "FF…, expected "
         + "%FF" * 8 + "…."),
    ],
)  # fmt: skip
def test_of_a_target_that_is_not_ascii_the_bytes_are_named(target: bytes, text: str) -> None:
    verdict = changed(b"GET / HTTP/1.1", b"GET " + target + b" HTTP/1.1")
    (finding,) = [each for each in verdict.findings if each.rule == "request-line"]
    assert (finding.text, finding.clause) == (text, "RFC 9112 §3.2")
    odd = [byte for byte in target if not 0x21 <= byte <= 0x7E]
    assert sum(len(each.span) for each in finding.subjects) == len(odd)
    assert finding.subjects[0].span.start == 4 + next(at for at, byte in enumerate(target) if byte in odd)


@pytest.mark.parametrize("value", [b"websocket", b"WebSocket", b"WEBSOCKET", b"h2c, websocket"])
def test_section_4_2_1_upgrade_in_any_case_and_in_a_list(value: bytes) -> None:
    assert changed(b"Upgrade: websocket", b"Upgrade: " + value).findings == ()


@pytest.mark.parametrize("line", [b"", b"Upgrade: h2c\r\n", b"Upgrade:\r\n", b"Upgrade: websocket/13\r\n"])
def test_section_4_2_1_upgrade_wrong_or_missing(line: bytes) -> None:
    assert found(changed(b"Upgrade: websocket\r\n", line)) == [("request-upgrade", Severity.BREAKS)]


@pytest.mark.parametrize("line", [b"", b"Connection: keep-alive\r\n", b'Connection: "Upgrade"\r\n'])
def test_section_4_2_1_connection(line: bytes) -> None:
    assert found(changed(b"Connection: Upgrade\r\n", line)) == [("request-connection", Severity.BREAKS)]
    assert changed(b"Connection: Upgrade", b"connection:x ,upgrade").findings == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"", "The Sec-WebSocket-Key is empty, expected 16 bytes in base64."),
        (b"AAAA", "The Sec-WebSocket-Key stands for 3 bytes, expected 16 bytes in base64."),
        (b"dGhlIHNhbXBsZSBub25jZQ",
         "The Sec-WebSocket-Key is dGhlIHNhbXBsZSBub25jZQ, which is not base64, expected 16 bytes in "
         "base64."),
    ],
)  # fmt: skip
def test_section_4_2_1_the_key_is_16_bytes(value: bytes, text: str) -> None:
    finding = one(changed(b"dGhlIHNhbXBsZSBub25jZQ==", value))
    assert (finding.rule, finding.severity, finding.text) == ("request-key", Severity.BREAKS, text)


def test_the_key_that_the_rfc_misprinted_is_a_note() -> None:
    finding = one(changed(b"dGhlIHNhbXBsZSBub25jZQ==", b"AQIDBAUGBwgJCgsMDQ4PEC=="))
    assert (finding.rule, finding.severity) == ("request-key-spare-bits", Severity.NOTE)
    assert "AQIDBAUGBwgJCgsMDQ4PEA==" in finding.text


def test_section_11_3_1_and_11_3_5_key_and_version_once() -> None:
    assert found(changed(KEY_LINE, b"")) == [("request-key", Severity.BREAKS)]
    assert found(changed(KEY_LINE, KEY_LINE * 2)) == [("request-key-once", Severity.BREAKS)]
    assert found(added(b"sec-websocket-version", b"13")) == [("request-version-once", Severity.BREAKS)]


@pytest.mark.parametrize("value", [b"", b"013", b"+13", b"13, 8", b"256", b"13;", b"abc", b"0xd", b"13.0"])
def test_section_4_2_1_the_version_is_one_number(value: bytes) -> None:
    draft = DRAFT.with_version_values((value,))
    assert found(judge_request(draft.to_bytes())) == [("request-version-form", Severity.BREAKS)]


def test_section_4_2_1_no_version() -> None:
    finding = one(judge_request(DRAFT.with_version_values(()).to_bytes()))
    assert finding.text == "The request has no Sec-WebSocket-Version, expected 13."


@pytest.mark.parametrize(
    ("value", "severity", "fault"),
    [
        (b"14", Severity.BREAKS, Fault.CLIENT),
        (b"255", Severity.BREAKS, Fault.CLIENT),
        (b"9", Severity.BREAKS, Fault.CLIENT),
        (b"0", Severity.UNUSUAL, Fault.NOBODY),
    ],
)
def test_section_4_2_2_a_version_that_nobody_defined(value: bytes, severity: Severity, fault: Fault) -> None:
    finding = one(judge_request(DRAFT.with_version_values((value,)).to_bytes(), dialect="rfc6455"))
    assert (finding.rule, finding.severity, finding.fault) == ("request-version", severity, fault)


def test_a_draft_s_version_is_refused_only_by_who_does_not_speak_it() -> None:
    for value in (b"7", b"8"):
        verdict = judge_request(DRAFT.with_version_values((value,)).to_bytes(), dialect="rfc6455")
        assert found(verdict) == [("request-version", Severity.UNUSUAL)]
        assert not verdict.breaks


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        (b"", [("request-host", Severity.BREAKS)]),
        (b"Host:\r\n", [("request-host", Severity.UNUSUAL)]),
        (b"Host: h\r\nHost: h\r\n", [("request-host", Severity.BREAKS)]),
        (b"Host: h h\r\n", [("request-host", Severity.BREAKS)]),
        (b"Host: [::1]:80\r\n", []),
        (b"Host: h:\r\n", []),
        (b"Host: xn--bcher-kva.example:8080\r\n", []),
    ],
)
def test_rfc_9112_section_3_2_host(line: bytes, rules: list[tuple[str, Severity]]) -> None:
    assert found(changed(b"Host: h\r\n", line)) == rules


@pytest.mark.parametrize(
    ("name", "value", "rules"),
    [
        (b"Origin", b"null", []),
        (b"Origin", b"https://a.example:8080", []),
        (b"Origin", b"chrome-extension://abcdef", []),
        (b"Origin", b"https://a.example/", [("request-origin", Severity.VIOLATES)]),
        (b"Origin", b"a.example", [("request-origin", Severity.VIOLATES)]),
        (b"Sec-WebSocket-Origin", b"https://a.example", [("request-old-origin", Severity.NOTE)]),
        (b"Sec-WebSocket-Protocol", b"chat, superchat", []),
        (b"Sec-WebSocket-Protocol", b"chat,,superchat", []),
        (b"Sec-WebSocket-Protocol", b"", [("request-subprotocols", Severity.BREAKS)]),
        (b"Sec-WebSocket-Protocol", b"a b", [("request-subprotocols", Severity.BREAKS)]),
        (b"Sec-WebSocket-Protocol", b"a, b, a", [("request-subprotocols-unique", Severity.VIOLATES)]),
        (b"Sec-WebSocket-Extensions", b"permessage-deflate; client_max_window_bits", []),
        (b"Sec-WebSocket-Extensions", b'permessage-deflate; client_max_window_bits="9", x', []),
        (b"Sec-WebSocket-Extensions", b"x; a b", [("request-extensions", Severity.BREAKS)]),
        (b"Sec-WebSocket-Extensions", b",", [("request-extensions", Severity.BREAKS)]),
        (b"Sec-WebSocket-Extensions", b"permessage-deflate; x",
         [("offer-unknown-parameter", Severity.VIOLATES)]),
        (b"Sec-WebSocket-Extensions", b"permessage-deflate; server_max_window_bits",
         [("offer-window-bits", Severity.VIOLATES)]),
        (b"Sec-WebSocket-Extensions", b"permessage-deflate; client_max_window_bits=08",
         [("offer-window-bits", Severity.VIOLATES)]),
        (b"Sec-WebSocket-Extensions", b"permessage-deflate; server_no_context_takeover=0",
         [("offer-takeover-value", Severity.VIOLATES)]),
        (b"Sec-WebSocket-Extensions",
         b"permessage-deflate; client_max_window_bits; client_max_window_bits",
         [("offer-repeated-parameter", Severity.VIOLATES)]),
        (b"X-Unknown", b"anything", []),
        (b"X(odd)", b"1", [("request-header-name", Severity.VIOLATES)]),
        (b"X", b"a\x00b", [("request-control-character", Severity.VIOLATES)]),
        (b"X", b"y" * 9000, [("request-huge", Severity.UNUSUAL)]),
        (b"Content-Length", b"0", []),
        (b"Content-Length", b"5", [("request-body", Severity.UNUSUAL)]),
        (b"Content-Length", b"x", [("request-content-length-form", Severity.BREAKS),
                                   ("request-body", Severity.UNUSUAL)]),
    ],
)  # fmt: skip
def test_one_line_more(name: bytes, value: bytes, rules: list[tuple[str, Severity]]) -> None:
    assert found(added(name, value)) == rules


def test_rfc_9112_on_the_form_of_the_head() -> None:
    assert found(judge_request(REQUEST.replace(b"\r\n", b"\n"))) == [
        ("request-line-ending", Severity.VIOLATES)
    ]
    assert found(judge_request(b"\r\n" + REQUEST)) == [("request-leading-blank-lines", Severity.NOTE)]
    assert found(changed(b"Upgrade: web", b"Upgrade : web")) == [
        ("request-blank-before-colon", Severity.BREAKS)
    ]
    assert found(changed(b"Connection: Upgrade", b"Connection: x,\r\n Upgrade")) == [
        ("request-folded-line", Severity.VIOLATES)
    ]
    assert found(judge_request(REQUEST[:-2])) == [("request-whole", Severity.BREAKS)]
    assert judge_request(b"").breaks


def test_section_4_1_bytes_behind_the_request() -> None:
    finding = one(judge_request(REQUEST + b"\x81\x85"))
    assert (finding.rule, finding.severity) == ("request-early-data", Severity.VIOLATES)
    subject = finding.subjects[0]
    assert (subject.side, subject.span.start, subject.span.end) == (
        "request", len(REQUEST), len(REQUEST) + 2,
    )  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_a_right_request_of_any_dialect_is_accused_of_nothing(dialect: Dialect) -> None:
    asking = Asking(b"/chat", b"h:8080", b"http://h", (b"chat",))
    request = dialect.handshake.compose(dialect, asking, lambda count: bytes(range(7, 7 + count))).to_bytes()
    for name in ("", dialect.name):
        assert judge_request(request, dialect=name).findings == ()


def test_a_request_of_an_old_dialect_is_refused_for_what_that_dialect_asks() -> None:
    request = (
        b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nOrigin: http://h\r\n"
        b"Sec-WebSocket-Key1: 1 2\r\nSec-WebSocket-Key2: 12\r\n\r\n12345678"
    )
    finding = one(judge_request(request))
    assert (finding.rule, finding.severity, finding.clause) == ("request-draft", Severity.BREAKS, "hixie-76")
    assert finding.text[0].isupper()
    assert finding.text.endswith(".")


def test_drafts_before_14_did_not_settle_what_may_be_repeated() -> None:
    request = DRAFT.duplicate(3).with_version_values((b"8",)).to_bytes()
    assert found(judge_request(request, dialect="hybi-11")) == [("request-key-once", Severity.UNUSUAL)]


def test_findings_name_the_bytes_they_speak_of() -> None:
    for request in (REQUEST.replace(b"websocket", b"h2c"), REQUEST.replace(b"Host: h\r\n", b"")):
        finding = judge_request(request).findings[0]
        subject = finding.subjects[0]
        taken = request[subject.span.start : subject.span.end]
        assert taken in (b"Upgrade: h2c\r\n", b"GET / HTTP/1.1")


PIECES = st.lists(
    st.sampled_from(
        [
            b"GET / HTTP/1.1\r\n", b"POST x\r\n", b"Host: h\r\n", b"Host: \xff h\r\n",
            b"Upgrade: websocket\r\n", b"Connection: Upgrade\r\n", KEY_LINE,
            b"Sec-WebSocket-Key: \x00=\r\n", b"\r\n", b" fold\r\n",
            b"Sec-WebSocket-Version: 13\r\n", b"Sec-WebSocket-Version: 9999\n", b"odd\r\n", b": x\r\n",
            b'Sec-WebSocket-Extensions: permessage-deflate; a="\r\n', b"Sec-WebSocket-Protocol: ,\xe9\r\n",
            b"Content-Length: -1\r\n", b"Sec-WebSocket-Key1: 1 2\r\n", b"Sec-WebSocket-Draft: 2\r\n",
        ]
    ),
    max_size=16,
).map(b"".join)  # fmt: skip


@given(st.one_of(PIECES, st.binary(max_size=120)))
def test_any_bytes_are_judged(request: bytes) -> None:
    verdict = judge_request(request)
    for finding in verdict.findings:
        assert finding.text.endswith(".")
        for subject in finding.subjects:
            assert subject.side == "request"
            assert 0 <= subject.span.start <= subject.span.end <= len(request)
    assert verdict == judge_request(request)


def test_names_are_unique() -> None:
    names = [rule.name for rule in REQUEST_RULES]
    assert len(names) == len(set(names))
