"""What is said of a client that reached us: the sentence above, the texts beside, its name, our answers."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.serving import outcome_served
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, Phase
from wsinspector.lab.versions import EVERY_VERSION, VersionRule
from wsinspector.present.answer import of_attempt
from wsinspector.present.by_hand import ACCEPT, describe_way, names, way
from wsinspector.present.client_name import asked_from, product, tab_title
from wsinspector.present.draft_verdict import asked_lines
from wsinspector.present.handshake_texts import (
    attempt_label,
    draft_state,
    request_when,
    response_facts,
    response_when,
)
from wsinspector.present.served_texts import steps_after_client
from wsinspector.protocol.dialects import spoken_for
from wsinspector.protocol.http_reader import ResponseReader
from wsinspector.protocol.request_reader import read_request
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.request_rules import judge_request

SECOND = 1_000_000_000

KEYS = (
    b"GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nSec-WebSocket-Protocol: sample\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
)
"""An opening handshake of hixie-76; its eight last bytes stand behind the blank line."""

FIREFOX = b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:6.0) Gecko/20100101 Firefox/6.0"


def asking(version: bytes = b"13", *lines: bytes, path: bytes = b"/chat") -> bytes:
    head = (
        b"GET " + path + b" HTTP/1.1",
        b"Host: a.example",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *((b"Sec-WebSocket-Version: " + version,) if version else ()),
        *lines,
    )
    return b"\r\n".join(head) + b"\r\n\r\n"


def served(request: bytes, answer: bytes = b"", **more: Any) -> AttemptSnapshot:
    """A client that sent ``request``, got ``answer``, and is gone unless ``phase`` says otherwise."""
    reader = ResponseReader()
    reader.feed(answer)
    phase = more.pop("phase", Phase.ENDED)
    over = phase is Phase.ENDED
    if over:
        reader.eof()
    whole = read_request(request).complete
    made = AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=1,
        phase=phase,
        url="ws://a.example/chat" if whole else "",
        wall_ns=1_700_000_000 * SECOND,
        mono_ns=0,
        request=request,
        request_at=SECOND if whole else None,
        response=reader.response,
        response_at=2 * SECOND if answer else None,
        verdict=judge_request(request) if request else None,
        outcome=outcome_served(request, reader.response, EndedBy.PEER if over else None),
        bytes_in=len(request),
        bytes_out=len(answer),
        end=End(EndKind.FIN, EndedBy.PEER, False, None, "", None, None, 0.0, 4.0, 5 * SECOND)
        if over
        else None,
        role=Role.SERVER,
        dialect=spoken_for(request),
        client="127.0.0.1:51234",
        dialled="127.0.0.1:8080",
        answered_by="conforming echo",
    )
    return dataclasses.replace(made, **more)


OPEN = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
REFUSED = b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13, 8\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("snapshot", "tone", "lead", "text"),
    [
        (
            served(KEYS, OPEN, phase=Phase.OPEN, opened_at=2 * SECOND),
            "ok",
            "A client speaks hixie-76.",
            "The lab's scenario “conforming echo” answered with 101.",
        ),
        (
            served(asking(), OPEN, phase=Phase.OPEN, opened_at=2 * SECOND, by_hand=True, subprotocol="chat"),
            "ok",
            "A client speaks RFC 6455.",
            "You answered with 101. Agreed: chat.",
        ),
        (
            served(asking(b"99"), REFUSED),
            "fault",
            "A client asks for version 99.",
            "The lab's scenario “conforming echo” answered with 426, which offers 13, 8. "
            "A conforming server must refuse it, because the version is 99, which is unassigned, expected 13 "
            "(RFC 6455 §4.2.2).",
        ),
        (
            served(asking(b"8"), REFUSED, answered_by=""),
            "refused",
            "A client speaks hybi-11.",
            "The lab answered with 426, which offers 13, 8.",
        ),
        (
            served(asking(b""), REFUSED),
            "fault",
            "A client names no version.",
            "The lab's scenario “conforming echo” answered with 426, which offers 13, 8. "
            "A conforming server must refuse it, because the request has no Sec-WebSocket-Version, "
            "expected 13 (RFC 6455 §4.2.1).",
        ),
        (
            served(asking()),
            "refused",
            "A client was not answered.",
            "It ended the connection after 4.0 s.",
        ),
        (
            served(asking()[:40]),
            "refused",
            "A client was not answered.",
            "Its request never became whole: 40 bytes came. It ended the connection.",
        ),
        (
            served(b"SSH-2.0-x\r\n"),
            "fault",
            "No HTTP request.",
            "What the client sent begins with “SSH-2.0-x\\r\\n”, no HTTP request line.",
        ),
        (
            served(b"", network_error="The client does not trust the certificate"),
            "refused",
            "A client did not get through TLS.",
            "The client does not trust the certificate.",
        ),
        (
            served(asking()[:40], phase=Phase.TCP),
            "busy",
            "A client asks.",
            "40 bytes have come, its request is not whole.",
        ),
        (
            served(asking(), phase=Phase.SENT, answered_by="silence"),
            "busy",
            "A client speaks RFC 6455.",
            "The lab's scenario “silence” has not answered.",
        ),
    ],
)
def test_the_sentence_says_who_it_is_and_what_it_got(
    snapshot: AttemptSnapshot, tone: str, lead: str, text: str
) -> None:
    line = of_attempt(snapshot)
    assert (line.tone, line.lead, line.text) == (tone, lead, text)
    assert line.primary is None


def test_the_answer_a_server_owes_is_the_loud_one() -> None:
    good = of_attempt(served(asking(), phase=Phase.SENT, by_hand=True))
    assert good.lead == "A client waits for an answer."
    assert good.text == "It speaks RFC 6455."
    assert good.since == SECOND
    assert good.primary is not None
    assert (good.primary.key, [each.key for each in good.quiet]) == ("accept", ["refuse"])
    bad = of_attempt(served(asking(b"99"), phase=Phase.SENT, by_hand=True))
    assert bad.text.startswith("It asks for version 99. A conforming server must refuse it, because ")
    assert bad.primary is not None
    assert (bad.primary.key, [each.key for each in bad.quiet]) == ("refuse", ["accept"])
    none = of_attempt(served(b"SSH-2.0-x\r\n\r\n", phase=Phase.SENT, by_hand=True))
    assert none.text.startswith("What it sent is no HTTP.")
    assert none.primary is not None
    assert (none.primary.key, none.quiet) == ("refuse", ())


def test_an_opened_client_that_had_to_be_refused_is_a_fault_and_says_why() -> None:
    line = of_attempt(served(asking(b"99"), OPEN, phase=Phase.OPEN, opened_at=2 * SECOND))
    assert (line.tone, line.lead) == ("fault", "Open, but must be refused.")
    assert "§4.2.2" in line.text


def test_how_an_open_client_ended_is_told_from_the_servers_side() -> None:
    end = End(EndKind.CLOSE_FRAME, EndedBy.PEER, True, 1000, "bye", 1000, 1000, 0.0, 2.0, 5 * SECOND)
    line = of_attempt(served(KEYS, OPEN, opened_at=2 * SECOND, end=end))
    assert line.lead == "Closed"
    assert line.text.endswith(
        "A client speaks hixie-76. The lab's scenario “conforming echo” answered with 101."
    )
    assert line.primary is None
    assert line.quiet == ()


def test_what_stands_beside_request_and_response_changes_sides() -> None:
    waits = served(asking(), phase=Phase.SENT, by_hand=True)
    assert request_when(waits).startswith("came ")
    assert response_when(waits) == "not answered yet"
    assert response_facts(waits)[0].text == "The client waits. Write the answer on the right."
    assert attempt_label(waits) == "client waits"
    assert request_when(served(b"GET", phase=Phase.TCP)) == "arriving"
    gone = served(asking())
    assert response_when(gone) == "none"
    assert response_facts(gone)[0].text == "The client left before it was answered, after 4.0 s."
    refused = served(asking(), REFUSED)
    assert (attempt_label(refused), response_when(refused)) == ("client 426", "1.0 s later")
    assert draft_state(refused, 0) == "as the client sent it"
    half = served(asking(), b"HTTP/1.1 426 ")
    assert response_facts(half)[0].text == "Half a head: 13 bytes left, then the connection ended."


def test_a_client_is_blamed_for_what_a_server_must_refuse() -> None:
    lines = asked_lines(served(asking(b"99"), REFUSED))
    assert lines.rows[0].text.startswith("A conforming server must refuse this")
    assert [row.tone for row in lines.rows if row.mark == "✕"] == ["fault"]
    assert lines.badges[0].tone == "fault"
    assert asked_lines(served(b"", phase=Phase.TCP)).empty == "Judged as soon as the request is whole."
    assert asked_lines(served(b"")).empty == "Nothing to judge: no request came."


def test_a_client_that_is_gone_leaves_its_request() -> None:
    assert [step.kind for step in steps_after_client(served(asking()))] == ["draft", "raw"]
    assert steps_after_client(served(b"")) == ()
    assert steps_after_client(served(asking(), phase=Phase.SENT)) == ()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox/6.0"),
        (
            b"User-Agent: Mozilla/5.0 (X11) AppleWebKit/535.1 (KHTML, like Gecko) Chrome/14.0 Safari/535.1",
            "Chrome/14.0",
        ),
        (b"User-Agent: Python/3.11 websockets/12.0", "websockets/12.0"),
        (b"User-Agent: something else", "something else"),
        (b"User-Agent: a\xe2\x80\xaeb" + b"c" * 80, "aâ"),
        (b"X: y", ""),
    ],
)
def test_a_client_is_called_what_tells_most(agent: bytes, name: str) -> None:
    found = product(asking(b"13", agent))
    assert found.startswith(name)
    assert len(found) <= 40
    assert "\u202e" not in found


def test_a_title_has_room_for_the_dialect() -> None:
    assert tab_title(served(KEYS)) == "client :51234, hixie-76"
    assert tab_title(served(KEYS, client="192.0.2.7:1")) == "client 192.0.2.7, hixie-76"
    assert tab_title(served(asking())) == "client 127.0.0.1:51234"
    assert tab_title(served(asking(b"8", FIREFOX))) == "client Firefox/6.0, hybi-11"
    assert tab_title(served(b"", phase=Phase.TCP)) == "client 127.0.0.1:51234"


def test_secrets_of_the_address_asked_for_are_dots() -> None:
    snapshot = served(asking(b"13", FIREFOX), url="ws://a.example/?token=verysecrettoken")
    assert "verysecret" not in asked_from(snapshot)
    assert asked_from(snapshot).startswith("client 127.0.0.1:51234 (Firefox/6.0) asked for ws://a.example/")


def test_every_way_to_answer_is_whole_and_says_whether_the_connection_ends() -> None:
    snapshot = served(asking(b"13", b"Sec-WebSocket-Protocol: chat"), phase=Phase.SENT, by_hand=True)
    accepts, manners, others = names(snapshot)
    assert accepts == ("accept", "accept-bare")
    rule = VersionRule(("13", "8"))
    for name in (*accepts, *manners, *others):
        made = way(name, snapshot, rule, bytes)
        assert made.text == describe_way(name, snapshot)
        assert not made.problem
        reader = ResponseReader()
        reader.feed(made.data)
        assert reader.response is not None
        assert reader.response.complete
        assert made.ends == (name not in accepts)
        said = reader.response.status
        assert said == (101 if name in accepts else int(name[:3]))
    assert b"Version: 13, 8\r\n" in way("426-list", snapshot, rule, bytes).data
    assert b"Version: 8,13\r\n" in way("400-ascending-no-space", snapshot, rule, bytes).data
    assert b"Protocol: chat\r\n" in way("accept", snapshot, rule, bytes).data
    assert b"Protocol" not in way("accept-bare", snapshot, rule, bytes).data.replace(
        b"Switching Protocols", b""
    )


def test_where_no_101_can_be_made_it_is_said() -> None:
    made = way(ACCEPT, served(b"SSH-2.0\r\n", phase=Phase.SENT), EVERY_VERSION, bytes)
    assert made.problem == "No 101 can be made: the request is not whole."
    assert made.data == b""


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", OPEN, REFUSED]),
    st.sampled_from(list(Phase)),
    st.booleans(),
)
def test_no_bytes_of_a_client_are_too_odd_to_be_told_of(
    request_bytes: bytes, answer: bytes, phase: Phase, by_hand: bool
) -> None:
    snapshot = served(request_bytes, answer, phase=phase, by_hand=by_hand)
    line = of_attempt(snapshot)
    assert line.lead
    assert line.text
    assert tab_title(snapshot).startswith("client ")
    asked_from(snapshot)
    asked_lines(snapshot)
    response_facts(snapshot)
    for some in names(snapshot):
        for name in some:
            way(name, snapshot, EVERY_VERSION, bytes)
