"""What happened, as steps, and what can be done next, of attempts that did not open."""

import ssl
from dataclasses import replace

from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, Phase, Timings
from wsinspector.live.tls_failure import why_tls_failed
from wsinspector.present.nextsteps import next_steps, redirect_of
from wsinspector.present.sequence import sequence_of
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import ResponseReader
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.outcome import Outcome

MS = 1_000_000
REQUEST = b"GET /chat?room=blue HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Version: 8\r\n\r\n"


def answer(data: bytes) -> Response:
    reader = ResponseReader()
    reader.feed(data)
    reader.eof()
    assert reader.response is not None
    return reader.response


def ended(kind: EndKind, by: EndedBy, text: str = "") -> End:
    return End(kind, by, False, None, "", None, None, 0.0, 0.1, 9 * MS, text)


def attempt(**more: object) -> AttemptSnapshot:
    made = AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=1,
        phase=Phase.ENDED,
        url="ws://example.test:8080/chat?room=blue",
        wall_ns=0,
        mono_ns=0,
        request=REQUEST,
        request_at=2 * MS,
        timings=Timings(lookup=0.5, tcp=1.0, tls=2.0),
        end=ended(EndKind.FIN, EndedBy.PEER),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def steps(snapshot: AttemptSnapshot) -> list[tuple[str, str, str]]:
    return [(step.text, step.way, step.role) for step in sequence_of(snapshot).steps]


REFUSED = answer(
    b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13, 7\r\nContent-Length: 0\r\n\r\n"
)


def test_a_refusal_step_by_step() -> None:
    snapshot = attempt(response=REFUSED, response_at=5 * MS, outcome=Outcome.REFUSED)
    assert steps(snapshot) == [
        ("TCP and TLS, 3.0 ms", "out", "muted"),
        ("GET /chat Sec-WebSocket-Version: 8", "out", "out"),
        ("426 Sec-WebSocket-Version: 13, 7", "in", "refused"),
        ("closes the connection", "in", "muted"),
    ]
    assert [step.at for step in sequence_of(snapshot).steps] == [0.5, 2.0, 5.0, 9.0]
    assert sequence_of(snapshot).there == "example.test:8080"


def test_secrets_in_the_target_are_not_drawn() -> None:
    request = b"GET /chat?token=verysecret HTTP/1.1\r\n\r\n"
    assert steps(attempt(request=request))[1][0] == "GET /chat without a version"


def test_a_network_that_fails_is_the_only_step() -> None:
    snapshot = attempt(
        request_at=None,
        timings=Timings(),
        network_error="The name was not found.",
        end=ended(EndKind.FAILED, EndedBy.NETWORK),
    )
    assert steps(snapshot) == [("The name was not found.", "none", "note")]


def test_silence_and_reset() -> None:
    given_up = attempt(end=ended(EndKind.TIMEOUT, EndedBy.US))
    assert steps(given_up)[-1][1:] == ("none", "note")
    assert steps(attempt(end=ended(EndKind.RST, EndedBy.PEER)))[-1][0] == "resets the connection"


def test_a_length_that_lies_is_no_whole_answer() -> None:
    lying = answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 33\r\n\r\n")
    snapshot = attempt(response=lying, response_at=3 * MS, end=ended(EndKind.RESPONSE_DONE, EndedBy.US))
    assert steps(snapshot)[-1][0].startswith("silence")
    whole = attempt(response=REFUSED, response_at=3 * MS, end=ended(EndKind.RESPONSE_DONE, EndedBy.US))
    assert steps(whole)[-1][0].startswith("the answer is whole")


def test_half_a_head_is_a_step() -> None:
    half = answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgr")
    snapshot = attempt(response=half, bytes_in=40, end=ended(EndKind.TIMEOUT, EndedBy.US))
    assert steps(snapshot)[2] == ("half a head", "in", "note")
    assert sequence_of(snapshot).steps[2].at is None
    timed = replace(snapshot, timings=replace(snapshot.timings, first_byte=0.5))
    requested = sequence_of(timed).steps[1].at
    assert requested is not None
    assert sequence_of(timed).steps[2].at == requested + 0.5


def kinds(snapshot: AttemptSnapshot, options: Options | None = None, came: int = 0) -> list[str]:
    return [step.kind for step in next_steps(snapshot, options or Options(), came)]


def test_a_version_on_offer_comes_first() -> None:
    snapshot = attempt(response=REFUSED)
    found = next_steps(snapshot, Options(), 80)
    assert [step.kind for step in found] == ["retry", "sweep", "about", "again", "raw"]
    assert found[0].value == "13"


def test_nothing_is_offered_while_it_goes_on() -> None:
    assert kinds(attempt(phase=Phase.BODY, response=REFUSED)) == []


def test_time_and_trust() -> None:
    assert kinds(attempt(end=ended(EndKind.TIMEOUT, EndedBy.US))) == ["wait", "again"]
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code, error.verify_message = 18, "self-signed certificate"
    failed = attempt(
        request_at=None, timings=Timings(tcp=1.0), network_error=why_tls_failed(error, "example.test")
    )
    assert kinds(failed) == ["trust", "again"]
    assert kinds(failed, Options(verify=False)) == ["again"]


def redirect(location: bytes) -> str:
    head = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
    return redirect_of(attempt(response=answer(head)))


def test_redirects_become_addresses() -> None:
    assert redirect(b"https://other.test/x") == "wss://other.test/x"
    assert redirect(b"/elsewhere") == "ws://example.test:8080/elsewhere"
    assert redirect(b"wss://other.test/") == "wss://other.test/"
    assert redirect(b"http://[bad") == ""
    assert redirect_of(attempt(response=REFUSED)) == ""


def test_as_the_server_the_request_comes_in() -> None:
    response = answer(b"HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n")
    shown = sequence_of(
        attempt(
            role=Role.SERVER,
            request_at=1 * MS,
            response=response,
            response_at=2 * MS,
            outcome=Outcome.REFUSED,
            client="127.0.0.1:50000",
            end=ended(EndKind.FIN, EndedBy.US),
            timings=Timings(),
        )
    )
    assert (shown.here, shown.there) == ("this server", "127.0.0.1:50000")
    assert [(step.text, step.way) for step in shown.steps] == [
        ("GET /chat Sec-WebSocket-Version: 8", "in"),
        ("400 Sec-WebSocket-Version: 13", "out"),
        ("closes the connection", "out"),
    ]


def test_a_request_of_a_dialect_without_a_version_is_named() -> None:
    request = b"GET /a HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\n\r\n"
    shown = sequence_of(attempt(request=request, request_at=1 * MS, dialect="hixie-75", timings=Timings()))
    assert shown.steps[0].text == "GET /a hixie-75"
    shown = sequence_of(attempt(request=request, request_at=1 * MS, timings=Timings()))
    assert shown.steps[0].text == "GET /a without a version"


def test_two_version_lines_are_not_shown_as_a_list_in_one() -> None:
    two = REQUEST.replace(b"Version: 8\r\n", b"Version: 13\r\nSec-WebSocket-Version: 8\r\n")
    one = REQUEST.replace(b"Version: 8\r\n", b"Version: 13, 8\r\n")
    shown = [steps(attempt(request=request, response=REFUSED))[1][0] for request in (two, one)]
    assert shown[0].endswith("Sec-WebSocket-Version in 2 lines: 13 | 8")
    assert shown[1].endswith("Sec-WebSocket-Version: 13, 8")
