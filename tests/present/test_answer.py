"""The sentence above the panes, in every state an attempt can be in."""

import dataclasses
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsinspector.conversation.ending import ending
from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.snapshot import (
    AttemptSnapshot,
    End,
    EndedBy,
    EndKind,
    Fit,
    Phase,
    Stop,
    Timings,
)
from wsinspector.present.answer import AnswerLine, of_attempt, of_draft, sent_versions
from wsinspector.present.answer_ended import LONGEST_PING
from wsinspector.present.draft_verdict import draft_lines
from wsinspector.present.verdict_rows import verdict_lines
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.address import understand
from wsinspector.protocol.dialects import dialect_called, with_dialect
from wsinspector.protocol.draft import Draft, standard_draft
from wsinspector.protocol.http_reader import ResponseReader
from wsinspector.protocol.policy import TcpEnd, by_name
from wsinspector.verdicts.finding import Verdict
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.response_rules import judge_response

SECOND = 1_000_000_000
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
OPEN_101 = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + accept_for(KEY) + b"\r\n\r\n"
)
WRONG_101 = OPEN_101.replace(accept_for(KEY), b"AAAAAAAAAAAAAAAAAAAAAAAAAAA=")


def draft(*versions: bytes) -> Draft:
    return standard_draft(b"/", b"a.example", KEY, version=versions or (b"13",))


def of(text: str, made: Draft | None = None) -> AnswerLine:
    return of_draft(made or draft(), understand(text), text)


def snapshot(answer: bytes = b"", outcome: Outcome | None = None, **more: Any) -> AttemptSnapshot:
    """An ended attempt that got ``answer``."""
    request = more.pop("request", draft().to_bytes())
    reader = ResponseReader()
    reader.feed(answer)
    reader.eof()
    response = reader.response
    made = AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=1,
        phase=Phase.ENDED,
        url="ws://a.example/",
        wall_ns=1_700_000_000 * SECOND,
        mono_ns=0,
        request=request,
        request_at=1,
        response=response,
        verdict=judge_response(request, response) if response is not None else None,
        outcome=outcome,
        bytes_in=len(answer),
        end=End(EndKind.RESPONSE_DONE, EndedBy.US, True, None, "", None, None, 0.0, 0.1, 1),
    )
    return dataclasses.replace(made, **more)


def ended(**more: Any) -> AttemptSnapshot:
    """An attempt that was open and ended."""
    values: dict[str, Any] = {"kind": EndKind.FIN, "by": EndedBy.PEER, "clean": False, "code": 1006}
    values |= {"reason": "", "sent_code": None, "received_code": None, "silence": 0.0, "age": 72.0, "at": 1}
    end = End(**(values | more))
    return snapshot(OPEN_101, Outcome.OPEN, opened_at=1, end=end)


def test_an_end_behind_the_answer_names_who_ended_and_not_the_network() -> None:
    """As a sweep ends, which sends no frame."""
    line = of_attempt(ended(kind=EndKind.RESPONSE_DONE, by=EndedBy.US))
    assert line.text.startswith("by us behind the answer")
    line = of_attempt(ended(kind=EndKind.RESPONSE_DONE))
    assert line.text.startswith("by the peer behind its answer (1006)")


# -- a draft


def test_without_an_address_it_says_what_to_do() -> None:
    assert of("").lead == "Nowhere to connect to yet."


def test_an_address_that_cannot_be_used_says_why() -> None:
    line = of("ftp://a.example")
    assert line.lead == "This address cannot be used."
    assert "ftp" in line.text


def test_what_was_made_of_an_address_is_named() -> None:
    line = of("https://ada:pw@a.example/#top")
    assert "https:// was read as wss://" in line.text
    assert ".." not in line.text
    assert "pw" not in line.text


def test_a_version_a_server_must_refuse_is_named_before_it_is_sent() -> None:
    assert "§" in of("ws://a.example", draft(b"256")).text
    assert "§" in of("ws://a.example", draft(b"13", b"8")).text
    assert of("ws://a.example").text == "Connect sends these bytes as they stand."


def test_bytes_that_are_no_request_go_out_all_the_same() -> None:
    assert "no HTTP request" in of("ws://a.example", Draft.from_bytes(b"\x00")).text


# -- under way


@pytest.mark.parametrize("phase", [Phase.LOOKUP, Phase.TCP, Phase.TLS, Phase.SENT, Phase.HEAD, Phase.BODY])
def test_what_is_under_way_can_be_cancelled(phase: Phase) -> None:
    answer = b"HTTP/1.1 400 No\r\n\r\nhalf" if phase is Phase.BODY else b""
    line = of_attempt(snapshot(answer, phase=phase, end=None))
    assert line.tone == "busy"
    assert [action.key for action in line.quiet] == ["cancel"]
    assert line.text


# -- refused


def test_a_refusal_that_lists_versions_offers_one() -> None:
    request = draft(b"8").to_bytes()
    line = of_attempt(
        snapshot(
            b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13, 7\r\nContent-Length: 0\r\n\r\n",
            Outcome.REFUSED,
            request=request,
        )
    )
    assert (line.tone, line.lead) == ("refused", "Refused with 426.")
    assert line.text == "You sent version 8; the answer offers 13, 7."
    assert line.primary is not None
    assert (line.primary.key, line.primary.value, line.primary.text) == ("retry", "13", "Retry with 13")


def test_a_refusal_of_what_is_offered_is_not_about_the_version() -> None:
    line = of_attempt(
        snapshot(
            b"HTTP/1.1 400 No\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n", Outcome.REFUSED
        )
    )
    assert line.text.startswith("The version is not the reason")
    assert line.primary is None


def test_a_refusal_without_a_list_shows_its_reason() -> None:
    line = of_attempt(snapshot(b"HTTP/1.1 403 Go\x1b away\r\nContent-Length: 0\r\n\r\n", Outcome.REFUSED))
    assert "“Go␛ away”" in line.text


def test_a_body_that_is_shorter_than_announced_is_said() -> None:
    line = of_attempt(snapshot(b"HTTP/1.1 400 No\r\nContent-Length: 33\r\n\r\n", Outcome.REFUSED))
    assert "0 of 33 bytes" in line.text


def test_a_redirect_is_offered_and_its_secret_is_not_shown() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: wss://b.example/?token=abcdefgh\r\nContent-Length: 0\r\n\r\n"
    line = of_attempt(snapshot(answer, Outcome.REFUSED))
    assert line.lead == "Redirected with 302."
    assert line.primary is not None
    assert line.primary.key == "follow"
    assert line.primary.value.endswith("abcdefgh")
    assert "abcdefgh" not in line.text


# -- no answer


@pytest.mark.parametrize(
    ("made", "lead"),
    [
        (snapshot(WRONG_101, Outcome.FAILED), "Failed."),
        (snapshot(b"SSH-2.0-x\r\n", Outcome.NOT_HTTP), "Not HTTP."),
        (snapshot(b"", Outcome.NO_ANSWER, timings=Timings(total=10_000.0)), "No answer."),
        (snapshot(b"HTTP/1.1 1", Outcome.NO_ANSWER), "No answer."),
        (snapshot(b"", Outcome.CLOSED), "Closed without an answer."),
        (snapshot(b"", Outcome.NETWORK_ERROR, network_error="Nobody listens"), "Could not connect."),
    ],
)
def test_what_did_not_open_says_how(made: AttemptSnapshot, lead: str) -> None:
    line = of_attempt(made)
    assert line.lead == lead
    assert line.text.rstrip("”)").endswith(".") or line.text[-1] in ".)"


def test_what_must_fail_but_goes_on_is_said() -> None:
    line = of_attempt(snapshot(WRONG_101, Outcome.FAILED, phase=Phase.OPEN, opened_at=1, end=None))
    assert (line.tone, line.lead, line.since) == ("fault", "Open, but must fail.", 1)


# -- open and ended


def test_open_names_what_was_agreed() -> None:
    made = snapshot(OPEN_101, Outcome.OPEN, phase=Phase.OPEN, opened_at=7, end=None)
    made = dataclasses.replace(made, subprotocol="chat", extensions=("permessage-deflate",))
    line = of_attempt(made)
    assert (line.tone, line.lead, line.since) == ("ok", "Open.", 7)
    assert line.text == "Version 13 was accepted, chat and permessage-deflate agreed."


def test_open_for_what_must_be_refused_is_no_good_news() -> None:
    made = snapshot(OPEN_101, Outcome.OPEN, phase=Phase.OPEN, opened_at=7, end=None)
    request = draft(b"25").to_bytes()
    line = of_attempt(dataclasses.replace(made, request=request))
    assert (line.tone, line.lead) == ("fault", "Open, but must be refused.")
    assert line.text == (
        "Version 25 was accepted, with the frames of rfc6455. A conforming server must refuse it, because "
        "the version is 25, which is unassigned, expected 13 (RFC 6455 §4.2.2)."
    )
    assert of_attempt(dataclasses.replace(made, phase=Phase.CLOSING)).lead == "Closing."


def test_a_clean_end_is_calm() -> None:
    line = of_attempt(
        ended(kind=EndKind.CLOSE_FRAME, clean=True, code=1000, received_code=1000, sent_code=1000)
    )
    assert line.tone == "muted"
    assert line.spoken.startswith("Closed by the peer with 1000 (normal closure), cleanly.")


def test_silence_before_the_end_suggests_a_limit_and_pings() -> None:
    line = of_attempt(ended(silence=60.0))
    assert line.spoken.startswith("Ended by the peer without a Close frame (1006), after 60.0 s of silence.")
    assert "Probably an idle limit in between." in line.text
    assert line.primary is not None
    assert [(action.key, action.value) for action in line.quiet] == [("ping", "25")]
    longest = of_attempt(ended(silence=600.0)).quiet[0]
    assert float(longest.value) == LONGEST_PING


@pytest.mark.parametrize(
    "more",
    [
        {"silence": 2.0},
        {"silence": 60.0, "by": EndedBy.US},
        {"silence": 60.0, "received_code": 1001},
    ],
)
def test_nothing_is_guessed_without_evidence(more: dict[str, Any]) -> None:
    line = of_attempt(ended(**more))
    assert "Probably" not in line.text
    assert line.quiet == ()


def test_what_this_client_failed_says_where() -> None:
    made = dataclasses.replace(ended(), stopped=Stop(3, 1002, "reserved opcode", 1))
    assert of_attempt(made).text == "Reserved opcode at frame 3, failed with 1002 as RFC 6455 demands."


def test_the_versions_sent_are_readable() -> None:
    assert sent_versions(draft(b"13", b"").to_bytes()) == "13 + an empty value"
    assert sent_versions(draft(b"\x01").to_bytes()) == "\\x01"


ENDS = st.builds(
    End,
    kind=st.sampled_from(EndKind),
    by=st.sampled_from(EndedBy),
    clean=st.booleans(),
    code=st.none() | st.integers(0, 70_000),
    reason=st.text(max_size=20),
    sent_code=st.none() | st.integers(0, 70_000),
    received_code=st.none() | st.integers(0, 70_000),
    silence=st.floats(0, 1e6),
    age=st.floats(0, 1e6),
    at=st.just(1),
    text=st.text(max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(
    request=st.binary(max_size=80),
    answer=st.one_of(st.binary(max_size=120), st.binary(max_size=40).map(lambda end: b"HTTP/1.1 " + end)),
    outcome=st.none() | st.sampled_from(Outcome),
    phase=st.sampled_from(Phase),
    opened=st.none() | st.just(1),
    end=st.none() | ENDS,
)
def test_any_state_has_a_sentence(
    request: bytes,
    answer: bytes,
    outcome: Outcome | None,
    phase: Phase,
    opened: int | None,
    end: End | None,
) -> None:
    line = of_attempt(snapshot(answer, outcome, request=request, phase=phase, opened_at=opened, end=end))
    assert line.lead
    assert not set(line.spoken) & {chr(code) for code in range(0x20)}


@given(st.binary(max_size=60), st.text(max_size=60))
def test_any_draft_has_a_sentence(data: bytes, text: str) -> None:
    assert of_draft(Draft.from_bytes(data), understand(text), text).lead


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (1004, "1004 (reserved), which has no meaning that is defined (RFC 6455 §7.4.1)"),
        (1005, "1005 (no status received), which must not be sent (RFC 6455 §7.4.1)"),
        (1006, "1006 (abnormal closure), which must not be sent (RFC 6455 §7.4.1)"),
        (1010, "1010 (mandatory extension), which is a client's (RFC 6455 §7.4.1)"),
        (1015, "1015 (TLS handshake), which must not be sent (RFC 6455 §7.4.1)"),
        (999, "999 (unused), which has no meaning that is defined (RFC 6455 §7.4.2)"),
        (0, "0 (unused), which has no meaning that is defined (RFC 6455 §7.4.2)"),
        (2000, "2000 (unassigned), which has no meaning that is defined (RFC 6455 §7.4.2)"),
        (5000, "5000 (outside the registry), which has no meaning that is defined (RFC 6455 §7.4.2)"),
    ],
)
def test_a_code_that_no_peer_sends_is_no_clean_end(code: int, said: str) -> None:
    """Of three the text says that they must not be set; the others it forbids nobody (§7.4.1, §7.4.2)."""
    forbidden = code in (1005, 1006, 1015)
    made = ended(kind=EndKind.CLOSE_FRAME, clean=True, code=code, received_code=code, sent_code=1000)
    line = of_attempt(made)
    assert line.tone == ("fault" if forbidden else "refused")
    assert line.spoken.startswith(f"Closed by the peer with {said}. It was open for")
    assert "cleanly" not in line.text
    half = of_attempt(ended(code=code, received_code=code))
    assert f"The peer's Close frame carries {said}." in half.text
    # The rule's findings stand beside the passes of the handshake.
    rows = verdict_lines(dataclasses.replace(made, verdict=Verdict.of([], []))).rows
    assert [row.rule for row in rows] == ["close-code-forbidden"]
    assert rows[0].mark == ("✕" if forbidden else "!")
    assert rows[0].clause == said.rpartition("(")[2].rstrip(")")
    assert ("must not" in rows[0].text) is forbidden


@pytest.mark.parametrize("code", [1000, 1001, 1011, 3000, 4999])
def test_a_code_that_may_be_sent_is_a_clean_end(code: int) -> None:
    made = ended(kind=EndKind.CLOSE_FRAME, clean=True, code=code, received_code=code, sent_code=code)
    assert "cleanly" in of_attempt(made).text
    assert verdict_lines(dataclasses.replace(made, verdict=Verdict.of([], []))).rows == ()


def test_sixty_seconds_of_silence_are_an_idle_limit() -> None:
    line = of_attempt(ended(silence=60.0))
    assert line.spoken.startswith(
        "Ended by the peer without a Close frame (1006), after 60.0 s of silence. "
        "Probably an idle limit in between."
    )
    assert line.primary is not None
    assert (line.primary.key, line.primary.text) == ("reconnect", "Reconnect")
    assert [(each.key, each.text, each.value) for each in line.quiet] == [("ping", "Ping every 25 s", "25")]


def test_the_silence_is_that_between_the_last_byte_and_the_fin() -> None:
    second = 1_000_000_000
    exchange = Exchange(draft().to_bytes(), by_name("tolerant"))
    key = Draft.from_bytes(exchange.request).key()
    assert key is not None
    answer = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept_for(key) + b"\r\n\r\n"
    )
    exchange.received(answer + b"\x81\x02hi", 5 * second)
    exchange.peer_ended(TcpEnd.FIN, 65 * second)
    times = cast(
        Progress,
        SimpleNamespace(
            opened_at=2 * second, mono_ns=1, last_byte_at=5 * second, held_between=lambda start, stop: 0
        ),
    )
    end = ending(exchange, times, EndKind.FIN, EndedBy.PEER, 65 * second, "")
    assert (end.silence, end.age, end.code, end.clean) == (60.0, 63.0, 1006, False)
    made = dataclasses.replace(ended(), end=end, response=exchange.response)
    line = of_attempt(made)
    assert line.text.startswith(
        "by the peer without a Close frame (1006), after 60.0 s of silence. Probably an idle limit"
    )
    assert [each.key for each in (line.primary, *line.quiet) if each] == ["reconnect", "ping"]


@pytest.mark.parametrize(
    ("dialect", "value", "must"),
    [
        *(("hybi-11", b"13", False), ("hixie-76", b"13", False), ("", b"8", False)),
        *(("", b"9", True), ("", b"14", True), ("", b"", True)),
    ],
)
def test_line_and_verdict_of_a_draft_agree_on_who_must_refuse(dialect: str, value: bytes, must: bool) -> None:
    made = draft(value)
    if dialect:
        made = with_dialect(made, dialect_called(dialect), bytes)
    line = of_draft(made, understand("ws://a.example/"), "ws://a.example/")
    rows = draft_lines(made.to_bytes()).rows
    assert rows[0].text.startswith("A conforming server must refuse this") is must
    if must:
        assert "RFC 6455" in line.text
    else:
        assert line.text == "Connect sends these bytes as they stand."


def test_our_unanswered_close_is_not_called_none() -> None:
    line = of_attempt(ended(kind=EndKind.CANCELLED, by=EndedBy.US, sent_code=1001))
    assert "after our Close frame (1001), unanswered (1006)" in line.text
    assert "without a Close frame" not in line.text


def test_where_a_conforming_client_would_have_stopped_is_said_also_at_the_end() -> None:
    stopped = dataclasses.replace(ended(), would_stop=Stop(7, 1002, "reserved opcode", 1))
    assert "A conforming client would have stopped at frame 7 with 1002: reserved opcode." in (
        of_attempt(stopped).text
    )


def test_a_server_that_failed_in_http_is_told_of_at_the_end() -> None:
    hint = "Probably the server failed and answered in HTTP: HTTP/1.1 500 Internal Server Error"
    line = of_attempt(dataclasses.replace(ended(), hint=hint))
    assert line.spoken == f"Ended by the peer without a Close frame (1006). {hint}."


@pytest.mark.parametrize("over", [False, True])
def test_what_the_peer_seems_to_speak_can_be_spoken(over: bool) -> None:
    made = ended() if over else snapshot(OPEN_101, Outcome.OPEN, opened_at=1, phase=Phase.OPEN, end=None)
    line = of_attempt(dataclasses.replace(made, fit=Fit("hixie-76", "The frames begin with 00.")))
    (action,) = (one for one in line.quiet if one.key == "speak")
    assert (action.text, action.value) == ("Reconnect speaking hixie-76", "hixie-76")
    assert "speak" not in {one.key for one in of_attempt(made).quiet}


def test_the_end_of_a_failed_handshake_is_a_sentence_of_its_own() -> None:
    broken = OPEN_101.replace(b"Upgrade: websocket", b"Upgrade: h2c")
    made = snapshot(broken, Outcome.FAILED, opened_at=7, end=ended().end)
    assert of_attempt(made).text.endswith("). Ended by the peer without a Close frame (1006).")


@pytest.mark.parametrize("phrase", [b"Content Too Large", b"Request Entity Too Large"])
def test_either_usual_phrase_says_nothing_more(phrase: bytes) -> None:
    made = snapshot(b"HTTP/1.1 413 " + phrase + b"\r\nContent-Length: 0\r\n\r\n", Outcome.REFUSED)
    assert "It says" not in of_attempt(made).text
