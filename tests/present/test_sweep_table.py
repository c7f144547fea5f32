"""A sweep as a table: which rows are folded, what is hidden, and what has changed since."""

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.sweep_results import SweepPhase, SweepResults, SweptServer
from wsinspector.present.sweep_table import (
    SweepRow,
    cell_text,
    compared,
    rows_of,
    since,
    table_of,
)
from wsinspector.protocol.draft import DraftLine, standard_draft
from wsinspector.protocol.sweep_requests import OddRequest, saying
from wsinspector.protocol.sweep_sets import COMMON
from wsinspector.verdicts.sweep_cells import Cell, Ended, Probe, Tone

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
REFUSED = b"HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"


def probe(request: OddRequest, answer: bytes, token: bytes = b"") -> Probe:
    draft = standard_draft(b"/", b"server.example", KEY)
    if token:
        draft = draft.insert(1, DraftLine(b"Authorization", b"Bearer " + token))
    data = request.build(draft).to_bytes()
    ended = Ended.DONE if answer else Ended.TIMEOUT
    return Probe(request.odd, 1, data, answer, ended)


def results(requests: tuple[OddRequest, ...], *answers: list[bytes | None]) -> SweepResults:
    servers = tuple(
        SweptServer(
            f"server {index}",
            f"ws://server{index}.example/",
            index + 1,
            tuple(
                None if answer is None else probe(request, answer)
                for request, answer in zip(requests, column, strict=True)
            ),
        )
        for index, column in enumerate(answers)
    )
    return SweepResults(1, SweepPhase.DONE, tuple(each.odd for each in requests), servers, 0, 1.0)


def numbers(*texts: bytes) -> tuple[OddRequest, ...]:
    return tuple(saying(text) for text in texts)


def test_neighbours_that_mean_the_like_and_got_the_same_stand_in_one_row() -> None:
    found = results(COMMON.requests, [REFUSED] * 23)
    labels = [row.label for row in table_of(found).rows]
    assert labels == [
        "absent", "empty", "0", "4 – 8", "9 – 12", "13", "14, 25, 255", "256", "-1", "013", "13.0", "abc",
        "13, 8", "two lines: 13, 8",
    ]  # fmt: skip
    assert [row.label for row in table_of(found, fold=False).rows] == [
        each.odd.label for each in COMMON.requests
    ]


def test_an_answer_of_another_kind_or_another_server_parts_a_row() -> None:
    requests = numbers(b"4", b"5", b"6", b"7")
    found = results(requests, [REFUSED] * 4, [REFUSED, REFUSED, b"", REFUSED])
    table = table_of(found)
    assert [row.label for row in table.rows] == ["4, 5", "6", "7"]
    assert [[cell_text(cell) for cell in row.cells] for row in table.rows] == [
        ["400 → 13", "400 → 13"],
        ["400 → 13", "✕ no answer"],
        ["400 → 13", "400 → 13"],
    ]
    assert [row.places for row in table.rows] == [(0, 1), (2,), (3,)]


def test_what_has_not_come_yet_is_an_empty_cell() -> None:
    (row,) = table_of(results(numbers(b"14"), [None])).rows
    assert [cell_text(cell) for cell in row.cells] == [""]


def test_text_of_the_network_is_made_safe() -> None:
    answer = b"HTTP/1.1 400 \x1b[31m\r\nSec-WebSocket-Version: 13\x1b[2J\xe2\x80\xae\r\n\r\n"
    table = table_of(results(numbers(b"14"), [answer]))
    shown = [cell.short for row in table.rows for cell in row.cells if cell] + [
        each.said.text for each in table.outs
    ]
    assert shown
    assert not [text for text in shown if "\x1b" in text or "\x80" in text]


def test_a_secret_of_the_request_stands_in_no_text() -> None:
    token = b"c2VjcmV0LXRva2Vu0123456789"
    answer = b"HTTP/1.1 400 Bad\r\nSec-WebSocket-Version: " + token + b"\r\nContent-Length: 0\r\n\r\n"
    requests = numbers(b"14")
    server = SweptServer("s", "ws://s/", 1, (probe(requests[0], answer, token),))
    table = table_of(SweepResults(1, SweepPhase.DONE, (requests[0].odd,), (server,), 0, 1.0))
    texts = [each.said.text for each in table.outs]
    texts += [cell.text for row in table.rows for cell in row.cells if cell]
    assert texts
    assert not [text for text in texts if token.decode() in text]


@given(
    st.lists(st.sampled_from(COMMON.requests), max_size=12),
    st.data(),
)
def test_folding_loses_no_place_and_no_cell(requests: list[OddRequest], data: st.DataObject) -> None:
    odds = [each.odd for each in requests]
    cell = st.one_of(
        st.none(), st.builds(Cell, st.sampled_from(list(Tone)), st.sampled_from(["101", "400"]), st.just("x"))
    )
    size = len(odds)
    columns = data.draw(st.lists(st.lists(cell, min_size=size, max_size=size), max_size=3))
    rows = rows_of(odds, columns)
    assert [place for row in rows for place in row.places] == list(range(size))
    for row in rows:
        for place in row.places:
            same = tuple(column[place] for column in columns)
            assert [_looks(each) for each in same] == [_looks(each) for each in row.cells]
        assert isinstance(row, SweepRow)


def _looks(cell: Cell | None) -> tuple[str, Tone] | None:
    return (cell.short, cell.tone) if cell else None


def test_two_sweeps_are_compared_server_by_server() -> None:
    requests = numbers(b"14", b"15")
    before = results(requests, [REFUSED, REFUSED], [REFUSED, REFUSED])
    after = results(requests, [b"", REFUSED], [REFUSED, REFUSED])
    assert [(each.index, each.change.text) for each in compared(before, after)] == [
        (0, "server 0: 14 is not answered now; it was refused with 400, list 13.")
    ]
    assert compared(before, before) == ()


def test_what_the_earlier_sweep_did_not_ask_is_not_called_the_same() -> None:
    requests = numbers(b"14", b"15")
    before = results(requests, [REFUSED, REFUSED])
    after = results(requests, [REFUSED, REFUSED], [REFUSED, REFUSED])
    assert [(each.index, each.change.text) for each in compared(before, after)] == [
        (1, "server 1: it was not asked then.")
    ]
    others = results(numbers(b"77"), [REFUSED])
    assert [each.change.text for each in compared(before, others)] == [
        "server 0: nothing that it answered was asked then."
    ]


def test_how_long_ago_is_said_in_words() -> None:
    second = 10**9
    assert since(0, 30 * second) == "since a moment ago"
    assert since(0, 60 * second) == "since 1 minute ago"
    assert since(0, 7200 * second) == "since 2 hours ago"
    assert since(0, 86400 * second) == "since yesterday"
    assert since(0, 3 * 86400 * second) == "since 3 days ago"
    assert since(5, 0) == "since a moment ago"
