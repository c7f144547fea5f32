"""The words for a refusal: facts before guesses, where it was lost, and whose idle limit was met."""

import dataclasses

import pytest

from tests.present.test_answer import OPEN_101, draft, ended, snapshot
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.nextsteps import next_steps
from wsinspector.present.refused import told_in_line, understood, where_lost
from wsinspector.protocol.dialects import dialect_called, with_dialect
from wsinspector.protocol.http_reader import read_response
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.refused import Kind
from wsinspector.verdicts.refused.idle import idle_limit

PROXIED = (
    b"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 71\r\nSec-Websocket-Version: 13\r\n\r\n"
    b"Bad Request: 'upgrade' token not found in the 'Connection' header field"
)


def refused(answer: bytes, *versions: bytes) -> AttemptSnapshot:
    return snapshot(answer, Outcome.REFUSED, request=draft(*(versions or (b"13",))).to_bytes())


def line(made: AttemptSnapshot, *earlier: AttemptSnapshot) -> str:
    refusal = understood(made, earlier)
    assert refusal is not None
    assert made.response is not None
    return told_in_line(refusal, made.response)


def test_the_fact_stands_before_the_guess() -> None:
    assert line(refused(PROXIED)) == (
        "The version is not the reason: 13 was sent and 13 is offered. Probably something in between dropped "
        "the hop-by-hop headers Upgrade and Connection: both were sent, and the answer misses Connection."
    )


def test_where_it_was_lost_names_the_setting_of_whoever_signed() -> None:
    lost = where_lost(refused(PROXIED))
    assert lost is not None
    assert lost.sentence == "Probably something in between removed Upgrade and Connection."
    assert lost.look == "In nginx, look for:"
    assert lost.lines[1] == "proxy_set_header Upgrade $http_upgrade;"
    assert "Server: nginx/1.22.1" in lost.spoken()


def test_where_nobody_signed_the_usual_ones_are_named() -> None:
    lost = where_lost(refused(PROXIED.replace(b"Server: nginx/1.22.1\r\n", b"")))
    assert lost is not None
    assert lost.look == "Look for:"
    assert [text for text in lost.lines if text.startswith("# ")] == ["# nginx", "# Apache"]


def test_a_version_refusal_was_lost_nowhere() -> None:
    answer = b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
    assert where_lost(refused(answer, b"8")) is None


def test_a_secret_in_a_quoted_line_stays_hidden() -> None:
    body = b"missing Upgrade header for token abcdefghijkl"
    answer = b"HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    request = draft().to_bytes().replace(b"GET / ", b"GET /?token=abcdefghijkl ")
    lost = where_lost(snapshot(answer, Outcome.REFUSED, request=request))
    assert lost is not None
    assert "abcdefghijkl" not in lost.spoken()


def test_an_earlier_attempt_counts_only_on_the_same_address() -> None:
    listing = refused(b"HTTP/1.1 400 No\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n", b"14")
    took = snapshot(OPEN_101, Outcome.OPEN, request=draft(b"8").to_bytes(), number=2)
    lies = understood(took, (listing,))
    assert lies is not None
    assert lies.kind is Kind.LIST_LIES
    elsewhere = understood(took, (dataclasses.replace(listing, url="ws://b.example/"),))
    assert elsewhere is not None
    assert elsewhere.kind is Kind.OPENED
    later = understood(took, (dataclasses.replace(listing, number=3),))
    assert later is not None
    assert later.kind is Kind.OPENED


def test_the_reason_phrase_is_quoted_where_it_is_its_own() -> None:
    answer = b"HTTP/1.1 403 Not from here\r\nContent-Length: 0\r\n\r\n"
    assert line(refused(answer)).endswith("It says “Not from here”.")
    assert "It says" not in line(refused(answer.replace(b"Not from here", b"Forbidden")))


def test_a_request_that_came_to_us_is_no_refusal_of_ours() -> None:
    assert understood(dataclasses.replace(refused(PROXIED), role=Role.SERVER)) is None
    assert understood(dataclasses.replace(refused(PROXIED), request_at=None)) is None


# -- silence before an end


@pytest.mark.parametrize("silence", [59.95, 60.0, 60.4])
def test_sixty_seconds_sharp_are_known(silence: float) -> None:
    signed = read_response(OPEN_101.replace(b"\r\n\r\n", b"\r\nServer: nginx/1.22.1\r\n\r\n"))
    limit = idle_limit(silence, signed)
    assert limit is not None
    assert limit.sentence == "60 s is what nginx (proxy_read_timeout) waits unless told otherwise."


def test_where_nobody_signed_all_whose_default_it_is_are_named() -> None:
    limit = idle_limit(60.0, read_response(OPEN_101))
    assert limit is not None
    assert limit.sentence == (
        "60 s is what AWS Elastic Load Balancing (idle_timeout.timeout_seconds, as documented), nginx "
        "(proxy_read_timeout) and Apache (ProxyTimeout or Timeout) wait unless told otherwise."
    )


def test_a_round_limit_of_nobody_in_particular_names_nobody() -> None:
    limit = idle_limit(120.2, read_response(OPEN_101))
    assert limit is not None
    assert (limit.seconds, limit.sentence) == (120.0, "")


@pytest.mark.parametrize("silence", [5.0, 58.0, 61.5, 77.0])
def test_what_is_not_sharp_meets_no_limit(silence: float) -> None:
    assert idle_limit(silence, read_response(OPEN_101)) is None


def test_a_box_with_another_limit_is_not_named_for_this_one() -> None:
    signed = read_response(OPEN_101.replace(b"\r\n\r\n", b"\r\nServer: envoy\r\n\r\n"))
    limit = idle_limit(60.0, signed)
    assert limit is None or "Envoy" not in limit.sentence


def test_the_ended_line_names_the_limit_after_the_guess() -> None:
    from wsinspector.present.answer import of_attempt

    text = of_attempt(ended(silence=60.0)).text
    assert "Probably an idle limit in between. 60 s is what " in text
    assert of_attempt(ended(silence=61.7)).text.endswith("Probably an idle limit in between.")


# -- what next


def kinds(made: AttemptSnapshot) -> list[str]:
    return [step.kind for step in next_steps(made, Options(), 1)]


def test_where_something_in_between_is_likely_the_way_round_it_is_offered() -> None:
    assert kinds(refused(PROXIED)) == ["direct", "mirror", "again", "raw"]


def test_where_headers_were_probably_dropped_the_mirror_is_offered_with_its_how() -> None:
    step = next(step for step in next_steps(refused(PROXIED), Options(), 1) if step.kind == "mirror")
    assert step.text.startswith("See what it drops: point the proxy at the lab's /mirror, connect through it")
    assert "answer line names each change" in step.tip
    down = b"HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n"
    assert "mirror" not in kinds(refused(down))


def test_a_refused_version_of_a_dialect_leads_to_what_is_different() -> None:
    answer = b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
    steps = next_steps(refused(answer, b"8"), Options(), 1)
    told = [("retry", "13"), ("sweep", "ws://a.example/"), ("about", "hybi-11")]
    assert [(step.kind, step.value) for step in steps[:3]] == told
    assert steps[2].text == "What is different between 8 and 13?"
    assert kinds(refused(answer, b"14")) == ["retry", "sweep", "again", "raw"]


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("ws://h.example/chat", "wss://h.example:80/chat"),
        ("ws://h.example:8443/chat?x=1", "wss://h.example:8443/chat?x=1"),
        ("ws://[::1]/", "wss://[::1]:80/"),
        ("ws://[::1]:9/", "wss://[::1]:9/"),
    ],
)
def test_a_port_that_speaks_tls_may_be_asked_with_it(url: str, secure: str) -> None:
    body = b"<center>The plain HTTP request was sent to HTTPS port</center><hr><center>nginx</center>"
    page = b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    made = dataclasses.replace(refused(page), url=url)
    step = next(step for step in next_steps(made, Options(), 1) if step.kind == "follow")
    assert step.value == secure
    assert "direct" not in kinds(made)
    assert "follow" not in kinds(dataclasses.replace(made, url=url.replace("ws://", "wss://")))


def test_a_403_may_be_tried_without_the_origin_that_was_sent() -> None:
    answer = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    assert kinds(refused(answer)) == ["again", "raw"]
    request = draft().to_bytes().replace(b"\r\n\r\n", b"\r\nOrigin: https://a.example\r\n\r\n")
    assert kinds(snapshot(answer, Outcome.REFUSED, request=request)) == ["without", "again", "raw"]


def test_the_tip_of_a_retry_says_what_it_writes() -> None:
    answer = b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
    old = with_dialect(draft(), dialect_called("hixie-76"), bytes)
    made = snapshot(answer, Outcome.REFUSED, request=old.to_bytes())
    assert "the whole request as rfc6455" in next_steps(made, Options(), 1)[0].tip
    assert "speaks rfc6455" in next_steps(refused(answer, b"8"), Options(speak="hybi-07"), 1)[0].tip
    assert "nothing else" in next_steps(refused(answer, b"8"), Options(), 1)[0].tip
