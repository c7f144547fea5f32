"""What the mirror told, in words: sentences a person has read, for what real proxies do."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.present.test_answer import snapshot
from wsinspector.present.answer import Action, of_attempt
from wsinspector.present.mirror import MirrorView, mirror_of, mirror_view
from wsinspector.present.refused import understood
from wsinspector.protocol.mirroring import Mirrored
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.outcome import Outcome

LINES = (
    b"Host: example.com",
    b"Upgrade: websocket",
    b"Connection: Upgrade",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    b"Sec-WebSocket-Version: 8",
    b"Sec-WebSocket-Version: 13",
)
KEYS = (b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5", b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00")


def head(*lines: bytes, start: bytes = b"GET /mirror HTTP/1.1", tail: bytes = b"") -> bytes:
    return b"\r\n".join([start, *lines]) + b"\r\n\r\n" + tail


SENT = head(*LINES)


def view(sent: bytes, received: bytes, *, whole: bool = True) -> MirrorView:
    return mirror_of(sent, Mirrored(received, whole))


def test_nothing_changed() -> None:
    seen = view(SENT, SENT)
    assert (seen.text, seen.same, seen.notes) == ("The mirror received exactly what was sent.", True, ())
    cut = "The mirror received exactly what was sent. The copy itself came back cut or changed."
    assert view(SENT, SENT, whole=False).text == cut


def test_a_copy_that_came_back_cut_accuses_nobody_on_the_way_there() -> None:
    text = view(SENT, SENT[:-5], whole=False).text
    assert text.startswith("The copy came back cut or changed, so on which way this changed is not known: ")
    assert "Something on the way" not in text


def test_what_nginx_does_without_any_setting() -> None:
    received = head(
        b"Host: 127.0.0.1:9000", b"Connection: close", *LINES[3:], start=b"GET /mirror HTTP/1.0"
    )  # fmt: skip
    seen = view(SENT, received)
    assert seen.text == (
        "Something on the way made 4 changes: HTTP/1.1 became HTTP/1.0, value of Host changed, "
        "Upgrade removed, value of Connection changed."
    )
    assert seen.notes == (
        "HTTP/1.1 became HTTP/1.0. An intermediary sends on its own HTTP version. "
        "A server ignores Upgrade in an HTTP/1.0 request. (RFC 9112 §2.3, RFC 9110 §7.8)",
        "Value of Host changed. The host that is asked for; many proxies put their own server's name here. "
        "(RFC 9110 §7.2)",
        "Upgrade removed. It holds for one hop; a proxy that is to let WebSocket through must write it anew. "
        "(RFC 9110 §7.6.1, §7.8)",
        "Value of Connection changed. It holds for one hop; an intermediary removes or replaces it. "
        "(RFC 9110 §7.6.1)",
        "Without Upgrade and Connection: Upgrade a server behind it sees no opening handshake "
        "(RFC 6455 §4.2.1).",
    )


def test_what_apache_does() -> None:
    received = head(
        *(LINES[0], LINES[3], b"Sec-WebSocket-Version: 8, 13", b"Via: 1.1 box", b"X-Forwarded-For: ::1"),
        *LINES[1:3],
    )
    seen = view(SENT, received)
    assert seen.text == (
        "Something on the way made 5 changes: Sec-WebSocket-Version joined, 2 lines in one, "
        "Via added, X-Forwarded-For added, Upgrade moved, Connection moved."
    )
    assert seen.notes[2:] == (
        "Sec-WebSocket-Version joined, 2 lines in one. Lines of one name may be joined only where the field "
        "is a list; this one stands once. (RFC 9110 §5.3, RFC 6455 §11.3.5)",
        "Via added. A proxy names itself here. (RFC 9110 §7.6.3)",
        "X-Forwarded-For added. A proxy says here for whom it asks; no standard describes it.",
    )


def test_what_haproxy_does_is_counted_and_not_repeated() -> None:
    received = SENT.lower().replace(b"dghlihnhbxbszsbub25jzq==", b"dGhlIHNhbXBsZSBub25jZQ==")
    received = received.replace(b"get /mirror http/1.1", b"GET /mirror HTTP/1.1")
    seen = view(SENT, received.replace(b": upgrade", b": Upgrade"))
    assert seen.text == "Something on the way made 6 changes: letter case of 6 names changed."
    assert seen.notes[0] == (
        "Letter case of Host changed. The case of a field's name means nothing. (RFC 9110 §5.1)"
    )


def test_the_third_key() -> None:
    lines = (b"Upgrade: WebSocket", b"Connection: Upgrade", b"Host: example.com", *KEYS)
    seen = view(head(*lines, tail=b"^n:ds[4U"), head(*lines))
    assert seen.text == ("Something on the way made 1 change: the third key lost, 8 bytes behind the head.")
    assert seen.notes == (
        "The third key lost, 8 bytes behind the head. No Content-Length announces these bytes, "
        "so HTTP ends the request before them. (RFC 9112 §6.3)",
    )


def test_many_changes_are_named_in_part_and_told_one_by_one() -> None:
    added = [b"X-%d: a" % at for at in range(9)]
    seen = view(SENT, head(*LINES, *added))
    assert seen.text == (
        "Something on the way made 9 changes: X-0 added, X-1 added, X-2 added, X-3 added, X-4 added, "
        "X-5 added, and 3 more."
    )
    assert len(seen.notes) == 9


def test_a_field_that_connection_names_is_for_one_hop() -> None:
    lines = (b"Host: a", b"Connection: Upgrade, X-Mine", b"X-Mine: a", b"X-Other: b")
    seen = view(head(*lines), head(*lines[:2]))
    assert [line.clause for line in seen.lines] == ["RFC 9110 §7.6.1", "RFC 9110 §5.1"]


@pytest.mark.parametrize(
    ("received", "text"),
    [
        (SENT.replace(b"GET /mirror", b"POST /mirror"), "method GET became POST"),
        (
            SENT.replace(b"/mirror", b"http://example.com/mirror"),
            "target /mirror became http://example.com/mirror",
        ),
        (SENT.replace(b"GET ", b"GET  "), "white space of the request line changed"),
        (SENT.replace(b"Host: ", b"Host:"), "white space of Host changed"),
        (SENT.replace(b"com\r\n", b"com\n"), "ending of Host changed"),
        (SENT.replace(b"1.1\r\n", b"1.1\n"), "ending of the request line or the blank line changed"),
        (b"\r\n" + SENT, "blank lines before the request line changed"),
        (SENT + b"abc", "3 bytes behind the head added"),
        (SENT.replace(b" HTTP/1.1", b""), "HTTP/1.1 became nothing"),
    ],
)
def test_each_kind_of_change_in_words(received: bytes, text: str) -> None:
    assert [line.what for line in view(SENT, received).lines] == [text]


def test_what_a_name_hides_is_made_visible() -> None:
    seen = view(SENT, head(*LINES, "X\u202ey: <b>".encode(), b"\x00\x1b[31m: a"))
    assert [line.what for line in seen.lines] == ["X‹U+202E›y added", "␀␛[31m added"]


@given(st.binary(max_size=120), st.binary(max_size=120), st.booleans())
def test_any_two_requests_are_told_of(sent: bytes, received: bytes, whole: bool) -> None:
    seen = view(sent, received, whole=whole)
    assert seen.same == (sent == received)
    assert all(character >= " " for note in (seen.text, *seen.notes) for character in note)


def test_a_mirror_s_answer_is_no_refusal_and_our_own_tells_us_nothing() -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: message/http\r\nWSInspector-Mirror: request\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(SENT), SENT)
    )
    made = snapshot(answer, request=SENT, request_at=1, outcome=Outcome.REFUSED)
    told = mirror_view(made)
    assert told is not None
    assert told.same
    assert understood(made) is None
    line = of_attempt(made)
    assert (line.lead, line.tone, line.primary) == ("Mirrored.", "ok", None)
    changed = of_attempt(dataclasses.replace(made, request=SENT.replace(b"13", b"14")))
    assert (changed.tone, changed.primary) == ("refused", Action("mirror", "Compare with what arrived"))
    assert mirror_view(dataclasses.replace(made, role=Role.SERVER)) is None


def changes_told(text: str) -> tuple[int, int]:
    """The number in front, and how many changes the list behind it adds up to."""
    front, _, listed = text.removesuffix(".").partition(": ")
    count = int(re.search(r"made (\d+) changes?$", front)[1])  # type: ignore[index]
    added = 0
    for item in re.split(r", (?!\d+ lines in one|one line into|\d+ bytes)", listed):
        many = re.search(r"^(?:letter case of|white space of|ending of|and) (\d+)|^(\d+) lines moved", item)
        added += int(many[1] or many[2]) if many else 1
    return count, added


@given(st.permutations(range(len(LINES))), st.integers(0, 7), st.booleans(), st.booleans())
def test_the_count_agrees_with_what_is_listed(
    order: list[int], kept: int, lower: bool, changed: bool
) -> None:
    lines = [LINES[at] for at in order[:kept]] + [b"X-%d: a" % at for at in range(7 - kept)]
    lines = [line.lower() if lower else line for line in lines]
    received = head(*lines, start=b"GET /other HTTP/1.0" if changed else b"GET /mirror HTTP/1.1", tail=b"!")
    count, added = changes_told(view(SENT, received).text)
    assert count == added
    assert count == len(view(SENT, received).lines)


@pytest.mark.parametrize(
    ("received", "said", "clause"),
    [
        (b"GET http://a.example/mirror HTTP/1.1", "may write the target in another form", "RFC 9112 §3.2"),
        (b"GET /inner/mirror HTTP/1.1", "must leave path and query alone", "RFC 9110 §7.7"),
    ],
)
def test_another_form_of_a_target_is_not_another_target(received: bytes, said: str, clause: str) -> None:
    line = view(SENT, head(*LINES, start=received)).lines[0]
    assert said in line.why
    assert line.clause == clause


def test_a_blank_before_the_colon_is_more_than_white_space() -> None:
    sent = head(LINES[0], b"X-A : b")
    line = view(sent, head(LINES[0], b"X-A: b")).lines[0]
    assert (line.clause, line.why[:14]) == ("RFC 9112 §5.1", "No white space")


def test_lines_of_one_name_must_keep_their_order() -> None:
    sent = head(LINES[0], b"X-A: 1", b"X-A: 2")
    line = view(sent, head(LINES[0], b"X-A: 2", b"X-A: 1")).lines[0]
    assert line.what == "X-A moved"
    assert line.why.startswith("Lines of one name must keep their order")


def test_credentials_for_a_proxy_are_its_own() -> None:
    line = view(head(LINES[0], b"Proxy-Authorization: Basic eA=="), head(LINES[0])).lines[0]
    assert line.clause == "RFC 9110 §11.7.2"
