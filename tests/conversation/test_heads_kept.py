"""The heads read on their own are those that a restored attempt has."""

from pathlib import Path

import pytest

from tests.share.making import IN, OUT, Making, answer_of, request_of
from wsinspector.capture import CaptureReader
from wsinspector.conversation.heads_kept import heads_kept
from wsinspector.conversation.restore import restored_attempt

REFUSED = b"HTTP/1.1 401 Unauthorized\r\nSet-Cookie: a=refused\r\nContent-Length: 2\r\n\r\nno"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=early\r\n\r\n"


@pytest.mark.parametrize(
    "answer", [answer_of(), REFUSED, INTERIM + answer_of(), REFUSED[:40], b"", b"\0\0\n"]
)
@pytest.mark.parametrize("more", [{}, {"dialect": "hixie-75"}, {"answer_ended": "eof"}])
def test_they_are_as_restored(answer: bytes, more: dict[str, str], tmp_path: Path) -> None:
    making = Making(tmp_path / "a.wsi", answer=answer, more=more)
    making.frame(OUT, 1, b"x")
    making.frame(IN, 1, b"y")
    with CaptureReader(making.close()) as reader:
        (row,) = reader.attempts()
        snapshot = restored_attempt(reader, row).snapshot
        answers = [*snapshot.interim, *([snapshot.response] if snapshot.response is not None else [])]
        request, heads = heads_kept(reader, row)
        assert request == snapshot.request == request_of()
        assert [head.lines for head in heads] == [each.head.lines for each in answers]
