"""What stands out of a sweep, from bytes: answers made here, and recorded from real servers."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.draft import standard_draft
from wsinspector.protocol.http_reader import parse_request
from wsinspector.protocol.sweep_requests import Odd, saying
from wsinspector.protocol.sweep_sets import ALL, COMMON
from wsinspector.protocol.sweep_texts import request_with_id
from wsinspector.verdicts.sweep_cells import Cell, Ended, Probe, Tone, judge_cell
from wsinspector.verdicts.sweep_changes import changes
from wsinspector.verdicts.sweep_findings import StandOut, cells_of, stand_outs, versions_listed
from wsinspector.verdicts.sweep_words import named

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
OPEN = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + accept_for(KEY) + b"\r\n\r\n"
)
NO_LIST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
HIXIE = (
    b"HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"WebSocket-Origin: \r\nWebSocket-Location: ws://server.example/\r\n\r\n"
)


def listing(versions: bytes, status: bytes = b"400 Bad Request") -> bytes:
    upgrade = b"Upgrade: websocket\r\n" if status.startswith(b"426") else b""
    return (
        b"HTTP/1.1 " + status + b"\r\n" + upgrade + b"Sec-WebSocket-Version: " + versions
        + b"\r\nContent-Length: 0\r\n\r\n"
    )  # fmt: skip


def probe(id: str, answer: bytes, ended: Ended = Ended.DONE, request: bytes = b"") -> Probe:
    made = request_with_id(id)
    assert made is not None, id
    data = request or made.build(standard_draft(b"/", b"server.example", KEY)).to_bytes()
    return read(made.odd, data, answer, ended)


def read(odd: Odd, request: bytes, answer: bytes, ended: Ended, number: int = 1) -> Probe:
    return Probe(odd, number, request, answer, ended)


def cell(id: str, answer: bytes, ended: Ended = Ended.DONE, listed: tuple[str, ...] = ()) -> Cell:
    return judge_cell(probe(id, answer, ended), listed)


def told(answers: Mapping[str, bytes | Ended]) -> list[StandOut]:
    probes = [
        probe(id, b"", answer) if isinstance(answer, Ended) else probe(id, answer)
        for id, answer in answers.items()
    ]
    return list(stand_outs("S", probes))


# -- one cell


@pytest.mark.parametrize(
    ("id", "answer", "tone", "short"),
    [
        ("13", OPEN, Tone.OPENED, "101"),
        ("8", OPEN, Tone.OPENED, "101"),
        ("0", OPEN, Tone.REMARK, "101"),
        ("9", OPEN, Tone.FINDING, "101"),
        ("14", OPEN, Tone.FINDING, "101"),
        ("255", OPEN, Tone.FINDING, "101"),
        ("256", OPEN, Tone.FINDING, "101"),
        ("abc", OPEN, Tone.FINDING, "101"),
        ("013", OPEN, Tone.FINDING, "101"),
        ("(empty)", OPEN, Tone.FINDING, "101"),
        ("(absent)", OPEN, Tone.FINDING, "101"),
        ("(absent)", HIXIE, Tone.REMARK, "101"),
        ("13⏎8", OPEN, Tone.REMARK, "101"),
        ("13⏎14", OPEN, Tone.REMARK, "101"),
        ("14⏎13", OPEN, Tone.REMARK, "101"),
        ("14⏎15", OPEN, Tone.FINDING, "101"),
        ("abc⏎abc", OPEN, Tone.FINDING, "101"),
        ("\\t13", OPEN, Tone.OPENED, "101"),
        ("13\\x00", OPEN, Tone.OPENED, "101"),
        ("13\\r", OPEN, Tone.OPENED, "101"),
        ("(odd case)", OPEN, Tone.OPENED, "101"),
        ("(blank before the colon)", OPEN, Tone.FINDING, "101"),
        ("(key short)", OPEN, Tone.FINDING, "101"),
        ("(POST)", OPEN, Tone.FINDING, "101"),
        ("(Origin null)", OPEN, Tone.OPENED, "101"),
        ("13", OPEN.replace(b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"), Tone.REMARK, "101"),
        ("13", OPEN.replace(accept_for(KEY), b"AAAA"), Tone.FINDING, "101"),
        ("14", listing(b"13"), Tone.QUIET, "400 → 13"),
        ("14", listing(b"13, 8", b"426 Upgrade Required"), Tone.QUIET, "426 → 13, 8"),
        ("14", NO_LIST, Tone.REMARK, "400, no list"),
        ("abc", NO_LIST, Tone.QUIET, "400"),
        ("(absent)", NO_LIST, Tone.QUIET, "400"),
        ("13", NO_LIST, Tone.REMARK, "400"),
        ("(Origin null)", NO_LIST, Tone.QUIET, "400"),
        ("(odd case)", NO_LIST, Tone.REMARK, "400"),
        ("(Upgrade missing)", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Tone.QUIET, "200"),
        ("14", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Tone.REMARK, "200"),
        ("14", b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", Tone.REMARK, "500"),
        ("14", b"HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n", Tone.QUIET, "501"),
        ("14", b"HTTP/1.1 505 No\r\nContent-Length: 0\r\n\r\n", Tone.QUIET, "505"),
        ("14", b"HTTP/1.1 511 No\r\nContent-Length: 0\r\n\r\n", Tone.QUIET, "511"),
        ("14", b"SSH-2.0-OpenSSH\r\n", Tone.FINDING, "no HTTP"),
    ],
)
def test_a_cell_is_judged_by_what_the_clause_says_and_not_by_its_status(
    id: str, answer: bytes, tone: Tone, short: str
) -> None:
    found = cell(id, answer)
    assert (found.tone, found.short) == (tone, short), found


@pytest.mark.parametrize(
    ("ended", "short"),
    [(Ended.TIMEOUT, "no answer"), (Ended.FIN, "closed"), (Ended.RST, "reset")],
)
def test_silence_is_a_finding(ended: Ended, short: str) -> None:
    found = cell("14", b"", ended)
    assert (found.tone, found.short, found.clause) == (Tone.FINDING, short, "RFC 6455 §4.2.1")


def test_a_101_to_a_draft_is_in_order_unless_the_server_says_that_it_does_not_speak_it() -> None:
    assert cell("8", OPEN, listed=("13", "8")).tone is Tone.OPENED
    found = cell("8", OPEN, listed=("13",))
    assert found.tone is Tone.FINDING
    assert found.text == "It answered 101 to 8, and its refusals list 13 alone."


def test_what_was_cancelled_or_not_reached_accuses_nobody() -> None:
    assert cell("14", b"", Ended.CANCELLED).tone is Tone.UNKNOWN
    made = saying(b"14")
    nothing = Probe(made.odd, 1, b"GET / HTTP/1.1\r\n\r\n", b"", Ended.NETWORK, "The port is closed.")
    assert judge_cell(nothing) == Cell(Tone.UNKNOWN, "not reached", "Not reached. The port is closed.")
    assert [each.tone for each in stand_outs("S", [nothing])] == [Tone.UNKNOWN]


# -- what stands out


def texts(answers: Mapping[str, bytes | Ended]) -> list[tuple[Tone, str, str]]:
    return [(each.tone, each.text, each.clause) for each in told(answers)]


def test_nothing_stands_out_of_a_server_that_does_all_right() -> None:
    right: dict[str, bytes | Ended] = {
        each.odd.id: OPEN if each.odd.id == "13" else listing(b"13", b"426 Upgrade Required")
        for each in COMMON.requests
    }
    assert texts(right) == []


def test_values_are_merged_into_one_sentence() -> None:
    refused = listing(b"13, 8")
    found = texts(
        {"13": OPEN, "8": OPEN, "7": refused, "9": OPEN, "10": OPEN, "11": OPEN, "256": OPEN, "-1": refused}
    )
    assert found == [
        (
            Tone.FINDING,
            "S opens for 9–11, and lists 13 and 8 alone; it opens for 256 too, no version at all.",
            "RFC 6455 §4.2.2",
        )
    ]


def test_a_server_that_opens_for_all_is_told_in_one_sentence_and_a_guess() -> None:
    found = texts({"13": OPEN, "14": OPEN, "abc": OPEN, "256": OPEN})
    assert found[0] == (
        Tone.FINDING,
        "S opens whatever version is sent, though it must refuse 14, abc and 256.",
        "RFC 6455 §4.2.2",
    )
    assert found[-1][1] == "S: Probably it does not look at the version: 14, abc and 256 opened."


def test_who_opens_for_all_is_accused_of_those_cells_alone_that_are_findings() -> None:
    answers = {each.odd.id: OPEN for each in COMMON.requests}
    probes = [probe(id, answer) for id, answer in answers.items()]
    outs = stand_outs("S", probes)
    out = outs[0]
    assert out.text == (
        "S opens whatever version is sent, though it must refuse "
        "9–12, 14, 25, 255, empty, 256, -1, 013, 13.0, abc and “13, 8”."
    )
    made = cells_of(probes)
    marked = {
        each.odd.id for each, cell in zip(probes, made, strict=True) if cell and cell.tone is Tone.FINDING
    }
    assert set(out.ids) < marked
    assert {id for each in outs if each.tone is Tone.FINDING for id in each.ids} == marked


def test_silence_where_the_header_is_absent_and_refusals_that_name_no_version() -> None:
    found = texts({"13": OPEN, "(absent)": Ended.TIMEOUT, "14": NO_LIST, "25": NO_LIST, "abc": NO_LIST})
    assert found == [
        (Tone.FINDING, "S never answers when the header is absent.", "RFC 6455 §4.2.1"),
        (
            Tone.REMARK,
            "S refuses 14 and 25 with 400 without naming a version it takes: "
            "a client cannot learn what to retry.",
            "RFC 6455 §4.2.2",
        ),
    ]


def test_lists_that_do_not_hold() -> None:
    found = texts({"13": OPEN, "8": listing(b"13, 8"), "7": listing(b"13"), "14": listing(b"013")})
    assert (Tone.REMARK, "S lists 8 and refuses it.", "RFC 6455 §11.3.5") in found
    assert any("does not always list the same versions" in text for _, text, _ in found)
    assert any("lists what is no version" in text for _, text, _ in found)


def test_a_refused_13_is_said_before_anything_is_made_of_the_other_refusals() -> None:
    denied = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
    found = texts({"13": denied, "14": denied, "013": denied})
    assert found == [
        (
            Tone.REMARK,
            "S refuses 13, in which nothing is odd, with 401. Its other refusals may have the same reason.",
            "RFC 6455 §4.2.2",
        )
    ]


def test_different_statuses_are_a_fact_and_no_fault() -> None:
    found = texts({"13": OPEN, "7": listing(b"13", b"426 Upgrade Required"), "14": listing(b"13")})
    assert found == [
        (
            Tone.QUIET,
            "S refuses numbers with more than one status: 426 to 7; 400 to 14.",
            "RFC 6455 §4.2.2",
        )
    ]


def test_a_list_where_something_else_is_wrong_says_only_that_a_list_is_no_reason() -> None:
    found = texts({"13": OPEN, "(key missing)": listing(b"13"), "(Origin null)": listing(b"13")})
    assert found == [
        (
            Tone.QUIET,
            "S lists versions also where 13 was sent and something else is odd "
            "(key missing and Origin null): a list alone does not say that the version is the reason.",
            "RFC 6455 §4.4",
        )
    ]
    for id in ("(key missing)", "(Origin null)", "(blank before the colon)"):
        assert cell(id, listing(b"13")) == Cell(Tone.QUIET, "400 → 13", "It refused with 400.")


def test_a_form_that_every_server_must_accept_is_remarked_on_whatever_the_status_where_13_opens() -> None:
    lost = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    assert texts({"13": OPEN, "(absolute form)": lost, "(unknown path)": lost, "13\\r": NO_LIST}) == [
        (
            Tone.REMARK,
            "S refuses requests that are in order: absolute form (404).",
            "RFC 9112 §3.2.2",
        )
    ]
    assert texts({"(absolute form)": lost}) == []


def test_a_sentence_for_several_answers_says_of_which_its_numbers_are() -> None:
    def short(length: bytes) -> bytes:
        return listing(b"13").replace(b"Content-Length: 0", b"Content-Length: " + length)

    two = texts({"13": OPEN, "14": short(b"3"), "15": short(b"3"), "16": short(b"4")})
    assert [text for _, text, _ in two] == [
        "S in 2 answers (14 and 15): Content-Length announces 3 bytes, 0 had come when the reading stopped.",
        "S in 1 answer (16): Content-Length announces 4 bytes, 0 had come when the reading stopped.",
    ]
    many = texts({"13": OPEN} | {str(14 + each): short(b"%d" % (3 + each)) for each in range(4)})
    assert [text for _, text, _ in many] == [
        "S in 4 answers (14–17), as in that to 14: Content-Length announces 3 bytes, "
        "0 had come when the reading stopped.",
    ]


def said_with(status: bytes, body: bytes) -> bytes:
    lines = b"Upgrade: websocket\r\nContent-Length: %d\r\n\r\n" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + lines + body


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (b"Failed to open a WebSocket connection: invalid Connection header: close.\n", "Connection"),
        (b"Missing or invalid Upgrade header", "Upgrade"),
        (b"This service requires use of the WebSocket protocol", "Upgrade"),
    ],
)
def test_headers_dropped_on_the_way_are_told_and_not_called_a_refusal_of_versions(
    words: bytes, field: str
) -> None:
    answer = said_with(b"426 Upgrade Required", words)
    lost = (
        "Probably something in between dropped the hop-by-hop headers Upgrade and Connection: both were "
        f"sent, and the answer misses {field}."
    )
    found = texts({"13": answer, "8": answer, "14": answer, "255": answer})
    assert found == [
        (
            Tone.REMARK,
            f"S refuses 13, in which nothing is odd, with 426. {lost} "
            "Its other refusals may have the same reason.",
            "RFC 6455 §4.2.2",
        )
    ]
    expected = Cell(Tone.REMARK, "426", f"It refused with 426. {lost}", "RFC 9110 §7.6.1")
    assert cell("14", answer) == cell("13", answer) == expected
    # Where 13 opens, nothing was dropped.
    assert "Probably" not in judge_cell(probe("14", answer), (), 101).text


@pytest.mark.parametrize(
    ("status", "words", "lost"),
    [  # of what stands behind nginx, Apache and a proxy that speaks HTTP/1.0, each as it comes installed
        (b"505 HTTP Version Not Supported",
         b"Failed to open a WebSocket connection: unsupported HTTP version: HTTP/1.0.\n",
         "asked on in HTTP/1.0: the answer complains of it, and HTTP/1.1 was sent."),
        (b"400 Bad Request", b"A WebSocket needs HTTP/1.1 or later.\n",
         "asked on in an older HTTP version: the answer wants HTTP/1.1, which was sent."),
        (b"426 Upgrade Required",
         b"Failed to open a WebSocket connection: invalid Connection header: Keep-Alive.\n",
         "dropped the hop-by-hop headers Upgrade and Connection: both were sent, and the answer misses "
         "Connection."),
        (b"400 Bad Request", b"Can \"Upgrade\" only to \"WebSocket\".",
         "dropped the hop-by-hop headers Upgrade and Connection: both were sent, and the answer misses "
         "Upgrade."),
        (b"400 Bad Request", b"Bad Request: 'upgrade' token not found in the 'Connection' header field",
         "dropped the hop-by-hop headers Upgrade and Connection: both were sent, and the answer misses "
         "Connection."),
    ],
)  # fmt: skip
def test_what_stands_behind_a_proxy_as_installed_tells_what_was_lost(
    status: bytes, words: bytes, lost: str
) -> None:
    found = texts({"13": said_with(status, words), "14": said_with(status, words)})
    refuses = f"S refuses 13, in which nothing is odd, with {status[:3].decode()}."
    assert found[0][1].startswith(f"{refuses} Probably something in between {lost}")
    assert not any("without naming" in text or "fails with" in text for _, text, _ in found)


def test_a_refusal_in_http_1_0_does_not_stand_out() -> None:
    assert texts({"13": OPEN, "14": listing(b"13").replace(b"HTTP/1.1", b"HTTP/1.0")}) == []


def test_a_bare_426_is_of_the_version_only_where_13_opens() -> None:
    bare = said_with(b"426 Upgrade Required", b"")
    found = texts({"13": OPEN, "8": bare, "14": bare})
    assert found == [
        (
            Tone.FINDING,
            "S refuses 8 and 14 with 426 without naming a version it takes: "
            "a client cannot learn what to retry.",
            "RFC 6455 §4.2.2",
        )
    ]
    assert judge_cell(probe("14", bare), (), 101).tone is Tone.FINDING
    assert judge_cell(probe("14", bare), (), None).tone is Tone.REMARK
    assert judge_cell(probe("14", bare), (), 426).tone is Tone.QUIET
    for tone, text, _ in texts({"13": bare, "8": bare, "14": bare}):
        assert tone is not Tone.FINDING
        assert "without naming" not in text


def test_who_lists_elsewhere_is_not_said_to_leave_a_client_in_the_dark() -> None:
    found = texts({"13": OPEN, "0": NO_LIST, "14": REFUSED})
    assert found[0][1] == (
        "S refuses 0 with 400 without naming a version it takes, though it lists 13 elsewhere."
    )


@pytest.mark.parametrize("ended", [Ended.FIN, Ended.RST, Ended.TIMEOUT])
def test_nobody_is_accused_over_a_lone_line_feed(ended: Ended) -> None:
    """Before CR LF it ends a line for whoever may take it so, and the blank line is there too early."""
    assert b"13\n\r\n\r\n" in probe("13\\n", b"").request
    made = cell("13\\n", b"", ended)
    assert (made.tone, made.clause) == (Tone.REMARK, "")
    assert "takes a lone LF for the end of a line (RFC 9112 §2.2)" in made.text
    assert texts({"13": OPEN, "13\\n": ended}) == []
    assert cell("13\\x00", b"", ended).tone is Tone.FINDING


def test_a_101_that_no_client_takes_is_not_said_to_open() -> None:
    older = OPEN.replace(b"HTTP/1.1", b"HTTP/1.0")
    assert texts({"13": OPEN, "(HTTP/1.0)": older})[0][1] == ("S answers 101 where it must refuse: HTTP/1.0.")


def test_silence_to_a_request_in_order_has_the_clause_on_what_a_server_sends_back() -> None:
    assert cell("(unknown path)", b"", Ended.TIMEOUT).clause == "RFC 6455 §4.2.2"
    found = texts({"13": OPEN, "(absolute form)": Ended.TIMEOUT, "(unknown path)": Ended.TIMEOUT})
    assert found == [(Tone.FINDING, "S never answers to absolute form and unknown path.", "RFC 6455 §4.2.2")]


REFUSED = listing(b"13")


@pytest.mark.parametrize(
    ("answers", "guess"),
    [
        (
            {"013": OPEN, "+13": OPEN, "abc": REFUSED},
            "Probably it reads the value with a number parser: 013 and +13 opened.",
        ),
        (
            {"13abc": OPEN, "13.0": OPEN, "abc": REFUSED},
            "Probably its parser stops at the first character that is no digit: 13abc and 13.0 opened.",
        ),
        ({"13.0": OPEN, "13abc": REFUSED}, "Probably it reads fractions: 13.0 opened."),
        ({"0xd": OPEN, "abc": REFUSED}, "Probably its parser knows hexadecimal: 0xd opened."),
        ({"269": OPEN, "256": REFUSED}, "Probably it keeps eight bits of the number: 269 opened."),
        ({"65549": OPEN, "256": REFUSED}, "Probably it keeps 16 bits of the number: 65549 opened."),
        ({"4294967309": OPEN, "14": REFUSED}, "Probably it keeps 32 bits of the number: 4294967309 opened."),
        (
            {"14": REFUSED, "13⏎14": OPEN, "14⏎13": REFUSED, "8": OPEN, "13⏎8": OPEN, "8⏎13": OPEN},
            "Probably it reads the first of two lines: 13, 14 opened; 14, 13 did not, nor 14 alone.",
        ),
        (
            {"8": REFUSED, "13⏎8": OPEN, "8⏎13": REFUSED},
            "Probably it reads the first of two lines: 13, 8 opened; 8, 13 did not, nor 8 alone.",
        ),
        (
            {"8": REFUSED, "13⏎8": REFUSED, "8⏎13": OPEN},
            "Probably it reads the last of two lines: 8, 13 opened; 13, 8 did not, nor 8 alone.",
        ),
        (
            {"8": REFUSED, "13⏎8": OPEN, "8⏎13": OPEN},
            "Probably one of two lines will do: both orders of 13 and 8 opened, 8 alone did not.",
        ),
        (
            {"13, 8": OPEN, "8, 13": OPEN, "13abc": REFUSED},
            "Probably it reads the value as a list, of which one member will do: “13, 8” and “8, 13” opened.",
        ),
        (
            {"14": REFUSED, "(key missing)": NO_LIST, "(version 14 with no key)": REFUSED},
            "Probably it looks at the version before the key: with both wrong it answers as for the version.",
        ),
    ],
)
def test_an_inference_begins_with_probably(answers: dict[str, bytes | Ended], guess: str) -> None:
    found = [each.text for each in told({"13": OPEN, **answers}) if each.guess]
    assert f"S: {guess}" in found
    assert all(text.startswith("S: Probably ") for text in found)


def test_two_lines_tell_nothing_of_a_server_that_takes_both_versions() -> None:
    found = told({"13": OPEN, "8": OPEN, "13⏎8": OPEN, "8⏎13": OPEN})
    assert [each for each in found if each.guess] == []


def test_requests_are_named_in_few_words() -> None:
    odds = [saying(b"%d" % number).odd for number in (14, 4, 5, 6, 0, 8)]
    assert named([*odds, saying().odd, saying(b"13", b"8").odd]) == (
        "0, 4–6, 8, 14, absent and “two lines: 13, 8”"
    )


# -- compared


def test_what_has_changed_is_said_in_one_sentence_a_change() -> None:
    before = [probe("14", REFUSED), probe("15", REFUSED), probe("13", OPEN), probe("abc", NO_LIST)]
    after = [probe("14", OPEN), probe("15", OPEN), probe("13", OPEN), probe("abc", b"", Ended.TIMEOUT)]
    assert [each.text for each in changes(before, after)] == [
        "14 and 15 are accepted now; they were refused with 400, list 13.",
        "abc is not answered now; it was refused with 400.",
    ]
    assert changes(before, before) == ()
    assert changes(before, [None, probe("14", b"", Ended.CANCELLED)]) == ()


# -- any bytes


@settings(max_examples=150)
@given(
    st.sampled_from(ALL.requests),
    st.one_of(
        st.binary(max_size=200),
        st.builds(lambda tail: b"HTTP/1.1 101 x\r\n" + tail + b"\r\n\r\n", st.binary(max_size=80)),
        st.builds(lambda tail: listing(tail.replace(b"\n", b"")), st.binary(max_size=40)),
    ),
    st.sampled_from(list(Ended)),
)
def test_no_answer_is_too_odd(request_: object, answer: bytes, ended: Ended) -> None:
    odd = request_.odd  # type: ignore[attr-defined]
    data = request_.build(standard_draft(b"/", b"server.example", KEY)).to_bytes()  # type: ignore[attr-defined]
    probes = [read(odd, data, answer, ended), probe("13", OPEN)]
    for found in cells_of(probes):
        assert found is not None
        assert found.text
    for each in stand_outs("S", probes):
        assert each.text.startswith("S")
        assert set(each.ids) <= {odd.id, "13"}
    versions_listed(probes)
    changes(probes, [probe("13", OPEN), *probes[:1]])


# -- recorded from real servers


def recorded() -> dict[str, list[Probe]]:
    """What each server answered to version lines, as far as it was kept: where a value is missing, the
    answer was that to another value."""
    path = Path(__file__).parents[1] / "vectors" / "refusals.jsonl"
    found: dict[str, dict[str, Probe]] = {}
    ends = {"fin": Ended.FIN, "rst": Ended.RST, "timeout": Ended.TIMEOUT}
    for line in path.read_text(encoding="ascii").splitlines():
        row = json.loads(line)
        request = row["request"].encode("latin-1")
        versions = parse_request(request).named(b"Sec-WebSocket-Version")
        about_version = row["case"].removeprefix("x-").startswith("v") and "path" not in row["case"]
        if not about_version or "-and-" in row["case"] or any(each.between != b": " for each in versions):
            continue
        odd = saying(*(each.value for each in versions)).odd
        answer = row["answer"].encode("latin-1")
        ended = Ended.DONE if answer else ends[row["ended"]]
        server = found.setdefault(row["server"], {})
        server[odd.id] = read(odd, request, answer, ended, len(server) + 1)
    return {server: list(probes.values()) for server, probes in found.items()}


LINES = "where a request must have one line."
RETRY = "a client cannot learn what to retry."
LAST = "Probably it reads the last of two lines: 8, 13 opened; 13, 8 did not, nor 8 alone."
NUMBER = "Probably it reads the value with a number parser: 013 opened."
ZERO = "opens for 013, which is no version."
TOLD = {
    "websockets-asyncio": [f"refuses 8 with 400 without naming a version it takes: {RETRY}"],
    "aiohttp": [
        f"opens for “two lines: 13, 8” and “two lines: 13, 13”, {LINES}",
        f"refuses 0 with 400 without naming a version it takes: {RETRY}",
        "fails with 500 over 1³, in place of refusing.",
    ],
    "tornado": [],
    "uvicorn-wsproto": [f"opens for “two lines: 8, 13” and “two lines: 13, 13”, {LINES}", LAST],
    "hypercorn": [
        f"opens for “two lines: 8, 13” and “two lines: 13, 13”, {LINES}",
        f"refuses 8 with 400 without naming a version it takes: {RETRY}",
        LAST,
    ],
    "autobahn-asyncio": [ZERO, NUMBER],
    "gevent-websocket": [
        "in 4 answers (0, 256, absent and “two lines: 13, 8”), as in that to 0: "
        "Content-Length announces 32 bytes, 0 had come when the reading stopped."
    ],
    "eventlet": [],
    "node-ws": [ZERO, NUMBER],
    "node-websocket": [
        ZERO,
        f"opens for “two lines: 13, 8” and “two lines: 13, 13”, {LINES}",
        "refuses 0 with 400 without naming a version it takes, though it lists 13 elsewhere.",
        NUMBER,
    ],
    "ruby-em-websocket": [
        ZERO,
        "never answers to 1³.",
        "hangs up without an answer to 0.",
        "takes an absent version for hixie-75 and answers in the form of that draft.",
        NUMBER,
    ],
    "nginx-plain->websockets": [
        "refuses 13, in which nothing is odd, with 505. Probably something in between asked on in HTTP/1.0: "
        "the answer complains of it, and HTTP/1.1 was sent. Its other refusals may have the same reason."
    ],
}


def test_real_servers_are_told_apart() -> None:
    said = {
        name: [
            each.text.removeprefix(name).lstrip(": ")
            for each in stand_outs(name, probes)
            if each.tone is not Tone.QUIET or each.guess
        ]
        for name, probes in recorded().items()
    }
    assert said == TOLD
