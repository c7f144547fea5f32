"""What stands beside Request and Response, in each way an answer can fail to come."""

import dataclasses

import pytest

from wsinspector.conversation.snapshot import (
    AttemptSnapshot,
    CertificateFacts,
    End,
    EndedBy,
    EndKind,
    Phase,
    TlsView,
)
from wsinspector.present.handshake_texts import (
    attempt_label,
    attempt_tone,
    draft_state,
    proof_of,
    request_when,
    response_facts,
    response_when,
    tls_rows,
    tls_summary,
    tls_trust,
)
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.draft import standard_draft
from wsinspector.protocol.http_reader import ResponseReader, read_response
from wsinspector.verdicts.outcome import Outcome

REQUEST = standard_draft(b"/", b"h", b"dGhlIHNhbXBsZSBub25jZQ==").to_bytes()
EMPTY = AttemptSnapshot(1, 1, 1, Phase.ENDED, "ws://h/", 0, 0, REQUEST, request_at=1_000_000)


def ended(kind: EndKind, age: float = 10.0) -> End:
    return End(kind, EndedBy.PEER, False, None, "", None, None, age, age, 0)


def facts(answer: bytes, **more: object) -> str:
    snapshot = dataclasses.replace(EMPTY, response=read_response(answer), **more)  # type: ignore[arg-type]
    return " ".join(fact.text for fact in response_facts(snapshot))


@pytest.mark.parametrize(
    ("phase", "text"),
    [
        (Phase.LOOKUP, "looking up the name"),
        (Phase.TCP, "connecting"),
        (Phase.TLS, "securing the connection"),
    ],
)
def test_before_the_request_leaves_the_step_is_named(phase: Phase, text: str) -> None:
    assert request_when(dataclasses.replace(EMPTY, phase=phase, request_at=None)) == text


def test_the_request_has_a_time_of_day_and_the_answer_a_distance() -> None:
    snapshot = dataclasses.replace(
        EMPTY, response=read_response(b"HTTP/1.1 101 \r\n\r\n"), response_at=19_200_000
    )
    assert request_when(snapshot).startswith("sent ")
    assert response_when(snapshot).startswith("18.2")
    assert response_when(EMPTY) == "none"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (EndKind.TIMEOUT, "Not a byte came in 10.0 s."),
        (EndKind.CANCELLED, "Cancelled before a byte came."),
        (EndKind.FIN, "The connection ended before a byte came."),
    ],
)
def test_nothing_at_all_is_said_with_its_reason(kind: EndKind, text: str) -> None:
    assert facts(b"", end=ended(kind)) == text


def test_half_a_head_then_silence_or_the_end() -> None:
    half = b"HTTP/1.1 200 OK\r\nServ"
    assert facts(half, end=ended(EndKind.TIMEOUT)) == "Half a head: 21 bytes, then silence."
    assert facts(half, end=ended(EndKind.FIN)) == "Half a head: 21 bytes, then the connection ended."
    assert facts(half, phase=Phase.HEAD) == "21 bytes so far, the blank line is missing."


def test_what_is_no_http_is_said() -> None:
    assert facts(b"SSH-2.0-OpenSSH\r\n") == "This is not HTTP: 17 bytes came."


def test_a_length_that_lies_and_chunks_are_said() -> None:
    assert facts(b"HTTP/1.1 400 Bad\r\nContent-Length: 33\r\n\r\n") == "Body: 0 of 33 bytes announced."
    chunked = b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert facts(chunked) == "Body: 3 bytes, 13 with its chunk framing."


def test_interim_answers_stand_before_the_final_one() -> None:
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 OK\r\n\r\n")
    snapshot = dataclasses.replace(EMPTY, interim=reader.interim, response=reader.response)
    assert [fact.text for fact in response_facts(snapshot)] == ["Before it came HTTP/1.1 103 Early Hints."]


def test_a_network_error_is_told_as_it_is() -> None:
    assert facts(b"", network_error="No route\u202e to host") == "No route‹U+202E› to host"


def test_the_strip_names_the_outcome() -> None:
    assert attempt_label(dataclasses.replace(EMPTY, outcome=Outcome.NO_ANSWER)) == "no answer"
    refused = dataclasses.replace(
        EMPTY, outcome=Outcome.REFUSED, response=read_response(b"HTTP/1.1 426 No\r\n\r\n")
    )
    assert (attempt_label(refused), attempt_tone(refused)) == ("426", "note")
    assert attempt_label(dataclasses.replace(EMPTY, phase=Phase.TCP)) == "…"


@pytest.mark.parametrize(
    ("count", "text", "short"),
    [
        (0, "draft unchanged", "unchanged"),
        (1, "not sent yet: 1 line differs", "1 line differs"),
        (2, "not sent yet: 2 lines differ", "2 lines differ"),
    ],
)
def test_the_draft_is_measured_against_the_last_attempt(count: int, text: str, short: str) -> None:
    assert draft_state(EMPTY, count) == text
    assert draft_state(EMPTY, count, short=True) == short
    assert draft_state(None, 0) == "not sent yet"


ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %s\r\n\r\n"
)


def answered(request: bytes, answer: bytes, *, tail: int = 0) -> AttemptSnapshot:
    reader = ResponseReader(answer_tail=tail)
    reader.feed(answer)
    return dataclasses.replace(EMPTY, request=request, response=reader.response)


def test_the_accept_value_is_explained_step_by_step() -> None:
    proof = proof_of(answered(REQUEST, ANSWER % b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    assert proof is not None
    steps = dict(proof.rows)
    assert steps["SHA-1"] == "b37a4f2cc0624f1690f64606cf385945b2bec4ea"
    assert steps["base64"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert (proof.trust, proof.tone) == ("as computed", "ok")
    assert len(proof.notes) == len(proof.rows)


def test_a_wrong_accept_value_comes_with_the_mistake_that_gives_it() -> None:
    proof = proof_of(answered(REQUEST, ANSWER % accept_for(b"")))
    assert proof is not None
    assert (proof.trust, proof.tone) == ("not as computed", "fault")
    assert dict(proof.rows)["mistake"] == "it is computed from an empty key"


def test_the_digest_of_the_old_drafts_is_explained_from_the_two_numbers() -> None:
    request = (
        b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
        b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n"
        b"Origin: http://example.com\r\n\r\n^n:ds[4U"
    )
    answer = b"HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\n\r\n8jKS'y:G*Co,Wxa-"
    proof = proof_of(answered(request, answer, tail=16))
    assert proof is not None
    assert proof.title == "Digest behind the answer"
    assert proof.tone == "ok"
    assert "386a4b5327793a472a436f2c5778612d" in dict(proof.rows).values()
    assert any("829309203" in value for _, value in proof.rows)


def test_without_a_key_there_is_nothing_to_prove() -> None:
    assert proof_of(answered(b"GET / HTTP/1.1\r\n\r\n", ANSWER % b"x")) is None


def test_tls_is_one_line_and_rows() -> None:
    certificate = CertificateFacts("CN=h\u202e", "CN=a", ("h",), "2026", "2027", "aa:bb", "")
    tls = TlsView("TLSv1.3", "AES", None, "h", False, (certificate, certificate))
    assert tls_summary(tls) == "TLSv1.3, AES, no ALPN"
    assert tls_trust(tls).tone == "note"
    assert ("Subject", "CN=h‹U+202E›") in tls_rows(tls)
    assert tls_trust(dataclasses.replace(tls, verified=True)).tone == "ok"
