"""The opening handshake as pieces: the request with all that belongs to it, and every answer to it."""

from wsinspector.learn.bodies import body, digest, rest, third_key
from wsinspector.learn.header_values import Asked
from wsinspector.learn.heads import HeadToTell, head_pieces, no_head
from wsinspector.learn.pieces import Piece, Reads
from wsinspector.protocol.dialects import Challenge, dialect_called
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import HttpAnomaly, Response

KEY3 = 8
"""Bytes of the third key."""


def request_pieces(request: bytes, dialect: str) -> tuple[Piece, ...]:
    """The bytes of a request, which begin its stream; the pieces cover them, whatever they are."""

    def reads(start: int, end: int) -> bytes:
        return request[start:end]

    head = parse_request(request)
    if not head.start_line and not head.lines:
        return no_head(reads, 0, len(request))
    pieces = head_pieces(HeadToTell(head, 0, reads, Asked(request, False, dialect)))
    end = head.span.end
    if end < len(request):
        stop = end
        if dialect_called(dialect).challenge is Challenge.KEYS:
            stop = min(end + KEY3, len(request))
            pieces = (*pieces, third_key(reads, end, stop, request))
        if stop < len(request):
            pieces = (*pieces, rest(reads, stop, len(request), opened=False, of_client=True))
    return pieces


def answer_pieces(
    response: Response, begin: int, reads: Reads, request: bytes, dialect: str
) -> tuple[Piece, ...]:
    """An answer from the byte ``begin`` of its stream to the end of its body."""
    asked = Asked(request, True, dialect)
    end = answer_end(response)
    if any(seen.code is HttpAnomaly.NOT_HTTP for seen in response.anomalies):
        return no_head(reads, begin, end)
    pieces = head_pieces(HeadToTell(response.head, begin, reads, asked))
    if len(response.body_span):
        made = digest(reads, response, request) if response.status == 101 else body(reads, response)
        pieces = (*pieces, made)
    return pieces


def answer_end(response: Response) -> int:
    """Where an answer's last byte ends."""
    return max(response.head.span.end, response.body_span.end)
