"""A refusal is told for what it is, from its bytes, and never for what it is not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import ResponseReader, read_response
from wsinspector.verdicts.catalogue import ALL_RULES
from wsinspector.verdicts.examples import request_bytes
from wsinspector.verdicts.finding import Subject
from wsinspector.verdicts.refused import Before, Kind, Refusal, judge_refusal, understand_refusal
from wsinspector.verdicts.refused.boxes import BOXES, box_called, who_answered
from wsinspector.verdicts.refused.complaints import READ, complaints_of
from wsinspector.verdicts.refused.pages import OWN_PAGES, own_page
from wsinspector.verdicts.refused.rules import KIND_RULES
from wsinspector.verdicts.response_rules import judge_response
from wsinspector.verdicts.rule import About

VECTORS = Path(__file__).parent.parent / "vectors"
GOLDEN = VECTORS / "refusals.txt"
ACCEPT = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
OPENS = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\n\r\n"
)


@dataclass(frozen=True)
class Recorded:
    name: str
    request: bytes
    answer: bytes
    ended: bool

    def response(self) -> Response | None:
        reader = ResponseReader()
        reader.feed(self.answer)
        if self.ended:
            reader.eof()
        else:
            reader.idle()
        return reader.response


def _recorded() -> Iterator[Recorded]:
    for text in (VECTORS / "refusals.jsonl").read_text("ascii").splitlines():
        entry = json.loads(text)
        yield Recorded(
            f"{entry['server']}, {entry['case']}",
            entry["request"].encode("latin-1"),
            entry["answer"].encode("latin-1"),
            entry["ended"] != "timeout",
        )


RECORDED = tuple(_recorded())


def version(*values: bytes, changes: dict[bytes, bytes | None] | None = None) -> bytes:
    lines = b"".join(b"Sec-WebSocket-Version: " + value + b"\r\n" for value in values)
    return request_bytes({b"Sec-WebSocket-Version": None, **(changes or {})}, extra=lines)


def answer(status: str, *lines: str, body: bytes = b"") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}", "", ""])
    return head.encode("latin-1") + body


def told(request: bytes, data: bytes, *earlier: Before) -> Refusal:
    response = read_response(data) if data else None
    return understand_refusal(request, response, judge_response(request, response), earlier)


def shown(refusal: Refusal) -> list[str]:
    """A refusal as lines that a person can check against the bytes."""
    lines = [f"  {refusal.kind.value}: {refusal.sentence}"]
    if refusal.remark:
        lines.append(f"  also: {refusal.remark}")
    lines += [f"  “{quote.text}”" for quote in refusal.evidence]
    if refusal.spoke:
        lines.append(f"  signed: {', '.join(spoke.name for spoke in refusal.spoke)}")
    if refusal.lost is not None:
        lines += [f"  lost: {refusal.lost.sentence}", f"  {refusal.lost.rests_on}"]
        lines += [f"  look in: {setting.name}" for setting in refusal.lost.settings]
    return lines


def test_what_real_servers_answered_is_told_as_a_person_has_read_it() -> None:
    pages = [[each.name, *shown(understand_refusal(each.request, each.response()))] for each in RECORDED]
    found = "\n".join("\n".join(page) + "\n" for page in pages)
    assert found.splitlines() == GOLDEN.read_text("utf-8").splitlines()


def test_the_recorded_answers_are_of_many_kinds() -> None:
    kinds = {understand_refusal(each.request, each.response()).kind for each in RECORDED}
    assert len(kinds) >= 16


@pytest.mark.parametrize("each", RECORDED, ids=lambda each: each.name)
def test_evidence_lies_inside_the_bytes_and_is_what_stands_there(each: Recorded) -> None:
    refusal = understand_refusal(each.request, each.response())
    for quote in refusal.evidence:
        within(quote.subject, each.request, each.answer)
        assert quote.text


def within(subject: Subject, request: bytes, data: bytes) -> None:
    whole = {"request": request, "response": data}[subject.side]
    assert 0 <= subject.span.start <= subject.span.end <= len(whole)


# -- the kinds that need more than one answer, and near misses


def test_a_list_that_does_not_name_what_was_taken_is_told() -> None:
    refused = Before(1, version(b"14"), read_response(answer("400 No", "Sec-WebSocket-Version: 13")))
    refusal = told(version(b"8"), OPENS, refused)
    assert refusal.kind is Kind.LIST_LIES
    assert refusal.sentence == "The list of #1 is not whole: it names 13, and 8 was taken here."
    taken = Before(2, version(b"8"), read_response(OPENS))
    refusal = told(version(b"14"), answer("400 No", "Sec-WebSocket-Version: 13"), taken)
    assert refusal.kind is Kind.VERSION_LISTED
    assert refusal.remark == "The list is not whole: it names 13, and 8 was taken in #2."


def test_a_list_that_names_what_was_taken_is_no_lie() -> None:
    refused = Before(1, version(b"8"), read_response(answer("426 No", "Sec-WebSocket-Version: 13")))
    assert told(version(b"13"), OPENS, refused).kind is Kind.OPENED


def test_the_status_of_a_version_refusal_does_not_matter() -> None:
    for status in ("426 Upgrade Required", "400 Bad Request", "501 Not Implemented", "422 No"):
        refusal = told(version(b"8"), answer(status, "Sec-WebSocket-Version: 13, 7"))
        assert (refusal.kind, refusal.not_the_version) == (Kind.VERSION_LISTED, False)
        assert refusal.sentence == "You sent version 8; the answer offers 13, 7."


def test_a_list_beside_another_reason_is_a_remark_and_no_reason() -> None:
    refusal = told(version(b"8"), answer("404 Not Found", "Sec-WebSocket-Version: 13"))
    assert refusal.kind is Kind.NOT_FOUND
    assert refusal.remark == "A list of versions came along all the same: 13."
    refusal = told(version(b"13"), answer("403 Forbidden", "Sec-WebSocket-Version: 13"))
    assert refusal.kind is Kind.FORBIDDEN
    assert refusal.remark == "The version is not the reason: 13 was sent and 13 is offered."
    assert refusal.not_the_version


@pytest.mark.parametrize(
    "words",
    [b"A WebSocket needs HTTP/1.1 or later.", b"HTTP/1.1 is required", b"Only HTTP/1.1 is taken here"],
)
def test_who_wants_what_was_sent_was_asked_otherwise(words: bytes) -> None:
    refusal = told(version(b"13"), answer("400 Bad Request", body=words))
    assert (refusal.kind, refusal.guess) == (Kind.DOWNGRADED, True)
    assert refusal.sentence == (
        "Probably something in between asked on in an older HTTP version: the answer wants HTTP/1.1, "
        "which was sent."
    )
    assert refusal.lost is not None
    assert refusal.lost.sentence == "Probably something in between asked on in an older HTTP version."
    old = version(b"13").replace(b"HTTP/1.1", b"HTTP/1.0")
    assert told(old, answer("400 Bad Request", body=words)).kind is not Kind.DOWNGRADED


@pytest.mark.parametrize(
    "line",
    [
        b"/any-version              Answers 101 whatever Sec-WebSocket-Version says, then echoes.",
        b"/key                      Shows the Sec-WebSocket-Key that came, and what was computed from it.",
        b"/chat                     Talks to everybody who came by the same path. Agrees to a subprotocol.",
    ],
)
def test_a_page_that_mentions_a_header_complains_of_nothing(line: bytes) -> None:
    page = answer("404 Not Found", body=b"A WebSocket test server. Its paths:\n" + line + b"\n")
    refusal = told(version(b"13"), page)
    assert (refusal.kind, refusal.guess) == (Kind.NOT_FOUND, False)
    assert refusal.sentence.startswith("Nothing is found at /")


def test_the_labs_own_page_of_its_paths_complains_of_nothing() -> None:
    lines = "".join(f"{each.path:<40}{each.description}\n" for each in SCENARIOS)
    page = f"This is a WebSocket test server. Its paths:\n{lines}".encode()
    response = read_response(answer("404 Not Found", body=page[:READ]))
    assert response is not None
    assert complaints_of(response) == ()


def test_a_dropped_upgrade_is_a_guess_with_its_evidence_and_the_setting() -> None:
    body = b"Bad Request: 'upgrade' token not found in the 'Connection' header field"
    data = answer("400 Bad Request", "Server: nginx/1.22.1", "Sec-Websocket-Version: 13", body=body)
    refusal = told(version(b"13"), data)
    assert (refusal.kind, refusal.guess, refusal.not_the_version) == (Kind.UPGRADE_LOST, True, True)
    assert refusal.sentence == (
        "Probably something in between dropped the hop-by-hop headers Upgrade and Connection: "
        "both were sent, and the answer misses Connection."
    )
    assert refusal.remark == "The version is not the reason: 13 was sent and 13 is offered."
    assert refusal.lost is not None
    assert refusal.lost.rests_on == (
        "Evidence: the answer says “Bad Request: 'upgrade' token not found in the 'Connection' header "
        "field”, and both were sent; the answer carries Server: nginx/1.22.1."
    )
    assert [setting.name for setting in refusal.lost.settings] == ["nginx"]
    assert refusal.lost.settings[0].lines[0] == "proxy_http_version 1.1;"


def test_the_same_complaint_to_a_request_without_upgrade_blames_nobody_in_between() -> None:
    request = request_bytes({b"Connection": None})
    refusal = told(request, answer("400 Bad Request", body=b"missing Connection header"))
    assert (refusal.kind, refusal.guess, refusal.lost) == (Kind.NOT_ASKED, False, None)
    assert refusal.sentence.endswith("That has nothing to do with the version.")


def test_a_426_without_a_list_to_13_misses_upgrade_and_to_8_probably_the_version() -> None:
    data = answer("426 Upgrade Required", "Upgrade: websocket")
    assert told(version(b"13"), data).kind is Kind.UPGRADE_LOST
    refusal = told(version(b"8"), data)
    assert (refusal.kind, refusal.guess) == (Kind.VERSION_LIKELY, True)
    tls = told(version(b"13"), answer("426 Upgrade Required", "Upgrade: TLS/1.2"))
    assert tls.kind is Kind.OTHER_PROTOCOL


def test_a_426_that_speaks_of_the_version_accuses_nobody_in_between() -> None:
    for words in (b"Another version is needed.", b"Unsupported version: 13"):
        refusal = told(version(b"13"), answer("426 Upgrade Required", "Upgrade: websocket", body=words))
        assert refusal.kind is Kind.VERSION_UNLISTED
        assert refusal.lost is None
        assert not refusal.guess


def test_a_connection_that_misses_its_token_is_a_complaint() -> None:
    data = answer("400 Bad Request", body=b"missing 'Upgrade' in 'Connection'.")
    assert told(version(b"13"), data).kind is Kind.UPGRADE_LOST


@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "418 Teapot"])
def test_an_answer_in_words_of_its_own_is_never_said_to_be_silent(status: str) -> None:
    said = told(version(b"13"), answer(status, body=b"Your quota is used up.\n")).sentence
    assert "Your quota is used up." in said
    assert "does not say why" not in said


def test_a_body_that_repeats_the_status_or_none_says_nothing_why() -> None:
    for body in (b"", b"Bad Request\n", b"400 Bad Request"):
        assert "does not say why" in told(version(b"13"), answer("400 Bad Request", body=body)).sentence


@pytest.mark.parametrize("body", [b"\x1f\x8b\x08\x00ab", b"<p>Go away, it is late</p>", b"word " * 200])
def test_a_body_that_is_not_read_is_not_called_silent(body: bytes) -> None:
    said = told(version(b"13"), answer("400 Bad Request", body=body)).sentence
    assert said.startswith("No reason that is known here stands in the answer's body")


def test_a_status_that_is_a_reason_is_told_as_one() -> None:
    said = told(version(b"13"), answer("429 Too Many Requests")).sentence
    assert said.startswith("The status 429 says that too many requests came")


def test_a_status_line_that_cannot_be_read_is_no_head_cut_short() -> None:
    refusal = told(version(b"13"), b"HTTP/1.1 101Switching\r\nServer: x\r\n\r\n")
    assert refusal.kind is Kind.HALF
    assert "not whole" not in refusal.sentence
    assert "no status" in refusal.sentence


def test_a_200_with_an_accept_is_not_said_to_have_ignored_upgrade() -> None:
    refusal = told(version(b"13"), answer("200 OK", f"Sec-WebSocket-Accept: {ACCEPT.decode()}"))
    assert "only a 101 opens" in refusal.sentence
    assert refusal.lost is None


def test_403_names_the_origin_only_where_one_was_sent() -> None:
    with_origin = version(b"13", changes={b"Origin": b"https://app.example"})
    assert "https://app.example was sent" in told(with_origin, answer("403 Forbidden")).sentence
    assert "No Origin was sent" in told(version(b"13"), answer("403 Forbidden")).sentence
    complains = told(with_origin, answer("403 Forbidden", body=b"origin not allowed"))
    assert complains.sentence == "The answer complains of the Origin; https://app.example was sent."


def test_credentials_of_a_proxy_and_of_a_server_are_told_apart() -> None:
    basic = told(version(b"13"), answer("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'))
    text = "The server asks for credentials (Basic); none were sent. It says nothing of the version."
    assert basic.sentence == text
    proxy = told(version(b"13"), answer("407 No", "Proxy-Authenticate: Negotiate"))
    assert proxy.sentence.startswith("A proxy asks for credentials (Negotiate)")


def test_health_pages_and_shops_are_told_apart() -> None:
    assert told(version(b"13"), answer("200 OK", body=b'{"status": "UP"}')).kind is Kind.HEALTH_PAGE
    assert told(version(b"13"), answer("200 OK", body=b"<h1>OK</h1>")).kind is Kind.PLAIN_PAGE


def test_http_2_bytes_are_known() -> None:
    refusal = told(version(b"13"), bytes.fromhex("0000120400000000000003000000640004001000000006"))
    assert refusal.kind is Kind.HTTP_2
    assert refusal.lost is not None


def test_an_http_2_goaway_is_known_too() -> None:
    goaway = bytes.fromhex("0000080700000000000000000000000001")
    refusal = told(version(b"13"), goaway)
    assert refusal.kind is Kind.HTTP_2
    assert "GOAWAY" in refusal.sentence
    on_a_stream = bytes.fromhex("0000080700000000010000000000000001")
    assert told(version(b"13"), on_a_stream).kind is Kind.NOT_HTTP


NGINX_TLS = (
    b"<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n"
    b"<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port"
    b"</center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (answer("400 Bad Request", "Server: nginx/1.22.1", body=NGINX_TLS),
         "the answer says “The plain HTTP request was sent to HTTPS port”"),
        (answer("400 Bad Request", body=b"Client sent an HTTP request to an HTTPS server.\n"),
         "the answer says “Client sent an HTTP request to an HTTPS server”"),
        (answer("400 Bad Request", body=b"You're speaking plain HTTP to an SSL-enabled server port.<br />"),
         "the answer says “speaking plain HTTP to an SSL-enabled server port”"),
        (bytes.fromhex("1503010002020a"), "a TLS alert, unexpected_message: this port speaks TLS."),
        (bytes.fromhex("15030300020246"), "a TLS alert, protocol_version: this port speaks TLS."),
        (bytes.fromhex("150303"), "What came is a TLS alert: this port speaks TLS."),
    ],
)  # fmt: skip
def test_a_port_that_speaks_tls_is_told_and_what_to_use(data: bytes, said: str) -> None:
    refusal = told(version(b"13"), data)
    assert refusal.kind is Kind.TLS_MEANT
    assert said in refusal.sentence
    assert refusal.sentence.endswith("Use wss:// in place of ws://: wss://server.example:80.")
    assert (refusal.not_the_version, refusal.lost) == (True, None)
    at_8443 = version(b"13", changes={b"Host": b"h:8443"})
    assert told(at_8443, data).sentence.endswith("wss://h:8443.")
    over_tls = understand_refusal(version(b"13"), read_response(data), certificates=("CN=x",))
    assert "probably something in between asked on without it" in over_tls.sentence


@pytest.mark.parametrize("data", [b"\x15\x02\x00", b"\x16\x03\x01\x00", b"\x15\x03\x09\x00\x02"])
def test_other_bytes_are_no_tls_alert(data: bytes) -> None:
    assert told(version(b"13"), data).kind is not Kind.TLS_MEANT


OFFERS = "Sec-WebSocket-Version: 13"


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (answer("429 Too Many Requests", "Retry-After: 5", OFFERS), Kind.UNSAID,
         "The status 429 says that too many requests came"),
        (answer("503 Service Unavailable", "Retry-After: 5", OFFERS), Kind.GATEWAY, "cannot serve now"),
        (answer("500 Internal Server Error", OFFERS, body=b"boom"), Kind.FAILED_INSIDE, "failed over"),
        (answer("451 No", OFFERS), Kind.UNSAID, "legal reasons"),
        (answer("400 Bad Request", OFFERS, body=b"missing auth token"), Kind.OTHER_REASON,
         "The answer says “missing auth token”, and nothing of the version."),
    ],
)  # fmt: skip
def test_a_reason_of_its_own_comes_before_a_list_that_is_sent_with_every_error(
    data: bytes, kind: Kind, said: str
) -> None:
    refusal = told(version(b"8"), data)
    assert refusal.kind is kind
    assert said in refusal.sentence
    assert refusal.remark == "A list of versions came along all the same: 13."
    listed = told(version(b"13"), data)
    assert listed.kind in (kind, Kind.LISTED)
    assert "The version is not the reason: 13 was sent and 13 is offered." in listed.sentence + listed.remark


@pytest.mark.parametrize(
    "data",
    [
        answer("400 Bad Request", OFFERS),
        answer("400 Bad Request", OFFERS, body=b"Bad Request"),
        answer("406 Not Acceptable", OFFERS),
        answer("426 Upgrade Required", OFFERS, body=b"Please update your client"),
        answer("400 Bad Request", OFFERS, body=b"WebSocket version not supported"),
        answer("503 No", OFFERS, body=b"Unsupported WebSocket version"),
    ],
)
def test_a_list_without_another_reason_is_a_refusal_of_the_version(data: bytes) -> None:
    assert told(version(b"8"), data).kind is Kind.VERSION_LISTED


def test_a_101_that_carries_the_version_is_not_said_to_refuse() -> None:
    data = OPENS.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Version: 13\r\n\r\n")
    refusal = told(version(b"13"), data)
    assert (refusal.kind, refusal.remark) == (Kind.VERSION_IN_101, "")


def test_a_page_that_a_box_makes_itself_says_who_answered() -> None:
    page = b"<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n"
    assert own_page(page) == "HAProxy"
    refusal = told(version(b"13"), answer("400 Bad request", body=page))
    assert (refusal.kind, refusal.lost is not None) == (Kind.OWN_PAGE, True)
    assert "HAProxy" in refusal.sentence


def test_a_page_of_nobody_known_is_a_guess_and_says_its_title() -> None:
    page = b"<html><title>400 Bad Request</title><hr><address>gateway</address></html>"
    refusal = told(version(b"13"), answer("400 Bad Request", "Content-Type: text/html", body=page))
    assert (refusal.kind, refusal.guess) == (Kind.BROWSER_PAGE, True)
    assert "titled “400 Bad Request”" in refusal.sentence
    assert refusal.lost is not None
    assert refusal.lost.sentence == "Probably at a proxy or web server in front."


def test_a_bare_403_of_envoy_names_its_setting_and_one_of_nginx_its_page() -> None:
    envoy = told(version(b"13"), answer("403 Forbidden", "Server: envoy"))
    assert envoy.lost is not None
    assert envoy.lost.settings[0].lines == ("upgrade_configs:", "- upgrade_type: websocket")
    page = b"<center><h1>403 Forbidden</h1></center><hr><center>nginx/1.22.1</center>"
    nginx = told(version(b"13"), answer("403 Forbidden", body=page))
    assert (nginx.kind, nginx.lost is not None) == (Kind.FORBIDDEN, True)


@pytest.mark.parametrize(
    ("body", "box"),
    [
        (b"<center>nginx/1.22.1</center>", "nginx"),
        (b"<center>openresty</center>", "openresty"),
        (b"<address>Apache/2.4.62 (Debian) Server at a.example Port 80</address>", "Apache"),
        (b"<h1>503 Service Unavailable</h1>\nNo server is available to handle this request.", "HAProxy"),
        (b"upstream connect error or disconnect/reset before headers. reset reason: timeout", "Envoy"),
        (b"<center>cloudflare</center>", "Cloudflare"),
        (b"Generated by cloudfront (CloudFront)", "CloudFront"),
        (b"<h3>Guru Meditation:</h3>", "Varnish"),
        (b"Generated Sun, 01 Jan 2026 00:00:00 GMT by host (squid/5.7)", "Squid"),
        (b"<p>HTTP Error 400. The request hostname is invalid.</p>", "IIS"),
        (b"<p>nginx is what we talk about here</p>", None),
    ],
)
def test_own_pages(body: bytes, box: str | None) -> None:
    assert own_page(body) == box
    assert len(OWN_PAGES) == 10


# -- who answered


def test_boxes_sign_once_and_the_nearest_is_first() -> None:
    data = answer("400 No", "Via: 1.1 varnish", "Server: nginx", "CF-RAY: 1", "X-Varnish: 2")
    assert [each.box for each in who_answered(read_response(data))] == ["cloudflare", "varnish", "nginx"]


def test_a_name_within_another_is_no_signature() -> None:
    data = answer("400 No", "Server: Apache-Coyote/1.1", "X-Cache: MISS from nowhere", "Via: 1.1 googlex")
    assert who_answered(read_response(data)) == ()


def test_a_certificate_of_a_box_of_its_own_making_says_who_it_is() -> None:
    spoke = who_answered(None, ["CN=TRAEFIK DEFAULT CERT"])
    assert [(each.box, each.certificate) for each in spoke] == [("traefik", "CN=TRAEFIK DEFAULT CERT")]


def test_every_box_and_every_kind_has_its_rule() -> None:
    names = {rule.name for rule in ALL_RULES if rule.about is About.REFUSAL}
    assert {kind.value for kind in Kind} - {Kind.OPENED.value} == {rule.name for rule in KIND_RULES}
    assert names == {rule.name for rule in KIND_RULES} | {f"box-{box.key}" for box in BOXES}
    assert box_called("nginx").setting is not None


# -- anything at all

PIECES = st.sampled_from(
    [b"HTTP/1.1 ", b"426 Upgrade Required", b"400", b"101 x", b"302", b"403", b"\r\n", b"\r\n\r\n",
     b"Sec-WebSocket-Version: 13", b"Location: /", b"Upgrade: h2c", b"Server: nginx", b"WebSocket-Origin: x",
     b"missing Upgrade header", b"HTTP/1.0 not", b"Transfer-Encoding: chunked", b"4\r\nabcd\r\n0\r\n\r\n",
     b"Content-Length: 5", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", b"GET / HTTP/1.1", b"Origin: x",
     b"<center>nginx</center>"]
)  # fmt: skip
BYTES = st.lists(st.one_of(PIECES, st.binary(max_size=6)), max_size=12).map(b"".join)


@given(BYTES, BYTES, st.booleans(), st.booleans())
def test_anything_is_understood_alike_each_time_and_within_its_bytes(
    request: bytes, data: bytes, real: bool, ended: bool
) -> None:
    sent = version(b"14") if real else request
    reader = ResponseReader()
    reader.feed(data)
    if ended:
        reader.eof()
    else:
        reader.idle()
    before = (Before(1, version(b"8"), read_response(OPENS)), Before(2, request, reader.response))
    refusal = understand_refusal(sent, reader.response, None, before)
    assert refusal == understand_refusal(sent, reader.response, None, before)
    assert refusal.sentence
    assert refusal.guess is refusal.sentence.startswith("Probably")
    for quote in refusal.evidence:
        within(quote.subject, sent, data)
    for finding in judge_refusal(sent, reader.response, before).findings:
        for subject in finding.subjects:
            within(subject, sent, data)


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        ("204 No Content", Kind.PLAIN_PAGE, "success without a page (204): Upgrade was ignored"),
        ("205 Reset Content", Kind.PLAIN_PAGE, "success without a page"),
        ("202 Accepted", Kind.PLAIN_PAGE, "is not done yet (202)"),
        ("206 Partial Content", Kind.PLAIN_PAGE, "a part of something (206)"),
        ("304 Not Modified", Kind.UNSAID, "a copy that the client has is still good"),
        ("302 Found", Kind.UNSAID, "no Location says where"),
        ("409 Conflict", Kind.UNSAID, "conflicts with what is there"),
        (
            "501 Not Implemented",
            Kind.NOT_SUPPORTED,
            "does not support what was asked (501). That is no failure",
        ),
        ("500 Internal Server Error", Kind.FAILED_INSIDE, "The server failed over this request"),
        ("507 Insufficient Storage", Kind.FAILED_INSIDE, "trouble on the server's side"),
        ("511 Network Authentication Required", Kind.UNSAID, "the network wants a sign-in first"),
        ("505 HTTP Version Not Supported", Kind.DOWNGRADED, "HTTP/1.1 was sent"),
    ],
)
def test_a_status_is_told_for_what_it_is(status: str, kind: Kind, said: str) -> None:
    refusal = told(request_bytes(), answer(status))
    assert refusal.kind is kind
    assert said in refusal.sentence
    if kind is not Kind.FAILED_INSIDE or status[:3] != "500":
        assert "failed" not in refusal.sentence
    if refusal.lost is not None and status.startswith("20"):
        assert "an ordinary answer without a page came" in refusal.lost.rests_on


def test_505_to_an_old_request_is_of_the_version_it_had() -> None:
    old = request_bytes().replace(b" HTTP/1.1", b" HTTP/1.0")
    refusal = told(old, answer("505 Sorry"))
    assert refusal.sentence == "The server does not take the HTTP version that was sent, HTTP/1.0."


@pytest.mark.parametrize(
    "line", ["Via: 1.1 fly.io", "Server: AkamaiGHost", "X-Azure-Ref: 0", "Via: 1.1 vegur"]
)
def test_what_is_only_documented_is_said_to_be(line: str) -> None:
    spoke = told(request_bytes(), answer("502 Bad Gateway", line)).spoke[0]
    box = box_called(spoke.box)
    assert box.recalled
    rule = next(rule for rule in ALL_RULES if rule.name == f"box-{box.key}")
    assert "(as documented, not recorded here)" in rule.told_why


def test_what_was_recorded_is_not_said_to_be_documented_alone() -> None:
    signed = {spoke.box for each in RECORDED for spoke in who_answered(each.response())}
    assert signed
    assert not [key for key in signed if box_called(key).recalled]


@pytest.mark.parametrize(("status", "shown_as"), [("999 Request denied", "999"), ("099 What", "099")])
def test_a_status_that_http_has_not_is_said_to_be_none(status: str, shown_as: str) -> None:
    refusal = told(request_bytes(), answer(status))
    assert refusal.sentence == f"The status {shown_as} is none of HTTP's."
    found = judge_response(request_bytes(), read_response(answer(status))).findings
    assert f"Status {shown_as}, expected one from 100 to 599." in [each.text for each in found]


def test_a_status_of_cloudflare_s_own_is_a_gateway_s() -> None:
    refusal = told(request_bytes(), answer("522 ", "CF-RAY: 1-FRA"))
    assert refusal.kind is Kind.GATEWAY
    assert refusal.sentence.endswith("with a status of its own, 522.")
    assert told(request_bytes(), answer("522 ")).kind is Kind.FAILED_INSIDE


def test_a_compressed_body_is_said_to_be_unread() -> None:
    refusal = told(
        request_bytes(), answer("400 Bad Request", "Content-Encoding: gzip", body=b"\x1f\x8b\x08abc")
    )
    assert refusal.sentence.startswith("The answer's body is compressed (gzip) and was not read for a reason")
