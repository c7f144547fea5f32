"""The extensions of every age are named beside the line that carries them, and so is what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.extension_chips import answer_chips, offer_chips, unreadable
from wsinspector.present.head_rows import Chip, HeadRow
from wsinspector.present.heads import rows_of_draft, rows_of_request, rows_of_response
from wsinspector.protocol.draft import EXTENSIONS, Draft, DraftLine, standard_draft
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import read_response

OLD = [b"compression", b"deflate-stream", b"deflate-frame", b"x-webkit-deflate-frame"]


def offering(value: bytes) -> Draft:
    draft = standard_draft(b"/", b"a.test", b"dGhlIHNhbXBsZSBub25jZQ==")
    return draft.insert(len(draft.lines), DraftLine(EXTENSIONS, value))


def answering(value: bytes, status: bytes = b"101 Switching Protocols") -> Response:
    made = read_response(
        b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nSec-WebSocket-Extensions: " + value + b"\r\n\r\n"
    )
    assert made is not None
    return made


def chips(rows: tuple[HeadRow, ...]) -> tuple[Chip, ...]:
    return next(row for row in rows if row.name == EXTENSIONS).chips


@pytest.mark.parametrize("name", OLD)
def test_an_offer_of_another_age_is_named(name: bytes) -> None:
    for rows in (
        rows_of_draft(offering(name + b"; x=1")),
        rows_of_request(offering(name.upper()).to_bytes()),
    ):
        (chip,) = chips(rows)
        assert chip.text == f"{name.decode()}, obsolete"
        assert chip.tip.endswith(("bsolete.", "known."))


def test_todays_extension_and_one_never_heard_of_are_left_alone() -> None:
    assert chips(rows_of_draft(offering(b"permessage-deflate, unheard-of"))) == ()
    rows = rows_of_response(
        answering(b"permessage-deflate"), offering(b"permessage-deflate, unheard-of").to_bytes()
    )
    assert chips(rows) == ()


@pytest.mark.parametrize(
    ("name", "text", "tone"),
    [
        (b"compression", "compression: frames cannot be read", "note"),
        (b"deflate-stream", "deflate-stream: frames cannot be read", "note"),
        (b"deflate-frame", "deflate-frame, each frame inflated", "muted"),
        (b"x-webkit-deflate-frame", "x-webkit-deflate-frame, each frame inflated", "muted"),
        (b"perframe-compress", "perframe-compress, obsolete", "muted"),
    ],
)
def test_what_a_101_agrees_on_says_what_it_means_for_the_frames(name: bytes, text: str, tone: str) -> None:
    rows = rows_of_response(answering(name), offering(name).to_bytes())
    (chip,) = chips(rows)
    assert (chip.text, chip.tone) == (text, tone)
    (unasked,) = chips(rows_of_response(answering(name), offering(b"x").to_bytes()))
    assert unasked.text == f"{name.decode()}, obsolete"
    assert chips(rows_of_response(answering(name, b"400 Bad Request"), offering(name).to_bytes())) == ()


@pytest.mark.parametrize("name", [b"deflate-frame", b"x-webkit-deflate-frame", b"permessage-deflate"])
def test_an_answer_that_is_not_valid_is_not_said_to_be_in_force(name: bytes) -> None:
    rows = rows_of_response(answering(name + b"; odd=99"), offering(name).to_bytes())
    (chip,) = chips(rows)
    assert (chip.text, chip.tone) == (f"{name.decode()}: not agreed", "fault")


def test_each_is_named_once() -> None:
    assert [chip.text for chip in offer_chips(b"deflate-frame, DEFLATE-FRAME;x, compression")] == [
        "deflate-frame, obsolete",
        "compression, obsolete",
    ]


@pytest.mark.parametrize("name", [b"compression", b"deflate-stream"])
def test_frames_that_nobody_can_read_are_said_to_be_so(name: bytes) -> None:
    request = offering(name).to_bytes()
    said = unreadable(request, answering(name))
    assert said.startswith(f"{name.decode()} is agreed, so the frames cannot be read as they are. ")
    assert unreadable(request, answering(b"x")) == ""
    assert unreadable(request, answering(name, b"400 Bad Request")) == ""
    assert unreadable(offering(b"x").to_bytes(), answering(name)) == ""
    assert unreadable(request, None) == ""


@given(st.binary(max_size=60), st.lists(st.binary(max_size=30), max_size=3))
def test_any_bytes_make_chips(value: bytes, offered: list[bytes]) -> None:
    for chip in (*offer_chips(value), *answer_chips(value, offered)):
        assert chip.text.isprintable()
